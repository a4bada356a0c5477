//! A linear model of sentiment: a table of small weights, and its file.
//!
//! A feature that the model knows has a place in the table, with a weight for "negative rather than neutral" and one
//! for "positive rather than neutral". A model of several kinds of text (reviews, news, …) has such a pair for each
//! kind, and weights that tell the kinds apart: what the kinds say is mixed by how likely each is.

use serde::{Deserialize, Serialize};
use std::ops::Range;
use xxhash_rust::xxh3::xxh3_64;

use super::accumulate::{Sums, Weights};
use super::features::features;
use super::numbers::softmax;
use super::weight_table::WeightTable;
use orszem_records::judgement::Confusion;

/// So many kinds of text can be told apart within one model.
pub const MOST_KINDS: usize = 3;
const MAGIC: &[u8; 8] = b"orszsent";
const VERSION: u8 = 3;
/// A model that was shown no neutral texts calls a text neutral unless one side is e^(2 · this) times likelier: 2.2
/// times.
pub(super) const MIDDLE: f32 = 0.4;
/// The largest table, as a power of two.
const MOST_BITS: u32 = 20;

/// What a held-out part of the data said of the model: texts by what they are and what they were judged to be.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HeldOut {
    /// The kind of text, by the name of its file.
    pub kind: String,
    /// Texts of a class (negative, neutral, positive) judged to be of a class.
    pub judged: [[u32; 3]; 3],
}

/// All of a model but its weights.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// The kinds of text it was trained on, by the names of the files.
    pub kinds: Vec<String>,
    /// Whether neutral texts were among them; without them it says only negative or positive.
    pub neutral: bool,
    /// The table has 2^bits places.
    pub bits: u32,
    /// What a weight of 1 means, for each lane.
    pub scales: Vec<f32>,
    /// What is added, for each lane.
    pub biases: Vec<f32>,
    /// What the logits are multiplied by, so that probabilities mean what they say.
    pub sharpness: f32,
    /// What is added to the logits of negative and positive after that.
    pub tilt: [f32; 2],
    /// Texts trained on.
    pub texts: u32,
    /// The classifier's error on texts it was not trained on.
    pub confusion: Confusion,
    /// What that was measured on.
    pub held_out: Vec<HeldOut>,
}

/// An error measured on fewer texts is little more than a guess.
const FEW_HELD_OUT: u32 = 100;

impl Header {
    /// What is to be said before its error is believed, if anything.
    pub fn doubt(&self) -> Option<String> {
        let texts: u32 = self.held_out.iter().flat_map(|kind| kind.judged.as_flattened()).sum();
        (texts < FEW_HELD_OUT).then(|| {
            format!(
                "was measured on {texts} texts only, one in ten of those it was trained from: its error leans on that of the models that come with the program; below {FEW_HELD_OUT} it is little more than a guess"
            )
        })
    }

    /// How many weights each place has: a pair for each kind, and for each kind but the last what speaks for it.
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
    /// Two or three kinds; what is not used is 0.
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

/// Why a file is no model.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum ModelFault {
    /// It begins otherwise.
    #[error("is not a sentiment model of orszem")]
    NoModel,
    /// A version that is not known.
    #[error("is a sentiment model of version {0}, which this orszem does not know")]
    Version(u8),
    /// It was cut or changed.
    #[error("is a damaged sentiment model")]
    Damaged,
}

impl Model {
    /// What the model says of itself.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The probabilities of negative, neutral and positive, as if the three were equally common.
    ///
    /// `masked` is read as "the name" and `hidden` not at all; both sorted.
    pub fn probabilities(&self, text: &str, masked: &[Range<usize>], hidden: &[Range<usize>]) -> [f32; 3] {
        self.calibrated(self.logits(text, masked, hidden))
    }

    /// The logits of negative and positive against neutral, before calibration.
    pub(super) fn logits(&self, text: &str, masked: &[Range<usize>], hidden: &[Range<usize>]) -> [f32; 2] {
        self.header.mixed(self.lanes(text, masked, hidden))
    }

