//! Folding: text without regard to case, accents and tricks of writing, with the way back to the original.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// A folded text and where each of its bytes came from.
#[derive(Debug, Default)]
pub struct Folded {
    text: String,
    /// For each byte of `text` the byte of the original it came from; empty when they are the same.
    origin: Vec<u32>,
    original_len: usize,
}

impl Folded {
    /// Folds `text` into this buffer, whose memory is used again.
    ///
    /// Small letters without marks; letters that look like Latin ones become those; any white space becomes one space;
    /// every hyphen becomes `-` and every apostrophe `'`.
    pub fn fold(&mut self, text: &str) {
        self.text.clear();
        self.origin.clear();
        self.original_len = text.len();
        if text.is_ascii() && has_plain_spaces(text.as_bytes()) {
            self.text.push_str(text);
            self.text.make_ascii_lowercase();
            return;
        }
        let mut after_space = false;
        for (at, character) in text.char_indices() {
            let before = self.text.len();
            if character.is_whitespace() {
                if !after_space {
                    self.text.push(' ');
                }
                after_space = true;
            } else {
                match base(character) {
                    Base::Letter(letter) => self.text.push(letter),
                    Base::Nothing => {}
                    Base::Unknown => self.text.extend(parts(character)),
                }
                after_space = after_space && self.text.len() == before;
            }
            self.origin.resize(self.origin.len() + self.text.len() - before, at as u32);
        }
    }

    /// The folded text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The bytes of the original that a range of the folded text stands for. A character that became several stands for
    /// each of them.
    pub fn original(&self, range: std::ops::Range<usize>) -> std::ops::Range<usize> {
        if self.origin.is_empty() {
            return range;
        }
        let at = |byte: usize| self.origin.get(byte).map_or(self.original_len, |origin| *origin as usize);
        let start = at(range.start);
        // Past the character that what is asked for ends within.
        let inside = |byte: usize| byte > range.start && byte < self.origin.len() && at(byte) == at(byte - 1);
        let end = (range.end..=self.origin.len()).find(|byte| !inside(*byte)).unwrap_or(range.end);
        start..at(end)
    }
}

/// White space is single spaces only, so that folding keeps every place.
fn has_plain_spaces(text: &[u8]) -> bool {
    // Without a branch for each byte: the compiler takes many at once.
    let odd = |byte: u8| (9..=13).contains(&byte) | (28..=31).contains(&byte);
    let any_odd = text.iter().fold(false, |any, byte| any | odd(*byte));
    let pairs = text.iter().zip(text.iter().skip(1));
    let any_row = pairs.fold(false, |any, (one, next)| any | ((*one == b' ') & (*next == b' ')));
    !any_odd && !any_row
}

enum Base {
    Letter(char),
    Nothing,
    Unknown,
}

/// The short way for what Hungarian and English texts are made of.
fn base(character: char) -> Base {
    Base::Letter(match character {
        '\0'..='\x7f' => character.to_ascii_lowercase(),
        'á' | 'Á' => 'a',
        'é' | 'É' => 'e',
        'í' | 'Í' => 'i',
        'ó' | 'ö' | 'ő' | 'Ó' | 'Ö' | 'Ő' => 'o',
        'ú' | 'ü' | 'ű' | 'Ú' | 'Ü' | 'Ű' => 'u',
        '’' | '‘' | 'ʼ' | '´' => '\'',
        '‐' | '‑' | '‒' | '–' | '−' => '-',
        // A trademark is no letters: "tm" after a name would be an ending or another word.
        '„' | '“' | '”' | '…' | '—' | '™' | '℠' => character,
        _ if is_invisible(character) => return Base::Nothing,
        _ => return Base::Unknown,
    })
}

/// The general way: compatibility decomposition, marks and invisible characters left out, look-alikes replaced.
fn parts(character: char) -> impl Iterator<Item = char> {
    std::iter::once(character)
        .nfkd()
        .filter(|part| !is_combining_mark(*part) && !is_invisible(*part))
        .map(capital_alike)
        .flat_map(char::to_lowercase)
        .filter(|part| !is_combining_mark(*part))
        .map(|part| if part.is_whitespace() { ' ' } else { look_alike(part) })
}

