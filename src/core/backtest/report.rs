//! `report.html`: one file that needs no network. It contains the data as JSON and draws it.
//!
//! Texts of mentions are hostile: inside the `script` element they cannot end the element, and the page puts them only
//! into text nodes.

use serde::Serialize;
use std::fmt::Write as _;
use std::io::{self, Write};

use crate::notification::driven_by;
use crate::words::Words;
use orszem_records::chart::{self, Counted, three_digits};
use orszem_records::time::MINUTE_MS;
use orszem_records::time::Timestamp;
use orszem_text::sanitize;

use super::chart::Point;
use super::incident::Incident;
use super::result::{Outcome, Summary, WatchResult, WatchSummary};

const PAGE: &str = include_str!("report.html");
const STYLE: &str = include_str!("report.css");
const SCRIPT: &str = include_str!("report.js");

/// The maximum number of listed incidents of one watch; the others are in `incidents.jsonl`.
const INCIDENTS: usize = 400;
/// The maximum number of incidents with drivers on the whole page: those of the highest severity.
const WITH_EXAMPLES: usize = 1_500;
/// The maximum number of shown mentions of one incident.
const EXAMPLES: usize = 3;

/// A watch in the data of the page.
#[derive(Serialize)]
struct Drawn<'a> {
    #[serde(flatten)]
    summary: &'a WatchSummary,
    #[serde(flatten)]
    curve: Curve,
    /// Epoch ms.
    windows: Vec<(i64, i64)>,
    found: Vec<Found<'a>>,
    /// The number of incidents that are not listed.
    more: usize,
}

/// Points in the data of the page.
#[derive(Debug, Default, Serialize)]
struct Curve {
    /// What is drawn; `None`: what the reader chooses, mentions or negatives.
    of: Option<Counted>,
    /// Epoch ms of the first point, ms per point, and the number of points.
    start: i64,
    step: i64,
    points: usize,
    /// Comma-separated numbers: mentions, and the negative ones; empty means 0.
    seen: String,
    negative: String,
    /// What was expected of mentions, and of negatives.
    expected: Expected,
    expected_negatives: Expected,
    /// The window of the figures, epoch ms.
    window: Option<(i64, i64)>,
    /// How many a point has if the limit is reached at an even pace.
    limit: Option<f64>,
}

/// An expected number and its interval, by point: empty means "as before", `-` means "unknown".
#[derive(Debug, Default, Serialize)]
struct Expected {
    mean: String,
    low: String,
    high: String,
    #[serde(skip)]
    before: Option<Option<[String; 3]>>,
}

impl Expected {
    fn push(&mut self, expected: Option<(f64, f64, f64)>) {
        let columns = [&mut self.mean, &mut self.low, &mut self.high];
        let figures = expected.map(|(mean, low, high)| [mean, low, high].map(figure));
        let first = self.before.is_none();
        let same = self.before.as_ref() == Some(&figures);
        for (place, column) in columns.into_iter().enumerate() {
            if !first {
                column.push(',');
            }
            if !same {
                column.push_str(figures.as_ref().map_or("-", |figures| &figures[place]));
            }
        }
        self.before = Some(figures);
    }
}

impl Curve {
    fn new(start: i64, step: i64, points: impl Iterator<Item = Point>) -> Curve {
        let mut curve = Curve { start, step, ..Curve::default() };
        for point in points {
            let seen = [(&mut curve.seen, point.mentions), (&mut curve.negative, point.negatives)];
            for (column, count) in seen {
                if curve.points > 0 {
                    column.push(',');
                }
                if count > 0.0 {
                    column.push_str(&figure(count));
                }
            }
            curve.expected.push(point.expected);
            curve.expected_negatives.push(point.expected_negatives);
            curve.points += 1;
        }
        curve
    }

