//! Random numbers: one ChaCha8 stream for each source, one small generator for the words of each mention.

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use xxhash_rust::xxh3::xxh3_64_with_seed;

/// A number determined by a seed and a label: the key of a source.
pub(super) fn key(seed: u64, label: &str) -> u64 {
    xxh3_64_with_seed(label.as_bytes(), seed)
}

/// The ChaCha8 stream of a source.
pub(super) fn stream(key: u64) -> ChaCha8Rng {
    let mut dice = Dice::new(key);
    let mut seed = [0; 32];
    for word in seed.chunks_exact_mut(8) {
        word.copy_from_slice(&dice.next().to_le_bytes());
    }
    ChaCha8Rng::from_seed(seed)
}

/// SplitMix64 (Steele, Lea, Flood 2014): eight bytes of state, so that every mention can have one of its own.
///
/// The words of a mention are drawn from it, not from the stream of the source. So if an injection changes the class of
/// a mention, it may need more or fewer words without changing later mentions.
pub(super) struct Dice(u64);

impl Dice {
    pub(super) const fn new(seed: u64) -> Dice {
        Dice(seed)
    }

    pub(super) const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix(self.0)
    }

    /// A number from 0 to below `bound`; 0 when `bound` is 0. The bias of the multiplication is below 2⁻³².
    pub(super) fn below(&mut self, bound: usize) -> usize {
        let high = u128::from(self.next()) * (bound as u128);
        usize::try_from(high >> 64).unwrap_or(0)
    }

    /// A number from 0 to below 1.
    pub(super) fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    pub(super) fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// One of `all`, which must not be empty.
    pub(super) fn pick<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }
}

/// The finalizer of SplitMix64: a bijection, so that different numbers stay different.
pub(super) const fn mix(mut word: u64) -> u64 {
    word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    word ^ (word >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splitmix_gives_the_published_numbers() {
        let mut dice = Dice::new(1_234_567);
        assert_eq!(dice.next(), 6_457_827_717_110_365_317);
        assert_eq!(dice.next(), 3_203_168_211_198_807_973);
    }

    #[test]
    fn below_reaches_every_number_evenly() {
        let mut dice = Dice::new(1);
        let mut seen = [0_u32; 7];
        for _ in 0..70_000 {
            seen[dice.below(7)] += 1;
        }
        assert!(seen.iter().all(|count| (9_500..10_500).contains(count)), "{seen:?}");
    }
}
