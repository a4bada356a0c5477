//! A stream on its way: what the topics hold after it, folded.

use std::collections::BTreeMap;
use std::time::Duration;

use orszem_records::incident::Incident;
use orszem_records::ledger::Entry;
use orszem_records::tally::{Tally, TallyRecord, Watermarks};
use orszem_records::time::Slice;

use super::kafka::Kafka;
use super::wait;

/// How long a stream may take to go through.
pub const THROUGH: Duration = Duration::from_secs(240);

/// The tallies of a run, folded by watch and slice.
pub fn tallies(kafka: &Kafka, prefix: &str) -> BTreeMap<(String, Slice), Tally> {
    let mut folded: BTreeMap<(String, Slice), Tally> = BTreeMap::new();
    for record in kafka.read(&format!("{prefix}.tallies")) {
        if let TallyRecord::Tally(tally) = serde_json::from_str(&record.text()).expect("a tally") {
            let key = (tally.watch.clone(), tally.slice);
            folded.entry(key).and_modify(|sum| sum.merge(&tally)).or_insert(tally);
        }
    }
    folded
}

/// The incidents of a run, by id, as the ledger tells them.
pub fn incidents(kafka: &Kafka, prefix: &str) -> BTreeMap<String, Incident> {
    incidents_after(kafka, prefix, &BTreeMap::new())
}

/// As [`incidents`], of those that opened after these offsets of the partitions of the ledger.
pub fn incidents_after(kafka: &Kafka, prefix: &str, starts: &BTreeMap<i32, i64>) -> BTreeMap<String, Incident> {
    let mut folded: BTreeMap<String, Incident> = BTreeMap::new();
    for record in kafka.read_after(&format!("{prefix}.ledger"), starts) {
        let entry: Entry = serde_json::from_str(&record.text()).expect("an entry");
        match folded.get_mut(&entry.incident.0) {
            Some(incident) => incident.apply(&entry),
            None => match Incident::begin(&entry) {
                Some(incident) => {
                    folded.insert(entry.incident.0, incident);
                }
                None => assert!(!starts.is_empty(), "an incident begins with a signal: {entry:?}"),
            },
        }
    }
    folded
}

/// Whether every partition of a run has been quiet for so long that it counts as idle.
pub fn is_idle(kafka: &Kafka, prefix: &str) -> bool {
    // Each partition of the tallies has all watermarks.
    let records = kafka.read(&format!("{prefix}.tallies"));
    let mut marks = Watermarks::default();
    for record in records.iter().filter(|record| record.partition == 0) {
        if let TallyRecord::Watermark(told) = serde_json::from_str(&record.text()).expect("a record of the tallies") {
            marks.merge(&told);
        }
    }
    !marks.is_empty() && marks.partitions.values().all(|mark| mark.idle)
}

/// Waits until everything in the topic of mentions is scored, every tally of it judged, and what was found of it can be
/// read in the ledger.
pub fn wait_judged(kafka: &Kafka, prefix: &str, mentions: &str) {
    wait::holds("all mentions are scored", THROUGH, || kafka.is_read(&format!("{prefix}-score"), mentions));
    let (tallies, ledger) = (format!("{prefix}.tallies"), format!("{prefix}.ledger"));
    let end = wait::until("the tallies are closed", THROUGH, || kafka.closed_ends(&tallies));
    let group = format!("{prefix}-detect");
    // The last record of a partition may be the marker of a transaction, which no offset goes beyond.
    wait::holds("all tallies are judged", THROUGH, || {
        let read = kafka.committed(&group, &tallies);
        end.iter().all(|(partition, end)| *end == 0 || read.get(partition).is_some_and(|read| *read >= end - 1))
    });
    wait::until("the ledger is closed", THROUGH, || kafka.closed_ends(&ledger));
}
