//! The state of one watch: complete minutes folded into rows, average and past; minutes still open; the incident.
//!
//! Two passes. *Confirm* folds complete minutes in order; everything statistical is a function of their final counts,
//! so neither batches nor the order of arrival matter. *Early* looks at a minute that is still open when a tally comes
//! in: counts only grow and the past it is held against lies behind the open minutes, so what fires early is confirmed
//! later, with the final figures.

use std::collections::BTreeMap;

use orszem_records::tally::Tally;
use orszem_records::time::{Slice, Timestamp};

use super::absence::{Presence, SilencePolicy};
use super::baseline::{BLOCK, Baseline, Rates, block_of, interval};
use super::episode::{Episode, FEW_SAMPLES, LOOK, LeadIn, ReopenThreshold, Totals, Verdict, sample_bytes};
use super::evaluate::{Figures, Finding, Fits, Limits, OUTRIGHT_WINDOW, rates};
use super::feed::Feed;
use super::minute_counts::{MinuteCounts, MinuteTable, WINDOWS};
use super::repeat_weights::Copies;
use super::rhythm::Rhythm;
use super::severity::Mistaken;
use super::slow_burn::{Course, Sum};
use super::tail_model::ScoreHistory;
use crate::detect::drivers::Words;
use crate::detect::forecast::forecasts;
use orszem_records::signal::Driver;
use orszem_records::signal::Forecast;
use orszem_records::signal::{CHART_POINTS, Kind, Phase, Point, Signal};
use orszem_records::time::{MINUTE_MS, end_of, minute_of};

/// How many minutes after the last complete one the early pass may look at. The gaps of baseline and tail are longer.
const HORIZON: i64 = 5;
/// Points of the chart.
const POINTS: i64 = 96;
const _: () = assert!(POINTS.unsigned_abs() == CHART_POINTS as u64);
/// Minutes a point of the chart covers.
const POINT: i64 = 5;

/// A watch is missed after an hour, once it came for eight days: a week-end must have been seen.
const PATIENCE: SilencePolicy = SilencePolicy { least: 60, learn: 8 * 1440 };
/// When it cannot be said whether a watch is silent, it is looked at again after so many minutes.
const AGAIN: i64 = 60;

/// The state of one watch.
#[derive(Clone, Debug)]
pub struct WatchState {
    /// The minute its past begins with: the first complete one that had a mention. That depends neither on when the
    /// program was started nor on which partition was heard of first.
    pub(super) since: Option<i64>,
    pub(super) rows: MinuteTable,
    /// The block under way and its counts.
    pub(super) block: (i64, MinuteCounts, Sum),
    pub(super) baseline: Baseline,
    pub(super) rhythm: Rhythm,
    pub(super) past: ScoreHistory,
    pub(super) course: Course,
    pub(super) copies: Copies,
    pub(super) presence: Presence,
    /// The minute with which it is silent, or is looked at again. A function of `presence` but for that.
    pub(super) missed: Option<i64>,
    /// How often what judges its mentions is wrong.
    pub(super) mistaken: Mistaken,
    pub(super) lead: LeadIn,
    pub(super) words: Words,
    /// Minutes that are not complete.
    pub(super) open: BTreeMap<i64, Tally>,
    /// Incidents opened so far, the open one included.
    pub(super) incidents: u64,
    pub(super) episode: Option<Episode>,
    /// What the next incident must exceed.
    pub(super) bar: Option<ReopenThreshold>,
    /// The early pass told of the next incident, at this minute.
    pub(super) announced: Option<i64>,
    /// A function of `past`: not part of the state.
    pub(super) fits: Option<Fits>,
    /// A function of the complete minutes: not part of the state.
    pub(super) ahead: Option<Box<WindowCache>>,
}

/// What the complete minutes bring to the judgement of one that is open.
#[derive(Clone, Debug)]
pub(super) struct WindowCache {
    at: (i64, i64),
    windows: [MinuteCounts; WINDOWS],
    rates: [Option<Rates>; WINDOWS],
    most_negatives: u64,
}

