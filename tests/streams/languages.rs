//! The language of real texts, told from the texts alone.

use std::collections::BTreeMap;

use orszem_records::language_code::Code;
use std::fs::File;

use orszem_text::sentiment::corpus::{Part, read};
use orszem_text::sentiment::language::without_accents;
use orszem_text::sentiment::{Models, Sentiment};

use crate::support::data;

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
        let examples = read(&data(&format!("sentiment/{name}.tsv.gz")), |path| File::open(path)).unwrap();
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
