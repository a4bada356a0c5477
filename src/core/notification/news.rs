//! Where an incident stands, and what a message tells that its receiver has not heard.

use orszem_records::height::Height;
use orszem_records::incident::{Incident, State};
use orszem_records::ledger::{ByWhom, EndReason};
use orszem_records::time::Timestamp;
use orszem_text::sanitize;
use orszem_text::truncate::{Unit, cut};

use super::lengths::TITLE;
use super::occasion::Occasion;
use crate::words::Words;

/// A person's name, made one clean line.
pub(super) fn name(who: &ByWhom) -> String {
    clean(&who.by)
}

fn clean(name: &str) -> String {
    cut(&sanitize::line(name), TITLE, Unit::Characters).into_owned()
}

/// Where the incident stands, in a few words: `Anna has it since 01:44`.
pub fn standing(incident: &Incident, words: &Words) -> String {
    let at = |at: Timestamp| words.clock(at);
    match (incident.state(), &incident.resolved, &incident.acknowledged) {
        (State::Open, ..) if incident.calls_ended => words.say("standing-calls-ended"),
        (State::Open, ..) if incident.exhausted => words.say("standing-nobody-came"),
        (State::Acknowledged, _, Some(stamp)) if incident.known.is_some() => {
            words.with("standing-known", [("by", name(&stamp.by).into())])
        }
        (State::Acknowledged, _, Some(stamp)) => {
            words.with("standing-acknowledged", [("by", name(&stamp.by).into()), ("at", at(stamp.at).into())])
        }
        (State::Open | State::Acknowledged, ..) => words.say("standing-open"),
        (State::Resolved, _, _) if incident.ended.is_some() => words.say("standing-over-removed"),
        (State::Resolved, Some(stamp), _) if incident.going_on && !incident.closed => {
            words.with("standing-goes-on", [("by", name(&stamp.by).into()), ("at", at(stamp.at).into())])
        }
        (State::Resolved, Some(stamp), _) if !incident.closed => {
            let id = if incident.false_alarm { "standing-over-false-alarm" } else { "standing-over-by" };
            words.with(id, [("by", name(&stamp.by).into())])
        }
        (State::Resolved, ..) => words.say("standing-over"),
    }
}

/// What a message tells that its receiver has not heard, in a sentence; `None` for a first call of an incident that
/// nobody had before, and for figures alone.
pub(super) fn news(incident: &Incident, occasion: Occasion, words: &Words) -> Option<String> {
    let at = |at: Timestamp| words.clock(at);
    Some(match occasion {
        // Who is called for the first time hears why nobody has it any more.
        Occasion::First if incident.back.is_some() => back(incident, words)?,
        Occasion::First if incident.reopened.is_some() => open_again(incident, words)?,
        Occasion::First if incident.acknowledgement.missing().next().is_some() => missing(incident, words)?,
        Occasion::First | Occasion::Figures => return None,
        Occasion::CalledAgain { since } => words.with("news-called-again", [("since", at(since).into())]),
        Occasion::Worse => words.with("news-worse", [("n", incident.severity.into())]),
        Occasion::Doubled => {
            let count = Height::of(&incident.signal).count;
            let by = clean(incident.had_before.as_deref().unwrap_or_default());
            words.with("news-doubled", [("by", by.into()), ("n", words.count(count).into())])
        }
        Occasion::NobodyCame { since } => words.with("news-nobody-came", [("since", at(since).into())]),
        Occasion::CallsEnded => words.say("news-calls-ended"),
        Occasion::Acknowledged => acknowledged(incident, words)?,
        Occasion::OpenAgain if incident.reopened.is_some() => open_again(incident, words)?,
        Occasion::OpenAgain => words.say("news-group-open-again"),
        Occasion::Back => back(incident, words)?,
        Occasion::StillYours => {
            let stamp = incident.acknowledged.as_ref()?;
            words.with("news-still-yours", [("by", name(&stamp.by).into())])
        }
        Occasion::NotHeardOf => {
            words.with("news-not-heard-of", [("by", clean(incident.had_before.as_deref()?).into())])
        }
        Occasion::GoesOn => {
            let stamp = incident.resolved.as_ref()?;
            words.with("news-goes-on", [("by", name(&stamp.by).into()), ("at", at(stamp.at).into())])
        }
        Occasion::Over => over(incident, words),
    })
}

