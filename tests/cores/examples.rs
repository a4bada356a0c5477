//! The configurations in docs/examples, and what their index says of them.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use clap::Parser;
use orszem::cli::Arguments;
use orszem_config::SecretCheck;

use super::command_line::orszem;

const FOLDER: &str = "docs/examples";

fn index() -> String {
    std::fs::read_to_string(Path::new(FOLDER).join("README.md")).unwrap()
}

/// The configurations of the folder, with their text and that of the files that they include. One in several files is
/// in a folder of its own, as `alerts.toml`.
fn examples() -> Vec<(PathBuf, String)> {
    let files = std::fs::read_dir(FOLDER).unwrap().map(|file| file.unwrap().path());
    let files = files.map(|file| if file.is_dir() { file.join("alerts.toml") } else { file });
    let files = files.filter(|file| file.extension().is_some_and(|end| end == "toml"));
    files.map(|file| (file.clone(), orszem_config::read(&file).unwrap())).collect()
}

/// The block of a Markdown text that begins with this line.
fn block<'t>(text: &'t str, fence: &str) -> &'t str {
    let rest = text.split_once(&format!("{fence}\n")).unwrap_or_else(|| panic!("there is no {fence}")).1;
    rest.split_once("```").unwrap().0
}

/// Commands of this program in lines of text, without the sign of a comment.
fn commands(text: &str) -> Vec<&str> {
    let lines = text.lines().map(|line| line.trim_start_matches(['#', ' '])).filter(|line| line.starts_with("orszem "));
    lines.flat_map(|line| line.split(" | ")).collect()
}

#[test]
fn every_example_is_in_order_but_for_the_secrets_that_it_names() {
    let examples = examples();
    assert!(examples.len() >= 7, "{examples:?}");
    for (file, text) in examples {
        let listed = text.lines().filter_map(|line| line.strip_prefix("# Secrets: "));
        let listed: BTreeSet<String> = listed.flat_map(|names| names.split(", ")).map(str::to_owned).collect();
        let (config, faults) = orszem_config::examine(&text, &file, SecretCheck::Optional);
        assert!(config.is_some(), "{faults:#?}");
        let missing = |message: &str| {
            let name = message.strip_prefix("the environment variable ")?.strip_suffix(" is not set")?;
            Some(name.to_owned())
        };
        let warned: BTreeSet<String> =
            faults.iter().map(|fault| missing(&fault.message).unwrap_or_else(|| panic!("{fault}"))).collect();
        assert_eq!(warned, listed, "{}", file.display());
    }
}

#[test]
fn the_index_names_every_file() {
    let index = index();
    for file in std::fs::read_dir(FOLDER).unwrap() {
        let name = file.unwrap().file_name().into_string().unwrap();
        assert!(name == "README.md" || index.contains(&format!("({name})")), "the index lacks {name}");
    }
    let mut links = index.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(link, _)| link);
    assert_eq!(links.find(|link| !Path::new(FOLDER).join(link).exists()), None);
}

#[test]
fn every_command_is_one() {
    let index = index();
    let mut seen = 0;
    for (file, text) in
        examples().iter().map(|(file, text)| (file.as_path(), text)).chain([(Path::new("the index"), &index)])
    {
        for command in commands(text) {
            let parsed = Arguments::try_parse_from(command.split_whitespace());
            assert!(parsed.is_ok(), "{}: {command}: {}", file.display(), parsed.unwrap_err());
            let named = command.split_whitespace().filter(|word| word.starts_with(FOLDER));
            named.for_each(|named| assert!(Path::new(named).exists(), "{}: {command}", file.display()));
            seen += 1;
        }
    }
    assert!(seen >= 12, "{seen} commands");
}

#[test]
fn the_record_of_the_mapped_feed_becomes_the_mention_that_the_index_shows() {
    let index = index();
    let command = commands(block(&index, "```sh")).into_iter().find(|command| command.contains(" input try ")).unwrap();
    let arguments: Vec<&str> = command.split_whitespace().skip(1).collect();
    let output = orszem(Path::new("."), &arguments);
    assert!(output.status.success(), "{output:?}");
    assert_eq!(String::from_utf8(output.stdout).unwrap(), block(&index, "```text"));

    let output = orszem(Path::new("."), &[&arguments[..], &["--json"]].concat());
    let mention = orszem_records::mention::parse(output.stdout.trim_ascii_end(), 10_000).unwrap();
    assert_eq!(mention.text, "Never again\nAurora Air lost my bag & nobody answers.\nThree days now!");
    assert_eq!(mention.published_at.0, 1_795_418_100_000);
}