/// A signal and the number of its incident.
pub type Numbered = (u64, Signal);

/// The newest five minutes against what was expected of them.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Outlook {
    /// Mentions seen.
    pub observed: u64,
    /// Of them negative.
    pub negatives: u64,
    /// Mentions expected.
    pub expected: f64,
    /// Where they would lie 95 times of 100.
    pub interval: (f64, f64),
    /// Hours until the past is long enough to be compared with; 0 when it is.
    pub learning_left: u32,
}

/// Whole hours until a past of `learnt` minutes is long enough, rounded up.
fn learning_left(learnt: i64, limits: &Limits) -> u32 {
    u32::try_from((limits.learn_minutes - learnt.max(0) + 59).div_euclid(60).max(0)).unwrap_or(u32::MAX)
}

/// A watch without a past.
impl Default for WatchState {
    fn default() -> WatchState {
        WatchState {
            since: None,
            rows: MinuteTable::new(0),
            block: (0, MinuteCounts::default(), Sum::default()),
            baseline: Baseline::new(0),
            rhythm: Rhythm::default(),
            past: ScoreHistory::default(),
            course: Course::default(),
            copies: Copies::default(),
            presence: Presence::default(),
            missed: None,
            mistaken: Mistaken::default(),
            lead: LeadIn::default(),
            words: Words::default(),
            open: BTreeMap::new(),
            incidents: 0,
            episode: None,
            bar: None,
            announced: None,
            fits: None,
            ahead: None,
        }
    }
}

impl WatchState {
    /// Whether time must be told to it: minutes are open or an incident is, or it would be missed.
    pub fn is_active(&self) -> bool {
        self.is_busy() || self.missed.is_some()
    }

    /// Whether time changes its state: minutes are open or an incident is.
    pub fn is_busy(&self) -> bool {
        !self.open.is_empty() || self.episode.is_some()
    }

    /// Takes over what `past` has learnt, where that is more: the same watch, from history that was loaded. What is
    /// counted here beyond its end is kept as far as minutes are; the incident and open minutes stay as they are.
    /// Returns whether anything was taken.
    pub fn warm(&mut self, past: WatchState, closed: Option<i64>, limits: &Limits) -> bool {
        let Some(theirs) = past.since else { return false };
        if self.since.is_some_and(|ours| ours <= theirs) {
            return false;
        }
        let live = std::mem::replace(self, past);
        // What had been open there lies in the past, or is counted here.
        let WatchState { open, incidents, episode, bar, announced, copies, lead, .. } = live;
        (self.open, self.incidents, self.episode, self.bar) = (open, incidents, episode, bar);
        (self.announced, self.copies, self.lead) = (announced, copies, lead);
        (self.fits, self.ahead) = (None, None);
        let end = self.rows.head();
        self.rows.advance(live.rows.head());
        for minute in live.rows.minutes_after(end) {
            let cell = live.rows.sum(minute, minute);
            self.rows.add(minute, &cell);
            self.settle(minute, limits);
            if block_of(minute) != self.block.0 {
                self.block = (block_of(minute), MinuteCounts::default(), Sum::default());
            }
            self.block.1.add(&cell);
            self.presence.seen(minute, PATIENCE);
        }
        self.missed = self.presence.due(PATIENCE).map(|due| due.max(closed.map_or(due, |closed| closed + AGAIN)));
        true
    }

    /// The first and the last minute of its past.
    pub fn span(&self) -> Option<(i64, i64)> {
        Some((self.since?, self.rows.head()))
    }

    /// Minutes of past; `None` before the first mention.
    pub fn learnt(&self, now: i64) -> Option<i64> {
        self.since.map(|since| now - since)
    }

