//! What is read only at the start: `x-restart` in the schema says it, and only there.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::schema::{Piece, schema};
use orszem_core::settings::Config;

/// A setting: its section and its key.
pub(crate) type Setting = (String, String);

/// The settings that are read only at the start, in the order of the schema.
pub(crate) fn read_at_start() -> Vec<Setting> {
    let schema = schema().to_value();
    let root = Piece::root(&schema);
    let mut marked = Vec::new();
    for section in root.properties().into_iter().flatten().map(|(section, _)| section) {
        let Some(table) = root.property(section) else { continue };
        let table = table.items().unwrap_or(table);
        let keys = table.properties().into_iter().flatten().map(|(key, _)| key);
        let fixed = keys.filter(|key| table.property(key).is_some_and(|key| key.says("x-restart").is_some()));
        marked.extend(fixed.map(|key| (section.clone(), key.clone())));
    }
    marked
}

/// The settings of a configuration by section and key, of each section in which some are read only at the start.
fn settings(config: &Config) -> Value {
    let Config { kafka, score, sentiment, web, log, .. } = config;
    // The order of inputs says nothing; how they are read is taken over at once.
    let topics = BTreeSet::from_iter(config.topics());
    json!({
        "kafka": kafka, "input": { "topic": topics }, "score": score, "sentiment": sentiment, "web": web, "log": log,
    })
}

/// The keys that are read only at the start, of those that changed, each with its section.
pub(crate) fn needs_restart(running: &Config, new: &Config) -> Vec<Setting> {
    let (before, after) = (settings(running), settings(new));
    // Where no input is listed, the topic of `[kafka]` is read: one change is named once.
    let follows = |section: &str| section == "input" && running.kafka.mentions != new.kafka.mentions;
    let differs = |(section, key): &Setting| before[section][key] != after[section][key] && !follows(section);
    read_at_start().into_iter().filter(differs).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_the_schema_marks_is_compared() {
        let settings = settings(&Config::default());
        let marked = read_at_start();
        assert!(marked.contains(&("web".into(), "listen".into())) && marked.len() > 10, "{marked:?}");
        for (section, key) in marked {
            assert!(settings[&section].get(&key).is_some(), "[{section}] {key} is missing in `settings`");
        }
    }

    #[test]
    fn the_handbook_lists_what_needs_a_restart() {
        let handbook = include_str!("../../../docs/operations.md");
        let (_, reload) = handbook.split_once("\n## Changing the configuration\n").unwrap();
        let (reload, _) = reload.split_once("\n## ").unwrap();
        let listed: BTreeSet<Setting> = reload
            .lines()
            .filter_map(|line| line.strip_prefix("| `[")?.split_once("]` | "))
            .flat_map(|(section, keys)| {
                keys.split('`').skip(1).step_by(2).map(move |key| (section.to_owned(), key.to_owned()))
            })
            .collect();
        assert_eq!(listed, BTreeSet::from_iter(read_at_start()));
    }
}
