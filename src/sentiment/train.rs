//! Trains a model on labelled texts: seconds for tens of thousands of them, the same bytes each time.

use super::Class;
use super::calibrate::calibrate;
use super::corpus::{Apart, Example, Part};
use super::error::Confusion;
use super::features::features;
use super::fit::{Fitted, Groups, Row, Settings, fit};
use super::lists;
use super::model::{Header, HeldOut, MOST_KINDS, Model, Table, lanes};

/// Labelled texts of one kind.
#[derive(Clone, Debug)]
pub struct Kind {
    /// Its name, as the model keeps it.
    pub name: String,
    /// Its texts.
    pub examples: Vec<Example>,
}

/// Why there is no model.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum TrainFault {
    /// More files than a model tells apart.
    #[error(
        "{0} kinds of text are more than the {MOST_KINDS} that a model tells apart: train them as one with --together"
    )]
    TooManyKinds(usize),
    /// Nothing to learn from.
    #[error(
        "the texts to train on lack negative or positive ones: at least one of each is needed beside what is held out"
    )]
    OneSided,
}

/// A model and what was left out of its training.
#[derive(Debug)]
pub struct Trained {
    /// The model.
    pub model: Model,
    /// Texts not trained on since they are close to what is held out.
    pub copies: usize,
}

/// The places of texts, one after the other.
#[derive(Default)]
struct Texts {
    places: Vec<u32>,
    /// Where each text ends, with its class.
    ends: Vec<(usize, Class)>,
}

impl Texts {
    fn add(&mut self, example: &Example, bits: u32) {
        features(&example.text, &[], &[], &mut |feature| self.places.push(feature >> (32 - bits)));
        self.ends.push((self.places.len(), example.class));
    }

    fn have(&self, wanted: Class) -> bool {
        self.ends.iter().any(|(_, class)| *class == wanted)
    }

    fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        let starts = std::iter::once(0).chain(self.ends.iter().map(|(end, _)| *end));
        starts.zip(&self.ends).map(|(start, (end, class))| {
            let class = class.index();
            Row { class, places: &self.places[start..*end] }
        })
    }
}

/// Trains a model. `apart` is never trained on, nor what is close to it; besides, one text in ten of each kind is held
/// out for measuring, by its words. Another tenth calibrates what the rest taught; then that tenth is learnt as well.
///
/// # Errors
/// With too many kinds, or when a class has no texts.
pub fn train(kinds: &[Kind], mut apart: Apart) -> Result<Trained, TrainFault> {
    if kinds.len() > MOST_KINDS {
        return Err(TrainFault::TooManyKinds(kinds.len()));
    }
    // Wide places: as many bytes in all as half as many again of narrow ones.
    let bits = if kinds.len() == 1 { 18 } else { 17 };
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
    let mut model = learn(kinds, &without_calibration, &[Part::Training], bits)?.model;
    let calibration = calibrate(&mut model, kinds);
    let mut trained = learn(kinds, &apart, &[Part::Training, Part::Calibration], bits)?;
    calibration.apply(&mut trained.model.header);
    measure(&mut trained.model, kinds);
    Ok(trained)
}

/// Learns from some parts of the texts.
fn learn(kinds: &[Kind], apart: &Apart, parts: &[Part], bits: u32) -> Result<Trained, TrainFault> {
    let mut copies = 0;
    let learnt: Vec<Texts> = kinds
        .iter()
        .map(|kind| {
            let mut texts = Texts::default();
            for example in kind.examples.iter().filter(|example| parts.contains(&Part::of(&example.text))) {
                match apart.is_close(&example.text) {
                    true => copies += 1,
                    false => texts.add(example, bits),
                }
            }
            texts
        })
        .collect();
    let has = |wanted: Class| learnt.iter().any(|texts| texts.have(wanted));
    if !has(Class::Negative) || !has(Class::Positive) {
        return Err(TrainFault::OneSided);
    }
    let groups = lists::groups(bits);
    let fitted: Vec<Fitted<3>> = learnt.iter().map(|texts| fit_kind(texts, &groups, bits)).collect();
    let (table, scales, biases) = quantised(&fitted, fit_gate(&learnt, bits).as_ref(), bits);
    let header = Header {
        kinds: kinds.iter().map(|kind| kind.name.clone()).collect(),
        neutral: has(Class::Neutral),
        bits,
        scales,
        biases,
        sharpness: 1.0,
        tilt: [0.0; 2],
        texts: learnt.iter().map(|texts| texts.ends.len() as u32).sum(),
        confusion: Confusion { found: 0.0, mistaken: 0.0 },
        held_out: Vec::new(),
    };
    Ok(Trained { model: Model { header, table }, copies })
}

