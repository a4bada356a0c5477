//! Queries and terms of watches.

use crate::check;
use crate::tests::{GOOD, case};
use std::path::Path;

#[test]
fn a_query_is_read_and_its_faults_placed() {
    let watch = |line: &str| format!("[[watch]]\nname = \"v\"\nescalation = \"e\"\n{line}\n");
    case(&watch("query = '(telekom OR @telekomhu) AND NOT (deutsche NEAR/3 telekom) AND lang:hu'"), &[]);
    case(
        &watch("query = 'telekom AND (posta'"),
        &["a.toml:4:22: in the query: this bracket is never closed; add \")\" where it ends"],
    );
    case(
        &watch("query = 'posta'\nterms = [\"posta\"]"),
        &[
            "a.toml:4:9: this [[watch]] has both a \"query\" and \"terms\"; keep one: in a query a plain list of words is OR, and phrases stand in quotes",
        ],
    );
    case(
        &watch("query = '''\nposta\nAND lung:hu'''"),
        &["a.toml:6:5: in the query: there is no field lung:; did you mean lang: ? Put a word with a colon in quotes"],
    );
    case(
        &watch("query = 'foo:x OR a* OR is:x OR (b1'"),
        &[
            "a.toml:4:10: in the query: there is no field foo:; the fields are lang:, source:, author:, domain:, followers:, is:; put a word with a colon in quotes",
            "a.toml:4:19: in the query: too few letters before the star; give at least two letters: te*",
            "a.toml:4:28: in the query: a mention is original, repost or reply, not \"x\"; as in is:original",
            "a.toml:4:33: in the query: this bracket is never closed; add \")\" where it ends",
        ],
    );
    case(&watch("query = \"\""), &["a.toml:4:9: \"query\" in [[watch]] is empty"]);
    case(&watch("query = \" \""), &["a.toml:4:10: in the query: this query is empty; say what to look for"]);
}

/// Only queries of one line without escapes were shown once.
#[test]
fn the_place_in_a_query_is_shown_however_it_is_written() {
    let shown = |query: &str| {
        let text = format!("[[watch]]\nname = \"v\"\nescalation = \"e\"\nquery = {query}\n{GOOD}");
        let faults = check(&text, Path::new("a.toml"));
        let fault = faults.iter().find(|fault| fault.within_text).unwrap_or_else(|| panic!("{faults:#?}"));
        fault.with_excerpt().to_string().lines().skip(1).collect::<Vec<_>>().join("\n")
    };
    for (query, excerpt) in [
        ("'''\nposta\nAND lung:hu'''", "  6 | AND lung:hu'''\n    |     ^^^^"),
        ("\"\"\"\nposta\nAND lung:hu\n\"\"\"", "  6 | AND lung:hu\n    |     ^^^^"),
        ("\"\"\"\nposta AND\n\"\"\"", "  5 | posta AND\n    |          ^"),
        ("\"\"\"\nNOT posta\n\"\"\"", "  5 | NOT posta\n    | ^^^^^^^^^"),
        (
            "\"\\\"magyar posta\\\" AND (AND x)\"",
            "  4 | query = \"\\\"magyar posta\\\" AND (AND x)\"\n    |                                ^^^",
        ),
        ("\"\"\"posta \\\n  AND lung:hu\"\"\"", "  5 |   AND lung:hu\"\"\"\n    |       ^^^^"),
        ("'电信 AND lung:hu'", "  4 | query = '电信 AND lung:hu'\n    |                   ^^^^"),
    ] {
        assert_eq!(shown(query), excerpt, "{query}");
    }
    // A quote that was left open swallows what follows, and that may be secret.
    for swallowed in ["token = \"xoxb\"", "[[receiver]]", "  password = 'x' ", "token=\"x\""] {
        let swallowed = swallowed.replace('\'', "\"");
        assert_eq!(shown(&format!("'''\nposta AND lung:hu\n{swallowed}\n'''")), "", "{swallowed}");
    }
    let text = format!(
        "watch = [{{ query = '''\nlung:hu''', tokn = \"xoxb\" }}]\n{}",
        GOOD.split("[[escalation]]").nth(1).unwrap()
    );
    let faults = check(&text, Path::new("a.toml"));
    assert!(faults.iter().all(|fault| !fault.with_excerpt().to_string().contains("xoxb")), "{faults:#?}");
    assert!(shown("'''\nlung:hu OR =MOL\nOR =\"Magyar Posta\"'''").contains("^^^^"));
}

#[test]
fn terms_find_something_and_not_everything() {
    let terms = r#"["", " ", "ú", "@", "Kellemes", "KELLEMÉS", "☕", "é\u0301"]"#;
    case(
        &format!("[[watch]]\nname = \"v\"\nescalation = \"e\"\nterms = {terms}\n"),
        &[
            "a.toml:4:10: this term is empty; leave it out",
            "a.toml:4:14: this term is empty; leave it out",
            "a.toml:4:19: warning: the term \"ú\" is a single character and will match far too much; a name or a phrase finds what \
         is meant",
            "a.toml:4:24: nothing is left of the term \"@\" without case and accents; a term needs a letter, a digit or a sign",
            "a.toml:4:41: warning: the term \"KELLEMÉS\" finds the same as \"Kellemes\"; leave one out",
            "a.toml:4:58: warning: the term \"é\\u{301}\" is a single character and will match far too much; a name or a phrase finds \
         what is meant",
        ],
    );
    case("[[watch]]\nname = \"v\"\nescalation = \"e\"\nterms = []\n", &["a.toml:4:9: \"terms\" in [[watch]] is empty"]);
}
