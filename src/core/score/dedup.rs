//! What was seen before: repeated ids and copied texts, in bounded memory, per input partition.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};

use super::near_duplicates::Words;
use super::two_blocks::{Forget, TwoBlocks};

/// Remembers keys by the block of offsets they came in: those of the present block and of the one before.
///
/// A key counts as seen when it came earlier in the same block or in the block before, so within at least `block` and
/// at most twice as many records. That depends on the offsets alone: read again from the start of the block before, the
/// memory is what it was, so a restart changes no count.
#[derive(Debug)]
pub struct DedupWindow(TwoBlocks<Keys>);

type Keys = HashSet<u64, BuildHasherDefault<IdentityHasher>>;

impl Forget for Keys {
    fn forget(&mut self) {
        self.clear();
    }
}

/// How often each text came, by the block of offsets as [`DedupWindow`]: in the present block and the one before.
#[derive(Debug)]
pub struct RepeatCounts(TwoBlocks<Counts>);

type Counts = HashMap<u64, u32, BuildHasherDefault<IdentityHasher>>;

impl Forget for Counts {
    fn forget(&mut self) {
        self.clear();
    }
}

impl RepeatCounts {
    /// Remembers at least `block` records back (at least 1).
    pub fn new(block: u32) -> RepeatCounts {
        RepeatCounts(TwoBlocks::new(block))
    }

    /// Adds the key of the record at `offset`; says how often it came before. Offsets come in order.
    pub fn seen(&mut self, offset: i64, key: u64) -> u32 {
        let (now, before) = self.0.at(offset);
        let before = before.get(&key).copied().unwrap_or(0);
        let now = now.entry(key).or_default();
        let seen = now.saturating_add(before);
        *now = now.saturating_add(1);
        seen
    }
}

/// The keys are hashes already.
#[derive(Debug, Default)]
struct IdentityHasher(u64);

impl Hasher for IdentityHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, _: &[u8]) {
        unreachable!("only u64 keys are hashed");
    }

    fn write_u64(&mut self, key: u64) {
        self.0 = key;
    }
}

impl DedupWindow {
    /// Remembers at least `block` records back (at least 1).
    pub fn new(block: u32) -> DedupWindow {
        DedupWindow(TwoBlocks::new(block))
    }

    /// The offset to read from, so that at `offset` the memory is complete.
    pub fn warm_from(&self, offset: i64) -> i64 {
        self.0.warm_from(offset)
    }

    /// Takes in the key of the record at `offset`; true when it was seen before. Offsets come in order.
    pub fn is_repeat(&mut self, offset: i64, key: u64) -> bool {
        let (now, before) = self.0.at(offset);
        let before = before.contains(&key);
        !now.insert(key) || before
    }

    /// How many keys are held: at most two blocks' worth.
    pub fn held(&self) -> usize {
        self.0.both().map(HashSet::len).iter().sum()
    }
}

/// The key of an id or a text.
pub fn key(text: &str) -> u64 {
    xxhash_rust::xxh3::xxh3_64(text.as_bytes())
}

/// The key of what a folded text says: letters and digits alone, links and the names it calls left out, so that a text
/// with another link or greeting is still the same. `None` for texts of less than four words: those are alike by
/// chance. `buffer` and `words` (what it says, word by word) are used again for the next text.
pub fn text_key(folded: &str, buffer: &mut Vec<u8>, words: &mut Words) -> Option<u64> {
    buffer.clear();
    words.clear();
    // Room for all that can be kept: each word, and a blank after it.
    buffer.resize(folded.len() + 1, 0);
    let (kept, len) = keep_words(folded, buffer, words);
    (kept >= 4).then(|| xxhash_rust::xxh3::xxh3_64(&buffer[..len]))
}

