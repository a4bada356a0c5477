//! The chart of a finding: what its sentence counts, against what was expected of that, point by point.

use orszem_records::chart::{CHART_POINTS, Chart, Counted, Point, Usual, three_digits};
use orszem_records::signal::{Kind, LimitReached};
use orszem_records::statistic::Statistic;
use orszem_records::time::Timestamp;

use crate::detect::baseline::{BLOCK, DAY_MINUTES, block_of};
use crate::detect::course::Course;
use crate::detect::evaluate::{Finding, SLOW_WINDOWS};
use crate::detect::expectation::{Before, SameHours, around};
use crate::detect::minute_counts::{MINUTES, window_minutes};
use crate::detect::multiscale::ShareTest;
use crate::detect::repeat_weights::RepeatWeights;
use crate::detect::slow_share::Shares;
use crate::detect::weighed_counts::{PARTS, WeighedCounts};

use super::judge::Known;

const POINTS: i64 = 96;
const _: () = assert!(POINTS.unsigned_abs() == CHART_POINTS as u64);
/// Fewer points than this make no chart of wide ones: what is drawn begins earlier instead.
const LEAST_POINTS: i64 = 40;
/// The chart begins this many minutes before its incident, at least.
const LEAD: i64 = 120;
/// A share is drawn over as many half hours as bring this many mentions, at most two hours.
const LEAST_OF_SHARE: f64 = 8.0;

/// What the chart of a signal must show.
pub(super) struct Told<'a> {
    pub(super) kind: Kind,
    /// The minute that the incident opened with.
    pub(super) opened: i64,
    /// The window of the figures.
    pub(super) window_s: u32,
    /// What is usual is not known yet: no sentence says it, and nothing is drawn of it.
    pub(super) learning: bool,
    /// The limit that was reached.
    pub(super) limit: Option<LimitReached>,
    /// What the incident brought by half hours, once it is open.
    pub(super) course: Option<&'a Course>,
}

/// The chart of a finding.
pub(super) fn chart(told: &Told<'_>, finding: &Finding, known: Known<'_>) -> Chart {
    match told.kind {
        Kind::SlowBurn => shares(finding, known),
        _ => Counts::new(told, finding, known).chart(),
    }
}

/// What a chart of counts is drawn from.
struct Counts<'a> {
    told: &'a Told<'a>,
    finding: &'a Finding,
    known: Known<'a>,
    statistic: Statistic,
    window: usize,
    /// The first minute of the window of the figures.
    begin: i64,
    /// Minutes a point covers.
    width: i64,
    /// What the same hours brought to the windows that ended within this half hour.
    same_hours: (i64, SameHours),
}

