use super::*;
use crate::settings::Config;
use crate::words::{Language, Words, Zone};
use orszem_records::class::Class;
use orszem_records::ledger::{
    Attempt, ByWhom, Closing, Delivery, EmptyStep, IncidentId, ItemKind, Note, Outcome, Press, PressAnswer,
    PressResult, Restart, RestartReason, Tick, Withheld as Waits,
};
use orszem_records::signal::{Phase, Signal};
use orszem_records::statement::Post;
use orszem_records::tally::Sample;

const SECOND: i64 = 1_000;
/// 2014-08-01T16:30:00Z.
const BEGAN: Timestamp = Timestamp(1_406_910_600_000);
const CONFIG: &str = r#"
    [[watch]]
    name = "acme"
    title = "Acme *Kft.*"
    terms = ["acme"]
    escalation = "crisis"
    [[receiver]]
    kind = "console"
    name = "slack"
    [[escalation]]
    name = "crisis"
    step = [{ receivers = ["slack"], acknowledge_within = "5m" }]
    [[playbook]]
    name = "scandal"
    move = [{ do = "Pause posts.", within = "15m" }, { do = "Call the plant.", within = "30m" }]
    stakeholder = [{ title = "The board", within = "2h" }]
"#;

fn config() -> Config {
    toml::from_str(CONFIG).unwrap()
}

fn by(name: &str) -> ByWhom {
    ByWhom::new(name, "link")
}

fn attempt(receiver: &str, action: Action, try_number: u32) -> Event {
    Event::Attempt(Attempt {
        message: format!("acme.1/{receiver}/{}", action.name()),
        receiver: receiver.to_owned(),
        action,
        revision: 0,
        try_number,
        step: 0,
        round: 0,
        signals: 1,
        within: None,
        terms: None,
        route: 0,
        also: Vec::new(),
        shows: None,
        digest: false,
    })
}

fn outcome(receiver: &str, action: Action, try_number: u32, result: Delivery) -> Event {
    let message = format!("acme.1/{receiver}/{}", action.name());
    Event::Outcome(Outcome::new(message, receiver.to_owned(), try_number, result))
}

fn signal(phase: Phase, severity: u8, minutes: i64) -> Signal {
    let at = BEGAN.plus(minutes * 60 * SECOND);
    let text = "Acme leaks <b>everywhere</b>".to_owned();
    let sample = Sample {
        id: minutes.to_string(),
        published_at: at,
        source: "bluesky".into(),
        author: "anna".into(),
        followers: 0,
        class: Class::Negative,
        text,
        url: Some("https://social.example/1".into()),
        role: None,
        language: None,
    };
    Signal {
        severity,
        opened_at: BEGAN,
        observed: 120,
        samples: vec![sample],
        ..Signal::plain(phase, Kind::Negativity, at)
    }
}

fn tick(item: &str) -> Event {
    let (playbook, item) = ("scandal".to_owned(), item.to_owned());
    Event::Ticked(Tick { by: by("Béla"), playbook, kind: ItemKind::Move, item, due: None, done: true })
}

/// An incident with what can happen, each after this many seconds from its beginning.
fn incident(events: Vec<(i64, Event)>) -> Incident {
    let entry = |seconds: i64, event| {
        let (watch, incident) = ("acme".to_owned(), IncidentId::new("acme", 1));
        Entry { watch, incident, at: BEGAN.plus(seconds * SECOND), event }
    };
    let mut incident = Incident::begin(&entry(120, Event::Signal(Box::new(signal(Phase::Opened, 3, 2))))).unwrap();
    events.into_iter().for_each(|(seconds, event)| incident.apply(&entry(seconds, event)));
    incident
}

