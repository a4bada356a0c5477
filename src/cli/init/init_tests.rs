use super::*;
use crate::cli::{Arguments, fixture};
use clap::Parser;
use orszem_config::SecretCheck;
use orszem_core::settings::Config;
use proptest::prelude::*;

/// Runs the command; returns the status, its output and its error output.
fn run(arguments: &[&str]) -> (u8, String, String) {
    let args: Args = fixture::args(arguments).unwrap();
    let (mut out, mut faults) = (Vec::new(), Vec::new());
    let status = args.write(&mut out, &mut faults).unwrap();
    (status, String::from_utf8(out).unwrap(), String::from_utf8(faults).unwrap())
}

/// The configuration that a draft becomes.
#[track_caller]
fn config(draft: &Draft) -> Config {
    let text = draft.text();
    let (config, faults) = orszem_config::examine(&text, Path::new("a.toml"), SecretCheck::Required);
    let errors: Vec<_> = faults.iter().filter(|fault| fault.is_error()).collect();
    config.unwrap_or_else(|| panic!("{errors:#?}\n{text}"))
}

fn draft(title: &str, terms: &[&str]) -> Draft {
    Draft::new(title, &terms.iter().map(|term| (*term).to_owned()).collect::<Vec<_>>(), "kafka-1:9092,kafka-2:9092")
}

#[test]
fn the_file_is_in_order_and_says_what_was_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("acme.toml");
    let file = path.to_str().unwrap();
    let (status, out, faults) =
        run(&["--name", "Acme Kft.", "--terms", "acme, @acme,,ACME", "--terms", "acme kft", "--output", file]);
    assert_eq!((status, faults.as_str()), (0, ""));
    assert_eq!(
        out,
        format!(
            "wrote {file}: watch \"acme-kft\" with 3 terms, paging to the terminal\n\
             next: orszem check {file} (finds faults), orszem doctor --config {file} (tests the connections), \
             orszem run --config {file} (starts)\n"
        )
    );
    let (config, faults) =
        orszem_config::examine(&std::fs::read_to_string(&path).unwrap(), &path, SecretCheck::Required);
    assert_eq!(faults, []);
    let config = config.unwrap();
    assert_eq!((config.watches.len(), config.kafka.brokers.as_str()), (1, "localhost:9092"));
    let watch = &config.watches[0];
    assert_eq!((watch.name.as_str(), watch.title.as_deref()), ("acme-kft", Some("Acme Kft.")));
    assert_eq!(watch.terms, ["acme", "@acme", "acme kft"]);
    let step = &config.escalation(watch.escalation.as_deref().unwrap()).unwrap().steps[0];
    assert!(matches!(
        config.receiver(&step.receivers[0]).as_deref(),
        Some(orszem_core::settings::Receiver::Console(_))
    ));
}

#[test]
fn a_file_that_exists_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let there = folder.path().join("alerts.toml");
    std::fs::write(&there, "mine").unwrap();
    let link = folder.path().join("link.toml");
    std::os::unix::fs::symlink(folder.path().join("nowhere"), &link).unwrap();
    for path in [&there, &link] {
        let (status, out, faults) = run(&["--name", "A", "--terms", "acme", "-o", path.to_str().unwrap()]);
        assert_eq!((status, out.as_str()), (2, ""));
        let expected = "already exists and was not changed: move it away, or choose another file with --output FILE\n";
        assert_eq!(faults, format!("orszem: {} {expected}", path.display()));
    }
    assert_eq!(std::fs::read_to_string(&there).unwrap(), "mine");
    assert!(!folder.path().join("nowhere").exists(), "it was written through a link");
    let missing = folder.path().join("no/alerts.toml");
    let (status, _, faults) = run(&["--name", "A", "--terms", "acme", "-o", missing.to_str().unwrap()]);
    assert_eq!(status, 2);
    assert!(
        faults.starts_with("orszem: cannot write ")
            && faults.ends_with("no/alerts.toml: its folder does not exist; create it first\n"),
        "{faults}"
    );
}

#[test]
fn invalid_arguments_are_reported_before_anything_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("alerts.toml");
    let long = "a".repeat(201);
    for (name, terms, brokers, expected) in [
        ("Acme", ",", "k:1", "--terms is empty; give the words"),
        ("Acme", "acme,@", "k:1", "--terms: nothing is left of the term \"@\" without case and accents"),
        ("Acme", &*long, "k:1", "--terms: this term has more than 200 characters"),
        (" ", "acme", "k:1", "--name is empty; give the name"),
        (&*long, "acme", "k:1", "--name: \"title\""),
        (
            "Acme",
            "acme",
            "kafka",
            "--brokers: \"brokers\" in [kafka]: \"kafka\" is not a broker address; write host:port",
        ),
    ] {
        let arguments = ["--name", name, "--terms", terms, "--brokers", brokers, "-o", path.to_str().unwrap()];
        let (status, out, faults) = run(&arguments);
        assert_eq!((status, out.as_str()), (1, ""), "{faults}");
        assert!(faults.starts_with(&format!("orszem: {expected}")), "{faults}");
        assert!(faults.ends_with("orszem: nothing was written\n"), "{faults}");
        assert!(!path.exists());
    }
    let (status, _, faults) = run(&["--name", "X", "--terms", "x", "-o", path.to_str().unwrap()]);
    let warning = "orszem: warning: --terms: the term \"x\" is a single character and will match far too much";
    assert!(status == 0 && faults.starts_with(warning) && path.exists(), "{faults}");
}

