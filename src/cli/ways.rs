//! The ways to people that nobody has answered yet.

use std::collections::BTreeMap;
use std::sync::mpsc;
use std::time::Duration;

use orszem_core::settings::{Config, Kafka, Person, Way};
use orszem_records::team::{Change, Record};

use super::team;

/// Each person who has ways, and the receivers of those that they never answered a message by.
pub(super) fn unanswered<'c>(config: &'c Config, records: &[Record]) -> Vec<(&'c Person, Vec<&'c str>)> {
    let confirmed = |record: &Record| match &record.change {
        Change::WayConfirmed(way) => Some((record.id.clone(), way.address.clone())),
        _ => None,
    };
    let answered: BTreeMap<String, Option<String>> = records.iter().filter_map(confirmed).collect();
    let people = config.people.iter().filter(|person| !person.ways.is_empty());
    let of = |person: &'c Person| {
        let is_open = |way: &&Way| answered.get(&person.way_name(way)).is_none_or(|address| *address != way.to);
        (person, person.ways.iter().filter(is_open).map(|way| way.receiver.as_str()).collect())
    };
    people.map(of).collect()
}

/// What people changed for the team, where Kafka says it within some seconds.
///
/// # Errors
/// Why it is not known.
pub(super) fn records_within(kafka: &Kafka, time: Duration) -> Result<Vec<Record>, String> {
    let (told, read) = mpsc::channel();
    let (brokers, kafka) = (kafka.brokers.clone(), kafka.clone());
    // The thread ends with the process where Kafka stays silent.
    std::thread::spawn(move || told.send(team::records(&kafka)));
    read.recv_timeout(time).unwrap_or_else(|_| Err(format!("Kafka at {brokers} does not answer")))
}
