use super::*;
use proptest::prelude::*;

const LIMIT: usize = 256 * 1024;

fn reason(record: &[u8]) -> &'static str {
    let reason = parse(record, LIMIT).expect_err("a reject").reason();
    assert!(Reject::REASONS.contains(&reason), "{reason} is not begun at 0 in the metrics");
    reason
}

#[test]
fn a_repost_may_say_so_in_its_text_alone() {
    assert!(is_repost("RT @ann: aurora lost our bags") && is_repost(" RT @a_1: x"));
    for text in ["RT if you agree", "rt @ann: x", "RT @ann x", "RT @: x", "my RT @ann: x", ""] {
        assert!(!is_repost(text), "{text}");
    }
}

#[test]
fn reads_every_field_and_lets_others_through() {
    let record = r#"{"id":"x:1","published_at":"2014-08-01T16:30:00Z","source":"x","lang":"en","text":"It\u0027s down",
        "author":{"id":7,"name":"Ann","followers":12,"verified":true},"repost_of":"x:0","url":"https://x.example/1","labels":{"a":[1]}}"#;
    let mention = parse(record.as_bytes(), LIMIT).unwrap();
    assert_eq!(mention.id, "x:1");
    assert_eq!(mention.published_at, Timestamp(1_406_910_600_000));
    assert_eq!(mention.text, "It's down");
    assert_eq!(mention.author.id.as_deref(), Some("7"));
    assert_eq!(mention.author.followers, 12);
    assert_eq!(mention.repost_of.as_deref(), Some("x:0"));
    assert_eq!(mention.url.as_deref(), Some("https://x.example/1"));
}

#[test]
fn times_in_every_form_are_the_same_instant() {
    for time in [
        r#""2014-08-01T16:30:00Z""#,
        r#""2014-08-01T18:30:00+02:00""#,
        r#""2014-08-01T16:30:00.000Z""#,
        "1406910600",
        "1406910600000",
        "1406910600.0",
    ] {
        let record = format!(r#"{{"id":"1","text":"t","published_at":{time}}}"#);
        assert_eq!(parse(record.as_bytes(), LIMIT).unwrap().published_at, Timestamp(1_406_910_600_000), "{time}");
    }
}

#[test]
fn what_is_no_mention_is_refused_with_its_reason() {
    assert_eq!(reason(b""), "empty");
    assert_eq!(reason(b"{"), "not-json");
    assert_eq!(reason(b"[]"), "field");
    assert_eq!(reason(b"{\"text\":\"\xff\"}"), "not-utf8");
    assert_eq!(reason(br#"{"published_at":1406910600,"text":"t"}"#), "no-id");
    assert_eq!(reason(br#"{"id":"1","published_at":1406910600}"#), "no-text");
    assert_eq!(reason(br#"{"id":"1","published_at":1406910600,"text":"  "}"#), "no-text");
    assert_eq!(reason(br#"{"id":"1","text":"t"}"#), "no-time");
    assert_eq!(reason(br#"{"id":"1","text":"t","published_at":"yesterday"}"#), "no-time");
    assert_eq!(reason(br#"{"id":"1","text":"t","published_at":"2014-02-30T00:00:00Z"}"#), "no-time");
    assert_eq!(reason(br#"{"id":"1","text":"t","published_at":1e300}"#), "no-time");
    assert_eq!(reason(br#"{"id":["1"],"text":"t","published_at":1406910600}"#), "field");
    let deep = format!(
        r#"{{"id":"1","text":"t","published_at":1406910600,"x":{}{}}}"#,
        "[".repeat(10_000),
        "]".repeat(10_000)
    );
    assert_eq!(reason(deep.as_bytes()), "too-deep");
    assert_eq!(parse(b"{ }", 2).unwrap_err().reason(), "too-large");
}

#[test]
fn brackets_in_a_text_are_no_levels() {
    let record = format!(r#"{{"id":"1","published_at":1406910600,"text":"{}\"{}"}}"#, "[".repeat(200), "{".repeat(200));
    assert!(parse(record.as_bytes(), LIMIT).is_ok());
}

#[test]
fn addresses_that_are_not_of_the_web_are_dropped() {
    for url in ["javascript:alert(1)", "https://a b", "data:text/html,x", "https://x/\\u0022onclick"] {
        let record = format!(r#"{{"id":"1","published_at":1406910600,"text":"t","url":"{url}"}}"#);
        assert_eq!(parse(record.as_bytes(), LIMIT).unwrap().url, None, "{url}");
    }
}

proptest! {
    #[test]
    fn the_short_way_reads_times_as_the_general_one(seconds in 631_152_000_i64..4_102_444_800) {
        let text = jiff::Timestamp::from_second(seconds).unwrap().to_string();
        if let Some(read) = utc_seconds(text.as_bytes()) {
            prop_assert_eq!(read, seconds);
        }
        prop_assert_eq!(rfc3339(&text), Some(seconds * 1000));
    }

    #[test]
    fn an_address_begins_with_its_scheme_and_has_nothing_odd(url in "(https?|HTTPS|ftp)?(://)?[a-z/:é \u{85}\u{a0}\u{7f}\"<>]{0,8}") {
        let scheme = url.split_once("://").map(|(scheme, _)| scheme.to_ascii_lowercase());
        let odd = url.contains(|c: char| c.is_control() || c.is_whitespace() || matches!(c, '"' | '<' | '>'));
        let is_web = matches!(scheme.as_deref(), Some("http" | "https"));
        prop_assert_eq!(is_web_address(&url), is_web && !odd, "{:?}", url);
    }

    #[test]
    fn no_bytes_make_it_panic(record in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = parse(&record, LIMIT);
    }
}
