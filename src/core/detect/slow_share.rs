//! The slow share: which part of a watch's mentions is negative, and which positive, over the last weeks.
//!
//! Decayed sums over half hours, with a half-life of seven days. What belongs to a burst hardly enters: a half hour
//! counts at most three times as many mentions as were expected of it, and at most twice the negatives that the share
//! led to expect, so that a crisis does not become the share that it is compared with.

use std::collections::VecDeque;

use super::baseline::{BLOCK, DAY_MINUTES};
use super::compact::Compact;
use super::pack::{Packer, Unpacker};

/// The half-life in half hours: seven days.
const HALF_LIFE: f64 = 7.0 * 24.0 * 60.0 / BLOCK as f64;
/// Half hours that are kept: two days, which is the longest window of slow burns, and one before.
const KEPT: usize = 2 * (DAY_MINUTES / BLOCK) as usize + 2;
/// A half hour counts at most this many times the mentions that were expected, and ten …
const MENTIONS_CLIP: f64 = 3.0;
const MENTIONS_MARGIN: f64 = 10.0;
/// … and this many times the negatives that the share led to expect of them, and five.
const SHARE_CLIP: f64 = 2.0;
const SHARE_MARGIN: f64 = 5.0;
/// Before anything is known, one mention in four is taken to be negative.
const PRIOR_MENTIONS: f64 = 4.0;

/// Decayed sums.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Sums {
    mentions: f32,
    negatives: f32,
    positives: f32,
}

/// A half hour, and the sums at its end.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct HalfHour {
    mentions: Compact,
    negatives: Compact,
    after: Sums,
}

/// The slow share of a watch.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SlowShare {
    /// The half hour that comes after the last one; `None` before the first.
    next: Option<i64>,
    kept: VecDeque<HalfHour>,
}

/// What was counted in a half hour, repeats discounted.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Judged {
    /// Mentions.
    pub mentions: f64,
    /// Of them negative.
    pub negatives: f64,
    /// Of them positive.
    pub positives: f64,
}

/// The shares as they were at some time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shares {
    /// The share of negatives.
    pub negative: f64,
    /// The share of positives.
    pub positive: f64,
    /// The mentions that they rest on, decayed.
    pub mentions: f64,
}

impl Shares {
    /// Nothing is known.
    pub const UNKNOWN: Shares = Shares { negative: 0.0, positive: 0.0, mentions: 0.0 };
}

impl Sums {
    fn decayed(self, half_hours: f64) -> Sums {
        let kept = (-half_hours / HALF_LIFE).exp2() as f32;
        Sums { mentions: self.mentions * kept, negatives: self.negatives * kept, positives: self.positives * kept }
    }

    fn shares(self) -> Shares {
        let mentions = f64::from(self.mentions);
        let share = |of: f32| (f64::from(of) + 1.0) / (mentions + PRIOR_MENTIONS);
        Shares { negative: share(self.negatives), positive: share(self.positives), mentions }
    }
}

impl SlowShare {
    /// Begins with the half hour `first`.
    pub fn begin(&mut self, first: i64) {
        *self = SlowShare { next: Some(first), kept: VecDeque::new() };
    }

    /// Begins with the half hour `first`, and with what was known before.
    pub fn seed(&mut self, first: i64, known: Judged) {
        let Judged { mentions, negatives, positives } = known;
        let after = Sums { mentions: mentions as f32, negatives: negatives as f32, positives: positives as f32 };
        self.next = Some(first);
        self.kept = VecDeque::from([HalfHour { after, ..HalfHour::default() }]);
    }

