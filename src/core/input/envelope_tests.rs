//! CloudEvents in both modes, with native records and with maps.

use super::*;

const NATIVE: &str = r#"{"id":"a1","published_at":"2026-11-20T08:15:30Z","text":"Kellemes"}"#;

fn headers(pairs: &[(&str, &str)]) -> Vec<(String, Vec<u8>)> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), value.as_bytes().to_vec())).collect()
}

fn binary() -> Vec<(String, Vec<u8>)> {
    headers(&[
        ("ce_specversion", "1.0"),
        ("ce_id", "e-1"),
        ("ce_source", "/forum"),
        ("ce_type", "com.forum.post"),
        ("ce_time", "2026-11-20T09:00:00Z"),
        ("content-type", "application/json; charset=utf-8"),
    ])
}

fn structured(data: &str) -> String {
    format!(
        r#"{{"specversion":"1.0","id":"e-1","source":"/forum","type":"com.forum.post","time":"2026-11-20T09:00:00Z",{data}}}"#
    )
}

#[track_caller]
fn read(block: &str, record: &str, headers: &Vec<(String, Vec<u8>)>) -> Result<(String, Timestamp, String), String> {
    let reader = reader(block);
    match reader.read(record.as_bytes(), headers, LIMIT) {
        Ok(mention) => Ok((mention.id.to_string(), mention.published_at, mention.text.to_string())),
        Err(NoMention::Skipped(Skipped(why))) => Err(format!("skipped: {why}")),
        Err(NoMention::Fault(fault)) => Err(format!("{}: {fault}", fault.reason())),
    }
}

const ENVELOPE: &str = "envelope = \"cloudevents\"\n";
const WRITTEN: Timestamp = Timestamp(1_795_162_530_000);
const SENT: Timestamp = Timestamp(1_795_165_200_000);

#[test]
fn native_records_in_both_modes() {
    let expected = Ok(("a1".to_owned(), WRITTEN, "Kellemes".to_owned()));
    assert_eq!(read(ENVELOPE, NATIVE, &binary()), expected);
    assert_eq!(read(ENVELOPE, &structured(&format!("\"data\":{NATIVE}")), &headers(&[])), expected);
    use base64::Engine;
    let packed = base64::engine::general_purpose::STANDARD.encode(NATIVE);
    let record = structured(&format!("\"datacontenttype\":\"application/json\",\"data_base64\":\"{packed}\""));
    let kind = headers(&[("content-type", "application/CloudEvents+json; charset=UTF-8")]);
    assert_eq!(read(ENVELOPE, &record, &kind), expected);
    // The binding lets a structured event carry the headers as well.
    let mut both = binary();
    both.retain(|(name, _)| name != "content-type");
    both.extend(kind);
    assert_eq!(read(ENVELOPE, &record, &both), expected);
}

#[test]
fn what_a_record_lacks_the_event_knows() {
    let bare = r#"{"text":"Kellemes"}"#;
    let expected = Ok(("/forum#e-1".to_owned(), SENT, "Kellemes".to_owned()));
    assert_eq!(read(ENVELOPE, bare, &binary()), expected);
    assert_eq!(read(ENVELOPE, &structured(&format!("\"data\":{bare}")), &headers(&[])), expected);
    let map = format!("{ENVELOPE}format = \"map\"\n[map]\ntext = \"/text\"\n");
    assert_eq!(read(&map, bare, &binary()), expected);
    let reader = reader(ENVELOPE);
    let headers = binary();
    let (_, origins) = reader.explain(bare.as_bytes(), &headers, LIMIT).unwrap();
    let from: Vec<&str> = origins.iter().map(|origin| origin.from.as_str()).collect();
    assert_eq!(from, ["ce_source and ce_id", "ce_time", "/text"]);
}

#[test]
fn attributes_can_be_mapped_and_filtered_by() {
    let map = format!(
        "{ENVELOPE}format = \"map\"\nonly = {{ at = \"ce_type\", is = [\"com.forum.post\"] }}\n[map]\nid = {{ template = \"{{ce_source}}/{{/n}}\" }}\n\
         text = \"/text\"\npublished_at = \"ce_time\"\nsource = \"ce_source\"\n"
    );
    let record = r#"{"n":4,"text":"Kellemes"}"#;
    assert_eq!(read(&map, record, &binary()), Ok(("/forum/4".into(), SENT, "Kellemes".into())));
    assert_eq!(
        read(&map, &structured(&format!("\"data\":{record}")), &headers(&[])),
        Ok(("/forum/4".into(), SENT, "Kellemes".into()))
    );
    let other = binary().into_iter().map(|(name, value)| match name.as_str() {
        "ce_type" => (name, b"com.forum.vote".to_vec()),
        _ => (name, value),
    });
    let other: Vec<_> = other.collect();
    assert_eq!(read(&map, record, &other), Err("skipped: it has none of the values in \"only\"".into()));
    let native = format!("{ENVELOPE}only = {{ at = \"ce_type\", is = [\"com.forum.post\"] }}\n");
    assert_eq!(read(&native, NATIVE, &other), Err("skipped: it has none of the values in \"only\"".into()));
    assert!(read(&native, NATIVE, &binary()).is_ok());
}

