//! Calendars of shifts that other programs subscribe to: one of each person and of each rotation, at an address that
//! holds a token. A new token ends the old ones.

use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use orszem_core::oncall::ical::{Event, Feed, calendar};
use orszem_core::settings::Config;
use orszem_core::words::{Words, Zone};
use orszem_records::ledger::ByWhom;
use orszem_records::team::calendar::CalendarRenewed;
use orszem_records::time::Timestamp;
use orszem_runtime::clock;

use crate::address::percent_encode;
use crate::app::AppState;
use crate::asked::Asked;
use crate::ports::SinkError;
use crate::refusal::not_found;
use crate::team_changes;

const DAY_MS: i64 = 24 * 3_600_000;
/// How far back shifts are in a calendar.
const BEHIND_MS: i64 = 30 * DAY_MS;
/// How far ahead.
const AHEAD_MS: i64 = 180 * DAY_MS;

/// Whose shifts a calendar has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Of {
    Person(String),
    Rotation(String),
}

impl Of {
    /// The calendar of an address, where the configuration has such a person or rotation.
    pub(crate) fn known(config: &Config, kind: &str, name: &str) -> Option<Of> {
        match kind {
            "person" => config.person(name).map(|person| Of::Person(person.name.clone())),
            "rotation" => config.rotation(name).map(|rotation| Of::Rotation(rotation.name.clone())),
            _ => None,
        }
    }

    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Of::Person(_) => "person",
            Of::Rotation(_) => "rotation",
        }
    }

    pub(crate) fn name(&self) -> &str {
        match self {
            Of::Person(name) | Of::Rotation(name) => name,
        }
    }

    /// As on the topic: `person/anna`.
    fn id(&self) -> String {
        format!("{}/{}", self.kind(), self.name())
    }

    /// What its token signs: with a newer renewal it is another.
    fn signed(&self, app: &AppState) -> String {
        format!("{} {}", self.id(), app.team.renewed(&self.id()).unwrap_or_default().0)
    }

    /// The address of the calendar, which holds its token.
    pub(crate) fn address(&self, app: &AppState) -> String {
        let token = app.links.signer().sign("calendar", &self.signed(app));
        let name = percent_encode(self.name());
        format!("{}/calendars/{}/{name}.ics?token={token}", app.config.load().web.public_url, self.kind())
    }

    /// Gives it a new token: the old ones open nothing from then on.
    pub(crate) async fn renew(&self, app: &AppState, by: ByWhom) -> Result<(), SinkError> {
        let at = clock::now();
        team_changes::write(app, CalendarRenewed::record(&self.id(), at, by)).await
    }
}

/// The token of an address.
#[derive(Deserialize)]
pub(crate) struct Token {
    #[serde(default)]
    token: String,
}

/// `GET /calendars/{kind}/{name}.ics?token=`. Without the token the answer is the same whether there is such a calendar
/// or not.
pub(crate) async fn show(
    State(app): State<AppState>,
    asked: Asked,
    Path((kind, file)): Path<(String, String)>,
    token: Result<Query<Token>, QueryRejection>,
) -> Response {
    let config = app.config.load();
    let of = file.strip_suffix(".ics").and_then(|name| Of::known(&config, &kind, name));
    let genuine = |of: &Of| {
        let given = token.as_ref().map(|Query(token)| token.token.as_str()).unwrap_or_default();
        app.links.signer().has_signed("calendar", &of.signed(&app), given)
    };
    let Some(of) = of.filter(genuine) else { return not_found(&asked) };
    let text = written(&app, &config, &of, clock::now());
    ([(header::CONTENT_TYPE, "text/calendar; charset=utf-8")], text).into_response()
}

