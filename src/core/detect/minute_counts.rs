//! Bounded counts: one cell a minute for the last 640 minutes, which is the longest window that is tested.

use super::pack::{Packer, Unpacker};

/// Minutes that are kept: the longest window, 5 min · 2^7.
pub const MINUTES: i64 = 640;
/// The windows that are tested: 5 min · 2^j.
pub const WINDOWS: usize = 8;

/// The length of window `j` in minutes.
pub const fn window_minutes(j: usize) -> i64 {
    5 << j
}

/// What was counted in a span of event time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MinuteCounts {
    /// All mentions.
    pub mentions: u64,
    /// Of them negative.
    pub negatives: u64,
    /// Of them positive.
    pub positives: u64,
    /// Mentions, repeats weighed by who repeats (see `copies.rs`); at most `mentions`.
    pub weighed: u64,
    /// Negatives, weighed likewise; at most `negatives`.
    pub weighed_negatives: u64,
}

impl MinuteCounts {
    /// Adds another span.
    pub fn add(&mut self, other: &MinuteCounts) {
        self.mentions += other.mentions;
        self.negatives += other.negatives;
        self.positives += other.positives;
        self.weighed += other.weighed;
        self.weighed_negatives += other.weighed_negatives;
    }

    fn is_empty(&self) -> bool {
        self.mentions == 0
    }
}

/// The cells as they are kept: 10 bytes each while no minute holds more than 65,535 mentions, else 20.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Cells {
    Narrow(Vec<[u16; 5]>),
    Wide(Vec<[u32; 5]>),
}

impl Cells {
    const NONE: Cells = Cells::Narrow(Vec::new());

    fn is_empty(&self) -> bool {
        match self {
            Cells::Narrow(cells) => cells.is_empty(),
            Cells::Wide(cells) => cells.is_empty(),
        }
    }

    fn get(&self, place: usize) -> MinuteCounts {
        let counts = match self {
            Cells::Narrow(cells) => cells.get(place).map(|counts| counts.map(u64::from)),
            Cells::Wide(cells) => cells.get(place).map(|counts| counts.map(u64::from)),
        };
        let [mentions, negatives, positives, weighed, weighed_negatives] = counts.unwrap_or_default();
        MinuteCounts { mentions, negatives, positives, weighed, weighed_negatives }
    }

    fn set(&mut self, place: usize, cell: MinuteCounts) {
        let counts = [cell.mentions, cell.negatives, cell.positives, cell.weighed, cell.weighed_negatives];
        if let Cells::Narrow(cells) = self {
            if cell.mentions <= u64::from(u16::MAX) {
                // None is larger than the mentions.
                cells[place] = counts.map(|count| count as u16);
                return;
            }
            *self = Cells::Wide(cells.iter().map(|counts| counts.map(u32::from)).collect());
        }
        if let Cells::Wide(cells) = self {
            cells[place] = counts.map(|count| u32::try_from(count).unwrap_or(u32::MAX));
        }
    }

    fn heap_bytes(&self) -> usize {
        match self {
            Cells::Narrow(cells) => cells.capacity() * size_of::<[u16; 5]>(),
            Cells::Wide(cells) => cells.capacity() * size_of::<[u32; 5]>(),
        }
    }
}

/// The last 640 minutes up to `head`. Takes no memory while all of them are empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MinuteTable {
    head: i64,
    /// The newest minute that has a mention; older than the rows when none has.
    newest: i64,
    cells: Cells,
}

impl MinuteTable {
    /// Empty rows that end with the minute `head`.
    pub fn new(head: i64) -> MinuteTable {
        MinuteTable { head, newest: head - MINUTES, cells: Cells::NONE }
    }

    /// The newest minute.
    pub fn head(&self) -> i64 {
        self.head
    }

