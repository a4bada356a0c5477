//! One try to send, as a task: ends in time and with an outcome, whatever the receiver does.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::mpsc;
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::sync::Semaphore;

use orszem_core::notification::Notice;
use orszem_core::receivers::Sent;
use orszem_core::settings::Watch;
use orszem_core::stage::Partition;
use orszem_notify::Receiver;
use orszem_records::time::Timestamp;
use orszem_runtime::clock;

use super::{Pages, metrics};
use orszem_core::respond::core::Dispatch;
use orszem_core::respond::deliver::in_flight::MAX_IN_FLIGHT;
use orszem_records::ledger::{Delivery, Entry, Event, Outcome};

/// What a task reports when it is done.
pub(super) struct Report {
    /// The partition of the incident.
    pub(super) partition: Partition,
    /// What is to be written; nothing for a repetition.
    pub(super) outcome: Option<Entry>,
}

/// Starts the tasks and hands over what they report.
pub(super) struct Sender {
    handle: Handle,
    reports: mpsc::Sender<Report>,
    /// Repetitions under way, by receiver: those of tries are counted by the core.
    repetitions: HashMap<String, Arc<Semaphore>>,
}

/// A try with everything that it needs.
pub(super) struct Job {
    /// What is sent.
    pub(super) dispatch: Dispatch,
    /// The incident's watch, as configured.
    pub(super) watch: Watch,
    /// Where it is sent.
    pub(super) receiver: Arc<dyn Receiver>,
    /// Makes the page.
    pub(super) pages: Arc<dyn Pages>,
    /// How long the receiver may take.
    pub(super) timeout: Duration,
    /// When the incident's first signal came into the ledger, where this is its first page.
    pub(super) signalled_at: Option<Timestamp>,
}

impl Sender {
    pub(super) fn new(handle: Handle) -> (Sender, mpsc::Receiver<Report>) {
        let (reports, received) = mpsc::channel();
        (Sender { handle, reports, repetitions: HashMap::new() }, received)
    }

    /// Starts a task for the job. It reports once.
    pub(super) fn start(&mut self, job: Job) {
        let reports = self.reports.clone();
        let turn = job.dispatch.refresh.then(|| {
            let name = job.dispatch.attempt.receiver.clone();
            self.repetitions.entry(name).or_insert_with(|| Arc::new(Semaphore::new(MAX_IN_FLIGHT))).clone()
        });
        let handle = self.handle.clone();
        self.handle.spawn(async move {
            let _turn = match turn {
                Some(turn) => turn.acquire_owned().await.ok(),
                None => None,
            };
            let report = job.run(&handle).await;
            // Nobody listens any more once the worker is gone; then the outcome stays unknown, which is what it is.
            let _ = reports.send(report);
        });
    }
}

impl Job {
    async fn run(self, handle: &Handle) -> Report {
        let Job { dispatch, watch, receiver, pages, timeout, signalled_at } = self;
        let Dispatch { partition, incident, attempt, reference, settled, refresh } = dispatch;
        let is_known = !settled.reached.is_empty();
        let entry = |sent: Sent| Entry {
            watch: incident.watch.clone(),
            incident: incident.id.clone(),
            at: clock::now(),
            event: Event::Outcome(Outcome {
                message: attempt.message.clone(),
                receiver: attempt.receiver.clone(),
                try_number: attempt.try_number,
                result: sent.result,
                recipients: sent.recipients,
                note: sent.note,
            }),
        };

        // In a task of its own, so that a panic is its own as well.
        let sending = {
            let (incident, attempt) = (incident.clone(), attempt.clone());
            handle.spawn(async move {
                let notice = Notice {
                    message: attempt.message,
                    action: attempt.action,
                    revision: attempt.revision,
                    reference,
                    settled,
                    sent_at: clock::now(),
                    page: pages.page(&incident, &watch, &attempt.receiver),
                };
                receiver.send(&notice).await
            })
        };
        let abort = sending.abort_handle();
        let sent = match tokio::time::timeout(timeout, sending).await {
            Ok(Ok(sent)) => sent,
            Ok(Err(fault)) => {
                tracing::error!(receiver = attempt.receiver, message = attempt.message, %fault, "send panicked");
                Delivery::Retry { reason: "the send failed inside orszem: see its log".into(), after_ms: None }.into()
            }
            Err(_) => {
                abort.abort();
                Delivery::Retry { reason: format!("no answer within {} s", timeout.as_secs()), after_ms: None }.into()
            }
        };

        metrics::answered(&attempt, &sent);
        let has_arrived = matches!(sent.result, Delivery::Accepted { .. }) || !sent.recipients.reached.is_empty();
        let entry = entry(sent);
        if has_arrived
            && !is_known
            && let Some(signalled_at) = signalled_at
        {
            let after = Duration::from_millis(entry.at.since(signalled_at).max(0).unsigned_abs());
            metrics::paged(&attempt.receiver, after);
        }
        Report { partition, outcome: (!refresh).then_some(entry) }
    }
}
