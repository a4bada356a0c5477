//! Folding: removes differences of case, accents and spelling tricks, and maps places back to the original text.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::{canonical_combining_class, compose, is_combining_mark};

use crate::entity::{character_at, characters};
use crate::scripts::{is_accent, is_apart, is_stretch, is_word};

/// A folded text, and the origin of each of its bytes.
#[derive(Debug, Default)]
pub struct Folded {
    text: String,
    /// For each byte of `text`, the byte of the original that it came from; empty if both are the same.
    origin: Vec<u32>,
    original_len: usize,
}

impl Folded {
    /// Folds `text` into this reusable buffer.
    ///
    /// The result has small letters without accents. Letters that look like Latin ones become Latin in a word that has
    /// Latin letters, any white space becomes one space, every hyphen `-` and every apostrophe `'`, and entities such
    /// as `&amp;` are decoded. Marks that are letters stay, composed with the letter before them.
    pub fn fold(&mut self, text: &str) {
        self.text.clear();
        self.origin.clear();
        self.original_len = text.len();
        if text.is_ascii() && has_plain_spaces(text.as_bytes()) && !text.contains('&') {
            self.text.push_str(text);
            self.text.make_ascii_lowercase();
            return;
        }
        // Where a word begins that has letters of another script which may be in the place of Latin ones.
        let mut word: Option<usize> = None;
        let mut at = 0;
        loop {
            if word.is_none() {
                at += self.plain_ascii(text, at);
            }
            let Some((character, length)) = character_at(text, at) else { break };
            if let Some(start) = word
                && self.text.chars().next_back().is_some_and(|last| !is_word(last) || is_apart(last))
            {
                self.settle(text, start, at);
                word = None;
            }
            let before = self.text.len();
            self.character(character, at, false);
            if word.is_none() && self.text.get(before..).is_some_and(|new| new.contains(is_double)) {
                word = Some(self.word_start(before));
            }
            at += length;
        }
        if let Some(start) = word {
            self.settle(text, start, text.len());
        }
    }

    /// Folds what stands for itself from byte `at` of `text` on: ASCII but for entities, control characters and a
    /// second space in a row. Returns how many bytes that is.
    fn plain_ascii(&mut self, text: &str, at: usize) -> usize {
        let mut is_space = self.text.ends_with(' ');
        let mut stands = |byte: &u8| {
            let after_space = std::mem::replace(&mut is_space, *byte == b' ');
            matches!(byte, b' '..=b'~') && *byte != b'&' && !(after_space && is_space)
        };
        let length = text.as_bytes()[at..].iter().take_while(|byte| stands(byte)).count();
        let before = self.text.len();
        self.text.push_str(&text[at..at + length]);
        self.text[before..].make_ascii_lowercase();
        self.origin.extend(at as u32..(at + length) as u32);
        length
    }

    /// Folds the character at byte `at` of the original. With `latin`, letters that look like Latin ones become Latin.
    fn character(&mut self, character: char, at: usize, latin: bool) {
        match base(character) {
            Base::Letter(letter) => self.text.push(letter),
            Base::Space => self.space(),
            Base::Nothing => {}
            Base::Unknown => self.parts(character, latin),
        }
        self.origin.resize(self.text.len(), at as u32);
    }

    /// Adds a space, unless there is one.
    fn space(&mut self) {
        if !self.text.ends_with(' ') {
            self.text.push(' ');
        }
    }

    /// The general path: compatibility decomposition; accents and invisible characters are removed. With `latin`,
    /// letters that look like Latin ones become Latin.
    fn parts(&mut self, character: char, latin: bool) {
        for part in std::iter::once(framed(character)).nfkd() {
            if is_combining_mark(part) {
                self.mark(part);
            } else if !is_invisible(part) && !is_stretch(part) {
                let part = if latin { capital_alike(part) } else { part };
                part.to_lowercase().for_each(|small| self.letter(small, latin));
            }
        }
    }

