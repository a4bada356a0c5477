//! Patterns of words in a folded text: where they may begin, what may be between them, where they may end, and with
//! which endings.

use std::ops::Range;

use super::hungarian::{self, Joint};
use super::korean;
use super::stem::{self, Stem};
use super::tree::{How, Words};
use crate::fold;
use crate::fold::{Folded, folded, spell, without_underscores};
use crate::query::{english, shapes};
use crate::scripts::{self, is_word};

/// One pattern for words. Some words have several.
#[derive(Debug)]
pub(super) struct Pattern {
    /// Folded.
    pub(super) text: Box<str>,
    /// The number of its words.
    pub(super) leaf: u32,
    /// Whether each space in `text` matches the marks that may be between two words.
    gaps: bool,
    ending: Ending,
    stem: Stem,
}

#[derive(Debug)]
enum Ending {
    /// Any ending, attached or after a hyphen.
    Inflected,
    /// Only after a hyphen: handles, tags, words that end in a digit or a sign.
    Apart,
    /// No ending; same case and accents.
    Exact(Box<[char]>),
    /// Anything.
    Open,
    /// The stem with its last consonant doubled: -al or -á must follow.
    Assimilated,
    /// The stem without its -y: -ies must follow.
    Ies,
    /// The stem without its last vowel: an ending that begins with a vowel must follow.
    Shortened,
    /// The stem in -v: an ending that begins with a vowel must follow.
    InV,
    /// The stem without a silent -e: an ending must follow.
    Muted,
    /// The stem without a possessive: -i must follow.
    Place,
}

/// Reusable buffers.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    letters: Vec<char>,
    stem: Vec<char>,
}

impl Pattern {
    /// All patterns for `words`.
    pub(super) fn of(words: &Words, leaf: u32) -> Vec<Pattern> {
        let exact = words.how == How::Exact;
        // Underscores around a word are marks, in a text as well. What a star follows is no end.
        let open = without_underscores(&words.text).filter(|_| words.how != How::Prefix);
        let whole = open.as_deref().map_or(&*words.text, str::trim);
        let whole = if whole.is_empty() { &*words.text } else { whole };
        let written = if exact { whole } else { without_last_marks(whole) };
        let folded = |written: &str| {
            let folded = folded(written);
            without_underscores(&folded).filter(|_| words.how != How::Prefix).unwrap_or(folded)
        };
        let text = if exact { folded(written).trim().to_owned() } else { joined(&folded(written)) };
        let stem = Stem::of(written);
        let gaps = !exact && text.contains(' ');
        let pattern = |text: &str, ending| Pattern { text: text.into(), leaf, gaps, ending, stem };
        let last = text.chars().next_back().unwrap_or(' ');
        match words.how {
            How::Exact => {
                let mut letters = Vec::new();
                spell_spaced(whole.trim(), &mut letters);
                vec![pattern(&text, Ending::Exact(letters.into()))]
            }
            How::Prefix => vec![pattern(&text, Ending::Open)],
            How::Inflected if text.starts_with(['@', '#', '$']) || !last.is_alphabetic() => {
                vec![pattern(&text, Ending::Apart)]
            }
            How::Inflected => {
                let mut all = vec![pattern(&text, Ending::Inflected)];
                all.extend(shapes::doubled(&text).map(|text| pattern(&text, Ending::Assimilated)));
                all.extend(shapes::shortened(&text).map(|text| pattern(&text, Ending::Shortened)));
                all.extend(shapes::of_a_place(&text).map(|text| pattern(text, Ending::Place)));
                all.extend(english::ies(&text).map(|text| pattern(text, Ending::Ies)));
                let other = |text: &str, ending, stem| {
                    let text = joined(text);
                    Pattern { gaps: text.contains(' '), text: text.into(), leaf, ending, stem }
                };
                all.extend(shapes::turned(&text).map(|text| other(&text, Ending::Shortened, Stem::of(&text))));
                all.extend(shapes::in_v(whole).into_iter().map(|(text, stem)| other(&text, Ending::InV, stem)));
                all.extend(
                    shapes::muted(whole).map(|written| other(folded(written).trim(), Ending::Muted, Stem::of(written))),
                );
                all
            }
        }
    }

