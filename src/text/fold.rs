//! Folding: removes differences of case, accents and spelling tricks, and maps places back to the original text.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::entity::{character_at, characters};

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
    /// The result has small letters without marks. Letters that look like Latin ones become Latin, any white space
    /// becomes one space, every hyphen `-` and every apostrophe `'`, and entities such as `&amp;` are decoded.
    pub fn fold(&mut self, text: &str) {
        self.text.clear();
        self.origin.clear();
        self.original_len = text.len();
        if text.is_ascii() && has_plain_spaces(text.as_bytes()) && !text.contains('&') {
            self.text.push_str(text);
            self.text.make_ascii_lowercase();
            return;
        }
        let mut folded = std::mem::take(&mut self.text).into_bytes();
        let (mut at, mut after_space) = (0, false);
        loop {
            at += self.fold_ascii(&text.as_bytes()[at..], at, &mut folded, &mut after_space);
            let Some((character, length)) = character_at(text, at) else { break };
            let before = folded.len();
            let mut push = |letter: char| folded.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes());
            if character.is_whitespace() {
                if !after_space {
                    push(' ');
                }
                after_space = true;
            } else {
                match base(character) {
                    Base::Letter(letter) => push(letter),
                    Base::Nothing => {}
                    Base::Unknown => parts(character).for_each(push),
                }
                after_space = after_space && folded.len() == before;
            }
            self.origin.resize(self.origin.len() + folded.len() - before, at as u32);
            at += length;
        }
        // Always UTF-8: whole characters were written.
        self.text = String::from_utf8(folded).unwrap_or_default();
    }

    /// Folds the bytes of ASCII at the beginning of `bytes` that stand for themselves, eight at a time; `at` is their
    /// place in the text. Returns how many they were: up to an entity, a control character, a second space in a row, or
    /// a character beyond ASCII.
    #[inline(always)]
    fn fold_ascii(&mut self, bytes: &[u8], at: usize, folded: &mut Vec<u8>, after_space: &mut bool) -> usize {
        let mut read = 0;
        loop {
            let eight = match bytes[read..].first_chunk() {
                Some(eight) => *eight,
                None => {
                    // What is beyond the end is a control character.
                    let mut eight = [0; 8];
                    let rest = &bytes[read..];
                    eight[..rest.len()].copy_from_slice(rest);
                    eight
                }
            };
            let (small, plain, spaces) = ascii_folded(eight, *after_space);
            if plain > 0 {
                let kept = folded.len() + plain;
                folded.extend_from_slice(&small);
                folded.truncate(kept);
                let from = (at + read) as u32;
                self.origin.extend_from_slice(&std::array::from_fn::<u32, 8, _>(|place| from + place as u32));
                self.origin.truncate(kept);
                *after_space = spaces >> (8 * plain - 1) & 1 == 1;
                read += plain;
            }
            if plain < 8 {
                return read;
            }
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

/// Small letters of eight bytes of a text; how many of them, from the first on, stand for themselves; and the highest bit
/// of each that is a space.
#[inline(always)]
fn ascii_folded(eight: [u8; 8], after_space: bool) -> ([u8; 8], usize, u64) {
    const fn each(byte: u8) -> u64 {
        byte as u64 * 0x0101_0101_0101_0101
    }
    const HIGH: u64 = each(0x80);
    let bytes = u64::from_le_bytes(eight);
    let (wide, seven) = (bytes & HIGH, bytes & !HIGH);
    // The highest bit of each byte that is this one, is below a space, or is a capital.
    let is = |byte: u8| !((seven ^ each(byte)) + !HIGH) & HIGH & !wide;
    let control = !(seven + each(0x80 - b' ')) & HIGH;
    let capitals = (seven + each(0x80 - b'A')) & !(seven + each(0x7f - b'Z')) & HIGH & !wide;
    let spaces = is(b' ');
    let second_spaces = spaces & (spaces << 8 | u64::from(after_space) << 7);
    let odd = wide | control | is(b'&') | second_spaces;
    ((bytes | capitals >> 2).to_le_bytes(), (odd.trailing_zeros() / 8) as usize, spaces)
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

enum Base {
    Letter(char),
    Nothing,
    Unknown,
}

/// The fast path for the characters of Hungarian and English texts.
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
        // A trademark sign must not become letters: "tm" after a name would look like an ending or another word.
        '„' | '“' | '”' | '…' | '—' | '™' | '℠' => character,
        _ if is_invisible(character) => return Base::Nothing,
        _ => return Base::Unknown,
    })
}

/// The general path: compatibility decomposition; marks and invisible characters are removed, look-alikes replaced.
fn parts(character: char) -> impl Iterator<Item = char> {
    std::iter::once(framed(character))
        .nfkd()
        .filter(|part| !is_combining_mark(*part) && !is_invisible(*part))
        .map(capital_alike)
        .flat_map(char::to_lowercase)
        .filter(|part| !is_combining_mark(*part))
        .flat_map(|part| match part {
            'ß' => ['s', 's'].into_iter().take(2),
            'æ' => ['a', 'e'].into_iter().take(2),
            'œ' => ['o', 'e'].into_iter().take(2),
            space if space.is_whitespace() => [' ', ' '].into_iter().take(1),
            letter => [look_alike(letter), ' '].into_iter().take(1),
        })
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
        _ if is_invisible(character) => return None,
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

        /// Eight bytes at a time, and one by one between invisible characters, give the same.
        #[test]
        fn the_fast_way_is_no_other_way(text in "([a-zA-Z0-9 &;#.,_\\[@`{\u{7f}]|  |&amp;|\t|\u{1}|\u{1f}|[áŐŰß…]){0,60}") {
            let fold = |text: &str| {
                let mut buffer = Folded::default();
                buffer.fold(text);
                let places: Vec<_> = (0..buffer.text.len()).map(|at| buffer.original(at..at + 1).start).collect();
                (buffer.text, places)
            };
            let (folded, places) = fold(&text);
            let mut slow = (String::new(), Vec::new());
            let mut after_space = false;
            for (at, character) in characters(&text) {
                let (mut one, _) = fold(&character.to_string());
                if character == '&' {
                    one = "&".into();
                }
                if after_space && one == " " {
                    continue;
                }
                after_space = one == " ";
                slow.1.extend(one.bytes().map(|_| at));
                slow.0.push_str(&one);
            }
            prop_assert_eq!((folded, places), slow);
        }

        #[test]
        fn folding_twice_changes_nothing_more(text in "[a-zA-ZáéíóöőúüűÁÉÍÓÖŐÚÜŰ@#$ \tаβ’]{0,40}") {
            let once = folded(&text);
            prop_assert_eq!(folded(&once), once);
        }
    }
}
