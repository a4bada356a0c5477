//! Instants as RFC 3339 in JSON that people read, for `#[serde(with = "…")]`. On topics an instant is a number.

use serde::Serializer;

use super::{MINUTE_MS, Timestamp};

/// Written to the second: `2014-08-01T16:30:00Z`.
///
/// # Errors
/// Those of the serializer.
pub fn serialize<S: Serializer>(at: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(at)
}

/// Written to the second, or as `null`.
pub mod option {
    use serde::Serializer;

    use crate::time::Timestamp;

    /// As [`super::serialize`] does, where there is an instant.
    ///
    /// # Errors
    /// Those of the serializer.
    pub fn serialize<S: Serializer>(at: &Option<Timestamp>, serializer: S) -> Result<S::Ok, S::Error> {
        match at {
            Some(at) => super::serialize(at, serializer),
            None => serializer.serialize_none(),
        }
    }
}

/// Written and read to the millisecond; a whole second has no fraction.
pub mod exact {
    use serde::{Deserialize, Deserializer, Serializer};

    use crate::time::Timestamp;

    /// Writes `2014-08-01T16:30:00.5Z`.
    ///
    /// # Errors
    /// When the instant is out of the range of RFC 3339.
    pub fn serialize<S: Serializer>(at: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
        let instant = jiff::Timestamp::from_millisecond(at.0).map_err(serde::ser::Error::custom)?;
        serializer.collect_str(&instant)
    }

    /// Reads any form of RFC 3339.
    ///
    /// # Errors
    /// When the text is not a time of RFC 3339.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
        let text = String::deserialize(deserializer)?;
        let instant: jiff::Timestamp = text.parse().map_err(serde::de::Error::custom)?;
        Ok(Timestamp(instant.as_millisecond()))
    }
}

/// Writes three digits of milliseconds always: `2014-08-01T16:30:00.000Z`.
///
/// # Errors
/// Those of the serializer.
pub fn millis<S: Serializer>(at: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    // Written by hand: the general printer took a quarter of the time of a whole simulated mention.
    let day_ms = 24 * 60 * MINUTE_MS;
    let (days, ms) = (at.0.div_euclid(day_ms), at.0.rem_euclid(day_ms));
    let (year, month, day) = civil(days);
    let mut text = *b"0000-00-00T00:00:00.000Z";
    put(&mut text[0..4], year);
    put(&mut text[5..7], month);
    put(&mut text[8..10], day);
    put(&mut text[11..13], ms / MINUTE_MS / 60);
    put(&mut text[14..16], ms / MINUTE_MS % 60);
    put(&mut text[17..19], ms / 1000 % 60);
    put(&mut text[20..23], ms % 1000);
    serializer.serialize_str(std::str::from_utf8(&text).unwrap_or("1970-01-01T00:00:00.000Z"))
}

/// Writes `number` in decimal digits into all of `place`.
fn put(place: &mut [u8], mut number: i64) {
    for digit in place.iter_mut().rev() {
        *digit = b'0' + u8::try_from(number.rem_euclid(10)).unwrap_or(0);
        number /= 10;
    }
}

/// Year, month and day of a number of days since 1970, counting years from March so that the leap day comes last.
fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let (month, next) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    (year + era * 400 + next, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn times_are_written_as_jiff_reads_them(ms in Timestamp::EARLIEST.0..Timestamp::LATEST.0) {
            let mut json = Vec::new();
            millis(&Timestamp(ms), &mut serde_json::Serializer::new(&mut json)).unwrap();
            let text: String = serde_json::from_slice(&json).unwrap();
            prop_assert_eq!(text.parse::<jiff::Timestamp>().unwrap().as_millisecond(), ms);
            prop_assert_eq!(text.len(), 24);
        }
    }
}
