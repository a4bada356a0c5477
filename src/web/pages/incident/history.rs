//! What happened, on one clock and in its order.

use std::collections::BTreeSet;

use maud::{Markup, html};

use orszem_core::routing::tree::ROOT;
use orszem_core::words::Words;
use orszem_records::ask::AskKind;
use orszem_records::incident::Incident;
use orszem_records::ledger::{Action, ByWhom, Entry, Event, ItemKind, PressResult, RestartReason, STREAM, Tick};
use orszem_records::signal::{Phase, Signal};
use orszem_records::time::Timestamp;

use crate::render::format;

/// The story, the oldest first. Figures are dated by the mentions, deeds by the clock; where the two are far apart,
/// because the past is replayed, the story keeps the order in which things came.
pub(super) fn list(incident: &Incident, words: &Words) -> Markup {
    let mut step = None;
    let mut lines: Vec<(Timestamp, Markup)> = incident
        .history
        .iter()
        .filter_map(|entry| line(entry, incident, &mut step, words).map(|said| (entry.at, said)))
        .collect();
    if is_on_one_clock(incident) {
        lines.sort_by_key(|(at, _)| *at);
    }
    html! {
        ol.history {
            @for (at, said) in lines {
                li { time.quiet datetime=(at) { (words.moment_seconds(at)) } span { (said) } }
            }
        }
    }
}

/// Whether what people did is dated about as the mentions are: within two days.
fn is_on_one_clock(incident: &Incident) -> bool {
    const APART_MS: i64 = 2 * 24 * 3_600_000;
    let begun = incident.signal.opened_at;
    let deeds = incident.history.iter().filter(|entry| !matches!(entry.event, Event::Signal(_)));
    deeds.map(|entry| entry.at).min().is_none_or(|first| first.since(begun).abs() < APART_MS)
}

/// The text of the catalogue for what somebody was asked or told.
const fn ask_id(kind: AskKind) -> &'static str {
    match kind {
        AskKind::Approve => "history-ask-approve",
        AskKind::ApproveAsDeputy => "history-ask-approve-as-deputy",
        AskKind::MayGoOut => "history-ask-may-go-out",
        AskKind::MayPost => "history-ask-may-post",
        AskKind::Due => "history-ask-due",
        AskKind::DueElsewhere => "history-ask-due-elsewhere",
        AskKind::LookedUp => "history-ask-looked-up",
    }
}

