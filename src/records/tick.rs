//! What people did of what a playbook says.

use serde::{Deserialize, Serialize};

use crate::by_whom::ByWhom;
use crate::time::Timestamp;

/// The most things of an incident that are kept as done.
const MOST: usize = 200;

/// A thing that a playbook says, and that a person did or took back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tick {
    /// Who.
    #[serde(flatten)]
    pub by: ByWhom,
    /// The playbook's name.
    pub playbook: String,
    /// What kind of thing it is.
    #[serde(default, skip_serializing_if = "ItemKind::is_move")]
    pub kind: ItemKind,
    /// What is to be done, as the playbook says it: under another wording it is another thing.
    pub item: String,
    /// Of what comes more than once (a clock, a promise): the time it is due, which says which of them is meant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Timestamp>,
    /// It is done; `false` takes that back.
    pub done: bool,
}

/// The kinds of things that people tick.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum ItemKind {
    /// A move of a playbook.
    #[default]
    Move,
    /// Somebody who is to be told.
    Stakeholder,
    /// A mark of a clock of a playbook.
    Clock,
    /// Something that a person promised; it belongs to no playbook.
    Promise,
}

impl ItemKind {
    /// The name used in the API.
    pub const fn name(self) -> &'static str {
        match self {
            ItemKind::Move => "move",
            ItemKind::Stakeholder => "stakeholder",
            ItemKind::Clock => "clock",
            ItemKind::Promise => "promise",
        }
    }

    const fn is_move(&self) -> bool {
        matches!(self, ItemKind::Move)
    }
}

/// A thing that is done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Ticked {
    /// The playbook's name.
    pub playbook: String,
    /// What kind of thing it is.
    pub kind: ItemKind,
    /// What it says.
    pub item: String,
    /// Of what comes more than once: which one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<Timestamp>,
    /// When it was done.
    pub at: Timestamp,
    /// Who did it.
    #[serde(flatten)]
    pub by: ByWhom,
}

impl Ticked {
    fn is(&self, kind: ItemKind, playbook: &str, item: &str, due: Option<Timestamp>) -> bool {
        self.kind == kind && self.playbook == playbook && self.item == item && self.due == due
    }
}

/// What is done of an incident, in that order; of those who did the same thing the first. At most 200.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Ticks(Vec<Ticked>);

impl Ticks {
    /// Somebody did something at `at`, or took it back.
    pub(crate) fn fold(&mut self, tick: &Tick, at: Timestamp) {
        let Tick { by, playbook, kind, item, due, done } = tick;
        let is_it = |ticked: &Ticked| ticked.is(*kind, playbook, item, *due);
        match done {
            true if !self.0.iter().any(is_it) && self.0.len() < MOST => {
                let (playbook, item, by) = (playbook.clone(), item.clone(), by.clone());
                self.0.push(Ticked { playbook, kind: *kind, item, due: *due, at, by });
            }
            true => {}
            false => self.0.retain(|ticked| !is_it(ticked)),
        }
    }

    /// Who made a move of a playbook first, and when; `None` while it is not done.
    pub fn of(&self, playbook: &str, item: &str) -> Option<&Ticked> {
        self.done(ItemKind::Move, playbook, item, None)
    }

    /// Who did a thing first, and when; `None` while it is not done.
    pub fn done(&self, kind: ItemKind, playbook: &str, item: &str, due: Option<Timestamp>) -> Option<&Ticked> {
        self.0.iter().find(|ticked| ticked.is(kind, playbook, item, due))
    }

    /// All that is done.
    pub fn iter(&self) -> impl Iterator<Item = &Ticked> {
        self.0.iter()
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
        let (by, playbook, item) = (ByWhom::new(by, "page"), "scandal".into(), item.into());
        Tick { by, playbook, kind: ItemKind::Move, item, due: None, done }
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
    fn things_of_another_kind_or_time_are_other_things() {
        let of = |kind, due: Option<i64>| Tick { kind, due: due.map(Timestamp), ..tick("anna", "tell", true) };
        let mut ticks = Ticks::default();
        ticks.fold(&of(ItemKind::Stakeholder, None), Timestamp(1));
        ticks.fold(&of(ItemKind::Clock, Some(60)), Timestamp(2));
        assert_eq!(ticks.of("scandal", "tell"), None);
        let done = |kind, due: Option<i64>| ticks.done(kind, "scandal", "tell", due.map(Timestamp)).is_some();
        assert!(done(ItemKind::Stakeholder, None) && done(ItemKind::Clock, Some(60)));
        assert!(!done(ItemKind::Clock, Some(90)) && !done(ItemKind::Promise, Some(60)));
    }

    #[test]
    fn it_is_written_flat() {
        let json = serde_json::to_string(&tick("anna", "pause posts", true)).unwrap();
        assert_eq!(json, r#"{"by":"anna","via":"page","playbook":"scandal","item":"pause posts","done":true}"#);
    }
}