    /// Adds a half hour that ended; those since the last one were empty. `expected` are the mentions that were
    /// expected of it, `None` while too little is known to clip by.
    pub fn absorb(&mut self, half_hour: i64, counted: Judged, expected: Option<f64>) {
        self.fill(half_hour);
        if self.next != Some(half_hour) {
            return;
        }
        let Judged { mentions, negatives, positives } = counted;
        let before = self.last();
        let kept = |of: f64| match expected {
            None => (mentions, of),
            Some(expected) => {
                let most = mentions.min(MENTIONS_CLIP * expected + MENTIONS_MARGIN);
                (most, if mentions > 0.0 { of * most / mentions } else { 0.0 })
            }
        };
        let clipped = |of: f64, share: f64| {
            let (mentions, of) = kept(of);
            let most = if expected.is_some() { SHARE_CLIP * share * mentions + SHARE_MARGIN } else { f64::INFINITY };
            of.min(most)
        };
        let shares = before.shares();
        let aged = before.decayed(1.0);
        let after = Sums {
            mentions: aged.mentions + kept(0.0).0 as f32,
            negatives: aged.negatives + clipped(negatives, shares.negative) as f32,
            positives: aged.positives + clipped(positives, shares.positive) as f32,
        };
        self.push(HalfHour { mentions: Compact::new(mentions), negatives: Compact::new(negatives), after });
    }

    /// All half hours before `half_hour` that were not taken in were empty.
    pub fn fill(&mut self, half_hour: i64) {
        let Some(next) = self.next else { return };
        let from = next.max(half_hour - KEPT.cast_signed() as i64);
        if from > next {
            let last = self.last().decayed((from - next) as f64);
            self.kept = VecDeque::from([HalfHour { after: last, ..HalfHour::default() }]);
            self.next = Some(from);
        }
        for _ in from..half_hour {
            let after = self.last().decayed(1.0);
            self.push(HalfHour { after, ..HalfHour::default() });
        }
    }

    fn last(&self) -> Sums {
        self.kept.back().map(|half_hour| half_hour.after).unwrap_or_default()
    }

    fn push(&mut self, half_hour: HalfHour) {
        if self.kept.len() == KEPT {
            self.kept.pop_front();
        } else if self.kept.len() == self.kept.capacity() {
            // Only as much room as two days need.
            self.kept.reserve_exact((KEPT - self.kept.len()).min(KEPT / 4));
        }
        self.kept.push_back(half_hour);
        self.next = self.next.map(|next| next + 1);
    }

    /// The place of a half hour among those that are kept, those after the last one included; `None` before them.
    fn place(&self, half_hour: i64) -> Option<usize> {
        let first = self.next? - self.kept.len().cast_signed() as i64;
        usize::try_from(half_hour - first).ok()
    }

    /// The shares as they were at the end of `half_hour`.
    pub fn at(&self, half_hour: i64) -> Shares {
        let kept = self.place(half_hour).and_then(|place| self.kept.get(place));
        match (kept, self.next) {
            (Some(half_hour), _) => half_hour.after,
            // Those after the last one were empty.
            (None, Some(next)) if half_hour >= next => self.last().decayed((half_hour - next + 1) as f64),
            (None, _) => Sums::default(),
        }
        .shares()
    }

    /// Mentions and negatives of a half hour that is kept.
    pub fn counted(&self, half_hour: i64) -> Option<(f64, f64)> {
        let kept = self.kept.get(self.place(half_hour)?)?;
        Some((kept.mentions.value(), kept.negatives.value()))
    }

    /// The first half hour that is kept.
    pub fn earliest(&self) -> Option<i64> {
        self.next.map(|next| next - self.kept.len().cast_signed() as i64)
    }

    /// Mentions and negatives of the half hours from `from` on.
    pub fn since(&self, from: i64) -> (f64, f64) {
        let place = self.place(from).unwrap_or(0).min(self.kept.len());
        self.kept.range(place..).fold((0.0, 0.0), |(mentions, negatives), half_hour| {
            (mentions + half_hour.mentions.value(), negatives + half_hour.negatives.value())
        })
    }

    /// Bytes on the heap.
    pub fn heap_bytes(&self) -> usize {
        self.kept.capacity() * size_of::<HalfHour>()
    }

    /// Writes the state.
    pub fn pack(&self, packer: &mut Packer) {
        packer.signed(self.next.unwrap_or(i64::MIN));
        packer.unsigned(self.kept.len() as u64);
        for HalfHour { mentions, negatives, after } in &self.kept {
            packer.unsigned(mentions.bits());
            packer.unsigned(negatives.bits());
            [after.mentions, after.negatives, after.positives].into_iter().for_each(|sum| packer.float(sum));
        }
    }

