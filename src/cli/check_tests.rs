//! What `orszem check` says, and how it ends.

use super::*;

fn run(file: &Path, excerpts: bool) -> (u8, String, String) {
    let config = ConfigFile { path: file.to_owned() };
    let args = Args { config, ..asked() };
    let (mut out, mut faults) = (Vec::new(), Vec::new());
    let status = args.report(excerpts, &mut out, &mut faults).unwrap();
    (status, String::from_utf8(out).unwrap(), String::from_utf8(faults).unwrap())
}

/// With nothing asked for.
fn asked() -> Args {
    let config = ConfigFile { path: "nothing".into() };
    let (file, against) = (None, None);
    Args { config, file, print_schema: false, print_mention_schema: false, secrets: false, against, offline: true }
}

fn file(text: impl AsRef<[u8]>) -> tempfile::NamedTempFile {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), text).unwrap();
    file
}

#[test]
fn a_valid_file_is_reported_as_valid() {
    let (status, out, faults) = run(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/alerts.toml")), false);
    assert_eq!((status, faults.as_str()), (0, ""));
    assert!(out.ends_with("alerts.toml is valid: 2 watches, 1 receiver\n"), "{out}");
}

#[test]
fn secrets_are_listed_by_what_it_takes_to_rotate_them() {
    let file = file("[web]\nlink_secret = \"file:/nowhere/link\"\napi_token = \"env:TOKEN\"\n");
    let (status, out, _) = run(file.path(), false);
    assert_eq!(status, 0);
    let expected = "secrets: a reload reads again [web] link_secret (file:/nowhere/link)\n\
                    secrets: only a restart reads again [web] api_token (env:TOKEN)\n";
    assert!(out.starts_with(expected), "{out}");
}

/// Case 39: a clock that is not named is that of the configuration, and is told.
#[test]
fn the_clock_of_hours_is_told() {
    let text = "[detect]\ntime_zone = \"Europe/Budapest\"\n[[hours]]\nname = \"night\"\nto = \"06:00\"\n[[hours]]\nname = \
                \"tokyo\"\ntime_zone = \"Asia/Tokyo\"\n[route]\nmute = [\"night\", \"tokyo\"]\n";
    let (status, out, faults) = run(file(text).path(), false);
    assert_eq!(status, 0, "{faults}");
    let expected = "hours: \"night\" go by Europe/Budapest, the time_zone of [detect]\n\
                    hours: \"tokyo\" go by Asia/Tokyo\n";
    assert!(out.starts_with(expected), "{out}");
}

#[test]
fn faults_go_to_stderr_and_make_status_1() {
    let file = file("[kafka]\nbrokrs = \"localhost:9092\"\n");
    let path = file.path().display();
    let (status, out, faults) = run(file.path(), false);
    assert_eq!((status, out.as_str()), (1, ""));
    let expected = format!(
        "{path}:1:1: warning: nothing is watched; add a [[watch]]\n\
         {path}:2:1: unknown key \"brokrs\" in [kafka]; did you mean \"brokers\"?\n\
         {path}: 1 fault, 1 warning\n"
    );
    assert_eq!(faults, expected);
}

#[test]
fn on_a_terminal_the_line_is_shown_and_the_place_marked() {
    let file =
        file("[kafka]\n  partitions = 0 # none\n[[watch]]\nname = \"a\"\nterms = [\"aa\"]\nescalation = \"x\"\n");
    let (_, _, faults) = run(file.path(), true);
    let shown = "\n  2 |   partitions = 0 # …\n    |                ^\n";
    assert!(faults.contains(shown), "{faults}");
}

#[test]
fn a_missing_file_is_status_2() {
    let (status, _, faults) = run(Path::new("/nowhere/alerts.toml"), false);
    assert_eq!(status, 2);
    assert!(faults.starts_with("orszem: there is no /nowhere/alerts.toml: `orszem init "), "{faults}");
}

#[test]
fn invalid_utf8_is_a_fault_with_its_place() {
    let file = file(b"[kafka]\nbrokers = \"\xff\"\n");
    let (status, _, faults) = run(file.path(), false);
    assert_eq!(status, 1);
    assert!(faults.contains(":2:12: this is not UTF-8"), "{faults}");
}

#[test]
fn the_schema_is_printed_as_json() {
    let args = Args { print_schema: true, ..asked() };
    let mut out = Vec::new();
    assert_eq!(args.report(false, &mut out, &mut Vec::new()).unwrap(), 0);
    let schema: serde_json::Value = serde_json::from_slice(&out).unwrap();
    assert_eq!(schema["properties"]["watch"]["type"], "array");
}

#[test]
fn the_schema_of_a_mention_requires_what_the_parser_requires() {
    let args = Args { print_mention_schema: true, ..asked() };
    let mut out = Vec::new();
    assert_eq!(args.report(false, &mut out, &mut Vec::new()).unwrap(), 0);
    let schema: serde_json::Value = serde_json::from_slice(&out).unwrap();
    assert_eq!(schema["required"], serde_json::json!(["id", "published_at", "text"]));
}

#[test]
fn a_rotation_that_has_nobody_for_a_while_is_warned_of_and_one_with_a_calendar_is_not() {
    let rotation = |hours: &str, calendar: &str| {
        format!(
            "[[person]]\nname = \"anna\"\n[[rotation]]\nname = \"press\"\ntime_zone = \"UTC\"\n{calendar}\
             [[rotation.layer]]\nshift = \"daily\"\n{hours}stretch = [{{ from = \"2026-01-01 00:00\", members = [\"anna\"] }}]\n"
        )
    };
    let hours = "active = [{ from = \"08:00\", to = \"20:00\" }]\n";
    let told = |text: String| run(file(text).path(), false).2;
    let warned = told(rotation(hours, ""));
    assert!(warned.contains("warning: rotation \"press\": nobody is on call 20"), "{warned}");
    assert!(!told(rotation("", "")).contains("nobody is on call"));
    let calendar = "calendar = { url = \"https://calendar.example.com/press.ics\" }\n";
    assert!(!told(rotation(hours, calendar)).contains("nobody is on call"));
}

#[test]
fn by_which_ways_people_answered_is_asked_of_kafka_unless_it_is_not_to_be() {
    let text = "[kafka]\nbrokers = \"127.0.0.1:1\"\n[[receiver]]\nkind = \"console\"\nname = \"push\"\n\
                [[person]]\nname = \"anna\"\nway = [{ receiver = \"push\" }]\n";
    let file = file(text);
    let (status, _, faults) = run(file.path(), false);
    assert_eq!((status, faults.contains("answered")), (0, false), "{faults}");
    let args = Args { config: ConfigFile { path: file.path().to_owned() }, offline: false, ..asked() };
    let mut faults = Vec::new();
    assert_eq!(args.report(false, &mut Vec::new(), &mut faults).unwrap(), 0);
    let faults = String::from_utf8(faults).unwrap();
    assert!(
        faults.contains("warning: by which ways people have answered, and their overrides and swaps, are not known: "),
        "{faults}"
    );
}
