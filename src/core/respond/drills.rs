//! Drills: the decider begins them when they are due, writes the signals of their course at their times, and tells
//! people beforehand where that was asked for.
//!
//! What is planned, what has begun and who was told stands on the topic of the team, and how far a run has come in the
//! ledger: what begins a run is written there and here at once. So another copy goes on where one stopped, and begins
//! none a second time.

use std::collections::{BTreeMap, BTreeSet};

use orszem_records::incident::Incident;
use orszem_records::ledger::{Entry, Event};
use orszem_records::signal::Signal;
use orszem_records::team::drill::{DrillAnnounced, DrillScheduled, DrillStarted};
use orszem_records::team::{Change, Of, Record};
use orszem_records::time::Timestamp;

use super::settings::Settings;
use super::tracked::Tracked;
use crate::drill::{LATE_MS, Run, begun, coming};

/// How long before a drill its people are told of it, in ms: an hour.
const AHEAD_MS: i64 = 3_600_000;

/// A severity that all quiet hours hold back that hold back anything.
const MILDEST: u8 = 4;

/// What is to be done for drills.
#[derive(Debug, Default)]
pub struct DrillWork {
    /// Entries for the ledger, to the partitions of their watches.
    pub entries: Vec<Entry>,
    /// Records for the topic of the team.
    pub records: Vec<Record>,
    /// Messages to people, to be sent once all of that is committed.
    pub messages: Vec<DrillMessage>,
}

/// What a person is told before a drill begins.
#[derive(Clone, Debug, PartialEq)]
pub struct DrillMessage {
    /// What is written of it.
    pub told: DrillAnnounced,
    /// The watch that the drill is about.
    pub watch: String,
    /// What is rehearsed.
    pub scenario: String,
    /// The ways to the person that make no alarm of it, as attempts name them, the first first.
    pub ways: Vec<String>,
}

/// The drills that are planned or run.
#[derive(Debug, Default)]
pub(super) struct Drills {
    /// By their ids.
    scheduled: BTreeMap<String, DrillScheduled>,
    cancelled: BTreeSet<String>,
    /// By drill, its newest run.
    started: BTreeMap<String, Run>,
    /// By drill and person, when the newest run began that they were told of.
    announced: BTreeMap<(String, String), Timestamp>,
    /// By run, how many signals this copy has written: the ledger may not have brought them yet.
    written: BTreeMap<String, u32>,
    work: DrillWork,
    /// Something changed since it was looked at.
    changed: bool,
    /// When to look again.
    next: Option<Timestamp>,
}

impl Drills {
    /// Takes in a record of the team. Says whether it is about drills.
    pub(super) fn record(&mut self, record: &Record) -> bool {
        match &record.change {
            Change::DrillScheduled(drill) => drop(self.scheduled.insert(record.id.clone(), (**drill).clone())),
            Change::DrillCancelled(Of { of }) => drop(self.cancelled.insert(of.clone())),
            Change::DrillStarted(started) => self.has_started(started),
            Change::DrillAnnounced(told) => self.has_told(told),
            _ => return false,
        }
        self.changed = true;
        true
    }

    /// A record was removed from that topic.
    pub(super) fn removed(&mut self, key: &str) {
        match key.split_once('/') {
            Some(("drill-scheduled", id)) => drop(self.scheduled.remove(id)),
            Some(("drill-started", id)) => drop(self.started.remove(id)),
            Some(("drill-announced", id)) => {
                self.announced.retain(|(drill, person), _| format!("{drill}/{person}") != id);
            }
            _ => {}
        }
    }

    /// An incident that is a drill, or the configuration, is otherwise than before.
    pub(super) fn changed(&mut self) {
        self.changed = true;
    }

    /// When to look again; `now`, where something changed.
    pub(super) fn next(&self, now: Timestamp) -> Option<Timestamp> {
        if self.changed && !self.scheduled.is_empty() { Some(now) } else { self.next }
    }

    /// What is to be done, as it was found.
    pub(super) fn take(&mut self) -> DrillWork {
        std::mem::take(&mut self.work)
    }

