//! The week of the airlines: every mention is counted for the companies that it names, and nothing else happens to it.

use crate::support::orszem::Home;
use crate::support::{data, kafka, ports};
use flate2::read::GzDecoder;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;

use super::stream;

/// The watches and the handle that each looks for.
const WATCHES: [(&str, &str); 3] =
    [("united", "@united"), ("southwest", "@southwestair"), ("virgin-america", "@virginamerica")];

/// How many mentions name a handle, counted by other means than those of the program: a handle begins where no letter,
/// digit or sign of a handle stands before, and ends where no letter or digit follows.
fn counted(lines: &str) -> BTreeMap<&'static str, u64> {
    let mut counts = BTreeMap::new();
    let mut ids = BTreeSet::new();
    for line in lines.lines() {
        let mention: serde_json::Value = serde_json::from_str(line).expect("a mention");
        if !ids.insert(mention["id"].as_str().expect("an id").to_owned()) {
            continue;
        }
        let text: Vec<char> = mention["text"].as_str().expect("a text").to_lowercase().chars().collect();
        let inside = |character: Option<&char>| character.is_some_and(|one| one.is_alphanumeric() || *one == '_');
        for (watch, handle) in WATCHES {
            let handle: Vec<char> = handle.chars().collect();
            let named = (0..text.len()).any(|at| {
                let before = at.checked_sub(1).and_then(|before| text.get(before));
                let joined = inside(before) || before.is_some_and(|sign| "@#$&".contains(*sign));
                text[at..].starts_with(&handle) && !joined && !inside(text.get(at + handle.len()))
            });
            *counts.entry(watch).or_default() += u64::from(named);
        }
    }
    counts
}

#[test]
fn every_airline_is_counted_as_often_as_it_is_named() {
    let kafka = kafka::shared();
    let port = ports::Port::take();
    let watches: String = WATCHES
        .iter()
        .map(|(watch, handle)| format!("[[watch]]\nname = \"{watch}\"\nterms = [\"{handle}\"]\n"))
        .collect();
    let home = Home::new(&format!(
        "[kafka]\nbrokers = \"{}\"\nmentions = \"airlines-mentions\"\nprefix = \"airlines\"\n\
         [web]\nlisten = \"127.0.0.1:{port}\"\n{watches}",
        kafka.brokers(),
    ));
    let mut orszem = home.start(&["run", "--instance", "airlines"]);
    orszem.wait_ready(&format!("http://127.0.0.1:{port}"));
    let file = data("mentions/airlines.jsonl.gz");
    let replayed = home.run(&["replay", file.to_str().expect("a path")], b"");
    assert!(replayed.status.success(), "{}", String::from_utf8_lossy(&replayed.stderr));
    stream::wait_judged(kafka, "airlines", "airlines-mentions");

    let mut lines = String::new();
    GzDecoder::new(std::fs::File::open(&file).expect("the file")).read_to_string(&mut lines).expect("text");
    let mut seen: BTreeMap<&str, u64> = BTreeMap::new();
    let tallies = stream::tallies(kafka, "airlines");
    for ((watch, _), tally) in &tallies {
        *seen.entry(watch).or_default() += tally.mentions;
        assert_eq!(tally.mentions, tally.negatives + tally.neutrals + tally.positives, "{tally:?}");
        assert_eq!(tally.mentions, tally.originals + tally.reposts + tally.copies, "{tally:?}");
    }
    assert_eq!(seen, counted(&lines));
    assert!(kafka.read("airlines.dead-letters").is_empty());
    assert!(orszem.terminate(std::time::Duration::from_secs(10)).success());
}
