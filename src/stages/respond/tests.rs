//! The worker against receivers that accept, hang and panic; the loop is played by the test.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::runtime::Runtime;

use orszem_core::notification::Occasion;
use orszem_core::notification::Page;
use orszem_core::notification::{Capabilities, Notice};
use orszem_core::receivers::Sent;
use orszem_core::settings::Config;
use orszem_core::settings::Watch;
use orszem_core::settings::span::Span;
use orszem_core::stage::{Mark, Offset, Output, Partition, Place, Record, Stage, StageError, StateReader, Topic};
use orszem_core::words::Words;
use orszem_notify::{LateReport, Receiver};
use orszem_records::signal::{Kind, Phase};
use orszem_records::time::Timestamp;
use orszem_runtime::clock;
use orszem_runtime::live_config::ConfigPublisher;

use super::{Receivers, Worker};
use orszem_records::incident::Incident;
use orszem_records::ledger::{ByWhom, Delivery, Entry, Event, IncidentId};
use orszem_records::team;
use orszem_records::team::look_up::AccountLookedUp;
use orszem_records::team::personal_drill::{PersonalDrill, Step as DrillStep};

#[path = "../../core/respond/fixture.rs"]
#[allow(dead_code, reason = "shared with tests of other crates: not all of it is used here")]
mod fixture;
use fixture::{config, describe, signal};

#[derive(Clone, Copy)]
enum Manner {
    Accepts,
    /// Accepts, and tells afterwards that it did not arrive.
    ComesBack,
    Hangs,
    Panics,
}

struct Fake {
    manner: Manner,
    got: Arc<Mutex<Vec<Notice>>>,
    /// What is to be told late.
    late:
        (tokio::sync::mpsc::UnboundedSender<String>, tokio::sync::Mutex<tokio::sync::mpsc::UnboundedReceiver<String>>),
    taken: Arc<Mutex<Vec<String>>>,
}

impl Receiver for Fake {
    fn send<'a>(&'a self, notice: &'a Notice) -> Pin<Box<dyn Future<Output = Sent> + Send + 'a>> {
        Box::pin(async move {
            self.got.lock().unwrap().push(notice.clone());
            match self.manner {
                Manner::ComesBack => {
                    self.late.0.send(notice.message.clone()).unwrap();
                    Delivery::Accepted { reference: None }.into()
                }
                Manner::Accepts => Delivery::Accepted { reference: Some("r".into()) }.into(),
                Manner::Hangs => std::future::pending().await,
                Manner::Panics => panic!("as it was told to"),
            }
        })
    }

    fn late<'a>(&'a self) -> Pin<Box<dyn Future<Output = LateReport> + Send + 'a>> {
        Box::pin(async {
            match self.late.1.lock().await.recv().await {
                Some(message) => LateReport { message, reason: "550 no such mailbox".into() },
                None => std::future::pending().await,
            }
        })
    }

    fn taken(&self, report: &LateReport) {
        self.taken.lock().unwrap().push(report.message.clone());
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities { updates: true, acknowledges: false, keep_firing: None, calls_itself: false }
    }
}

struct NoReader;

impl StateReader for NoReader {
    fn read(&mut self, _: Topic, _: Partition, _: &mut dyn FnMut(&[u8], Option<&[u8]>)) -> Result<(), StageError> {
        Err(StageError("respond has no state but the ledger".into()))
    }
}

fn page(incident: &Incident, watch: &Watch, receiver: &str, occasion: Occasion) -> Page {
    Page::of(incident, watch, occasion, format!("http://localhost/{receiver}"), &Words::default())
}

/// The Kafka loop, played: partition 3 of the ledger as a list.
struct Loop {
    worker: Worker,
    publisher: ConfigPublisher,
    got: Arc<Mutex<Vec<Notice>>>,
    /// The late reports that receivers were told are taken.
    taken: Arc<Mutex<Vec<String>>>,
    ledger: Vec<Entry>,
    _runtime: Runtime,
}

const PARTITION: Partition = 3;