    /// Takes in a tally of a minute that is not complete.
    pub fn add(&mut self, tally: &Tally) {
        let minute = minute_of(tally.slice);
        match self.open.get_mut(&minute) {
            Some(open) => {
                open.merge(tally);
                open.samples.truncate(FEW_SAMPLES);
            }
            None => {
                let mut open = Tally { watch: String::new(), ..tally.clone() };
                open.samples.truncate(FEW_SAMPLES);
                open.samples.shrink_to_fit();
                self.open.insert(minute, open);
            }
        }
    }

    /// Takes in a tally that came after its minute was complete (`closed` is the last that is). It counts into its
    /// minute while that is kept, and into the incident; averages and past stay as they were.
    pub fn add_late(&mut self, tally: &Tally, closed: i64) {
        let minute = minute_of(tally.slice);
        if self.since.is_none_or(|since| minute < since) {
            return;
        }
        self.ahead = None;
        self.rows.advance(closed);
        let repeats = tally.mentions.saturating_sub(tally.originals);
        let unweighed = if tally.repeaters.is_empty() { 0 } else { repeats };
        let light_negatives = if tally.repeaters.is_empty() { 0 } else { tally.negative_repeats };
        self.rows.add(
            minute,
            &MinuteCounts {
                mentions: tally.mentions,
                negatives: tally.negatives,
                positives: tally.positives,
                weighed: tally.mentions - unweighed,
                weighed_negatives: tally.negatives.saturating_sub(light_negatives),
            },
        );
        if let Some(episode) = &mut self.episode
            && minute >= episode.opened
        {
            episode.totals.add(tally);
        }
    }

    /// The confirm pass, up to the minute `closed`. `feed` has come as far.
    pub fn advance(&mut self, closed: i64, limits: &Limits, feed: &Feed, out: &mut Vec<Numbered>) {
        loop {
            let open = self.open.first_key_value().map(|(minute, _)| *minute);
            // Looks end with a multiple of five minutes.
            let look = self.episode.as_ref().map(|episode| (episode.looked + 1).div_euclid(LOOK) * LOOK + LOOK - 1);
            let next = open.into_iter().chain(look).chain(self.missed).min();
            let Some(minute) = next.filter(|minute| *minute <= closed) else { return };
            self.rows.advance(minute);
            if open == Some(minute)
                && let Some(tally) = self.open.remove(&minute)
            {
                self.complete(minute, &tally, limits, out);
            }
            if look == Some(minute) {
                self.look(minute, limits, out);
            }
            if self.missed == Some(minute) {
                self.miss(minute, limits, feed, out);
            }
        }
    }

    /// It was to be mentioned by now.
    fn miss(&mut self, minute: i64, limits: &Limits, feed: &Feed, out: &mut Vec<Numbered>) {
        // A feed that brings nothing is another finding; and a watch in an incident is not quiet, only over it soon.
        if self.episode.is_some() || self.announced.is_some() || feed.is_quiet(minute) {
            self.missed = Some(minute + AGAIN);
            return;
        }
        self.missed = None;
        let Some(finding) = self.silence(minute, limits) else { return };
        self.incidents += 1;
        self.episode = Some(Episode::open(&finding, Totals::default(), limits));
        self.tell(Phase::Opened, &finding, limits, out);
    }

    /// The finding that nothing came up to `minute`.
    fn silence(&mut self, minute: i64, limits: &Limits) -> Option<Finding> {
        let last = self.presence.last()?;
        let silence = self.presence.silence(minute)?;
        let mut finding = self.find(minute, None, limits);
        let rates = self.baseline.at(block_of(last) - 1);
        let expected = rates.map_or(silence.expected, |rates| rates.mentions * silence.minutes as f64);
        finding.silence = Some(Figures {
            observed: 0,
            expected,
            interval: interval(expected, rates.map_or(0.0, |rates| rates.dispersion)),
            window_s: u32::try_from(silence.minutes * 60).unwrap_or(u32::MAX),
            expected_per_week: silence.expected_per_week,
        });
        Some(finding)
    }

