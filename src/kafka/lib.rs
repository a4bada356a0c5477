//! The only module that knows rdkafka: topics, the transactional loop, the embedded broker.
//!
//! ```
//! use orszem_core::settings::Kafka;
//! use orszem_kafka::Names;
//!
//! let names = Names::new(&Kafka { prefix: "orszem".into(), ..Kafka::default() });
//! assert_eq!(names.ledger, "orszem.ledger");
//! ```

mod bounded;
pub mod client;
mod clock_check;
mod decider;
pub mod embedded;
pub mod follower;
pub mod metrics;
mod place;
pub mod probe;
pub mod producer;
pub mod range;
pub mod reader;
mod session;
mod takeover;
mod topic_rules;
pub mod topics;
pub mod worker;
mod writer;

pub use embedded::EmbeddedBroker;
pub use topics::Names;
pub use worker::{Settings, spawn};

/// The version of librdkafka, which does the talking: `2.12.1`.
pub fn librdkafka_version() -> String {
    rdkafka::util::get_rdkafka_version().1
}

#[cfg(test)]
mod decider_tests;
#[cfg(test)]
mod mock_tests;
#[cfg(test)]
mod options_tests;
