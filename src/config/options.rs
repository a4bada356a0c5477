//! `[kafka.options]`: what may be passed through to librdkafka, and what orszem keeps to itself.

use toml::de::DeValue;

use super::diagnostics::{quoted, suggestion};
use super::formats::Wrong;
use orszem_core::settings::kafka_options::{Allowed, allowed, names, reserved};
use orszem_core::settings::secret::Secret;

/// Whether the value of an option of this name is a secret and must not be written into the configuration.
pub fn is_secret(name: &str) -> bool {
    const ENDS: [&str; 7] = ["password", "secret", "key", "token", "passphrase", "key.pem", "credentials"];
    ENDS.iter().any(|end| name.ends_with(end))
}

/// Checks one option; the secret that it names, if it does.
pub(super) fn check(name: &str, value: &DeValue<'_>) -> Result<Option<Secret>, Wrong> {
    if let Some(reason) = reserved(name) {
        return Err(Wrong::new(
            format!("\"{name}\" in [kafka.options] cannot be set: {reason}"),
            "leave it out".into(),
        ));
    }
    let secret = form(name, value)?;
    let Some(allowed) = allowed(name) else {
        let what = format!("librdkafka has no option {} ([kafka.options])", quoted(name));
        return Err(Wrong { what, right: suggestion(name, names()) });
    };
    if allowed == Allowed::Nothing {
        let what =
            format!("{} in [kafka.options] is for a part of librdkafka that orszem is built without", quoted(name));
        return Err(Wrong::new(what, "leave it out".into()));
    }
    // What is kept elsewhere is not known here, and not repeated either.
    let written = match value {
        DeValue::String(text) if secret.is_none() => text.to_string(),
        DeValue::Integer(number) => {
            i64::from_str_radix(number.as_str(), number.radix()).unwrap_or_default().to_string()
        }
        DeValue::Boolean(flag) => flag.to_string(),
        _ => return Ok(secret),
    };
    match allowed.takes(&written) {
        true => Ok(secret),
        false => Err(Wrong::new(
            format!("\"{name}\" in [kafka.options] has a value that librdkafka refuses"),
            format!("it takes {allowed}"),
        )),
    }
}

/// Checks that the value is one that can be passed through; the secret that it names, if it does.
fn form(name: &str, value: &DeValue<'_>) -> Result<Option<Secret>, Wrong> {
    match value {
        DeValue::Table(_) => {
            let what = format!("{} in [kafka.options] is a table, because of the dots in the name", quoted(name));
            Err(Wrong::new(what, format!("put the whole name in quotes: \"{name}.…\" = \"…\"")))
        }
        DeValue::String(text) if is_secret(name) || text.starts_with("env:") || text.starts_with("file:") => {
            let what = format!("{} in [kafka.options] is a secret and must not be written here", quoted(name));
            Secret::parse(text).map(Some).map_err(|_| Wrong::new(what, Secret::HELP.into()))
        }
        _ if is_secret(name) => {
            let what = format!("{} in [kafka.options] is a secret and must not be written here", quoted(name));
            Err(Wrong::new(what, Secret::HELP.into()))
        }
        DeValue::String(_) | DeValue::Boolean(_) => Ok(None),
        DeValue::Integer(number) if i64::from_str_radix(number.as_str(), number.radix()).is_ok() => Ok(None),
        _ => {
            let what = format!("{} in [kafka.options] must be a text, a whole number, true or false", quoted(name));
            Err(Wrong::new(what, "put the value in quotes".into()))
        }
    }
}
