//! What calibrates logits: a factor and two constants, fitted by maximum likelihood with equal weight for each class
//! (Platt scaling for three classes).

use super::numbers::softmax;
use orszem_records::class::Class;

/// The minimum number of texts for a calibration.
const FEWEST: usize = 30;

/// A model without neutral training texts judges a text as neutral unless one side is e^(2 · this) = 2.2 times
/// likelier.
pub(super) const MIDDLE: f32 = 0.4;

/// The factor of the logits, and the offsets added to those of negative and positive.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line {
    pub(super) sharpness: f32,
    pub(super) tilt: [f32; 2],
}

impl Line {
    /// Leaves logits as they are.
    pub(super) const PLAIN: Line = Line { sharpness: 1.0, tilt: [0.0; 2] };

    /// That of texts whose logits are those of models that were not trained on them.
    pub(super) fn of(texts: impl Iterator<Item = ([f32; 2], Class)>, neutral: bool) -> Line {
        fit(&weighted(texts), neutral)
    }

    /// How much a text is against rather than for, as log odds, from the logits of negative and 0.
    pub(super) fn against(self, negative: f32) -> f32 {
        negative * self.sharpness + self.tilt[0] - self.tilt[1]
    }

    /// The probabilities of negative, neutral and positive.
    pub(super) fn probabilities(self, [negative, positive]: [f32; 2], neutral: bool) -> [f32; 3] {
        let (negative, positive) = (negative * self.sharpness + self.tilt[0], positive * self.sharpness + self.tilt[1]);
        if neutral {
            return softmax([negative, 0.0, positive]);
        }
        // It only knows which of the two is likelier, so the middle counts as neutral.
        let half = (negative - positive) / 2.0;
        softmax([half, MIDDLE, -half])
    }
}

/// A text's logits, its class, and its weight.
pub(super) type Point = ([f32; 2], usize, f32);

/// Each class has the same weight.
pub(super) fn weighted(texts: impl Iterator<Item = ([f32; 2], Class)>) -> Vec<Point> {
    let mut points: Vec<Point> = texts.map(|(logits, class)| (logits, class.index(), 0.0)).collect();
    let mut counts = [0.0_f32; 3];
    points.iter().for_each(|(_, class, _)| counts[*class] += 1.0);
    points.iter_mut().for_each(|(_, class, weight)| *weight = 1.0 / counts[*class]);
    points
}

/// Fits the factor and the constants. `neutral`: there are neutral texts.
pub(super) fn fit(points: &[Point], neutral: bool) -> Line {
    if points.len() < FEWEST {
        return Line::PLAIN;
    }
    let total: f32 = points.iter().map(|(_, _, weight)| weight).sum();
    let Line { mut sharpness, mut tilt } = Line::PLAIN;
    for step in 0..400 {
        let (mut of_sharpness, mut of_tilt) = (0.0, [0.0; 2]);
        for ([negative, positive], class, weight) in points {
            let neutral = if neutral { 0.0 } else { -1000.0 };
            let likely = softmax([negative * sharpness + tilt[0], neutral, positive * sharpness + tilt[1]]);
            let miss = |index: usize| weight / total * (likely[index] - f32::from(u8::from(*class == index)));
            of_sharpness += miss(0) * negative + miss(2) * positive;
            of_tilt[0] += miss(0);
            of_tilt[1] += miss(2);
        }
        let rate = if step < 300 { 1.0 } else { 0.3 };
        sharpness = (sharpness - rate * of_sharpness).clamp(0.05, 20.0);
        tilt.iter_mut().zip(of_tilt).for_each(|(tilt, gradient)| *tilt -= rate * gradient);
    }
    Line { sharpness, tilt }
}
