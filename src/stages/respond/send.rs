//! One try to send, as a task: ends in time and with an outcome, whatever the receiver does.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::sync::Semaphore;

use orszem_core::notification::{Notice, Occasion, Page, Together};
use orszem_core::receivers::Sent;
use orszem_core::settings::{Config, Watch};
use orszem_core::stage::Partition;
use orszem_notify::Receiver;
use orszem_records::time::Timestamp;
use orszem_runtime::clock;

use super::{Pages, former_watch, metrics};
use orszem_core::respond::core::{Bundled, Dispatch, SharedPage};
use orszem_records::incident::{Incident, State};
use orszem_records::ledger::{Attempt, Delivery, Entry, Event, Outcome};

/// The most repetitions to one receiver that are under way at once.
const REPETITIONS: usize = 4;

/// What a task reports when it is done.
pub(super) struct Report {
    /// What is to be written, and to which partition: an outcome for each incident that was told of; nothing for a
    /// repetition.
    pub(super) outcomes: Vec<(Partition, Entry)>,
}

/// Starts the tasks and hands over what they report.
pub(super) struct Sender {
    handle: Handle,
    reports: mpsc::Sender<Report>,
    /// How many reports were not read yet.
    unread: Arc<AtomicUsize>,
    /// Repetitions under way, by receiver: those of tries are counted by the core.
    repetitions: HashMap<String, Arc<Semaphore>>,
}

/// A try with everything that it needs.
pub(super) struct Job {
    /// What is sent.
    pub(super) dispatch: Dispatch,
    /// The incident's watch, as configured.
    pub(super) watch: Watch,
    /// Where the watches of other incidents are found that it tells of.
    pub(super) config: Arc<Config>,
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
        let unread = Arc::default();
        (Sender { handle, reports, unread, repetitions: HashMap::new() }, received)
    }

    /// Whether a report is waiting to be read: then others may wait for the slot of its try.
    pub(super) fn has_reports(&self) -> bool {
        self.unread.load(Ordering::Relaxed) > 0
    }

    /// A report was read.
    pub(super) fn read(&self) {
        self.unread.fetch_sub(1, Ordering::Relaxed);
    }

    /// Starts a task for the job. It reports once.
    pub(super) fn start(&mut self, job: Job) {
        let turn = job.dispatch.refresh.then(|| {
            let name = job.dispatch.attempt.receiver.clone();
            self.repetitions.entry(name).or_insert_with(|| Arc::new(Semaphore::new(REPETITIONS))).clone()
        });
        self.run(|handle| async move {
            let _turn = match turn {
                Some(turn) => turn.acquire_owned().await.ok(),
                None => None,
            };
            job.run(&handle).await
        });
    }

    /// Starts a task that reports once.
    pub(super) fn run<F: Future<Output = Report> + Send + 'static>(&self, task: impl FnOnce(Handle) -> F) {
        let (reports, unread) = (self.reports.clone(), Arc::clone(&self.unread));
        let task = task(self.handle.clone());
        self.handle.spawn(async move {
            let report = task.await;
            // Nobody listens any more once the worker is gone; then the outcome stays unknown, which is what it is.
            unread.fetch_add(1, Ordering::Relaxed);
            let _ = reports.send(report);
        });
    }
}

