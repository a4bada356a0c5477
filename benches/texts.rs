//! Texts to measure on: real ones where `ORSZEM_TEST_DATA` names their folder, simulated ones elsewhere. Real texts
//! have more different words, and so cost more.

use std::collections::BTreeMap;
use std::path::PathBuf;

use orszem_core::simulate::{Plan, Simulation};
use orszem_records::time::Timestamp;

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
