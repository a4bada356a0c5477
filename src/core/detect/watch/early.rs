//! The early pass: a minute that is still open opens an incident at once, if what is counted so far surprises.

use orszem_records::signal::{Kind, Phase};
use orszem_records::time::{Slice, Timestamp};

use crate::detect::episode::Episode;
use crate::detect::evaluate::Beside;
use crate::detect::limits::Limits;
use crate::detect::numbered::Numbered;

use super::WatchState;
use super::judge::{Judge, Known};
use super::signal::{Announcement, write};

/// How many minutes after the last complete one the early pass may look at. The gaps of baseline and tail are longer.
const HORIZON: i64 = 5;

impl WatchState {
    /// Looks at the newest minute that has a mention, for a watch whose mentions came before any minute was complete.
    pub fn early_newest(&mut self, closed: i64, limits: &Limits) -> Option<Numbered> {
        let slice = self.minutes.open.last_key_value()?.1.slice;
        self.early(slice, closed, limits)
    }

    /// Looks at the minute of `slice` after a tally of it came in. `closed` is the last complete minute.
    pub fn early(&mut self, slice: Slice, closed: i64, limits: &Limits) -> Option<Numbered> {
        let minute = slice.minute();
        // A mention ends a silence, so what it brings with it can be told at once.
        let busy = self.incidents.episode.is_some() && !self.incidents.is(Kind::Silence);
        if busy || self.incidents.announced.is_some() || minute - closed > HORIZON {
            return None;
        }
        // A watch that was never mentioned has no past to settle, but its settings may call this a crisis outright.
        let mut unsettled = Judge::default();
        let judge = if self.minutes.since.is_some() {
            self.minutes.complete.advance(closed);
            self.past.settle(closed + 1, self.incidents.is_burst(), limits);
            &mut self.judge
        } else {
            &mut unsettled
        };
        let open = self.minutes.weigh_open(closed, minute);
        let known = Known { minutes: &self.minutes, past: &self.past, limits };
        let thresholds = self.incidents.thresholds(minute);
        let finding = judge.find(minute, Some(&open), (thresholds, Beside::default()), known);
        if !finding.fires() {
            return None;
        }
        // Kinds are judged on complete minutes; what may turn out to be joy waits for that.
        let kind = finding.kind();
        if kind == Kind::Praise
            || (kind == Kind::Volume && finding.shares().is_some_and(|shares| shares.positive > 1.0))
        {
            return None;
        }
        let mut totals = self.incidents.lead_in.clone().totals(minute);
        let mut terms = self.past.terms.clone();
        terms.open();
        for (minute, tally) in self.minutes.open_until(minute) {
            totals.add(tally);
            terms.add(minute, &tally.key_terms, true);
        }
        let told = Announcement {
            phase: Phase::Opened,
            kind,
            severity: Episode::least_severity(&finding, &totals, limits),
            at: slice.end(),
            opened_at: Timestamp::start_of_minute(minute),
            outright: finding.learning,
            totals: &totals,
            drivers: terms.drivers(),
        };
        self.incidents.announced = Some(minute);
        Some((self.incidents.opened + 1, write(told, &finding, known)))
    }
}
