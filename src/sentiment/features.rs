//! What a model sees of a text: hashed words, pairs of words, beginnings and pieces of words, emoji and marks. One
//! pass, no allocation; the same for every language.

use std::hint::select_unpredictable;
use std::ops::Range;

use super::face::{Face, face};
use super::gathered::Gathered;
use super::letters::{self, Kind};
use super::negation::{Does, does};

/// Letters of a word beyond this many are not looked at.
const LONGEST: usize = 40;
/// So many emoji of a text are looked at: a screen full of them must not outvote its words.
const MOST_EMOJI: u32 = 4;
/// How many words a negation reaches, within its clause.
const REACH: u32 = 4;
/// How long the beginnings of words are that are features, in letters.
const BEGINNINGS: [usize; 4] = [4, 5, 6, 7];
const LONGEST_BEGINNING: usize = BEGINNINGS[BEGINNINGS.len() - 1];

const FNV: u64 = 0x0000_0100_0000_01b3;
const SEED: u64 = 0xcbf2_9ce4_8422_2325;

// What sets kinds of features apart.
const NEGATED: u64 = 0x5555_0000_aaaa;
const PIECE: u64 = 0x77;
const NEGATED_PIECE: u64 = 0x4400_0000_0077;
const BEGINNING: u64 = 0x9999_0000_0000_0000;
const NEGATED_BEGINNING: u64 = 0xbb99_0000_0000_0000;
const TURNED: u64 = 0x3333_1111_cccc;
const TURNED_BEGINNING: u64 = 0xdd77_0000_0000_0000;

/// Stands for any handle, the watched one as well.
const NAME: u64 = 0x6e61_6d65_0000_0001;
/// The watched name where it is no handle: no feature, and no part of a pair.
const WATCHED: u64 = 0x7761_7463_0000_0003;
/// Stands for any link.
const LINK: u64 = 0x6c69_6e6b_0000_0002;
/// Faces are tokens from here on.
const FACE: u64 = 0x6661_6365_0000_0010;

/// A feature of its hash: the upper bits are the best mixed, a table of 2^n places takes the n uppermost.
#[inline(always)]
fn feature(hash: u64) -> u32 {
    (hash.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) as u32
}

/// The hash of a word as the reader makes it: small ASCII letters, digits as 0.
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

/// The hash of a word that goes on with these letters, the first lowest: eight, or what is left.
#[inline(always)]
const fn with_eight(hash: u64, letters: u64) -> u64 {
    let mixed = (hash ^ letters).wrapping_mul(0xff51_afd7_ed55_8ccd);
    mixed ^ mixed >> 32
}

/// How a word is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Said {
    Plainly,
    Negated,
    /// After a "but". It counts beside the plain word: what follows weighs more.
    Turned,
}

/// The features of a word in all ways that it can be said: what a list of words is made of.
pub(super) fn of_word(word: &str) -> [(u32, Said); 3] {
    let hash = word_hash(word.as_bytes());
    [(feature(hash), Said::Plainly), (feature(hash ^ NEGATED), Said::Negated), (feature(hash ^ TURNED), Said::Turned)]
}

/// The features of all words that begin with `stem`, and of their negations. Beyond [`BEGINNINGS`] the rest is not looked at;
/// a stem that is too short to be a beginning counts as a whole word.
pub(super) fn of_stem(stem: &str) -> impl Iterator<Item = (u32, Said)> {
    let len = stem.len().min(LONGEST_BEGINNING);
    let mut piece = [0; 8];
    piece[..len].copy_from_slice(&stem.as_bytes()[..len]);
    let piece = u64::from_le_bytes(piece);
    let beginnings = [
        (feature(piece ^ BEGINNING), Said::Plainly),
        (feature(piece ^ NEGATED_BEGINNING), Said::Negated),
        (feature(piece ^ TURNED_BEGINNING), Said::Turned),
    ];
    let whole = (stem.len() <= LONGEST_BEGINNING).then(|| of_word(stem));
    whole.into_iter().flatten().chain(beginnings.into_iter().filter(move |_| BEGINNINGS.contains(&len)))
}

/// The feature of an emoji or another sign.
pub(super) fn of_sign(sign: char) -> u32 {
    feature(u64::from(sign) ^ SEED)
}

