//! The figures of a finding.

use orszem_records::signal::Reason;

/// What an alert states.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Figures {
    /// Counted in the window.
    pub observed: u64,
    /// Expected in the window.
    pub expected: f64,
    /// Where it would lie 95 times of 100.
    pub interval: (f64, f64),
    /// The window's length in seconds.
    pub window_s: u32,
    /// Findings like it a week.
    pub expected_per_week: f64,
    /// What the figures are of, and what they are held against; `None` without a past.
    pub reason: Option<Reason>,
}
