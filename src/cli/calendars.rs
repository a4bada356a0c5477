//! The calendars of rotations, read once, as the program would.

use std::sync::Arc;

use orszem_core::oncall::import::{self, Wanted};
use orszem_core::settings::Config;
use orszem_notify::{Calendar, HttpCalendar, Outgoing};
use orszem_records::ledger::ByWhom;
use orszem_records::team::shifts::CalendarShifts;
use orszem_records::team::{Change, Record};
use orszem_records::time::Timestamp;
use orszem_runtime::probe::at_once;

/// What was read of the calendar of a rotation, by the rotation's name; or why nothing was.
pub(super) type Read = (String, Result<CalendarShifts, String>);

/// Reads all calendars of a configuration, in its order.
pub(super) async fn read(config: &Config, now: Timestamp) -> Vec<Read> {
    let config = Arc::new(config.clone());
    let named = config.rotations.iter().filter(|rotation| rotation.calendar.is_some());
    let names: Vec<String> = named.map(|rotation| rotation.name.clone()).collect();
    let reads = names.into_iter().map(|name| {
        let config = Arc::clone(&config);
        async move {
            let read = one(&config, &name, now).await;
            (name, read)
        }
    });
    at_once(reads).await
}

async fn one(config: &Config, rotation: &str, now: Timestamp) -> Result<CalendarShifts, String> {
    let outgoing = Outgoing::new(&config.network).map_err(|fault| format!("[network] {fault}"))?;
    let settings = config.rotation(rotation).and_then(|rotation| rotation.calendar.as_ref());
    let settings = settings.ok_or_else(|| "it has no calendar".to_owned())?;
    let calendar = HttpCalendar::new(settings, &outgoing).map_err(|fault| fault.to_string())?;
    let fetched = calendar.fetch(None).await?;
    import::read(&fetched.body, &Wanted::at(now, config, rotation)).map_err(|fault| fault.to_string())
}

/// The record that the program would write of what was read.
pub(super) fn record(rotation: &str, read: CalendarShifts, now: Timestamp) -> Record {
    let change = Change::CalendarShifts(read);
    Record { id: rotation.to_owned(), at: now, by: ByWhom::new("orszem", "calendar"), change }
}
