//! Case 33: what a silence would have muted, and whether it is made.

use orszem_records::signal::Kind;

use super::*;
use crate::routing::fixture::{at, config, id, matcher, signal};

const WATCHES: &str = "[[watch]]\nname = \"acme\"\ndesk = \"care\"\nlabels = { story = \"merger\" }\n[[watch]]\nname = \
                       \"bare\"\n[[watch]]\nname = \"quiet\"\n";

fn entry(incident: &str, minute: i64, kind: Kind, severity: u8) -> Entry {
    let watch = incident.split('.').next().unwrap().to_owned();
    Entry { watch, incident: id(incident), at: at(minute), event: Event::Signal(Box::new(signal(kind, severity))) }
}

/// `acme.1` rises from 3 to 1, `acme.2` pages nobody, `bare.1` is of severity 3, `bare.2` is past.
fn ledger() -> Vec<Entry> {
    vec![
        entry("bare.2", 1, Kind::Negativity, 3),
        entry("acme.1", 10, Kind::Negativity, 3),
        entry("bare.1", 11, Kind::Volume, 3),
        entry("acme.2", 12, Kind::Praise, 4),
        entry("acme.1", 13, Kind::Negativity, 1),
        entry("acme.1", 14, Kind::Negativity, 3),
    ]
}

fn previewed(written: &str) -> (usize, Vec<String>, Vec<String>) {
    let preview = preview(&matcher(written), &config(WATCHES), &ledger(), (at(5), at(20)));
    let names = |ids: &[IncidentId]| ids.iter().map(|id| id.0.clone()).collect();
    (preview.paging, names(&preview.muted), names(&preview.in_part))
}

#[test]
fn case_33_the_preview_says_what_would_have_been_muted() {
    let strings = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    assert_eq!(previewed(""), (2, strings(&["acme.1", "bare.1"]), vec![]));
    assert_eq!(previewed("severity = \">= 3\""), (2, strings(&["bare.1"]), strings(&["acme.1"])), "it rose above");
    assert_eq!(
        previewed("labels = { story = \"merger\" }"),
        (2, strings(&["acme.1"]), vec![]),
        "by the watch's labels"
    );
    assert_eq!(previewed("watch = \"quiet\""), (2, vec![], vec![]));
}

#[test]
fn case_33_what_matches_nothing_is_refused_and_what_matches_everything_is_asked_for_twice() {
    let config = config(WATCHES);
    let judged = |written: &str| {
        let matcher = matcher(written);
        judge(&matcher, &config, &preview(&matcher, &config, &ledger(), (at(5), at(20))))
    };
    assert_eq!(judged(""), Verdict::Ask(Breadth::Everything));
    assert_eq!(judged("severity = \"<= 4\""), Verdict::Ask(Breadth::Everything));
    for broad in ["watch = \"*\"", "kind = \"negativity\"", "severity = \">= 3\""] {
        assert_eq!(judged(broad), Verdict::Ask(Breadth::EveryWatch), "{broad}");
    }
    assert_eq!(judged("watch = [\"acme\", \"bare\"]"), Verdict::Ask(Breadth::AllOfThePast));
    assert_eq!(judged("watch = \"acme\""), Verdict::Made);
    assert_eq!(judged("watch = \"quiet\""), Verdict::Made, "it may come");
    for nothing in [
        "watch = \"acmee\"",
        "labels = { story = \"x\" }",
        "desk = \"care\", watch = \"bare\"",
        "watch = \"acme\", kind = \"no-data\"",
    ] {
        assert!(matches!(judged(nothing), Verdict::Refused(_)), "{nothing}");
    }
}
