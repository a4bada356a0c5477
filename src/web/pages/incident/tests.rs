//! The page of an incident: what it shows, and what hostile text can do.

use axum::http::StatusCode;

use orszem_records::class::Class;
use orszem_records::height::Height;
use orszem_records::ledger::{ByWhom, Closing, EndReason, Event, Reopening};
use orszem_records::signal::Phase;
use orszem_records::time::Timestamp;

use crate::fixture::{entry, fill, house, sample, signal};

#[tokio::test]
async fn a_page_shows_what_was_seen_expected_sent_and_done() {
    let house =
        house("[[watch]]\nname = \"acme\"\ntitle = \"Acme Kft.\"\nterms = [\"acme\"]\nadvice = \"Post nothing yet.\"");
    fill(&house);
    let page = house.get("/incidents/acme.1").await;
    assert_eq!(page.status, StatusCode::OK);
    for part in [
        "Acme Kft.",
        "3,412",
        "61",
        "31",
        "104",
        "1 h 20 min",
        "1 Aug 2014, 16:30 UTC",
        "about once in 6 years",
        "Severity 2",
        "Post nothing yet.",
        "<svg",
        "7,310 mentions",
        "Is Acme down",
        "slack-crisis",
        "newer figures",
        "550 mailbox &lt;unknown&gt;",
        "Told first: slack-crisis.",
        "Then told: mail-lead, pager.",
        "Everybody was called, and nobody has acknowledged.",
        "The last 19 d 5 h",
    ] {
        assert!(page.body.contains(part), "{part:?} is missing in {}", page.body);
    }
    assert!(!page.body.contains("C1/123.4"), "what a service gave us to refer to is nobody's business");
}

#[tokio::test]
async fn hostile_text_is_text() {
    let house = house(
        "[[watch]]\nname = \"acme\"\ntitle = \"<b>Acme</b>\"\nterms = [\"acme\"]\nadvice = \"<script>alert(0)</script>\"",
    );
    let mut hostile = signal(Phase::Updated);
    hostile.severity = 1;
    let bad = "</blockquote><script>alert(1)</script>\u{202e}gnp.exe\u{0}\r\nSet-Cookie: a=b\" onmouseover=\"alert(2)";
    hostile.samples = [
        "javascript:alert(3)",
        "data:text/html,<script>",
        "https://ok.example/\"><script>alert(4)</script>",
        "https://user@evil.example/",
    ]
    .into_iter()
    .enumerate()
    .map(|(index, url)| {
        let mut sample = sample(&index.to_string(), bad, bad, 1, Class::Negative);
        sample.source = bad.into();
        sample.url = Some(url.into());
        sample
    })
    .collect();
    house.app.view.apply(&entry("acme", 1, Event::Signal(Box::new(hostile))));
    let who = orszem_records::ledger::ByWhom::new(bad, bad);
    house.app.view.apply(&entry("acme", 1, Event::Acknowledged(who)));
    for path in ["/", "/incidents/acme.1", "/incidents/%3Cscript%3E", "/%3Cscript%3E?as=%3Cscript%3E"] {
        let page = house.get(path).await.body;
        assert!(
            !page.contains("<script>") && page.matches("<script").count() <= 1 && !page.contains("<b>"),
            "{path}: {page}"
        );
        assert!(
            !page.contains("javascript:") && !page.contains("data:text") && !page.contains("evil.example"),
            "{path}"
        );
        assert!(!page.contains('\u{202e}') && !page.contains('\u{0}') && !page.contains("\" onmouseover"), "{path}");
    }
    let page = house.get("/incidents/acme.1").await.body;
    assert!(page.contains("&lt;/blockquote&gt;&lt;script&gt;"), "it is shown as what it is");
    let link =
        "href=\"https://ok.example/%22%3E%3Cscript%3Ealert(4)%3C/script%3E\" rel=\"noopener noreferrer nofollow\"";
    assert!(page.contains(link), "{page}");
    assert_eq!(page.matches("href=\"https://").count(), 1);
}

