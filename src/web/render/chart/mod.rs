//! The chart of an incident as SVG: what was seen against what was expected, in the page's own colours; and what
//! queries match, hour by hour.
//!
//! Everything drawn is a number or a time that orszem computed: no text from a mention comes here.

mod series;
mod svg;

use maud::{Markup, html};
use std::collections::BTreeMap;

use orszem_records::signal::Signal;
use orszem_records::time::Timestamp;

use crate::render::format;
use series::{Series, Step};

/// The chart of `signal` with its legend; a sentence where there is too little to draw.
pub(crate) fn figure(signal: &Signal) -> Markup {
    let Some(series) = Series::of(signal) else {
        return html! { p.quiet { "Not enough data for a chart yet." } };
    };
    html! {
        figure.chart {
            div role="img" aria-label=(series.description(signal)) {
                (svg::draw(&series))
            }
            figcaption {
                span.key { span.swatch.observed {} "Mentions in " (format::length(series.unit)) }
                span.key { span.swatch.negative {} "of them negative" }
                span.key { span.swatch.expected {} "expected" }
                span.key { span.swatch.band {} "expected in 95 of 100 cases" }
                @if series.began.is_some() { span.key { span.swatch.began {} "incident opened" } }
                span.key.quiet { "Times in " (series.zone.abbreviation(series.start)) ", from " (series.zone.moment(series.start)) }
            }
        }
    }
}

/// The chart of what one query or two match in the hours that begin at these times; hours without any are left out of
/// `hours`.
pub(crate) fn hours(hours: &BTreeMap<Timestamp, [u64; 2]>, two: bool) -> Markup {
    let Some(series) = Series::of_hours(hours) else { return html! {} };
    let peak = |value: fn(&Step) -> f64| format::figure(series.steps.iter().map(value).fold(0.0, f64::max));
    let peaks = match two {
        true => format!(
            "at most {} by the first query, {} by the second",
            peak(|step| step.seen),
            peak(|step| step.expected)
        ),
        false => format!("at most {}", peak(|step| step.seen)),
    };
    html! {
        figure.chart {
            @let since = series.zone.moment(series.start);
            div role="img" aria-label={ "Matches in each hour since " (since) ": " (peaks) "." } {
                (svg::draw(&series))
            }
            figcaption {
                span.key { span.swatch.observed {} "Matches in an hour" @if two { ", first query" } }
                @if two { span.key { span.swatch.expected {} "second query" } }
                span.key.quiet { "Times in " (series.zone.abbreviation(series.start)) ", from " (series.zone.moment(series.start)) "; " (peaks) }
            }
        }
    }
}

#[cfg(test)]
#[path = "chart_tests.rs"]
mod tests;
