//! Names of months and days in the languages of the world, for the times of feeds.
//!
//! From the locales of glibc (which follow CLDR), as the crate `pure-rust-locales` has them: full and short names, and
//! both cases where a language has them (`listopad`, `listopada`). A name may be cut to three letters or more (`Sept`),
//! and may have a short ending (`marraskuuta`). Case and accents do not matter.
//!
//! A few words are different months in different languages (`listopad` is October in Croatian and November in Czech).
//! They are read only where the language is known.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use orszem_text::fold::folded;

/// The names of one locale.
struct Locale {
    language: &'static str,
    months: [Option<&'static [&'static str]>; 4],
    days: [&'static [&'static str]; 2],
    halves: &'static [&'static str],
}

macro_rules! locales {
    ($($language:literal $name:ident),* $(,)?) => {
        [$(Locale {
            language: $language,
            months: [
                Some(pure_rust_locales::$name::LC_TIME::MON),
                Some(pure_rust_locales::$name::LC_TIME::ABMON),
                pure_rust_locales::$name::LC_TIME::ALT_MON,
                pure_rust_locales::$name::LC_TIME::AB_ALT_MON,
            ],
            days: [pure_rust_locales::$name::LC_TIME::DAY, pure_rust_locales::$name::LC_TIME::ABDAY],
            halves: pure_rust_locales::$name::LC_TIME::AM_PM,
        }),*]
    };
}

/// One or more for each language.
static LOCALES: [Locale; 87] = locales![
    "en" en_US, "af" af_ZA, "am" am_ET, "ar" ar_EG, "ar" ar_SY, "ar" ar_DZ, "az" az_AZ, "be" be_BY, "bg" bg_BG,
    "bn" bn_BD, "bs" bs_BA, "ca" ca_ES, "cs" cs_CZ, "cy" cy_GB, "da" da_DK, "de" de_DE, "de" de_AT, "el" el_GR,
    "es" es_ES, "es" es_UY, "et" et_EE, "eu" eu_ES, "fa" fa_IR, "fi" fi_FI, "fo" fo_FO, "fr" fr_FR, "fy" fy_NL,
    "ga" ga_IE, "gl" gl_ES, "gu" gu_IN, "he" he_IL, "hi" hi_IN, "hr" hr_HR, "hu" hu_HU, "hy" hy_AM, "id" id_ID,
    "is" is_IS, "it" it_IT, "ja" ja_JP, "ka" ka_GE, "kk" kk_KZ, "km" km_KH, "kn" kn_IN, "ko" ko_KR, "ky" ky_KG,
    "lb" lb_LU, "lo" lo_LA, "lt" lt_LT, "lv" lv_LV, "mk" mk_MK, "ml" ml_IN, "mn" mn_MN, "mr" mr_IN, "ms" ms_MY,
    "mt" mt_MT, "my" my_MM, "nb" nb_NO, "ne" ne_NP, "nl" nl_NL, "nn" nn_NO, "or" or_IN, "pa" pa_IN, "pl" pl_PL,
    "ps" ps_AF, "pt" pt_PT, "pt" pt_BR, "ro" ro_RO, "ru" ru_RU, "si" si_LK, "sk" sk_SK, "sl" sl_SI, "sq" sq_AL,
    "sr" sr_RS, "sr" sr_RS_latin, "sv" sv_SE, "sw" sw_KE, "ta" ta_IN, "te" te_IN, "th" th_TH, "tr" tr_TR, "uk" uk_UA,
    "ur" ur_PK, "uz" uz_UZ, "vi" vi_VN, "zh" zh_CN, "zh" zh_TW, "zu" zu_ZA,
];

/// The shortest beginning of a name that stands for it, in letters.
const SHORTEST: usize = 3;
/// The longest ending that a name may have, in letters, and the shortest name that may have one.
const LONGEST_ENDING: usize = 3;
const SHORTEST_WITH_ENDING: usize = 5;

