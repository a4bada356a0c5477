//! The score of the Numenta Anomaly Benchmark (Lavin and Ahmad 2015, arXiv:1510.03336), for pages against the labelled
//! windows of a series of counts.

use orszem_records::time::Timestamp;

const HOUR_MS: i64 = 3_600_000;
const WEEK_MS: f64 = 7.0 * 24.0 * HOUR_MS as f64;
/// The benchmark's standard profile: a page outside all windows costs this much of what a missed window costs.
const FALSE_PAGE: f64 = 0.11;

/// A series of counts: the times of its rows and its labelled windows, both ends included.
pub(crate) struct Labelled {
    pub(crate) rows: Vec<Timestamp>,
    pub(crate) windows: Vec<(Timestamp, Timestamp)>,
}

/// What pages are worth, summed over series.
#[derive(Debug, Default)]
pub(crate) struct Score {
    /// What they earned and cost.
    earned: f64,
    /// The labelled windows.
    windows: usize,
    /// Those that end after the probation, and those of them with a page.
    pub(crate) scored: usize,
    pub(crate) found: usize,
    false_pages: u32,
    /// Weeks outside windows and probation.
    weeks: f64,
}

/// From 1 far left of 0 to -1 far right of it. Three windows on and farther is as bad as it gets.
fn sigmoid(x: f64) -> f64 {
    if x > 3.0 { -1.0 } else { 2.0 / (1.0 + (5.0 * x).exp()) - 1.0 }
}

impl Score {
    /// Adds the pages of a series. The first 15 % of its rows, 750 at most, are probation and do not count.
    pub(crate) fn add(&mut self, series: &Labelled, pages: &[Timestamp]) {
        let rows = &series.rows;
        let row = |at: Timestamp| rows.partition_point(|row| *row <= at).saturating_sub(1);
        let first = |at: Timestamp| rows.partition_point(|row| *row < at);
        let probation = (rows.len() * 15 / 100).min(750);
        let windows: Vec<(usize, usize)> =
            series.windows.iter().map(|(left, right)| (first(*left), first(*right))).collect();
        let mut best: Vec<Option<f64>> = vec![None; windows.len()];
        let mut latest: Option<Timestamp> = None;
        for page in pages.iter().map(|page| row(*page)).filter(|page| *page >= probation) {
            // Pages within an hour of each other are one to the person who is woken.
            let wakes = latest.is_none_or(|latest| rows[page].since(latest) > HOUR_MS);
            if wakes {
                latest = Some(rows[page]);
            }
            if let Some(inside) = windows.iter().position(|(left, right)| (*left..=*right).contains(&page)) {
                let (left, right) = windows[inside];
                let width = (right - left + 1) as f64;
                // 1 at the left edge, near 0 at the right one.
                let value = sigmoid(-((right - page + 1) as f64) / width) / sigmoid(-1.0);
                best[inside] = Some(best[inside].map_or(value, |best| best.max(value)));
                continue;
            }
            let before = windows.iter().rev().find(|(_, right)| *right < page);
            let cost = before.map_or(-1.0, |(left, right)| sigmoid((page - right) as f64 / (right - left) as f64));
            self.earned += FALSE_PAGE * cost;
            self.false_pages += u32::from(wakes);
        }
        let scored = || windows.iter().zip(&best).filter(|((_, right), _)| *right >= probation).map(|(_, best)| best);
        self.earned += scored().map(|best| best.unwrap_or(-1.0)).sum::<f64>();
        self.windows += windows.len();
        self.scored += scored().count();
        self.found += scored().flatten().count();
        let normal = rows[rows.len() - 1].since(rows[probation])
            - windows.iter().map(|(left, right)| rows[*right].since(rows[*left])).sum::<i64>();
        self.weeks += normal as f64 / WEEK_MS;
    }

    /// Between 0 for a detector that says nothing and 100 for one without a fault.
    pub(crate) fn points(&self) -> f64 {
        let nothing = -(self.scored as f64);
        100.0 * (self.earned - nothing) / (self.windows as f64 - nothing)
    }

    /// False pages per week of one series.
    pub(crate) fn false_pages_per_week(&self) -> f64 {
        f64::from(self.false_pages) / self.weeks
    }
}
