//! Who sent a request: found out once, before anything else looks at it.

use axum::extract::connect_info::ConnectInfo;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;

use orszem_core::settings::Config;
use orszem_runtime::clock;

use crate::app::AppState;
use crate::asked::Asked;
use crate::auth::proxy::Proxied;
use crate::auth::session::{Session, cookie};
use crate::auth::visitor::{Via, Visit, Visitor};
use crate::peer::Peer;
use crate::refusal::refuse;

/// Puts a [`Visit`] to the request, and renews the session of those who have one. A header that claims to be the
/// proxy's and is not ends the request, whatever it asks for.
pub(crate) async fn enter(State(app): State<AppState>, mut request: Request, next: Next) -> Response {
    let config = app.config.load();
    let peer = request.extensions().get::<ConnectInfo<Peer>>().map(|ConnectInfo(Peer(address))| address.ip());
    let (visit, session) = match app.signing_in.proxy.check(&config, request.headers(), peer) {
        Proxied::Refused => {
            let asked = Asked::new(request.uri(), request.headers(), &config);
            let (title, text) = ("refusal-proxy-header", "refusal-proxy-header-text");
            return refuse(&asked, StatusCode::FORBIDDEN, "proxy-header", title, text);
        }
        Proxied::Account { id, groups } => {
            let role = config.sign_in.roles.of(groups.iter().map(String::as_str));
            (Visit::of_account(&config, &id, None, role, Via::Proxy, format!("proxy {id}")), None)
        }
        Proxied::Nobody => by_session(&app, &config, request.headers()),
    };
    // A program has the token: another site's page could make a browser send its cookies.
    let of_api = Asked::is_of_api(request.uri());
    if !of_api {
        request.extensions_mut().insert(visit);
    }
    let mut answer = next.run(request).await;
    let renewed = session.filter(|_| !of_api).and_then(|session| session.renewed(clock::now()));
    let secure = app.is_secure();
    if let Some(renewed) = renewed.filter(|_| !sets_session(answer.headers(), secure)) {
        let kept = renewed.keep(secure, &app.links.signer(), &app.generations());
        answer.headers_mut().extend(kept.map(|kept| (header::SET_COOKIE, kept)));
    }
    answer
}

/// Whose session a request has, and the session.
fn by_session(app: &AppState, config: &Config, headers: &HeaderMap) -> (Visit, Option<Session>) {
    let Some(session) = app.session(headers) else { return (Visit::Nobody, None) };
    let visit = match &session.account {
        None => Visit::Visitor(Visitor::with_token(session.key())),
        Some(account) => {
            let over = app.signed_out(account).is_some_and(|until| session.began_by(until));
            if over {
                return (Visit::Nobody, None);
            }
            let called = account.called.as_deref();
            Visit::of_account(config, &account.id, called, account.role, Via::Oidc, session.key())
        }
    };
    (visit, Some(session))
}

/// Whether an answer begins or ends a session already.
fn sets_session(headers: &HeaderMap, secure: bool) -> bool {
    let name = cookie(secure);
    let is_session = |set: &HeaderValue| {
        set.to_str().is_ok_and(|set| set.strip_prefix(name).is_some_and(|rest| rest.starts_with('=')))
    };
    headers.get_all(header::SET_COOKIE).iter().any(is_session)
}

#[cfg(test)]
#[path = "gate_tests.rs"]
mod tests;
