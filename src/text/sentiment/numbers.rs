//! Arithmetic with the same bits on every machine: models must be reproducible byte for byte, and the system's
//! exponential differs between libraries.

/// What is added to a small number and taken away again leaves a whole one: faster than to round it.
const ROUNDING: f32 = 1.5 * (1 << 23) as f32;
/// 1/7!, 1/6!, …, 1/0!: multiplied by, because dividing is slow.
const INVERSE_FACTORIALS: [f32; 8] = [1.0 / 5040.0, 1.0 / 720.0, 1.0 / 120.0, 1.0 / 24.0, 1.0 / 6.0, 0.5, 1.0, 1.0];

/// e to the power of `x`, to about seven digits; 0 below −80, and at most e⁸⁰.
pub(super) fn exp(x: f32) -> f32 {
    let x = x.min(80.0);
    if x.is_nan() || x < -80.0 {
        return 0.0;
    }
    // 2^whole · e^rest with |rest| ≤ ln 2 / 2.
    let whole = (x * std::f32::consts::LOG2_E + ROUNDING) - ROUNDING;
    let rest = (f64::from(x) - f64::from(whole) * std::f64::consts::LN_2) as f32;
    let sum = INVERSE_FACTORIALS.iter().fold(0.0, |sum, inverse| sum * rest + inverse);
    sum * f32::from_bits(((whole as i32 + 127) as u32) << 23)
}

/// Probabilities from their logarithms, up to a common constant.
pub(super) fn softmax<const N: usize>(logits: [f32; N]) -> [f32; N] {
    let largest = logits.iter().copied().fold(f32::MIN, f32::max);
    let powers = logits.map(|logit| exp(logit - largest));
    let sum: f32 = powers.iter().sum();
    powers.map(|power| power / sum)
}

/// A stream of random numbers with a fixed algorithm (Knuth's MMIX constants; the upper half is used).
pub(super) struct Dice(pub(super) u64);

impl Dice {
    /// A number below `limit`.
    pub(super) fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit.max(1)
    }

    /// Shuffles a list.
    pub(super) fn shuffle<T>(&mut self, things: &mut [T]) {
        for last in (1..things.len()).rev() {
            things.swap(last, self.below(last + 1));
        }
    }
}

/// The standard deviation.
pub(super) fn spread(values: &[f32]) -> f32 {
    let count = values.len().max(1) as f64;
    let mean = values.iter().map(|value| f64::from(*value)).sum::<f64>() / count;
    (values.iter().map(|value| (f64::from(*value) - mean).powi(2)).sum::<f64>() / count).sqrt() as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_exponential_is_close_to_the_systems() {
        for step in -790..790 {
            let x = step as f32 / 10.0;
            let (ours, theirs) = (f64::from(exp(x)), f64::from(x).exp());
            assert!((ours / theirs - 1.0).abs() < 1e-6, "{x}: {ours} {theirs}");
        }
        assert_eq!(softmax([1000.0, 0.0, -1000.0]), [1.0, 0.0, 0.0]);
    }
}