    fn letter(&mut self, small: char, latin: bool) {
        match small {
            mark if is_combining_mark(mark) => self.mark(mark),
            'ß' => self.text.push_str("ss"),
            'æ' => self.text.push_str("ae"),
            'œ' => self.text.push_str("oe"),
            // Unicode's case folding has one sigma.
            'ς' if !latin => self.text.push('σ'),
            space if space.is_whitespace() => self.space(),
            double if is_double(double) && !latin => self.text.push(double),
            letter => self.compose(look_alike(letter)),
        }
    }

    /// Adds a mark that is a letter, in canonical order.
    fn mark(&mut self, mark: char) {
        let last = self.text.chars().next_back();
        // й is another letter than и, as CLDR's root collation has it. Its other accents make no other letter.
        if is_invisible(mark) || (is_accent(mark) && (mark, last) != ('\u{306}', Some('и'))) {
            return;
        }
        let class = canonical_combining_class(mark);
        if class == 0 || last.is_none_or(|last| canonical_combining_class(last) <= class) {
            return self.compose(mark);
        }
        let later = self.text.char_indices().rev().take_while(|(_, other)| canonical_combining_class(*other) > class);
        if let Some((mut place, _)) = later.last() {
            let before = self.text[..place].chars().next_back();
            match before.and_then(|before| Some((before, compose(before, mark)?))) {
                Some((before, whole)) => {
                    let end = place;
                    place -= before.len_utf8();
                    self.text.replace_range(place..end, whole.encode_utf8(&mut [0; 4]));
                }
                None => self.text.insert(place, mark),
            }
            // They changed places: together they stand for all of them.
            let first = self.origin.get(place).copied().unwrap_or(0);
            self.origin.truncate(place);
            self.origin.resize(self.text.len(), first);
        }
    }

    /// Adds a letter, or composes it with the last one: syllables of Hangul, vowels of two parts, voiced kana.
    fn compose(&mut self, letter: char) {
        let whole = (!letter.is_ascii()).then(|| compose(self.text.chars().next_back()?, letter)).flatten();
        if whole.is_some() {
            self.text.pop();
        }
        self.text.push(whole.unwrap_or(letter));
    }

    /// Where the word begins that byte `at` of the folded text continues.
    fn word_start(&self, at: usize) -> usize {
        let letters = self.text[..at].char_indices().rev();
        let start = letters.take_while(|(_, letter)| is_word(*letter) && !is_apart(*letter)).last();
        let mut start = start.map_or(at, |(start, _)| start);
        // A character that became several is folded again as a whole.
        while start > 0 && start < self.origin.len() && self.origin[start - 1] == self.origin[start] {
            start -= 1;
        }
        start
    }

    /// Folds the word from byte `start` of the folded text again, up to byte `end` of the original, if it has Latin
    /// letters: then letters that look like Latin ones are in their place (UTS #39, mixed scripts). A word of one
    /// script is a word of that script, in capitals and in small letters.
    #[cold]
    fn settle(&mut self, text: &str, start: usize, end: usize) {
        let is_mixed = self.text[start..].contains(|letter: char| letter.is_ascii_alphabetic());
        let Some(from) = self.origin.get(start).map(|from| *from as usize).filter(|_| is_mixed) else { return };
        self.text.truncate(start);
        self.origin.truncate(start);
        for (at, character) in characters(&text[from..end]) {
            self.character(character, from + at, true);
        }
    }

    /// Turns underscores into spaces where they are marks.
    pub(crate) fn open_underscores(&mut self) {
        if let Some(open) = without_underscores(&self.text) {
            self.text = open;
        }
    }

    /// The folded text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether byte `at` of the folded text came from a raised character of the original `text`.
    pub(super) fn is_raised(&self, text: &str, at: usize) -> bool {
        let origin = self.origin.get(at).and_then(|origin| text.get(*origin as usize..));
        origin.and_then(|text| text.chars().next()).is_some_and(is_raised)
    }

    /// The range of the original for a range of the folded text. A character that became several is included for each
    /// of them.
    pub fn original(&self, range: std::ops::Range<usize>) -> std::ops::Range<usize> {
        if self.origin.is_empty() {
            return range;
        }
        let at = |byte: usize| self.origin.get(byte).map_or(self.original_len, |origin| *origin as usize);
        let start = at(range.start);
        // Include the whole character in which the range ends.
        let inside = |byte: usize| byte > range.start && byte < self.origin.len() && at(byte) == at(byte - 1);
        let end = (range.end..=self.origin.len()).find(|byte| !inside(*byte)).unwrap_or(range.end);
        start..at(end)
    }
}

