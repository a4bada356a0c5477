//! The time formats of feeds.

use jiff::tz::TimeZone;

use super::textual_time;
use orszem_records::time::Timestamp;

/// The names of the formats that are not patterns.
pub const NAMES: [&str; 6] = ["auto", "rfc3339", "rfc2822", "unix-s", "unix-ms", "unix-us"];
/// The longest text of a time, in bytes.
const LONGEST: usize = 100;

/// A time format.
#[derive(Clone, Debug, Default)]
pub struct TimeForm {
    form: Form,
    /// The zone of times without one.
    zone: Option<TimeZone>,
}

#[derive(Clone, Debug, Default)]
enum Form {
    /// RFC 3339, RFC 2822 and similar formats, or a number whose size shows its unit.
    #[default]
    Auto,
    Rfc3339,
    Rfc2822,
    Seconds,
    Milliseconds,
    Microseconds,
    Pattern(String),
}

impl TimeForm {
    /// The format with this name, or this pattern.
    ///
    /// # Errors
    /// What is wrong with it, and the fix.
    pub fn new(written: Option<&str>, zone: Option<&str>) -> Result<TimeForm, (String, String)> {
        let form = written.map_or(Ok(Form::Auto), form)?;
        let zone = match zone {
            None => None,
            Some(name) => Some(TimeZone::get(name).map_err(|_| {
                (format!("{name:?} is not a time zone"), "write it as \"Europe/Budapest\" or \"UTC\"".to_owned())
            })?),
        };
        Ok(TimeForm { form, zone })
    }

    /// Its name, for messages.
    pub fn name(&self) -> &str {
        match &self.form {
            Form::Auto => "auto",
            Form::Rfc3339 => "rfc3339",
            Form::Rfc2822 => "rfc2822",
            Form::Seconds => "unix-s",
            Form::Milliseconds => "unix-ms",
            Form::Microseconds => "unix-us",
            Form::Pattern(pattern) => pattern,
        }
    }

    /// The instant of a text or a number (as text); `None` if it is not a time between 1990 and 2100.
    pub fn read(&self, text: &str) -> Option<Timestamp> {
        let text = text.trim();
        if text.len() > LONGEST {
            return None;
        }
        let milliseconds = match &self.form {
            Form::Auto => match number(text) {
                Some(number) => by_size(number),
                None => self.rfc3339(text).or_else(|| self.words(text))?,
            },
            Form::Rfc3339 => self.rfc3339(text)?,
            Form::Rfc2822 => self.words(text)?,
            Form::Seconds => number(text)? * 1e3,
            Form::Milliseconds => number(text)?,
            Form::Microseconds => number(text)? / 1e3,
            Form::Pattern(pattern) => self.pattern(pattern, text)?,
        };
        let at = milliseconds.is_finite().then_some(Timestamp(milliseconds as i64))?;
        (Timestamp::EARLIEST..Timestamp::LATEST).contains(&at).then_some(at)
    }

    /// Whether a text would be a time if it had a known zone, and the format has none either.
    pub fn lacks_zone(&self, text: &str) -> bool {
        let zoned = TimeForm { form: self.form.clone(), zone: Some(TimeZone::UTC) };
        self.zone.is_none() && self.read(text).is_none() && zoned.read(text).is_some()
    }

    fn words(&self, text: &str) -> Option<f64> {
        let (at, offset) = textual_time::read(text)?;
        match offset {
            Some(offset) => Some(offset.to_timestamp(at).ok()?.as_millisecond() as f64),
            None => self.civil(at),
        }
    }

    fn rfc3339(&self, text: &str) -> Option<f64> {
        match text.parse::<jiff::Timestamp>() {
            Ok(at) => Some(at.as_millisecond() as f64),
            Err(_) => self.civil(text.parse::<jiff::civil::DateTime>().ok()?),
        }
    }

    fn pattern(&self, pattern: &str, text: &str) -> Option<f64> {
        let parts = jiff::fmt::strtime::parse(pattern, text).ok()?;
        match parts.to_timestamp() {
            Ok(at) => Some(at.as_millisecond() as f64),
            Err(_) => {
                self.civil(parts.to_datetime().or_else(|_| parts.to_date().map(|date| date.at(0, 0, 0, 0))).ok()?)
            }
        }
    }

