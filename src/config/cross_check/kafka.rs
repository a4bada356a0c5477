//! `[kafka]`: mentions are not read from what orszem writes itself.

use super::entry::Entry;
use crate::diagnostics::{Report, quoted};

pub(super) fn check(section: Entry<'_>, report: &mut Report<'_>) {
    let Some((mentions, at)) = section.text("mentions") else { return };
    let prefix = section.text("prefix").map_or("orszem", |(prefix, _)| prefix);
    if is_own(mentions, prefix) {
        let message = format!("{} is a topic that orszem writes to itself", quoted(mentions));
        report.error(at, message, "name the topic of the mentions, or change \"prefix\"".to_owned());
    }
}

/// Whether a topic is one that orszem writes to.
pub(super) fn is_own(topic: &str, prefix: &str) -> bool {
    let own = topic.strip_prefix(prefix).and_then(|rest| rest.strip_prefix('.'));
    own.is_some_and(|own| ["tallies", "state", "ledger", "team", "dead-letters"].contains(&own))
}

#[cfg(test)]
mod tests {
    use crate::tests::case;

    #[test]
    fn brokers_and_topics_have_their_form() {
        case(
            "[kafka]\nbrokers = \"a:9092,kafka\"\nmentions = \"the mentions\"\n",
            &[
                "a.toml:2:11: \"brokers\" in [kafka]: \"kafka\" is not a broker address; write host:port, more of them separated by commas: \
         \"kafka-1:9092,kafka-2:9092\"",
                "a.toml:3:12: \"mentions\" in [kafka]: \"the mentions\" is not a valid topic name; Kafka allows letters a–z, digits, \".\", \"_\" \
         and \"-\", at most 249",
            ],
        );
        case(
            "[kafka]\nbrokers = \"[::1]:9092, SSL://kafka.example:9093\"\nmentions = \"orszem.ledger\"\n",
            &[
                "a.toml:3:12: \"orszem.ledger\" is a topic that orszem writes to itself; name the topic of the mentions, or change \
         \"prefix\"",
            ],
        );
    }
}
