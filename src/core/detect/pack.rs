//! The compact form of a snapshot's numbers: variable-length integers and the bits of floats, as base64.

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;

/// Writes numbers one after the other.
#[derive(Debug, Default)]
pub struct Packer(Vec<u8>);

impl Packer {
    /// An unsigned integer: 7 bits a byte, the smallest first.
    pub fn unsigned(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.0.push(value as u8 | 0x80);
            value >>= 7;
        }
        self.0.push(value as u8);
    }

    /// A signed integer: small ones of either sign are short.
    pub fn signed(&mut self, value: i64) {
        self.unsigned(((value << 1) ^ (value >> 63)) as u64);
    }

    /// A float, bit for bit.
    pub fn float(&mut self, value: f32) {
        self.0.extend_from_slice(&value.to_bits().to_le_bytes());
    }

    /// The bytes.
    pub fn finish(self) -> Vec<u8> {
        self.0
    }

    /// The bytes as text.
    pub fn text(self) -> String {
        STANDARD_NO_PAD.encode(self.0)
    }
}

/// Reads what a [`Packer`] wrote, in the same order. `None`: it ends too early or is no number.
#[derive(Debug)]
pub struct Unpacker<'a>(&'a [u8]);

/// Bytes as text.
pub fn text(bytes: &[u8]) -> String {
    STANDARD_NO_PAD.encode(bytes)
}

/// The bytes of a packed text.
pub fn bytes(text: &str) -> Option<Vec<u8>> {
    STANDARD_NO_PAD.decode(text).ok()
}

impl<'a> Unpacker<'a> {
    /// Reads from `bytes`.
    pub fn new(bytes: &'a [u8]) -> Unpacker<'a> {
        Unpacker(bytes)
    }

    /// An unsigned integer.
    pub fn unsigned(&mut self) -> Option<u64> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let (byte, rest) = self.0.split_first()?;
            self.0 = rest;
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }

    /// A signed integer.
    pub fn signed(&mut self) -> Option<i64> {
        let value = self.unsigned()?;
        Some((value >> 1).cast_signed() ^ -(value & 1).cast_signed())
    }

    /// A float.
    pub fn float(&mut self) -> Option<f32> {
        let (bits, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(f32::from_bits(u32::from_le_bytes(*bits)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_was_written_is_read(values in proptest::collection::vec((any::<u64>(), any::<i64>(), any::<u32>()), 0..20)) {
            let mut packer = Packer::default();
            for (unsigned, signed, bits) in &values {
                packer.unsigned(*unsigned);
                packer.signed(*signed);
                packer.float(f32::from_bits(*bits));
            }
            let bytes = bytes(&packer.text()).unwrap();
            let mut unpacker = Unpacker::new(&bytes);
            for (unsigned, signed, bits) in values {
                prop_assert_eq!(unpacker.unsigned(), Some(unsigned));
                prop_assert_eq!(unpacker.signed(), Some(signed));
                prop_assert_eq!(unpacker.float().map(f32::to_bits), Some(bits));
            }
            prop_assert_eq!(unpacker.unsigned(), None);
        }

        #[test]
        fn rubbish_is_refused_not_a_panic(rubbish in proptest::collection::vec(any::<u8>(), 0..40)) {
            let mut unpacker = Unpacker::new(&rubbish);
            while unpacker.unsigned().is_some() {}
        }
    }
}
