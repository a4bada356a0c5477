//! The detectors of one partition of the tallies: routes tallies to watches, keeps event time, gathers what is found.
//!
//! No clock: a minute is complete when the watermarks say so, and only they move time.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::tz::TimeZone;

use orszem_records::desk::Desk;
use orszem_records::ledger::{Entry, Event, IncidentId};
use orszem_records::signal::{FEED, Signal};
use orszem_records::tally::{Tally, Watermarks};
use orszem_records::time::{MINUTE_MS, Timestamp, zone};

use crate::settings::Volume;

use super::baseline::DAY_MINUTES;
use super::expectation::Before;
use super::limits::{Crisis, Limits};
use super::severity::Thresholds;
use super::snapshot::{Clock, Snapshot};
use super::watch::WatchState;
use super::watch::outlook::Outlook;

/// The settings of a watch.
#[derive(Clone, Debug, PartialEq)]
pub struct WatchSettings {
    /// Its name.
    pub name: String,
    /// False pages a week.
    pub budget: f64,
    /// What is a crisis outright.
    pub crisis: Option<Crisis>,
    /// The clock by which its rhythm goes.
    pub zone: TimeZone,
    /// Whether its rhythm is used, where that predicts better.
    pub rhythm: bool,
    /// What a rise in mentions alone does.
    pub volume: Volume,
    /// What is severe for it.
    pub thresholds: Thresholds,
    /// The team it belongs to.
    pub desk: Desk,
}

impl WatchSettings {
    /// A watch that costs `budget` false pages a week, with nothing else set.
    pub fn new(name: &str, budget: f64) -> WatchSettings {
        WatchSettings {
            name: name.to_owned(),
            budget,
            crisis: None,
            zone: TimeZone::UTC,
            rhythm: false,
            volume: Volume::default(),
            thresholds: Thresholds::default(),
            desk: Desk::default(),
        }
    }
}

/// The settings of the detectors.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// How long a watch learns before its own past counts, in ms of event time.
    pub learn_ms: i64,
    /// Whether this core tells of the feed. Every core hears all of it; one of them tells.
    pub feed: bool,
    /// The time zone that people are shown times of the feed in; `None` is UTC.
    pub feed_zone: Option<String>,
    /// The watches.
    pub watches: Vec<WatchSettings>,
}

/// Those of a configuration that says nothing.
impl Default for Settings {
    fn default() -> Settings {
        Settings::from(&crate::settings::Config::default())
    }
}

impl From<&crate::settings::Config> for Settings {
    fn from(config: &crate::settings::Config) -> Settings {
        let settings = |watch: &crate::settings::Watch| WatchSettings {
            name: watch.key().to_owned(),
            budget: watch.budget.unwrap_or(config.detect.budget),
            crisis: watch.crisis.as_ref().map(|crisis| Crisis {
                mentions: crisis.mentions.map(u64::from),
                negatives: crisis.negatives.map(u64::from),
                minutes: crisis.within.millis() / MINUTE_MS,
            }),
            rhythm: watch.rhythm.unwrap_or(config.detect.rhythm),
            volume: watch.volume,
            thresholds: Thresholds::new(watch.severity.as_ref().unwrap_or(&config.severity), watch.sampled),
            desk: watch.desk,
            // `check` refuses one that is unknown.
            zone: zone::named(watch.time_zone.as_deref().or(Some(&config.detect.time_zone))),
        };
        Settings {
            learn_ms: config.detect.learn_for.millis(),
            feed: true,
            feed_zone: zone::name(&zone::named(Some(&config.detect.time_zone))),
            watches: config.watches.iter().map(settings).collect(),
        }
    }
}

/// Where a watch stands.
#[derive(Debug)]
struct Slot {
    name: String,
    limits: Limits,
    /// `None` until something is counted for it.
    state: Option<WatchState>,
    /// The state changed since the last snapshot.
    dirty: bool,
}

/// The detectors of one partition.
#[derive(Debug)]
pub struct Core {
    learn_minutes: i64,
    feed: bool,
    feed_zone: Option<String>,
    slots: Vec<Slot>,
    places: HashMap<String, usize>,
    /// Watches that time must be told to.
    active: BTreeSet<usize>,
    /// It is known of all watches since when they are looked for.
    enrolled: bool,
    clock: Clock,
    late: u64,
}

impl Core {
    /// Detectors without a past.
    pub fn new(settings: Settings) -> Core {
        let mut core = Core {
            learn_minutes: 0,
            feed: false,
            feed_zone: None,
            slots: Vec::new(),
            places: HashMap::new(),
            active: BTreeSet::new(),
            enrolled: false,
            clock: Clock::default(),
            late: 0,
        };
        core.configure(settings);
        core
    }

