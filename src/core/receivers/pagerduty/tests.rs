use orszem_records::ledger::{Action, Delivery, IncidentId};

use super::answer::BUSY_MS;
use super::payload::{EVENT, KEY, dedup_key, event};
use super::*;
use crate::notification::Page;
use crate::notification::fixture::notice;
use crate::receivers::fixture::{answer, faults, http, secret};
use crate::receivers::{Reading, Receiver};

const ROUTING_KEY: &str = "R0123456789R0123456789R012345678";

fn config(key: &str) -> Receiver {
    Receiver::Pagerduty(Pagerduty {
        name: "pager".into(),
        routing_key: secret(key),
        base_url: "https://x.example".into(),
        language: None,
        time_zone: None,
    })
}

#[test]
fn an_event_over_the_limit_loses_its_details_and_an_endless_key_stays_distinct() {
    let mut large = notice(Action::Trigger);
    large.page.facts = vec![large.page.facts[0].clone(); 20_000];
    for (at, fact) in large.page.facts.iter_mut().enumerate() {
        fact.name = format!("{at} 😡");
    }
    let event = event(&large, ROUTING_KEY);
    assert!(event.len() <= EVENT, "{}", event.len());
    assert!(String::from_utf8(event).unwrap().contains("Acme: 212"));
    let key = |id: String| dedup_key(&Page { incident: IncidentId(id), ..large.page.clone() });
    let (a, b) = (key(format!("{}1", "ő".repeat(300))), key(format!("{}2", "ő".repeat(300))));
    assert!(a != b && a.encode_utf16().count() <= KEY && b.encode_utf16().count() <= KEY);
}

#[test]
fn only_a_202_is_taken_and_a_429_without_a_wait_gets_one() {
    let read = |status| http(&config(ROUTING_KEY)).unwrap().read(&notice(Action::Trigger), &answer(status, "x"));
    assert_eq!(read(202), Delivery::Accepted { reference: Some("orszem:acme.3".into()) }.into());
    assert!(matches!(read(200), Reading::Outcome(Delivery::Failed { .. })));
    assert!(matches!(read(429), Reading::Outcome(Delivery::Retry { after_ms: Some(BUSY_MS), .. })));
}

#[test]
fn a_key_of_another_length_is_refused_without_being_repeated() {
    let fault = http(&config("tooshortbutsecret")).err().unwrap().to_string();
    assert!(fault.contains("32") && !fault.contains("tooshort"), "{fault}");
    assert!(crate::receivers::misshapen("32 characters", "tooshort").is_some());
    assert_eq!(crate::receivers::misshapen("32 characters", ROUTING_KEY), None);
}

#[test]
fn a_key_that_would_travel_in_the_clear_is_named() {
    let found = faults("kind = \"pagerduty\"\nbase_url = \"http://events.example\"");
    assert_eq!(found, [("base_url", "the routing key is sent in the clear to \"base_url\"".to_owned())]);
    assert_eq!(faults("kind = \"pagerduty\"\nbase_url = \"https://events.example\""), []);
}
