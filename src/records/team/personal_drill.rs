//! The drill of ten minutes: one person finds one account, opens where its credential is kept, tries to sign in, and
//! reads how to post there.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Change, Record};
use crate::ledger::ByWhom;
use crate::time::Timestamp;

/// How long a person has for it, in ms: ten minutes. One that takes longer is late.
pub const LASTS_MS: i64 = 10 * 60_000;

/// How long after its beginning steps can still be done, in ms: a day. Then it stays incomplete.
pub const OPEN_MS: i64 = 24 * 3_600_000;

/// A step of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Step {
    /// They found the account, and opened where its credential is kept.
    LookedUp,
    /// They tried to sign in, and said whether they could.
    SignedIn,
    /// They read how to post there.
    Read,
}

impl Step {
    /// All of them, in order.
    pub const ALL: [Step; 3] = [Step::LookedUp, Step::SignedIn, Step::Read];
}

/// A person's drill of ten minutes. Of one drill the newest record stays.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonalDrill {
    /// The person's name.
    pub whose: String,
    /// Which drill of theirs it is, from 1.
    pub number: u32,
    /// The account that they were to find, by its name.
    pub account: String,
    /// When they started it.
    pub began: Timestamp,
    /// The steps that are done, and when each was.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub steps: BTreeMap<Step, Timestamp>,
    /// Whether they could sign in, as they said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub could: Option<bool>,
    /// When the last step was done; `None` while one is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<Timestamp>,
    /// It took longer than ten minutes.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub late: bool,
}

impl PersonalDrill {
    /// One that begins.
    pub fn begin(whose: String, number: u32, account: String, began: Timestamp) -> PersonalDrill {
        PersonalDrill { whose, number, account, began, steps: BTreeMap::new(), could: None, ended: None, late: false }
    }

    /// A step is done at `at`. One that was done before stays as it was.
    pub fn take(&mut self, step: Step, at: Timestamp) {
        // The clocks of two copies may differ.
        self.steps.entry(step).or_insert(at.max(self.began));
        if self.ended.is_none() && self.has_all_steps() {
            self.ended = self.steps.values().max().copied();
            self.late = self.ended.is_some_and(|ended| ended.since(self.began) > LASTS_MS);
        }
    }

    /// When all steps were done; `None` where one is missing.
    pub fn completed(&self) -> Option<Timestamp> {
        self.ended.filter(|_| self.has_all_steps())
    }

    /// When the ten minutes are over.
    pub fn until(&self) -> Timestamp {
        self.began.plus(LASTS_MS)
    }

    /// When no step can be done any more.
    pub fn over_at(&self) -> Timestamp {
        self.began.plus(OPEN_MS)
    }

    /// Whether a step can be done at `now`.
    pub fn is_open(&self, now: Timestamp) -> bool {
        self.completed().is_none() && now < self.over_at()
    }

    /// The record of it at `at`. Its id is the person, and which of their drills it is.
    pub fn record(self, at: Timestamp, by: ByWhom) -> Record {
        Record { id: format!("{}/{}", self.whose, self.number), at, by, change: Change::PersonalDrill(self) }
    }

    fn has_all_steps(&self) -> bool {
        Step::ALL.iter().all(|step| self.steps.contains_key(step))
    }
}

#[cfg(test)]
mod tests {
    use super::super::look_up::LookUp;
    use super::*;

    const BEGAN: Timestamp = Timestamp(1_774_767_600_000);

    fn drill(steps: &[(Step, i64)]) -> PersonalDrill {
        let mut drill = PersonalDrill::begin("anna".into(), 2, "facebook".into(), BEGAN);
        steps.iter().for_each(|(step, seconds)| drill.take(*step, BEGAN.plus(seconds * 1_000)));
        drill
    }

    #[test]
    fn it_is_read_back_with_its_steps_and_of_one_drill_the_newest_record_stays() {
        let by = || ByWhom::new("Kovács Anna", "oidc");
        let begun = drill(&[]).record(BEGAN, by());
        let mut done = drill(&[(Step::LookedUp, 60), (Step::SignedIn, 200), (Step::Read, 300)]);
        done.could = Some(false);
        let done = done.record(BEGAN.plus(300_000), by());
        assert_eq!((begun.key(), done.key()), ("personal-drill/anna/2".into(), begun.key()));
        for record in [&begun, &done] {
            assert_eq!(Record::from_json(&record.to_json()).unwrap(), *record);
        }
        let json = String::from_utf8(done.to_json()).unwrap();
        let says = r#""account":"facebook","began":1774767600000,"steps":{"looked-up":1774767660000,"signed-in":1774767800000,"read":1774767900000},"could":false,"ended":1774767900000"#;
        assert!(json.contains(says) && !json.contains("late"), "{json}");
        assert_eq!(done.over_at(), Some(BEGAN.plus(OPEN_MS)));
        let look_up = LookUp::of(&done).unwrap();
        assert_eq!((look_up.account.as_str(), look_up.at, look_up.drill), ("facebook", BEGAN.plus(60_000), true));
        assert_eq!(LookUp::of(&begun), None);
    }

    #[test]
    fn it_is_complete_with_all_steps_whatever_their_order_and_late_after_ten_minutes() {
        assert_eq!(drill(&[(Step::LookedUp, 1), (Step::SignedIn, 2)]).completed(), None);
        let in_time = drill(&[(Step::Read, 1), (Step::SignedIn, 600), (Step::LookedUp, 2)]);
        assert_eq!((in_time.completed(), in_time.late), (Some(BEGAN.plus(600_000)), false));
        let late = drill(&[(Step::LookedUp, 1), (Step::SignedIn, 2), (Step::Read, 601)]);
        assert_eq!((late.completed(), late.late), (Some(BEGAN.plus(601_000)), true));
        let claimed = PersonalDrill { ended: Some(BEGAN), ..drill(&[(Step::Read, 1)]) };
        assert_eq!(claimed.completed(), None, "an end counts only with all steps");
    }

    #[test]
    fn a_step_is_done_once_never_before_the_beginning_and_not_after_a_day() {
        let mut drill = drill(&[(Step::LookedUp, -5)]);
        assert_eq!(drill.steps[&Step::LookedUp], BEGAN);
        drill.take(Step::LookedUp, BEGAN.plus(9_000));
        assert_eq!(drill.steps[&Step::LookedUp], BEGAN);
        assert!(drill.is_open(BEGAN.plus(OPEN_MS - 1)) && !drill.is_open(BEGAN.plus(OPEN_MS)));
    }
}
