//! What only real streams can show: the accuracy of the models, the bursts that the detectors find, real texts on their
//! way through Kafka. `bash tests/run` runs these where `ORSZEM_TEST_DATA` names the folder of the streams;
//! CONTRIBUTING.md says what it holds and where it comes from.

#![allow(clippy::unwrap_used, reason = "what goes wrong in here is the failure of the test")]
#![allow(clippy::print_stdout, reason = "the figures are what these tests are for")]

#[path = "streams/detection.rs"]
mod detection;
#[path = "streams/kafka.rs"]
mod kafka;
#[path = "streams/languages.rs"]
mod languages;
#[path = "streams/nab.rs"]
mod nab;
#[path = "streams/sentiment.rs"]
mod sentiment;
mod support;