    /// Bytes on the heap.
    pub fn heap_bytes(&self) -> usize {
        self.cells.heap_bytes()
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
            self.cells = Cells::NONE;
        } else {
            for passed in self.head + 1..=minute {
                self.cells.set(MinuteTable::place(passed), MinuteCounts::default());
            }
        }
        self.head = minute;
    }

    /// Adds to a minute that is kept; says whether it is.
    pub fn add(&mut self, minute: i64, cell: &MinuteCounts) -> bool {
        if minute > self.head || self.head - minute >= MINUTES {
            return false;
        }
        if self.cells.is_empty() {
            self.cells = Cells::Narrow(vec![[0; 5]; MINUTES as usize]);
        }
        let mut sum = self.get(minute);
        sum.add(cell);
        self.cells.set(MinuteTable::place(minute), sum);
        self.newest = self.newest.max(minute);
        true
    }

    fn get(&self, minute: i64) -> MinuteCounts {
        self.cells.get(MinuteTable::place(minute))
    }

    /// The minutes after `minute` that had a mention and are kept, in order.
    pub fn minutes_after(&self, minute: i64) -> impl Iterator<Item = i64> {
        let from = (minute + 1).max(self.head - MINUTES + 1);
        (from..=self.head).filter(|minute| !self.get(*minute).is_empty())
    }

    /// The sum of the minutes from `from` to `to`, both included, as far as they are kept.
    pub fn sum(&self, from: i64, to: i64) -> MinuteCounts {
        let mut sum = MinuteCounts::default();
        if !self.cells.is_empty() {
            for minute in from.max(self.head - MINUTES + 1)..=to.min(self.head) {
                sum.add(&self.get(minute));
            }
        }
        sum
    }

    /// The sums of all windows that end with `minute`, which is `head` or up to 5 minutes later; `open` is what the
    /// minutes after `head` hold, and lies in every window.
    pub fn windows(&self, minute: i64, open: &MinuteCounts) -> [MinuteCounts; WINDOWS] {
        let mut sums = [MinuteCounts::default(); WINDOWS];
        let mut sum = *open;
        let mut next = self.head;
        for (j, slot) in sums.iter_mut().enumerate() {
            let first = minute - window_minutes(j) + 1;
            // Nothing lies after `newest`: quiet watches skip most of the way.
            next = next.min(self.newest);
            while next >= first && next > self.head - MINUTES {
                sum.add(&self.get(next));
                next -= 1;
            }
            *slot = sum;
        }
        sums
    }

    /// Writes the rows, oldest first, empty minutes as runs.
    pub fn pack(&self, packer: &mut Packer) {
        packer.signed(self.head);
        packer.signed(self.head - self.newest);
        let mut run = 0;
        for minute in self.head - MINUTES + 1..=self.head {
            let cell = self.get(minute);
            if cell.is_empty() {
                run += 1;
                continue;
            }
            packer.unsigned(run);
            run = 0;
            packer.unsigned(cell.mentions);
            packer.unsigned(cell.negatives);
            packer.unsigned(cell.positives);
            // Mostly 0: one byte for both.
            let (lighter, lighter_negatives) = (cell.mentions - cell.weighed, cell.negatives - cell.weighed_negatives);
            packer.unsigned(lighter << 1 | u64::from(lighter_negatives > 0));
            if lighter_negatives > 0 {
                packer.unsigned(lighter_negatives);
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
        let mut rows = MinuteTable::new(head);
        let newest = rows.head.checked_sub(unpacker.signed()?)?;
        let mut minute = rows.head - MINUTES + 1;
        loop {
            minute = minute.checked_add(i64::try_from(unpacker.unsigned()?).ok()?)?;
            if minute > rows.head {
                break;
            }
            let (mentions, negatives, positives) = (unpacker.unsigned()?, unpacker.unsigned()?, unpacker.unsigned()?);
            let lighter = unpacker.unsigned()?;
            let lighter_negatives = if lighter & 1 == 1 { unpacker.unsigned()? } else { 0 };
            let weighed = mentions.checked_sub(lighter >> 1)?;
            let weighed_negatives = negatives.checked_sub(lighter_negatives)?;
            rows.add(minute, &MinuteCounts { mentions, negatives, positives, weighed, weighed_negatives });
            minute += 1;
        }
        rows.newest = newest;
        Some(rows)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn cell(mentions: u64) -> MinuteCounts {
        MinuteCounts {
            mentions,
            negatives: mentions / 2,
            positives: mentions / 3,
            weighed: mentions,
            weighed_negatives: 0,
        }
    }

    proptest! {
        /// Against the plain way: a list of all minutes, summed.
        #[test]
        fn windows_are_the_sums_of_their_minutes(
            steps in proptest::collection::vec((0_i64..300, 0_i64..700, 0_u64..50), 1..60), ahead in 0_i64..5,
        ) {
            let mut rows = MinuteTable::new(1000);
            let mut plain = std::collections::BTreeMap::<i64, u64>::new();
            for (forward, back, mentions) in steps {
                rows.advance(rows.head() + forward);
                let minute = rows.head() - back;
                if rows.add(minute, &cell(mentions)) {
                    *plain.entry(minute).or_default() += mentions;
                }
            }
            let end = rows.head() + ahead;
            for (j, window) in rows.windows(end, &cell(7)).iter().enumerate() {
                let first = end - window_minutes(j) + 1;
                let sum: u64 = plain.range(first.max(rows.head() - MINUTES + 1)..).map(|(_, mentions)| mentions).sum();
                prop_assert_eq!(window.mentions, sum + 7);
            }
            let mut packer = Packer::default();
            rows.pack(&mut packer);
            let bytes = packer.finish();
            let back = MinuteTable::unpack(&mut Unpacker::new(&bytes)).unwrap();
            for minute in rows.head() - MINUTES..=rows.head() {
                prop_assert_eq!(back.sum(minute, minute), rows.sum(minute, minute));
            }
            prop_assert_eq!((back.head, back.newest), (rows.head, rows.newest));
        }
    }

    #[test]
    fn a_minute_of_very_many_is_counted_in_full() {
        let mut rows = MinuteTable::new(10);
        assert!(rows.add(9, &cell(7)) && rows.add(10, &cell(65_535)) && rows.add(10, &cell(65_535)));
        assert_eq!(rows.sum(10, 10).mentions, 131_070);
        assert_eq!(rows.sum(9, 10).mentions, 131_077);
    }

    #[test]
    fn a_minute_that_left_takes_no_more_counts() {
        let mut rows = MinuteTable::new(0);
        assert!(rows.add(0, &cell(5)));
        rows.advance(MINUTES - 1);
        assert!(rows.add(0, &cell(1)), "the oldest minute that is kept");
        rows.advance(MINUTES);
        assert!(!rows.add(0, &cell(5)));
        assert!(!rows.add(MINUTES + 1, &cell(5)), "a minute to come");
        assert_eq!(rows.windows(MINUTES, &MinuteCounts::default())[WINDOWS - 1], MinuteCounts::default());
    }

    #[test]
    fn years_of_nothing_are_one_step() {
        let mut rows = MinuteTable::new(0);
        rows.add(0, &cell(5));
        rows.advance(50_000_000_000);
        assert_eq!(rows.heap_bytes(), 0);
    }
}
