use super::*;
use crate::notification::fixture;
use crate::notification::fixture::{LINK, by, entry, incident, notice_of, signal, watch};
use orszem_records::ledger::Event;

fn value<'a>(page: &'a Page, name: &str) -> &'a str {
    &page.facts.iter().find(|fact| fact.name == name).unwrap_or_else(|| panic!("no fact {name}")).value
}

#[test]
fn the_page_says_what_was_seen_against_what_was_expected() {
    let page = fixture::page();
    assert_eq!(page.headline, "Acme: 212 negative mentions in 10 min, 14 expected");
    assert_eq!(value(&page, "Observed"), "212 negative mentions");
    assert_eq!(value(&page, "Expected"), "14, 3 to 31 in 95 of 100 such windows");
    assert_eq!(value(&page, "Window"), "10 min up to 1 Aug 2014, 16:40 UTC");
    assert_eq!(value(&page, "Expected per week"), "0.021 false alarms at this setting, the budget is 0.5");
    assert_eq!(
        value(&page, "Counts"),
        "12,212 mentions: 31 originals, 12,170 reposts of one text, 11 copies, by about 180 authors. Three in four or more \
         are one repeated text"
    );
    assert_eq!(value(&page, "Reach"), "at most 1,234,567 followers");
    assert_eq!(value(&page, "Since"), "1 Aug 2014, 16:30 UTC");
    assert_eq!(value(&page, "Severity"), "2 of 4 (error)");
    assert!(value(&page, "Past").ends_with("hours learnt"), "only a watch that learns says so");
}

#[test]
fn what_drives_it_is_told_as_precisely_as_it_is_of_use() {
    let driver = |kind, text: &str, times| Driver { kind, text: text.into(), share: 0.1, times, z: 4.0 };
    let drivers = [
        driver(TermKind::Term, "strike", 1.26),
        driver(TermKind::Author, "anna", 12.4),
        driver(TermKind::Hashtag, "#fail\u{202e}", 1_000.0),
    ];
    assert_eq!(driven_by(&drivers), "strike (×1.3), author anna (×12), #fail (×1,000 or more)");
}

#[test]
fn a_watch_that_learns_says_so() {
    let learning = Signal { learning: true, learning_left: 67, learnt_hours: 5, ..signal() };
    let page = Page::of(&incident(learning), &watch(), LINK.into());
    assert_eq!(value(&page, "Past"), "learning, 67 hours left (5 so far)");
}

#[test]
fn the_headline_keeps_its_figures_whatever_the_title() {
    let long = Watch { title: Some("😡 <!channel>\r\n\u{202e}".repeat(50_000)), ..watch() };
    let huge = Signal { observed: u64::MAX, expected: f64::MAX, window_s: u32::MAX, ..signal() };
    for signal in [signal(), huge] {
        let page = Page::of(&incident(signal), &long, LINK.into());
        assert!(page.headline.chars().count() <= HEADLINE, "{}", page.headline);
        assert!(page.headline.ends_with(" expected"), "{}", page.headline);
        assert!(!page.headline.contains(['\r', '\n', '\u{202e}']));
    }
    let nothing = Signal { expected: f64::NAN, interval: (f64::NEG_INFINITY, f64::INFINITY), ..signal() };
    assert!(Page::of(&incident(nothing), &watch(), LINK.into()).headline.ends_with(" unknown expected"));
}

#[test]
fn a_page_follows_its_incident() {
    let mut incident = incident(signal());
    assert_eq!(
        Page::of(&incident, &watch(), LINK.into()).subject(),
        "[P2] Acme: 212 negative mentions in 10 min, 14 expected"
    );
    incident.apply(&entry(Event::Acknowledged(by("an\r\nna"))));
    let page = Page::of(&incident, &watch(), LINK.into());
    assert_eq!(
        (page.state, page.standing().as_str(), page.closed_at),
        (State::Acknowledged, "acknowledged by an na", None)
    );
    let closed = Signal { phase: orszem_records::signal::Phase::Closed, ..signal() };
    incident.apply(&entry(Event::Signal(Box::new(closed))));
    let page = Page::of(&incident, &watch(), LINK.into());
    assert_eq!((page.state, page.standing().as_str()), (State::Resolved, "resolved: back to normal"));
    assert_eq!(page.closed_at, Some(signal().at));
    assert!(page.subject().starts_with("Resolved: Acme"));
}

#[test]
fn the_highest_severity_of_the_incident_counts() {
    let mut incident = incident(signal());
    incident.apply(&entry(Event::Signal(Box::new(Signal { severity: 4, ..signal() }))));
    assert_eq!(Page::of(&incident, &watch(), LINK.into()).severity, 2);
}

#[test]
fn the_text_holds_everything_and_stays_short() {
    let text = fixture::page().text();
    for part in [
        "212 negative mentions in 10 min",
        "0.021 false alarms",
        "Call the duty manager.\nPost nothing.",
        "> acme is down again",
        "— anna on twitter, 1,234 followers, negative, 1 Aug 2014, 16:30 UTC",
        "https://example.com/m1",
        LINK,
    ] {
        assert!(text.contains(part), "{part} is not in {text}");
    }
    let hostile = fixture::hostile_notice(orszem_records::ledger::Action::Trigger).page.text();
    assert!(hostile.chars().count() < 8000);
    assert!(!hostile.contains(['\r', '\u{1b}', '\u{202e}', '\u{200b}', '\u{0}']));
}

#[test]
fn the_html_acts_on_nothing_and_links_to_the_incident_alone() {
    let html = fixture::hostile_notice(orszem_records::ledger::Action::Trigger).page.html().into_string();
    assert!(!html.contains("<script") && !html.contains("<form") && !html.contains("<img"));
    assert!(html.contains("&lt;script&gt;alert(1)&lt;/script&gt;"), "hostile text is there, as text");
    assert_eq!(html.matches("href=").count(), 1);
    assert!(html.contains("href=\"https://orszem.example/incidents/acme.3?t=abc&amp;s=def\""));
    assert!(!html.contains(['\r', '\u{202e}', '\u{1b}']));
    assert_eq!(
        notice_of(fixture::page(), orszem_records::ledger::Action::Trigger)
            .page
            .html()
            .into_string()
            .matches("<blockquote")
            .count(),
        1
    );
}

#[test]
fn times_are_in_the_time_zone_of_the_watch() {
    let signal =
        Signal { time_zone: Some("Europe/Budapest".into()), phase: orszem_records::signal::Phase::Closed, ..signal() };
    let page = Page::of(&incident(signal), &watch(), LINK.into());
    assert_eq!(value(&page, "Since"), "1 Aug 2014, 18:30 CEST");
    assert_eq!(value(&page, "Window"), "10 min up to 1 Aug 2014, 18:40 CEST");
    assert_eq!(page.until().as_deref(), Some("1 Aug 2014, 18:40 CEST"));
    assert!(page.quotes()[0].origin.ends_with("1 Aug 2014, 18:30 CEST"), "{}", page.quotes()[0].origin);
    let (text, html) = (page.text(), page.html().into_string());
    assert!(text.contains("Until              1 Aug 2014, 18:40 CEST"), "{text}");
    assert!(!text.contains("UTC") && !html.contains("UTC"));
}
