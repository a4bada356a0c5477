//! The shell of score without Kafka: what it writes of what several topics bring.

use super::*;
use crate::input::NoHeaders;
use crate::kafka::stage::StageError;
use crate::sentiment::Models;
use arc_swap::ArcSwap;

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

fn worker(config: &Arc<ArcSwap<Config>>, topic: &str) -> Worker {
    let rulebook = Rulebook::new(Arc::clone(config), Arc::new(Models::shipped().unwrap())).unwrap();
    let mut worker = Worker::new(rulebook, topic, 2).unwrap();
    worker.assigned(0, None, &mut NoState).unwrap();
    worker
}

fn config(text: &str) -> Arc<ArcSwap<Config>> {
    Arc::new(ArcSwap::from_pointee(toml::from_str(text).unwrap()))
}

fn record(value: &str, offset: i64) -> Record<'_> {
    let value = Some(value.as_bytes());
    Record { partition: 0, offset, timestamp: NOW, key: None, value, headers: &NoHeaders, replayed: false }
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
    let shared = config("[[input]]\ntopic = \"posts\"\n[[watch]]\nname = \"acme\"\nterms = [\"acme\"]\n");
    let mut posts = worker(&shared, "posts");
    posts.record(record(POST, 0));
    assert_eq!(posts.counted.letters.len(), 1);
    let changed = "[[input]]\ntopic = \"posts\"\nformat = \"bluesky-jetstream\"\n[[watch]]\nname = \"acme\"\nterms = [\"acme\"]\n";
    shared.store(Arc::new(toml::from_str(changed).unwrap()));
    posts.tick(NOW, &[]);
    posts.record(record(POST, 1));
    assert_eq!(posts.counted.scored, 1);
}