fn fit_kind(texts: &Texts, groups: &Groups, bits: u32) -> Fitted<3> {
    let rows: Vec<Row<'_>> = texts.rows().collect();
    fit(&rows, groups, Settings { bits, epochs: 8, rate: 0.1, damping: 1e-2, decay: 1e-3 })
}

/// What tells the kinds apart, when there are several.
fn fit_gate(learnt: &[Texts], bits: u32) -> Option<Fitted<3>> {
    let rows =
        learnt.iter().enumerate().flat_map(|(kind, texts)| texts.rows().map(move |row| Row { class: kind, ..row }));
    let rows: Vec<Row<'_>> = rows.collect();
    (learnt.len() > 1).then(|| fit(&rows, &[], Settings { bits, epochs: 2, rate: 0.1, damping: 1e-8, decay: 0.0 }))
}

/// Weights in eight bits, the scale of each lane, and its bias.
fn quantised(kinds: &[Fitted<3>], gate: Option<&Fitted<3>>, bits: u32) -> (Table, Vec<f32>, Vec<f32>) {
    let against_neutral = |weights: &[f32; 3]| [weights[0] - weights[1], weights[2] - weights[1]];
    let mut lanes_of: Vec<Vec<f32>> = Vec::new();
    let mut biases = Vec::new();
    for fitted in kinds {
        for side in 0..2 {
            lanes_of.push(fitted.weights.iter().map(|weights| against_neutral(weights)[side]).collect());
        }
        biases.extend(against_neutral(&fitted.bias));
    }
    if let Some(gate) = gate {
        let last = kinds.len() - 1;
        for kind in 0..last {
            lanes_of.push(gate.weights.iter().map(|weights| weights[kind] - weights[last]).collect());
            biases.push(gate.bias[kind] - gate.bias[last]);
        }
    }
    debug_assert_eq!(lanes_of.len(), lanes(kinds.len()));
    let scales: Vec<f32> = lanes_of.iter().map(|lane| scale(lane)).collect();
    let small = |lane: usize, place: usize| match lanes_of.get(lane) {
        Some(weights) => (weights[place] / scales[lane]).round().clamp(-127.0, 127.0) as i8,
        None => 0,
    };
    let table = match kinds.len() {
        1 => Table::Narrow((0..1 << bits).map(|place| std::array::from_fn(|lane| small(lane, place))).collect()),
        _ => Table::Wide((0..1 << bits).map(|place| std::array::from_fn(|lane| small(lane, place))).collect()),
    };
    (table, scales, biases)
}

/// The step of a lane: the few weights beyond ten times the usual size are cut, so that the many have more steps.
pub(super) fn scale(weights: &[f32]) -> f32 {
    let used = weights.iter().filter(|weight| **weight != 0.0);
    let (count, squares) = used.fold((0.0_f32, 0.0_f64), |(count, squares), weight| {
        (count + 1.0, squares + f64::from(*weight) * f64::from(*weight))
    });
    let usual = (squares / f64::from(count.max(1.0))).sqrt() as f32;
    let largest = weights.iter().fold(0.0_f32, |largest, weight| largest.max(weight.abs()));
    (largest.min(10.0 * usual) / 127.0).max(1e-9)
}

/// Writes into the model what the held-out part says of it.
fn measure(model: &mut Model, kinds: &[Kind]) {
    let mut held_out = Vec::new();
    for kind in kinds {
        let mut judged = [[0_u32; 3]; 3];
        for example in kind.examples.iter().filter(|example| Part::of(&example.text) == Part::HeldOut) {
            let called = Class::likeliest(model.probabilities(&example.text, &[], &[]));
            judged[example.class.index()][called.index()] += 1;
        }
        held_out.push(HeldOut { kind: kind.name.clone(), judged });
    }
    // A kind without neutral texts would make the false alarms fewer than they are.
    let whole = held_out.iter().filter(|kind| !model.header.neutral || kind.judged[1] != [0; 3]);
    let (mut called, mut all) = ([0.0_f64; 2], [0.0_f64; 2]);
    for kind in whole {
        for (class, row) in kind.judged.iter().enumerate() {
            let side = usize::from(class == 0);
            called[side] += f64::from(row[0]);
            all[side] += f64::from(row.iter().sum::<u32>());
        }
    }
    let share = |side: usize| if all[side] > 0.0 { called[side] / all[side] } else { 0.0 };
    model.header.confusion = Confusion { found: share(1), mistaken: share(0) };
    model.header.held_out = held_out;
}
