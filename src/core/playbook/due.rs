//! Everything of an incident that has a time: moves, people to be told, clocks, promises; and whether it is done.

use orszem_records::incident::{Incident, Stamp};
use orszem_records::ledger::ItemKind;
use orszem_records::tick::Ticked;
use orszem_records::time::Timestamp;

use crate::settings::{Clock, Config, Playbook, Span};

/// A thing that is due at a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// What kind of thing.
    pub kind: ItemKind,
    /// The name of the playbook that says it; empty for a promise.
    pub playbook: String,
    /// What.
    pub what: String,
    /// Who is to tell whom, of a stakeholder; who promised it, of a promise.
    pub who: Option<String>,
    /// When it is due.
    pub at: Timestamp,
    /// Who did it first, and when; `None` while it is not done.
    pub done: Option<Stamp>,
}

impl Due {
    /// What a tick of it has to say beside its name: which one it is, of what comes more than once.
    pub fn mark(&self) -> Option<Timestamp> {
        matches!(self.kind, ItemKind::Clock | ItemKind::Promise).then_some(self.at)
    }

    /// Whether it is not done, and its time is over at `now`.
    pub fn is_late(&self, now: Timestamp) -> bool {
        self.done.is_none() && self.at < now
    }

    /// By how much it was done after its time, or at `now` is not done after it, in ms; `None` where it is in time.
    pub fn late_by(&self, now: Timestamp) -> Option<i64> {
        let until = self.done.as_ref().map_or(now, |stamp| stamp.at);
        Some(until.since(self.at)).filter(|late| *late > 0)
    }
}

/// What is due in an incident, in the order of its times. Of a clock without end, that is what was done and the next
/// that is open. Once the incident is over, what was due only later is left out, unless it was done.
pub fn due(config: &Config, incident: &Incident) -> Vec<Due> {
    let begun = incident.signal.opened_at;
    let mut all = Vec::new();
    if let Some(playbook) = super::of(config, incident) {
        let within = playbook.moves.iter().map(|one| (ItemKind::Move, &one.what, None, one.within));
        let told = playbook.stakeholders.iter();
        let told = told.map(|one| (ItemKind::Stakeholder, &one.title, one.who.clone(), one.within));
        for (kind, what, who, within) in within.chain(told) {
            let Some(within) = within else { continue };
            let done = incident.ticks.done(kind, &playbook.name, what, None).map(stamp);
            let (playbook, what, at) = (playbook.name.clone(), what.clone(), begun.plus(within.millis()));
            all.push(Due { kind, playbook, what, who, at, done });
        }
        for clock in &playbook.clocks {
            all.extend(marks(clock, incident, playbook));
        }
    }
    all.extend(incident.promises.iter().map(|promised| Due {
        kind: ItemKind::Promise,
        playbook: String::new(),
        what: promised.text.clone(),
        who: Some(promised.by.by.clone()),
        at: promised.due,
        done: incident.ticks.done(ItemKind::Promise, "", &promised.text, Some(promised.due)).map(stamp),
    }));
    if let Some(ended) = incident.ended_at() {
        all.retain(|due| due.done.is_some() || due.at <= ended);
    }
    // Stable: what is due at once stays in the order of the file.
    all.sort_by_key(|due| due.at);
    all
}

/// The times of a clock that are done or to come.
fn marks(clock: &Clock, incident: &Incident, playbook: &Playbook) -> Vec<Due> {
    let begun = incident.signal.opened_at;
    let done = |at: Timestamp| incident.ticks.done(ItemKind::Clock, &playbook.name, &clock.title, Some(at)).map(stamp);
    let mut times: Vec<Timestamp> = clock.at.iter().map(|after| begun.plus(after.millis())).collect();
    if let Some(every) = clock.every.map(Span::millis).filter(|every| *every > 0) {
        let of_clock = |ticked: &&Ticked| {
            ticked.kind == ItemKind::Clock && ticked.playbook == playbook.name && ticked.item == clock.title
        };
        let is_one = |at: &Timestamp| at.since(begun) > 0 && at.since(begun) % every == 0;
        let ticked = incident.ticks.iter().filter(of_clock);
        let marked: Vec<(Timestamp, Timestamp)> =
            ticked.filter_map(|ticked| Some((ticked.due.filter(is_one)?, ticked.at))).collect();
        // What was missed before the last that was done is no use any more: the next is the first after that was done.
        let after = |(due, at): &(Timestamp, Timestamp)| {
            let by_clock = at.since(begun).max(0) / every + 1;
            (due.since(begun) / every + 1).max(by_clock)
        };
        let next = marked.iter().map(after).max().unwrap_or(1);
        times.extend(marked.iter().map(|(due, _)| *due));
        times.push(begun.plus(every.saturating_mul(next)));
    }
    times.sort();
    times.dedup();
    let one = |at: Timestamp| Due {
        kind: ItemKind::Clock,
        playbook: playbook.name.clone(),
        what: clock.title.clone(),
        who: None,
        at,
        done: done(at),
    };
    times.into_iter().map(one).collect()
}

/// Whether a playbook says a thing of this kind in an incident; `due` says which one of what comes more than once.
pub fn says(playbook: &Playbook, incident: &Incident, kind: ItemKind, what: &str, due: Option<Timestamp>) -> bool {
    match (kind, due) {
        (ItemKind::Move, None) => playbook.says(what),
        (ItemKind::Stakeholder, None) => playbook.stakeholders.iter().any(|one| one.title == what),
        (ItemKind::Clock, Some(due)) => {
            let after = due.since(incident.signal.opened_at);
            let is_mark = |clock: &Clock| {
                let repeats = clock.every.is_some_and(|every| every.millis() > 0 && after % every.millis() == 0);
                clock.title == what && after > 0 && (repeats || clock.at.iter().any(|at| at.millis() == after))
            };
            playbook.clocks.iter().any(is_mark)
        }
        _ => false,
    }
}

fn stamp(ticked: &Ticked) -> Stamp {
    Stamp { at: ticked.at, by: ticked.by.clone() }
}

#[cfg(test)]
#[path = "due_tests.rs"]
mod tests;
