//! The types of all sections, by their names.

pub use super::config::Config;
pub use super::detect::Detect;
pub use super::escalation::{Escalation, Step};
pub use super::feed::Feed;
pub use super::kafka::{Kafka, OptionValue};
pub use super::log::{Log, LogFormat};
pub use super::respond::Respond;
pub use super::score::Score;
pub use super::sentiment::{OwnModel, Sentiment};
pub use super::severity::Severity;
pub use super::watch::{Crisis, Desk, Watch};
pub use super::web::Web;
pub use crate::receivers::Receiver;
