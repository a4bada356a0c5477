//! Every message, in every state of an incident, on every receiver and in every language, as files that a person can
//! read through: `messages.en.txt` and `messages.hu.txt` beside this one.
//!
//! `ORSZEM_TEST_WRITE=1 cargo test -p orszem-core messages` writes them again.

use orszem_records::height::Height;
use orszem_records::incident::Incident;
use orszem_records::key_terms::TermKind;
use orszem_records::ledger::{Action, Closing, EndReason, Event, HandOver, IncidentId, Reopening};
use orszem_records::signal::{Counts, Driver, Forecast, HeldAgainst, Kind, LimitReached, Phase, Reason, Signal};
use orszem_records::statistic::Statistic;
use serde_json::Value;

use super::fixture::{http, secret};
use super::pagerduty::Pagerduty;
use super::slack::Slack;
use super::{HttpReceiver, Receiver};
use crate::notification::fixture::{LINK, NOW, OPENED, by, entry, incident, notice_of, sample, signal};
use crate::notification::{Notice, Occasion, Page};
use crate::settings::Watch;
use crate::words::{Language, Words, Zone};

/// A state of an incident and the message that tells of it.
struct State {
    name: &'static str,
    incident: Incident,
    occasion: Occasion,
    action: Action,
}

const SINCE: Occasion = Occasion::CalledAgain { since: NOW };

fn watch() -> Watch {
    let advice =
        "Call the duty manager: +36 1 234 5678.\nPause scheduled posts.\nPost nothing until the statement is approved.";
    Watch { name: "aurora".into(), title: Some("Aurora".into()), advice: Some(advice.into()), ..Watch::default() }
}

fn opened() -> Signal {
    let driver = |text: &str, times| Driver { kind: TermKind::Term, text: text.into(), share: 0.2, times, z: 9.0 };
    Signal {
        observed: 1_458,
        expected: 105.0,
        interval: (80.0, 131.0),
        window_s: 4_800,
        expected_per_week: 1e-6,
        reason: Some(Reason {
            statistic: Statistic::Share,
            held_against: HeldAgainst::Mentions,
            mentions: 2_310,
            usual_share: Some(0.12),
        }),
        forecast: vec![
            Forecast { hours: 1, mentions: 7_059.0, interval: (3_416.0, 14_584.0) },
            Forecast { hours: 3, mentions: 11_725.0, interval: (5_676.0, 24_219.0) },
        ],
        drivers: vec![driver("lost", 14.0), driver("történt", 3.3), driver("#boycott", 1_000.0)],
        counts: Counts {
            mentions: 6_434,
            negatives: 4_022,
            positives: 795,
            originals: 3_869,
            reposts: 2_217,
            copies: 348,
            of_one_text: 300,
            authors: 6_184,
            reach: 1_413_180,
            ..Counts::default()
        },
        samples: vec![sample()],
        ..signal()
    }
}

fn later(change: impl FnOnce(&mut Signal)) -> Event {
    let mut signal = Signal { phase: Phase::Updated, at: OPENED.plus(4 * 3_600_000), ..opened() };
    change(&mut signal);
    Event::Signal(Box::new(signal))
}

fn closed() -> Event {
    later(|signal| {
        (signal.phase, signal.observed, signal.expected) = (Phase::Closed, 99, 158.0);
        signal.forecast.clear();
    })
}

/// The first signal, changed, and what happened after it.
fn state(
    name: &'static str,
    (action, occasion): (Action, Occasion),
    change: impl FnOnce(&mut Signal),
    then: impl IntoIterator<Item = Event>,
) -> State {
    let mut first = opened();
    change(&mut first);
    let mut incident = incident(first);
    incident.id.0 = "aurora.3".into();
    then.into_iter().for_each(|event| incident.apply(&entry(event)));
    State { name, incident, occasion, action }
}

/// The same as a drill.
fn drilled(mut state: State) -> State {
    state.incident.id = IncidentId::of_drill("aurora", "7f3a");
    state.incident.signal.drill = Some("7f3a".into());
    state
}

fn learning(signal: &mut Signal) {
    (signal.learning, signal.learning_left, signal.learnt_hours) = (true, 70, 2);
    (signal.expected, signal.interval, signal.reason) = (0.0, (0.0, 0.0), None);
}

fn silent(signal: &mut Signal, kind: Kind) {
    (signal.kind, signal.observed, signal.expected, signal.window_s) = (kind, 0, 75.0, 5_400);
    (signal.reason, signal.counts, signal.severity) = (None, Counts::default(), 3);
    signal.forecast.clear();
    signal.drivers.clear();
    signal.samples.clear();
}

fn closing(false_alarm: bool) -> Event {
    Event::Resolved(Closing { by: by("Anna"), height: None, false_alarm })
}

fn exhausted() -> Event {
    Event::EscalationExhausted { escalation: "crisis".into() }
}