    /// If these words are at byte `at` of the folded text: where they end, in bytes of the folded text. `english` says
    /// whether the text is English: then short Hungarian endings are not accepted.
    pub(super) fn ends(
        &self,
        text: &str,
        folded: &Folded,
        at: usize,
        english: impl FnOnce() -> bool,
        scratch: &mut Scratch,
    ) -> Option<usize> {
        let place = folded.text();
        let end = match self.gaps {
            true => self.over_gaps(text, folded, at)?,
            false => place.as_bytes()[at..].starts_with(self.text.as_bytes()).then_some(at + self.text.len())?,
        };
        if !self.may_begin(place, at) {
            return None;
        }
        let more = word_length_at(text, folded, end);
        let goes_on = more > 0 && self.text.chars().next_back().is_some_and(is_word);
        let until = || end + more;
        match &self.ending {
            Ending::Open => Some(if goes_on { until() } else { end }),
            Ending::Exact(wanted) => {
                if goes_on || self.apart(text, folded, end, scratch) != end {
                    return None;
                }
                spell_spaced(&text[folded.original(at..end)], &mut scratch.letters);
                (*scratch.letters == **wanted).then_some(end)
            }
            Ending::Apart => (!goes_on).then(|| self.apart(text, folded, end, scratch)),
            Ending::Inflected if !goes_on => Some(self.apart(text, folded, end, scratch)),
            _ if !goes_on => None,
            ending => {
                let until = until();
                if until - end > LONGEST_ENDING {
                    return None;
                }
                small(&text[folded.original(at..end)], &mut scratch.stem);
                small(&text[folded.original(end..until)], &mut scratch.letters);
                let (written, rest) = (scratch.stem.as_slice(), scratch.letters.as_slice());
                let stem = self.stem_of(ending, text, folded, at..end);
                let stem = stem.in_text(written, rest, || fold::has_accents(text))?;
                // "targeted" and "parties" are not forms of target and part.
                let is = match ending {
                    Ending::Ies => english::is_ies(rest),
                    Ending::Assimilated => hungarian::is_assimilated(stem, rest),
                    Ending::Inflected if english::is_plural(stem, rest) => true,
                    Ending::Inflected if korean::is_particles(&self.text, &place[end..until]) => true,
                    Ending::Inflected => {
                        hungarian::is_ending(stem, rest, Joint::Closed)
                            && !self.is_double(written, rest, text)
                            && !(is_short(rest) && english())
                    }
                    Ending::Shortened => hungarian::is_vowel_ending(stem, rest) && !english(),
                    // "lávát" is not a form of ló.
                    Ending::InV => !written.contains(&'á') && hungarian::is_in_v(stem, rest) && !english(),
                    Ending::Muted => hungarian::is_ending(stem, rest, Joint::Closed) && !english(),
                    _ => hungarian::is_of(stem, rest) && !english(),
                };
                is.then_some(until)
            }
        }
    }

    /// The stem of the words at these bytes of the folded text. A name in capitals with a small ending is spelled out,
    /// however the query has it: OTPnél.
    fn stem_of(&self, ending: &Ending, text: &str, folded: &Folded, at: Range<usize>) -> Stem {
        let written = &text[folded.original(at.clone())];
        let after = text[folded.original(at).end..].chars().next();
        let is_spelt = matches!(ending, Ending::Inflected)
            && after.is_some_and(char::is_lowercase)
            && !written.ends_with(char::is_lowercase)
            && stem::is_spelt(written.rsplit(|letter: char| !letter.is_alphanumeric()).next().unwrap_or_default());
        if is_spelt { Stem::of(written) } else { self.stem }
    }

    /// "annak" is not a form of Anna in a text with accents, which has "Annák". Longer names have no such homographs.
    fn is_double(&self, written: &[char], rest: &[char], text: &str) -> bool {
        self.text.len() <= 4
            && matches!(rest, ['k' | 'm' | 'd'])
            && matches!(written.last(), Some('a' | 'e'))
            && fold::has_accents(text)
    }

