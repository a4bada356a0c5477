//! What a receiver needs not be told: one that calls people by itself, and one of whose recipients some know already.

use orszem_records::ledger::{Action, Delivery, Event, Outcome, Recipients};
use orszem_records::signal::{Kind, Phase};
use orszem_records::time::Timestamp;

use super::core_fixture::{
    accepted, acknowledged, attempt, capabilities, config, grown, resolved, risen, signalled, tracked,
};
use super::dedup::{News, is_superseded, news, was_called};
use super::escalate::timetable::Place;
use super::settings::Settings;
use super::tracked::Tracked;

const NOW: Timestamp = Timestamp(30_000);

fn settings() -> Settings {
    Settings::new(&config(0, &[&["slack", "mail"], &["pager"]]), capabilities())
}

/// An incident of which `duty` was called, and what happened then.
fn called(then: impl IntoIterator<Item = Event>) -> Tracked {
    let call = [attempt("duty", Action::Trigger, 0, 0), accepted("duty", 0, 0)];
    tracked([signalled(Phase::Opened, Kind::Volume)].into_iter().chain(call).chain(then))
}

fn news_for(then: impl IntoIterator<Item = Event>) -> News {
    let tracked = called(then);
    news(&tracked, &tracked.receivers["duty"], None, &settings(), NOW)
}

#[test]
fn a_service_that_calls_people_by_itself_hears_of_a_rise_and_of_nothing_else() {
    let later = Place { route: 0, round: 1, step: 1 };
    assert!(was_called(&called([]).receivers["duty"], later, NOW, &settings()));
    assert_eq!(news_for([grown()]), News::None);
    let exhausted_entry = Event::EscalationExhausted { escalation: "crisis".into() };
    assert_eq!(news_for([exhausted_entry]), News::None);
    assert_eq!(news_for([risen()]), News::Due(Action::Update, NOW));
    assert_eq!(news_for([acknowledged()]), News::Due(Action::Acknowledge, NOW));
    assert_eq!(news_for([resolved()]), News::Due(Action::Resolve, NOW));
    let unheard = tracked([signalled(Phase::Opened, Kind::Volume), attempt("duty", Action::Trigger, 0, 0)]);
    assert!(!was_called(&unheard.receivers["duty"], later, NOW, &settings()), "it was not told yet");
}

#[test]
fn recipients_that_have_a_call_wait_for_no_tries_to_the_rest() {
    let anna = Recipients { reached: vec!["anna".into()], ..Recipients::default() };
    let result = Delivery::Retry { reason: "full".into(), after_ms: None };
    let outcome = Outcome::new("acme.1/mail/0".into(), "mail".into(), 0, result);
    let partly = |then: &[Event]| {
        let call = [
            attempt("mail", Action::Trigger, 0, 0),
            Event::Outcome(Outcome { recipients: anna.clone(), ..outcome.clone() }),
        ];
        tracked([signalled(Phase::Opened, Kind::Volume)].into_iter().chain(call).chain(then.iter().cloned()))
    };
    let superseded = |then: &[Event], is_called| {
        let tracked = partly(then);
        is_superseded(&tracked, &tracked.receivers["mail"], is_called, &settings())
    };
    assert!(!superseded(&[], false), "the rest is tried");
    assert!(superseded(&[], true) && superseded(&[risen()], false) && superseded(&[acknowledged()], false));
    let tracked = partly(&[risen()]);
    let news = news(&tracked, &tracked.receivers["mail"], None, &settings(), NOW);
    assert_eq!(news, News::Due(Action::Update, NOW), "all hear of the rise");
}