/// Small letters of ASCII, all digits as 0; 0 for the rest.
pub(super) static ASCII: [u8; 128] = {
    let mut letters = [0; 128];
    let mut byte = 0;
    while byte < 128 {
        if (byte as u8).is_ascii_digit() {
            letters[byte] = b'0';
        } else if (byte as u8).is_ascii_alphabetic() {
            letters[byte] = (byte as u8).to_ascii_lowercase();
        }
        byte += 1;
    }
    letters
};

/// How often something was seen in the whole text.
#[derive(Default)]
struct Marks {
    exclamations: u32,
    questions: u32,
    dots: u32,
    quotes: u32,
    shouted: u32,
    stretched: u32,
    emoji: u32,
}

impl Marks {
    fn tell(&self, tell: &mut impl FnMut(u32)) {
        let both = u32::from(self.exclamations > 0 && self.questions > 0);
        let kinds = [
            self.exclamations.min(3),
            self.questions.min(3),
            self.dots.min(2),
            self.shouted.min(3),
            self.stretched.min(2),
            self.quotes.min(2),
            both,
        ];
        for (kind, count) in (11_u64..).zip(kinds) {
            if count > 0 {
                tell(feature((kind << 8 | u64::from(count)).wrapping_mul(FNV)));
            }
        }
    }
}

/// A word as far as it is read. In registers while letters come: bytes that were just written one by one are slow to
/// read together.
#[derive(Clone, Copy)]
struct Word {
    len: usize,
    /// Of the letters without accents, as far as they are eights.
    hash: u64,
    /// Of the letters that have an accent; 0 when there are none.
    accents: u64,
    /// The last eight letters, the newest uppermost; `_` stands before the first.
    last: u64,
    /// The same as it was after eight letters.
    first: u64,
    capitals: usize,
    stretched: bool,
}

impl Word {
    const NONE: Word =
        Word { len: 0, hash: SEED, accents: 0, last: (b'_' as u64) << 56, first: 0, capitals: 0, stretched: false };

    /// One that begins with these letters, one to eight.
    #[inline(always)]
    fn begun(letters: u64, len: usize, capitals: usize) -> Word {
        match len {
            8 => Word { len, hash: with_eight(SEED, letters), last: letters, first: letters, capitals, ..Word::NONE },
            _ => Word { len, last: (letters << 8 | u64::from(b'_')) << (56 - 8 * len), capitals, ..Word::NONE },
        }
    }

    /// Takes in a letter. A piece of the word ends there if `true`.
    #[inline(always)]
    fn letter(&mut self, letter: u8) -> bool {
        // Two of a letter are spelling, three are feeling.
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
        // Three letters in a row say too little: models are better without them, and faster.
        self.len > 2
    }

    /// Of all letters.
    #[inline(always)]
    fn hash(&self) -> u64 {
        match self.len % 8 {
            0 => self.hash,
            more => with_eight(self.hash, self.last >> (64 - 8 * more)),
        }
    }

    /// The last four letters, the oldest lowest.
    #[inline(always)]
    fn piece(&self) -> u64 {
        self.last >> 32
    }

    /// The first letters, the first lowest: eight, or what there is.
    #[inline(always)]
    fn beginning(&self) -> u64 {
        if self.len < 8 { self.last >> (64 - 8 * self.len) } else { self.first }
    }
}

/// The one to eight ASCII letters that a word begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Start {
    /// Small, the first lowest.
    letters: u64,
    len: usize,
    capitals: usize,
    /// They are the whole word, for certain.
    is_whole: bool,
}

/// A bit of each of eight bytes.
const fn each(byte: u8) -> u64 {
    byte as u64 * 0x0101_0101_0101_0101
}

/// Marks that a word ends at for certain: what follows an apostrophe, a digit or what is not ASCII may be more of it, and
/// "http:" is none.
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
    /// That of the word that these eight bytes begin with, if it has no letter three times in a row.
    #[inline(always)]
    fn of(bytes: u64) -> Option<Start> {
        const HIGH: u64 = each(0x80);
        let small = bytes | each(0x20);
        let seven = small & !HIGH;
        // The highest bit of each byte from `a` on, and beyond `z`.
        let are_letters = (seven + each(0x80 - b'a')) & !(seven + each(0x7f - b'z')) & !bytes & HIGH;
        let len = ((are_letters ^ HIGH).trailing_zeros() / 8) as usize;
        if len == 0 {
            return None;
        }
        let is_whole = len < 8 && ENDS[usize::from((bytes >> (8 * len % 64)) as u8)];
        let whole = u64::MAX >> (64 - 8 * len);
        let letters = small & whole;
        let differ = letters ^ letters >> 8;
        // The highest bit of each byte that is the same as the next.
        let same = !((differ & !HIGH) + !HIGH | differ) & HIGH & whole >> 8;
        let capitals = (!bytes & each(0x20) & whole).count_ones() as usize;
        (same & same >> 8 == 0).then_some(Start { letters, len, capitals, is_whole })
    }
}

