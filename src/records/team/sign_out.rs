//! Signing somebody out everywhere.

use serde::{Deserialize, Serialize};

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
    /// Who ended them.
    #[serde(flatten)]
    pub by: ByWhom,
}

impl SignOut {
    /// Reads a record as it is on the topic.
    ///
    /// # Errors
    /// When the bytes are none.
    pub fn from_json(json: &[u8]) -> serde_json::Result<SignOut> {
        serde_json::from_slice(json)
    }

    /// The record as it is on the topic.
    pub fn to_json(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_else(|fault| unreachable!("a sign-out is always JSON: {fault}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        let sign_out =
            SignOut { who: "anna".into(), until: Timestamp(1_406_910_600_000), by: ByWhom::new("Béla", "oidc") };
        let json = sign_out.to_json();
        assert_eq!(SignOut::from_json(&json).unwrap(), sign_out);
        assert_eq!(
            String::from_utf8(json).unwrap(),
            r#"{"who":"anna","until":1406910600000,"by":"Béla","via":"oidc"}"#
        );
    }
}
