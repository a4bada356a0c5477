//! The loop of a replay: next line, wait until it is due, send.

use std::collections::BTreeMap;
use std::time::Duration;

use super::line::rewrite;
use super::merge::{Item, Merge, MergeFault};
use super::pace::{Pace, Speed, Times};
use orszem_records::time::Timestamp;

/// The maximum wait between two checks whether to stop.
const LOOK_UP: Duration = Duration::from_millis(200);

/// The destination of a replay.
pub trait Sink {
    /// Sends one record. It may be buffered; an error ends the replay.
    fn send(&mut self, key: Option<&[u8]>, value: &[u8]) -> anyhow::Result<()>;

    /// Waits until every record is written or refused, and reports both. Called once, at the end.
    fn finish(&mut self) -> anyhow::Result<Delivered>;
}

/// The outcome of the records sent to a sink.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Delivered {
    /// How many were written.
    pub written: u64,
    /// How many were refused, by reason.
    pub refused: BTreeMap<String, u64>,
}

/// The clock of a replay.
pub trait Clock {
    /// The time now.
    fn now(&mut self) -> Timestamp;
    /// How long it has been running. Monotonic.
    fn passed(&mut self) -> Duration;
    /// Waits.
    fn sleep(&mut self, span: Duration);
}

/// How to replay.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Settings {
    /// The speed of event time; the default is as fast as possible (1x with [`Times::Now`]).
    pub speed: Option<Speed>,
    /// The times of the written mentions.
    pub times: Times,
    /// Also send invalid lines, unchanged and without a key. A line that is too long is still refused.
    pub raw: bool,
}

/// The report of a replay.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    /// How many lines were read.
    pub read: u64,
    /// How many records were written.
    pub written: u64,
    /// How many lines or records were refused, by reason: by the replay itself and by the sink.
    pub refused: BTreeMap<String, u64>,
    /// How many mentions were older than the one before them in their file.
    pub disordered: u64,
    /// The earliest and the latest time of a mention, as read.
    pub range: Option<(Timestamp, Timestamp)>,
    /// What people should know of the files, each with its name.
    pub notes: Vec<String>,
    /// How long it took.
    pub took: Duration,
    /// Whether it was stopped before the end.
    pub stopped: bool,
}

impl Report {
    /// How many lines were refused for any reason.
    pub fn refused_in_all(&self) -> u64 {
        self.refused.values().sum()
    }

    /// Records written per second.
    pub fn rate(&self) -> f64 {
        self.written as f64 / self.took.as_secs_f64().max(1e-3)
    }
}

/// Sends every line of `lines` to `sink` when it is due. Calls `observe` for each line with the report so far, and
/// `stop` before each line and at least five times a second. If `stop` returns true, the replay finishes and reports.
pub fn drive(
    mut lines: Merge,
    sink: &mut dyn Sink,
    clock: &mut dyn Clock,
    settings: Settings,
    stop: &dyn Fn() -> bool,
    observe: &mut dyn FnMut(&Report),
) -> anyhow::Result<Report> {
    let mut pace = Pace::new(settings.speed, settings.times);
    let mut report = Report::default();
    let mut began = Duration::ZERO;
    let mut rewritten = Vec::new();
    // A read error ends the replay; the lines before it are still written and counted.
    let broken: Option<MergeFault> = loop {
        if stop() {
            report.stopped = true;
            break None;
        }
        let item = match lines.next_line() {
            Ok(Some(item)) => item,
            Ok(None) => break None,
            Err(fault) => break Some(fault),
        };
        report.read += 1;
        match item {
            Item::Refused(_) if settings.raw && !lines.line().is_empty() => sink.send(None, lines.line())?,
            Item::Refused(refusal) => *report.refused.entry(refusal.to_string()).or_default() += 1,
            Item::Mention { id, at, place } => {
                if report.range.is_none() {
                    began = clock.passed();
                    pace.begin(at, clock.now());
                }
                if !wait(&pace, at, began, clock, stop) {
                    report.stopped = true;
                    break None;
                }
                let (first, last) = report.range.unwrap_or((at, at));
                report.range = Some((first.min(at), last.max(at)));
                match pace.moved(at) {
                    None => sink.send(Some(id.as_bytes()), lines.line())?,
                    Some(moved) => {
                        rewritten.clear();
                        rewrite(lines.line(), &place, moved, &mut rewritten);
                        sink.send(Some(id.as_bytes()), &rewritten)?;
                    }
                }
            }
        }
        observe(&report);
    };
    let delivered = sink.finish()?;
    report.written = delivered.written;
    for (reason, count) in delivered.refused {
        *report.refused.entry(reason).or_default() += count;
    }
    report.disordered = lines.disordered();
    report.notes = lines.take_notes();
    report.took = clock.passed();
    match broken {
        None => Ok(report),
        Some(fault) => {
            Err(anyhow::Error::new(fault).context(format!("stopped after {} lines were written", report.written)))
        }
    }
}

/// Waits until a mention of `at` is due; false if stopped before.
fn wait(pace: &Pace, at: Timestamp, began: Duration, clock: &mut dyn Clock, stop: &dyn Fn() -> bool) -> bool {
    loop {
        let left = pace.wait(at, clock.passed().saturating_sub(began));
        // Sleeping less than a millisecond is not worth the overhead.
        if left < Duration::from_millis(1) {
            return true;
        }
        if stop() {
            return false;
        }
        clock.sleep(left.min(LOOK_UP));
    }
}

#[cfg(test)]
#[path = "drive_tests.rs"]
mod tests;