    /// It is mentioned again: its silence is over.
    fn speak(&mut self, minute: i64, limits: &Limits, out: &mut Vec<Numbered>) {
        if self.episode.as_ref().is_some_and(|episode| episode.kind == Kind::Silence) {
            if let Some(finding) = self.silence(minute, limits) {
                self.tell(Phase::Closed, &finding, limits, out);
            }
            self.episode = None;
        }
        self.presence.seen(minute, PATIENCE);
        self.missed = self.presence.due(PATIENCE);
    }

    /// Folds a complete minute.
    fn complete(&mut self, minute: i64, tally: &Tally, limits: &Limits, out: &mut Vec<Numbered>) {
        self.speak(minute, limits, out);
        if self.since.is_none() {
            self.since = Some(minute);
            self.rows = MinuteTable::new(minute);
            // The block it begins in is not whole, and does not count.
            self.baseline = Baseline::new(block_of(minute + BLOCK - 1));
        }
        let cell = self.copies.weigh(minute, tally);
        self.rows.add(minute, &cell);
        self.settle(minute, limits);
        if block_of(minute) != self.block.0 {
            self.block = (block_of(minute), MinuteCounts::default(), Sum::default());
        }
        self.block.1.add(&cell);
        self.block.2.add(tally);
        self.mistaken.add(tally);
        self.words.add(minute, &tally.key_terms, self.episode.is_some());
        match &mut self.episode {
            Some(episode) => episode.totals.add(tally),
            None => self.lead.add(minute, tally),
        }

        let mut finding = self.find(minute, None, limits);
        finding.creep = if self.is_slow_burn() { self.course.creep() } else { self.course.news() };
        finding.creep =
            finding.creep.filter(|_| !finding.learning && !ReopenThreshold::holds_slow_burns(self.bar, minute));
        let known = finding.rates.iter().all(Option::is_some);
        let scores = finding.scores.map(|score| score.map(|score| score.value).filter(|_| known));
        self.past.add(minute, scores, finding.windows[OUTRIGHT_WINDOW].weighed_negatives);
        match &mut self.episode {
            Some(episode) => {
                if episode.minute(&finding, limits) == Verdict::Tell {
                    self.tell(Phase::Updated, &finding, limits, out);
                }
            }
            None => {
                // What was announced is opened in any case: a budget may have changed between.
                let announced = self.announced.is_some_and(|announced| announced <= minute);
                let creeps = finding.creep.is_some_and(|creep| creep.fires(limits.slow_burns()));
                if finding.fires() || announced || creeps {
                    let phase = if self.announced.take().is_some() { Phase::Updated } else { Phase::Opened };
                    self.incidents += 1;
                    self.bar = None;
                    self.episode = Some(Episode::open(&finding, std::mem::take(&mut self.lead).totals(minute), limits));
                    self.words.open();
                    if !self.is_slow_burn() {
                        self.course.forget_newest();
                    }
                    self.tell(phase, &finding, limits, out);
                }
            }
        }
    }

    fn is_slow_burn(&self) -> bool {
        self.episode.as_ref().is_some_and(|episode| episode.kind == Kind::SlowBurn)
    }

    fn look(&mut self, minute: i64, limits: &Limits, out: &mut Vec<Numbered>) {
        self.settle(minute, limits);
        let mut finding = self.find(minute, None, limits);
        if self.is_slow_burn() {
            finding.creep = self.course.creep();
            finding.calm &= self.course.is_calm();
        }
        if self.episode.as_ref().is_some_and(|episode| episode.kind == Kind::Silence) {
            finding.silence = self.silence(minute, limits).and_then(|finding| finding.silence);
            // Only a mention ends it, or a day in which the quiet has become usual.
            finding.calm = false;
        }
        match self.episode.as_mut().map(|episode| episode.look(&finding)) {
            Some(Verdict::Tell) => self.tell(Phase::Updated, &finding, limits, out),
            Some(Verdict::Over) => {
                self.tell(Phase::Closed, &finding, limits, out);
                self.bar = self.episode.take().map(|episode| episode.bar(minute));
                self.words.close();
            }
            Some(Verdict::Same) | None => {}
        }
    }

