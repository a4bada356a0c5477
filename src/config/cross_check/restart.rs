//! What is read only at the start: `x-restart` in the schema, and here how it is seen to have changed.

use std::collections::BTreeSet;

use orszem_core::settings::Config;

/// Section, key, and whether two configurations differ there.
type Fixed = (&'static str, &'static str, fn(&Config, &Config) -> bool);

/// A key that is a field of the same name.
macro_rules! field {
    ($section:ident.$key:ident) => {
        (stringify!($section), stringify!($key), |a, b| a.$section.$key != b.$section.$key)
    };
}

const FIXED: [Fixed; 14] = [
    // Their order says nothing; how they are read is taken over at once.
    ("input", "topic", |a, b| topics(a) != topics(b) && a.kafka.mentions == b.kafka.mentions),
    field!(kafka.brokers),
    field!(kafka.mentions),
    field!(kafka.prefix),
    field!(kafka.partitions),
    field!(kafka.replication),
    field!(kafka.commit_interval),
    field!(kafka.options),
    field!(score.threads),
    field!(sentiment.service),
    ("sentiment", "model", |a, b| a.sentiment.models != b.sentiment.models),
    field!(sentiment.timeout),
    field!(web.listen),
    field!(log.format),
];

fn topics(config: &Config) -> BTreeSet<String> {
    BTreeSet::from_iter(config.topics())
}

/// The keys that are read only at the start, of those that changed, each with its section.
pub(crate) fn needs_restart(running: &Config, new: &Config) -> Vec<(&'static str, &'static str)> {
    let changed = FIXED.iter().filter(|(_, _, differs)| differs(running, new));
    changed.map(|(section, key, _)| (*section, *key)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{Piece, schema};

    #[test]
    fn what_the_schema_marks_is_what_a_reload_looks_at() {
        let schema = schema().to_value();
        let root = Piece::root(&schema);
        let mut marked = BTreeSet::new();
        for (section, _) in root.properties().unwrap() {
            let table = root.property(section).unwrap();
            let table = table.items().unwrap_or(table);
            let keys = table.properties().into_iter().flatten().map(|(key, _)| key.as_str());
            let fixed = |key: &&str| table.property(key).is_some_and(|key| key.says("x-restart").is_some());
            marked.extend(keys.filter(fixed).map(|key| format!("[{section}] {key}")));
        }
        let looked_at = FIXED.iter().map(|(section, key, _)| format!("[{section}] {key}")).collect();
        assert_eq!(marked, looked_at);
    }
}
