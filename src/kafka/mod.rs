//! The only module that knows rdkafka: topics, the transactional loop, the embedded broker.

pub mod stage;