#[tokio::test]
async fn times_are_in_the_time_zone_of_the_watch() {
    let house = house("");
    let mut opened = signal(Phase::Opened);
    opened.time_zone = Some("Europe/Budapest".into());
    house.app.view.apply(&entry("acme", 7, Event::Signal(Box::new(opened))));
    let page = house.get("/incidents/acme.7").await.body;
    assert!(page.contains("1 Aug 2014, 18:30 CEST") && !page.contains(" UTC"), "{page}");
    assert!(page.contains("datetime=\"2014-08-01T16:30:00"), "a browser is told the instant: {page}");
    assert!(house.get("/").await.body.contains("1 Aug 2014, 18:30 CEST"));
}

#[tokio::test]
async fn it_is_over_asks_first_while_the_figures_are_high() {
    let house = house("");
    let link = house.link_query("mail-lead", 60);
    let page = house.get(&format!("/incidents/acme.1?{link}")).await.body;
    for part in ["<details class=\"ask\">", "The figures are still high: 3,412", "A false alarm", "name=\"seen\""] {
        assert!(page.contains(part), "{part:?} is missing in {page}");
    }
    let mut calm = signal(Phase::Updated);
    calm.observed = 60;
    house.app.view.apply(&entry("acme", 1, Event::Signal(Box::new(calm))));
    let page = house.get(&format!("/incidents/acme.1?{link}")).await.body;
    assert!(!page.contains("still high") && page.contains("It is over") && page.contains("name=\"seen\""), "{page}");
}

#[tokio::test]
async fn an_incident_that_opened_again_or_ended_without_anybody_says_so() {
    let house = house("");
    let by = ByWhom::new("mail-lead", "link");
    let height = Height { count: 3_412, window_s: 4_800, negatives: true, until: Timestamp(0) };
    let closing = Closing { by: by.clone(), height: Some(height), false_alarm: false };
    house.app.view.apply(&entry("acme", 1, Event::Resolved(closing)));
    let reopening = Reopening { number: 1, by, closed_at: Timestamp(1_406_910_600_000), height };
    house.app.view.apply(&entry("acme", 1, Event::Reopened(reopening)));
    let page = house.get("/incidents/acme.1").await.body;
    for part in ["and is open again", "Open again: it rose above the 3,412 that", "Nobody has it yet"] {
        assert!(page.contains(part), "{part:?} is missing in {page}");
    }
    let api = house.get("/api/v1/incidents/acme.1").await.json();
    assert_eq!((&api["state"], &api["reopened"], &api["desk"]), (&"open".into(), &1.into(), &"crisis".into()));

    house.app.view.apply(&entry("acme", 1, Event::Ended { reason: EndReason::WatchRemoved }));
    let page = house.get("/incidents/acme.1").await.body;
    assert!(page.contains("Ended: the watch was removed") && !page.contains("Nobody has it yet"), "{page}");
    let api = house.get("/api/v1/incidents/acme.1").await.json();
    assert_eq!((&api["state"], &api["ended"]), (&"resolved".into(), &"watch-removed".into()));
}

#[tokio::test]
async fn the_page_of_a_drill_says_that_it_is_one_and_has_its_report_and_asks_for_no_judgement() {
    let house = house("[[watch]]\nname = \"acme\"\ntitle = \"Acme Kft.\"\nterms = [\"acme\"]\n");
    fill(&house);
    house.app.view.apply(&crate::fixture::drill("acme"));
    let page = house.get("/incidents/acme.drill-7f3a").await.body;
    for part in
        ["<h1>DRILL: Acme Kft.</h1>", "This is a drill: nothing happened.", "Report of the drill", "not reached"]
    {
        assert!(page.contains(part), "{part:?} is missing in {page}");
    }
    assert!(page.contains("<title>DRILL: "), "{page}");
    let real = house.get("/incidents/acme.1").await.body;
    assert!(!real.contains("DRILL") && !real.contains("Report of the drill"));
}
