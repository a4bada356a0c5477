//! Calls that may never return, with a limit that holds.
//!
//! `send_offsets_to_transaction` does not keep its own time limit when the group's coordinator goes away at the wrong
//! moment (librdkafka #5456 and #5511), and the other calls of a transaction wait by the same code. They are made on a
//! thread that is left behind when one does not return: what it called is used no more, and new clients take over.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

type Job<T, R> = Box<dyn FnOnce(&T) -> R + Send>;

/// The call did not return in time. Every further call of the same caller fails too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NotReturned;

/// How many threads are left behind now: those whose call came back late have ended, and count no more.
#[derive(Clone, Debug, Default)]
pub(super) struct LeftBehind(Arc<AtomicU32>);

impl LeftBehind {
    /// How many there are.
    pub(super) fn now(&self) -> u32 {
        self.0.load(Ordering::Acquire)
    }
}

/// Ends with its thread.
struct Thread {
    all: LeftBehind,
    left: Arc<AtomicBool>,
}

impl Drop for Thread {
    fn drop(&mut self) {
        if self.left.load(Ordering::Acquire) {
            self.all.0.fetch_sub(1, Ordering::AcqRel);
        }
    }
}

/// Makes calls on `T` one after the other, on a thread of its own.
pub(super) struct BoundedCaller<T, R> {
    /// `None` once a call did not return.
    thread: Option<Line<T, R>>,
    all: LeftBehind,
    left: Arc<AtomicBool>,
}

/// The ends of the channels to the thread and from it.
struct Line<T, R> {
    jobs: mpsc::Sender<Job<T, R>>,
    answers: mpsc::Receiver<R>,
}

impl<T: Send + Sync + 'static, R: Send + 'static> BoundedCaller<T, R> {
    /// A caller of `target`; `name` is that of the thread, which is counted among `all` while it is left behind.
    pub(super) fn new(name: String, target: Arc<T>, all: &LeftBehind) -> std::io::Result<BoundedCaller<T, R>> {
        let (jobs, todo) = mpsc::channel::<Job<T, R>>();
        let (answer, answers) = mpsc::channel();
        let left = Arc::<AtomicBool>::default();
        let thread = Thread { all: all.clone(), left: Arc::clone(&left) };
        std::thread::Builder::new().name(name).spawn(move || {
            let _thread = thread;
            for job in todo {
                if answer.send(job(&target)).is_err() {
                    break;
                }
            }
        })?;
        Ok(BoundedCaller { thread: Some(Line { jobs, answers }), all: all.clone(), left })
    }

    /// Makes a call and waits for it, at most `limit`.
    pub(super) fn call(
        &mut self,
        limit: Duration,
        job: impl FnOnce(&T) -> R + Send + 'static,
    ) -> Result<R, NotReturned> {
        let Line { jobs, answers } = self.thread.as_ref().ok_or(NotReturned)?;
        let sent = jobs.send(Box::new(job)).map_err(|_| RecvTimeoutError::Disconnected);
        let returned = sent.and_then(|()| answers.recv_timeout(limit));
        if let Err(fault) = &returned {
            if *fault == RecvTimeoutError::Timeout {
                // It cannot end before its channel does, below.
                self.left.store(true, Ordering::Release);
                self.all.0.fetch_add(1, Ordering::AcqRel);
            }
            // An answer that comes late must not be taken for that of another call.
            self.thread = None;
        }
        returned.map_err(|_| NotReturned)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHORT: Duration = Duration::from_millis(50);
    const LONG: Duration = Duration::from_secs(60);

    #[test]
    fn a_call_that_returns_gives_its_answer() {
        let mut caller = BoundedCaller::new("test".into(), Arc::new(20), &LeftBehind::default()).unwrap();
        assert_eq!(caller.call(LONG, |twenty| twenty + 1), Ok(21));
        assert_eq!(caller.call(LONG, |twenty| twenty + 2), Ok(22));
    }

    #[test]
    fn a_call_that_never_returns_is_left_behind() {
        let (_never, wait) = mpsc::channel::<()>();
        let mut caller = BoundedCaller::new("test".into(), Arc::new(()), &LeftBehind::default()).unwrap();
        let stuck = caller.call(SHORT, move |()| {
            let _ = wait.recv();
            1
        });
        assert_eq!(stuck, Err(NotReturned));
        assert_eq!(caller.call(LONG, |()| 2), Err(NotReturned), "the next does not wait behind it");
    }

    /// After fifty deaths of brokers a stage gave up: six calls had come late over half an hour, and none was stuck.
    #[test]
    fn a_thread_whose_call_comes_back_late_is_left_behind_no_more() {
        let all = LeftBehind::default();
        let (go, wait) = mpsc::channel::<()>();
        let mut caller = BoundedCaller::new("test".into(), Arc::new(()), &all).unwrap();
        assert_eq!(caller.call(SHORT, move |()| wait.recv().is_ok()), Err(NotReturned));
        assert_eq!(all.now(), 1);
        go.send(()).unwrap();
        let (_never, wait) = mpsc::channel::<()>();
        let ended = || wait.recv_timeout(SHORT).is_ok() || all.now() == 0;
        assert!((0..1_000).any(|_| ended()), "it ends with its call");
    }

    #[test]
    fn an_answer_that_comes_late_is_no_answer_to_another_call() {
        let (go, wait) = mpsc::channel::<()>();
        let mut caller = BoundedCaller::new("test".into(), Arc::new(()), &LeftBehind::default()).unwrap();
        assert_eq!(caller.call(SHORT, move |()| wait.recv().is_ok()), Err(NotReturned));
        go.send(()).unwrap();
        assert_eq!(caller.call(LONG, |()| true), Err(NotReturned));
    }
}
