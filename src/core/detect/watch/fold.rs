//! Tallies into minutes: those that are still open, and the complete ones, with repeats weighed.

use std::collections::BTreeMap;

use orszem_records::tally::Tally;

use crate::detect::minute_counts::MinuteTable;
use crate::detect::repeat_weights::RepeatWeights;
use crate::detect::totals::{FEW_SAMPLES, sample_bytes};
use crate::detect::weighed_counts::WeighedCounts;

/// What was counted, by the minute.
#[derive(Clone, Debug)]
pub(crate) struct Minutes {
    /// The minute that the past begins with: from then on the watch is looked for.
    pub(crate) since: Option<i64>,
    /// The complete ones.
    pub(crate) complete: MinuteTable,
    /// Those that are not complete.
    pub(crate) open: BTreeMap<i64, Tally>,
    pub(crate) repeat_weights: RepeatWeights,
}

impl Default for Minutes {
    fn default() -> Minutes {
        Minutes {
            since: None,
            complete: MinuteTable::new(0),
            open: BTreeMap::new(),
            repeat_weights: RepeatWeights::default(),
        }
    }
}

impl Minutes {
    /// Adds a tally of a minute that is not complete.
    pub(super) fn add(&mut self, tally: &Tally) {
        let minute = tally.slice.minute();
        match self.open.get_mut(&minute) {
            Some(open) => {
                open.merge(tally);
                open.samples.truncate(FEW_SAMPLES);
            }
            None => {
                let mut open = Tally { watch: String::new(), ..tally.clone() };
                open.samples.truncate(FEW_SAMPLES);
                open.samples.shrink_to_fit();
                self.open.insert(minute, open);
            }
        }
    }

    /// Adds a tally that came after its minute was complete; returns whether it belongs to the past.
    pub(super) fn add_late(&mut self, tally: &Tally, closed: i64) -> bool {
        let minute = tally.slice.minute();
        if self.since.is_none_or(|since| minute < since) {
            return false;
        }
        self.complete.advance(closed);
        // Where it is known who repeats, the credit of its time is spent.
        let unknown = tally.repeaters.is_empty();
        let counts = if unknown {
            WeighedCounts::unweighed(&tally.counts, &tally.discount)
        } else {
            RepeatWeights::least(tally)
        };
        self.complete.add(minute, &counts);
        true
    }

    /// The first minute that is not complete and has a mention.
    pub(super) fn first_open(&self) -> Option<i64> {
        self.open.first_key_value().map(|(minute, _)| *minute)
    }

    /// The past begins with `since`, or with the first mention, where one came before. Returns the minute.
    pub(super) fn begin(&mut self, since: i64) -> i64 {
        let since = self.first_open().map_or(since, |open| open.min(since));
        self.since = Some(since);
        self.complete = MinuteTable::new(since - 1);
        since
    }

    /// Adds a minute that is complete now. Returns its weighed counts.
    pub(super) fn fold(&mut self, minute: i64, tally: &Tally) -> WeighedCounts {
        let counts = self.repeat_weights.weigh(minute, tally);
        self.complete.add(minute, &counts);
        counts
    }

    /// Takes the complete minutes of `past` in the place of its own, which it returns. What is open stays, and who
    /// repeats.
    pub(super) fn take_over(&mut self, past: Minutes) -> MinuteTable {
        self.since = past.since;
        std::mem::replace(&mut self.complete, past.complete)
    }

    /// The tallies of the open minutes up to `minute`.
    pub(super) fn open_until(&self, minute: i64) -> impl Iterator<Item = (i64, &Tally)> {
        self.open.range(..=minute).map(|(minute, tally)| (*minute, tally))
    }

    /// What the open minutes up to `minute` weigh at least; `closed` is the last complete one.
    pub(super) fn weigh_open(&self, closed: i64, minute: i64) -> WeighedCounts {
        let repeated = self.open_until(minute).any(|(_, tally)| tally.counts.repeats() > 0);
        let mut weights = repeated.then(|| self.repeat_weights.clone());
        let turns = RepeatWeights::turns_between(closed + 1, minute);
        let mut sum = WeighedCounts::default();
        for (minute, tally) in self.open_until(minute) {
            let counts = match &mut weights {
                Some(weights) if !turns && !tally.repeaters.is_empty() => weights.weigh(minute, tally),
                // Repeats of unknown authors may yet turn out to be known: they wait.
                _ => RepeatWeights::least(tally),
            };
            sum.add(&counts);
        }
        sum
    }

    pub(super) fn heap_bytes(&self) -> usize {
        let tally = |tally: &Tally| {
            let samples: usize = tally.samples.iter().map(sample_bytes).sum();
            let key_terms: usize =
                tally.key_terms.iter().map(|key_terms| size_of_val(key_terms) + key_terms.said.len()).sum();
            size_of::<(i64, Tally)>() + 2 * 512 + samples + key_terms
        };
        self.complete.heap_bytes() + self.repeat_weights.heap_bytes() + self.open.values().map(tally).sum::<usize>()
    }
}