    /// The end of words that begin at byte `at`, including the marks between them.
    fn over_gaps(&self, text: &str, folded: &Folded, at: usize) -> Option<usize> {
        let place = folded.text();
        let plain = at + self.text.len();
        if place.as_bytes()[at..].starts_with(self.text.as_bytes()) && !text[folded.original(at..plain)].contains('\n')
        {
            return Some(plain);
        }
        let mut end = at;
        for (n, word) in self.text.split(' ').enumerate() {
            if n > 0 {
                let start = end;
                end += match word.starts_with(is_word) {
                    true => gap(&place[start..], &place[at..start])?,
                    // A sign that is part of the pattern is not a mark between words.
                    false => place.as_bytes()[start..].starts_with(b" ").then_some(1)?,
                };
                // Folding turns a line end into a space; an empty line separates words.
                let mut lines = text[folded.original(start..end)].bytes().filter(|byte| *byte == b'\n');
                if lines.nth(1).is_some() {
                    return None;
                }
            }
            end = place.as_bytes()[end..].starts_with(word.as_bytes()).then_some(end + word.len())?;
        }
        Some(end)
    }

    /// The end of an ending after a hyphen or an apostrophe, or `end` if there is none: MÁV-nál, Kft.-nél, Ann's.
    fn apart(&self, text: &str, folded: &Folded, end: usize, scratch: &mut Scratch) -> usize {
        let after = &folded.text()[end..];
        let sign = match after.as_bytes() {
            [b'-', ..] => 1,
            [b'.', b'-', ..] => 2,
            [b'\'', b's', ..] if !after[2..].starts_with(is_word) => {
                return end + 2;
            }
            _ => return end,
        };
        let length = word_length_at(text, folded, end + sign);
        if length == 0 || length > LONGEST_ENDING {
            return end;
        }
        let range = end + sign..end + sign + length;
        small(&text[folded.original(range.clone())], &mut scratch.letters);
        if hungarian::is_ending(self.stem, &scratch.letters, Joint::Hyphen) { range.end } else { end }
    }

    /// Words must not begin inside a word: `$t` is not the end of `l$t`, and `@ann` is not the end of an address.
    pub(super) fn may_begin(&self, text: &str, at: usize) -> bool {
        let Some(before) = text[..at].chars().next_back() else { return true };
        match self.text.chars().next() {
            Some('@' | '#' | '$') => {
                (!is_word(before) || scripts::is_apart(before)) && !matches!(before, '@' | '#' | '$' | '&')
            }
            Some(first) if is_word(first) => !is_word(before) || scripts::begins(before, first),
            Some(first) if first.is_ascii() => !is_word(before) || scripts::is_apart(before),
            _ => true,
        }
    }

    /// The approximate size of its heap memory in bytes.
    pub(super) fn bytes(&self) -> usize {
        self.text.len() + if let Ending::Exact(letters) = &self.ending { letters.len() * 4 } else { 0 }
    }
}

/// The letters as written, in small letters.
fn small(text: &str, letters: &mut Vec<char>) {
    spell(text, letters);
    for letter in letters {
        *letter = letter.to_lowercase().next().unwrap_or(*letter);
    }
}

/// Whether English words may have this ending as well.
fn is_short(rest: &[char]) -> bool {
    (rest.len() <= 2 || english::is_ies(rest)) && rest.iter().all(char::is_ascii)
}

/// The longest chain of endings, in bytes of folded text. Longer chains, such as "-ostulajaitokéihoz", do not occur.
const LONGEST_ENDING: usize = 20;

/// The length of the word at byte `at` of the folded text. A footnote's number or ᵀᴹ after it does not belong to it.
fn word_length_at(text: &str, folded: &Folded, at: usize) -> usize {
    let after = &folded.text()[at..];
    let mut last = folded.text()[..at].chars().next_back().unwrap_or(' ');
    let stops = |next: char| {
        let before = std::mem::replace(&mut last, next);
        !is_word(next) || (is_word(before) && scripts::ends(before, next))
    };
    let length = after.find(stops).unwrap_or(after.len());
    if at == 0 || folded.is_raised(text, at - 1) {
        return length;
    }
    after[..length]
        .char_indices()
        .map(|(more, _)| more)
        .find(|more| folded.is_raised(text, at + more))
        .unwrap_or(length)
}

