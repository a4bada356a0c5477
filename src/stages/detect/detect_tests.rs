use super::*;
use orszem_core::stage::Mark;
use orszem_records::tally::{Tally, Watermark, Watermarks};
use orszem_runtime::live_config::ConfigPublisher;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

const WATCHES: &str = "[detect]\nsnapshot_interval = \"5s\"\nlearn_for = \"1d\"\n
    [[watch]]\nname = \"acme\"\nterms = [\"acme\"]\n
    [[watch]]\nname = \"bolt\"\nterms = [\"bolt\"]\n";

fn config(text: &str) -> ConfigPublisher {
    ConfigPublisher::new(toml::from_str(text).unwrap())
}

/// What Kafka holds: committed records only.
#[derive(Default)]
struct Topics {
    tallies: Vec<Vec<u8>>,
    state: Vec<(Vec<u8>, Vec<u8>)>,
    ledger: Vec<Vec<u8>>,
    committed: Option<Offset>,
}

impl StateReader for Topics {
    fn read(
        &mut self,
        topic: Topic,
        partition: Partition,
        each: &mut dyn FnMut(&[u8], Option<&[u8]>),
    ) -> Result<(), StageError> {
        assert_eq!((topic, partition), (Topic::State, 3));
        self.state.iter().for_each(|(key, value)| each(key, Some(value)));
        Ok(())
    }
}

fn tallies(days: i64) -> Vec<Vec<u8>> {
    let mut random = ChaCha8Rng::seed_from_u64(5);
    let start = 1_704_067_200_000;
    let mut records = Vec::new();
    for minute in 0..days * 1440 {
        let at = Timestamp(start + minute * 60_000);
        for name in ["acme", "bolt", "nobody's"] {
            let burst = name == "acme" && (2 * 1440..2 * 1440 + 40).contains(&minute);
            if burst || random.random_bool(0.2) {
                let mut tally = Tally::new(name, at.slice());
                tally.counts.mentions = if burst { 30 } else { 1 };
                tally.counts.originals = tally.counts.mentions;
                tally.counts.negatives = if burst { 25 } else { u64::from(random.random_bool(0.2)) };
                (0..tally.counts.mentions).for_each(|_| tally.authors.add(&random.random::<u32>().to_string()));
                records.push(TallyRecord::Tally(tally).to_json());
            }
        }
        let mark = Watermark::awake(at.plus(-30_000));
        let partitions = BTreeMap::from([(0, mark)]);
        records.push(TallyRecord::Watermark(Watermarks::from(partitions)).to_json());
    }
    records
}

/// Runs until all is read; dies before a commit with the given probability.
fn run(deaths: f64) -> (Topics, u32) {
    let mut random = ChaCha8Rng::seed_from_u64(7);
    let mut topics = Topics { tallies: tallies(4), ..Topics::default() };
    let mut now = Timestamp(1_800_000_000_000);
    let mut died = 0;
    'life: loop {
        let mut worker = Worker::new(config(WATCHES).reader());
        let committed = topics.committed;
        let from = worker.assigned(3, committed.map(Place::from), &mut topics).unwrap().from.unwrap();
        assert!(from <= committed.unwrap_or(0));
        let mut next = from;
        loop {
            let batch = random.random_range(1..200);
            for _ in 0..batch {
                let Some(value) = topics.tallies.get(next as usize) else { break };
                worker.record(Record {
                    partition: 3,
                    offset: next,
                    timestamp: now,
                    mark: Mark::default(),
                    key: None,
                    value: Some(value),
                    headers: &orszem_core::input::NoHeaders,
                    replayed: committed.is_some_and(|committed| next < committed),
                });
                next += 1;
            }
            now = now.plus(500);
            worker.tick(now, &[]);
            let mut out = Vec::new();
            worker.flush(now, &mut out);
            if random.random_bool(deaths) {
                died += 1;
                continue 'life;
            }
            for output in out {
                match output.topic {
                    Topic::Ledger => topics.ledger.push(output.value),
                    Topic::State => {
                        assert_eq!(output.partition, Some(3));
                        topics.state.push((output.key, output.value));
                    }
                    other => panic!("{other:?}"),
                }
            }
            topics.committed = Some(next.max(committed.unwrap_or(0)));
            worker.committed(now);
            if next as usize == topics.tallies.len() {
                return (topics, died);
            }
        }
    }
}

