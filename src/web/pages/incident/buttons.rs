//! The buttons: what a reader may do, with their name.

use maud::{Markup, html};

use orszem_core::notification::headline;
use orszem_records::height::Height;
use orszem_records::incident::State;
use orszem_records::ledger::Note;

use crate::actions::{ActionName, can_escalate, can_undo};
use crate::address::percent_encode;
use crate::auth::actor::seen_field;
use crate::auth::link::LinkError;
use crate::auth::link_check::LinkCheck;
use crate::auth::name::NAME;
use crate::render::format;

use super::context::PageContext;
use super::without_title;

/// The buttons, or why there are none. `promise`: the form to promise something, where it belongs among them.
pub(super) fn section(page: &PageContext<'_>, promise: &Markup) -> Markup {
    let words = page.words();
    let undo = can_undo(page.incident, page.now);
    let is_over = page.incident.state() == State::Resolved;
    html! {
        section.actions {
            @if page.may_act() {
                @if !is_over { (decisions(page)) } @else if undo { (closed(page)) }
                (after(page, promise))
                @if let Some(ends) = page.link.ends().filter(|_| page.signed_form().is_none()) {
                    p.quiet { (words.with("link-until", [("at", words.moment(ends).into())])) }
                }
            } @else if !is_over {
                @match page.check {
                    LinkCheck::MayNot(LinkError::Expired) => p.warning role="alert" { (words.say("link-expired")) },
                    LinkCheck::MayNot(LinkError::Forged) => p.warning role="alert" { (words.say("link-forged")) },
                    _ if page.visitor.is_some() => p.quiet { (words.say("no-role-to-act")) },
                    LinkCheck::May(_) | LinkCheck::None => p.quiet { (words.say("no-link")) },
                }
            }
        }
    }
}

/// One form with the name and the two decisions: a thumb reaches both.
fn decisions(page: &PageContext<'_>) -> Markup {
    let (incident, words) = (page.incident, page.words());
    let has = incident.acknowledged.as_ref();
    let mine = has.is_some_and(|stamp| page.is_reader(&stamp.by.by));
    // A person whom the step waits for, and who has it and was asked for a sign of life, says so again.
    let missing =
        page.person().is_some_and(|person| incident.acknowledgement.missing().any(|name| name == person.name));
    let asked = mine && (incident.reminded.is_some() || page.carrier.reminded.is_some());
    let take = match (has.is_some() && !missing && !asked, mine) {
        (false, _) => Some((ActionName::Acknowledge, "button-have-it", "button-have-it-does", "primary")),
        (true, false) => Some((ActionName::TakeOver, "button-take-over", "button-take-over-does", "secondary")),
        (true, true) => None,
    };
    html! {
        form.decide method="post" action=(address(page, take.map_or(ActionName::Resolve, |(action, ..)| action))) {
            (hidden(page))
            (name_field(page, "name"))
            div.buttons {
                @if let Some((_, says, does, class)) = take {
                    button class=(class) type="submit" { (words.say(says)) small { (words.say(does)) } }
                }
            }
        }
        (closing(page))
    }
}

/// "Over, or not a crisis?" is asked once, with what the figures say.
fn closing(page: &PageContext<'_>) -> Markup {
    let (incident, words) = (page.incident, page.words());
    html! {
        details.ask {
            summary { (words.say("button-over")) small { (words.say("button-over-does")) } }
            form.decide method="post" action=(address(page, ActionName::Resolve)) {
                (hidden(page))
                input type="hidden" name="seen" value=(seen_field(&Height::of(&incident.signal)));
                @if incident.is_high() {
                    p {
                        (words.with("closing-high", [
                            ("headline", without_title(&headline("", incident, words)).into()),
                        ]))
                    }
                }
                p { (words.say("closing-ask")) }
                (name_field(page, "closing-name"))
                div.buttons {
                    button.secondary type="submit" { (words.say("button-closed")) small { (words.say("button-closed-does")) } }
                    @if !incident.is_drill() {
                        button.secondary type="submit" name="false_alarm" value="yes" {
                            (words.say("button-false-alarm")) small { (words.say("button-false-alarm-does")) }
                        }
                    }
                }
            }
        }
    }
}

