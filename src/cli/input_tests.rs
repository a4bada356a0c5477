//! `orszem input try`, from arguments to output.

use super::*;
use crate::cli::fixture;

const CONFIG: &str = r#"
[[watch]]
name = "w"
terms = ["kellemes"]
[[input]]
topic = "posts"
format = "x-v2"
[[input]]
topic = "forum"
format = "map"
envelope = "cloudevents"
[input.map]
text = "/body"
id = { template = "forum:{/n}" }
published_at = "ce_time"
"#;

fn files(record: &str) -> (tempfile::NamedTempFile, tempfile::NamedTempFile) {
    let [config, records] = [CONFIG, record].map(|text| {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), text).unwrap();
        file
    });
    (config, records)
}

/// Runs the command on a record; returns the status, the output and the error output.
fn run(arguments: &[&str], record: &str) -> anyhow::Result<(u8, String, String)> {
    let (config, records) = files(record);
    let (config, path) = (config.path().display().to_string(), records.path().display().to_string());
    let line = [&["try", "--config", &config, &path], arguments].concat();
    let Command::Try(args) = fixture::args::<Args>(&line)?.command else { panic!("try") };
    let (mut out, mut said) = (Vec::new(), Vec::new());
    let status = args.run(&mut out, &mut said)?;
    Ok((status, String::from_utf8(out).unwrap(), String::from_utf8(said).unwrap()))
}

const POST: &str =
    r#"{"data":{"id":"1","text":"Jam,\nKellemes \u001b[2J","created_at":"2026-11-20T08:15:30.250Z","author_id":"7"}}"#;

#[test]
fn a_mention_is_shown_field_by_field() {
    let (status, out, said) = run(&["--input", "posts"], POST).unwrap();
    assert_eq!((status, said.as_str()), (0, ""));
    assert_eq!(
        out,
        "record 1: a mention\n\
         \x20 id               x:1  (x:{/data/id})\n\
         \x20 published_at     2026-11-20T08:15:30.25Z  (/data/created_at)\n\
         \x20 source           x  (a constant)\n\
         \x20 text             Jam, Kellemes  [2J  (/data/text)\n\
         \x20 author.id        x:7  (x:{/data/author_id})\n\
         \x20 url              https://x.com/i/status/1  (https://x.com/i/status/{/data/id})\n"
    );
    let pretty = serde_json::to_string_pretty(&serde_json::from_str::<serde_json::Value>(POST).unwrap()).unwrap();
    assert_eq!(run(&["--format", "x-v2"], &pretty).unwrap().1, out);
}

#[test]
fn other_records_say_why() {
    let lines = "{\"did\":\"d\",\"kind\":\"account\"}\n{\"kind\":\"commit\",\"commit\":{\"operation\":\"create\",\"collection\":\"app.bsky.feed.post\"}}\nnot json\n";
    let (status, out, _) = run(&["--format", "bluesky-jetstream"], lines).unwrap();
    assert_eq!(status, 1);
    let told: Vec<&str> = out.lines().collect();
    assert_eq!(told[0], "record 1: skipped: a change of an account, not a post");
    assert_eq!(
        told[1],
        "record 2: dead letter (no-text): the record has no text: /commit/record/text is missing; say where it is in [input.map]"
    );
    assert!(told[2].starts_with("record 3: dead letter (not-json): "), "{out}");
    assert_eq!(told[4], "3 records: 0 mentions, 1 skipped, 2 dead letters");
}

#[test]
fn json_is_what_every_other_command_reads() {
    let (status, out, said) = run(&["--input", "posts", "--json"], &format!("{POST}\n{{\"errors\":[]}}\n")).unwrap();
    assert_eq!((status, out.lines().count()), (0, 1));
    assert_eq!(
        said,
        "record 2: skipped: a notice of the stream, not a post\n2 records: 1 mention, 1 skipped, 0 dead letters\n"
    );
    let read = orszem_records::mention::parse(out.trim_end().as_bytes(), 10_000).unwrap();
    let posts = reader_of(&toml::from_str(CONFIG).unwrap(), Some("posts")).unwrap();
    assert_eq!(Ok(read), posts.read(POST.as_bytes(), &input::NoHeaders, 10_000));
}

