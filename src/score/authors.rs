//! Distinct authors, counted in a sketch that merges in any order.

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
        self.0.get_registers().iter().all(|value| *value == 0)
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

/// Written as the pairs `register, value` of the registers in use, in order: short while there are few authors.
impl Serialize for Authors {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let used = self.0.get_registers().iter().enumerate().filter(|(_, value)| **value > 0);
        serializer.collect_seq(used.flat_map(|(register, value)| [register as u16, u16::from(*value)]))
    }
}

impl<'de> Deserialize<'de> for Authors {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Authors, D::Error> {
        let pairs = Vec::<u16>::deserialize(deserializer)?;
        let mut registers = vec![0_u8; 1 << P];
        for pair in pairs.chunks(2) {
            let (Some(register), Ok(value)) =
                (registers.get_mut(usize::from(pair[0])), u8::try_from(pair[pair.len() - 1]))
            else {
                return Err(serde::de::Error::custom("a register of the author sketch is out of range"));
            };
            *register = value.min((64 - P + 1) as u8);
        }
        Ok(Authors(HyperLogLog::with_registers(registers)))
    }
}
