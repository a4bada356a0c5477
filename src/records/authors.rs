//! Distinct authors, counted in a sketch that merges in any order.

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use serde::de::{Error, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use simple_hll::HyperLogLog;

/// 2^9 registers: 512 bytes and a standard error of 1.04/√512 = 4.6 %.
const P: usize = 9;

/// A HyperLogLog of author ids. Registers only grow, so merging is commutative, associative and idempotent.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Authors(HyperLogLog<P>);

impl Authors {
    /// Adds an author by id.
    pub fn add(&mut self, id: &str) {
        self.0.add_hash(xxhash_rust::xxh3::xxh3_64(id.as_bytes()));
    }

    /// Adds everybody that `other` has seen.
    pub fn merge(&mut self, other: &Authors) {
        self.0.merge(&other.0);
    }

    /// Nobody was added.
    pub fn is_empty(&self) -> bool {
        *self.0.get_registers() == [0; 1 << P]
    }

    /// The estimated number of distinct authors.
    pub fn count(&self) -> u64 {
        self.0.count() as u64
    }
}

/// The registers say nothing to a reader of logs and test failures.
impl std::fmt::Debug for Authors {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Authors(about {})", self.count())
    }
}

/// Written as the pairs `register, value` of the registers in use, in order, while there are few; as base64 of all
/// registers beyond `FEW`.
impl Serialize for Authors {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let registers = self.0.get_registers();
        if registers.iter().filter(|value| **value > 0).count() > FEW {
            return serializer.serialize_str(&STANDARD_NO_PAD.encode(registers));
        }
        // Most are not in use: those are passed over many at once.
        let rows = (0_u16..).step_by(ROW).zip(registers.chunks(ROW)).filter(|(_, row)| **row != [0; ROW]);
        let all = rows.flat_map(|(first, row)| (first..).zip(row));
        let used = all.filter(|(_, value)| **value > 0);
        serializer.collect_seq(used.flat_map(|(register, value)| [register, u16::from(*value)]))
    }
}

/// Registers that are looked at together.
const ROW: usize = 16;

/// More registers in use than this are shorter as base64: 683 characters.
const FEW: usize = 120;
/// The largest value of a register.
const LARGEST: u8 = (64 - P + 1) as u8;

impl<'de> Deserialize<'de> for Authors {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Authors, D::Error> {
        deserializer.deserialize_any(Registers)
    }
}

/// Reads both forms as they come, without a copy in between.
struct Registers;

fn wrong<E: Error>() -> E {
    E::custom("a register of the author sketch is out of range")
}

impl<'de> Visitor<'de> for Registers {
    type Value = Authors;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the registers of an author sketch")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut pairs: A) -> Result<Authors, A::Error> {
        let mut registers = vec![0_u8; 1 << P];
        while let Some(register) = pairs.next_element::<u16>()? {
            let value = pairs.next_element::<u8>()?.ok_or_else(wrong)?;
            *registers.get_mut(usize::from(register)).ok_or_else(wrong)? = value.min(LARGEST);
        }
        Ok(Authors(HyperLogLog::with_registers(registers)))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Authors, E> {
        let bytes = STANDARD_NO_PAD.decode(text).ok().filter(|bytes| bytes.len() == 1 << P);
        let mut registers = bytes.ok_or_else(wrong)?;
        registers.iter_mut().for_each(|value| *value = (*value).min(LARGEST));
        Ok(Authors(HyperLogLog::with_registers(registers)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_and_many_are_read_as_they_were_written() {
        for people in [0_u32, 1, 50, 119, 400, 100_000] {
            let mut authors = Authors::default();
            (0..people).for_each(|id| authors.add(&id.to_string()));
            let text = serde_json::to_string(&authors).unwrap();
            assert!(text.len() < 1000, "{people}: {}", text.len());
            assert_eq!(serde_json::from_str::<Authors>(&text).unwrap(), authors);
        }
        assert!(serde_json::from_str::<Authors>("[512,1]").is_err());
        assert!(serde_json::from_str::<Authors>("[5,1,6]").is_err());
        assert!(serde_json::from_str::<Authors>("\"AAAA\"").is_err());
    }
}
