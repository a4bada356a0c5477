//! `[kafka.options]`: what may be passed through to librdkafka, and what orszem keeps to itself.

use toml::de::DeValue;

use super::form::Wrong;
use super::report::quoted;
use super::secret::Secret;
use super::structure::SECRET_HELP;

/// Options that orszem sets itself, with the reason why nobody else may.
const OURS: &[(&str, &str)] = &[
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

/// Why an option of librdkafka cannot be set in `[kafka.options]`: orszem sets it itself. `None`: it can be.
pub fn reserved(name: &str) -> Option<&'static str> {
    OURS.iter().find(|(ours, _)| *ours == name).map(|(_, reason)| *reason)
}

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
    match value {
        DeValue::Table(_) => {
            let what = format!("{} in [kafka.options] is a table, because of the dots in the name", quoted(name));
            Err(Wrong::new(what, format!("put the whole name in quotes: \"{name}.…\" = \"…\"")))
        }
        DeValue::String(text) if is_secret(name) || text.starts_with("env:") || text.starts_with("file:") => {
            let what = format!("{} in [kafka.options] is a secret and must not be written here", quoted(name));
            Secret::parse(text).map(Some).map_err(|_| Wrong::new(what, SECRET_HELP.into()))
        }
        _ if is_secret(name) => {
            let what = format!("{} in [kafka.options] is a secret and must not be written here", quoted(name));
            Err(Wrong::new(what, SECRET_HELP.into()))
        }
        DeValue::String(_) | DeValue::Boolean(_) => Ok(None),
        DeValue::Integer(number) if i64::from_str_radix(number.as_str(), number.radix()).is_ok() => Ok(None),
        _ => {
            let what = format!("{} in [kafka.options] must be a text, a whole number, true or false", quoted(name));
            Err(Wrong::new(what, "put the value in quotes".into()))
        }
    }
}
