//! `[[inhibit]]`: rules that can mute something.

use orszem_core::routing::known::Known;
use orszem_core::routing::matcher::Matcher;

use super::entry::Entry;
use super::{labels, matcher};
use crate::diagnostics::Report;

pub(super) fn check(rule: Entry<'_>, known: &Known, report: &mut Report<'_>) {
    let mut wrong = false;
    for key in ["when", "mute"] {
        wrong |= matcher::check(rule, key, known, report);
    }
    labels::facts(rule, "equal", known, report);
    let read = |key: &str| Matcher::new(&matcher::read(rule, key));
    for key in ["when", "mute"].into_iter().filter(|key| rule.has(key) && !wrong) {
        if read(key).is_ok_and(|matcher| known.watches(&matcher).is_empty()) {
            report.warning(rule.at(key), "no watch can have an incident that is all of this", None);
        }
    }
    if let (Ok(when), Ok(mute)) = (read("when"), read("mute"))
        && rule.has("when")
        && rule.has("mute")
        && when == mute
    {
        let help = "say what makes the one that mutes other than those that it mutes".to_owned();
        report.warning(rule.at("mute"), "this mutes nothing: \"when\" and \"mute\" mean the same incidents", help);
    }
}

#[cfg(test)]
mod tests {
    use crate::tests::case;

    #[test]
    fn a_rule_that_can_mute_nothing_is_told() {
        case(
            "[[inhibit]]\nwhen = { kind = \"no-data\", watch = \"w\" }\nmute = {}\n",
            &["a.toml:2:8: warning: no watch can have an incident that is all of this"],
        );
        case(
            "[[inhibit]]\nwhen = { severity = \"1\" }\nmute = { severity = \"1\" }\n",
            &[
                "a.toml:3:8: warning: this mutes nothing: \"when\" and \"mute\" mean the same incidents; say what makes the one \
               that mutes other than those that it mutes",
            ],
        );
        case(
            "[[inhibit]]\nwhen = { severity = \"1\" }\nequal = [\"desk\", \"severity\", \"story\"]\n",
            &[
                "a.toml:1:1: [[inhibit]] lacks its \"mute\"; add mute = \"…\"",
                "a.toml:3:18: \"severity\" in \"equal\" changes while an incident goes on; leave it out",
                "a.toml:3:30: no watch has a label \"story\"; known here: watch, desk, kind, language, source",
            ],
        );
    }
}
