//! What the forms share that change something for the team.

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};

use orszem_core::settings::{Config, Role};
use orszem_records::ledger::ByWhom;

use crate::app::AppState;
use crate::asked::Asked;
use crate::auth::acting::by_form;
use crate::auth::name::{NAME, name};
use crate::auth::preferences::keep_name;
use crate::auth::reader::Reader;
use crate::auth::token::Token;
use crate::auth::visitor::{Visit, Visitor};
use crate::refusal::{Refused, refuse, unauthorized};
use crate::render::format;

/// Somebody who may change things: who they are, and the sign of their forms.
pub(super) struct Acting {
    pub visitor: Visitor,
    sign: String,
}

impl Acting {
    /// A visitor who may respond.
    pub(super) fn of(app: &AppState, visitor: Option<Visitor>) -> Option<Acting> {
        let visitor = visitor.filter(|visitor| visitor.may(Role::Responder))?;
        let sign = visitor.form_sign(&app.links.signer());
        Some(Acting { visitor, sign })
    }

    /// The name of their `[[person]]`, where they signed in as one.
    pub(super) fn person(&self) -> Option<&str> {
        self.visitor.known()?.person.as_deref()
    }

    /// What every form of theirs carries: the sign, and a name where the account has no name.
    pub(super) fn fields(&self, id: &str, asked: &Asked) -> Markup {
        html! {
            input type="hidden" name="form" value=(self.sign);
            @if self.visitor.known().is_none() {
                label.name for=(id) { (asked.words.say("your-name")) }
                input.name id=(id) name="name" value=[asked.preferences.name.as_deref()] maxlength=(NAME)
                    autocomplete="name" required;
            }
        }
    }
}

/// A link that only reads incidents opens nothing of the team.
pub(super) fn may_see(reader: &Reader, asked: &Asked, config: &Config) -> Result<(), Refused> {
    match reader.visitor.is_some() || reader.reading.is_none() {
        true => Ok(()),
        false => Err(unauthorized(asked, Token::Wrong, config).into()),
    }
}

/// Who sent a form of ours and may respond, and in whose name they act. `sign` and `named` are what the form carried.
pub(super) fn acts(
    app: &AppState,
    asked: &Asked,
    visit: Visit,
    (sign, named): (Option<&str>, Option<&str>),
    headers: &HeaderMap,
) -> Result<(Visitor, ByWhom), Refused> {
    let visitor = by_form(app, asked, visit, sign, headers, Role::Responder)?;
    let missing = || refuse(asked, StatusCode::BAD_REQUEST, "no-name", "refusal-name", "refusal-name-text");
    let by = visitor.by(named.and_then(name)).ok_or_else(missing)?;
    Ok((visitor, by))
}

/// Back to a page that shows what was done; the browser keeps the name that somebody typed.
pub(super) fn back(to: &str, named: Option<&str>, app: &AppState) -> Response {
    let mut headers: HeaderMap = HeaderValue::from_str(to).into_iter().map(|to| (header::LOCATION, to)).collect();
    let cookie = named.and_then(name).and_then(|name| keep_name(&name, app.is_secure()));
    headers.extend(cookie.map(|cookie| (header::SET_COOKIE, cookie)));
    (StatusCode::SEE_OTHER, headers).into_response()
}

/// 503: it could not be written.
pub(super) fn not_saved(asked: &Asked) -> Refused {
    let (title, text) = ("refusal-not-saved", "refusal-not-saved-text");
    refuse(asked, StatusCode::SERVICE_UNAVAILABLE, "not-written", title, text).into()
}

/// 404: there is nothing of this id.
pub(super) fn unknown(asked: &Asked) -> Refused {
    refuse(asked, StatusCode::NOT_FOUND, "not-found", "refusal-not-found", "refusal-not-found-text").into()
}

/// A person as people call them.
pub(super) fn person(config: &Config, name: &str) -> String {
    format::lines(config.person(name).map_or(name, |person| person.shown()))
}

/// Several, one after the other.
pub(super) fn people<'n>(config: &Config, names: impl IntoIterator<Item = &'n str>) -> String {
    names.into_iter().map(|name| person(config, name)).collect::<Vec<_>>().join(", ")
}

/// The ways between the pages of the team.
pub(super) fn ways(asked: &Asked, root: &str) -> Markup {
    let words = &asked.words;
    html! {
        nav aria-label=(words.say("pages")) {
            a href=(root) { (words.say("all-incidents")) } " "
            a href={ (root) "oncall" } { (words.say("oncall")) } " "
            a href={ (root) "silences" } { (words.say("silences")) } " "
            a href={ (root) "accounts" } { (words.say("accounts")) } " "
            a href={ (root) "ways" } { (words.say("ways")) }
        }
    }
}
