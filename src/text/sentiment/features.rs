//! The features of a text: hashed words, pairs of words, beginnings and pieces of words, emoji and punctuation. One
//! pass, no allocation; the same for every language.

use std::ops::Range;

use super::emoticons::{Face, face};
use super::feature_buffer::Gathered;
use super::negation::{Does, does};
use super::normalize::{self, ASCII, Kind};
use super::word::{Start, Word, word_hash};

/// The maximum number of emoji used from a text, so that a wall of emoji does not outweigh the words.
const MOST_EMOJI: u32 = 4;
/// The number of words that a negation affects, within its clause.
const REACH: u32 = 4;
/// The lengths of word beginnings that are features, in letters.
const BEGINNINGS: [usize; 4] = [4, 5, 6, 7];
const LONGEST_BEGINNING: usize = BEGINNINGS[BEGINNINGS.len() - 1];

const FNV: u64 = 0x0000_0100_0000_01b3;
const SIGN: u64 = 0xcbf2_9ce4_8422_2325;

// Tags that distinguish kinds of features.
const NEGATED: u64 = 0x5555_0000_aaaa;
const PIECE: u64 = 0x77;
const NEGATED_PIECE: u64 = 0x4400_0000_0077;
const BEGINNING: u64 = 0x9999_0000_0000_0000;
const NEGATED_BEGINNING: u64 = 0xbb99_0000_0000_0000;
const TURNED: u64 = 0x3333_1111_cccc;
const TURNED_BEGINNING: u64 = 0xdd77_0000_0000_0000;

/// The feature of any handle, including the target.
const NAME: u64 = 0x6e61_6d65_0000_0001;
/// The target name if it is not a handle: neither a feature nor part of a pair.
const WATCHED: u64 = 0x7761_7463_0000_0003;
/// The feature of any link.
const LINK: u64 = 0x6c69_6e6b_0000_0002;
/// Tokens from this value on are emoticons.
const FACE: u64 = 0x6661_6365_0000_0010;

/// The feature for a hash. The upper bits are mixed best, so a table of 2^n slots uses the n upper ones.
#[inline(always)]
pub(super) fn feature(hash: u64) -> u32 {
    (hash.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) as u32
}

/// The context of a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Said {
    Plainly,
    Negated,
    /// After a "but". Used in addition to the plain word, since these words weigh more.
    Turned,
}

/// The features of a word in all contexts, for word lists.
pub(super) fn of_word(word: &str) -> [(u32, Said); 3] {
    let hash = word_hash(word.as_bytes());
    [(feature(hash), Said::Plainly), (feature(hash ^ NEGATED), Said::Negated), (feature(hash ^ TURNED), Said::Turned)]
}

/// The features of all words that begin with `stem`, and of their negations. Letters beyond [`BEGINNINGS`] are ignored;
/// a stem that is too short counts as a whole word.
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

/// The feature of an emoji or another symbol.
pub(super) fn of_sign(sign: char) -> u32 {
    feature(u64::from(sign) ^ SIGN)
}

/// Counts over the whole text.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Marks {
    /// Words. A number is not a word, nor is the "RT" before what somebody else said.
    pub(super) words: u32,
    pub(super) numbers: u32,
    pub(super) links: u32,
    /// Handles, including the target.
    pub(super) handles: u32,
    /// Whether there is a handle before the first word.
    pub(super) is_reply: bool,
    pub(super) glad: u32,
    pub(super) sad: u32,
    pub(super) hashes: u32,
    pub(super) colons: u32,
    pub(super) commas: u32,
    pub(super) exclamations: u32,
    pub(super) questions: u32,
    pub(super) dots: u32,
    pub(super) quotes: u32,
    pub(super) shouted: u32,
    pub(super) stretched: u32,
    pub(super) emoji: u32,
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

struct Reader<'a, E> {
    gathered: Gathered<'a, E>,
    /// The number of features before the current word.
    before_word: usize,
    word: Word,
    /// The previous token.
    before: u64,
    /// The number of further words under a negation.
    negated: u32,
    /// Whether there was a "but".
    turned: bool,
    marks: Marks,
}