fn night() -> Vec<(i64, Event)> {
    let accepted = || Delivery::Accepted { reference: None };
    let press = Press {
        by: by("Béla"),
        press: "p1".into(),
        playbook: "scandal".into(),
        button: "Freeze ads".into(),
        within_ms: 40_000,
    };
    let refused = PressResult::Refused { reason: "answered 503".into() };
    vec![
        (122, attempt("slack", Action::Trigger, 0)),
        (125, outcome("slack", Action::Trigger, 0, Delivery::Retry { reason: "429".into(), after_ms: None })),
        (130, attempt("slack", Action::Trigger, 1)),
        (132, outcome("slack", Action::Trigger, 1, accepted())),
        (140, attempt("pager", Action::Trigger, 0)),
        (141, outcome("pager", Action::Trigger, 0, Delivery::Failed { reason: "no such number".into() })),
        (150, Event::NobodyOnCall(EmptyStep { restarts: 0, route: 0, round: 0, step: 1 })),
        (160, Event::Withheld(Waits { receiver: "anna/sms".into(), restarts: 0, steps: Vec::new() })),
        (300, Event::Signal(Box::new(signal(Phase::Updated, 2, 5)))),
        (732, Event::Acknowledged(by("Anna"))),
        (740, attempt("slack", Action::Acknowledge, 0)),
        (741, outcome("slack", Action::Acknowledge, 0, accepted())),
        (800, Event::Pressed(press)),
        (801, Event::Answered(PressAnswer { press: "p1".into(), result: refused })),
        (1_000, tick("Call the plant.")),
        (1_200, tick("Pause posts.")),
        (1_250, Event::Posted(Post { by: by("Béla"), revision: 1, account: Some("web".into()), url: None })),
        (1_300, Event::Noted(Note { by: by("Anna"), text: "The plant\nsays no.".into() })),
        (4_000, Event::CallsRestarted(Restart { number: 1, reason: RestartReason::RanOut, severity: None })),
        (7_200 + 60, Event::Resolved(Closing { by: by("Béla"), height: None, false_alarm: false })),
    ]
}

fn report(events: Vec<(i64, Event)>) -> Report {
    let incident = incident(events);
    Report::of(&config(), &incident, &incident, BEGAN.plus(10_000 * SECOND))
}

#[test]
fn the_times_and_the_lengths_between_them() {
    let times = report(night()).times;
    let after = |at: Timestamp| at.since(BEGAN) / SECOND;
    assert_eq!((after(times.began), after(times.detected), times.paged.map(after)), (0, 120, Some(132)));
    assert_eq!(times.acknowledged.as_ref().map(|stamp| (after(stamp.at), stamp.by.by.as_str())), Some((732, "Anna")));
    assert_eq!((times.to_page(), times.to_acknowledge()), (Some(12 * SECOND), Some(600 * SECOND)));
    assert_eq!(times.ended.map(after), Some(7_260));
    assert_eq!((times.first_statement.map(after), times.to_statement()), (Some(1_250), Some((1_250 - 732) * SECOND)));
}

#[test]
fn an_acknowledgement_that_was_lost_again_is_still_the_first() {
    let report = report(night());
    assert!(report.of.acknowledged.is_none(), "the calls began again");
    assert_eq!(report.times.acknowledged.unwrap().by.by, "Anna");
}

#[test]
fn who_was_called_and_what_came_of_it() {
    let report = report(night());
    let calls: Vec<_> =
        report.calls.iter().map(|call| (call.receiver.as_str(), call.tries, call.arrived_at.is_some())).collect();
    assert_eq!(calls, [("slack", 2, true), ("pager", 1, false)]);
    assert_eq!(report.calls[1].reason.as_deref(), Some("no such number"));
    assert_eq!(report.other_messages, 1);
    assert_eq!(report.withheld.iter().map(|one| one.receiver.as_str()).collect::<Vec<_>>(), ["anna/sms"]);
}

#[test]
fn what_did_not_work_is_missed() {
    let whats: Vec<missed::What> = report(night()).missed.into_iter().map(|one| one.what).collect();
    assert_eq!(
        whats,
        [
            missed::What::CallFailed { receiver: "pager".into(), reason: "no such number".into() },
            missed::What::NobodyOnCall { round: 1, step: 2 },
            missed::What::ButtonFailed { button: "Freeze ads".into(), reason: "answered 503".into(), unknown: false },
            missed::What::AcknowledgementRanOut,
        ]
    );
    let exhausted = Event::EscalationExhausted { escalation: "crisis".into() };
    assert!(matches!(
        report(vec![(900, exhausted)]).missed[..],
        [Missed { what: missed::What::EscalationExhausted { .. }, .. }]
    ));
}

