//! Signing in at a provider that is right, that lies, that changes its keys, and that is away.

use std::sync::Arc;

use axum::http::{StatusCode, header};
use serde_json::{Value, json};

use orszem_records::ledger::{ByWhom, Event};
use orszem_runtime::clock;

use super::doubles::{Asked, Double, ISSUER, SECRET};
use crate::fixture::{Answer, House, Sink, house_before};

struct Setting {
    house: House,
    provider: Arc<Double>,
    _folder: tempfile::TempDir,
}

fn setting() -> Setting {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("client");
    std::fs::write(&file, SECRET).unwrap();
    let config = format!(
        "[web]\npublic_url = \"https://orszem.example\"\n[sign_in.oidc]\nissuer = \"{ISSUER}\"\nclient_id = \"orszem\"\n\
         client_secret = \"file:{}\"\nscopes = [\"profile\", \"groups\"]\n[sign_in.roles]\nresponder = [\"press\"]\n",
        file.display()
    );
    let provider = Arc::new(Double::new());
    Setting { house: house_before(&config, Sink::Follows, provider.clone()), provider, _folder: folder }
}

/// The cookies that an answer sets, as a browser sends them back.
fn cookies(answer: &Answer) -> String {
    let set = answer.headers.get_all(header::SET_COOKIE).iter().map(|cookie| cookie.to_str().unwrap());
    let kept = set.filter(|cookie| !cookie.contains("Max-Age=0")).map(|cookie| cookie.split(';').next().unwrap());
    kept.collect::<Vec<_>>().join("; ")
}

impl Setting {
    /// A browser leaves for the provider: what it asks there, and the cookies that it has then.
    async fn leave(&self, back: &str) -> (Asked, String) {
        let left = self.house.get(&format!("/sign-in/oidc?back={back}")).await;
        assert_eq!(left.status, StatusCode::SEE_OTHER, "{}", left.body);
        (Asked::of(left.headers[header::LOCATION].to_str().unwrap()), cookies(&left))
    }

    /// A browser signs in at the provider and comes back.
    async fn sign_in(&self) -> Answer {
        let (asked, cookies) = self.leave("").await;
        let back = self.provider.sign_in(&asked);
        self.house.get_with_cookies(&back, &cookies).await
    }

    /// The same, where the ID token says otherwise.
    async fn sign_in_with(&self, changed: Value) -> Answer {
        self.provider.state.lock().unwrap().changed = changed;
        self.sign_in().await
    }
}

fn assert_refused(answer: &Answer, why: &str) {
    assert_eq!(answer.status, StatusCode::FORBIDDEN, "{why}");
    assert!(answer.body.contains("did not work") && !cookies(answer).contains("__Host-orszem="), "{why}");
    let ended = answer.headers.get_all(header::SET_COOKIE).iter().any(|set| {
        let set = set.to_str().unwrap();
        set.starts_with("__Host-orszem-attempt=;") && set.contains("Max-Age=0")
    });
    assert!(ended, "{why}: the attempt goes on");
}

