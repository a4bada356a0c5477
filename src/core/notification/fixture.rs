//! Incidents and notices for tests. The tests of the receivers include this file, so it names crates and not `crate`.

use orszem_core::notification::{Notice, Occasion, Page};
use orszem_core::settings::Watch;
use orszem_core::words::Words;
use orszem_records::chart::Chart;
use orszem_records::class::Class;
use orszem_records::incident::Incident;
use orszem_records::key_terms::TermKind;
use orszem_records::ledger::{Action, ByWhom, Entry, Event, IncidentId};
use orszem_records::signal::Driver;
use orszem_records::signal::{Counts, Kind, Phase, Signal};
use orszem_records::tally::Sample;
use orszem_records::time::Timestamp;

/// A text that tries to break out of every form: markup of chats, HTML, links, controls.
pub(crate) const HOSTILE: &str = "<!channel> <@U024BE7LH> <https://evil.example|bank.example> &lt;!here&gt; *b* `c` \
    <script>alert(1)</script>\r\nBcc: evil@example.com\r\n\r\n\u{202e}drow\u{2066}\u{200b}\u{feff}\u{1b}[31m\u{0}\u{9b}2J\
    {{template}} ${env} '; DROP TABLE; -- \u{2028}árvíztűrő 😡👩‍👩‍👧 end";

/// 2014-08-01T16:30:00Z.
pub(crate) const OPENED: Timestamp = Timestamp(1_406_910_600_000);
/// The clock's time of every notice: 2026-01-01T00:00:05Z.
pub(crate) const NOW: Timestamp = Timestamp(1_767_225_605_000);
/// The signed link; its `&` must survive every form.
pub(crate) const LINK: &str = "https://orszem.example/incidents/acme.3?t=abc&s=def";

pub(crate) fn watch() -> Watch {
    Watch {
        name: "acme".into(),
        title: Some("Acme".into()),
        terms: vec!["acme".into()],
        advice: Some("Call the duty manager.\nPost nothing.".into()),
        ..Watch::default()
    }
}

pub(crate) fn sample() -> Sample {
    Sample {
        id: "m1".into(),
        published_at: OPENED,
        source: "twitter".into(),
        author: "anna".into(),
        followers: 1234,
        class: Class::Negative,
        text: "acme is down again".into(),
        url: Some("https://example.com/m1".into()),
        language: None,
        role: None,
    }
}

pub(crate) fn signal() -> Signal {
    Signal {
        phase: Phase::Opened,
        kind: Kind::Negativity,
        severity: 2,
        at: OPENED.plus(600_000),
        opened_at: OPENED,
        observed: 212,
        expected: 14.2,
        interval: (3.0, 31.4),
        window_s: 600,
        expected_per_week: 0.0213,
        reason: None,
        limit: None,
        note: false,
        new_usual: false,
        budget: 0.5,
        time_zone: None,
        drill: None,
        desk: orszem_records::desk::Desk::default(),
        learnt_hours: 700,
        learning: false,
        learning_left: 0,
        forecast: Vec::new(),
        drivers: Vec::new(),
        about: None,
        counts: Counts {
            mentions: 12_212,
            negatives: 212,
            positives: 3,
            originals: 31,
            reposts: 12_170,
            copies: 11,
            of_one_text: 12_000,
            authors: 180,
            reach: 1_234_567,
            ..Counts::default()
        },
        samples: vec![sample()],
        chart: Chart::default(),
    }
}

pub(crate) fn entry(event: Event) -> Entry {
    Entry { watch: "acme".into(), incident: IncidentId::new("acme", 3), at: NOW, event }
}

pub(crate) fn incident(signal: Signal) -> Incident {
    Incident::begin(&entry(Event::Signal(Box::new(signal)))).expect("a signal begins an incident")
}

pub(crate) fn by(name: &str) -> ByWhom {
    ByWhom::new(name, "link")
}

pub(crate) fn page() -> Page {
    page_of(&incident(signal()), Occasion::First)
}

/// What is told of an incident on this occasion, in English.
pub(crate) fn page_of(incident: &Incident, occasion: Occasion) -> Page {
    Page::of(incident, &watch(), occasion, LINK.into(), &Words::default())
}

/// The occasion on which a message usually does this.
pub(crate) fn occasion_of(action: Action) -> Occasion {
    match action {
        Action::Trigger => Occasion::First,
        Action::Update => Occasion::Figures,
        Action::Acknowledge => Occasion::Acknowledged,
        Action::Resolve => Occasion::Over,
    }
}

pub(crate) fn notice_of(page: Page, action: Action) -> Notice {
    Notice {
        message: "acme.3/desk/0".into(),
        action,
        occasion: occasion_of(action),
        revision: 0,
        reference: None,
        settled: Default::default(),
        sent_at: NOW,
        page,
    }
}

pub(crate) fn notice(action: Action) -> Notice {
    notice_of(page(), action)
}

/// Every text hostile, long and full of 4-byte emoji: more samples than are shown, a megabyte each.
pub(crate) fn hostile_notice(action: Action) -> Notice {
    let long = format!("{HOSTILE} {}", "😡<&>ő\u{202e}".repeat(100_000));
    let hostile = Sample {
        id: long.clone(),
        source: long.clone(),
        author: long.clone(),
        text: long.clone(),
        url: Some(format!("https://example.com/<!channel>|x\r\nBcc: a@b.example?{}", "&".repeat(40))),
        ..sample()
    };
    let mut signal = signal();
    signal.samples = vec![hostile; 8];
    signal.drivers = vec![Driver { kind: TermKind::Author, text: long.clone(), share: 1.0, times: 1_000.0, z: 9.0 }; 8];
    let watch = Watch { title: Some(long.clone()), advice: Some(long.clone()), ..watch() };
    let mut incident = incident(signal);
    incident.apply(&entry(Event::Acknowledged(by(&long))));
    notice_of(Page::of(&incident, &watch, occasion_of(action), LINK.into(), &Words::default()), action)
}

/// As [`hostile_notice`], with figures as large as they come: the longest page there can be.
pub(crate) fn largest_notice(action: Action) -> Notice {
    let mut notice = hostile_notice(action);
    for sample in &mut notice.page.samples {
        (sample.text, sample.author) = ("<".repeat(100_000), "&".repeat(100_000));
        sample.source = "😡".repeat(100_000);
    }
    let mut signal = signal();
    signal.learning = true;
    signal.counts.reach = u64::MAX;
    signal.counts.mentions = u64::MAX;
    let page = page_of(&incident(signal), Occasion::First);
    notice.page.facts = page.facts;
    notice.page.advice = Some("&".repeat(100_000));
    notice
}