    /// Takes other settings. Watches that stay keep their state; one that is gone is forgotten, and an incident
    /// that it has open stays as the ledger has it. Returns the names of those that are gone and had a state.
    pub fn configure(&mut self, settings: Settings) -> Vec<String> {
        self.learn_minutes = settings.learn_ms.div_euclid(MINUTE_MS);
        self.feed = settings.feed;
        self.feed_zone = settings.feed_zone;
        let mut old: HashMap<String, Slot> = self.slots.drain(..).map(|slot| (slot.name.clone(), slot)).collect();
        self.places.clear();
        self.active.clear();
        self.enrolled = false;
        for watch in settings.watches {
            let limits = Limits {
                budget: watch.budget,
                learn_minutes: self.learn_minutes,
                thresholds: watch.thresholds,
                crisis: watch.crisis,
                zone: watch.zone.clone(),
                rhythm: watch.rhythm,
                volume: watch.volume,
                desk: watch.desk,
            };
            let place = self.slots.len();
            let slot = match old.remove(&watch.name) {
                Some(slot) => Slot { limits, ..slot },
                None => Slot { name: watch.name.clone(), limits, state: None, dirty: false },
            };
            if slot.state.as_ref().is_some_and(WatchState::is_active) {
                self.active.insert(place);
            }
            self.places.insert(watch.name, place);
            self.slots.push(slot);
        }
        let mut gone = Vec::new();
        for slot in old.into_values() {
            let Some(state) = slot.state else { continue };
            self.retire(&slot.name, state.incidents.opened);
            gone.push(slot.name);
        }
        gone.sort_unstable();
        if let Some(closed) = self.clock.closed {
            self.enroll(closed + 1);
        }
        gone
    }

    /// Watches that are new are looked for from `minute` on.
    fn enroll(&mut self, minute: i64) {
        if !std::mem::replace(&mut self.enrolled, true) {
            self.clock.roster.set(self.slots.iter().map(|slot| slot.name.as_str()), minute);
        }
    }

    /// A watch is gone that had opened this number of incidents: if it comes back, it counts on from there. An id that
    /// was used again would be taken for the incident that had it before.
    pub fn retire(&mut self, name: &str, incidents: u64) {
        if incidents > 0 {
            self.clock.retired.insert(name.to_owned(), incidents);
        }
    }

    /// Takes in a tally. What it leads to is appended to `out`.
    pub fn tally(&mut self, tally: &Tally, out: &mut Vec<Entry>) {
        let Some(&place) = self.places.get(&tally.watch) else { return };
        if tally.slice.start() < Timestamp::EARLIEST
            || tally.slice.start() > Timestamp::LATEST
            || tally.counts.mentions == 0
        {
            return;
        }
        let minute = tally.slice.minute();
        let closed = self.clock.closed;
        let slot = &mut self.slots[place];
        slot.dirty = true;
        if closed.is_some_and(|closed| minute <= closed) {
            self.late += 1;
            if let (Some(closed), Some(state)) = (closed, &mut slot.state) {
                state.add_late(tally, closed);
            }
            return;
        }
        let (retired, roster) = (&self.clock.retired, &self.clock.roster);
        let state = slot.state.get_or_insert_with(|| {
            let mut state = WatchState::after(retired.get(&slot.name).copied());
            if let Some(since) = roster.since(&slot.name) {
                state.begin(since);
            }
            state
        });
        state.add(tally);
        self.active.insert(place);
        if let Some(closed) = closed
            && let Some((number, signal)) = state.early(tally.slice, closed, &slot.limits)
        {
            out.push(entry(&slot.name, number, signal));
        }
    }

    /// Takes in how far event time has come.
    pub fn watermarks(&mut self, watermarks: &Watermarks, out: &mut Vec<Entry>) {
        self.clock.feed.heard(&watermarks.heard, self.clock.closed);
        self.clock.watermarks.merge(watermarks);
        let Some(low) = self.clock.watermarks.low() else { return };
        let low = low.clamp(Timestamp::EARLIEST, Timestamp::LATEST);
        let closed = low.minute() - 1;
        if self.clock.closed.is_some_and(|before| before >= closed) {
            return;
        }
        let first = self.clock.closed.replace(closed).is_none();
        // However much the first step covers. A post that is older than a day is not what the feed began with.
        let begun = self.clock.feed.first_open().filter(|begun| first && *begun > closed - DAY_MINUTES);
        self.enroll(begun.map_or(closed + 1, |begun| begun.min(closed + 1)));
        let mut of_feed = Vec::new();
        self.clock.feed.advance(closed, self.feed_zone.as_deref(), &mut of_feed);
        of_feed.retain(|_| self.feed);
        let mut found: Vec<Entry> = of_feed.into_iter().map(|(number, signal)| entry(FEED, number, signal)).collect();
        for place in std::mem::take(&mut self.active) {
            let slot = &mut self.slots[place];
            let Some(state) = &mut slot.state else { continue };
            let mut signals = Vec::new();
            slot.dirty |= state.is_busy();
            if let Some(since) = self.clock.roster.since(&slot.name) {
                state.begin(since);
            }
            state.advance(closed, &slot.limits, &self.clock.feed, &mut signals);
            // Until now it was not known which minutes are open, so that nothing could be announced early.
            if first {
                signals.extend(state.early_newest(closed, &slot.limits));
            }
            slot.dirty |= !signals.is_empty();
            if state.is_active() {
                self.active.insert(place);
            }
            found.extend(signals.into_iter().map(|(number, signal)| entry(&slot.name, number, signal)));
        }
        // The order of time, and of names within it: however far one step went.
        found.sort_by(|a, b| (a.at, &a.watch).cmp(&(b.at, &b.watch)));
        out.append(&mut found);
    }

