//! The part of the past that a backtest uses.

use orszem_records::time::Timestamp;

/// The part of the past to use: `from` is included, `to` is not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bounds {
    /// The beginning, included.
    pub from: Option<Timestamp>,
    /// The end, excluded.
    pub to: Option<Timestamp>,
}

impl Bounds {
    /// Whether a moment is within the bounds.
    pub fn hold(&self, at: Timestamp) -> bool {
        self.from.is_none_or(|from| at >= from) && self.to.is_none_or(|to| at < to)
    }
}
