//! What holds for any rotation, zone and moment.

use std::collections::BTreeSet;

use orszem_records::time::Timestamp;
use proptest::prelude::*;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};

use super::random_fixture::{config, question};
use super::{Roster, Shift};
use crate::cases_fixture::cases;

const DAY_MS: i64 = 86_400_000;
const DAYS: i64 = 400;
/// 2026-03-01T00:00:00Z.
const START: Timestamp = Timestamp(1_772_323_200_000);

/// Two who take turns each day.
fn daily(zone: &str, minute: usize) -> Roster {
    let handover = format!("{:02}:{:02}", minute / 60, minute % 60);
    let layer = json!({
        "shift": "daily", "every": 1, "by": "clock", "handover": handover, "weekday": "monday", "active": [],
        "count": "all", "stretches": [{ "from": "2026-01-01 00:00", "members": [["anna"], ["bela"]] }],
    });
    Roster::new(&config(&json!({ "zone": zone, "layers": [layer], "overrides": [] })))
}

/// Checks that shifts of one person follow one another without gap or overlap, and that each moment says the same.
fn tile(roster: &Roster, from: Timestamp, to: Timestamp) -> Vec<Shift> {
    let shifts = roster.shifts("r", from, to);
    assert_eq!((shifts[0].from, shifts[shifts.len() - 1].to), (from, to));
    for pair in shifts.windows(2) {
        assert!(pair[0].to == pair[1].from && pair[0].person != pair[1].person, "{pair:?}");
    }
    for shift in &shifts {
        assert!(shift.from < shift.to, "{shift:?}");
        for at in [shift.from, shift.to.plus(-1)] {
            assert_eq!(roster.on_call("r", at), std::slice::from_ref(&shift.person), "{at}");
        }
    }
    shifts
}

/// The moments of the 400 days at which the clock of a zone is turned, and by what: zones with the same ones behave
/// alike.
fn turns(zone: &jiff::tz::TimeZone) -> Vec<(i64, i32)> {
    let start = jiff::Timestamp::from_millisecond(START.0).unwrap();
    let turns = zone.following(start).map(|turn| (turn.timestamp().as_millisecond(), turn.offset().seconds()));
    turns.take_while(|(at, _)| *at < START.plus(DAYS * DAY_MS).0).collect()
}

#[test]
fn shifts_of_400_days_tile_time_in_every_zone_of_the_database() {
    let mut zones = 0;
    for (number, name) in jiff::tz::db().available().enumerate() {
        let name = name.as_str();
        let roster = daily(name, number * 37 % 1440);
        let shifts = tile(&roster, START, START.plus(DAYS * DAY_MS));
        let days = i64::try_from(shifts.len()).unwrap();
        assert!((DAYS..=DAYS + 2).contains(&days), "{name}: {days} shifts");
        zones += 1;
    }
    assert!(zones > 400, "{zones} zones are not the database");
}

#[test]
fn shifts_tile_time_at_every_hand_over_time_when_clocks_are_turned() {
    let mut seen = BTreeSet::new();
    for name in jiff::tz::db().available() {
        let turns = turns(&jiff::tz::TimeZone::get(name.as_str()).unwrap());
        if turns.is_empty() || !seen.insert(turns.clone()) {
            continue;
        }
        for minute in 0..1440 {
            let roster = daily(name.as_str(), minute);
            for (at, _) in &turns {
                let shifts = tile(&roster, Timestamp(at - 2 * DAY_MS), Timestamp(at + 2 * DAY_MS));
                assert!((4..=6).contains(&shifts.len()), "{} {minute}: {shifts:?}", name.as_str());
            }
        }
    }
    assert!(seen.len() > 15, "{} ways to turn clocks are not all", seen.len());
}

/// A day that an island skipped, and one that it had twice.
#[test]
fn hand_overs_of_a_day_that_is_missing_are_made_at_once() {
    let layer = |shift: &str, every: u32| {
        json!({
            "shift": shift, "every": every, "by": "clock", "handover": "09:00", "weekday": "monday", "active": [],
            "count": "all", "stretches": [{ "from": "2011-12-27 00:00", "members": [["anna"], ["bela"], ["csilla"]] }],
        })
    };
    for (shift, every) in [("daily", 1), ("hours", 1), ("hours", 6), ("weekly", 1)] {
        let question = json!({ "zone": "Pacific/Apia", "layers": [layer(shift, every)], "overrides": [] });
        let roster = Roster::new(&config(&question));
        let from = Timestamp(1_324_980_000_000);
        for shift in roster.shifts("r", from, from.plus(10 * DAY_MS)) {
            assert!(shift.from < shift.to);
            for at in [shift.from, shift.to.plus(-1)] {
                assert_eq!(roster.on_call("r", at), std::slice::from_ref(&shift.person), "{every} {at}");
            }
        }
    }
}