/// Whether the only white space is single spaces, so that folding keeps all places.
fn has_plain_spaces(text: &[u8]) -> bool {
    // No branch per byte, so that the compiler can vectorise it.
    let odd = |byte: u8| (9..=13).contains(&byte) | (28..=31).contains(&byte);
    let any_odd = text.iter().fold(false, |any, byte| any | odd(*byte));
    let pairs = text.iter().zip(text.iter().skip(1));
    let any_row = pairs.fold(false, |any, (one, next)| any | ((*one == b' ') & (*next == b' ')));
    !any_odd && !any_row
}

/// The text with spaces in the place of underscores that are marks, as in `_emphasis_`. `None` where no underscore is a
/// mark.
///
/// As in CommonMark: one at the beginning of a word opens, the next one at the end of a word closes; neither stands
/// between two letters. One at the end of a handle or a tag is part of it, unless the one before its sign opened.
pub(crate) fn without_underscores(text: &str) -> Option<String> {
    let mut next = memchr::memchr(b'_', text.as_bytes())?;
    let (mut opened, mut marks) = (Vec::new(), Vec::new());
    let is_inner = |character: char| character != '_' && is_word(character);
    while let Some(length) = memchr::memchr(b'_', &text.as_bytes()[next..]) {
        let start = next + length;
        let end = text[start..].find(|character| character != '_').map_or(text.len(), |more| start + more);
        next = end;
        let (before, after) = (&text[..start], &text[end..]);
        let is_named = || {
            let sign = before.trim_end_matches(is_word).strip_suffix(['@', '#', '$']);
            sign.is_some_and(|rest| !rest.ends_with('_') || rest.len() + 1 == start)
        };
        if !before.ends_with(is_inner) && !before.ends_with(['@', '#', '$']) {
            let opens = after.chars().next().is_some_and(|after| !after.is_whitespace());
            opened.extend(opens.then_some(start..end));
        } else if !after.starts_with(is_inner)
            && !is_named()
            && let Some(opening) = opened.pop()
        {
            marks.extend([opening, start..end]);
        }
    }
    let mut bytes = (!marks.is_empty()).then(|| text.as_bytes().to_vec())?;
    marks.into_iter().for_each(|mark| bytes[mark].fill(b' '));
    String::from_utf8(bytes).ok()
}

enum Base {
    Letter(char),
    Space,
    Nothing,
    Unknown,
}

/// The small letter without accent of a letter of Hungarian or English; other characters unchanged.
pub(crate) fn folded_letter(letter: char) -> char {
    match base(letter) {
        Base::Letter(small) => small,
        _ => letter,
    }
}

/// The fast path for the characters of Hungarian and English texts.
fn base(character: char) -> Base {
    Base::Letter(match character {
        ' ' | '\t'..='\r' => return Base::Space,
        '\0'..='\x7f' => character.to_ascii_lowercase(),
        'á' | 'Á' => 'a',
        'é' | 'É' => 'e',
        'í' | 'Í' => 'i',
        'ó' | 'ö' | 'ő' | 'Ó' | 'Ö' | 'Ő' => 'o',
        'ú' | 'ü' | 'ű' | 'Ú' | 'Ü' | 'Ű' => 'u',
        '’' | '‘' | 'ʼ' | '´' => '\'',
        '‐' | '‑' | '‒' | '–' | '−' => '-',
        // A trademark sign must not become letters: "tm" after a name would look like an ending or another word.
        '„' | '“' | '”' | '…' | '—' | '™' | '℠' => character,
        // Han, kana and Hangul have no case, and are composed.
        '\u{3041}'..='\u{3096}' | '\u{30a1}'..='\u{30fa}' | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}' => {
            character
        }
        _ if character.is_whitespace() => return Base::Space,
        _ if is_invisible(character) => return Base::Nothing,
        _ => return Base::Unknown,
    })
}

