//! The playbook of the incident: what to do, by when, and who did it.

use maud::{Markup, html};

use orszem_core::playbook;
use orszem_core::settings::{Move, Playbook};
use orszem_records::incident::State;
use orszem_records::ledger::ByWhom;
use orszem_records::time::Timestamp;

use crate::actions::ActionName;
use crate::render::{format, markdown};

use super::buttons::{address, hidden, name_field};
use super::context::PageContext;

/// The playbook, where the incident has one. Those who may act tick what is done: one form, with a button for each.
pub(super) fn section(page: &PageContext<'_>) -> Markup {
    let Some(playbook) = playbook::of(page.config, page.incident) else { return html! {} };
    let words = page.words();
    let text = playbook.text.as_deref().map(|text| markdown::render(text, &leads).body);
    html! {
        section.card.playbook {
            h2 { (words.with("playbook-heading", [("title", playbook.shown().into())])) }
            @if page.may_act() {
                form method="post" action=(address(page, ActionName::Tick)) {
                    (hidden(page))
                    input type="hidden" name="playbook" value=(playbook.name);
                    (name_field(page, "tick-name"))
                    (moves(page, playbook, true))
                }
            } @else { (moves(page, playbook, false)) }
            @if let Some(text) = text { div.prose { (text) } }
        }
    }
}

/// Links of a playbook lead to pages of the web.
fn leads(address: &str) -> Option<String> {
    orszem_text::sanitize::address(address)
}

/// Who did it first, and when.
pub(super) fn done_by(page: &PageContext<'_>, by: &ByWhom, at: Timestamp) -> Markup {
    let words = page.words();
    let (by, at) = (format::lines(&by.by), words.moment(at));
    html! { span.quiet { bdi { (words.with("playbook-done", [("by", by.into()), ("at", at.into())])) } } }
}

/// By when something is to be done that is not done.
pub(super) fn by_when(page: &PageContext<'_>, due: Timestamp) -> Markup {
    let words = page.words();
    let is_late = page.incident.state() != State::Resolved && due < page.now;
    html! {
        span class=(if is_late { "warning" } else { "quiet" }) {
            (words.with(if is_late { "playbook-late" } else { "playbook-by" }, [("at", words.moment(due).into())]))
        }
    }
}

fn moves(page: &PageContext<'_>, playbook: &Playbook, may_tick: bool) -> Markup {
    html! { ol { @for one in &playbook.moves { li { (a_move(page, playbook, one, may_tick)) } } } }
}

fn a_move(page: &PageContext<'_>, playbook: &Playbook, one: &Move, may_tick: bool) -> Markup {
    let words = page.words();
    let button = |name: &str, says: &str| {
        // What it is about is read out with it.
        let says = words.say(says);
        html! {
            button.secondary type="submit" name=(name) value=(one.what) aria-label={ (says) ": " (one.what) } { (says) }
        }
    };
    if let Some(ticked) = page.incident.ticks.of(&playbook.name, &one.what) {
        return html! {
            s { (one.what) } " " (done_by(page, &ticked.by, ticked.at)) " "
            @if may_tick { (button("undone", "button-untick")) }
        };
    }
    let due = one.within.as_ref().map(|within| page.incident.signal.opened_at.plus(within.millis()));
    html! {
        (one.what) " "
        @if let Some(due) = due { (by_when(page, due)) " " }
        @if may_tick { (button("item", "button-tick")) }
    }
}