#[test]
fn what_is_no_event_says_so() {
    let told = |record: &str, pairs: &[(&str, &str)]| read(ENVELOPE, record, &headers(pairs)).unwrap_err();
    assert_eq!(
        told(NATIVE, &[]),
        "envelope: the record is not a CloudEvent: it has no \"specversion\"; remove envelope = \"cloudevents\" if these are plain \
         records"
    );
    assert_eq!(
        told(NATIVE, &[("ce_id", "1")]),
        "envelope: the record is not a CloudEvent: it has no header ce_specversion; remove envelope = \"cloudevents\" if these are \
         plain records"
    );
    assert_eq!(
        told(&structured("\"data\":1").replace("1.0", "0.3"), &[]),
        "envelope: the record is not a CloudEvent: its specversion is \"0.3\", but only 1.0 is supported"
    );
    assert_eq!(
        told("[]", &[("content-type", "application/cloudevents-batch+json")]),
        "envelope: the record is not a CloudEvent: it is a batch of events; write one event per record"
    );
    assert_eq!(
        told("x", &[("content-type", "application/cloudevents+avro")]),
        "envelope: the record is not a CloudEvent: it is \"application/cloudevents+avro\", but only application/cloudevents+json is supported"
    );
    assert_eq!(told("[]", &[]), "envelope: the record is not a CloudEvent: it is not a JSON object");
    assert!(told("{", &[]).starts_with("not-json: "));
    assert_eq!(
        told("<a/>", &[("ce_specversion", "1.0"), ("content-type", "application/xml")]),
        "envelope: the record is not a CloudEvent: its data is \"application/xml\", but only JSON is supported"
    );
    assert_eq!(
        told(&structured("\"data_base64\":\"***\""), &[]),
        "envelope: the record is not a CloudEvent: its \"data_base64\" is not base64"
    );
    assert_eq!(told(&structured("\"subject\":\"s\""), &[]), "skipped: an event without data");
    assert_eq!(told("", &[("ce_specversion", "1.0")]), "skipped: an event without data");
    assert_eq!(
        told(&structured("\"data\":\"a text\""), &[]),
        "field: the record is not a mention: it is not an object"
    );
    let deep = structured(&format!("\"data\":{}1{}", "[".repeat(80), "]".repeat(80)));
    assert!(told(&deep, &[]).starts_with("too-deep: "));
}

#[test]
fn where_neither_record_nor_event_has_a_time_both_are_named() {
    let mut untimed = binary();
    untimed.retain(|(name, _)| name != "ce_time");
    let native = r#"{"text":"Kellemes"}"#;
    assert_eq!(
        read(ENVELOPE, native, &untimed),
        Err("no-time: published_at is not a time between 1990 and 2100: it is missing, and the event has no ce_time"
            .into())
    );
    let map = format!("{ENVELOPE}format = \"map\"\n[map]\ntext = \"/text\"\npublished_at = \"/made\"\n");
    assert_eq!(
        read(&map, native, &untimed),
        Err("no-time: the record has no published_at: /made is missing, and the event has no ce_time; say where it is and in which \
             format in [input.map] published_at"
            .into())
    );
    untimed.push(("ce_time".into(), b"soon".to_vec()));
    let told = read(&map, native, &untimed).unwrap_err();
    assert!(told.contains("/made is missing, and ce_time is \"soon\", which is not a time; "), "{told}");
    // A time of the record's that cannot be read is replaced by the event's, as a missing one is.
    assert_eq!(
        read(&map, r#"{"text":"Kellemes","made":"soon"}"#, &binary()),
        Ok(("/forum#e-1".into(), SENT, "Kellemes".into()))
    );
    let own = read(ENVELOPE, r#"{"text":"t","published_at":"soon"}"#, &untimed).unwrap_err();
    assert_eq!(
        own,
        "no-time: published_at is not RFC 3339, such as 2026-11-23T08:15:00Z: soon; a topic with other times is read with format = \"map\""
    );
}

#[test]
fn half_a_character_in_an_event_does_not_cost_the_mention() {
    let half = r#"{"id":"a1","published_at":"2026-11-20T08:15:30Z","text":"Kellemes \ud83d"}"#;
    let expected = Ok(("a1".to_owned(), WRITTEN, "Kellemes \u{fffd}".to_owned()));
    assert_eq!(read(ENVELOPE, half, &binary()), expected);
    assert_eq!(read(ENVELOPE, &structured(&format!("\"data\":{half}")), &headers(&[])), expected);
}
