//! The ways to people: whether a message by each arrived, and trying one.

use axum::Form;
use axum::extract::rejection::{FormRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use serde::Deserialize;

use orszem_core::settings::{Config, Person, Role, Way};

use crate::address::percent_encode;
use crate::app::AppState;
use crate::asked::Asked;
use crate::auth::reader::Reader;
use crate::refusal::{Refused, refuse};
use crate::render::format;
use crate::ways;

use super::layout;
use super::sent::{Sent, Signed};
use super::team_form::{self, Acting};

/// What the pages send, and what they are told.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Fields {
    form: Option<String>,
    name: Option<String>,
    until: i64,
    sig: String,
    /// `yes`: a message was sent a moment ago.
    sent: String,
}

impl Signed for Fields {
    fn who(&self) -> (Option<&str>, Option<&str>) {
        (self.form.as_deref(), self.name.as_deref())
    }
}

/// `GET /ways`: one's own ways; everybody's for administrators.
pub(crate) async fn show(
    State(app): State<AppState>,
    reader: Reader,
    asked: Asked,
    fields: Result<Query<Fields>, QueryRejection>,
) -> Result<Response, Refused> {
    team_form::may_see(&reader, &asked, &app.config.load())?;
    let sent = fields.is_ok_and(|Query(fields)| fields.sent == "yes");
    let acting = Acting::of(&app, reader.visitor);
    Ok(layout::response(page(&app, &asked, acting.as_ref(), sent, None)).into_response())
}

fn page(app: &AppState, asked: &Asked, acting: Option<&Acting>, sent: bool, fault: Option<&str>) -> Markup {
    let (config, words) = (app.config.load(), &asked.words);
    let root = layout::root(asked.uri.path());
    let own = acting.and_then(Acting::person);
    let all = acting.is_none_or(|acting| acting.visitor.may(Role::Admin));
    let people = config.people.iter().filter(|person| all || own == Some(person.name.as_str()));
    let people: Vec<&Person> = people.filter(|person| !person.ways.is_empty()).collect();
    let title = words.say("ways");
    let main = html! {
        (team_form::ways(asked, &root))
        h1 { (title) }
        @if sent { p.notice role="status" { (words.say("way-sent")) } }
        @if let Some(fault) = fault {
            p.warning role="alert" { bdi { (words.with("way-not-sent", [("why", format::lines(fault).into())])) } }
        }
        p.quiet { (words.say("ways-what")) }
        @if people.is_empty() { p.quiet { (words.say("ways-none")) } }
        @for person in people { (of_person(app, asked, acting, person, &root)) }
    };
    layout::layout(asked, &title, &main)
}

fn of_person(app: &AppState, asked: &Asked, acting: Option<&Acting>, person: &Person, root: &str) -> Markup {
    let words = &asked.words;
    let may = |acting: &&Acting| acting.visitor.may(Role::Admin) || acting.person() == Some(person.name.as_str());
    html! {
        section.card {
            h2 { bdi { (format::lines(person.shown())) } }
            @for way in &person.ways {
                p {
                    strong { (way.receiver) }
                    @if let Some(to) = &way.to { " " bdi { (format::lines(to)) } }
                    ". "
                    @match ways::confirmed(app, person, way) {
                        Some(at) => (words.with("way-confirmed", [("at", words.moment(at).into())])),
                        None => span.badge.alarm { (words.say("way-unconfirmed")) },
                    }
                }
                @if let Some(acting) = acting.filter(may) {
                    @let id = format!("{}-{}", person.name, way.receiver);
                    form.decide method="post" action={ (root) "ways/" (percent_encode(&person.name)) "/" (percent_encode(&way.receiver)) "/test" } {
                        (acting.fields(&id, asked))
                        button.secondary type="submit" { (words.say("way-test")) small { (words.say("way-test-does")) } }
                    }
                }
            }
        }
    }
}

/// How many ways of people nobody has answered yet, of those of whom somebody may be called.
pub(super) fn unconfirmed(app: &AppState, config: &Config) -> usize {
    let ways = config.people.iter().flat_map(|person| person.ways.iter().map(move |way| (person, way)));
    ways.filter(|(person, way)| ways::confirmed(app, person, way).is_none()).count()
}

/// `POST /ways/{person}/{receiver}/test`: sends a message by the way.
pub(crate) async fn test(
    State(app): State<AppState>,
    Path((person, receiver)): Path<(String, String)>,
    sent: Sent<Fields>,
) -> Result<Response, Refused> {
    let Sent { asked, visitor, fields, .. } = sent;
    let config = app.config.load();
    let (person, way) = ways::find(&config, &person, &receiver).ok_or_else(|| team_form::unknown(&asked))?;
    let is_own = visitor.known().is_some_and(|known| known.person.as_deref() == Some(person.name.as_str()));
    if !is_own && !visitor.may(Role::Admin) {
        return Err(refuse(&asked, StatusCode::FORBIDDEN, "forbidden", "refusal-role", "refusal-role-text").into());
    }
    tracing::info!(person = person.name, receiver = way.receiver, "a way is tried");
    match app.trials.send(&person.name, &way.receiver).await {
        Ok(()) => Ok(team_form::back("../../../ways?sent=yes", fields.who().1, &app)),
        Err(fault) => {
            let acting = Acting::of(&app, Some(visitor));
            let page = page(&app, &asked, acting.as_ref(), false, Some(&fault));
            Ok((StatusCode::BAD_GATEWAY, layout::response(page)).into_response())
        }
    }
}