#[tokio::test]
async fn somebody_signs_in_and_is_who_the_provider_says() {
    let setting = setting();
    let refused = setting.house.get("/incidents/acme.1?x=%22").await;
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
    assert!(refused.body.contains("../sign-in/oidc?back=incidents%2Facme.1%3Fx%3D%2522"), "{}", refused.body);
    let (asked, attempt) = setting.leave("incidents%2Facme.1").await;
    for (name, value) in [
        ("response_type", "code"),
        ("client_id", "orszem"),
        ("redirect_uri", "https://orszem.example/sign-in/oidc/back"),
        ("scope", "openid profile groups"),
        ("code_challenge_method", "S256"),
    ] {
        assert_eq!(asked.0[name], value, "{name}");
    }
    assert!(attempt.starts_with("__Host-orszem-attempt="), "{attempt}");
    let back = setting.house.get_with_cookies(&setting.provider.sign_in(&asked), &attempt).await;
    assert_eq!(back.status, StatusCode::SEE_OTHER, "{}", back.body);
    assert_eq!(back.headers[header::LOCATION], "../../incidents/acme.1");
    let session = cookies(&back);
    assert!(session.starts_with("__Host-orszem=") && !session.contains("attempt"), "{session}");
    let page = setting.house.get_with_cookies("/incidents/acme.1", &session).await.body;
    assert!(page.contains("You are Anna of the provider"), "{page}");
    let sign = page.split("name=\"form\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let form = format!("form={sign}");
    let acted = setting.house.form_with_cookies("/incidents/acme.1/acknowledge", &form, &session).await;
    assert_eq!(acted.status, StatusCode::SEE_OTHER);
    let written = setting.house.ledger.written.lock().unwrap().clone();
    assert_eq!(written[0].event, Event::Acknowledged(ByWhom::new("Anna of the provider", "oidc")));
    // No other site is a way back.
    let (asked, attempt) = setting.leave("%2F%2Fevil.example").await;
    let back = setting.house.get_with_cookies(&setting.provider.sign_in(&asked), &attempt).await;
    assert_eq!(back.headers[header::LOCATION], "../../");
}

#[tokio::test]
async fn groups_without_a_role_are_no_access() {
    let setting = setting();
    let back = setting.sign_in_with(json!({"groups": ["other"]})).await;
    let page = setting.house.get_with_cookies("/", &cookies(&back)).await;
    assert!(page.status == StatusCode::FORBIDDEN && page.body.contains("sub-1"), "{}", page.body);
}

#[tokio::test]
async fn a_token_that_is_not_the_providers_for_us_and_of_now_is_refused() {
    let setting = setting();
    let now = clock::now().0 / 1000;
    for (changed, why) in [
        (json!({"aud": "other"}), "for another client"),
        (json!({"aud": []}), "for nobody"),
        (json!({"aud": ["orszem", "other"]}), "for several, and nobody asked for it"),
        (json!({"aud": ["orszem", "other"], "azp": "other"}), "asked for by another client"),
        (json!({"azp": "other"}), "asked for by another client alone"),
        (json!({"iss": "https://login.example/other"}), "of another provider"),
        (json!({"nonce": "an old one"}), "made for another attempt"),
        (json!({ "nonce": null }), "made for no attempt"),
        (json!({"exp": now - 61}), "too old"),
        (json!({"iat": now + 90, "exp": now + 300}), "of the future"),
        (json!({"iat": now - 700}), "from before the attempt"),
        (json!("signature"), "with another signature"),
        (json!({"sub": ""}), "of nobody"),
        (json!({"sub": "x".repeat(256)}), "of a name without end"),
    ] {
        assert_refused(&setting.sign_in_with(changed).await, why);
    }
    for (changed, why) in [
        (json!({"aud": ["orszem"]}), "a list of one"),
        (json!({"aud": ["orszem", "other"], "azp": "orszem"}), "for several, and we asked"),
        // The provider's clock is 50 s behind or ahead.
        (json!({"iat": now - 350, "exp": now - 50}), "clock behind"),
        (json!({"iat": now + 50, "exp": now + 350}), "clock ahead"),
    ] {
        let back = setting.sign_in_with(changed).await;
        assert_eq!(back.status, StatusCode::SEE_OTHER, "{why}: {}", back.body);
    }
}

#[tokio::test]
async fn an_answer_is_one_to_the_attempt_of_this_browser_once() {
    let setting = setting();
    let (asked, attempt) = setting.leave("").await;
    let (other, _) = setting.leave("").await;
    // Somebody is made to follow the answer to the attempt of another: they would be signed in as them.
    let foreign = setting.provider.sign_in(&other);
    assert_refused(&setting.house.get_with_cookies(&foreign, &attempt).await, "the state of another attempt");
    assert_refused(&setting.house.get(&foreign).await, "a browser that began nothing");
    // The state of this attempt with the code of the other: the verifier does not fit.
    let mixed = foreign.replace(&other.0["state"], &asked.0["state"]);
    assert_refused(&setting.house.get_with_cookies(&mixed, &attempt).await, "the code of another attempt");
    let back = setting.provider.sign_in(&asked);
    let elsewhere = format!("{back}&iss=https%3A%2F%2Fevil.example");
    assert_refused(&setting.house.get_with_cookies(&elsewhere, &attempt).await, "another provider says so");
    let said = format!("/sign-in/oidc/back?state={}&error=access_denied", asked.0["state"]);
    assert_refused(&setting.house.get_with_cookies(&said, &attempt).await, "the provider says no");
    assert_eq!(setting.house.get_with_cookies(&back, &attempt).await.status, StatusCode::SEE_OTHER);
    assert_refused(&setting.house.get_with_cookies(&back, &attempt).await, "a code that was used");
}

#[tokio::test]
async fn new_keys_are_fetched_once_a_minute_at_most() {
    let setting = setting();
    assert_eq!(setting.sign_in().await.status, StatusCode::SEE_OTHER);
    assert_eq!(setting.provider.times("/realm/keys"), 1);
    setting.provider.rotate();
    for _ in 0..3 {
        assert_refused(&setting.sign_in().await, "the keys were fetched a moment ago");
    }
    assert_eq!(setting.provider.times("/realm/keys"), 1, "tokens with odd keys make no storm of requests");
    setting.house.app.signing_in.provider.age_keys().await;
    for _ in 0..3 {
        assert_eq!(setting.sign_in().await.status, StatusCode::SEE_OTHER);
    }
    assert_eq!(setting.provider.times("/realm/keys"), 2);
    assert_eq!(setting.provider.times("/realm/.well-known/openid-configuration"), 1);
}

#[tokio::test]
async fn while_the_provider_is_away_sessions_and_links_go_on() {
    let setting = setting();
    setting.provider.state.lock().unwrap().away = true;
    let left = setting.house.get("/sign-in/oidc?back=watches").await;
    assert_eq!(left.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(left.body.contains("does not answer") && left.body.contains("sign-in/oidc?back=watches"), "{}", left.body);
    setting.provider.state.lock().unwrap().away = false;
    let session = cookies(&setting.sign_in().await);
    let (asked, attempt) = setting.leave("").await;
    let back = setting.provider.sign_in(&asked);
    setting.provider.state.lock().unwrap().away = true;
    let away = setting.house.get_with_cookies(&back, &attempt).await;
    assert_eq!(away.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(setting.house.get_with_cookies("/", &session).await.status, StatusCode::OK);
    let link = setting.house.link_query("slack", 60);
    assert_eq!(setting.house.get(&format!("/incidents/acme.1?{link}")).await.status, StatusCode::OK);
    let acted = setting.house.form("/incidents/acme.1/acknowledge", &link).await;
    assert_eq!((acted.status, setting.house.written()), (StatusCode::SEE_OTHER, 1));
    // What it said an hour ago still holds where it does not say it again.
    setting.house.app.signing_in.provider.forget().await;
    assert_eq!(setting.house.get("/sign-in/oidc").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn without_a_provider_there_is_no_such_page() {
    let house = crate::fixture::house("");
    for path in ["/sign-in/oidc", "/sign-in/oidc/back?state=x&code=y"] {
        assert_eq!(house.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}
