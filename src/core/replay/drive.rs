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
mod tests {
    use super::super::input::Input;
    use super::*;
    use std::cell::Cell;
    use std::rc::Rc;

    #[derive(Clone, Default)]
    struct TestClock(Rc<Cell<Duration>>);

    impl Clock for TestClock {
        fn now(&mut self) -> Timestamp {
            Timestamp(1_772_409_600_000).plus(i64::try_from(self.0.get().as_millis()).unwrap())
        }
        fn passed(&mut self) -> Duration {
            self.0.get()
        }
        fn sleep(&mut self, span: Duration) {
            self.0.set(self.0.get() + span);
        }
    }

    /// Records each value and its time; refuses values that ask for it.
    struct TestSink {
        clock: TestClock,
        got: Vec<(Option<String>, String, Duration)>,
        delivered: Delivered,
    }

    impl Sink for TestSink {
        fn send(&mut self, key: Option<&[u8]>, value: &[u8]) -> anyhow::Result<()> {
            let text = String::from_utf8_lossy(value).into_owned();
            if text.contains("refuse me") {
                *self.delivered.refused.entry("message too large".into()).or_default() += 1;
            } else {
                self.delivered.written += 1;
            }
            self.got.push((key.map(|key| String::from_utf8(key.to_vec()).unwrap()), text, self.clock.0.get()));
            Ok(())
        }
        fn finish(&mut self) -> anyhow::Result<Delivered> {
            Ok(self.delivered.clone())
        }
    }

    const LINES: &str = concat!(
        "{\"id\":\"a\",\"published_at\":\"2014-08-01T16:30:00Z\", \"text\" : \"x\"}\n",
        "nonsense\n",
        "{\"id\":\"b\",\"text\":\"refuse me\",\"published_at\":1406911200}\n",
        "{\"id\":\"c\"}\n",
        "{\"id\":\"d\",\"published_at\":1406914200000}\n",
    );

    fn replay(settings: Settings, stop_at: Duration) -> (Report, TestSink) {
        let mut clock = TestClock::default();
        let mut sink = TestSink { clock: clock.clone(), got: Vec::new(), delivered: Delivered::default() };
        let lines = Merge::new(vec![Input::new("test", LINES.as_bytes()).unwrap()]).unwrap();
        let watch = clock.clone();
        let stop = move || watch.0.get() >= stop_at;
        let report = drive(lines, &mut sink, &mut clock, settings, &stop, &mut |_| {}).unwrap();
        (report, sink)
    }

    #[test]
    fn lines_go_through_as_they_are_and_what_was_refused_is_counted_by_reason() {
        let (report, sink) = replay(Settings::default(), Duration::MAX);
        let lines: Vec<&str> = LINES.lines().collect();
        let got: Vec<(Option<&str>, &str)> = sink.got.iter().map(|(key, text, _)| (key.as_deref(), &**text)).collect();
        assert_eq!(got, [(Some("a"), lines[0]), (Some("b"), lines[2]), (Some("d"), lines[4])]);
        assert_eq!((report.read, report.written, report.refused_in_all()), (5, 2, 3));
        let reasons: Vec<(&str, u64)> = report.refused.iter().map(|(reason, count)| (&**reason, *count)).collect();
        assert_eq!(reasons, [("message too large", 1), ("no time", 1), ("not a JSON object", 1)]);
        assert_eq!(report.range, Some((Timestamp(1_406_910_600_000), Timestamp(1_406_914_200_000))));
        assert_eq!(report.took, Duration::ZERO);
    }

    #[test]
    fn raw_sends_everything_in_its_place_without_a_key() {
        let (report, sink) = replay(Settings { raw: true, ..Settings::default() }, Duration::MAX);
        let got: Vec<&str> = sink.got.iter().map(|(_, text, _)| &**text).collect();
        assert_eq!(got, LINES.lines().collect::<Vec<_>>());
        assert_eq!(sink.got[1].0, None);
        assert_eq!((report.written, report.refused_in_all()), (4, 1));
    }

    #[test]
    fn speed_decides_when_and_now_decides_what_time_is_written() {
        let speed = Speed::new(600.0);
        let (report, sink) = replay(Settings { speed, ..Settings::default() }, Duration::MAX);
        let when: Vec<u64> = sink.got.iter().map(|(_, _, at)| at.as_secs()).collect();
        assert_eq!(when, [0, 1, 6]);
        assert_eq!(report.took, Duration::from_secs(6));
        let (_, sink) = replay(Settings { speed, times: Times::Now, raw: false }, Duration::MAX);
        assert_eq!(sink.got[0].1, "{\"id\":\"a\",\"published_at\":\"2026-03-02T00:00:00Z\", \"text\" : \"x\"}");
        assert_eq!(sink.got[2].1, "{\"id\":\"d\",\"published_at\":\"2026-03-02T00:00:06Z\"}");
        assert_eq!(sink.got[2].2, Duration::from_secs(6));
    }

    #[test]
    fn told_to_stop_it_stops_within_a_wait_and_reports() {
        let settings = Settings { speed: Some(Speed::REAL), ..Settings::default() };
        let (report, sink) = replay(settings, Duration::from_millis(700));
        assert!(report.stopped);
        assert_eq!((sink.got.len(), report.written), (1, 1));
        assert_eq!(report.took, Duration::from_millis(800));
    }

    #[test]
    fn a_file_that_breaks_off_is_an_error_that_says_what_was_written() {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::none());
        std::io::Write::write_all(&mut encoder, LINES.repeat(2000).as_bytes()).unwrap();
        let mut packed = encoder.finish().unwrap();
        packed.truncate(packed.len() / 2);
        let mut clock = TestClock::default();
        let mut sink = TestSink { clock: clock.clone(), got: Vec::new(), delivered: Delivered::default() };
        let lines = Merge::new(vec![Input::new("cut.gz", std::io::Cursor::new(packed)).unwrap()]).unwrap();
        let fault = drive(lines, &mut sink, &mut clock, Settings::default(), &|| false, &mut |_| {}).unwrap_err();
        let text = format!("{fault:#}");
        assert!(
            text.contains(&format!("{} were written", sink.delivered.written)) && text.contains("cut.gz"),
            "{text}"
        );
    }
}