/// The maximum number of characters between two adjacent words.
const LONGEST_GAP: usize = 8;
/// After a word of at most this many letters, a full stop may not end a sentence: Dr. Oetker, Kft., Corp.
const ABBREVIATED: usize = 4;

/// The length of the marks between a word and the next, in bytes of folded text. `None` if there are no marks or too
/// many, or a sentence ends there. `before` ends with the word.
fn gap(after: &str, before: &str) -> Option<usize> {
    if after.as_bytes().first() == Some(&b' ') && after.as_bytes().get(1).is_some_and(u8::is_ascii_alphanumeric) {
        return Some(1);
    }
    let mut characters = after.char_indices().take(LONGEST_GAP + 1);
    let (length, next) = characters.find(|(_, character)| is_word(*character))?;
    let marks = &after[..length];
    // Words of scripts that are written without spaces have nothing between them.
    if marks.is_empty() {
        return before.chars().next_back().filter(|last| scripts::ends(*last, next)).map(|_| 0);
    }
    if marks.contains(['!', '?', '…', '。', '।']) {
        return None;
    }
    let ends_sentence = marks.contains('.') && marks != "." && {
        let word = before.chars().rev().take_while(|c| is_word(*c)).count();
        word > ABBREVIATED || marks.matches('.').count() > 1
    };
    (!ends_sentence).then_some(length)
}

/// Removes the marks at the end of words that are not part of the pattern.
fn without_last_marks(text: &str) -> &str {
    let trimmed = text.trim_end_matches([' ', '.', ',', ';', ':']);
    if trimmed.contains(char::is_alphanumeric) { trimmed } else { text }
}

/// Folded words, with one space in place of marks that a text may write differently: spaces, hyphens, and punctuation
/// next to a space, as in `magyar, "telekom"`.
fn joined(folded: &str) -> String {
    const BEFORE: [char; 10] = ['"', '„', '“', '”', '«', '»', '(', '[', '{', '\''];
    const AFTER: [char; 15] = ['"', '„', '“', '”', '«', '»', ')', ']', '}', '\'', '.', ',', ';', ':', '-'];
    let mut joined = String::with_capacity(folded.len());
    let tokens = folded.split(' ').filter(|token| !token.is_empty());
    let count = tokens.clone().count();
    for (n, token) in tokens.enumerate() {
        let bare = if count > 1 { token.trim_start_matches(BEFORE).trim_end_matches(AFTER) } else { token };
        // A sign alone is either a word itself, or separates words: "posta - bank".
        if n > 0 && n + 1 < count && matches!(token, "-" | "—" | "," | ":" | ";" | "/") {
            continue;
        }
        let token = if bare.contains(char::is_alphanumeric) { bare } else { token };
        if !joined.is_empty() {
            joined.push(' ');
        }
        if token.starts_with(['@', '#', '$']) {
            joined.push_str(token);
            continue;
        }
        let mut before = None;
        let mut characters = token.chars().peekable();
        while let Some(character) = characters.next() {
            let sides = [before, characters.peek().copied()];
            let parts = character == '-'
                && sides.iter().all(|side| side.is_some_and(is_word))
                && sides.iter().any(|side| side.is_some_and(char::is_alphabetic));
            joined.push(if parts { ' ' } else { character });
            before = Some(character);
        }
    }
    joined
}

/// The number of words in a part of a folded text, at least 1.
pub(super) fn count_words(folded: &str) -> u32 {
    let (mut before, mut count) = (None, 0_u32);
    for character in folded.chars() {
        let here = Some(character).filter(|character| is_word(*character));
        count += u32::from(here.is_some_and(|here| before.is_none_or(|before| scripts::begins(before, here))));
        before = here;
    }
    count.max(1)
}

/// Like [`spell`], with any white space as one space.
fn spell_spaced(text: &str, letters: &mut Vec<char>) {
    fold::spell(text, letters);
    let mut after_space = false;
    letters.retain_mut(|letter| {
        let space = letter.is_whitespace();
        if space {
            *letter = ' ';
        }
        let keep = !(space && after_space);
        after_space = space;
        keep
    });
    while letters.last() == Some(&' ') {
        letters.pop();
    }
}