impl Loop {
    fn new(manners: &[(&str, Manner)]) -> Loop {
        let names: Vec<&str> = manners.iter().map(|(name, _)| *name).collect();
        Loop::with(manners, config(0, &[&names]))
    }

    fn with(manners: &[(&str, Manner)], mut config: Config) -> Loop {
        config.respond.timeout = Span::from_millis(10);
        let publisher = ConfigPublisher::new(config);
        let got = Arc::new(Mutex::new(Vec::new()));
        let manners: BTreeMap<String, Manner> =
            manners.iter().map(|(name, manner)| ((*name).into(), *manner)).collect();
        let taken = Arc::new(Mutex::new(Vec::new()));
        let (receivers_got, receivers_taken) = (Arc::clone(&got), Arc::clone(&taken));
        let build = move |config: &Config| -> Result<Receivers, String> {
            if config.watches.is_empty() {
                return Err("no watches".into());
            }
            let make = |(name, manner): (&String, &Manner)| -> (String, Arc<dyn Receiver>) {
                let (tell, told) = tokio::sync::mpsc::unbounded_channel();
                let (got, taken) = (Arc::clone(&receivers_got), Arc::clone(&receivers_taken));
                let late = (tell, tokio::sync::Mutex::new(told));
                (name.clone(), Arc::new(Fake { manner: *manner, got, late, taken }))
            };
            Ok(manners.iter().map(make).collect())
        };
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let worker =
            Worker::new(publisher.reader(), Box::new(build), Arc::new(page), runtime.handle().clone()).unwrap();
        let mut played = Loop { worker, publisher, got, taken, ledger: Vec::new(), _runtime: runtime };
        played.assign();
        played.worker.lead(true);
        played
    }

    fn assign(&mut self) {
        let start = self.worker.assigned(PARTITION, Some(Place::from(7)), &mut NoReader).unwrap();
        assert_eq!(start.from, None, "from what the last decider needed");
    }

    fn bytes(&mut self, value: &[u8]) {
        self.bytes_at(0, value);
    }

    fn bytes_at(&mut self, offset: Offset, value: &[u8]) {
        let (key, value) = (Some(&b"acme"[..]), Some(value));
        let timestamp = clock::now();
        self.worker.record(Record {
            partition: PARTITION,
            offset,
            timestamp,
            mark: Mark::default(),
            key,
            value,
            headers: &orszem_core::input::NoHeaders,
            replayed: false,
        });
    }

    /// A record of the team.
    fn of_team(&mut self, record: &team::Record) {
        let (key, value) = (record.key().into_bytes(), record.to_json());
        self.worker.team(Record {
            partition: 0,
            offset: 0,
            timestamp: clock::now(),
            mark: Mark::default(),
            key: Some(&key),
            value: Some(&value),
            headers: &orszem_core::input::NoHeaders,
            replayed: false,
        });
    }

    fn read(&mut self, entry: &Entry) {
        self.bytes(&serde_json::to_vec(entry).unwrap());
    }

    fn opens(&mut self) {
        let event = Event::Signal(Box::new(signal(Phase::Opened, Kind::Volume, 2, 10)));
        let entry = Entry { watch: "acme".into(), incident: IncidentId::new("acme", 1), at: Timestamp(0), event };
        self.read(&entry);
        self.ledger.push(entry);
    }

    fn tick(&mut self) {
        self.worker.tick(clock::now(), &[PARTITION]);
    }

    /// Flushes; what is to be written.
    fn flush(&mut self) -> Vec<Entry> {
        let mut out = Vec::new();
        self.worker.flush(clock::now(), &mut out);
        let entry = |output: &Output| {
            assert_eq!((output.topic, output.partition), (Topic::Ledger, Some(PARTITION)));
            assert_eq!(output.key, b"acme");
            serde_json::from_slice(&output.value).unwrap()
        };
        out.iter().map(entry).collect()
    }

    fn commit(&mut self, entries: Vec<Entry>) {
        self.worker.committed(clock::now());
        for entry in entries {
            self.read(&entry);
            self.ledger.push(entry);
        }
    }

