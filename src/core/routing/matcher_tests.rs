//! What matchers mean, and what is wrong with them.

use std::collections::BTreeSet;

use orszem_records::desk::Desk;
use orszem_records::signal::Kind;

use super::*;
use crate::routing::fixture::{facts, labelled, matcher};

#[track_caller]
fn means(written: &str, facts: &Facts) -> bool {
    matcher(written).matches(facts)
}

#[test]
fn every_condition_must_hold_and_nothing_asks_for_nothing() {
    let care = Facts { desk: Desk::Care, severity: 2, ..facts() };
    assert!(means("", &care) && means("{}", &care));
    assert!(means(r#"desk = "care", severity = "<= 2""#, &care));
    assert!(!means(r#"desk = "care", severity = "<= 2""#, &Facts { severity: 3, ..care.clone() }));
    assert!(!means(r#"desk = "crisis", severity = "<= 2""#, &care));
    assert!(means(r#"{ desk = ["crisis", "care"], kind = "negativity" }"#, &care));
    assert!(!means(r#"kind = ["silence", "no-data"]"#, &care));
}

#[test]
fn severities_are_compared_and_one_is_the_highest() {
    for (written, meant) in [
        ("1", vec![1]),
        ("= 2", vec![2]),
        ("<= 2", vec![1, 2]),
        (">=3", vec![3, 4]),
        ("!= 4", vec![1, 2, 3]),
        ("<= 4", vec![1, 2, 3, 4]),
    ] {
        let found = (1..=4).filter(|n| means(&format!("severity = \"{written}\""), &Facts { severity: *n, ..facts() }));
        assert_eq!(found.collect::<Vec<u8>>(), meant, "{written}");
    }
    assert!(means(r#"severity = ["1", "4"]"#, &Facts { severity: 4, ..facts() }));
    assert!(!means(r#"severity = [">= 2", "!= 4"]"#, &Facts { severity: 4, ..facts() }));
}

#[test]
fn a_list_is_any_of_it_and_none_of_what_is_excluded() {
    let story = |text: &str| labelled(&[("story", text)]);
    let written = r#"labels = { story = ["mer*", "!= merchant"] }"#;
    assert!(means(written, &story("merger")) && !means(written, &story("merchant")) && !means(written, &story("x")));
    assert!(means(r#"labels = { story = "!= merger" }"#, &facts()), "what is not there is not that");
    assert!(means(r#"labels = { story = "" }"#, &facts()) && !means(r#"labels = { story = "" }"#, &story("x")));
    assert!(means(r#"labels = { story = "*" }"#, &story("x")) && !means(r#"labels = { story = "*" }"#, &facts()));
    assert!(means(r#"labels = { story = "!=" }"#, &story("x")) && !means(r#"labels = { story = "!=" }"#, &facts()));
}

#[test]
fn a_star_is_anything_and_can_be_written_word_for_word() {
    let story = |text: &str| labelled(&[("story", text)]);
    for (pattern, text, expected) in [
        ("tele*", "Telekom", true),
        ("tele*", "atelekom", false),
        ("*kom", "telekom", true),
        ("*le*ko*", "telekom", true),
        ("a*a", "a", false),
        ("a*b*a", "aba", true),
        ("a*b*b", "ab", false),
        ("= a*", "a*", true),
        ("= a*", "ab", false),
        ("= != x", "!= x", true),
        ("**", "", false),
    ] {
        let facts = if text.is_empty() { facts() } else { story(text) };
        assert_eq!(means(&format!("labels = {{ story = \"{pattern}\" }}"), &facts), expected, "{pattern} of {text:?}");
    }
}

/// Case 15, the part of matchers: they take small letters and capitals as the same, and accents not.
#[test]
fn case_15_case_is_folded_and_accents_are_not() {
    let legal = |text: &str| labelled(&[("legal", text)]);
    assert!(
        means(r#"labels = { legal = "KFT." }"#, &legal("kft."))
            && means(r#"labels = { legal = "kft." }"#, &legal("Kft."))
    );
    assert!(means(r#"labels = { legal = "fÚzió*" }"#, &legal("FÚZIÓ 2026")));
    assert!(!means(r#"labels = { legal = "kor" }"#, &legal("kór")));
}

#[test]
fn a_renamed_watch_has_both_names_and_several_sources_are_each_meant() {
    let sources = BTreeSet::from(["bluesky".to_owned(), "reddit".to_owned()]);
    let renamed = Facts { watch: "neu".into(), former: Some("alt".into()), sources, ..facts() };
    assert!(means(r#"watch = "alt""#, &renamed) && means(r#"watch = "neu""#, &renamed));
    assert!(!means(r#"watch = "!= alt""#, &renamed));
    assert!(means(r#"source = "reddit""#, &renamed) && !means(r#"source = "!= reddit""#, &renamed));
    assert!(!means(r#"source = "reddit""#, &facts()), "its sources are not known");
}

#[test]
fn what_is_wrong_is_told_with_what_would_be_right() {
    let fault = |written: &str| Matcher::parse(written).unwrap_err();
    assert_eq!(
        fault(r#"severity = "<= 5""#),
        "severity: \"<= 5\" is no severity; write a number from 1 (the highest) to 4, alone or after <=, >=, = or !=: \
         \"<= 2\""
    );
    assert_eq!(
        fault(r#"desk = ["care", "press"], kind = "noise""#),
        "desk: there is no desk \"press\"; one of crisis, care, employer, audience\n\
         kind: there is no kind \"noise\"; one of negativity, volume, praise, slow-burn, silence, no-data"
    );
    assert_eq!(fault("desk = []"), "desk: the list is empty, so nothing matches; leave it out");
    assert!(fault("weather = \"bad\"").starts_with("unknown field `weather`"), "{}", fault("weather = \"bad\""));
    assert!(fault("desk = care").ends_with("write it as desk = \"care\", severity = \"<= 2\""));
    assert!(fault("} x = { ").contains("write it as"), "it cannot leave its braces");
}

#[test]
fn what_does_not_hold_is_told() {
    let miss = |written: &str| matcher(written).miss(&facts()).map(|miss| miss.to_string());
    assert_eq!(miss(r#"kind = "negativity", desk = "care""#).unwrap(), "desk is crisis, and \"care\" is asked for");
    assert_eq!(miss(r#"severity = "<= 2""#).unwrap(), "severity is 3, and \"<= 2\" is asked for");
    assert_eq!(
        miss(r#"labels = { story = "merger" }"#).unwrap(),
        "label story is not known, and \"merger\" is asked for"
    );
    assert_eq!(miss(r#"kind = "neg*""#), None);
}

#[test]
fn everything_is_known_as_that() {
    assert!(matcher("").is_everything() && matcher(r#"severity = "<= 4""#).is_everything());
    assert!(!matcher(r#"severity = "<= 3""#).is_everything() && !matcher(r#"desk = "*""#).is_everything());
    let silent = Facts { kind: Kind::Silence, ..facts() };
    assert!(matcher(r#"source = "x", kind = "silence""#).may_match(&silent), "whatever its source will be");
}
