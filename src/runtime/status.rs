//! What each watch sees now: for the page of the watches, and for what asks which watches are close to an incident.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use orszem_records::time::Timestamp;
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

/// The watches that this process detects for, and how far. Clones are the same board.
#[derive(Clone, Debug, Default)]
pub struct StatusBoard {
    watches: Arc<Mutex<BTreeMap<String, WatchStatus>>>,
    /// By partition: the end of the last minute that was judged.
    judged: Arc<Mutex<BTreeMap<i32, Timestamp>>>,
}

impl StatusBoard {
    /// Puts what a watch sees in place of what it saw before.
    pub fn set(&self, watch: &str, status: WatchStatus) {
        self.watches.lock().unwrap_or_else(PoisonError::into_inner).insert(watch.to_owned(), status);
    }

    /// Takes a watch off the board: it is gone, or another process detects for it.
    pub fn remove(&self, watch: &str) {
        self.watches.lock().unwrap_or_else(PoisonError::into_inner).remove(watch);
    }

    /// Says up to which event time the tallies of a partition were judged.
    pub fn judged_up_to(&self, partition: i32, at: Timestamp) {
        self.judged.lock().unwrap_or_else(PoisonError::into_inner).insert(partition, at);
    }

    /// Another process judges the partition.
    pub fn release(&self, partition: i32) {
        self.judged.lock().unwrap_or_else(PoisonError::into_inner).remove(&partition);
    }

    /// The event time up to which every partition of this process was judged; `None` before any was.
    pub fn judged(&self) -> Option<Timestamp> {
        self.judged.lock().unwrap_or_else(PoisonError::into_inner).values().min().copied()
    }

    /// Every watch on the board, by name.
    pub fn all(&self) -> BTreeMap<String, WatchStatus> {
        self.watches.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn judged_is_as_far_as_the_partition_that_is_behind() {
        let board = StatusBoard::default();
        assert_eq!(board.judged(), None);
        board.judged_up_to(0, Timestamp(60_000));
        board.clone().judged_up_to(1, Timestamp(30_000));
        assert_eq!(board.judged(), Some(Timestamp(30_000)));
        board.release(1);
        assert_eq!(board.judged(), Some(Timestamp(60_000)));
    }
}