/// Passes every feature of `text` to `take`, in batches. Text in `target` is read as "the name"; text in `out_of_scope`
/// is skipped. Both must be sorted. Returns what the text has of marks.
pub(super) fn features(
    text: &str,
    target: &[Range<usize>],
    out_of_scope: &[Range<usize>],
    take: &mut impl FnMut(&[u32]),
) -> Marks {
    let mut reader = Reader {
        gathered: Gathered::new(take),
        before_word: 0,
        word: Word::NONE,
        before: 0,
        negated: 0,
        turned: false,
        marks: Marks::default(),
    };
    let (mut target, mut out_of_scope) = (target, out_of_scope);
    let mut at = 0;
    while at < text.len() {
        let start = |ranges: &[Range<usize>]| ranges.first().map_or(usize::MAX, |range| range.start);
        let (mask, hide) = (start(target), start(out_of_scope));
        let stop = mask.min(hide);
        if stop > at {
            at = reader.read(text, at, stop.min(text.len()));
            continue;
        }
        reader.end();
        let (ranges, is_mask) = if hide <= at { (&mut out_of_scope, false) } else { (&mut target, true) };
        let [first, rest @ ..] = *ranges else { break };
        // Ignore a target that begins inside skipped text.
        if is_mask && first.end > at {
            let called = text[at..].starts_with('@') || text[..at].ends_with('@');
            match called {
                true => reader.handle(),
                // Training texts do not contain it: its slots, and those of its pairs, would belong to random other
                // words.
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
    reader.marks
}

impl<E: FnMut(&[u32])> Reader<'_, E> {
    /// Reads from `at` to `stop`, or to the end of a character that crosses `stop`; returns the end.
    #[inline]
    fn read(&mut self, text: &str, mut at: usize, stop: usize) -> usize {
        let table = normalize::table();
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
            match normalize::kind(table, character) {
                Kind::Plain(letter) if letter.is_ascii_digit() => self.letter(b'0'),
                // A full-width letter.
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

    /// Reads the ASCII punctuation at the beginning of `bytes`; returns its length in bytes.
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
            b'.' => {
                self.clause();
                self.marks.dots += u32::from(bytes.starts_with(b"..."));
            }
            b',' => {
                self.clause();
                self.marks.commas += 1;
            }
            b'#' => {
                self.end();
                self.marks.hashes += 1;
            }
            b'@' => {
                self.end();
                let handle = |byte: &&u8| byte.is_ascii_alphanumeric() || **byte == b'_';
                let len = bytes[1..].iter().take_while(handle).count();
                // At the beginning of a target it belongs to the name.
                if len > 0 {
                    self.handle();
                    return 1 + len;
                }
            }
            b':' if bytes.starts_with(b"://") && self.word.beginning().to_le_bytes().starts_with(b"http") => {
                self.forget();
                self.marks.links += 1;
                self.token(LINK);
                return bytes.iter().take_while(|byte| !byte.is_ascii_whitespace()).count();
            }
            b':' | b';' | b'=' | b'<' | b'^' => {
                if let Some((face, len)) = face(bytes) {
                    self.end();
                    self.token(FACE + face as u64);
                    self.marks.stretched += u32::from(len > 3 && face != Face::Wry);
                    self.marks.glad += u32::from(face == Face::Glad);
                    self.marks.sad += u32::from(face == Face::Sad);
                    return len;
                }
                self.clause();
                self.marks.colons += u32::from(bytes[0] == b':');
            }
            b'"' => {
                self.end();
                self.marks.quotes += 1;
            }
            _ => self.end(),
        }
        1
    }

    /// Reads non-ASCII punctuation or a symbol.
    fn sign(&mut self, character: char) {
        if matches!(character, '’' | '‘' | '´') {
            return;
        }
        self.end();
        match character as u32 {
            0x2026 => self.marks.dots += 1,
            // Skin tones have no sentiment.
            0x1f3fb..=0x1f3ff => {}
            0x2190.. if self.marks.emoji < MOST_EMOJI => {
                self.marks.emoji += 1;
                self.gathered.make_room();
                self.gathered.push(of_sign(character));
            }
            _ => {}
        }
    }

    /// The tag of the pieces of the current word.
    #[inline(always)]
    fn piece(&self) -> u64 {
        if self.negated > 0 { NEGATED_PIECE } else { PIECE }
    }

    /// Begins a word.
    #[inline(always)]
    fn begin(&mut self) {
        if self.word.len == 0 {
            self.gathered.make_room();
            self.before_word = self.gathered.len();
        }
    }

    /// Reads the Latin letters at the beginning of `bytes`; returns their length in bytes.
    #[inline(always)]
    fn letters(&mut self, bytes: &[u8], table: &normalize::Letters) -> usize {
        self.begin();
        let (mut word, piece) = (self.word, self.piece());
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
                // Most non-ASCII Latin letters have two bytes.
                let accented = bytes.get(at + 1).and_then(|second| table.accented(*byte, *second));
                let Some((letter, small)) = accented else { break };
                at += 2;
                let here = u64::from(small) ^ (word.len as u64) << 24;
                word.accents = (word.accents ^ here).wrapping_mul(FNV);
                letter
            };
            let ends = word.letter(letter);
            self.gathered.push_if(ends, feature(word.piece() ^ piece));
        }
        self.word = word;
        at
    }

    /// Reads another letter of the current word.
    #[inline(always)]
    fn letter(&mut self, letter: u8) {
        self.begin();
        let ends = self.word.letter(letter);
        self.gathered.push_if(ends, feature(self.word.piece() ^ self.piece()));
    }

    /// Ends a word, and the reach of a negation.
    fn clause(&mut self) {
        self.end();
        self.negated = 0;
    }

    /// Drops the current word.
    fn forget(&mut self) {
        if self.word.len > 0 {
            self.gathered.drop_from(self.before_word);
        }
        self.word = Word::NONE;
    }

    /// Reads a handle.
    fn handle(&mut self) {
        self.marks.is_reply |= self.marks.words == 0;
        self.marks.handles += 1;
        self.token(NAME);
    }

    /// Reads a whole token that is not a word.
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

    /// Ends the current word, if there is one.
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
        // A whole short word is not also a piece.
        self.gathered.push_if(len > 2, feature((last >> 8 | u64::from(b'_') << 56) >> 32 ^ piece));
        self.gathered.push_if(accents != 0, feature(self.word.hash() ^ accents));
        self.marks.stretched += u32::from(stretched);
        let beginning = self.word.beginning();
        self.whole_word(len, self.word.hash(), beginning, capitals);
        // Only here: in one step, only letters are read.
        let is_number = u32::from(beginning as u8 == b'0');
        self.marks.numbers += is_number;
        self.marks.words -= is_number;
    }

    /// Reads up to eight ASCII letters of a word in one step, or the whole word, which is enough for most words.
    /// Returns their number; 0 if they must be read one by one.
    #[inline(always)]
    fn start(&mut self, bytes: &[u8; 8]) -> usize {
        let Some(start) = Start::of(*bytes) else { return 0 };
        let Start { letters, len, capitals, is_whole } = start;
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
            self.whole_word(len, start.hash(), letters, capitals);
        } else {
            self.word = Word::begun(start);
        }
        len
    }

    /// Adds the features of a word other than its pieces.
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
        self.marks.words += 1;
        match does(hash) {
            None => {}
            Some(Does::Repost) => self.marks.words -= 1,
            Some(Does::Link) => {
                self.marks.words -= 1;
                self.marks.links += 1;
            }
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
        // An invisible character makes the word longer, but changes nothing else.
        let slow =
            |letter: char| std::iter::once(letter).chain((slowly && letter.is_alphabetic()).then_some('\u{200b}'));
        let text: String = text.chars().flat_map(slow).collect();
        features(&text, &[], &[], &mut |some| all.extend_from_slice(some));
        all.sort_unstable();
        all
    }

    #[test]
    fn a_number_a_link_and_a_sign_are_no_words() {
        let marks = |text: &str| features(text, &[], &[], &mut |_| {});
        for nothing in ["", "RT @acme: https://t.co/x", "12.5 % 2024", "\u{1f621}\u{1f621} :(", "@acme !!! ...", "#7"] {
            assert_eq!(marks(nothing).words, 0, "{nothing}");
        }
        assert_eq!(marks("Nem jó ж 42 I'd").words, 4);
        let all = marks("@acme: \"Well, #no\" 7 8 http://t.co/x @b :( :) WHY? so...");
        let expected = Marks { words: 4, numbers: 2, links: 1, handles: 2, is_reply: true, glad: 1, sad: 1, ..all };
        assert_eq!(all, expected);
        assert_eq!((all.hashes, all.colons, all.commas, all.quotes, all.shouted, all.dots), (1, 1, 1, 2, 1, 1));
        assert!(!marks("hello @acme").is_reply);
    }

    proptest! {
        /// Reading words in one step and letter by letter gives the same features.
        #[test]
        fn the_short_way_is_no_other_way(text in "([a-zA-Z]{1,18}|no|but|sooo|[áőŰ!?.,:'\"0-9#]|http://x|\u{1f621}){0,3}( ([a-zA-Z]{1,9}|not|de|nem|[áőŰ!?.,:'0-9]){1,3}){0,12}") {
            prop_assert_eq!(all(&text, false), all(&text, true));
        }
    }
}
