//! Who may post right now, who approves, and what may go out without asking.

use maud::{Markup, html};

use orszem_core::posting::who::{MayPost, may_post};

use crate::render::format;

use super::context::PageContext;

/// The people, where the configuration names any.
pub(super) fn section(page: &PageContext<'_>) -> Markup {
    let posting = &page.config.posting;
    let says_who = !posting.on_duty.is_empty() || !posting.deputies.is_empty() || !posting.approvers.is_empty();
    if !says_who && page.config.mandates.is_empty() {
        return html! {};
    }
    let words = page.words();
    let MayPost { on_duty, until, deputies, approvers, mandates } =
        may_post(page.config, page.roster, page.incident, page.now);
    let people = |names: &[String]| match names.is_empty() {
        true => html! { span.warning { (words.say("posting-nobody")) } },
        false => html! { bdi { (format::lines(&page.people_shown(names))) } },
    };
    html! {
        section.card.posting {
            h2 { (words.say("posting-heading")) }
            dl.facts {
                @if says_who {
                    div {
                        dt { (words.say("posting-on-duty")) }
                        dd {
                            (people(&on_duty))
                            @if let Some(until) = until.filter(|_| !on_duty.is_empty()) {
                                " " span.quiet { (words.with("posting-until", [("at", words.moment(until).into())])) }
                            }
                        }
                    }
                    @if !posting.deputies.is_empty() {
                        div { dt { (words.say("posting-deputies")) } dd { (people(&deputies)) } }
                    }
                    @if !posting.approvers.is_empty() {
                        div { dt { (words.say("posting-approvers")) } dd { (people(&approvers)) } }
                    }
                }
                @for mandate in &mandates {
                    div {
                        dt { (words.say("posting-mandate")) }
                        dd { bdi { (format::lines(&mandate.may)) } " " span.quiet { "(" (people(&mandate.people)) ")" } }
                    }
                }
            }
        }
    }
}
