//! The canary of the decider, played without Kafka: its ends and its receiver are the test's.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use super::*;
use orszem_core::notification::Capabilities;
use orszem_core::receivers::Sent;
use tokio::runtime::Runtime;

/// What was put into the topic of mentions, and how often the switch was called.
#[derive(Default)]
struct Double {
    put: Mutex<Vec<(String, Vec<u8>)>>,
    is_away: bool,
    called: AtomicUsize,
    /// This many calls are not answered well.
    deaf: AtomicUsize,
}

impl Ends for Double {
    fn put<'a>(
        &'a self,
        key: &'a str,
        mention: &'a [u8],
    ) -> Pin<Box<dyn Future<Output = Result<(), String>> + Send + 'a>> {
        self.put.lock().unwrap().push((key.to_owned(), mention.to_vec()));
        Box::pin(async { if self.is_away { Err("no broker".to_owned()) } else { Ok(()) } })
    }

    fn ping<'a>(&'a self) -> Pin<Box<dyn Future<Output = Result<(), String>> + Send + 'a>> {
        self.called.fetch_add(1, Ordering::SeqCst);
        let is_deaf = self.deaf.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |deaf| deaf.checked_sub(1)).is_ok();
        Box::pin(async move { if is_deaf { Err("503".to_owned()) } else { Ok(()) } })
    }
}

/// A receiver that gives one answer.
struct Quiet {
    result: Delivery,
    got: Mutex<Vec<Notice>>,
    keeps_incidents: bool,
}

impl Receiver for Quiet {
    fn send<'a>(&'a self, notice: &'a Notice) -> Pin<Box<dyn Future<Output = Sent> + Send + 'a>> {
        self.got.lock().unwrap().push(notice.clone());
        Box::pin(async { Sent::from(self.result.clone()) })
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities { updates: true, acknowledges: true, keep_firing: None, calls_itself: self.keeps_incidents }
    }
}

struct Play {
    _runtime: Runtime,
    canary: Canary,
    ends: Arc<Double>,
    config: Arc<Config>,
    receiver: Arc<Quiet>,
    now: Timestamp,
}

impl Play {
    fn new(ends: Double, result: Delivery) -> Play {
        let config: Config = toml::from_str(
            r#"
            [canary]
            receiver = "quiet"
            ping = "env:PING"
            every = "60s"
            within = "30s"
            "#,
        )
        .unwrap();
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let (ends, config) = (Arc::new(ends), Arc::new(config));
        let mut canary = Canary::new(runtime.handle().clone());
        canary.configure(&config, Some(Arc::clone(&ends) as Arc<dyn Ends>));
        let receiver = Arc::new(Quiet { result, got: Mutex::default(), keeps_incidents: false });
        Play { _runtime: runtime, canary, ends, config, receiver, now: clock::now() }
    }

    /// Sends one, and gives what it put into the topic: the token.
    fn sends(&mut self) -> String {
        self.canary.begin(self.now);
        self.until(|play| !play.ends.put.lock().unwrap().is_empty());
        let (key, mention) = self.ends.put.lock().unwrap().pop().unwrap();
        let mention: serde_json::Value = serde_json::from_slice(&mention).unwrap();
        assert_eq!(mention["source"], "orszem-canary");
        let token = mention["text"].as_str().unwrap().to_owned();
        assert_eq!(key, canary::key(&token));
        token
    }

    /// The detectors write that it passed them.
    fn is_back(&mut self, token: &str) {
        let record = canary::Canary { canary: token.to_owned(), passed: Passed::Detect, at: self.now };
        self.canary.read(3, &record.to_json(), self.now);
    }

    /// What is written, before it is committed.
    fn flushes(&mut self) -> Vec<Output> {
        let mut out = Vec::new();
        self.canary.flush(self.now, &mut out);
        out
    }

    fn commits(&mut self) {
        let receivers = Receivers::from([("quiet".to_owned(), Arc::clone(&self.receiver) as Arc<dyn Receiver>)]);
        self.canary.committed(&self.config, &receivers);
    }

