//! Adds up the weights of a text's features.
//!
//! The features are gathered first and looked up in a row: reading letters and adding weights each have the processor's
//! registers to themselves.

/// So many features are gathered: each may be that of both its places, and 2 · 127 · 128 is still a small whole number.
const GATHERED: usize = 128;

/// The mark of a place that no feature owns.
pub(super) const NOBODY: u8 = 0;

/// The mark by which a place knows the feature that owns it; which place that is, its upper bits say.
#[inline(always)]
pub(super) fn mark(feature: u32) -> u8 {
    (feature as u8).max(1)
}

/// Weights by features.
#[derive(Clone, Copy)]
pub(super) struct Weights<'a, const N: usize> {
    /// The weights at each place, 2^n of them.
    pub(super) table: &'a [[i8; N]],
    /// Whose the weights at each place are; a feature has its own place or the one beside it. Empty where a place is
    /// anybody's.
    pub(super) owners: &'a [u8],
}

/// The sums of the weights of some features, lane by lane.
pub(super) struct Sums<'a, const N: usize> {
    weights: Weights<'a, N>,
    shift: u32,
    features: [u32; GATHERED],
    len: usize,
    sums: [i32; N],
    count: u32,
}

impl<'a, const N: usize> Sums<'a, N> {
    /// None yet.
    pub(super) fn of(weights: Weights<'a, N>) -> Sums<'a, N> {
        let shift = 32 - weights.table.len().trailing_zeros();
        Sums { weights, shift, features: [0; GATHERED], len: 0, sums: [0; N], count: 0 }
    }

    /// Takes in a feature.
    #[inline(always)]
    pub(super) fn add(&mut self, feature: u32) {
        self.features[self.len % GATHERED] = feature;
        self.len += 1;
        if self.len == GATHERED {
            self.settle();
        }
    }

    #[inline(never)]
    fn settle(&mut self) {
        let mut small = [0_i16; N];
        let Weights { table, owners } = self.weights;
        let gathered = &self.features[..self.len.min(GATHERED)];
        if owners.is_empty() {
            for feature in gathered {
                let weights = &table[(*feature >> self.shift) as usize];
                small.iter_mut().zip(weights).for_each(|(sum, weight)| *sum += i16::from(*weight));
            }
        } else {
            for feature in gathered {
                let place = (*feature >> self.shift) as usize & !1;
                // No branch: whether a feature is known is a toss-up.
                for (owner, weights) in owners[place..place + 2].iter().zip(&table[place..place + 2]) {
                    let known = -i8::from(*owner == mark(*feature));
                    small.iter_mut().zip(weights).for_each(|(sum, weight)| *sum += i16::from(*weight & known));
                }
            }
        }
        self.sums.iter_mut().zip(small).for_each(|(sum, small)| *sum += i32::from(small));
        self.count += self.len as u32;
        self.len = 0;
    }

    /// The sums so far, and how many features they are of, known or not.
    pub(super) fn so_far(&mut self) -> ([i32; N], u32) {
        self.settle();
        (self.sums, self.count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Neighbours can have the same mark: a text that repeats such a feature counts it in full.
    #[test]
    fn a_feature_of_both_its_places_does_not_run_over() {
        let table = [[127_i8, -127]; 2];
        let mut sums = Sums::of(Weights { table: &table, owners: &[9, 9] });
        (0..1000).for_each(|_| sums.add(9));
        assert_eq!(sums.so_far(), ([254_000, -254_000], 1000));
    }
}