    /// Reads what [`SlowShare::pack`] wrote.
    pub fn unpack(unpacker: &mut Unpacker<'_>) -> Option<SlowShare> {
        let next = Some(unpacker.signed()?).filter(|next| *next != i64::MIN);
        let length = Some(unpacker.unsigned()?).filter(|length| *length <= KEPT as u64)?;
        let half_hour = |unpacker: &mut Unpacker<'_>| {
            Some(HalfHour {
                mentions: Compact::from_bits(unpacker.unsigned()?)?,
                negatives: Compact::from_bits(unpacker.unsigned()?)?,
                after: Sums { mentions: unpacker.float()?, negatives: unpacker.float()?, positives: unpacker.float()? },
            })
        };
        let kept = (0..length).map(|_| half_hour(unpacker)).collect::<Option<_>>()?;
        Some(SlowShare { next, kept })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn half_hour(mentions: f64, share: f64) -> Judged {
        Judged { mentions, negatives: mentions * share, positives: mentions * 0.1 }
    }

    /// Weeks of ten mentions a half hour, three of them negative.
    fn weeks(weeks: i64) -> (SlowShare, i64) {
        let mut share = SlowShare::default();
        share.begin(0);
        let end = weeks * 7 * 48;
        (0..end).for_each(|at| share.absorb(at, half_hour(10.0, 0.3), Some(10.0)));
        (share, end)
    }

    #[test]
    fn a_steady_share_is_known_as_it_is() {
        let (share, end) = weeks(4);
        let shares = share.at(end - 1);
        assert!((shares.negative - 0.3).abs() < 0.005 && (shares.positive - 0.1).abs() < 0.005, "{shares:?}");
        assert!(shares.mentions > 2_000.0);
        assert_eq!(share.at(-1).negative, 0.25, "one in four before anything is known");
    }

    #[test]
    fn a_crisis_does_not_become_the_share_that_it_is_held_against() {
        let (mut share, end) = weeks(4);
        (end..end + 14).for_each(|at| share.absorb(at, half_hour(300.0, 0.9), Some(10.0)));
        let shares = share.at(end + 13);
        assert!(shares.negative < 0.36, "{shares:?}");
    }

    #[test]
    fn a_lasting_change_becomes_the_share() {
        let (mut share, end) = weeks(4);
        (end..end + 4 * 7 * 48).for_each(|at| share.absorb(at, half_hour(10.0, 0.6), Some(10.0)));
        assert!(share.at(end + 4 * 7 * 48 - 1).negative > 0.55);
    }

    #[test]
    fn what_was_known_at_a_time_stays_and_sums_are_of_the_half_hours_since() {
        let (mut share, end) = weeks(2);
        let before = share.at(end - 40);
        (end..end + 4).for_each(|at| share.absorb(at, half_hour(20.0, 0.5), Some(10.0)));
        assert_eq!(share.at(end - 40), before);
        assert_eq!(share.since(end - 2), (100.0, 46.0));
        assert_eq!(share.since(end + 4), (0.0, 0.0));
    }

    #[test]
    fn gaps_are_empty_half_hours_however_long() {
        let (mut one, end) = weeks(2);
        let mut other = one.clone();
        one.absorb(end + 5_000, half_hour(10.0, 0.3), Some(10.0));
        (end..end + 5_000).for_each(|at| other.fill(at));
        other.absorb(end + 5_000, half_hour(10.0, 0.3), Some(10.0));
        let (one, other) = (one.at(end + 5_000), other.at(end + 5_000));
        assert!((one.negative - other.negative).abs() < 1e-4, "{one:?} {other:?}");
    }

    #[test]
    fn it_survives_packing_and_is_small() {
        let (share, _) = weeks(3);
        assert!(share.heap_bytes() <= 120 * size_of::<HalfHour>());
        let mut packer = Packer::default();
        share.pack(&mut packer);
        let bytes = packer.finish();
        assert_eq!(SlowShare::unpack(&mut Unpacker::new(&bytes)), Some(share));
    }
}