struct Reader<'a, E> {
    gathered: Gathered<'a, E>,
    /// How many were gathered before the word being read.
    before_word: usize,
    word: Word,
    /// The token before.
    before: u64,
    /// So many words are still under a negation.
    negated: u32,
    /// There was a "but".
    turned: bool,
    marks: Marks,
}

/// Tells `take` every feature of `text`, some at a time. What lies in `masked` is read as "the name"; what
/// lies in `hidden` is not read. Both are to be sorted.
pub(super) fn features(text: &str, masked: &[Range<usize>], hidden: &[Range<usize>], take: &mut impl FnMut(&[u32])) {
    let mut reader = Reader {
        gathered: Gathered::new(take),
        before_word: 0,
        word: Word::NONE,
        before: 0,
        negated: 0,
        turned: false,
        marks: Marks::default(),
    };
    let (mut masked, mut hidden) = (masked, hidden);
    let mut at = 0;
    while at < text.len() {
        let start = |ranges: &[Range<usize>]| ranges.first().map_or(usize::MAX, |range| range.start);
        let (mask, hide) = (start(masked), start(hidden));
        let stop = mask.min(hide);
        if stop > at {
            at = reader.read(text, at, stop.min(text.len()));
            continue;
        }
        reader.end();
        let (ranges, is_mask) = if hide <= at { (&mut hidden, false) } else { (&mut masked, true) };
        let [first, rest @ ..] = *ranges else { break };
        // A mask that begins inside what was skipped is no further name.
        if is_mask && first.end > at {
            let called = text[at..].starts_with('@') || text[..at].ends_with('@');
            match called {
                true => reader.token(NAME),
                // Nothing stands for it in the texts that models learn from: a place of its own, and of its pairs, would
                // be that of some word by chance.
                false => reader.before = WATCHED,
            }
        }
        at = text.ceil_char_boundary(at.max(first.end));
        *ranges = rest;
    }
    reader.end();
    reader.gathered.make_room();
    reader.marks.tell(&mut |feature| reader.gathered.push(feature));
    reader.gathered.give();
}

