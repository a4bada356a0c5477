//! Where the weights of a model are: a table of places, in pairs. A feature that the model knows owns one of the two
//! places of its pair, which has its mark.

use std::hint::select_unpredictable;

use super::accumulate::Weights;
use super::feature_buffer::GATHERED;

/// The mark of a place that no feature owns.
const NOBODY: u8 = 0;

/// The mark by which a place knows the feature that owns it; which pair that is in, its upper bits say.
#[inline(always)]
fn mark(feature: u32) -> u8 {
    (feature as u8).max(1)
}

/// Read eight at a time, from any byte on.
const BEYOND: usize = 8;

/// A table of places with `N` weights each. A pair is two marks and the weights of both, without a gap: what one
/// feature asks for lies together.
#[derive(Clone, PartialEq)]
pub(super) struct WeightTable<const N: usize> {
    bytes: Box<[u8]>,
    shift: u32,
}

impl<const N: usize> WeightTable<N> {
    const PAIR: usize = 2 + 2 * N;

    /// A table of 2^`bits` places for these features, the first of which are the first to choose; those for which there
    /// is no room are left out.
    pub(super) fn of(bits: u32, features: impl IntoIterator<Item = (u32, [i8; N])>) -> WeightTable<N> {
        let mut places = WeightTable { bytes: vec![0; (Self::PAIR << (bits - 1)) + BEYOND].into(), shift: 33 - bits };
        for (feature, weights) in features {
            let at = (feature >> places.shift) as usize * Self::PAIR;
            let pair = &mut places.bytes[at..at + Self::PAIR];
            let first = (feature >> (places.shift - 1)) as usize & 1;
            let Some(free) = [first, first ^ 1].into_iter().find(|side| pair[*side] == NOBODY) else { continue };
            pair[free] = mark(feature);
            let weights = weights.map(i8::cast_unsigned);
            pair[2 + free * N..2 + free * N + N].copy_from_slice(&weights);
        }
        places
    }

    /// As they are in a file.
    pub(super) fn as_bytes(&self) -> &[u8] {
        &self.bytes[..self.bytes.len() - BEYOND]
    }

    /// Of a file's bytes; none where they are too many or too few for 2^`bits` places.
    pub(super) fn from_bytes(bits: u32, bytes: &[u8]) -> Option<WeightTable<N>> {
        let fits = (1..32).contains(&bits) && bytes.len() == Self::PAIR << (bits - 1);
        fits.then(|| WeightTable { bytes: [bytes, &[0; BEYOND]].concat().into(), shift: 33 - bits })
    }

    /// The eight bytes from `at` on.
    #[inline(always)]
    fn eight(&self, at: usize) -> u64 {
        self.bytes.get(at..at + 8).and_then(|bytes| bytes.try_into().ok()).map_or(0, u64::from_le_bytes)
    }
}

/// A weight with this turned is what it is above -128: sums of several in one number do not touch each other.
const SIGNS: u64 = 0x8080_8080_8080_8080;
const EVEN: u64 = 0x00ff_00ff_00ff_00ff;
const _: () = assert!(GATHERED * 255 <= 0xffff, "a lane has sixteen bits");

/// A sum of weights that were [turned](SIGNS), one for each feature.
fn signed(sum: u16, features: &[u32]) -> i32 {
    i32::from(sum) - 128 * i32::try_from(features.len()).unwrap_or(0)
}

// No branches: whether a feature is known is a toss-up.
impl Weights<2> for WeightTable<2> {
    #[inline(always)]
    fn sum(&self, features: &[u32]) -> [i32; 2] {
        let mut sums = 0_u64;
        for feature in features {
            let pair = self.eight((*feature >> self.shift) as usize * Self::PAIR);
            let mark = mark(*feature);
            let second = select_unpredictable((pair >> 8) as u8 == mark, pair >> 32, 0);
            let weights = select_unpredictable(pair as u8 == mark, pair >> 16, second) ^ SIGNS;
            sums += weights & 0xff | (weights & 0xff00) << 24;
        }
        [sums as u16, (sums >> 32) as u16].map(|sum| signed(sum, features))
    }
}

impl Weights<8> for WeightTable<8> {
    #[inline(always)]
    fn sum(&self, features: &[u32]) -> [i32; 8] {
        let (mut even, mut odd) = (0_u64, 0_u64);
        for feature in features {
            let at = (*feature >> self.shift) as usize * Self::PAIR;
            let marks = self.eight(at);
            let mark = mark(*feature);
            let (first, second) = (marks as u8 == mark, (marks >> 8) as u8 == mark);
            let weights = self.eight(at + 2 + 8 * usize::from(!first));
            let weights = select_unpredictable(first | second, weights, 0) ^ SIGNS;
            even += weights & EVEN;
            odd += weights >> 8 & EVEN;
        }
        std::array::from_fn(|lane| {
            let lanes = if lane % 2 == 0 { even } else { odd };
            signed((lanes >> (lane / 2 * 16)) as u16, features)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// What is at the places, looked up one by one.
    fn slow<const N: usize>(places: &WeightTable<N>, features: &[u32]) -> [i32; N] {
        let mut sums = [0; N];
        for feature in features {
            let at = (feature >> places.shift) as usize * WeightTable::<N>::PAIR;
            let pair = &places.bytes[at..at + WeightTable::<N>::PAIR];
            if let Some(side) = (0..2).find(|side| pair[*side] == mark(*feature)) {
                let weights = &pair[2 + side * N..][..N];
                sums.iter_mut().zip(weights).for_each(|(sum, weight)| *sum += i32::from(weight.cast_signed()));
            }
        }
        sums
    }

    #[test]
    fn a_feature_has_one_of_two_places_or_none() {
        let [one, beside, third] = [0x1000_0001, 0x1000_0002, 0x1000_0003];
        let places = WeightTable::of(4, [(one, [1, 2]), (beside, [-3, 127]), (third, [50, 50])]);
        assert_eq!(places.sum(&[one]), [1, 2]);
        assert_eq!(places.sum(&[beside, beside]), [-6, 254]);
        assert_eq!(places.sum(&[third, 0x9000_0001]), [0, 0]);
        assert!(WeightTable::<2>::from_bytes(4, places.as_bytes()).as_ref() == Some(&places));
        assert!(WeightTable::<2>::from_bytes(5, places.as_bytes()).is_none());
    }

    proptest! {
        /// The largest weights in the longest row, and places full of whatever a file may hold.
        #[test]
        fn sums_are_exact(bytes in proptest::collection::vec(any::<u8>(), 18 << 3), features in proptest::collection::vec(any::<u32>(), 0..=GATHERED), same in any::<bool>()) {
            let narrow = WeightTable::<2>::from_bytes(4, &bytes[..6 << 3]).unwrap();
            let wide = WeightTable::<8>::from_bytes(4, &bytes).unwrap();
            let features = if same { vec![features.first().copied().unwrap_or(1); GATHERED] } else { features };
            prop_assert_eq!(narrow.sum(&features), slow(&narrow, &features));
            prop_assert_eq!(wide.sum(&features), slow(&wide, &features));
        }
    }
}
