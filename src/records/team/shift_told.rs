//! That a person was told of a shift.

use serde::{Deserialize, Serialize};

use super::{Change, Record};
use crate::ledger::ByWhom;
use crate::time::Timestamp;

/// A person was told that a shift of theirs begins. Of a rotation, a person and an occasion the newest stays.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShiftTold {
    /// The rotation's name.
    pub rotation: String,
    /// The person's name.
    pub whose: String,
    /// When the shift begins.
    pub begins: Timestamp,
    /// Whether it was said before it began, or then.
    pub when: When,
}

/// When something is said of a shift.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum When {
    /// An hour before it begins.
    Soon,
    /// When it begins.
    Now,
}

impl When {
    /// As it is written.
    pub const fn name(self) -> &'static str {
        match self {
            When::Soon => "soon",
            When::Now => "now",
        }
    }
}

impl ShiftTold {
    /// The record that says so, written by the copy that decides.
    pub fn record(self, at: Timestamp) -> Record {
        let id = format!("{}/{}/{}", self.rotation, self.whose, self.when.name());
        Record { id, at, by: ByWhom::new("orszem", "shifts"), change: Change::ShiftTold(self) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_what_a_person_was_told_of_a_rotation_the_newest_stays() {
        let told = |begins| {
            let (rotation, whose) = ("press".to_owned(), "anna".to_owned());
            ShiftTold { rotation, whose, begins: Timestamp(begins), when: When::Soon }.record(Timestamp(1))
        };
        let json = r#"{"id":"press/anna/soon","at":1,"by":"orszem","via":"shifts","change":"shift-told","rotation":"press","whose":"anna","begins":9,"when":"soon"}"#;
        assert_eq!(String::from_utf8(told(9).to_json()).unwrap(), json);
        assert_eq!(Record::from_json(json.as_bytes()).unwrap(), told(9));
        assert_eq!((told(9).key(), told(10).key()), ("shift-told/press/anna/soon".into(), told(9).key()));
    }
}
