use super::*;
use crate::settings::span::Span;
use proptest::prelude::*;

fn escalation(repeat: u32, minutes: &[u64]) -> Escalation {
    let step = |minutes: &u64| Step {
        receivers: vec!["a".into()],
        acknowledge_within: Span::from_secs(minutes * 60),
        ..Step::default()
    };
    Escalation { name: "e".into(), repeat, steps: minutes.iter().map(step).collect(), ..Escalation::default() }
}

fn at(minutes: i64) -> Timestamp {
    Timestamp(minutes * 60_000)
}

fn place(round: u32, step: u32) -> Place {
    Place { route: 0, round, step }
}

#[test]
fn steps_follow_each_other_and_rounds_too() {
    let escalation = escalation(1, &[5, 10]);
    let on_time = |_, due| Calls { begun: Some(due), ..Calls::default() };
    let places = |now| timetable((0, &escalation), at(0), now, on_time);
    assert_eq!(places(at(0)).due, [(place(0, 0), at(0))]);
    assert_eq!(places(at(0)).next, Some(at(5)));
    assert_eq!(places(at(5).plus(-1)).due.len(), 1);
    assert_eq!(places(at(5)).due, [(place(0, 0), at(0)), (place(0, 1), at(5))]);
    assert_eq!(places(at(15)).due.last(), Some(&(place(1, 0), at(15))));
    assert_eq!(places(at(20)).due.last(), Some(&(place(1, 1), at(20))));
    assert_eq!(places(at(20)).next, Some(at(30)));
    assert!(!places(at(30).plus(-1)).exhausted);
    assert!(places(at(30)).exhausted);
    assert_eq!(places(at(30)).next, None);
}

#[test]
fn a_step_that_was_made_late_has_its_time_in_full() {
    let escalation = escalation(0, &[5, 10]);
    let calls = |place: Place, _| match place.step {
        0 => Calls { begun: Some(at(0)), ..Calls::default() },
        _ => Calls { begun: Some(at(60)), ..Calls::default() },
    };
    let timetable = timetable((0, &escalation), at(0), at(61), calls);
    assert_eq!(timetable.next, Some(at(70)));
}

#[test]
fn a_step_that_failed_everywhere_is_left_at_once() {
    let escalation = escalation(0, &[5, 10]);
    let calls =
        |place: Place, due| Calls { begun: Some(due), failed: (place.step == 0).then_some(at(1)), ..Calls::default() };
    let timetable = timetable((0, &escalation), at(0), at(2), calls);
    assert_eq!(timetable.due, [(place(0, 0), at(0)), (place(0, 1), at(1))]);
    assert_eq!(timetable.next, Some(at(11)));
}

#[test]
fn a_failed_round_is_not_repeated_before_its_time() {
    let escalation = escalation(2, &[5, 10]);
    let refused = |_, due: Timestamp| Calls { begun: Some(due), failed: Some(due), ..Calls::default() };
    assert_eq!(timetable((0, &escalation), at(0), at(0), refused).next, Some(at(15)));
    assert_eq!(timetable((0, &escalation), at(0), at(15), refused).due.len(), 4);
    assert!(timetable((0, &escalation), at(0), at(30), refused).exhausted);
}

#[test]
fn steps_of_no_time_do_not_spin() {
    let escalation = escalation(u32::MAX, &[0]);
    let timetable = timetable((0, &escalation), at(0), at(1), |_, due| Calls {
        begun: Some(due),
        failed: Some(due),
        ..Calls::default()
    });
    assert_eq!(timetable.due.len(), 61);
}

proptest! {
    #[test]
    fn nothing_is_due_before_its_time_and_the_next_lies_ahead(
        repeat in 0u32..3, minutes in prop::collection::vec(0u64..20, 0..4), now in 0i64..200, late in 0i64..10, fail: u8,
    ) {
        let escalation = escalation(repeat, &minutes);
        let calls = |place: Place, due: Timestamp| Calls {
            begun: Some(due.plus(late * 60_000)),
            failed: (fail >> (place.step % 8) & 1 == 1).then_some(due.plus(30_000)),
            ..Calls::default()
        };
        let timetable = timetable((0, &escalation), at(0), at(now), calls);
        prop_assert!(timetable.due.is_sorted_by(|a, b| a.0 < b.0 && a.1 <= b.1));
        prop_assert!(timetable.due.iter().all(|(_, due)| *due <= at(now)));
        prop_assert!(timetable.next.is_none_or(|next| next > at(now)));
        prop_assert_eq!(timetable.exhausted, timetable.next.is_none());
    }
}
