//! "Could you sign in today?": where the link of the question leads.

use axum::Form;
use axum::extract::rejection::{FormRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use maud::html;
use serde::Deserialize;

use crate::access;
use crate::app::AppState;
use crate::asked::Asked;
use crate::refusal::{Refused, refuse};
use crate::render::format;

use super::{layout, team_form};

/// What the link carries, and the answer.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Fields {
    until: i64,
    sig: String,
    /// `yes` or `no`.
    could: String,
}

/// `GET /access/{account}/{person}`. A program that opens every link answers nothing.
pub(crate) async fn ask(
    State(app): State<AppState>,
    asked: Asked,
    Path((account, person)): Path<(String, String)>,
    fields: Result<Query<Fields>, QueryRejection>,
) -> Response {
    let Query(fields) = fields.unwrap_or_default();
    let config = app.config.load();
    let found = access::genuine(&app, &config, (&account, &person), (fields.until, &fields.sig));
    let Some((account, person)) = found else { return stale(&asked) };
    let words = &asked.words;
    let title = words.with("access-headline", [("account", format::lines(account.shown()).into())]);
    let main = html! {
        h1 { bdi { (title) } }
        p { bdi { (words.with("access-what", [("person", format::lines(person.shown()).into())])) } }
        @if let Some(link) = orszem_text::sanitize::address(&account.address) {
            p { a href=(link) rel="noopener noreferrer nofollow" { (format::lines(&account.address)) } }
        }
        form.decide method="post" {
            input type="hidden" name="until" value=(fields.until);
            input type="hidden" name="sig" value=(fields.sig);
            div.buttons {
                button.primary type="submit" name="could" value="yes" { (words.say("access-yes")) }
                button.secondary type="submit" name="could" value="no" { (words.say("access-no")) }
            }
        }
    };
    layout::response(layout::layout(&asked, &title, &main)).into_response()
}

/// `POST /access/{account}/{person}`: they could, or not.
pub(crate) async fn answer(
    State(app): State<AppState>,
    asked: Asked,
    Path((account, person)): Path<(String, String)>,
    form: Result<Form<Fields>, FormRejection>,
) -> Result<Response, Refused> {
    let Form(fields) = form.unwrap_or_default();
    let config = app.config.load();
    let found = access::genuine(&app, &config, (&account, &person), (fields.until, &fields.sig));
    let (account, person) = found.ok_or_else(|| stale(&asked))?;
    let could = match fields.could.as_str() {
        "yes" => true,
        "no" => false,
        _ => {
            let form = ("refusal-form", "refusal-form-text");
            return Err(refuse(&asked, StatusCode::BAD_REQUEST, "bad-form", form.0, form.1).into());
        }
    };
    access::answer(&app, account, person, could).await.map_err(|_| team_form::not_saved(&asked))?;
    let says = if could { "access-thanks-yes" } else { "access-thanks-no" };
    let (title, text) = (asked.words.say("access-thanks"), asked.words.say(says));
    Ok(layout::response(layout::message(&asked, &title, &text)).into_response())
}

/// The link is over, or was none: the same answer whether there is such an account or not.
fn stale(asked: &Asked) -> Response {
    refuse(asked, StatusCode::FORBIDDEN, "forbidden", "way-stale", "access-stale-text")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::house;
    use orszem_records::team::Change;
    use orszem_runtime::clock;

    #[tokio::test]
    async fn the_answer_of_an_administrator_is_written_and_a_link_that_is_opened_answers_nothing() {
        let house = house(
            "person = [{ name = \"anna\" }, { name = \"bela\" }]\n\
             account = [{ name = \"fb\", title = \"<Facebook>\", address = \"https://fb.example\", owner = \"anna\", \
             credential = \"safe\" }]\n",
        );
        let link = access::link(&house.app.links.signer(), "", ("fb", "anna"), clock::now());
        let (path, query) = link.split_once('?').unwrap();
        let opened = house.get(&link).await;
        assert!(opened.status == StatusCode::OK && opened.body.contains("&lt;Facebook&gt;"), "{}", opened.body);
        for forged in ["could=yes".to_owned(), format!("{}&could=yes", query.replace("until=1", "until=2"))] {
            assert_eq!(house.form(path, &forged).await.status, StatusCode::FORBIDDEN, "{forged}");
        }
        assert_eq!(house.form("/access/fb/bela", &format!("{query}&could=yes")).await.status, StatusCode::FORBIDDEN);
        assert_eq!(house.form(path, query).await.status, StatusCode::BAD_REQUEST);
        assert_eq!(house.team.written.lock().unwrap().len(), 0);
        assert_eq!(house.form(path, &format!("{query}&could=no")).await.status, StatusCode::OK);
        let written = house.team.written.lock().unwrap()[0].clone();
        let Change::AccessAnswered(answer) = &written.change else { panic!("{written:?}") };
        assert_eq!((answer.whose.as_str(), answer.could, written.by.by.as_str()), ("anna", false, "anna"));
        let old = access::link(&house.app.links.signer(), "", ("fb", "anna"), clock::now().plus(-31 * 86_400_000));
        assert_eq!(house.get(&old).await.status, StatusCode::FORBIDDEN);
    }
}
