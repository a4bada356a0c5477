//! The shifts of a rotation, as a calendar that others keep says them.

use serde::{Deserialize, Serialize};

use super::RosterShift;
use crate::time::Timestamp;

/// What was read from the calendar of a rotation. Its record has the name of the rotation as its id: the newest one
/// holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CalendarShifts {
    /// The rotation's name.
    pub rotation: String,
    /// In order of time. Nobody is in a shift whose person is not known.
    pub shifts: Vec<RosterShift>,
    /// What could not be taken from it as it stands there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub faults: Vec<CalendarFault>,
    /// Faults beyond those.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub further_faults: u32,
}

/// Something in a calendar that could not be taken as it stands there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CalendarFault {
    /// What is wrong with it.
    pub fault: FaultKind,
    /// What the event is called; shortened.
    pub event: String,
    /// When the first shift begins that it concerns, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Timestamp>,
}

/// What is wrong with an event of a calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FaultKind {
    /// It names nobody of the configuration: nobody is in its shifts.
    UnknownPerson,
    /// It names somebody by a name that several people have: they are not in its shifts.
    SeveralOfThatName,
    /// Its time zone is not known: it counts for nothing.
    UnknownZone,
    /// It has no time at which it begins, or none that can be read: it counts for nothing.
    NoTime,
    /// It is over when it begins: it counts for nothing.
    NoLength,
    /// Its rule of repetition cannot be followed: it counts for nothing.
    UnreadRule,
}

impl FaultKind {
    /// As it is written.
    pub const fn name(self) -> &'static str {
        match self {
            FaultKind::UnknownPerson => "unknown-person",
            FaultKind::SeveralOfThatName => "several-of-that-name",
            FaultKind::UnknownZone => "unknown-zone",
            FaultKind::NoTime => "no-time",
            FaultKind::NoLength => "no-length",
            FaultKind::UnreadRule => "unread-rule",
        }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the form that serde asks for")]
fn is_zero(number: &u32) -> bool {
    *number == 0
}

#[cfg(test)]
mod tests {
    use crate::ledger::ByWhom;
    use crate::team::{Change, Record};

    #[test]
    fn shifts_of_a_calendar_are_written_flat_and_read_back() {
        let json = r#"{"id":"press","at":1,"by":"orszem","via":"calendar","change":"calendar-shifts","rotation":"press","shifts":[{"from":0,"to":9,"people":["anna"]},{"from":9,"to":12,"people":[]}],"faults":[{"fault":"unknown-person","event":"Nobody","at":9}]}"#;
        let record = Record::from_json(json.as_bytes()).unwrap();
        assert_eq!(String::from_utf8(record.to_json()).unwrap(), json);
        assert_eq!(record.key(), "calendar-shifts/press");
        let Change::CalendarShifts(read) = &record.change else { panic!("{record:?}") };
        assert_eq!(serde_json::to_value(read.faults[0].fault).unwrap(), read.faults[0].fault.name());
        assert_eq!((read.shifts.len(), read.further_faults), (2, 0));
        assert_eq!(record.by, ByWhom::new("orszem", "calendar"));
    }
}
