//! Golden records: invented, in the shape that each feed documents.

#[path = "envelope_tests.rs"]
mod envelope;
#[path = "exports_tests.rs"]
mod exports;
#[path = "feeds_tests.rs"]
mod feeds;
#[path = "formats_tests.rs"]
mod formats;
#[path = "hostile_tests.rs"]
mod hostile;
#[path = "maps_tests.rs"]
mod maps;

use super::*;

const LIMIT: usize = 256 * 1024;

/// The input of an `[[input]]` block, without its topic.
fn input(block: &str) -> Input {
    let input: Input = toml::from_str(&format!("topic = \"t\"\n{block}")).unwrap_or_else(|fault| panic!("{fault}"));
    input
}

fn reader(block: &str) -> Reader {
    Reader::new(&input(block)).unwrap_or_else(|fault| panic!("{fault}"))
}

fn of(format: Format) -> Reader {
    Reader::new(&Input { topic: "t".into(), format, ..Input::default() }).unwrap_or_else(|fault| panic!("{fault}"))
}

/// Each field on a line: its name, its value, where it comes from.
#[track_caller]
fn shown(reader: &Reader, record: &str) -> String {
    let (mention, origins) =
        reader.explain(record.as_bytes(), &NoHeaders, LIMIT).unwrap_or_else(|why| panic!("{why:?}"));
    assert_eq!(reader.read(record.as_bytes(), &NoHeaders, LIMIT), Ok(mention), "the short way reads the same");
    origins.iter().map(|origin| format!("{} | {} | {}\n", origin.field, origin.value, origin.from)).collect()
}

/// The value of a field of the mention that a record becomes.
#[track_caller]
fn value(reader: &Reader, record: &serde_json::Value, field: Name) -> Option<String> {
    let record = record.to_string();
    shown(reader, &record);
    let read = reader.explain(record.as_bytes(), &NoHeaders, LIMIT);
    let (_, origins) = read.unwrap_or_else(|why| panic!("{why:?}: {record}"));
    origins.into_iter().find(|origin| origin.field == field).map(|origin| origin.value)
}

#[track_caller]
fn skipped(reader: &Reader, record: &str) -> &'static str {
    match reader.read(record.as_bytes(), &NoHeaders, LIMIT) {
        Err(NoMention::Skipped(Skipped(why))) => why,
        other => panic!("{other:?}"),
    }
}

#[track_caller]
fn fault(reader: &Reader, record: &str) -> String {
    match reader.read(record.as_bytes(), &NoHeaders, LIMIT) {
        Err(NoMention::Fault(fault)) => {
            assert!(Fault::REASONS.contains(&fault.reason()), "{} is not begun at 0 in the metrics", fault.reason());
            format!("{}: {fault}", fault.reason())
        }
        other => panic!("{other:?}"),
    }
}
