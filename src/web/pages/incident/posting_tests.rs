//! Who may post, accounts, and the way of a statement from a draft to what was posted.

use axum::http::{StatusCode, header};

use orszem_records::ledger::Event;

use crate::fixture::{Answer, House, house, house_with_token_and};

const TEAM: &str = r#"
receiver = [{ kind = "console", name = "mail" }]
[[watch]]
name = "acme"
title = "Acme"
terms = ["acme"]
[[person]]
name = "anna"
title = "Kovács Anna"
way = [{ receiver = "mail" }]
[[person]]
name = "bela"
way = [{ receiver = "mail" }]
[[person]]
name = "csilla"
way = [{ receiver = "mail" }]
[posting]
on_duty = ["csilla"]
languages = ["en"]
approver = [{ who = ["bela"] }]
[[mandate]]
who = ["csilla"]
may = "Answers <b>to customers</b>."
[[account]]
name = "facebook"
title = "Facebook <page>"
address = "https://facebook.example/acme"
owner = "bela"
administrators = ["anna", "bela"]
credential = "op://Comms/Facebook"
second_factor = "the key in the safe"
[account.how]
post = "1. Open the *page*."
[[statement]]
name = "outage"
title = "Outage"
must_not_say = ["our fault"]
[[statement.text]]
language = "en"
says = "{name} has been looking into it since {since}."
approved_by = "bela"
until = "2999-12-31"
[[statement.text]]
language = "hu"
says = "Lejárt."
approved_by = "bela"
until = "2001-12-31"
[[statement]]
name = "old"
[[statement.text]]
language = "en"
says = "Old words."
approved_by = "bela"
until = "2001-12-31"
"#;

/// A person does something by their own link.
async fn acts(house: &House, person: &str, action: &str, fields: &str) -> Answer {
    let link = house.link_query(&format!("{person}/mail"), 60);
    house.form(&format!("/incidents/acme.1/{action}"), &format!("{link}&{fields}")).await
}

async fn page(house: &House, person: &str, more: &str) -> String {
    let link = house.link_query(&format!("{person}/mail"), 60);
    house.get(&format!("/incidents/acme.1?{link}{more}")).await.body
}

fn location(answer: &Answer) -> &str {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    answer.headers[header::LOCATION].to_str().unwrap()
}

#[tokio::test]
async fn the_page_says_who_may_post_who_approves_and_what_goes_without_asking() {
    let house = house(TEAM);
    let page = page(&house, "anna", "").await;
    for part in
        ["Who may post now", "csilla", "Approves", "Answers &lt;b&gt;to customers&lt;/b&gt;.", "Facebook &lt;page&gt;"]
    {
        assert!(page.contains(part), "{part:?} is missing in {page}");
    }
    assert!(page.contains("Open the <em>page</em>."), "{page}");
    let unsigned = house.get("/incidents/acme.1").await.body;
    assert!(unsigned.contains("Who may post now") && !unsigned.contains("/draft\""), "{unsigned}");
}

#[tokio::test]
async fn a_holding_statement_is_offered_filled_in_and_one_that_ran_out_is_not() {
    let house = house(TEAM);
    let page = page(&house, "anna", "").await;
    assert!(page.contains("Acme has been looking into it since 1 Aug 2014, 16:30"), "{page}");
    assert!(page.contains("“old” (en) ran out on 2001-12-31") && !page.contains("Old words."), "{page}");
    assert!(page.contains("What must not be said") && page.contains("our fault"), "{page}");
}

#[tokio::test]
async fn case_117_anna_writes_bela_approves_what_stands_there_and_csilla_may_post_it() {
    let house = house(TEAM);
    acts(&house, "anna", "draft", "text=We+look+into+it.&language=en").await;
    let own = acts(&house, "anna", "approve", "revision=1").await;
    assert!(location(&own).contains("refused=own-text"), "{}", location(&own));
    assert!(page(&house, "anna", "").await.contains("You wrote it: a second person has to approve it."));
    acts(&house, "anna", "draft", "text=We+know+what+happened.&language=en").await;
    let changed = acts(&house, "bela", "approve", "revision=1").await;
    assert!(location(&changed).contains("refused=changed&read=1"), "{}", location(&changed));
    let difference = page(&house, "bela", "&refused=changed&read=1").await;
    assert!(difference.contains("<del>") && difference.contains("<ins>"), "{difference}");
    assert!(difference.contains("the text was changed after you read it"), "{difference}");
    let stranger = acts(&house, "csilla", "approve", "revision=2").await;
    assert!(location(&stranger).contains("refused=not-yours"), "{}", location(&stranger));
    assert_eq!(acts(&house, "csilla", "posted", "revision=2").await.status, StatusCode::CONFLICT, "not approved yet");
    let approved = acts(&house, "bela", "approve", "revision=2").await;
    assert!(location(&approved).contains("did=approve"), "{}", location(&approved));
    let shown = page(&house, "csilla", "").await;
    assert!(shown.contains("May be posted by csilla (on duty) until"), "{shown}");
    let posted = "revision=2&account=facebook&url=https%3A%2F%2Ffacebook.example%2Fp%2F1";
    acts(&house, "csilla", "posted", posted).await;
    acts(&house, "csilla", "posted", posted).await;
    let shown = page(&house, "csilla", "").await;
    assert!(shown.contains("was posted by Facebook &lt;page&gt;: csilla"), "{shown}");
    assert!(shown.contains("href=\"https://facebook.example/p/1\""), "{shown}");
    let written = house.ledger.written.lock().unwrap();
    assert_eq!(written.iter().filter(|entry| matches!(entry.event, Event::Posted(_))).count(), 1);
}

