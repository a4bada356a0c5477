//! That the grab card was mailed.

use serde::{Deserialize, Serialize};

use super::{Change, Record};
use crate::ledger::ByWhom;
use crate::time::Timestamp;

/// The grab card was mailed by a receiver. Of a receiver the newest stays.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CardMailed {
    /// The receiver's name.
    pub receiver: String,
    /// What this card is told apart by from others.
    pub fingerprint: String,
}

impl CardMailed {
    /// The record of it, written by the copy that decides.
    pub fn record(self, at: Timestamp) -> Record {
        let id = self.receiver.clone();
        Record { id, at, by: ByWhom::new("orszem", "card"), change: Change::CardMailed(self) }
    }
}
