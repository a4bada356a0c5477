//! Files as people have them, into records.

use super::*;
use std::io::Write;

fn lines(bytes: Vec<u8>) -> Vec<String> {
    let mut input = Input::new("test", io::Cursor::new(bytes)).unwrap();
    let (mut line, mut all) = (Vec::new(), Vec::new());
    loop {
        match input.read(&mut line).unwrap() {
            Got::Line => all.push(String::from_utf8(line.clone()).unwrap()),
            Got::TooLong => all.push("too long".into()),
            Got::End => return all,
        }
    }
}

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn the_first_bytes_tell_how_a_file_is_packed() {
    let text = "one\ntwo\r\n\n  \nthree";
    let expected = ["one", "two", "three"];
    assert_eq!(lines(text.into()), expected);
    assert_eq!(lines(gzip(text)), expected);
    assert_eq!(lines(zstd::encode_all(text.as_bytes(), 1).unwrap()), expected);
    assert_eq!(lines([gzip("one\ntwo\n"), gzip("three\n")].concat()), expected);
    let frames = ["one\ntwo\n", "three\n"].map(|part| zstd::encode_all(part.as_bytes(), 1).unwrap());
    assert_eq!(lines(frames.concat()), expected);
    assert_eq!(lines(b"\xef\xbb\xbfone".into()), ["one"]);
    for short in ["", "a", "\x1f", "(\n"] {
        assert!(lines(short.into()).len() <= 1);
    }
}

#[test]
fn an_endless_line_is_skipped_without_being_held() {
    let mut bytes = vec![b'x'; LINE_MOST + 100_000];
    bytes.extend_from_slice(b"\nafter\n");
    assert_eq!(lines(bytes), ["too long", "after"]);
    assert_eq!(lines(vec![b'x'; LINE_MOST])[0].len(), LINE_MOST);
}

#[test]
fn a_file_cut_short_is_an_error_and_not_an_end() {
    let mut packed = gzip(&"a line\n".repeat(1000));
    packed.truncate(packed.len() - 10);
    let mut line = Vec::new();
    let fault = match Input::new("cut", io::Cursor::new(packed)) {
        Err(fault) => fault,
        Ok(mut input) => loop {
            match input.read(&mut line) {
                Ok(Got::Line) => {}
                Ok(other) => panic!("{other:?}"),
                Err(fault) => break fault,
            }
        },
    };
    assert_eq!(fault.kind(), io::ErrorKind::UnexpectedEof);
}

fn notes(bytes: Vec<u8>) -> Vec<String> {
    let mut input = Input::new("test", io::Cursor::new(bytes)).unwrap();
    let mut line = Vec::new();
    while input.read(&mut line).unwrap() != Got::End {}
    input.take_notes()
}

const THREE: &str =
    "{\"id\":\"a:1\",\"text\":\"x\"}\n{\"id\":\"a:2\",\"text\":\"é\"}\n{\"id\":\"a:3\",\"text\":\"z\"}\n";

fn three() -> Vec<&'static str> {
    THREE.lines().collect()
}

/// UTF-16, as PowerShell and Excel write it, was four broken lines.
#[test]
fn utf_16_is_read_with_and_without_its_mark() {
    for (mark, order) in [(true, true), (true, false), (false, true), (false, false)] {
        let units: Vec<u16> = if mark { vec![0xfeff] } else { Vec::new() };
        let units = units.into_iter().chain(THREE.encode_utf16());
        let bytes: Vec<u8> =
            units.flat_map(|unit| if order { unit.to_le_bytes() } else { unit.to_be_bytes() }).collect();
        assert_eq!(lines(bytes.clone()), three(), "{mark} {order}");
        assert!(notes(bytes)[0].starts_with("it is UTF-16"));
    }
}

/// A list with a mention a line was read in part: the last one alone, without its comma.
#[test]
fn the_entries_of_a_list_are_its_records() {
    let entries = three();
    for list in [
        format!("[\n{}\n]\n", entries.join(",\n")),
        format!("[{}]", entries.join(", ")),
        format!("\u{feff} [\n  {}]", entries.join("\n  ,")),
        format!("[{},{}]\n[{}]", entries[0], entries[1], entries[2]),
        format!("[{},{}]\n{}", entries[0], entries[1], entries[2]),
    ] {
        assert_eq!(lines(list.clone().into_bytes()), entries, "{list}");
        assert_eq!(notes(list.into_bytes()), [""; 0]);
    }
    let broken = format!("[{},\n{{\"id\":\"cut\n,{}", entries[0], entries[2]);
    assert_eq!(lines(broken.clone().into_bytes()), [entries[0], "{\"id\":\"cut", entries[2]]);
    assert_eq!(notes(broken.into_bytes()), ["its list has no end: it was cut off"]);
}

#[test]
fn values_may_go_over_several_lines() {
    let pretty = "{\n  \"id\": \"a\",\n  \"of\": {\n\n    \"b\": 1 }\n}\n";
    let whole = "{\n  \"id\": \"a\",\n  \"of\": {\n\n    \"b\": 1 }\n}";
    assert_eq!(lines(pretty.into()), [whole]);
    assert_eq!(
        lines(format!("{pretty}{pretty}{{\"c\":1}} {{\"d\":2}}\n").into_bytes()),
        [whole, whole, "{\"c\":1}", " {\"d\":2}"]
    );
    assert_eq!(lines(format!("{whole},\n{whole}\n").into_bytes()), [whole, whole]);
    assert_eq!(lines(b"{\"id\": 1,\n \"text\": \"cut".to_vec()), ["{\"id\": 1,\n \"text\": \"cut"]);
    assert_eq!(lines(b"\x1e{\"a\":1}\n\x1e{\"b\":2}\n".to_vec()), ["{\"a\":1}", "{\"b\":2}"]);
}