fn line(entry: &Entry, incident: &Incident, step: &mut Option<(u32, u32)>, words: &Words) -> Option<Markup> {
    let plain = |id: &str| html! { (words.say(id)) };
    let by = |id: &str, who: &ByWhom| html! { bdi { (words.with(id, [("by", person(who, words).into())])) } };
    Some(match &entry.event {
        Event::Signal(signal) => html! { (figures(signal, words)) },
        Event::Attempt(attempt) => {
            let this = (attempt.round, attempt.step);
            if attempt.action != Action::Trigger || *step == Some(this) {
                return None;
            }
            let id = if step.is_none() { "history-told-first" } else { "history-told" };
            *step = Some(this);
            html! { (words.with(id, [("receivers", receivers(incident, this).into())])) }
        }
        Event::Outcome(_) => return None,
        Event::Acknowledged(who) => by("history-acknowledged", who),
        Event::Known(known) => html! {
            bdi {
                (words.with("history-known", [
                    ("by", person(&known.by, words).into()), ("n", words.count(known.height.count).into()),
                ]))
            }
        },
        Event::TakenOver(who) => by("history-taken-over", who),
        Event::HandedOver(over) => html! {
            bdi {
                (words.with("history-handed-over", [
                    ("by", person(&over.by, words).into()), ("to", format::lines(&over.to).into()),
                ]))
            }
        },
        Event::GivenBack(who) => by("history-given-back", who),
        Event::Noted(note) => html! {
            bdi { (words.with("history-noted", [("by", person(&note.by, words).into())])) }
            blockquote.text.note dir="auto" { (format::lines(&note.text)) }
        },
        Event::Ticked(tick) => ticked(tick, words),
        Event::Pressed(press) => {
            let id = match incident.presses.of(&press.press) {
                Some(_) => "history-pressed",
                None => "history-pressed-late",
            };
            let (by, button) = (person(&press.by, words), format::lines(&press.button));
            html! { bdi { (words.with(id, [("by", by.into()), ("button", button.into())])) } }
        }
        Event::Drafted(draft) => html! {
            bdi { (words.with("history-drafted", [("by", person(&draft.by, words).into())])) }
            blockquote.text.note dir="auto" { (format::lines(&draft.text)) }
        },
        Event::Approved(approval) => {
            let values = [("by", person(&approval.by, words).into()), ("n", approval.revision.into())];
            html! { bdi { (words.with("history-approved", values)) } }
        }
        Event::ApprovalWaived(waiver) => {
            let values = [("n", waiver.revision.into()), ("who", waiver.mandated.join(", ").into())];
            html! { bdi { (words.with("history-waived", values)) } }
        }
        Event::Posted(post) => {
            let account = post.account.clone().unwrap_or_default();
            let values = [("by", person(&post.by, words).into()), ("account", account.into())];
            let id = match (&post.account, post.by.via == STREAM) {
                (_, true) => "history-seen-posted",
                (None, false) => "history-posted",
                (Some(_), false) => "history-posted-by",
            };
            html! { bdi { (words.with(id, values)) } }
        }
        Event::LookedUp(look_up) => {
            let values = [("by", person(&look_up.by, words).into()), ("account", look_up.account.clone().into())];
            html! { bdi { (words.with("history-looked-up", values)) } }
        }
        Event::Asked(asked) if asked.try_number == 0 => {
            // What is due has its time beside it.
            let of = match asked.ask.ask {
                AskKind::Due | AskKind::DueElsewhere => asked.ask.of.rsplit_once('@').map_or("", |(what, _)| what),
                _ => &asked.ask.of,
            };
            let id = if asked.receiver.is_some() { ask_id(asked.ask.ask) } else { "history-ask-no-way" };
            let values = [("who", format::lines(&asked.ask.whose).into()), ("of", format::lines(of).into())];
            html! { bdi { (words.with(id, values)) } }
        }
        Event::Asked(_) | Event::AskAnswered(_) => return None,
        Event::Answered(answer) => {
            let pressed = incident.presses.of(&answer.press)?;
            let id = match &answer.result {
                PressResult::Accepted => "history-press-accepted",
                PressResult::Refused { .. } => "history-press-refused",
                PressResult::Unknown { .. } => "history-press-unknown",
            };
            let reason = format::lines(answer.result.reason().unwrap_or_default());
            html! { bdi { (words.with(id, [("button", format::lines(&pressed.button).into()), ("reason", reason.into())])) } }
        }
        Event::Promised(promise) => html! {
            bdi {
                (words.with("history-promised", [
                    ("by", person(&promise.by, words).into()),
                    ("due", words.moment(promise.due).into()),
                    ("item", format::lines(&promise.text).into()),
                ]))
            }
        },
        Event::Escalated(wish) => by("history-escalated", &wish.by),
        Event::NobodyOnCall(_) => plain("history-nobody-on-call"),
        Event::Withheld(withheld) => {
            html! { bdi { (words.with("history-withheld", [("receiver", withheld.receiver.clone().into())])) } }
        }
        Event::Reminded => plain("history-reminded"),
        Event::CallsRestarted(restart) => {
            *step = None;
            plain(match restart.reason {
                RestartReason::Worse if restart.severity.is_some() => "history-group-worse",
                RestartReason::Worse => "history-worse",
                RestartReason::RanOut => "history-ran-out",
                RestartReason::Doubled => "history-doubled",
                RestartReason::PageGivenBack => "history-page-given-back",
            })
        }
        Event::Resolved(closing) => {
            by(if closing.false_alarm { "history-false-alarm" } else { "history-closed" }, &closing.by)
        }
        Event::ClosingUndone(who) => by("history-undone", who),
        Event::Reopened(reopening) => {
            *step = None;
            let (n, who) = (words.count(reopening.height.count), person(&reopening.by, words));
            html! { strong { bdi { (words.with("history-open-again", [("n", n.into()), ("by", who.into())])) } } }
        }
        Event::Ended { .. } => plain("news-over-removed"),
        Event::CallsEnded => html! { strong { (words.say("news-calls-ended")) } },
        // What is alone by the root is what every incident was before there were routes.
        Event::JoinedGroup(joined) if joined.route == ROOT && joined.is_begun_by(&entry.incident) => return None,
        Event::JoinedGroup(joined) => {
            let id = if joined.is_begun_by(&entry.incident) { "history-routed" } else { "history-joined" };
            let first = joined.group.split('/').next().unwrap_or_default().to_owned();
            html! { bdi { (words.with(id, [("route", joined.route.clone().into()), ("first", first.into())])) } }
        }
        Event::Feedback(feedback) => html! {
            bdi {
                (words.with("history-feedback", [
                    ("by", person(&feedback.by, words).into()),
                    ("corrected", words.say(orszem_core::notification::quote::class_id(feedback.corrected)).into()),
                    ("judged", words.say(orszem_core::notification::quote::class_id(feedback.judged)).into()),
                ]))
            }
        },
        Event::EscalationExhausted { .. } => html! { strong { (words.say("history-nobody-came")) } },
        Event::NobodyNotified => plain("history-nobody-notified"),
    })
}

