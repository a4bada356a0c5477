//! Other shapes of a stem before some endings, each as a separate pattern. Folded.
//!
//! No rule says which words have them. A shape is used only if hardly any of its forms is another word.

use unicode_normalization::UnicodeNormalization;

use super::stem::{Harmony, Stem, is_vowel};
use crate::fold::folded;

/// The pattern of a stem in a letter of two signs before -val and -vá: busz → bussz, Balázs → Balázzs; double
/// letters stay: rossz. Bridzs becomes briddzs. Folded.
pub(super) fn doubled(stem: &str) -> Option<String> {
    let mut letters = stem.chars().rev();
    let (last, first) = (letters.next()?, letters.next()?);
    let two = matches!((first, last), ('z' | 'c', 's') | ('s' | 'd', 'z') | ('g' | 'l' | 'n' | 't', 'y'));
    if !two {
        return None;
    }
    if let Some(cut) = stem.strip_suffix("dzs") {
        return Some(format!("{cut}ddzs"));
    }
    if letters.next() == Some(first) {
        return Some(stem.to_owned());
    }
    let cut = stem.len() - last.len_utf8() - first.len_utf8();
    Some(format!("{}{first}{first}{last}", &stem[..cut]))
}

/// The stem of a word whose last vowel disappears before endings that begin with a vowel: bokor → bokr, étterem →
/// étterm, Eger → egr, torony → torny, kazal → kazl. Folded. No rule says which words do this, but for other words
/// these forms do not exist, so searching for them does no harm.
pub(super) fn shortened(stem: &str) -> Option<String> {
    let letters: Vec<char> = stem.rsplit(|c: char| !c.is_alphanumeric()).next()?.chars().rev().collect();
    let (last, fleeting, rest) = match letters.as_slice() {
        ['y', 'n' | 'l', fleeting, rest @ ..] => (2, fleeting, rest),
        ['r' | 'l' | 'm' | 'n' | 'g' | 'k' | 'z', fleeting, rest @ ..] => (1, fleeting, rest),
        _ => return None,
    };
    let before = match rest {
        ['z', 's', vowel, ..] | ['s', 'z' | 'c', vowel, ..] | ['y', 'g' | 'l' | 'n' | 't', vowel, ..] => *vowel,
        [consonant, vowel, ..] if !is_vowel(*consonant) => *vowel,
        _ => return None,
    };
    // An a is lost by few: kazal, ajak.
    let loses_a = *fleeting == 'a' && (stem.ends_with("zal") || stem.ends_with("jak"));
    let goes = (matches!(fleeting, 'e' | 'o') || loses_a) && is_vowel(before);
    let (cut, end) = stem.split_at(stem.len() - last);
    goes.then(|| format!("{}{end}", &cut[..cut.len() - 1]))
}

/// Other second stems before endings that begin with a vowel: teher → terh, pehely → pelyh, varjú → varj. Folded.
pub(super) fn turned(stem: &str) -> Option<String> {
    let [heavy, down] =
        [("eher", "erh"), ("ehely", "elyh")].map(|(end, turned)| Some(format!("{}{turned}", stem.strip_suffix(end)?)));
    let crow = || stem.strip_suffix("ju").filter(|cut| cut.ends_with(['r', 'f'])).map(|cut| format!("{cut}j"));
    heavy.or(down).or_else(crow)
}

/// The stem of a name with a silent -e, without the e: Vodafone → Vodafonnal, YouTube → youtubos. Only if there is one
/// consonant before the e and two more vowels: rome, home and love would become other words.
pub(super) fn muted(term: &str) -> Option<&str> {
    let cut = term.strip_suffix(['e', 'E'])?;
    let word = cut.rsplit(|c: char| !c.is_alphanumeric()).next()?;
    let letters: Vec<char> = folded(word).chars().rev().collect();
    let [last, vowel, ..] = letters.as_slice() else { return None };
    let syllables = letters.chunk_by(|one, other| is_vowel(*one) == is_vowel(*other)).filter(|run| is_vowel(run[0]));
    let silent = last.is_ascii_alphabetic() && !is_vowel(*last) && is_vowel(*vowel) && syllables.count() >= 2;
    (silent && Stem::of(term).harmony != Harmony::Front).then_some(cut)
}

