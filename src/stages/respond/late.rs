//! Late reports: what receivers tell of messages that they had accepted. The copy that decides listens.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};

use tokio::runtime::Handle;
use tokio::task::AbortHandle;

use orszem_notify::{LateReport, Receiver};

use super::Receivers;

/// The receivers that are listened to, and what they told.
pub(super) struct LateReports {
    handle: Handle,
    listening: Vec<AbortHandle>,
    told: mpsc::Sender<Told>,
    reports: mpsc::Receiver<Told>,
    /// How many reports were not read yet.
    unread: Arc<AtomicUsize>,
    /// Those about messages whose tries have not ended yet.
    early: Vec<Told>,
    /// Those that are to be written, and whether the last `flush` handed them over.
    pending: Vec<(Told, bool)>,
}

/// A report, and who told it.
pub(super) struct Told {
    /// The name of the receiver.
    pub(super) name: String,
    receiver: Arc<dyn Receiver>,
    /// What it told.
    pub(super) report: LateReport,
}

impl LateReports {
    pub(super) fn new(handle: Handle) -> LateReports {
        let (told, reports) = mpsc::channel();
        let (listening, early, pending) = (Vec::new(), Vec::new(), Vec::new());
        LateReports { handle, listening, told, reports, unread: Arc::default(), early, pending }
    }

    /// Listens to all receivers, unless that was begun before.
    pub(super) fn listen(&mut self, receivers: &Receivers) {
        if !self.listening.is_empty() {
            return;
        }
        for (name, receiver) in receivers {
            let (name, receiver) = (name.clone(), Arc::clone(receiver));
            let (told, unread) = (self.told.clone(), Arc::clone(&self.unread));
            let task = self.handle.spawn(async move {
                loop {
                    let report = receiver.late().await;
                    unread.fetch_add(1, Ordering::Relaxed);
                    let (name, receiver) = (name.clone(), Arc::clone(&receiver));
                    if told.send(Told { name, receiver, report }).is_err() {
                        return;
                    }
                }
            });
            self.listening.push(task.abort_handle());
        }
    }

    /// Stops listening: this copy does not decide, or the receivers are others from now on.
    pub(super) fn stop(&mut self) {
        self.listening.drain(..).for_each(|task| task.abort());
        self.early.clear();
        self.pending.clear();
    }

    /// The reports to be looked at: those that came since the last time, and those that came too early then.
    pub(super) fn take(&mut self) -> Vec<Told> {
        let mut all = std::mem::take(&mut self.early);
        while let Ok(told) = self.reports.try_recv() {
            self.unread.fetch_sub(1, Ordering::Relaxed);
            all.push(told);
        }
        all
    }

    /// Whether a report waits to be read.
    pub(super) fn is_told(&self) -> bool {
        self.unread.load(Ordering::Relaxed) > 0
    }

    /// It came before the outcome of the try that it is about.
    pub(super) fn is_early(&mut self, told: Told) {
        self.early.push(told);
    }

    /// It is to be written.
    pub(super) fn is_known(&mut self, told: Told) {
        self.pending.push((told, false));
    }

    /// It is about nothing that is known here.
    pub(super) fn is_unknown(&self, told: &Told) {
        let message = &told.report.message;
        tracing::info!(receiver = told.name, message, "a late report about no message that is known here");
        told.receiver.taken(&told.report);
    }

    /// All that is to be written is handed over.
    pub(super) fn flushed(&mut self) {
        self.pending.iter_mut().for_each(|(_, handed)| *handed = true);
    }

    /// What was handed over is committed.
    pub(super) fn committed(&mut self) {
        let (done, rest) = std::mem::take(&mut self.pending).into_iter().partition(|(_, handed)| *handed);
        self.pending = rest;
        let done: Vec<(Told, bool)> = done;
        done.iter().for_each(|(told, _)| told.receiver.taken(&told.report));
    }
}

#[cfg(test)]
impl LateReports {
    /// Waits for a report, which is looked at the next time.
    pub(super) fn wait(&mut self) {
        let told = self.reports.recv_timeout(std::time::Duration::from_secs(60)).expect("a report");
        self.unread.fetch_sub(1, Ordering::Relaxed);
        self.early.push(told);
    }
}

impl Drop for LateReports {
    fn drop(&mut self) {
        self.stop();
    }
}
