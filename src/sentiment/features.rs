//! What a model sees of a text: hashed words, pairs of words, beginnings and pieces of words, emoji and marks. One
//! pass, no allocation; the same for every language.

use std::ops::Range;

use super::face::{Face, face};
use super::letters::{self, Kind};
use super::negation::{negates, turns};

/// Letters of a word beyond this many are not looked at.
const LONGEST: usize = 40;
/// So many emoji of a text are looked at: a screen full of them must not outvote its words.
const MOST_EMOJI: u32 = 4;
/// How many words a negation reaches, within its clause.
const REACH: u32 = 4;
/// The shortest and the longest beginning of a word that is a feature, in letters.
const BEGINNINGS: std::ops::RangeInclusive<usize> = 4..=7;

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
        hash = (hash ^ word[at] as u64).wrapping_mul(FNV);
        at += 1;
    }
    hash
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
    let len = stem.len().min(*BEGINNINGS.end());
    let mut piece = [0; 8];
    piece[..len].copy_from_slice(&stem.as_bytes()[..len]);
    let piece = u64::from_le_bytes(piece);
    let beginnings = [
        (feature(piece ^ BEGINNING), Said::Plainly),
        (feature(piece ^ NEGATED_BEGINNING), Said::Negated),
        (feature(piece ^ TURNED_BEGINNING), Said::Turned),
    ];
    let whole = (stem.len() <= *BEGINNINGS.end()).then(|| of_word(stem));
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
    fn tell(&self, emit: &mut impl FnMut(u32)) {
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
                emit(feature((kind << 8 | u64::from(count)).wrapping_mul(FNV)));
            }
        }
    }
}

struct Reader<'a, E> {
    emit: &'a mut E,
    /// `_word_`, with room to read eight bytes from any of them.
    word: [u8; LONGEST + 12],
    len: usize,
    /// Of the letters without accents.
    hash: u64,
    /// Of the letters that have an accent; 0 when there are none.
    accents: u64,
    /// How often the last letter was repeated.
    run: u32,
    capitals: usize,
    stretched: bool,
    /// The token before.
    before: u64,
    /// So many words are still under a negation.
    negated: u32,
    /// There was a "but".
    turned: bool,
    marks: Marks,
}

