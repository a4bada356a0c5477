use super::*;
use crate::fixture::accounts::{ACCOUNTS, house_with_accounts};
use crate::fixture::proxy::{form_sign, house_behind_proxy};
use crate::fixture::{Answer, House, Sink, Team, house_signed_in};
use orszem_records::team::personal_drill::LASTS_MS;
use orszem_records::team::{Change, Record};

const ANNA: &str = "anna@example.com";

async fn page(house: &House, path: &str) -> String {
    let answer = house.get_as(path, ANNA, "").await;
    assert_eq!(answer.status, StatusCode::OK, "{path}");
    answer.body
}

/// Anna sends a form of the pages.
async fn sends(house: &House, path: &str, fields: &str) -> Answer {
    let sign = form_sign(&page(house, "/silences").await);
    house.form_as(path, &format!("{sign}&{fields}"), ANNA, "").await
}

/// Where the answer leads.
fn to(answer: &Answer) -> &str {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    answer.headers["location"].to_str().unwrap()
}

fn written(house: &House) -> Vec<Record> {
    house.team.written.lock().unwrap().clone()
}

/// The newest of Anna's drills.
fn newest(house: &House) -> PersonalDrill {
    house.team.view.proofs().personal_drills("anna").next().unwrap().clone()
}

/// Anna began a drill this many ms ago.
fn began(house: &House, ago_ms: i64, steps: &[Step]) {
    let began = clock::now().plus(-ago_ms);
    let mut drill = PersonalDrill::begin("anna".into(), 1, "facebook".into(), began);
    steps.iter().for_each(|step| drill.take(*step, began));
    let record = drill.record(began, ByWhom::new("Kovács Anna", "proxy"));
    house.team.view.apply(0, record.key().as_bytes(), Some(&record.to_json())).unwrap();
}

#[tokio::test]
async fn a_person_finds_the_account_opens_the_credential_tries_it_reads_and_is_done() {
    let house = house_with_accounts();
    let before = page(&house, "/drill").await;
    assert!(before.contains("Drill of ten minutes") && before.contains(">Start<"), "{before}");
    assert_eq!(to(&sends(&house, "/drill", "").await), "drill");
    let begun = page(&house, "/drill").await;
    assert!(begun.contains("Your account: Facebook &lt;b&gt;page"), "{begun}");
    assert!(begun.contains("href=\"./accounts\"") && begun.contains("After step 1."), "{begun}");
    assert!(!begun.contains("op://") && !begun.contains("drill/read\""), "one step after the other: {begun}");

    let accounts = page(&house, "/accounts").await;
    assert!(accounts.contains("You are in a drill") && accounts.contains("It is a step of your drill."), "{accounts}");
    assert_eq!(accounts.matches("name=\"drill\" value=\"1\"").count(), 1, "for the one account alone: {accounts}");
    assert!(!accounts.contains("op://"), "{accounts}");
    assert_eq!(to(&sends(&house, "/accounts/facebook/look-up", "drill=1").await), "../../drill");
    let found = page(&house, "/drill").await;
    assert!(found.contains("op://Comms/&lt;u&gt;Facebook&lt;/u&gt;") && found.contains("Opened at"), "{found}");
    assert!(found.contains("Open the <em>page</em>.") && !found.contains("javascript:"), "{found}");
    let accounts = page(&house, "/accounts").await;
    assert!(!accounts.contains("You are in a drill") && accounts.contains("op://") && accounts.contains("(drill)"));

    assert_eq!(to(&sends(&house, "/drill/access", "could=yes").await), "../drill");
    assert!(page(&house, "/drill").await.contains("You could sign in ("));
    assert_eq!(to(&sends(&house, "/drill/read", "").await), "../drill?did=done");
    let done = page(&house, "/drill?did=done").await;
    assert!(done.contains("Done in 0 s. It counts for half a year.") && done.contains(">Start<"), "{done}");
    assert!(done.contains("Facebook &lt;b&gt;page&lt;/b&gt;: done in 0 s"), "{done}");

    let drill = newest(&house);
    assert_eq!((drill.number, drill.account.as_str(), drill.late), (1, "facebook", false));
    assert_eq!((drill.steps.len(), drill.could), (3, Some(true)));
    assert!(house.team.view.proofs().drilled("anna").is_some());
    let access = house.team.view.proofs().access("facebook", "anna");
    assert!(access.is_some_and(|(could, _)| could), "it is the proof of the quarter, too");
    let kinds: Vec<&str> = written(&house).iter().map(|record| record.change.name()).collect();
    let expected = ["personal-drill", "personal-drill", "access-answered", "personal-drill", "personal-drill"];
    assert_eq!(kinds, expected, "a look-up in a drill is a part of the drill");
    assert!(written(&house).iter().all(|record| record.by.person.as_deref() == Some("anna")));
    assert_eq!(house.written(), 0, "nothing of it is in the ledger");
    // The next one is about the account that she has not answered for.
    sends(&house, "/drill", "").await;
    assert_eq!((newest(&house).number, newest(&house).account), (2, "website".to_owned()));
    let website = page(&house, "/drill").await;
    assert!(!website.contains("op://"), "{website}");
}

