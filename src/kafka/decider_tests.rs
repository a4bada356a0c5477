//! Several copies of a stage with one decider, against the embedded broker.

use std::sync::mpsc;
use std::time::Duration;

use super::embedded::EmbeddedBroker;
use super::producer::BulkWriter;
use super::topics::Names;
use super::worker::{Settings, spawn};
use orszem_core::settings::Kafka;
use orszem_core::settings::span::Span;
use orszem_core::stage::{Offset, Output, Partition, Place, Record, Stage, StageError, Start, StateReader, Topic};
use orszem_records::time::Timestamp;
use orszem_runtime::lifecycle::{Health, Shutdown};

const LONG: Duration = Duration::from_secs(60);

/// What the toy stage of a copy did.
#[derive(Clone, Debug, PartialEq)]
enum Did {
    Assigned(Partition),
    Revoked(Partition),
    Read(Partition, Offset),
    Leads(bool),
    TeamBegins,
    Team(Option<Vec<u8>>),
    Ended(Vec<Partition>),
    Flushed,
}

/// Tells what it does, and writes a dead letter for the records that it has read by the time that it decides, and where
/// it is to, the removal of one of the team.
struct Toy {
    copy: usize,
    told: mpsc::Sender<(usize, Did)>,
    unwritten: usize,
    removes: bool,
}

impl Toy {
    fn tell(&self, did: Did) {
        let _ = self.told.send((self.copy, did));
    }
}

impl Stage for Toy {
    fn assigned(
        &mut self,
        partition: Partition,
        _: Option<Place>,
        _: &mut dyn StateReader,
    ) -> Result<Start, StageError> {
        self.tell(Did::Assigned(partition));
        Ok(Start::default())
    }

    fn revoked(&mut self, partition: Partition) {
        self.tell(Did::Revoked(partition));
    }

    fn lead(&mut self, leads: bool) {
        self.tell(Did::Leads(leads));
    }

    fn team_begins(&mut self) {
        self.tell(Did::TeamBegins);
    }

    fn team(&mut self, record: Record<'_>) {
        self.tell(Did::Team(record.value.map(<[u8]>::to_vec)));
    }

    fn record(&mut self, record: Record<'_>) {
        self.unwritten += 1;
        self.tell(Did::Read(record.partition, record.offset));
    }

    fn tick(&mut self, _: Timestamp, at_end: &[Partition]) {
        if !at_end.is_empty() {
            self.tell(Did::Ended(at_end.to_vec()));
        }
    }

    fn flush(&mut self, _: Timestamp, out: &mut Vec<Output>) {
        if std::mem::take(&mut self.unwritten) > 0 {
            let (key, value, headers) = (b"k".to_vec(), b"v".to_vec(), Vec::new());
            out.push(Output { topic: Topic::DeadLetters, partition: None, key, value, headers });
            let (topic, partition, headers) = (Topic::Team, Some(0), Vec::new());
            let removal = Output { topic, partition, key: b"old".to_vec(), value: Vec::new(), headers };
            out.extend(self.removes.then_some(removal));
            self.tell(Did::Flushed);
        }
    }

    fn committed(&mut self, _: Timestamp) {}

    fn next_deadline(&self) -> Option<Timestamp> {
        None
    }
}

/// Copies of the toy stage, and what they told.
struct Copies {
    kafka: Kafka,
    running: Vec<(Shutdown, std::thread::JoinHandle<()>)>,
    told: mpsc::Sender<(usize, Did)>,
    tell: mpsc::Receiver<(usize, Did)>,
    seen: Vec<(usize, Did)>,
    removes: bool,
    health: Health,
    _broker: EmbeddedBroker,
}

impl Copies {
    fn new() -> Copies {
        let mut kafka = Kafka { partitions: 3, commit_interval: Span::from_millis(20), ..Kafka::default() };
        let broker = EmbeddedBroker::start_for(&mut kafka).unwrap();
        let (told, tell) = mpsc::channel();
        let (running, seen, health) = (Vec::new(), Vec::new(), Health::new());
        Copies { kafka, running, told, tell, seen, removes: false, health, _broker: broker }
    }

    fn write(&self, topic: &str, count: usize) {
        let mut writer = BulkWriter::new(&self.kafka, topic).unwrap();
        for number in 0..count {
            writer.write(Some(number.to_string().as_bytes()), number.to_string().as_bytes()).unwrap();
        }
        assert_eq!(writer.finish(LONG).failed, 0);
    }

    fn start(&mut self) {
        let names = Names::new(&self.kafka);
        let settings = Settings {
            stage: "toy",
            thread: u32::try_from(self.running.len()).unwrap(),
            kafka: self.kafka.clone(),
            topic: names.ledger,
            team: Some(names.team),
            instance: None,
        };
        let toy = Toy { copy: self.running.len(), told: self.told.clone(), unwritten: 0, removes: self.removes };
        let shutdown = Shutdown::new();
        let thread = spawn(settings, move || toy, shutdown.clone(), &self.health).unwrap();
        self.running.push((shutdown, thread));
    }

