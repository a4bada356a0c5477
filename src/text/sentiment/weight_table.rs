//! The weights of a model: a table of slots, in pairs. A known feature owns one of the two slots of its pair; the slot
//! has the feature's mark.

use std::hint::select_unpredictable;

use super::accumulate::Weights;
use super::feature_buffer::GATHERED;

/// The mark of a free slot.
const NOBODY: u8 = 0;

/// The mark that identifies the feature in a slot; the pair is chosen by the feature's upper bits.
#[inline(always)]
fn mark(feature: u32) -> u8 {
    (feature as u8).max(1)
}

/// Weights are read eight at a time, from any byte.
const BEYOND: usize = 8;

/// A table of slots with `N` weights each. A pair is two marks and the weights of both, without a gap, so that a lookup
/// reads adjacent memory.
#[derive(Clone, PartialEq)]
pub(super) struct WeightTable<const N: usize> {
    bytes: Box<[u8]>,
    shift: u32,
}

impl<const N: usize> WeightTable<N> {
    const PAIR: usize = 2 + 2 * N;

    /// A table of 2^`bits` slots for these features. Earlier features choose first; features without a free slot are
    /// left out.
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

    /// The bytes of the table, as in a file.
    pub(super) fn as_bytes(&self) -> &[u8] {
        &self.bytes[..self.bytes.len() - BEYOND]
    }

    /// A table from a file's bytes; `None` if their number does not match 2^`bits` slots.
    pub(super) fn from_bytes(bits: u32, bytes: &[u8]) -> Option<WeightTable<N>> {
        let fits = (1..32).contains(&bits) && bytes.len() == Self::PAIR << (bits - 1);
        fits.then(|| WeightTable { bytes: [bytes, &[0; BEYOND]].concat().into(), shift: 33 - bits })
    }

    /// The eight bytes from `at`.
    #[inline(always)]
    fn eight(&self, at: usize) -> u64 {
        self.bytes.get(at..at + 8).and_then(|bytes| bytes.try_into().ok()).map_or(0, u64::from_le_bytes)
    }
}

/// Flipping these bits turns a weight into its distance from -128, so that several sums fit in one integer without
/// interfering.
const SIGNS: u64 = 0x8080_8080_8080_8080;
const EVEN: u64 = 0x00ff_00ff_00ff_00ff;
const _: () = assert!(GATHERED * 255 <= 0xffff, "a lane has sixteen bits");

/// A sum of [flipped](SIGNS) weights, one for each feature.
fn signed(sum: u16, features: &[u32]) -> i32 {
    i32::from(sum) - 128 * i32::try_from(features.len()).unwrap_or(0)
}

// No branches, because whether a feature is known is unpredictable.
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
        let (pairs, _) = self.bytes.as_chunks::<{ WeightTable::<8>::PAIR }>();
        let (mut even, mut odd) = (0_u64, 0_u64);
        for feature in features {
            // Always there.
            let Some(pair) = pairs.get((*feature >> self.shift) as usize) else { continue };
            let mark = mark(*feature);
            let (first, second) = (pair[0] == mark, pair[1] == mark);
            let [_, _, weights @ ..] = pair;
            let (weights, _) = weights.as_chunks::<8>();
            let weights = u64::from_le_bytes(weights[usize::from(!first)]);
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

    /// The weights in the slots, looked up one by one.
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
        /// The largest weights in the longest row, and slots with arbitrary content of a file.
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
