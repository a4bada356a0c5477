//! Where the credential of an account is kept was looked up outside of an incident, and its owner was told.

use serde::{Deserialize, Serialize};

use super::personal_drill::Step;
use super::{Change, Record};
use crate::ledger::ByWhom;
use crate::time::Timestamp;

/// For how long a look-up shows the person where the credential is kept, in ms: an hour. Then they look it up again.
pub const SHOWN_MS: i64 = 3_600_000;

/// A person looked up where the credential of an account is kept. Each look-up is a record of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountLookedUp {
    /// The account's name.
    pub account: String,
    /// The person's name.
    pub whose: String,
}

/// An owner of the account was told of a look-up. Of a look-up and an owner the newest stays.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LookUpTold {
    /// The key of the record that tells of the look-up.
    pub of: String,
    /// The name of the owner.
    pub whose: String,
}

/// A look-up, as a record tells of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LookUp {
    /// The account's name.
    pub account: String,
    /// The person's name.
    pub whose: String,
    /// Who that is, for people.
    pub by: String,
    /// When it was.
    pub at: Timestamp,
    /// It was a step of a drill of ten minutes.
    pub drill: bool,
}

impl AccountLookedUp {
    /// The record of it. `id`: one of its own.
    pub fn record(self, id: String, at: Timestamp, by: ByWhom) -> Record {
        Record { id, at, by, change: Change::AccountLookedUp(self) }
    }
}

impl LookUpTold {
    /// The record of it, written by the copy that decides.
    pub fn record(self, at: Timestamp) -> Record {
        let id = format!("{}/{}", self.of, self.whose);
        Record { id, at, by: ByWhom::new("orszem", "accounts"), change: Change::LookUpTold(self) }
    }
}

impl LookUp {
    /// The look-up that a record tells of, where it tells of one.
    pub fn of(record: &Record) -> Option<LookUp> {
        let by = record.by.by.clone();
        match &record.change {
            Change::AccountLookedUp(AccountLookedUp { account, whose }) => {
                Some(LookUp { account: account.clone(), whose: whose.clone(), by, at: record.at, drill: false })
            }
            Change::PersonalDrill(drill) => {
                let at = *drill.steps.get(&Step::LookedUp)?;
                Some(LookUp { account: drill.account.clone(), whose: drill.whose.clone(), by, at, drill: true })
            }
            _ => None,
        }
    }

    /// Whether it still shows the person at `now` where the credential is kept.
    pub fn is_shown(&self, now: Timestamp) -> bool {
        now.since(self.at) < SHOWN_MS
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_look_up_is_kept_by_itself_and_what_its_owner_was_told_is_about_it() {
        let looked_up = |id: &str| {
            let change = AccountLookedUp { account: "facebook".into(), whose: "anna".into() };
            change.record(id.into(), Timestamp(1_000), ByWhom::new("Kovács Anna", "oidc"))
        };
        let (first, second) = (looked_up("7f3a"), looked_up("7f3b"));
        assert_ne!(first.key(), second.key());
        assert_eq!(Record::from_json(&first.to_json()).unwrap(), first);
        assert_eq!(first.over_at(), Some(Timestamp(1_000 + SHOWN_MS)));
        let told = LookUpTold { of: first.key(), whose: "bela".into() }.record(Timestamp(2_000));
        assert_eq!((told.key(), told.about()), ("look-up-told/account-looked-up/7f3a/bela".into(), Some(first.key())));
        assert_eq!(Record::from_json(&told.to_json()).unwrap(), told);
        let look_up = LookUp::of(&first).unwrap();
        assert_eq!((look_up.by.as_str(), look_up.whose.as_str(), look_up.drill), ("Kovács Anna", "anna", false));
        assert!(look_up.is_shown(Timestamp(SHOWN_MS)) && !look_up.is_shown(Timestamp(SHOWN_MS + 1_000)));
        assert_eq!(LookUp::of(&told), None);
    }
}
