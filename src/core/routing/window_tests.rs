//! Windows on the days when the clocks change, and against a clock that is looked at every minute.

use proptest::prelude::*;

use super::*;
use crate::cases_fixture::cases;
use crate::routing::fixture::{config, utc};
use crate::settings::calendar::{Clock, Weekday};

fn window(hours: &str) -> Window {
    let config = config(&format!("[web]\ntime_zone = \"Europe/Budapest\"\n[[hours]]\nname = \"h\"\n{hours}"));
    Windows::new(&config).get("h").unwrap().clone()
}

/// Where it begins and ends between two instants, from which on it is outside.
fn changes(window: &Window, from: &str, to: &str) -> Vec<String> {
    let (mut at, to) = (utc(from), utc(to));
    assert!(!window.is_in(at));
    let mut changes = Vec::new();
    while let Some(next) = window.next_change(at).filter(|next| *next <= to) {
        assert_ne!(window.is_in(next), window.is_in(Timestamp(next.0 - 1)), "{next}");
        changes.push(next.to_string());
        at = next;
    }
    changes
}

const AUTUMN: (&str, &str) = ("2026-10-24T10:00:00Z", "2026-10-25T10:00:00Z");
const SPRING: (&str, &str) = ("2026-03-28T10:00:00Z", "2026-03-29T10:00:00Z");

#[test]
fn case_36_half_an_hour_that_comes_twice_or_not_at_all() {
    let mute = window("from = \"02:00\"\nto = \"02:30\"\n");
    assert_eq!(
        changes(&mute, AUTUMN.0, AUTUMN.1),
        ["2026-10-25T00:00:00Z", "2026-10-25T00:30:00Z", "2026-10-25T01:00:00Z", "2026-10-25T01:30:00Z"]
    );
    assert_eq!(changes(&mute, SPRING.0, SPRING.1), [""; 0]);
    assert_eq!(mute.next_change(utc(SPRING.0)), Some(utc("2026-03-30T00:00:00Z")), "the next day again");
}

#[test]
fn case_37_an_hour_that_comes_twice_lasts_two() {
    let mute = window("from = \"02:00\"\nto = \"03:00\"\n");
    assert_eq!(changes(&mute, AUTUMN.0, AUTUMN.1), ["2026-10-25T00:00:00Z", "2026-10-25T02:00:00Z"]);
}

#[test]
fn case_38_quiet_hours_over_a_night_of_nine_hours_or_seven_last_as_long_as_the_clock_shows() {
    let quiet = window("from = \"22:00\"\nto = \"07:00\"\n");
    assert_eq!(changes(&quiet, AUTUMN.0, AUTUMN.1), ["2026-10-24T20:00:00Z", "2026-10-25T06:00:00Z"]);
    assert_eq!(changes(&quiet, SPRING.0, SPRING.1), ["2026-03-28T21:00:00Z", "2026-03-29T05:00:00Z"]);
}

#[test]
fn case_34_and_35_a_mute_time_is_half_open() {
    let mute = window("from = \"00:00\"\nto = \"06:00\"\n");
    // 02:00, 06:00 and 23:50 in Budapest.
    assert!(mute.is_in(utc("2026-06-10T00:00:00Z")));
    assert!(mute.is_in(utc("2026-06-10T03:59:59.999Z")) && !mute.is_in(utc("2026-06-10T04:00:00Z")));
    assert_eq!(mute.next_change(utc("2026-06-10T00:00:00Z")), Some(utc("2026-06-10T04:00:00Z")));
    assert!(!mute.is_in(utc("2026-06-10T21:50:00Z")) && mute.is_in(utc("2026-06-10T22:00:00Z")));
}

#[test]
fn case_39_and_40_working_hours_without_a_zone_go_by_that_of_the_configuration() {
    let days = "weekdays = [\"monday\", \"tuesday\", \"wednesday\", \"thursday\", \"friday\"]\n";
    let hours = format!("{days}from = \"09:00\"\nto = \"17:00\"\n");
    assert_eq!(
        changes(&window(&hours), "2026-03-27T20:00:00Z", "2026-03-30T20:00:00Z"),
        ["2026-03-30T07:00:00Z", "2026-03-30T15:00:00Z"],
        "Monday, and by the clock of the summer"
    );
    let of = |sections: &str| {
        let config = config(&format!("{sections}\n[[hours]]\nname = \"h\"\n{hours}"));
        Windows::new(&config).get("h").unwrap().next_change(utc("2026-06-10T00:00:00Z")).unwrap().to_string()
    };
    assert_eq!(of("[detect]\ntime_zone = \"Europe/Budapest\""), "2026-06-10T07:00:00Z");
    assert_eq!(
        of("[detect]\ntime_zone = \"Asia/Tokyo\"\n[web]\ntime_zone = \"Europe/Lisbon\""),
        "2026-06-10T08:00:00Z"
    );
}

#[test]
fn a_night_belongs_to_the_day_on_which_it_begins_and_spans_add_up() {
    let weekend = window(
        "weekdays = [\"friday\"]\nfrom = \"22:00\"\nto = \"06:00\"\n[[hours.span]]\nweekdays = [\"saturday\", \
         \"sunday\"]\n[[hours.span]]\nweekdays = [\"monday\"]\nto = \"01:00\"\n",
    );
    assert_eq!(
        changes(&weekend, "2026-06-10T10:00:00Z", "2026-06-17T10:00:00Z"),
        ["2026-06-12T20:00:00Z", "2026-06-14T23:00:00Z"]
    );
    let always = window("");
    assert!(always.is_in(utc("2026-06-10T10:00:00Z")));
    assert_eq!(always.next_change(utc("2026-06-10T10:00:00Z")), None);
}

#[test]
fn a_day_that_a_zone_left_out_is_no_friday() {
    let friday = window("weekdays = [\"friday\"]\ntime_zone = \"Pacific/Apia\"\n");
    assert_eq!(
        friday.next_change(utc("2011-12-29T00:00:00Z")),
        Some(utc("2012-01-05T10:00:00Z")),
        "30 December 2011 was left out in Samoa"
    );
}

const ZONES: [&str; 6] = [
    "Europe/Budapest",
    "America/St_Johns",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Asia/Kathmandu",
    "America/Sao_Paulo",
];

proptest! {
    #![proptest_config(cases(10_000))]
    #[test]
    fn the_next_change_is_the_first_that_a_look_at_every_minute_finds(
        zone in 0..ZONES.len(),
        spans in prop::collection::vec((0_u16..1440, 1_u16..=1440, 1_u8..128), 1..3),
        // From 2009 on: Brazil changed its clocks at midnight until 2019.
        start in 20_400_000_i64..29_700_000,
    ) {
        let spans = spans.into_iter().map(|(from, to, days)| Hours {
            weekdays: Weekday::ALL.into_iter().filter(|day| days & (1 << day.index()) != 0).collect(),
            from: Clock(from),
            to: Clock(to),
        });
        let window = Window { zone: zone::named(Some(ZONES[zone])), spans: spans.collect() };
        let minute = |n: i64| Timestamp((start + n) * 60_000);
        let found = window.next_change(minute(0));
        let looked = (1..8 * 1440).map(minute).find(|at| window.is_in(*at) != window.is_in(minute(0)));
        match looked {
            Some(at) => prop_assert_eq!(found, Some(at)),
            None => prop_assert!(found.is_none_or(|at| at >= minute(8 * 1440))),
        }
    }
}