#[test]
fn headers_make_an_event_in_binary_mode() {
    let headers = ["--header", "ce_specversion=1.0", "--header", "ce_id=7", "--header", "ce_time=2026-11-20T08:15:30Z"];
    let arguments: Vec<&str> = ["--input", "forum"].into_iter().chain(headers).collect();
    let (status, out, _) = run(&arguments, r#"{"n":4,"body":"Jam"}"#).unwrap();
    assert_eq!(status, 0, "{out}");
    assert!(out.contains("published_at     2026-11-20T08:15:30Z  (ce_time)\n"), "{out}");
    let arguments: Vec<&str> = ["--format", "native", "--cloudevents"].into_iter().chain(headers).collect();
    assert_eq!(run(&arguments, r#"{"text":"Jam","id":"1"}"#).unwrap().0, 0);
}

#[test]
fn an_unknown_input_is_reported_with_the_known_ones() {
    let fault = |arguments: &[&str]| run(arguments, POST).unwrap_err().to_string();
    assert_eq!(fault(&["--input", "post"]), "no [[input]] has topic = \"post\"; the topics are: posts, forum");
    assert_eq!(fault(&[]), "there are several inputs; name one with --input: posts, forum");
    assert!(fault(&["--format", "map"]).contains("--input TOPIC"));
    assert!(fault(&["--format", "twitter"]).contains("unknown format; the known ones are native, map, brandwatch"));
}

#[test]
fn the_map_of_a_preset_is_printed_ready_to_use() {
    for format in Format::ALL.into_iter().filter(|format| input::preset_map(*format).is_some()) {
        let mut out = Vec::new();
        Map { format }.run(&mut out).unwrap();
        let text = format!("[[input]]\ntopic = \"t\"\nformat = \"map\"\n{}", String::from_utf8(out).unwrap());
        let faults = orszem_config::check(&text, std::path::Path::new("a.toml"));
        let errors: Vec<_> = faults.iter().filter(|fault| fault.is_error()).collect();
        assert!(errors.is_empty(), "{format:?}: {errors:#?}");
    }
    assert!(Map { format: Format::Native }.run(&mut Vec::new()).is_err());
}

fn detect(file: &str) -> (u8, String) {
    let path = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(path.path(), file).unwrap();
    let line = ["detect", path.path().to_str().unwrap()];
    let Command::Detect(args) = fixture::args::<Args>(&line).unwrap().command else { panic!("detect") };
    let mut out = Vec::new();
    let status = args.run(&mut out).unwrap();
    (status, String::from_utf8(out).unwrap())
}

#[test]
fn a_format_is_found_with_its_configuration() {
    assert_eq!(
        detect(&format!("{POST}\n")),
        (0, "most likely x-v2 (1 of 1 record fit)\n\n[[input]]\ntopic = \"TOPIC\"\nformat = \"x-v2\"\n".into())
    );
    let (status, out) =
        detect("Report:,Mentions\n\nDate,Title,Url,Full Text\n2026-11-20 13:00:00.0,a,https://lap.example/a,b\n");
    assert_eq!(status, 0);
    assert!(
        out.starts_with("it is a table of 4 columns, separated by commas, with its header in line 3; 1 row before"),
        "{out}"
    );
    assert!(out.contains("most likely brandwatch") && out.contains("time_zone = "), "{out}");
    assert_eq!(detect("no record\n").0, 1);
    assert_eq!(detect("").1, "there are no records in it\n");
}

/// A CSV, a page of an API and an edit, as people have them.
#[test]
fn files_that_are_no_json_lines_are_tried_record_by_record() {
    let table = "id;published_at;text\n1;2026-11-20T13:00:00Z;Acme down\n2;2026-11-20T13:00:00Z;Acme up\n";
    let (status, out, said) = run(&["--format", "native", "--json"], table).unwrap();
    assert_eq!((status, out.lines().count()), (0, 2));
    assert!(said.contains("it is a table of 3 columns, separated by semicolons"), "{said}");
    let post = |id: u32, first: u32| {
        format!(
            r#"{{"id":"{id}","text":"t","created_at":"2026-11-20T08:15:30Z","author_id":"7","edit_history_tweet_ids":["{first}"]}}"#
        )
    };
    let page = format!(r#"{{"data":[{},{}],"meta":{{}}}}"#, post(1, 1), post(2, 1));
    let (status, out, said) = run(&["--format", "x-v2", "--json"], &page).unwrap();
    assert_eq!((status, out.matches("\"id\":\"x:1\"").count()), (0, 2), "{out}");
    assert!(said.contains("2 mentions (1 with an id that came before"), "{said}");
}
