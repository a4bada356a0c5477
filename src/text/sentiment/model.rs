//! A linear model of sentiment: a table of small weights, and its file.
//!
//! A known feature has a slot in the table, with a weight for "negative rather than neutral" and one for "positive
//! rather than neutral". A model of several kinds of text (reviews, news, …) has such a pair for each kind, and weights
//! that distinguish the kinds. The results of the kinds are mixed by the probability of each kind.

use serde::{Deserialize, Serialize};
use std::ops::Range;

use super::accumulate::{Sums, Weights};
use super::by_marks::ByMarks;
use super::container::{self, ModelFault};
use super::features::{Marks, features};
use super::line::Line;
use super::numbers::softmax;
use super::weight_table::WeightTable;
use orszem_records::judgement::Confusion;

/// The maximum number of kinds of text in one model.
pub const MOST_KINDS: usize = 3;
const MAGIC: &[u8; 8] = b"orszsent";
const VERSION: u8 = 4;
/// Models of this version know nothing of marks; they are read as well.
const WITHOUT_MARKS: u8 = 3;
/// The largest table, as a power of two.
const MOST_BITS: u32 = 20;

/// The evaluation on held-out texts: the number of texts by label and by what they count as in detection.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HeldOut {
    /// The kind of text, by the name of its file, or what was left out of training.
    pub kind: String,
    /// Texts by label (negative, neutral, positive) and the class that they count as.
    pub judged: [[u32; 3]; 3],
}

/// Everything in a model except its weights.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// The kinds of text it was trained on, by the names of the files.
    pub kinds: Vec<String>,
    /// Whether the training texts included neutral ones; otherwise it only distinguishes negative and positive.
    pub neutral: bool,
    /// The table has 2^bits slots.
    pub bits: u32,
    /// The scale of the weights, for each output.
    pub scales: Vec<f32>,
    /// The bias, for each output.
    pub biases: Vec<f32>,
    /// The calibration factor of the logits.
    pub sharpness: f32,
    /// The calibration offsets of negative and positive, added after that.
    pub tilt: [f32; 2],
    /// What is neutral of a kind without neutral training texts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by_marks: Option<ByMarks>,
    /// Texts trained on.
    pub texts: u32,
    /// The classifier's error rates on texts that it was not trained on.
    pub confusion: Confusion,
    /// The evaluation behind these rates.
    pub held_out: Vec<HeldOut>,
}

/// An error rate measured on fewer texts is little more than a guess.
const FEW_HELD_OUT: u32 = 100;

impl Header {
    /// A warning about the reliability of its error rates, if needed.
    pub fn doubt(&self) -> Option<String> {
        let texts: u32 = self.held_out.iter().flat_map(|kind| kind.judged.as_flattened()).sum();
        (texts < FEW_HELD_OUT).then(|| {
            format!(
                "was evaluated on only {texts} texts, one in ten of its data: its error rate relies on that of the built-in models; below {FEW_HELD_OUT} texts it is little more than a guess"
            )
        })
    }

    /// The number of weights per slot: a pair for each kind, and one for each kind except the last that says how likely
    /// it is.
    pub fn lanes(&self) -> usize {
        lanes(self.kinds.len())
    }
}

pub(super) fn lanes(kinds: usize) -> usize {
    3 * kinds - 1
}

#[derive(Clone, PartialEq)]
pub(super) enum Table {
    /// One kind.
    Narrow(WeightTable<2>),
    /// Two or three kinds; unused weights are 0.
    Wide(WeightTable<8>),
}

/// A model that is ready to judge.
#[derive(Clone, PartialEq)]
pub struct Model {
    pub(super) header: Header,
    pub(super) table: Table,
}

impl std::fmt::Debug for Model {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Model").field("header", &self.header).finish_non_exhaustive()
    }
}

impl Model {
    /// The model's header.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The probabilities of negative, neutral and positive, as if the three were equally common; `None` if there is
    /// nothing to judge, because no word is left beside the name, links, handles, numbers and signs.
    ///
    /// Text in `target` is read as "the name"; text in `out_of_scope` is skipped. Both are sorted.
    pub fn probabilities(
        &self,
        text: &str,
        target: &[Range<usize>],
        out_of_scope: &[Range<usize>],
    ) -> Option<[f32; 3]> {
        let (lanes, words) = self.lanes(text, target, out_of_scope);
        (words > 0).then(|| self.calibrated(self.header.mixed(lanes)))
    }

    /// The logits of negative and positive relative to neutral, before calibration.
    pub(super) fn logits(&self, text: &str) -> [f32; 2] {
        let (lanes, _) = self.lanes(text, &[], &[]);
        self.header.mixed(lanes)
    }

    /// The same for one kind of text.
    pub(super) fn logits_of_kind(&self, text: &str, kind: usize) -> [f32; 2] {
        let (lanes, _) = self.lanes(text, &[], &[]);
        [lanes[2 * kind], lanes[2 * kind + 1]]
    }

    /// The outputs, and the number of words.
    fn lanes(&self, text: &str, target: &[Range<usize>], out_of_scope: &[Range<usize>]) -> ([f32; 8], u32) {
        let (wide, count, marks) = match &self.table {
            Table::Narrow(table) => {
                let ([negative, positive], count, marks) = summed(table, text, target, out_of_scope);
                ([negative, positive, 0, 0, 0, 0, 0, 0], count, marks)
            }
            Table::Wide(table) => summed(table, text, target, out_of_scope),
        };
        let norm = 1.0 / (count.max(1) as f32).sqrt();
        let mut lanes = [0.0_f32; 8];
        let lines = self.header.scales.iter().zip(&self.header.biases);
        for (lane, (sum, (scale, bias))) in lanes.iter_mut().zip(wide.iter().zip(lines)) {
            *lane = *sum as f32 * scale * norm + bias;
        }
        if let Some(by_marks) = &self.header.by_marks {
            let [against, listed] = [2 * by_marks.kind, 2 * by_marks.kind + 1];
            let logits = by_marks.logits(lanes[against], wide[listed], &marks);
            [lanes[against], lanes[listed]] = logits;
        }
        (lanes, marks.words)
    }

