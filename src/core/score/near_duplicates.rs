//! Texts with a few words changed: nearly the same as one seen before, in bounded memory, per input partition.
//!
//! A text is the set of its words. Two texts are nearly the same when at least four fifths of the words of both are in
//! both (the Jaccard index): one word of ten changed, two of twenty. Complaints that independent people write about one
//! thing share less; at three fifths, texts made from one template by strangers were taken for copies. Candidates come
//! from MinHash (Broder 1997) with banding: eight minima in four bands of two, so that two texts that share four fifths
//! meet in some band 98 times of 100, half 68, one fifth 15. Those that meet are then compared by their words, each a
//! bit of 256: chance makes two texts of ten words share 0.4 more.
//!
//! The first text of its kind stands for all that come after it, so kinds do not drift from copy to copy.

use super::two_blocks::{Forget, TwoBlocks};

/// Words that are compared; a longer text is judged by its first ones.
const WORDS: u32 = 32;
/// Fewer distinct words are alike by chance: those texts are compared as wholes only.
const LEAST: u32 = 8;
const BANDS: usize = 4;
/// Texts that a shelf holds: 56 bytes each.
const SHELF: usize = 8192;
/// Places of each band's table.
const PLACES: usize = 2 * SHELF;
const NONE: u16 = u16::MAX;
const _: () = assert!(SHELF < NONE as usize);

/// Odd factors, one for each minimum. 16 bits, so that all eight are one instruction.
const FACTORS: [i16; 2 * BANDS] = [0x243f, 0x05a3, 0x1319, 0x0371, 0x2409, 0x299f, 0x082f, 0x6c4f];

/// The words of a text, gathered one by one.
#[derive(Clone, Debug)]
pub struct Words {
    count: u32,
    bits: [u64; 4],
    minima: [i16; 2 * BANDS],
}

impl Default for Words {
    fn default() -> Words {
        Words { count: 0, bits: [0; 4], minima: [i16::MAX; 2 * BANDS] }
    }
}

impl Words {
    /// Forgets all words.
    pub fn clear(&mut self) {
        *self = Words::default();
    }

    /// Adds a word by its hash.
    pub fn add(&mut self, hash: u64) {
        if self.count == WORDS {
            return;
        }
        self.count += 1;
        self.bits[(hash >> 62) as usize] |= 1 << (hash >> 56 & 63);
        let low = hash as i16;
        for (minimum, factor) in self.minima.iter_mut().zip(FACTORS) {
            *minimum = (*minimum).min(low.wrapping_mul(factor));
        }
    }

    fn place(&self, band: usize) -> usize {
        let [one, other] = [2 * band, 2 * band + 1].map(|at| u64::from(self.minima[at].cast_unsigned()));
        let mixed = (one << 16 | other).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        (mixed >> 40) as usize % PLACES
    }
}

/// A text that stands for its kind.
#[derive(Clone, Debug)]
struct Representative {
    bits: [u64; 4],
    /// The kind as this block alone would name it, and as it was named with the block before in view. What the next
    /// block takes over is the former, so that no name depends on more than two blocks.
    home: u64,
    named: u64,
    /// Texts of its kind in this block, itself included, and in the block before.
    seen: u16,
    before: u16,
}

/// The text that another is nearly the same as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Like {
    /// Its key.
    pub text: u64,
    /// How many of its kind came before.
    pub before: u32,
}

fn bits(of: impl Fn(usize) -> u64) -> u32 {
    (0..4).map(|at| of(at).count_ones()).sum()
}

impl Representative {
    /// Whether four fifths of the words of both are in both.
    fn is_like(&self, words: &Words) -> bool {
        let both = bits(|at| self.bits[at] & words.bits[at]);
        let any = bits(|at| self.bits[at] | words.bits[at]);
        5 * both >= 4 * any
    }
}

/// The newest texts of a block.
#[derive(Debug, Default)]
struct LshIndex {
    leaders: Vec<Representative>,
    next: usize,
    /// For each band and place the newest leader there; empty while there are no leaders.
    tables: Vec<u16>,
}

impl LshIndex {
    /// The place of the leader that a text is like.
    fn find(&self, words: &Words) -> Option<usize> {
        if self.leaders.is_empty() {
            return None;
        }
        (0..BANDS).find_map(|band| {
            let place = usize::from(self.tables[band * PLACES + words.place(band)]);
            self.leaders.get(place)?.is_like(words).then_some(place)
        })
    }

    fn add(&mut self, words: &Words, home: u64, (named, before): (u64, u16)) {
        if self.tables.is_empty() {
            self.tables = vec![NONE; BANDS * PLACES];
        }
        let leader = Representative { bits: words.bits, home, named, seen: 1, before };
        if self.leaders.len() < SHELF {
            self.leaders.push(leader);
        } else {
            self.leaders[self.next] = leader;
        }
        for band in 0..BANDS {
            self.tables[band * PLACES + words.place(band)] = self.next as u16;
        }
        self.next = (self.next + 1) % SHELF;
    }
}

impl Forget for LshIndex {
    fn forget(&mut self) {
        self.leaders.clear();
        self.next = 0;
        self.tables.fill(NONE);
    }
}

