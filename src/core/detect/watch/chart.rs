//! The chart of a finding: what its sentence counts, against what was expected of that, point by point.

use orszem_records::chart::{CHART_POINTS, Chart, Counted, Point, Usual, three_digits};
use orszem_records::peak::Peak;
use orszem_records::signal::{Kind, LimitReached};
use orszem_records::statistic::Statistic;
use orszem_records::time::Timestamp;

use crate::detect::baseline::{BLOCK, DAY_MINUTES, block_of, interval};
use crate::detect::course::{Course, Height};
use crate::detect::evaluate::Finding;
use crate::detect::expectation::{Before, SameHours, around};
use crate::detect::minute_counts::{MINUTES, WINDOWS, window_minutes};
use crate::detect::multiscale::ShareTest;
use crate::detect::repeat_weights::RepeatWeights;
use crate::detect::slow_share::Shares;
use crate::detect::weighed_counts::{PARTS, WeighedCounts};

use super::judge::Known;

const POINTS: i64 = CHART_POINTS as i64;
/// Fewer points than this make no chart of wide ones: what is drawn begins earlier instead.
const LEAST_POINTS: i64 = 40;
/// The chart begins this many minutes before its incident, at least.
const LEAD: i64 = 120;
/// A share is drawn over as many half hours as bring this many mentions, at most two hours.
const LEAST_OF_SHARE: f64 = 8.0;

/// What the chart of a signal must show.
pub(super) struct Told<'a> {
    /// The figures at the height: what people are told first.
    pub(super) height: Height,
    /// The minute that the incident opened with.
    pub(super) opened: i64,
    /// What is usual is not known yet: no sentence says it, and nothing is drawn of it.
    pub(super) learning: bool,
    /// The limit that was reached.
    pub(super) limit: Option<LimitReached>,
    /// What the incident brought by half hours, once it is open.
    pub(super) course: Option<&'a Course>,
}

/// The chart of a finding.
pub(super) fn chart(told: &Told<'_>, finding: &Finding, known: Known<'_>) -> Chart {
    match told.height.peak().kind {
        Kind::SlowBurn => shares(told, finding, known),
        _ => Counts::new(told, finding, known).chart(),
    }
}

/// The window that the figures at the height are of: its first minute, and its last.
#[derive(Clone, Copy, Debug)]
struct Marked {
    from: i64,
    to: i64,
}

impl Marked {
    fn of(peak: &Peak) -> Marked {
        let to = peak.at.minute() - 1;
        Marked { from: to - i64::from(peak.window_s / 60) + 1, to }
    }

    fn minutes(self) -> i64 {
        self.to - self.from + 1
    }

    /// Whether what begins with this minute is part of it.
    fn holds(self, minute: i64) -> bool {
        (self.from..=self.to).contains(&minute)
    }
}

/// What a chart of counts is drawn from.
struct Counts<'a> {
    told: &'a Told<'a>,
    peak: Peak,
    finding: &'a Finding,
    known: Known<'a>,
    /// The statistic that the height is told by.
    statistic: Statistic,
    marked: Marked,
    /// The longest window that is tested and no longer than the height's.
    window: usize,
    /// How many minutes the chart must reach back.
    reach: i64,
    /// Minutes a point covers.
    width: i64,
    /// What the same hours brought to the windows that ended within this half hour.
    same_hours: (i64, SameHours),
}

impl<'a> Counts<'a> {
    fn new(told: &'a Told<'a>, finding: &'a Finding, known: Known<'a>) -> Counts<'a> {
        let peak = told.height.peak();
        let marked = Marked::of(&peak);
        let within = told.limit.map_or(0, |limit| i64::from(limit.within_s / 60));
        let lasted = finding.minute - told.opened + LEAD;
        let back = finding.minute - marked.from + 1 + marked.minutes() / 2;
        let reach = lasted.max(back).max(within * 3 / 2);
        Counts {
            told,
            peak,
            finding,
            known,
            statistic: told.height.statistic().unwrap_or_else(|| finding.statistic(peak.kind)),
            marked,
            window: (1..WINDOWS).take_while(|j| window_minutes(*j) <= marked.minutes()).count(),
            reach,
            width: width(reach),
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
        (self.reach / self.width + 2).clamp(LEAST_POINTS, POINTS)
    }

    /// The point that begins with the minute `from`; of the last one what has passed.
    fn point(&mut self, from: i64) -> Point {
        let minutes = self.width.min(self.finding.minute - from + 1);
        let before = self.before(from, minutes);
        let counted = self.counted(from, &before);
        let usual = before.rates.filter(|_| !self.told.learning).map(|rates| {
            if self.marked.holds(from) && !self.statistic.is_share() {
                // What is expected by the clock is spread evenly.
                let part = minutes as f64 / self.marked.minutes() as f64;
                let expected = self.peak.expected * part;
                return Usual::new(expected, interval(expected, rates.dispersion));
            }
            let expected = before.expected(self.statistic, &counted);
            Usual::new(expected.count, expected.interval)
        });
        Point { mentions: counted.mentions as f32, negatives: counted.negatives as f32, usual }
    }

    /// What was known of a point before it began; before the window that is marked, where it lies in that.
    fn before(&mut self, from: i64, minutes: i64) -> Before {
        let Known { past, limits, .. } = self.known;
        let known = if self.marked.holds(from) { self.marked.from } else { from };
        let earliest = past.share.earliest().unwrap_or(i64::MIN);
        let part = minutes as f64 / window_minutes(self.window) as f64;
        Before {
            minutes: minutes as f64,
            rates: past.expected_at(known, from, minutes, limits),
            shares: past.share.at((block_of(known) - 1).max(earliest)),
            same_hours: self.same_hours(from).part(part),
            mistaken: self.finding.false_positive_rate,
        }
    }

    /// What the same hours of the days before brought to a window as long as the one that is marked: to that, or to the
    /// one that ends with the point. A silence is held against the slow average.
    fn same_hours(&mut self, from: i64) -> SameHours {
        if self.peak.kind == Kind::Silence {
            return SameHours::UNKNOWN;
        }
        let ends = if self.marked.holds(from) { self.marked.to } else { from + self.width - 1 };
        let block = block_of(ends);
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

/// The minutes of a point of a chart over `minutes`: five while that is eight hours, a point under way included; else a
/// quarter of an hour while minutes are kept, or half an hour or one.
fn width(minutes: i64) -> i64 {
    match minutes {
        ..=475 => 5,
        476..=600 => 15,
        601..=2_850 => BLOCK,
        _ => 2 * BLOCK,
    }
}

/// The share of negatives over two days, against what it was before the window.
fn shares(told: &Told<'_>, finding: &Finding, known: Known<'_>) -> Chart {
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
    // Whole half hours and the one under way, as in `judge.rs`.
    let marked = Marked::of(&told.height.peak());
    let ends = block_of(marked.to);
    let begins = ends - marked.minutes() / BLOCK + 1;
    let since = minutes.since.unwrap_or(finding.minute);
    let first = now - count * wide + 1;
    let point = |from: i64| {
        let (mentions, negatives) = (from..from + wide).map(counted).fold((0.0, 0.0), |a, b| (a.0 + b.0, a.1 + b.1));
        let known = if (begins..=ends).contains(&from) { begins } else { from };
        let is_known = known * BLOCK - since >= DAY_MINUTES;
        let shares = if is_known { past.share.at((known - 1).max(earliest)) } else { Shares::UNKNOWN };
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
