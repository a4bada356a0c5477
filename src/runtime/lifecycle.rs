//! How a stage is told to stop, and how it tells that it is alive.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use crate::clock;

use orszem_records::time::Timestamp;

/// Tells threads to finish what is in hand and stop. Clones are the same signal.
#[derive(Clone, Debug, Default)]
pub struct Shutdown(Arc<Signal>);

#[derive(Debug, Default)]
struct Signal {
    asked: AtomicBool,
    lock: Mutex<()>,
    bell: Condvar,
}

impl Shutdown {
    /// A signal that nobody has given yet.
    pub fn new() -> Shutdown {
        Shutdown::default()
    }

    /// Gives the signal. Cannot be taken back.
    pub fn trigger(&self) {
        let _held = self.0.lock.lock().unwrap_or_else(PoisonError::into_inner);
        self.0.asked.store(true, Ordering::Release);
        self.0.bell.notify_all();
    }

    /// Whether it was given.
    pub fn is_triggered(&self) -> bool {
        self.0.asked.load(Ordering::Acquire)
    }

    /// Waits for it, at most `time`; says whether it was given.
    pub fn wait(&self, time: Duration) -> bool {
        let held = self.0.lock.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.0.bell.wait_timeout_while(held, time, |()| !self.is_triggered());
        drop(waited);
        self.is_triggered()
    }
}

/// How long a stage may give no sign before it counts as stuck. Every call it makes to Kafka is bounded well below.
pub const STUCK: Duration = Duration::from_secs(60);

/// What the stages of this process say of themselves: for `/-/healthy` and `/-/ready`. Clones are the same board.
#[derive(Clone, Debug, Default)]
pub struct Health(Arc<Mutex<BTreeMap<String, Arc<Heartbeat>>>>);

/// The signs of life of one stage.
#[derive(Debug, Default)]
pub struct Heartbeat {
    /// By [`clock::monotonic`], in ms: a clock that is set must not make a stage look stuck.
    beat: AtomicU64,
    beats: AtomicU64,
    committed: AtomicI64,
    joined: AtomicBool,
    away: AtomicBool,
    ended: AtomicBool,
    dead: AtomicBool,
}

/// One stage at one time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StageHealth {
    /// The stage.
    pub stage: String,
    /// When its loop last went round: since this process first asked for the time.
    pub beat: Duration,
    /// How many signs of life it gave.
    pub beats: u64,
    /// When it last committed; `None` before the first.
    pub committed: Option<Timestamp>,
    /// It was given partitions at least once (or told that there are none for it).
    pub joined: bool,
    /// No broker can be reached.
    pub kafka_away: bool,
    /// Its thread has ended, in order or not.
    pub ended: bool,
    /// Its thread ended with a panic, or gave up.
    pub dead: bool,
}

impl Health {
    /// A board without stages.
    pub fn new() -> Health {
        Health::default()
    }

    /// Adds a stage that starts now; its thread keeps what is returned.
    pub fn register(&self, stage: &str) -> Arc<Heartbeat> {
        let pulse = Arc::new(Heartbeat::default());
        pulse.beat();
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(stage.to_owned(), Arc::clone(&pulse));
        pulse
    }

    /// Every stage, by name.
    pub fn stages(&self) -> Vec<StageHealth> {
        let board = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        board.iter().map(|(stage, pulse)| pulse.read(stage)).collect()
    }

    /// The stages that are stuck or dead: empty when the process is healthy. A broker that is away makes no stage
    /// unhealthy: a restart would not bring it back.
    pub fn stuck(&self) -> Vec<String> {
        self.stuck_at(clock::monotonic())
    }

    fn stuck_at(&self, now: Duration) -> Vec<String> {
        let ill = |stage: &StageHealth| stage.dead || (!stage.ended && now.saturating_sub(stage.beat) > STUCK);
        self.stages().into_iter().filter(ill).map(|stage| stage.stage).collect()
    }