    /// The transaction is aborted: everything is read again.
    fn abort(&mut self) {
        self.worker.revoked(PARTITION);
        self.assign();
        for entry in self.ledger.clone() {
            self.read(&entry);
        }
    }

    fn got(&self) -> usize {
        self.got.lock().unwrap().len()
    }

    fn drain(&mut self) {
        self.worker.drain(&[PARTITION], Duration::from_secs(60));
    }
}

fn described(entries: &[Entry]) -> Vec<String> {
    entries.iter().map(describe).collect()
}

#[test]
fn nothing_is_sent_before_it_is_committed_nor_written_before_the_end_was_read() {
    let mut played = Loop::new(&[("mail", Manner::Accepts)]);
    played.opens();
    assert_eq!(played.flush(), [], "the partition was not read to its end");
    played.tick();
    assert_eq!(played.worker.next_deadline(), Some(Timestamp(0)));
    let entries = played.flush();
    assert_eq!(described(&entries), ["trigger mail/0"]);
    played.drain();
    assert_eq!(played.got(), 0);
    played.commit(entries);
    played.drain();
    assert_eq!(played.got(), 1);
    assert_eq!(played.got.lock().unwrap()[0].page.link, "http://localhost/mail");
    assert!(played.worker.next_deadline().is_some_and(|at| at <= clock::now()), "an outcome wants to be written");
    let entries = played.flush();
    assert_eq!(described(&entries), ["accepted mail/0"]);
    played.commit(entries);
    assert_eq!(played.flush(), []);
    assert_eq!(played.got(), 1);
}

#[test]
fn an_aborted_attempt_is_not_sent_and_is_decided_anew() {
    let mut played = Loop::new(&[("mail", Manner::Accepts)]);
    played.opens();
    played.tick();
    assert_eq!(played.flush().len(), 1);
    played.abort();
    played.worker.committed(clock::now());
    played.drain();
    assert_eq!(played.got(), 0);
    played.tick();
    assert_eq!(described(&played.flush()), ["trigger mail/0"]);
}

#[test]
fn an_outcome_outlives_an_abort() {
    let mut played = Loop::new(&[("mail", Manner::Accepts)]);
    played.opens();
    played.tick();
    let entries = played.flush();
    played.commit(entries);
    played.drain();
    assert_eq!(described(&played.flush()), ["accepted mail/0"]);
    played.abort();
    assert_eq!(played.flush(), [], "not before the attempt was read again");
    played.tick();
    assert_eq!(described(&played.flush()), ["accepted mail/0"]);
    assert_eq!(played.got(), 1);
}

#[test]
fn the_outcome_of_a_partition_that_went_away_is_dropped() {
    let mut played = Loop::new(&[("mail", Manner::Accepts)]);
    played.opens();
    played.tick();
    let entries = played.flush();
    played.commit(entries);
    played.worker.revoked(PARTITION);
    played.drain();
    assert_eq!(played.flush(), []);
    played.assign();
    played.tick();
    assert_eq!(played.flush(), []);
}

#[test]
fn a_partition_handed_back_in_order_writes_its_outcomes_and_begins_nothing() {
    let mut played = Loop::new(&[("mail", Manner::Accepts)]);
    played.opens();
    played.tick();
    let entries = played.flush();
    played.commit(entries);
    let event = Event::Signal(Box::new(signal(Phase::Opened, Kind::Volume, 2, 10)));
    played.read(&Entry { watch: "acme".into(), incident: IncidentId::new("acme", 2), at: Timestamp(0), event });
    played.worker.leaving(&[PARTITION]);
    played.tick();
    assert_eq!(described(&played.flush()), ["accepted mail/0"], "and nothing of the second incident");
}

