//! What pages say in words.

use orszem_core::notification::breakdown;
pub(crate) use orszem_core::notification::format::{Zone, count, figure, length};
use orszem_core::settings::Config;
use orszem_records::class::Class;
use orszem_records::incident::State;
use orszem_records::ledger::Delivery;
use orszem_records::signal::{Counts, Forecast, Kind, Signal};
pub(crate) use orszem_text::sanitize::{in_place, lines};

/// How rare this number a week is: `about once in 6 years`.
pub(crate) fn rarity(per_week: f64) -> String {
    if !per_week.is_finite() || per_week < 0.0 {
        return "unknown".into();
    }
    let weeks = 1.0 / per_week;
    match weeks {
        weeks if weeks < 0.75 => format!("about {} times a week", figure(per_week)),
        weeks if weeks < 1.5 => "about once a week".into(),
        weeks if weeks < 9.0 => format!("about once in {} weeks", weeks.round()),
        weeks if weeks < 78.0 => format!("about once in {} months", (weeks / 4.345).round()),
        weeks if weeks < 5_218.0 => format!("about once in {} years", (weeks / 52.18).round()),
        _ => "less than once in a century".into(),
    }
}

/// What is counted in an incident of this kind.
pub(crate) const fn counted(kind: Kind) -> &'static str {
    match kind {
        Kind::Negativity | Kind::SlowBurn => "negative mentions",
        Kind::Volume | Kind::Praise | Kind::Silence => "mentions",
        Kind::NoData => "minutes with mentions",
    }
}

/// One sentence: what is seen against what was expected.
pub(crate) fn sentence(signal: &Signal) -> String {
    format!(
        "{} {} in {}, where {} {} expected",
        count(signal.observed),
        counted(signal.kind),
        length(i64::from(signal.window_s)),
        figure(signal.expected),
        if figure(signal.expected) == "1" { "was" } else { "were" }
    )
}

/// The state, for people.
pub(crate) const fn state(state: State) -> &'static str {
    match state {
        State::Open => "Open",
        State::Acknowledged => "Acknowledged",
        State::Resolved => "Resolved",
    }
}

/// A forecast, in one line.
pub(crate) fn forecast(forecast: &Forecast) -> String {
    let (low, high) = forecast.interval;
    format!("about {} mentions ({} to {} in 95 of 100 cases)", figure(forecast.mentions), figure(low), figure(high))
}

/// What the counts of an incident say, in one line.
pub(crate) fn counts(counts: &Counts) -> String {
    format!(
        "{}; {} negative, {} positive; at most {} followers reached",
        breakdown(counts),
        count(counts.negatives),
        count(counts.positives),
        count(counts.reach),
    )
}

/// A class, for people.
pub(crate) const fn class(class: Class) -> &'static str {
    match class {
        Class::Negative => "negative",
        Class::Neutral => "neutral",
        Class::Positive => "positive",
    }
}

/// The name for people of a watch that may have left the configuration since.
pub(crate) fn title(config: &Config, watch: &str) -> String {
    config.watch(watch).and_then(|known| known.title.clone()).unwrap_or_else(|| watch.to_owned())
}

/// The outcome's name, and its reason or what there is to know beside it.
pub(crate) fn outcome<'a>(result: Option<&'a Delivery>, note: Option<&'a str>) -> (&'static str, Option<&'a str>) {
    match result {
        None => ("under-way", None),
        Some(Delivery::Accepted { .. }) => ("accepted", note),
        Some(Delivery::Retry { reason, .. }) => ("retry", Some(reason)),
        Some(Delivery::Failed { reason }) => ("failed", Some(reason)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rarity_reads_as_a_person_would_say_it() {
        assert_eq!(rarity(3.0), "about 3 times a week");
        assert_eq!(rarity(0.5), "about once in 2 weeks");
        assert_eq!(rarity(0.003), "about once in 6 years");
        assert_eq!(rarity(0.0), "less than once in a century");
        assert_eq!(rarity(f64::NAN), "unknown");
    }
}
