//! Texts to measure on: real ones where `ORSZEM_TEST_DATA` names their folder, simulated ones elsewhere. Real texts have
//! more different words, and so cost more.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::PathBuf;

use orszem::mention;
use orszem::replay::{Got, Input};
use orszem::simulate::{Plan, Simulation};
use orszem::time::Timestamp;

/// The folder of the real streams, where there is one.
pub(crate) fn real() -> Option<PathBuf> {
    std::env::var_os("ORSZEM_TEST_DATA").filter(|folder| !folder.is_empty()).map(PathBuf::from)
}

/// Simulated texts by language, `count` of each at most.
pub(crate) fn simulated(count: usize) -> BTreeMap<&'static str, Vec<String>> {
    let mut texts: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let mentions = Simulation::new(Plan::demo(1, Timestamp(1_772_409_600_000), 14)).unwrap();
    for (_, mention) in mentions.filter(|(_, mention)| mention.repost_of.is_none()) {
        let Some(lang) = mention.lang else { continue };
        let of = texts.entry(lang).or_default();
        if of.len() < count {
            of.push(mention.text);
        }
        if texts.len() == 2 && texts.values().all(|of| of.len() == count) {
            break;
        }
    }
    texts
}

/// The texts of the mentions in every `*.jsonl.gz` of a folder, `most` at most.
pub(crate) fn of_mentions(folder: &PathBuf, most: usize) -> Vec<String> {
    let mut texts = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if !path.to_string_lossy().ends_with(".jsonl.gz") {
            continue;
        }
        let mut input = Input::new("texts", File::open(&path).unwrap()).unwrap();
        let mut line = Vec::new();
        while texts.len() < most && matches!(input.read(&mut line), Ok(Got::Line)) {
            if let Ok(mention) = mention::parse(&line, 1 << 20) {
                texts.push(mention.text.into_owned());
            }
        }
    }
    texts
}
