//! Fits weights: multinomial logistic regression over hashed features by AdaGrad, with bit-identical results.

use super::lexicon::GROUPS;
use super::numbers::{Dice, softmax};

/// The parameters of the fit.
#[derive(Clone, Copy, Debug)]
pub(super) struct Settings {
    /// The number of features.
    pub(super) features: usize,
    /// The number of passes over all examples.
    pub(super) epochs: usize,
    /// The first step of a weight.
    pub(super) rate: f32,
    /// The initial squared gradients of a weight. Large values compared with those of a text damp features of few
    /// texts.
    pub(super) damping: f32,
    /// The regularisation: how strongly a weight is pulled to where it started each time it is used.
    pub(super) decay: f32,
}

/// One text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row<'a> {
    /// Its class, from 0.
    pub(super) class: usize,
    /// The numbers of its known features.
    pub(super) features: &'a [u32],
    /// The number of its features, known or not.
    pub(super) count: u32,
}

/// The groups of features of word lists (0 means none). A group shares a weight, so that words without training texts
/// benefit from the others.
pub(super) type Groups = [u8];

/// The step of the shared biases.
const SHARED_RATE: f32 = 0.1;

/// The fitted weights.
pub(super) struct Fitted<const N: usize> {
    /// The weights of each feature.
    pub(super) weights: Vec<[f32; N]>,
    /// The biases.
    pub(super) bias: [f32; N],
}

/// A weight and the sum of its squared gradients.
#[derive(Clone, Copy)]
struct Slope {
    weight: f32,
    squares: f32,
}

impl Slope {
    const FLAT: Slope = Slope { weight: 0.0, squares: 1e-8 };

    #[inline]
    fn step(&mut self, gradient: f32, rate: f32) {
        self.squares += gradient * gradient;
        self.weight -= rate * gradient / self.squares.sqrt();
    }
}

/// Fits weights for `rows`. Classes without rows are ignored: the others share all probability. `groups` has a value
/// for each feature, or is empty. Texts are weighted as if all classes were equally common.
///
/// `start` has the weights of each feature at the start, or is empty: then they are 0.
pub(super) fn fit<const N: usize>(
    rows: &[Row<'_>],
    groups: &Groups,
    start: &[[f32; N]],
    settings: Settings,
) -> Fitted<N> {
    let mut common = [0.0_f32; N];
    rows.iter().for_each(|row| common[row.class] += 1.0);
    let classes = common.iter().filter(|common| **common > 0.0).count().max(1) as f32;
    let total: f32 = common.iter().sum();
    let balance = common.map(|common| if common > 0.0 { total / classes / common } else { 0.0 });

    let start_of = |feature: usize| start.get(feature).copied().unwrap_or([0.0; N]);
    let slope = |weight: f32| Slope { weight, squares: settings.damping };
    let mut slopes: Vec<[Slope; N]> = (0..settings.features).map(|feature| start_of(feature).map(slope)).collect();
    let mut of_groups = [[Slope::FLAT; N]; GROUPS];
    let mut bias = [Slope::FLAT; N];
    let mut order: Vec<usize> = (0..rows.len()).collect();
    let mut dice = Dice(1);
    for _ in 0..settings.epochs {
        dice.shuffle(&mut order);
        for row in order.iter().map(|index| rows[*index]) {
            let norm = 1.0 / (row.count.max(1) as f32).sqrt();
            let mut counts = [0.0_f32; GROUPS];
            let mut logits = [0.0_f32; N];
            for feature in row.features {
                let slopes = &slopes[*feature as usize];
                logits.iter_mut().zip(slopes).for_each(|(logit, slope)| *logit += slope.weight);
                if let Some(group @ 1..) = groups.get(*feature as usize) {
                    counts[usize::from(*group)] += 1.0;
                }
            }
            for (slopes, count) in of_groups.iter().zip(counts) {
                logits.iter_mut().zip(slopes).for_each(|(logit, slope)| *logit += count * slope.weight);
            }
            for (class, logit) in logits.iter_mut().enumerate() {
                *logit = if common[class] > 0.0 { *logit * norm + bias[class].weight } else { -1000.0 };
            }
            let likely = softmax(logits);
            let weight = balance[row.class];
            for class in (0..N).filter(|class| common[*class] > 0.0) {
                let miss = weight * (likely[class] - f32::from(u8::from(class == row.class)));
                let gradient = miss * norm;
                for feature in row.features {
                    let slope = &mut slopes[*feature as usize][class];
                    let moved = slope.weight - start_of(*feature as usize)[class];
                    slope.step(gradient + settings.decay * moved, settings.rate);
                }
                for (slopes, count) in of_groups.iter_mut().zip(counts) {
                    if count > 0.0 {
                        slopes[class].step(gradient * count, SHARED_RATE);
                    }
                }
                bias[class].step(miss, SHARED_RATE);
            }
        }
    }
    let mut weights: Vec<[f32; N]> = slopes.iter().map(|slopes| slopes.map(|slope| slope.weight)).collect();
    for (weights, group) in weights.iter_mut().zip(groups).filter(|(_, group)| **group > 0) {
        let shared = of_groups[usize::from(*group)];
        weights.iter_mut().zip(shared).for_each(|(weight, slope)| *weight += slope.weight);
    }
    Fitted { weights, bias: bias.map(|slope| slope.weight) }
}
