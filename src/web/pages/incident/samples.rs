//! The mentions that drive an incident, and what people say of how they were judged.

use maud::{Markup, html};

use orszem_records::class::Class;
use orszem_records::tally::Sample;

use crate::actions::ActionName;
use crate::address::web_address;
use crate::auth::link_check::LinkCheck;
use crate::pages::layout::time;
use crate::render::format::{self, Zone, class};

use super::buttons::{address, link_fields};
use super::context::PageContext;

pub(super) fn list(page: &PageContext<'_>) -> Markup {
    let samples = &page.incident.signal.samples;
    let zone = Zone::of(&page.incident.signal);
    html! {
        @if samples.is_empty() { p.quiet { "No mentions were kept." } }
        @for sample in samples {
            figure.card.mention {
                blockquote.text dir="auto" { (format::lines(&sample.text)) }
                figcaption {
                    span class={ "badge " (class(sample.class)) } { (class(sample.class)) } " "
                    @if let Some(role) = sample.role { span.badge.quiet { (role.words()) } " " }
                    bdi { (format::lines(&sample.author)) }
                    @if sample.followers > 0 { ", " (format::count(sample.followers)) " followers" }
                    " · " bdi { (format::lines(&sample.source)) } " · " (time(sample.published_at, &zone))
                    @if let Some((url, host)) = sample.url.as_deref().and_then(web_address) {
                        " · " a href=(url) rel="noopener noreferrer nofollow" target="_blank" { "open it on " (host) }
                    }
                }
                (judged(page, sample))
            }
        }
    }
}

/// What somebody said of the judgement of a mention, and the buttons to say so.
fn judged(page: &PageContext<'_>, sample: &Sample) -> Markup {
    let said = page.incident.feedback(&sample.id);
    let stands = said.map_or(sample.class, |feedback| feedback.corrected);
    html! {
        @if let Some(feedback) = said {
            p.quiet { bdi { (format::lines(&feedback.by.by)) } " says: " (class(feedback.corrected)) "." }
        }
        @if matches!(page.check, LinkCheck::May(_)) {
            form.feedback method="post" action=(address(page, ActionName::Feedback)) {
                (link_fields(page))
                input type="hidden" name="mention" value=(sample.id);
                span.quiet { "Not " (class(stands)) "? It is" }
                @for other in Class::ALL.into_iter().filter(|other| *other != stands) {
                    button type="submit" name="class" value=(class(other)) { (class(other)) }
                }
            }
        }
    }
}