fn open_again(incident: &Incident, words: &Words) -> Option<String> {
    let again = incident.reopened.as_ref()?;
    let values = [("by", name(&again.by).into()), ("at", words.clock(again.closed_at).into())];
    Some(words.with("news-open-again", values))
}

fn back(incident: &Incident, words: &Words) -> Option<String> {
    let back = incident.back.as_ref()?;
    let (who, at) = (name(&back.stamp.by), words.clock(back.stamp.at));
    Some(match back.undone {
        true => words.with("news-undone", [("who", who.into())]),
        false => words.with("news-given-back", [("who", who.into()), ("at", at.into())]),
    })
}

/// Who has it, and who still has to acknowledge.
fn missing(incident: &Incident, words: &Words) -> Option<String> {
    let stamp = incident.acknowledged.as_ref()?;
    let missing: Vec<String> = incident.acknowledgement.missing().map(clean).collect();
    Some(words.with("news-missing", [("by", name(&stamp.by).into()), ("missing", missing.join(", ").into())]))
}

fn acknowledged(incident: &Incident, words: &Words) -> Option<String> {
    let stamp = incident.acknowledged.as_ref()?;
    let (by, at) = (name(&stamp.by), words.clock(stamp.at));
    if let Some(back) = incident.back.as_ref().filter(|back| back.undone) {
        let who = name(&back.stamp.by);
        return Some(words.with("news-undone-with", [("who", who.into()), ("by", by.into())]));
    }
    Some(match &incident.had_before {
        Some(before) => {
            words.with("news-taken-over", [("by", by.into()), ("at", at.into()), ("before", clean(before).into())])
        }
        None => words.with("news-acknowledged", [("by", by.into()), ("at", at.into())]),
    })
}

fn over(incident: &Incident, words: &Words) -> String {
    let news = match (&incident.resolved, incident.ended) {
        (_, Some((EndReason::WatchRemoved, _))) => words.say("news-over-removed"),
        (Some(stamp), None) if !incident.closed => {
            let id = if incident.false_alarm { "news-over-false-alarm" } else { "news-over-by" };
            words.with(id, [("by", name(&stamp.by).into())])
        }
        _ if incident.signal.new_usual => words.say("news-over-new-usual"),
        _ => words.say("news-over"),
    };
    match incident.acknowledged.is_none() && incident.resolved.is_none() && incident.exhausted {
        true => words.with("news-over-nobody", [("news", news.into())]),
        false => news,
    }
}

/// The headline with what the message tells before it, for a subject or a title.
pub(super) fn subject(incident: &Incident, headline: &str, occasion: Occasion, words: &Words) -> String {
    let with_severity = |id: &str| words.with(id, [("n", incident.severity.into()), ("headline", headline.into())]);
    let plain = |id: &str| words.with(id, [("headline", headline.into())]);
    match (occasion, incident.state()) {
        (Occasion::CalledAgain { .. }, State::Open) => with_severity("subject-called-again"),
        (Occasion::Worse | Occasion::Doubled, State::Open | State::Acknowledged) => with_severity("subject-worse"),
        (Occasion::NobodyCame { .. }, State::Open) => with_severity("subject-nobody-came"),
        (Occasion::CallsEnded, State::Open) => with_severity("subject-calls-ended"),
        (Occasion::OpenAgain, State::Open) => with_severity("subject-open-again"),
        (Occasion::Back | Occasion::NotHeardOf, State::Open) => with_severity("subject-back"),
        (Occasion::StillYours, State::Acknowledged) => with_severity("subject-still-yours"),
        (Occasion::GoesOn, _) => plain("subject-goes-on"),
        (_, State::Open) => with_severity("subject-first"),
        (_, State::Acknowledged) => {
            let by = incident.acknowledged.as_ref().map(|stamp| name(&stamp.by)).unwrap_or_default();
            words.with("subject-acknowledged", [("by", by.into()), ("headline", headline.into())])
        }
        (_, State::Resolved) if incident.ended.is_some() => plain("subject-ended"),
        (_, State::Resolved) => plain("subject-over"),
    }
}
