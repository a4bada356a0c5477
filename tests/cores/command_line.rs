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