    /// Hands the block and the hour that ended before `minute` to average, course and past.
    fn settle(&mut self, minute: i64, limits: &Limits) {
        if self.block.0 < block_of(minute) && self.block.1 != MinuteCounts::default() {
            let sum = std::mem::take(&mut self.block.1);
            let expected = self.baseline.at(self.block.0 - 1).map(|rates| rates.weighed * BLOCK as f64);
            self.rhythm.absorb(self.block.0, sum.weighed, expected, &limits.zone);
            self.baseline.absorb(self.block.0, &sum);
            let burst = self.episode.is_some() && !self.is_slow_burn();
            self.course.absorb(self.block.0, std::mem::take(&mut self.block.2), burst);
        }
        self.past.settle(minute);
    }

    /// Judges a minute: a complete one, or one that is open and holds `open`.
    fn find(&mut self, minute: i64, open: Option<&MinuteCounts>, limits: &Limits) -> Finding {
        let since = self.since.unwrap_or(minute);
        let tails = Fits::refresh(&mut self.fits, &self.past, since, minute);
        let head = self.rows.head();
        // The same open minute is judged at every tally of it; only what it holds changes.
        let ahead = match self.ahead.take().filter(|ahead| open.is_some() && ahead.at == (head, minute)) {
            Some(ahead) => ahead,
            None => {
                let windows = self.rows.windows(minute, &MinuteCounts::default());
                let rates = rates(&self.baseline, &self.rhythm, minute, limits);
                Box::new(WindowCache {
                    at: (head, minute),
                    windows,
                    rates,
                    most_negatives: self.past.most_negatives(minute),
                })
            }
        };
        let bar = ReopenThreshold::at(self.bar, minute);
        let mut windows = ahead.windows;
        windows.iter_mut().for_each(|window| window.add(open.unwrap_or(&MinuteCounts::default())));
        let finding = Finding::new(minute, windows, ahead.rates, (tails, ahead.most_negatives), bar, since, limits);
        let counted = limits.crisis.map_or(MinuteCounts::default(), |crisis| {
            let mut counted = self.rows.sum(minute - crisis.minutes + 1, minute);
            counted.add(open.unwrap_or(&MinuteCounts::default()));
            counted
        });
        let finding = finding.with_crisis(limits.crisis, &counted).with_error(self.mistaken.share());
        self.ahead = open.map(|_| ahead);
        finding
    }

    /// The early pass, after a tally of `slice` came in: opens the next incident at once if what is counted so far
    /// surprises. `closed` is the last complete minute.
    pub fn early(&mut self, slice: Slice, closed: i64, limits: &Limits) -> Option<Numbered> {
        let minute = minute_of(slice);
        // A mention ends a silence, so what it brings with it can be told at once.
        let busy = self.episode.as_ref().is_some_and(|episode| episode.kind != Kind::Silence);
        if busy || self.announced.is_some() || minute - closed > HORIZON || self.since.is_none() {
            return None;
        }
        self.rows.advance(closed);
        self.settle(closed + 1, limits);
        let open = self.weigh_open(closed, minute);
        let finding = self.find(minute, Some(&open), limits);
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
        let mut totals = self.lead.clone().totals(minute);
        self.open.range(..=minute).for_each(|(_, tally)| totals.add(tally));
        let severity = Episode::least_severity(&finding, &totals, limits);
        self.announced = Some(minute);
        let opened_at = Timestamp(minute * MINUTE_MS);
        let mut words = self.words.clone();
        words.open();
        self.open.range(..=minute).for_each(|(minute, tally)| words.add(*minute, &tally.key_terms, true));
        let (phase, drivers) = (Phase::Opened, words.drivers());
        let told = Announcement { phase, kind, severity, at: slice.end(), opened_at, totals: &totals, drivers };
        Some((self.incidents + 1, self.signal(&told, &finding, limits)))
    }