    #[expect(clippy::disallowed_methods, reason = "tasks of the runtime are waited for")]
    fn until(&mut self, holds: impl Fn(&Play) -> bool) {
        let end = Instant::now() + Duration::from_secs(20);
        while !holds(self) {
            assert!(Instant::now() < end, "it never came");
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    /// Waits until its end is told.
    fn ends(&mut self) {
        self.until(|play| play.canary.unread.load(Ordering::SeqCst) > 0);
        assert_eq!(self.canary.next(self.now), Some(self.now), "there is news");
        self.canary.gather(self.now);
    }

    fn called(&self) -> usize {
        self.ends.called.load(Ordering::SeqCst)
    }

    fn sent(&self) -> usize {
        self.receiver.got.lock().unwrap().len()
    }
}

fn accepted() -> Delivery {
    Delivery::Accepted { reference: None }
}

#[test]
fn the_switch_is_called_when_the_receiver_accepted_what_went_the_whole_way() {
    let mut play = Play::new(Double::default(), accepted());
    let token = play.sends();
    play.is_back(&token);
    let written = play.flushes();
    assert_eq!((written.len(), written[0].partition, written[0].topic), (1, Some(3), Topic::Ledger));
    assert_eq!(canary::Canary::from_json(&written[0].value).unwrap().passed, Passed::Respond);
    assert_eq!(play.sent(), 0, "nothing is sent that is not committed");
    assert_eq!(play.flushes().len(), 1, "after an abort it is handed over again");
    play.commits();
    play.ends();
    assert_eq!((play.sent(), play.called()), (1, 1));
    let notice = play.receiver.got.lock().unwrap()[0].clone();
    assert!(notice.page.plain && notice.page.headline == "The way of messages works", "{notice:?}");
    assert!(play.flushes().is_empty());
    assert_eq!(play.canary.next(play.now), Some(play.now.plus(60_000)), "the next one");
}

#[test]
fn the_switch_is_not_called_when_the_receiver_takes_nothing() {
    for refused in [Delivery::Failed { reason: "404".into() }, Delivery::Retry { reason: "500".into(), after_ms: None }]
    {
        let mut play = Play::new(Double::default(), refused);
        let token = play.sends();
        play.is_back(&token);
        play.flushes();
        play.commits();
        play.ends();
        assert_eq!((play.sent(), play.called()), (1, 0));
    }
}

#[test]
fn what_another_one_made_or_comes_late_sends_nothing() {
    let mut play = Play::new(Double::default(), accepted());
    let token = play.sends();
    play.is_back(&"0".repeat(32));
    assert!(play.flushes().is_empty(), "a token that nobody here has made");
    let sent = play.now;
    play.now = sent.plus(30_001);
    play.is_back(&token);
    assert!(play.flushes().is_empty(), "too late");
    play.canary.begin(play.now);
    assert_eq!(play.canary.next(play.now), Some(sent.plus(60_000)), "it is given up");
    play.canary.restart();
    let next = play.sends();
    assert_ne!(next, token);
    play.canary.restart();
    play.is_back(&next);
    assert!(play.flushes().is_empty(), "this copy decided no more in between");
}

#[test]
fn a_switch_that_answers_at_the_second_call_was_called() {
    let mut play = Play::new(Double { deaf: AtomicUsize::new(1), ..Double::default() }, accepted());
    let token = play.sends();
    play.is_back(&token);
    play.commits();
    play.ends();
    assert_eq!(play.called(), 2);
}

#[test]
fn where_kafka_takes_nothing_the_next_one_is_sent_in_its_time() {
    let mut play = Play::new(Double { is_away: true, ..Double::default() }, accepted());
    let token = play.sends();
    play.ends();
    play.is_back(&token);
    assert!(play.flushes().is_empty(), "it was given up");
    assert_eq!(play.canary.next(play.now), Some(play.now.plus(60_000)));
}

#[test]
fn a_service_that_keeps_incidents_keeps_none_of_a_canary() {
    let mut play = Play::new(Double::default(), accepted());
    let quiet = Quiet { result: accepted(), got: Mutex::default(), keeps_incidents: true };
    play.receiver = Arc::new(quiet);
    let token = play.sends();
    play.is_back(&token);
    play.commits();
    play.ends();
    let got = play.receiver.got.lock().unwrap();
    let revisions: Vec<u32> = got.iter().map(|notice| notice.revision).collect();
    assert_eq!((revisions, got[1].action), (vec![0, 1], orszem_records::ledger::Action::Resolve));
}
