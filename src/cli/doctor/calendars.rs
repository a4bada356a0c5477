//! The calendars of rotations: whether each can be read, and what of it cannot be taken.

use orszem_core::oncall::Roster;
use orszem_core::settings::Config;
use orszem_records::team::shifts::CalendarShifts;
use orszem_records::time::Timestamp;
use orszem_runtime::clock;
use orszem_runtime::probe::Finding;

use crate::cli::calendars::{self, Read};

/// The findings for each calendar, in the order of the configuration.
pub(super) async fn check(config: &Config) -> Vec<Finding> {
    let now = clock::now();
    let read = calendars::read(config, now).await;
    read.into_iter().map(|read| finding(config, read, now)).collect()
}

fn finding(config: &Config, (rotation, read): Read, now: Timestamp) -> Finding {
    match read {
        Ok(read) => told(config, &rotation, read, now),
        Err(reason) => {
            let fix = "open its address in a browser that is not signed in: it must give a file that begins with \
                       BEGIN:VCALENDAR";
            Finding::broken(rotation, reason, fix)
        }
    }
}

/// What was read, in a sentence.
fn told(config: &Config, rotation: &str, read: CalendarShifts, now: Timestamp) -> Finding {
    let faults = read.faults.len() + usize::try_from(read.further_faults).unwrap_or(usize::MAX);
    let first = read.faults.first().map(|first| format!("{:?} ({})", first.event, first.fault.name()));
    let shifts = read.shifts.len();
    let mut roster = Roster::new(config);
    roster.record([&calendars::record(rotation, read, now)]);
    let on_call = match roster.on_call(rotation, now).as_slice() {
        [] => "nobody".to_owned(),
        people => people.join(", "),
    };
    let what = format!("{shifts} shifts from 31 days ago to 400 days ahead; on call now: {on_call}");
    match first {
        None => Finding::works(rotation, what),
        Some(first) => Finding::warning(
            rotation,
            format!("{what}; events that cannot be taken as they stand: {faults}, the first {first}"),
            "docs/oncall.md says how people and times are found in a calendar",
        ),
    }
}