    fn of_incident(incident: &Incident) -> Option<Curve> {
        let Incident { course, counted_until, window_s, .. } = incident;
        if course.is_empty() {
            return None;
        }
        let point = |point: &chart::Point| {
            let usual = point.usual.map(|usual| {
                let chart::Usual { expected, low, high } = usual;
                (f64::from(expected), f64::from(low), f64::from(high))
            });
            let of_mentions = course.of == Counted::Mentions;
            Point {
                mentions: f64::from(point.mentions),
                negatives: f64::from(point.negatives),
                expected: usual.filter(|_| of_mentions),
                expected_negatives: usual.filter(|_| !of_mentions),
            }
        };
        Some(Curve {
            of: Some(course.of),
            window: Some((counted_until.0 - i64::from(*window_s) * 1000, counted_until.0)),
            limit: incident.limit.and_then(|limit| course.pace(&limit)),
            ..Curve::new(course.from.0, course.span_ms(), course.points.iter().map(point))
        })
    }
}

/// An incident in the data of the page: times in epoch ms.
#[derive(Serialize)]
struct Found<'a> {
    opened: i64,
    paged: Option<i64>,
    closed: Option<i64>,
    kind: &'static str,
    severity: u8,
    observed: u64,
    expected: f64,
    low: f64,
    high: f64,
    window: u32,
    per_week: f64,
    learning: bool,
    mentions: u64,
    negatives: u64,
    originals: u64,
    reposts: u64,
    copies: u64,
    authors: u64,
    /// Its drivers.
    why: String,
    driven: String,
    /// The number of mentions with the most repeated text.
    one: u64,
    /// Its chart, if it has examples.
    course: Option<Curve>,
    examples: Vec<Example<'a>>,
}

#[derive(Serialize)]
struct Example<'a> {
    at: i64,
    author: String,
    followers: u64,
    source: String,
    class: orszem_records::class::Class,
    text: String,
    url: Option<&'a str>,
}

impl Outcome {
    /// Writes `report.html`.
    pub fn write_report(&self, summary: &Summary, mut out: impl Write) -> io::Result<()> {
        let (before, rest) = PAGE.split_once("/*STYLE*/").unwrap_or((PAGE, ""));
        let (middle, rest) = rest.split_once("/*DATA*/").unwrap_or((rest, ""));
        let (last, after) = rest.split_once("/*SCRIPT*/").unwrap_or((rest, ""));
        out.write_all(before.as_bytes())?;
        out.write_all(STYLE.as_bytes())?;
        out.write_all(middle.as_bytes())?;
        self.write_data(summary, &mut out)?;
        out.write_all(last.as_bytes())?;
        out.write_all(SCRIPT.as_bytes())?;
        out.write_all(after.as_bytes())?;
        out.flush()
    }

    fn write_data(&self, summary: &Summary, out: &mut impl Write) -> io::Result<()> {
        // Serialise the watches one by one, so that no text is longer than one of them.
        let head = Summary { watches: Vec::new(), ..summary.clone() };
        write!(out, "{{\"summary\":{},\"watches\":[", harmless(&serde_json::to_string(&head)?))?;
        let severest = self.severest();
        for (number, (watch, summary)) in self.watches.iter().zip(&summary.watches).enumerate() {
            let comma = if number > 0 { ",\n" } else { "\n" };
            let drawn = self.drawn(watch, summary, severest);
            write!(out, "{comma}{}", harmless(&serde_json::to_string(&drawn)?))?;
        }
        out.write_all(b"]}")
    }

    /// The lowest severity at which all incidents fit with their drivers.
    fn severest(&self) -> u8 {
        let up_to = |severity| self.incidents.iter().filter(|incident| incident.severity <= severity).count();
        (1..=4).rev().find(|severity| up_to(*severity) <= WITH_EXAMPLES).unwrap_or(0)
    }

