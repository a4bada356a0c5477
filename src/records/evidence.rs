//! The mentions that drove an incident, kept as they came.

use crate::class::Class;
use crate::signal::Signal;
use crate::tally::Sample;
use crate::time::Timestamp;

/// The most mentions that are kept of an incident: with texts of at most 280 characters about 50 kB.
pub const MOST: usize = 100;
/// How many of them are the first that came, and never give way to another.
pub const FIRST: usize = 50;

/// A mention that is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// The mention, as the first signal that showed it had it.
    pub mention: Sample,
    /// Up to when that signal counts, event time: the mention was seen by then.
    pub seen_at: Timestamp,
}

impl Kept {
    /// What decides which stay beside the first: negative before others, then the reach.
    fn strength(&self) -> (bool, u64) {
        (self.mention.class == Class::Negative, self.mention.followers)
    }
}

/// The mentions that the signals of an incident showed, each once, in the order in which they came. Of more than
/// [`MOST`] the first [`FIRST`] stay, and of the others the strongest.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Evidence {
    kept: Vec<Kept>,
    left_out: u32,
}

impl Evidence {
    /// Takes in what a signal shows.
    pub(crate) fn fold(&mut self, signal: &Signal) {
        for sample in &signal.samples {
            if self.kept.iter().any(|kept| kept.mention.id == sample.id) {
                continue;
            }
            // What it is an example of is said of a signal, not of the mention.
            self.add(Kept { mention: Sample { role: None, ..sample.clone() }, seen_at: signal.at });
        }
    }

    fn add(&mut self, new: Kept) {
        if self.kept.len() == MOST {
            self.left_out = self.left_out.saturating_add(1);
            let others = self.kept.iter().enumerate().skip(FIRST);
            // Of several that are equally weak the newest goes.
            let Some((weakest, kept)) = others.min_by_key(|(place, kept)| (kept.strength(), std::cmp::Reverse(*place)))
            else {
                return;
            };
            if kept.strength() >= new.strength() {
                return;
            }
            self.kept.remove(weakest);
        }
        self.kept.push(new);
    }

    /// The mentions.
    pub fn mentions(&self) -> &[Kept] {
        &self.kept
    }

    /// How often a mention was left out because there were too many. One that comes back is counted again.
    pub const fn left_out(&self) -> u32 {
        self.left_out
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signal::{Kind, Phase};
    use crate::tally::Role;

    fn sample(id: usize, class: Class, followers: u64) -> Sample {
        Sample {
            id: id.to_string(),
            published_at: Timestamp(0),
            source: "x".into(),
            author: "a".into(),
            followers,
            class,
            text: "Acme is down".into(),
            url: None,
            role: Some(Role::First),
            language: None,
        }
    }

    fn signal(at: i64, samples: Vec<Sample>) -> Signal {
        Signal { samples, ..Signal::plain(Phase::Updated, Kind::Negativity, Timestamp(at)) }
    }

    fn ids(evidence: &Evidence) -> Vec<&str> {
        evidence.mentions().iter().map(|kept| kept.mention.id.as_str()).collect()
    }

    #[test]
    fn a_mention_is_kept_once_as_it_was_first_seen() {
        let mut evidence = Evidence::default();
        evidence.fold(&signal(10, vec![sample(1, Class::Negative, 5)]));
        evidence.fold(&signal(20, vec![sample(1, Class::Neutral, 9), sample(2, Class::Neutral, 0)]));
        assert_eq!(ids(&evidence), ["1", "2"]);
        let first = &evidence.mentions()[0];
        assert_eq!((first.seen_at, first.mention.class, first.mention.role), (Timestamp(10), Class::Negative, None));
    }

    #[test]
    fn of_more_than_are_kept_the_first_stay_and_of_the_others_the_strongest() {
        let mut evidence = Evidence::default();
        for id in 0..MOST {
            evidence.fold(&signal(0, vec![sample(id, Class::Neutral, id as u64)]));
        }
        evidence.fold(&signal(0, vec![sample(1_000, Class::Neutral, 0)]));
        assert_eq!((evidence.mentions().len(), evidence.left_out()), (MOST, 1));
        assert!(!ids(&evidence).contains(&"1000"), "it is weaker than all of them");
        evidence.fold(&signal(0, vec![sample(1_001, Class::Negative, 0), sample(1_002, Class::Neutral, 60)]));
        let kept = ids(&evidence);
        assert_eq!(evidence.mentions().len(), MOST);
        assert!(kept.contains(&"0") && kept.contains(&"49"), "the first never give way");
        assert!(!kept.contains(&"50") && !kept.contains(&"51"), "the weakest of the others did");
        assert_eq!(kept[MOST - 2..], ["1001", "1002"]);
    }
}
