//! The early pass: a minute that is still open opens an incident at once, if what is counted so far surprises.

use orszem_records::signal::{Kind, Phase};
use orszem_records::time::{Slice, Timestamp};

use crate::detect::episode::Episode;
use crate::detect::limits::Limits;
use crate::detect::numbered::Numbered;

use super::WatchState;
use super::incident::Announced;
use super::judge::{Judge, Known};
use super::signal::{Announcement, write};

/// How many minutes after the last complete one the early pass may look at. The gaps of baseline and tail are longer.
const HORIZON: i64 = 5;
/// It may be a joy while positives are up by more than this many standard errors.
const MAY_BE_JOY: f64 = 0.5;
/// More negatives may be no larger share yet while that is up by less than this: others of the same minute may follow.
const MAY_BE_NEWS: f64 = 2.5;

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
        // Before it is known since when it is watched there is no past, but its settings may call this a crisis.
        let mut unsettled = Judge::default();
        let judge = if self.minutes.since.is_some() {
            self.minutes.complete.advance(closed);
            self.past.settle(closed + 1, limits);
            &mut self.judge
        } else {
            &mut unsettled
        };
        let open = self.minutes.weigh_open(closed, minute);
        let known = Known { minutes: &self.minutes, past: &self.past, limits };
        let thresholds = self.incidents.thresholds(minute);
        let finding = judge.find_early(minute, &open, thresholds, known)?;
        // Kinds are judged on complete minutes; what may turn out to be joy, or to page nobody, waits for that.
        let kind = finding.kind();
        let may_be_friendly = match kind {
            _ if finding.crisis.is_some() || finding.learning => false,
            Kind::Negativity => finding.share_up < MAY_BE_NEWS || finding.positives_up > MAY_BE_JOY,
            _ => finding.positives_were_up > MAY_BE_JOY,
        };
        if !finding.pages() || may_be_friendly {
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
            severity: Episode::first_severity(&finding, &totals, limits),
            at: slice.end(),
            opened_at: Timestamp::start_of_minute(minute),
            outright: finding.learning,
            note: false,
            new_usual: false,
            totals: &totals,
            course: None,
            height: finding.peak(kind).into(),
            drivers: terms.drivers(),
        };
        self.incidents.announced = Some(Announced { minute, severity: told.severity });
        Some((self.incidents.opened + 1, write(told, &finding, known)))
    }
}