#[test]
fn one_that_hangs_and_one_that_panics_stop_no_other() {
    let manners = [("a-hang", Manner::Hangs), ("b-panic", Manner::Panics), ("c-mail", Manner::Accepts)];
    let mut played = Loop::new(&manners);
    played.opens();
    played.tick();
    let entries = played.flush();
    assert_eq!(entries.len(), 3);
    played.commit(entries);
    let mut first = Vec::new();
    while first.len() < 2 {
        played.worker.drain(&[PARTITION], Duration::from_millis(5));
        let entries = played.flush();
        first.extend(described(&entries).into_iter().filter(|line| !line.starts_with("trigger")));
        played.commit(entries);
    }
    first.sort();
    assert_eq!(first, ["accepted c-mail/0", "retry b-panic/0"]);
    // The one that hangs is given up in time.
    played.drain();
    assert!(described(&played.flush()).contains(&"retry a-hang/0".to_owned()));
}

#[test]
fn a_try_of_a_copy_whose_clock_is_an_hour_ahead_is_lost_by_the_ledgers_time() {
    let mut played = Loop::new(&[("mail", Manner::Accepts)]);
    played.opens();
    played.tick();
    let mut entries = played.flush();
    entries.iter_mut().for_each(|entry| entry.at = clock::now().plus(3_600_000));
    played.ledger.extend(entries);
    // The copy is dead: another one reads what it wrote.
    played.abort();
    played.tick();
    let latest = clock::now().plus(20_000);
    let again = played.worker.next_deadline();
    assert!(again.is_some_and(|at| at <= latest), "tried again at {again:?}, not by {latest:?}");
}

#[test]
fn what_cannot_be_read_is_passed_over() {
    let mut played = Loop::new(&[("mail", Manner::Accepts)]);
    played.bytes(b"{\"watch\":\"acme\"");
    played.bytes(b"\xff\xfe");
    played.bytes(&[b'['; 10_000]);
    played.opens();
    played.tick();
    assert_eq!(played.flush().len(), 1);
}

#[test]
fn a_configuration_is_taken_as_a_whole_or_not_at_all() {
    let mut played = Loop::new(&[("mail", Manner::Accepts)]);
    let mut broken = Config::clone(&played.publisher.current());
    broken.watches.clear();
    played.publisher.publish(broken);
    played.tick();
    played.opens();
    assert_eq!(played.flush().len(), 1, "the old one is still followed");

    let mut silent = config(0, &[&["mail"]]);
    silent.watches[0].escalation = None;
    let mut played = Loop::new(&[("mail", Manner::Accepts)]);
    played.publisher.publish(silent);
    played.tick();
    played.opens();
    assert_eq!(played.flush(), [], "the new one names nobody");
}

#[test]
fn nothing_is_decided_before_every_partition_is_read_to_its_end() {
    let mut played = Loop::new(&[("mail", Manner::Accepts)]);
    let other = PARTITION + 1;
    played.worker.assigned(other, None, &mut NoReader).unwrap();
    played.opens();
    played.tick();
    assert_eq!(played.flush(), [], "the other partition may hold what stops the call");
    played.worker.tick(clock::now(), &[other]);
    assert_eq!(described(&played.flush()), ["trigger mail/0"], "each of them was at its end once");

    // A partition that is added is waited for too.
    let mut played = Loop::new(&[("mail", Manner::Accepts)]);
    played.tick();
    played.worker.assigned(other, None, &mut NoReader).unwrap();
    played.opens();
    played.tick();
    assert_eq!(played.flush(), []);
    played.worker.tick(clock::now(), &[PARTITION, other]);
    assert_eq!(described(&played.flush()), ["trigger mail/0"]);
}

#[test]
fn a_copy_that_stands_by_reads_along_and_goes_on_where_the_decider_stopped() {
    let mut played = Loop::new(&[("mail", Manner::Accepts)]);
    played.opens();
    played.tick();
    let entries = played.flush();
    played.commit(entries);
    played.drain();
    let entries = played.flush();
    assert_eq!(described(&entries), ["accepted mail/0"]);
    played.commit(entries);

    played.worker.leaving(&[PARTITION]);
    played.tick();
    assert_eq!(played.flush(), []);
    played.worker.lead(false);
    let event = Event::Signal(Box::new(signal(Phase::Opened, Kind::Volume, 2, 10)));
    played.read(&Entry { watch: "acme".into(), incident: IncidentId::new("acme", 2), at: Timestamp(0), event });
    played.worker.tick(clock::now(), &[]);
    assert_eq!(played.worker.next_deadline(), None, "another copy decides");

    played.worker.lead(true);
    assert_eq!(played.flush(), [], "what the other one wrote last must be read first");
    played.tick();
    assert_eq!(described(&played.flush()), ["trigger mail/0"], "of the second incident; the first was told");
    assert_eq!(played.got(), 1);
}

