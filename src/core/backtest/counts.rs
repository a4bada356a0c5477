//! Counts from a spreadsheet: rows `timestamp,value` at a regular step.

use std::io::{self, BufRead};

use orszem_records::tally::Tally;
use orszem_records::time::MINUTE_MS;
use orszem_records::time::Timestamp;

use super::bounds::Bounds;
use super::pipeline::{Pipeline, mark};

/// Up to this step, the mentions of a row count at the row's time; it is the shortest window that is tested. A longer
/// step is spread evenly over its minutes, so that the shorter windows see its rate.
const SPREAD_ABOVE_MS: i64 = 5 * MINUTE_MS;

/// Why counts cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum CountsFault {
    /// The file cannot be read.
    #[error("cannot read {file}")]
    Unreadable {
        /// Its name.
        file: String,
        /// Why.
        #[source]
        fault: io::Error,
    },
    /// A row is invalid.
    #[error("{file}:{line}: {what}")]
    Row {
        /// Its name.
        file: String,
        /// The line, from 1.
        line: u64,
        /// What is wrong.
        what: RowFault,
    },
    /// There are fewer than two rows.
    #[error("{file}: fewer than two rows of counts")]
    Empty {
        /// Its name.
        file: String,
    },
}

/// What is wrong with a row.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RowFault {
    /// The first line has other columns.
    #[error("expected the columns `timestamp,value`")]
    Header,
    /// It does not have two fields.
    #[error("expected two fields, a time and a number of mentions")]
    Fields,
    /// The time is invalid.
    #[error("`{0}` is not a time: expected one like 2015-02-26 21:42:53 or 2015-02-26T21:42:53Z, or epoch seconds")]
    Time(String),
    /// The number is invalid.
    #[error("`{0}` is not a number of mentions")]
    Value(String),
    /// It is not later than the one before.
    #[error("not later than the previous row")]
    Order,
    /// It does not fit the step of the rows before.
    #[error("{found} s after the previous row, but the step is {step} s")]
    Step {
        /// Seconds since the row before.
        found: i64,
        /// Seconds between the first two rows.
        step: i64,
    },
}

/// A time in UTC in the formats of spreadsheets: `2015-02-26 21:42:53`, with or without `T`, fraction, `Z` or offset,
/// seconds; a date alone; or seconds or milliseconds since 1970.
pub fn time(text: &str) -> Option<Timestamp> {
    let text = text.trim().trim_matches('"').trim();
    let at = if let Ok(number) = text.parse::<f64>() {
        Timestamp::of_epoch(number)?
    } else if let Ok(instant) = text.parse::<jiff::Timestamp>() {
        Timestamp(instant.as_millisecond())
    } else {
        let civil = text.parse::<jiff::civil::DateTime>().ok()?;
        Timestamp(civil.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp().as_millisecond())
    };
    (Timestamp::EARLIEST..=Timestamp::LATEST).contains(&at).then_some(at)
}

/// Rows of a file. They must have one step; missing rows are a gap without mentions.
pub struct Series<R> {
    file: String,
    reader: R,
    text: String,
    line: u64,
    last: Option<Timestamp>,
    step_ms: Option<i64>,
    /// The first row waits for the second, because the step is not known before.
    waiting: Option<(Timestamp, u64)>,
    bounds: Bounds,
}

impl<R: BufRead> Series<R> {
    /// Rows of `reader`; `file` is for messages.
    pub fn new(file: impl Into<String>, reader: R) -> Series<R> {
        let file = file.into();
        Series {
            file,
            reader,
            text: String::new(),
            line: 0,
            last: None,
            step_ms: None,
            waiting: None,
            bounds: Bounds::default(),
        }
    }

    /// Ignores the rows outside `bounds`; they must still be valid.
    #[must_use]
    pub fn within(self, bounds: Bounds) -> Series<R> {
        Series { bounds, ..self }
    }

    fn fault(&self, what: RowFault) -> CountsFault {
        CountsFault::Row { file: self.file.clone(), line: self.line, what }
    }

