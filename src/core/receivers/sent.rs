//! What came of a try to send: a result, and what a person should know beside it.

use orszem_records::ledger::{Delivery, Recipients};

use super::http::Reading;

/// What came of a try to send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// The result.
    pub result: Delivery,
    /// Of a receiver with several recipients: who no longer needs this message, earlier tries included.
    pub recipients: Recipients,
    /// What a person should know though it was accepted. Never holds a secret.
    pub note: Option<String>,
}

impl From<Delivery> for Sent {
    fn from(result: Delivery) -> Sent {
        Sent { result, recipients: Recipients::default(), note: None }
    }
}

/// What a reading comes to where no other message can be sent instead.
impl From<Reading> for Sent {
    fn from(reading: Reading) -> Sent {
        match reading {
            Reading::Outcome(delivery) => delivery.into(),
            Reading::Noted { reference, note } => Sent { note: Some(note), ..Delivery::Accepted { reference }.into() },
            Reading::Gone(reason) => Delivery::Failed { reason }.into(),
        }
    }
}
