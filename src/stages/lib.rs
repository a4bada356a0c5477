//! The shells of the three stages: what stands between a core and Kafka, the clock and the network.
//!
//! ```
//! use orszem_core::settings::Config;
//! use orszem_core::stage::Stage;
//! use orszem_runtime::live_config::ConfigReader;
//!
//! let config = ConfigReader::fixed(Config::default());
//! // A stage writes nothing before it was given a partition.
//! let mut stage = orszem_stages::detect::Worker::new(config);
//! let mut written = Vec::new();
//! stage.flush(orszem_runtime::clock::now(), &mut written);
//! assert!(written.is_empty());
//! ```

pub mod canary;
pub mod detect;
pub mod respond;
pub mod score;
pub mod watches;