    /// A time without a zone. Of a repeated hour the first is used; a time in a skipped hour is moved forward.
    fn civil(&self, at: jiff::civil::DateTime) -> Option<f64> {
        let zoned = self.zone.as_ref()?.to_ambiguous_zoned(at).compatible().ok()?;
        Some(zoned.timestamp().as_millisecond() as f64)
    }
}

fn form(written: &str) -> Result<Form, (String, String)> {
    Ok(match written {
        "auto" => Form::Auto,
        "rfc3339" => Form::Rfc3339,
        "rfc2822" => Form::Rfc2822,
        "unix-s" => Form::Seconds,
        "unix-ms" => Form::Milliseconds,
        "unix-us" => Form::Microseconds,
        pattern if pattern.contains('%') => {
            check(pattern)?;
            Form::Pattern(pattern.to_owned())
        }
        other => {
            let right = format!("one of {}, or a strptime pattern: \"%d/%m/%Y %H:%M\"", NAMES.join(", "));
            return Err((format!("{other:?} is not a time format"), right));
        }
    })
}

/// Checks that a pattern can read its own output, at least to the day.
fn check(pattern: &str) -> Result<(), (String, String)> {
    let right = || "write a strptime pattern: %Y-%m-%d %H:%M:%S, with %z for an offset like +0200".to_owned();
    let sample = jiff::civil::date(2024, 5, 21).at(13, 45, 56, 0).to_zoned(TimeZone::UTC);
    let Ok(sample) = sample else { return Ok(()) };
    let written = jiff::fmt::strtime::format(pattern, &sample)
        .map_err(|fault| (format!("the pattern {pattern:?} is invalid ({fault})"), right()))?;
    let read = jiff::fmt::strtime::parse(pattern, &written)
        .map_err(|fault| (format!("the pattern {pattern:?} cannot be used to read times ({fault})"), right()))?;
    if read.to_timestamp().is_err() && read.to_date().is_err() {
        return Err((format!("the pattern {pattern:?} has no day"), right()));
    }
    Ok(())
}

/// Whether times of this format may lack a zone, so that the configuration must name one.
pub fn needs_zone(written: &str) -> bool {
    if form(written).is_err() {
        return false;
    }
    let sample = jiff::civil::date(2024, 5, 21).at(13, 45, 56, 0).to_zoned(TimeZone::UTC);
    let text = sample.and_then(|sample| jiff::fmt::strtime::format(written, &sample));
    written.contains('%') && text.and_then(|text| jiff::fmt::strtime::parse(written, &text)?.to_timestamp()).is_err()
}

fn number(text: &str) -> Option<f64> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte));
    // A date of digits and hyphens is not a number.
    text.parse().ok().filter(|number: &f64| plain && number.is_finite())
}

