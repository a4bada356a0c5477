//! The page of one incident: for somebody who was just woken, what matters first.

mod buttons;
mod context;
mod facts;
mod history;
mod messages;
mod samples;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State as App};
use axum::http::Uri;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use serde::Deserialize;

use orszem_core::settings::Config;
use orszem_records::incident::{Incident, State};

use crate::actions::ActionName;
use crate::app::AppState;
use crate::auth::link::LinkError;
use crate::auth::link_check::LinkCheck;
use crate::auth::reader::Reader;
use crate::refusal::no_incident;
use crate::render::chart;
use crate::render::format::{self, Zone};

use super::layout::{self, severity, state, time};
use context::PageContext;

/// What the address carries beside a link.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Params {
    did: Option<String>,
    /// There when somebody else was faster, or may have been.
    late: Option<String>,
}

/// `GET /incidents/{id}`.
pub(crate) async fn show(
    App(app): App<AppState>,
    Path(id): Path<String>,
    reader: Reader,
    params: Result<Query<Params>, QueryRejection>,
    uri: Uri,
) -> Response {
    let Some(incident) = app.view.get(&id) else { return no_incident(&uri) };
    let root = layout::root(uri.path());
    if !reader.all && reader.check == LinkCheck::MayNot(LinkError::Expired) {
        return layout::response(expired(&root, &incident, &app.config.load())).into_response();
    }
    let Query(params) = params.unwrap_or_default();
    let page = page(&PageContext {
        root: &root,
        incident: &incident,
        config: &app.config.load(),
        link: &reader.link,
        check: &reader.check,
        may_list: reader.all,
        did: params.did.as_deref().and_then(ActionName::parse),
        late: params.late.is_some(),
    });
    layout::response(page).into_response()
}

/// The whole page.
fn page(page: &PageContext<'_>) -> Markup {
    let incident = page.incident;
    let signal = &incident.signal;
    let zone = Zone::of(signal);
    let title = format::title(page.config, &incident.watch);
    let watch = page.config.watch(&incident.watch);
    let advice = watch.as_ref().and_then(|watch| watch.advice.as_deref());
    let main = html! {
        @if page.may_list { nav { a href=(page.root) { "← All incidents" } } }
        div.badges {
            (severity(incident.severity)) (state(incident.state()))
            @if signal.learning { span.badge.quiet { "Still learning" } }
            @if incident.exhausted && incident.state() == State::Open { span.badge.alarm { "Nobody acknowledged" } }
        }
        h1 { (title) }
        p.headline { (format::sentence(signal)) "." }
        p.quiet { (since(incident)) }
        (notice(page))
        (buttons::section(page))
        @if let Some(advice) = advice {
            section.card.advice { h2 { "What to do first" } p.text { (advice) } }
        }
        section { h2 { "Figures" } (facts::list(incident)) (chart::figure(signal)) }
        section { h2 { "Sample mentions" } (samples::list(page)) }
        section { h2 { "Messages sent" } (messages::table(&incident.messages, &zone)) }
        section { h2 { "History" } (history::list(incident, &zone)) }
        footer.quiet { "Incident " code { (incident.id) } " · figures up to " (zone.moment_seconds(signal.at)) }
    };
    let title = format!("{}: {title}", format::state(incident.state()));
    layout::layout(page.root, &title, None, &main)
}

/// What an expired link shows to somebody who may not read everything: which incident it was, and how to get a new
/// link. No texts and no names: the link may be anywhere by now.
fn expired(root: &str, incident: &Incident, config: &Config) -> Markup {
    let title = format::title(config, &incident.watch);
    let main = html! {
        div.badges { (severity(incident.severity)) (state(incident.state())) }
        h1 { (title) }
        p.headline { (format::sentence(&incident.signal)) "." }
        p.quiet { (since(incident)) }
        p.warning role="alert" {
            "This link has expired, so it shows no mentions and cannot act. For a new one, open the newest message \
            about the incident: each has its own link. The operators of orszem can read the incident with the API token."
        }
        footer.quiet { "Incident " code { (incident.id) } }
    };
    layout::layout(root, &format!("{}: {title}", format::state(incident.state())), None, &main)
}

fn since(incident: &Incident) -> Markup {
    let signal = &incident.signal;
    let zone = Zone::of(signal);
    let lasted = format::length(signal.at.since(signal.opened_at) / 1000);
    html! {
        @if incident.closed {
            "From " (zone.moment(signal.opened_at)) " to " (zone.moment(signal.at)) " (" (lasted) ")"
        }
        @else { "Since " (time(signal.opened_at, &zone)) ", for " (lasted) " so far" }
    }
}

/// The answer to what the reader just did.
fn notice(page: &PageContext<'_>) -> Markup {
    let Some(did) = page.did else { return html! {} };
    // A link that is passed on, with what its bearer did in it, tells nobody else that they have it.
    let by = page.incident.acknowledged.as_ref().map(|stamp| &stamp.by.by);
    let is_mine = !page.late && !matches!(page.check, LinkCheck::May(bearer) if by != Some(&bearer.0));
    let said = match (did, page.incident.state()) {
        (ActionName::Acknowledge, State::Acknowledged) if is_mine => {
            "Thank you. The incident is acknowledged, and it is yours: nobody else will be called."
        }
        (ActionName::Acknowledge, State::Acknowledged) => {
            "Somebody already has the incident: see below who. Nobody else will be called."
        }
        (ActionName::Acknowledge, State::Resolved) => {
            "Thank you. The incident is already over, so there was nothing to acknowledge."
        }
        (ActionName::Resolve, State::Resolved) => "Thank you. The incident is resolved.",
        (ActionName::Feedback, _) => {
            "Thank you. Your feedback is saved for training the next model. The figures stay as they are."
        }
        (ActionName::Acknowledge | ActionName::Resolve, _) => {
            "Thank you. Your action is saved and will show here in a moment."
        }
    };
    html! { p.notice role="status" { (said) } }
}

#[cfg(test)]
mod tests;