    fn calibrated(&self, logits: [f32; 2]) -> [f32; 3] {
        let Header { sharpness, tilt, neutral, .. } = self.header;
        Line { sharpness, tilt }.probabilities(logits, neutral)
    }

    /// The bytes of its file.
    pub fn to_bytes(&self) -> Vec<u8> {
        let weights = match &self.table {
            Table::Narrow(table) => table.as_bytes(),
            Table::Wide(table) => table.as_bytes(),
        };
        container::written(&[&MAGIC[..], &[VERSION]].concat(), &self.header, weights.iter().copied())
    }

    /// Reads a model's file.
    ///
    /// # Errors
    /// When it is not a model, has another version, or is damaged.
    pub fn from_bytes(bytes: &[u8]) -> Result<Model, ModelFault> {
        let rest = bytes.strip_prefix(MAGIC).ok_or(ModelFault::NoModel)?;
        match rest.first() {
            Some(&(VERSION | WITHOUT_MARKS)) => {}
            Some(version) => return Err(ModelFault::Version(*version)),
            None => return Err(ModelFault::Damaged),
        }
        let (header, weights): (Header, _) = container::read(bytes, MAGIC.len() + 1)?;
        let fits = (1..=MOST_KINDS).contains(&header.kinds.len())
            && (1..=MOST_BITS).contains(&header.bits)
            && header.scales.len() == header.lanes()
            && header.biases.len() == header.lanes()
            && header.by_marks.as_ref().is_none_or(|by_marks| by_marks.fits(header.kinds.len()));
        if !fits {
            return Err(ModelFault::Damaged);
        }
        let table = match header.kinds.len() {
            1 => WeightTable::from_bytes(header.bits, weights).map(Table::Narrow),
            _ => WeightTable::from_bytes(header.bits, weights).map(Table::Wide),
        };
        Ok(Model { header, table: table.ok_or(ModelFault::Damaged)? })
    }
}

/// The sums of the weights of a text's features, the number of features, and the text's marks.
fn summed<const N: usize>(
    weights: &impl Weights<N>,
    text: &str,
    target: &[Range<usize>],
    out_of_scope: &[Range<usize>],
) -> ([i32; N], u32, Marks) {
    let mut sums = Sums::of(weights);
    let marks = features(text, target, out_of_scope, &mut |features| sums.add(features));
    let (sums, count) = sums.so_far();
    (sums, count, marks)
}

impl Header {
    /// The logits of negative and positive: those of the kinds, weighted by the probability of each kind.
    fn mixed(&self, lanes: [f32; 8]) -> [f32; 2] {
        let [negative, positive, negative2, positive2, ..] = lanes;
        match self.kinds.len() {
            2 => {
                let [first, second] = softmax([lanes[4], 0.0]);
                [first * negative + second * negative2, first * positive + second * positive2]
            }
            3 => {
                let [first, second, third] = softmax([lanes[6], lanes[7], 0.0]);
                [
                    first * negative + second * negative2 + third * lanes[4],
                    first * positive + second * positive2 + third * lanes[5],
                ]
            }
            _ => [negative, positive],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sentiment::corpus::{Apart, Example};
    use crate::sentiment::texts::Kind;
    use crate::sentiment::train::train;
    use orszem_records::class::Class;

    fn model() -> Model {
        let words = ["awful", "open", "lovely"];
        let example =
            |n: usize| Example { class: Class::ALL[n % 3], text: format!("{} {n}x", words[n % 3]), year: None };
        let kind = Kind { name: "few".into(), examples: (0..90).map(example).collect() };
        train(&[kind], Apart::default()).unwrap().model
    }

    fn file(model: &Model, version: u8, header: &impl Serialize) -> Vec<u8> {
        let Table::Narrow(table) = &model.table else { unreachable!("one kind") };
        container::written(&[&MAGIC[..], &[version]].concat(), header, table.as_bytes().iter().copied())
    }

    #[test]
    fn models_of_the_version_before_are_read_and_older_ones_are_refused() {
        let model = model();
        assert_eq!(model.to_bytes(), file(&model, VERSION, &model.header));
        assert!(Model::from_bytes(&file(&model, WITHOUT_MARKS, &model.header)).unwrap() == model);
        let fault = Model::from_bytes(&file(&model, 2, &model.header)).unwrap_err();
        assert!(fault.to_string().contains("train it again"), "{fault}");
    }

    #[test]
    fn marks_that_are_not_complete_are_damage() {
        let model = model();
        let with = |kind: usize, weights: usize| {
            let mut header = serde_json::to_value(&model.header).unwrap();
            let weights = vec![[0.0, 0.0]; weights];
            header["by_marks"] = serde_json::json!({ "kind": kind, "weights": weights, "bias": [0.0, 0.0] });
            Model::from_bytes(&file(&model, VERSION, &header)).err()
        };
        assert_eq!(
            [with(0, 23), with(0, 22), with(1, 23)],
            [None, Some(ModelFault::Damaged), Some(ModelFault::Damaged)]
        );
    }
}
