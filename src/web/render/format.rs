//! What pages say in words.

use orszem_core::settings::Config;
use orszem_core::words::Words;
use orszem_records::incident::State;
use orszem_records::ledger::Delivery;
use orszem_records::signal::Kind;
pub(crate) use orszem_text::sanitize::{in_place, lines};

/// The text of the catalogue for a kind.
pub(crate) const fn kind_id(kind: Kind) -> &'static str {
    match kind {
        Kind::Negativity => "kind-negativity",
        Kind::Volume => "kind-volume",
        Kind::Praise => "kind-praise",
        Kind::SlowBurn => "kind-slow-burn",
        Kind::Silence => "kind-silence",
        Kind::NoData => "kind-no-data",
    }
}

/// The text of the catalogue for a state.
pub(crate) const fn state_id(state: State) -> &'static str {
    match state {
        State::Open => "state-open",
        State::Acknowledged => "state-acknowledged",
        State::Resolved => "state-resolved",
    }
}

/// The name for people of a watch that may have left the configuration since.
pub(crate) fn title(config: &Config, watch: &str, words: &Words) -> String {
    if watch == orszem_records::signal::FEED {
        return words.say("the-feed");
    }
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
