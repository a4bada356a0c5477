//! The shell of score without Kafka: what it writes of what several topics bring.

use super::*;
use orszem_core::input::NoHeaders;
use orszem_core::score::second_opinion::ReviewRequest;
use orszem_core::stage::{Mark, StageError};
use orszem_records::class::Class;
use orszem_runtime::live_config::ConfigPublisher;
use orszem_text::sentiment::Models;
use std::collections::HashSet;
use std::sync::Mutex;

const CONFIG: &str = r#"
    [[watch]]
    name = "acme"
    terms = ["acme"]
    [[input]]
    topic = "mentions"
    [[input]]
    topic = "posts"
    format = "bluesky-jetstream"
    [[input]]
    topic = "events"
    envelope = "cloudevents"
"#;

const NOW: Timestamp = Timestamp(1_795_162_530_000);

struct NoState;

impl StateReader for NoState {
    fn read(&mut self, _: Topic, _: Partition, _: &mut dyn FnMut(&[u8], Option<&[u8]>)) -> Result<(), StageError> {
        Ok(())
    }
}

fn worker(config: &ConfigPublisher, topic: &str) -> Worker {
    let watches = CurrentWatches::new(config.reader(), Arc::new(Models::shipped().unwrap())).unwrap();
    let mut worker = Worker::new(watches, topic, 2).unwrap();
    worker.assigned(0, None, &mut NoState).unwrap();
    worker
}

fn config(text: &str) -> ConfigPublisher {
    ConfigPublisher::new(toml::from_str(text).unwrap())
}

fn record(value: &str, offset: i64) -> Record<'_> {
    let value = Some(value.as_bytes());
    let mark = Mark { offset, hash: 7 };
    Record { partition: 0, offset, timestamp: NOW, mark, key: None, value, headers: &NoHeaders, replayed: false }
}

fn flush(worker: &mut Worker) -> Vec<Output> {
    let mut out = Vec::new();
    worker.tick(NOW, &[]);
    worker.flush(NOW, &mut out);
    out
}

fn marks(out: &[Output]) -> Watermarks {
    let records = out.iter().filter(|output| output.key == b"@watermark");
    let mut marks = records.map(|output| serde_json::from_slice(&output.value).unwrap());
    match marks.next() {
        Some(TallyRecord::Watermark(marks)) => marks,
        other => panic!("{other:?}"),
    }
}

const POST: &str = r#"{"did":"did:plc:a","time_us":1795162530000000,"kind":"commit","commit":{"operation":"create",
    "collection":"app.bsky.feed.post","rkey":"1","record":{"text":"acme is awful","createdAt":"2026-11-20T08:15:30Z"}}}"#;
const LIKE: &str = r#"{"did":"did:plc:a","time_us":1795162530000000,"kind":"commit","commit":{"operation":"create",
    "collection":"app.bsky.feed.like","rkey":"1","record":{}}}"#;