/// Whether a letter is of a script of its own, and may still be in the place of a Latin one: Greek, Cyrillic, Armenian.
/// Of the scripts with look-alikes these are the recommended ones (UAX #31); nobody writes texts in the others here.
fn is_double(letter: char) -> bool {
    ('\u{370}'..='\u{58f}').contains(&letter)
}

/// The plain form of a letter in a frame or in brackets: 🅣 🅃 ⒯. Unicode decomposes only some of them.
fn framed(character: char) -> char {
    let (first, letter) = match character {
        '\u{1f110}'..='\u{1f129}' => ('\u{1f110}', 'A'),
        '\u{1f130}'..='\u{1f149}' => ('\u{1f130}', 'A'),
        '\u{1f150}'..='\u{1f169}' => ('\u{1f150}', 'A'),
        '\u{1f170}'..='\u{1f189}' => ('\u{1f170}', 'A'),
        '\u{249c}'..='\u{24b5}' => ('\u{249c}', 'a'),
        other => return other,
    };
    char::from_u32(character as u32 - first as u32 + letter as u32).unwrap_or(character)
}

/// Whether it is a raised digit or letter: a footnote or a trademark after a name does not belong to it.
fn is_raised(character: char) -> bool {
    matches!(character, '¹' | '²' | '³' | 'ª' | 'º' | '\u{2070}'..='\u{207f}' | '\u{1d2c}'..='\u{1d6a}')
}

/// Greek capitals that look like a different Latin letter than their small forms.
fn capital_alike(letter: char) -> char {
    match letter {
        'Ν' => 'N',
        'Η' => 'H',
        'Υ' => 'Y',
        'Σ' | 'Ξ' => 'E',
        'Λ' => 'A',
        'Ω' => 'O',
        other => other,
    }
}

/// The Latin letter that a small letter of another script looks like; other letters unchanged.
pub fn look_alike(letter: char) -> char {
    match letter {
        'а' | 'α' | 'ɑ' | 'ᴀ' | 'ꓮ' | 'ꭺ' | 'ᗩ' => 'a',
        'в' | 'β' | 'ʙ' | 'ꓐ' | 'ᏼ' | 'ᗷ' => 'b',
        'с' | 'ϲ' | 'ᴄ' | 'ꓚ' | 'ꮯ' | 'ᑕ' => 'c',
        'ԁ' | 'đ' | 'ɗ' | 'ᴅ' | 'ꓓ' | 'ꭰ' | 'ᗪ' => 'd',
        'е' | 'ε' | 'є' | 'ᴇ' | 'ꓰ' | 'ꭼ' | 'ᗴ' | 'ᗕ' => 'e',
        'ꜰ' | 'ꓝ' | 'ᖴ' => 'f',
        'ɡ' | 'ɢ' | 'ꓖ' | 'ꮐ' => 'g',
        'һ' | 'н' | 'ʜ' | 'ħ' | 'ꓧ' | 'ꮋ' | 'ᕼ' => 'h',
        'і' | 'ι' | 'ı' | 'ɩ' | 'ɪ' | 'ꓲ' | 'ꭵ' => 'i',
        'ј' | 'ϳ' | 'ᴊ' | 'ꓙ' | 'ꭻ' | 'ᒍ' => 'j',
        'к' | 'κ' | 'ᴋ' | 'ꓗ' | 'ꮶ' => 'k',
        'ӏ' | 'ł' | 'ⅼ' | 'ʟ' | 'ꓡ' | 'ꮮ' | 'ᒪ' => 'l',
        'м' | 'μ' | 'ᴍ' | 'ꓟ' | 'ꮇ' | 'ᗰ' => 'm',
        'ո' | 'η' | 'ɴ' | 'ꓠ' | 'ᑎ' => 'n',
        'о' | 'ο' | 'ø' | 'σ' | 'օ' | 'ᴏ' | 'ꓳ' => 'o',
        'р' | 'ρ' | 'ᴘ' | 'ꓑ' | 'ꮲ' | 'ᑭ' => 'p',
        'ԛ' | 'ꞯ' => 'q',
        'ʀ' | 'ꓣ' | 'ꮢ' | 'ᖇ' => 'r',
        'ѕ' | 'ς' | 'ꜱ' | 'ꓢ' | 'ꮪ' | 'ᔕ' => 's',
        'т' | 'τ' | 'ᴛ' | 'ŧ' | 'ꓔ' | 'ꭲ' => 't',
        'υ' | 'ս' | 'ᴜ' | 'ꓴ' | 'ᑌ' => 'u',
        'ѵ' | 'ν' | 'ᴠ' | 'ꓦ' | 'ꮩ' | 'ᐯ' => 'v',
        'ԝ' | 'ѡ' | 'ω' | 'ᴡ' | 'ꓪ' | 'ꮃ' | 'ᗯ' => 'w',
        'х' | 'χ' | 'ꓫ' => 'x',
        'у' | 'γ' | 'ү' | 'ʏ' | 'ꓬ' => 'y',
        'ζ' | 'ᴢ' | 'ꓜ' | 'ꮓ' | 'ᘔ' => 'z',
        other => other,
    }
}

