use std::collections::BTreeMap;

use super::*;
use crate::data::data;
use crate::sentiment::corpus::read;
use crate::sentiment::{Models, Sentiment};

/// What was held out of every set, of forty characters and more: the language and the text.
fn held_out() -> Vec<(&'static str, String)> {
    let sets = [
        ("en", "en-train"),
        ("hu", "hu-train-reviews"),
        ("hu", "hu-train-news"),
        ("hu", "hu-train-tweets"),
        ("de", "de-train-tweets"),
        ("sk", "sk-train-tweets"),
        ("pl", "pl-train-tweets"),
        ("sv", "sv-train-tweets"),
        ("es", "es-train-tweets"),
        ("bg", "bg-train-tweets"),
        ("hr", "hr-train-tweets"),
        ("sl", "sl-train-tweets"),
    ];
    let mut texts = Vec::new();
    for (code, name) in sets {
        let examples = read(&data(&format!("sentiment/{name}.tsv.gz"))).unwrap();
        let wanted = |text: &str| Part::of(text) == Part::HeldOut && text.chars().count() >= 40;
        texts.extend(examples.into_iter().filter(|example| wanted(&example.text)).map(|example| (code, example.text)));
    }
    texts
}

#[test]
fn ten_languages_are_told_apart_with_accents_and_without() {
    let models = Models::shipped().unwrap();
    let texts = held_out();
    for plain in [false, true] {
        let mut told: BTreeMap<&str, (u32, u32)> = BTreeMap::new();
        for (code, text) in &texts {
            let text = if plain { without_accents(text) } else { text.clone() };
            let (right, all) = told.entry(code).or_default();
            *all += 1;
            *right += u32::from(models.language(&text, None) == Code::of(code));
        }
        let (right, all) = told.values().fold((0, 0), |sum, of| (sum.0 + of.0, sum.1 + of.1));
        println!("accents {}: {:.4} of {all}; {told:?}", !plain, f64::from(right) / f64::from(all));
        assert!(f64::from(right) >= 0.98 * f64::from(all), "{told:?}");
        for code in ["en", "hu"] {
            let (right, all) = told[code];
            assert!(f64::from(right) >= 0.98 * f64::from(all), "{code}: {right} of {all}");
        }
    }
}

proptest::proptest! {
    /// Letters at once and one by one have the same features.
    #[test]
    fn the_short_way_is_no_other_way(text in "([a-zA-Z]{1,18}|no|sooo|[áőŰ!?.,:'0-9#]|http://x){0,3}( ([a-zA-Z]{1,9}|szép|[áőŰ!?.,:'0-9]){1,3}){0,8}") {
        let all = |text: &str| {
            let mut all = Vec::new();
            features(text, 0, usize::MAX, &mut |some| all.extend_from_slice(some));
            all.sort_unstable();
            all
        };
        // What shows nothing keeps letters apart.
        let slow = |letter: char| std::iter::once(letter).chain(letter.is_ascii_alphabetic().then_some('\u{200b}'));
        let apart: String = text.chars().flat_map(slow).collect();
        // It is read as far only.
        proptest::prop_assume!(apart.len() < READ);
        proptest::prop_assert_eq!(all(&text), all(&apart));
    }
}