#[test]
fn each_topic_is_read_in_its_own_way_and_its_partitions_bear_its_name() {
    let config = config(CONFIG);
    let mut posts = worker(&config, "posts");
    posts.record(record(POST, 0));
    posts.record(record(LIKE, 1));
    assert_eq!((posts.counted.scored, posts.counted.skipped), (1, 1));
    let out = flush(&mut posts);
    assert!(out.iter().any(|output| output.key == b"acme"), "{out:?}");
    let told = marks(&out);
    assert_eq!(told.partitions.keys().map(ToString::to_string).collect::<Vec<_>>(), ["posts/0"]);
    assert_eq!(told.topics, ["", "posts", "events"]);
    assert!(told.heard.contains_key("partition 0 of posts") && told.heard.contains_key("source bluesky"), "{told:?}");

    let mut mentions = worker(&config, "mentions");
    mentions.record(record(r#"{"id":"1","published_at":1795162530,"text":"acme"}"#, 0));
    let told = marks(&flush(&mut mentions));
    assert_eq!(told.partitions.keys().map(ToString::to_string).collect::<Vec<_>>(), ["0"]);
    assert!(told.heard.contains_key("partition 0"), "{told:?}");
}

/// It must not matter which of two processes is the first to commit.
#[test]
fn the_first_word_says_which_partitions_there_are() {
    let partitions = [("mentions", 0), ("mentions", 1), ("posts", 0)];
    let partitions = partitions.map(|(topic, partition)| (topic.to_owned(), partition));
    let mut mentions = worker(&config(CONFIG), "mentions").awaiting(partitions);
    let awaited = |out: &[Output]| marks(out).awaited.iter().map(ToString::to_string).collect::<Vec<_>>();
    let text = |id: u32, at: u32| format!(r#"{{"id":"{id}","published_at":{at},"text":"acme"}}"#);
    mentions.record(record(&text(1, 1_795_162_500), 0));
    assert_eq!(awaited(&flush(&mut mentions)), ["0", "1", "posts/0"]);
    mentions.record(record(&text(2, 1_795_162_530), 1));
    assert!(awaited(&flush(&mut mentions)).is_empty(), "once is enough");
    // The transaction with the first word may have failed.
    mentions.revoked(0);
    mentions.assigned(0, None, &mut NoState).unwrap();
    assert_eq!(awaited(&flush(&mut mentions)), ["0", "1", "posts/0"]);
}

/// What was written to the tallies before.
struct Written(Vec<Output>);

impl StateReader for Written {
    fn read(&mut self, _: Topic, _: Partition, _: &mut dyn FnMut(&[u8], Option<&[u8]>)) -> Result<(), StageError> {
        unreachable!("the end is enough")
    }

    fn read_last(
        &mut self,
        topic: Topic,
        partition: Partition,
        last: i64,
        each: &mut dyn FnMut(&[u8], Option<&[u8]>),
    ) -> Result<bool, StageError> {
        let there: Vec<&Output> = self.0.iter().filter(|output| output.partition == Some(partition)).collect();
        let skipped = there.len().saturating_sub(usize::try_from(last).unwrap());
        assert_eq!(topic, Topic::Tallies);
        there[skipped..].iter().for_each(|output| each(&output.key, Some(&output.value)));
        Ok(skipped == 0)
    }
}

#[test]
fn without_an_offset_of_the_group_it_is_known_how_far_was_counted() {
    let publisher = config(CONFIG);
    let mut posts = worker(&publisher, "posts");
    let mut written = Written(Vec::new());
    posts.record(record(POST, 6));
    posts.record(record(LIKE, 7));
    written.0.extend(flush(&mut posts));
    posts.record(record("not JSON", 8));
    written.0.extend(flush(&mut posts));
    let place = Place { offset: 9, mark: Some(Mark { offset: 8, hash: 7 }) };
    assert_eq!(posts.remembered(&[0, 1], &mut written).unwrap(), BTreeMap::from([(0, place)]));
    let mut mentions = worker(&publisher, "mentions");
    assert_eq!(mentions.remembered(&[0], &mut written).unwrap(), BTreeMap::new(), "that was another topic");

    // What is replayed is counted already, and said again now and then, for who reads only the end.
    let mut next = worker(&publisher, "posts");
    next.assigned(0, Some(place), &mut NoState).unwrap();
    next.record(Record { replayed: true, ..record(POST, 6) });
    let mut later = Written(flush(&mut next));
    assert_eq!(next.remembered(&[0], &mut later).unwrap(), BTreeMap::from([(0, place)]));
}

#[test]
fn a_partition_of_likes_alone_is_idle() {
    let mut posts = worker(&config(CONFIG), "posts");
    flush(&mut posts);
    posts.record(record(LIKE, 0));
    posts.tick(NOW.plus(60_000), &[0]);
    let mut out = Vec::new();
    posts.flush(NOW.plus(60_000), &mut out);
    assert!(marks(&out).partitions.values().all(|mark| mark.idle), "{out:?}");
}

/// Detect waits for a partition until it was quiet for long enough, so it must hear how long that was.
#[test]
fn an_idle_partition_says_every_second_how_long_it_has_been_quiet() {
    let mut mentions = worker(&config(CONFIG), "mentions");
    flush(&mut mentions);
    let mut told = |ms: i64| {
        let (now, mut out) = (NOW.plus(ms), Vec::new());
        mentions.tick(now, &[0]);
        mentions.flush(now, &mut out);
        let marks = (!out.is_empty()).then(|| marks(&out))?;
        let quiet = marks.partitions.values().map(|mark| mark.quiet_ms).collect::<Vec<_>>();
        Some((quiet, marks.idle_after_ms))
    };
    assert_eq!(told(9_000), None);
    assert_eq!(told(10_000), Some((vec![10_000], 10_000)));
    assert_eq!(told(10_900), None);
    assert_eq!(told(11_000), Some((vec![11_000], 10_000)));
}

#[test]
fn a_dead_letter_names_its_topic_and_keeps_the_envelope() {
    let mut events = worker(&config(CONFIG), "events");
    let headers: Vec<(String, Vec<u8>)> =
        [("ce_specversion", "1.0"), ("ce_id", "7"), ("content-type", "application/xml"), ("other", "x")]
            .map(|(name, value)| (name.to_owned(), value.as_bytes().to_vec()))
            .to_vec();
    events.record(Record { headers: &headers, ..record("<a/>", 0) });
    let letter = events.outputs.iter().find(|output| output.topic == Topic::DeadLetters).expect("a dead letter");
    let has = |name: &str| letter.headers.iter().find(|(found, _)| *found == name).map(|(_, value)| &value[..]);
    assert_eq!(has("topic"), Some(&b"events"[..]));
    assert_eq!(has("reason"), Some(&b"envelope"[..]));
    assert_eq!(
        (has("ce_id"), has("content-type"), has("other")),
        (Some(&b"7"[..]), Some(&b"application/xml"[..]), None)
    );
    assert_eq!(letter.value, b"<a/>");
}

#[test]
fn how_a_topic_is_read_changes_while_running() {
    let publisher = config("[[input]]\ntopic = \"posts\"\n[[watch]]\nname = \"acme\"\nterms = [\"acme\"]\n");
    let mut posts = worker(&publisher, "posts");
    posts.record(record(POST, 0));
    assert_eq!(posts.dead_letters.len(), 1);
    let changed = "[[input]]\ntopic = \"posts\"\nformat = \"bluesky-jetstream\"\n[[watch]]\nname = \"acme\"\nterms = [\"acme\"]\n";
    publisher.publish(toml::from_str(changed).unwrap());
    posts.tick(NOW, &[]);
    posts.record(record(POST, 1));
    assert_eq!(posts.counted.scored, 1);
}

/// Asked about one watch; calls everything neutral but what it was not asked about before.
struct Mild(Mutex<Vec<Vec<ReviewRequest>>>);

impl SecondOpinion for Mild {
    fn watches(&self) -> Arc<HashSet<String>> {
        Arc::new(HashSet::from(["acme".to_owned()]))
    }

    fn ask(&self, questions: &[ReviewRequest]) -> Vec<Option<Class>> {
        self.0.lock().unwrap().push(questions.to_vec());
        questions.iter().map(|question| (question.id != "4").then_some(Class::Neutral)).collect()
    }
}

fn tally_of(out: &[Output], watch: &str) -> Tally {
    let output = out.iter().find(|output| output.key == watch.as_bytes()).expect("a tally");
    match serde_json::from_slice(&output.value).unwrap() {
        TallyRecord::Tally(tally) => tally,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_mentions_of_watches_that_matter_are_judged_once_more_before_they_are_counted() {
    let config =
        config("[[watch]]\nname = \"acme\"\nterms = [\"acme\"]\n[[watch]]\nname = \"zeta\"\nterms = [\"zeta\"]");
    let second_opinion = Arc::new(Mild(Mutex::default()));
    let mut worker = worker(&config, "mentions").with_second_opinion(Some(second_opinion.clone()));
    let said =
        |id: u32, text: &str| format!(r#"{{"id":"{id}","published_at":1795162530,"lang":"en","text":"{text}"}}"#);
    worker.record(record(&said(1, "acme is terrible"), 0));
    let first = flush(&mut worker);
    assert_eq!(tally_of(&first, "acme").counts.negatives, 1, "nobody had said yet which watches matter");
    assert!(second_opinion.0.lock().unwrap().is_empty());

    for (offset, (id, text)) in (1..).zip([
        (2, "acme is awful, acme is a disgrace"),
        (3, "zeta is terrible"),
        (4, "the worst is acme"),
        (5, "RT @ann: acme is awful, acme is a disgrace"),
    ]) {
        worker.record(record(&said(id, text), offset));
    }
    let out = flush(&mut worker);
    let asked = second_opinion.0.lock().unwrap().clone();
    let ids = asked.iter().flatten().map(|question| question.id.as_str()).collect::<Vec<_>>();
    assert_eq!(ids, ["2", "4", "5"], "in one batch, and nothing of zeta");
    assert_eq!((asked.len(), asked[0][0].matched.as_slice()), (1, &["acme".to_owned()][..]));
    let acme = tally_of(&out, "acme");
    assert_eq!(
        (acme.counts.mentions, acme.counts.negatives, acme.counts.neutrals, acme.negative_repeats),
        (3, 1, 2, 0)
    );
    let classes = |id: &str| acme.samples.iter().find(|sample| sample.id == id).map(|sample| sample.class);
    assert_eq!((classes("2"), classes("4")), (Some(Class::Neutral), Some(Class::Negative)));
    assert_eq!(acme.samples[0].id, "4", "negatives rank first");
    assert_eq!(tally_of(&out, "zeta").counts.negatives, 1);

    // A partition that goes takes its questions along.
    worker.record(record(&said(6, "acme is terrible"), 5));
    worker.revoked(0);
    worker.assigned(0, Some(Place::from(5)), &mut NoState).unwrap();
    flush(&mut worker);
    assert_eq!(second_opinion.0.lock().unwrap().len(), 1);
}

#[test]
fn a_batch_is_bounded() {
    let second_opinion = Arc::new(Mild(Mutex::default()));
    let mut worker = worker(&config(CONFIG), "mentions").with_second_opinion(Some(second_opinion.clone()));
    flush(&mut worker);
    for id in 0..600_u32 {
        let text = format!(r#"{{"id":"{id}","published_at":1795162530,"lang":"en","text":"acme is terrible"}}"#);
        worker.record(record(&text, i64::from(id)));
    }
    let acme = tally_of(&flush(&mut worker), "acme");
    assert_eq!(second_opinion.0.lock().unwrap()[0].len(), orszem_core::score::second_opinion::BATCH);
    assert_eq!((acme.counts.mentions, acme.counts.negatives + acme.counts.neutrals), (600, 600));
}

#[test]
fn canaries_are_passed_on_with_a_key_each_and_a_flood_of_them_is_cut() {
    let canary = |number: u32| {
        let token = format!("{number:032x}");
        format!(
            r#"{{"id":"orszem-canary-{token}","source":"orszem-canary","published_at":1795162530,"text":"{token}"}}"#
        )
    };
    let passed = |out: &[Output]| -> Vec<String> {
        let ours = out.iter().filter(|output| output.key.starts_with(b"@canary/"));
        ours.map(|output| match TallyRecord::from_json(&output.value).unwrap() {
            TallyRecord::Canary { token } => {
                assert_eq!(
                    (output.topic, output.partition, &*output.key),
                    (Topic::Tallies, None, format!("@canary/{token}").as_bytes())
                );
                token
            }
            other => panic!("{other:?}"),
        })
        .collect()
    };
    let on = format!("[canary]\nreceiver = \"quiet\"\nping = \"env:PING\"\n{CONFIG}");
    let mut worker_on = worker(&config(&on), "mentions");
    worker_on.record(record(&canary(7), 0));
    let out = flush(&mut worker_on);
    assert_eq!(passed(&out), [format!("{:032x}", 7)]);
    assert_eq!((worker_on.counted.scored, worker_on.counted.skipped), (0, 0), "it is no mention that was scored");
    worker_on.committed(NOW);
    (0..100).for_each(|number| worker_on.record(record(&canary(number), 1 + i64::from(number))));
    assert_eq!(passed(&flush(&mut worker_on)).len(), CANARIES);
    worker_on.committed(NOW);
    worker_on.record(record(&canary(200), 200));
    assert_eq!(passed(&flush(&mut worker_on)).len(), 1);

    let mut off = worker(&config(CONFIG), "mentions");
    off.record(record(&canary(7), 0));
    assert!(passed(&flush(&mut off)).is_empty(), "none is sent, so none is passed on");
}
