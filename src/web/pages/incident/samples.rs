//! Mentions to show, as they came, and the buttons that say how one is meant.

use maud::{Markup, html};

use orszem_core::notification::quote::{class_id, role_id};
use orszem_records::class::Class;
use orszem_records::tally::Sample;

use crate::actions::ActionName;
use crate::address::web_address;
use crate::pages::layout::time;
use crate::render::format;

use super::buttons::{address, hidden};
use super::context::PageContext;

/// The name of a class in forms and in the style sheet.
const fn class_name(class: Class) -> &'static str {
    match class {
        Class::Negative => "negative",
        Class::Neutral => "neutral",
        Class::Positive => "positive",
    }
}

/// Text from outside, in a box of its own.
pub(super) fn list(page: &PageContext<'_>) -> Markup {
    let words = page.words();
    let samples = &page.incident.signal.samples;
    html! {
        @if samples.is_empty() { p.quiet { (words.say("samples-none")) } }
        @for (sample, number) in samples.iter().zip(1_usize..) {
            figure.card.mention {
                blockquote.text dir="auto" { (format::lines(&sample.text)) }
                figcaption {
                    span class={ "badge " (class_name(sample.class)) } { (words.say(class_id(sample.class))) } " "
                    @if let Some(role) = sample.role { span.badge.quiet { (words.say(role_id(role))) } " " }
                    bdi { (format::lines(&sample.author)) }
                    @if sample.followers > 0 { ", " (words.with("quote-followers", [("n", sample.followers.into())])) }
                    " · " bdi { (format::lines(&sample.source)) } " · " (time(sample.published_at, words))
                    @if let Some((url, host)) = sample.url.as_deref().and_then(web_address) {
                        " · " a href=(url) rel="noopener noreferrer nofollow" target="_blank" {
                            (words.with("open-at", [("host", host.into())]))
                        }
                    }
                }
                (judged(page, sample, number))
            }
        }
    }
}

/// What people said of the judgement, and the buttons to say it.
fn judged(page: &PageContext<'_>, sample: &Sample, number: usize) -> Markup {
    let words = page.words();
    let said = page.incident.feedback(&sample.id);
    let stands = said.map_or(sample.class, |feedback| feedback.corrected);
    let class = |class: Class| words.say(class_id(class));
    html! {
        @if let Some(feedback) = said {
            p.quiet {
                bdi {
                    (words.with("says-class", [
                        ("by", format::lines(&feedback.by.by).into()), ("class", class(feedback.corrected).into()),
                    ]))
                }
            }
        }
        // What is invented teaches nothing.
        @if page.may_act() && !page.incident.is_drill() {
            form.feedback method="post" action=(address(page, ActionName::Feedback)) {
                (hidden(page))
                input type="hidden" name="mention" value=(sample.id);
                @if page.signed_form().is_some() && page.own_name().is_none() { input type="hidden" name="name" value=(page.name().unwrap_or("")); }
                span.quiet { (words.with("not-this-class", [("class", class(stands).into())])) }
                @for other in Class::ALL.into_iter().filter(|other| *other != stands) {
                    @let label = words.with("mention-is", [("n", number.into()), ("class", class(other).into())]);
                    button type="submit" name="class" value=(class_name(other)) aria-label=(label) { (class(other)) }
                }
            }
        }
    }
}
