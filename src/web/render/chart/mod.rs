//! The chart of an incident as SVG: what was seen against what was expected, in the page's own colours; and what
//! queries match, hour by hour.
//!
//! Everything drawn is a number or a time that orszem computed: no text from a mention comes here.

mod series;
mod svg;

use maud::{Markup, html};
use std::collections::BTreeMap;

use orszem_core::words::Words;
use orszem_records::incident::Incident;
use orszem_records::time::Timestamp;

use series::{Series, Step};

/// The chart of an incident with its legend; a sentence where there is too little to draw.
pub(crate) fn figure(incident: &Incident, words: &Words) -> Markup {
    let signal = &incident.signal;
    let Some(series) = Series::of(signal, words) else {
        return html! { p.quiet { (words.say("chart-too-little")) } };
    };
    html! {
        figure.chart {
            div role="img" aria-label=(series.description(signal, words)) {
                (svg::draw(&series))
            }
            figcaption {
                span.key { span.swatch.observed {} (words.with("chart-mentions", [("span", words.length(series.unit).into())])) }
                span.key { span.swatch.negative {} (words.say("chart-negative")) }
                span.key { span.swatch.expected {} (words.say("chart-usual")) }
                span.key { span.swatch.band {} (words.say("chart-band")) }
                @if series.began.is_some() { span.key { span.swatch.began {} (words.say("chart-began")) } }
                (times(&series, words))
            }
        }
    }
}

/// The zone of the axis, and where it begins.
fn times(series: &Series, words: &Words) -> Markup {
    let (zone, from) = (words.abbreviation(series.start), words.moment(series.start));
    html! { span.key.quiet { (words.with("chart-times", [("zone", zone.into()), ("from", from.into())])) } }
}

/// The course of an incident, small and without words: beside a row that says all of it.
pub(crate) fn course(incident: &Incident) -> Markup {
    html! { @if let Some(series) = Series::of(&incident.signal, &Words::default()) { (svg::small(&series)) } }
}

/// The chart of what one query or two match in the hours that begin at these times; hours without any are left out of
/// `hours`.
pub(crate) fn hours(hours: &BTreeMap<Timestamp, [u64; 2]>, two: bool, words: &Words) -> Markup {
    let Some(series) = Series::of_hours(hours, words) else { return html! {} };
    let peak = |value: fn(&Step) -> f64| words.figure(series.steps.iter().map(value).fold(0.0, f64::max));
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
