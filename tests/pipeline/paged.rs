//! Two simulated crises of one company reach every kind of receiver.

use orszem_core::simulate::Truth;

use crate::support::orszem::Home;
use crate::support::paging::{Stream, every_receiver_is_told_once};

#[test]
fn two_simulated_crises_reach_every_receiver_once() {
    let home = Home::new("");
    let crises = ["--inject", "crisis@veltaro+6d10h", "--inject", "crisis@veltaro+8d14h"];
    let plan = [
        "simulate",
        "--seed",
        "9",
        "--days",
        "10",
        "--rate",
        "0.3",
        "-o",
        "mentions.jsonl.gz",
        "--truth",
        "truth.json",
    ];
    home.succeed(&[&plan[..], &crises[..]].concat());
    let truth: Truth =
        serde_json::from_slice(&std::fs::read(home.path().join("truth.json")).expect("the truth")).expect("JSON");
    let crises: Vec<_> = truth.injections.iter().map(|injection| injection.start).collect();
    assert_eq!(crises.len(), 2);
    every_receiver_is_told_once(&Stream {
        name: "paged",
        file: home.path().join("mentions.jsonl.gz"),
        watch: ("veltaro", "veltaro"),
        without_escalation: ("brontel", "brontel"),
        crises,
    });
}
