//! Signing somebody out everywhere.

use serde::{Deserialize, Serialize};

use super::{Change, Record};
use crate::ledger::ByWhom;
use crate::time::Timestamp;

/// Sessions of a person that began at some time or before are over, on every device and every copy of the program.
/// The newest one of a person counts; it can be forgotten when no session that it ends could still last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignOut {
    /// Whose sessions: the name of a `[[person]]`, or an account as the proxy or the provider of identities names it.
    pub who: String,
    /// The last moment at which a session that is over may have begun.
    pub until: Timestamp,
}

impl SignOut {
    /// The record that ends the sessions of a person that began by `at`. Its id is the person: the newest one stays.
    pub fn record(who: &str, at: Timestamp, by: ByWhom) -> Record {
        let change = Change::SignOut(SignOut { who: who.to_owned(), until: at });
        Record { id: who.to_owned(), at, by, change }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_the_sign_outs_of_a_person_the_newest_stays() {
        let record = |at| SignOut::record("anna", Timestamp(at), ByWhom::new("Béla", "oidc"));
        let (first, second) = (record(1), record(1_406_910_600_000));
        assert_eq!((first.key(), second.key()), ("sign-out/anna".into(), first.key()));
        let json = second.to_json();
        assert_eq!(Record::from_json(&json).unwrap(), second);
        assert_eq!(
            String::from_utf8(json).unwrap(),
            r#"{"id":"anna","at":1406910600000,"by":"Béla","via":"oidc","change":"sign-out","who":"anna","until":1406910600000}"#
        );
    }
}
