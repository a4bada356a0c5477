//! The report of an incident: what the ledger says of it, for learning from it when it is over.
//!
//! [`Report`] holds what happened, as data; `document` says it in a reader's words, which the pages show as HTML;
//! `markdown` writes the same as text.

mod calls;
mod deeds;
pub mod document;
pub mod lateness;
mod markdown;
pub mod missed;
mod times;

pub use calls::Call;
pub use document::{Block, Document, Section};
pub use lateness::Late;
pub use markdown::markdown;
pub use missed::Missed;
pub use times::Times;

use orszem_records::incident::{Incident, State};
use orszem_records::ledger::{Action, Entry, Event};
use orszem_records::peak::Peak;
use orszem_records::signal::{Counts, Kind};
use orszem_records::time::Timestamp;
use serde::Serialize;

use crate::evidence::Evidence;
use crate::settings::Config;

/// What happened in an incident. Times are those of the ledger.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// The incident.
    pub incident: String,
    /// Its watch.
    pub watch: String,
    /// The watch's name for people, where the configuration gives one.
    pub title: Option<String>,
    /// The highest severity, 1 (highest) to 4.
    pub severity: u8,
    /// What kind of finding.
    pub kind: Kind,
    /// Where it stands.
    pub state: State,
    /// A person called it a false alarm.
    pub false_alarm: bool,
    /// When the report was made.
    pub made_at: Timestamp,
    /// When it began, was noticed, was told, was acknowledged, was first spoken about, and ended.
    pub times: Times,
    /// Who was called, in the order of the first tries.
    pub calls: Vec<Call>,
    /// How many other messages were sent: newer figures, that somebody has it, the end.
    pub other_messages: usize,
    /// The ways of people by which a call waited because of a limit, and since when.
    pub withheld: Vec<Withheld>,
    /// What did not work.
    pub missed: Vec<Missed>,
    /// What came after its time, or not at all.
    pub late: Vec<Late>,
    /// The figures at its height.
    pub height: Peak,
    /// The counts of the whole incident.
    pub counts: Counts,
    /// The severities that it had, and since when.
    pub severities: Vec<(Timestamp, u8)>,
    /// The playbook that it has now.
    pub playbook: Option<String>,
    /// What people did, as the ledger has it.
    pub deeds: Vec<Entry>,
    /// The mentions that drove it.
    pub evidence: Evidence,
    /// What the words of a document need beside that.
    #[serde(skip)]
    of: Incident,
}

/// A call that waited because of a limit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Withheld {
    /// When.
    pub at: Timestamp,
    /// The way of the person.
    pub receiver: String,
}

impl Report {
    /// The report of an incident, of which `carrier` carries the page: itself, unless it shares one.
    pub fn of(config: &Config, incident: &Incident, carrier: &Incident, now: Timestamp) -> Report {
        let times = Times::of(incident, carrier);
        let begun = incident.history.first().map_or(incident.signal.opened_at, |entry| entry.at);
        // What a page was sent before this incident came to it was not about this one.
        let is_about = |at: Timestamp| carrier.id == incident.id || at >= begun;
        let messages: Vec<_> = carrier.messages.iter().filter(|message| is_about(message.last_at)).collect();
        let calls = messages.iter().filter(|message| message.attempt.action == Action::Trigger);
        let calls: Vec<Call> = calls.map(|message| Call::of(message)).collect();
        let of_page = || carrier.history.iter().filter(|entry| is_about(entry.at));
        let withheld = of_page().filter_map(|entry| match &entry.event {
            Event::Withheld(withheld) => Some(Withheld { at: entry.at, receiver: withheld.receiver.clone() }),
            _ => None,
        });
        let playbook = crate::playbook::of(config, incident);
        let deeds = incident.history.iter().filter(|entry| deeds::is_one(&entry.event)).cloned().collect();
        Report {
            incident: incident.id.0.clone(),
            watch: incident.watch.clone(),
            title: config.watch(&incident.watch).and_then(|watch| watch.title.clone()),
            severity: incident.severity,
            kind: incident.signal.kind,
            state: incident.state(),
            false_alarm: incident.false_alarm,
            made_at: now,
            other_messages: messages.len() - calls.len(),
            withheld: withheld.collect(),
            missed: missed::of(incident, of_page(), &calls),
            late: lateness::of(config, incident, carrier, &times, now),
            calls,
            times,
            height: incident.peak,
            counts: incident.signal.counts,
            severities: severities(incident),
            playbook: playbook.map(|playbook| playbook.name.clone()),
            deeds,
            evidence: Evidence::of(incident),
            of: incident.clone(),
        }
    }
}

fn severities(incident: &Incident) -> Vec<(Timestamp, u8)> {
    let signals = incident.history.iter().filter_map(|entry| match &entry.event {
        Event::Signal(signal) => Some((signal.at, signal.severity)),
        _ => None,
    });
    let mut severities: Vec<(Timestamp, u8)> = signals.collect();
    severities.dedup_by_key(|(_, severity)| *severity);
    severities
}

#[cfg(test)]
mod tests;
