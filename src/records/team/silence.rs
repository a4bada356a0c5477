//! Silences: what nobody is to be called for, from when to when, and why.

use serde::{Deserialize, Serialize};

use super::{Change, Record};
use crate::ledger::ByWhom;
use crate::matcher::Match;
use crate::time::Timestamp;

/// A silence as it stands: the newest record of its key holds. One that is ended early is written again with its end,
/// so that compaction keeps who ended it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Silence {
    /// The id of its record.
    pub id: String,
    /// When it was made.
    pub made_at: Timestamp,
    /// Who made it.
    pub owner: ByWhom,
    /// What it says.
    pub terms: Terms,
}

/// What a silence says: the part of its record that is its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// Which incidents it holds.
    #[serde(rename = "match")]
    pub matcher: Match,
    /// Why, for people; at most [`Silence::LONGEST_REASON`] characters.
    pub reason: String,
    /// From when on it holds.
    pub from: Timestamp,
    /// When it is over; at this instant it no longer holds.
    pub to: Timestamp,
    /// It was made in a drill: it holds drills alone. Without it no drill is held.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub drill: bool,
    /// Somebody ended it before its time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<Ended>,
}

/// The end of a silence before its time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ended {
    /// When.
    pub at: Timestamp,
    /// Who ended it.
    pub by: ByWhom,
}

/// How a silence stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// It holds.
    Holds,
    /// It begins later.
    Waits,
    /// It is over.
    Over,
}

impl Silence {
    /// The most characters of a reason.
    pub const LONGEST_REASON: usize = 500;

    /// When it is over: at its time, or when somebody ended it.
    pub fn over_at(&self) -> Timestamp {
        self.terms.ended.as_ref().map_or(self.terms.to, |ended| ended.at.min(self.terms.to))
    }

    /// How it stands at a moment.
    pub fn standing(&self, at: Timestamp) -> Standing {
        match (at >= self.over_at(), at >= self.terms.from) {
            (true, _) => Standing::Over,
            (false, true) => Standing::Holds,
            (false, false) => Standing::Waits,
        }
    }

    /// The record that ends it at a moment: that of the silence once more, so that both stay one.
    pub fn end(&self, at: Timestamp, by: ByWhom) -> Record {
        let terms = Terms { ended: Some(Ended { at, by }), ..self.terms.clone() };
        let change = Change::Silence(Box::new(terms));
        Record { id: self.id.clone(), at: self.made_at, by: self.owner.clone(), change }
    }

    /// Whether it holds at this moment. Half open: at its end it is over.
    pub fn is_active(&self, at: Timestamp) -> bool {
        self.standing(at) == Standing::Holds
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_by_hand_is_a_new_record_of_the_same_key() {
        let owner = ByWhom::new("Anna", "link");
        let (made_at, from, to) = (Timestamp(0), Timestamp(60_000), Timestamp(1_200_000));
        let reason = "a known problem".to_owned();
        let id = "01j".to_owned();
        let terms = Terms { matcher: Match::default(), reason, from, to, drill: false, ended: None };
        let record = |terms: Terms| {
            let change = Change::Silence(Box::new(terms));
            Record { id: id.clone(), at: made_at, by: owner.clone(), change }
        };
        let made = record(terms);
        let over = made.silence().unwrap().end(Timestamp(210_000), ByWhom::new("Béla", "api"));
        assert_eq!((made.key(), over.key()), ("silence/01j".to_owned(), made.key()));
        for record in [&made, &over] {
            assert_eq!(Record::from_json(&record.to_json()).unwrap(), *record);
        }
        let [made, over] = [made, over].map(|record| record.silence().unwrap());
        let active = |silence: &Silence, at: i64| silence.is_active(Timestamp(at));
        assert!(
            !active(&made, 59_999) && active(&made, 60_000) && active(&made, 1_199_999) && !active(&made, 1_200_000)
        );
        assert!(active(&over, 209_999) && !active(&over, 210_000));
        let standing = [59_999, 60_000, 210_000].map(|at| over.standing(Timestamp(at)));
        assert_eq!(standing, [Standing::Waits, Standing::Holds, Standing::Over]);
    }
}
