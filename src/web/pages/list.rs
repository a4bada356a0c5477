//! The list of incidents: what is open, who has what, and what was.

use std::sync::Arc;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State as App};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};

use orszem_core::notification::{headline, standing};
use orszem_core::settings::{Config, Role};
use orszem_core::words::Words;
use orszem_records::desk::Desk;
use orszem_records::incident::{Incident, State};
use orszem_runtime::clock;

use crate::address::percent_encode;
use crate::app::AppState;
use crate::asked::Asked;
use crate::auth::name::NAME;
use crate::auth::reader::{Reader, link_to_read};
use crate::auth::visitor::Visitor;
use crate::render::chart;
use crate::render::format::{self, state_id};

use super::account;
use super::incident::{desk_id, since, without_title};
use super::layout::{self, badges};
use super::list_filter::{DAYS, ListFilter};

/// How many incidents the list shows.
pub(super) const LISTED: usize = 200;

/// What the list is made from.
struct List<'a> {
    asked: &'a Asked,
    root: String,
    config: &'a Config,
    filter: ListFilter,
    incidents: Vec<Arc<Incident>>,
    /// Somebody who is signed in, and the sign of their forms.
    visitor: Option<(Visitor, String)>,
    /// The value of a link that only reads, to give on: for somebody who is signed in.
    read: Option<String>,
}

/// `GET /`.
pub(crate) async fn show(
    App(app): App<AppState>,
    reader: Reader,
    filter: Result<Query<ListFilter>, QueryRejection>,
    asked: Asked,
) -> Response {
    let Query(filter) = filter.unwrap_or_default();
    let now = clock::now();
    let signer = app.links.signer();
    let list = List {
        asked: &asked,
        root: layout::root(asked.uri.path()),
        config: &app.config.load(),
        incidents: app.view.list(&filter.filter(now, LISTED)),
        filter: ListFilter { read: reader.reading.clone(), ..filter },
        read: reader.visitor.as_ref().filter(|visitor| visitor.may(Role::Responder)).map(|_| link_to_read(&app, now)),
        visitor: reader.visitor.map(|visitor| {
            let sign = visitor.form_sign(&signer);
            (visitor, sign)
        }),
    };
    layout::response(page(&list)).into_response()
}

fn page(list: &List<'_>) -> Markup {
    let (words, root) = (&list.asked.words, &list.root);
    let (drills, real): (Vec<_>, Vec<_>) = list.incidents.iter().partition(|incident| incident.is_drill());
    let open = real.iter().filter(|incident| incident.state() == State::Open).count();
    let title = words.with("open-incidents", [("n", open.into())]);
    let query = list.filter.query();
    let reading = list.filter.read.as_ref().map(|read| format!("read={read}"));
    let whole =
        [Some(query), reading].into_iter().flatten().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("&");
    let main = html! {
        nav aria-label=(words.say("pages")) {
            a href={ (root) "watches" } { (words.say("watches")) } " "
            @if list.filter.read.is_none() {
                a href={ (root) "oncall" } { (words.say("oncall")) } " "
                a href={ (root) "silences" } { (words.say("silences")) } " "
                @if !list.config.accounts.is_empty() {
                    a href={ (root) "accounts" } { (words.say("accounts")) } " "
                }
            }
            a href={ (root) "incidents.csv?" (whole) } { (words.say("list-csv")) }
            @if let Some((visitor, sign)) = &list.visitor { (account::line(visitor, sign, root, words)) }
        }
        h1 { (title) }
        (filters(list))
        @if list.incidents.is_empty() {
            p.quiet { (words.say(if list.filter.is_set() { "list-nothing-found" } else { "list-nothing" })) }
        }
        (acknowledge_all(list))
        @for group in [State::Open, State::Acknowledged, State::Resolved] {
            @let members: Vec<_> = real.iter().filter(|incident| incident.state() == group).collect();
            @if !members.is_empty() {
                h2 { (words.say(state_id(group))) " " span.quiet { (members.len()) } }
                ul.incidents { @for incident in members { li { (row(list, incident)) } } }
            }
        }
        @if !drills.is_empty() {
            h2 { (words.say("drills")) " " span.quiet { (drills.len()) } }
            ul.incidents { @for drill in &drills { li { (row(list, drill)) } } }
        }
        @if list.incidents.len() >= LISTED { p.quiet { (words.with("list-cut", [("n", LISTED.into())])) } }
        @if let Some(read) = &list.read {
            p.quiet {
                a href={ (root) "?read=" (read) } { (words.say("list-read-link")) } " " (words.say("list-read-link-is"))
            }
        }
    };
    layout::layout(list.asked, &title, &main)
}

