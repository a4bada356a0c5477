//! The file of a model: the letters that say what it is, the length of a header, the header as JSON, the weights, and a
//! checksum over all of it.

use serde::Serialize;
use serde::de::DeserializeOwned;
use xxhash_rust::xxh3::xxh3_64;

/// Why a file is not a valid model.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum ModelFault {
    /// It has another file signature.
    #[error("is not a sentiment model of orszem")]
    NoModel,
    /// An unknown version.
    #[error("is a sentiment model of version {0}, which this version of orszem cannot read; train it again")]
    Version(u8),
    /// It is truncated or changed.
    #[error("is a damaged sentiment model")]
    Damaged,
}

/// The bytes of a file that begins with `begin`.
pub(super) fn written(begin: &[u8], header: &impl Serialize, weights: impl IntoIterator<Item = u8>) -> Vec<u8> {
    let header = serde_json::to_vec(header).unwrap_or_default();
    let mut bytes = begin.to_vec();
    bytes.extend((header.len() as u32).to_le_bytes());
    bytes.extend(&header);
    bytes.extend(weights);
    let sum = xxh3_64(&bytes);
    bytes.extend(sum.to_le_bytes());
    bytes
}

/// The header and the weights of a file. `begin` bytes, which the caller has looked at, come before them.
///
/// # Errors
/// When the file is damaged.
pub(super) fn read<H: DeserializeOwned>(bytes: &[u8], begin: usize) -> Result<(H, &[u8]), ModelFault> {
    let parts = || {
        let (said, sum) = bytes.split_last_chunk::<8>()?;
        let (len, rest) = said.get(begin..)?.split_first_chunk::<4>()?;
        let (header, weights) = rest.split_at_checked(u32::from_le_bytes(*len) as usize)?;
        let header = serde_json::from_slice(header).ok()?;
        (xxh3_64(said) == u64::from_le_bytes(*sum)).then_some((header, weights))
    };
    parts().ok_or(ModelFault::Damaged)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_as_it_was_written_and_damage_is_seen() {
        let bytes = written(b"kind", &"header", [1, 2, 3]);
        assert_eq!(read::<String>(&bytes, 4).unwrap(), ("header".to_owned(), &[1, 2, 3][..]));
        for at in 0..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[at] ^= 1;
            assert!(read::<String>(&damaged, 4).is_err(), "byte {at}");
            assert!(read::<String>(&bytes[..at], 4).is_err(), "cut after {at}");
        }
    }
}
