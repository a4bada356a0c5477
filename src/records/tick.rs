//! What people did of what a playbook says.

use serde::Serialize;

use crate::ledger::{ByWhom, Tick};
use crate::time::Timestamp;

/// The most things of an incident that are kept as done.
const MOST: usize = 200;

/// A thing that is done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Ticked {
    /// The playbook's name.
    pub playbook: String,
    /// What it says.
    pub item: String,
    /// When it was done.
    pub at: Timestamp,
    /// Who did it.
    #[serde(flatten)]
    pub by: ByWhom,
}

/// What is done of an incident, in that order; of those who did the same thing the first. At most 200.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Ticks(Vec<Ticked>);

impl Ticks {
    /// Somebody did something at `at`, or took it back.
    pub(crate) fn fold(&mut self, tick: &Tick, at: Timestamp) {
        let Tick { by, playbook, item, done } = tick;
        let is_known = self.of(playbook, item).is_some();
        match done {
            true if !is_known && self.0.len() < MOST => {
                self.0.push(Ticked { playbook: playbook.clone(), item: item.clone(), at, by: by.clone() });
            }
            true => {}
            false => self.0.retain(|ticked| (&ticked.playbook, &ticked.item) != (playbook, item)),
        }
    }

    /// Who did a thing first, and when; `None` while it is not done.
    pub fn of(&self, playbook: &str, item: &str) -> Option<&Ticked> {
        self.0.iter().find(|ticked| ticked.playbook == playbook && ticked.item == item)
    }

    /// Whether nothing is done.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tick(by: &str, item: &str, done: bool) -> Tick {
        Tick { by: ByWhom::new(by, "page"), playbook: "scandal".into(), item: item.into(), done }
    }

    #[test]
    fn case_120_of_two_who_tick_the_first_did_it_and_it_can_be_taken_back() {
        let mut ticks = Ticks::default();
        ticks.fold(&tick("anna", "pause posts", true), Timestamp(1));
        ticks.fold(&tick("bela", "pause posts", true), Timestamp(2));
        let done = |ticks: &Ticks| ticks.of("scandal", "pause posts").map(|ticked| (ticked.by.by.clone(), ticked.at.0));
        assert_eq!(done(&ticks), Some(("anna".into(), 1)));
        assert_eq!(ticks.of("other", "pause posts"), None);
        ticks.fold(&tick("bela", "pause posts", false), Timestamp(3));
        assert_eq!(done(&ticks), None);
        ticks.fold(&tick("bela", "pause posts", true), Timestamp(4));
        assert_eq!(done(&ticks), Some(("bela".into(), 4)));
    }

    #[test]
    fn what_is_kept_has_a_limit() {
        let mut ticks = Ticks::default();
        (0..1_000).for_each(|n| ticks.fold(&tick("anna", &n.to_string(), true), Timestamp(n)));
        assert!(ticks.of("scandal", "199").is_some() && ticks.of("scandal", "200").is_none());
    }

    #[test]
    fn it_is_written_flat() {
        let json = serde_json::to_string(&tick("anna", "pause posts", true)).unwrap();
        assert_eq!(json, r#"{"by":"anna","via":"page","playbook":"scandal","item":"pause posts","done":true}"#);
    }
}
