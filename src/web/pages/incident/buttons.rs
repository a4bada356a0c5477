//! Who has the incident, and the buttons for people who may press them.

use maud::{Markup, html};

use orszem_records::height::Height;
use orszem_records::incident::State;

use crate::actions::ActionName;
use crate::address::percent_encode;
use crate::auth::actor::seen_field;
use crate::auth::link::{Bearer, LinkError};
use crate::auth::link_check::LinkCheck;
use crate::pages::layout::time;
use crate::render::format::{self, Zone};

use super::context::PageContext;

/// The buttons, or why this reader has none.
pub(super) fn section(page: &PageContext<'_>) -> Markup {
    let incident = page.incident;
    let zone = Zone::of(&incident.signal);
    let who = html! {
        @if let Some(stamp) = &incident.acknowledged {
            p { "Acknowledged by " strong { bdi { (format::lines(&stamp.by.by)) } } ", " (time(stamp.at, &zone)) "." }
        }
        @if let Some((reason, at)) = incident.ended {
            p { "Ended: " (reason.meaning()) ", " (time(at, &zone)) "." }
        }
        @if let Some(reopened) = incident.reopened.as_ref().filter(|_| incident.state() != State::Resolved) {
            p.warning {
                "Closed by " strong { bdi { (format::lines(&reopened.by.by)) } } ", " (time(reopened.closed_at, &zone))
                ", and rose above what could be seen then: it is open again."
            }
        }
        @if let Some(stamp) = &incident.resolved {
            p { "Resolved by " strong { bdi { (format::lines(&stamp.by.by)) } } ", " (time(stamp.at, &zone)) "." }
            @if incident.going_on && !incident.closed {
                p.warning { "An hour later it still went on." }
            }
        } @else if incident.closed {
            p { "Back to normal: mentions are at the expected level again." }
        } @else if incident.acknowledged.is_none() && incident.ended.is_none() {
            p { "Nobody has acknowledged it yet." }
        }
    };
    html! {
        section.actions {
            (who)
            @if incident.state() != State::Resolved {
                @match page.check {
                    LinkCheck::May(bearer) => (buttons(page, bearer)),
                    LinkCheck::MayNot(LinkError::Expired) => p.warning role="alert" {
                        "This link has expired, so you can read but not act. A newer message about the incident has a \
                        newer link."
                    },
                    LinkCheck::MayNot(LinkError::Forged) => p.warning role="alert" {
                        "This link is not valid or was cut short, so you can read but not act. Open the incident from \
                        the message again."
                    },
                    LinkCheck::None => p.quiet {
                        "To acknowledge or resolve this incident, open it with the link in the message that you \
                        received."
                    },
                }
            }
        }
    }
}

fn buttons(page: &PageContext<'_>, bearer: &Bearer) -> Markup {
    let incident = page.incident;
    html! {
        div.buttons {
            @if incident.acknowledged.is_none() {
                (button(page, ActionName::Acknowledge, "I have it", "Acknowledge", "primary"))
            }
            @if incident.is_high() { (asks_first(page)) }
            @else { (button(page, ActionName::Resolve, "It is over", "Resolve", "secondary")) }
        }
        p.quiet {
            "You act as " strong { (bearer.0) }
            @if let Some(ends) = page.link.ends() { "; this link works until " (Zone::of(&incident.signal).moment(ends)) } "."
        }
    }
}

/// While the figures are high, "It is over" asks first, and says what it would mean.
fn asks_first(page: &PageContext<'_>) -> Markup {
    let signal = &page.incident.signal;
    html! {
        details.ask {
            summary { "It is over" small { "Resolve" } }
            p {
                "The figures are still high: " (format::sentence(signal)) ". If you close it now, nobody is called unless \
                it rises above what you see here. If it is still going on in an hour, everybody who was told hears so."
            }
            (button(page, ActionName::Resolve, "Close it all the same", "Resolve", "secondary"))
        }
    }
}

fn button(page: &PageContext<'_>, action: ActionName, says: &str, does: &str, class: &str) -> Markup {
    html! {
        form.action method="post" action=(address(page, action)) {
            (link_fields(page))
            @if action == ActionName::Resolve {
                input type="hidden" name="seen" value=(seen_field(&Height::of(&page.incident.signal)));
            }
            button class=(class) type="submit" { (says) small { (does) } }
        }
    }
}

/// What shows a form's right to act.
pub(super) fn link_fields(page: &PageContext<'_>) -> Markup {
    let fields = [("as", &page.link.bearer), ("until", &page.link.until), ("sig", &page.link.sig)];
    html! {
        @for (name, value) in fields {
            @if let Some(value) = value { input type="hidden" name=(name) value=(value); }
        }
    }
}

/// Where the form of an action is sent.
pub(super) fn address(page: &PageContext<'_>, action: ActionName) -> String {
    format!("{}incidents/{}/{}", page.root, percent_encode(&page.incident.id.0), action.as_str())
}
