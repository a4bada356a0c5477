//! What else there is of an incident: its report, and its evidence.

use maud::{Markup, html};

use orszem_records::incident::State;

use crate::address::percent_encode;

use super::context::PageContext;

/// The links: in sight once it is over, folded away before.
pub(super) fn section(page: &PageContext<'_>) -> Markup {
    let words = page.words();
    let here = format!("{}incidents/{}", page.root, percent_encode(&page.incident.id.0));
    // Who came by a link that only reads goes on by it.
    let reading = page.list.as_deref().filter(|query| !query.is_empty());
    let query = match (reading, page.link.query()) {
        (Some(reading), _) => reading.to_owned(),
        (None, link) if link.is_empty() => link,
        (None, link) => format!("?{link}"),
    };
    let links = html! {
        p.links {
            a href={ (here) "/report" (query) } { (words.say("report")) } " "
            a href={ (here) "/evidence.json" (query) } { (words.say("evidence-file")) }
        }
    };
    match page.incident.state() {
        State::Resolved => links,
        State::Open | State::Acknowledged => html! {
            details.more { summary { (words.say("report-and-evidence")) } (links) }
        },
    }
}
