//! The records on the topics, and the time they are counted in. They belong to no stage: each of them reads and writes
//! them.
//!
//! mention → tally → signal → ledger entry → incident. Pure: no clock, no files, no network.
//!
//! ```
//! use orszem_records::mention;
//! use orszem_records::time::Timestamp;
//!
//! let record = br#"{"id": "1", "text": "Acme is down", "published_at": 1406910605123, "source": "bluesky"}"#;
//! let mention = mention::parse(record, 10_000).unwrap();
//! assert_eq!(mention.text, "Acme is down");
//! // Tallies are counted in slices of ten seconds.
//! assert_eq!(Timestamp(1_406_910_605_123).slice().start(), Timestamp(1_406_910_600_000));
//! ```

pub mod acknowledgement;
pub mod ask;
mod attempt;
pub mod authors;
mod by_whom;
pub mod canary;
pub mod chart;
pub mod class;
pub mod counts;
mod delivery;
pub mod desk;
pub mod evidence;
pub mod height;
pub mod incident;
mod iso639;
pub mod judgement;
pub mod key_terms;
pub mod language_code;
pub mod ledger;
mod limit_reached;
pub mod matcher;
pub mod mention;
pub mod own_post;
pub mod peak;
pub mod place;
pub mod press;
pub mod promise;
pub mod signal;
pub mod statement;
pub mod statistic;
pub mod tally;
pub mod team;
pub mod tick;
pub mod time;
