//! Learns the weights of a model, and puts them into their slots.

use std::array::from_fn;

use super::by_marks::listed;
use super::corpus::{Apart, Example, Part};
use super::fit::{Fitted, Groups, Row, Settings, fit};
use super::line::Line;
use super::model::{Header, HeldOut, MOST_KINDS, Model, Table, lanes};
use super::numbers::spread;
use super::prior::Prior;
use super::texts::{Kind, Numbered, TEXTS, Texts};
use super::vocabulary::Vocabulary;
use super::weight_table::WeightTable;
use orszem_records::class::Class;
use orszem_records::judgement::Confusion;

/// A table has 2^bits slots.
const BITS: u32 = 17;
/// The importance of a feature grows with this power of the number of its texts, where words have a weight before
/// training. With a half, as elsewhere, tens of thousands of words that few texts have would take the slots of pairs
/// and pieces of words that many have.
const STARTED: Power = Power(51);
/// With fewer texts every feature is learned; with more, those that occur in two of them.
const FEW: usize = 3000;
/// When slots are assigned, weights between kinds count this much less than weights of sentiment.
const GATE_COUNTS: f32 = 0.3;
/// More than the importance of any other feature.
const KEPT: f32 = 1e6;

/// The error rate is computed as if this many more texts had been held out, with the error rates of the built-in
/// models: ten texts without a mistake do not mean that there are none.
const USUAL_TEXTS: f64 = 50.0;

/// Why there is no model.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum TrainFault {
    /// More files than kinds in a model.
    #[error(
        "{0} kinds of text are too many, a model can distinguish {MOST_KINDS}: train them as one kind with --together"
    )]
    TooManyKinds(usize),
    /// A class without texts.
    #[error(
        "there are no negative or no positive texts for training: at least one of each is needed in addition to the held-out ones"
    )]
    OneSided,
}

/// A trained model, and the number of skipped texts.
#[derive(Debug)]
pub struct Trained {
    /// The model.
    pub model: Model,
    /// Texts that were skipped because they are similar to held-out ones.
    pub copies: usize,
}

/// Trains on some of the texts. Models of a kind without neutral texts are put together by `sides`, or as the
/// calibration texts, which must not be among the wanted ones then, say.
pub(super) fn learn(
    kinds: &[Kind],
    prior: &Prior,
    sides: Option<Sides>,
    apart: &Apart,
    wanted: impl Fn(&Example) -> bool,
) -> Result<(Trained, Option<Sides>), TrainFault> {
    let mut copies = 0;
    let learnt: Vec<Texts> = kinds
        .iter()
        .map(|kind| {
            let mut texts = Texts::default();
            for example in kind.examples.iter().filter(|example| wanted(example)) {
                match apart.is_close(&example.text) {
                    true => copies += 1,
                    false => texts.add(example),
                }
            }
            texts
        })
        .collect();
    let has = |wanted: Class| learnt.iter().any(|texts| texts.have(wanted));
    if !has(Class::Negative) || !has(Class::Positive) {
        return Err(TrainFault::OneSided);
    }
    let all = learnt.iter().flat_map(|texts| texts.iter().map(|(features, _)| features));
    let texts: usize = learnt.iter().map(|texts| texts.ends.len()).sum();
    let known = prior.groups.keys().chain(prior.start.keys()).copied();
    let vocabulary = Vocabulary::of(all, if texts < FEW { 1 } else { 2 }, known);
    let features = || vocabulary.iter().map(|(feature, _)| feature);
    let groups: Vec<u8> = features().map(|feature| prior.groups.get(&feature).copied().unwrap_or(0)).collect();
    let start: Vec<[f32; 3]> = match prior.start.is_empty() {
        true => Vec::new(),
        false => features().map(|feature| prior.start.get(&feature).copied().unwrap_or_default()).collect(),
    };
    let numbered: Vec<Numbered> = learnt.iter().map(|texts| texts.numbered(&vocabulary)).collect();
    let fitted: Vec<Fitted<3>> = numbered.iter().map(|texts| fit_kind(texts, &groups, &start)).collect();
    let gate = fit_gate(&numbered, vocabulary.len());
    let mut lanes: Vec<Lane> = fitted.iter().flat_map(against_neutral).collect();
    let (mut by_marks, mut used) = (None, None);
    if let (Some((marks, spread)), [.., kind], [.., own]) = (&prior.neutral, kinds, &*fitted) {
        let both = [side(own), side(&fit_sides(&numbered, &groups))];
        let sides = sides.unwrap_or_else(|| {
            let mut texts = Texts::default();
            let part = kind.examples.iter().filter(|example| Part::of(&example.text) == Part::Calibration);
            part.for_each(|example| texts.add(example));
            Sides::of(&both, &texts.numbered(&vocabulary), *spread)
        });
        let (weights, bias) = sides.mean(&both);
        let words = groups.iter().map(|group| f32::from(listed(*group))).collect();
        lanes.truncate(2 * (kinds.len() - 1));
        lanes.extend([Lane::of(weights, bias), Lane { weights: words, bias: 0.0, scale: 1.0, is_kept: true }]);
        by_marks = Some(marks.clone().of_kind(kinds.len() - 1));
        used = Some(sides);
    }
    lanes.extend(gate.iter().flat_map(|gate| against_last(gate, kinds.len())));
    let Quantised { table, scales, biases } = quantised(&lanes, kinds.len(), &vocabulary, !start.is_empty());
    let header = Header {
        kinds: kinds.iter().map(|kind| kind.name.clone()).collect(),
        neutral: has(Class::Neutral),
        bits: BITS,
        scales,
        biases,
        sharpness: 1.0,
        tilt: [0.0; 2],
        by_marks,
        texts: learnt.iter().map(|texts| texts.ends.len() as u32).sum(),
        confusion: Confusion { found: 0.0, mistaken: 0.0 },
        held_out: Vec::new(),
    };
    Ok((Trained { model: Model { header, table }, copies }, used))
}

