//! Who was signed out everywhere, in memory: until a restart, and of this copy alone.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};

use orszem_records::team::sign_out::SignOut;
use orszem_records::time::Timestamp;

use crate::ports::{SignOuts, SinkError};

/// Sign-outs in memory.
#[derive(Debug, Default)]
pub struct MemorySignOuts(Mutex<BTreeMap<String, Timestamp>>);

impl MemorySignOuts {
    /// Takes a record in.
    pub fn apply(&self, record: &SignOut) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let until = kept.entry(record.who.clone()).or_insert(record.until);
        *until = record.until.max(*until);
    }
}

impl SignOuts for MemorySignOuts {
    fn until(&self, who: &str) -> Option<Timestamp> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(who).copied()
    }

    fn sign_out<'a>(&'a self, record: SignOut) -> Pin<Box<dyn Future<Output = Result<(), SinkError>> + Send + 'a>> {
        self.apply(&record);
        Box::pin(async { Ok(()) })
    }
}