impl<'a> Counts<'a> {
    fn new(told: &'a Told<'a>, finding: &'a Finding, known: Known<'a>) -> Counts<'a> {
        let statistic = finding.statistic(told.kind);
        let window = finding.window(statistic);
        let minutes = i64::from(told.window_s / 60);
        let within = told.limit.map_or(0, |limit| i64::from(limit.within_s / 60));
        let lasted = (finding.minute - told.opened).max(0) + LEAD;
        Counts {
            told,
            finding,
            known,
            statistic,
            window,
            begin: finding.minute - minutes + 1,
            width: width((minutes.max(within) * 3 / 2).max(lasted)),
            same_hours: (i64::MIN, SameHours::UNKNOWN),
        }
    }

    fn chart(mut self) -> Chart {
        let (minute, width) = (self.finding.minute, self.width);
        let last = minute.div_euclid(width);
        let points = if width == 5 { POINTS } else { self.wide_points() };
        // Of what came before the watch had a past nothing is known.
        let Some(since) = self.known.minutes.since.or_else(|| self.known.minutes.first_open()) else {
            return Chart::default();
        };
        let first = (last - points + 1).max(since.div_euclid(width));
        let of = if self.statistic.is_of_negatives() { Counted::Negatives } else { Counted::Mentions };
        let points = (first..=last).map(|point| self.point(point * width)).collect();
        Chart { of, from: Timestamp::start_of_minute(first * width), seconds: width as u32 * 60, points }
    }

    /// How many wide points are drawn.
    fn wide_points(&self) -> i64 {
        let begins = (self.finding.minute - self.told.opened + LEAD).max((self.finding.minute - self.begin) * 3 / 2);
        (begins / self.width + 2).clamp(LEAST_POINTS, POINTS)
    }

    /// The point that begins with the minute `from`.
    fn point(&mut self, from: i64) -> Point {
        let before = self.before(from);
        let counted = self.counted(from, &before);
        let usual = before.rates.filter(|_| !self.told.learning).map(|_| {
            let expected = before.expected(self.statistic, &counted);
            Usual::new(expected.count, expected.interval)
        });
        Point { mentions: counted.mentions as f32, negatives: counted.negatives as f32, usual }
    }

    /// What was known of a point: as of the window before that began, where it lies in it.
    fn before(&mut self, from: i64) -> Before {
        let Known { past, limits, .. } = self.known;
        let known = from.min(self.begin);
        let earliest = past.share.earliest().unwrap_or(i64::MIN);
        let part = self.width as f64 / window_minutes(self.window) as f64;
        Before {
            minutes: self.width as f64,
            rates: past.expected_at(known, from, self.width, limits),
            shares: past.share.at((block_of(known) - 1).max(earliest)),
            same_hours: self.same_hours(from).part(part),
            mistaken: self.finding.false_positive_rate,
        }
    }

    /// What the same hours of the days before brought to a window as long as the finding's that ends with the point; to
    /// the finding's, where it lies in that. A silence is held against the slow average.
    fn same_hours(&mut self, from: i64) -> SameHours {
        let days = &self.finding.days;
        let block = block_of(from + self.width - 1);
        if self.told.kind == Kind::Silence {
            return SameHours::UNKNOWN;
        }
        if from >= self.begin {
            let j = self.window;
            return SameHours { mentions: days.mentions[j], negatives: days.negatives[j], season: days.season[j] };
        }
        if block != self.same_hours.0 {
            self.same_hours = (block, self.known.past.half_hours.same_hours(block, self.window));
        }
        self.same_hours.1
    }

    /// What came in a point: its minutes as far as they are kept, then what the incident brought, then what the half
    /// hours of the past say, with as many repeats as the average has.
    fn counted(&self, from: i64, before: &Before) -> WeighedCounts {
        let Known { minutes, past, .. } = self.known;
        let to = from + self.width - 1;
        if from > minutes.complete.head() - MINUTES {
            let mut counted = minutes.complete.sum(from, to);
            for (_, tally) in minutes.open.range(from..=to.min(self.finding.minute)) {
                counted.add(&RepeatWeights::least(tally));
            }
            return counted;
        }
        let (mut mentions, mut negatives) = (0.0, 0.0);
        for block in block_of(from)..=block_of(to) {
            if let Some((seen, negative)) = self.told.course.and_then(|course| course.of(block)) {
                (mentions, negatives) = (mentions + seen as f64, negatives + negative as f64);
            } else if let Some((seen, negative)) = past.half_hours.counted(block) {
                (mentions, negatives) = (mentions + seen * before.whole(), negatives + negative);
            }
        }
        let judged = mentions * self.finding.windows[self.window].part_judged();
        WeighedCounts {
            mentions: mentions.round() as u64,
            negatives: negatives.round() as u64,
            discounted: (mentions * PARTS as f64) as u64,
            discounted_judged: (judged * PARTS as f64) as u64,
            ..WeighedCounts::default()
        }
    }
}

/// The minutes of a point of a chart over `minutes`: five while that is eight hours; else a quarter of an hour while
/// minutes are kept, or half an hour or one.
fn width(minutes: i64) -> i64 {
    match minutes {
        ..=480 => 5,
        481..=600 => 15,
        601..=2_880 => BLOCK,
        _ => 2 * BLOCK,
    }
}

/// The share of negatives over two days, against what it was before the window.
fn shares(finding: &Finding, known: Known<'_>) -> Chart {
    let Known { minutes, past, .. } = known;
    let now = block_of(finding.minute);
    let earliest = past.share.earliest().unwrap_or(now).max(now - POINTS + 1);
    let counted = |half_hour: i64| {
        let under_way = past.judged_under_way(half_hour);
        let (mentions, negatives) = past.share.counted(half_hour).unwrap_or_default();
        (mentions + under_way.mentions, negatives + under_way.negatives)
    };
    let all: f64 = (earliest..=now).map(|half_hour| counted(half_hour).0).sum();
    let mean = all / (now - earliest + 1) as f64;
    let wide = [1, 2].into_iter().find(|wide| mean * *wide as f64 >= LEAST_OF_SHARE).unwrap_or(4);
    let count = (now - earliest + 1) / wide;
    let window = finding.window(Statistic::SlowBurn).min(SLOW_WINDOWS.len() - 1);
    let begin = now - SLOW_WINDOWS[window] / BLOCK + 1;
    let before_window = finding.slow.map_or(Shares::UNKNOWN, |slow| slow[window].shares);
    let since = minutes.since.unwrap_or(finding.minute);
    let first = now - count * wide + 1;
    let point = |from: i64| {
        let (mentions, negatives) = (from..from + wide).map(counted).fold((0.0, 0.0), |a, b| (a.0 + b.0, a.1 + b.1));
        let shares = match from {
            _ if from >= begin => before_window,
            _ if from * BLOCK - since < DAY_MINUTES => Shares::UNKNOWN,
            _ => past.share.at(from - 1),
        };
        let usual = ShareTest::slow(0.0, mentions, shares.negative, shares.mentions)
            .map(|test| Usual::new(test.expected, around(test.expected, test.variance)));
        Point { mentions: three_digits(mentions) as f32, negatives: three_digits(negatives) as f32, usual }
    };
    Chart {
        of: Counted::Share,
        from: Timestamp::start_of_minute(first * BLOCK),
        seconds: (wide * BLOCK * 60) as u32,
        points: (0..count).map(|at| point(first + at * wide)).collect(),
    }
}
