//! A warning that is repeated while its cause lasts, and not more often than once a minute.

use orszem_records::time::{MINUTE_MS, Timestamp};

/// Says when the same warning is due again.
#[derive(Clone, Copy, Debug, Default)]
pub struct Reminder(Option<Timestamp>);

impl Reminder {
    /// Whether to warn `now`: the first time, and again a minute after the last. Counts as warned when it says so.
    pub fn is_due(&mut self, now: Timestamp) -> bool {
        // A clock that was set back must not silence the warning.
        let due = self.0.is_none_or(|last| now.since(last) >= MINUTE_MS || now < last);
        if due {
            self.0 = Some(now);
        }
        due
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_warning_comes_at_once_and_then_every_minute() {
        let mut reminder = Reminder::default();
        let due: Vec<i64> = (0..200).filter(|second| reminder.is_due(Timestamp(second * 1_000))).collect();
        assert_eq!(due, [0, 60, 120, 180]);
        assert!(reminder.is_due(Timestamp(5_000)), "the clock was set back");
    }
}
