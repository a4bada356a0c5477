//! A Git repository, read without Git.

use std::path::{Path, PathBuf};
use std::process::Command;

/// What a repository says.
pub(crate) struct Found {
    /// `a21afe7, 2026-11-29`, `a21afe7` or `unknown commit`.
    pub(crate) commit: String,
    /// The files that change when the commit does.
    pub(crate) seen: Vec<PathBuf>,
}

/// Reads the repository whose top is `folder`. One further up is another project's: a source archive may be unpacked
/// anywhere.
pub(crate) fn read(folder: &Path) -> Found {
    let unknown = || "unknown commit".to_owned();
    let Some(git) = git_folder(folder) else { return Found { commit: unknown(), seen: Vec::new() } };
    // A work tree of its own shares the branches of the repository that it was added to.
    let common = text(&git.join("commondir")).map_or(git.clone(), |common| git.join(common));
    let head = text(&git.join("HEAD")).unwrap_or_default();
    let (hash, branch) = match head.strip_prefix("ref: ") {
        Some(name) => (branch(&common, name), Some(common.join(name))),
        None => (Some(head), None),
    };
    // The log of HEAD grows with every commit, also where the branch has no file of its own yet.
    let seen = [Some(git.join("HEAD")), Some(git.join("logs/HEAD")), branch, Some(common.join("packed-refs"))];
    let seen = seen.into_iter().flatten().filter(|file| file.is_file()).collect();
    let commit = match hash.filter(|hash| hash.len() >= 40 && hash.bytes().all(|byte| byte.is_ascii_hexdigit())) {
        None => unknown(),
        Some(hash) => match date(&git, &hash) {
            Some(date) => format!("{}, {date}", &hash[..7]),
            None => hash[..7].to_owned(),
        },
    };
    Found { commit, seen }
}

/// The folder of the repository: `.git`, or where the file `.git` of a work tree leads.
fn git_folder(folder: &Path) -> Option<PathBuf> {
    let git = folder.join(".git");
    match git.is_dir() {
        true => Some(git),
        false => Some(folder.join(text(&git)?.strip_prefix("gitdir: ")?)),
    }
}

/// The commit of a branch: from its own file, or from the one that holds many.
fn branch(common: &Path, name: &str) -> Option<String> {
    text(&common.join(name)).or_else(|| {
        let packed = text(&common.join("packed-refs"))?;
        let mut lines = packed.lines().filter_map(|line| line.split_once(' '));
        lines.find(|(_, packed)| *packed == name).map(|(hash, _)| hash.to_owned())
    })
}

/// The day of a commit in UTC, where Git is installed and reads this repository.
fn date(git: &Path, hash: &str) -> Option<String> {
    let mut command = Command::new("git");
    command.arg("--git-dir").arg(git).args(["log", "-1", "--date=format-local:%Y-%m-%d", "--format=%cd", hash, "--"]);
    let output = command.env("TZ", "UTC").output().ok().filter(|output| output.status.success())?;
    let date = String::from_utf8(output.stdout).ok()?.trim().to_owned();
    (date.len() == 10).then_some(date)
}

fn text(file: &Path) -> Option<String> {
    Some(std::fs::read_to_string(file).ok()?.trim_end().to_owned())
}
