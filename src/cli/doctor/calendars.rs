//! The calendars of rotations: each is read once, as the program would.

use std::sync::Arc;

use orszem_core::oncall::Roster;
use orszem_core::oncall::import::{self, Wanted};
use orszem_core::settings::Config;
use orszem_notify::{Calendar, HttpCalendar, Outgoing};
use orszem_records::ledger::ByWhom;
use orszem_records::team::shifts::CalendarShifts;
use orszem_records::team::{Change, Record};
use orszem_records::time::Timestamp;
use orszem_runtime::clock;
use orszem_runtime::probe::{Finding, at_once};

/// The findings for each calendar, in the order of the configuration.
pub(super) async fn check(config: &Config) -> Vec<Finding> {
    // A fault of `[network]` is told beside the receivers.
    let Ok(outgoing) = Outgoing::new(&config.network) else { return Vec::new() };
    let config = Arc::new(config.clone());
    let named = config.rotations.iter().filter(|rotation| rotation.calendar.is_some());
    let names: Vec<String> = named.map(|rotation| rotation.name.clone()).collect();
    at_once(names.into_iter().map(|name| one(Arc::clone(&config), name, outgoing.clone()))).await
}

async fn one(config: Arc<Config>, rotation: String, outgoing: Outgoing) -> Finding {
    let settings = config.rotation(&rotation).and_then(|rotation| rotation.calendar.as_ref());
    let made = settings.map(|settings| HttpCalendar::new(settings, &outgoing));
    let rotation = &*rotation;
    let calendar = match made {
        Some(Ok(calendar)) => calendar,
        Some(Err(fault)) => return Finding::broken(rotation, fault.to_string(), "correct it in the configuration"),
        None => return Finding::skipped(rotation, "it has no calendar"),
    };
    let now = clock::now();
    let read = match calendar.fetch(None).await {
        Ok(fetched) => {
            import::read(&fetched.body, &Wanted::at(now, &config, rotation)).map_err(|fault| fault.to_string())
        }
        Err(reason) => Err(reason),
    };
    match read {
        Ok(read) => told(&config, rotation, read, now),
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
    let first = read.faults.first().cloned();
    let shifts = read.shifts.len();
    let mut roster = Roster::new(config);
    let change = Change::CalendarShifts(read);
    roster.record([&Record { id: rotation.to_owned(), at: now, by: ByWhom::new("orszem", "doctor"), change }]);
    let on_call = match roster.on_call(rotation, now).as_slice() {
        [] => "nobody".to_owned(),
        people => people.join(", "),
    };
    let what = format!("{shifts} shifts from 31 days ago to 400 days ahead; on call now: {on_call}");
    match first {
        None => Finding::works(rotation, what),
        Some(first) => Finding::warning(
            rotation,
            format!(
                "{what}; {faults} of its events cannot be taken as they stand, first {:?} ({})",
                first.event,
                first.fault.name()
            ),
            "docs/oncall.md says how people and times are found in a calendar",
        ),
    }
}
