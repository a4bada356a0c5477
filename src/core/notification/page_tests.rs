use super::*;
use crate::notification::HEADLINE;
use crate::notification::fixture;
use crate::notification::fixture::{LINK, NOW, by, entry, incident, notice_of, page_of, signal, watch};
use crate::words::{Language, Words, Zone};
use orszem_records::key_terms::TermKind;
use orszem_records::ledger::Event;
use orszem_records::signal::{Driver, LimitReached, Phase, Signal};

fn value<'a>(page: &'a Page, name: &str) -> &'a str {
    &page.facts.iter().find(|fact| fact.name == name).unwrap_or_else(|| panic!("no fact {name}")).value
}

fn first(signal: Signal) -> Page {
    page_of(&incident(signal), Occasion::First)
}

#[test]
fn the_page_says_what_was_seen_against_what_is_usual() {
    let page = fixture::page();
    assert_eq!(page.headline, "Acme: 212 negative mentions in 10 min (usual: 14)");
    assert_eq!(value(&page, "Mentions"), "12,212 mentions by about 180 people, 212 negative. 10 in 10 repeat one text");
    assert_eq!(value(&page, "Reach"), "The authors have up to 1.2 million followers together");
    assert_eq!(value(&page, "Began"), "1 Aug 2014, 16:30 UTC");
    assert_eq!(value(&page, "By chance"), "about once in 11 months");
    assert_eq!(page.severity_and_standing(), "Severity 2 of 4 (1 is the worst) · nobody has it yet");
}

#[test]
fn h4_the_height_is_said_first_and_the_present_second() {
    let mut incident = incident(Signal { observed: 1_458, expected: 105.0, window_s: 4_800, ..signal() });
    let later = |observed, minutes: i64| Signal {
        phase: Phase::Updated,
        observed,
        expected: 158.0,
        window_s: 4_800,
        at: signal().at.plus(minutes * 60_000),
        ..signal()
    };
    incident.apply(&entry(Event::Signal(Box::new(later(146, 180)))));
    let page = page_of(&incident, Occasion::Figures);
    let peak = "Acme: 1,458 negative mentions in 1 h 20 min at the worst (usual: 105), 16:40";
    assert_eq!(page.headline, format!("{peak}. Now 146, falling"));
    incident.apply(&entry(Event::Signal(Box::new(Signal { phase: Phase::Closed, ..later(4, 300) }))));
    let page = page_of(&incident, Occasion::Over);
    assert_eq!((page.subject.as_str(), page.headline.as_str()), (&*format!("Over: {peak}"), peak));
}

#[test]
fn h8_the_limit_that_was_set_is_said_and_no_zeros_that_are_no_knowledge() {
    let limit = LimitReached { negatives: true, least: 30, within_s: 3_600 };
    let learning = Signal { expected: 0.0, learning: true, learning_left: 72, limit: Some(limit), ..signal() };
    let page = first(learning.clone());
    assert_eq!(page.headline, "Acme: 212 negative mentions in 10 min. Your limit: 30 in an hour");
    assert_eq!(
        page.meaning,
        "This passed the limit that you set: 30 negative mentions in an hour. What is usual is not known yet: 72 hours \
         to go."
    );
    assert!(page.facts.iter().all(|fact| fact.name != "By chance"), "{:?}", page.facts);
    let page = first(Signal { limit: None, learning_left: 1, ..learning });
    assert_eq!(page.headline, "Acme: 212 negative mentions in 10 min");
    assert!(page.meaning.ends_with("What is usual is not known yet: 1 hour to go."), "{}", page.meaning);
}

#[test]
fn a_message_has_at_most_six_lines_of_facts() {
    let driver = Driver { kind: TermKind::Term, text: "strike".into(), share: 0.1, times: 1.26, z: 4.0 };
    let forecast = orszem_records::signal::Forecast { hours: 1, mentions: 7_059.0, interval: (3_416.0, 14_584.0) };
    let full = Signal { phase: Phase::Closed, drivers: vec![driver], forecast: vec![forecast], ..signal() };
    for signal in [full.clone(), Signal { phase: Phase::Opened, ..full }] {
        assert!(first(signal).lines().count() <= crate::notification::FACTS);
    }
}