/// A month in one language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Month {
    /// 1 to 12.
    pub(super) number: u8,
    /// The code of the language.
    pub(super) language: &'static str,
}

#[derive(Default)]
struct Names {
    months: HashMap<String, Vec<Month>>,
    days: HashMap<String, Vec<(u8, &'static str)>>,
    halves: HashMap<String, bool>,
    /// The months that are whole names, by language.
    whole: HashSet<(&'static str, String)>,
}

static NAMES: LazyLock<Names> = LazyLock::new(|| {
    let mut names = Names::default();
    // Whole names first: a beginning of another one does not make them ambiguous.
    for whole in [true, false] {
        for locale in &LOCALES {
            names.add(locale, whole);
        }
    }
    names
});

impl Names {
    fn add(&mut self, locale: &Locale, whole: bool) {
        let language = locale.language;
        for (months, full) in locale.months.iter().zip([true, false, true, false]) {
            for (name, number) in months.iter().flat_map(|months| months.iter()).zip(1..=12) {
                let name = bare(name);
                for part in parts(&name, full, whole) {
                    let all = self.months.entry(part.to_owned()).or_default();
                    let month = Month { number, language };
                    let taken = all.iter().any(|other| other.language == language && other.number != number);
                    if !all.contains(&month) && (whole || !taken || !self.whole.contains(&(language, part.to_owned())))
                    {
                        all.push(month);
                    }
                    if whole {
                        self.whole.insert((language, part.to_owned()));
                    }
                }
            }
        }
        for (days, full) in locale.days.iter().zip([true, false]) {
            for (name, number) in days.iter().zip(0..7) {
                let name = bare(name);
                for part in parts(&name, full, whole) {
                    let all = self.days.entry(part.to_owned()).or_default();
                    if !all.contains(&(number, language)) {
                        all.push((number, language));
                    }
                }
            }
        }
        for (name, is_pm) in locale.halves.iter().zip([false, true]) {
            let name = bare(name);
            if !name.is_empty() {
                self.halves.insert(name, is_pm);
            }
        }
    }
}

/// The first letter of the scripts in which a sign at a letter makes it another letter (Armenian and all after it).
const NO_ACCENTS: char = '\u{530}';

/// A word as it is compared: without case, accents and dots.
fn bare(word: &str) -> String {
    let plain = match word.chars().any(|c| c >= NO_ACCENTS) {
        true => word.to_lowercase(),
        false => folded(word),
    };
    plain.chars().filter(|c| !matches!(c, '.' | '\'' | ' ' | '-')).collect()
}

/// A whole name; or, of a full one, its beginnings.
fn parts(name: &str, full: bool, whole: bool) -> Vec<&str> {
    match (whole, full) {
        _ if name.is_empty() => Vec::new(),
        (true, _) => vec![name],
        (false, false) => Vec::new(),
        (false, true) => name.char_indices().map(|(at, _)| &name[..at]).skip(SHORTEST).collect(),
    }
}

fn found<'n, T>(names: &'n HashMap<String, T>, word: &str) -> Option<&'n T> {
    let bare = bare(word);
    if bare.is_empty() {
        return None;
    }
    if let Some(found) = names.get(&bare) {
        return Some(found);
    }
    let mut ends = bare.char_indices().rev().map(|(at, _)| &bare[..at]).take(LONGEST_ENDING);
    ends.find_map(|name| names.get(name).filter(|_| name.chars().count() >= SHORTEST_WITH_ENDING))
}

/// What months a word is, by language; English ones alone where it is one of English. With a language, only of that one
/// and of English.
pub(super) fn months(word: &str, language: Option<&str>) -> Vec<Month> {
    let all = found(&NAMES.months, word).map_or(&[][..], Vec::as_slice);
    let of = |wanted: &str| all.iter().filter(|month| month.language == wanted).copied().collect::<Vec<_>>();
    match language.map(of) {
        Some(own) if !own.is_empty() => own,
        Some(_) => of("en"),
        None => match of("en") {
            english if !english.is_empty() => english,
            _ => all.to_vec(),
        },
    }
}

