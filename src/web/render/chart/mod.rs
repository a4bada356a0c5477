//! The chart of an incident as SVG: what its sentence counts against what was expected of that, in the page's own
//! colours; and what queries match, hour by hour.
//!
//! Everything drawn is a number or a time that orszem computed: no text from a mention comes here.

mod series;
mod svg;

use maud::{Markup, html};
use std::collections::BTreeMap;

use orszem_core::words::{Value, Words};
use orszem_records::chart::Counted;
use orszem_records::incident::Incident;
use orszem_records::time::Timestamp;

use series::{Series, Step};

/// The chart of an incident with its legend; a sentence where there is too little to draw.
pub(crate) fn figure(incident: &Incident, words: &Words) -> Markup {
    let Some(series) = Series::of(incident, words) else {
        return html! { p.quiet { (words.say("chart-too-little")) } };
    };
    let span = words.span(series.unit);
    let seen = match series.of {
        Counted::Mentions => "chart-mentions",
        Counted::Negatives => "chart-negatives",
        Counted::Share => "chart-share",
    };
    let any = |value: fn(&Step) -> bool| series.steps.iter().any(value);
    html! {
        figure.chart {
            div role="img" aria-label=(description(&series, incident, words)) {
                (svg::draw(&series))
            }
            figcaption {
                span.key { span.swatch.observed {} (words.with(seen, [("span", span.into())])) }
                @if any(|step| step.negative > Some(0.0)) { span.key { span.swatch.negative {} (words.say("chart-negative")) } }
                @if any(|step| step.expected.is_some()) {
                    span.key { span.swatch.expected {} (words.say("chart-usual")) }
                    span.key { span.swatch.band {} (words.say("chart-band")) }
                }
                @if series.limit.is_some() { span.key { span.swatch.limit {} (limit(&series, words)) } }
                @if series.window.is_some() { span.key { span.swatch.window {} (worst(incident, words)) } }
                @if series.began.is_some() { span.key { span.swatch.began {} (words.say("chart-began")) } }
                (times(&series, words))
            }
        }
    }
}

/// What was counted at the height: what its window is marked for.
fn worst(incident: &Incident, words: &Words) -> String {
    let peak = &incident.peak;
    let kind = if peak.kind.counts_negatives() { "negatives" } else { "mentions" };
    let window = words.span(i64::from(peak.window_s));
    let counted =
        words.with("counted", [("kind", kind.into()), ("n", peak.observed.into()), ("window", window.into())]);
    words.with(
        "chart-worst",
        [("counted", counted.into()), ("at", words.beside(peak.at, incident.signal.chart.end()).into())],
    )
}

/// The limit, and how it is drawn.
fn limit(series: &Series, words: &Words) -> String {
    let Some((limit, pace)) = series.limit else { return String::new() };
    let values: [(&str, Value); 4] = [
        ("limit", limit.least.into()),
        ("within", words.span(i64::from(limit.within_s)).into()),
        ("pace", words.figure(pace).into()),
        ("span", words.span(series.unit).into()),
    ];
    words.with("chart-limit", values)
}

/// What the picture shows, for those who do not see it.
fn description(series: &Series, incident: &Incident, words: &Words) -> String {
    let id = match series.of {
        Counted::Mentions => "chart-says-mentions",
        Counted::Negatives => "chart-says-negatives",
        Counted::Share => "chart-says-share",
    };
    let (most, at) = series.most(|step| step.seen).unwrap_or((0.0, series.start));
    let (span, since) = (words.span(series.unit), words.moment(series.start));
    let mut said = words.with(
        id,
        [
            ("span", span.into()),
            ("since", since.into()),
            ("most", series.figure(most).into()),
            ("at", words.beside(at, series.start).into()),
        ],
    );
    let mut say = |sentence: String| said.extend([" ", &sentence]);
    match series.usual() {
        Some((usual, high)) => {
            let (usual, high) = (series.figure(usual), series.figure(high));
            say(words.with("chart-says-usual", [("usual", usual.into()), ("high", high.into())]));
        }
        None => say(words.say("chart-says-unknown")),
    }
    if series.limit.is_some() {
        say(format!("{}.", limit(series, words)));
    }
    if series.window.is_some() {
        say(format!("{}.", worst(incident, words)));
    }
    said
}

/// The zone of the axis, and where it begins.
fn times(series: &Series, words: &Words) -> Markup {
    let (zone, from) = (words.abbreviation(series.start), words.moment(series.start));
    html! { span.key.quiet { (words.with("chart-times", [("zone", zone.into()), ("from", from.into())])) } }
}

/// The course of an incident, small and without words: beside a row that says all of it.
pub(crate) fn course(incident: &Incident) -> Markup {
    html! { @if let Some(series) = Series::of(incident, &Words::default()) { (svg::small(&series)) } }
}

/// The chart of what one query or two match in the hours that begin at these times; hours without any are left out of
/// `hours`.
pub(crate) fn hours(hours: &BTreeMap<Timestamp, [u64; 2]>, two: bool, words: &Words) -> Markup {
    let Some(series) = Series::of_hours(hours, two, words) else { return html! {} };
    let peak = |value: fn(&Step) -> Option<f64>| words.figure(series.most(value).map_or(0.0, |(most, _)| most));
    let peaks = match two {
        true => words.with(
            "chart-peaks",
            [("first", peak(|step| step.seen).into()), ("second", peak(|step| step.expected).into())],
        ),
        false => words.with("chart-peak", [("n", peak(|step| step.seen).into())]),
    };
    html! {
        figure.chart {
            @let since = words.moment(series.start);
            div role="img" aria-label=(words.with("chart-matches-since", [("since", since.into()), ("peaks", peaks.as_str().into())])) {
                (svg::draw(&series))
            }
            figcaption {
                span.key { span.swatch.observed {} (words.say(if two { "chart-matches-first" } else { "chart-matches" })) }
                @if two { span.key { span.swatch.expected {} (words.say("chart-matches-second")) } }
                (times(&series, words)) span.key.quiet { (peaks) }
            }
        }
    }
}

#[cfg(test)]
#[path = "chart_tests.rs"]
mod tests;
