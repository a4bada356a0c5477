//! Why an incident is one, in a sentence or two for people.

use orszem_records::incident::Incident;
use orszem_records::peak::Peak;
use orszem_records::signal::{HeldAgainst, Kind, Reason, Signal};
use orszem_records::statistic::Statistic;

use super::headline::{about, is_known};
use crate::words::Words;

/// Why the incident is one: the limit that was set, or the past that its height is held against.
pub fn why(incident: &Incident, words: &Words) -> String {
    let signal = &incident.signal;
    let first = match (&incident.limit, incident.peak.reason) {
        (Some(limit), _) => {
            let id = if limit.negatives { "why-limit-negatives" } else { "why-limit-mentions" };
            let within = words.span(i64::from(limit.within_s));
            Some(words.with(id, [("least", words.count(limit.least).into()), ("within", within.into())]))
        }
        (None, Some(reason)) if is_known(signal) => Some(found(&incident.peak, &reason, words)),
        (None, _) => None,
    };
    let second = match signal.kind {
        Kind::NoData if about(signal).is_none() => Some(words.say("why-no-data-all")),
        Kind::NoData => Some(words.say("why-no-data")),
        Kind::Silence => Some(words.say("why-silence")),
        Kind::Praise => Some(words.say("why-praise")),
        _ if signal.learning => {
            let left = words.with("why-not-known-yet", [("hours", signal.learning_left.into())]);
            match (&first, signal.learning_left) {
                // It is known by now, and was not when the incident began.
                (_, 0) => first.is_none().then(|| words.say("why-outright")),
                (Some(_), _) => Some(left),
                (None, _) => Some(joined(Some(words.say("why-outright")), Some(left), words)),
            }
        }
        _ if signal.new_usual => Some(words.say("why-new-usual")),
        _ if signal.note => Some(words.say("why-note")),
        _ => None,
    };
    joined(first, second, words)
}

/// Why a finding is one that is not part of an incident yet: of a backtest's.
pub fn why_of(signal: &Signal, words: &Words) -> Option<String> {
    let reason = signal.reason?;
    let found = found(&Peak::of(signal), &reason, words);
    let second = match (signal.note, signal.new_usual) {
        (_, true) => Some(words.say("why-new-usual")),
        (true, _) => Some(words.say("why-note")),
        (false, false) => None,
    };
    Some(joined(Some(found), second, words))
}

fn joined(first: Option<String>, second: Option<String>, words: &Words) -> String {
    match (first, second) {
        (Some(first), Some(second)) => words.with("why-and", [("first", first.into()), ("second", second.into())]),
        (one, other) => one.or(other).unwrap_or_default(),
    }
}

fn found(peak: &Peak, reason: &Reason, words: &Words) -> String {
    let expected = words.figure(peak.expected);
    let share = words.percent(peak.observed as f64 / reason.mentions.max(1) as f64);
    let usual = reason.usual_share.map_or_else(|| "–".to_owned(), |share| words.percent(share));
    match reason.statistic {
        Statistic::Share | Statistic::LongShare => words.with(
            "why-share",
            [
                ("n", words.count(peak.observed).into()),
                ("mentions", words.count(reason.mentions).into()),
                ("share", share.into()),
                ("usual", usual.into()),
            ],
        ),
        Statistic::SlowBurn => words.with(
            "why-slow-burn",
            [
                ("span", words.length(i64::from(peak.window_s)).into()),
                ("share", share.into()),
                ("mentions", words.count(reason.mentions).into()),
                ("usual", usual.into()),
            ],
        ),
        Statistic::Negatives => {
            let id = match reason.held_against {
                HeldAgainst::SameHours => "why-negatives-same-hours",
                HeldAgainst::LastDays | HeldAgainst::Mentions => "why-negatives-last-days",
            };
            words.with(id, [("expected", expected.into()), ("share", share.into()), ("usual", usual.into())])
        }
        Statistic::Mentions | Statistic::TimeOfDay => {
            let id = match reason.held_against {
                HeldAgainst::SameHours => "why-mentions-same-hours",
                HeldAgainst::LastDays | HeldAgainst::Mentions => "why-mentions-last-days",
            };
            words.with(id, [("expected", expected.into())])
        }
    }
}
