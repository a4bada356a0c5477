//! What every page shares, the list of incidents, and the pages that say no.

use maud::{DOCTYPE, Markup, html};

use orszem_core::settings::Config;
use orszem_records::incident::Incident;
use orszem_records::incident::State;

use super::{format, types};

/// How many incidents the list shows.
pub(super) const LISTED: usize = 200;
/// Seconds after which a browser reads the list again by itself.
const REFRESH: u32 = 60;

/// The way from a page back to the root of the site: relative, so that pages work under any address a proxy gives them.
pub(super) fn root(path: &str) -> String {
    match path.matches('/').count().saturating_sub(1).min(16) {
        0 => "./".into(),
        depth => "../".repeat(depth),
    }
}

/// A whole page.
pub(super) fn layout(root: &str, title: &str, refresh: Option<u32>, main: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="robots" content="noindex, nofollow";
                meta name="format-detection" content="telephone=no, date=no, address=no, email=no";
                @if let Some(seconds) = refresh { meta http-equiv="refresh" content=(seconds); }
                title { (title) " · Orszem" }
                link rel="icon" href="data:,";
                link rel="stylesheet" href={ (root) "style.css" };
            }
            body { main { (main) } }
        }
    }
}

/// A page that says one thing.
pub(super) fn message(root: &str, title: &str, words: &str) -> Markup {
    let main = html! {
        h1 { (title) }
        p { (words) }
    };
    layout(root, title, None, &main)
}

/// `P1` to `P4`, with its colour.
pub(super) fn severity(severity: u8) -> Markup {
    let class = format!("badge severity-{}", severity.clamp(1, 4));
    html! { span class=(class) { "Severity " (severity) } }
}

/// Where an incident stands, with its colour.
pub(super) fn state(state: State) -> Markup {
    html! { span class={ "badge " (state.name()) } { (format::state(state)) } }
}

/// The list of incidents: `incidents` as the view sorts them.
pub(super) fn list(root: &str, config: &Config, incidents: &[std::sync::Arc<Incident>]) -> Markup {
    let waiting = incidents.iter().filter(|incident| incident.state() == State::Open).count();
    let title = match waiting {
        0 => "Nothing is waiting".to_owned(),
        1 => "One incident is waiting".to_owned(),
        many => format!("{many} incidents are waiting"),
    };
    let groups = [State::Open, State::Acknowledged, State::Resolved];
    let main = html! {
        p { a href={ (root) "watches" } { "Watches" } }
        h1 { (title) }
        @if incidents.is_empty() {
            p.quiet { "There has been no incident since the ledger began." }
        }
        @for group in groups {
            @let members: Vec<_> = incidents.iter().filter(|incident| incident.state() == group).collect();
            @if !members.is_empty() {
                h2 { (format::state(group)) " " span.quiet { (members.len()) } }
                ul.incidents { @for incident in members { li { (row(root, config, incident)) } } }
            }
        }
        @if incidents.len() >= LISTED {
            p.quiet { "Only the first " (LISTED) " are shown; the API lists more." }
        }
    };
    layout(root, &title, Some(REFRESH), &main)
}

fn row(root: &str, config: &Config, incident: &Incident) -> Markup {
    let signal = &incident.signal;
    let id = format::percent_encode(&incident.id.0);
    html! {
        a.card.row href={ (root) "incidents/" (id) } {
            span.badges { (severity(incident.severity)) (state(incident.state())) @if incident.spent && incident.state() == State::Open { span.badge.alarm { "Nobody answered" } } }
            span.name { (types::title(config, &incident.watch)) }
            span { (format::sentence(signal)) "." }
            span.quiet {
                "Since " (format::moment(signal.opened_at))
                @if let Some(deed) = incident.resolved.as_ref().or(incident.acknowledged.as_ref()) { " · " bdi { (format::lines(&deed.by.by)) } }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_to_the_root_is_as_long_as_the_path() {
        assert_eq!(root("/"), "./");
        assert_eq!(root("/incidents/acme.3"), "../");
        assert_eq!(root("/incidents/acme.3/acknowledge"), "../../");
        assert_eq!(root(&"/".repeat(9000)).len(), 48);
    }
}
