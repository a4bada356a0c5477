//! The list of incidents.

use std::sync::Arc;

use axum::extract::State as App;
use axum::http::Uri;
use axum::response::IntoResponse;
use maud::{Markup, html};

use orszem_core::settings::Config;
use orszem_records::incident::{Incident, State};

use crate::address::percent_encode;
use crate::app::AppState;
use crate::auth::reader::Reader;
use crate::render::format::{self, Zone};
use crate::view::Filter;

use super::layout::{self, severity, state};

/// How many incidents the list shows.
const LISTED: usize = 200;
/// Seconds after which a browser reads the list again by itself.
const REFRESH: u32 = 60;

/// `GET /`.
pub(crate) async fn show(App(app): App<AppState>, _: Reader, uri: Uri) -> impl IntoResponse {
    let incidents = app.view.list(&Filter { limit: Some(LISTED), ..Filter::default() });
    layout::response(page(&layout::root(uri.path()), &app.config.load(), &incidents))
}

/// `incidents` as the view sorts them.
fn page(root: &str, config: &Config, incidents: &[Arc<Incident>]) -> Markup {
    let open = incidents.iter().filter(|incident| incident.state() == State::Open).count();
    let title = match open {
        0 => "No open incidents".to_owned(),
        1 => "1 open incident".to_owned(),
        many => format!("{many} open incidents"),
    };
    let groups = [State::Open, State::Acknowledged, State::Resolved];
    let main = html! {
        p { a href={ (root) "watches" } { "Watches" } }
        h1 { (title) }
        @if incidents.is_empty() {
            p.quiet { "No incidents yet." }
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
    layout::layout(root, &title, Some(REFRESH), &main)
}

fn row(root: &str, config: &Config, incident: &Incident) -> Markup {
    let signal = &incident.signal;
    let id = percent_encode(&incident.id.0);
    html! {
        a.card.row href={ (root) "incidents/" (id) } {
            span.badges {
                (severity(incident.severity)) (state(incident.state()))
                @if incident.exhausted && incident.state() == State::Open { span.badge.alarm { "Nobody acknowledged" } }
            }
            span.name { (format::title(config, &incident.watch)) }
            span { (format::sentence(signal)) "." }
            span.quiet {
                "Since " (Zone::of(signal).moment(signal.opened_at)) " · " (signal.desk.meaning())
                @if let Some(stamp) = incident.resolved.as_ref().or(incident.acknowledged.as_ref()) {
                    " · " bdi { (format::lines(&stamp.by.by)) }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use orszem_records::ledger::Event;
    use orszem_records::signal::Phase;

    use crate::fixture::{acknowledged, entry, house, resolved, signal};

    #[tokio::test]
    async fn the_list_shows_open_incidents_first() {
        let house = house("");
        house.app.view.apply(&entry("bolt", 1, Event::Signal(Box::new(signal(Phase::Opened)))));
        house.app.view.apply(&entry("core", 1, Event::Signal(Box::new(signal(Phase::Opened)))));
        house.app.view.apply(&acknowledged("acme", 1));
        house.app.view.apply(&resolved("bolt", 1));
        let page = house.get("/").await.body;
        let place = |id: &str| page.find(&format!("href=\"./incidents/{id}\"")).unwrap();
        assert!(place("core.1") < place("acme.1") && place("acme.1") < place("bolt.1"));
        assert!(page.contains("1 open incident") && page.contains("slack-crisis"));
    }
}
