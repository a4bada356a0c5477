//! What Unicode says of characters beyond Latin: which marks are accents, and where a word may begin or end.
//!
//! Scripts come from Unicode's `Script` property (UAX #24), by the crate `unicode-script`. The few characters that are
//! named here one by one are those of a property of Unicode that no small crate has; each list names its property.

use unicode_joining_type::{JoiningType, get_joining_type};
use unicode_normalization::char::{canonical_combining_class, is_combining_mark};
use unicode_script::{Script, UnicodeScript};

/// The combining class of the marks that voice kana: か and が are different letters.
const KANA_VOICING: u8 = 8;

/// Whether a combining mark is an accent, or a point that writers leave out as they like: these make no other letter.
///
/// Accents of Latin, Greek and Cyrillic are shared marks, of the script `Inherited`. The vowels of Arabic, Hebrew and
/// Syriac are optional. Marks of any other script are letters of their own: vowels, tones, viramas.
pub(crate) fn is_accent(mark: char) -> bool {
    match mark.script() {
        Script::Inherited | Script::Common => canonical_combining_class(mark) != KANA_VOICING,
        Script::Latin | Script::Greek | Script::Cyrillic | Script::Arabic | Script::Hebrew | Script::Syriac => true,
        _ => false,
    }
}

/// Whether the character only makes a word longer to look at, such as the tatweel of Arabic: `Joining_Type`
/// `Join_Causing` (ArabicShaping.txt).
pub(crate) fn is_stretch(character: char) -> bool {
    character >= '\u{640}' && get_joining_type(character) == JoiningType::JoinCausing
}

/// How a script separates its words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Spacing {
    /// By spaces and marks.
    Spaced,
    /// By spaces, but particles are written together with the word before.
    Hangul,
    /// Not at all, but a run of katakana begins with a word (UAX #29, WB13).
    Katakana,
    /// Not at all.
    Unspaced,
}

/// The spacing of a letter. Unspaced are the scripts of UAX #14's classes ID, CJ, SA and AK.
fn spacing(letter: char) -> Spacing {
    // Nothing before Thai is written without spaces.
    if letter < '\u{e00}' {
        return Spacing::Spaced;
    }
    // The mark that makes a vowel of kana long belongs to no script.
    if letter == 'ー' {
        return Spacing::Katakana;
    }
    match letter.script() {
        Script::Hangul => Spacing::Hangul,
        Script::Katakana => Spacing::Katakana,
        Script::Han
        | Script::Hiragana
        | Script::Bopomofo
        | Script::Yi
        | Script::Tangut
        | Script::Nushu
        | Script::Thai
        | Script::Lao
        | Script::Khmer
        | Script::Myanmar
        | Script::Tai_Le
        | Script::New_Tai_Lue
        | Script::Tai_Tham
        | Script::Tai_Viet
        | Script::Ahom
        | Script::Javanese
        | Script::Balinese => Spacing::Unspaced,
        _ => Spacing::Spaced,
    }
}

/// Whether the script of this letter has no spaces between words, so that words are found within longer ones.
pub(crate) fn is_unspaced(letter: char) -> bool {
    matches!(spacing(letter), Spacing::Unspaced | Spacing::Katakana)
}

/// Whether Latin letters next to this letter are another word.
pub(crate) fn is_apart(letter: char) -> bool {
    spacing(letter) != Spacing::Spaced
}

/// Whether nothing is known here of what is written together with words of this letter's script: the script has spaces,
/// and is neither Latin nor that of Korean.
pub(crate) fn has_unknown_endings(letter: char) -> bool {
    let has_own_script = !matches!(letter.script(), Script::Latin | Script::Common | Script::Inherited);
    has_own_script && spacing(letter) == Spacing::Spaced
}

/// Whether it is a syllable of Korean.
pub(crate) fn is_hangul(letter: char) -> bool {
    spacing(letter) == Spacing::Hangul
}

/// Whether the character is part of a word: a letter, a digit, a mark that folding keeps, or an underscore.
pub(crate) fn is_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_' || (character >= '\u{700}' && is_combining_mark(character))
}