#[tokio::test]
async fn who_could_not_sign_in_is_done_all_the_same_and_has_no_proof_of_access() {
    let house = house_with_accounts();
    began(&house, 60_000, &[Step::LookedUp, Step::Read]);
    assert_eq!(to(&sends(&house, "/drill/access", "could=no").await), "../drill?did=done");
    let proofs = house.team.view.proofs();
    assert!(proofs.drilled("anna").is_some());
    assert!(!proofs.has_access("facebook", "anna", clock::now()));
}

#[tokio::test]
async fn after_ten_minutes_it_is_done_late_and_says_so() {
    let house = house_with_accounts();
    began(&house, LASTS_MS + 60_000, &[Step::LookedUp, Step::SignedIn]);
    let shown = page(&house, "/drill").await;
    assert!(shown.contains("The ten minutes were over at") && shown.contains("Begin another one"), "{shown}");
    assert_eq!(to(&sends(&house, "/drill/read", "").await), "../drill?did=done");
    assert!(newest(&house).late && house.team.view.proofs().drilled("anna").is_some());
    let done = page(&house, "/drill?did=done").await;
    assert!(done.contains("Done late: it took 11 min") && done.contains("done late, in 11 min"), "{done}");
}

#[tokio::test]
async fn one_that_is_not_finished_counts_for_nothing_and_another_can_begin() {
    let house = house_with_accounts();
    began(&house, LASTS_MS + 60_000, &[Step::LookedUp]);
    sends(&house, "/drill", "").await;
    assert_eq!(newest(&house).number, 2);
    let shown = page(&house, "/drill").await;
    assert!(shown.contains("Facebook &lt;b&gt;page&lt;/b&gt;: not complete"), "{shown}");
    assert_eq!(house.team.view.proofs().drilled("anna"), None);
    // One whose ten minutes run goes on.
    sends(&house, "/drill", "").await;
    assert_eq!(newest(&house).number, 2);
    let old = house_with_accounts();
    began(&old, 25 * 3_600_000, &[Step::LookedUp, Step::SignedIn]);
    assert!(page(&old, "/drill").await.contains(">Start<"));
    sends(&old, "/drill/read", "").await;
    assert_eq!((written(&old).len(), newest(&old).completed()), (0, None), "after a day it stays as it is");
}

