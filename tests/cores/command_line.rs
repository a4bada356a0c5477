//! The program as it is called, where it needs no server.

use std::path::Path;
use std::process::{Command, Output};

/// Runs the program in a folder to its end.
pub(super) fn orszem(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_orszem"));
    command.current_dir(folder).args(arguments).output().unwrap()
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap()
}

/// The commit that the program must have been built from.
fn commit() -> String {
    if let Some(told) = option_env!("ORSZEM_COMMIT").filter(|told| !told.is_empty()) {
        return told.to_owned();
    }
    if !Path::new(".git").exists() {
        return "unknown commit".to_owned();
    }
    // Also where the repository is somebody else's, so that git would refuse to read it.
    let git =
        Command::new("git").args(["-c", "safe.directory=*", "rev-parse", "HEAD"]).output().expect("git is installed");
    assert!(git.status.success(), "{git:?}");
    text(git.stdout)[..7].to_owned()
}

#[test]
fn the_version_names_the_commit_and_librdkafka() {
    for arguments in [&["--version"][..], &["run", "--version"]] {
        let output = orszem(Path::new("."), arguments);
        let said = text(output.stdout);
        let name = if arguments.len() == 1 { "orszem" } else { "orszem-run" };
        let start = format!("{name} {} ({}", env!("CARGO_PKG_VERSION"), commit());
        assert!(output.status.success() && said.starts_with(&start), "{said} is not {start} …");
        let library = said.trim_end().strip_suffix(')').and_then(|said| said.split_once("; librdkafka ")).unwrap().1;
        assert!(library.starts_with(|c: char| c.is_ascii_digit()) && library.contains('.'), "{said}");
    }
}

#[test]
fn a_first_configuration_is_written_once_and_is_in_order() {
    let folder = tempfile::tempdir().unwrap();
    let init = ["init", "--name", "Árvíztűrő \"Kft.\"\n", "--terms", "árvíztűrő,@arvizturo"];
    let output = orszem(folder.path(), &init);
    let said = text(output.stdout);
    assert_eq!(output.status.code(), Some(0), "{}", text(output.stderr));
    assert_eq!(
        said,
        "wrote alerts.toml: watch \"arvizturo-kft\" with 2 terms, paging to the terminal\n\
         next: orszem check (finds faults), orszem doctor (tests the connections), orszem run (starts)\n"
    );
    let check = orszem(folder.path(), &["check"]);
    assert_eq!(text(check.stdout), "alerts.toml is valid: 1 watch, 1 receiver\n", "{}", text(check.stderr));

    let file = folder.path().join("alerts.toml");
    let before = std::fs::read(&file).unwrap();
    let again = orszem(folder.path(), &["init", "--name", "Other", "--terms", "other"]);
    assert_eq!(again.status.code(), Some(2));
    assert!(text(again.stderr).starts_with("orszem: alerts.toml already exists and was not changed: "));
    assert_eq!(std::fs::read(&file).unwrap(), before);
}

#[test]
fn completions_and_manual_pages_are_printed() {
    let folder = tempfile::tempdir().unwrap();
    let script = text(orszem(folder.path(), &["completions", "bash"]).stdout);
    assert!(script.contains("complete -F _orszem"), "{script}");
    let page = text(orszem(folder.path(), &["man"]).stdout);
    assert!(page.contains("\n.TH orszem 1 "), "{page}");
    assert!(orszem(folder.path(), &["man", "--output-dir", "pages"]).status.success());
    assert!(folder.path().join("pages/orszem-run.1").exists());
}

/// Every command that reads a configuration, as it asks for one that is not there.
const CONFIGURED: [&[&str]; 10] = [
    &["check"],
    &["oncall"],
    &["run"],
    &["doctor"],
    &["replay"],
    &["warm", "mentions.jsonl"],
    &["backtest", "mentions.jsonl"],
    &["tune", "acme", "mentions.jsonl"],
    &["input", "try"],
    &["watch", "try", "acme", "--topic", "mentions"],
];