/// What somebody did of what a playbook says, or took back.
fn ticked(tick: &Tick, words: &Words) -> Markup {
    let (by, item) = (person(&tick.by, words), format::lines(&tick.item));
    let said = match tick.due {
        Some(due) => {
            let id = if tick.done { "history-ticked-due" } else { "history-unticked-due" };
            words.with(id, [("by", by.into()), ("item", item.into()), ("due", words.moment(due).into())])
        }
        None => {
            let id = match (tick.kind, tick.done) {
                (ItemKind::Stakeholder, true) => "history-told-stakeholder",
                (ItemKind::Stakeholder, false) => "history-untold-stakeholder",
                (_, true) => "history-ticked",
                (_, false) => "history-unticked",
            };
            words.with(id, [("by", by.into()), ("item", item.into())])
        }
    };
    html! { bdi { (said) } }
}

/// What a signal says: that it began, how it goes on, or that it is over.
fn figures(signal: &Signal, words: &Words) -> String {
    let n = signal.severity;
    match signal.phase {
        Phase::Opened => words.with("history-opened", [("n", n.into())]),
        Phase::Updated => {
            let count = words.count(signal.observed);
            let window = words.length(i64::from(signal.window_s));
            let id = if signal.kind.counts_negatives() { "history-figures-negative" } else { "history-figures" };
            words.with(id, [("n", n.into()), ("count", count.into()), ("window", window.into())])
        }
        Phase::Closed => words.say("news-over"),
    }
}

/// The name, with the receiver whose link was used, or the way it came where that says more.
fn person(who: &ByWhom, words: &Words) -> String {
    let by = format::lines(&who.by);
    match (&who.through, who.via.as_str()) {
        (Some(through), _) => {
            words.with("person-through", [("by", by.into()), ("receiver", format::lines(through).into())])
        }
        (None, "api") => words.with("person-api", [("by", by.into())]),
        (None, _) => by,
    }
}

fn receivers(incident: &Incident, step: (u32, u32)) -> String {
    let told = incident.history.iter().filter_map(|entry| match &entry.event {
        Event::Attempt(attempt) if attempt.action == Action::Trigger && (attempt.round, attempt.step) == step => {
            Some(attempt.receiver.as_str())
        }
        _ => None,
    });
    let distinct: BTreeSet<&str> = told.collect();
    distinct.into_iter().collect::<Vec<_>>().join(", ")
}