impl Job {
    async fn run(self, handle: &Handle) -> Report {
        let Job { dispatch, watch, config, receiver, pages, timeout, signalled_at } = self;
        let Dispatch { partition, incident, attempt, occasion, reference, settled, page: shared, others, refresh } =
            dispatch;
        let is_known = !settled.reached.is_empty();

        let sending = {
            let (incident, attempt, others) = (incident.clone(), attempt.clone(), others.clone());
            async move {
                let mut page = match shared {
                    None => pages.page(&incident, &watch, &attempt.receiver, occasion),
                    Some(shared) => shared_page(&shared, &attempt.receiver, occasion, (&config, &*pages)),
                };
                if attempt.digest {
                    page.together = Together::Digest;
                }
                let listed = others.iter().take(Page::MOST_OTHERS);
                for Bundled { incident, occasion, .. } in listed {
                    let watch = watch_of(incident, &config);
                    page.tell_also(&pages.page(incident, &watch, &attempt.receiver, *occasion));
                }
                page.more += others.len().saturating_sub(Page::MOST_OTHERS);
                let notice = Notice {
                    message: attempt.message,
                    action: attempt.action,
                    occasion,
                    revision: attempt.revision,
                    reference,
                    settled,
                    sent_at: clock::now(),
                    page,
                };
                receiver.send(&notice).await
            }
        };
        let sent = in_time(handle, timeout, (&attempt.receiver, &attempt.message), sending).await;

        metrics::answered(&attempt, &sent);
        let has_arrived = matches!(sent.result, Delivery::Accepted { .. }) || !sent.recipients.reached.is_empty();
        let at = clock::now();
        if has_arrived
            && !is_known
            && let Some(signalled_at) = signalled_at
        {
            let after = Duration::from_millis(at.since(signalled_at).max(0).unsigned_abs());
            metrics::paged(&attempt.receiver, after);
        }
        if refresh {
            return Report { outcomes: Vec::new() };
        }
        // What refers to the message is that of the incident whose message it is.
        let of_others = match &sent.result {
            Delivery::Accepted { .. } => Sent { result: Delivery::Accepted { reference: None }, ..sent.clone() },
            _ => sent.clone(),
        };
        let mut outcomes = vec![(partition, entry(&incident, &attempt, at, sent))];
        outcomes.extend(others.into_iter().map(|Bundled { partition, incident, attempt, .. }| {
            (partition, entry(&incident, &attempt, at, of_others.clone()))
        }));
        Report { outcomes }
    }
}

/// What comes of sending a message to a receiver, within `timeout` whatever that does.
pub(super) async fn in_time(
    handle: &Handle,
    timeout: Duration,
    (receiver, message): (&str, &str),
    sending: impl Future<Output = Sent> + Send + 'static,
) -> Sent {
    // In a task of its own, so that a panic is its own as well.
    let sending = handle.spawn(sending);
    let abort = sending.abort_handle();
    match tokio::time::timeout(timeout, sending).await {
        Ok(Ok(sent)) => sent,
        Ok(Err(fault)) => {
            tracing::error!(receiver, message, %fault, "send panicked");
            Delivery::Retry { reason: "the send failed inside orszem: see its log".into(), after_ms: None }.into()
        }
        Err(_) => {
            abort.abort();
            Delivery::Retry { reason: format!("no answer within {} s", timeout.as_secs()), after_ms: None }.into()
        }
    }
}

/// The watch of an incident, as configured.
fn watch_of(incident: &Incident, config: &Config) -> Watch {
    config.watch(&incident.watch).map_or_else(|| former_watch(&incident.watch), Cow::into_owned)
}

/// The page of a group: its head, and the others that it names.
fn shared_page(
    shared: &SharedPage,
    receiver: &str,
    occasion: Occasion,
    (config, pages): (&Config, &dyn Pages),
) -> Page {
    let page = |incident: &Incident, occasion| pages.page(incident, &watch_of(incident, config), receiver, occasion);
    let mut whole = page(&shared.head, occasion);
    for other in &shared.others {
        let is_over = other.state() == State::Resolved;
        whole.tell_also(&page(other, if is_over { Occasion::Over } else { Occasion::Figures }));
    }
    whole.together = Together::Group;
    whole.more = shared.more;
    whole
}

/// What came of an attempt, for the ledger.
fn entry(incident: &Incident, attempt: &Attempt, at: Timestamp, sent: Sent) -> Entry {
    let (message, receiver, try_number) = (attempt.message.clone(), attempt.receiver.clone(), attempt.try_number);
    Entry {
        watch: incident.watch.clone(),
        incident: incident.id.clone(),
        at,
        event: Event::Outcome(Outcome {
            message,
            receiver,
            try_number,
            result: sent.result,
            recipients: sent.recipients,
            note: sent.note,
        }),
    }
}