impl<E: FnMut(&[u32])> Reader<'_, E> {
    /// Reads from `at` up to `stop`, or a little beyond when a character stands there; returns where it got.
    #[inline]
    fn read(&mut self, text: &str, mut at: usize, stop: usize) -> usize {
        let table = letters::table();
        let bytes = text.as_bytes();
        while at < stop {
            let byte = bytes[at];
            if byte == b' ' {
                self.end();
                at += 1;
                continue;
            }
            if self.word.len == 0
                && let Some(eight) = bytes[at..stop].first_chunk()
            {
                let start = self.start(eight);
                if start > 0 {
                    at += start;
                    continue;
                }
            }
            let letters = self.letters(&bytes[at..stop], table);
            if letters > 0 {
                at += letters;
                continue;
            }
            if byte.is_ascii() {
                at += self.mark(&bytes[at..stop]);
                continue;
            }
            let Some(character) = text[at..].chars().next() else { break };
            match letters::kind(table, character) {
                Kind::Plain(letter) if letter.is_ascii_digit() => self.letter(b'0'),
                // A letter of another width.
                Kind::Plain(letter) => self.letter(letter),
                Kind::Other(letter) => {
                    letter.encode_utf8(&mut [0; 4]).bytes().for_each(|byte| self.letter(byte));
                }
                Kind::Nothing => {}
                Kind::Mark => self.sign(character),
            }
            at += character.len_utf8();
        }
        at
    }

    /// Takes in the ASCII mark that `bytes` begins with; returns how many bytes that was.
    #[inline]
    fn mark(&mut self, bytes: &[u8]) -> usize {
        match bytes[0] {
            b'\'' => return 1,
            b'!' => {
                self.clause();
                self.marks.exclamations += 1;
            }
            b'?' => {
                self.clause();
                self.marks.questions += 1;
            }
            b'.' | b',' => {
                self.clause();
                self.marks.dots += u32::from(bytes.starts_with(b"..."));
            }
            b'@' => {
                self.end();
                let handle = |byte: &&u8| byte.is_ascii_alphanumeric() || **byte == b'_';
                let len = bytes[1..].iter().take_while(handle).count();
                // Where a mask begins it tells of the name itself.
                if len > 0 {
                    self.token(NAME);
                    return 1 + len;
                }
            }
            b':' if bytes.starts_with(b"://") && self.word.beginning().to_le_bytes().starts_with(b"http") => {
                self.forget();
                self.token(LINK);
                return bytes.iter().take_while(|byte| !byte.is_ascii_whitespace()).count();
            }
            b':' | b';' | b'=' | b'<' | b'^' => {
                if let Some((face, len)) = face(bytes) {
                    self.end();
                    self.token(FACE + face as u64);
                    self.marks.stretched += u32::from(len > 3 && face != Face::Wry);
                    return len;
                }
                self.clause();
            }
            b'"' => {
                self.end();
                self.marks.quotes += 1;
            }
            _ => self.end(),
        }
        1
    }

    /// Takes in a mark beyond ASCII.
    fn sign(&mut self, character: char) {
        if matches!(character, '’' | '‘' | '´') {
            return;
        }
        self.end();
        match character as u32 {
            0x2026 => self.marks.dots += 1,
            // Colours of skin say nothing.
            0x1f3fb..=0x1f3ff => {}
            0x2190.. if self.marks.emoji < MOST_EMOJI => {
                self.marks.emoji += 1;
                self.gathered.make_room();
                self.gathered.push(of_sign(character));
            }
            _ => {}
        }
    }

    /// What sets the pieces of the word being read apart.
    #[inline(always)]
    fn piece(&self) -> u64 {
        if self.negated > 0 { NEGATED_PIECE } else { PIECE }
    }

    /// A word may begin.
    #[inline(always)]
    fn begin(&mut self) {
        if self.word.len == 0 {
            self.gathered.make_room();
            self.before_word = self.gathered.len();
        }
    }

    /// Takes in the letters of Latin script that `bytes` begins with; returns how many bytes they are.
    #[inline(always)]
    fn letters(&mut self, bytes: &[u8], table: &letters::Letters) -> usize {
        self.begin();
        let (mut word, piece) = (self.word, self.piece());
        let mut pieces = self.gathered.row();
        let mut at = 0;
        while let Some(byte) = bytes.get(at) {
            let letter = if byte.is_ascii() {
                let letter = ASCII[usize::from(*byte)];
                if letter == 0 {
                    break;
                }
                at += 1;
                word.capitals += usize::from(byte.is_ascii_uppercase());
                letter
            } else {
                // Most of what is not ASCII in Latin script has two bytes.
                let accented = bytes.get(at + 1).and_then(|second| table.accented(*byte, *second));
                let Some((letter, small)) = accented else { break };
                at += 2;
                let here = u64::from(small) ^ (word.len as u64) << 24;
                word.accents = (word.accents ^ here).wrapping_mul(FNV);
                letter
            };
            let ends = word.letter(letter);
            pieces.push_if(ends, feature(word.piece() ^ piece));
        }
        pieces.end();
        self.word = word;
        at
    }

    /// Takes in another letter of the word being read.
    #[inline(always)]
    fn letter(&mut self, letter: u8) {
        self.begin();
        let ends = self.word.letter(letter);
        self.gathered.push_if(ends, feature(self.word.piece() ^ self.piece()));
    }

    /// Ends a word and with it the reach of a negation.
    fn clause(&mut self) {
        self.end();
        self.negated = 0;
    }

    /// Drops the word being read.
    fn forget(&mut self) {
        if self.word.len > 0 {
            self.gathered.drop_from(self.before_word);
        }
        self.word = Word::NONE;
    }

    /// Takes in a whole token that is no word.
    fn token(&mut self, token: u64) {
        self.gathered.make_room();
        self.gathered.push(feature(token));
        self.pair(token);
    }

    #[inline(always)]
    fn pair(&mut self, token: u64) {
        let pair = feature(self.before.wrapping_mul(FNV) ^ token.rotate_left(21));
        self.gathered.push_if(self.before != WATCHED, pair);
        self.before = token;
    }

    /// Ends the word being read, if there is one.
    #[inline(always)]
    fn end(&mut self) {
        if self.word.len > 0 {
            self.end_word();
            self.word = Word::NONE;
        }
    }

    #[inline]
    fn end_word(&mut self) {
        let Word { len, accents, last, capitals, stretched, .. } = self.word;
        let piece = self.piece();
        // The whole of a short word is no piece of it.
        self.gathered.push_if(len > 2, feature((last >> 8 | u64::from(b'_') << 56) >> 32 ^ piece));
        self.gathered.push_if(accents != 0, feature(self.word.hash() ^ accents));
        self.marks.stretched += u32::from(stretched);
        self.whole_word(len, self.word.hash(), self.word.beginning(), capitals);
    }

    /// Takes in up to eight ASCII letters that begin a word all at once, and the whole word where they are: what most
    /// words are. Returns how many; 0 where they are to be read one by one.
    #[inline(always)]
    fn start(&mut self, bytes: &[u8; 8]) -> usize {
        let Some(Start { letters, len, capitals, is_whole }) = Start::of(u64::from_le_bytes(*bytes)) else { return 0 };
        self.begin();
        let end = if is_whole { u64::from(b'_') << (8 * len) } else { 0 };
        let (lower, upper) = (letters << 8 | u64::from(b'_') | end << 8, letters >> 24 | end >> 24);
        let piece = self.piece();
        let pieces: [u32; 6] = std::array::from_fn(|at| {
            let window = if at < 4 { lower >> (8 * at) } else { upper >> (8 * (at - 4)) };
            feature(window & 0xffff_ffff ^ piece)
        });
        self.gathered.push_first(if len > 2 { len - 2 + usize::from(is_whole) } else { 0 }, pieces);
        if is_whole {
            self.whole_word(len, with_eight(SEED, letters), letters, capitals);
        } else {
            self.word = Word::begun(letters, len, capitals);
        }
        len
    }

    /// Takes in what a word is beside its pieces.
    #[inline(always)]
    fn whole_word(&mut self, len: usize, hash: u64, beginning: u64, capitals: usize) {
        let negated = self.negated > 0;
        let gathered = &mut self.gathered;
        gathered.push(feature(hash ^ if negated { NEGATED } else { 0 }));
        let beginnings = |kind: u64| BEGINNINGS.map(|long| feature(beginning & ((1 << (8 * long)) - 1) ^ kind));
        let count = len.saturating_sub(BEGINNINGS[0]).min(BEGINNINGS.len());
        gathered.push_first(count, beginnings(if negated { NEGATED_BEGINNING } else { BEGINNING }));
        self.negated -= u32::from(negated);
        if self.turned && !negated {
            gathered.push(feature(hash ^ TURNED));
            gathered.push_first(count, beginnings(TURNED_BEGINNING));
        }
        self.pair(hash);
        match does(hash) {
            None => {}
            Some(Does::Negate) => self.negated = REACH,
            Some(Does::Turn) => self.turned = true,
        }
        self.marks.shouted += u32::from(capitals >= 3 && capitals >= len);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn all(text: &str, slowly: bool) -> Vec<u32> {
        let mut all = Vec::new();
        // What shows nothing keeps a word from being short, and changes nothing.
        let slow =
            |letter: char| std::iter::once(letter).chain((slowly && letter.is_alphabetic()).then_some('\u{200b}'));
        let text: String = text.chars().flat_map(slow).collect();
        features(&text, &[], &[], &mut |some| all.extend_from_slice(some));
        all.sort_unstable();
        all
    }

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
        let of = |text: &[u8; 8]| Start::of(u64::from_le_bytes(*text)).map(|one| (one.len, one.capitals, one.is_whole));
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

    proptest! {
        /// Words at once and letter by letter have the same features.
        #[test]
        fn the_short_way_is_no_other_way(text in "([a-zA-Z]{1,18}|no|but|sooo|[áőŰ!?.,:'\"0-9#]|http://x|\u{1f621}){0,3}( ([a-zA-Z]{1,9}|not|de|nem|[áőŰ!?.,:'0-9]){1,3}){0,12}") {
            prop_assert_eq!(all(&text, false), all(&text, true));
        }
    }
}
