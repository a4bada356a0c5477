//! The buttons of playbooks that people pressed, and what came of it.

use serde::{Deserialize, Serialize};

use crate::by_whom::ByWhom;
use crate::time::Timestamp;

/// For how long after a press the same button is not pressed again, in ms: a double click, or two people at once.
pub const AGAIN_MS: i64 = 10_000;
/// The most presses of an incident that are kept; the oldest is dropped first.
const MOST: usize = 100;

/// A person presses a button of a playbook.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Press {
    /// Who.
    #[serde(flatten)]
    pub by: ByWhom,
    /// An id of its own, by which its answer names it.
    pub press: String,
    /// The playbook's name.
    pub playbook: String,
    /// The button, as the playbook calls it.
    pub button: String,
    /// For how long it counts as under way where nothing is written of what came of it, in ms.
    pub within_ms: i64,
}

/// What came of the request of a button.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PressAnswer {
    /// The id of the press.
    pub press: String,
    /// What came of it.
    pub result: PressResult,
}

/// What came of the request of a button.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "result", rename_all = "kebab-case")]
pub enum PressResult {
    /// The other side took it.
    Accepted,
    /// The other side refused it, or it was not sent.
    Refused {
        /// Why, in words for a person. Never holds a secret.
        reason: String,
    },
    /// There was no answer: it may have worked.
    Unknown {
        /// Why, in words for a person. Never holds a secret.
        reason: String,
    },
}

impl PressResult {
    /// The name used in the API.
    pub const fn name(&self) -> &'static str {
        match self {
            PressResult::Accepted => "accepted",
            PressResult::Refused { .. } => "refused",
            PressResult::Unknown { .. } => "unknown",
        }
    }

    /// Why it was not accepted.
    pub fn reason(&self) -> Option<&str> {
        match self {
            PressResult::Accepted => None,
            PressResult::Refused { reason } | PressResult::Unknown { reason } => Some(reason),
        }
    }
}

/// A press that was the first of its moment: its request is sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Pressed {
    /// The id of the press.
    pub press: String,
    /// The playbook's name.
    pub playbook: String,
    /// The button.
    pub button: String,
    /// When.
    pub at: Timestamp,
    /// Who.
    #[serde(flatten)]
    pub by: ByWhom,
    /// For how long it counts as under way, in ms.
    #[serde(skip)]
    within_ms: i64,
    /// When something came of it, and what; `None` until then.
    pub answer: Option<(Timestamp, PressResult)>,
}

impl Pressed {
    /// What a person sees of it at `now`.
    pub fn stands(&self, now: Timestamp) -> Standing<'_> {
        match &self.answer {
            Some((_, result)) => Standing::Answered(result),
            None if now.since(self.at) < self.within_ms => Standing::UnderWay,
            None => Standing::Lost,
        }
    }

    /// Whether another press of the button at `at` would do the same a second time.
    fn holds_up(&self, at: Timestamp) -> bool {
        at.since(self.at) < if self.answer.is_some() { AGAIN_MS } else { self.within_ms.max(AGAIN_MS) }
    }
}

/// Where a press stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing<'a> {
    /// Its request is being sent.
    UnderWay,
    /// Something came of it.
    Answered(&'a PressResult),
    /// The copy that sent its request stopped before it wrote what came of it: nobody knows.
    Lost,
}

/// The presses of an incident that counted, in their order; at most 100, the newest.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Presses(Vec<Pressed>);

impl Presses {
    /// Somebody pressed a button at `at`. Whether it counts depends on the order of the ledger alone: of several who
    /// press at once the first does, on every copy.
    pub(crate) fn press(&mut self, press: &Press, at: Timestamp) {
        if self.first(&press.playbook, &press.button, at).is_some() {
            return;
        }
        if self.0.len() == MOST {
            self.0.remove(0);
        }
        let Press { by, press, playbook, button, within_ms } = press.clone();
        self.0.push(Pressed { press, playbook, button, at, by, within_ms, answer: None });
    }

    /// Something came of a press. The first answer stands.
    pub(crate) fn answer(&mut self, answer: &PressAnswer, at: Timestamp) {
        if let Some(pressed) = self.0.iter_mut().find(|pressed| pressed.press == answer.press) {
            pressed.answer.get_or_insert((at, answer.result.clone()));
        }
    }

    /// Who pressed a button first, where another press at `at` would be too soon.
    pub fn first(&self, playbook: &str, button: &str, at: Timestamp) -> Option<&Pressed> {
        self.newest(playbook, button).filter(|pressed| pressed.holds_up(at))
    }

