//! The settings of `alerts.toml`, as the program reads them: a file for each section; those of receivers are in
//! [`receivers`](crate::receivers). Every field is documented: `orszem check --print-schema` prints it for editors.
//! Reading and checking the file is the crate `config`'s.

pub mod calendar;
pub mod config;
pub mod detect;
pub mod escalation;
pub mod feed;
pub mod inhibit;
pub mod input;
pub mod kafka;
pub mod kafka_options;
pub mod log;
pub mod named_hours;
pub mod network;
pub mod person;
pub mod playbook;
pub mod respond;
pub mod rotation;
pub mod route;
pub mod score;
pub mod secret;
pub mod sentiment;
pub mod severity;
pub mod shift_calendar;
pub mod sign_in;
pub mod span;
pub mod watch;
pub mod web;

pub use crate::receivers::Receiver;
pub use config::Config;
pub use detect::Detect;
pub use escalation::{Acknowledge, Escalation, Step};
pub use feed::Feed;
pub use inhibit::Inhibit;
pub use kafka::{Kafka, OptionValue};
pub use log::{Log, LogFormat};
pub use named_hours::NamedHours;
pub use network::Network;
pub use person::{Person, QuietHours, Role, Way};
pub use playbook::{Move, Playbook};
pub use respond::Respond;
pub use rotation::Rotation;
pub use route::{Digest, Route};
pub use score::Score;
pub use secret::Secret;
pub use sentiment::{OwnModel, Sentiment};
pub use severity::Severity;
pub use shift_calendar::ShiftCalendar;
pub use sign_in::{OpenIdConnect, RoleGroups, SignIn, TrustedProxy};
pub use span::Span;
pub use watch::{Crisis, Desk, Volume, Watch};
pub use web::{Tls, Web};
