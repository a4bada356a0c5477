//! Adds up the weights of a text's features.

/// Weights by features.
pub(super) trait Weights<const N: usize> {
    /// The sums of the weights of at most [`GATHERED`](super::feature_buffer::GATHERED) features, for each output.
    fn sum(&self, features: &[u32]) -> [i32; N];
}

/// The sums of the weights of some features, for each output.
pub(super) struct Sums<'a, W, const N: usize> {
    weights: &'a W,
    sums: [i32; N],
    count: u32,
}

impl<'a, W: Weights<N>, const N: usize> Sums<'a, W, N> {
    /// Empty sums.
    pub(super) fn of(weights: &'a W) -> Sums<'a, W, N> {
        Sums { weights, sums: [0; N], count: 0 }
    }

    /// Adds some features.
    #[inline(always)]
    pub(super) fn add(&mut self, features: &[u32]) {
        let sums = self.weights.sum(features);
        self.sums.iter_mut().zip(sums).for_each(|(sum, more)| *sum += more);
        self.count += features.len() as u32;
    }

    /// The sums so far, and the number of features, known or not.
    pub(super) fn so_far(&self) -> ([i32; N], u32) {
        (self.sums, self.count)
    }
}