/// `GET /ways/{person}/{receiver}`: where the link of a message leads that tried a way.
pub(crate) async fn answer(
    State(app): State<AppState>,
    asked: Asked,
    Path((person, receiver)): Path<(String, String)>,
    fields: Result<Query<Fields>, QueryRejection>,
) -> Response {
    let Query(fields) = fields.unwrap_or_default();
    let config = app.config.load();
    let Some((person, way)) = genuine(&app, &config, &person, &receiver, &fields) else {
        return stale(&asked);
    };
    let words = &asked.words;
    let title = words.say("way-answer");
    let main = html! {
        h1 { (title) }
        p { bdi { (words.with("way-answer-what", [
            ("person", format::lines(person.shown()).into()),
            ("receiver", way.receiver.clone().into()),
        ])) } }
        form.decide method="post" {
            input type="hidden" name="until" value=(fields.until);
            input type="hidden" name="sig" value=(fields.sig);
            button.primary type="submit" { (words.say("way-answer-do")) }
        }
    };
    layout::response(layout::layout(&asked, &title, &main)).into_response()
}

/// `POST /ways/{person}/{receiver}`: it arrived.
pub(crate) async fn confirm(
    State(app): State<AppState>,
    asked: Asked,
    Path((person, receiver)): Path<(String, String)>,
    form: Result<Form<Fields>, FormRejection>,
) -> Result<Response, Refused> {
    let Form(fields) = form.unwrap_or_default();
    let config = app.config.load();
    let found = genuine(&app, &config, &person, &receiver, &fields);
    let (person, way) = found.ok_or_else(|| stale(&asked))?;
    ways::confirm(&app, person, way).await.map_err(|_| team_form::not_saved(&asked))?;
    let (title, text) = (asked.words.say("way-thanks"), asked.words.say("way-thanks-text"));
    Ok(layout::response(layout::message(&asked, &title, &text)).into_response())
}

fn genuine<'c>(
    app: &AppState,
    config: &'c Config,
    person: &str,
    receiver: &str,
    fields: &Fields,
) -> Option<(&'c Person, &'c Way)> {
    let (person, way) = ways::find(config, person, receiver)?;
    ways::is_genuine(app, person, way, fields.until, &fields.sig).then_some((person, way))
}

/// The link is over, or was none: the same answer whether there is such a person or not.
fn stale(asked: &Asked) -> Response {
    refuse(asked, StatusCode::FORBIDDEN, "forbidden", "way-stale", "way-stale-text")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{Sink, house_signed_in};
    use orszem_runtime::clock;

    const CONFIG: &str = r#"
        web.public_url = "https://orszem.example"
        [[receiver]]
        name = "mail"
        kind = "email"
        host = "localhost"
        from = "orszem@example.com"
        to = ["all@example.com"]
        [[person]]
        name = "anna"
        title = "Kovács Anna"
        [[person.way]]
        receiver = "mail"
        to = "anna@example.com"
    "#;

    #[tokio::test]
    async fn a_way_counts_once_its_person_has_answered_a_message_and_not_with_another_address() {
        let (house, cookie, sign) = house_signed_in(CONFIG, Sink::Follows, "/ways").await;
        let page = house.get_with_cookies("/ways", &cookie).await.body;
        assert!(page.contains("Kovács Anna") && page.contains("not answered yet"), "{page}");
        let sent = house.form_with_cookies("/ways/anna/mail/test", &format!("{sign}&name=x"), &cookie).await;
        assert_eq!(&sent.headers["location"], "../../../ways?sent=yes");
        assert_eq!(*house.trials.0.lock().unwrap(), ["anna/mail"]);

        let config = house.app.config.load();
        let (person, way) = ways::find(&config, "anna", "mail").unwrap();
        let link = ways::link(&house.app.links.signer(), "", person, way, clock::now());
        let (path, query) = link.split_once('?').unwrap();
        // A program that opens every link confirms nothing.
        let opened = house.get(&link).await;
        assert!(opened.status == StatusCode::OK && opened.body.contains("It arrived"), "{}", opened.body);
        assert_eq!(house.team.written.lock().unwrap().len(), 0);
        for forged in ["", "until=9999999999&sig=x", &query.replace("until=1", "until=2")] {
            assert_eq!(house.form(path, forged).await.status, StatusCode::FORBIDDEN, "{forged}");
        }
        assert_eq!(house.form("/ways/bela/mail", query).await.status, StatusCode::FORBIDDEN);
        assert_eq!(house.form(path, query).await.status, StatusCode::OK);
        let page = house.get_with_cookies("/ways", &cookie).await.body;
        assert!(page.contains("Answered ") && !page.contains("not answered yet"), "{page}");
        let other = Way { to: Some("new@example.com".into()), ..way.clone() };
        assert!(ways::confirmed(&house.app, person, way).is_some());
        assert_eq!(ways::confirmed(&house.app, person, &other), None);
        let old = ways::link(&house.app.links.signer(), "", person, way, clock::now().plus(-8 * 86_400_000));
        assert_eq!(house.get(&old).await.status, StatusCode::FORBIDDEN);
    }
}
