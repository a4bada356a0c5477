//! The addresses of calendars on the page of who is on call, and new ones in their place.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};
use serde::Deserialize;

use orszem_core::settings::Role;

use crate::app::AppState;
use crate::asked::Asked;
use crate::calendars::Of;
use crate::refusal::{Refused, refuse};
use crate::render::format;

use super::sent::{Sent, Signed};
use super::team_form::{self, Acting};

/// The calendars that somebody may subscribe to: their own, and those of all rotations.
pub(super) fn section(app: &AppState, asked: &Asked, acting: &Acting, root: &str) -> Markup {
    let (config, words) = (app.config.load(), &asked.words);
    let own = acting.person().map(|name| (words.say("calendar-own"), Of::Person(name.to_owned())));
    let rotations = config.rotations.iter().map(|rotation| {
        let title = format::lines(rotation.title.as_deref().unwrap_or(&rotation.name));
        (title, Of::Rotation(rotation.name.clone()))
    });
    html! {
        details.more {
            summary { (words.say("calendars")) }
            p.quiet { (words.say("calendars-what")) }
            @if config.web.link_secret.is_none() { p.warning { (words.say("calendars-no-secret")) } }
            @for (title, of) in own.into_iter().chain(rotations) {
                @let id = format!("calendar-{}-{}", of.kind(), of.name());
                form.try method="post" action={ (root) "oncall/calendars" } {
                    input type="hidden" name="kind" value=(of.kind());
                    input type="hidden" name="of" value=(of.name());
                    label for=(id) { (title) }
                    input id=(id) readonly value=(of.address(app));
                    (acting.fields(&format!("{id}-name"), asked))
                    button.secondary type="submit" { (words.say("calendar-renew")) small { (words.say("calendar-renew-does")) } }
                }
            }
        }
    }
}

/// Which calendar gets a new address.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Renewing {
    form: Option<String>,
    name: Option<String>,
    kind: String,
    of: String,
}

impl Signed for Renewing {
    fn who(&self) -> (Option<&str>, Option<&str>) {
        (self.form.as_deref(), self.name.as_deref())
    }
}

/// `POST /oncall/calendars`: their own, or that of a rotation; administrators any.
pub(crate) async fn renew(State(app): State<AppState>, sent: Sent<Renewing>) -> Result<Response, Refused> {
    let Sent { asked, visitor, by, fields: renewing } = sent;
    let of = Of::known(&app.config.load(), &renewing.kind, &renewing.of);
    let of = of.ok_or_else(|| team_form::unknown(&asked))?;
    let is_own = visitor.known().is_some_and(|known| known.person.as_deref() == Some(of.name()));
    if matches!(of, Of::Person(_)) && !is_own && !visitor.may(Role::Admin) {
        return Err(refuse(&asked, StatusCode::FORBIDDEN, "forbidden", "refusal-role", "refusal-role-text").into());
    }
    of.renew(&app, by).await.map_err(|_| team_form::not_saved(&asked))?;
    Ok(team_form::back("../oncall", renewing.who().1, &app))
}