/// A first line that was cut off took all others with it.
#[test]
fn a_line_that_is_cut_off_takes_no_other_with_it() {
    for cut in
        ["{\"id\":\"a:0\",\"text\":\"Acme do", "{\"id\":\"a:0\",", "{\"id\":\"a:0\",\"of\":{\"b\":[1,2]", "{\"id\":"]
    {
        let expected: Vec<&str> = [cut].into_iter().chain(three()).collect();
        assert_eq!(lines(format!("{cut}\n{THREE}").into_bytes()), expected, "{cut}");
        let middle = format!("{}\n{cut}\n{}\n", three()[0], three()[1]);
        assert_eq!(lines(middle.into_bytes()), [three()[0], cut, three()[1]], "{cut}");
    }
}

/// Each line of an event stream was a broken record.
#[test]
fn the_data_of_server_sent_events_are_records() {
    let stream = "event: update\ndata: {\"id\":\"1\"}\n\n:thump\n\nevent: delete\ndata: 108\n\nid: 7\ndata: {\"id\":\ndata: \"2\"}\n";
    assert_eq!(
        lines(stream.into()),
        ["{\"id\":\"1\"}", "{\"event\":\"delete\",\"payload\":\"108\"}", "{\"id\":\n\"2\"}"]
    );
    assert_eq!(lines(stream.replace('\n', "\r\n").into()).len(), 3);
}

#[test]
fn tables_are_rows_in_any_encoding() {
    let table = "id;text\n1;Megint leállt az Acme, és semmi nem működik, ősszel sem\n2;Árvíztűrő tükörfúrógép\n";
    let expected = [
        "{\"id\":\"1\",\"text\":\"Megint leállt az Acme, és semmi nem működik, ősszel sem\"}",
        "{\"id\":\"2\",\"text\":\"Árvíztűrő tükörfúrógép\"}",
    ];
    assert_eq!(lines(table.into()), expected);
    assert_eq!(lines(format!("\u{feff}{table}").into()), expected);
    let (latin, _, _) = encoding_rs::WINDOWS_1250.encode(table);
    assert_eq!(lines(latin.into_owned()), expected);
    assert_eq!(notes(table.into()), ["it is a table of 2 columns, separated by semicolons, with its header in line 1"]);
    let units = [0xfeff].into_iter().chain("id\ttext\r\n1\tAcme\r\n".encode_utf16()).flat_map(u16::to_le_bytes);
    assert_eq!(lines(units.collect()), ["{\"id\":\"1\",\"text\":\"Acme\"}"]);
}

#[test]
fn the_prefix_of_a_schema_registry_may_hold_a_line_end() {
    let record = |id: u8| [&[0, 0, 0, 0, id][..], b"{\"id\":1}\n"].concat();
    let mut input = Input::new("test", io::Cursor::new([record(10), record(1)].concat())).unwrap();
    let mut line = Vec::new();
    for id in [10, 1] {
        assert_eq!(input.read(&mut line).unwrap(), Got::Line);
        assert_eq!(line, record(id).trim_ascii_end());
    }
}

#[test]
fn what_holds_no_records_is_told_with_what_to_do() {
    let fault = |bytes: &[u8]| Input::new("a.jsonl", io::Cursor::new(bytes.to_vec())).err().unwrap().to_string();
    assert_eq!(fault(b"\xfd7zXZ\0\0"), "it is packed with xz; unpack it first: xz -dc a.jsonl | orszem … -");
    assert!(fault(b"<?xml version=\"1.0\"?><rss/>").starts_with("it is XML or HTML; "));
}

mod properties {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn no_bytes_make_it_panic_or_hang(
            start in prop_oneof![Just(""), Just("["), Just("{"), Just("data: "), Just("a,b\n"), Just("\0"), Just("\u{feff}")],
            bytes in prop::collection::vec(prop_oneof![any::<u8>(), Just(b'\n'), Just(b'"'), Just(b'{'), Just(b'}'), Just(b',')], 0..200),
        ) {
            let bytes = [start.as_bytes(), &bytes].concat();
            if let Ok(mut input) = Input::new("test", io::Cursor::new(bytes)) {
                let mut line = Vec::new();
                for _ in 0..1000 {
                    match input.read(&mut line) { Ok(Got::End) | Err(_) => return Ok(()), Ok(_) => {} }
                }
                prop_assert!(false, "no end");
            }
        }

        #[test]
        fn lines_are_themselves(texts in prop::collection::vec("\\PC{0,20}", 1..20)) {
            let records: Vec<String> = texts.iter().map(|text| serde_json::json!({ "id": text }).to_string()).collect();
            prop_assert_eq!(lines(records.join("\n").into_bytes()), records.clone());
            prop_assert_eq!(lines(format!("[{}]", records.join(",")).into_bytes()), records);
        }
    }
}
