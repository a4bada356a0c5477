//! The headline: one sentence for a lock screen, the height first and the present second.

use orszem_records::incident::{Incident, State};
use orszem_records::signal::{Kind, Signal, WHOLE_TOPIC};
use orszem_text::sanitize;
use orszem_text::truncate::{Unit, cut};

use super::lengths::{HEADLINE, TITLE};
use crate::words::{Value, Words};

/// The headline, at most [`HEADLINE`] characters: the title gives way to the figures.
pub fn headline(title: &str, incident: &Incident, words: &Words) -> String {
    let figures = with_title("", incident, words).chars().count();
    let room = HEADLINE.saturating_sub(figures);
    let whole = with_title(&cut(title, room, Unit::Characters), incident, words);
    cut(&whole, HEADLINE, Unit::Characters).into_owned()
}

fn with_title(title: &str, incident: &Incident, words: &Words) -> String {
    let (signal, peak) = (&incident.signal, &incident.peak);
    let window = words.length(i64::from(peak.window_s));
    let counted = match peak.kind {
        Kind::Negativity | Kind::SlowBurn => "negatives",
        Kind::Praise => "friendly",
        Kind::Volume => "mentions",
        Kind::Silence => {
            let usual = words.figure(peak.expected);
            let values = [("title", title.into()), ("window", window.into()), ("usual", usual.into())];
            return words.with("headline-silence", values);
        }
        Kind::NoData => return no_data(signal, window, words),
    };
    let at = words.beside(peak.at, signal.at);
    let shape = match (&incident.limit, is_known(signal)) {
        (Some(limit), _) => Shape::Limit(words.count(limit.least), words.span(i64::from(limit.within_s))),
        (None, true) => Shape::Usual(words.figure(peak.expected)),
        (None, false) => Shape::Unknown,
    };
    let is_past = incident.is_past_its_height() || incident.state() == State::Resolved;
    let (title, n, kind): (Value, Value, Value) = (title.into(), peak.observed.into(), counted.into());
    let values = [("title", title), ("n", n), ("kind", kind), ("window", window.into()), ("at", at.into())];
    let sentence = |id: &str, [a, b]: [(&'static str, Value); 2]| {
        let [title, n, kind, window, at] = values.clone();
        words.with(id, [title, n, kind, window, at, a, b])
    };
    let nothing = ("nothing", Value::from(""));
    let headline = match (shape, is_past) {
        (Shape::Usual(usual), false) => sentence("headline-usual", [("usual", usual.into()), nothing]),
        (Shape::Usual(usual), true) => sentence("headline-worst-usual", [("usual", usual.into()), nothing]),
        (Shape::Limit(least, within), false) => {
            sentence("headline-limit", [("limit", least.into()), ("within", within.into())])
        }
        (Shape::Limit(least, within), true) => {
            sentence("headline-worst-limit", [("limit", least.into()), ("within", within.into())])
        }
        (Shape::Unknown, false) => sentence("headline-unknown", [nothing.clone(), nothing]),
        (Shape::Unknown, true) => sentence("headline-worst-unknown", [nothing.clone(), nothing]),
    };
    // A count of another kind than that of the height says nothing of how that fell.
    let same = signal.kind.counts_negatives() == peak.kind.counts_negatives();
    match incident.state() != State::Resolved && incident.is_past_its_height() && same {
        true => {
            words.with("headline-now", [("headline", headline.into()), ("now", words.count(signal.observed).into())])
        }
        false => headline,
    }
}

/// What the height is held against.
enum Shape {
    /// What is usual.
    Usual(String),
    /// The limit that was set: how many, and within which time.
    Limit(String, String),
    /// Nothing: the past is too short.
    Unknown,
}

/// Whether it is known what is usual.
pub(super) fn is_known(signal: &Signal) -> bool {
    !signal.learning && signal.expected.is_finite()
}

fn no_data(signal: &Signal, window: String, words: &Words) -> String {
    match about(signal) {
        None => words.with("headline-no-data-all", [("window", window.into())]),
        Some(about) => words.with("headline-no-data", [("window", window.into()), ("about", about.into())]),
    }
}

/// What of the feed delivers nothing, one clean line; `None` for all of it.
pub(super) fn about(signal: &Signal) -> Option<String> {
    let about = sanitize::line(signal.about.as_deref().filter(|about| *about != WHOLE_TOPIC)?);
    Some(cut(&about, TITLE, Unit::Characters).into_owned())
}