#[test]
fn json_says_what_was_written() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("it's mine.toml");
    let file = path.to_str().unwrap();
    let (status, out, _) = run(&["--name", "Győri \"Keksz\"", "--terms", "keksz", "--json", "-o", file]);
    let quoted = format!("'{}'", file.replace('\'', r"'\''"));
    let expected = serde_json::json!({
        "file": file,
        "watch": "gyori-keksz",
        "terms": ["keksz"],
        "next": [
            format!("orszem check {quoted}"),
            format!("orszem doctor --config {quoted}"),
            format!("orszem run --config {quoted}"),
        ],
    });
    assert_eq!((status, serde_json::from_str::<serde_json::Value>(&out).unwrap()), (0, expected));
    assert_eq!(out.lines().count(), 1);
}

#[test]
fn the_next_commands_can_be_run() {
    // The file may be called what it likes: no part of its name is read as an option.
    for path in ["alerts.toml", "x/y.toml", "-o.toml"] {
        for line in next(Path::new(path)) {
            let words = line.split(' ').map(|word| word.trim_matches('\''));
            Arguments::try_parse_from(words).unwrap_or_else(|fault| panic!("{line}: {fault}"));
        }
    }
}

#[test]
fn a_watch_has_a_name_whatever_its_title() {
    assert_eq!(draft("Газпром", &["@Gazprom"]).watch(), "gazprom");
    assert_eq!(draft("北京", &["🚀", "京"]).watch(), "watch-1");
    assert_eq!(draft("Feed", &["feed"]).watch(), "feed-watch");
    for draft in [draft("Газпром", &["@Gazprom"]), draft("北京", &["京都"]), draft("Feed", &["feed"])] {
        assert_eq!(config(&draft).watches[0].name, draft.watch());
    }
}

#[test]
fn the_blocks_behind_number_signs_are_complete() {
    let draft = draft("Acme", &["acme"]);
    let key = |line: &str| {
        line.split_once(" = ").is_some_and(|(key, _)| key.chars().all(|c| c.is_ascii_lowercase() || c == '_'))
    };
    let mut opened = 0;
    let text: Vec<String> = draft
        .text()
        .lines()
        .map(|line| match line.strip_prefix("# ") {
            Some(block) if block.starts_with('[') || key(block) => {
                opened += 1;
                block.to_owned()
            }
            _ => line.to_owned(),
        })
        .collect();
    assert!(opened > 20, "{opened} lines");
    let (config, faults) = orszem_config::examine(&text.join("\n"), Path::new("a.toml"), SecretCheck::Optional);
    // The secrets are on another machine; nothing else is wrong.
    let wrong: Vec<_> = faults.iter().filter(|fault| !fault.message.contains("environment variable")).collect();
    assert!(wrong.is_empty() && faults.len() == 3, "{faults:#?}");
    let config = config.unwrap();
    assert_eq!((config.receivers.len(), config.escalations[0].steps.len()), (4, 2));
    assert!(config.watches[0].crisis.is_some() && config.watches[0].advice.is_some());
}

proptest! {
    /// Whatever is not refused is a configuration in order that says the same, and what the matcher takes.
    #[test]
    fn any_text_becomes_a_configuration_in_order(
        title in "(.|[\"'\\\\\n\r\t{}\\[\\]=#\u{7f}\u{85}\u{202e}őŰ🚀]){1,60}",
        terms in prop::collection::vec("(.|[\"'\\\\\n\t#@$\u{0}\u{7f}őŰ🚀]){0,40}", 1..8),
    ) {
        let draft = Draft::new(&title, &terms, "kafka:9092");
        if draft.examine().iter().any(|problem| problem.is_error) {
            return Ok(());
        }
        let config = config(&draft);
        let watch = &config.watches[0];
        prop_assert_eq!(watch.title.as_deref(), Some(title.trim()));
        prop_assert_eq!(&watch.terms, draft.terms());
        prop_assert_eq!(&watch.name, &draft.watch());
        for term in draft.terms() {
            prop_assert!(orszem_text::query::terms_query([term.as_str()]).is_some(), "{:?} finds nothing", term);
        }
        prop_assert_eq!((config.watches.len(), config.receivers.len(), config.escalations.len()), (1, 1, 1));
    }
}
