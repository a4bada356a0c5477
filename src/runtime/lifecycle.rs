//! How a stage is told to stop, and how it tells that it is alive.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

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

/// How long a stage may give no sign before it counts as stuck, in milliseconds. Every call it makes to Kafka is
/// bounded well below; one that outlasts its bound (librdkafka #5456) is what this finds.
pub const STUCK_MS: i64 = 60_000;

/// What the stages of this process say of themselves: for `/-/healthy` and `/-/ready`. Clones are the same board.
#[derive(Clone, Debug, Default)]
pub struct Health(Arc<Mutex<BTreeMap<String, Arc<Heartbeat>>>>);

/// The signs of life of one stage.
#[derive(Debug, Default)]
pub struct Heartbeat {
    beat: AtomicI64,
    committed: AtomicI64,
    joined: AtomicBool,
    away: AtomicBool,
    dead: AtomicBool,
}

/// One stage at one time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StageHealth {
    /// The stage.
    pub stage: String,
    /// When its loop last went round.
    pub beat: Timestamp,
    /// When it last committed; `None` before the first.
    pub committed: Option<Timestamp>,
    /// It was given partitions at least once (or told that there are none for it).
    pub joined: bool,
    /// No broker can be reached.
    pub kafka_away: bool,
    /// Its thread ended with a panic.
    pub dead: bool,
}

impl Health {
    /// A board without stages.
    pub fn new() -> Health {
        Health::default()
    }

    /// Adds a stage that starts `now`; its thread keeps what is returned.
    pub fn register(&self, stage: &str, now: Timestamp) -> Arc<Heartbeat> {
        let pulse = Arc::new(Heartbeat::default());
        pulse.beat(now);
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(stage.to_owned(), Arc::clone(&pulse));
        pulse
    }

    /// Every stage, by name.
    pub fn stages(&self) -> Vec<StageHealth> {
        let board = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        board.iter().map(|(stage, pulse)| pulse.read(stage)).collect()
    }

    /// The stages that are stuck or dead at `now`: empty when the process is healthy. A broker that is away makes no
    /// stage unhealthy: a restart would not bring it back.
    pub fn stuck(&self, now: Timestamp) -> Vec<String> {
        let ill = |stage: &StageHealth| stage.dead || now.since(stage.beat) > STUCK_MS;
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
    pub fn beat(&self, now: Timestamp) {
        self.beat.store(now.0, Ordering::Relaxed);
    }

    /// It committed.
    pub fn committed(&self, now: Timestamp) {
        self.beat(now);
        self.committed.store(now.0, Ordering::Relaxed);
    }

    /// It was given partitions, or told that there are none for it.
    pub fn joined(&self) {
        self.joined.store(true, Ordering::Relaxed);
    }

    /// Whether no broker can be reached.
    pub fn away(&self, away: bool) {
        self.away.store(away, Ordering::Relaxed);
    }

    fn read(&self, stage: &str) -> StageHealth {
        let committed = self.committed.load(Ordering::Relaxed);
        StageHealth {
            stage: stage.to_owned(),
            beat: Timestamp(self.beat.load(Ordering::Relaxed)),
            committed: (committed > 0).then_some(Timestamp(committed)),
            joined: self.joined.load(Ordering::Relaxed),
            kafka_away: self.away.load(Ordering::Relaxed),
            dead: self.dead.load(Ordering::Relaxed),
        }
    }
}

/// Held by a stage's thread: a panic that ends it is seen.
pub struct PanicGuard(pub Arc<Heartbeat>);

impl Drop for PanicGuard {
    fn drop(&mut self) {
        self.0.dead.store(std::thread::panicking(), Ordering::Relaxed);
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
        let score = health.register("score", Timestamp(1_000));
        let detect = health.register("detect", Timestamp(1_000));
        assert!(!health.ready(), "none has joined");
        score.joined();
        detect.joined();
        assert!(health.ready());
        score.away(true);
        assert!(!health.ready());
        assert!(health.stuck(Timestamp(2_000)).is_empty(), "a broker away is no fault of ours");
        detect.committed(Timestamp(50_000));
        assert_eq!(health.stuck(Timestamp(62_000)), ["score"]);

        let ended = std::thread::spawn(move || {
            let _bell = PanicGuard(detect);
            panic!("a bug in a stage");
        });
        assert!(ended.join().is_err());
        assert_eq!(health.stuck(Timestamp(51_000)), ["detect"]);
    }
}
