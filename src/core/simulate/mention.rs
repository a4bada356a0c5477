//! A simulated mention.

use serde::Serialize;

use orszem_records::class::Class;
use orszem_records::time::Timestamp;

/// A simulated mention. Serialised, it is a line of the input topic, and nothing in it shows what was injected.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Mention {
    /// Its id: `sim:` and 16 hexadecimal digits.
    pub id: String,
    /// When it was published: RFC 3339 with milliseconds.
    #[serde(serialize_with = "rfc3339_millis")]
    pub published_at: Timestamp,
    /// The kind of source.
    pub source: &'static str,
    /// Its language, `hu` or `en`; sometimes missing, as in real feeds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lang: Option<&'static str>,
    /// The text.
    pub text: String,
    /// Its author; sometimes missing, as in real feeds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub author: Option<Author>,
    /// The id of the mention that it reposts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub repost_of: Option<String>,
    /// Its address, under `.example`, which RFC 2606 reserves.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The index of its company in the plan. Not serialised.
    #[serde(skip)]
    pub company: Option<usize>,
    /// Its sentiment. Not serialised.
    #[serde(skip)]
    pub class: Class,
    /// The index of the injection that added it. Not serialised.
    #[serde(skip)]
    pub injection: Option<usize>,
}

/// The author of a mention.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Author {
    /// Their id.
    pub id: String,
    /// Their name.
    pub name: String,
    /// Their followers.
    pub followers: u64,
}

fn rfc3339_millis<S: serde::Serializer>(at: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    // Hand-written: the general formatter took a quarter of the time of a whole mention.
    let (days, ms) = (at.0.div_euclid(86_400_000), at.0.rem_euclid(86_400_000));
    let (year, month, day) = civil(days);
    let mut text = *b"0000-00-00T00:00:00.000Z";
    put(&mut text[0..4], year);
    put(&mut text[5..7], month);
    put(&mut text[8..10], day);
    put(&mut text[11..13], ms / 3_600_000);
    put(&mut text[14..16], ms / 60_000 % 60);
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
            rfc3339_millis(&Timestamp(ms), &mut serde_json::Serializer::new(&mut json)).unwrap();
            let text: String = serde_json::from_slice(&json).unwrap();
            prop_assert_eq!(text.parse::<jiff::Timestamp>().unwrap().as_millisecond(), ms);
            prop_assert_eq!(text.len(), 24);
        }
    }
}