fn states() -> Vec<State> {
    let first = (Action::Trigger, Occasion::First);
    let over = (Action::Resolve, Occasion::Over);
    let acknowledged = (Action::Acknowledge, Occasion::Acknowledged);
    let figures = (Action::Update, Occasion::Figures);
    let limit = LimitReached { negatives: true, least: 30, within_s: 3_600 };
    let height = Height { count: 1_458, window_s: 4_800, negatives: true, until: OPENED };
    let reopening = Reopening { number: 1, by: by("Anna"), closed_at: NOW, height };
    let had = || Event::Acknowledged(by("Anna"));
    let fading = || later(|signal| (signal.observed, signal.expected) = (146, 158.0));
    vec![
        state("it begins, and is at its height", first, |_| {}, []),
        state(
            "while the watch learns, by its own limit",
            first,
            |s| {
                learning(s);
                s.limit = Some(limit);
            },
            [],
        ),
        state("while the watch learns, by sheer size", first, learning, []),
        state("called again", (Action::Trigger, SINCE), |_| {}, []),
        state("worse", (Action::Update, Occasion::Worse), |s| s.severity = 3, [later(|s| s.severity = 1)]),
        state(
            "everybody was called and nobody came",
            (Action::Update, Occasion::NobodyCame { since: NOW }),
            |_| {},
            [exhausted()],
        ),
        state("somebody has it", acknowledged, |_| {}, [had()]),
        state("another has it", acknowledged, |_| {}, [had(), Event::TakenOver(by("Béla"))]),
        state(
            "handed over",
            acknowledged,
            |_| {},
            [had(), Event::HandedOver(HandOver { by: by("Anna"), to: "Cili".into() })],
        ),
        state("given back", (Action::Trigger, Occasion::Back), |_| {}, [had(), Event::GivenBack(by("Anna"))]),
        state("it fades", figures, |_| {}, [had(), fading()]),
        state("over by itself", over, |_| {}, [had(), fading(), closed()]),
        state("over, and nobody came", over, |_| {}, [exhausted(), closed()]),
        state(
            "over, because it is the new usual",
            over,
            |_| {},
            [later(|s| (s.phase, s.new_usual) = (Phase::Closed, true))],
        ),
        state("a person closed it", over, |_| {}, [had(), closing(false)]),
        state("a person calls it a false alarm", over, |_| {}, [closing(true)]),
        state(
            "a closing is taken back",
            (Action::Trigger, Occasion::Back),
            |_| {},
            [closing(false), Event::ClosingUndone(by("Anna"))],
        ),
        state("it goes on after it was closed", (Action::Update, Occasion::GoesOn), |_| {}, [closing(false)]),
        state(
            "it rises after it was closed",
            (Action::Trigger, Occasion::OpenAgain),
            |_| {},
            [closing(false), Event::Reopened(reopening)],
        ),
        state("the watch was removed", over, |_| {}, [Event::Ended { reason: EndReason::WatchRemoved }]),
        state("nobody else is called", (Action::Update, Occasion::CallsEnded), |_| {}, [Event::CallsEnded]),
        state(
            "a slow burn",
            first,
            |s| {
                (s.kind, s.window_s, s.observed, s.expected) = (Kind::SlowBurn, 86_400, 625, 403.0);
                s.reason = s.reason.map(|reason| Reason {
                    statistic: Statistic::SlowBurn,
                    mentions: 2_016,
                    usual_share: Some(0.2),
                    ..reason
                });
            },
            [],
        ),
        state(
            "more mentions, none of them worse",
            first,
            |s| {
                (s.kind, s.severity, s.counts.negatives) = (Kind::Volume, 4, 300);
                s.reason = s.reason.map(|_| Reason {
                    statistic: Statistic::Mentions,
                    held_against: HeldAgainst::SameHours,
                    mentions: 1_458,
                    usual_share: None,
                });
            },
            [],
        ),
        state(
            "the feed brings nothing",
            first,
            |s| {
                silent(s, Kind::NoData);
                s.about = Some(orszem_records::signal::WHOLE_TOPIC.into());
            },
            [],
        ),
        state(
            "a source of the feed brings nothing",
            first,
            |s| {
                silent(s, Kind::NoData);
                s.about = Some("source reddit".into());
            },
            [],
        ),
        drilled(state("a drill begins", first, |_| {}, [])),
        drilled(state("nobody has acknowledged a drill", (Action::Trigger, SINCE), |_| {}, [])),
        drilled(state("somebody has a drill", acknowledged, |_| {}, [had()])),
        drilled(state("a drill is over", over, |_| {}, [had(), closed()])),
    ]
}

