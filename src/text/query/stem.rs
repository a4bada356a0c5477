//! The properties of a word that determine its endings: its vowels and its last sounds.

use super::hungarian::bare;
use crate::fold::{HUNGARIAN, folded, is_invisible, spell};

/// The vowel harmony of a word, which determines its endings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Harmony {
    /// a, á, o, ó, u, ú: -ban, -nak.
    Back,
    /// e, é, i last of front vowels: -ben, -hez.
    Front,
    /// ö, ő, ü, ű last: -ben, -höz.
    Rounded,
    /// Written without accents and with no other vowels than o and u, which may be ö and ü: "gyor". Both kinds of
    /// endings, but none that is linked by an e: golden is not a form of gold.
    Bare,
    /// Unknown: mixed words, and words that are spelled out.
    Either,
}

/// The end of a word, to which endings are added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stem {
    pub(super) harmony: Harmony,
    /// The last letter, folded.
    pub(super) last: char,
    /// The letter before the last, folded; a space if there is none.
    pub(super) before: char,
    /// The one before that.
    pub(super) third: char,
    /// Whether it is written without accents and has an o or u, which may be ö, ő, ü or ű in a text.
    open: bool,
    /// Whether a vowel before its last letter has an accent.
    accented: bool,
    /// Whether its last letter is an accented vowel, which never becomes short.
    pub(super) long_end: bool,
    /// Its last vowel, as written.
    vowel: char,
    /// Whether it is written in capitals.
    spelt: bool,
    /// Whether the text is written with accents: then an ending must have its accents.
    pub(super) strict: bool,
    /// Whether it can have an English plural: cafés, but not nyárs.
    pub(super) english: bool,
}

impl Stem {
    /// The stem at the end of a term: its last run of letters and digits, as written.
    pub(super) fn of(term: &str) -> Stem {
        // Composed and without invisible characters, so that neither splits the word.
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

    /// The stem with the accents of a text, which has more information: "gyor" in Győrben. `stem` and `rest` are the
    /// small letters of the text; `accents` says whether the text has accents. `None` if they cannot be this stem.
    pub(super) fn in_text(mut self, stem: &[char], rest: &[char], accents: impl Fn() -> bool) -> Option<Stem> {
        let word = stem.rsplit(|letter| !letter.is_alphanumeric()).next().unwrap_or_default();
        // An author who writes the á of "román" would also write Rómán.
        let long = matches!(word.last(), Some('á' | 'é')) && matches!(self.last, 'a' | 'e');
        if long && self.accented && word[..word.len() - 1].iter().all(char::is_ascii) {
            return None;
        }
        let written = |letters: &[char]| letters.iter().any(|letter| HUNGARIAN.contains(letter));
        // An author who writes the í of "bírom" would also write bíróm.
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
            // "löket" is not a form of ló.
            let back = |harmony| harmony == Harmony::Back;
            let seen = harmony_of(word, false);
            if seen != Harmony::Either && back(seen) != back(self.harmony) {
                return None;
            }
        }
        Some(self)
    }

    /// Whether a stem must keep its accents before `rest`, although accents may be left out in general.
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
        // "pecsét" is not a form of Pécs.
        let firm = !consonant && !is_vowel(self.last) && has_accent(&first);
        // Short words have homographs: in a text with accents, "sok", "arra" and "ugye" are not forms of só, ár and
        // ügy.
        let short = word.len() <= 3 && !shortens && !self.spelt && (rest.iter().any(has_accent) || accents());
        self.accented && (without_j || firm) || short
    }

    /// The sound of a last consonant in foreign or old spelling, which -val doubles: Boschsal, Madáchcsal, Móriczcal,
    /// Félixszel.
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

    /// Whether it may end in a vowel. In foreign names a final y is a vowel, also after g, l, n and t: Penny.
    pub(super) fn ends_in_vowel(self) -> bool {
        // Spelled out: OTP is ó-té-pé, RTL is er-té-el.
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

/// Whether it is spelled out (OTP-nek) or read as a word (MÁV-nál).
pub(super) fn is_spelt(word: &str) -> bool {
    let capitals = word.chars().filter(|c| c.is_uppercase()).count() >= 2 && !word.chars().any(char::is_lowercase);
    capitals || is_unspeakable(word)
}

/// Whether a short word can only be spelled out, also where it is typed small: bkk, otp. It has no vowel, or ends in
/// two stops that no word ends in.
fn is_unspeakable(word: &str) -> bool {
    let letters: Vec<char> = word.chars().rev().map(|letter| letter.to_ascii_lowercase()).collect();
    if !(2..=5).contains(&letters.len()) || !letters.iter().all(char::is_ascii_alphabetic) {
        return false;
    }
    let stop = |letter: &char| matches!(letter, 'b' | 'c' | 'd' | 'g' | 'k' | 'p' | 't');
    let ends_so = match letters.as_slice() {
        ['t', 'p' | 'k' | 'c', ..] | ['k', 'c', ..] | ['d', 'b' | 'g', ..] => false,
        [last, before, ..] => last != before && stop(last) && stop(before),
        _ => false,
    };
    ends_so || !letters.iter().any(|letter| is_vowel(*letter) || *letter == 'y')
}

/// Endings of English names that sound like an e or an é: eBayen, Blackkel, WhatsAppen.
const SOUND_FRONT: [&str; 4] = ["ay", "ack", "app", "chat"];

fn harmony(word: &str) -> Harmony {
    let small = word.to_lowercase();
    if is_spelt(word) || SOUND_FRONT.iter().any(|end| small.ends_with(end)) {
        return Harmony::Either;
    }
    // People who leave out accents also leave out capitals: Bosch and London are read literally.
    let plain = word.is_ascii() && !word.starts_with(char::is_uppercase);
    let letters: Vec<char> = word.chars().flat_map(char::to_lowercase).collect();
    harmony_of(&letters, plain)
}

/// The harmony of small letters; `plain` means that accents may have been left out.
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
        // "gyor" is Győr without its accents: without other vowels, an o can be an ö.
        Some('o' | 'u') if !back && !front && plain => Harmony::Bare,
        // "repulo" is repülő, but could be literal too: words that end in o or u and have an e are ambiguous.
        Some('o' | 'u') if !back && plain && matches!(letters.last(), Some('o' | 'u')) => Harmony::Either,
        Some('a' | 'á' | 'o' | 'ó' | 'u' | 'ú') => Harmony::Back,
        Some('e') if !back && !unsure => Harmony::Front,
        Some('i' | 'í' | 'é') if front && !back && !unsure => Harmony::Front,
        // Audi, Suzuki: one last i after a back vowel and a consonant. -ai may be read as e (Ryanair), and several i
        // may change the harmony.
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