#[test]
fn a_configuration_that_is_not_there_is_said_alike_and_is_wrong_use() {
    let folder = tempfile::tempdir().expect("a folder");
    for words in CONFIGURED {
        for file in [None, Some("other.toml")] {
            let arguments: Vec<&str> =
                words.iter().copied().chain(file.into_iter().flat_map(|it| ["--config", it])).collect();
            let output = orszem(folder.path(), &arguments);
            let said = text(output.stdout) + &text(output.stderr);
            let name = file.unwrap_or("alerts.toml");
            assert_eq!(output.status.code(), Some(2), "{arguments:?}: {said}");
            // The doctor reports it as one of its checks.
            let is_explained = said.contains(&format!("there is no {name} here: `orszem init "))
                || words[0] == "doctor" && said.contains(name) && said.contains("`orszem init` writes one");
            assert!(is_explained, "{arguments:?}: {said}");
            assert!(said.contains("names another"), "{arguments:?}: {said}");
        }
    }
    let help = text(orszem(folder.path(), &["--help"]).stdout);
    assert!(help.contains("Exit status:\n  0  it worked") && help.contains("\n  2  wrong use"), "{help}");
    assert_eq!(orszem(folder.path(), &["run", "--nonsense"]).status.code(), Some(2));
}

#[test]
fn a_kafka_that_is_away_is_said_once_with_its_address() {
    let folder = tempfile::tempdir().expect("a folder");
    // Nothing listens there.
    let init = ["init", "--name", "Acme", "--terms", "acme", "--brokers", "127.0.0.1:9"];
    assert!(orszem(folder.path(), &init).status.success());
    let mention = r#"{"id":"1","published_at":"2026-11-23T08:00:00Z","text":"acme"}"#;
    std::fs::write(folder.path().join("mentions.jsonl"), mention).expect("written");
    let runs = [
        &["replay", "mentions.jsonl"][..],
        &["warm", "mentions.jsonl"],
        &["backtest", "--topic", "mentions"],
        &["watch", "try", "acme", "--topic", "mentions"],
    ];
    let said = std::thread::scope(|scope| {
        runs.map(|words| (words, scope.spawn(|| orszem(folder.path(), words))))
            .map(|(words, run)| (words, run.join().expect("it ran")))
    });
    for (words, output) in said {
        let said = text(output.stderr);
        assert_eq!(output.status.code(), Some(1), "{words:?}: {said}");
        let told = "orszem: Kafka at 127.0.0.1:9 did not answer (Connection refused): is it running? `[kafka] brokers` in \
                    alerts.toml says where it is\n";
        assert_eq!(said, told, "{words:?}");
    }
}

/// What `words` write to a terminal, with these variables.
fn on_a_terminal(folder: &Path, words: &str, variables: &[(&str, &str)]) -> String {
    let line = format!("{} {words}", env!("CARGO_BIN_EXE_orszem"));
    let mut script = Command::new("script");
    script.current_dir(folder).env("TERM", "xterm").env_remove("NO_COLOR").env_remove("CI");
    let output = script.args(["-qec", &line, "/dev/null"]).envs(variables.iter().copied()).output();
    let output = output.expect("script, of util-linux");
    assert!(output.status.success(), "{output:?}");
    text(output.stdout)
}

#[test]
fn color_is_for_terminals_and_no_color_is_heard() {
    let folder = tempfile::tempdir().expect("a folder");
    let mention = r#"{"id":"1","published_at":"2026-11-23T08:00:00Z","text":"the acme story"}"#;
    std::fs::write(folder.path().join("mentions.jsonl"), mention).expect("written");
    let words = ["watch", "try", "acme", "mentions.jsonl"];
    let (colored, plain) = ("the \u{1b}[1;33macme\u{1b}[0m story", "the [acme] story");
    let piped = |more: &[&str]| text(orszem(folder.path(), &[&words, more].concat()).stdout);
    assert!(piped(&[]).contains(plain) && piped(&["--color", "always"]).contains(colored));
    let line = words.join(" ");
    let shown = |words: &str, variables: &[(&str, &str)]| on_a_terminal(folder.path(), words, variables);
    assert!(shown(&line, &[]).contains(colored));
    assert!(shown(&line, &[("NO_COLOR", "1")]).contains(plain));
    assert!(shown(&format!("{line} --color never"), &[]).contains(plain));
    assert!(shown(&format!("--color always {line}"), &[("NO_COLOR", "1")]).contains(colored));
    assert!(shown("run --help", &[]).contains("\u{1b}["));
    for plain in [shown("run --help", &[("NO_COLOR", "1")]), shown("--color never run --help", &[])] {
        assert!(!plain.contains('\u{1b}'), "{plain}");
    }
}
