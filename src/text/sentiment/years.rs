//! Training on texts whose years are known: what calibrates and measures a model is another year than it was trained
//! on, as it is where the model is used.

use std::collections::BTreeSet;

use super::corpus::Apart;
use super::learn::{TrainFault, Trained, confusion, learn};
use super::line::Line;
use super::model::HeldOut;
use super::prior::Prior;
use super::texts::Kind;
use orszem_records::class::Class;

/// The years of the texts, if all are known and there are several.
pub(super) fn years(kinds: &[Kind]) -> Option<BTreeSet<u16>> {
    let years: Option<BTreeSet<u16>> =
        kinds.iter().flat_map(|kind| &kind.examples).map(|example| example.year).collect();
    years.filter(|years| years.len() > 1)
}

/// A text that the model that judged it was not trained on.
struct LeftOut {
    year: u16,
    class: Class,
    logits: [f32; 2],
}

/// Trains on all texts. What calibrates and measures them are models of which each was not trained on the texts of one
/// year, on the texts of that year: another year than that of the training texts is what a model is for.
pub(super) fn train_over_years(
    kinds: &[Kind],
    prior: &Prior,
    years: &BTreeSet<u16>,
    apart: &Apart,
) -> Result<Trained, TrainFault> {
    let mut texts: Vec<LeftOut> = Vec::new();
    for year in years {
        let of_year = || kinds.iter().flat_map(|kind| &kind.examples).filter(|example| example.year == Some(*year));
        let mut apart = apart.clone();
        of_year().for_each(|example| apart.add(&example.text));
        let model = learn(kinds, prior, None, &apart, |example| example.year != Some(*year))?.0.model;
        texts.extend(of_year().map(|example| LeftOut {
            year: *year,
            class: example.class,
            logits: model.logits(&example.text),
        }));
    }
    let (mut trained, _) = learn(kinds, prior, None, apart, |_| true)?;
    let neutral = trained.model.header.neutral;
    let line = |wanted: &dyn Fn(&LeftOut) -> bool| {
        Line::of(texts.iter().filter(|text| wanted(text)).map(|text| (text.logits, text.class)), neutral)
    };
    let mut held_out = Vec::new();
    for year in years {
        let others = line(&|text| text.year != *year);
        let mut judged = [[0_u32; 3]; 3];
        for text in texts.iter().filter(|text| text.year == *year) {
            let called = Class::counted(others.probabilities(text.logits, neutral));
            judged[text.class.index()][called.index()] += 1;
        }
        held_out.push(HeldOut { kind: format!("{year} left out"), judged });
    }
    let Line { sharpness, tilt } = line(&|_| true);
    (trained.model.header.sharpness, trained.model.header.tilt) = (sharpness, tilt);
    trained.model.header.confusion = confusion(&held_out, neutral);
    trained.model.header.held_out = held_out;
    Ok(trained)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sentiment::corpus::Example;
    use crate::sentiment::train::train;

    /// Texts of two years. Those of 2015 say by words of their own what they mean, as do those of 2016.
    fn two_years() -> Vec<Kind> {
        let words = [(Class::Negative, "grumf"), (Class::Neutral, "plenk"), (Class::Positive, "zilwo")];
        let example = |n: usize| {
            let ((class, word), year) = (words[n % 3], 2015 + (n / 3 % 2) as u16);
            // Letters and no digits: all digits are read as the same.
            let ending = if year == 2015 { "ar" } else { "eth" };
            Example { class, text: format!("{word}{ending} {}", "ab".repeat(n % 7)), year: Some(year) }
        };
        vec![Kind { name: "two years".into(), examples: (0..600).map(example).collect() }]
    }

    #[test]
    fn a_year_is_judged_by_a_model_that_has_not_seen_it() {
        let kinds: Vec<Kind> = two_years();
        let model = train(&kinds, Apart::default()).unwrap().model;
        let header = model.header();
        assert_eq!(header.texts, 600, "no text is kept out of training");
        let names: Vec<&str> = header.held_out.iter().map(|year| year.kind.as_str()).collect();
        assert_eq!(names, ["2015 left out", "2016 left out"]);
        for year in &header.held_out {
            assert_eq!(year.judged.map(|row| row.iter().sum::<u32>()), [100; 3]);
        }
        let negative = model.probabilities("grumfar grumfeth", &[], &[]).unwrap()[0];
        assert!(negative > 0.6, "{negative}");
        let mut one_year = kinds;
        one_year[0].examples.retain(|example| example.year == Some(2015));
        let model = train(&one_year, Apart::default()).unwrap().model;
        let held_out: u32 = model.header().held_out[0].judged.as_flattened().iter().sum();
        assert!(held_out < 100, "one year alone is parted by the words of its texts");
    }
}