    /// Takes over the past of a watch from history that was loaded. `None`: there is no such watch, or the snapshot
    /// cannot be read; else the hours it has learnt from now, and whether that is what the history brought.
    pub fn warm(&mut self, watch: &str, snapshot: Snapshot) -> Option<(i64, bool)> {
        let past = snapshot.restore()?;
        let place = *self.places.get(watch)?;
        let slot = &mut self.slots[place];
        let retired = &self.clock.retired;
        let state = slot.state.get_or_insert_with(|| WatchState::after(retired.get(&slot.name).copied()));
        let end = past.newest();
        let taken = state.warm(past, self.clock.closed, &slot.limits);
        slot.dirty = true;
        if state.is_active() {
            self.active.insert(place);
        }
        Some((state.learnt(self.clock.closed.unwrap_or(end))? / 60, taken))
    }

    /// How many tallies came after their minute was complete, since last asked.
    pub fn take_late(&mut self) -> u64 {
        std::mem::take(&mut self.late)
    }

    /// Where the watches stand that this partition has seen: name and newest five minutes.
    pub fn outlooks(&self) -> impl Iterator<Item = (&str, Outlook)> {
        let standing = |slot: &'_ Slot, closed| Some(slot.state.as_ref()?.outlook(closed, &slot.limits));
        self.slots.iter().filter_map(move |slot| Some((slot.name.as_str(), standing(slot, self.clock.closed?)?)))
    }

    /// What was known of `minute` of each watch before it began, in the order of the settings; `None` for one that has
    /// too short a past, or whose past no longer reaches back so far (11 h). For charts: nothing is concluded from it.
    pub fn before(&self, minute: i64) -> impl Iterator<Item = Option<Before>> {
        self.slots.iter().map(move |slot| slot.state.as_ref()?.before(minute, 1, &slot.limits))
    }

    /// From when to when the watches have a past.
    pub fn pasts(&self) -> impl Iterator<Item = (&str, Timestamp, Timestamp)> {
        self.slots.iter().filter_map(|slot| {
            let (from, to) = slot.state.as_ref()?.span()?;
            Some((slot.name.as_str(), Timestamp::start_of_minute(from), Timestamp::end_of_minute(to)))
        })
    }

    /// Bytes that the states of the watches take.
    pub fn bytes(&self) -> usize {
        self.slots.iter().filter_map(|slot| slot.state.as_ref()).map(WatchState::bytes).sum()
    }

    /// Event time and what belongs to no watch.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// The states of the watches that changed since this was last called, by name.
    pub fn snapshots(&mut self) -> Vec<(String, Snapshot)> {
        let changed = |slot: &mut Slot| {
            let state = slot.state.as_ref().filter(|_| std::mem::take(&mut slot.dirty))?;
            Some((slot.name.clone(), Snapshot::of(state)))
        };
        self.slots.iter_mut().filter_map(changed).collect()
    }

    /// Lets the next [`Core::snapshots`] hold every watch.
    pub fn touch_all(&mut self) {
        self.slots.iter_mut().for_each(|slot| slot.dirty = true);
    }

    /// Goes back to what a checkpoint holds. Says which snapshots were of no watch that is configured, or could not be
    /// read.
    pub fn restore(&mut self, clock: Clock, snapshots: BTreeMap<String, Snapshot>) -> Vec<String> {
        self.clock = clock;
        self.enrolled = false;
        self.active.clear();
        let mut unknown = Vec::new();
        for (name, snapshot) in snapshots {
            match (self.places.get(&name), snapshot.restore()) {
                (Some(&place), Some(state)) => {
                    if state.is_active() {
                        self.active.insert(place);
                    }
                    let slot = &mut self.slots[place];
                    slot.state = Some(state);
                    slot.dirty = false;
                }
                _ => unknown.push(name),
            }
        }
        unknown
    }
}

fn entry(watch: &str, number: u64, signal: Signal) -> Entry {
    let incident = IncidentId::new(watch, number);
    Entry { watch: watch.to_owned(), incident, at: signal.at, event: Event::Signal(Box::new(signal)) }
}
