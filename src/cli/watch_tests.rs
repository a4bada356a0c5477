use super::*;

fn file() -> tempfile::NamedTempFile {
    let mention = |id: &str, minute: u32, text: &str, lang: &str| {
        let at = format!("2026-11-23T08:{minute:02}:00Z");
        serde_json::json!({ "id": id, "published_at": at, "text": text, "lang": lang }).to_string()
    };
    let lines = [
        mention("a", 0, "A Telekomnál áll\na net", "hu"),
        mention("b", 20, "telekommunikáció", "hu"),
        "no mention".to_owned(),
        mention("c", 40, "Deutsche Telekom hírek", "hu"),
        mention("d", 59, "semmi", "hu"),
    ];
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), lines.join("\n")).unwrap();
    file
}

fn run(query: &str, with: Option<&str>, json: bool) -> (u8, String, String) {
    let file = file();
    let args = Try {
        query: query.into(),
        files: vec![file.path().into()],
        topic: None,
        input: None,
        from: None,
        to: None,
        config: ConfigFile { path: "alerts.toml".into() },
        with: with.map(str::to_owned),
        json,
        show: 10,
    };
    let (mut out, mut said) = (Vec::new(), Vec::new());
    let status = args.run(Marks::PLAIN, &mut out, &mut said).unwrap();
    (status, String::from_utf8(out).unwrap(), String::from_utf8(said).unwrap())
}

#[test]
fn json_has_a_line_for_each_mention() {
    let (status, out, said) = run("telekom AND NOT (deutsche NEAR/3 telekom)", None, true);
    assert_eq!(status, 0);
    let expected = "{\"id\":\"a\",\"matched\":true,\"spans\":[[2,13]]}\n\
        {\"id\":\"b\",\"matched\":false,\"spans\":[]}\n\
        {\"id\":\"c\",\"matched\":false,\"spans\":[]}\n\
        {\"id\":\"d\",\"matched\":false,\"spans\":[]}\n";
    assert_eq!(out, expected);
    let said = said.strip_prefix("skipped 1 invalid record; the first is ").expect("the skipped records");
    assert!(said.contains(":3: the record is not JSON: "), "names the place: {said}");
}

#[test]
fn people_see_marks_rates_and_near_misses() {
    let (_, out, _) = run("telekom AND NOT (deutsche NEAR/3 telekom)", None, false);
    for shown in [
        "matches 1 of 4 mentions (25.0 %), 1.00 per hour over 1.0 hours",
        "a  A [Telekomnál] áll a net",
        "2 mentions lack one part of the query only.",
        "  1 more with: telekom* AND NOT (deutsche NEAR/3 telekom)\n",
        "  1 more with: telekom\n",
        "near misses: 2",
        "telekom is only part of another word: telekommunikáció",
        "excluded by NOT: deutsche NEAR/3 telekom matches",
    ] {
        assert!(out.contains(shown), "{shown}\n{out}");
    }
}

#[test]
fn two_queries_show_what_changes() {
    let (_, out, _) = run("telekom", Some("tele* AND NOT deutsche"), false);
    assert!(out.contains("matched only by the first query: 1\n  - c  Deutsche [Telekom] hírek"), "{out}");
    assert!(out.contains("matched only by the second query: 1\n  + b  [telekommunikáció]"), "{out}");
    let (_, out, _) = run("telekom", Some("semmi"), true);
    assert!(
        out.contains("{\"id\":\"d\",\"matched\":false,\"spans\":[],\"with_matched\":true,\"with_spans\":[[0,5]]}"),
        "{out}"
    );
}

#[test]
fn a_fault_is_shown_with_its_caret_and_the_fix() {
    let (status, out, said) = run("telekom AND (posta", None, false);
    assert_eq!((status, out.as_str()), (1, ""));
    assert_eq!(
        said,
        "this bracket is never closed\n  telekom AND (posta\n              ^\n  add \")\" where it ends\n"
    );
    let (status, _, said) = run("foo:x OR b*", Some("posta AND"), false);
    assert_eq!(status, 1);
    for shown in ["\n  foo:x OR b*\n  ^^^\n", "\n  foo:x OR b*\n           ^^\n", "\n  posta AND\n           ^\n"] {
        assert!(said.contains(shown), "{shown:?} is missing in {said}");
    }
    let (status, _, said) = run("NOT posta", None, true);
    assert_eq!(status, 0);
    assert!(said.starts_with("warning: this query matches everything"), "{said}");
}
