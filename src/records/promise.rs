//! What people promised for a time.

use serde::{Deserialize, Serialize};

use crate::by_whom::ByWhom;
use crate::time::Timestamp;

/// The most promises of an incident that are kept; the oldest is dropped first.
const MOST: usize = 50;

/// What a person promised for a time: "the next update at 16:00".
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Promise {
    /// Who.
    #[serde(flatten)]
    pub by: ByWhom,
    /// What, one line of at most [`Promise::LONGEST`] characters.
    pub text: String,
    /// For when.
    pub due: Timestamp,
}

impl Promise {
    /// The most characters of a promise.
    pub const LONGEST: usize = 200;
}

/// A promise that somebody made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Promised {
    /// What.
    pub text: String,
    /// For when.
    pub due: Timestamp,
    /// When it was made.
    pub at: Timestamp,
    /// Who made it.
    #[serde(flatten)]
    pub by: ByWhom,
}

/// The promises of an incident, in the order in which they were made; of the same thing for the same time the first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Promises(Vec<Promised>);

impl Promises {
    /// Somebody promised something at `at`.
    pub(crate) fn fold(&mut self, promise: &Promise, at: Timestamp) {
        let Promise { by, text, due } = promise.clone();
        if self.of(&text, due).is_some() {
            return;
        }
        if self.0.len() == MOST {
            self.0.remove(0);
        }
        self.0.push(Promised { text, due, at, by });
    }

    /// The promise of something for a time, where somebody made it.
    pub fn of(&self, text: &str, due: Timestamp) -> Option<&Promised> {
        self.0.iter().find(|promised| promised.text == text && promised.due == due)
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Promised> {
        self.0.iter()
    }

    /// Whether nothing was promised.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_promise_twice_is_one_and_what_is_kept_has_a_limit() {
        let promise = |by: &str, due| Promise { by: ByWhom::new(by, "page"), text: "update".into(), due };
        let mut promises = Promises::default();
        promises.fold(&promise("anna", Timestamp(60)), Timestamp(1));
        promises.fold(&promise("bela", Timestamp(60)), Timestamp(2));
        promises.fold(&promise("bela", Timestamp(90)), Timestamp(3));
        let made: Vec<_> = promises.iter().map(|promised| (promised.by.by.as_str(), promised.due.0)).collect();
        assert_eq!(made, [("anna", 60), ("bela", 90)]);
        (100..300).for_each(|due| promises.fold(&promise("anna", Timestamp(due)), Timestamp(4)));
        assert_eq!(promises.iter().count(), MOST);
        assert!(promises.of("update", Timestamp(299)).is_some() && promises.of("update", Timestamp(60)).is_none());
    }
}
