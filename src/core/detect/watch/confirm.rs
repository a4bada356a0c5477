//! The confirm pass: complete minutes in order.

use orszem_records::signal::{Kind, Phase};
use orszem_records::tally::Tally;

use crate::detect::evaluate::{Beside, Finding, OUTRIGHT_WINDOW};
use crate::detect::feed::Feed;
use crate::detect::limits::Limits;
use crate::detect::numbered::Numbered;

use super::WatchState;
use super::judge::Known;
use super::signal::{Announcement, write};

impl WatchState {
    /// Completes all minutes up to `closed`. `feed` has come as far.
    pub fn advance(&mut self, closed: i64, limits: &Limits, feed: &Feed, out: &mut Vec<Numbered>) {
        loop {
            let (open, look) = (self.minutes.first_open(), self.incidents.next_look());
            let next = open.into_iter().chain(look).chain(self.incidents.missed).min();
            let Some(minute) = next.filter(|minute| *minute <= closed) else { return };
            self.minutes.complete.advance(minute);
            if open == Some(minute)
                && let Some(tally) = self.minutes.open.remove(&minute)
            {
                self.complete(minute, &tally, limits, out);
            }
            if look == Some(minute) {
                self.look(minute, limits, out);
            }
            if self.incidents.missed == Some(minute) && self.incidents.is_missed(minute, feed.is_quiet(minute)) {
                self.miss(minute, limits, out);
            }
        }
    }

    /// It was to be mentioned by now.
    fn miss(&mut self, minute: i64, limits: &Limits, out: &mut Vec<Numbered>) {
        let Some(finding) = self.silence(minute, limits) else { return };
        self.incidents.open_silence(&finding, limits);
        self.tell(Phase::Opened, &finding, limits, out);
    }

    /// The finding that nothing came up to `minute`.
    fn silence(&mut self, minute: i64, limits: &Limits) -> Option<Finding> {
        let silence = Some(self.known(limits).silence(minute)?);
        Some(self.find(minute, Beside { silence, ..Beside::default() }, limits))
    }

    /// Folds a complete minute.
    fn complete(&mut self, minute: i64, tally: &Tally, limits: &Limits, out: &mut Vec<Numbered>) {
        if self.incidents.is(Kind::Silence) {
            if let Some(finding) = self.silence(minute, limits) {
                self.tell(Phase::Closed, &finding, limits, out);
            }
            self.incidents.close_silence();
        }
        self.incidents.seen(minute, &mut self.past.presence);
        self.fold(minute, tally, limits);

        let slow_burn = if self.incidents.is(Kind::SlowBurn) {
            self.past.slow_burn.finding()
        } else {
            self.past.slow_burn.new_finding()
        };
        let learning = limits.is_learning(self.known(limits).learnt(minute));
        let slow_burn = slow_burn.filter(|_| !learning && !self.incidents.holds_slow_burns(minute));
        let finding = self.find(minute, Beside { slow_burn, ..Beside::default() }, limits);
        let negatives = finding.windows[OUTRIGHT_WINDOW].weighed_negatives;
        self.past.scores.add(minute, finding.comparable_scores(), negatives);
        let open = self.incidents.episode.is_some();
        let Some(phase) = self.incidents.conclude(&finding, limits) else { return };
        if !open {
            self.past.incident_opens(self.incidents.is_burst());
        }
        self.tell(phase, &finding, limits, out);
    }

    fn fold(&mut self, minute: i64, tally: &Tally, limits: &Limits) {
        if self.minutes.since.is_none() {
            self.past.begin(minute);
        }
        let counts = self.minutes.fold(minute, tally);
        self.past.settle(minute, self.incidents.is_burst(), limits);
        self.past.add(minute, &counts);
        self.past.learn(minute, tally, self.incidents.episode.is_some());
        self.incidents.add(minute, tally);
    }

    /// The regular look at an open incident.
    fn look(&mut self, minute: i64, limits: &Limits, out: &mut Vec<Numbered>) {
        self.past.settle(minute, self.incidents.is_burst(), limits);
        let mut beside = Beside::default();
        if self.incidents.is(Kind::SlowBurn) {
            beside.slow_burn = self.past.slow_burn.finding();
            beside.holds_open = !self.past.slow_burn.is_calm();
        }
        if self.incidents.is(Kind::Silence) {
            beside.silence = self.known(limits).silence(minute);
            // Only a mention ends it, or a day in which the quiet has become usual.
            beside.holds_open = true;
        }
        let finding = self.find(minute, beside, limits);
        let Some(phase) = self.incidents.look(&finding) else { return };
        self.tell(phase, &finding, limits, out);
        if phase == Phase::Closed {
            self.incidents.close(minute);
            self.past.terms.close();
        }
    }

    pub(super) fn known<'a>(&'a self, limits: &'a Limits) -> Known<'a> {
        Known { minutes: &self.minutes, past: &self.past, limits }
    }

    /// Judges a complete minute.
    fn find(&mut self, minute: i64, beside: Beside, limits: &Limits) -> Finding {
        let known = Known { minutes: &self.minutes, past: &self.past, limits };
        self.judge.find(minute, None, (self.incidents.thresholds(minute), beside), known)
    }

    fn tell(&self, phase: Phase, finding: &Finding, limits: &Limits, out: &mut Vec<Numbered>) {
        let Some(episode) = &self.incidents.episode else { return };
        let told = Announcement::of(episode, phase, finding.minute, self.past.terms.drivers());
        out.push((self.incidents.opened, write(told, finding, self.known(limits))));
    }
}
