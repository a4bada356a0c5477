//! The confirm pass: complete minutes in order.

use orszem_records::signal::{Kind, Phase};
use orszem_records::tally::Tally;

use crate::detect::course::Course;
use crate::detect::episode::Episode;
use crate::detect::evaluate::{Finding, OUTRIGHT_WINDOW};
use crate::detect::feed::Feed;
use crate::detect::figures::Figures;
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
        Some(self.find(minute, silence, limits))
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

        let finding = self.find(minute, None, limits);
        let open = self.incidents.episode.is_some();
        let phase = self.incidents.conclude(&finding, limits);
        if let (false, Some(episode)) = (open, &mut self.incidents.episode) {
            episode.course = Course::begin(minute, &self.minutes.complete);
            self.past.terms.open();
        }
        let negatives = finding.windows[OUTRIGHT_WINDOW].weighed_negatives;
        let told = self.incidents.episode.as_ref().map(Episode::told_levels);
        self.past.scores.add(minute, finding.comparable_scores(), negatives, told);
        if let Some(phase) = phase {
            self.tell(phase, &finding, limits, out);
        }
    }

    fn fold(&mut self, minute: i64, tally: &Tally, limits: &Limits) {
        let counts = self.minutes.fold(minute, tally);
        self.past.settle(minute, limits);
        self.past.add(minute, &counts);
        self.past.learn(minute, tally, self.incidents.episode.is_some());
        self.incidents.add(minute, tally);
    }

    /// The regular look at an open incident.
    fn look(&mut self, minute: i64, limits: &Limits, out: &mut Vec<Numbered>) {
        self.past.settle(minute, limits);
        let silence = self.incidents.is(Kind::Silence);
        let silence = if silence { self.known(limits).silence(minute) } else { None };
        let finding = self.find(minute, silence, limits);
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
    fn find(&mut self, minute: i64, silence: Option<Figures>, limits: &Limits) -> Finding {
        let known = Known { minutes: &self.minutes, past: &self.past, limits };
        self.judge.find(minute, self.incidents.thresholds(minute), silence, known)
    }

    fn tell(&mut self, phase: Phase, finding: &Finding, limits: &Limits, out: &mut Vec<Numbered>) {
        let Some(episode) = &mut self.incidents.episode else { return };
        let height = episode.told_height(finding);
        let Some(episode) = &self.incidents.episode else { return };
        let told = Announcement::of(episode, phase, finding.minute, height, self.past.terms.drivers());
        out.push((self.incidents.opened, write(told, finding, self.known(limits))));
    }
}