#[test]
fn what_drives_it_is_told_as_precisely_as_it_is_of_use() {
    let driver = |kind, text: &str, times| Driver { kind, text: text.into(), share: 0.1, times, z: 4.0 };
    let drivers = [
        driver(TermKind::Term, "strike", 1.26),
        driver(TermKind::Author, "anna", 12.4),
        driver(TermKind::Hashtag, "#fail\u{202e}", 1_000.0),
    ];
    assert_eq!(
        driven_by(&drivers, &Words::default()),
        "“strike” (1.3 times as often), author “anna” (12 times as often), “#fail” (new)"
    );
}

#[test]
fn the_headline_keeps_its_figures_whatever_the_title() {
    let long = Watch { title: Some("😡 <!channel>\r\n\u{202e}".repeat(50_000)), ..watch() };
    let huge = Signal { observed: u64::MAX, expected: f64::MAX, window_s: u32::MAX, ..signal() };
    let nothing = Signal { expected: f64::NAN, interval: (f64::NEG_INFINITY, f64::INFINITY), ..signal() };
    for language in Language::ALL {
        let words = Words::new(language, Zone::UTC);
        for (signal, figure) in
            [(signal(), "212"), (huge.clone(), &words.count(u64::MAX)[..]), (nothing.clone(), "212")]
        {
            let page = Page::of(&incident(signal), &long, Occasion::First, LINK.into(), &words);
            assert!(page.headline.chars().count() <= HEADLINE, "{}", page.headline);
            assert!(page.headline.contains(figure), "{}", page.headline);
            assert!(!page.headline.contains(['\r', '\n', '\u{202e}']));
        }
    }
}

#[test]
fn a_page_follows_its_incident() {
    let mut incident = incident(signal());
    let headline = "Acme: 212 negative mentions in 10 min (usual: 14)";
    assert_eq!(page_of(&incident, Occasion::First).subject, format!("[Severity 2] {headline}"));
    let again = page_of(&incident, Occasion::CalledAgain { since: NOW });
    assert_eq!(again.subject, format!("[Severity 2] Called again: {headline}"));
    assert_eq!(again.news.as_deref(), Some("Called again: nobody has acknowledged since 00:00."));
    incident.apply(&entry(Event::Acknowledged(by("an\r\nna"))));
    let page = page_of(&incident, Occasion::Acknowledged);
    assert_eq!(
        (page.state, page.standing.as_str(), page.closed_at),
        (State::Acknowledged, "an na has it since 00:00", None)
    );
    assert_eq!(page.subject, format!("an na has it: {headline}"));
    let closed = Signal { phase: Phase::Closed, ..signal() };
    incident.apply(&entry(Event::Signal(Box::new(closed))));
    let page = page_of(&incident, Occasion::Over);
    assert_eq!((page.state, page.standing.as_str()), (State::Resolved, "over"));
    assert_eq!(page.closed_at, Some(signal().at));
}

#[test]
fn h5_that_nobody_came_is_said_at_the_end_too() {
    let mut incident = incident(signal());
    incident.apply(&entry(Event::EscalationExhausted { escalation: "crisis".into() }));
    let page = page_of(&incident, Occasion::NobodyCame { since: NOW });
    assert_eq!(page.news.as_deref(), Some("Everybody was called, and nobody has acknowledged since 00:00."));
    assert!(page.subject.starts_with("[Severity 2] Nobody came: Acme"), "{}", page.subject);
    incident.apply(&entry(Event::Signal(Box::new(Signal { phase: Phase::Closed, ..signal() }))));
    let news = page_of(&incident, Occasion::Over).news.unwrap();
    assert_eq!(news, "Over: mentions are back to what is usual. Nobody acknowledged it.");
}