/// Tells `emit` every feature of `text`, in the order of the text. What lies in `masked` is read as "the name"; what lies
/// in `hidden` is not read. Both are to be sorted.
pub(super) fn features(text: &str, masked: &[Range<usize>], hidden: &[Range<usize>], emit: &mut impl FnMut(u32)) {
    let mut reader = Reader {
        emit,
        word: [b'_'; LONGEST + 12],
        len: 0,
        hash: SEED,
        accents: 0,
        run: 0,
        capitals: 0,
        stretched: false,
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
    reader.marks.tell(reader.emit);
}

impl<E: FnMut(u32)> Reader<'_, E> {
    /// Reads from `at` up to `stop`, or a little beyond when a character stands there; returns where it got.
    #[inline]
    fn read(&mut self, text: &str, mut at: usize, stop: usize) -> usize {
        let table = letters::table();
        let bytes = text.as_bytes();
        while at < stop {
            let byte = bytes[at];
            if byte.is_ascii() {
                let letter = ASCII[usize::from(byte)];
                if letter != 0 {
                    self.letter(letter, byte.is_ascii_uppercase());
                    at += 1;
                } else {
                    at += self.mark(&bytes[at..stop]);
                }
                continue;
            }
            // Most of what is not ASCII in Latin script has two bytes.
            if let Some((letter, small)) = bytes.get(at + 1).and_then(|second| table.accented(byte, *second)) {
                let here = u64::from(small) ^ (self.len as u64) << 24;
                self.accents = (self.accents ^ here).wrapping_mul(FNV);
                self.letter(letter, false);
                at += 2;
                continue;
            }
            let Some(character) = text[at..].chars().next() else { break };
            match letters::kind(table, character) {
                Kind::Plain(letter) if letter.is_ascii_digit() => self.letter(b'0', false),
                // A letter of another width.
                Kind::Plain(letter) => self.letter(letter, false),
                Kind::Other(letter) => {
                    letter.encode_utf8(&mut [0; 4]).bytes().for_each(|byte| self.letter(byte, false));
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
            b' ' => self.end(),
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
            b':' if bytes.starts_with(b"://") && self.word[1..=self.len].starts_with(b"http") => {
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
                (self.emit)(of_sign(character));
            }
            _ => {}
        }
    }

    /// Takes in a letter of the word being read.
    #[inline(always)]
    fn letter(&mut self, letter: u8, capital: bool) {
        if self.len > 0 && self.word[self.len] == letter {
            self.run += 1;
            // Two of a letter are spelling, three are feeling.
            if self.run >= 3 && letter != b'0' {
                self.stretched = true;
                return;
            }
        } else {
            self.run = 1;
        }
        if self.len < LONGEST {
            self.len += 1;
            self.word[self.len] = letter;
            self.hash = (self.hash ^ u64::from(letter)).wrapping_mul(FNV);
        }
        self.capitals += usize::from(capital);
    }

    /// Ends a word and with it the reach of a negation.
    fn clause(&mut self) {
        self.end();
        self.negated = 0;
    }

    /// Drops the word being read.
    #[inline(always)]
    fn forget(&mut self) {
        self.len = 0;
        self.hash = SEED;
        self.accents = 0;
        self.run = 0;
        self.capitals = 0;
        self.stretched = false;
    }

    /// Takes in a whole token that is no word.
    fn token(&mut self, token: u64) {
        (self.emit)(feature(token));
        self.pair(token);
    }

    #[inline(always)]
    fn pair(&mut self, token: u64) {
        if self.before != WATCHED {
            (self.emit)(feature(self.before.wrapping_mul(FNV) ^ token.rotate_left(21)));
        }
        self.before = token;
    }

    /// Ends the word being read, if there is one.
    #[inline(always)]
    fn end(&mut self) {
        if self.len > 0 {
            self.word();
            self.forget();
        }
    }

    #[inline]
    fn word(&mut self) {
        let (len, hash, negated) = (self.len, self.hash, self.negated > 0);
        if negated {
            (self.emit)(feature(hash ^ NEGATED));
            self.negated -= 1;
        } else {
            (self.emit)(feature(hash));
        }
        if self.turned && !negated {
            (self.emit)(feature(hash ^ TURNED));
        }
        if self.accents != 0 {
            (self.emit)(feature(hash ^ self.accents));
        }
        self.pair(hash);
        self.word[len + 1] = b'_';
        let eight = |word: &[u8; LONGEST + 12], from: usize| {
            word.get(from..from + 8).and_then(|piece| piece.try_into().ok()).map_or(0, u64::from_le_bytes)
        };
        // Three letters in a row say too little: models are better without them, and faster.
        // The whole of a short word is no piece of it.
        let pieces = if len > 2 { len - 1 } else { 0 };
        for from in 0..pieces {
            let four = eight(&self.word, from) & 0xffff_ffff;
            (self.emit)(feature(four ^ if negated { NEGATED_PIECE } else { PIECE }));
        }
        let whole = eight(&self.word, 1);
        for long in BEGINNINGS.take_while(|long| *long < len) {
            let beginning = whole & ((1 << (8 * long)) - 1);
            (self.emit)(feature(beginning ^ if negated { NEGATED_BEGINNING } else { BEGINNING }));
            if self.turned && !negated {
                (self.emit)(feature(beginning ^ TURNED_BEGINNING));
            }
        }
        self.turned |= turns(hash);
        if negates(hash) {
            self.negated = REACH;
        }
        self.marks.shouted += u32::from(self.capitals >= 3 && self.capitals >= len);
        self.marks.stretched += u32::from(self.stretched);
    }
}
