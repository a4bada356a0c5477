//! Receivers that were tried.

use serde::{Deserialize, Serialize};

use super::{Change, Record};
use crate::ledger::ByWhom;
use crate::time::Timestamp;

/// Somebody sent a test by a receiver, and this came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceiverTested {
    /// The receiver's name, or a way of a person: `anna/mail`.
    pub receiver: String,
    /// Why it was not accepted; `None` where it was. Holds no secret.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refused: Option<String>,
}

impl ReceiverTested {
    /// The record of it. Its id is the receiver: the newest one stays.
    pub fn record(self, at: Timestamp, by: ByWhom) -> Record {
        Record { id: self.receiver.clone(), at, by, change: Change::ReceiverTested(self) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_the_tests_of_one_receiver_the_newest_stays() {
        let tested = |refused: Option<&str>| {
            let refused = refused.map(str::to_owned);
            ReceiverTested { receiver: "mail".into(), refused }.record(Timestamp(1), ByWhom::new("orszem", "test"))
        };
        let (good, bad) = (tested(None), tested(Some("550 no such mailbox")));
        assert_eq!((good.key(), bad.key()), ("receiver-tested/mail".into(), good.key()));
        assert_eq!(Record::from_json(&bad.to_json()).unwrap(), bad);
        assert!(!String::from_utf8(good.to_json()).unwrap().contains("refused"));
    }
}