#[tokio::test]
async fn no_step_is_done_before_its_turn_or_for_another_account() {
    let house = house_with_accounts();
    for (path, fields) in [("/drill/read", ""), ("/accounts/facebook/look-up", "drill=1")] {
        sends(&house, path, fields).await;
        assert_eq!(written(&house).len(), 0, "{path} without a drill");
    }
    began(&house, 0, &[]);
    for (path, fields) in [
        ("/drill/read", ""),
        ("/drill/access", "could=yes"),
        ("/accounts/website/look-up", "drill=1"),
        ("/accounts/facebook/look-up", "drill=2"),
    ] {
        assert!(to(&sends(&house, path, fields).await).ends_with("/drill"), "{path}");
    }
    assert_eq!(sends(&house, "/drill/access", "could=perhaps").await.status, StatusCode::BAD_REQUEST);
    assert_eq!(sends(&house, "/drill/dance", "").await.status, StatusCode::NOT_FOUND);
    assert_eq!(written(&house).len(), 0);
    assert!(!page(&house, "/accounts").await.contains("op://"));
    // Without the mark of the drill it is a look-up like any other, of which the owner is told as of one.
    sends(&house, "/accounts/facebook/look-up", "").await;
    assert!(matches!(written(&house)[0].change, Change::AccountLookedUp(_)));
    assert!(newest(&house).steps.is_empty());
    assert!(page(&house, "/accounts").await.contains("name=\"drill\""), "the step is still to be done");
}

#[tokio::test]
async fn it_is_for_a_person_who_is_known_and_may_act() {
    let house = house_with_accounts();
    assert_eq!(house.get("/drill").await.status, StatusCode::UNAUTHORIZED);
    let sign = form_sign(&page(&house, "/drill").await);
    for path in ["/drill", "/drill/read"] {
        assert_eq!(house.form(path, &sign).await.status, StatusCode::FORBIDDEN, "{path}");
        assert_eq!(house.form_as(path, "", ANNA, "").await.status, StatusCode::FORBIDDEN, "{path}");
    }
    let viewer = house.get_as("/drill", "csilla@example.com", "").await.body;
    assert!(!viewer.contains("method=\"post\"") && viewer.contains("Your role lets you see"), "{viewer}");
    let stranger = house.get_as("/drill", "zita@example.com", "press").await.body;
    assert!(!stranger.contains("method=\"post\"") && stranger.contains("sign in as a person"), "{stranger}");
    let sign = form_sign(&house.get_as("/silences", "zita@example.com", "press").await.body);
    assert_eq!(house.form_as("/drill", &sign, "zita@example.com", "press").await.status, StatusCode::FORBIDDEN);
    assert_eq!(written(&house).len(), 0);

    let toml = ACCOUNTS.replace("[sign_in.roles]\nresponder = [\"press\"]\n", "");
    let open = crate::fixture::house(&toml).get("/drill").await.body;
    assert!(!open.contains("method=\"post\"") && open.contains("sign in as a person"), "{open}");
    let (house, cookie, sign) = house_signed_in(&toml, Sink::Follows, "/silences").await;
    let begun = house.form_with_cookies("/drill", &format!("{sign}&name=anna"), &cookie).await;
    assert_eq!((begun.status, written(&house).len()), (StatusCode::FORBIDDEN, 0), "a name that is typed is no person");
}

#[tokio::test]
async fn without_accounts_there_is_nothing_to_find_and_what_cannot_be_written_is_said() {
    let people = ACCOUNTS.split("[[account]]").next().unwrap();
    let house = house_behind_proxy(people);
    let shown = page(&house, "/drill").await;
    assert!(shown.contains("No account is configured") && !shown.contains(">Start<"), "{shown}");
    assert_eq!(sends(&house, "/drill", "").await.status, StatusCode::NOT_FOUND);
    let mut house = house_with_accounts();
    let team = Team { view: house.team.view.clone(), written: Default::default(), sink: Sink::Refuses };
    house.app.team_sink = std::sync::Arc::new(team);
    assert_eq!(sends(&house, "/drill", "").await.status, StatusCode::SERVICE_UNAVAILABLE);
    began(&house, 0, &[]);
    let answer = sends(&house, "/accounts/facebook/look-up", "drill=1").await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(!page(&house, "/accounts").await.contains("op://"), "what is not written is not shown");
}

#[tokio::test]
async fn the_page_is_there_in_hungarian() {
    let house = house_behind_proxy(&ACCOUNTS.replace("title = \"Kovács Anna\"", "language = \"hu\""));
    began(&house, 0, &[]);
    let shown = page(&house, "/drill").await;
    assert!(shown.contains("Tízperces gyakorlat") && shown.contains("Az Ön fiókja"), "{shown}");
    assert!(!shown.contains("Find the account"), "{shown}");
}
