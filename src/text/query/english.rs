//! English plurals and possessives.

use super::stem::Stem;

/// Whether `rest`, in small letters and written together with the stem, makes its plural: -s, or -es where the word
/// hisses.
pub(super) fn is_plural(stem: Stem, rest: &[char]) -> bool {
    let Stem { last, before, .. } = stem;
    let hisses = matches!(last, 's' | 'x' | 'z') || (last == 'h' && matches!(before, 's' | 'c'));
    match rest {
        _ if !stem.english => false,
        ['s'] => !hisses,
        ['e', 's'] => hisses || last == 'o',
        _ => false,
    }
}

/// The stem of a plural in -ies, of a word in -y after a consonant: company → compan. Folded.
pub(super) fn ies(stem: &str) -> Option<&str> {
    let cut = stem.strip_suffix('y')?;
    let before = cut.chars().next_back()?;
    (cut.len() >= 2 && before.is_ascii_alphabetic() && !super::stem::is_vowel(before)).then_some(cut)
}

/// Whether this ending of a stem without its -y is the plural's.
pub(super) fn is_ies(rest: &[char]) -> bool {
    rest == ['i', 'e', 's']
}