    /// Finds what is to be done at `now`. `incident` gives what is known of a run, by its id.
    pub(super) fn look<'t>(
        &mut self,
        settings: &Settings,
        incident: impl Fn(&str) -> Option<&'t Tracked>,
        now: Timestamp,
    ) {
        if !std::mem::take(&mut self.changed) && self.next.is_none_or(|next| next > now) {
            return;
        }
        let mut next: Option<Timestamp> = None;
        let scheduled = std::mem::take(&mut self.scheduled);
        for (id, drill) in &scheduled {
            let run = self.started.get(id).copied();
            let going_on = run.and_then(|run| self.go_on((id, drill), run, &incident, now));
            let coming = coming(drill, now).filter(|_| !self.cancelled.contains(id));
            if going_on.is_none() {
                self.begin((id, drill), settings, now);
            }
            let announcing = coming.and_then(|run| self.announce((id, drill), run, settings, now));
            let times = going_on.flatten().into_iter().chain(coming.map(|run| run.begins)).chain(announcing);
            next = next.into_iter().chain(times).min();
        }
        self.scheduled = scheduled;
        self.next = next;
    }

    /// Writes what comes next in a run. `None`: it is over, or nothing is known of it any more; else when its next
    /// signal is due, where that is known.
    fn go_on<'t>(
        &mut self,
        (id, drill): (&str, &DrillScheduled),
        run: Run,
        incident: &impl Fn(&str) -> Option<&'t Tracked>,
        now: Timestamp,
    ) -> Option<Option<Timestamp>> {
        let run_id = DrillScheduled::run_id(id, run.number);
        // Begun a moment ago, or long since over.
        let Some(tracked) = incident(&run_id) else { return self.written.get(&run_id).map(|_| None) };
        if self.written.get(&run_id).is_some_and(|written| *written > tracked.signals) {
            return Some(None);
        }
        self.written.remove(&run_id);
        if tracked.ended() {
            return None;
        }
        // The whole course is written.
        if usize::try_from(tracked.signals).is_ok_and(|signals| signals >= drill.course.0.len()) {
            return None;
        }
        let last = drill.course.0.len().saturating_sub(1);
        let is_ended = self.cancelled.contains(id) || tracked.is_over_itself();
        let place = usize::try_from(tracked.signals).unwrap_or(last).min(last);
        let due = if is_ended { now } else { run.begins.plus(drill.course.0.get(place)?.at.0) };
        if due > now {
            return Some(Some(due));
        }
        let place = if is_ended { last } else { place };
        let entry = drill.entry((id, run.number), run.begins, place, now)?;
        self.written.insert(run_id, tracked.signals + 1);
        self.work.entries.push(if is_ended { seen_at(entry, now) } else { entry });
        Some(None)
    }

    /// Begins the run that is due, once.
    fn begin(&mut self, (id, drill): (&str, &DrillScheduled), settings: &Settings, now: Timestamp) {
        let Some(run) = begun(drill, now).filter(|run| now.since(run.begins) < LATE_MS) else { return };
        let is_known = self.started.get(id).is_some_and(|known| known.number >= run.number);
        if is_known || self.cancelled.contains(id) || !settings.watches(&drill.watch) {
            return;
        }
        let Some(entry) = drill.entry((id, run.number), run.begins, 0, now) else { return };
        let started = DrillStarted { of: id.to_owned(), run: run.number, begins: run.begins };
        self.has_started(&started);
        self.written.insert(DrillScheduled::run_id(id, run.number), 1);
        self.work.entries.push(entry);
        self.work.records.push(started.record(now));
    }

    /// Tells people of the run that is to come. Says when there is more to tell.
    fn announce(
        &mut self,
        (id, drill): (&str, &DrillScheduled),
        run: Run,
        settings: &Settings,
        now: Timestamp,
    ) -> Option<Timestamp> {
        let wanted = run.begins.plus(-AHEAD_MS);
        if !drill.announce || !settings.watches(&drill.watch) {
            return None;
        }
        if wanted > now {
            return Some(wanted);
        }
        let mut next = None;
        for person in called(drill, run, settings) {
            let told = DrillAnnounced { of: id.to_owned(), whose: person, begins: run.begins };
            let key = (told.of.clone(), told.whose.clone());
            if self.announced.get(&key).is_some_and(|known| *known >= run.begins) {
                continue;
            }
            if let Some(until) = settings.quiet_until(&told.whose, MILDEST, now) {
                next = next.into_iter().chain([until]).min();
                continue;
            }
            let ways = settings.quiet_ways(&told.whose);
            if ways.is_empty() {
                continue;
            }
            self.has_told(&told);
            self.work.records.push(told.clone().record(now));
            let (watch, scenario) = (drill.watch.clone(), drill.scenario.clone());
            self.work.messages.push(DrillMessage { told, watch, scenario, ways });
        }
        next
    }

    fn has_started(&mut self, started: &DrillStarted) {
        let run = Run { number: started.run, begins: started.begins };
        let known = self.started.entry(started.of.clone()).or_insert(run);
        if known.number < run.number {
            *known = run;
        }
    }

    fn has_told(&mut self, told: &DrillAnnounced) {
        let known = self.announced.entry((told.of.clone(), told.whose.clone())).or_insert(told.begins);
        *known = told.begins.max(*known);
    }
}

/// A signal that comes before its time: it is of `now`.
fn seen_at(mut entry: Entry, now: Timestamp) -> Entry {
    if let Event::Signal(signal) = &mut entry.event {
        let Signal { at, opened_at, .. } = &mut **signal;
        *at = (*at).min(now).max(*opened_at);
    }
    entry
}

/// Whom the escalations would call that a drill would follow as things stand: the people of their steps, and who is on
/// call when it begins.
fn called(drill: &DrillScheduled, run: Run, settings: &Settings) -> BTreeSet<String> {
    let entry = drill.entry(("", run.number), run.begins, 0, run.begins);
    let Some(incident) = entry.as_ref().and_then(Incident::begin) else { return BTreeSet::new() };
    let steps = settings.would_follow(&incident, run.begins).into_iter().flat_map(|escalation| &escalation.steps);
    let mut people = BTreeSet::new();
    for step in steps {
        people.extend(step.people.iter().cloned());
        let on_call = step.rotations.iter().flat_map(|rotation| settings.roster.on_call(rotation, run.begins));
        people.extend(on_call);
    }
    people
}

#[cfg(test)]
#[path = "drills_tests.rs"]
mod tests;
