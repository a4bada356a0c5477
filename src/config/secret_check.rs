//! Whether the secrets and files that a configuration names can be had on this machine.

use std::path::Path;
use url::Url;

use super::diagnostics::{Report, quoted};
use super::fault::Severity;
use super::schema_check::Named;
use orszem_core::receivers;
use orszem_core::settings::secret::SecretError;
use orszem_runtime::models;

/// Looks for everything that is named. No value of a secret gets into a fault.
pub(super) fn check(named: &[Named], severity: Severity, report: &mut Report<'_>) {
    for one in named {
        let mut severity = severity;
        let (at, wrong) = match one {
            Named::Secret { named, form, at } => match orszem_runtime::secret::reveal(&named.secret) {
                Ok(value) => (at, form.as_deref().and_then(|form| misshapen(form, &value)).map(str::to_owned)),
                Err(fault) => {
                    // What is missing here may be there where the program runs; this is there, and wrong.
                    if matches!(fault, SecretError::Marked(_)) {
                        severity = Severity::Error;
                    }
                    (at, Some(fault.to_string()))
                }
            },
            Named::File { path, at, .. } => {
                let opened = std::fs::metadata(path).and_then(|about| match about.is_file() {
                    true => std::fs::File::open(path).map(drop),
                    false => Err(std::io::Error::other("it is not a regular file")),
                });
                (at, opened.err().map(|fault| format!("the file {} cannot be read: {fault}", quoted(path))))
            }
            Named::Model { path, at } => match models::read(Path::new(path)) {
                Ok(model) => {
                    if let Some(doubt) = model.header().doubt() {
                        let help = "label some hundred texts more".to_owned();
                        report.warning(at.clone(), format!("the model {} {doubt}", quoted(path)), help);
                    }
                    (at, None)
                }
                Err(fault) => (at, Some(format!("the model {} {fault}", quoted(path)))),
            },
        };
        if let Some(message) = wrong {
            report.add(severity, at.clone(), message, None);
        }
    }
}

/// What is wrong with a secret of this form, without repeating it.
fn misshapen(form: &str, value: &str) -> Option<&'static str> {
    let wrong = match form {
        "16 characters" => (value.chars().count() < 16).then_some("the secret has fewer than 16 characters"),
        "address" => {
            let good = Url::parse(value).is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
            (!good).then_some("the secret is not an http or https address")
        }
        // Those of one kind of receiver.
        other => receivers::misshapen(other, value),
    };
    wrong.or(value.contains(['\n', '\r']).then_some("the secret has more than one line"))
}
