//! Ends the process when a stage is stuck or does not stop, so that what started it starts it again.
//!
//! A call into a library can hang for good (librdkafka #5456 and #5511). A stage that hangs hears of no rebalance and
//! no signal, and while there is one copy only, nobody watches anything from then on. Nothing outside is needed to see
//! it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::lifecycle::{Health, STUCK, Shutdown};

/// How long the watchdog waits for what.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// How often it looks.
    pub tick: Duration,
    /// A stage may give no sign of life for this long.
    pub silent: Duration,
    /// After the shutdown was triggered, the process may take this long to end.
    pub stop: Duration,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { tick: Duration::from_secs(1), silent: STUCK, stop: Duration::from_secs(25) }
    }
}

/// Why the process must end.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Stuck {
    /// These stages gave no sign of life, or their threads panicked.
    #[error("no sign of life from: {}", .0.join(", "))]
    Silent(Vec<String>),
    /// The process was told to stop and did not: these stages still run.
    #[error("not stopped in time: {}", if .0.is_empty() { "pages or connections".into() } else { .0.join(", ") })]
    NotStopped(Vec<String>),
}

/// The watchdog. Dropped, it looks no longer.
#[derive(Debug)]
pub struct Watchdog(Arc<AtomicBool>);

impl Drop for Watchdog {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Release);
    }
}

/// Ends the process at once: after a stage was found stuck, nothing that waits for it may run. `SIGABRT`, because it
/// runs no exit handler that could wait, and leaves a core dump where the machine keeps those.
pub fn abort(stuck: &Stuck) {
    tracing::error!(%stuck, "the program is stuck and ends now: start it again, nothing is lost");
    std::process::abort();
}

/// Starts to watch the stages of `health` on a thread of its own; `end` is called at most once.
///
/// # Errors
/// When no thread can be started.
pub fn start(
    health: Health,
    shutdown: Shutdown,
    limits: Limits,
    end: impl FnOnce(&Stuck) + Send + 'static,
) -> std::io::Result<Watchdog> {
    let done = Arc::new(AtomicBool::new(false));
    let watchdog = Watchdog(Arc::clone(&done));
    std::thread::Builder::new().name("watchdog".into()).spawn(move || {
        let mut watch = Watch::new(limits);
        loop {
            pause(limits.tick);
            if done.load(Ordering::Acquire) {
                return;
            }
            if let Some(stuck) = watch.look(&health, shutdown.is_triggered()) {
                end(&stuck);
                return;
            }
        }
    })?;
    Ok(watchdog)
}

#[expect(clippy::disallowed_methods, reason = "the watchdog waits for nothing but time")]
fn pause(tick: Duration) {
    std::thread::sleep(tick);
}

/// What the watchdog saw so far. Counts its own looks and no clock: of a process that was stopped (SIGSTOP, a suspended
/// machine), it has not looked either, and its stages get the same time again.
struct Watch {
    limits: Limits,
    /// By stage: its signs of life at the last look, and for how many looks there was none.
    seen: BTreeMap<String, (u64, u32)>,
    /// Looks since the shutdown was triggered.
    stopping: u32,
}

impl Watch {
    fn new(limits: Limits) -> Watch {
        Watch { limits, seen: BTreeMap::new(), stopping: 0 }
    }

    fn look(&mut self, health: &Health, is_stopping: bool) -> Option<Stuck> {
        let stages = health.stages();
        if is_stopping {
            self.stopping += 1;
            let running = stages.iter().filter(|stage| !stage.ended).map(|stage| stage.stage.clone());
            return (self.limits.tick * self.stopping > self.limits.stop).then(|| Stuck::NotStopped(running.collect()));
        }
        let mut silent = Vec::new();
        for stage in stages {
            let (beats, looks) = self.seen.entry(stage.stage.clone()).or_default();
            *looks = if *beats == stage.beats && !stage.ended { *looks + 1 } else { 0 };
            *beats = stage.beats;
            if stage.dead || self.limits.tick * *looks > self.limits.silent {
                silent.push(stage.stage);
            }
        }
        (!silent.is_empty()).then_some(Stuck::Silent(silent))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lifecycle::EndGuard;
    use std::os::unix::process::ExitStatusExt as _;

    fn limits() -> Limits {
        Limits { tick: Duration::from_secs(1), silent: Duration::from_secs(3), stop: Duration::from_secs(2) }
    }

    #[test]
    fn a_stage_without_a_sign_of_life_is_stuck() {
        let health = Health::new();
        let (score, _detect) = (health.register("score"), health.register("detect"));
        let mut watch = Watch::new(limits());
        for _ in 0..4 {
            score.beat();
            assert_eq!(watch.look(&health, false), None);
        }
        score.beat();
        assert_eq!(watch.look(&health, false), Some(Stuck::Silent(vec!["detect".into()])));
    }

    #[test]
    fn a_stage_whose_thread_panicked_is_stuck_at_once() {
        let health = Health::new();
        let score = health.register("score");
        let thread = std::thread::spawn(move || {
            let _guard = EndGuard(score);
            panic!("a bug in a stage");
        });
        assert!(thread.join().is_err());
        assert_eq!(Watch::new(limits()).look(&health, false), Some(Stuck::Silent(vec!["score".into()])));
    }

    #[test]
    fn a_process_that_does_not_stop_is_stuck_and_says_what_still_runs() {
        let health = Health::new();
        let _detect = health.register("detect");
        drop(EndGuard(health.register("score")));
        let mut watch = Watch::new(limits());
        assert_eq!(watch.look(&health, true), None);
        assert_eq!(watch.look(&health, true), None);
        assert_eq!(watch.look(&health, true), Some(Stuck::NotStopped(vec!["detect".into()])));
    }

    /// Not a test of its own: what the next one runs in another process.
    #[test]
    fn a_program_with_a_stage_that_never_returns() {
        if std::env::var_os("ORSZEM_TEST_STUCK").is_none() {
            return;
        }
        let health = Health::new();
        let _stage = health.register("detect");
        let fast = Limits { tick: Duration::from_millis(10), silent: Duration::from_millis(100), ..limits() };
        let _watchdog = start(health, Shutdown::new(), fast, |stuck| {
            eprintln!("{stuck}");
            abort(stuck);
        });
        loop {
            std::thread::park();
        }
    }

    #[test]
    fn a_process_with_a_stuck_stage_ends_by_itself() {
        let this = std::env::current_exe().unwrap();
        let test = "watchdog::tests::a_program_with_a_stage_that_never_returns";
        let ended = std::process::Command::new(this)
            .args(["--exact", test, "--nocapture"])
            .env("ORSZEM_TEST_STUCK", "1")
            .output()
            .unwrap();
        assert_eq!(ended.status.signal(), Some(6), "SIGABRT");
        let said = String::from_utf8_lossy(&ended.stderr).into_owned();
        assert!(said.contains("no sign of life from: detect"), "{said}");
    }
}
