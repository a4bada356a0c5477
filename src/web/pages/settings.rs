//! Language and time zone, chosen without a script and kept by the browser.

use axum::Form;
use axum::extract::rejection::{FormRejection, QueryRejection};
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use serde::Deserialize;

use orszem_core::words::Language;

use crate::address::way_back;
use crate::app::AppState;
use crate::asked::Asked;
use crate::auth::preferences::{is_zone, keep_choice};
use crate::auth::visitor::Visit;

use super::{account, layout};

/// Zones to choose from without typing; any other name is taken as well.
const ZONES: [&str; 8] = [
    "Europe/Budapest",
    "Europe/London",
    "Europe/Berlin",
    "Europe/Bucharest",
    "America/New_York",
    "America/Los_Angeles",
    "Asia/Tokyo",
    "UTC",
];

/// Where somebody came from, and what they chose.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Choice {
    #[serde(default)]
    back: String,
    #[serde(default)]
    language: String,
    #[serde(default)]
    zone: String,
}

/// `GET /settings`.
pub(crate) async fn show(
    State(app): State<AppState>,
    visit: Visit,
    asked: Asked,
    choice: Result<Query<Choice>, QueryRejection>,
) -> Response {
    let Query(choice) = choice.unwrap_or_default();
    let account = visit.visitor().map(|visitor| {
        let sign = visitor.form_sign(&app.links.signer());
        account::section(&visitor, &sign, &layout::root(asked.uri.path()), &asked.words)
    });
    layout::response(page(&asked, &choice, false, account)).into_response()
}

/// `POST /settings`: back to where they came from, with what they chose.
pub(crate) async fn keep(
    State(app): State<AppState>,
    asked: Asked,
    choice: Result<Form<Choice>, FormRejection>,
) -> Response {
    let Form(choice) = choice.unwrap_or_default();
    let zone = Some(choice.zone.trim()).filter(|zone| !zone.is_empty());
    if zone.is_some_and(|zone| !is_zone(zone)) {
        return (StatusCode::BAD_REQUEST, layout::response(page(&asked, &choice, true, None))).into_response();
    }
    let mut headers = HeaderMap::new();
    for cookie in keep_choice(Language::of_code(&choice.language), zone, app.is_secure()) {
        headers.append(header::SET_COOKIE, cookie);
    }
    if let Ok(to) = format!("./{}", way_back(&choice.back)).parse() {
        headers.insert(header::LOCATION, to);
    }
    (StatusCode::SEE_OTHER, headers).into_response()
}

fn page(asked: &Asked, choice: &Choice, wrong: bool, account: Option<Markup>) -> Markup {
    let words = &asked.words;
    let chosen = &asked.preferences;
    let zone = if wrong { choice.zone.as_str() } else { chosen.zone.as_deref().unwrap_or("") };
    let title = words.say("settings");
    let main = html! {
        h1 { (title) }
        form.try method="post" {
            input type="hidden" name="back" value=(way_back(&choice.back));
            label for="language" { (words.say("settings-language")) }
            select #language name="language" {
                option value="" selected[chosen.language.is_none()] { (words.say("settings-usual")) }
                @for language in Language::ALL {
                    option value=(language.code()) lang=(language.code())
                        selected[chosen.language == Some(language)] { (language.own_name()) }
                }
            }
            label for="zone" { (words.say("settings-zone")) }
            input #zone name="zone" value=(zone) list="zones" maxlength="64" autocomplete="off" spellcheck="false"
                aria-describedby="zone-help" aria-invalid=[wrong.then_some("true")];
            datalist #zones { @for zone in ZONES { option value=(zone) {} } }
            p.quiet #zone-help { (words.say("settings-zone-help")) }
            @if wrong {
                p.warning role="alert" {
                    (words.with("settings-zone-wrong", [("zone", orszem_text::sanitize::line(zone).into())]))
                }
            }
            button.primary type="submit" { (words.say("settings-keep")) }
        }
        @if let Some(account) = account { (account) }
    };
    layout::layout(asked, &title, &main)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::house;

    #[tokio::test]
    async fn a_choice_is_kept_and_leads_back() {
        let house = house("");
        let answer =
            house.form("/settings", "language=hu&zone=Europe%2FBudapest&back=incidents%2Facme.1%3Fas%3Dx").await;
        assert_eq!(
            (answer.status, &answer.headers[header::LOCATION]),
            (StatusCode::SEE_OTHER, &"./incidents/acme.1?as=x".parse().unwrap())
        );
        let cookies: Vec<&str> =
            answer.headers.get_all(header::SET_COOKIE).iter().map(|cookie| cookie.to_str().unwrap()).collect();
        assert!(cookies.iter().any(|cookie| cookie.starts_with("orszem_language=hu;")), "{cookies:?}");
        let pair = |cookie: &&str| cookie.split(';').next().unwrap().to_owned();
        let cookies = cookies.iter().map(pair).collect::<Vec<_>>().join("; ");
        let page = house.get_with_cookies("/incidents/acme.1", &cookies).await;
        assert!(page.body.contains("<html lang=\"hu\">") && page.body.contains("18:30 CEST"), "{}", page.body);
    }

    #[tokio::test]
    async fn a_zone_that_there_is_not_is_refused() {
        let house = house("");
        let answer = house.form("/settings", "language=en&zone=Mars%2FOlympus").await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST);
        assert!(answer.body.contains("Mars/Olympus") && answer.body.contains("role=\"alert\""), "{}", answer.body);
    }
}
