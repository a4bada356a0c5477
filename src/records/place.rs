//! How far a partition was read, with a mark of the last record that was read.

use serde::{Deserialize, Serialize};

/// What tells a record from another one at the same offset of another log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mark {
    /// The offset of the record.
    pub offset: i64,
    /// A hash of the record's time and value.
    pub hash: u64,
}

/// How far a partition was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Written", into = "Written")]
pub struct Place {
    /// The first offset that was not read.
    pub offset: i64,
    /// The last record before it; `None` where it is not known.
    pub mark: Option<Mark>,
}

impl From<i64> for Place {
    fn from(offset: i64) -> Place {
        Place { offset, mark: None }
    }
}

/// A place in JSON. The hash is text: not every reader of JSON keeps 64 bits of a number.
#[derive(Serialize, Deserialize)]
struct Written {
    offset: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    mark: Option<(i64, String)>,
}

impl From<Written> for Place {
    fn from(written: Written) -> Place {
        let mark = written.mark.and_then(|(offset, hash)| Some((offset, u64::from_str_radix(&hash, 16).ok()?)));
        Place { offset: written.offset, mark: mark.map(|(offset, hash)| Mark { offset, hash }) }
    }
}

impl From<Place> for Written {
    fn from(place: Place) -> Written {
        Written { offset: place.offset, mark: place.mark.map(|mark| (mark.offset, format!("{:016x}", mark.hash))) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_written_and_read_back() {
        let place = Place { offset: 50, mark: Some(Mark { offset: 48, hash: u64::MAX - 1 }) };
        let json = serde_json::to_string(&place).unwrap();
        assert_eq!(json, r#"{"offset":50,"mark":[48,"fffffffffffffffe"]}"#);
        assert_eq!(serde_json::from_str::<Place>(&json).unwrap(), place);
        assert_eq!(serde_json::from_str::<Place>(r#"{"offset":3}"#).unwrap(), Place::from(3));
    }
}
