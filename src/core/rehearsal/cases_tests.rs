//! The cases of `tests/cases`, of both forms: `orszem rehearse tests/cases` runs the same.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::Case;

/// Those of the list of cases without a file: replies are still to come.
const LATER: [u32; 1] = [107];
/// As many as the list has.
const CASES: u32 = 120;

#[expect(clippy::disallowed_methods, reason = "a test, which reads the cases")]
fn texts(folder: &Path) -> Vec<(PathBuf, String)> {
    let entries = std::fs::read_dir(folder).expect("a folder of cases").map(|entry| entry.expect("a file").path());
    let mut files: Vec<PathBuf> = entries.filter(|path| path.extension().is_some_and(|it| it == "toml")).collect();
    files.sort();
    files.into_iter().map(|path| (path.clone(), std::fs::read_to_string(path).expect("a text"))).collect()
}

/// The number that the name of a file begins with: three digits, and one more of a further case of that number.
fn numbered(path: &Path) -> Option<u32> {
    let (number, _) = path.file_name()?.to_str()?.split_once('-')?;
    number.get(..3)?.parse().ok()
}

/// Runs the cases of a folder; says their numbers, and what does not hold.
fn run(folder: &str) -> (BTreeSet<u32>, Vec<String>) {
    let files = texts(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/cases").join(folder));
    let (standing, cases): (Vec<_>, Vec<_>) = files.into_iter().partition(|(path, _)| path.ends_with("standing.toml"));
    let standing = standing.first().map(|(_, text)| text.as_str());
    let (mut numbers, mut faults) = (BTreeSet::new(), Vec::new());
    for (path, text) in cases {
        let case = Case::parse(&text, standing);
        let number = case.as_ref().ok().and_then(|case| case.number);
        numbers.extend(number);
        faults.extend((number != numbered(&path)).then(|| format!("{}: its number is {number:?}", path.display())));
        let said = case.and_then(|case| Ok(case.run()?.iter().map(ToString::to_string).collect::<Vec<_>>()));
        let said = said.unwrap_or_else(|fault| vec![fault]);
        faults.extend((!said.is_empty()).then(|| format!("{}\n  {}", path.display(), said.join("\n  "))));
    }
    (numbers, faults)
}

#[test]
fn every_case_holds_and_every_number_has_one() {
    let (calls, mut faults) = run("");
    let (oncall, more) = run("oncall");
    faults.extend(more);
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
    let missing: Vec<u32> =
        (1..=CASES).filter(|n| !calls.contains(n) && !oncall.contains(n) && !LATER.contains(n)).collect();
    assert!(missing.is_empty(), "without a file: {missing:?}");
}

const SHIFTS: &str = r#"
[case]
title = "Anna, not Béla"
[[rotation]]
name = "press"
time_zone = "UTC"
[[rotation.layer]]
shift = "daily"
stretch = [{ from = "2026-01-01 09:00", members = ["anna"] }]
[[expect]]
at = "2026-01-02T00:00Z"
on_call = ["bela"]
[[expect]]
from = "2026-01-01T00:00Z"
to = "2026-01-02T00:00Z"
shifts = ["2026-01-01T08:00Z 2026-01-02T00:00Z anna"]
gaps = ["2026-01-01T00:00Z 2026-01-01T09:00Z"]
"#;

const STANDING: &str = "[config]\nperson = [{ name = \"anna\" }, { name = \"bela\" }]\n";

fn differences(text: &str) -> Result<Vec<String>, String> {
    Ok(Case::parse(text, Some(STANDING))?.run()?.iter().map(ToString::to_string).collect())
}

#[test]
fn who_is_on_call_instead_is_told_with_the_instant_and_the_line() {
    let found = differences(SHIFTS).unwrap();
    let expected = [
        "differs:    press: on call at 2026-01-02T00:00Z is \"anna\", and should be \"bela\" (line 10)",
        "unexpected: press: shift 2026-01-01T09:00Z 2026-01-02T00:00Z anna (line 13)",
        "missing:    press: shift 2026-01-01T08:00Z 2026-01-02T00:00Z anna (line 13)",
    ];
    assert_eq!(found, expected);
    let right = SHIFTS.replace("bela", "anna").replace("08:00", "09:00");
    assert_eq!(differences(&right), Ok(vec![]));
    for (wrong, why) in [
        (SHIFTS.replace("[[expect]]", "[[expects]]"), "unknown field `expects`"),
        (SHIFTS.replace("on_call", "oncall"), "unknown field `oncall`"),
        (SHIFTS.replace("at = ", "# at = "), "line 10: on_call and next_change need at"),
        (SHIFTS.replace("2026-01-02T00:00Z\"\non", "soon\"\non"), "line 10: \"soon\" is no instant"),
        (SHIFTS.replace("[[expect]]\nat", "[[expect]]\nrotation = \"x\"\nat"), "there is no rotation \"x\""),
    ] {
        let fault = differences(&wrong).expect_err("it cannot be run");
        assert!(fault.contains(why), "{why}: {fault}");
    }
}

#[test]
fn a_message_that_is_missing_is_told_with_its_time_and_its_line() {
    let calls = "title = \"a call\"\nuntil = \"1:00\"\nhappens = [\n\"0:00 acme opens\",\n]\n\
        expects = [\n\"0:30 mail call acme\",\n]\n[config]\nreceiver = [{ kind = \"console\", name = \"mail\" }]\n\
        watch = [{ name = \"acme\", terms = [\"acme\"], escalation = \"duty\" }]\n\
        escalation = [{ name = \"duty\", step = [{ receivers = [\"mail\"], acknowledge_within = \"5m\" }] }]\n";
    let expected = ["unexpected: 0:00 mail call acme", "missing:    0:30 mail call acme (line 7)"];
    assert_eq!(differences(calls).unwrap(), expected);
    let fault = differences(&calls.replace("opens", "sings")).expect_err("nobody sings");
    assert!(fault.starts_with("line 4: \"0:00 acme sings\": nobody knows"), "{fault}");
}
