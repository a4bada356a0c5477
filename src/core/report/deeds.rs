//! What people did, in words.

use orszem_records::incident::Incident;
use orszem_records::ledger::{ByWhom, Entry, Event, ItemKind, PressResult, STREAM};
use orszem_text::sanitize;

use crate::words::Words;

/// Whether an event is what a person did about the incident, or what came of it; what they said of the judgement of a
/// mention stands with the mention.
pub(super) fn is_one(event: &Event) -> bool {
    match event {
        Event::Feedback(_) => false,
        Event::Answered(_) | Event::ApprovalWaived(_) | Event::Posted(_) => true,
        event => event.person().is_some(),
    }
}

/// What somebody did, in one sentence; a note with its text.
pub(super) fn said(entry: &Entry, incident: &Incident, words: &Words) -> Option<String> {
    let name = |who: &ByWhom| sanitize::line(&who.by);
    let by = |id: &str, who: &ByWhom| words.with(id, [("by", name(who).into())]);
    let item = |id: &str, who: &ByWhom, item: &str| {
        words.with(id, [("by", name(who).into()), ("item", sanitize::line(item).into())])
    };
    Some(match &entry.event {
        Event::Acknowledged(who) => by("history-acknowledged", who),
        Event::Known(known) => {
            let n = words.count(known.height.count);
            words.with("history-known", [("by", name(&known.by).into()), ("n", n.into())])
        }
        Event::TakenOver(who) => by("history-taken-over", who),
        Event::HandedOver(over) => {
            let to = sanitize::line(&over.to);
            words.with("history-handed-over", [("by", name(&over.by).into()), ("to", to.into())])
        }
        Event::GivenBack(who) => by("history-given-back", who),
        Event::Noted(note) => format!("{} {}", by("history-noted", &note.by), sanitize::line(&note.text)),
        Event::Ticked(tick) => match (tick.due, tick.kind, tick.done) {
            (Some(due), _, done) => {
                let id = if done { "history-ticked-due" } else { "history-unticked-due" };
                let (by, item) = (name(&tick.by), sanitize::line(&tick.item));
                words.with(id, [("by", by.into()), ("item", item.into()), ("due", words.moment(due).into())])
            }
            (None, ItemKind::Stakeholder, true) => item("history-told-stakeholder", &tick.by, &tick.item),
            (None, ItemKind::Stakeholder, false) => item("history-untold-stakeholder", &tick.by, &tick.item),
            (None, _, true) => item("history-ticked", &tick.by, &tick.item),
            (None, _, false) => item("history-unticked", &tick.by, &tick.item),
        },
        Event::Pressed(press) => {
            let button = sanitize::line(&press.button);
            let counted = incident.presses.of(&press.press).is_some();
            let id = if counted { "history-pressed" } else { "history-pressed-late" };
            words.with(id, [("by", name(&press.by).into()), ("button", button.into())])
        }
        Event::Answered(answer) => {
            let id = match &answer.result {
                PressResult::Accepted => "history-press-accepted",
                PressResult::Refused { .. } => "history-press-refused",
                PressResult::Unknown { .. } => "history-press-unknown",
            };
            let button = sanitize::line(&incident.presses.of(&answer.press)?.button);
            let reason = sanitize::line(answer.result.reason().unwrap_or_default());
            words.with(id, [("button", button.into()), ("reason", reason.into())])
        }
        Event::Promised(promise) => {
            let (by, item, due) = (name(&promise.by), sanitize::line(&promise.text), words.moment(promise.due));
            words.with("history-promised", [("by", by.into()), ("item", item.into()), ("due", due.into())])
        }
        Event::Drafted(draft) => format!("{} {}", by("history-drafted", &draft.by), sanitize::line(&draft.text)),
        Event::Approved(approval) => {
            words.with("history-approved", [("by", name(&approval.by).into()), ("n", approval.revision.into())])
        }
        Event::ApprovalWaived(waiver) => {
            let who = waiver.mandated.join(", ");
            words.with("history-waived", [("n", waiver.revision.into()), ("who", who.into())])
        }
        Event::Posted(post) => {
            let id = match (&post.account, post.by.via == STREAM) {
                (_, true) => "history-seen-posted",
                (None, false) => "history-posted",
                (Some(_), false) => "history-posted-by",
            };
            let account = post.account.clone().unwrap_or_default();
            words.with(id, [("by", name(&post.by).into()), ("account", account.into())])
        }
        Event::LookedUp(look_up) => {
            let account = look_up.account.clone();
            words.with("history-looked-up", [("by", name(&look_up.by).into()), ("account", account.into())])
        }
        Event::Escalated(wish) => by("history-escalated", &wish.by),
        Event::Resolved(closing) => {
            by(if closing.false_alarm { "history-false-alarm" } else { "history-closed" }, &closing.by)
        }
        Event::ClosingUndone(who) => by("history-undone", who),
        _ => return None,
    })
}
