//! The accounts by program: what they are, and looking one up in the name of a person.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use serde::{Deserialize, Serialize};

use orszem_core::readiness::Proofs;
use orszem_core::settings::Account;
use orszem_records::team::look_up::LookUp;

use crate::accounts::{self, NotDone};
use crate::actions::known_to;
use crate::app::AppState;
use crate::asked::Asked;
use crate::auth::acting::by_token;
use crate::auth::reader::Reader;
use crate::refusal::{Refusal, Refused};

use super::body;

/// What `GET /api/v1/accounts` answers.
#[derive(Serialize)]
pub(crate) struct Listing {
    accounts: Vec<Item>,
}

/// An account, without where its credential is kept.
#[derive(Serialize)]
struct Item {
    account: String,
    title: String,
    address: String,
    owner: String,
    administrators: Vec<Administrator>,
    outside_administrators: Vec<String>,
    emergency: Option<String>,
    /// The newest first.
    look_ups: Vec<LookedUp>,
}

/// Who can sign in, and what they last said of that.
#[derive(Serialize)]
struct Administrator {
    person: String,
    could: Option<bool>,
    answered_at: Option<String>,
}

/// Who looked up where the credential is kept.
#[derive(Serialize)]
struct LookedUp {
    person: String,
    by: String,
    at: String,
    /// It was a step of a drill of ten minutes.
    drill: bool,
}

impl Item {
    fn of(app: &AppState, proofs: &Proofs, account: &Account) -> Item {
        let administrator = |person: &String| {
            let (could, at) = proofs.access(&account.name, person).unzip();
            Administrator { person: person.clone(), could, answered_at: at.map(|at| at.to_string()) }
        };
        let looked_up = |LookUp { whose, by, at, drill, .. }| LookedUp { person: whose, by, at: at.to_string(), drill };
        Item {
            account: account.name.clone(),
            title: account.shown().to_owned(),
            address: account.address.clone(),
            owner: account.owner.clone(),
            administrators: account.administrators.iter().map(administrator).collect(),
            outside_administrators: account.outside_administrators.clone(),
            emergency: account.emergency.clone(),
            look_ups: app.team.look_ups(&account.name).into_iter().map(looked_up).collect(),
        }
    }
}

/// `GET /api/v1/accounts`.
pub(crate) async fn list(State(app): State<AppState>, _: Reader) -> Json<Listing> {
    let (config, proofs) = (app.config.load(), app.team.proofs());
    Json(Listing { accounts: config.accounts.iter().map(|account| Item::of(&app, &proofs, account)).collect() })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    by: String,
}

/// `POST /api/v1/accounts/{account}/look-up`: written in the name of a person, to whom the page then shows where the
/// credential is kept.
pub(crate) async fn look_up(
    State(app): State<AppState>,
    asked: Asked,
    headers: HeaderMap,
    Path(account): Path<String>,
    bytes: Bytes,
) -> Result<StatusCode, Refused> {
    by_token(&app, &asked, &headers)?;
    let Body { by } = body::read(&bytes, r#"{"by": "the name of a person of the configuration"}"#)?;
    let by = known_to(&app, body::by(&by)?);
    let refused = |status, code, message: &str| Refused::from(Refusal::new(status, code, message).into_response());
    accounts::look_up(&app, &account, by).await.map_err(|fault| match fault {
        NotDone::WhoIsIt => {
            let message = "it is not known who this is: send the name of a person of the configuration as \"by\"";
            refused(StatusCode::FORBIDDEN, "unknown-person", message)
        }
        NotDone::NoAccount => refused(StatusCode::NOT_FOUND, "no-account", "no account of this name is configured"),
        NotDone::NotWritten(fault) => body::not_written(&fault),
    })?;
    Ok(StatusCode::NO_CONTENT)
}