    fn drawn<'a>(&'a self, watch: &WatchResult, summary: &'a WatchSummary, severest: u8) -> Drawn<'a> {
        let ours = || self.incidents.iter().filter(|incident| incident.watch == watch.name);
        let end = watch.span.map_or(Timestamp(0), |(_, last)| last);
        let chart = watch.chart.and_then(|(chart, place)| Some((self.charts.get(chart)?, place)));
        let curve = chart.map_or_else(Curve::default, |(chart, place)| {
            Curve::new(chart.start().0, chart.width() * MINUTE_MS, chart.points(place, end))
        });
        Drawn {
            summary,
            curve,
            windows: watch.windows.iter().flatten().map(|window| (window.from.0, window.to.0)).collect(),
            found: ours().take(INCIDENTS).map(|incident| found(incident, incident.severity <= severest)).collect(),
            more: ours().count().saturating_sub(INCIDENTS),
        }
    }
}

fn found(incident: &Incident, with_examples: bool) -> Found<'_> {
    let examples = if with_examples { &incident.examples[..incident.examples.len().min(EXAMPLES)] } else { &[] };
    let example = |sample: &'_ orszem_records::tally::Sample| -> (i64, String, String, String) {
        (
            sample.published_at.0,
            sanitize::line(&sample.author),
            sanitize::line(&sample.source),
            sanitize::line(&sample.text),
        )
    };
    Found {
        opened: incident.opened_at.0,
        paged: incident.paged_at.map(|at| at.0),
        closed: incident.closed_at.map(|at| at.0),
        kind: incident.kind.name(),
        severity: incident.severity,
        observed: incident.observed,
        expected: three_digits(incident.expected),
        low: incident.interval.0,
        high: incident.interval.1,
        window: incident.window_s,
        per_week: three_digits(incident.expected_per_week),
        learning: incident.learning,
        mentions: incident.counts.mentions,
        negatives: incident.counts.negatives,
        originals: incident.counts.originals,
        reposts: incident.counts.reposts,
        copies: incident.counts.copies,
        authors: incident.counts.authors,
        why: incident.why.clone().unwrap_or_default(),
        driven: driven_by(&incident.drivers, &Words::default()),
        one: incident.counts.of_one_text,
        course: if with_examples { Curve::of_incident(incident) } else { None },
        examples: examples
            .iter()
            .map(|sample| {
                let (at, author, source, text) = example(sample);
                let (followers, class, url) = (sample.followers, sample.class, sample.url.as_deref());
                Example { at, author, followers, source, class, text, url }
            })
            .collect(),
    }
}

fn figure(number: f64) -> String {
    three_digits(number).to_string()
}

