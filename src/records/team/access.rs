//! Whether the administrators of accounts can sign in there: what they are asked each quarter, and what they answer.

use serde::{Deserialize, Serialize};

use super::{Change, Record};
use crate::ledger::ByWhom;
use crate::time::Timestamp;

/// A person is asked whether they could sign in to an account today. Of an account and a person the newest stays.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessAsked {
    /// The account's name.
    pub account: String,
    /// The person's name.
    pub whose: String,
}

/// A person says whether they could sign in to an account. Of an account and a person the newest stays.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessAnswered {
    /// The account's name.
    pub account: String,
    /// The person's name.
    pub whose: String,
    /// They could.
    pub could: bool,
}

impl AccessAsked {
    /// The record of it, written by the copy that decides.
    pub fn record(self, at: Timestamp) -> Record {
        let id = format!("{}/{}", self.account, self.whose);
        Record { id, at, by: ByWhom::new("orszem", "access"), change: Change::AccessAsked(self) }
    }
}

impl AccessAnswered {
    /// The record of it.
    pub fn record(self, at: Timestamp, by: ByWhom) -> Record {
        Record { id: format!("{}/{}", self.account, self.whose), at, by, change: Change::AccessAnswered(self) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_an_account_and_a_person_the_newest_question_and_the_newest_answer_stay() {
        let answered = |could| {
            let answer = AccessAnswered { account: "facebook".into(), whose: "anna".into(), could };
            answer.record(Timestamp(1), ByWhom::new("anna", "link"))
        };
        assert_eq!(answered(true).key(), "access-answered/facebook/anna");
        assert_eq!(
            (answered(true).key(), Record::from_json(&answered(true).to_json()).unwrap()),
            (answered(false).key(), answered(true))
        );
        let asked = AccessAsked { account: "facebook".into(), whose: "anna".into() }.record(Timestamp(1));
        assert_eq!(asked.key(), "access-asked/facebook/anna");
        assert_eq!(Record::from_json(&asked.to_json()).unwrap(), asked);
    }
}
