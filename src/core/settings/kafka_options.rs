//! Options of librdkafka: which there are, what they may be, and which nobody but orszem may set.

/// Every option of the librdkafka that the program is built with, from its CONFIGURATION.md: name, tab, what it may be.
/// A test of the crate `kafka` holds it against librdkafka itself.
const KNOWN: &str = include_str!("librdkafka-options.tsv");

/// Options that orszem sets itself, with the reason why nobody else may.
const RESERVED: &[(&str, &str)] = &[
    ("acks", "a record counts as written when every replica in sync has it"),
    ("auto.offset.reset", "a stage that has no offset begins with the oldest record, so that nothing is skipped"),
    ("bootstrap.servers", "it is \"brokers\" in [kafka]"),
    ("enable.auto.commit", "offsets are committed in the transaction of what was made from them"),
    ("enable.auto.offset.store", "offsets are committed in the transaction of what was made from them"),
    ("enable.idempotence", "transactions rest on it"),
    ("enable.partition.eof", "stages must know when they have read everything"),
    ("group.id", "each stage has its own group, named after \"prefix\" in [kafka]"),
    ("group.instance.id", "one name for all stages and copies would make them throw each other out"),
    ("isolation.level", "stages must not read what was never committed"),
    ("metadata.broker.list", "it is \"brokers\" in [kafka]"),
    ("partition.assignment.strategy", "all copies must agree on it (\"group.protocol\" leaves it to the broker)"),
    ("partitioner", "tallies, state and ledger of a watch must lie in partitions of the same number"),
    ("request.required.acks", "a record counts as written when every replica in sync has it"),
    ("statistics.interval.ms", "lag in the metrics comes with the statistics"),
    ("transactional.id", "it fences a copy that lost its partitions, and is named after \"prefix\" in [kafka]"),
];

/// The names of all options of librdkafka.
pub fn names() -> impl Iterator<Item = &'static str> + Clone {
    rows().map(|(name, _)| name)
}

/// What the option of this name may be. `None`: librdkafka has no such option.
pub fn allowed(name: &str) -> Option<Allowed> {
    let (_, form) = rows().find(|(known, _)| *known == name)?;
    Some(match form.split_once("..").map(|(least, most)| (least.parse(), most.parse())) {
        Some((Ok(least), Ok(most))) => Allowed::Number(least, most),
        _ if form.is_empty() => Allowed::Anything,
        _ if form == "true|false" => Allowed::Flag,
        _ if form == "-" => Allowed::Nothing,
        _ => match form.strip_prefix('+') {
            Some(words) => Allowed::SomeOf(words.split('|').collect()),
            None => Allowed::OneOf(form.split('|').collect()),
        },
    })
}

fn rows() -> impl Iterator<Item = (&'static str, &'static str)> + Clone {
    KNOWN.lines().map(|line| line.split_once('\t').unwrap_or((line, "")))
}

/// What an option may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Allowed {
    /// Any text.
    Anything,
    /// Nothing: this program is built without what it is for (Kerberos, OIDC).
    Nothing,
    /// `true` or `false`.
    Flag,
    /// A number from the first to the second.
    Number(i64, i64),
    /// One of these words, in large or small letters.
    OneOf(Vec<&'static str>),
    /// Some of these words, separated by commas.
    SomeOf(Vec<&'static str>),
}

impl Allowed {
    /// Whether the option may have this value.
    pub fn takes(&self, value: &str) -> bool {
        let among = |words: &[&str], word: &str| words.iter().any(|known| known.eq_ignore_ascii_case(word.trim()));
        match self {
            Allowed::Anything => true,
            Allowed::Nothing => false,
            Allowed::Flag => ["true", "false", "t", "f", "1", "0"].contains(&value),
            // Of a number with a fraction librdkafka takes the whole part into account; two options have one.
            Allowed::Number(least, most) => {
                value.parse::<f64>().is_ok_and(|number| (*least as f64..=*most as f64).contains(&number))
            }
            Allowed::OneOf(words) => among(words, value),
            Allowed::SomeOf(words) => value.split(',').all(|word| among(words, word)),
        }
    }
}

impl std::fmt::Display for Allowed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Allowed::Anything => f.write_str("any text"),
            Allowed::Nothing => f.write_str("nothing: this program is built without what it is for"),
            Allowed::Flag => f.write_str("true or false"),
            Allowed::Number(least, most) => write!(f, "a number from {least} to {most}"),
            Allowed::OneOf(words) => write!(f, "one of {}", words.join(", ")),
            Allowed::SomeOf(words) => write!(f, "some of {}, separated by commas", words.join(", ")),
        }
    }
}

/// Why an option of librdkafka cannot be set in `[kafka.options]`: orszem sets it itself. `None`: it can be.
pub fn reserved(name: &str) -> Option<&'static str> {
    RESERVED.iter().find(|(ours, _)| *ours == name).map(|(_, reason)| *reason)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_option_may_be_what_librdkafka_says() {
        let takes = |name: &str, value: &str| allowed(name).unwrap().takes(value);
        assert!(takes("security.protocol", "SASL_SSL") && !takes("security.protocol", "sasl"));
        assert!(takes("linger.ms", "5") && !takes("linger.ms", "-1") && !takes("linger.ms", "5s"));
        assert!(takes("socket.keepalive.enable", "true") && !takes("socket.keepalive.enable", "yes"));
        assert!(takes("debug", "cgrp, eos") && !takes("debug", "cgrp,nothing"));
        assert!(takes("sasl.password", "anything at all"));
        assert_eq!(allowed("secutity.protocol"), None);
    }

    #[test]
    fn every_option_that_orszem_sets_itself_is_one() {
        assert!(RESERVED.iter().all(|(name, _)| allowed(name).is_some()));
    }
}