#[tokio::test]
async fn who_shares_a_link_cannot_approve_whatever_name_they_type() {
    let house = house(TEAM);
    acts(&house, "anna", "draft", "text=We+look+into+it.&language=en").await;
    let link = house.link_query("mail", 60);
    let answer = house.form("/incidents/acme.1/approve", &format!("{link}&name=bela&revision=1")).await;
    assert!(location(&answer).contains("refused=who"), "{}", location(&answer));
}

#[tokio::test]
async fn who_wrote_by_a_shared_link_approves_nothing_by_their_own() {
    let house = house(TEAM);
    let link = house.link_query("mail", 60);
    house.form("/incidents/acme.1/draft", &format!("{link}&name=somebody&text=We+look+into+it.&language=en")).await;
    let answer = acts(&house, "bela", "approve", "revision=1").await;
    assert!(location(&answer).contains("refused=whose-text"), "{}", location(&answer));
    assert!(page(&house, "bela", "").await.contains("It is not known who wrote this text"));
    // Saved again by somebody who is known it can be approved.
    acts(&house, "anna", "draft", "text=We+look+into+it.&language=en").await;
    assert!(location(&acts(&house, "bela", "approve", "revision=2").await).contains("did=approve"));
    let looked_up = house.form("/incidents/acme.1/look-up", &format!("{link}&name=anna&account=facebook")).await;
    assert_eq!(looked_up.status, StatusCode::FORBIDDEN, "nobody is told who that was");
    assert!(!house.get(&format!("/incidents/acme.1?{link}")).await.body.contains("op://"));
}

#[tokio::test]
async fn where_a_credential_is_kept_is_shown_to_who_looked_it_up_and_that_is_written_down() {
    let house = house(TEAM);
    assert!(!page(&house, "anna", "").await.contains("op://"), "nobody reads it by the way");
    acts(&house, "anna", "look-up", "account=facebook").await;
    acts(&house, "anna", "look-up", "account=facebook").await;
    let shown = page(&house, "anna", "").await;
    assert!(shown.contains("op://Comms/Facebook") && shown.contains("the key in the safe"), "{shown}");
    assert!(shown.contains("looked up where the credential of facebook is kept."), "{shown}");
    assert!(!page(&house, "csilla", "").await.contains("op://"), "what one looked up the others have not");
    assert!(!house.get("/incidents/acme.1").await.body.contains("op://"));
    assert_eq!(house.written(), 1);
    assert_eq!(acts(&house, "anna", "look-up", "account=nosuch").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_must_not_be_said_is_marked_in_a_draft() {
    let house = house(TEAM);
    acts(&house, "anna", "draft", "text=It+was+Our+Fault.&language=en").await;
    assert!(page(&house, "bela", "").await.contains("This must not be said: “our fault”"));
}

#[tokio::test]
async fn a_program_approves_in_the_name_of_a_person_who_is_known() {
    let (house, _folder) = house_with_token_and(TEAM);
    let call = async |action: &str, body: &str| {
        house.json(&format!("/api/v1/incidents/acme.1/{action}"), "right-token", body).await
    };
    let draft = r#"{"by": "anna", "text": "We look into it.", "language": "en"}"#;
    assert_eq!(call("draft", draft).await.status, StatusCode::OK);
    for (by, status, says) in [
        ("anna", StatusCode::FORBIDDEN, "this one wrote it"),
        ("Kovács Anna", StatusCode::FORBIDDEN, "this one wrote it"),
        ("somebody", StatusCode::FORBIDDEN, "not known who approves"),
        ("bela", StatusCode::OK, "approved"),
        ("bela", StatusCode::CONFLICT, "approved already"),
    ] {
        let answer = call("approve", &format!(r#"{{"by": "{by}", "revision": 1}}"#)).await;
        assert_eq!(answer.status, status, "{by}: {}", answer.body);
        assert!(answer.body.contains(says), "{by}: {}", answer.body);
    }
}
