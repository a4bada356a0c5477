//! The time formats of feeds.

use jiff::tz::TimeZone;

use super::calendar_names;
use super::textual_time::{self, Zone};
use orszem_records::time::Timestamp;

/// The names of the formats that are not patterns.
pub const NAMES: [&str; 7] = ["auto", "rfc3339", "rfc2822", "unix-s", "unix-ms", "unix-us", "unix-ns"];
/// The longest text of a time, in bytes.
const LONGEST: usize = 200;

/// A time format.
#[derive(Clone, Debug, Default)]
pub struct TimeForm {
    form: Form,
    /// The zone of times without one.
    zone: Option<TimeZone>,
    /// The language of the names of months; `None`: any, where they say the same.
    language: Option<String>,
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
    Nanoseconds,
    Pattern(String),
}

impl TimeForm {
    /// The format with this name, or this pattern.
    ///
    /// # Errors
    /// What is wrong with it, and the fix.
    pub fn new(
        written: Option<&str>,
        zone: Option<&str>,
        language: Option<&str>,
    ) -> Result<TimeForm, (String, String)> {
        let form = written.map_or(Ok(Form::Auto), form)?;
        let zone = match zone {
            None => None,
            Some(name) => Some(TimeZone::get(name).map_err(|_| {
                (format!("{name:?} is not a time zone"), "write it as \"Europe/Budapest\" or \"UTC\"".to_owned())
            })?),
        };
        if let Some(language) = language.filter(|language| !calendar_names::is_known(language)) {
            let what = format!("the names of months in {language:?} are not known");
            return Err((what, "a code such as \"hu\"; or leave it out".to_owned()));
        }
        Ok(TimeForm { form, zone, language: language.map(str::to_owned) })
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
            Form::Nanoseconds => "unix-ns",
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
                Some(number) => Timestamp::of_epoch(number)?.0 as f64,
                None => self.rfc3339(text).or_else(|| self.words(text))?,
            },
            Form::Rfc3339 => self.rfc3339(text)?,
            // One word is a time of another form.
            Form::Rfc2822 if text.contains(char::is_whitespace) => self.words(text)?,
            Form::Rfc2822 => return None,
            Form::Seconds => number(text)? * 1e3,
            Form::Milliseconds => number(text)?,
            Form::Microseconds => number(text)? / 1e3,
            Form::Nanoseconds => number(text)? / 1e6,
            Form::Pattern(pattern) => self.pattern(pattern, text)?,
        };
        let at = milliseconds.is_finite().then_some(Timestamp(milliseconds as i64))?;
        (Timestamp::EARLIEST..Timestamp::LATEST).contains(&at).then_some(at)
    }

    /// Whether a text would be a time if it had a known zone, and the format has none either.
    pub fn lacks_zone(&self, text: &str) -> bool {
        let zoned = TimeForm { zone: Some(TimeZone::UTC), ..self.clone() };
        self.zone.is_none() && self.read(text).is_none() && zoned.read(text).is_some()
    }

    /// What is ambiguous in a text: its month is not the same in all languages.
    pub fn ambiguity(&self, text: &str) -> Option<String> {
        match textual_time::read(text, self.language.as_deref()) {
            Err(textual_time::NoTime::Ambiguous(what)) => Some(what),
            _ => None,
        }
    }

    fn words(&self, text: &str) -> Option<f64> {
        let (at, zone) = textual_time::read(text, self.language.as_deref()).ok()?;
        match zone {
            Some(Zone::Offset(minutes)) => {
                let offset = jiff::tz::Offset::from_seconds(minutes * 60).ok()?;
                Some(offset.to_timestamp(at).ok()?.as_millisecond() as f64)
            }
            Some(Zone::Named(zone)) => civil(&zone, at),
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
        let parts = match jiff::fmt::strtime::parse(pattern, text) {
            Ok(parts) => parts,
            Err(_) => self.in_other_words(pattern, text)?,
        };
        match parts.to_timestamp() {
            Ok(at) => Some(at.as_millisecond() as f64),
            Err(_) => {
                self.civil(parts.to_datetime().or_else(|_| parts.to_date().map(|date| date.at(0, 0, 0, 0))).ok()?)
            }
        }
    }

    /// Reads names of months and days of other languages, and other digits. A short name may have a dot that the
    /// pattern has not.
    fn in_other_words(&self, pattern: &str, text: &str) -> Option<jiff::fmt::strtime::BrokenDownTime> {
        let english = textual_time::in_english(text, self.language.as_deref())?;
        let short = pattern.replace("%B", "%b").replace("%h", "%b").replace("%A", "%a");
        let dotless: String = {
            let mut before = ' ';
            let keep = |c: &char| !(std::mem::replace(&mut before, *c).is_ascii_alphabetic() && *c == '.');
            english.chars().filter(keep).collect()
        };
        [english.as_str(), dotless.as_str()].iter().find_map(|text| jiff::fmt::strtime::parse(&short, text).ok())
    }

    fn civil(&self, at: jiff::civil::DateTime) -> Option<f64> {
        civil(self.zone.as_ref()?, at)
    }
}

/// A time without a zone. Of a repeated hour the first is used; a time in a skipped hour is moved forward.
fn civil(zone: &TimeZone, at: jiff::civil::DateTime) -> Option<f64> {
    let zoned = zone.to_ambiguous_zoned(at).compatible().ok()?;
    Some(zoned.timestamp().as_millisecond() as f64)
}

fn form(written: &str) -> Result<Form, (String, String)> {
    Ok(match written {
        "auto" => Form::Auto,
        "rfc3339" => Form::Rfc3339,
        "rfc2822" => Form::Rfc2822,
        "unix-s" => Form::Seconds,
        "unix-ms" => Form::Milliseconds,
        "unix-us" => Form::Microseconds,
        "unix-ns" => Form::Nanoseconds,
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

#[cfg(test)]
#[path = "time_tests.rs"]
mod tests;
