//! Since when each watch is looked for: what was not said of it since then is known not to have been said.
//!
//! Watches of which nothing came have no state of their own, and most watches of a partition belong to others. So names
//! are kept as hashes of four bytes: two watches that share one have the earlier time, which is a week or two of
//! learning too few for one of ten thousand.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::pack;

/// The watches by the minute from which on they are looked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "BTreeMap<i64, String>", into = "BTreeMap<i64, String>")]
pub struct Roster(BTreeMap<u32, i64>);

fn key(name: &str) -> u32 {
    xxhash_rust::xxh3::xxh3_64(name.as_bytes()) as u32
}

impl Roster {
    /// The minute from which on a watch is looked for.
    pub fn since(&self, name: &str) -> Option<i64> {
        self.0.get(&key(name)).copied()
    }

    /// From now on exactly these watches are looked for; those that were not, from `minute` on.
    pub fn set<'a>(&mut self, names: impl Iterator<Item = &'a str>, minute: i64) {
        let names: BTreeSet<u32> = names.map(key).collect();
        self.0.retain(|key, _| names.contains(key));
        for name in names {
            self.0.entry(name).or_insert(minute);
        }
    }
}

impl From<Roster> for BTreeMap<i64, String> {
    fn from(roster: Roster) -> BTreeMap<i64, String> {
        let mut by_minute: BTreeMap<i64, Vec<u8>> = BTreeMap::new();
        for (key, minute) in roster.0 {
            by_minute.entry(minute).or_default().extend(key.to_le_bytes());
        }
        by_minute.into_iter().map(|(minute, keys)| (minute, pack::text(&keys))).collect()
    }
}

/// What cannot be read is left out: those watches are looked for from now on.
impl From<BTreeMap<i64, String>> for Roster {
    fn from(written: BTreeMap<i64, String>) -> Roster {
        let mut roster = BTreeMap::new();
        for (minute, keys) in written {
            let keys = pack::bytes(&keys).unwrap_or_default();
            let (keys, _) = keys.as_chunks::<4>();
            roster.extend(keys.iter().map(|key| (u32::from_le_bytes(*key), minute)));
        }
        Roster(roster)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn those_that_stay_keep_their_time_and_it_survives_json() {
        let mut roster = Roster::default();
        roster.set(["acme", "globex"].into_iter(), 100);
        roster.set(["acme", "initech"].into_iter(), 200);
        assert_eq!(
            (roster.since("acme"), roster.since("initech"), roster.since("globex")),
            (Some(100), Some(200), None)
        );
        let json = serde_json::to_string(&roster).unwrap();
        assert!(json.starts_with(r#"{"100":""#), "{json}");
        assert_eq!(serde_json::from_str::<Roster>(&json).unwrap(), roster);
        assert_eq!(serde_json::from_str::<Roster>(r#"{"7":"?"}"#).unwrap(), Roster::default());
    }
}
