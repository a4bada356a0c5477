//! What the page of a drill has more than that of a real incident: that it is one, and its report.

use maud::{Markup, html};

use orszem_core::drill::Report;
use orszem_core::words::Words;
use orszem_records::incident::Incident;

use crate::render::format;

use super::context::PageContext;

/// That it is a drill, and what is not meant by it.
pub(super) fn note(page: &PageContext<'_>) -> Markup {
    let words = page.words();
    html! {
        @if page.incident.is_drill() {
            p.warning role="note" {
                strong { (words.say("drill-mark")) } ": " (words.say("drill-note-page"))
                @if page.visitor.is_some() {
                    " " a href={ (page.root) "silences?drill=yes" } { (words.say("drill-silence-link")) }
                }
            }
        }
    }
}

/// A title, with the mark before it where it is a drill.
pub(super) fn marked(incident: &Incident, title: String, words: &Words) -> String {
    words.marked(incident.is_drill(), title)
}

/// How long each step took, and what became of each call.
pub(super) fn report(incident: &Incident, words: &Words) -> Markup {
    let Some(report) = Report::of(incident) else { return html! {} };
    html! {
        section {
            h2 { (words.say("drill-report")) }
            dl.facts {
                @for fact in report.times(words) { div { dt { (fact.name) } dd { bdi { (format::lines(&fact.value)) } } } }
            }
            h3 { (words.say("drill-calls")) }
            @if report.calls.is_empty() { p.quiet { (words.say("drill-no-calls")) } }
            ul {
                @for call in &report.calls {
                    li { bdi { (format::lines(&call.way)) } ": " bdi { (format::lines(&report.of_call(call, words))) } }
                }
            }
        }
    }
}
