//! All words of all watches in one table. A text is read once, and the cost hardly depends on the number of words.
//!
//! From the beginning of each word, the letters are hashed one by one. A bit set says whether any pattern has this
//! hash. After four and after six letters, another bit set says whether any pattern continues from here; for most words
//! none does. The remaining candidates are compared.

use crate::scripts;

/// The numbers of letters after which the walk checks whether any pattern continues.
const STEPS: [usize; 2] = [4, 6];
/// The longest key, in bytes; the rest of a pattern is only compared.
const KEY_MOST: usize = 48;

/// A set of hashes with false positives.
#[derive(Debug, Default)]
struct Bits {
    words: Vec<u64>,
    shift: u32,
}

impl Bits {
    /// A set for about this many hashes, with some 16 bits for each.
    fn for_about(hashes: usize) -> Bits {
        let bits = (hashes.max(4) * 16).next_power_of_two();
        Bits { words: vec![0; bits / 64], shift: 64 - bits.trailing_zeros() }
    }

    fn insert(&mut self, hash: u64) {
        let bit = (hash >> self.shift) as usize;
        self.words[bit / 64] |= 1 << (bit % 64);
    }

    fn has(&self, hash: u64) -> bool {
        let bit = (hash >> self.shift) as usize;
        self.words[bit / 64] >> (bit % 64) & 1 == 1
    }
}

/// Patterns by the hash of their first word.
#[derive(Debug)]
pub(super) struct Index {
    keys: Bits,
    steps: Bits,
    /// The class of each byte: a combination of [`WORD`], [`FIRST`] and [`WIDE`].
    kinds: [u8; 256],
    longest: usize,
    /// A hash and the first of its patterns in `patterns`, with open addressing; `u32::MAX` means free.
    slots: Vec<(u64, u32)>,
    /// Numbers of patterns, grouped by hash; the high bit marks the end of a group.
    patterns: Vec<u32>,
}

/// An ASCII byte of a word.
const WORD: u8 = 1;
/// Patterns begin with it.
const FIRST: u8 = 2;
/// Part of a character beyond ASCII.
const WIDE: u8 = 4;

const FREE: u32 = u32::MAX;
const LAST: u32 = 1 << 31;

fn step(hash: u64, byte: u8) -> u64 {
    (hash ^ u64::from(byte)).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(23)
}

/// Mixes the hash into the high bits.
fn spread(hash: u64) -> u64 {
    hash.wrapping_mul(0xD6E8_FEB8_6659_FD93)
}

const SEED: u64 = 0x2545_F491_4F6C_DD1D;

/// The hashed part of a folded pattern: its first word, cut to the longest key.
fn key(pattern: &str) -> &[u8] {
    let word = pattern.split(' ').next().unwrap_or_default().as_bytes();
    &word[..word.len().min(KEY_MOST)]
}

impl Index {
    /// An index of folded, non-empty patterns, numbered by their position. At most 2³¹ - 1.
    pub(super) fn new<'a>(patterns: impl ExactSizeIterator<Item = &'a str>) -> Index {
        let count = patterns.len();
        let (mut keys, mut steps) = (Bits::for_about(count), Bits::for_about(count * STEPS.len()));
        let (mut kinds, mut longest) = ([0; 256], 0);
        for (byte, kind) in (0_u8..=255).zip(&mut kinds) {
            *kind = match byte {
                128.. => WIDE,
                _ if byte.is_ascii_alphanumeric() || byte == b'_' => WORD,
                _ => 0,
            };
        }
        let mut hashed: Vec<(u64, u32)> = Vec::with_capacity(count);
        for (pattern, number) in patterns.zip(0_u32..) {
            let key = key(pattern);
            let mut hash = SEED;
            for (at, byte) in key.iter().enumerate() {
                hash = step(hash, *byte);
                if STEPS.contains(&(at + 1)) && at + 1 < key.len() {
                    steps.insert(spread(hash));
                }
            }
            keys.insert(spread(hash));
            if let Some(byte) = key.first() {
                kinds[usize::from(*byte)] |= FIRST;
            }
            longest = longest.max(key.len());
            hashed.push((spread(hash), number));
        }
        hashed.sort_unstable();
        let mut slots = vec![(0, FREE); (count * 2).next_power_of_two().max(2)];
        let mut numbers = Vec::with_capacity(count);
        for run in hashed.chunk_by(|one, other| one.0 == other.0) {
            let mut at = run[0].0 as usize & (slots.len() - 1);
            while slots[at].1 != FREE {
                at = (at + 1) & (slots.len() - 1);
            }
            slots[at] = (run[0].0, numbers.len() as u32);
            numbers.extend(run.iter().map(|(_, number)| *number));
            if let Some(last) = numbers.last_mut() {
                *last |= LAST;
            }
        }
        Index { keys, steps, kinds, longest, slots, patterns: numbers }
    }

    /// Calls `hit` for each pattern that may begin in `text`, which is folded: with the pattern, the byte, and the
    /// number of the word that begins there or next, from 1.
    pub(super) fn walk(&self, text: &str, mut hit: impl FnMut(usize, usize, u32)) {
        let bytes = text.as_bytes();
        let kind = |at: usize| bytes.get(at).map(|byte| self.kinds[usize::from(*byte)]);
        let (mut at, mut in_word, mut word) = (0, false, 0_u32);
        let mut before = ' ';
        while let Some(here) = kind(at) {
            let character = match here & WIDE {
                0 => char::from(bytes[at]),
                _ => text[at..].chars().next().unwrap_or(' '),
            };
            let length = character.len_utf8();
            let is_word = if here & WIDE == 0 { here & WORD != 0 } else { scripts::is_word(character) };
            let begins = is_word && (!in_word || scripts::begins(before, character));
            word += u32::from(begins);
            if here & FIRST != 0 && (begins || !is_word) {
                self.try_from(bytes, at, &mut |pattern| hit(pattern, at, word + u32::from(!is_word)));
            }
            (in_word, before) = (is_word, character);
            at += length;
            if is_word && here & WIDE == 0 {
                // No pattern begins inside a word of ASCII letters.
                while kind(at).is_some_and(|next| next & (WORD | WIDE) == WORD) {
                    at += 1;
                }
            }
        }
    }

    fn try_from(&self, bytes: &[u8], at: usize, hit: &mut impl FnMut(usize)) {
        let mut hash = SEED;
        for (place, byte) in bytes[at..].iter().take(self.longest).enumerate() {
            if *byte == b' ' {
                return;
            }
            hash = step(hash, *byte);
            let spread = spread(hash);
            if self.keys.has(spread) {
                self.look_up(spread, hit);
            }
            if STEPS.contains(&(place + 1)) && !self.steps.has(spread) {
                return;
            }
        }
    }

    #[cold]
    fn look_up(&self, hash: u64, hit: &mut impl FnMut(usize)) {
        let mut at = hash as usize & (self.slots.len() - 1);
        loop {
            let (found, start) = self.slots[at];
            if start == FREE {
                return;
            }
            if found == hash {
                for number in &self.patterns[start as usize..] {
                    hit((number & !LAST) as usize);
                    if number & LAST != 0 {
                        return;
                    }
                }
            }
            at = (at + 1) & (self.slots.len() - 1);
        }
    }

    /// Its approximate size in bytes.
    pub(super) fn bytes(&self) -> usize {
        (self.keys.words.len() + self.steps.words.len()) * 8 + self.slots.len() * 16 + self.patterns.len() * 4
    }
}