#[test]
fn the_feeds_incident_names_what_is_silent_and_what_is_not_seen() {
    let quiet = |about: &str| Signal {
        kind: Kind::NoData,
        observed: 0,
        expected: 75.0,
        window_s: 5_400,
        about: Some(about.into()),
        counts: Counts::default(),
        samples: Vec::new(),
        ..signal()
    };
    let page = first(quiet(orszem_records::signal::WHOLE_TOPIC));
    assert_eq!(page.headline, "No mentions have come in for 1 h 30 min, from any source");
    assert_eq!(page.meaning, "Crises are not seen while this lasts.");
    assert_eq!(value(&page, "Usual"), "In 1 h 30 min about 75 minutes with mentions");
    assert_eq!(page.facts.len(), 3, "{:?}", page.facts);
    let page = first(quiet("source twitter"));
    assert_eq!(page.headline, "Nothing has come in for 1 h 30 min from source twitter");
}

#[test]
fn the_highest_severity_of_the_incident_counts() {
    let mut incident = incident(signal());
    incident.apply(&entry(Event::Signal(Box::new(Signal { severity: 4, ..signal() }))));
    assert_eq!(page_of(&incident, Occasion::Figures).severity, 2);
}

#[test]
fn the_text_holds_everything_the_link_before_the_figures_and_stays_short() {
    let text = fixture::page().text();
    let mut at = 0;
    for part in [
        "212 negative mentions in 10 min",
        "nobody has it yet",
        "Call the duty manager.\nPost nothing.",
        LINK,
        "about once in 11 months",
        "> acme is down again",
        "— anna on twitter, 1,234 followers, negative, 1 Aug 2014, 16:30 UTC",
        "https://example.com/m1",
    ] {
        let found = text[at..].find(part).unwrap_or_else(|| panic!("{part} is not there, or too early: {text}"));
        at += found;
    }
    let hostile = fixture::hostile_notice(Action::Trigger).page.text();
    assert!(hostile.chars().count() < 8000);
    assert!(!hostile.contains(['\r', '\u{1b}', '\u{202e}', '\u{200b}', '\u{0}']));
}

#[test]
fn the_html_acts_on_nothing_and_links_to_the_incident_alone() {
    let html = fixture::hostile_notice(Action::Trigger).page.html().into_string();
    assert!(!html.contains("<script") && !html.contains("<form") && !html.contains("<img"));
    assert!(html.contains("&lt;script&gt;alert(1)&lt;/script&gt;"), "hostile text is there, as text");
    assert_eq!(html.matches("href=").count(), 1);
    assert!(html.contains("href=\"https://orszem.example/incidents/acme.3?t=abc&amp;s=def\""));
    assert!(!html.contains(['\r', '\u{202e}', '\u{1b}']));
    let plain = notice_of(fixture::page(), Action::Trigger).page.html().into_string();
    assert_eq!(plain.matches("<blockquote").count(), 1);
}

#[test]
fn times_and_words_are_those_of_the_reader() {
    let words = Words::new(Language::Hungarian, Zone::named(Some("Europe/Budapest")));
    let incident = incident(Signal { phase: Phase::Closed, observed: 12_345, ..signal() });
    let page = Page::of(&incident, &watch(), Occasion::Over, LINK.into(), &words);
    assert_eq!(page.headline, "Acme: 12\u{a0}345 negatív említés 10 perc alatt a csúcson (szokásos: 14), 18:40");
    assert_eq!(value(&page, "Kezdete"), "2014. aug. 1. 18:30 CEST");
    assert_eq!(value(&page, "Vége"), "2014. aug. 1. 18:40 CEST");
    assert!(page.quotes()[0].origin.ends_with("negatív, 2014. aug. 1. 18:30 CEST"), "{}", page.quotes()[0].origin);
    let (text, html) = (page.text(), page.html().into_string());
    assert!(!text.contains("UTC") && !html.contains("UTC"));
    assert!(html.contains("<html lang=\"hu\">"), "{html}");
}
