use axum::http::StatusCode;

use super::*;
use crate::fixture::accounts::{ACCOUNTS, house_with_accounts};
use crate::fixture::proxy::{form_sign, house_behind_proxy};
use crate::fixture::{House, house, house_signed_in, house_with_token_and};
use orszem_records::ledger::ByWhom;
use orszem_records::team::access::AccessAnswered;
use orszem_records::team::look_up::{AccountLookedUp, SHOWN_MS};
use orszem_records::team::{Change, Record};

const ANNA: &str = "anna@example.com";
const BELA: &str = "bela@example.com";

async fn page(house: &House, account: &str) -> String {
    let answer = house.get_as("/accounts", account, "").await;
    assert_eq!(answer.status, StatusCode::OK);
    answer.body
}

fn written(house: &House) -> Vec<Record> {
    house.team.written.lock().unwrap().clone()
}

fn put(house: &House, record: &Record) {
    house.team.view.apply(0, record.key().as_bytes(), Some(&record.to_json())).unwrap();
}

#[tokio::test]
async fn the_accounts_say_who_can_sign_in_and_how_things_are_done_there() {
    let house = house_with_accounts();
    let now = clock::now();
    for (account, whose, could, days) in [("facebook", "anna", true, 1), ("website", "anna", true, 200)] {
        let answer = AccessAnswered { account: account.into(), whose: whose.into(), could };
        put(&house, &answer.record(now.plus(-days * 86_400_000), ByWhom::new(whose, "link")));
    }
    let shown = page(&house, ANNA).await;
    for part in [
        "href=\"https://facebook.example/acme\"",
        "facebook.example/help",
        "social@example.com",
        "How to post",
        "Open the <em>page</em>.",
        "Three dots, <strong>Pin</strong>.",
        "Kovács Anna: yes, ",
        "&lt;i&gt;Béla&lt;/i&gt;: not proven",
        "Kovács Anna: yes, but that was too long ago",
        "action=\"./accounts/facebook/look-up\"",
    ] {
        assert!(shown.contains(part), "{part:?} is missing in {shown}");
    }
    assert_eq!(house.get("/accounts").await.status, StatusCode::UNAUTHORIZED, "nobody sees them who is not signed in");
}

#[tokio::test]
async fn an_account_of_a_rotation_has_an_owner_also_while_nobody_is_on_call() {
    let owned = ACCOUNTS.replace("owner = \"anna\"", "owner = \"press\"");
    let on_call = |member: &str| {
        let layer = format!("shift = \"daily\"\nstretch = [{{ from = \"2026-01-01 00:00\", members = [{member}] }}]");
        let rotation = "[[rotation]]\nname = \"press\"\ntitle = \"Press <office>\"\ntime_zone = \"UTC\"";
        house_behind_proxy(&format!("{owned}\n{rotation}\n[[rotation.layer]]\n{layer}"))
    };
    let shown = page(&on_call("\"anna\""), ANNA).await;
    assert!(shown.contains("<bdi>Kovács Anna (Press &lt;office&gt;)</bdi>"), "{shown}");
    let shown = page(&on_call(""), ANNA).await;
    assert!(shown.contains("<bdi>Press &lt;office&gt;: nobody is on call</bdi>"), "{shown}");
}

#[tokio::test]
async fn what_an_account_says_is_text_and_leads_nowhere_else() {
    let house = house_with_accounts();
    let shown = page(&house, ANNA).await;
    for escaped in [
        "Facebook &lt;b&gt;page&lt;/b&gt;",
        "&lt;script&gt;agency&lt;/script&gt;",
        "the key of &lt;b&gt;Bela&lt;/b&gt;",
        "&lt;img src=x&gt;",
    ] {
        assert!(shown.contains(escaped), "{escaped:?} is missing in {shown}");
    }
    for raw in ["<b>", "<script>", "<img", "<i>B", "javascript:"] {
        assert!(!shown.contains(raw), "{raw:?} is in {shown}");
    }
}

#[tokio::test]
async fn where_a_credential_is_kept_is_shown_to_the_person_who_looked_it_up_for_an_hour() {
    let house = house_with_accounts();
    let before = page(&house, ANNA).await;
    assert!(!before.contains("op://") && !before.contains("vault:"), "nobody reads it by the way: {before}");
    let sign = form_sign(&before);
    let answer = house.form_as("/accounts/facebook/look-up", &sign, ANNA, "").await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    assert_eq!(&answer.headers["location"], "../../accounts?account=facebook#account-facebook");
    let records = written(&house);
    let looked_up = AccountLookedUp { account: "facebook".into(), whose: "anna".into() };
    assert_eq!((records.len(), &records[0].change), (1, &Change::AccountLookedUp(looked_up.clone())));
    assert_eq!((records[0].by.by.as_str(), records[0].by.via.as_str()), ("Kovács Anna", "proxy"));
    let shown = house.get_as("/accounts?account=facebook", ANNA, "").await.body;
    assert!(shown.contains("op://Comms/&lt;u&gt;Facebook&lt;/u&gt;") && !shown.contains("vault:"), "{shown}");
    assert!(shown.contains("It is shown for an hour") && shown.contains("id=\"account-facebook\" open"), "{shown}");
    let other = house.get_as("/accounts?account=facebook", BELA, "").await.body;
    assert!(!other.contains("op://") && !other.contains("It is shown"), "what one looked up the others have not");
    assert!(other.contains("Looked up by") && other.contains("Kovács Anna, "), "they see that she did: {other}");
    // While it is shown, a second look-up writes nothing.
    house.form_as("/accounts/facebook/look-up", &sign, ANNA, "").await;
    assert_eq!(written(&house).len(), 1);
}

