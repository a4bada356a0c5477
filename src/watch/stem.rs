//! What the endings of a word depend on: its vowels and its last sounds.

use super::fold::{folded, is_invisible, spell};

/// Which endings the vowels of a word ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Harmony {
    /// a, á, o, ó, u, ú: -ban, -nak.
    Back,
    /// e, ö, ő, ü, ű: -ben, -nek.
    Front,
    /// Written without accents and with no other vowels than o and u, which may be ö and ü: "gyor". Both kinds of endings,
    /// but none that is linked by an e: golden is no form of gold.
    Bare,
    /// Cannot be told: mixed words, and those that are spelt out.
    Either,
}

/// The end of a word that endings are put on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stem {
    pub(super) harmony: Harmony,
    /// The last letter, folded.
    pub(super) last: char,
    /// The letter before the last, folded; a space when there is none.
    pub(super) before: char,
}

impl Stem {
    /// The stem that a term ends with: its last run of letters and digits, as it was written.
    pub(super) fn of(term: &str) -> Stem {
        // Composed, and without what shows nothing: neither must cut the word.
        let mut letters = Vec::new();
        spell(term, &mut letters);
        let term: String = letters.into_iter().filter(|letter| !is_invisible(*letter)).collect();
        let word = term.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
        let plain = folded(word);
        let mut letters = plain.chars().rev();
        let last = letters.next().unwrap_or(' ');
        Stem { harmony: harmony(word), last, before: letters.next().unwrap_or(' ') }
    }

    /// Whether it may end in a vowel. A final y is one in names of other languages, after g, l, n and t as well: Penny.
    pub(super) fn ends_in_vowel(self) -> bool {
        is_vowel(self.last) || self.last == 'y' || self.last.is_ascii_digit()
    }

    /// Whether it may end in a consonant.
    pub(super) fn ends_in_consonant(self) -> bool {
        !is_vowel(self.last) || (self.last == 'e' && !is_vowel(self.before) && self.harmony != Harmony::Front)
    }
}

/// A folded vowel.
pub(super) fn is_vowel(letter: char) -> bool {
    matches!(letter, 'a' | 'e' | 'i' | 'o' | 'u')
}

fn harmony(word: &str) -> Harmony {
    let capitals = word.chars().filter(|c| c.is_uppercase()).count();
    if capitals >= 2 && !word.chars().any(char::is_lowercase) {
        // Read letter by letter (OTP-nek) or as a word (MÁV-nál): the letters do not tell.
        return Harmony::Either;
    }
    let letters = word.chars().flat_map(char::to_lowercase);
    let (mut back, mut front, mut unsure, mut last) = (false, false, false, None);
    let mut accents = false;
    for letter in letters {
        accents |= !letter.is_ascii();
        match letter {
            'a' | 'á' | 'ó' | 'ú' => (back, last) = (true, Some(letter)),
            'o' | 'u' => (unsure, last) = (true, Some(letter)),
            'e' | 'ö' | 'ő' | 'ü' | 'ű' => (front, last) = (true, Some(letter)),
            'i' | 'í' | 'é' | 'y' => last = last.or(Some(letter)),
            _ => {}
        }
        if matches!(letter, 'i' | 'í' | 'é') {
            last = Some(letter);
        }
    }
    match last {
        Some('ö' | 'ő' | 'ü' | 'ű') => Harmony::Front,
        // "gyor" is Győr with its accents left off: without any other vowel an o can be an ö.
        Some('o' | 'u') if !back && !front && !accents => Harmony::Bare,
        // "repulo" is repülő, but may as well be as written: what ends in o or u and has an e cannot be told.
        Some('o' | 'u') if !back && !accents && word.ends_with(['o', 'O', 'u', 'U']) => Harmony::Either,
        Some('a' | 'á' | 'o' | 'ó' | 'u' | 'ú') => Harmony::Back,
        Some('e') if !back && !unsure => Harmony::Front,
        Some('i' | 'í' | 'é') if front && !back && !unsure => Harmony::Front,
        _ => Harmony::Either,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vowels_tell_the_endings() {
        for (word, expected) in [
            ("telekom", Harmony::Back),
            ("posta", Harmony::Back),
            ("Győr", Harmony::Front),
            ("gyor", Harmony::Bare),
            ("repulo", Harmony::Either),
            ("menu", Harmony::Either),
            ("Kellemes", Harmony::Front),
            ("MÁV", Harmony::Either),
            ("OTP", Harmony::Either),
            ("híd", Harmony::Either),
            ("kft", Harmony::Either),
            ("Mercedes", Harmony::Front),
            ("Google", Harmony::Either),
            ("Twitter", Harmony::Front),
        ] {
            assert_eq!(harmony(word), expected, "{word}");
        }
    }
}
