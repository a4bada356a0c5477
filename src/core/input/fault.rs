//! Why a record is no mention although it should be one.

use super::field::Name;
use orszem_records::mention::Reject;

/// Why a record cannot be read: it becomes a dead letter.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Fault {
    /// The record itself, or a native mention in it.
    #[error(transparent)]
    Record(#[from] Reject),
    /// It is no event in the envelope that its input has.
    #[error("the record is not a CloudEvent: {0}")]
    Envelope(String),
    /// It holds several mentions.
    #[error("the record holds {count} mentions{}{at}; write one a record", if .at.is_empty() { "" } else { " under " })]
    Batch {
        /// Where: a pointer, empty for the record itself.
        at: String,
        /// How many.
        count: usize,
    },
    /// It is none of the format's records.
    #[error("the record is not one of {format}: {what}")]
    Foreign {
        /// The format.
        format: &'static str,
        /// What is missing.
        what: &'static str,
    },
    /// A field that a mention needs is not to be had.
    #[error("the record has no {field}: {what}; {fix}")]
    Field {
        /// The field.
        field: Name,
        /// What was found where it should be.
        what: String,
        /// What to change.
        fix: String,
    },
}

impl Fault {
    /// What [`Fault::reason`] can be.
    pub const REASONS: [&str; 11] = [
        "too-large",
        "empty",
        "not-utf8",
        "too-deep",
        "not-json",
        "field",
        "no-id",
        "no-text",
        "no-time",
        "envelope",
        "batch",
    ];

    /// The reason as metrics and the header of the dead letter name it.
    pub const fn reason(&self) -> &'static str {
        match self {
            Fault::Record(reject) => reject.reason(),
            Fault::Envelope(_) => "envelope",
            Fault::Batch { .. } => "batch",
            Fault::Foreign { .. } => "field",
            Fault::Field { field: Name::Id, .. } => "no-id",
            Fault::Field { field: Name::Text, .. } => "no-text",
            Fault::Field { field: Name::PublishedAt, .. } => "no-time",
            Fault::Field { .. } => "field",
        }
    }
}
