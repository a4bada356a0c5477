//! A form of our own that changes something for the team, and who sent it.

use axum::Form;
use axum::extract::{FromRequest, FromRequestParts, Request};
use serde::de::DeserializeOwned;

use orszem_records::ledger::ByWhom;

use crate::app::AppState;
use crate::asked::Asked;
use crate::auth::visitor::{Visit, Visitor};
use crate::refusal::Refused;

use super::team_form;

/// What every such form carries.
pub(super) trait Signed: DeserializeOwned + Default {
    /// The sign of the form, and the name that somebody typed.
    fn who(&self) -> (Option<&str>, Option<&str>);
}

/// A form of somebody who may respond. Any other is refused before the handler runs.
pub(crate) struct Sent<F> {
    pub(super) asked: Asked,
    pub(super) visitor: Visitor,
    /// In whose name they act.
    pub(super) by: ByWhom,
    pub(super) fields: F,
}

impl<F: Signed> FromRequest<AppState> for Sent<F> {
    type Rejection = Refused;

    async fn from_request(request: Request, app: &AppState) -> Result<Sent<F>, Refused> {
        let (mut parts, body) = request.into_parts();
        let Ok(asked) = Asked::from_request_parts(&mut parts, app).await;
        let Ok(visit) = Visit::from_request_parts(&mut parts, app).await;
        let headers = parts.headers.clone();
        // One that cannot be read is like one without a sign.
        let form = Form::<F>::from_request(Request::from_parts(parts, body), app).await;
        let fields = form.map(|Form(fields)| fields).unwrap_or_default();
        let (visitor, by) = team_form::acts(app, &asked, visit, fields.who(), &headers)?;
        Ok(Sent { asked, visitor, by, fields })
    }
}
