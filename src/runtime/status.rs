//! What each watch sees now: for the page of the watches, and for what asks which watches are close to an incident.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use serde::Serialize;

/// What the newest five minutes of a watch brought, as this process sees it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct WatchStatus {
    /// Mentions.
    pub observed: u64,
    /// Of them negative.
    pub negatives: u64,
    /// Mentions expected.
    pub expected: f64,
    /// Lower end of the 95 % interval of what was expected.
    pub expected_low: f64,
    /// Its upper end.
    pub expected_high: f64,
    /// Negatives expected among those mentions.
    pub expected_negatives: f64,
    /// Hours until the past is long enough to be compared with; 0 when it is.
    pub learning_hours: u64,
}

/// The watches that this process detects for. Clones are the same board.
#[derive(Clone, Debug, Default)]
pub struct StatusBoard(Arc<Mutex<BTreeMap<String, WatchStatus>>>);

impl StatusBoard {
    /// Puts what a watch sees in place of what it saw before.
    pub fn set(&self, watch: &str, status: WatchStatus) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(watch.to_owned(), status);
    }

    /// Takes a watch off the board: it is gone, or another process detects for it.
    pub fn remove(&self, watch: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(watch);
    }

    /// Every watch on the board, by name.
    pub fn all(&self) -> BTreeMap<String, WatchStatus> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