    /// The next row: its time and its number of mentions.
    fn row(&mut self) -> Result<Option<(Timestamp, u64)>, CountsFault> {
        loop {
            self.text.clear();
            let read = self.reader.read_line(&mut self.text);
            if read.map_err(|fault| CountsFault::Unreadable { file: self.file.clone(), fault })? == 0 {
                return Ok(None);
            }
            self.line += 1;
            let text = self.text.trim_start_matches('\u{feff}').trim();
            if text.is_empty() {
                continue;
            }
            let mut fields = text.split([',', ';']);
            let (Some(at), Some(value), None) = (fields.next(), fields.next(), fields.next()) else {
                return Err(self.fault(if self.line == 1 { RowFault::Header } else { RowFault::Fields }));
            };
            let Some(at) = time(at) else {
                // A header has letters in place of a time.
                let columns = [at, value].map(|name| name.trim().trim_matches('"').to_lowercase());
                match self.line {
                    1 if columns == ["timestamp", "value"] => continue,
                    1 if value.trim().parse::<f64>().is_err() => return Err(self.fault(RowFault::Header)),
                    _ => return Err(self.fault(RowFault::Time(shortened(at)))),
                }
            };
            let number = value.trim().trim_matches('"').parse::<f64>().ok();
            let Some(number) = number.filter(|number| (0.0..=f64::from(u32::MAX)).contains(number)) else {
                return Err(self.fault(RowFault::Value(shortened(value))));
            };
            self.on_step(at)?;
            if !self.bounds.hold(at) {
                continue;
            }
            return Ok(Some((at, number.round() as u64)));
        }
    }

    fn on_step(&mut self, at: Timestamp) -> Result<(), CountsFault> {
        if let Some(last) = self.last.replace(at) {
            let found = at.since(last);
            if found <= 0 {
                return Err(self.fault(RowFault::Order));
            }
            let step = *self.step_ms.get_or_insert(found);
            if found % step != 0 {
                return Err(self.fault(RowFault::Step { found: found / 1000, step: step / 1000 }));
            }
        }
        Ok(())
    }

    /// Feeds the next row to all pipelines as mentions of `watch`. Only their number is known. Returns the time of the
    /// row, or `None` at the end.
    pub fn feed(&mut self, watch: &str, pipelines: &mut [Pipeline]) -> Result<Option<Timestamp>, CountsFault> {
        let row = match self.waiting.take() {
            Some(row) => row,
            None => match self.row()? {
                Some(row) => row,
                None if self.step_ms.is_none() && self.bounds == Bounds::default() => {
                    return Err(CountsFault::Empty { file: self.file.clone() });
                }
                None => return Ok(None),
            },
        };
        if self.step_ms.is_none() {
            self.waiting = self.row()?;
            if self.step_ms.is_none() {
                return Err(CountsFault::Empty { file: self.file.clone() });
            }
        }
        let step_ms = self.step_ms.unwrap_or(SPREAD_ABOVE_MS);
        pipelines.iter_mut().for_each(|pipeline| count(watch, row, step_ms, pipeline));
        Ok(Some(row.0))
    }

    /// The end of the input: the last row becomes complete.
    pub fn finish(&self, pipelines: &mut [Pipeline]) {
        let Some(step) = self.step_ms else { return };
        for pipeline in pipelines {
            let Some(last) = pipeline.last() else { continue };
            pipeline.watermarks(&mark(last.plus(step.max(MINUTE_MS))));
            pipeline.conclude(|until| until);
        }
    }
}

/// Feeds a row to a pipeline.
fn count(watch: &str, (at, mentions): (Timestamp, u64), step_ms: i64, pipeline: &mut Pipeline) {
    pipeline.seen(at);
    let mut tally = |at: Timestamp, mentions: u64| {
        let mut tally = Tally::new(watch, at.slice());
        tally.counts.mentions = mentions;
        tally.counts.neutrals = mentions;
        tally.counts.originals = mentions;
        pipeline.tally(&tally);
        pipeline.watermarks(&mark(at));
    };
    if step_ms <= SPREAD_ABOVE_MS {
        tally(at, mentions);
        return pipeline.conclude(|until| until);
    }
    let minutes = u64::try_from(step_ms / MINUTE_MS).unwrap_or(1).max(1);
    for (minute, moment) in (0..minutes).zip((0..).map(|minute| at.plus(minute * MINUTE_MS))) {
        // The sum over the minutes equals the row, including the remainder.
        tally(moment, mentions * (minute + 1) / minutes - mentions * minute / minutes);
    }
    // A row is visible only when it is complete.
    let complete = at.plus(step_ms);
    pipeline.conclude(|until| until.max(complete));
}

