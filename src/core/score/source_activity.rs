//! Which sources and partitions bring anything at all: minutes of event time in which they did, told once.

use std::collections::{BTreeMap, HashMap, VecDeque};

use orszem_records::tally::InputPartition;
use orszem_records::time::Timestamp;

/// Sources that are told of at most; what a feed names beyond is not missed when it stops.
const SOURCES: usize = 32;
/// Minutes that are remembered as told: mentions come in disorder.
const KNOWN: usize = 64;
/// The longest name of a source, in bytes, that is told of.
const NAME: usize = 64;

/// What was heard since it was last taken.
#[derive(Debug, Default)]
pub struct Heard {
    sources: HashMap<String, Activity>,
    partitions: BTreeMap<InputPartition, Activity>,
    /// What was noted last: mostly the next mention says the same.
    last: Option<(InputPartition, i64)>,
    last_source: String,
}

#[derive(Debug, Default)]
struct Activity {
    known: VecDeque<i64>,
    fresh: Vec<i64>,
}

impl Activity {
    fn note(&mut self, minute: i64) {
        if self.known.iter().rev().any(|known| *known == minute) {
            return;
        }
        if self.known.len() == KNOWN {
            self.known.pop_front();
        }
        self.known.push_back(minute);
        self.fresh.push(minute);
    }
}

impl Heard {
    /// Takes note of a mention.
    pub fn note(&mut self, partition: InputPartition, source: &str, at: Timestamp) {
        let minute = at.minute();
        if self.last == Some((partition, minute)) && self.last_source == source {
            return;
        }
        self.last = Some((partition, minute));
        self.last_source.clear();
        self.last_source.push_str(source);
        self.partitions.entry(partition).or_default().note(minute);
        if let Some(activity) = self.sources.get_mut(source) {
            activity.note(minute);
        } else if self.sources.len() < SOURCES && is_name(source) {
            self.sources.entry(source.to_owned()).or_default().note(minute);
        }
    }

    /// Nothing that was noted since it was last taken was told: it is read again.
    pub fn clear(&mut self) {
        *self = Heard::default();
    }

    /// The minutes not told yet, by the name of what was heard.
    pub fn take(&mut self) -> BTreeMap<String, Vec<i64>> {
        let mut heard = BTreeMap::new();
        let sources = self.sources.iter_mut().map(|(name, activity)| (format!("source {name}"), activity));
        let partitions = self.partitions.iter_mut().map(|(number, activity)| (format!("partition {number}"), activity));
        for (name, activity) in sources.chain(partitions) {
            if !activity.fresh.is_empty() {
                let mut minutes = std::mem::take(&mut activity.fresh);
                minutes.sort_unstable();
                heard.insert(name, minutes);
            }
        }
        heard
    }
}

/// A source's name that may be shown as it is: short, and of plain characters.
fn is_name(source: &str) -> bool {
    let plain = |c: char| c.is_alphanumeric() || " ._-:/@#+".contains(c);
    !source.trim().is_empty() && source.len() <= NAME && source.chars().all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minute_is_told_once_and_sources_are_bounded() {
        let mut heard = Heard::default();
        for second in [0, 10, 70, 15] {
            heard.note(3, "news", Timestamp(second * 1000));
        }
        let told = heard.take();
        assert_eq!(told, BTreeMap::from([("partition 3".into(), vec![0, 1]), ("source news".into(), vec![0, 1])]));
        heard.note(3, "news", Timestamp(5_000));
        assert!(heard.take().is_empty());
        (0..100).for_each(|number| heard.note(3, &format!("source {number}"), Timestamp(200_000)));
        assert_eq!(heard.take().len(), SOURCES, "31 more of them, and the partition");
    }
}
