//! Somebody who is signed in, whichever way.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};

use orszem_core::settings::{Config, Role};
use orszem_records::ledger::ByWhom;

use crate::limits::LIST;

use super::link::Signer;
use super::name::{name, shortened};

/// Who sent a request. The gate puts it to every request before anything else looks at it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Visit {
    /// Nobody who is signed in.
    #[default]
    Nobody,
    /// Somebody who is signed in with this account, and has no role: they see nothing.
    Stranger(String),
    /// Somebody who is signed in.
    Visitor(Visitor),
}

/// Somebody who is signed in, and what they may do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Visitor {
    pub who: Who,
    pub role: Role,
    /// What their forms are bound to.
    key: String,
}

/// Who is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Who {
    /// Somebody who has the API's token: they write the name that they act under.
    Token,
    /// A person.
    Person(Known),
}

/// A person, as they signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Known {
    /// As the proxy or the provider names it.
    pub account: String,
    /// The name that they act under.
    pub name: String,
    /// The name of their `[[person]]`, where they have one.
    pub person: Option<String>,
    pub via: Via,
}

/// How a person signed in: what the ledger says of the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Via {
    Proxy,
    Oidc,
}

impl Via {
    /// As in the ledger.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Via::Proxy => "proxy",
            Via::Oidc => "oidc",
        }
    }
}

impl Visit {
    /// Who comes with an account: what `granted` says they may do, and what the file says. `called`: what the provider
    /// calls them. `key`: what their forms are bound to.
    pub(crate) fn of_account(
        config: &Config,
        account: &str,
        called: Option<&str>,
        granted: Option<Role>,
        via: Via,
        key: String,
    ) -> Visit {
        let person = config.person_of(account);
        let Some(role) = granted.max(person.and_then(|person| person.role())) else {
            return Visit::Stranger(account.to_owned());
        };
        let shown = person.map(|person| person.shown()).or(called).and_then(name);
        let known = Known {
            account: account.to_owned(),
            name: shown.unwrap_or_else(|| shortened(account)),
            person: person.map(|person| person.name.clone()),
            via,
        };
        Visit::Visitor(Visitor { who: Who::Person(known), role, key })
    }

    /// The name of the `[[person]]` who is signed in.
    pub(crate) fn person(&self) -> Option<&str> {
        match self {
            Visit::Visitor(visitor) => visitor.known()?.person.as_deref(),
            Visit::Nobody | Visit::Stranger(_) => None,
        }
    }

    /// Who is signed in, and has a role.
    pub(crate) fn visitor(self) -> Option<Visitor> {
        match self {
            Visit::Visitor(visitor) => Some(visitor),
            Visit::Nobody | Visit::Stranger(_) => None,
        }
    }
}

impl Visitor {
    /// Somebody who has the API's token: the operator, who may do everything.
    pub(crate) fn with_token(key: String) -> Visitor {
        Visitor { who: Who::Token, role: Role::Admin, key }
    }

    /// Whether they may do what needs this role.
    pub(crate) fn may(&self, role: Role) -> bool {
        self.role >= role
    }

    /// The person, where they signed in as one.
    pub(crate) fn known(&self) -> Option<&Known> {
        match &self.who {
            Who::Token => None,
            Who::Person(known) => Some(known),
        }
    }

    /// In whose name they act: a person's own, else the one that they wrote; `None` where they wrote none.
    pub(crate) fn by(&self, written: Option<String>) -> Option<ByWhom> {
        match &self.who {
            Who::Token => written.map(|name| ByWhom::new(name, LIST)),
            Who::Person(known) => {
                let person = known.person.clone();
                Some(ByWhom { person, ..ByWhom::new(&known.name, known.via.as_str()) })
            }
        }
    }

    /// What a form of theirs must carry that changes something.
    pub(crate) fn form_sign(&self, signer: &Signer) -> String {
        signer.sign("form", &self.key)
    }

    /// Whether a form carries it.
    pub(crate) fn has_signed_form(&self, signer: &Signer, sign: &str) -> bool {
        signer.has_signed("form", &self.key, sign)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Visit {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Visit, Infallible> {
        Ok(parts.extensions.get::<Visit>().cloned().unwrap_or_default())
    }
}

/// Whether a browser says that another site sent a request. `public_url`: the address of ours.
///
/// Browsers say so in `Sec-Fetch-Site` where they reach us by HTTPS. Else `Origin` says it; pages that send no
/// referrer, as ours do, have `null` there, and the form's sign alone decides.
pub(crate) fn is_from_elsewhere(headers: &HeaderMap, public_url: &str) -> bool {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("unreadable"));
    if let Some(site) = text("sec-fetch-site") {
        return !matches!(site, "same-origin" | "none");
    }
    let Some(origin) = text(header::ORIGIN.as_str()).filter(|origin| *origin != "null") else { return false };
    let host = origin.split_once("://").map_or(origin, |(_, host)| host);
    let ours = text(header::HOST.as_str()).is_some_and(|ours| ours.eq_ignore_ascii_case(host));
    !ours && origin_of(public_url).is_none_or(|ours| ours != origin)
}

fn origin_of(address: &str) -> Option<String> {
    Some(url::Url::parse(address).ok()?.origin().ascii_serialization())
}

#[cfg(test)]
#[path = "visitor_tests.rs"]
mod tests;