#[test]
fn what_came_after_its_time_is_late_and_what_was_in_time_is_not() {
    let report = report(night());
    let late: Vec<_> = report.late.iter().map(|one| (one.what.clone(), one.by().map(|ms| ms / SECOND))).collect();
    let item = |kind, item: &str| lateness::What::Item { kind, item: item.into() };
    assert_eq!(
        late,
        [
            // Called at 2:02, five minutes are given, acknowledged at 12:12.
            (lateness::What::Acknowledgement, Some(310)),
            (item(ItemKind::Move, "Pause posts."), Some(300)),
            (item(ItemKind::Stakeholder, "The board"), None),
        ]
    );
}

#[test]
fn nobody_who_acknowledged_is_late_too_and_in_time_is_not() {
    let called = |then: (i64, Event)| vec![(122, attempt("slack", Action::Trigger, 0)), then];
    let close = Event::Resolved(Closing { by: by("Béla"), height: None, false_alarm: true });
    let late = report(called((500, close))).late;
    assert!(matches!(&late[..], [Late { what: lateness::What::Acknowledgement, done: None, .. }]), "{late:?}");
    let acknowledged = |late: Vec<Late>| late.iter().any(|one| one.what == lateness::What::Acknowledgement);
    assert!(!acknowledged(report(called((400, Event::Acknowledged(by("Anna"))))).late));
}

#[test]
fn where_the_past_is_replayed_no_length_is_made_of_two_clocks() {
    let day = 24 * 3_600;
    let events = vec![
        (900 * day, attempt("slack", Action::Trigger, 0)),
        (900 * day + 1, outcome("slack", Action::Trigger, 0, Delivery::Accepted { reference: None })),
        (900 * day + 61, Event::Acknowledged(by("Anna"))),
    ];
    let report = report(events);
    assert_eq!((report.times.to_page(), report.times.to_acknowledge()), (None, Some(60 * SECOND)));
    let text = markdown(&report.document(&Words::default()));
    assert!(text.contains("of another time than the clock"), "{text}");
}

#[test]
fn the_document_says_all_of_it_in_both_languages() {
    let report = report(night());
    let say = |language| markdown(&report.document(&Words::new(language, Zone::named(Some("Europe/Budapest")))));
    let english = say(Language::English);
    for part in [
        r"# Report: Acme \*Kft.\*",
        "| First message arrived | 1 Aug 2014, 18:32:12 CEST | 2 min 12 s |",
        "| Acknowledged by Anna |",
        "| First statement posted | 1 Aug 2014, 18:50:50 CEST |",
        "Béla says that the statement is posted by web.",
        "From the first message to the acknowledgement: 10 min",
        "arrived 18:32:12 (2 tries)",
        "did not arrive: no such number",
        "a call by anna/sms waited",
        "nobody could be called in step 2 of round 1",
        "Acknowledgement: due 1 Aug 2014, 18:37 CEST",
        "The board: due 1 Aug 2014, 20:30 CEST, not done.",
        "Severity 3 from",
        "Severity 2 from",
        "Anna notes: The plant says no.",
        "Béla pressed “Freeze ads”.",
        "“Freeze ads” did not work: answered 503",
        "Pause posts: due 1 Aug 2014, 18:45 CEST, done 1 Aug 2014, 18:50 CEST by Béla, 5 min late.",
        r"> Acme leaks \<b\>everywhere\</b\>",
        "## What went well",
        "## What to change",
    ] {
        assert!(english.contains(part), "{part:?} is missing in {english}");
    }
    let hungarian = say(Language::Hungarian);
    for part in ["# Jelentés: Acme", "Átvette: Anna", "Ami késett", "Amin változtatni kell"] {
        assert!(hungarian.contains(part), "{part:?} is missing in {hungarian}");
    }
    assert_eq!(english.matches("\n## ").count(), hungarian.matches("\n## ").count());
}

#[test]
fn an_incident_in_which_nothing_happened_has_a_report_too() {
    let report = report(Vec::new());
    let text = markdown(&report.document(&Words::default()));
    for part in ["Nobody was called.", "not over yet", "| Acknowledged | not at all | – |"] {
        assert!(text.contains(part), "{part:?} is missing in {text}");
    }
    let json = serde_json::to_value(&report).unwrap();
    assert_eq!((&json["incident"], &json["times"]["paged"]), (&"acme.1".into(), &serde_json::Value::Null));
    assert_eq!(json["evidence"]["mentions"].as_array().unwrap().len(), 1);
}