/// The letter with its case and accents, but without tricks: full-width and other compatibility forms become plain, and
/// look-alikes are replaced. `None` for invisible characters. Combining marks are returned unchanged.
pub fn plain(character: char) -> Option<char> {
    if character.is_ascii() {
        return Some(character);
    }
    match character {
        _ if is_invisible(character) || is_stretch(character) => return None,
        '’' | '‘' | 'ʼ' | '´' => return Some('\''),
        '‐' | '‑' | '‒' | '–' | '−' => return Some('-'),
        '™' | '℠' => return Some(character),
        _ => {}
    }
    let composed = capital_alike(std::iter::once(framed(character)).nfkc().next().unwrap_or(character));
    let mut small = composed.to_lowercase();
    let (first, more) = (small.next().unwrap_or(composed), small.next());
    let like = look_alike(first);
    if more.is_some() || like == first {
        return Some(composed);
    }
    Some(if composed == first { like } else { like.to_ascii_uppercase() })
}

/// Writes `text` into `letters` as [`plain`] characters, with marks composed with their letters.
pub fn spell(text: &str, letters: &mut Vec<char>) {
    letters.clear();
    for character in characters(text).filter_map(|(_, character)| plain(character)) {
        if is_combining_mark(character)
            && let Some(last) = letters.last_mut()
            && let Some(composed) = unicode_normalization::char::compose(*last, character)
        {
            *last = composed;
        } else {
            letters.push(character);
        }
    }
}

/// Small letters that show that a text is written with accents.
pub const HUNGARIAN: &[char] = &['á', 'é', 'í', 'ó', 'ö', 'ő', 'ú', 'ü', 'ű'];

/// Whether a text is written with accents.
pub fn has_accents(text: &str) -> bool {
    text.chars().any(|letter| match letter {
        'Á' | 'É' | 'Í' | 'Ó' | 'Ö' | 'Ő' | 'Ú' | 'Ü' | 'Ű' | '\u{301}' => true,
        small => !small.is_ascii() && HUNGARIAN.contains(&small),
    })
}

/// Invisible or blank characters that are used to split names: soft hyphen, zero-width space and
/// joiners, direction marks, byte order mark, fillers, tags; Unicode's `Default_Ignorable_Code_Point` except the
/// selectors of ideographs, and the blank of Braille.
pub fn is_invisible(character: char) -> bool {
    matches!(character, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e00ff}')
}

