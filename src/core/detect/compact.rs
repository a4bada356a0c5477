//! A count in two bytes, to one part in two thousand: for the many half hours that are kept of each watch.

/// A count from 0 to 70 million: exact to a sixteenth below 128, then to 11 bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Compact(u16);

/// Bits of the significand, the first of which is not written.
const BITS: u32 = 11;
/// Parts of a mention that are told apart.
const PARTS: f64 = 16.0;

impl Compact {
    /// The nearest that can be kept; what is less than nothing is nothing.
    pub(crate) fn new(count: f64) -> Compact {
        let parts = (count * PARTS).round().clamp(0.0, 2_f64.powi(30)) as u32;
        let shift = (u32::BITS - parts.leading_zeros()).saturating_sub(BITS);
        // Half of what is cut off goes up; should that carry, the next exponent has it.
        let rounded = if shift > 0 { parts.saturating_add(1 << (shift - 1)) } else { parts };
        let shift = (u32::BITS - rounded.leading_zeros()).saturating_sub(BITS);
        let significand = rounded >> shift;
        // Below 2^11 parts the significand is as it is.
        let written = if shift == 0 { significand } else { (shift << (BITS - 1)) + significand };
        Compact(written as u16)
    }

    /// The count.
    pub(crate) fn value(self) -> f64 {
        let written = u32::from(self.0);
        let whole = 1 << BITS;
        if written < whole {
            return f64::from(written) / PARTS;
        }
        let shift = (written >> (BITS - 1)) - 1;
        let significand = written - (shift << (BITS - 1));
        f64::from(significand) * f64::from(1_u32 << shift) / PARTS
    }

    /// As it is written in a snapshot.
    pub(crate) fn bits(self) -> u64 {
        u64::from(self.0)
    }

    /// Reads what [`Compact::bits`] gave.
    pub(crate) fn from_bits(bits: u64) -> Option<Compact> {
        Some(Compact(u16::try_from(bits).ok().filter(|bits| *bits < HIGHEST)?))
    }
}

/// No count is written as this or more.
const HIGHEST: u16 = 21 << (BITS - 1) | 1;

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn small_counts_are_exact_and_none_is_too_large() {
        for sixteenths in 0..2_048_u32 {
            let count = f64::from(sixteenths) / 16.0;
            assert_eq!(Compact::new(count).value(), count);
        }
        assert_eq!(Compact::new(-3.0).value(), 0.0);
        let largest = Compact::new(f64::INFINITY);
        assert_eq!(largest.value(), 2_f64.powi(26));
        assert_eq!(Compact::from_bits(largest.bits()), Some(largest));
        assert_eq!(Compact::from_bits(u64::from(HIGHEST)), None);
    }

    proptest! {
        #[test]
        fn every_count_is_kept_to_one_part_in_two_thousand_and_in_order(one in 0.0_f64..6e7, other in 0.0_f64..6e7) {
            let kept = Compact::new(one);
            prop_assert!((kept.value() - one).abs() <= one / 2_000.0 + 1.0 / 32.0, "{one} {}", kept.value());
            prop_assert_eq!(Compact::from_bits(kept.bits()), Some(kept));
            prop_assert_eq!(Compact::new(kept.value()), kept);
            if one <= other {
                prop_assert!(kept <= Compact::new(other));
            }
        }
    }
}
