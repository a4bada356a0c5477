//! What the endings of a word depend on: its vowels and its last sounds.

use super::hungarian::bare;
use crate::fold::{HUNGARIAN, folded, is_invisible, spell};

/// Which endings the vowels of a word ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Harmony {
    /// a, á, o, ó, u, ú: -ban, -nak.
    Back,
    /// e, é, i last of front vowels: -ben, -hez.
    Front,
    /// ö, ő, ü, ű last: -ben, -höz.
    Rounded,
    /// Written without accents and with no other vowels than o and u, which may be ö and ü: "gyor". Both kinds of
    /// endings, but none that is linked by an e: golden is no form of gold.
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
    /// The one before that.
    pub(super) third: char,
    /// Written without accents and with an o or u, which a text may show to be an ö, ő, ü or ű.
    open: bool,
    /// Whether a vowel before its last letter has an accent.
    accented: bool,
    /// Whether its last letter is a vowel with an accent, which never becomes short.
    pub(super) long_end: bool,
    /// Its last vowel, as it was written.
    vowel: char,
    /// Written in capitals.
    spelt: bool,
    /// Whether a text has shown that it writes accents: then those of an ending must be there.
    pub(super) strict: bool,
    /// Whether it can have an English plural: cafés, but not nyárs.
    pub(super) english: bool,
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
        let mut next = || letters.next().unwrap_or(' ');
        let (last, before, third) = (next(), next(), next());
        let small = word.to_lowercase();
        let accented = small.chars().rev().skip(1).any(|letter| HUNGARIAN.contains(&letter));
        let mut back = small.chars().rev();
        let long_end = small.ends_with(HUNGARIAN);
        let vowel = back.find(|letter| is_vowel(bare(*letter))).unwrap_or(' ');
        Stem {
            harmony: harmony(word),
            last,
            before,
            third,
            open: word.is_ascii() && plain.contains(['o', 'u']) && !is_spelt(word),
            accented,
            long_end,
            vowel,
            spelt: is_spelt(word),
            strict: false,
            english: word
                .chars()
                .all(|letter| letter.is_ascii() || matches!(letter, 'é' | 'É' | 'ë' | 'ñ' | 'š' | 'Š')),
        }
    }

    /// The stem as a text writes it, where that tells more: "gyor" in Győrben. `stem` and `rest` are the letters of the
    /// text, small ones; `accents` tells whether the text has any. `None` when they cannot be this stem.
    pub(super) fn in_text(mut self, stem: &[char], rest: &[char], accents: impl Fn() -> bool) -> Option<Stem> {
        let word = stem.rsplit(|letter| !letter.is_alphanumeric()).next().unwrap_or_default();
        // Who writes the á of "román" would have written Rómán.
        let long = matches!(word.last(), Some('á' | 'é')) && matches!(self.last, 'a' | 'e');
        if long && self.accented && word[..word.len() - 1].iter().all(char::is_ascii) {
            return None;
        }
        let written = |letters: &[char]| letters.iter().any(|letter| HUNGARIAN.contains(letter));
        // Who writes the í of "bírom" would have written bíróm.
        if self.long_end && written(word) && word.last().is_some_and(char::is_ascii) {
            return None;
        }
        if (self.accented || self.long_end) && !written(word) && self.cannot_lose_accents(word, rest, &accents) {
            return None;
        }
        self.strict = written(word) || written(rest);
        let tells = word.iter().any(|letter| matches!(letter, 'ó' | 'ö' | 'ő' | 'ú' | 'ü' | 'ű'));
        let unsure = matches!(self.harmony, Harmony::Bare | Harmony::Either);
        if self.open && (tells || (unsure && (self.strict || accents()))) {
            self.harmony = harmony_of(word, false);
        } else if tells && !unsure {
            // "löket" is no form of ló.
            let back = |harmony| harmony == Harmony::Back;
            let seen = harmony_of(word, false);
            if seen != Harmony::Either && back(seen) != back(self.harmony) {
                return None;
            }
        }
        Some(self)
    }

    /// Whether a stem that has accents cannot stand without them before `rest`, although accents may be left off.
    fn cannot_lose_accents(self, word: &[char], rest: &[char], accents: &impl Fn() -> bool) -> bool {
        let first = rest.first().copied().unwrap_or(' ');
        let has_accent = |letter: &char| HUNGARIAN.contains(letter);
        // A long vowel becomes short before these only, and not an ó or ő: kéz, kezét; út, utat; nyár, nyarak.
        let consonant = matches!(self.last, 'd' | 'g' | 'k' | 'l' | 'm' | 'n' | 'r' | 't' | 'v' | 'z');
        let shortens = match self.vowel {
            'á' => matches!(self.last, 'l' | 'r') && is_vowel(bare(first)),
            'ó' | 'ö' | 'ő' | 'ü' | 'ű' => false,
            _ => consonant && is_vowel(bare(first)),
        };
        // But it is útja: "után" is another word.
        let without_j = matches!(self.last, 't' | 'd') && (first == 'á' || matches!(rest, ['a'] | ['a', 'n']));
        // "pecsét" is no form of Pécs.
        let firm = !consonant && !is_vowel(self.last) && has_accent(&first);
        // Short words have doubles: "sok", "arra" and "ugye" are no forms of só, ár and ügy where accents are written.
        let short = word.len() <= 3 && !shortens && !self.spelt && (rest.iter().any(has_accent) || accents());
        self.accented && (without_j || firm) || short
    }

    /// What a last consonant in the spelling of another language or of old times sounds like, so that -val doubles it:
    /// Boschsal, Madáchcsal, Móriczcal, Félixszel.
    pub(super) fn sounds(self) -> &'static [&'static str] {
        match (self.third, self.before, self.last) {
            ('s', 'c', 'h') | (_, 's', 'h') => &["s"],
            (_, 'c', 'h') => &["cs", "k", "s"],
            (_, 't', 'h') => &["t"],
            (_, 'g', 'h') => &["g"],
            (_, 'p', 'h') => &["f"],
            (_, 't', 's') => &["cs", "sz"],
            (_, _, 'z') => &["c"],
            (_, _, 's' | 'x') => &["sz"],
            (_, _, 'c') => &["k"],
            (_, _, 'w') => &["v"],
            _ => &[],
        }
    }

    /// Whether it may end in a vowel. A final y is one in names of other languages, after g, l, n and t as well: Penny.
    pub(super) fn ends_in_vowel(self) -> bool {
        // Read letter by letter: OTP is ó-té-pé, RTL is er-té-el.
        let by_letters = self.spelt && !is_vowel(self.before) && "bcdghjkpqtvz".contains(self.last);
        is_vowel(self.last) || self.last == 'y' || self.last.is_ascii_digit() || by_letters
    }

    /// Whether it may end in a consonant.
    pub(super) fn ends_in_consonant(self) -> bool {
        !is_vowel(self.last)
            || (self.last == 'e'
                && !is_vowel(self.before)
                && !matches!(self.harmony, Harmony::Front | Harmony::Rounded))
    }
}