#[tokio::test]
async fn after_an_hour_it_is_looked_up_again_and_the_owner_hears_of_that_too() {
    let house = house_with_accounts();
    let looked_up = AccountLookedUp { account: "facebook".into(), whose: "anna".into() };
    put(&house, &looked_up.record("1".into(), clock::now().plus(-SHOWN_MS), ByWhom::new("Kovács Anna", "oidc")));
    let shown = page(&house, ANNA).await;
    assert!(!shown.contains("op://"), "{shown}");
    house.form_as("/accounts/facebook/look-up", &form_sign(&shown), ANNA, "").await;
    assert_eq!(written(&house).len(), 1);
}

#[tokio::test]
async fn who_is_not_known_or_may_not_act_looks_up_nothing() {
    let house = house_with_accounts();
    let viewer = page(&house, "csilla@example.com").await;
    assert!(!viewer.contains("/look-up\"") && viewer.contains("Your role lets you see"), "{viewer}");
    // Somebody in a group, who is no person of the file.
    let stranger = house.get_as("/accounts", "zita@example.com", "press").await.body;
    assert!(!stranger.contains("/look-up\"") && stranger.contains("sign in as a person"), "{stranger}");
    let silences = house.get_as("/silences", "zita@example.com", "press").await.body;
    let sign = form_sign(&silences);
    let refused = house.form_as("/accounts/facebook/look-up", &sign, "zita@example.com", "press").await;
    assert!(refused.status == StatusCode::FORBIDDEN && !refused.body.contains("op://"), "{}", refused.body);
    let viewers = house.form_as("/accounts/facebook/look-up", &sign, "csilla@example.com", "").await;
    assert_eq!(viewers.status, StatusCode::FORBIDDEN);
    assert_eq!(house.form("/accounts/facebook/look-up", &sign).await.status, StatusCode::FORBIDDEN);
    let sign = form_sign(&page(&house, ANNA).await);
    assert_eq!(house.form_as("/accounts/nosuch/look-up", &sign, ANNA, "").await.status, StatusCode::NOT_FOUND);
    assert_eq!(house.form_as("/accounts/facebook/look-up", "", ANNA, "").await.status, StatusCode::FORBIDDEN);
    assert_eq!(written(&house).len(), 0);
}

#[tokio::test]
async fn who_signed_in_with_the_token_is_nobody_who_is_known() {
    let toml = ACCOUNTS.replace("[sign_in.roles]\nresponder = [\"press\"]\n", "");
    let (house, cookie, sign) = house_signed_in(&toml, crate::fixture::Sink::Follows, "/silences").await;
    let shown = house.get_with_cookies("/accounts", &cookie).await.body;
    assert!(!shown.contains("/look-up\"") && shown.contains("the key of"), "{shown}");
    let answer = house.form_with_cookies("/accounts/facebook/look-up", &format!("{sign}&name=anna"), &cookie).await;
    assert_eq!(
        (answer.status, written(&house).len()),
        (StatusCode::FORBIDDEN, 0),
        "a name that is typed proves nobody"
    );
}

#[tokio::test]
async fn who_only_reaches_the_address_does_not_read_where_a_second_factor_is() {
    let toml = ACCOUNTS.replace("[sign_in.roles]\nresponder = [\"press\"]\n", "");
    let house = house(&toml);
    let shown = house.get("/accounts").await.body;
    assert!(shown.contains("facebook.example/help"), "{shown}");
    for secret in ["op://", "the key of", "social@example.com", "/look-up\""] {
        assert!(!shown.contains(secret), "{secret} is in {shown}");
    }
}

#[tokio::test]
async fn the_page_is_there_in_hungarian() {
    let house = house_behind_proxy(&ACCOUNTS.replace("title = \"Kovács Anna\"", "language = \"hu\""));
    let shown = page(&house, ANNA).await;
    assert!(shown.contains("Mutasd, hol van a belépési adat") && shown.contains("nincs igazolva"), "{shown}");
    assert!(!shown.contains("Show where"), "{shown}");
}

#[tokio::test]
async fn a_program_looks_up_in_the_name_of_a_person_and_does_not_read_where_it_is_kept() {
    let toml = ACCOUNTS.replace("[sign_in.roles]\nresponder = [\"press\"]\n", "");
    let (house, _folder) = house_with_token_and(&toml);
    let look_up = async |account: &str, by: &str| {
        let path = format!("/api/v1/accounts/{account}/look-up");
        house.json(&path, "right-token", &format!(r#"{{"by": "{by}"}}"#)).await
    };
    assert_eq!(look_up("facebook", "somebody").await.json()["error"]["code"], "unknown-person");
    assert_eq!(look_up("nosuch", "anna").await.json()["error"]["code"], "no-account");
    assert_eq!(written(&house).len(), 0);
    let answer = look_up("facebook", "Kovács Anna").await;
    assert_eq!((answer.status, answer.body.as_str()), (StatusCode::NO_CONTENT, ""));
    assert_eq!(written(&house)[0].by.person.as_deref(), Some("anna"));
    let listed = house.get_with("/api/v1/accounts", "right-token").await;
    for secret in ["op://", "vault:", "the key of"] {
        assert!(!listed.body.contains(secret), "{}", listed.body);
    }
    let first = &listed.json()["accounts"][0];
    assert_eq!((&first["account"], &first["owner"]), (&"facebook".into(), &"bela".into()));
    assert_eq!((&first["look_ups"][0]["person"], &first["look_ups"][0]["drill"]), (&"anna".into(), &false.into()));
    assert_eq!(first["administrators"][0]["could"], serde_json::Value::Null);
}
