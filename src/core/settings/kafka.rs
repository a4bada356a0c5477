//! `[kafka]`: where the topics are, and how they are used.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

use super::span::Span;

/// `[kafka]`. A change needs a restart.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Kafka {
    /// Bootstrap servers, `host:port`, separated by commas.
    #[schemars(extend("format" = "brokers", "x-restart" = true))]
    pub brokers: String,
    /// The topic that mentions are read from, as native records, when there is no `[[input]]`; also the topic that
    /// `orszem replay` and `orszem simulate` write to.
    #[schemars(extend("format" = "topic", "x-restart" = true))]
    pub mentions: String,
    /// The prefix of our topics (`<prefix>.tallies` …), consumer groups and transactional ids.
    #[schemars(extend("format" = "topic", "x-restart" = true), length(max = 100))]
    pub prefix: String,
    /// Partitions of the topics that orszem creates.
    #[schemars(range(min = 1, max = 10_000), extend("x-restart" = true))]
    pub partitions: i32,
    /// Replicas of the topics that orszem creates.
    #[schemars(range(min = 1, max = 100), extend("x-restart" = true))]
    pub replication: i32,
    /// How long a transaction collects before it commits. Shorter: pages sooner; longer: more throughput. 10 ms to 5 s.
    #[schemars(extend("x-shortest" = "10ms", "x-longest" = "5s", "x-restart" = true))]
    pub commit_interval: Span,
    /// Any option of librdkafka, for consumers, producers and admin alike: TLS, SASL, `group.protocol`. The names have
    /// dots in them and so need quotes: `"security.protocol" = "SASL_SSL"`.
    #[schemars(extend("x-restart" = true))]
    pub options: BTreeMap<String, OptionValue>,
}

impl Default for Kafka {
    fn default() -> Kafka {
        Kafka {
            brokers: "localhost:9092".into(),
            mentions: "mentions".into(),
            prefix: "orszem".into(),
            partitions: 4,
            replication: 1,
            commit_interval: Span::from_millis(100),
            options: BTreeMap::new(),
        }
    }
}

/// The value of an option of librdkafka: text, number or boolean, or a secret (`env:NAME`, `file:PATH`) for names that
/// end in `password`, `secret` or `key`.
#[derive(Clone, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum OptionValue {
    /// `true` or `false`.
    Flag(bool),
    /// A whole number.
    Number(i64),
    /// Text, or where a secret is to be found.
    Text(String),
}

/// Shows no text: it may be a password.
impl std::fmt::Debug for OptionValue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            OptionValue::Flag(flag) => write!(f, "{flag}"),
            OptionValue::Number(number) => write!(f, "{number}"),
            OptionValue::Text(_) => f.write_str("(text)"),
        }
    }
}
