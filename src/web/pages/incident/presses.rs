//! The buttons of the playbook that call a webhook, and what came of them.

use maud::{Markup, html};

use orszem_core::playbook;
use orszem_core::settings::{Button, Playbook};
use orszem_records::ledger::PressResult;
use orszem_records::press::{Pressed, Standing};

use crate::actions::ActionName;
use crate::render::format;

use super::buttons::{address, hidden, name_field};
use super::context::PageContext;

/// The buttons, where the playbook has some. Who may only read sees what was pressed.
pub(super) fn section(page: &PageContext<'_>) -> Markup {
    let Some(playbook) = playbook::of(page.config, page.incident) else { return html! {} };
    let words = page.words();
    if playbook.buttons.is_empty() {
        return html! {};
    }
    html! {
        section.card.presses {
            h2 { (words.say("press-heading")) }
            @if page.may_act() { p.quiet { (words.say("press-what")) } }
            @for (button, number) in playbook.buttons.iter().zip(1_usize..) {
                div.press {
                    @if page.may_act() { (form(page, playbook, button, number)) } @else { p { strong { (button.title) } } }
                    @if let Some(pressed) = page.incident.presses.newest(&playbook.name, &button.title) {
                        (outcome(page, button, pressed))
                    }
                }
            }
        }
    }
}

/// One button; where it asks before, the question is opened first.
fn form(page: &PageContext<'_>, playbook: &Playbook, button: &Button, number: usize) -> Markup {
    let words = page.words();
    let form = |says: Markup| {
        html! {
            form.decide method="post" action=(address(page, ActionName::Press)) {
                (hidden(page))
                input type="hidden" name="playbook" value=(playbook.name);
                (name_field(page, &format!("press-name-{number}")))
                button.secondary type="submit" name="button" value=(button.title) { (says) }
            }
        }
    };
    html! {
        @if let Some(question) = &button.confirm {
            details.ask {
                summary { (button.title) }
                p { (question) }
                (form(html! { (words.say("press-confirm")) small { (button.title) } }))
            }
        } @else { (form(html! { (button.title) })) }
    }
}

/// Who pressed it first, and what came of it; where it did not work, what to do.
fn outcome(page: &PageContext<'_>, button: &Button, pressed: &Pressed) -> Markup {
    let words = page.words();
    let (by, at) = (format::lines(&pressed.by.by), words.moment_seconds(pressed.at));
    let reason = |reason: &str| [("reason", format::lines(reason).into())];
    let answered = pressed.answer.as_ref().map(|(at, _)| words.clock_seconds(*at)).unwrap_or_default();
    let failed = |what: String, act: &str| {
        html! {
            div.warning role="alert" {
                p { bdi { (what) } }
                p { (words.say(act)) }
                @if let Some(how) = &button.by_hand {
                    p.text { (words.with("press-by-hand", [("how", format::lines(how).into())])) }
                }
            }
        }
    };
    html! {
        p.quiet { bdi { (words.with("press-first", [("by", by.into()), ("at", at.into())])) } }
        @match pressed.stands(page.now) {
            Standing::UnderWay => p { (words.say("press-under-way")) },
            Standing::Answered(PressResult::Accepted) => p.done {
                (words.with("press-accepted", [("at", answered.into())]))
            },
            Standing::Answered(PressResult::Refused { reason: why }) => {
                (failed(words.with("press-refused", reason(why)), "press-refused-do"))
            },
            Standing::Answered(PressResult::Unknown { reason: why }) => {
                (failed(words.with("press-unknown", reason(&sentence(why))), "press-unknown-do"))
            },
            Standing::Lost => (failed(words.say("press-lost"), "press-unknown-do")),
        }
    }
}

/// A reason with a full stop, where another sentence follows.
fn sentence(reason: &str) -> String {
    let reason = reason.trim_end();
    if reason.ends_with(['.', '!', '?']) { reason.to_owned() } else { format!("{reason}.") }
}
