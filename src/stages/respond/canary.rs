//! The canary of the copy that decides: written to Kafka as a mention, and when it is back from the ledger, sent to its
//! receiver by the way of every other message. Only what the receiver accepted is told to the dead man's switch.

use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::time::Duration;

use tokio::runtime::Handle;

use orszem_core::input::native;
use orszem_core::notification::Notice;
use orszem_core::respond::canaries::Canaries;
use orszem_core::respond::settings::SEND_GRACE_MS;
use orszem_core::settings::Config;
use orszem_core::stage::{Output, Partition, Topic};
use orszem_notify::Receiver;
use orszem_records::canary::{self, Passed};
use orszem_records::ledger::Delivery;
use orszem_records::time::Timestamp;
use orszem_runtime::{clock, random};

use super::Receivers;
use super::send::in_time;
use crate::canary as metrics;

/// How often the switch is called before the canary counts as lost: what is in between is the internet.
const CALLS: u32 = 3;
/// How long it is waited between two calls.
const PAUSE: Duration = Duration::from_secs(2);

/// The two ends of the way.
pub trait Ends: Send + Sync {
    /// Writes a mention to the topic that canaries go to. Never takes longer than a minute; the reason holds no secret.
    fn put<'a>(
        &'a self,
        key: &'a str,
        mention: &'a [u8],
    ) -> Pin<Box<dyn Future<Output = Result<(), String>> + Send + 'a>>;

    /// Calls the dead man's switch. Never takes longer than a minute; the reason holds no secret.
    fn ping<'a>(&'a self) -> Pin<Box<dyn Future<Output = Result<(), String>> + Send + 'a>>;
}

/// Makes the ends of a configuration, or says why it cannot; `None` where it has no canary. The reason must hold no
/// secret.
pub type BuildEnds = Box<dyn Fn(&Config) -> Result<Option<Arc<dyn Ends>>, String> + Send>;

/// The canaries, and what is under way for them.
pub(super) struct Canary {
    handle: Handle,
    canaries: Canaries,
    ends: Option<Arc<dyn Ends>>,
    /// Back from the ledger: what is written before its message is sent.
    back: Vec<Back>,
    told: mpsc::Sender<News>,
    news: mpsc::Receiver<News>,
    /// How many news were not read yet.
    unread: Arc<AtomicUsize>,
}

/// A canary that is back.
struct Back {
    token: String,
    partition: Partition,
    sent_at: Timestamp,
}

