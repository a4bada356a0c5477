//! Ways to people that were tried.

use serde::{Deserialize, Serialize};

use super::{Change, Record};
use crate::ledger::ByWhom;
use crate::time::Timestamp;

/// A person answered a message that came by one of their ways: it arrives. With another address it is another way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WayConfirmed {
    /// Whose way, by name.
    pub whose: String,
    /// The receiver that carries it.
    pub receiver: String,
    /// The person there, where the way names one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
}

impl WayConfirmed {
    /// The record of it. Its id is the way: the newest one stays.
    pub fn record(self, at: Timestamp, by: ByWhom) -> Record {
        Record { id: format!("{}/{}", self.whose, self.receiver), at, by, change: Change::WayConfirmed(self) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_the_answers_to_one_way_the_newest_stays() {
        let confirmed = |address: &str| {
            let way = WayConfirmed { whose: "anna".into(), receiver: "mail".into(), address: Some(address.into()) };
            way.record(Timestamp(1), ByWhom::new("anna", "link"))
        };
        let (one, other) = (confirmed("a@example.com"), confirmed("b@example.com"));
        assert_eq!((one.key(), other.key()), ("way-confirmed/anna/mail".into(), one.key()));
        assert_eq!(Record::from_json(&one.to_json()).unwrap(), one);
    }
}