    /// The newest press of a button.
    pub fn newest(&self, playbook: &str, button: &str) -> Option<&Pressed> {
        self.0.iter().rev().find(|pressed| pressed.playbook == playbook && pressed.button == button)
    }

    /// The press with this id, where it counted.
    pub fn of(&self, press: &str) -> Option<&Pressed> {
        self.0.iter().find(|pressed| pressed.press == press)
    }

    /// All of them, in their order.
    pub fn iter(&self) -> impl Iterator<Item = &Pressed> {
        self.0.iter()
    }

    /// Whether nothing was pressed.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOST_MS: i64 = 40_000;

    fn press(by: &str, id: &str) -> Press {
        let by = ByWhom::new(by, "page");
        Press { by, press: id.into(), playbook: "scandal".into(), button: "pause posts".into(), within_ms: LOST_MS }
    }

    fn answer(id: &str, result: PressResult) -> PressAnswer {
        PressAnswer { press: id.into(), result }
    }

    #[test]
    fn of_a_double_click_and_of_two_people_at_once_the_first_counts() {
        let mut presses = Presses::default();
        presses.press(&press("anna", "1"), Timestamp(0));
        presses.press(&press("bela", "2"), Timestamp(50));
        presses.answer(&answer("1", PressResult::Accepted), Timestamp(400));
        presses.press(&press("anna", "3"), Timestamp(AGAIN_MS - 1));
        assert_eq!(presses.iter().map(|pressed| pressed.press.as_str()).collect::<Vec<_>>(), ["1"]);
        assert_eq!(presses.first("scandal", "pause posts", Timestamp(50)).unwrap().by.by, "anna");
        assert_eq!(presses.first("scandal", "freeze ads", Timestamp(50)), None);
        presses.press(&press("bela", "4"), Timestamp(AGAIN_MS));
        assert_eq!(presses.newest("scandal", "pause posts").unwrap().by.by, "bela");
    }

    #[test]
    fn one_that_is_under_way_is_not_pressed_again_until_its_answer_is_lost() {
        let mut presses = Presses::default();
        presses.press(&press("anna", "1"), Timestamp(0));
        presses.press(&press("bela", "2"), Timestamp(LOST_MS - 1));
        assert!(presses.of("2").is_none());
        assert_eq!(presses.of("1").unwrap().stands(Timestamp(LOST_MS - 1)), Standing::UnderWay);
        assert_eq!(presses.of("1").unwrap().stands(Timestamp(LOST_MS)), Standing::Lost);
        presses.press(&press("bela", "3"), Timestamp(LOST_MS));
        assert!(presses.of("3").is_some());
    }

    #[test]
    fn the_first_answer_stands_and_one_of_a_press_that_did_not_count_is_nothing() {
        let mut presses = Presses::default();
        presses.press(&press("anna", "1"), Timestamp(0));
        presses.answer(&answer("9", PressResult::Accepted), Timestamp(1));
        assert_eq!(presses.of("1").unwrap().answer, None);
        let reason = "answered 500".to_owned();
        presses.answer(&answer("1", PressResult::Refused { reason }), Timestamp(2));
        presses.answer(&answer("1", PressResult::Accepted), Timestamp(3));
        let stands = presses.of("1").unwrap().stands(Timestamp(4));
        assert!(matches!(stands, Standing::Answered(PressResult::Refused { .. })), "{stands:?}");
    }

    #[test]
    fn what_is_kept_has_a_limit_and_the_newest_stay() {
        let mut presses = Presses::default();
        for n in 0..1_000 {
            let other = Press { button: n.to_string(), ..press("anna", &n.to_string()) };
            presses.press(&other, Timestamp(n));
        }
        assert_eq!(presses.iter().count(), MOST);
        assert!(presses.of("999").is_some() && presses.of("899").is_none());
    }

    #[test]
    fn both_entries_come_back_as_they_were_written() {
        let json = serde_json::to_string(&press("anna", "1")).unwrap();
        assert_eq!(
            json,
            r#"{"by":"anna","via":"page","press":"1","playbook":"scandal","button":"pause posts","within_ms":40000}"#
        );
        let unknown = answer("1", PressResult::Unknown { reason: "no answer within 10s".into() });
        let json = serde_json::to_string(&unknown).unwrap();
        assert_eq!(json, r#"{"press":"1","result":{"result":"unknown","reason":"no answer within 10s"}}"#);
        assert_eq!(serde_json::from_str::<PressAnswer>(&json).unwrap(), unknown);
    }
}
