//! The chart of an incident: the course of what its sentence counts, against what was expected of it.

use serde::{Deserialize, Serialize};

use crate::limit_reached::LimitReached;
use crate::time::Timestamp;

/// The most points a chart has.
pub const CHART_POINTS: usize = 96;

/// What a chart draws against what was expected of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Counted {
    /// All mentions.
    #[default]
    Mentions,
    /// Negative mentions.
    Negatives,
    /// Which part of the mentions is negative.
    Share,
}

/// One point: a span of event time, as long as those beside it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Point {
    /// Mentions seen; of a share those that were judged, repeats discounted.
    pub mentions: f32,
    /// Of them negative.
    pub negatives: f32,
    /// What was expected; `None` where no past says.
    pub usual: Option<Usual>,
}

/// What was expected of a span: mentions in a chart of mentions, else negatives.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Usual {
    /// The expected number.
    pub expected: f32,
    /// The lower end of the interval in which it lies 95 times of 100.
    pub low: f32,
    /// The upper end.
    pub high: f32,
}

impl Usual {
    /// An expected number and its interval, to three digits.
    pub fn new(expected: f64, (low, high): (f64, f64)) -> Usual {
        let [expected, low, high] = [expected, low, high].map(|number| three_digits(number) as f32);
        Usual { expected, low, high }
    }
}

impl Point {
    /// What a chart of `of` draws of it: a count, or a part of 1; `None` for the share of no mention.
    pub fn seen(&self, of: Counted) -> Option<f32> {
        match of {
            Counted::Mentions => Some(self.mentions),
            Counted::Negatives => Some(self.negatives),
            Counted::Share => self.part(self.negatives),
        }
    }

    /// The same of what was expected.
    pub fn usual(&self, of: Counted) -> Option<Usual> {
        let usual = self.usual?;
        match of {
            Counted::Mentions | Counted::Negatives => Some(usual),
            Counted::Share => Some(Usual {
                expected: self.part(usual.expected)?,
                low: self.part(usual.low)?,
                high: self.part(usual.high)?,
            }),
        }
    }

    fn part(&self, of: f32) -> Option<f32> {
        (self.mentions > 0.0).then(|| (of / self.mentions).clamp(0.0, 1.0))
    }
}

/// The course of an incident, and of the hours before it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(from = "Written", into = "Written")]
#[schemars(with = "Written")]
pub struct Chart {
    /// What it is of.
    pub of: Counted,
    /// Where the first point begins.
    pub from: Timestamp,
    /// The seconds that a point covers.
    pub seconds: u32,
    /// The points without a gap, oldest first, at most [`CHART_POINTS`].
    pub points: Vec<Point>,
}

impl Chart {
    /// Whether there is nothing to draw.
    pub fn is_empty(&self) -> bool {
        self.points.is_empty()
    }

    /// The points, and where each begins.
    pub fn spans(&self) -> impl Iterator<Item = (Timestamp, &Point)> {
        (0..).zip(&self.points).map(|(place, point)| (self.begin(place), point))
    }

    /// Where the last point ends.
    pub fn end(&self) -> Timestamp {
        self.begin(i64::try_from(self.points.len()).unwrap_or(0))
    }

    fn begin(&self, place: i64) -> Timestamp {
        self.from.plus(place * self.span_ms())
    }

    /// The milliseconds that a point covers.
    pub fn span_ms(&self) -> i64 {
        i64::from(self.seconds) * 1000
    }

    /// How many a point would have if `limit` were reached at an even pace; `None` where it is of something else.
    pub fn pace(&self, limit: &LimitReached) -> Option<f64> {
        let same = match self.of {
            Counted::Mentions => !limit.negatives,
            Counted::Negatives => limit.negatives,
            Counted::Share => false,
        };
        (same && limit.within_s > 0).then(|| limit.least as f64 * f64::from(self.seconds) / f64::from(limit.within_s))
    }
}

/// A number to three digits: finer cannot be drawn, and costs bytes.
pub fn three_digits(number: f64) -> f64 {
    if !number.is_finite() || number == 0.0 {
        return 0.0;
    }
    let scale = 10_f64.powi(2 - number.abs().log10().floor() as i32);
    // Of whole numbers all digits.
    if scale < 1.0 { number.round() } else { (number * scale).round() / scale }
}

/// A chart as it is in a ledger entry, beside the fields of its signal.
#[derive(Clone, Debug, Default, Serialize, Deserialize, schemars::JsonSchema)]
struct Written {
    /// The chart that versions before 0.1.0 wrote: of mentions. They want it to be there, and draw it.
    #[serde(default)]
    chart: Vec<OldPoint>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    course: Option<Columns>,
}

/// A point of a chart as versions before 0.1.0 wrote it.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, schemars::JsonSchema)]
struct OldPoint {
    at: Timestamp,
    seconds: u32,
    mentions: u32,
    negatives: u32,
    expected: f32,
    low: f32,
    high: f32,
}

/// The points by what they hold: a third of the room.
#[derive(Clone, Debug, Default, Serialize, Deserialize, schemars::JsonSchema)]
struct Columns {
    of: Counted,
    from: Timestamp,
    seconds: u32,
    mentions: Vec<f32>,
    negatives: Vec<f32>,
    expected: Vec<Option<f32>>,
    low: Vec<Option<f32>>,
    high: Vec<Option<f32>>,
}