fn fit_kind(texts: &Numbered, groups: &Groups, start: &[[f32; 3]]) -> Fitted<3> {
    let rows: Vec<Row<'_>> = texts.rows().collect();
    fit(&rows, groups, start, Settings { features: groups.len(), ..TEXTS })
}

/// The weights of the texts of all kinds that take a side.
fn fit_sides(texts: &[Numbered], groups: &Groups) -> Fitted<3> {
    let sided = |row: &Row<'_>| row.class != Class::Neutral.index();
    let rows: Vec<Row<'_>> = texts.iter().flat_map(Numbered::rows).filter(sided).collect();
    fit(&rows, groups, &[], Settings { features: groups.len(), ..TEXTS })
}

/// How the two models of a kind without neutral texts become one: that of its own texts, and that of the texts of all
/// kinds.
#[derive(Clone, Copy)]
pub(super) struct Sides {
    lines: [Line; 2],
    /// So much farther apart are English texts.
    spread: f32,
}

/// The weights of negative against positive, and the bias.
type Side = (Vec<f32>, f32);

fn side(fitted: &Fitted<3>) -> Side {
    (fitted.weights.iter().map(|weights| weights[0] - weights[2]).collect(), fitted.bias[0] - fitted.bias[2])
}

impl Sides {
    /// Calibrates both on texts that they were not trained on.
    fn of(sides: &[Side; 2], texts: &Numbered, spread_in_english: f32) -> Sides {
        let judged = |(weights, bias): &Side| -> Vec<f32> {
            let of_row = |row: Row<'_>| {
                let sum: f32 = row.features.iter().map(|number| weights[*number as usize]).sum();
                sum / (row.count.max(1) as f32).sqrt() + bias
            };
            texts.rows().map(of_row).collect()
        };
        let judged = [judged(&sides[0]), judged(&sides[1])];
        let lines = judged.each_ref().map(|judged| {
            let classes = texts.ends.iter().map(|(.., class)| *class);
            Line::of(judged.iter().map(|against| [*against, 0.0]).zip(classes), false)
        });
        let both = judged[0].iter().zip(&judged[1]);
        let means: Vec<f32> =
            both.map(|(one, other)| f32::midpoint(lines[0].against(*one), lines[1].against(*other))).collect();
        Sides { lines, spread: spread_in_english / spread(&means).max(1e-3) }
    }

    /// The mean of the two.
    fn mean(&self, [own, all]: &[Side; 2]) -> Side {
        let half = self.spread / 2.0;
        let [one, other] = self.lines.map(|line| half * line.sharpness);
        let weights = own.0.iter().zip(&all.0).map(|(own, all)| one * own + other * all).collect();
        (weights, half * (self.lines[0].against(own.1) + self.lines[1].against(all.1)))
    }
}

/// The weights that distinguish the kinds, if there are several.
fn fit_gate(learnt: &[Numbered], features: usize) -> Option<Fitted<3>> {
    let rows =
        learnt.iter().enumerate().flat_map(|(kind, texts)| texts.rows().map(move |row| Row { class: kind, ..row }));
    let rows: Vec<Row<'_>> = rows.collect();
    (learnt.len() > 1)
        .then(|| fit(&rows, &[], &[], Settings { features, epochs: 2, rate: 0.1, damping: 1e-8, decay: 0.0 }))
}

/// An output: its weights by feature, and its bias.
struct Lane {
    weights: Vec<f32>,
    bias: f32,
    /// The step of a weight.
    scale: f32,
    /// Each feature with a weight must have a slot.
    is_kept: bool,
}

impl Lane {
    fn of(weights: Vec<f32>, bias: f32) -> Lane {
        Lane { scale: scale(&weights), weights, bias, is_kept: false }
    }

    fn small(&self, number: usize) -> i8 {
        (self.weights[number] / self.scale).round().clamp(-127.0, 127.0) as i8
    }
}

