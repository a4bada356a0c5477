//! The story as a person reads it: a line for each thing that happens, and a look around at the end. All times are of
//! the clock of the story.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use comfy_table::{ContentArrangement, Table, presets::UTF8_FULL_CONDENSED};

use super::terminal;
use crate::cli::words::count;
use orszem_core::settings::Config;
use orszem_core::simulate::Truth;
use orszem_records::incident::{Incident, State};
use orszem_records::ledger::Action;
use orszem_records::signal::Kind;
use orszem_records::time::Timestamp;

/// What was told of an incident.
#[derive(Default)]
struct Told {
    state: Option<State>,
    called: BTreeSet<String>,
    exhausted: bool,
    restarts: u32,
    /// The newest revision of the statement that was told, that it was approved, and how often it was posted.
    revision: u32,
    approved: bool,
    posts: usize,
}

/// Tells what happens, each thing once.
pub(super) struct Story {
    titles: BTreeMap<String, String>,
    /// The names of people.
    names: BTreeMap<String, String>,
    told: BTreeMap<String, Told>,
}

/// `Sun 11 Oct 13:09`.
pub(super) fn moment(at: Timestamp) -> String {
    let time = jiff::Timestamp::from_millisecond(at.0).unwrap_or_default();
    time.strftime("%a %e %b %H:%M").to_string()
}

impl Story {
    /// The story of these companies, and of the people of the configuration.
    pub(super) fn new(truth: &Truth, config: &Config) -> Story {
        let titles = truth.companies.iter().map(|company| (company.watch.clone(), company.name.clone())).collect();
        let names = config.people.iter().map(|person| (person.name.clone(), person.shown().to_owned())).collect();
        Story { titles, names, told: BTreeMap::new() }
    }

    /// The name of a watch for people.
    pub(super) fn title<'a>(&'a self, watch: &'a str) -> &'a str {
        self.titles.get(watch).map_or("The feed", String::as_str)
    }

    /// Tells what is new. Whether anything was.
    pub(super) fn tell(&mut self, incidents: &[Arc<Incident>]) -> bool {
        let mut events: Vec<(Timestamp, String)> = Vec::new();
        for incident in incidents {
            let title = self.title(&incident.watch).to_owned();
            let told = self.told.entry(incident.id.0.clone()).or_default();
            news(incident, &title, &self.names, told, &mut events);
        }
        // What has the same time keeps its order.
        events.sort_by_key(|(at, _)| *at);
        for (at, event) in &events {
            terminal::event(&moment(*at), event);
        }
        !events.is_empty()
    }
}

/// What is new of an incident.
fn news(
    incident: &Incident,
    title: &str,
    names: &BTreeMap<String, String>,
    told: &mut Told,
    events: &mut Vec<(Timestamp, String)>,
) {
    let (signal, state) = (&incident.signal, incident.state());
    if told.state.is_none() {
        let pages = if signal.pages() { "" } else { " It is shown, and pages nobody." };
        events.push((signal.at, format!("{title}: {}.{pages}", finding(incident))));
    }
    let calls = incident.messages.iter().filter(|message| message.attempt.action == Action::Trigger);
    for call in calls.filter(|call| call.arrived()) {
        let receiver = &call.attempt.receiver;
        if told.called.insert(receiver.clone()) {
            let who = match receiver.split_once('/') {
                Some((person, way)) => {
                    format!("{} is called by {way}", names.get(person).map_or(person, String::as_str))
                }
                None => format!("{receiver} is told"),
            };
            events.push((call.first_at, format!("{title}: {who}.")));
        }
    }
    if let Some(stamp) = incident.acknowledged.as_ref().filter(|_| told.state.is_none_or(|state| state == State::Open))
        && state != State::Open
    {
        let who = &stamp.by.by;
        events.push((stamp.at, format!("{title}: {who} has opened the page and pressed \"I have it\".")));
    }
    said(incident, title, told, events);
    let restarts = incident.restarted.map_or(0, |restart| restart.number);
    if restarts > std::mem::replace(&mut told.restarts, restarts) {
        events.push((signal.at, format!("{title}: it got worse, and people are called again.")));
        told.state = Some(State::Open);
    }
    if incident.exhausted && !std::mem::replace(&mut told.exhausted, true) {
        events.push((signal.at, format!("{title}: everybody was called, and nobody has acknowledged.")));
    }
    if state == State::Resolved && told.state != Some(State::Resolved) {
        let at = incident.resolved.as_ref().map_or(signal.at, |resolved| resolved.at);
        events.push((at, format!("{title}: it is over.")));
    }
    told.state = Some(state);
}

