//! The incidents as the ledger tells them, held in memory: a bounded fold that pages and API read from.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};
use std::time::Duration;

use tokio::sync::watch;

use orszem_records::chart::Chart;
use orszem_records::desk::Desk;
use orszem_records::incident::Incident;
use orszem_records::incident::State;
use orszem_records::ledger::{Entry, Event};
use orszem_records::signal::{Phase, Signal};
use orszem_records::time::Timestamp;

use crate::limits::Written;

/// How many incidents are kept unless told otherwise.
pub const INCIDENTS: usize = 2_000;

/// The incidents of all watches. Closed ones are dropped, oldest first, when there are too many; open ones never.
///
/// Memory: an incident keeps the chart and the samples of its newest signal alone (about 4 kB), and of the signals in
/// its history only those that opened, closed or changed the severity; the rest is a few hundred bytes an entry, at
/// most [`orszem_records::incident::HISTORY`] of them. Its evidence is at most [`orszem_records::evidence::MOST`]
/// mentions of half a kB.
#[derive(Debug)]
pub struct View {
    kept: RwLock<Kept>,
    most: usize,
    /// Counts the entries taken in: who waits for a change waits on it.
    version: watch::Sender<u64>,
}

#[derive(Debug, Default)]
struct Kept {
    incidents: HashMap<String, Arc<Incident>>,
    /// What people did, of each incident in which they did anything.
    acts: HashMap<String, Acts>,
    /// Those that are over for good, oldest first. One that only a person resolved is not among them: its next
    /// signal would bring it back as new.
    closed: BTreeSet<(Timestamp, String)>,
}

/// What people did to an incident.
#[derive(Debug, Default)]
struct Acts {
    /// The offset of the newest entry of a person.
    newest: i64,
    /// The offset of the entry that acknowledged it, where one did.
    acknowledged: Option<i64>,
    /// The offset of the entry that resolved it, where one did.
    resolved: Option<i64>,
    /// By bearer, what was written through links.
    by_link: BTreeMap<String, Written>,
}

/// What a person's entry at some offset was good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    /// The view has not read as far.
    NotShown,
    /// It acknowledged or resolved the incident, says what a mention is, or is the press that is sent.
    First,
    /// Another entry before it in the ledger did.
    Late,
}

/// Which incidents to list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only those that stand so.
    pub state: Option<State>,
    /// Only those of this watch.
    pub watch: Option<String>,
    /// Only those of this team.
    pub desk: Option<Desk>,
    /// Only those of this severity or a worse one.
    pub severity: Option<u8>,
    /// Only those that began at this time or later.
    pub since: Option<Timestamp>,
    /// Only those that are over, or only the others.
    pub ended: Option<bool>,
    /// Only drills, or only what is real.
    pub drill: Option<bool>,
    /// At most this many; all of them when `None`.
    pub limit: Option<usize>,
}

impl Default for View {
    fn default() -> View {
        View::new(INCIDENTS)
    }
}

impl View {
    /// An empty view that keeps at most `most` incidents, as far as closed ones can be dropped.
    pub fn new(most: usize) -> View {
        View { kept: RwLock::default(), most, version: watch::Sender::new(0) }
    }

    /// Adds an entry that was not read from the ledger.
    pub fn apply(&self, entry: &Entry) {
        self.apply_at(entry, -1);
    }

    /// Adds the next entry of the ledger, and its offset there. Entries of one watch must come in their order.
    pub fn apply_at(&self, entry: &Entry, offset: i64) {
        self.kept.write().unwrap_or_else(PoisonError::into_inner).apply(entry, offset, self.most);
        self.version.send_modify(|version| *version = version.wrapping_add(1));
    }

    /// What became of a person's entry for the incident `id`.
    pub(crate) fn effect(&self, id: &str, event: &Event, offset: i64) -> Effect {
        let kept = self.read();
        let Some(acts) = kept.acts.get(id).filter(|acts| acts.newest >= offset) else { return Effect::NotShown };
        let first = match event {
            Event::Acknowledged(_) => acts.acknowledged == Some(offset),
            Event::Resolved(_) => acts.resolved == Some(offset),
            Event::Pressed(press) => {
                kept.incidents.get(id).is_some_and(|incident| incident.presses.of(&press.press).is_some())
            }
            _ => true,
        };
        if first { Effect::First } else { Effect::Late }
    }

    /// What was written through links for the incident `id`, in the name of `bearer`.
    pub(crate) fn written_by_link(&self, id: &str, bearer: &str) -> Written {
        let kept = self.read();
        kept.acts.get(id).and_then(|acts| acts.by_link.get(bearer)).cloned().unwrap_or_default()
    }

    /// Forgets everything: for a follower that has to read the ledger from its beginning again.
    pub fn clear(&self) {
        *self.kept.write().unwrap_or_else(PoisonError::into_inner) = Kept::default();
        self.version.send_modify(|version| *version = version.wrapping_add(1));
    }