#[test]
fn what_an_open_incident_needs_is_kept_from_its_first_signal_on() {
    let mut played = Loop::new(&[("mail", Manner::Accepts)]);
    assert_eq!(played.worker.needs(PARTITION), None);
    let entry = |number, phase| {
        let event = Event::Signal(Box::new(signal(phase, Kind::Volume, 4, 10)));
        let entry = Entry { watch: "acme".into(), incident: IncidentId::new("acme", number), at: Timestamp(0), event };
        serde_json::to_vec(&entry).unwrap()
    };
    for (offset, number) in [(40, 1), (44, 2)] {
        played.bytes_at(offset, &entry(number, Phase::Opened));
        played.bytes_at(offset + 2, &entry(number, Phase::Updated));
    }
    assert_eq!(played.worker.needs(PARTITION), Some(40));
    assert_eq!(played.worker.needs(PARTITION + 1), None);
    played.bytes_at(50, &entry(1, Phase::Closed));
    played.tick();
    let entries = played.flush();
    played.commit(entries);
    played.drain();
    while played.worker.needs(PARTITION) == Some(40) {
        let entries = played.flush();
        assert!(!entries.is_empty(), "the end of the first is told, and then it is done with");
        played.commit(entries);
        played.drain();
    }
    assert_eq!(played.worker.needs(PARTITION), Some(44));
    played.worker.revoked(PARTITION);
    assert_eq!(played.worker.needs(PARTITION), None);
}

#[test]
fn what_was_accepted_and_comes_back_is_a_failure_in_the_ledger_and_the_next_way_is_used() {
    let mut config: Config = toml::from_str(
        r#"
        receiver = [{ kind = "console", name = "mail" }, { kind = "console", name = "chat" }]
        watch = [{ name = "acme", terms = ["acme"], escalation = "crisis" }]
        [[person]]
        name = "anna"
        way = [{ receiver = "mail" }, { receiver = "chat" }]
        [[escalation]]
        name = "crisis"
        step = [{ people = ["anna"], acknowledge_within = "1h" }]
        "#,
    )
    .unwrap();
    config.people[0].next_way = Span::from_secs(3_600);
    let mut played = Loop::with(&[("anna/mail", Manner::ComesBack), ("anna/chat", Manner::Accepts)], config);
    played.opens();
    played.tick();
    let entries = played.flush();
    assert_eq!(described(&entries), ["trigger anna/mail/0"]);
    played.commit(entries);
    // The report comes before the outcome of the try is written, and waits for it.
    played.worker.late.wait();
    played.tick();
    played.drain();
    let entries = played.flush();
    assert_eq!(described(&entries), ["accepted anna/mail/0"]);
    played.commit(entries);
    played.tick();
    let entries = played.flush();
    assert_eq!(described(&entries), ["failed anna/mail/0", "trigger anna/chat/0"]);
    assert_eq!(*played.taken.lock().unwrap(), [""; 0], "not before it is in the ledger");
    played.commit(entries);
    assert_eq!(*played.taken.lock().unwrap(), ["acme.1/anna/mail/0"]);
    let failed = played.ledger.iter().find_map(|entry| match &entry.event {
        Event::Outcome(outcome) => match &outcome.result {
            Delivery::Failed { reason } => Some(reason.clone()),
            _ => None,
        },
        _ => None,
    });
    assert_eq!(failed.as_deref(), Some("550 no such mailbox"));
    played.drain();
    assert_eq!(played.got(), 2);
}