#[test]
fn deaths_at_any_moment_leave_the_ledger_as_it_would_have_been() {
    let (undisturbed, _) = run(0.0);
    assert!(undisturbed.ledger.iter().any(|entry| String::from_utf8_lossy(entry).contains("acme.1")));
    assert!(undisturbed.state.iter().any(|(key, _)| key == CHECKPOINT));
    let (disturbed, died) = run(0.15);
    assert!(died >= 10, "{died}");
    assert!(disturbed.ledger == undisturbed.ledger);
}

#[test]
fn a_watch_that_is_gone_takes_its_snapshot_with_it() {
    let (mut topics, _) = run(0.0);
    let config = config(WATCHES);
    let mut worker = Worker::new(config.reader());
    worker.assigned(3, topics.committed.map(Place::from), &mut topics).unwrap();
    let (fewer, _) = WATCHES.rsplit_once("[[watch]]").unwrap();
    config.publish(toml::from_str(fewer).unwrap());
    let mut out = Vec::new();
    for second in 0..20 {
        let now = Timestamp(1_900_000_000_000 + second * 1000);
        worker.tick(now, &[3]);
        worker.flush(now, &mut out);
    }
    assert!(out.iter().any(|output| output.key == b"bolt" && output.value.is_empty()));
    topics.state.extend(out.into_iter().map(|output| (output.key, output.value)));
    let held = worker.take_over(3, &mut topics).unwrap();
    assert!(held.gone.is_empty());
    assert_eq!(held.core.outlooks().map(|(name, _)| name.to_owned()).collect::<Vec<_>>(), ["acme"]);
}

#[test]
fn damaged_state_is_folded_anew_from_the_beginning() {
    let (mut topics, _) = run(0.0);
    for (key, value) in &mut topics.state {
        if key == b"acme" {
            value.truncate(20);
        }
    }
    let start =
        Worker::new(config(WATCHES).reader()).assigned(3, topics.committed.map(Place::from), &mut topics).unwrap();
    assert_eq!(start.from, Some(0));
}

#[test]
fn rubbish_is_passed_over() {
    let mut worker = Worker::new(config(WATCHES).reader());
    worker.assigned(3, None, &mut Topics::default()).unwrap();
    for value in [None, Some(&b"{"[..]), Some(b"{\"type\":\"tally\"}")] {
        let timestamp = Timestamp(0);
        worker.record(Record {
            partition: 3,
            offset: 7,
            timestamp,
            mark: Mark::default(),
            key: None,
            value,
            headers: &orszem_core::input::NoHeaders,
            replayed: false,
        });
    }
    assert_eq!(worker.held[&3].next, 8);
}

#[test]
fn a_checkpoint_of_an_earlier_version_is_read() {
    let (mut topics, _) = run(0.0);
    let start = |topics: &mut Topics| {
        let committed = topics.committed;
        Worker::new(config(WATCHES).reader()).assigned(3, committed.map(Place::from), topics).unwrap().from
    };
    let from = start(&mut topics);
    assert!(from > Some(0), "{from:?}");
    for (key, _) in &mut topics.state {
        if *key == CHECKPOINT {
            *key = OLD_CHECKPOINT.to_vec();
        }
    }
    assert_eq!(start(&mut topics), from);
}

#[test]
fn a_canary_is_written_to_the_ledger_once_and_is_no_entry() {
    let mut worker = Worker::new(config(WATCHES).reader());
    worker.assigned(3, Some(Place::from(5)), &mut Topics::default()).unwrap();
    let token = "0b".repeat(16);
    let mut read = |token: &str, offset: Offset, replayed: bool| {
        let value = TallyRecord::Canary { token: token.to_owned() }.to_json();
        worker.record(Record {
            partition: 3,
            offset,
            timestamp: Timestamp(1_800_000_000_000),
            mark: Mark::default(),
            key: Some(orszem_records::canary::key(token).as_bytes()),
            value: Some(&value),
            headers: &orszem_core::input::NoHeaders,
            replayed,
        });
        let mut out = Vec::new();
        worker.flush(Timestamp(1_800_000_000_500), &mut out);
        out.retain(|output| output.topic == Topic::Ledger);
        out
    };
    assert!(read(&token, 4, true).is_empty(), "it was passed before the takeover");
    assert!(read("no token", 5, false).is_empty());
    let out = read(&token, 6, false);
    assert_eq!(out.len(), 1);
    let written = Canary::from_json(&out[0].value).unwrap();
    assert_eq!((written.canary.as_str(), written.passed), (token.as_str(), Passed::Detect));
    assert_eq!(out[0].key, format!("@canary/{token}").into_bytes());
    assert!(Entry::from_json(&out[0].value).is_err(), "readers of incidents pass it over");
}
