//! The shells of the three stages: what stands between a core and Kafka, the clock and the network.

pub mod detect;
pub mod respond;
pub mod score;
mod send;
pub mod watches;

#[cfg(test)]
mod respond_tests;
