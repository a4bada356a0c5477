//! The lines of a message: at most six, what helps to decide whether to get up. The incident's page has the others.

use orszem_records::incident::Incident;
use orszem_records::key_terms::TermKind;
use orszem_records::signal::{Counts, Driver, Kind, Signal};
use orszem_text::sanitize;
use orszem_text::truncate::{Unit, cut};
use serde::{Deserialize, Serialize};

use super::headline::about;
use super::lengths::TITLE;
use crate::words::Words;

/// A line of the page: a name and its value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    /// What it is.
    pub name: String,
    /// The value with its unit.
    pub value: String,
}

/// The most lines of a message, with what drives it.
pub const FACTS: usize = 6;

/// The lines but for what drives it. Ours alone: no word in them is from a mention.
pub fn facts(incident: &Incident, words: &Words) -> Vec<Fact> {
    let signal = &incident.signal;
    let fact = |id: &str, value: String| Fact { name: words.say(id), value };
    let mut facts = Vec::with_capacity(FACTS);
    if signal.kind == Kind::NoData {
        facts.push(fact("fact-silent", about(signal).unwrap_or_else(|| words.say("silent-all"))));
        let (window, n) = (words.length(i64::from(signal.window_s)), signal.expected.max(0.0).round() as u64);
        facts.push(fact("fact-usual", words.with("usual-minutes", [("window", window.into()), ("n", n.into())])));
    } else {
        if signal.kind != Kind::Silence {
            facts.push(fact("fact-people", people(&signal.counts, words)));
        }
        if signal.counts.reach > 0 {
            let followers = words.about(signal.counts.reach);
            facts.push(fact("fact-reach", words.with("reach", [("followers", followers.into())])));
        }
        if let Some(forecast) = forecast(signal, words).filter(|_| incident.ended_at().is_none()) {
            facts.push(fact("fact-forecast", forecast));
        }
        if !signal.learning && incident.limit.is_none() {
            facts.push(fact("fact-chance", chance(incident.rarest, words)));
        }
    }
    facts.push(fact("fact-began", words.moment(signal.opened_at)));
    if let Some(ended) = incident.ended_at() {
        facts.push(fact("fact-ended", words.moment(ended)));
    }
    debug_assert!(facts.len() < FACTS, "with what drives it, at most six");
    facts
}

/// How many wrote, how many of it is negative, and how much is passed on:
/// `6,434 mentions by about 6,200 people, 4,022 negative. 4 in 10 pass on what others wrote`.
pub fn people(counts: &Counts, words: &Words) -> String {
    let people = words.with(
        "people",
        [
            ("mentions", counts.mentions.into()),
            ("authors", Words::rounded(counts.authors).into()),
            ("negatives", counts.negatives.into()),
        ],
    );
    let of_ten = |part: u64| ((10.0 * part as f64 / counts.mentions.max(1) as f64).round() as u64).min(10);
    let (one, passed) = (of_ten(counts.of_one_text), of_ten(counts.reposts.saturating_add(counts.copies)));
    match (one, passed) {
        (one, passed) if one >= 3 && one + 1 >= passed => {
            words.with("people-one-text", [("people", people.into()), ("part", one.into())])
        }
        (_, passed) if passed >= 2 => {
            words.with("people-pass-on", [("people", people.into()), ("part", passed.into())])
        }
        _ => people,
    }
}

/// How often as much would come by chance: `about once in 6 years`.
pub fn chance(per_week: f64, words: &Words) -> String {
    if !per_week.is_finite() || per_week < 0.0 {
        return "–".to_owned();
    }
    let whole = |id: &str, number: f64| words.with(id, [("n", words.count(number.round() as u64).into())]);
    match 1.0 / per_week {
        weeks if weeks < 0.75 => words.with("chance-often", [("n", words.figure(per_week).into())]),
        weeks if weeks < 1.5 => words.say("chance-week"),
        weeks if weeks < 9.0 => whole("chance-weeks", weeks),
        weeks if weeks < 78.0 => whole("chance-months", weeks / 4.345),
        weeks if weeks < 5_218.0 => whole("chance-years", weeks / 52.18),
        _ => words.say("chance-century"),
    }
}

/// What stands out, the most striking first; empty where nothing does. Words from outside, made one clean line.
pub fn driven_by(drivers: &[Driver], words: &Words) -> String {
    let of = |driver: &Driver| {
        let term = cut(&sanitize::line(&driver.text), TITLE, Unit::Characters).into_owned();
        let id = match driver.kind {
            TermKind::Author => "driven-author",
            TermKind::Source => "driven-source",
            TermKind::Language => "driven-language",
            _ if driver.times >= 1_000.0 => {
                return words.with("driven-new", [("term", term.into())]);
            }
            _ => "driven-figure",
        };
        words.with(id, [("term", term.into()), ("times", words.figure(driver.times).into())])
    };
    drivers.iter().map(of).collect::<Vec<_>>().join(", ")
}

/// `If it goes on like this: about 340 more in the next hour (160 to 720), 700 in the next 3 hours`.
fn forecast(signal: &Signal, words: &Words) -> Option<String> {
    let mut forecasts = signal.forecast.iter();
    let first = forecasts.next()?;
    let figure = |number: f64| words.count(Words::rounded(number.max(0.0).round() as u64));
    let mut said = words.with(
        "forecast",
        [
            ("n", figure(first.mentions).into()),
            ("hours", first.hours.into()),
            ("low", figure(first.interval.0).into()),
            ("high", figure(first.interval.1).into()),
        ],
    );
    for further in forecasts {
        let n = figure(further.mentions);
        said = words
            .with("forecast-further", [("forecast", said.into()), ("n", n.into()), ("hours", further.hours.into())]);
    }
    Some(said)
}