    /// What the open minutes up to `minute` weigh at least.
    fn weigh_open(&self, closed: i64, minute: i64) -> MinuteCounts {
        let repeats = |tally: &Tally| tally.mentions > tally.originals;
        let tallies = || self.open.range(..=minute);
        let mut copies = tallies().any(|(_, tally)| repeats(tally)).then(|| self.copies.clone());
        let turns = Copies::turns_between(closed + 1, minute);
        let mut sum = MinuteCounts::default();
        for (minute, tally) in tallies() {
            let mut cell = MinuteCounts {
                mentions: tally.mentions,
                negatives: tally.negatives,
                positives: tally.positives,
                weighed: tally.originals.min(tally.mentions),
                weighed_negatives: tally.negatives.saturating_sub(tally.negative_repeats),
            };
            // Repeats of unknown authors may yet turn out to be known: they wait.
            if let Some(copies) = &mut copies
                && !turns
                && !tally.repeaters.is_empty()
            {
                cell = copies.weigh(*minute, tally);
            }
            sum.add(&cell);
        }
        sum
    }

    fn tell(&self, phase: Phase, finding: &Finding, limits: &Limits, out: &mut Vec<Numbered>) {
        let Some(episode) = &self.episode else { return };
        let told = Announcement {
            phase,
            kind: episode.kind,
            severity: episode.severity,
            at: end_of(finding.minute),
            opened_at: Timestamp(episode.opened * MINUTE_MS),
            totals: &episode.totals,
            drivers: self.words.drivers(),
        };
        let mut signal = self.signal(&told, finding, limits);
        signal.learning |= episode.outright();
        out.push((self.incidents, signal));
    }

    fn signal(&self, told: &Announcement<'_>, finding: &Finding, limits: &Limits) -> Signal {
        let figures = finding.figures(told.kind);
        Signal {
            phase: told.phase,
            kind: told.kind,
            severity: told.severity,
            at: told.at,
            opened_at: told.opened_at,
            observed: figures.observed,
            expected: figures.expected,
            interval: figures.interval,
            window_s: figures.window_s,
            expected_per_week: figures.expected_per_week,
            budget: limits.budget,
            time_zone: limits.zone.iana_name().filter(|name| *name != "UTC").map(str::to_owned),
            learnt_hours: u32::try_from(finding.learnt / 60).unwrap_or(u32::MAX),
            learning: finding.learning,
            learning_left: learning_left(finding.learnt, limits),
            forecast: self.forecast(told, finding.minute),
            about: None,
            counts: told.totals.counts(),
            samples: told.totals.examples(&told.drivers),
            drivers: told.drivers.clone(),
            chart: self.chart(finding.minute, limits),
        }
    }

    /// Where an incident that is open goes from `minute`.
    fn forecast(&self, told: &Announcement<'_>, minute: i64) -> Vec<Forecast> {
        if told.phase == Phase::Closed || told.kind == Kind::Silence {
            return Vec::new();
        }
        let open: u64 = self.open.range(..=minute).map(|(_, tally)| tally.mentions).sum();
        let counted = |minutes: i64| self.rows.sum(minute - minutes + 1, minute).mentions + open;
        let opened = told.opened_at.0.div_euclid(MINUTE_MS);
        let usual = self.baseline.at(block_of(opened) - 1).map_or(0.0, |rates| rates.mentions);
        forecasts(counted, usual, minute - opened).to_vec()
    }