/// Seconds, milliseconds or microseconds. The limits are clear: read in the larger unit, a number would be after the
/// year 5138; in its own unit it is after 1973.
fn by_size(number: f64) -> f64 {
    match number.abs() {
        seconds if seconds < 1e11 => number * 1e3,
        milliseconds if milliseconds < 1e14 => number,
        _ => number / 1e3,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn form(written: &str, zone: Option<&str>) -> TimeForm {
        TimeForm::new(Some(written), zone).unwrap()
    }

    const AT: Timestamp = Timestamp(1_716_299_156_000);

    #[test]
    fn every_form_tells_the_same_instant() {
        for (written, zone, text) in [
            ("auto", None, "2024-05-21T13:45:56Z"),
            ("auto", None, "2024-05-21T15:45:56.000+0200"),
            ("auto", None, "2024-05-21 15:45:56+02:00"),
            ("auto", None, "Tue, 21 May 2024 13:45:56 GMT"),
            ("auto", None, "Tue, 21 May 2024 15:45:56 +0200"),
            ("auto", None, "1716299156"),
            ("auto", None, "1716299156000"),
            ("auto", None, "1716299156000000"),
            ("auto", Some("Europe/Budapest"), "2024-05-21T15:45:56"),
            ("auto", None, "Tue, 21 May 2024 15:45:56 CEST"),
            ("auto", Some("UTC"), "Tue, 21 May 2024 15:45:56 MESZ"),
            ("auto", Some("Europe/Budapest"), "Tuesday, 21 May 2024 15:45:56"),
            ("auto", None, "Tue May 21 13:45:56 +0000 2024"),
            ("rfc3339", None, "2024-05-21T13:45:56.000Z"),
            ("rfc2822", None, "21 May 2024 13:45:56 +0000"),
            ("unix-s", None, "1716299156.0"),
            ("unix-ms", None, "1716299156000"),
            ("unix-us", None, "1716299156000000"),
            ("%d/%m/%Y %H:%M:%S", Some("Europe/Budapest"), "21/05/2024 15:45:56"),
            ("%a %b %d %H:%M:%S %z %Y", None, "Tue May 21 13:45:56 +0000 2024"),
            ("%Y%m%dT%H%M%S%z", None, "20240521T154556+0200"),
        ] {
            assert_eq!(form(written, zone).read(text), Some(AT), "{written} of {text}");
        }
        let midnight = form("%Y. %m. %d.", Some("Europe/Budapest")).read("2024. 05. 21.");
        assert_eq!(midnight, Some(Timestamp(1_716_242_400_000)));
    }

    #[test]
    fn what_is_no_time_is_none() {
        for (written, text) in [
            ("auto", "yesterday"),
            ("auto", ""),
            ("auto", "2024-05-21T13:45:56"),
            ("auto", "Tue, 21 May 2024 13:45:56"),
            ("auto", "Tue, 21 May 2024 13:45:56 IST"),
            ("auto", "1812-01-01T00:00:00Z"),
            ("auto", "NaN"),
            ("auto", "1e300"),
            ("unix-s", "1716299156000"),
            ("rfc3339", "1716299156"),
            ("rfc2822", "2024-05-21T13:45:56Z"),
            ("%d/%m/%Y %z", "32/05/2024 +0000"),
        ] {
            assert_eq!(form(written, None).read(text), None, "{written} of {text}");
        }
    }

    #[test]
    fn a_time_without_a_zone_is_known_as_such() {
        let auto = TimeForm::default();
        for text in ["2024-05-21T13:45:56", "21-May-2024 01:45PM", "21 May 2024 13:45 IST", "2024-05-21"] {
            assert!(auto.lacks_zone(text), "{text}");
            assert!(!form("auto", Some("UTC")).lacks_zone(text) && form("auto", Some("UTC")).read(text).is_some());
        }
        for text in ["yesterday", "2024-05-21T13:45:56Z", "1812-05-21T13:45:56", "21 May 2024 13:45 CET"] {
            assert!(!auto.lacks_zone(text), "{text}");
        }
    }

    #[test]
    fn the_skipped_and_the_repeated_hour_have_an_instant() {
        let budapest = form("%Y-%m-%d %H:%M", Some("Europe/Budapest"));
        assert_eq!(budapest.read("2024-03-31 02:30"), budapest.read("2024-03-31 03:30"));
        assert_eq!(budapest.read("2024-10-27 02:30").unwrap().to_string(), "2024-10-27T00:30:00Z");
    }

    #[test]
    fn patterns_are_looked_at_before_they_are_used() {
        assert!(TimeForm::new(Some("%H:%M"), None).unwrap_err().0.ends_with("has no day"));
        assert!(TimeForm::new(Some("%Y-%q%"), None).is_err());
        assert!(TimeForm::new(Some("iso"), None).unwrap_err().1.starts_with("one of auto, rfc3339"));
        assert!(TimeForm::new(None, Some("Budapest")).is_err());
        assert!(needs_zone("%d/%m/%Y") && !needs_zone("%d/%m/%Y %H:%M %z") && !needs_zone("unix-s"));
        assert!(!needs_zone("%s"));
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(pattern in "[%a-zA-Z:. /-]{0,20}", text in any::<String>()) {
            for written in NAMES {
                let _ = form(written, Some("Europe/Budapest")).read(&text);
            }
            if let Ok(form) = TimeForm::new(Some(&pattern), Some("Europe/Budapest")) {
                let _ = form.read(&text);
            }
            needs_zone(&pattern);
        }
    }
}
