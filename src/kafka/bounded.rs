//! Calls that may never return, with a limit that holds.
//!
//! `send_offsets_to_transaction` does not keep its own time limit when the group's coordinator goes away at the wrong
//! moment (librdkafka #5456 and #5511), and the other calls of a transaction wait by the same code. They are made on a
//! thread that is left behind when one does not return: what it called is used no more, and new clients take over.

use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread::JoinHandle;
use std::time::Duration;

type Job<T, R> = Box<dyn FnOnce(&T) -> R + Send>;

/// The call did not return in time. Every further call of the same caller fails too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NotReturned;

/// The threads that are left behind in a call. One whose call comes back late ends, and no longer counts.
#[derive(Clone, Debug, Default)]
pub(super) struct LeftBehind(Arc<Mutex<Vec<JoinHandle<()>>>>);

impl LeftBehind {
    /// How many there are now.
    pub(super) fn now(&self) -> usize {
        let mut threads = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        threads.retain(|thread| !thread.is_finished());
        threads.len()
    }
}

/// Makes calls on `T` one after the other, on a thread of its own.
pub(super) struct BoundedCaller<T, R> {
    /// `None` once a call did not return.
    thread: Option<Line<T, R>>,
    left_behind: LeftBehind,
}

/// The thread, and the ends of the channels to it and from it.
struct Line<T, R> {
    thread: JoinHandle<()>,
    jobs: mpsc::Sender<Job<T, R>>,
    answers: mpsc::Receiver<R>,
}

impl<T: Send + Sync + 'static, R: Send + 'static> BoundedCaller<T, R> {
    /// A caller of `target`; `name` is that of the thread, which goes to `left_behind` when a call does not return.
    pub(super) fn new(name: String, target: Arc<T>, left_behind: &LeftBehind) -> std::io::Result<BoundedCaller<T, R>> {
        let (jobs, todo) = mpsc::channel::<Job<T, R>>();
        let (answer, answers) = mpsc::channel();
        let thread = std::thread::Builder::new().name(name).spawn(move || {
            for job in todo {
                if answer.send(job(&target)).is_err() {
                    break;
                }
            }
        })?;
        Ok(BoundedCaller { thread: Some(Line { thread, jobs, answers }), left_behind: left_behind.clone() })
    }

    /// Makes a call and waits for it, at most `limit`.
    pub(super) fn call(
        &mut self,
        limit: Duration,
        job: impl FnOnce(&T) -> R + Send + 'static,
    ) -> Result<R, NotReturned> {
        let Line { jobs, answers, .. } = self.thread.as_ref().ok_or(NotReturned)?;
        let returned = jobs.send(Box::new(job)).ok().and_then(|()| answers.recv_timeout(limit).ok());
        if returned.is_none() {
            // An answer that comes late must not be taken for that of another call.
            let left = self.thread.take().map(|line| line.thread);
            self.left_behind.0.lock().unwrap_or_else(PoisonError::into_inner).extend(left);
        }
        returned.ok_or(NotReturned)
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

    /// In a run of fifty broker kills a stage gave up, though all six calls had come back: late, over half an hour.
    #[test]
    fn a_thread_whose_call_comes_back_late_no_longer_counts() {
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