/// The stems in -v of a word in -ő, -ű or -u, and of one of one syllable in -ó: erőmű → erőműv, falu → falv, ló → lov
/// and, as tó and szó have it, lav. Folded, each with its harmony. No rule says which words have one; of the
/// others hardly any form is another word (só: savas).
pub(super) fn in_v(term: &str) -> Vec<(String, Stem)> {
    let stem = Stem::of(term);
    let plain = folded(term);
    let word = plain.trim();
    let written: String = term.trim().nfc().collect();
    let short = |word: &str| word.rsplit(|c: char| !c.is_alphanumeric()).next().is_some_and(has_one_vowel);
    let stems = match written.chars().next_back() {
        Some('ő' | 'Ő' | 'ű' | 'Ű') => vec![(word.to_owned(), Harmony::Rounded)],
        Some('ó' | 'Ó') if short(word) => {
            vec![(word.to_owned(), Harmony::Back), (format!("{}a", &word[..word.len() - 1]), Harmony::Back)]
        }
        Some('u') if !short(word) && stem.harmony != Harmony::Front && !is_vowel(stem.before) => {
            vec![(word[..word.len() - 1].to_owned(), Harmony::Back)]
        }
        _ => Vec::new(),
    };
    let with_v = |(text, harmony): (String, Harmony)| {
        let before = text.chars().next_back().unwrap_or(' ');
        let mut stem = stem;
        (stem.harmony, stem.last, stem.before, stem.long_end) = (harmony, 'v', before, false);
        (format!("{text}v"), stem)
    };
    stems.into_iter().map(with_v).collect()
}

fn has_one_vowel(word: &str) -> bool {
    word.chars().filter(|letter| is_vowel(*letter)).count() == 1
}

/// The stem of a place named after somebody's house, village or dwelling, which loses its possessive before -i:
/// Nyíregyháza → nyíregyházi. Folded.
pub(super) fn of_a_place(stem: &str) -> Option<&str> {
    let owned = ["haza", "falva", "laka", "telke"];
    let first = |owner: &str| owner.ends_with(char::is_alphabetic);
    owned.iter().any(|owned| stem.strip_suffix(owned).is_some_and(first)).then(|| &stem[..stem.len() - 1])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stems_take_other_shapes() {
        let v = |term: &str| in_v(term).into_iter().map(|(text, _)| text).collect::<Vec<_>>();
        for (stem, expected) in [("busz", "bussz"), ("balazs", "balazzs"), ("bridzs", "briddzs"), ("rossz", "rossz")] {
            assert_eq!(doubled(stem).as_deref(), Some(expected));
        }
        assert_eq!(doubled("vas"), None);
        assert_eq!((shortened("etterem").as_deref(), shortened("vas")), (Some("etterm"), None));
        assert_eq!([shortened("torony"), shortened("kazal")], [Some("torny".into()), Some("kazl".into())]);
        assert_eq!((shortened("sony"), shortened("tatar")), (None, None));
        assert_eq!([turned("teher"), turned("varju"), turned("fiu")], [Some("terh".into()), Some("varj".into()), None]);
        assert_eq!(
            (muted("Vodafone"), muted("Bence"), muted("home"), muted("Porsche")),
            (Some("Vodafon"), None, None, None)
        );
        assert_eq!(
            (v("erőmű"), v("Lo\u{301}"), v("falu")),
            (vec!["eromuv".into()], vec!["lov".into(), "lav".into()], vec!["falv".into()])
        );
        assert_eq!((v("autó"), v("EU"), v("Tesco")), (vec![], vec![], vec![]));
        assert_eq!((of_a_place("nyiregyhaza"), of_a_place("haza")), (Some("nyiregyhaz"), None));
    }
}