/// What is new of the statement: written, approved by a second person, posted.
fn said(incident: &Incident, title: &str, told: &mut Told, events: &mut Vec<(Timestamp, String)>) {
    let Some(newest) = incident.statements.newest() else { return };
    let mut tell = |at, what: String| events.push((at, format!("{title}: {what}")));
    if newest.number > std::mem::replace(&mut told.revision, newest.number) {
        tell(newest.at, format!("{} writes what is said. A second person is asked to approve it.", newest.draft.by.by));
        told.approved = false;
    }
    if let Some(approved) = newest.approved.as_ref().filter(|_| !told.approved) {
        told.approved = true;
        tell(approved.at, format!("{} approves it. Those who may post it are told.", approved.by.by));
    }
    for posted in incident.statements.posts().iter().skip(told.posts) {
        tell(posted.at, format!("{} has posted it.", posted.post.by.by));
    }
    told.posts = incident.statements.posts().len();
}

/// `1,496 negative mentions in 40 min, usual are 105`.
fn finding(incident: &Incident) -> String {
    let signal = &incident.signal;
    if let Kind::Silence | Kind::NoData = signal.kind {
        return "no mentions come any more".to_owned();
    }
    let mentions = match signal.kind.counts_negatives() {
        true => count(signal.observed, "negative mention", "negative mentions"),
        false => count(signal.observed, "mention", "mentions"),
    };
    let praise = if signal.kind == Kind::Praise { ", and they are friendly" } else { "" };
    format!(
        "{mentions} in {}, usual are {:.0}{praise}; severity {}",
        length(i64::from(signal.window_s) / 60),
        signal.expected,
        incident.severity
    )
}

/// `40 min`, `2 h`, `1 day`.
pub(super) fn length(minutes: i64) -> String {
    match (minutes / (24 * 60), minutes / 60, minutes % 60) {
        (0, 0, _) => format!("{minutes} min"),
        (0, hours, 0) => format!("{hours} h"),
        (0, hours, rest) => format!("{hours} h {rest} min"),
        (1, ..) if minutes % (24 * 60) == 0 => "1 day".to_owned(),
        (days, ..) if minutes % (24 * 60) == 0 => format!("{days} days"),
        (_, hours, _) => format!("{hours} h"),
    }
}

/// The list of incidents, as wide as a terminal.
pub(super) fn list(story: &Story, incidents: &[Arc<Incident>]) -> Table {
    let mut table = Table::new();
    table.load_preset(UTF8_FULL_CONDENSED).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_width(u16::try_from(terminal::WIDTH).unwrap_or(u16::MAX));
    table.set_header(["", "incident", "since", "severity", "who has it"]);
    for incident in incidents {
        let who = match (&incident.acknowledged, incident.state()) {
            (Some(stamp), _) => &stamp.by.by,
            (None, State::Resolved) => "nobody",
            (None, _) if incident.signal.pages() => "NOBODY YET",
            (None, _) => "nobody needs to",
        };
        table.add_row([
            incident.state().name().to_owned(),
            story.title(&incident.watch).to_owned(),
            moment(incident.signal.opened_at),
            incident.severity.to_string(),
            who.to_owned(),
        ]);
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_and_lengths_are_written_as_people_write_them() {
        assert_eq!(moment(Timestamp(1_791_724_140_000)), "Sun 11 Oct 13:09");
        let lengths = [5, 60, 80, 1_440, 2_880, 1_500].map(length);
        assert_eq!(lengths, ["5 min", "1 h", "1 h 20 min", "1 day", "2 days", "25 h"]);
    }
}
