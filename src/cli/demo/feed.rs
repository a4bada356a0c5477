//! The writer of the simulated mentions. It sets the pace of the story, and with it the clock of this process: what
//! people and receivers do is then dated by the same clock as the mentions.

use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::{Duration, Instant};

use orszem_core::settings::Kafka;
use orszem_core::simulate::Simulation;
use orszem_kafka::producer::BulkWriter;
use orszem_records::time::{MINUTE_MS, Timestamp};
use orszem_runtime::clock;
use orszem_runtime::lifecycle::Shutdown;
use orszem_runtime::status::StatusBoard;
use orszem_stages::score;

/// The speed of the story: up to this part of it, in this number of real seconds. First the past to learn from, then
/// events that must page nobody, then the crisis, slow enough to watch it escalate; a night, and the crisis that goes
/// on when the story ends.
const PACE: [(f64, f64); 6] = [(0.5, 9.0), (0.964, 13.0), (0.967, 1.0), (0.9705, 9.0), (0.9965, 6.0), (1.0, 9.0)];
/// The writer waits where more mentions than this are not scored yet: the embedded broker keeps a few hundred
/// thousand …
const MOST_AHEAD: i64 = 100_000;
/// … and where this much of the story is not judged yet, for the same reason.
const MOST_UNJUDGED_MS: i64 = 36 * 60 * MINUTE_MS;
/// How long the writer waits for detection that does not come on, at most.
const PATIENCE: Duration = Duration::from_secs(5);
/// A wait that is shorter is not worth it.
const SHORTEST: Duration = Duration::from_millis(5);

/// The writer of the simulated mentions.
pub(super) struct Feed {
    start: Timestamp,
    /// Where the story ends. What comes later comes as fast as it happens.
    end: Timestamp,
    /// How far detection is.
    board: StatusBoard,
    written: AtomicI64,
    at: AtomicI64,
    is_over: AtomicBool,
}

impl Feed {
    /// A feed of the story between these times; `board` says how far detection is.
    pub(super) fn new(start: Timestamp, end: Timestamp, board: StatusBoard) -> Feed {
        let at = AtomicI64::new(start.0);
        Feed { start, end, board, written: AtomicI64::new(0), at, is_over: AtomicBool::new(false) }
    }

    /// Writes all mentions, each when it is due.
    #[expect(clippy::disallowed_methods, reason = "the demonstration runs in real time")]
    pub(super) fn run(&self, simulation: Simulation, kafka: &Kafka, shutdown: &Shutdown) -> anyhow::Result<()> {
        let mut writer = BulkWriter::new(kafka, &kafka.mentions)?;
        let began = Instant::now();
        // Time that was lost is not made up for: the crisis would go by too fast to watch.
        let mut late = Duration::ZERO;
        for (at, mention) in simulation {
            if at >= self.end && !self.is_over() {
                writer.flush(Duration::from_secs(10));
                self.is_over.store(true, Ordering::Release);
            }
            let waited = Instant::now();
            while self.is_ahead(at) && waited.elapsed() < PATIENCE {
                if shutdown.wait(Duration::from_millis(20)) {
                    break;
                }
            }
            let due = self.due(at) + late;
            let early = due.saturating_sub(began.elapsed());
            late += began.elapsed().saturating_sub(due);
            if shutdown.is_triggered() || (early > SHORTEST && shutdown.wait(early)) {
                break;
            }
            // Never back: between two mentions it goes on by itself.
            if at > clock::now() {
                clock::correct(at.since(clock::machine()));
            }
            let value = serde_json::to_vec(&mention)?;
            writer.write(Some(mention.id.as_bytes()), &value)?;
            self.written.fetch_add(1, Ordering::Relaxed);
            self.at.store(at.0, Ordering::Relaxed);
        }
        let written = writer.finish(Duration::from_secs(10));
        self.is_over.store(true, Ordering::Release);
        anyhow::ensure!(written.failed == 0, "the broker did not accept {} mentions", written.failed);
        Ok(())
    }

    /// When a mention is due, from the start of the demonstration.
    fn due(&self, at: Timestamp) -> Duration {
        let whole = self.end.since(self.start) as f64;
        let later = u64::try_from(at.since(self.end)).unwrap_or(0);
        due(at.since(self.start) as f64 / whole) + Duration::from_millis(later)
    }

    /// Whether the story has been told.
    pub(super) fn is_over(&self) -> bool {
        self.is_over.load(Ordering::Acquire)
    }

    /// How far the story is, in ms.
    pub(super) fn progress(&self) -> u64 {
        u64::try_from(Timestamp(self.at.load(Ordering::Relaxed)).since(self.start)).unwrap_or(0)
    }

    /// Whether the writer must wait for what is behind it.
    fn is_ahead(&self, at: Timestamp) -> bool {
        let unscored = self.written.load(Ordering::Relaxed).saturating_sub_unsigned(score::metrics::scored());
        let is_unjudged = |judged: Timestamp| at.since(judged.max(self.start)) > MOST_UNJUDGED_MS;
        unscored > MOST_AHEAD || self.board.judged().is_some_and(is_unjudged)
    }

    /// How far it is, with the counts.
    pub(super) fn line(&self, matched: u64) -> String {
        let at = Timestamp(self.at.load(Ordering::Relaxed));
        let (written, scored) = (self.written.load(Ordering::Relaxed), score::metrics::scored());
        let judged = self.board.judged().map_or_else(|| "nothing yet".to_owned(), |judged| judged.to_string());
        format!(
            "  {at}  {written} mentions written, {scored} scored, {matched} of them matched a watch; judged: {judged}"
        )
    }
}

/// When a part of the story is due, from the start of the demonstration.
fn due(part: f64) -> Duration {
    let (mut from, mut seconds) = (0.0, 0.0);
    for (until, takes) in PACE {
        seconds += takes * ((part - from) / (until - from)).clamp(0.0, 1.0);
        from = until;
    }
    Duration::from_secs_f64(seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_story_takes_less_than_a_minute() {
        assert_eq!((due(0.0), due(1.0)), (Duration::ZERO, Duration::from_secs(47)));
        assert!((1..100).all(|part| due(f64::from(part) / 100.0) > due(f64::from(part - 1) / 100.0)));
        assert_eq!(due(2.0), due(1.0));
    }
}
