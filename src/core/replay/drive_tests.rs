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
        text.contains(&format!("{} lines were written", sink.delivered.written)) && text.contains("cut.gz"),
        "{text}"
    );
}