/// Makes JSON safe inside a `script` element. In JSON, all these characters occur only within strings.
fn harmless(json: &str) -> String {
    let mut out = String::with_capacity(json.len() + json.len() / 64);
    for character in json.chars() {
        match character {
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => drop(write!(out, "\\u{:04x}", u32::from(character))),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backtest::incident::Recorder;
    use crate::backtest::incident::tests::signal;
    use crate::backtest::mentions::Tallied;
    use crate::backtest::run::tests::{crisis, outcome};
    use orszem_records::ledger::{Entry, Event, IncidentId};
    use orszem_records::signal::{Kind, LimitReached, Phase, Signal};

    #[test]
    fn no_text_can_end_the_script() {
        let text = "</script><script>alert(1)</script><!-- \u{2028}\u{2029} & ő 🦀";
        let json = harmless(&serde_json::to_string(text).unwrap());
        assert!(!json.contains(['<', '>', '&', '\u{2028}', '\u{2029}']), "{json}");
        assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text);
    }

    #[test]
    fn numbers_are_as_short_as_they_may_be() {
        assert_eq!(
            [0.0, 0.123_45, 12.345, 123_456.0, f64::NAN].map(figure),
            ["0", "0.123", "12.3", "123456", "NaN"].map(|text| if text == "NaN" { "0" } else { text })
        );
    }

    #[test]
    fn the_page_is_one_file_and_holds_what_was_found() {
        let mut outcome = outcome(&crisis());
        assert_eq!(outcome.input, Tallied::default());
        outcome.incidents[0].examples.push(orszem_records::tally::Sample {
            id: "1".into(),
            published_at: Timestamp(0),
            source: "x".into(),
            author: "</script><img src=x onerror=alert(1)>".into(),
            followers: 1,
            class: orszem_records::class::Class::Negative,
            text: "<!--<script>".into(),
            url: Some("https://example.com/?a=1&b=2".into()),
            language: None,
            role: None,
        });
        let mut page = Vec::new();
        outcome.write_report(&outcome.summary(), &mut page).unwrap();
        let page = String::from_utf8(page).unwrap();
        assert_eq!(page.matches("</script>").count(), 2, "the data and the script");
        assert!(!page.contains("<img src=x") && !page.contains("<!--<script"));
        let data = page.split_once("<script type=\"application/json\" id=\"data\">").unwrap().1;
        let data: serde_json::Value = serde_json::from_str(data.split_once("</script>").unwrap().0).unwrap();
        let watch = &data["watches"][0];
        let points = usize::try_from(watch["points"].as_u64().unwrap()).unwrap();
        let of = |curve: &serde_json::Value, place: &str| {
            curve.pointer(place).and_then(serde_json::Value::as_str).unwrap().split(',').count()
        };
        for series in ["/seen", "/negative", "/expected/mean", "/expected/low", "/expected_negatives/high"] {
            assert_eq!(of(watch, series), points, "{series}");
        }
        let found = &watch["found"][0];
        assert_eq!((&found["kind"], &found["course"]["of"]), (&"volume".into(), &"mentions".into()), "{found}");
        assert!(of(&found["course"], "/expected/mean") > 24, "{found}");
        let ends = found["course"]["window"][1].as_i64().unwrap();
        assert_eq!(ends - found["course"]["window"][0].as_i64().unwrap(), found["window"].as_i64().unwrap() * 1000);
        let seen: u64 = watch["seen"].as_str().unwrap().split(',').filter_map(|n| n.parse::<u64>().ok()).sum();
        assert_eq!(Some(seen), watch["mentions"].as_u64());
        assert_eq!(watch["found"][0]["examples"][0]["text"], "<!--<script>");
        assert!(
            !page.contains("src=\"http") && !page.contains("@import") && !page.contains("url("),
            "nothing is fetched"
        );
    }

    #[test]
    fn an_incident_is_drawn_by_what_its_sentence_counts_with_the_window_and_the_limit_of_that() {
        let mut signal = signal(Phase::Opened, Kind::Negativity, 60);
        let point = chart::Point { mentions: 9.0, negatives: 7.0, usual: Some(chart::Usual::new(2.0, (0.0, 5.0))) };
        let points = vec![point; 12];
        signal.chart = chart::Chart { of: Counted::Negatives, from: Timestamp(0), seconds: 300, points };
        signal.limit = Some(LimitReached { negatives: true, least: 120, within_s: 3_600 });
        let curve = |signal: &Signal| {
            let (watch, incident) = ("acme".to_owned(), IncidentId::new("acme", 1));
            let event = Event::Signal(Box::new(signal.clone()));
            let mut recorder = Recorder::default();
            recorder.entry(&Entry { watch, incident, at: signal.at, event }, signal.at);
            Curve::of_incident(&recorder.finish()[0]).unwrap()
        };
        let drawn = curve(&signal);
        assert_eq!((drawn.of, drawn.limit), (Some(Counted::Negatives), Some(10.0)));
        assert_eq!(drawn.window, Some((55 * MINUTE_MS, 60 * MINUTE_MS)), "five minutes up to the hour");
        assert!(drawn.negative.starts_with("7,7,") && drawn.expected_negatives.mean.starts_with("2,,"), "{drawn:?}");
        assert!(drawn.expected.mean.starts_with("-,,"), "what was expected of mentions is not known");
        signal.chart.of = Counted::Mentions;
        let drawn = curve(&signal);
        assert!(drawn.expected.high.starts_with("5,,") && drawn.limit.is_none(), "{drawn:?}");
    }
}
