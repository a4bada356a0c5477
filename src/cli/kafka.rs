//! Kafka, before a command begins to work with it.

use std::time::Duration;

use super::progress;
use orszem_core::settings::Kafka;
use orszem_kafka::probe;

/// How long Kafka may take to answer. The last of several tries may end two seconds later.
const LIMIT: Duration = Duration::from_secs(6);

/// Sees that Kafka answers, and that it has this topic.
///
/// # Errors
/// What is wrong, where, and what to do, within 10 s.
pub(super) fn reach(kafka: &Kafka, topic: Option<&str>) -> anyhow::Result<()> {
    let waiting = progress::waiting(format!("connecting to Kafka at {}", kafka.brokers));
    let answer = probe::contact(kafka, topic, LIMIT);
    waiting.finish_and_clear();
    Ok(answer?)
}
