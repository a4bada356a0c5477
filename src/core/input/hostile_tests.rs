//! No record makes any reader panic, and the size of the result is limited.

use super::*;
use proptest::prelude::*;
use serde_json::json;

/// JSON with the names that the formats look for, and anything in them.
fn documents() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,20}".prop_map(Value::from),
        "[<>&;a-z/= \"]{0,30}".prop_map(Value::from),
        Just(json!("2026-11-20T08:15:30Z")),
        Just(json!("app.bsky.feed.post")),
        Just(json!("commit")),
        Just(json!("create")),
        Just(json!("update")),
        Just(json!("retweeted")),
    ];
    let names = prop::sample::select(vec![
        "id",
        "data",
        "text",
        "kind",
        "commit",
        "operation",
        "collection",
        "record",
        "createdAt",
        "did",
        "rkey",
        "event",
        "payload",
        "content",
        "reblog",
        "uri",
        "created_at",
        "account",
        "includes",
        "users",
        "tweets",
        "referenced_tweets",
        "type",
        "author_id",
        "title",
        "results",
        "documents",
        "items",
        "item",
        "entry",
        "feed",
        "channel",
        "rss",
        "link",
        "guid",
        "#text",
        "$",
        "href",
        "published",
        "date",
        "fullText",
        "resourceId",
        "specversion",
        "source",
        "data_base64",
        "time",
        "0",
        "",
        "published_at",
        "url",
        "langs",
    ]);
    leaf.prop_recursive(5, 60, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::hash_map(names.clone().prop_map(str::to_owned), inner, 0..8)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

fn readers() -> Vec<Reader> {
    let envelopes = [Envelope::None, Envelope::Cloudevents];
    let formats = Format::ALL.into_iter().flat_map(|format| envelopes.map(|envelope| (format, envelope)));
    let ready = formats.map(|(format, envelope)| {
        Reader::new(&Input { topic: "t".into(), format, envelope, ..Input::default() }).unwrap()
    });
    let own = reader(
        "format = \"map\"\n[map]\nid = [\"/id\", \"/data/id\"]\ntext = { join = [\"/title\", [\"/text\", \"/content\"]], html = true }\n\
         published_at = { at = [\"/date\", \"/created_at\", \"/time\"], time_zone = \"Europe/Budapest\" }\nurl = { template = \"https://{/uri}\" }\n",
    );
    ready.chain([own]).collect()
}

fn bounded(mention: &Mention<'_>, record: &[u8]) {
    assert!(!mention.text.trim().is_empty() && !mention.id.is_empty() && mention.id.len() <= mention::MAX_ID_BYTES);
    assert!((Timestamp::EARLIEST..Timestamp::LATEST).contains(&mention.published_at));
    // The maximum growth when an HTML entity is decoded.
    assert!(mention.text.len() <= 4 * record.len());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]
    #[test]
    fn no_json_makes_a_reader_panic(document in documents(), binary in any::<bool>()) {
        let record = serde_json::to_vec(&document).unwrap();
        let headers = match binary {
            true => vec![("ce_specversion".to_owned(), b"1.0".to_vec()), ("ce_id".to_owned(), b"\xff".to_vec())],
            false => Vec::new(),
        };
        for reader in readers() {
            if let Ok((mention, _)) = reader.explain(&record, &headers, LIMIT) {
                bounded(&mention, &record);
            }
        }
    }

    #[test]
    fn no_bytes_make_a_reader_panic(record in prop::collection::vec(any::<u8>(), 0..100), value in prop::collection::vec(any::<u8>(), 0..20)) {
        let headers = vec![("content-type".to_owned(), value.clone()), ("ce_time".to_owned(), value)];
        for reader in readers() {
            let _ = reader.read(&record, &headers, LIMIT);
        }
    }
}

#[test]
fn records_that_are_too_deep_or_too_large_are_not_built() {
    let deep = format!("{}1{}", "{\"a\":[".repeat(5_000), "]}".repeat(5_000));
    let large = format!("{{\"text\":\"{}\"}}", "x".repeat(LIMIT));
    for reader in readers() {
        let reason = |record: &str| match reader.read(record.as_bytes(), &NoHeaders, LIMIT) {
            Err(NoMention::Fault(fault)) => fault.reason(),
            other => panic!("{other:?}"),
        };
        assert_eq!((reason(&deep), reason(&large)), ("too-deep", "too-large"));
    }
    // The payload of an event is a text, and has its own depth.
    let payload = serde_json::json!({ "event": "update", "payload": deep }).to_string();
    assert!(fault(&of(Format::Mastodon), &payload).starts_with("too-deep: "));
}
