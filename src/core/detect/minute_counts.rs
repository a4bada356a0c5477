//! What was counted in each of the last 640 minutes, which is the longest window that is tested.

use std::ops::Range;

use super::pack::{Packer, Unpacker};
use super::weighed_counts::{PARTS, WeighedCounts};

/// Minutes that are kept: the longest window, 5 min · 2^7.
pub const MINUTES: i64 = 640;
/// The windows that are tested: 5 min · 2^j.
pub const WINDOWS: usize = 8;

/// A minute of at most this many mentions is kept in the narrow form.
const NARROW: u64 = u16::MAX as u64 / PARTS;

/// The length of window `j` in minutes.
pub const fn window_minutes(j: usize) -> i64 {
    5 << j
}

/// The minutes as they are kept: 16 bytes each while none holds more than 4,095 mentions, else 32.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Kept {
    Narrow(Vec<WeighedCounts<u16>>),
    Wide(Vec<WeighedCounts<u32>>),
}

impl Kept {
    const NONE: Kept = Kept::Narrow(Vec::new());

    fn is_empty(&self) -> bool {
        match self {
            Kept::Narrow(counts) => counts.is_empty(),
            Kept::Wide(counts) => counts.is_empty(),
        }
    }

    fn get(&self, place: usize) -> WeighedCounts {
        let counts = match self {
            Kept::Narrow(counts) => counts.get(place).map(|counts| counts.map(u64::from)),
            Kept::Wide(counts) => counts.get(place).map(|counts| counts.map(u64::from)),
        };
        counts.unwrap_or_default()
    }

    fn set(&mut self, place: usize, minute: WeighedCounts) {
        if let Kept::Narrow(counts) = self {
            if minute.mentions <= NARROW {
                // None is larger than the parts of the mentions.
                counts[place] = minute.map(|count| count as u16);
                return;
            }
            *self = Kept::Wide(counts.iter().map(|counts| counts.map(u32::from)).collect());
        }
        if let Kept::Wide(counts) = self {
            counts[place] = minute.map(|count| u32::try_from(count).unwrap_or(u32::MAX));
        }
    }

    fn sum(&self, places: Range<usize>) -> WeighedCounts {
        match self {
            Kept::Narrow(counts) => {
                // All minutes in the narrow form do not fill 32 bits.
                let mut sum = WeighedCounts::<u32>::default();
                counts[places].iter().for_each(|counts| sum.add(&counts.map(u32::from)));
                sum.map(u64::from)
            }
            Kept::Wide(counts) => {
                let mut sum = WeighedCounts::default();
                counts[places].iter().for_each(|counts| sum.add(&counts.map(u64::from)));
                sum
            }
        }
    }

    fn heap_bytes(&self) -> usize {
        match self {
            Kept::Narrow(counts) => counts.capacity() * size_of::<WeighedCounts<u16>>(),
            Kept::Wide(counts) => counts.capacity() * size_of::<WeighedCounts<u32>>(),
        }
    }
}

/// The last 640 minutes up to `head`. Takes no memory while all of them are empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MinuteTable {
    head: i64,
    /// The newest minute that has a mention; older than what is kept when none has.
    newest: i64,
    kept: Kept,
}

impl MinuteTable {
    /// No mention up to the minute `head`.
    pub fn new(head: i64) -> MinuteTable {
        MinuteTable { head, newest: head - MINUTES, kept: Kept::NONE }
    }

    /// The newest minute.
    pub fn head(&self) -> i64 {
        self.head
    }

    /// Bytes on the heap.
    pub fn heap_bytes(&self) -> usize {
        self.kept.heap_bytes()
    }

    fn place(minute: i64) -> usize {
        minute.rem_euclid(MINUTES) as usize
    }

    /// Moves on to `minute`. Costs at most 640 steps however far that is.
    pub fn advance(&mut self, minute: i64) {
        if minute <= self.head {
            return;
        }
        if minute - self.newest >= MINUTES {
            self.kept = Kept::NONE;
        } else {
            for passed in self.head + 1..=minute {
                self.kept.set(MinuteTable::place(passed), WeighedCounts::default());
            }
        }
        self.head = minute;
    }

