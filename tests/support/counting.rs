//! Every mention is counted for the watches that it names, and for no other: the whole way through Kafka, compared with
//! a count by other means.

use flate2::read::GzDecoder;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::path::Path;
use std::time::Duration;

use super::setup::Setup;
use super::{kafka, stream};

/// Watches and the handle that each looks for.
pub type Handles = [(&'static str, &'static str)];

/// How many mentions name a handle, counted by other means than those of the program: a handle begins where no letter,
/// digit or sign of a handle stands before, and ends where no letter or digit follows.
pub fn counted(handles: &Handles, lines: &str) -> BTreeMap<&'static str, u64> {
    let mut counts = BTreeMap::new();
    let mut ids = BTreeSet::new();
    for line in lines.lines() {
        let mention: serde_json::Value = serde_json::from_str(line).expect("a mention");
        if !ids.insert(mention["id"].as_str().expect("an id").to_owned()) {
            continue;
        }
        let text: Vec<char> = mention["text"].as_str().expect("a text").to_lowercase().chars().collect();
        let inside = |character: Option<&char>| character.is_some_and(|one| one.is_alphanumeric() || *one == '_');
        for (watch, handle) in handles {
            let handle: Vec<char> = handle.chars().collect();
            let named = (0..text.len()).any(|at| {
                let before = at.checked_sub(1).and_then(|before| text.get(before));
                let joined = inside(before) || before.is_some_and(|sign| "@#$&".contains(*sign));
                text[at..].starts_with(&handle) && !joined && !inside(text.get(at + handle.len()))
            });
            *counts.entry(*watch).or_default() += u64::from(named);
        }
    }
    counts
}

/// The lines of a file that is packed with gzip.
pub fn unpacked(file: &Path) -> String {
    let mut lines = String::new();
    GzDecoder::new(std::fs::File::open(file).expect("the file")).read_to_string(&mut lines).expect("text");
    lines
}

/// Replays `file` to a program that watches `handles`, and gives back what it counted for each. Every mention has one
/// class and one origin, and none is a dead letter.
pub fn by_the_program(name: &str, handles: &Handles, file: &Path) -> BTreeMap<String, u64> {
    let kafka = kafka::shared();
    let watch = |setup: Setup, (watch, handle): &(&str, &str)| setup.watch(watch, &[*handle]);
    let setup = handles.iter().fold(Setup::new(name), watch);
    let (home, mut orszem) = setup.start();
    home.succeed(&["replay", file.to_str().expect("a path")]);
    stream::wait_judged(kafka, name, setup.mentions());

    let mut seen: BTreeMap<String, u64> = BTreeMap::new();
    for ((watch, _), tally) in &stream::tallies(kafka, name) {
        *seen.entry(watch.clone()).or_default() += tally.counts.mentions;
        assert_eq!(
            tally.counts.mentions,
            tally.counts.negatives + tally.counts.neutrals + tally.counts.positives,
            "{tally:?}"
        );
        assert_eq!(
            tally.counts.mentions,
            tally.counts.originals + tally.counts.reposts + tally.counts.copies,
            "{tally:?}"
        );
    }
    assert!(kafka.read(&format!("{name}.dead-letters")).is_empty());
    assert!(orszem.terminate(Duration::from_secs(10)).success());
    seen
}
