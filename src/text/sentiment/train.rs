//! Trains a model on labelled texts: seconds for tens of thousands of texts, with byte-identical results.

use super::calibrate::calibrate;
use super::corpus::{Apart, Example, Part};
use super::learn::{TrainFault, Trained, confusion, learn};
use super::model::{HeldOut, MOST_KINDS, Model};
use super::prior::Prior;
use super::texts::Kind;
use super::years::{train_over_years, years};
use orszem_records::class::Class;

/// Trains a model. It never trains on `apart` or on similar texts.
///
/// If the years of all texts are known, it trains on all of them; what calibrates and measures it are models of which
/// each was not trained on one of the years. Otherwise one text in ten of each kind is held out for evaluation, chosen
/// by its words. Another tenth calibrates the model trained on the rest, and is then used for training too.
///
/// # Errors
/// With too many kinds, or when a class has no texts.
pub fn train(kinds: &[Kind], apart: Apart) -> Result<Trained, TrainFault> {
    train_with(kinds, &Prior::lists(), apart)
}

/// The same, with what is known before training.
pub(super) fn train_with(kinds: &[Kind], prior: &Prior, mut apart: Apart) -> Result<Trained, TrainFault> {
    if kinds.len() > MOST_KINDS {
        return Err(TrainFault::TooManyKinds(kinds.len()));
    }
    if let Some(years) = years(kinds) {
        return train_over_years(kinds, prior, &years, &apart);
    }
    let set_apart = |apart: &mut Apart, part: Part| {
        let examples = kinds.iter().flat_map(|kind| &kind.examples).filter(|example| Part::of(&example.text) == part);
        examples.for_each(|example| apart.add(&example.text));
    };
    set_apart(&mut apart, Part::HeldOut);
    let without_calibration = {
        let mut apart = apart.clone();
        set_apart(&mut apart, Part::Calibration);
        apart
    };
    let is_training = |example: &Example| Part::of(&example.text) == Part::Training;
    let (Trained { mut model, .. }, sides) = learn(kinds, prior, None, &without_calibration, is_training)?;
    let calibration = calibrate(&mut model, kinds);
    let not_held_out = |example: &Example| Part::of(&example.text) != Part::HeldOut;
    let (mut trained, _) = learn(kinds, prior, sides, &apart, not_held_out)?;
    calibration.apply(&mut trained.model.header);
    measure(&mut trained.model, kinds);
    Ok(trained)
}

/// Writes the evaluation on the held-out part into the model.
fn measure(model: &mut Model, kinds: &[Kind]) {
    let mut held_out = Vec::new();
    for kind in kinds {
        let mut judged = [[0_u32; 3]; 3];
        for example in kind.examples.iter().filter(|example| Part::of(&example.text) == Part::HeldOut) {
            let Some(probabilities) = model.probabilities(&example.text, &[], &[]) else { continue };
            judged[example.class.index()][Class::counted(probabilities).index()] += 1;
        }
        held_out.push(HeldOut { kind: kind.name.clone(), judged });
    }
    model.header.confusion = confusion(&held_out, model.header.neutral);
    model.header.held_out = held_out;
}

#[cfg(test)]
mod tests {
    use super::*;
    use orszem_records::judgement::Confusion;

    #[test]
    fn few_texts_without_a_mistake_do_not_make_a_model_that_makes_none() {
        let confusion = |texts: usize| {
            let example =
                |(class, word): (Class, &str), n: usize| Example { class, text: format!("{word} nr{n}x"), year: None };
            let words = [(Class::Negative, "awful"), (Class::Positive, "lovely"), (Class::Neutral, "open")];
            let examples = (0..texts).map(|n| example(words[n % 3], n)).collect();
            let model = train(&[Kind { name: "few".into(), examples }], Apart::default()).unwrap().model;
            let held_out: u32 = model.header.held_out[0].judged.as_flattened().iter().sum();
            assert!(held_out > 0 && model.header.held_out[0].judged[1][0] == 0);
            (model.header.confusion, model.header.doubt())
        };
        let (few, doubt) = confusion(300);
        assert!((0.1..Confusion::USUAL.mistaken).contains(&few.mistaken) && few.found < 0.95, "{few:?}");
        assert!(doubt.unwrap().contains("on only"));
        let (many, doubt) = confusion(6000);
        assert!(many.mistaken < 0.03 && many.found > 0.9 && doubt.is_none(), "{many:?}");
    }
}
