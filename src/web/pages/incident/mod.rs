//! The page of one incident: what it is, and the buttons.

mod accounts;
mod buttons;
mod context;
mod drill;
mod facts;
mod history;
mod links;
mod messages;
mod playbook;
mod posting;
#[cfg(test)]
mod posting_tests;
mod presses;
mod samples;
mod standing;
mod statement;
mod times;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State as App};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use serde::Deserialize;

use orszem_core::notification::{headline, why};
use orszem_core::words::Words;
use orszem_records::incident::{Incident, State};
use orszem_runtime::clock;

use crate::actions::ActionName;
use crate::app::AppState;
use crate::asked::Asked;
use crate::auth::link::LinkError;
use crate::auth::link_check::LinkCheck;
use crate::auth::reader::Reader;
use crate::refusal::no_incident;
use crate::render::chart;
use crate::render::format::{self, state_id};

use super::layout::{self, badges, time};
use context::PageContext;
pub(super) use facts::desk_id;

/// What the redirect after an action adds to the page's address.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Params {
    did: Option<String>,
    late: Option<String>,
    /// Why an approval was refused.
    refused: Option<String>,
    /// The revision that was read before.
    read: Option<u32>,
}

/// `GET /incidents/{id}`.
pub(crate) async fn show(
    App(app): App<AppState>,
    Path(id): Path<String>,
    reader: Reader,
    params: Result<Query<Params>, QueryRejection>,
    mut asked: Asked,
) -> Response {
    let Some(incident) = app.view.get(&id) else { return no_incident(&asked) };
    let config = app.config.load();
    let bearer = match &reader.check {
        LinkCheck::May(bearer) => Some(bearer.0.as_str()),
        LinkCheck::MayNot(_) | LinkCheck::None => None,
    };
    asked.words = asked.preferences.words(&config, bearer, incident.signal.time_zone.as_deref());
    let root = layout::root(asked.uri.path());
    let title = format::title(&config, &incident.watch, &asked.words);
    if !reader.all && reader.check == LinkCheck::MayNot(LinkError::Expired) {
        return layout::response(expired(&asked, &incident, &title)).into_response();
    }
    let Query(params) = params.unwrap_or_default();
    let list = match (&reader.reading, reader.all) {
        (Some(read), _) => Some(format!("?read={read}")),
        (None, true) => Some(String::new()),
        (None, false) => None,
    };
    let page = page(
        &PageContext {
            asked: &asked,
            root: &root,
            incident: &incident,
            carrier: &app.view.carrier(&incident),
            config: &config,
            link: &reader.link,
            check: &reader.check,
            form: reader.visitor.as_ref().map(|visitor| visitor.form_sign(&app.links.signer())),
            visitor: reader.visitor.as_ref(),
            list,
            did: params.did.as_deref().and_then(ActionName::parse),
            late: params.late.is_some(),
            refused: params.refused.as_deref(),
            read: params.read,
            roster: &app.team.roster(&config),
            now: clock::now(),
        },
        &title,
    );
    layout::response(page).into_response()
}

/// A part of the page that is kept up to date.
fn live(name: &str, part: &Markup) -> Markup {
    html! { div data-live=(name) { (part) } }
}

fn page(page: &PageContext<'_>, title: &str) -> Markup {
    let (incident, words) = (page.incident, page.words());
    let watch = page.config.watch(&incident.watch);
    let advice = watch.as_ref().and_then(|watch| watch.advice.as_deref());
    let main = html! {
        @if let Some(query) = &page.list { nav { a href={ (page.root) (query) } { "← " (words.say("all-incidents")) } } }
        (drill::note(page))
        (live("head", &head(incident, title, words)))
        div aria-live="polite" data-live="standing" { (standing::section(page)) }
        (live("actions", &buttons::section(page, &times::first_promise(page))))
        @if let Some(advice) = advice {
            section.card.advice { h2 { (words.say("to-do")) } p.text { (advice) } }
        }
        (live("playbook", &playbook::section(page)))
        (live("presses", &presses::section(page)))
        (live("posting", &posting::section(page)))
        (live("statement", &statement::section(page)))
        (live("accounts", &accounts::section(page)))
        (live("stakeholders", &times::stakeholders(page)))
        (live("clocks", &times::clocks(page)))
        (live("drill", &drill::report(incident, words)))
        section {
            h2 { (words.say("figures")) }
            (live("chart", &chart::figure(incident, words)))
            (live("facts", &facts::list(incident, words)))
        }
        section { h2 { (words.say("sample-mentions")) } (live("samples", &samples::list(page))) }
        section.history-part { h2 { (words.say("what-happened")) } (live("history", &history::list(incident, words))) }
        section.messages-part {
            h2 { (words.say("messages-sent")) } (live("messages", &messages::table(&incident.messages, words)))
        }
        (live("links", &links::section(page)))
        footer.quiet {
            (words.say("fact-incident")) " " code { (incident.id) } " · "
            (words.with("figures-up-to", [("at", words.moment_seconds(incident.signal.at).into())]))
        }
    };
    let title = format!("{}: {title}", words.say(state_id(incident.state())));
    let title = drill::marked(incident, title, words);
    layout::live_layout(page.asked, &title, &main, incident.is_final())
}

/// What it is, and how high it was.
fn head(incident: &Incident, title: &str, words: &Words) -> Markup {
    let meaning = why(incident, words);
    html! {
        (badges(incident, words))
        h1 { (drill::marked(incident, title.to_owned(), words)) }
        p.headline { (without_title(&headline("", incident, words))) "." }
        @if !meaning.is_empty() { p.meaning { (meaning) } }
        p.quiet { (since(incident, words)) }
    }
}

/// The headline where the title stands above it.
pub(in crate::pages) fn without_title(headline: &str) -> &str {
    headline.trim_start_matches(':').trim_start()
}

/// The page of somebody whose link is only good enough to say that it is no longer good.
fn expired(asked: &Asked, incident: &Incident, title: &str) -> Markup {
    let words = &asked.words;
    let main = html! {
        (badges(incident, words))
        h1 { (title) }
        p.headline { (without_title(&headline("", incident, words))) "." }
        p.quiet { (since(incident, words)) }
        p.warning role="alert" { (words.say("link-expired-page")) }
        footer.quiet { (words.say("fact-incident")) " " code { (incident.id) } }
    };
    layout::layout(asked, &format!("{}: {title}", words.say(state_id(incident.state()))), &main)
}

/// From when to when, and how long that is.
pub(in crate::pages) fn since(incident: &Incident, words: &Words) -> Markup {
    let signal = &incident.signal;
    // A person closes by the clock; the mentions are counted in their own time.
    let until = if incident.state() == State::Resolved { Some(signal.at) } else { None };
    let lasted = words.length(signal.at.since(signal.opened_at) / 1000);
    match until {
        Some(until) => html! {
            (time(signal.opened_at, words)) " – "
            time datetime=(until) { (words.beside(until, signal.opened_at)) } " (" (lasted) ")"
        },
        None => html! {
            (words.say("since")) " " (time(signal.opened_at, words)) ", " (words.with("so-far", [("length", lasted.into())]))
        },
    }
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod times_tests;