/// Writes what counts of each word into `buffer`, and says how many words had any, and how many bytes that is. In a
/// folded text all white space is blanks.
fn keep_words(folded: &str, buffer: &mut [u8], words: &mut Words) -> (usize, usize) {
    let bytes = folded.as_bytes();
    let (mut kept, mut len, mut at) = (0, 0, 0);
    while at < bytes.len() {
        let (start, before) = (at, len);
        let mut colon = false;
        while let Some(byte) = bytes.get(at).filter(|byte| **byte != b' ') {
            if byte.is_ascii() {
                // Without a branch for each byte: each is written, and stays if it counts.
                buffer[len] = *byte;
                len += usize::from(COUNTS[usize::from(*byte)]);
                colon |= *byte == b':';
                at += 1;
            } else {
                let character = folded[at..].chars().next().unwrap_or(' ');
                if character.is_alphanumeric() {
                    len += character.encode_utf8(&mut buffer[len..]).len();
                }
                at += character.len_utf8();
            }
        }
        let word = &folded[start..at];
        at += 1;
        if word.starts_with('@') || word == "rt" || (colon && word.contains("://")) {
            len = before;
        }
        if len > before {
            words.add(xxhash_rust::xxh3::xxh3_64(&buffer[before..len]));
            buffer[len] = b' ';
            len += 1;
            kept += 1;
        }
    }
    (kept, len)
}

/// 1 for letters and digits.
static COUNTS: [u8; 256] = {
    let mut counts = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        counts[byte] = (byte as u8).is_ascii_alphanumeric() as u8;
        byte += 1;
    }
    counts
};

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn text_key(text: &str) -> Option<u64> {
        super::text_key(&orszem_text::fold::folded(text), &mut Vec::new(), &mut Words::default())
    }

    #[test]
    fn a_copy_with_another_link_or_greeting_is_a_copy() {
        let text = text_key("Aurora lost all our bags again https://t.co/1");
        assert_eq!(text, text_key("RT @ann: aurora lost ALL our bags, again!"));
        assert_ne!(text, text_key("Aurora lost one of our bags again"));
        assert_eq!(text_key("so bad https://t.co/1 @ann"), None);
        let accented = text_key("Az Aurora – már megint! – elhagyta a „poggyászt”");
        assert!(accented.is_some());
        assert_eq!(accented, text_key("RT @béla az aurora már megint\u{3000}elhagyta: a poggyászt https://t.co/1"));
    }

    proptest! {
        /// Whatever came before the warm-up, a restart at any offset gives the same answers as none.
        #[test]
        fn a_restart_changes_no_answer(ids in proptest::collection::vec(0_u64..40, 1..300), block in 1_u32..50, at in 0_usize..300) {
            let mut whole = DedupWindow::new(block);
            let answers: Vec<bool> = ids.iter().zip(0..).map(|(id, offset)| whole.is_repeat(offset, *id)).collect();
            let at = at.min(ids.len());
            let mut warmed = DedupWindow::new(block);
            let from = usize::try_from(warmed.warm_from(i64::try_from(at).unwrap())).unwrap();
            for (offset, id) in (0_i64..).zip(&ids).skip(from) {
                let repeat = warmed.is_repeat(offset, *id);
                let place = usize::try_from(offset).unwrap();
                if place >= at {
                    prop_assert_eq!(repeat, answers[place], "at offset {}", offset);
                }
            }
        }

        /// The same of how often a text came.
        #[test]
        fn a_restart_changes_no_count(texts in proptest::collection::vec(0_u64..12, 1..300), block in 1_u32..50, at in 0_usize..300) {
            let mut whole = RepeatCounts::new(block);
            let answers: Vec<u32> = texts.iter().zip(0..).map(|(text, offset)| whole.seen(offset, *text)).collect();
            let at = at.min(texts.len());
            let mut warmed = RepeatCounts::new(block);
            let from = usize::try_from(DedupWindow::new(block).warm_from(i64::try_from(at).unwrap())).unwrap();
            for (offset, text) in (0_i64..).zip(&texts).skip(from) {
                let seen = warmed.seen(offset, *text);
                let place = usize::try_from(offset).unwrap();
                if place >= at {
                    prop_assert_eq!(seen, answers[place], "at offset {}", offset);
                }
            }
        }

        #[test]
        fn memory_is_bounded_and_the_window_kept(ids in proptest::collection::vec(any::<u64>(), 1..400), block in 1_u32..50) {
            let mut seen = DedupWindow::new(block);
            for (offset, id) in ids.iter().enumerate() {
                let recent = ids[offset.saturating_sub(block as usize)..offset].contains(id);
                let repeat = seen.is_repeat(i64::try_from(offset).unwrap(), *id);
                prop_assert!(repeat || !recent);
                prop_assert!(seen.held() <= 2 * block as usize);
            }
        }
    }
}
