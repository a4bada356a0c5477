//! The points of a chart over a whole past, with a limited number of points.
//!
//! All watches of a pipeline share one grid. When the past outgrows it, neighbouring points are merged. So all weeks
//! have the same resolution, and the length of the input need not be known.

use std::collections::HashMap;

use crate::detect::baseline::{Averaged, Rates, interval};
use crate::detect::expectation::{Before, Expected, SameHours};
use crate::detect::slow_share::Shares;
use crate::detect::weighed_counts::WeighedCounts;
use orszem_records::statistic::Statistic;
use orszem_records::time::Timestamp;

/// The initial number of minutes per point: the shortest window that is tested.
const FINEST: i64 = 5;
/// Points of all watches together: a report of about 3 MB.
const MOST_POINTS: usize = 160_000;
/// Points of one watch, at most: ten weeks of five minutes.
const MOST_OF_ONE: usize = 20_000;
/// Points of one watch, at least; even, so that they pair up.
const LEAST_OF_ONE: usize = 64;
/// How far back, in minutes, an expectation is available: the average is kept for eleven hours.
const LOOK_BACK: i64 = 600;

/// One point of one watch.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Cell {
    mentions: u32,
    negatives: u32,
    /// What was known before it; `None` without a past.
    before: Option<Known>,
}

/// What was known before a point: mentions a minute and their scatter; the share of negatives, the mentions that it
/// rests on, and how often others are taken for negative.
type Known = [f32; 5];

const EMPTY: Cell = Cell { mentions: 0, negatives: 0, before: None };

impl Cell {
    fn join(self, other: Cell) -> Cell {
        let mean = |one: Known, other: Known| std::array::from_fn(|at| (one[at] + other[at]) / 2.0);
        let before = match (self.before, other.before) {
            (Some(one), Some(other)) => Some(mean(one, other)),
            (one, other) => one.or(other),
        };
        let mentions = self.mentions.saturating_add(other.mentions);
        Cell { mentions, negatives: self.negatives.saturating_add(other.negatives), before }
    }

    /// What was known before a point of `minutes`.
    fn before(&self, minutes: i64) -> Option<Before> {
        let [rate, dispersion, negative, past, mistaken] = self.before?.map(f64::from);
        let a_minute = Averaged { mentions: rate, discounted: rate, ..Averaged::default() };
        Some(Before {
            minutes: minutes as f64,
            rates: Some(Rates { a_minute, dispersion }),
            shares: Shares { negative, mentions: past, ..Shares::UNKNOWN },
            same_hours: SameHours::UNKNOWN,
            mistaken,
        })
    }
}

fn known(before: &Before) -> Option<Known> {
    let Rates { a_minute, dispersion } = before.rates?;
    let Shares { negative, mentions, .. } = before.shares;
    Some([a_minute.mentions, dispersion, negative, mentions, before.mistaken].map(|number| number as f32))
}

/// One point of a drawn chart.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Point {
    /// Mentions seen.
    pub mentions: f64,
    /// Of them negative.
    pub negatives: f64,
    /// Expected mentions and their 95 % interval; `None` if unknown.
    pub expected: Option<(f64, f64, f64)>,
    /// The same of negatives, among the mentions that came.
    pub expected_negatives: Option<(f64, f64, f64)>,
}

/// The charts of the watches of a pipeline.
#[derive(Clone, Debug)]
pub struct Chart {
    /// The minute of event time that the grid begins with.
    start: Option<i64>,
    /// Minutes a point covers.
    width: i64,
    most: usize,
    /// By watch, then by time; none is longer than the grid.
    columns: Vec<Vec<Cell>>,
    /// Points before this one have their expectation.
    sampled: usize,
}

fn place(index: i64) -> usize {
    usize::try_from(index).unwrap_or(0)
}

impl Chart {
    /// Empty charts for these watches; the whole report has `shared` watches.
    pub fn new(watches: usize, shared: usize) -> Chart {
        let most = (MOST_POINTS / shared.max(1)).clamp(LEAST_OF_ONE, MOST_OF_ONE) & !1;
        Chart { start: None, width: FINEST, most, columns: vec![Vec::new(); watches], sampled: 0 }
    }

    /// The beginning of the first point; the epoch if there is none.
    pub fn start(&self) -> Timestamp {
        Timestamp::start_of_minute(self.start.unwrap_or(0))
    }

    /// Minutes a point covers.
    pub fn width(&self) -> i64 {
        self.width
    }

    /// Counts mentions of a watch at `minute`. Ignores mentions from before the first counted minute.
    pub fn add(&mut self, watch: usize, minute: i64, mentions: u64, negatives: u64) {
        let start = *self.start.get_or_insert_with(|| minute.div_euclid(60) * 60);
        if minute < start {
            return;
        }
        while place((minute - start) / self.width) >= self.most {
            self.halve();
        }
        let index = place((minute - start) / self.width);
        let Some(column) = self.columns.get_mut(watch) else { return };
        if column.len() <= index {
            column.resize(index + 1, EMPTY);
        }
        let cell = &mut column[index];
        let narrow = |count: u64| u32::try_from(count).unwrap_or(u32::MAX);
        cell.mentions = cell.mentions.saturating_add(narrow(mentions));
        cell.negatives = cell.negatives.saturating_add(narrow(negatives));
    }