/// Greek capitals that look like another Latin letter than their small ones do.
fn capital_alike(letter: char) -> char {
    match letter {
        'Ν' => 'N',
        'Η' => 'H',
        'Υ' => 'Y',
        other => other,
    }
}

/// The Latin letter that a small letter of another script is taken for at a glance; other letters as they are.
pub fn look_alike(letter: char) -> char {
    match letter {
        'а' | 'α' | 'ɑ' => 'a',
        'в' | 'β' => 'b',
        'с' | 'ϲ' | 'ᴄ' => 'c',
        'ԁ' | 'đ' | 'ɗ' => 'd',
        'е' | 'ε' | 'є' => 'e',
        'ɡ' => 'g',
        'һ' | 'н' => 'h',
        'і' | 'ι' | 'ı' | 'ɩ' => 'i',
        'ј' | 'ϳ' => 'j',
        'к' | 'κ' => 'k',
        'ӏ' | 'ł' | 'ⅼ' => 'l',
        'м' | 'μ' => 'm',
        'ո' | 'η' => 'n',
        'о' | 'ο' | 'ø' | 'σ' | 'օ' => 'o',
        'р' | 'ρ' => 'p',
        'ԛ' => 'q',
        'ѕ' => 's',
        'т' | 'τ' => 't',
        'υ' | 'ս' => 'u',
        'ѵ' | 'ν' => 'v',
        'ԝ' | 'ѡ' | 'ω' => 'w',
        'х' | 'χ' => 'x',
        'у' | 'γ' | 'ү' => 'y',
        'ζ' => 'z',
        other => other,
    }
}

/// The letter as it is written, by case and accents, without the tricks: full-width and other compatibility forms made
/// plain, look-alikes replaced; `None` for what shows nothing. Marks that stand alone are given back as they are.
pub fn plain(character: char) -> Option<char> {
    if character.is_ascii() {
        return Some(character);
    }
    match character {
        _ if is_invisible(character) => return None,
        '’' | '‘' | 'ʼ' | '´' => return Some('\''),
        '‐' | '‑' | '‒' | '–' | '−' => return Some('-'),
        '™' | '℠' => return Some(character),
        _ => {}
    }
    let composed = capital_alike(std::iter::once(character).nfkc().next().unwrap_or(character));
    let mut small = composed.to_lowercase();
    let (first, more) = (small.next().unwrap_or(composed), small.next());
    let like = look_alike(first);
    if more.is_some() || like == first {
        return Some(composed);
    }
    Some(if composed == first { like } else { like.to_ascii_uppercase() })
}

/// Writes `text` into `letters` as [`plain`] characters, with marks joined to their letters.
pub fn spell(text: &str, letters: &mut Vec<char>) {
    letters.clear();
    for character in text.chars().filter_map(plain) {
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

/// Characters that show nothing, or a blank, and are used to break names apart: soft hyphen, zero-width space and
/// joiners, direction marks, byte order mark, fillers, tags; Unicode's `Default_Ignorable_Code_Point` but for the
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
    }

    #[test]
    fn spelling_keeps_case_and_accents_alone() {
        let mut letters = Vec::new();
        spell("Ｇyo\u{30b}\u{200b}r Тelekom", &mut letters);
        assert_eq!(letters.iter().collect::<String>(), "Győr Telekom");
    }

    proptest! {
        #[test]
        fn the_way_back_stays_inside_and_on_borders(text in ".{0,60}") {
            let mut buffer = Folded::default();
            buffer.fold(&text);
            for (at, character) in buffer.text().char_indices() {
                let original = buffer.original(at..at + character.len_utf8());
                prop_assert!(text.get(original.clone()).is_some(), "{:?} of {:?}", original, text);
            }
        }

        #[test]
        fn folding_twice_changes_nothing_more(text in "[a-zA-ZáéíóöőúüűÁÉÍÓÖŐÚÜŰ@#$ \tаβ’]{0,40}") {
            let once = folded(&text);
            prop_assert_eq!(folded(&once), once);
        }
    }
}
