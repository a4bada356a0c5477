//! What the view keeps, in which order, and what it drops.

use super::*;
use crate::fixture::{acknowledged, entry, resolved, signal};
use orszem_records::ledger::ByWhom;
use proptest::prelude::*;

fn open(view: &View, watch: &str, n: u64, at: i64) {
    let mut signal = signal(Phase::Opened);
    signal.opened_at = Timestamp(at);
    view.apply(&entry(watch, n, Event::Signal(Box::new(signal))));
}

fn close(view: &View, watch: &str, n: u64, at: i64) {
    let mut signal = signal(Phase::Closed);
    signal.opened_at = Timestamp(at);
    view.apply(&entry(watch, n, Event::Signal(Box::new(signal))));
}

fn ids(list: &[Arc<Incident>]) -> Vec<&str> {
    list.iter().map(|incident| incident.id.0.as_str()).collect()
}

#[test]
fn open_incidents_come_first_and_the_newest_among_them() {
    let view = View::default();
    for (n, at) in [(1, 10), (2, 20), (3, 30), (4, 40)] {
        open(&view, "acme", n, at);
    }
    view.apply(&acknowledged("acme", 3));
    close(&view, "acme", 4, 40);
    assert_eq!(ids(&view.list(&Filter::default())), ["acme.2", "acme.1", "acme.3", "acme.4"]);
}

#[test]
fn a_filter_goes_by_state_watch_and_number() {
    let view = View::default();
    open(&view, "acme", 1, 10);
    open(&view, "acme", 2, 20);
    open(&view, "bolt", 1, 30);
    view.apply(&resolved("acme", 2));
    let list = |state, watch: Option<&str>, limit| {
        view.list(&Filter { state, watch: watch.map(str::to_owned), limit, ..Filter::default() })
            .iter()
            .map(|incident| incident.id.0.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(list(Some(State::Open), None, None), ["bolt.1", "acme.1"]);
    assert_eq!(list(Some(State::Resolved), None, None), ["acme.2"]);
    assert_eq!(list(None, Some("acme"), None), ["acme.1", "acme.2"]);
    assert_eq!(list(None, None, Some(1)), ["bolt.1"]);
    assert!(list(Some(State::Acknowledged), None, None).is_empty());
}

#[test]
fn the_oldest_closed_incident_makes_room_and_open_ones_stay() {
    let view = View::new(2);
    open(&view, "a", 1, 1);
    open(&view, "b", 1, 2);
    close(&view, "b", 1, 2);
    open(&view, "c", 1, 3);
    assert_eq!(ids(&view.list(&Filter::default())), ["c.1", "a.1"]);
    open(&view, "d", 1, 4);
    assert_eq!(ids(&view.list(&Filter::default())), ["d.1", "c.1", "a.1"]);
}

#[test]
fn what_comes_late_for_a_dropped_incident_does_not_bring_it_back() {
    let view = View::new(1);
    open(&view, "a", 1, 1);
    close(&view, "a", 1, 1);
    open(&view, "b", 1, 2);
    view.apply(&acknowledged("a", 1));
    close(&view, "a", 1, 1);
    assert!(view.get("a.1").is_none());
}

#[test]
fn an_incident_that_a_person_resolved_is_not_dropped_while_its_signals_go_on() {
    let view = View::new(1);
    open(&view, "a", 1, 1);
    view.apply(&resolved("a", 1));
    open(&view, "b", 1, 2);
    view.apply(&entry("a", 1, Event::Signal(Box::new(signal(Phase::Updated)))));
    assert_eq!(view.get("a.1").unwrap().state(), State::Resolved);
}

#[test]
fn a_thousand_updates_leave_one_line_of_history_and_the_newest_chart() {
    let view = View::default();
    open(&view, "acme", 1, 10);
    for _ in 0..1_000 {
        view.apply(&entry("acme", 1, Event::Signal(Box::new(signal(Phase::Updated)))));
    }
    let mut worse = signal(Phase::Updated);
    worse.severity = 1;
    view.apply(&entry("acme", 1, Event::Signal(Box::new(worse))));
    let incident = view.get("acme.1").unwrap();
    assert_eq!(incident.history.len(), 2);
    assert!(!incident.signal.chart.is_empty() && !incident.signal.samples.is_empty());
    for entry in &incident.history {
        let Event::Signal(signal) = &entry.event else { panic!("only signals were applied") };
        assert!(signal.chart.is_empty() && signal.samples.is_empty());
    }
}

#[test]
fn a_page_being_read_is_not_changed_under_the_reader() {
    let view = View::default();
    open(&view, "acme", 1, 10);
    let read = view.get("acme.1").unwrap();
    view.apply(&acknowledged("acme", 1));
    assert!(read.acknowledged.is_none() && view.get("acme.1").unwrap().acknowledged.is_some());
}

#[tokio::test]
async fn waiting_ends_when_the_entry_arrives_and_gives_up_when_it_does_not() {
    let view = Arc::new(View::default());
    open(&view, "acme", 1, 10);
    let acknowledge = tokio::spawn({
        let view = view.clone();
        async move {
            tokio::task::yield_now().await;
            view.apply(&acknowledged("acme", 1));
        }
    });
    assert!(view.wait_until(Duration::from_secs(60), |view| view.get("acme.1").unwrap().acknowledged.is_some()).await);
    acknowledge.await.unwrap();
    assert!(!view.wait_until(Duration::from_millis(5), |view| view.get("acme.1").unwrap().resolved.is_some()).await);
}

proptest! {
    #[test]
    fn the_view_is_bounded_and_never_loses_an_open_incident(steps in proptest::collection::vec((0_u64..12, 0_u8..4), 1..120)) {
        let view = View::new(4);
        let mut open_now = std::collections::BTreeSet::new();
        let mut ever = std::collections::BTreeSet::new();
        for (n, what) in steps {
            let at = i64::try_from(n).unwrap();
            match what {
                0 if ever.insert(n) => {
                    open(&view, "w", n, at);
                    open_now.insert(n);
                }
                1 => {
                    close(&view, "w", n, at);
                    open_now.remove(&n);
                }
                2 => view.apply(&acknowledged("w", n)),
                _ => view.apply(&entry("w", n, Event::EscalationExhausted { escalation: "e".into() })),
            }
            prop_assert!(view.list(&Filter::default()).len() <= open_now.len().max(4));
            for n in &open_now {
                prop_assert!(view.get(&format!("w.{n}")).is_some_and(|it| !it.closed), "{} is lost", n);
            }
        }
    }
}

#[test]
fn who_acted_first_is_kept() {
    let view = View::default();
    open(&view, "acme", 1, 10);
    view.apply(&acknowledged("acme", 1));
    let second = ByWhom::new("second", "api");
    view.apply(&entry("acme", 1, Event::Acknowledged(second)));
    assert_ne!(view.get("acme.1").unwrap().acknowledged.as_ref().unwrap().by.by, "second");
}
