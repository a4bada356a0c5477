//! New addresses of calendars.

use serde::{Deserialize, Serialize};

use super::{Change, Record};
use crate::ledger::ByWhom;
use crate::time::Timestamp;

/// A calendar of shifts has a new address: those that were given out before open nothing any more. The newest one of a
/// calendar counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CalendarRenewed {
    /// Which: `person/anna`, `rotation/press`.
    pub calendar: String,
}

impl CalendarRenewed {
    /// The record that renews a calendar. Its id is the calendar: the newest one stays.
    pub fn record(calendar: &str, at: Timestamp, by: ByWhom) -> Record {
        let change = Change::CalendarRenewed(CalendarRenewed { calendar: calendar.to_owned() });
        Record { id: calendar.to_owned(), at, by, change }
    }
}