fn against_neutral(fitted: &Fitted<3>) -> [Lane; 2] {
    [0, 2].map(|class| {
        let weights = fitted.weights.iter().map(|weights| weights[class] - weights[1]).collect();
        Lane::of(weights, fitted.bias[class] - fitted.bias[1])
    })
}

/// The outputs that distinguish the kinds.
fn against_last(gate: &Fitted<3>, kinds: usize) -> impl Iterator<Item = Lane> {
    let last = kinds - 1;
    (0..last).map(move |kind| {
        let weights = gate.weights.iter().map(|weights| weights[kind] - weights[last]).collect();
        Lane::of(weights, gate.bias[kind] - gate.bias[last])
    })
}

/// A table, and the scale of its weights.
struct Quantised {
    table: Table,
    /// The step and the bias of each output.
    scales: Vec<f32>,
    biases: Vec<f32>,
}

/// Quantises weights to eight bits, in their slots. If there are too many features, the most important ones stay.
fn quantised(lanes_of: &[Lane], kinds: usize, vocabulary: &Vocabulary, started: bool) -> Quantised {
    debug_assert_eq!(lanes_of.len(), lanes(kinds));
    let small = |lane: usize, number: usize| lanes_of.get(lane).map_or(0, |lane| lane.small(number));
    // The importance of a feature: its weights and the number of its texts.
    let matters = |number: usize, texts: u32| {
        let parts = lanes_of.iter().enumerate().map(|(at, lane)| {
            let counts = if at < 2 * kinds { 1.0 } else { GATE_COUNTS };
            match f32::from(lane.small(number)).abs() {
                weight if lane.is_kept && weight > 0.0 => KEPT,
                weight => counts * weight,
            }
        });
        let texts = texts as f32 + 1.0;
        parts.sum::<f32>() * if started { STARTED.of(texts) } else { texts.sqrt() }
    };
    let all = vocabulary.iter().enumerate();
    let mut ranked: Vec<_> = all.map(|(number, (feature, texts))| (matters(number, texts), number, feature)).collect();
    ranked.sort_by(|one, other| other.0.total_cmp(&one.0).then(one.2.cmp(&other.2)));
    let known = ranked.into_iter().filter(|(matters, ..)| *matters > 0.0).map(|(_, number, feature)| (feature, number));
    let table = match kinds {
        1 => Table::Narrow(placed(known, small)),
        _ => Table::Wide(placed(known, small)),
    };
    let scales = lanes_of.iter().map(|lane| lane.scale).collect();
    Quantised { table, scales, biases: lanes_of.iter().map(|lane| lane.bias).collect() }
}

/// A power, in 64ths.
#[derive(Clone, Copy)]
struct Power(usize);

impl Power {
    /// Only operations that have the same result on every machine.
    fn of(self, x: f32) -> f32 {
        let root = (0..6).fold(x, |root, _| root.sqrt());
        std::iter::repeat_n(root, self.0).product()
    }
}

/// The table of these numbered features, with their `weight`s by output and number.
fn placed<const N: usize>(
    features: impl Iterator<Item = (u32, usize)>,
    weight: impl Fn(usize, usize) -> i8,
) -> WeightTable<N> {
    WeightTable::of(BITS, features.map(|(feature, number)| (feature, from_fn(|lane| weight(lane, number)))))
}

/// The step of an output. The few weights beyond ten times the usual size are clipped, so that the others get more
/// steps.
pub(super) fn scale(weights: &[f32]) -> f32 {
    let used = weights.iter().filter(|weight| **weight != 0.0);
    let (count, squares) = used.fold((0.0_f32, 0.0_f64), |(count, squares), weight| {
        (count + 1.0, squares + f64::from(*weight) * f64::from(*weight))
    });
    let usual = (squares / f64::from(count.max(1.0))).sqrt() as f32;
    let largest = weights.iter().fold(0.0_f32, |largest, weight| largest.max(weight.abs()));
    (largest.min(10.0 * usual) / 127.0).max(1e-9)
}

/// The error rates of judgements of texts that were not trained on.
pub(super) fn confusion(held_out: &[HeldOut], neutral: bool) -> Confusion {
    // A kind without neutral texts would make the false alarm rate too low.
    let whole = held_out.iter().filter(|kind| !neutral || kind.judged[1] != [0; 3]);
    let (mut called, mut all) = ([0.0_f64; 2], [0.0_f64; 2]);
    for kind in whole {
        for (class, row) in kind.judged.iter().enumerate() {
            let side = usize::from(class == 0);
            called[side] += f64::from(row[0]);
            all[side] += f64::from(row.iter().sum::<u32>());
        }
    }
    let share = |side: usize, usual: f64| (called[side] + USUAL_TEXTS * usual) / (all[side] + USUAL_TEXTS);
    let usual = Confusion::USUAL;
    Confusion { found: share(1, usual.found), mistaken: share(0, usual.mistaken) }
}
