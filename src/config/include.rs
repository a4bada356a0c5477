//! A configuration in several files: the main one, and those that its `include` names, as one text.

use std::collections::BTreeSet;
use std::ops::Range;
use std::path::{Path, PathBuf};

use toml::de::{DeTable, DeValue};

use super::diagnostics::{Report, quoted};
use super::fault::Fault;
use super::parts::mark;

/// The most files of one configuration.
const MOST: usize = 1_000;

/// The main text with all that it includes, and the names of the files that were read. Patterns start from the folder
/// of the main file.
///
/// # Errors
/// All faults: of patterns, of files that cannot be read, and of those that do not stand on their own.
pub(super) fn whole(
    main: String,
    path: &Path,
    mut read: impl FnMut(&Path) -> Result<String, Box<Fault>>,
) -> Result<String, Vec<Fault>> {
    let mut report = Report::new(&path.display().to_string(), &main);
    let folder = path.parent().unwrap_or(Path::new(""));
    let files = files(&main, folder, &mut report);
    let mut faults = report.finish();
    let mut whole = main;
    for file in files {
        match read(&file) {
            Ok(text) => {
                faults.extend(stands_alone(&file, &text));
                if !whole.ends_with('\n') {
                    whole.push('\n');
                }
                whole.push_str(&mark(&file.display().to_string()));
                whole.push_str(&text);
            }
            Err(fault) => faults.push(*fault),
        }
    }
    if faults.is_empty() { Ok(whole) } else { Err(faults) }
}

/// The files that the main text includes, each once, in order of the patterns and then of their names.
fn files(main: &str, folder: &Path, report: &mut Report<'_>) -> Vec<PathBuf> {
    let (document, _) = DeTable::parse_recoverable(main);
    let mut files = Vec::new();
    let mut known = BTreeSet::new();
    for (pattern, at) in patterns(document.get_ref()) {
        let found = match glob::glob(&folder.join(pattern).to_string_lossy()) {
            Ok(paths) => paths.filter_map(Result::ok).collect::<Vec<_>>(),
            Err(fault) => {
                report.show(at.clone());
                report.error(at, format!("{} is no pattern of files: {fault}", quoted(pattern)), None);
                continue;
            }
        };
        if found.is_empty() {
            let help = format!("it starts from the folder of this file, {}", shown(folder));
            report.show(at.clone());
            report.error(at.clone(), format!("no file is like {}", quoted(pattern)), help);
        }
        files.extend(found.into_iter().filter(|file| known.insert(file.clone())));
        if files.len() > MOST {
            report.error(at, format!("more than {MOST} files are included"), "put several into one".to_owned());
            files.truncate(MOST);
        }
    }
    files
}

fn shown(folder: &Path) -> String {
    match folder.to_string_lossy().as_ref() {
        "" => "the working directory".to_owned(),
        folder => folder.to_owned(),
    }
}

/// The patterns of `include`, and where they are. The schema refuses what is not a list of texts.
fn patterns<'d>(document: &'d DeTable<'_>) -> Vec<(&'d str, Range<usize>)> {
    let include = document.iter().find(|(key, _)| key.get_ref() == "include").map(|(_, value)| value.get_ref());
    let Some(DeValue::Array(patterns)) = include else { return Vec::new() };
    let text = |value: &'d toml::Spanned<DeValue<'_>>| match value.get_ref() {
        DeValue::String(text) => Some((text.as_ref(), value.span())),
        _ => None,
    };
    patterns.iter().filter_map(text).collect()
}

/// An included file begins with a table: a key before that would belong to a table of the file before it.
fn stands_alone(file: &Path, text: &str) -> Vec<Fault> {
    let mut report = Report::new(&file.display().to_string(), text);
    let (document, _) = DeTable::parse_recoverable(text);
    let first_table = text
        .match_indices('[')
        .map(|(at, _)| at)
        .find(|at| text[..*at].rfind('\n').map_or(text[..*at].trim(), |newline| text[newline..*at].trim()).is_empty());
    for (key, _) in document.get_ref().iter() {
        let at = key.span();
        if first_table.is_none_or(|table| at.start < table) {
            let help = format!("write it under a header: [{0}], or [[{0}]] for one of several", key.get_ref());
            report.error(at, "an included file begins with the header of a table", help);
        }
    }
    report.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{SecretCheck, examine, load};

    const MAIN: &str = "include = [\"team/*.toml\"]\n[[watch]]\nname = \"w\"\nterms = [\"kellemes\"]\nescalation = \"e\"\n\
        [[escalation]]\nname = \"e\"\nstep = [{ receivers = [\"pager\"], acknowledge_within = \"5m\" }]";

    fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("team")).unwrap();
        for (name, text) in files {
            std::fs::write(folder.path().join(name), text).unwrap();
        }
        folder
    }

    fn faults(files: &[(&str, &str)]) -> Vec<String> {
        let folder = folder(files);
        let told = match load(&folder.path().join("a.toml")) {
            Ok(loaded) => loaded.warnings,
            Err(faults) => faults.0,
        };
        let prefix = format!("{}/", folder.path().display());
        told.iter().map(|fault| fault.to_string().replace(&prefix, "")).collect()
    }

    #[test]
    fn files_are_one_configuration_and_faults_are_told_where_they_are() {
        let pager = "[[receiver]]\nkind = \"console\"\nname = \"pager\"\n";
        assert_eq!(faults(&[("a.toml", MAIN), ("team/1.toml", pager)]), [""; 0]);
        let wrong = "[[receiver]]\nkind = \"console\"\nname = \"pager\"\nspeed = 1\n";
        let told = faults(&[("a.toml", MAIN), ("team/1.toml", "[web]\n"), ("team/2.toml", wrong)]);
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(told[0].starts_with("team/2.toml:4:1: unknown key \"speed\""), "{told:?}");
        let twice = faults(&[("a.toml", MAIN), ("team/1.toml", pager), ("team/2.toml", pager)]);
        assert!(
            twice[0]
                .starts_with("team/2.toml:3:8: the name \"pager\" is taken by the receiver in line 3 of team/1.toml"),
            "{twice:?}"
        );
    }

    #[test]
    fn what_cannot_be_included_is_told() {
        let told = faults(&[("a.toml", MAIN)]);
        assert!(
            told[0].starts_with("a.toml:1:12: no file is like \"team/*.toml\"; it starts from the folder"),
            "{told:?}"
        );
        let bare = faults(&[("a.toml", MAIN), ("team/1.toml", "# a comment\nspeed = 1\n[web]\n")]);
        assert_eq!(
            bare,
            [
                "team/1.toml:2:1: an included file begins with the header of a table; write it under a header: [speed], or \
              [[speed]] for one of several"
            ]
        );
    }

    #[test]
    fn a_text_of_one_file_is_as_it_was() {
        assert_eq!(crate::parts::parts(MAIN).len(), 1);
        assert!(examine("[web]\n", Path::new("a.toml"), SecretCheck::Optional).0.is_some());
    }
}