#[test]
fn what_is_due_at_once_is_one_message_with_an_answer_for_each() {
    let config: Config = toml::from_str(
        r#"
        receiver = [{ kind = "console", name = "mail" }, { kind = "console", name = "desk" }]
        watch = [{ name = "acme", terms = ["acme"], escalation = "crisis" }]
        person = [{ name = "anna", way = [{ receiver = "mail" }] }]
        posting = { on_duty = ["anna"] }
        [[escalation]]
        name = "crisis"
        step = [{ receivers = ["desk"], acknowledge_within = "1h" }]
        [[playbook]]
        name = "first"
        move = [{ do = "Pause all posts.", within = "1m" }, { do = "Call the board.", within = "1m" }]
        "#,
    )
    .unwrap();
    let mut played = Loop::with(&[("anna/mail", Manner::Accepts), ("desk", Manner::Accepts)], config);
    played.opens();
    played.tick();
    let entries = played.flush();
    assert_eq!(described(&entries), ["trigger desk/0", "anna asked: due", "anna asked: due"]);
    played.commit(entries);
    played.drain();
    let mut answers = described(&played.flush());
    answers.sort();
    assert_eq!(answers, ["accepted desk/0", "anna/mail answered", "anna/mail answered"]);
    let headlines: Vec<String> = played.got.lock().unwrap().iter().map(|notice| notice.page.headline.clone()).collect();
    assert_eq!(headlines.len(), 2, "{headlines:?}");
    assert!(headlines.iter().any(|headline| headline == "acme: 2 things are due now"), "{headlines:?}");
}

/// What is to be written for the team, and nothing else.
fn flushed_for_the_team(played: &mut Loop) -> Vec<team::Record> {
    let mut out = Vec::new();
    played.worker.flush(clock::now(), &mut out);
    assert!(out.iter().all(|output| (output.topic, output.partition) == (Topic::Team, Some(0))), "{out:?}");
    out.iter().map(|output| team::Record::from_json(&output.value).unwrap()).collect()
}

#[test]
fn who_comes_on_call_is_told_once_it_is_written_and_not_again_by_another_copy() {
    let config: Config = toml::from_str(
        r#"
        receiver = [{ kind = "console", name = "mail" }, { kind = "console", name = "chat" }]
        watch = [{ name = "acme", terms = ["acme"] }]
        person = [{ name = "anna" }, { name = "bela", way = [{ receiver = "mail" }, { receiver = "chat" }] }]
        [[rotation]]
        name = "press"
        time_zone = "UTC"
        [[rotation.layer]]
        shift = "daily"
        stretch = [{ from = "2026-01-01T09:00", members = ["anna"] }]
        "#,
    )
    .unwrap();
    let mut played = Loop::with(&[("bela/mail", Manner::Panics), ("bela/chat", Manner::Accepts)], config);
    let now = clock::now();
    let kind = team::Kind::Replace { people: vec!["bela".into()], instead_of: Vec::new() };
    let (from, to) = (now.plus(-60_000), now.plus(3_600_000));
    let change = team::Change::Override(team::Override { rotation: "press".into(), from, to, kind, reason: None });
    let over = team::Record { id: "1".into(), at: from, by: ByWhom::new("anna", "page"), change };
    played.worker.team_begins();
    played.of_team(&over);
    assert_eq!(flushed_for_the_team(&mut played), [], "not all is read");

    played.tick();
    let written = flushed_for_the_team(&mut played);
    assert_eq!(written.iter().map(team::Record::key).collect::<Vec<_>>(), ["shift-told/press/bela/now"]);
    // The transaction was aborted.
    assert_eq!(flushed_for_the_team(&mut played).len(), 1, "it is handed over again");
    assert_eq!(played.got(), 0, "nothing is sent that is not written");
    played.commit(Vec::new());
    while played.got() < 2 {
        std::thread::yield_now();
    }
    let said: Vec<String> = played.got.lock().unwrap().iter().map(|notice| notice.page.headline.clone()).collect();
    assert_eq!(said, ["You are on call for press now", "You are on call for press now"], "by the next way");
    assert_eq!(flushed_for_the_team(&mut played), []);

    // Another copy reads what was written.
    played.worker.lead(true);
    played.worker.team_begins();
    [&over, &written[0]].into_iter().for_each(|record| played.of_team(record));
    played.tick();
    assert_eq!(flushed_for_the_team(&mut played), []);
}