    /// Fills in what was known before the points that are complete when the minute `closed` is. `before` returns it for
    /// all watches at the start of a minute.
    pub fn complete<B: Iterator<Item = Option<Before>>>(&mut self, closed: i64, before: impl Fn(i64) -> B) {
        let Some(start) = self.start else { return };
        // After a jump of time, the grid is extended only when something is counted there.
        let complete = place(((closed + 1 - start) / self.width).max(0)).min(self.most);
        while self.sampled < complete {
            let index = self.sampled;
            let begins = start + i64::try_from(index).unwrap_or(0) * self.width;
            // For a wide point or a quiet watch, the expectation at its beginning may be gone; use a later one.
            let later = before(begins.max(closed - LOOK_BACK));
            let before = before(begins).zip(later).map(|(before, later)| before.or(later));
            for (column, before) in self.columns.iter_mut().zip(before) {
                if column.len() <= index {
                    column.resize(index + 1, EMPTY);
                }
                column[index].before = before.as_ref().and_then(known);
            }
            self.sampled += 1;
        }
    }

    fn halve(&mut self) {
        for column in &mut self.columns {
            let joined = |pair: &[Cell]| pair.iter().copied().reduce(Cell::join).unwrap_or(EMPTY);
            *column = column.chunks(2).map(joined).collect();
        }
        self.width *= 2;
        self.sampled /= 2;
    }

    /// How many points there are up to `end`.
    pub fn len(&self, end: Timestamp) -> usize {
        let Some(start) = self.start else { return 0 };
        let minutes = end.minute() - start;
        if minutes < 0 { 0 } else { place(minutes / self.width + 1).min(self.most) }
    }

    /// The points of a watch up to `end`.
    pub fn points(&self, watch: usize, end: Timestamp) -> impl Iterator<Item = Point> {
        let column = self.columns.get(watch).map_or(&[][..], Vec::as_slice);
        // Cache intervals for rates that agree in two digits: they have integer ends, and are expensive to compute.
        let mut intervals: HashMap<(u32, u32), (f64, f64)> = HashMap::new();
        (0..self.len(end)).map(move |index| {
            let cell = column.get(index).copied().unwrap_or(EMPTY);
            let counted = WeighedCounts { mentions: u64::from(cell.mentions), ..WeighedCounts::default() };
            let expected = cell.before.map(|[rate, dispersion, ..]| {
                let mean = f64::from(rate) * self.width as f64;
                let key = (rate.to_bits() >> 16, dispersion.to_bits() >> 18);
                let (low, high) = *intervals.entry(key).or_insert_with(|| interval(mean, f64::from(dispersion)));
                (mean, low, high)
            });
            let expected_negatives = cell.before(self.width).map(|before| {
                let Expected { count, interval: (low, high), .. } = before.expected(Statistic::Share, &counted);
                (count, low, high)
            });
            let (mentions, negatives) = (f64::from(cell.mentions), f64::from(cell.negatives));
            Point { mentions, negatives, expected, expected_negatives }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A fifth of the mentions is negative, and so is a third of what is beyond the usual.
    fn before(mentions: f64) -> Before {
        let cell = Cell { before: Some([mentions as f32, 0.0, 0.2, 1_000.0, 1.0 / 3.0]), ..EMPTY };
        cell.before(1).unwrap()
    }

    #[test]
    fn years_take_no_more_points_than_weeks_and_lose_no_mention() {
        let mut chart = Chart::new(2, 2000);
        let minutes = 3 * 365 * 1440;
        for minute in (0..minutes).step_by(7) {
            chart.add(0, minute, 2, 1);
            chart.complete(minute, |_| [Some(before(1.0)), None].into_iter());
        }
        let end = Timestamp::start_of_minute(minutes - 1);
        let points: Vec<Point> = chart.points(0, end).collect();
        assert!(points.len() <= 80 && points.len() > 40, "{}", points.len());
        let steps = u64::try_from((minutes + 6) / 7).unwrap();
        let sum = |count: fn(&Point) -> f64| points.iter().map(count).sum::<f64>() as u64;
        assert_eq!((sum(|point| point.mentions), sum(|point| point.negatives)), (2 * steps, steps));
        let (mean, low, high) = points[points.len() / 2].expected.unwrap();
        assert_eq!(mean, chart.width() as f64);
        assert!(low < mean && mean < high);
        assert!(chart.points(1, end).all(|point| point == Point::default()));
    }

    #[test]
    fn what_was_expected_is_that_of_the_time_it_was_counted_in() {
        let mut chart = Chart::new(1, 1);
        for minute in 600..620 {
            chart.add(0, minute, 1, 0);
            chart.complete(minute, |at| [Some(before(at as f64))].into_iter());
        }
        let seen: Vec<f64> = chart.points(0, Timestamp::start_of_minute(619)).map(|p| p.expected.unwrap().0).collect();
        assert_eq!(seen, [3000.0, 3025.0, 3050.0, 3075.0]);
    }

    #[test]
    fn negatives_are_expected_among_the_mentions_that_came() {
        let mut chart = Chart::new(1, 1);
        for minute in 600..605 {
            chart.add(0, minute, 4, 3);
        }
        chart.complete(604, |_| [Some(before(2.0))].into_iter());
        let point = chart.points(0, Timestamp::start_of_minute(604)).next().unwrap();
        let (expected, low, high) = point.expected_negatives.unwrap();
        // A fifth of the ten that are usual, and a third of the ten beyond.
        assert!((expected - (2.0 + 10.0 / 3.0)).abs() < 0.01, "{expected}");
        assert!(low < expected && expected < high && high < point.negatives, "{low} {high}");
    }

    #[test]
    fn a_mention_from_far_away_breaks_nothing() {
        let mut chart = Chart::new(1, 1);
        chart.add(0, 10_000_000, 1, 0);
        chart.add(0, 5, 1, 0);
        chart.add(0, 30_000_000, 1, 0);
        chart.complete(30_000_000, |_| [None].into_iter());
        assert_eq!(chart.points(0, Timestamp::start_of_minute(30_000_000)).map(|p| p.mentions).sum::<f64>(), 2.0);
    }
}