    fn until(&mut self, enough: impl Fn(&[(usize, Did)]) -> bool) {
        while !enough(&self.seen) {
            let did = self.tell.recv_timeout(LONG).unwrap_or_else(|_| panic!("silent after {:?}", self.seen));
            self.seen.push(did);
        }
    }

    fn stop(&mut self, copy: usize) {
        self.running[copy].0.trigger();
    }

    fn end(self) {
        for (shutdown, _) in &self.running {
            shutdown.trigger();
        }
        self.running.into_iter().for_each(|(_, thread)| thread.join().unwrap());
    }
}

/// Which copy decides after all of this.
fn decider(seen: &[(usize, Did)]) -> Option<usize> {
    let last = seen.iter().rev().find(|(_, did)| matches!(did, Did::Leads(_)))?;
    (last.1 == Did::Leads(true)).then_some(last.0)
}

fn read_by(seen: &[(usize, Did)], copy: usize) -> usize {
    seen.iter().filter(|(by, did)| *by == copy && matches!(did, Did::Read(..))).count()
}

fn ended_by(seen: &[(usize, Did)], copy: usize) -> Option<usize> {
    seen.iter().position(|(by, did)| *by == copy && *did == Did::Ended(vec![0, 1, 2]))
}

#[test]
fn one_of_two_copies_decides_and_the_other_follows_and_takes_over() {
    let mut copies = Copies::new();
    let names = Names::new(&copies.kafka);
    copies.write(&names.ledger, 100);
    copies.write(&names.team, 3);
    copies.start();
    copies.until(|seen| ended_by(seen, 0).is_some());
    assert_eq!(decider(&copies.seen), Some(0));
    let ended = ended_by(&copies.seen, 0).unwrap();
    let before = &copies.seen[..ended];
    let team = before.iter().filter(|(_, did)| matches!(did, Did::Team(_))).count();
    assert_eq!((team, read_by(before, 0)), (3, 100), "all of the team and of the ledger come before the end");
    let begun = before.iter().position(|(_, did)| *did == Did::TeamBegins).unwrap();
    assert!(begun < before.iter().position(|(_, did)| matches!(did, Did::Team(_))).unwrap());

    // A second copy reads the same, and does not write while the first decides.
    copies.start();
    copies.until(|seen| read_by(seen, 1) >= 100 && decider(seen).is_some());
    let first = decider(&copies.seen).unwrap();
    let second = 1 - first;
    copies.write(&names.ledger, 10);
    copies.until(|seen| read_by(seen, second) >= 110 && read_by(seen, first) >= 110);

    copies.stop(first);
    copies.until(|seen| decider(seen) == Some(second));
    let taken_over = copies.seen.len();
    copies.until(|seen| ended_by(&seen[taken_over..], second).is_some());
    let seen = &copies.seen;
    assert_eq!(read_by(seen, second), 110, "what it had read it does not read again");
    let unheard = |did: &&(usize, Did)| did.0 == second && matches!(did.1, Did::Revoked(_));
    assert_eq!(seen.iter().filter(unheard).count(), 0, "and it forgot nothing");
    copies.write(&names.ledger, 5);
    copies.until(|seen| read_by(seen, second) >= 115);
    assert!(copies.health.stages().iter().all(|stage| stage.joined), "both have joined");
    copies.end();
}

#[test]
fn a_copy_that_stands_by_writes_nothing_and_is_at_no_end() {
    let mut copies = Copies::new();
    let names = Names::new(&copies.kafka);
    copies.start();
    copies.until(|seen| ended_by(seen, 0).is_some());
    copies.start();
    copies.write(&names.ledger, 50);
    copies.until(|seen| read_by(seen, 0) >= 50 && read_by(seen, 1) >= 50 && decider(seen).is_some());
    let mut leads = [false, false];
    for (copy, did) in &copies.seen {
        match did {
            Did::Leads(now) => leads[*copy] = *now,
            Did::Ended(_) | Did::Flushed => assert!(leads[*copy], "copy {copy}: {did:?} while it stands by"),
            _ => {}
        }
        assert!(leads != [true, true], "two decide: {:?}", copies.seen);
    }
    copies.end();
}

#[test]
fn a_record_of_the_team_that_is_removed_has_no_value_so_that_compaction_drops_it() {
    let mut copies = Copies::new();
    copies.removes = true;
    let names = Names::new(&copies.kafka);
    copies.start();
    copies.write(&names.ledger, 1);
    copies.until(|seen| seen.iter().any(|(_, did)| matches!(did, Did::Team(_))));
    assert_eq!(copies.seen.iter().find(|(_, did)| matches!(did, Did::Team(_))), Some(&(0, Did::Team(None))));
    copies.end();
}
