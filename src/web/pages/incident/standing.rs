//! Who has the incident, and what became of it; what the reader just did comes first.

use maud::{Markup, html};

use orszem_records::incident::{Stamp, State};
use orszem_records::ledger::{ByWhom, EndReason, PressResult};
use orszem_records::press::Standing;
use orszem_records::time::Timestamp;

use crate::actions::ActionName;
use crate::auth::link_check::LinkCheck;
use crate::pages::layout::time;
use crate::render::format;

use super::context::PageContext;

/// The lines above the buttons.
pub(super) fn section(page: &PageContext<'_>) -> Markup {
    html! {
        (notice(page))
        section.standing { (stands(page)) }
    }
}

/// A sentence with a person's name and a time.
fn told(page: &PageContext<'_>, id: &str, by: &str, at: Timestamp) -> Markup {
    let words = page.words();
    let said = words.with(id, [("by", format::lines(by).into()), ("at", words.moment(at).into())]);
    html! { bdi { (said) } }
}

fn stands(page: &PageContext<'_>) -> Markup {
    let (incident, words) = (page.incident, page.words());
    let is_open = incident.state() != State::Resolved;
    html! {
        @if let Some(reopened) = incident.reopened.as_ref().filter(|_| is_open) {
            p.warning { (told(page, "stands-open-again", &reopened.by.by, reopened.closed_at)) }
        }
        @if let Some(back) = incident.back.as_ref().filter(|_| is_open) {
            p { (told(page, if back.undone { "stands-undone" } else { "stands-given-back" }, &back.stamp.by.by, back.stamp.at)) }
        }
        @if let Some(stamp) = &incident.acknowledged { p.has-it { (has_it(page, stamp)) } }
        @if let Some(height) = incident.known.filter(|_| is_open && incident.acknowledged.is_some()) {
            p { (words.with("stands-known", [("n", words.count(height.count.saturating_mul(2)).into())])) }
        }
        @if let Some((EndReason::WatchRemoved, at)) = incident.ended {
            p { (words.say("news-over-removed")) " " (time(at, words)) }
        }
        @if let Some(stamp) = &incident.resolved {
            p { (told(page, if incident.false_alarm { "stands-false-alarm" } else { "stands-closed" }, &stamp.by.by, stamp.at)) }
            @if incident.going_on && !incident.closed { p.warning { (words.say("stands-goes-on")) } }
        } @else if incident.closed {
            p { (words.say(if incident.signal.new_usual { "news-over-new-usual" } else { "news-over" })) }
        }
        @if incident.acknowledged.is_none() && incident.resolved.is_none() {
            @if incident.exhausted {
                p.warning { (words.say(if is_open { "stands-nobody-came" } else { "stands-nobody-had-it" })) }
            } @else if is_open {
                p { (words.say(if incident.calls_ended { "news-calls-ended" } else { "stands-nobody" })) }
            } @else if incident.ended.is_none() {
                p { (words.say("stands-nobody-had-it")) }
            }
        }
    }
}

fn has_it(page: &PageContext<'_>, stamp: &Stamp) -> Markup {
    let words = page.words();
    let before = page.incident.had_before.as_deref();
    let Stamp { at, by: ByWhom { by, .. } } = stamp;
    let mine = page.is_reader(by);
    html! {
        @match (mine, before) {
            (true, _) => (told(page, "stands-you-have-it", by, *at)),
            (false, None) => (told(page, "stands-has-it", by, *at)),
            (false, Some(before)) => {
                bdi {
                    (words.with("stands-has-it-after", [
                        ("by", format::lines(by).into()),
                        ("at", words.moment(*at).into()),
                        ("before", format::lines(before).into()),
                    ]))
                }
            }
        }
    }
}

/// What came of the newest press.
fn pressed(page: &PageContext<'_>) -> Option<String> {
    let words = page.words();
    let newest = page.incident.presses.iter().last()?;
    let button = || format::lines(&newest.button).into();
    if page.late {
        let (by, at) = (format::lines(&newest.by.by), words.clock_seconds(newest.at));
        return Some(words.with("did-press-late", [("by", by.into()), ("button", button()), ("at", at.into())]));
    }
    let id = match newest.stands(page.now) {
        Standing::UnderWay => "did-press",
        Standing::Answered(PressResult::Accepted) => "did-press-accepted",
        Standing::Answered(_) | Standing::Lost => "did-press-failed",
    };
    Some(words.with(id, [("button", button())]))
}

/// What the page says right after a button was pressed.
fn notice(page: &PageContext<'_>) -> Markup {
    let Some(did) = page.did else { return html! {} };
    let (incident, words) = (page.incident, page.words());
    let has = incident.acknowledged.as_ref();
    // An address is no proof of a deed: anyone who comes by a link must be who it was done through.
    let through = |by: &ByWhom| match page.check {
        LinkCheck::May(bearer) => by.by == bearer.0 || by.through.as_ref() == Some(&bearer.0),
        LinkCheck::MayNot(_) | LinkCheck::None => true,
    };
    let is_mine = !page.late && has.is_some_and(|stamp| through(&stamp.by));
    let said = match (did, incident.state()) {
        (ActionName::Know, State::Acknowledged) if is_mine => words.say("did-know"),
        (ActionName::Acknowledge | ActionName::TakeOver, State::Acknowledged) if is_mine => words.say("did-yours"),
        (ActionName::Acknowledge | ActionName::TakeOver, State::Acknowledged) => {
            let stamp = has.map(|stamp| (stamp.by.by.as_str(), stamp.at)).unwrap_or_default();
            let by = format::lines(stamp.0);
            words.with("did-not-yours", [("by", by.into()), ("at", words.clock(stamp.1).into())])
        }
        (ActionName::Acknowledge | ActionName::TakeOver, State::Resolved) => words.say("did-over-already"),
        (ActionName::HandOver, State::Acknowledged) => words.say("did-hand-over"),
        (ActionName::Escalate, State::Open) => words.say("did-escalate"),
        (ActionName::GiveBack, State::Open) => words.say("did-give-back"),
        (ActionName::Note, _) => words.say("did-note"),
        (ActionName::Tick | ActionName::Posted, _) => words.say("did-tick"),
        (ActionName::Draft, _) => words.say("did-draft"),
        (ActionName::Approve, _) => words.say("did-approve"),
        (ActionName::LookUp, _) => words.say("did-look-up"),
        (ActionName::Press, _) => pressed(page).unwrap_or_else(|| words.say("did-soon")),
        (ActionName::Promise, _) => words.say("did-promise"),
        (ActionName::Resolve, State::Resolved) => words.say("did-close"),
        (ActionName::Undo, State::Open | State::Acknowledged) => words.say("did-undo"),
        (ActionName::Undo, State::Resolved) => words.say("did-undo-late"),
        (ActionName::Feedback, _) => words.say("did-feedback"),
        _ => words.say("did-soon"),
    };
    html! { p.notice role="status" tabindex="-1" autofocus { bdi { (said) } } }
}