/// Whether a word is the name of a day of the week in any language.
pub(super) fn is_day(word: &str) -> bool {
    found(&NAMES.days, word).is_some()
}

/// The day of the week that a word is in all languages that have it, from 0 for Sunday.
pub(super) fn day(word: &str, language: Option<&str>) -> Option<u8> {
    let all = found(&NAMES.days, word)?;
    let mut days = all.iter().filter(|(_, of)| language.is_none_or(|language| language == *of)).map(|(day, _)| *day);
    let first = days.next()?;
    days.all(|day| day == first).then_some(first)
}

/// Whether a word is the second half of a day: `pm`, `下午`.
pub(super) fn is_pm(word: &str) -> Option<bool> {
    found(&NAMES.halves, word).copied()
}

/// Whether there are names in a language.
pub(super) fn is_known(language: &str) -> bool {
    LOCALES.iter().any(|locale| locale.language == language)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn is(word: &str, number: u8) {
        let months = months(word, None);
        assert!(!months.is_empty() && months.iter().all(|month| month.number == number), "{word}: {months:?}");
    }

    #[test]
    fn months_of_many_languages() {
        for (word, number) in [
            ("nov.", 11),
            ("márc", 3),
            ("márc.", 3),
            ("OKT", 10),
            ("szeptember", 9),
            ("marc", 3),
            ("févr", 2),
            ("juil.", 7),
            ("août", 8),
            ("Sept", 9),
            ("März", 3),
            ("Mär", 3),
            ("Dez.", 12),
            ("Jänner", 1),
            ("noviembre", 11),
            ("setiembre", 9),
            ("dicembre", 12),
            ("ноября", 11),
            ("нояб", 11),
            ("мая", 5),
            ("май", 5),
            ("листопада", 11),
            ("Νοεμβρίου", 11),
            ("marraskuuta", 11),
            ("marraskuu", 11),
            ("kasım", 11),
            ("listopadu", 11),
            ("prosince", 12),
            ("نوفمبر", 11),
            ("十一月", 11),
            ("พฤศจิกายน", 11),
            ("नवंबर", 11),
            ("noiembrie", 11),
            ("nóvember", 11),
            ("studenoga", 11),
            ("lapkričio", 11),
        ] {
            is(word, number);
        }
    }

    /// In one language a word is one month, and every full name is read back.
    #[test]
    fn every_name_is_read_back_in_its_own_language() {
        for locale in &LOCALES {
            for (name, number) in locale.months[0].into_iter().flatten().zip(1..) {
                if bare(name).starts_with(|c: char| c.is_ascii_digit()) {
                    continue;
                }
                let found = months(name, Some(locale.language));
                assert_eq!(
                    found.iter().map(|month| month.number).collect::<Vec<_>>(),
                    [number],
                    "{} {name}",
                    locale.language
                );
            }
        }
    }

    #[test]
    fn a_word_that_is_two_months_is_told_apart_by_its_language() {
        let numbers =
            |word: &str, language| months(word, language).iter().map(|month| month.number).collect::<Vec<_>>();
        let all = numbers("listopad", None);
        assert!(all.contains(&10) && all.contains(&11), "{all:?}");
        assert_eq!(numbers("listopad", Some("hr")), [10]);
        assert_eq!(numbers("listopad", Some("cs")), [11]);
        assert_eq!(numbers("Mar", Some("fr")), [3]);
        assert_eq!(numbers("Nov", Some("hr")), [11], "English is always read");
    }

    #[test]
    fn days_and_halves() {
        for word in ["Fr", "pén", "péntek", "vendredi", "пт", "Freitag", "lör", "金"] {
            assert!(is_day(word), "{word}");
        }
        assert_eq!(day("péntek", None), Some(5));
        assert_eq!((is_pm("下午"), is_pm("오전"), is_pm("noon")), (Some(true), Some(false), None));
    }
}
