//! The commit that the macro in src/commit finds, in different kinds of repositories.

use std::path::Path;
use std::process::Command;

#[path = "../commit/repository.rs"]
mod repository;

const HASH: &str = "a21afe7c0ffee0123456789abcdef0123456789a";

/// A folder with these files, without Git.
fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let file = folder.path().join(name);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, text).unwrap();
    }
    folder
}

fn commit(folder: &Path) -> String {
    repository::read(folder).commit
}

#[test]
fn the_version_names_commit_and_librdkafka() {
    let line = super::line("a21afe7, 2026-11-29");
    let start = format!("{} (a21afe7, 2026-11-29; librdkafka ", env!("CARGO_PKG_VERSION"));
    let number = line.strip_prefix(&start).and_then(|rest| rest.strip_suffix(')')).unwrap_or_else(|| panic!("{line}"));
    assert!(number.split('.').count() >= 3 && number.starts_with(|c: char| c.is_ascii_digit()), "{line}");
}

#[test]
fn a_branch_is_followed_to_its_file_or_among_the_packed_ones() {
    let hash = format!("{HASH}\n");
    let loose = folder(&[(".git/HEAD", "ref: refs/heads/main\n"), (".git/refs/heads/main", &hash)]);
    assert_eq!(commit(loose.path()), "a21afe7");
    let packed = format!("# pack-refs with: peeled fully-peeled sorted \n{}\n", HASH.to_owned() + " refs/heads/main");
    let other = format!("{packed}{} refs/heads/other\n", "b".repeat(40));
    let packed = folder(&[(".git/HEAD", "ref: refs/heads/other\n"), (".git/packed-refs", &other)]);
    assert_eq!(commit(packed.path()), "bbbbbbb");
    let detached = folder(&[(".git/HEAD", &hash)]);
    assert_eq!(commit(detached.path()), "a21afe7");
}

#[test]
fn without_a_repository_the_commit_is_unknown() {
    let archive = folder(&[("Cargo.toml", "")]);
    let found = repository::read(archive.path());
    assert_eq!((found.commit.as_str(), found.seen.len()), ("unknown commit", 0));
    // A repository further up is another project's.
    let inside = folder(&[(".git/HEAD", HASH), ("orszem/Cargo.toml", "")]);
    assert_eq!(commit(&inside.path().join("orszem")), "unknown commit");
    let empty = folder(&[(".git/HEAD", "ref: refs/heads/main\n")]);
    assert_eq!(commit(empty.path()), "unknown commit");
    let broken = folder(&[(".git/HEAD", "őrszem\n")]);
    assert_eq!(commit(broken.path()), "unknown commit");
}

#[test]
fn a_real_repository_has_a_date_and_its_work_trees_a_commit_of_their_own() {
    let place = tempfile::tempdir().unwrap();
    let main = place.path().join("main");
    let git = |arguments: &[&str]| {
        let mut command = Command::new("git");
        command.args(["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"]);
        command.arg("-C").arg(&main).args(arguments);
        command.env("GIT_COMMITTER_DATE", "2026-11-28T23:30:00-05:00").env_remove("GIT_DIR");
        let output = command.output().expect("git is installed");
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    };
    std::fs::create_dir(&main).unwrap();
    git(&["init", "--quiet"]);
    git(&["commit", "--quiet", "--allow-empty", "-m", "one"]);
    git(&["worktree", "add", "--quiet", "-b", "side", "../side"]);
    let dated = |revision: &str| format!("{}, 2026-11-29", &git(&["rev-parse", revision])[..7]);
    let side = place.path().join("side");
    assert_eq!(commit(&main), dated("HEAD"));
    git(&["commit", "--quiet", "--allow-empty", "-m", "two"]);
    assert_ne!(dated("HEAD"), dated("side"));
    assert_eq!((commit(&main), commit(&side)), (dated("HEAD"), dated("side")));
    git(&["pack-refs", "--all"]);
    assert_eq!((commit(&main), commit(&side)), (dated("HEAD"), dated("side")));

    // What is watched changes with a commit, also of a branch that is packed.
    let bytes = |folder: &Path| repository::read(folder).seen.iter().map(|file| std::fs::read(file).unwrap()).collect();
    let before: Vec<Vec<u8>> = bytes(&main);
    git(&["commit", "--quiet", "--allow-empty", "-m", "three"]);
    let after: Vec<Vec<u8>> = bytes(&main);
    assert_ne!(before[..], after[..before.len()]);
}
