//! What a check of something outside found, in words for an engineer. Adapters make findings, `orszem doctor` shows
//! them.

pub mod clock;
pub mod reach;

pub use orszem_core::finding::{Finding, State};

use std::future::Future;

/// Runs checks at the same time, each as a task of its own; their results come in the order of the checks. Must be
/// called in a tokio runtime.
pub async fn at_once<T: Send + 'static>(checks: impl Iterator<Item: Future<Output = T> + Send + 'static>) -> Vec<T> {
    let running: Vec<_> = checks.map(tokio::spawn).collect();
    let mut results = Vec::with_capacity(running.len());
    for check in running {
        results.extend(check.await);
    }
    results
}
