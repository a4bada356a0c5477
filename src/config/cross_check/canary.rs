//! `[canary]`: a topic that takes it, a receiver that is there and disturbs nobody, and an end before the next one.

use std::collections::BTreeSet;
use std::time::Duration;

use super::entry::{Entry, tables};
use crate::diagnostics::{Report, quoted};
use orszem_core::settings::Canary;
use toml::de::DeTable;

/// Checks the section, but for whether its receiver is there. `called` are the receivers by which people are called:
/// those of steps, routes and ways.
pub(super) fn check(document: &DeTable<'_>, receivers: &[Entry<'_>], called: &BTreeSet<&str>, report: &mut Report<'_>) {
    let Some(canary) = tables(document, "canary").into_iter().next() else { return };
    let inputs = tables(document, "input");
    if !inputs.is_empty() && !inputs.iter().any(|input| takes_canaries(*input)) {
        let help = "add an [[input]] with a topic of its own for them, such as \"mentions.canary\", and no other key";
        report.error(canary.header(), "no input takes the native records of [canary]", help.to_owned());
    }
    let every = canary.span("every").unwrap_or(Duration::from_secs(Canary::EVERY));
    let within = canary.span("within").unwrap_or(Duration::from_secs(Canary::WITHIN));
    if within > every {
        let at = canary.at(if canary.has("within") { "within" } else { "every" });
        let help = "one is on its way at a time: make \"within\" shorter, or \"every\" longer";
        report.error(at, "\"within\" in [canary] is longer than \"every\"", help.to_owned());
    }
    let Some((name, at)) = canary.text("receiver") else { return };
    if name.contains('/') {
        let help = "name a [[receiver]] that nobody reads as it comes: a webhook, or a mailbox of its own";
        return report.error(at, format!("{} is a way to a person", quoted(name)), help.to_owned());
    }
    let kind = receivers.iter().find(|entry| entry.text("name").is_some_and(|(known, _)| known == name));
    let kind = kind.and_then(|entry| entry.text("kind")).map(|(kind, _)| kind);
    let help = "give [canary] a receiver of its own: a webhook, or a mailbox that nobody reads as it comes";
    if kind == Some("pagerduty") {
        report.warning(at, format!("{} pages people, and gets every canary", quoted(name)), help.to_owned());
    } else if called.contains(name) {
        report.warning(at, format!("people are called by {}, and get every canary", quoted(name)), help.to_owned());
    }
}

/// As [`orszem_core::settings::Config::canary_topic`] finds it.
fn takes_canaries(input: Entry<'_>) -> bool {
    let plain = |key: &str, word: &str| input.text(key).is_none_or(|(text, _)| text == word);
    plain("format", "native") && plain("envelope", "none") && !input.has("map") && !input.has("only")
}

#[cfg(test)]
mod tests {
    use crate::tests::faults;

    const QUIET: &str = "[[receiver]]\nkind = \"webhook\"\nname = \"quiet\"\nurl = \"https://quiet.example/hook\"\n\
                         secrets = [\"env:PATH\"]\n[[watch]]\nname = \"w\"\nterms = [\"kellemes\"]\nescalation = \"e\"\n\
                         [[escalation]]\nname = \"e\"\nstep = [{ receivers = [\"r\"], acknowledge_within = \"5m\" }]\n\
                         [[receiver]]\nkind = \"console\"\nname = \"r\"\n";

    /// What is said beside that the environment has no address of a switch, of which every second test would hear.
    fn told(canary: &str) -> Vec<String> {
        let mut told = faults(&format!("[canary]\nping = \"env:PATH\"\n{canary}{QUIET}"));
        told.retain(|fault| !fault.contains("the secret "));
        told
    }

    #[test]
    fn a_canary_has_a_quiet_receiver_and_an_end_before_the_next_one() {
        assert_eq!(told("receiver = \"quiet\"\n"), [""; 0], "it is used, by the canary");
        assert_eq!(
            told("receiver = \"quite\"\n"),
            ["a.toml:3:12: there is no receiver \"quite\"; did you mean \"quiet\"?"]
        );
        let own = "give [canary] a receiver of its own: a webhook, or a mailbox that nobody reads as it comes";
        let called = told("receiver = \"r\"\n");
        assert_eq!(called[0], format!("a.toml:3:12: warning: people are called by \"r\", and get every canary; {own}"));
        let late = told("receiver = \"quiet\"\nevery = \"1m\"\n");
        let help = "one is on its way at a time: make \"within\" shorter, or \"every\" longer";
        assert_eq!(late, [format!("a.toml:4:9: \"within\" in [canary] is longer than \"every\"; {help}")]);
        assert_eq!(told("receiver = \"quiet\"\nevery = \"1m\"\nwithin = \"30s\"\n"), [""; 0]);
        let soon = told("receiver = \"quiet\"\nevery = \"29s\"\nwithin = \"10s\"\n");
        assert!(soon[0].contains("30s to 1d are allowed"), "{soon:?}");
    }

    #[test]
    fn a_canary_needs_an_input_that_takes_it() {
        let feed = "[[input]]\ntopic = \"a\"\nformat = \"feed\"\n";
        let expected = "a.toml:1:1: no input takes the native records of [canary]; add an [[input]] with a topic of its \
                        own for them, such as \"mentions.canary\", and no other key";
        assert_eq!(told(&format!("receiver = \"quiet\"\n{feed}")), [expected]);
        assert_eq!(told(&format!("receiver = \"quiet\"\n{feed}[[input]]\ntopic = \"mentions.canary\"\n")), [""; 0]);
    }

    #[test]
    fn the_address_of_the_switch_is_a_secret() {
        let text = format!("[canary]\nreceiver = \"quiet\"\nping = \"https://hc.example/ping/1234\"\n{QUIET}");
        let told = faults(&text);
        assert!(
            told[0].starts_with("a.toml:3:8: \"ping\" in [canary] is a secret and must not be written here"),
            "{told:?}"
        );
        assert!(!told.join("").contains("hc.example"), "{told:?}");
    }
}
