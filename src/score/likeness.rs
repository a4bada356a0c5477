//! Texts that are nearly the same: a few words changed, added or left out.
//!
//! MinHash over runs of three words (Broder 1997), in bands: two texts are alike when any band of three minima is the
//! same. Of texts that share half of their runs that finds two thirds, of those that share a tenth less than one in a
//! hundred. Memory is bounded as that of [`Seen`] is.

use super::repeats::Seen;

/// Words in a run.
const RUN: usize = 3;
/// Texts of fewer words are alike by chance.
const LEAST_WORDS: usize = 6;
/// Bands, and minima in each.
const BANDS: usize = 8;
const ROWS: usize = 3;
/// So much smaller is the window than that of exact copies: each text has as many keys.
const SHARE: u32 = BANDS as u32;

/// What near copies are known by.
#[derive(Debug)]
pub struct Likeness {
    seen: Seen,
    words: Vec<u64>,
}

/// Odd multipliers, one for each minimum: the golden ratio's, stepped.
const fn multipliers() -> [u64; BANDS * ROWS] {
    let mut all = [0; BANDS * ROWS];
    let mut at = 0;
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    while at < all.len() {
        state = state.wrapping_mul(0xd134_2543_de82_ef95).wrapping_add(0x2545_f491_4f6c_dd1d);
        all[at] = state | 1;
        at += 1;
    }
    all
}

const MULTIPLIERS: [u64; BANDS * ROWS] = multipliers();

impl Likeness {
    /// Remembers texts at least `window` / 8 records back.
    pub fn new(window: u32) -> Likeness {
        Likeness { seen: Seen::new((window / SHARE).max(1)), words: Vec::new() }
    }

    /// Takes in what the text of the record at `offset` says, its words apart by spaces (see
    /// [`text_key`](super::repeats::text_key)); true when one like it came before. Offsets come in order.
    pub fn is_alike(&mut self, offset: i64, said: &[u8]) -> bool {
        self.words.clear();
        let words = said.split(|byte| *byte == b' ').filter(|word| !word.is_empty());
        self.words.extend(words.map(xxhash_rust::xxh3::xxh3_64));
        if self.words.len() < LEAST_WORDS {
            return false;
        }
        let mut minima = [u64::MAX; BANDS * ROWS];
        for run in self.words.windows(RUN) {
            let run =
                run.iter().fold(0_u64, |hash, word| hash.rotate_left(21).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ word);
            for (least, multiplier) in minima.iter_mut().zip(MULTIPLIERS) {
                *least = (*least).min((run ^ (run >> 29)).wrapping_mul(multiplier));
            }
        }
        let mut alike = false;
        for (band, minima) in minima.chunks_exact(ROWS).enumerate() {
            let key =
                minima.iter().fold(band as u64 + 1, |key, least| (key ^ least).wrapping_mul(0xd6e8_feb8_6659_fd93));
            alike |= self.seen.is_repeat(offset, key ^ (key >> 32));
        }
        alike
    }

    /// How many keys are held.
    pub fn held(&self) -> usize {
        self.seen.held()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::{RngExt, SeedableRng};
    use rand_chacha::ChaCha8Rng;

    fn words(random: &mut ChaCha8Rng, count: usize) -> Vec<String> {
        (0..count).map(|_| format!("w{}", random.random_range(0..5_000))).collect()
    }

    #[test]
    fn a_word_more_or_another_is_alike_and_another_text_is_not() {
        let mut random = ChaCha8Rng::seed_from_u64(1);
        let mut likeness = Likeness::new(80_000);
        let (mut found, mut wrong) = (0, 0);
        for round in 0..500 {
            let text = words(&mut random, 14);
            wrong += u32::from(likeness.is_alike(2 * round, text.join(" ").as_bytes()));
            let mut near = text.clone();
            near[usize::try_from(round % 14).unwrap()] = "another".into();
            near.push("more".into());
            found += u32::from(likeness.is_alike(2 * round + 1, near.join(" ").as_bytes()));
        }
        assert!(found >= 375, "{found} of 500");
        assert!(wrong <= 5, "{wrong} of 500");
    }

    #[test]
    fn short_texts_are_never_alike_and_memory_is_bounded() {
        let mut likeness = Likeness::new(80);
        for offset in 0..1_000 {
            assert!(!likeness.is_alike(offset, b"just the same five words"));
            likeness.is_alike(offset, format!("a b c d e f g h {offset}").as_bytes());
            assert!(likeness.held() <= 2 * 10 * BANDS);
        }
    }
}