/// Whether a word may begin with `letter` right after `before`; both are parts of words.
pub(crate) fn begins(before: char, letter: char) -> bool {
    let (left, right) = (spacing(before), spacing(letter));
    !is_run(left, right)
        && (left, right) != (Spacing::Katakana, Spacing::Katakana)
        && !follows(letter)
        && !is_followed(before)
}

/// Whether a word may end with `letter` right before `after`; both are parts of words.
pub(crate) fn ends(letter: char, after: char) -> bool {
    !is_run(spacing(letter), spacing(after)) && !follows(after) && !is_followed(letter)
}

/// Whether letters of these spacings are always in one word.
fn is_run(left: Spacing, right: Spacing) -> bool {
    left == right && matches!(left, Spacing::Spaced | Spacing::Hangul)
}

/// Whether the character belongs to the letter before it: a mark, a small kana or a long vowel (`Line_Break` `CJ`), or
/// a vowel that stands after its consonant (`Indic_Syllabic_Category` `Vowel_Dependent`).
fn follows(character: char) -> bool {
    match character {
        'ぁ' | 'ぃ' | 'ぅ' | 'ぇ' | 'ぉ' | 'っ' | 'ゃ' | 'ゅ' | 'ょ' | 'ゎ' | 'ゕ' | 'ゖ' | 'ー' => true,
        'ァ' | 'ィ' | 'ゥ' | 'ェ' | 'ォ' | 'ッ' | 'ャ' | 'ュ' | 'ョ' | 'ヮ' | 'ヵ' | 'ヶ' | 'ㇰ'..='ㇿ' => {
            true
        }
        '\u{e30}' | '\u{e32}' | '\u{e33}' | '\u{e45}' | '\u{eb0}' | '\u{eb2}' | '\u{eb3}' | '\u{ebd}' => true,
        '\0'..'\u{700}' => false,
        other => is_combining_mark(other),
    }
}

/// Whether the letter after the character belongs to it: after a vowel that is written before its consonant
/// (`Logical_Order_Exception`), and after a sign that stacks letters (`Indic_Syllabic_Category` `Invisible_Stacker`).
fn is_followed(character: char) -> bool {
    matches!(
        character,
        '\u{e40}'..='\u{e44}'
            | '\u{ec0}'..='\u{ec4}'
            | '\u{19b5}'..='\u{19b7}'
            | '\u{19ba}'
            | '\u{aab5}'
            | '\u{aab6}'
            | '\u{aab9}'
            | '\u{aabb}'
            | '\u{aabc}'
            | '\u{1039}'
            | '\u{17d2}'
            | '\u{1a60}'
            | '\u{a9c0}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_marks_that_make_no_other_letter_are_accents() {
        for accent in ['\u{301}', '\u{30b}', '\u{345}', '\u{64e}', '\u{5b8}', '\u{20e3}'] {
            assert!(is_accent(accent), "{accent:?}");
        }
        // A vowel of Devanagari, its virama, a tone of Thai, the voicing of kana, a vowel of Thaana and of Tibetan.
        for letter in ['\u{93f}', '\u{94d}', '\u{e48}', '\u{3099}', '\u{7a6}', '\u{f72}'] {
            assert!(!is_accent(letter), "{letter:?}");
        }
    }

    #[test]
    fn words_of_two_scripts_part_where_one_is_written_without_spaces() {
        for (before, letter) in [('天', 't'), ('a', 'が'), ('昨', '日'), ('日', 'ソ'), ('a', '삼'), ('า', 'ท')]
        {
            assert!(begins(before, letter) && ends(before, letter), "{before}{letter}");
        }
        for (before, letter) in [('a', 'я'), ('삼', '성'), ('เ', 'ม'), ('か', 'ゃ'), ('ท', '\u{e39}'), ('क', 'ख')]
        {
            assert!(!begins(before, letter) && !ends(before, letter), "{before}{letter}");
        }
        assert!(!begins('パ', 'ソ') && ends('パ', 'ソ') && !ends('ニ', 'ー'));
    }
}
