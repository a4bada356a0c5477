//! Receivers that fail, each in a way of its own: every page arrives where it can, once, and the ledger says what came
//! of it.

use orszem_records::ledger::{Action, Delivery, Entry, Event, Outcome};

use crate::support::doubles::{Answer, Pagerduty, Slack, Webhook};
use crate::support::kafka::{self, Kafka};
use crate::support::setup::Setup;
use crate::support::wait;

use super::stream;

/// What came of the calls, in the order of the ledger.
fn outcomes(kafka: &Kafka) -> Vec<Outcome> {
    let entries = kafka.read("faults.ledger");
    let entries = entries.iter().map(|record| serde_json::from_str::<Entry>(&record.text()).expect("an entry"));
    entries.filter_map(|entry| if let Event::Outcome(outcome) = entry.event { Some(outcome) } else { None }).collect()
}

fn of(outcomes: &[Outcome], receiver: &str) -> Vec<Delivery> {
    outcomes.iter().filter(|outcome| outcome.receiver == receiver).map(|outcome| outcome.result.clone()).collect()
}

/// Whether it failed at first with `reason` in the words, and then was accepted.
fn mended(outcomes: &[Outcome], receiver: &str, reason: &str) -> bool {
    let of = of(outcomes, receiver);
    matches!(&of[..], [Delivery::Retry { reason: told, .. }, Delivery::Accepted { .. }] if told.contains(reason))
}

#[test]
fn each_receiver_fails_in_its_own_way_and_stops_no_other() {
    let kafka = kafka::shared();
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let (broken, limited, gone, busy, forgetful, hanging) = runtime.block_on(async {
        let (broken, limited, gone) = (Slack::start().await, Slack::start().await, Slack::start().await);
        (broken, limited, gone, Pagerduty::start().await, Pagerduty::start().await, Webhook::start().await)
    });
    broken.script(vec![Answer::Status(500, "oops".into())]);
    limited.script(vec![Answer::NotOk("ratelimited".into())]);
    gone.script(vec![Answer::NotOk("channel_not_found".into())]);
    busy.script(vec![Answer::TooMany(1)]);
    forgetful.script(vec![Answer::DoAndHang]);
    hanging.script(vec![Answer::Hang; 20]);
    let setup = Setup::for_crisis("faults")
        .webhook("hanging", &hanging)
        .slack("broken", &broken)
        .slack("limited", &limited)
        .slack("gone", &gone)
        .pagerduty("busy", &busy)
        .pagerduty("forgetful", &forgetful)
        .step(&["hanging", "broken", "limited", "gone", "busy", "forgetful"], "1h")
        .with(
            "[respond]\ntimeout = \"10s\"\nretry_first = \"100ms\"\nretry_longest = \"1s\"\nretry_limit = 2\n\
             update_interval = \"1d\"\n",
        );
    let (_home, mut orszem) = setup.start();
    setup.deliver_crisis(kafka, |_, _| {});
    wait::holds("the hanging receiver is given up", stream::THROUGH, || {
        let outcomes = outcomes(kafka);
        of(&outcomes, "hanging").len() == 2 && of(&outcomes, "forgetful").len() == 2
    });

    let incidents = stream::incidents(kafka, "faults");
    assert_eq!(incidents.len(), 1, "{incidents:?}");
    let incident = incidents.values().next().expect("an incident");
    let key = incident.id.dedup_key();
    assert!(incident.messages.iter().all(|message| message.attempt.action == Action::Trigger), "{incident:?}");
    let outcomes = outcomes(kafka);

    // What comes of it is in the ledger, with its reason.
    assert!(mended(&outcomes, "broken", "500"), "{outcomes:?}");
    assert!(mended(&outcomes, "limited", "ratelimited"), "{outcomes:?}");
    assert!(mended(&outcomes, "busy", "429"), "{outcomes:?}");
    assert!(mended(&outcomes, "forgetful", "no answer"), "{outcomes:?}");
    let refused = of(&outcomes, "gone");
    assert!(
        matches!(&refused[..], [Delivery::Failed { reason }] if reason.contains("channel_not_found")),
        "{refused:?}"
    );
    let silent = of(&outcomes, "hanging");
    assert!(
        silent.iter().all(|outcome| matches!(outcome, Delivery::Retry { reason, .. } if reason.contains("no answer"))),
        "{silent:?}"
    );
    let asked = of(&outcomes, "busy");
    assert!(matches!(asked[0], Delivery::Retry { after_ms: Some(1000), .. }), "{asked:?}");

    // Nobody waited for the one that hangs: all others were done before its first try was.
    let first_hang = outcomes.iter().position(|outcome| outcome.receiver == "hanging").expect("an outcome");
    for receiver in ["broken", "limited", "gone", "busy"] {
        let last = outcomes.iter().rposition(|outcome| outcome.receiver == receiver).expect("an outcome");
        assert!(last < first_hang, "{receiver} waited for the receiver that hangs: {outcomes:?}");
    }

    // Each page is there once, and Retry-After was kept.
    assert_eq!([&broken, &limited, &gone].map(|slack| slack.pages().len()), [1, 1, 0]);
    assert_eq!([&broken, &limited, &gone].map(|slack| slack.requests().len()), [2, 2, 1]);
    for pager in [&busy, &forgetful] {
        let incidents = pager.incidents();
        assert_eq!(incidents.iter().map(|incident| &incident.dedup_key).collect::<Vec<_>>(), [&key]);
        assert_eq!(pager.faults(), Vec::<String>::new());
    }
    assert_eq!(forgetful.incidents()[0].updates, 1, "the second try opened nothing");
    let times: Vec<_> = busy.requests().iter().map(|request| request.at).collect();
    let between = times[1].duration_since(times[0]).expect("in order");
    assert!(between.as_millis() >= 1000, "tried again after {between:?}");
    assert_eq!(hanging.requests().len(), 2);
    let ids: Vec<_> = hanging.requests().iter().map(|request| request.headers["webhook-id"].clone()).collect();
    assert_eq!(ids[0], ids[1], "a retry is the same message");
    // It is stopped in good time with nothing left to do.
    assert!(orszem.terminate(wait::LONG).success());
}
