//! A simulated week, and texts that spell a handle in every way: each mention is counted for what it names, once.

use serde_json::json;
use std::io::Write;

use crate::support::counting::{by_the_program, counted, unpacked};
use crate::support::orszem::Home;

/// The watches and the handle that each looks for: the first begins as the second does.
const HANDLES: [(&str, &str); 3] = [("veltaro", "@veltaro"), ("veltaro-air", "@veltaroair"), ("brontel", "@brontel")];

/// Texts about Veltaro, and how many of the watches each names.
const TEXTS: [(&str, usize); 20] = [
    ("@Veltaro lost my bag", 1),
    ("thanks,@VELTARO!", 1),
    ("(@veltaro) and \"@Brontel\"", 2),
    ("@veltaro's desk, @veltaro: closed", 1),
    ("RT @veltaroair: boarding now", 1),
    ("@veltaro/@veltaroair/@brontel", 3),
    (".@veltaro", 1),
    ("…@brontel…", 1),
    ("ask @veltaro\nor @brontel", 2),
    ("🙂@veltaro🙂", 1),
    ("@veltaro-val repültem", 1),
    ("desk@veltaro.example is an address", 0),
    ("@@veltaro", 0),
    ("#@veltaro", 0),
    ("@veltaros and @veltaro_air and @veltaro2", 0),
    ("_@veltaro", 0),
    ("veltaro without its sign, brontel as well", 0),
    ("@veltaroairport", 0),
    ("@ veltaro", 0),
    ("A&@brontel", 0),
];

#[test]
fn every_mention_is_counted_for_the_handles_in_it() {
    let home = Home::new("");
    home.succeed(&["simulate", "--seed", "5", "--days", "7", "--rate", "0.3", "-o", "simulated.jsonl.gz"]);
    let mut lines = unpacked(&home.path().join("simulated.jsonl.gz"));
    let last: serde_json::Value = serde_json::from_str(lines.lines().last().expect("a mention")).expect("JSON");
    // Each one twice, as feeds deliver: the second is a repeat of its id.
    for (number, (text, named)) in TEXTS.iter().enumerate() {
        let mention = json!({ "id": format!("h{number}"), "published_at": last["published_at"], "text": text });
        assert_eq!(counted(&HANDLES, &mention.to_string()).values().sum::<u64>(), *named as u64, "{text}");
        lines += &format!("{mention}\n{mention}\n");
    }
    let file = home.path().join("mentions.jsonl.gz");
    let mut packed = flate2::write::GzEncoder::new(std::fs::File::create(&file).expect("a file"), Default::default());
    packed.write_all(lines.as_bytes()).expect("written");
    packed.finish().expect("written");

    let expected: std::collections::BTreeMap<String, u64> =
        counted(&HANDLES, &lines).into_iter().map(|(watch, count)| (watch.to_owned(), count)).collect();
    assert!(expected["veltaro"] > 1_000 && expected["brontel"] > 1_000, "{expected:?}");
    assert_eq!(by_the_program("counted", &HANDLES, &file), expected);
}
