//! Faults of records that should be mentions.

use super::field::Name;
use orszem_records::mention::Reject;

/// Why a record is invalid and becomes a dead letter.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Fault {
    /// The record itself, or a native mention in it.
    #[error(transparent)]
    Record(#[from] Reject),
    /// It lacks the envelope of its input.
    #[error("the record is not a CloudEvent: {0}")]
    Envelope(String),
    /// It holds several mentions.
    #[error("the record has {count} mentions{}{at}; write one per record", if .at.is_empty() { "" } else { " under " })]
    Batch {
        /// Where: a pointer, empty for the record itself.
        at: String,
        /// How many.
        count: usize,
    },
    /// It does not have the format of its input.
    #[error("the record does not have the format {format}: {what}")]
    Foreign {
        /// The format.
        format: &'static str,
        /// What is missing.
        what: &'static str,
    },
    /// A required field is missing or invalid.
    #[error("the record has no {field}: {what}; {fix}")]
    Field {
        /// The field.
        field: Name,
        /// What was found in its place.
        what: String,
        /// What to change.
        fix: String,
    },
}

impl Fault {
    /// All values of [`Fault::reason`].
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

    /// The reason, as in metrics and in the header of the dead letter.
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