/// Remembers texts by the block of offsets they came in, as `DedupWindow` does ids: those of the present block and of
/// the one before, of each at most the newest 8192 that are not like another. What is answered depends on the records
/// of these two blocks alone.
#[derive(Debug)]
pub struct Near(TwoBlocks<LshIndex>);

impl Near {
    /// Remembers at least `block` records back (at least 1), as far as there is room.
    pub fn new(block: u32) -> Near {
        Near(TwoBlocks::new(block))
    }

    /// Takes in the text of the record at `offset`, whose words are `words` and whose own key is `key`. Offsets come in
    /// order. Says which text it is nearly the same as, if any.
    pub fn like(&mut self, offset: i64, key: u64, words: &Words) -> Option<Like> {
        if words.count < LEAST || bits(|at| words.bits[at]) < LEAST {
            return None;
        }
        let (now, before) = self.0.at(offset);
        if let Some(place) = now.find(words) {
            let leader = &mut now.leaders[place];
            let like = Like { text: leader.named, before: u32::from(leader.seen) + u32::from(leader.before) };
            leader.seen = leader.seen.saturating_add(1);
            return Some(like);
        }
        let older = before.find(words).map(|place| &before.leaders[place]);
        let like = older.map(|leader| Like { text: leader.home, before: u32::from(leader.seen) });
        now.add(words, key, older.map_or((key, 0), |leader| (leader.home, leader.seen)));
        like
    }

    /// Bytes on the heap: at most 1.2 MB.
    pub fn heap_bytes(&self) -> usize {
        let of =
            |shelf: &LshIndex| shelf.leaders.capacity() * size_of::<Representative>() + shelf.tables.capacity() * 2;
        self.0.both().map(of).iter().sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn words(text: &str) -> Words {
        let mut words = Words::default();
        text.split(' ').for_each(|word| words.add(xxhash_rust::xxh3::xxh3_64(word.as_bytes())));
        words
    }

    fn like(near: &mut Near, offset: i64, text: &str) -> Option<Like> {
        near.like(offset, crate::score::dedup::key(text), &words(text))
    }

    #[test]
    fn a_few_words_changed_is_the_same_text_and_another_is_not() {
        let mut near = Near::new(1000);
        let text = "aurora lost all of our bags in vienna and nobody there answers the phone";
        let first = |before: u32| Some(Like { text: crate::score::dedup::key(text), before });
        assert_eq!(like(&mut near, 0, text), None);
        assert_eq!(
            like(&mut near, 1, "aurora lost all of our bags in prague and nobody there answers the phone"),
            first(1)
        );
        assert_eq!(like(&mut near, 2, &format!("so {text}")), first(2));
        let retold = "aurora lost two of my bags in vienna and nobody here picks up the phone";
        assert_eq!(like(&mut near, 2, retold), None);
        assert_eq!(like(&mut near, 3, "aurora has a new lounge in vienna and the food there is worth it"), None);
        assert_eq!(like(&mut near, 4, "five words are too few"), None);
        assert_eq!(like(&mut near, 5, "five words are too few"), None);
    }

    #[test]
    fn nine_of_ten_copies_with_one_of_twelve_words_changed_are_found() {
        let mut found = 0;
        for seed in 0..500_u32 {
            let mut near = Near::new(1000);
            let text: Vec<String> = (0..12).map(|word| format!("word{}", seed * 100 + word)).collect();
            let mut other = text.clone();
            other[3] = format!("other{seed}");
            like(&mut near, 0, &text.join(" "));
            found += u32::from(like(&mut near, 1, &other.join(" ")).is_some());
        }
        assert!(found > 450, "{found} of 500");
    }

    #[test]
    fn memory_is_bounded() {
        let mut near = Near::new(1_000_000);
        for offset in 0..60_000_i64 {
            let text: Vec<String> = (0..8).map(|word| (offset * 8 + word).to_string()).collect();
            like(&mut near, offset, &text.join(" "));
        }
        assert!(near.heap_bytes() <= 600_000, "{}", near.heap_bytes());
    }

    proptest! {
        /// Whatever came before the warm-up, a restart at any offset gives the same answers as none.
        #[test]
        fn a_restart_changes_no_answer(texts in proptest::collection::vec((0_u32..12, 0_usize..10, 0_u32..3), 1..200), block in 1_u32..40, at in 0_usize..200) {
            let text = |(text, place, other): &(u32, usize, u32)| {
                let mut words: Vec<String> = (0..12).map(|word| format!("{text}-{word}")).collect();
                words[*place] = format!("changed {other}");
                words.join(" ")
            };
            let mut whole = Near::new(block);
            let answers: Vec<_> = texts.iter().zip(0..).map(|(of, offset)| like(&mut whole, offset, &text(of))).collect();
            let at = at.min(texts.len());
            let block = block as usize;
            let from = (at / block).saturating_sub(1) * block;
            let mut warmed = Near::new(block as u32);
            for (place, of) in texts.iter().enumerate().skip(from) {
                let answer = like(&mut warmed, i64::try_from(place).unwrap(), &text(of));
                if place >= at {
                    prop_assert_eq!(answer, answers[place], "at offset {}", place);
                }
            }
        }
    }
}