#[test]
fn the_owner_is_told_who_looked_up_a_credential_once_and_that_of_a_drill_is_marked() {
    let config: Config = toml::from_str(
        r#"
        web = { public_url = "https://orszem.example" }
        receiver = [{ kind = "console", name = "mail" }]
        watch = [{ name = "acme", terms = ["acme"] }]
        person = [{ name = "anna" }, { name = "bela", way = [{ receiver = "mail" }] }]
        [[account]]
        name = "facebook"
        title = "Our page"
        address = "https://facebook.example"
        owner = "bela"
        credential = "safe"
        [[account]]
        name = "website"
        address = "https://acme.example"
        owner = "anna"
        credential = "safe"
        "#,
    )
    .unwrap();
    let mut played = Loop::with(&[("bela/mail", Manner::Accepts)], config);
    let (now, anna) = (clock::now(), || ByWhom::new("Anna", "oidc"));
    let looked_up = |account: &str, whose: &str, id: &str| {
        AccountLookedUp { account: account.into(), whose: whose.into() }.record(id.into(), now, anna())
    };
    let mut drill = PersonalDrill::begin("anna".into(), 1, "facebook".into(), now);
    drill.take(DrillStep::LookedUp, now);
    let drill = drill.record(now, anna());
    let records = [looked_up("facebook", "anna", "1"), drill];
    played.worker.team_begins();
    records.iter().for_each(|record| played.of_team(record));
    // The owner of this one has no way: that is logged, and nobody counts as told.
    played.of_team(&looked_up("website", "bela", "2"));
    played.tick();
    let written = flushed_for_the_team(&mut played);
    let keys = ["look-up-told/account-looked-up/1/bela", "look-up-told/personal-drill/anna/1/bela"];
    assert_eq!(written.iter().map(team::Record::key).collect::<Vec<_>>(), keys);
    assert_eq!(played.got(), 0, "nothing is sent that is not written");
    played.commit(Vec::new());
    while played.got() < 2 {
        std::thread::yield_now();
    }
    let mut said: Vec<(String, bool)> =
        played.got.lock().unwrap().iter().map(|notice| (notice.page.headline.clone(), notice.page.drill)).collect();
    said.sort();
    let real = "Anna looked up where the credential of Our page is kept";
    assert_eq!(said, [(real.to_owned(), false), (format!("DRILL: {real}"), true)]);
    assert_eq!(played.got.lock().unwrap()[0].page.link, "https://orszem.example/accounts");

    // Another copy reads what was written, in the order in which the topic may keep it.
    played.worker.lead(true);
    played.worker.team_begins();
    written.iter().chain(&records).for_each(|record| played.of_team(record));
    played.tick();
    assert_eq!(flushed_for_the_team(&mut played), []);
}

#[test]
fn records_that_were_over_long_ago_are_removed_once_all_is_read() {
    let mut played = Loop::new(&[("slack", Manner::Accepts)]);
    let (from, to) = (Timestamp(0), Timestamp(1));
    let kind = team::Kind::Remove { people: vec!["anna".into()] };
    let change = team::Change::Override(team::Override { rotation: "press".into(), from, to, kind, reason: None });
    played.of_team(&team::Record { id: "1".into(), at: from, by: ByWhom::new("anna", "page"), change });
    let removed = |played: &mut Loop| {
        let mut out = Vec::new();
        played.worker.flush(clock::now(), &mut out);
        out.into_iter().map(|output| (String::from_utf8(output.key).unwrap(), output.value)).collect::<Vec<_>>()
    };
    assert_eq!(removed(&mut played), []);
    played.tick();
    assert_eq!(removed(&mut played), [("override/1".to_owned(), Vec::new())]);
}
