//! Folding: text without regard to case, accents and tricks of writing, with the way back to the original.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::entity::characters;

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
    /// every hyphen becomes `-` and every apostrophe `'`; `&amp;` and the like become what they stand for.
    pub fn fold(&mut self, text: &str) {
        self.text.clear();
        self.origin.clear();
        self.original_len = text.len();
        if text.is_ascii() && has_plain_spaces(text.as_bytes()) && !text.contains('&') {
            self.text.push_str(text);
            self.text.make_ascii_lowercase();
            return;
        }
        let mut after_space = false;
        for (at, character) in characters(text) {
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

    /// Whether the character of `text`, the original, that byte `at` of the folded text came from is a raised one.
    pub(super) fn is_raised(&self, text: &str, at: usize) -> bool {
        let origin = self.origin.get(at).and_then(|origin| text.get(*origin as usize..));
        origin.and_then(|text| text.chars().next()).is_some_and(is_raised)
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

/// A letter in a frame, or in brackets that are part of it, without them: 🅣 🅃 ⒯. Unicode takes apart some of them only.
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

/// A digit or letter that stands above the line: a footnote or a trademark after a name is no part of it.
fn is_raised(character: char) -> bool {
    matches!(character, '¹' | '²' | '³' | 'ª' | 'º' | '\u{2070}'..='\u{207f}' | '\u{1d2c}'..='\u{1d6a}')
}

/// Greek capitals that look like another Latin letter than their small ones do.
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

/// The Latin letter that a small letter of another script is taken for at a glance; other letters as they are.
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
    let composed = capital_alike(std::iter::once(framed(character)).nfkc().next().unwrap_or(character));
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

/// Letters that tell that a text is written with its accents; small ones.
pub const HUNGARIAN: &[char] = &['á', 'é', 'í', 'ó', 'ö', 'ő', 'ú', 'ü', 'ű'];

/// Whether a text is written with accents.
pub fn has_accents(text: &str) -> bool {
    text.chars().any(|letter| match letter {
        'Á' | 'É' | 'Í' | 'Ó' | 'Ö' | 'Ő' | 'Ú' | 'Ü' | 'Ű' | '\u{301}' => true,
        small => !small.is_ascii() && HUNGARIAN.contains(&small),
    })
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

        #[test]
        fn folding_twice_changes_nothing_more(text in "[a-zA-ZáéíóöőúüűÁÉÍÓÖŐÚÜŰ@#$ \tаβ’]{0,40}") {
            let once = folded(&text);
            prop_assert_eq!(folded(&once), once);
        }
    }
}