    /// Adds to a minute that is kept; says whether it is.
    pub fn add(&mut self, minute: i64, counts: &WeighedCounts) -> bool {
        if minute > self.head || self.head - minute >= MINUTES {
            return false;
        }
        if self.kept.is_empty() {
            self.kept = Kept::Narrow(vec![WeighedCounts::default(); MINUTES as usize]);
        }
        let mut sum = self.get(minute);
        sum.add(counts);
        self.kept.set(MinuteTable::place(minute), sum);
        self.newest = self.newest.max(minute);
        true
    }

    fn get(&self, minute: i64) -> WeighedCounts {
        self.kept.get(MinuteTable::place(minute))
    }

    /// The minutes after `minute` that had a mention and are kept, in order.
    pub fn minutes_after(&self, minute: i64) -> impl Iterator<Item = i64> {
        let from = (minute + 1).max(self.head - MINUTES + 1);
        (from..=self.head).filter(|minute| !self.get(*minute).is_empty())
    }

    /// The sum of the minutes from `from` to `to`, both included, as far as they are kept.
    pub fn sum(&self, from: i64, to: i64) -> WeighedCounts {
        // Nothing lies after `newest`: quiet watches skip most of the way.
        let (from, to) = (from.max(self.head - MINUTES + 1), to.min(self.newest));
        if self.kept.is_empty() || from > to {
            return WeighedCounts::default();
        }
        let (first, last) = (MinuteTable::place(from), MinuteTable::place(to));
        if first <= last {
            return self.kept.sum(first..last + 1);
        }
        let mut sum = self.kept.sum(first..MINUTES as usize);
        sum.add(&self.kept.sum(0..last + 1));
        sum
    }

    /// The sums of all windows that end with `minute`, which is `head` or up to 5 minutes later; `open` is what the
    /// minutes after `head` hold, and lies in every window.
    pub fn windows(&self, minute: i64, open: &WeighedCounts) -> [WeighedCounts; WINDOWS] {
        let mut sum = *open;
        let mut next = minute;
        std::array::from_fn(|j| {
            let first = minute - window_minutes(j) + 1;
            sum.add(&self.sum(first, next));
            next = first - 1;
            sum
        })
    }

    /// Writes the minutes, oldest first, empty minutes as runs.
    pub fn pack(&self, packer: &mut Packer) {
        packer.signed(self.head);
        packer.signed(self.head - self.newest);
        let mut run = 0;
        for minute in self.head - MINUTES + 1..=self.head {
            let counts = self.get(minute);
            if counts.is_empty() {
                run += 1;
                continue;
            }
            packer.unsigned(run);
            run = 0;
            // Mostly nothing was repeated: then the rest is as the plain counts have it.
            let positives = counts.discounted_positives / PARTS;
            let plain = WeighedCounts {
                weighed: counts.mentions,
                weighed_negatives: counts.negatives,
                discounted: counts.mentions * PARTS,
                discounted_negatives: counts.negatives * PARTS,
                discounted_positives: positives * PARTS,
                discounted_judged: counts.mentions * PARTS,
                ..counts
            };
            packer.unsigned(counts.mentions << 1 | u64::from(counts != plain));
            if counts == plain {
                packer.unsigned(counts.negatives);
                packer.unsigned(positives);
            } else {
                let [_, others @ ..] = counts.into_array();
                others.into_iter().for_each(|count| packer.unsigned(count));
            }
        }
        packer.unsigned(run);
    }