fn filters(list: &List<'_>) -> Markup {
    let (words, filter) = (&list.asked.words, &list.filter);
    let all = || html! { option value="" { (words.say("filter-all")) } };
    html! {
        details.filters open[filter.is_set()] {
            summary { (words.say("filter")) }
            form.choices method="get" {
                @if let Some(read) = &filter.read { input type="hidden" name="read" value=(read); }
                label { (words.say("filter-watch")) " "
                    select name="watch" { (all()) @for watch in &list.config.watches {
                        option value=(watch.key()) selected[filter.watch == watch.key()] {
                            (format::title(list.config, &watch.name, words))
                        }
                    } }
                }
                label { (words.say("filter-desk")) " "
                    select name="desk" { (all()) @for desk in Desk::ALL {
                        option value=(desk.name()) selected[filter.desk == desk.name()] { (words.say(desk_id(desk))) }
                    } }
                }
                label { (words.say("filter-state")) " "
                    select name="state" { (all()) @for state in [State::Open, State::Acknowledged, State::Resolved] {
                        option value=(state.name()) selected[filter.state == state.name()] { (words.say(state_id(state))) }
                    } }
                }
                label { (words.say("filter-severity")) " "
                    select name="severity" { (all()) @for severity in 1_u8..=4 {
                        option value=(severity) selected[filter.severity == severity.to_string()] {
                            (ListFilter::severity_words(severity, words))
                        }
                    } }
                }
                label { (words.say("filter-days")) " "
                    select name="days" { (all()) @for days in DAYS {
                        option value=(days) selected[filter.days == days.to_string()] {
                            (words.with("filter-last-days", [("n", u64::from(days).into())]))
                        }
                    } }
                }
                button.secondary type="submit" { (words.say("filter-do")) }
            }
        }
    }
}

/// One name, and all that is shown and open: after a night with twenty pages. Drills are left out: each is to be looked
/// at.
fn acknowledge_all(list: &List<'_>) -> Markup {
    let words = &list.asked.words;
    let open = list.incidents.iter().filter(|incident| incident.state() == State::Open && !incident.is_drill());
    let open: Vec<_> = open.collect();
    let may = list.visitor.as_ref().filter(|(visitor, _)| !open.is_empty() && visitor.may(Role::Responder));
    let Some((visitor, form)) = may else { return html! {} };
    html! {
        form.decide method="post" action={ (list.root) "acknowledge" } {
            input type="hidden" name="form" value=(form);
            @for incident in &open { input type="hidden" name="incident" value=(incident.id); }
            @if visitor.known().is_none() {
                label.name for="name" { (words.say("your-name")) }
                input.name #name name="name" value=[list.asked.preferences.name.as_deref()] maxlength=(NAME)
                    autocomplete="name" required;
            }
            button.secondary type="submit" { (words.with("button-acknowledge-all", [("n", open.len().into())])) }
        }
    }
}

fn row(list: &List<'_>, incident: &Incident) -> Markup {
    let words = &words_of(list, incident);
    let id = percent_encode(&incident.id.0);
    let reading = list.filter.read.as_ref().map(|read| format!("?read={read}"));
    html! {
        a.card.row href={ (list.root) "incidents/" (id) (reading.unwrap_or_default()) } {
            (badges(incident, words))
            span.name { (format::title(list.config, &incident.watch, words)) }
            span { (without_title(&headline("", incident, words))) "." }
            span.quiet { (since(incident, words)) " · " (words.say(desk_id(incident.signal.desk))) }
            span.quiet { bdi { (format::lines(&standing(incident, words))) } @if let Some(had) = had(incident, words) { " · " bdi { (had) } } }
            (chart::course(incident))
        }
    }
}

/// Who had an incident that is over.
fn had(incident: &Incident, words: &Words) -> Option<String> {
    let stamp = incident.acknowledged.as_ref().filter(|_| incident.state() == State::Resolved)?;
    let values = [("by", format::lines(&stamp.by.by).into()), ("at", words.moment(stamp.at).into())];
    Some(words.with("had-it", values))
}

/// The reader's words; with the clock of the incident's watch where nobody chose another.
fn words_of(list: &List<'_>, incident: &Incident) -> Words {
    list.asked.preferences.words(list.config, None, incident.signal.time_zone.as_deref())
}

#[cfg(test)]
#[path = "list_tests.rs"]
mod tests;
