//! Why a message is sent: what it tells that its receiver has not heard yet.

use orszem_records::time::Timestamp;

/// What a message tells, against what its receiver heard before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Occasion {
    /// The receiver hears of the incident for the first time.
    First,
    /// It is called again: nobody has acknowledged since `since`, when the first call was made.
    CalledAgain {
        /// When that was, by the clock.
        since: Timestamp,
    },
    /// A higher severity.
    Worse,
    /// Somebody said that it is known, and it is twice as high now.
    Doubled,
    /// Newer figures, and nothing else.
    Figures,
    /// Somebody has it, or another person has it now.
    Acknowledged,
    /// Every step of the escalation passed, and nobody acknowledged since `since`.
    NobodyCame {
        /// When the first call was made, by the clock.
        since: Timestamp,
    },
    /// Nobody else is called, because the watch no longer names an escalation.
    CallsEnded,
    /// It rose above the height at which a person closed it, or another incident of its group began: it is open again.
    OpenAgain,
    /// Somebody gave it back, or took back that it is over.
    Back,
    /// The person who has it is asked for another sign of life.
    StillYours,
    /// That person gave no sign of life: nobody has it, and people are called again.
    NotHeardOf,
    /// It still goes on, though a person closed it.
    GoesOn,
    /// It is over.
    Over,
}

impl Occasion {
    /// Whether people are to hear it, where figures that change in place make no sound.
    pub const fn is_heard(self) -> bool {
        !matches!(self, Occasion::Figures)
    }
}
