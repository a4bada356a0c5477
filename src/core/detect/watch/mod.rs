//! One watch: tallies into minutes, minutes into what is usual, findings into incidents and their signals.
//!
//! Two passes. *Confirm* folds complete minutes in order; everything statistical is a function of their final counts,
//! so neither batches nor the order of arrival matter. *Early* looks at a minute that is still open when a tally comes
//! in: counts only grow and the past it is held against lies behind the open minutes, so what fires early is confirmed
//! later, with the final figures.

mod chart;
mod confirm;
mod early;
pub(super) mod fold;
pub(super) mod incident;
pub(super) mod judge;
pub mod outlook;
pub(super) mod past;
mod signal;

use orszem_records::tally::Tally;

use super::limits::Limits;

/// The state of one watch.
#[derive(Clone, Debug, Default)]
pub struct WatchState {
    pub(super) minutes: fold::Minutes,
    pub(super) past: past::Past,
    pub(super) incidents: incident::Incidents,
    /// Not part of the state: a function of the others.
    pub(super) judge: judge::Judge,
}

impl WatchState {
    /// A watch without a past. `incidents`: it was gone, and had opened this number before.
    pub fn after(incidents: Option<u64>) -> WatchState {
        let mut state = WatchState::default();
        state.incidents.opened = incidents.unwrap_or(0);
        state
    }

    /// It is looked for since the minute `since`, where that is not known yet: from then on nothing is knowledge, too.
    pub fn begin(&mut self, since: i64) {
        if self.minutes.since.is_none() {
            let since = self.minutes.begin(since);
            self.past.begin(since);
        }
    }

    /// Whether it must know how time advances: minutes are open or an incident is, or it would be missed.
    pub fn is_active(&self) -> bool {
        self.is_busy() || self.incidents.missed.is_some()
    }

    /// Whether time changes its state: minutes are open or an incident is.
    pub fn is_busy(&self) -> bool {
        !self.minutes.open.is_empty() || self.incidents.episode.is_some()
    }

    /// The first and the last minute of its past.
    pub fn span(&self) -> Option<(i64, i64)> {
        Some((self.minutes.since?, self.newest()))
    }

    /// The last minute that was looked at.
    pub fn newest(&self) -> i64 {
        self.minutes.complete.head()
    }

    /// Minutes of past; `None` before the first mention.
    pub fn learnt(&self, now: i64) -> Option<i64> {
        self.minutes.since.map(|since| now - since)
    }

    /// Takes over what `past` has learnt, where that is more: the same watch, from history that was loaded. What is
    /// counted here beyond its end is kept as far as minutes are; the incident and open minutes stay as they are.
    /// Returns whether anything was taken.
    pub fn warm(&mut self, past: WatchState, closed: Option<i64>, limits: &Limits) -> bool {
        let Some(theirs) = past.minutes.since else { return false };
        if self.minutes.since.is_some_and(|ours| ours <= theirs) {
            return false;
        }
        let live = self.minutes.take_over(past.minutes);
        self.past = past.past;
        self.judge = judge::Judge::default();
        let end = self.newest();
        self.minutes.complete.advance(live.head());
        for minute in live.minutes_after(end) {
            let counts = live.sum(minute, minute);
            self.minutes.complete.add(minute, &counts);
            self.past.settle(minute, limits);
            self.past.add(minute, &counts);
            self.incidents.seen(minute, &mut self.past.presence);
        }
        self.incidents.miss_after(closed, &self.past.presence);
        true
    }

    /// Adds a tally of a minute that is not complete.
    pub fn add(&mut self, tally: &Tally) {
        self.minutes.add(tally);
    }

    /// Adds a tally that came after its minute was complete (`closed` is the last that is). It counts into its
    /// minute while that is kept, and into the incident; averages and past stay as they were.
    pub fn add_late(&mut self, tally: &Tally, closed: i64) {
        if self.minutes.add_late(tally, closed) {
            self.judge.forget_windows();
            self.incidents.add_late(tally);
        }
    }

    /// The memory that this watch uses, in bytes.
    pub fn bytes(&self) -> usize {
        size_of::<WatchState>()
            + self.minutes.heap_bytes()
            + self.past.heap_bytes()
            + self.incidents.heap_bytes()
            + self.judge.heap_bytes()
    }
}