fn written(app: &AppState, config: &std::sync::Arc<Config>, of: &Of, now: Timestamp) -> String {
    let roster = app.team.roster(config);
    let title = |name: &str| {
        let rotation = config.rotation(name);
        rotation.and_then(|rotation| rotation.title.clone()).unwrap_or_else(|| name.to_owned())
    };
    let shown = |name: &str| config.person(name).map_or(name, |person| person.shown()).to_owned();
    let own = match of {
        Of::Person(name) => config.person(name).and_then(|person| person.reads()),
        Of::Rotation(_) => None,
    };
    let words = Words::new(own.unwrap_or(config.web.language), Zone::UTC);
    let (rotations, person): (Vec<&str>, _) = match of {
        Of::Person(name) => (roster.rotations().collect(), Some(name.as_str())),
        Of::Rotation(name) => (vec![name], None),
    };
    let name = match of {
        Of::Person(name) => shown(name),
        Of::Rotation(name) => title(name),
    };
    let address = url::Url::parse(&config.web.public_url).ok();
    let feed = Feed {
        title: &words.with("calendar-title", [("name", name.into())]),
        host: address.as_ref().and_then(|address| address.host_str()).unwrap_or("orszem"),
        now,
        from: now.plus(-BEHIND_MS),
        to: now.plus(AHEAD_MS),
    };
    let summary = |event: &Event| match of {
        Of::Person(_) => words.with("calendar-shift", [("rotation", title(&event.rotation).into())]),
        Of::Rotation(_) => shown(&event.person),
    };
    calendar(&roster, &rotations, person, &feed, summary)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::house;
    use axum::http::StatusCode;

    const CONFIG: &str = r#"
        web.public_url = "https://orszem.example"
        [[person]]
        name = "anna"
        title = "Kovács; Anna"
        language = "hu"
        [[rotation]]
        name = "press"
        title = "Press office"
        time_zone = "Europe/Budapest"
        [[rotation.layer]]
        shift = "daily"
        stretch = [{ from = "2026-01-01 00:00", members = ["anna"] }]
    "#;

    fn path(address: &str) -> &str {
        address.strip_prefix("https://orszem.example").unwrap()
    }

    #[tokio::test]
    async fn the_address_opens_the_calendar_until_it_is_renewed() {
        let house = house(CONFIG);
        let person = Of::Person("anna".into());
        let address = person.address(&house.app);
        let answer = house.get(path(&address)).await;
        assert_eq!(
            (answer.status, &answer.headers["content-type"]),
            (StatusCode::OK, &"text/calendar; charset=utf-8".parse().unwrap())
        );
        for part in ["BEGIN:VCALENDAR", "SUMMARY:Ügyelet: Press office", "@orszem.example", "Kovács\\; Anna"] {
            assert!(answer.body.contains(part), "{part:?} is missing in {}", answer.body);
        }
        let rotation = Of::Rotation("press".into()).address(&house.app);
        assert!(house.get(path(&rotation)).await.body.contains("SUMMARY:Kovács\\; Anna"));
        assert_eq!(person.address(&house.app), address, "it stays the same");
        person.renew(&house.app, ByWhom::new("Anna", "page")).await.unwrap();
        assert_eq!(house.get(path(&address)).await.status, StatusCode::NOT_FOUND);
        assert_eq!(house.get(path(&person.address(&house.app))).await.status, StatusCode::OK);
        assert_eq!(house.get(path(&rotation)).await.status, StatusCode::OK, "those of others go on");
    }

    #[tokio::test]
    async fn without_its_token_a_calendar_is_not_there() {
        let house = house(CONFIG);
        let address = Of::Person("anna".into()).address(&house.app);
        let token = address.split_once('?').unwrap().1;
        for path in [
            "/calendars/person/anna.ics".to_owned(),
            "/calendars/person/anna.ics?token=x".into(),
            format!("/calendars/rotation/press.ics?{token}"),
            format!("/calendars/person/bela.ics?{token}"),
            format!("/calendars/person/anna?{token}"),
        ] {
            let answer = house.get(&path).await;
            assert!(
                answer.status == StatusCode::NOT_FOUND && !answer.body.contains("press"),
                "{path}: {}",
                answer.body
            );
        }
    }
}