    /// Reads what [`MinuteTable::pack`] wrote.
    pub fn unpack(unpacker: &mut Unpacker<'_>) -> Option<MinuteTable> {
        let head = unpacker.signed()?;
        if head.unsigned_abs() > i64::MAX as u64 / 2 {
            return None;
        }
        let mut table = MinuteTable::new(head);
        let newest = table.head.checked_sub(unpacker.signed()?)?;
        let mut minute = table.head - MINUTES + 1;
        loop {
            minute = minute.checked_add(i64::try_from(unpacker.unsigned()?).ok()?)?;
            if minute > table.head {
                break;
            }
            let mentions = unpacker.unsigned()?;
            let (repeated, mentions) = (mentions & 1 == 1, mentions >> 1);
            let counts = if repeated {
                WeighedCounts::unpack_after(mentions, unpacker)?
            } else {
                let negatives = unpacker.unsigned()?;
                WeighedCounts {
                    mentions,
                    negatives,
                    weighed: mentions,
                    weighed_negatives: negatives,
                    discounted: mentions.checked_mul(PARTS)?,
                    discounted_negatives: negatives.checked_mul(PARTS)?,
                    discounted_positives: unpacker.unsigned()?.checked_mul(PARTS)?,
                    discounted_judged: mentions.checked_mul(PARTS)?,
                }
            };
            // What is more than its mentions is damaged.
            let bound = mentions.checked_mul(PARTS)?;
            let within = counts.into_array().into_iter().all(|count| count <= bound);
            if !within {
                return None;
            }
            table.add(minute, &counts);
            minute += 1;
        }
        table.newest = newest;
        Some(table)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn counts(mentions: u64) -> WeighedCounts {
        WeighedCounts {
            mentions,
            negatives: mentions / 2,
            weighed: mentions,
            weighed_negatives: 0,
            discounted: mentions * 15,
            discounted_negatives: mentions * 5,
            discounted_positives: mentions,
            discounted_judged: mentions * 14,
        }
    }

    proptest! {
        /// Against the plain way: a list of all minutes, summed.
        #[test]
        fn windows_are_the_sums_of_their_minutes(
            steps in proptest::collection::vec((0_i64..300, 0_i64..700, 0_u64..50), 1..60), ahead in 0_i64..5,
        ) {
            let mut table = MinuteTable::new(1000);
            let mut plain = std::collections::BTreeMap::<i64, u64>::new();
            for (forward, back, mentions) in steps {
                table.advance(table.head() + forward);
                let minute = table.head() - back;
                if table.add(minute, &counts(mentions)) {
                    *plain.entry(minute).or_default() += mentions;
                }
            }
            let end = table.head() + ahead;
            for (j, window) in table.windows(end, &counts(7)).iter().enumerate() {
                let first = end - window_minutes(j) + 1;
                let sum: u64 = plain.range(first.max(table.head() - MINUTES + 1)..).map(|(_, mentions)| mentions).sum();
                prop_assert_eq!(window.mentions, sum + 7);
            }
            let mut packer = Packer::default();
            table.pack(&mut packer);
            let bytes = packer.finish();
            let back = MinuteTable::unpack(&mut Unpacker::new(&bytes)).unwrap();
            for minute in table.head() - MINUTES..=table.head() {
                prop_assert_eq!(back.sum(minute, minute), table.sum(minute, minute));
            }
            prop_assert_eq!((back.head, back.newest), (table.head, table.newest));
        }
    }

    #[test]
    fn a_minute_of_very_many_is_counted_in_full() {
        let mut table = MinuteTable::new(10);
        assert!(table.add(9, &counts(7)) && table.add(10, &counts(65_535)) && table.add(10, &counts(65_535)));
        assert_eq!(table.sum(10, 10).mentions, 131_070);
        assert_eq!(table.sum(9, 10).mentions, 131_077);
    }

    #[test]
    fn a_minute_that_left_takes_no_more_counts() {
        let mut table = MinuteTable::new(0);
        assert!(table.add(0, &counts(5)));
        table.advance(MINUTES - 1);
        assert!(table.add(0, &counts(1)), "the oldest minute that is kept");
        table.advance(MINUTES);
        assert!(!table.add(0, &counts(5)));
        assert!(!table.add(MINUTES + 1, &counts(5)), "a minute to come");
        assert_eq!(table.windows(MINUTES, &WeighedCounts::default())[WINDOWS - 1], WeighedCounts::default());
    }

    #[test]
    fn years_of_nothing_are_one_step() {
        let mut table = MinuteTable::new(0);
        table.add(0, &counts(5));
        table.advance(50_000_000_000);
        assert_eq!(table.heap_bytes(), 0);
    }

    proptest! {
        #[test]
        fn rubbish_is_refused_not_a_panic(rubbish in proptest::collection::vec(any::<u8>(), 0..40)) {
            let _ = MinuteTable::unpack(&mut Unpacker::new(&rubbish));
        }
    }
}
