//! Labels of watches, and where they are called.

use std::collections::BTreeSet;

use orszem_core::routing::facts::Fact;
use orszem_core::routing::known::Known;

use super::entry::Entry;
use crate::diagnostics::{Report, quoted, suggestion};

/// Facts that every incident has, which no label may be called by.
const TAKEN: [&str; 4] = ["watch", "desk", "kind", "severity"];

/// The longest name or value of a label, in characters.
const LONGEST: usize = 200;

/// The labels of a watch.
pub(super) fn check(watch: Entry<'_>, report: &mut Report<'_>) {
    for labels in watch.tables("labels") {
        for (name, value) in labels.table {
            let text = name.get_ref();
            let good = |c: char| c.is_alphanumeric() || "-_".contains(c);
            if TAKEN.contains(&text.as_ref()) {
                let message = format!("every incident has a {} of its own", quoted(text));
                report.error(name.span(), message, "call the label otherwise".to_owned());
            } else if text.is_empty() || !text.chars().all(good) || text.chars().count() > LONGEST {
                let message = format!("{} is not a name of a label", quoted(text));
                report.error(name.span(), message, "letters, digits, \"-\" and \"_\" are allowed".to_owned());
            }
            let Some(value_text) = value.get_ref().as_str() else { continue };
            if value_text.trim().is_empty() {
                report.error(value.span(), "this label is empty", "leave it out".to_owned());
            } else if value_text.chars().count() > LONGEST {
                report.error(value.span(), format!("this label has more than {LONGEST} characters"), None);
            }
        }
    }
}

/// Names of facts and labels in a list: `group_by`, `equal`.
pub(super) fn facts(entry: Entry<'_>, key: &str, known: &Known, report: &mut Report<'_>) {
    let labels: BTreeSet<&str> = known.iter().flat_map(|facts| facts.labels.keys().map(String::as_str)).collect();
    let mut seen = BTreeSet::new();
    for (name, at) in entry.texts(key) {
        if !seen.insert(name) {
            report.error(at, format!("{} is named twice in \"{key}\"", quoted(name)), "leave one out".to_owned());
            continue;
        }
        match Fact::of(name) {
            Fact::Severity => {
                let message = format!("\"severity\" in \"{key}\" changes while an incident goes on");
                report.error(at, message, "leave it out".to_owned());
            }
            Fact::Label(label) if !labels.contains(label.as_str()) => {
                let facts = ["watch", "desk", "kind", "language", "source"];
                let known: Vec<&str> = facts.into_iter().chain(labels.iter().copied()).collect();
                let help = suggestion(name, known.iter().copied());
                report.error(at, format!("no watch has a label {}", quoted(name)), help);
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::tests::case;

    #[test]
    fn labels_have_names_and_values() {
        let watch = |labels: &str| {
            format!("[[watch]]\nname = \"a\"\nterms = [\"abcd\"]\nescalation = \"e\"\nlabels = {{ {labels} }}\n")
        };
        case(&watch("story = \"Merger\", language = \"hu\", source = \"x\", \"cég\" = \"Kft.\""), &[]);
        case(
            &watch("desk = \"x\", \"a b\" = \"x\", c = \" \", d = 1"),
            &[
                "a.toml:5:12: every incident has a \"desk\" of its own; call the label otherwise",
                "a.toml:5:24: \"a b\" is not a name of a label; letters, digits, \"-\" and \"_\" are allowed",
                "a.toml:5:41: this label is empty; leave it out",
                "a.toml:5:50: \"d\" in [watch.labels] must be a text, and is a whole number; write it in quotes",
            ],
        );
    }
}
