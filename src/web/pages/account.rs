//! The account of somebody who is signed in: who they are, and signing out, here or everywhere.

use axum::Form;
use axum::extract::State;
use axum::extract::rejection::FormRejection;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use serde::Deserialize;

use orszem_core::settings::Role;
use orszem_core::words::Words;
use orszem_records::team::sign_out::SignOut;
use orszem_runtime::clock;

use crate::app::AppState;
use crate::asked::Asked;
use crate::auth::session::Session;
use crate::auth::visitor::{Known, Via, Visit, Visitor};
use crate::refusal::refuse;
use crate::team_changes;

/// The longest name of an account, in bytes.
pub(crate) const ACCOUNT: usize = 255;

/// The text that names a role.
const fn role_id(role: Role) -> &'static str {
    match role {
        Role::Viewer => "role-viewer",
        Role::Responder => "role-responder",
        Role::Approver => "role-approver",
        Role::Admin => "role-admin",
    }
}

/// Who is signed in, and the button that ends it. A proxy's sign-in ends at the proxy.
pub(super) fn line(visitor: &Visitor, sign: &str, root: &str, words: &Words) -> Markup {
    html! {
        @if let Some(known) = visitor.known() {
            " " a.quiet href={ (root) "settings" } { (signed_in_as(known, visitor.role, words)) } " "
        }
        @if visitor.known().is_none_or(|known| known.via != Via::Proxy) {
            form.inline method="post" action={ (root) "sign-out" } {
                input type="hidden" name="form" value=(sign);
                button.link type="submit" { (words.say("sign-out")) }
            }
        }
    }
}

fn signed_in_as(known: &Known, role: Role, words: &Words) -> String {
    words.with("signed-in-as", [("name", known.name.as_str().into()), ("role", words.say(role_id(role)).into())])
}

/// The part of the settings that is about the account.
pub(super) fn section(visitor: &Visitor, sign: &str, root: &str, words: &Words) -> Markup {
    let action = format!("{root}sign-out-everywhere");
    html! {
        section {
            h2 { (words.say("account")) }
            @if let Some(known) = visitor.known() {
                p { (signed_in_as(known, visitor.role, words)) }
                p.quiet { (words.with("account-is", [("account", orszem_text::sanitize::line(&known.account).into())])) }
                @if known.via == Via::Proxy {
                    p.quiet { (words.say("account-of-proxy")) }
                } @else {
                    form.try method="post" action=(action) {
                        input type="hidden" name="form" value=(sign);
                        button.secondary type="submit" {
                            (words.say("sign-out-everywhere")) small { (words.say("sign-out-everywhere-does")) }
                        }
                    }
                }
            }
            @if visitor.may(Role::Admin) {
                form.try method="post" action=(action) {
                    input type="hidden" name="form" value=(sign);
                    label for="who" { (words.say("sign-out-other")) }
                    input #who name="who" required maxlength=(ACCOUNT) autocomplete="off" spellcheck="false"
                        aria-describedby="who-help";
                    p.quiet #who-help { (words.say("sign-out-other-help")) }
                    button.secondary type="submit" { (words.say("sign-out-other-do")) }
                }
            }
        }
    }
}

/// What the form sends.
#[derive(Default, Deserialize)]
pub(crate) struct Leaving {
    form: Option<String>,
    /// Who is signed out, where an administrator signs out somebody else.
    who: Option<String>,
}

/// `POST /sign-out-everywhere`: ends all sessions of a person that began by now.
pub(crate) async fn leave_everywhere(
    State(app): State<AppState>,
    visit: Visit,
    headers: HeaderMap,
    asked: Asked,
    form: Result<Form<Leaving>, FormRejection>,
) -> Response {
    let Form(Leaving { form, who }) = form.unwrap_or_default();
    let refused = |title, text| refuse(&asked, StatusCode::FORBIDDEN, "forbidden", title, text);
    let signed = app.has_signed_form(&visit, form.as_deref(), &headers);
    let Some(visitor) = visit.visitor().filter(|_| signed) else {
        return refused("refusal-signed-out", "refusal-signed-out-text");
    };
    let other = who.as_deref().map(str::trim).filter(|who| !who.is_empty());
    let own = visitor.known().map(|known| known.account.clone());
    let who = match (other, own) {
        (Some(_), _) if !visitor.may(Role::Admin) => return refused("refusal-role", "refusal-role-text"),
        (Some(other), _) if other.len() <= ACCOUNT => other.to_owned(),
        (None, Some(own)) => own,
        (Some(_), _) | (None, None) => {
            return refuse(&asked, StatusCode::BAD_REQUEST, "bad-form", "refusal-form", "refusal-form-text");
        }
    };
    let by = visitor.by(Some(String::from("api_token")));
    let Some(by) = by else { return refused("refusal-name", "refusal-name-text") };
    let own = other.is_none();
    if team_changes::write(&app, SignOut::record(&who, clock::now(), by)).await.is_err() {
        let (title, text) = ("refusal-not-saved", "refusal-not-saved-text");
        return refuse(&asked, StatusCode::SERVICE_UNAVAILABLE, "not-written", title, text);
    }
    let to = if own { "./" } else { "./settings" };
    let mut answer = HeaderMap::from_iter([(header::LOCATION, HeaderValue::from_static(to))]);
    let ended = own.then(|| Session::end(app.is_secure())).flatten();
    answer.extend(ended.map(|cookie| (header::SET_COOKIE, cookie)));
    (StatusCode::SEE_OTHER, answer).into_response()
}