    /// The incident with this id.
    pub fn get(&self, id: &str) -> Option<Arc<Incident>> {
        self.read().incidents.get(id).cloned()
    }

    /// The incident whose messages are the page of another: that itself, unless it shares one that began before.
    pub(crate) fn carrier(&self, incident: &Arc<Incident>) -> Arc<Incident> {
        incident.carrier().and_then(|id| self.get(&id.0)).unwrap_or_else(|| Arc::clone(incident))
    }

    /// The incidents that `filter` lets through: open before acknowledged before resolved, the newest first among each.
    pub fn list(&self, filter: &Filter) -> Vec<Arc<Incident>> {
        let wanted = |incident: &Arc<Incident>| {
            filter.state.is_none_or(|state| incident.state() == state)
                && filter.desk.is_none_or(|desk| incident.signal.desk == desk)
                && filter.severity.is_none_or(|worst| incident.severity <= worst)
                && filter.since.is_none_or(|since| incident.signal.opened_at >= since)
                && filter.drill.is_none_or(|drill| incident.is_drill() == drill)
                && filter.ended.is_none_or(|ended| (incident.state() == State::Resolved) == ended)
                && filter.watch.as_ref().is_none_or(|watch| incident.watch == *watch)
        };
        let mut list: Vec<_> = self.read().incidents.values().filter(|incident| wanted(incident)).cloned().collect();
        list.sort_by(|a, b| {
            let urgency = rank(a.state()).cmp(&rank(b.state()));
            urgency.then(b.signal.opened_at.cmp(&a.signal.opened_at)).then_with(|| a.id.cmp(&b.id))
        });
        list.truncate(filter.limit.unwrap_or(usize::MAX));
        list
    }

    /// Waits until the view is as `wanted` says, for at most `time`; says whether it is.
    pub(crate) async fn wait_until(&self, time: Duration, wanted: impl Fn(&View) -> bool) -> bool {
        let mut version = self.version.subscribe();
        let reached = async {
            while !wanted(self) {
                if version.changed().await.is_err() {
                    return;
                }
            }
        };
        tokio::time::timeout(time, reached).await.is_ok()
    }

    fn read(&self) -> RwLockReadGuard<'_, Kept> {
        self.kept.read().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a person has to look at first comes first.
const fn rank(state: State) -> u8 {
    match state {
        State::Open => 0,
        State::Acknowledged => 1,
        State::Resolved => 2,
    }
}

impl Kept {
    fn apply(&mut self, entry: &Entry, offset: i64, most: usize) {
        let id = &entry.incident.0;
        let Some(kept) = self.incidents.get_mut(id) else {
            // An incident that was dropped, or whose beginning the topic no longer has, is not begun by its all-clear.
            if let Event::Signal(signal) = &entry.event
                && signal.phase != Phase::Closed
                && let Some(mut incident) = Incident::begin(entry)
            {
                slim(&mut incident, None);
                self.incidents.insert(id.clone(), Arc::new(incident));
                self.shrink(most);
            }
            return;
        };
        let incident = Arc::make_mut(kept);
        let before = (incident.signal.kind, incident.signal.severity);
        let key = (incident.is_final(), (incident.signal.opened_at, id.clone()));
        let stamps = (incident.acknowledged.clone(), incident.resolved.clone());
        incident.apply(entry);
        if entry.event.person().is_some() {
            let acts = self.acts.entry(id.clone()).or_default();
            acts.newest = offset;
            if incident.acknowledged != stamps.0 {
                acts.acknowledged = Some(offset);
            }
            if incident.resolved != stamps.1 {
                acts.resolved = Some(offset);
            }
            if let Some(bearer) = Written::bearer(entry) {
                acts.by_link.entry(bearer.to_owned()).or_default().count(&entry.event);
            }
        }
        slim(incident, Some(before));
        let (was_closed, key) = key;
        if was_closed {
            self.closed.remove(&key);
        }
        if incident.is_final() {
            self.closed.insert((incident.signal.opened_at, id.clone()));
            self.shrink(most);
        }
    }

    fn shrink(&mut self, most: usize) {
        while self.incidents.len() > most
            && let Some((_, id)) = self.closed.pop_first()
        {
            self.incidents.remove(&id);
            self.acts.remove(&id);
        }
    }
}

/// Takes from the newest entry of the history what no page shows; `before` is what the signal before said.
fn slim(incident: &mut Incident, before: Option<(orszem_records::signal::Kind, u8)>) {
    let Some(Entry { event: Event::Signal(signal), .. }) = incident.history.last_mut() else { return };
    if signal.phase == Phase::Updated && before == Some((signal.kind, signal.severity)) {
        incident.history.pop();
    } else {
        **signal = Signal { samples: Vec::new(), chart: Chart::default(), ..(**signal).clone() };
    }
}

#[cfg(test)]
#[path = "view_tests.rs"]
mod tests;
