//! A name by the rules of the configuration, from any text.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The longest name, in bytes.
pub(super) const LONGEST: usize = 63;

/// The name that a text gives: small letters a–z, digits and `-`, at most 63, the first no `-`. Accents are left out
/// ("Őrszem Kft." gives `orszem-kft`), and so are letters that are not Latin. `None` when nothing is left.
pub fn slug(text: &str) -> Option<String> {
    let mut slug = String::new();
    let mut between = false;
    for character in text.nfkd().flat_map(char::to_lowercase).nfkd() {
        let letters = match character {
            'a'..='z' | '0'..='9' => character.encode_utf8(&mut [0; 4]).to_owned(),
            'ß' => "ss".to_owned(),
            'æ' => "ae".to_owned(),
            'œ' => "oe".to_owned(),
            'ø' => "o".to_owned(),
            'ł' => "l".to_owned(),
            'đ' | 'ð' => "d".to_owned(),
            'þ' => "th".to_owned(),
            'ı' => "i".to_owned(),
            // Within a word these are no gap: McDonald's is mcdonalds.
            '\'' | '’' | 'ʼ' | '\u{ad}' | '\u{200b}'..='\u{200d}' => continue,
            mark if is_combining_mark(mark) => continue,
            _ => {
                between = !slug.is_empty();
                continue;
            }
        };
        if between {
            slug.push('-');
            between = false;
        }
        slug.push_str(&letters);
    }
    if slug.len() > LONGEST {
        // At the end of a word where there is one, but not of the first alone where the second is cut.
        let cut = slug.get(..LONGEST).and_then(|slug| slug.rfind('-')).filter(|cut| *cut > LONGEST / 2);
        slug.truncate(cut.unwrap_or(LONGEST));
    }
    (!slug.is_empty()).then_some(slug)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_name_is_made_of_what_is_latin() {
        for (text, expected) in [
            ("Acme", "acme"),
            ("  Őrszem – Kft. ", "orszem-kft"),
            ("ÁRVÍZTŰRŐ TÜKÖRFÚRÓGÉP", "arvizturo-tukorfurogep"),
            ("McDonald's & Søn", "mcdonalds-son"),
            ("Straße/ŁÓDŹ_2", "strasse-lodz-2"),
            ("🚀 Moon 🌙 Base", "moon-base"),
            ("Ｆｕｌｌ ﬁｔ", "full-fit"),
            ("İzmir", "izmir"),
            ("\"a\\b\"\nc", "a-b-c"),
            ("北京 Nord", "nord"),
        ] {
            assert_eq!(slug(text).as_deref(), Some(expected), "{text:?}");
        }
        for text in ["", "  ", "北京", "Газпром", "🚀", "---", "\u{301}"] {
            assert_eq!(slug(text), None, "{text:?}");
        }
    }

    #[test]
    fn a_long_name_is_cut_at_a_word() {
        let words = ["word"; 20].join(" ");
        assert_eq!(slug(&words).unwrap(), ["word"; 12].join("-"));
        assert_eq!(slug(&format!("a {}", "b".repeat(80))).unwrap(), format!("a-{}", "b".repeat(61)));
    }

    proptest! {
        #[test]
        fn every_name_keeps_the_rules(text in "(.|[a-zőŰ ]){0,120}") {
            if let Some(slug) = slug(&text) {
                prop_assert!(super::super::formats::check("name", &slug).is_ok(), "{slug}");
                prop_assert_eq!(super::slug(&slug), Some(slug));
            }
        }
    }
}