impl From<Chart> for Written {
    fn from(chart: Chart) -> Written {
        if chart.is_empty() {
            return Written::default();
        }
        let Chart { of, from, seconds, points } = chart;
        let usual = |value: fn(Usual) -> f32| points.iter().map(|point| point.usual.map(value)).collect();
        let course = Columns {
            of,
            from,
            seconds,
            mentions: points.iter().map(|point| point.mentions).collect(),
            negatives: points.iter().map(|point| point.negatives).collect(),
            expected: usual(|usual| usual.expected),
            low: usual(|usual| usual.low),
            high: usual(|usual| usual.high),
        };
        Written { chart: Vec::new(), course: Some(course) }
    }
}

impl From<Written> for Chart {
    fn from(written: Written) -> Chart {
        let mut chart = match written.course {
            Some(columns) => columns.chart(),
            None => of_old(&written.chart),
        };
        let beyond = chart.points.len().saturating_sub(CHART_POINTS);
        chart.from = chart.begin(i64::try_from(beyond).unwrap_or(0));
        chart.points.drain(..beyond);
        chart
    }
}

impl Columns {
    fn chart(self) -> Chart {
        let Columns { of, from, seconds, .. } = self;
        let known = |place: usize| {
            let of = |column: &[Option<f32>]| column.get(place).copied().flatten();
            Some(Usual { expected: of(&self.expected)?, low: of(&self.low)?, high: of(&self.high)? })
        };
        let point = |(place, (mentions, negatives)): (usize, (&f32, &f32))| Point {
            mentions: *mentions,
            negatives: *negatives,
            usual: known(place),
        };
        let points = self.mentions.iter().zip(&self.negatives).enumerate().map(point).collect();
        Chart { of, from, seconds, points }
    }
}

fn of_old(points: &[OldPoint]) -> Chart {
    let Some(first) = points.first() else { return Chart::default() };
    let (from, seconds) = (first.at, first.seconds);
    let point = |old: &OldPoint| Point {
        mentions: old.mentions as f32,
        negatives: old.negatives as f32,
        usual: Some(Usual { expected: old.expected, low: old.low, high: old.high }),
    };
    Chart { of: Counted::Mentions, from, seconds, points: points.iter().map(point).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chart(of: Counted, points: usize) -> Chart {
        let point = |place: usize| Point {
            mentions: 1_234.0 + place as f32,
            negatives: 346.5,
            usual: (place > 1).then(|| Usual::new(61.2345, (31.0, 104.0))),
        };
        Chart { of, from: Timestamp(1_406_910_600_000), seconds: 300, points: (0..points).map(point).collect() }
    }

    #[test]
    fn a_chart_is_read_as_it_was_written_in_a_third_of_the_room() {
        for of in [Counted::Mentions, Counted::Negatives, Counted::Share] {
            let chart = chart(of, CHART_POINTS);
            let json = serde_json::to_string(&chart).unwrap();
            assert_eq!(serde_json::from_str::<Chart>(&json).unwrap(), chart);
            assert!(json.len() < 4_000, "{} {json}", json.len());
            assert!(json.starts_with(r#"{"chart":[],"#), "the last release wants it: {json}");
        }
        assert_eq!(serde_json::from_str::<Chart>(r#"{"chart":[]}"#).unwrap(), Chart::default());
    }

    #[test]
    fn the_chart_of_the_last_release_is_one_of_mentions() {
        let old = r#"{"chart":[
            {"at":1406910600000,"seconds":300,"mentions":36,"negatives":4,"expected":45.5,"low":24.0,"high":76.0},
            {"at":1406910900000,"seconds":300,"mentions":43,"negatives":9,"expected":45.5,"low":24.0,"high":76.0}]}"#;
        let chart: Chart = serde_json::from_str(old).unwrap();
        assert_eq!((chart.of, chart.seconds, chart.points.len()), (Counted::Mentions, 300, 2));
        let (at, last) = chart.spans().last().unwrap();
        assert_eq!((at, last.negatives), (Timestamp(1_406_910_900_000), 9.0));
        assert_eq!(last.usual(chart.of), Some(Usual { expected: 45.5, low: 24.0, high: 76.0 }));
    }

    #[test]
    fn what_is_damaged_or_too_long_is_cut_and_not_drawn_elsewhere() {
        let long = serde_json::to_string(&chart(Counted::Negatives, 100)).unwrap();
        let read: Chart = serde_json::from_str(&long).unwrap();
        assert_eq!((read.points.len(), read.points[0].mentions), (CHART_POINTS, 1_238.0));
        assert_eq!(read.from, Timestamp(1_406_910_600_000 + 4 * 300_000));
        let short = r#"{"course":{"of":"share","from":0,"seconds":60,"mentions":[4,0],"negatives":[1],
            "expected":[],"low":[],"high":[null]}}"#;
        let read: Chart = serde_json::from_str(short).unwrap();
        assert_eq!(read.points, [Point { mentions: 4.0, negatives: 1.0, usual: None }]);
        assert_eq!(read.points[0].seen(read.of), Some(0.25));
        assert_eq!(Point::default().seen(Counted::Share), None, "the share of nothing");
    }

    #[test]
    fn a_limit_is_drawn_at_an_even_pace_over_what_it_is_of() {
        let limit = LimitReached { negatives: true, least: 300, within_s: 3_600 };
        assert_eq!(chart(Counted::Negatives, 3).pace(&limit), Some(25.0));
        assert_eq!(chart(Counted::Mentions, 3).pace(&limit), None);
        assert_eq!(chart(Counted::Share, 3).pace(&limit), None);
        assert_eq!([0.0, 0.123_45, 12.345, 123_456.7, f64::NAN].map(three_digits), [0.0, 0.123, 12.3, 123_457.0, 0.0]);
    }
}