    /// The same as one kind of text has them.
    pub(super) fn logits_of_kind(&self, text: &str, kind: usize) -> [f32; 2] {
        let lanes = self.lanes(text, &[], &[]);
        [lanes[2 * kind], lanes[2 * kind + 1]]
    }

    fn lanes(&self, text: &str, masked: &[Range<usize>], hidden: &[Range<usize>]) -> [f32; 8] {
        let (wide, count) = match &self.table {
            Table::Narrow(table) => {
                let ([negative, positive], count) = summed(table, text, masked, hidden);
                ([negative, positive, 0, 0, 0, 0, 0, 0], count)
            }
            Table::Wide(table) => summed(table, text, masked, hidden),
        };
        let norm = 1.0 / (count.max(1) as f32).sqrt();
        let mut lanes = [0.0_f32; 8];
        let lines = self.header.scales.iter().zip(&self.header.biases);
        for (lane, (sum, (scale, bias))) in lanes.iter_mut().zip(wide.iter().zip(lines)) {
            *lane = *sum as f32 * scale * norm + bias;
        }
        lanes
    }

    pub(super) fn calibrated(&self, [negative, positive]: [f32; 2]) -> [f32; 3] {
        let Header { sharpness, tilt, neutral, .. } = self.header;
        let (negative, positive) = (negative * sharpness + tilt[0], positive * sharpness + tilt[1]);
        if neutral {
            return softmax([negative, 0.0, positive]);
        }
        // It knows only which of the two is likelier, and lets the middle be neutral.
        let half = (negative - positive) / 2.0;
        softmax([half, MIDDLE, -half])
    }

    /// The bytes of its file.
    pub fn to_bytes(&self) -> Vec<u8> {
        let header = serde_json::to_vec(&self.header).unwrap_or_default();
        let mut bytes = MAGIC.to_vec();
        bytes.push(VERSION);
        bytes.extend((header.len() as u32).to_le_bytes());
        bytes.extend(&header);
        bytes.extend(match &self.table {
            Table::Narrow(table) => table.as_bytes(),
            Table::Wide(table) => table.as_bytes(),
        });
        let sum = xxh3_64(&bytes);
        bytes.extend(sum.to_le_bytes());
        bytes
    }

    /// Reads a model's file.
    ///
    /// # Errors
    /// When it is no model, of another version, or damaged.
    pub fn from_bytes(bytes: &[u8]) -> Result<Model, ModelFault> {
        let rest = bytes.strip_prefix(MAGIC).ok_or(ModelFault::NoModel)?;
        let (version, rest) = rest.split_first().ok_or(ModelFault::Damaged)?;
        if *version != VERSION {
            return Err(ModelFault::Version(*version));
        }
        let (said, sum) = bytes.split_last_chunk::<8>().ok_or(ModelFault::Damaged)?;
        if xxh3_64(said) != u64::from_le_bytes(*sum) {
            return Err(ModelFault::Damaged);
        }
        let rest = rest.get(..rest.len().saturating_sub(8)).ok_or(ModelFault::Damaged)?;
        let (len, rest) = rest.split_first_chunk::<4>().ok_or(ModelFault::Damaged)?;
        let (header, weights) = rest.split_at_checked(u32::from_le_bytes(*len) as usize).ok_or(ModelFault::Damaged)?;
        let header: Header = serde_json::from_slice(header).map_err(|_| ModelFault::Damaged)?;
        let fits = (1..=MOST_KINDS).contains(&header.kinds.len())
            && (1..=MOST_BITS).contains(&header.bits)
            && header.scales.len() == header.lanes()
            && header.biases.len() == header.lanes();
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

/// The sums of the weights of a text's features, and how many features it has.
fn summed<const N: usize>(
    weights: &impl Weights<N>,
    text: &str,
    masked: &[Range<usize>],
    hidden: &[Range<usize>],
) -> ([i32; N], u32) {
    let mut sums = Sums::of(weights);
    features(text, masked, hidden, &mut |features| sums.add(features));
    sums.so_far()
}

impl Header {
    /// The logits of negative and positive, of what the kinds say by how likely each is.
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