/// What each receiver shows of the message: all of it where `whole`, else what differs from state to state.
fn written(state: &State, language: Language, whole: bool) -> String {
    let words = Words::new(language, Zone::named(Some("Europe/Budapest")));
    let page = Page::of(&state.incident, &watch(), state.occasion, LINK.into(), &words);
    let heard_before = !matches!(state.occasion, Occasion::First);
    let reference = heard_before.then(|| "C1 170.1".to_owned());
    let notice = Notice { reference, occasion: state.occasion, ..notice_of(page, state.action) };
    let page = &notice.page;
    let mut out = format!("======== {} ({}) ========\n\n", state.name, state.action.name());
    let text = page.text();
    let paragraphs: Vec<&str> = text.split("\n\n").collect();
    let text = if whole { text.clone() } else { format!("{}\n\n{}\n", paragraphs[0], paragraphs[3]) };
    out.push_str(&format!("-- mail, console --\nSubject: {}\n\n{text}\n-- Slack --\n", page.whole_subject()));
    let slack = slack();
    let shown = blocks(&slack.requests(&notice)[0].body);
    let lines = if whole { usize::MAX } else { 2 };
    shown.lines().take(lines).for_each(|line| out.push_str(&format!("{line}\n")));
    if let Some(reply) = slack.follow_up(&notice) {
        out.push_str(&format!("  reply, shown in the channel:\n{}", blocks(&reply.body)));
    }
    let event = pagerduty(&notice);
    let lines = if whole { usize::MAX } else { 1 };
    out.push_str("\n-- PagerDuty --\n");
    event.lines().take(lines).for_each(|line| out.push_str(&format!("{line}\n")));
    out + "\n"
}

fn slack() -> Box<dyn HttpReceiver> {
    let settings = Slack {
        name: "desk".into(),
        token: Some(secret("xoxb-1")),
        channel: Some("C1".into()),
        webhook: None,
        base_url: "https://slack.com/api".into(),
        language: None,
        time_zone: None,
    };
    http(&Receiver::Slack(settings)).unwrap()
}

fn pager() -> Box<dyn HttpReceiver> {
    let settings = Pagerduty {
        name: "pager".into(),
        routing_key: secret("R0123456789R0123456789R012345678"),
        base_url: "https://x.example".into(),
        language: None,
        time_zone: None,
    };
    http(&Receiver::Pagerduty(settings)).unwrap()
}

/// The texts of Slack's blocks, a line each; of long ones the beginning.
fn blocks(body: &[u8]) -> String {
    let body: Value = serde_json::from_slice(body).unwrap();
    let mut out = String::new();
    for block in body["blocks"].as_array().unwrap() {
        let texts = [&block["text"]].into_iter().chain(block["fields"].as_array().into_iter().flatten());
        for text in texts.chain(block["elements"].as_array().into_iter().flatten()).filter_map(|it| it["text"].as_str())
        {
            out.push_str(&format!("  [{}] {}\n", block["type"].as_str().unwrap(), text.replace('\n', " / ")));
        }
    }
    out
}

fn pagerduty(notice: &Notice) -> String {
    let event: Value = serde_json::from_slice(&pager().requests(notice)[0].body).unwrap();
    let Some(payload) = event.get("payload") else { return format!("  {}", event["event_action"].as_str().unwrap()) };
    let details = payload["custom_details"].as_object().unwrap();
    let names: Vec<&str> = details.keys().map(String::as_str).collect();
    let [action, severity, summary] =
        [&event["event_action"], &payload["severity"], &payload["summary"]].map(|text| text.as_str().unwrap());
    format!("  {action}, {severity}: {summary}\n  {}\n", names.join(" | "))
}

#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "a test, which compares files of the repository and writes them on demand"
)]
fn messages_are_as_the_files_have_them() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("receivers");
    for language in Language::ALL {
        let now: String = states().iter().zip(0..).map(|(state, at)| written(state, language, at == 0)).collect();
        let path = folder.join(format!("messages.{}.txt", language.code()));
        if std::env::var_os("ORSZEM_TEST_WRITE").is_some() {
            std::fs::write(&path, &now).unwrap();
        }
        let file = std::fs::read_to_string(&path).unwrap_or_default();
        let differs = now.lines().zip(file.lines()).find(|(now, file)| now != file);
        assert!(now == file, "{}: {differs:?}; ORSZEM_TEST_WRITE=1 writes it again", path.display());
    }
}

#[test]
fn every_text_of_a_drill_begins_with_its_mark_and_no_other_has_it() {
    for language in Language::ALL {
        let words = Words::new(language, Zone::UTC);
        let mark = words.say("drill-mark");
        for state in states() {
            let page = Page::of(&state.incident, &watch(), state.occasion, LINK.into(), &words);
            let notice = notice_of(page, state.action);
            let page = &notice.page;
            let drill = state.incident.is_drill();
            let mut texts = vec![page.whole_subject(), page.text(), page.headline.clone(), page.summary()];
            texts.extend(page.news.clone());
            texts.push(page.severity_and_standing());
            let slack: Value = serde_json::from_slice(&slack().requests(&notice)[0].body).unwrap();
            texts.push(slack["text"].as_str().unwrap().to_owned());
            texts.push(slack["blocks"][0]["text"]["text"].as_str().unwrap().to_owned());
            let event: Value = serde_json::from_slice(&pager().requests(&notice)[0].body).unwrap();
            texts.extend(event["payload"]["summary"].as_str().map(str::to_owned));
            for text in texts {
                assert_eq!(text.starts_with(&mark), drill, "{}: {text}", state.name);
            }
            let html = page.html().into_string();
            assert_eq!(html.contains(&format!(">{mark} · ")) && html.contains(&format!("<title>{mark}: ")), drill);
            assert_eq!(page.meaning.starts_with(&words.say("drill-note")), drill);
        }
    }
}
