//! Reading words: letter by letter, or up to eight letters in one step.

use std::hint::select_unpredictable;

/// Letters of a word beyond this many are ignored.
const LONGEST: usize = 40;
const SEED: u64 = 0xcbf2_9ce4_8422_2325;

/// The hash of a word: small ASCII letters, digits as 0.
pub(super) const fn word_hash(word: &[u8]) -> u64 {
    let mut hash = SEED;
    let mut at = 0;
    while at < word.len() {
        let mut eight = 0;
        let mut letter = 0;
        while letter < 8 && at < word.len() {
            eight |= (word[at] as u64) << (8 * letter);
            at += 1;
            letter += 1;
        }
        hash = with_eight(hash, eight);
    }
    hash
}

/// The hash of a word continued by these letters, the first lowest: eight, or the remaining ones.
#[inline(always)]
const fn with_eight(hash: u64, letters: u64) -> u64 {
    let mixed = (hash ^ letters).wrapping_mul(0xff51_afd7_ed55_8ccd);
    mixed ^ mixed >> 32
}

/// The part of a word read so far. It is kept in registers, because bytes that were just written one by one are slow to
/// read together.
#[derive(Clone, Copy)]
pub(super) struct Word {
    pub(super) len: usize,
    /// The hash of the letters without accents, in complete groups of eight.
    hash: u64,
    /// The hash of the accented letters; 0 if there are none.
    pub(super) accents: u64,
    /// The last eight letters, the newest uppermost; `_` is before the first.
    pub(super) last: u64,
    /// The same, as after eight letters.
    first: u64,
    pub(super) capitals: usize,
    pub(super) stretched: bool,
}

impl Word {
    /// An empty word.
    pub(super) const NONE: Word =
        Word { len: 0, hash: SEED, accents: 0, last: (b'_' as u64) << 56, first: 0, capitals: 0, stretched: false };

    /// A word with this beginning.
    #[inline(always)]
    pub(super) fn begun(start: Start) -> Word {
        let Start { letters, len, capitals, .. } = start;
        match len {
            8 => Word { len, hash: start.hash(), last: letters, first: letters, capitals, ..Word::NONE },
            _ => Word { len, last: (letters << 8 | u64::from(b'_')) << (56 - 8 * len), capitals, ..Word::NONE },
        }
    }

    /// Adds a letter. Returns whether a piece of the word ends there.
    #[inline(always)]
    pub(super) fn letter(&mut self, letter: u8) -> bool {
        // A double letter is spelling; a triple one is emphasis.
        if (self.last >> 48) as u16 == u16::from(letter) * 0x0101 && letter != b'0' {
            self.stretched = true;
            return false;
        }
        if self.len >= LONGEST {
            return false;
        }
        self.last = self.last >> 8 | u64::from(letter) << 56;
        self.len += 1;
        self.first = select_unpredictable(self.len == 8, self.last, self.first);
        self.hash = select_unpredictable(self.len.is_multiple_of(8), with_eight(self.hash, self.last), self.hash);
        // Models are better and faster without pieces of three letters.
        self.len > 2
    }

    /// The hash of all letters.
    #[inline(always)]
    pub(super) fn hash(&self) -> u64 {
        match self.len % 8 {
            0 => self.hash,
            more => with_eight(self.hash, self.last >> (64 - 8 * more)),
        }
    }

    /// The last four letters, the oldest lowest.
    #[inline(always)]
    pub(super) fn piece(&self) -> u64 {
        self.last >> 32
    }

    /// The first letters, the first lowest: eight, or fewer.
    #[inline(always)]
    pub(super) fn beginning(&self) -> u64 {
        let all = 8 * self.len as u32;
        if self.len < 8 { self.last.unbounded_shr(64 - all) } else { self.first }
    }
}

/// The first one to eight ASCII letters of a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Start {
    /// Small, the first lowest.
    pub(super) letters: u64,
    pub(super) len: usize,
    pub(super) capitals: usize,
    /// Whether they are certainly the whole word.
    pub(super) is_whole: bool,
}

/// One bit in each of eight bytes.
const fn each(byte: u8) -> u64 {
    byte as u64 * 0x0101_0101_0101_0101
}

/// Punctuation that certainly ends a word. After an apostrophe, a digit or a non-ASCII character the word may continue,
/// and "http:" is not a word.
static ENDS: [bool; 256] = {
    let mut ends = [false; 256];
    let mut byte = 0;
    while byte < 128 {
        ends[byte] = !(byte as u8).is_ascii_alphanumeric() && byte as u8 != b'\'' && byte as u8 != b':';
        byte += 1;
    }
    ends
};

impl Start {
    /// The hash of all its letters, as [`word_hash`].
    #[inline(always)]
    pub(super) fn hash(self) -> u64 {
        with_eight(SEED, self.letters)
    }

    /// The beginning of the word in these eight bytes, if no letter is repeated three times.
    #[inline(always)]
    pub(super) fn of(bytes: [u8; 8]) -> Option<Start> {
        const HIGH: u64 = each(0x80);
        let bytes = u64::from_le_bytes(bytes);
        let small = bytes | each(0x20);
        let seven = small & !HIGH;
        // The highest bit of each byte that is at least `a`, and of each that is above `z`.
        let are_letters = (seven + each(0x80 - b'a')) & !(seven + each(0x7f - b'z')) & !bytes & HIGH;
        let len = ((are_letters ^ HIGH).trailing_zeros() / 8) as usize;
        if len == 0 {
            return None;
        }
        let is_whole = len < 8 && ENDS[usize::from((bytes >> (8 * len % 64)) as u8)];
        let whole = u64::MAX >> (64 - 8 * len);
        let letters = small & whole;
        let differ = letters ^ letters >> 8;
        // The highest bit of each byte that equals the next.
        let same = !(((differ & !HIGH) + !HIGH) | differ) & HIGH & whole >> 8;
        let capitals = (!bytes & each(0x20) & whole).count_ones() as usize;
        (same & same >> 8 == 0).then_some(Start { letters, len, capitals, is_whole })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_has_the_hash_of_its_letters() {
        for word in ["a", "no", "seven77", "eightlet", "ninelette", "seventeenletters7"] {
            let mut read = Word::NONE;
            word.bytes().for_each(|letter| {
                read.letter(letter);
            });
            assert_eq!(read.hash(), word_hash(word.as_bytes()), "{word}");
        }
    }

    #[test]
    fn the_start_of_a_word_is_told() {
        let of = |text: &[u8; 8]| Start::of(*text).map(|one| (one.len, one.capitals, one.is_whole));
        assert_eq!(of(b"No way i"), Some((2, 1, true)));
        assert_eq!(of(b"Letters!"), Some((7, 1, true)));
        assert_eq!(of(b"z[zzzzzz"), Some((1, 0, true)));
        assert_eq!(of(b"aabb, cc"), Some((4, 0, true)));
        for (part, len) in
            [(b"don't no", 3), (b"lettersX", 8), (b"a1 more ", 1), (b"so\xc5\x91 now", 2), (b"http://a", 4)]
        {
            let capitals = usize::from(len == 8);
            assert_eq!(of(part), Some((len, capitals, false)), "{}", String::from_utf8_lossy(part));
        }
        for none in [b" no way ", b"sooo bad", b"@user na", b"1a more ", b"\xc5\x91rult x"] {
            assert_eq!(of(none), None, "{}", String::from_utf8_lossy(none));
        }
    }
}
