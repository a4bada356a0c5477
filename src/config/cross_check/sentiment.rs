//! `[sentiment]`: one model for a language.

use std::collections::BTreeSet;

use super::entry::Entry;
use crate::diagnostics::{Report, quoted};

pub(super) fn check(sentiment: Entry<'_>, report: &mut Report<'_>) {
    let mut told = BTreeSet::new();
    for (lang, at) in sentiment.tables("model").into_iter().filter_map(|model| model.text("lang")) {
        if !told.insert(lang) {
            let message = format!("there is a model for {} already", quoted(lang));
            report.error(at, message, "leave one out".to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use crate::load::{SecretCheck, examine};
    use crate::tests::{GOOD, case};

    #[test]
    fn own_models_have_a_language_each_and_a_file() {
        let model = concat!(env!("CARGO_MANIFEST_DIR"), "/../../models/hu.model");
        let one = |lang: &str, file: &str| format!("[[sentiment.model]]\nlang = \"{lang}\"\nfile = \"{file}\"\n");
        case(&(one("hu", model) + &one("fi", model)), &[]);
        case(
            &(one("hu", model) + &one("hu", model)),
            &["a.toml:5:8: there is a model for \"hu\" already; leave one out"],
        );
        for lang in ["HU", "hun", "hu-HU", ""] {
            let expected = format!(
                "a.toml:2:8: \"lang\" in [[sentiment.model]]: \"{lang}\" is not a language code; two small letters, such as hu"
            );
            case(&one(lang, model), &[&expected]);
        }
        case(
            "[[sentiment.model]]\nlang = \"hu\"\n",
            &["a.toml:1:1: [[sentiment.model]] lacks its \"file\"; add file = \"…\""],
        );
        let text = one("hu", concat!(env!("CARGO_MANIFEST_DIR"), "/../../README.md")) + GOOD;
        let (_, faults) = examine(&text, Path::new("a.toml"), SecretCheck::Required);
        assert!(faults[0].to_string().ends_with("README.md\" is not a sentiment model of orszem"), "{}", faults[0]);
    }
}