    /// Whether every stage has joined its group and Kafka can be reached. False while there is no stage.
    pub fn ready(&self) -> bool {
        let stages = self.stages();
        !stages.is_empty() && stages.iter().all(|stage| stage.joined && !stage.kafka_away && !stage.dead)
    }
}

impl Heartbeat {
    /// Its loop went round.
    pub fn beat(&self) {
        self.beat_at(clock::monotonic());
    }

    fn beat_at(&self, now: Duration) {
        self.beat.store(u64::try_from(now.as_millis()).unwrap_or(u64::MAX), Ordering::Relaxed);
        self.beats.fetch_add(1, Ordering::Relaxed);
    }

    /// It committed.
    pub fn committed(&self, now: Timestamp) {
        self.beat();
        self.committed.store(now.0, Ordering::Relaxed);
    }

    /// It was given partitions, or told that there are none for it.
    pub fn joined(&self) {
        self.joined.store(true, Ordering::Relaxed);
    }

    /// It cannot go on in this process: [`crate::watchdog`] ends it.
    pub fn give_up(&self) {
        self.dead.store(true, Ordering::Relaxed);
    }

    /// Whether no broker can be reached.
    pub fn away(&self, away: bool) {
        self.away.store(away, Ordering::Relaxed);
    }

    fn read(&self, stage: &str) -> StageHealth {
        let committed = self.committed.load(Ordering::Relaxed);
        StageHealth {
            stage: stage.to_owned(),
            beat: Duration::from_millis(self.beat.load(Ordering::Relaxed)),
            beats: self.beats.load(Ordering::Relaxed),
            committed: (committed > 0).then_some(Timestamp(committed)),
            joined: self.joined.load(Ordering::Relaxed),
            kafka_away: self.away.load(Ordering::Relaxed),
            ended: self.ended.load(Ordering::Relaxed),
            dead: self.dead.load(Ordering::Relaxed),
        }
    }
}

/// Held by a stage's thread: that it ended is seen, and whether a panic ended it.
pub struct EndGuard(pub Arc<Heartbeat>);

impl Drop for EndGuard {
    fn drop(&mut self) {
        self.0.ended.store(true, Ordering::Relaxed);
        self.0.dead.fetch_or(std::thread::panicking(), Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shutdown_wakes_who_waits() {
        let shutdown = Shutdown::new();
        assert!(!shutdown.wait(Duration::from_millis(1)));
        let waiter = shutdown.clone();
        let thread = std::thread::spawn(move || waiter.wait(Duration::from_secs(600)));
        shutdown.trigger();
        assert!(thread.join().unwrap(), "woken long before the ten minutes are over");
    }

    #[test]
    fn a_silent_stage_is_stuck_and_a_dead_one_at_once() {
        let health = Health::new();
        assert!(!health.ready(), "no stage runs");
        let score = health.register("score");
        let detect = health.register("detect");
        assert!(!health.ready(), "none has joined");
        score.joined();
        detect.joined();
        assert!(health.ready());
        score.away(true);
        assert!(!health.ready());
        let start = clock::monotonic();
        assert!(health.stuck_at(start).is_empty(), "a broker away is no fault of ours");
        detect.beat_at(start + STUCK);
        assert_eq!(health.stuck_at(start + STUCK + Duration::from_secs(2)), ["score"]);

        let ended = std::thread::spawn(move || {
            let _guard = EndGuard(detect);
            panic!("a bug in a stage");
        });
        assert!(ended.join().is_err());
        assert_eq!(health.stuck_at(start), ["detect"]);
    }

    #[test]
    fn a_stage_that_ended_in_order_is_not_stuck() {
        let health = Health::new();
        drop(EndGuard(health.register("score")));
        assert!(health.stuck_at(clock::monotonic() + 2 * STUCK).is_empty());
        assert!(health.stages()[0].ended && !health.stages()[0].dead);
    }
}