/// A folded vowel.
pub(super) fn is_vowel(letter: char) -> bool {
    matches!(letter, 'a' | 'e' | 'i' | 'o' | 'u')
}

/// Read letter by letter (OTP-nek) or as a word (MÁV-nál).
fn is_spelt(word: &str) -> bool {
    word.chars().filter(|c| c.is_uppercase()).count() >= 2 && !word.chars().any(char::is_lowercase)
}

fn harmony(word: &str) -> Harmony {
    if is_spelt(word) {
        return Harmony::Either;
    }
    // Who leaves off accents leaves off capitals: Bosch and London are read as they stand.
    let plain = word.is_ascii() && !word.starts_with(char::is_uppercase);
    let letters: Vec<char> = word.chars().flat_map(char::to_lowercase).collect();
    harmony_of(&letters, plain)
}

/// Of small letters; `plain` when accents may have been left off.
fn harmony_of(letters: &[char], plain: bool) -> Harmony {
    let (mut back, mut front, mut unsure, mut last) = (false, false, false, None);
    for letter in letters {
        let letter = match letter {
            'à' | 'â' | 'ã' | 'å' => 'a',
            'è' | 'ê' | 'ë' | 'æ' => 'e',
            'ì' | 'î' | 'ï' => 'i',
            'ò' | 'ô' | 'ù' => 'o',
            'õ' | 'ø' | 'œ' => 'ö',
            'û' | 'ũ' => 'ü',
            other => *other,
        };
        match letter {
            'a' | 'á' | 'ó' | 'ú' => back = true,
            'o' | 'u' => unsure = true,
            'e' | 'ö' | 'ő' | 'ü' | 'ű' => front = true,
            // Read as an a or an e: Häagen.
            'ä' => (back, front) = (true, true),
            'i' | 'í' | 'é' => {}
            'y' if last.is_none() => {}
            _ => continue,
        }
        last = Some(letter);
    }
    match last {
        Some('ö' | 'ő' | 'ü' | 'ű') => Harmony::Rounded,
        // "gyor" is Győr with its accents left off: without any other vowel an o can be an ö.
        Some('o' | 'u') if !back && !front && plain => Harmony::Bare,
        // "repulo" is repülő, but may as well be as written: what ends in o or u and has an e cannot be told.
        Some('o' | 'u') if !back && plain && matches!(letters.last(), Some('o' | 'u')) => Harmony::Either,
        Some('a' | 'á' | 'o' | 'ó' | 'u' | 'ú') => Harmony::Back,
        Some('e') if !back && !unsure => Harmony::Front,
        Some('i' | 'í' | 'é') if front && !back && !unsure => Harmony::Front,
        // Audi, Suzuki: one last i after a back vowel and a consonant; -ai may be read as e (Ryanair), and more of them
        // may turn the word.
        Some('i') if !front => match letters {
            [.., 'a' | 'á' | 'ó' | 'ú', consonant, 'i'] if !is_vowel(*consonant) => Harmony::Back,
            [.., 'a' | 'á' | 'ó' | 'ú', one, other, 'i'] if !is_vowel(*one) && !is_vowel(*other) => Harmony::Back,
            [.., 'o' | 'u', consonant, 'i'] if !plain && !is_vowel(*consonant) => Harmony::Back,
            _ => Harmony::Either,
        },
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
            ("Győr", Harmony::Rounded),
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
            ("London", Harmony::Back),
            ("Tesco", Harmony::Back),
            ("Audi", Harmony::Back),
            ("Ryanair", Harmony::Either),
            ("Citroën", Harmony::Either),
        ] {
            assert_eq!(harmony(word), expected, "{word}");
        }
    }
}