enum News {
    /// It could not be written to Kafka.
    NotWritten { token: String, reason: String },
    /// It ended: how long it took to the receiver's answer, or where it was lost and why.
    Ended(Result<i64, (&'static str, String)>),
}

impl Canary {
    pub(super) fn new(handle: Handle) -> Canary {
        let (told, news) = mpsc::channel();
        let (canaries, back) = (Canaries::default(), Vec::new());
        Canary { handle, canaries, ends: None, back, told, news, unread: Arc::default() }
    }

    /// Goes over to another configuration.
    pub(super) fn configure(&mut self, config: &Config, ends: Option<Arc<dyn Ends>>) {
        self.canaries.configure(config.canary.as_ref().filter(|_| ends.is_some()));
        self.ends = ends;
        metrics::configured(config, clock::now());
    }

    /// This copy begins to decide, or ends.
    pub(super) fn restart(&mut self) {
        self.canaries.restart();
        self.back.clear();
    }

    fn tell(&self) -> impl Fn(News) + Send + 'static {
        let (told, unread) = (self.told.clone(), Arc::clone(&self.unread));
        move |news| {
            unread.fetch_add(1, Ordering::Relaxed);
            // Nobody listens any more once the worker is gone.
            let _ = told.send(news);
        }
    }

    /// Sends one where it is due, and gives up what is late.
    pub(super) fn begin(&mut self, now: Timestamp) {
        if self.canaries.is_late(now) {
            metrics::lost("stages", "it did not come back from the ledger in time");
        }
        let Some(ends) = self.ends.clone().filter(|_| self.canaries.is_due(now)) else { return };
        let token = canary::token(random::bytes());
        let mut mention = Vec::new();
        if let Err(fault) = native::write(&canary::mention(&token, now), &mut mention) {
            return metrics::lost("kafka", &fault.to_string());
        }
        self.canaries.send(token.clone(), now);
        let tell = self.tell();
        self.handle.spawn(async move {
            match ends.put(&canary::key(&token), mention.trim_ascii_end()).await {
                Ok(()) => metrics::passed("sent"),
                Err(reason) => tell(News::NotWritten { token, reason }),
            }
        });
    }

    /// Takes in a record of a canary that came in the ledger.
    pub(super) fn read(&mut self, partition: Partition, value: &[u8], now: Timestamp) {
        let Ok(record) = canary::Canary::from_json(value) else { return };
        if record.passed == Passed::Detect
            && let Some(sent_at) = self.canaries.back(&record.canary, now)
        {
            self.back.push(Back { token: record.canary, partition, sent_at });
        }
    }

    /// Hands over what is to be written of those that are back, until it is committed.
    pub(super) fn flush(&mut self, now: Timestamp, out: &mut Vec<Output>) {
        out.extend(self.back.iter().map(|Back { token, partition, .. }| Output {
            topic: Topic::Ledger,
            partition: Some(*partition),
            key: canary::key(token).into_bytes(),
            value: canary::Canary { canary: token.clone(), passed: Passed::Respond, at: now }.to_json(),
            headers: Vec::new(),
        }));
    }

    /// What was handed over is committed: the messages are sent.
    pub(super) fn committed(&mut self, config: &Arc<Config>, receivers: &Receivers) {
        for Back { sent_at, .. } in std::mem::take(&mut self.back) {
            metrics::passed("respond");
            let Some((settings, ends)) = config.canary.as_ref().zip(self.ends.clone()) else { continue };
            let Some(receiver) = receivers.get(&settings.receiver).cloned() else { continue };
            let (tell, handle, config) = (self.tell(), self.handle.clone(), Arc::clone(config));
            let name = settings.receiver.clone();
            let within_ms = settings.within.millis();
            self.handle.spawn(async move {
                let brought = bring(&handle, (&name, receiver), &config, (sent_at, within_ms)).await;
                let ended = match brought {
                    Ok(took_ms) => {
                        metrics::accepted(took_ms);
                        call(&*ends).await.map(|()| took_ms).map_err(|reason| ("switch", reason))
                    }
                    Err(reason) => Err(("receiver", reason)),
                };
                tell(News::Ended(ended));
            });
        }
    }

    /// Takes what came of them.
    pub(super) fn gather(&mut self, now: Timestamp) {
        while let Ok(news) = self.news.try_recv() {
            self.unread.fetch_sub(1, Ordering::Relaxed);
            match news {
                News::NotWritten { token, reason } => {
                    if self.canaries.lost(&token) {
                        metrics::lost("kafka", &reason);
                    }
                }
                News::Ended(Ok(took_ms)) => metrics::came_through(now, took_ms),
                News::Ended(Err((at, reason))) => metrics::lost(at, &reason),
            }
        }
    }

    /// When there is something to do.
    pub(super) fn next(&self, now: Timestamp) -> Option<Timestamp> {
        let has_news = !self.back.is_empty() || self.unread.load(Ordering::Relaxed) > 0;
        if has_news { Some(now) } else { self.canaries.next_deadline() }
    }
}

/// Sends the message of a canary. How long it took from Kafka to the answer, in ms.
async fn bring(
    handle: &Handle,
    (name, receiver): (&str, Arc<dyn Receiver>),
    config: &Config,
    (sent_at, within_ms): (Timestamp, i64),
) -> Result<i64, String> {
    let notice = Notice::canary(name, config.web.public_url.clone(), &config.words(Some(name), None), clock::now());
    let timeout = config.respond.timeout.0.saturating_add(Duration::from_millis(SEND_GRACE_MS));
    let message = notice.message.clone();
    let send = |notice: Notice| {
        let receiver = Arc::clone(&receiver);
        async move { receiver.send(&notice).await }
    };
    let reference = match in_time(handle, timeout, (name, &message), send(notice.clone())).await.result {
        Delivery::Accepted { reference } => reference,
        Delivery::Failed { reason } => return Err(reason),
        Delivery::Retry { reason, .. } => {
            // It may have arrived: a service that keeps incidents must not keep this one.
            if receiver.capabilities().has_states() {
                in_time(handle, timeout, (name, &message), send(notice.ended(None, clock::now()))).await;
            }
            return Err(reason);
        }
    };
    let took_ms = clock::now().since(sent_at);
    if receiver.capabilities().has_states() {
        // A service that keeps incidents must not keep this one.
        in_time(handle, timeout, (name, &message), send(notice.ended(reference, clock::now()))).await;
    }
    match took_ms <= within_ms {
        true => Ok(took_ms),
        false => Err(format!("it was accepted, but only after {} s", took_ms / 1000)),
    }
}

/// Calls the switch, a few times.
async fn call(ends: &dyn Ends) -> Result<(), String> {
    let mut called = ends.ping().await;
    for _ in 1..CALLS {
        if called.is_ok() {
            break;
        }
        tokio::time::sleep(PAUSE).await;
        called = ends.ping().await;
    }
    called
}

#[cfg(test)]
#[path = "canary_tests.rs"]
mod tests;
