//! The course of a watch's incidents: when one opens, what is reported, when it is over.

use serde::{Deserialize, Serialize};

use orszem_records::signal::{Kind, Phase};
use orszem_records::statistic::PerStatistic;
use orszem_records::tally::Tally;

use crate::detect::absence::{Presence, SilencePolicy};
use crate::detect::episode::{Episode, LOOK, ReopenThreshold, Verdict};
use crate::detect::evaluate::Finding;
use crate::detect::limits::Limits;
use crate::detect::totals::{LeadIn, Totals};

/// A watch is missed after an hour, once it came for eight days: a week-end must have been seen.
const POLICY: SilencePolicy = SilencePolicy { min_gap: 60, warm_up: 8 * 1440 };
/// If it is unclear whether a watch is silent, it is checked again after this many minutes.
const AGAIN: i64 = 60;

/// The incidents of a watch: the open one, and what the next one needs.
#[derive(Clone, Debug, Default)]
pub(crate) struct Incidents {
    /// Incidents opened so far, the open one included.
    pub(crate) opened: u64,
    pub(crate) episode: Option<Episode>,
    /// What the next incident must exceed.
    pub(crate) reopen: Option<ReopenThreshold>,
    /// The early pass announced the next incident.
    pub(crate) announced: Option<Announced>,
    /// The minute with which the watch is silent, or is looked at again. A function of its presence but for that.
    pub(crate) missed: Option<i64>,
    pub(crate) lead_in: LeadIn,
}

/// What the early pass said of an incident before its minute was complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Written")]
pub(crate) struct Announced {
    /// The minute.
    pub(crate) minute: i64,
    /// The severity: more that is no part of the incident may still have come in the same minute.
    pub(crate) severity: u8,
}

/// Versions before 0.1.0 wrote the minute alone.
#[derive(Deserialize)]
#[serde(untagged)]
enum Written {
    Minute(i64),
    Announced { minute: i64, severity: u8 },
}

impl From<Written> for Announced {
    fn from(written: Written) -> Announced {
        match written {
            Written::Minute(minute) => Announced { minute, severity: 4 },
            Written::Announced { minute, severity } => Announced { minute, severity },
        }
    }
}

impl Incidents {
    /// An incident of this kind is open.
    pub(super) fn is(&self, kind: Kind) -> bool {
        self.episode.as_ref().is_some_and(|episode| episode.kind == kind)
    }

    /// What the scores of `minute` must exceed, if anything.
    pub(super) fn thresholds(&self, minute: i64) -> Option<PerStatistic<f64>> {
        self.reopen.and_then(|reopen| reopen.scores_at(minute))
    }

    /// The minute of the next look at the open incident: looks end with a multiple of five minutes.
    pub(super) fn next_look(&self) -> Option<i64> {
        self.episode.as_ref().map(|episode| (episode.looked + 1).div_euclid(LOOK) * LOOK + LOOK - 1)
    }

    /// Counts a complete minute.
    pub(super) fn add(&mut self, minute: i64, tally: &Tally) {
        match &mut self.episode {
            Some(episode) => episode.add(tally),
            None => self.lead_in.add(minute, tally),
        }
    }

    /// Counts what came after its minute was complete.
    pub(super) fn add_late(&mut self, tally: &Tally) {
        if let Some(episode) = &mut self.episode
            && tally.slice.minute() >= episode.opened
        {
            episode.add(tally);
        }
    }

    /// Decides from a complete minute with mentions what to report, if anything. An incident that the early pass
    /// announced continues.
    pub(super) fn conclude(&mut self, finding: &Finding, limits: &Limits) -> Option<Phase> {
        if let Some(episode) = &mut self.episode {
            return (episode.minute(finding, limits) == Verdict::Tell).then_some(Phase::Updated);
        }
        // What was announced is opened in any case: a budget may have changed between.
        let announced = self.announced.filter(|announced| announced.minute <= finding.minute);
        if !finding.fires() && announced.is_none() {
            return None;
        }
        let lead_in = std::mem::take(&mut self.lead_in).totals(finding.minute);
        self.reopen = None;
        self.open(finding, lead_in, limits);
        let early = self.announced.take();
        if let (Some(episode), Some(early)) = (&mut self.episode, early) {
            episode.was_announced(early.severity);
        }
        Some(if early.is_some() { Phase::Updated } else { Phase::Opened })
    }

    fn open(&mut self, finding: &Finding, totals: Totals, limits: &Limits) {
        self.opened += 1;
        self.episode = Some(Episode::open(finding, totals, limits));
    }

    /// Looks at the open incident: says what is to be told, if anything.
    pub(super) fn look(&mut self, finding: &Finding) -> Option<Phase> {
        match self.episode.as_mut()?.look(finding) {
            Verdict::Same => None,
            Verdict::Tell => Some(Phase::Updated),
            Verdict::Over => Some(Phase::Closed),
        }
    }

    /// The open incident is over: the next one must exceed it.
    pub(super) fn close(&mut self, minute: i64) {
        self.reopen = self.episode.take().map(|episode| episode.reopen_threshold(minute));
    }

    /// Nothing came for long: opens a silence.
    pub(super) fn open_silence(&mut self, finding: &Finding, limits: &Limits) {
        self.open(finding, Totals::default(), limits);
    }

    /// Something came: a silence is over.
    pub(super) fn close_silence(&mut self) {
        self.episode.take_if(|episode| episode.kind == Kind::Silence);
    }

    /// The watch was to be mentioned by `minute`: says whether it is missed, or looks again later. A feed that brings
    /// nothing is another finding; and a watch in an incident is not quiet, only over it soon.
    pub(super) fn is_missed(&mut self, minute: i64, quiet_feed: bool) -> bool {
        let unclear = self.episode.is_some() || self.announced.is_some() || quiet_feed;
        self.missed = unclear.then_some(minute + AGAIN);
        !unclear
    }

    /// Something came at `minute`.
    pub(super) fn seen(&mut self, minute: i64, presence: &mut Presence) {
        presence.seen(minute, POLICY);
        self.missed = presence.due(POLICY);
    }

    /// Another past was taken over: nothing is missed that it would have missed before `closed`.
    pub(super) fn miss_after(&mut self, closed: Option<i64>, presence: &Presence) {
        let earliest = |due: i64| due.max(closed.map_or(due, |closed| closed + AGAIN));
        self.missed = presence.due(POLICY).map(earliest);
    }

    pub(super) fn heap_bytes(&self) -> usize {
        self.lead_in.heap_bytes() + self.episode.as_ref().map_or(0, Episode::heap_bytes)
    }
}
