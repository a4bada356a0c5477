//! The points of a chart over a whole past, with a limited number of points.
//!
//! All watches of a pipeline share one grid. When the past outgrows it, neighbouring points are merged. So all weeks
//! have the same resolution, and the length of the input need not be known.

use std::collections::HashMap;

use crate::detect::baseline::{Rates, interval};
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
    /// Expected mentions per minute; NaN if unknown.
    rate: f32,
    dispersion: f32,
}

const EMPTY: Cell = Cell { mentions: 0, negatives: 0, rate: f32::NAN, dispersion: 0.0 };

impl Cell {
    fn join(self, other: Cell) -> Cell {
        let (rate, dispersion) = match (self.rate.is_nan(), other.rate.is_nan()) {
            (true, _) => (other.rate, other.dispersion),
            (false, true) => (self.rate, self.dispersion),
            (false, false) => ((self.rate + other.rate) / 2.0, (self.dispersion + other.dispersion) / 2.0),
        };
        let mentions = self.mentions.saturating_add(other.mentions);
        Cell { mentions, negatives: self.negatives.saturating_add(other.negatives), rate, dispersion }
    }
}

/// One point of a drawn chart.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// Mentions seen.
    pub mentions: u32,
    /// Of them negative.
    pub negatives: u32,
    /// Expected mentions and their 95 % interval; `None` if unknown.
    pub expected: Option<(f64, f64, f64)>,
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

    /// Fills in the expectation of the points that are complete when the minute `closed` is. `expected` returns it for
    /// all watches at the start of a minute.
    pub fn complete<R: Iterator<Item = Option<Rates>>>(&mut self, closed: i64, expected: impl Fn(i64) -> R) {
        let Some(start) = self.start else { return };
        // After a jump of time, the grid is extended only when something is counted there.
        let complete = place(((closed + 1 - start) / self.width).max(0)).min(self.most);
        while self.sampled < complete {
            let index = self.sampled;
            let begins = start + i64::try_from(index).unwrap_or(0) * self.width;
            // For a wide point or a quiet watch, the expectation at its beginning may be gone; use a later one.
            let later = expected(begins.max(closed - LOOK_BACK));
            let rates = expected(begins).zip(later).map(|(rates, later)| rates.or(later));
            for (column, rates) in self.columns.iter_mut().zip(rates) {
                if column.len() <= index {
                    column.resize(index + 1, EMPTY);
                }
                if let Some(rates) = rates {
                    column[index].rate = rates.a_minute.mentions as f32;
                    column[index].dispersion = rates.dispersion as f32;
                }
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
        let mut known: HashMap<(u32, u32), (f64, f64)> = HashMap::new();
        let mut last = (f32::NAN, f32::NAN, None);
        (0..self.len(end)).map(move |index| {
            let cell = column.get(index).copied().unwrap_or(EMPTY);
            // The expectation changes slowly: most points have the same one as the point before.
            if cell.rate.to_bits() != last.0.to_bits() || cell.dispersion.to_bits() != last.1.to_bits() {
                let mean = f64::from(cell.rate) * self.width as f64;
                let expected = (!cell.rate.is_nan()).then(|| {
                    let key = (cell.rate.to_bits() >> 16, cell.dispersion.to_bits() >> 18);
                    let (low, high) = *known.entry(key).or_insert_with(|| interval(mean, f64::from(cell.dispersion)));
                    (mean, low, high)
                });
                last = (cell.rate, cell.dispersion, expected);
            }
            Point { mentions: cell.mentions, negatives: cell.negatives, expected: last.2 }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::baseline::Averaged;

    fn rates(mentions: f64) -> Rates {
        let a_minute = Averaged { mentions, discounted: mentions, ..Averaged::default() };
        Rates { a_minute, dispersion: 0.0 }
    }

    #[test]
    fn years_take_no_more_points_than_weeks_and_lose_no_mention() {
        let mut chart = Chart::new(2, 2000);
        let minutes = 3 * 365 * 1440;
        for minute in (0..minutes).step_by(7) {
            chart.add(0, minute, 2, 1);
            chart.complete(minute, |_| [Some(rates(1.0)), None].into_iter());
        }
        let end = Timestamp::start_of_minute(minutes - 1);
        let points: Vec<Point> = chart.points(0, end).collect();
        assert!(points.len() <= 80 && points.len() > 40, "{}", points.len());
        let steps = u64::try_from((minutes + 6) / 7).unwrap();
        assert_eq!(points.iter().map(|point| u64::from(point.mentions)).sum::<u64>(), 2 * steps);
        assert_eq!(points.iter().map(|point| u64::from(point.negatives)).sum::<u64>(), steps);
        let (mean, low, high) = points[points.len() / 2].expected.unwrap();
        assert_eq!(mean, chart.width() as f64);
        assert!(low < mean && mean < high);
        assert!(chart.points(1, end).all(|point| point == Point { mentions: 0, negatives: 0, expected: None }));
    }

    #[test]
    fn what_was_expected_is_that_of_the_time_it_was_counted_in() {
        let mut chart = Chart::new(1, 1);
        for minute in 600..620 {
            chart.add(0, minute, 1, 0);
            chart.complete(minute, |at| [Some(rates(at as f64))].into_iter());
        }
        let seen: Vec<f64> = chart.points(0, Timestamp::start_of_minute(619)).map(|p| p.expected.unwrap().0).collect();
        assert_eq!(seen, [3000.0, 3025.0, 3050.0, 3075.0]);
    }

    #[test]
    fn a_mention_from_far_away_breaks_nothing() {
        let mut chart = Chart::new(1, 1);
        chart.add(0, 10_000_000, 1, 0);
        chart.add(0, 5, 1, 0);
        chart.add(0, 30_000_000, 1, 0);
        chart.complete(30_000_000, |_| [None].into_iter());
        assert_eq!(chart.points(0, Timestamp::start_of_minute(30_000_000)).map(|p| p.mentions).sum::<u32>(), 2);
    }
}