/// Text of the file for a message: shortened, without control characters.
fn shortened(text: &str) -> String {
    text.trim().chars().filter(|character| !character.is_control()).take(40).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::core::{Settings, WatchSettings};

    fn pipeline() -> Pipeline {
        let watches = vec![WatchSettings::new("acme", 0.5)];
        Pipeline::new(Settings { watches, ..Settings::default() })
    }

    fn rows(text: &str) -> Result<(u64, u64), String> {
        let mut series = Series::new("a.csv", text.as_bytes());
        let mut pipelines = [pipeline()];
        let mut rows = 0;
        while series.feed("acme", &mut pipelines).map_err(|fault| fault.to_string())?.is_some() {
            rows += 1;
        }
        Ok((rows, pipelines.into_iter().next().unwrap().finish().watches[0].mentions))
    }

    #[test]
    fn every_way_to_write_a_row_is_read() {
        assert_eq!(rows("timestamp,value\n2015-02-26 21:42:53,104\n2015-02-26 21:47:53,6.0\n"), Ok((2, 110)));
        assert_eq!(rows("2015-02-26T21:42:53Z,1\r\n\r\n2015-02-26T21:47:53Z,2"), Ok((2, 3)));
        assert_eq!(rows("\u{feff}\"timestamp\";\"value\"\n1425000000;1\n1425003600;700\n"), Ok((2, 701)));
        assert_eq!(rows("2015-02-26,1440\n2015-02-27,7\n2015-03-02,1\n"), Ok((3, 1448)), "a gap of whole steps");
    }

    #[test]
    fn a_bad_row_is_named_by_file_and_line() {
        let start = "timestamp,value\n2015-02-26 21:00:00,1\n2015-02-26 21:05:00,1\n";
        let fault = |row: &str| rows(&format!("{start}{row}\n2015-03-01 00:00:00,1\n")).unwrap_err();
        assert!(fault("2015-02-26 21:07:00,1").starts_with("a.csv:4: 120 s after the previous row"), "irregular");
        assert_eq!(fault("2015-02-26 21:05:00,1"), "a.csv:4: not later than the previous row");
        assert_eq!(fault("2015-02-26 21:10:00,-3"), "a.csv:4: `-3` is not a number of mentions");
        assert_eq!(fault("2015-02-26 21:10:00,nan"), "a.csv:4: `nan` is not a number of mentions");
        assert!(fault("yesterday,3").starts_with("a.csv:4: `yesterday` is not a time"));
        assert!(fault("2015-02-26 21:10:00").starts_with("a.csv:4: expected two fields"));
        assert_eq!(rows("day,count\n2015-02-26,1\n").unwrap_err(), "a.csv:1: expected the columns `timestamp,value`");
        assert_eq!(rows("timestamp,value\n2015-02-26,1\n").unwrap_err(), "a.csv: fewer than two rows of counts");
        assert_eq!(rows("").unwrap_err(), "a.csv: fewer than two rows of counts");
    }

    #[test]
    fn a_page_of_an_hourly_row_waits_for_the_hour() {
        use std::fmt::Write;
        let mut text = String::new();
        for hour in 0..24 * 10 {
            let value = if hour == 24 * 8 { 9000 } else { 60 + hour % 7 };
            writeln!(text, "{},{value}", 1_425_000_000 + hour * 3600).unwrap();
        }
        let mut series = Series::new("a.csv", text.as_bytes());
        let mut pipelines = [pipeline()];
        while series.feed("acme", &mut pipelines).unwrap().is_some() {}
        series.finish(&mut pipelines);
        let incidents = pipelines.into_iter().next().unwrap().finish().incidents;
        assert_eq!(incidents.len(), 1, "{incidents:?}");
        let row = Timestamp((1_425_000_000 + 24 * 8 * 3600) * 1000);
        assert!(
            incidents[0].opened_at.since(row) < 3_600_000
                && incidents[0].opened_at >= Timestamp::start_of_minute(row.minute())
        );
        assert_eq!(incidents[0].paged_at, Some(row.plus(3_600_000)));
    }
}
