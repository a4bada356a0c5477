use axum::http::{StatusCode, header};
use orszem_records::class::Class;
use orszem_records::ledger::{ByWhom, Closing, Event};
use orszem_records::signal::Phase;

use crate::fixture::{House, acknowledged, entry, fill, house, house_with_token, sample, signal};

const WATCH: &str = "[[watch]]\nname = \"acme\"\ntitle = \"Acme Kft.\"\nterms = [\"acme\"]";

fn over(house: &House) {
    fill(house);
    house.app.view.apply(&acknowledged("acme", 1));
    let closing = Closing { by: ByWhom::new("Anna", "link"), height: None, false_alarm: false };
    house.app.view.apply(&entry("acme", 1, Event::Resolved(closing)));
}

#[tokio::test]
async fn the_report_is_a_page_and_a_text_and_says_the_same() {
    let house = house(WATCH);
    over(&house);
    let page = house.get("/incidents/acme.1/report").await;
    assert_eq!(page.status, StatusCode::OK);
    let text = house.get("/incidents/acme.1/report.md").await;
    assert_eq!(text.headers[header::CONTENT_TYPE], "text/markdown; charset=utf-8");
    assert_eq!(text.headers[header::CONTENT_DISPOSITION], "attachment; filename=\"report-acme.1.md\"");
    for part in [
        "Report: Acme Kft.",
        "Acknowledged by slack-crisis",
        "did not arrive: 550 mailbox",
        "First statement posted",
        "every step of crisis had passed",
        "Anna closed it.",
        "What went well",
        "Leállt az Acme, a cég egyelőre nem közölt részleteket.",
    ] {
        assert!(page.body.contains(part), "{part:?} is missing in {}", page.body);
        assert!(text.body.contains(part), "{part:?} is missing in {}", text.body);
    }
    assert!(page.body.contains("550 mailbox &lt;unknown&gt;") && text.body.contains(r"550 mailbox \<unknown\>"));
}

#[tokio::test]
async fn the_page_of_an_incident_links_to_its_report_with_the_right_to_read() {
    let (house, _folder) = house_with_token("report");
    let link = house.link_query("mail-lead", 60);
    let page = house.get(&format!("/incidents/acme.1?{link}")).await.body;
    let quoted = link.replace('&', "&amp;");
    for part in ["report", "evidence.json"] {
        let way = format!("/incidents/acme.1/{part}?{link}");
        assert!(page.contains(&format!("incidents/acme.1/{part}?{quoted}")), "{part} is missing in {page}");
        assert_eq!(house.get(&way).await.status, StatusCode::OK, "{way}");
        assert_eq!(house.get(&format!("/incidents/acme.1/{part}")).await.status, StatusCode::UNAUTHORIZED, "{part}");
        let expired = format!("/incidents/acme.1/{part}?{}", house.link_query("mail-lead", -60));
        let refused = house.get(&expired).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{part}");
        assert!(!refused.body.contains("Leállt"), "an expired link shows no mentions");
        let other = format!("/incidents/acme.2/{part}?{link}");
        assert_eq!(house.get(&other).await.status, StatusCode::UNAUTHORIZED, "a link is for one incident");
    }
    let reading = crate::auth::reader::link_to_read(&house.app, orszem_runtime::clock::now());
    let page = house.get(&format!("/incidents/acme.1/report?read={reading}")).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains(&format!("evidence.json?read={reading}")), "{}", page.body);
}

#[tokio::test]
async fn the_evidence_has_what_was_shown_before_and_is_shown_no_more() {
    let house = house(WATCH);
    let mut later = signal(Phase::Updated);
    later.samples = vec![sample("9", "late", "Acme is back, they say", 7, Class::Positive)];
    house.app.view.apply(&entry("acme", 1, Event::Signal(Box::new(later))));
    let page = house.get("/incidents/acme.1").await.body;
    assert!(page.contains("they say") && !page.contains("Leállt"), "the page shows the newest");
    let evidence = house.get("/incidents/acme.1/evidence.json").await;
    assert_eq!(evidence.headers[header::CONTENT_DISPOSITION], "attachment; filename=\"evidence-acme.1.json\"");
    let json = evidence.json();
    let ids: Vec<&str> =
        json["mentions"].as_array().unwrap().iter().map(|one| one["mention"]["id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["1", "2", "3", "9"]);
    assert_eq!(json["hash"], json["mentions"][3]["chain"]);
    assert_eq!(house.get("/api/v1/incidents/acme.1/evidence").await.json(), json, "programs read the same");
    assert_eq!(house.get("/incidents/acme.9/evidence.json").await.status, StatusCode::NOT_FOUND);
    let report = house.get("/api/v1/incidents/acme.1/report").await.json();
    assert_eq!((&report["incident"], &report["evidence"]["hash"]), (&"acme.1".into(), &json["hash"]));
}

#[tokio::test]
async fn hostile_mentions_are_text_in_the_report() {
    let house = house(WATCH);
    let mut hostile = signal(Phase::Updated);
    let bad = "</blockquote><script>alert(1)</script>\u{202e}[a](javascript:alert(2))";
    hostile.samples = vec![sample("9", bad, bad, 1, Class::Negative)];
    hostile.samples[0].url = Some("javascript:alert(3)".into());
    house.app.view.apply(&entry("acme", 1, Event::Signal(Box::new(hostile))));
    let page = house.get("/incidents/acme.1/report").await.body;
    assert!(!page.contains("<script>") && !page.contains("href=\"javascript") && !page.contains('\u{202e}'), "{page}");
    let text = house.get("/incidents/acme.1/report.md").await.body;
    let document = crate::render::markdown::render(&text, &|way: &str| Some(way.to_owned()));
    let html = document.body.into_string();
    assert!(!html.contains("<script") && !html.contains("href=\"javascript"), "{html}");
}
