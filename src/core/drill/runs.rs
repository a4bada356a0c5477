//! The runs of a drill: one, or one every few days at the same time by the clock on the wall.

use jiff::ToSpan;
use jiff::civil::DateTime;
use orszem_records::team::drill::DrillScheduled;
use orszem_records::time::{Timestamp, zone};

/// How late a drill may begin, in ms: an hour. Where nobody was at work to begin it by then, it is left out: a drill at
/// another time than was planned is no drill any more.
pub const LATE_MS: i64 = 3_600_000;

/// One run of a drill.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    /// Its number, from 1.
    pub number: u32,
    /// When it begins.
    pub begins: Timestamp,
}

/// The newest run that was to begin by `now`; `None` before the first.
pub fn begun(drill: &DrillScheduled, now: Timestamp) -> Option<Run> {
    let before = coming(drill, now).map_or(u32::MAX, |next| next.number) - 1;
    let newest = if drill.every_days.is_none() { before.min(1) } else { before };
    run(drill, newest)
}

/// The first run that begins after `now`; `None` where there is none.
pub fn coming(drill: &DrillScheduled, now: Timestamp) -> Option<Run> {
    if now < drill.begins {
        return run(drill, 1);
    }
    let apart_ms = i64::from(drill.every_days?.max(1)) * 24 * 3_600_000;
    // By days of 24 hours run `guess` + 1 began last. In summer those of a drill that was planned in winter begin an
    // hour earlier: it may be one more, and the next one is after that.
    let guess = u32::try_from(now.since(drill.begins) / apart_ms).ok()?.max(1);
    (guess..guess.saturating_add(4)).filter_map(|number| run(drill, number)).find(|run| run.begins > now)
}

fn run(drill: &DrillScheduled, number: u32) -> Option<Run> {
    let nth = number.checked_sub(1)?;
    if nth == 0 {
        return Some(Run { number, begins: drill.begins });
    }
    let days = i64::from(nth).checked_mul(i64::from(drill.every_days?.max(1)))?;
    let zone = zone::named(drill.time_zone.as_deref());
    let first = jiff::Timestamp::from_millisecond(drill.begins.0).ok()?;
    let local: DateTime = zone.to_datetime(first).checked_add(days.days()).ok()?;
    let begins = zone.to_ambiguous_timestamp(local).compatible().ok()?;
    Some(Run { number, begins: Timestamp(begins.as_millisecond()) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use orszem_records::team::drill::Course;
    use proptest::prelude::*;

    fn at(text: &str) -> Timestamp {
        Timestamp(text.parse::<jiff::Timestamp>().unwrap().as_millisecond())
    }

    fn drill(begins: Timestamp, every_days: Option<u32>) -> DrillScheduled {
        let (watch, scenario) = ("acme".to_owned(), "outage".to_owned());
        let time_zone = Some("Europe/Budapest".to_owned());
        DrillScheduled { watch, scenario, begins, every_days, time_zone, announce: false, course: Course::default() }
    }

    #[test]
    fn it_runs_at_the_same_time_by_the_clock_also_when_the_clocks_changed() {
        let weekly = drill(at("2026-03-22T09:00:00Z"), Some(7));
        let of = |run: Option<Run>| run.map(|run| (run.number, run.begins.to_string()));
        assert_eq!(of(coming(&weekly, at("2026-03-23T00:00:00Z"))), Some((2, "2026-03-29T08:00:00Z".into())));
        assert_eq!(of(begun(&weekly, at("2026-03-29T08:00:00Z"))), Some((2, "2026-03-29T08:00:00Z".into())));
        assert_eq!(of(begun(&weekly, at("2026-03-29T07:59:59Z"))), Some((1, "2026-03-22T09:00:00Z".into())));
        assert_eq!(begun(&weekly, at("2026-03-22T08:59:59Z")), None);
    }

    #[test]
    fn a_drill_that_was_planned_in_winter_begins_in_summer_too() {
        // In the hour after its beginning no next run was found, so that none began: from the third on none ran.
        let weekly = drill(at("2026-01-04T09:00:00Z"), Some(7));
        for (now, number) in [("2026-07-05T08:00:00Z", 27), ("2026-07-05T08:59:59Z", 27), ("2026-07-05T09:00:00Z", 27)]
        {
            let begins = Some("2026-07-05T08:00:00Z".to_owned());
            let begun = begun(&weekly, at(now));
            assert_eq!((begun.map(|run| run.number), begun.map(|run| run.begins.to_string())), (Some(number), begins));
            assert_eq!(coming(&weekly, at(now)).map(|run| run.number), Some(number + 1), "{now}");
        }
    }

    #[test]
    fn one_without_a_repetition_runs_once() {
        let once = drill(at("2026-03-22T09:00:00Z"), None);
        assert_eq!(coming(&once, at("2026-03-22T09:00:00Z")), None);
        assert_eq!(begun(&once, at("2027-03-22T09:00:00Z")).unwrap().number, 1);
    }

    proptest! {
        #[test]
        fn every_moment_is_between_the_run_before_and_the_next(begins in 0_i64..4_000_000_000, days in 1_u32..400, after in 0_i64..400_000_000) {
            let drill = drill(Timestamp(1000 * begins), Some(days));
            let now = drill.begins.plus(1000 * after);
            let (before, next) = (begun(&drill, now).unwrap(), coming(&drill, now).unwrap());
            prop_assert!(before.begins <= now && now < next.begins);
            prop_assert_eq!(before.number + 1, next.number);
        }
    }
}