/// It was closed a moment ago: that can be taken back.
fn closed(page: &PageContext<'_>) -> Markup {
    let words = page.words();
    html! {
        form.decide method="post" action=(address(page, ActionName::Undo)) {
            (hidden(page))
            (name_field(page, "undo-name"))
            button.secondary type="submit" { (words.say("button-undo")) small { (words.say("button-undo-does")) } }
        }
    }
}

/// What comes after the first minute: a note, somebody else, nobody.
fn after(page: &PageContext<'_>, promise: &Markup) -> Markup {
    let (incident, words) = (page.incident, page.words());
    html! {
        details.more {
            summary { (words.say("more-actions")) }
            form.try method="post" action=(address(page, ActionName::Note)) {
                (hidden(page))
                (name_field(page, "note-name"))
                label for="note" { (words.say("note")) }
                textarea #note name="text" rows="3" required maxlength=(Note::LONGEST) {}
                button.secondary type="submit" { (words.say("button-note")) }
            }
            (promise)
            @if incident.state() != State::Resolved && incident.known.is_none() {
                form.try method="post" action=(address(page, ActionName::Know)) {
                    (hidden(page))
                    input type="hidden" name="seen" value=(seen_field(&Height::of(&incident.signal)));
                    (name_field(page, "know-name"))
                    button.secondary type="submit" { (words.say("button-know")) small { (words.say("button-know-does")) } }
                }
            }
            @if can_escalate(incident, page.carrier) {
                form.try method="post" action=(address(page, ActionName::Escalate)) {
                    (hidden(page))
                    (name_field(page, "escalate-name"))
                    button.secondary type="submit" { (words.say("button-escalate")) small { (words.say("button-escalate-does")) } }
                }
            }
            @if incident.state() == State::Acknowledged {
                form.try method="post" action=(address(page, ActionName::HandOver)) {
                    (hidden(page))
                    (name_field(page, "hand-over-name"))
                    label for="to" { (words.say("hand-over-to")) }
                    input #to name="to" required maxlength=(NAME) autocomplete="off";
                    button.secondary type="submit" { (words.say("button-hand-over")) small { (words.say("button-hand-over-does")) } }
                }
                form.try method="post" action=(address(page, ActionName::GiveBack)) {
                    (hidden(page))
                    (name_field(page, "give-back-name"))
                    button.secondary type="submit" { (words.say("button-give-back")) small { (words.say("button-give-back-does")) } }
                }
            }
        }
    }
}

/// The name that is written to the ledger; the browser keeps it for the next time. A person who is signed in has one.
pub(super) fn name_field(page: &PageContext<'_>, id: &str) -> Markup {
    let words = page.words();
    if let Some(name) = page.own_name() {
        return html! { p.name { bdi { (words.with("you-are", [("name", format::lines(name).into())])) } } };
    }
    let required = page.signed_form().is_some();
    html! {
        label.name for=(id) { (words.say("your-name")) }
        input.name id=(id) name="name" value=[page.name()] maxlength=(NAME) autocomplete="name" required[required];
    }
}

/// What carries the right to act: the sign of a person's form, so that they act under their own name; else the link,
/// or the sign of a session's form.
pub(super) fn hidden(page: &PageContext<'_>) -> Markup {
    let fields = [("as", &page.link.bearer), ("until", &page.link.until), ("sig", &page.link.sig)];
    html! {
        @if let Some(form) = page.signed_form().filter(|_| page.signed_in().is_some()) {
            input type="hidden" name="form" value=(form);
        } @else if matches!(page.check, LinkCheck::May(_)) {
            @for (name, value) in fields {
                @if let Some(value) = value { input type="hidden" name=(name) value=(value); }
            }
        } @else if let Some(form) = page.signed_form() {
            input type="hidden" name="form" value=(form);
        }
    }
}

/// Where a form of the page is sent.
pub(super) fn address(page: &PageContext<'_>, action: ActionName) -> String {
    format!("{}incidents/{}/{}", page.root, percent_encode(&page.incident.id.0), action.as_str())
}
