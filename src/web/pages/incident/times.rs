//! Who is to be told, and what is due again and again or was promised.

use maud::{Markup, html};

use orszem_core::playbook::{self, Due, due};
use orszem_records::incident::State;
use orszem_records::ledger::{ItemKind, Promise};

use crate::actions::ActionName;
use crate::auth::actor::mark_field;
use crate::render::format;

use super::buttons::{address, hidden, name_field};
use super::context::PageContext;
use super::playbook::{by_when, done_by};

/// A button in the form of a list: what it ticks or takes back, and what it is about.
fn tick(page: &PageContext<'_>, name: &str, value: &str, says: &str, about: &str) -> Markup {
    let says = page.words().say(says);
    html! { button.secondary type="submit" name=(name) value=(value) aria-label={ (says) ": " (about) } { (says) } }
}

/// A list as a form for those who may act.
fn form(page: &PageContext<'_>, kind: Option<ItemKind>, playbook: &str, items: &Markup) -> Markup {
    let kind = kind.map(ItemKind::name);
    html! {
        @if page.may_act() {
            form method="post" action=(address(page, ActionName::Tick)) {
                (hidden(page))
                @if let Some(kind) = kind { input type="hidden" name="kind" value=(kind); }
                input type="hidden" name="playbook" value=(playbook);
                (name_field(page, &format!("{}-name", kind.unwrap_or("times"))))
                (items)
            }
        } @else { (items) }
    }
}

/// Who is to be told, where the playbook says so.
pub(super) fn stakeholders(page: &PageContext<'_>) -> Markup {
    let Some(playbook) = playbook::of(page.config, page.incident) else { return html! {} };
    if playbook.stakeholders.is_empty() {
        return html! {};
    }
    let begun = page.incident.signal.opened_at;
    let items = html! {
        ul.stakeholders {
            @for one in &playbook.stakeholders {
                li {
                    @match page.incident.ticks.done(ItemKind::Stakeholder, &playbook.name, &one.title, None) {
                        Some(ticked) => {
                            s { (one.title) } " " (done_by(page, &ticked.by, ticked.at)) " "
                            @if page.may_act() { (tick(page, "undone", &one.title, "button-untold", &one.title)) }
                        },
                        None => {
                            (one.title) " "
                            @if let Some(within) = one.within { (by_when(page, begun.plus(within.millis()))) " " }
                            @if page.may_act() { (tick(page, "item", &one.title, "button-told", &one.title)) }
                        },
                    }
                    @if let Some(who) = &one.who { p.quiet.text { (who) } }
                }
            }
        }
    };
    html! {
        section.card.playbook {
            h2 { (page.words().say("stakeholders-heading")) }
            (form(page, Some(ItemKind::Stakeholder), &playbook.name, &items))
        }
    }
}

/// The clocks of the playbook and what was promised, in the order of their times; and the form to promise something.
pub(super) fn clocks(page: &PageContext<'_>) -> Markup {
    let all = due(page.config, page.incident);
    let timed: Vec<&Due> = all.iter().filter(|due| due.mark().is_some()).collect();
    if timed.is_empty() {
        return html! {};
    }
    let playbook = timed.iter().map(|due| due.playbook.as_str()).find(|name| !name.is_empty()).unwrap_or_default();
    let items = html! { ul.clocks { @for due in &timed { li { (one(page, due)) } } } };
    html! {
        section.card.playbook {
            h2 { (page.words().say("clocks-heading")) }
            (form(page, None, playbook, &items))
            @if may_promise(page) {
                details.more { summary { (page.words().say("promise-new")) } (promise(page)) }
            }
        }
    }
}

/// A mark of a clock, or a promise, with the time that is left.
fn one(page: &PageContext<'_>, due: &Due) -> Markup {
    let words = page.words();
    let (what, value) = (format::lines(&due.what), mark_field(due.kind, due.at, &due.what));
    let promised = due.who.as_ref().filter(|_| due.kind == ItemKind::Promise);
    html! {
        @match &due.done {
            Some(stamp) => {
                s { bdi { (what) } } " " (done_by(page, &stamp.by, stamp.at)) " "
                @if page.may_act() { (tick(page, "unmark", &value, "button-untick", &what)) }
            },
            None => {
                bdi { (what) } " " (countdown(page, due)) " "
                @if let Some(by) = promised {
                    span.quiet { bdi { (words.with("promise-by", [("by", format::lines(by).into())])) } } " "
                }
                @if page.may_act() { (tick(page, "mark", &value, "button-tick", &what)) }
            },
        }
    }
}

/// How much time is left, or how long ago it was over.
fn countdown(page: &PageContext<'_>, due: &Due) -> Markup {
    let words = page.words();
    if page.incident.state() == State::Resolved {
        return by_when(page, due.at);
    }
    let left = due.at.since(page.now) / 1000;
    let length = |seconds: i64| words.length(if seconds < 60 { seconds } else { seconds / 60 * 60 });
    let at = words.beside(due.at, page.now);
    match due.is_late(page.now) {
        true => html! {
            strong.warning {
                (words.with("due-late", [("at", at.into()), ("length", length(-left).into())]))
            }
        },
        false => html! {
            time datetime=(due.at) { (words.with("due-in", [("at", at.into()), ("length", length(left).into())])) }
        },
    }
}

/// Whether the reader may promise something.
fn may_promise(page: &PageContext<'_>) -> bool {
    page.may_act() && page.incident.state() != State::Resolved
}

/// The form to promise something, for a place of its own where nothing is due yet: there is no list to stand below.
pub(super) fn first_promise(page: &PageContext<'_>) -> Markup {
    let all = due(page.config, page.incident);
    let is_listed = all.iter().any(|due| due.mark().is_some());
    if is_listed || !may_promise(page) {
        html! {}
    } else {
        promise(page)
    }
}

/// The form to promise something for a time of day.
fn promise(page: &PageContext<'_>) -> Markup {
    let words = page.words();
    let zone = words.zone().name();
    html! {
        form.try method="post" action=(address(page, ActionName::Promise)) {
            (hidden(page))
            input type="hidden" name="zone" value=(zone);
            (name_field(page, "promise-name"))
            label for="promise-what" { (words.say("promise-what")) }
            input #promise-what name="text" required maxlength=(Promise::LONGEST) value=(words.say("promise-next")) autocomplete="off";
            label for="promise-when" { (words.with("promise-when", [("zone", zone.into())])) }
            input #promise-when type="time" name="due" required;
            button.secondary type="submit" { (words.say("button-promise")) small { (words.say("button-promise-does")) } }
        }
    }
}