/// Folds a short text, such as a term.
pub fn folded(text: &str) -> String {
    let mut folded = Folded::default();
    folded.fold(text);
    folded.text
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn case_accents_and_tricks_do_not_matter() {
        for name in ["Győr", "GYŐR", "gyor", "Gyo\u{30b}r", "Ｇｙőｒ", "Gy\u{200b}őr", "G\u{ad}yőr", "Gуőr", "Gyοr"]
        {
            assert_eq!(folded(name), "gyor", "{name:?}");
        }
        assert_eq!(folded("a \t\n b\u{a0}\u{200b} c"), "a b c");
        assert_eq!(folded("A  b\tC \r\nd"), "a b c d");
        assert_eq!(folded("MÁV‑nál, Ann’s"), "mav-nal, ann's");
        assert_eq!(folded("S&amp;P, R&D, Ann&#39;s Gy&#337;r &lt;b&gt;"), "s&p, r&d, ann's gyor <b>");
    }

    #[test]
    fn letters_of_every_shape_are_letters() {
        for name in [
            "ᴛᴇʟᴇᴋᴏᴍ",
            "ΤΕLΕΚΟΜ",
            "TΣLΣKΩM",
            "🅣🅔🅛🅔🅚🅞🅜",
            "🆃🅴🅻🅴🅺🅾🅼",
            "🅃🄴🄻🄴🄺🄾🄼",
            "ⓣⓔⓛⓔⓚⓞⓜ",
            "⒯⒠⒧⒠⒦⒪⒨",
            "🄣🄔🄛🄔🄚🄞🄜",
            "ᵗᵉˡᵉᵏᵒᵐ",
            "𝓽𝓮𝓵𝓮𝓴𝓸𝓶",
            "ꓔꓰꓡꓰꓗꓳꓟ",
            "ᎢᎬᏞᎬᏦOᎷ",
            "Tᗴᒪᗴᴋᴏᗰ",
            "t̶e̶l̶e̶k̶o̶m̶",
        ] {
            assert_eq!(folded(name), "telekom", "{name}");
        }
        assert_eq!(folded("Preuß STRAẞE Æon Œuvre CO₂ TV²"), "preuss strasse aeon oeuvre co2 tv2");
        assert_eq!(folded("ABCDEFGHIJKLMNOPQRSTUVWXYZ"), folded("🅐🅑🅒🅓🅔🅕🅖🅗🅘🅙🅚🅛🅜🅝🅞🅟🅠🅡🅢🅣🅤🅥🅦🅧🅨🅩"));
        assert_eq!(folded("abcdefghijklmnopqrstuvwyz"), folded("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘꞯʀꜱᴛᴜᴠᴡʏᴢ"));
    }

    #[test]
    fn spelling_keeps_case_and_accents_alone() {
        let mut letters = Vec::new();
        spell("Ｇyo\u{30b}\u{200b}r Тelekom", &mut letters);
        assert_eq!(letters.iter().collect::<String>(), "Győr Telekom");
    }

    proptest! {
        #[test]
        fn the_way_back_stays_inside_and_on_borders(text in "(.|&amp;|&#337;|&#x2){0,60}") {
            let mut buffer = Folded::default();
            buffer.fold(&text);
            for (at, character) in buffer.text().char_indices() {
                let original = buffer.original(at..at + character.len_utf8());
                prop_assert!(text.get(original.clone()).is_some(), "{:?} of {:?}", original, text);
            }
        }

        /// Runs of plain ASCII, and the same text in which an invisible character interrupts each run, give the same.
        #[test]
        fn the_fast_way_is_no_other_way(text in "([a-zA-Z0-9 &;#.,_\\[@`{~\u{7f}]|  |&amp;|\t|\u{1}|\u{1f}|[áŐŰß…αн]){0,60}") {
            let fold = |text: &str| {
                let mut buffer = Folded::default();
                buffer.fold(text);
                buffer
            };
            // Beyond ASCII at the end: a text that is plain as a whole is folded in yet another way.
            let text = format!("{text}\u{200b}");
            let fast = fold(&text);
            let mut slow = String::new();
            let mut places = Vec::new();
            for (at, character) in text.char_indices() {
                // An entity stays one.
                if !text[..at].ends_with(['&', 'a', 'm', 'p']) {
                    slow.push('\u{200b}');
                    places.extend([at as u32; 3]);
                }
                slow.push(character);
                places.extend(vec![at as u32; character.len_utf8()]);
            }
            let slow = fold(&slow);
            prop_assert_eq!(fast.text(), slow.text());
            let back: Vec<u32> = slow.origin.iter().map(|at| places[*at as usize]).collect();
            prop_assert_eq!(&fast.origin, &back);
        }

        #[test]
        fn folding_twice_changes_nothing_more(text in "[a-zA-ZáéíóöőúüűÁÉÍÓÖŐÚÜŰ@#$ \tаβ’]{0,40}") {
            let once = folded(&text);
            prop_assert_eq!(folded(&once), once);
        }
    }
}