    /// The last eight hours up to `minute` in points of five minutes that end on the clock's fives.
    fn chart(&self, minute: i64, limits: &Limits) -> Vec<Point> {
        let last = minute.div_euclid(POINT);
        let mut points = Vec::with_capacity(CHART_POINTS);
        // The expectation moves once in half an hour: the interval is worked out once for each.
        let mut expected = (i64::MIN, (0.0, 0.0, 0.0));
        for point in last - POINTS + 1..=last {
            let (from, to) = (point * POINT, point * POINT + POINT - 1);
            if self.since.is_none_or(|since| to < since) {
                continue;
            }
            let block = block_of(from) - 1;
            if block != expected.0 {
                let rates = self.usual(block_of(from), limits);
                let mean = rates.map_or(0.0, |rates| rates.mentions * POINT as f64);
                let (low, high) = interval(mean, rates.map_or(0.0, |rates| rates.dispersion));
                expected = (block, (mean, low, high));
            }
            let mut seen = self.rows.sum(from, to);
            self.open.range(from..=to.min(minute)).for_each(|(_, tally)| {
                seen.mentions += tally.mentions;
                seen.negatives += tally.negatives;
            });
            let narrow = |count: u64| u32::try_from(count).unwrap_or(u32::MAX);
            let (mean, low, high) = expected.1;
            points.push(Point {
                at: Timestamp(from * MINUTE_MS),
                seconds: POINT as u32 * 60,
                mentions: narrow(seen.mentions),
                negatives: narrow(seen.negatives),
                expected: mean as f32,
                low: low as f32,
                high: high as f32,
            });
        }
        points
    }

    /// The newest five complete minutes.
    pub fn outlook(&self, closed: i64, limits: &Limits) -> Outlook {
        let seen = self.rows.sum(closed - POINT + 1, closed);
        let rates = self.usual(block_of(closed - POINT + 1), limits);
        let expected = rates.map_or(0.0, |rates| rates.mentions * POINT as f64);
        Outlook {
            observed: seen.mentions,
            negatives: seen.negatives,
            expected,
            interval: interval(expected, rates.map_or(0.0, |rates| rates.dispersion)),
            learning_left: learning_left(self.since.map_or(0, |since| closed - since), limits),
        }
    }

    /// What was expected as `minute` began, as far as the average is kept.
    pub fn expected_before(&self, minute: i64, limits: &Limits) -> Option<Rates> {
        self.usual(block_of(minute), limits)
    }

    /// What a block was expected to bring before it began, rhythm included.
    fn usual(&self, block: i64, limits: &Limits) -> Option<Rates> {
        let rates = self.baseline.at(block - 1)?;
        let factor = || self.rhythm.factor(block * BLOCK, BLOCK, &limits.zone);
        Some(if limits.rhythm { rates.times(factor()) } else { rates })
    }

    /// Bytes that this watch takes in memory.
    pub fn bytes(&self) -> usize {
        let tally = |tally: &Tally| {
            let samples: usize = tally.samples.iter().map(sample_bytes).sum();
            let key_terms: usize =
                tally.key_terms.iter().map(|key_terms| size_of_val(key_terms) + key_terms.said.len()).sum();
            size_of::<(i64, Tally)>() + 2 * 512 + samples + key_terms
        };
        size_of::<WatchState>()
            + self.ahead.as_ref().map_or(0, |_| size_of::<WindowCache>())
            + self.rows.heap_bytes()
            + self.baseline.heap_bytes()
            + self.rhythm.heap_bytes()
            + self.past.heap_bytes()
            + self.course.heap_bytes()
            + self.presence.heap_bytes()
            + self.copies.heap_bytes()
            + self.lead.heap_bytes()
            + self.words.heap_bytes()
            + self.open.values().map(tally).sum::<usize>()
            + self.episode.as_ref().map_or(0, |episode| episode.totals.heap_bytes())
    }
}

/// What a signal says beside its figures.
struct Announcement<'a> {
    phase: Phase,
    kind: Kind,
    severity: u8,
    at: Timestamp,
    opened_at: Timestamp,
    totals: &'a Totals,
    drivers: Vec<Driver>,
}