/// Hours that begin at 02:30 on the morning on which the clock jumps from 02:00 to 03:00: they begin half an hour after
/// the jump, and who asks in that half hour hears of it.
#[test]
fn hours_that_begin_at_a_time_that_is_missing_are_announced_after_the_jump_too() {
    let layer = |active: Value, member: &str| {
        json!({
            "shift": "daily", "every": 1, "by": "clock", "handover": "00:00", "weekday": "monday", "active": active,
            "count": "all", "stretches": [{ "from": "2026-01-01 00:00", "members": [[member]] }],
        })
    };
    let hours = json!([{ "weekdays": [], "from": "02:30", "to": "12:00" }]);
    let layers = [layer(json!([]), "anna"), layer(hours, "bela")];
    let roster = Roster::new(&config(&json!({ "zone": "Europe/Budapest", "layers": layers, "overrides": [] })));
    let at = |text: &str| Timestamp(text.parse::<jiff::Timestamp>().unwrap().as_millisecond());
    for asked in ["2026-03-29T00:59:00Z", "2026-03-29T01:00:00Z", "2026-03-29T01:20:00Z"] {
        assert_eq!(roster.on_call("r", at(asked)), ["anna"]);
        assert_eq!(roster.next_change("r", at(asked)), Some(at("2026-03-29T01:30:00Z")), "{asked}");
    }
    assert_eq!(roster.on_call("r", at("2026-03-29T01:30:00Z")), ["bela"]);
}

proptest! {
    #![proptest_config(cases(10_000))]

    #[test]
    fn lists_changes_and_moments_say_the_same(seed in any::<u64>(), zone in 0_usize..6, second in 1_262_304_000_i64..1_893_456_000) {
        let zone = ["Europe/Budapest", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Gaza", "UTC"][zone];
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let question = question(&mut random, zone, jiff::Timestamp::from_second(second).unwrap());
        let roster = Roster::new(&config(&question));
        let at = Timestamp(question["at"].as_i64().unwrap());
        let sorted = |mut who: Vec<String>| { who.sort(); who };
        let who = |at: Timestamp| sorted(roster.on_call("r", at));
        let (from, to) = (at.plus(-3 * DAY_MS), at.plus(3 * DAY_MS));
        let (shifts, gaps) = (roster.shifts("r", from, to), roster.gaps("r", from, to));
        let hand_overs = roster.hand_overs("r", from, to);
        // A calendar goes back to where shifts began, and takes longer.
        let events = (seed % 16 == 0).then(|| super::ical::events(&roster, "r", from, to));
        let events = events.as_deref();
        let names: BTreeSet<&str> = events.into_iter().flatten().map(|event| event.uid.as_str()).collect();
        prop_assert_eq!(names.len(), events.map_or(0, <[_]>::len));
        let listed = |at: Timestamp| -> Vec<String> {
            sorted(shifts.iter().filter(|it| it.from <= at && at < it.to).map(|it| it.person.clone()).collect())
        };
        let is_gap = |at: Timestamp| gaps.iter().any(|gap| gap.from <= at && at < gap.to);
        for at in (0..72).map(|hour| from.plus(hour * 7_200_000 + i64::try_from(seed % 7_200_000).unwrap())) {
            prop_assert_eq!(who(at), listed(at));
            prop_assert_eq!(is_gap(at), who(at).is_empty());
            if let Some(events) = events {
                let in_calendar = events.iter().filter(|it| it.from <= at && at < it.to);
                prop_assert_eq!(who(at), sorted(in_calendar.map(|it| it.person.clone()).collect()));
            }
        }
        for hand_over in &hand_overs {
            prop_assert_ne!(who(hand_over.at.plus(-1)), who(hand_over.at));
            prop_assert_eq!(who(hand_over.at), listed(hand_over.at));
        }
        // Each change leads to the next one, and there are no others.
        let mut change = from;
        for hand_over in &hand_overs {
            let next = roster.next_change("r", change);
            prop_assert_eq!(next, Some(hand_over.at));
            change = hand_over.at;
        }
        prop_assert!(roster.next_change("r", change).is_none_or(|next| next >= to));
    }
}
