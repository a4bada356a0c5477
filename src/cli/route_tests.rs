//! What `orszem route test` prints, word for word.

use clap::Parser;
use unicode_width::UnicodeWidthStr;

use super::*;

const CONFIG: &str = r#"
[web]
time_zone = "Europe/Budapest"

[route]
group_by = ["story"]
group_wait = "30s"

[[route.route]]
name = "worst"
match = { severity = "<= 2" }
escalation = "duty"

[[route.route]]
name = "care"
match = { desk = "care" }
mute = ["night"]

[[route.route.route]]
match = { kind = "volume" }
digest = { at = "08:00", receivers = ["mail"] }

[[route.route]]
match = { desk = "crisis", labels = { story = "a story with a long name that nobody wants to read twice" } }
escalation = "duty"

[[hours]]
name = "night"
from = "22:00"
to = "06:00"

[[hours]]
name = "working"
weekdays = ["monday", "tuesday", "wednesday", "thursday", "friday"]
from = "08:00"
to = "18:00"

[[watch]]
name = "veltaro"
desk = "care"
escalation = "duty"
labels = { story = "merger" }

[[person]]
name = "anna"
way = [{ receiver = "push" }, { receiver = "sms" }]

[[escalation]]
name = "duty"
repeat = 1
fallback = ["mail"]
step = [
    { receivers = ["mail"], people = ["anna"], acknowledge_within = "5m" },
    { people = ["anna"], rotations = ["press"], acknowledge_within = "10m", hours = "working" },
]
"#;

#[derive(Debug, Parser)]
struct Whole {
    #[command(flatten)]
    test: Test,
}

fn shown(arguments: &str) -> anyhow::Result<String> {
    let config: Config = toml::from_str(CONFIG).unwrap();
    let whole = Whole::try_parse_from(["test"].into_iter().chain(arguments.split_whitespace()))?;
    let at = whole.test.at.unwrap();
    let shown = whole.test.shown(&config, at)?;
    assert!(shown.lines().all(|line| line.width() <= 80), "{shown}");
    Ok(shown)
}

#[test]
fn a_muted_route_says_until_when_and_who_is_called_then() {
    assert_eq!(
        shown("--watch veltaro --severity 3 --at 2026-06-10T00:00:00Z").unwrap(),
        r#"An incident of veltaro: desk care, kind negativity, severity 3, story =
  "merger"; opened 2026-06-10 02:00:00 (Europe/Budapest)

Taken by route care.
  One page with others of story = "merger".
  The first page of a group waits 30s for others.
  Nobody is called, for it is "night", until 2026-06-10 06:00:00; then, if it
    still goes on:
  Escalation duty, until somebody acknowledges:
    2026-06-10 06:00:00  step 1: mail
                                 anna by push, sms after 2m
    2026-06-10 08:00:00  step 2: anna by push, sms after 2m
                                 nobody is on call in press
                                 waits for the hours "working"
    1 more round of the same; then, at 2026-06-10 06:30:00, mail are told that
      nobody came: it is exhausted.

The other routes:
  route worst
    severity is 3, and "<= 2" is asked for
  route care / kind = "volume"
    kind is negativity, and "volume" is asked for
  route desk = "crisis", labels = { story = "a story with a long name that
    nobody wants to read twice" }
    not asked, for route care takes the incident and does not continue
  [route] itself
    it matches, and a route within it takes the incident
"#
    );
}

#[test]
fn the_worst_does_not_wait_and_a_digest_wakes_nobody() {
    let worst = shown("--watch veltaro --severity 1 --at 2026-06-10T00:00:00Z").unwrap();
    assert!(worst.contains("Taken by route worst.\n") && !worst.contains("waits 30s"), "{worst}");
    assert!(worst.contains("    2026-06-10 02:00:00  step 1: mail\n"), "{worst}");
    let digest = shown("--watch veltaro --severity 4 --kind volume --at 2026-06-10T00:00:00Z").unwrap();
    assert!(digest.contains("  Told once a day to mail, next at 2026-06-10 08:00:00. Nobody is woken.\n"), "{digest}");
    let praise = shown("--watch veltaro --severity 4 --kind praise --at 2026-06-10T00:00:00Z").unwrap();
    assert!(praise.contains("  Nobody is told: the kind praise pages nobody.\n"), "{praise}");
    let feed = shown("--watch feed --severity 3 --source bluesky --at 2026-06-10T00:00:00Z").unwrap();
    assert!(
        feed.contains("Taken by [route] itself.\n") && feed.contains("source = \"bluesky\", watch = \"feed\""),
        "{feed}"
    );
    assert!(feed.contains("  Nobody is told: it is on the pages and in the ledger.\n"), "{feed}");
}

#[test]
fn labels_of_the_command_line_come_before_those_of_the_watch() {
    let shown =
        shown("--watch veltaro --severity 2 --label story=recall --label cég=x --at 2026-06-10T00:00:00Z").unwrap();
    assert!(shown.contains("One page with others of story = \"recall\".\n"), "{shown}");
}

#[test]
fn what_cannot_be_is_refused_with_what_can() {
    let fault = |arguments: &str| shown(&format!("{arguments} --at 2026-06-10T00:00:00Z")).unwrap_err().to_string();
    assert_eq!(fault("--watch w --severity 3"), "there is no watch \"w\"; there are feed, veltaro");
    assert_eq!(
        fault("--watch veltaro --severity 3 --kind no-data"),
        "incidents of the kind no-data are those of the watch \"feed\", and it has no others"
    );
    assert!(fault("--watch veltaro --severity 5").contains("5 is not in 1..=4"));
    assert!(fault("--watch veltaro --severity 3 --kind noise").contains("expected one of negativity, volume"));
    assert!(fault("--watch veltaro --severity 3 --label story").contains("like story=merger"));
}
