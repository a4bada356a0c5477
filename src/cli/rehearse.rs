//! `orszem rehearse`: who is called when, and who is on call when, in cases that files describe.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use clap::Parser;

use orszem_core::rehearsal::Case;

/// The file in a folder of cases that they all begin with.
const STANDING: &str = "standing.toml";

/// Run cases of who is called when, on a clock of their own: nobody hears anything.
///
/// A case says what happens at which times, and who must hear what at which times; or what a rotation is like, and who
/// must be on call when. The file "standing.toml" in the folder of a case is what its configuration begins with.
/// docs/cases.md has both forms.
///
/// Exit status: 0 if all cases hold, 1 if one does not, 2 if a file cannot be read.
#[derive(Debug, Parser)]
pub struct Args {
    /// Files of cases, or folders of them and of further folders
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
}

impl Args {
    /// Runs the cases. Prints those that do not hold, and how many there were.
    pub fn run(self) -> anyhow::Result<ExitCode> {
        super::ended(self.rehearse(&mut std::io::stdout().lock()))
    }

    fn rehearse(&self, out: &mut dyn Write) -> anyhow::Result<u8> {
        let (mut held, mut broken) = (0, 0);
        for file in self.files()? {
            let said = match differences(&file)? {
                Ok(lines) if lines.is_empty() => {
                    held += 1;
                    continue;
                }
                Ok(lines) => lines,
                Err(fault) => vec![fault],
            };
            broken += 1;
            writeln!(out, "{}", file.display())?;
            for line in said.iter().flat_map(|said| said.lines()) {
                writeln!(out, "  {line}")?;
            }
        }
        writeln!(out, "{held} of {} cases hold", held + broken)?;
        Ok(u8::from(broken > 0))
    }

    /// The files of the cases, in order of their names.
    fn files(&self) -> anyhow::Result<Vec<PathBuf>> {
        let mut files = Vec::new();
        for path in &self.paths {
            if path.is_dir() {
                cases_in(path, &mut files)?;
            } else {
                files.push(path.clone());
            }
        }
        anyhow::ensure!(!files.is_empty(), "there are no cases: files that end in .toml");
        Ok(files)
    }
}

/// Adds the cases of a folder, then those of the folders within, in order of their names.
fn cases_in(folder: &Path, files: &mut Vec<PathBuf>) -> anyhow::Result<()> {
    let entries = std::fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let entries = entries.collect::<Result<Vec<_>, _>>()?;
    let mut entries: Vec<PathBuf> = entries.into_iter().map(|entry| entry.path()).collect();
    entries.sort();
    let is_case =
        |file: &&PathBuf| file.extension().is_some_and(|ending| ending == "toml") && !file.ends_with(STANDING);
    files.extend(entries.iter().filter(is_case).filter(|file| !file.is_dir()).cloned());
    entries.iter().filter(|entry| entry.is_dir()).try_for_each(|folder| cases_in(folder, files))
}

/// What does not hold in a case, its title first; or why it cannot be run.
fn differences(file: &Path) -> anyhow::Result<Result<Vec<String>, String>> {
    let read = |path: &Path| std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()));
    let text = read(file)?;
    let standing = file.with_file_name(STANDING);
    let standing = standing.exists().then(|| read(&standing)).transpose()?;
    let run = || {
        let case = Case::parse(&text, standing.as_deref())?;
        let differences = case.run()?;
        let title = (!differences.is_empty()).then_some(case.title);
        Ok(title.into_iter().chain(differences.iter().map(ToString::to_string)).collect())
    };
    Ok(run())
}

#[cfg(test)]
mod tests {
    use super::*;

    const CASE: &str = "title = \"a call\"\nuntil = \"1:00\"\nhappens = [\"0:00 acme opens\"]\n\
        expects = [\"0:00 mail call acme\"]\n";
    const CONFIG: &str = "[config]\nreceiver = [{ kind = \"console\", name = \"mail\" }]\n\
        watch = [{ name = \"acme\", terms = [\"acme\"], escalation = \"duty\" }]\n\
        escalation = [{ name = \"duty\", step = [{ receivers = [\"mail\"], acknowledge_within = \"5m\" }] }]\n";

    fn rehearsed(files: &[(&str, &str)]) -> (u8, String) {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let file = folder.path().join(name);
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(file, text).unwrap();
        }
        let mut out = Vec::new();
        let status = Args { paths: vec![folder.path().to_owned()] }.rehearse(&mut out).unwrap();
        (status, String::from_utf8(out).unwrap().replace(&format!("{}/", folder.path().display()), ""))
    }

    #[test]
    fn a_folder_of_cases_is_run_and_what_differs_is_told() {
        let (status, said) = rehearsed(&[("standing.toml", CONFIG), ("good.toml", CASE)]);
        assert_eq!((status, said.as_str()), (0, "1 of 1 cases hold\n"));
        let late = CASE.replace("\"0:00 mail", "\"0:30 mail");
        let (status, said) = rehearsed(&[("standing.toml", CONFIG), ("a.toml", &late), ("b.toml", CASE)]);
        let expected = "a.toml\n  a call\n  unexpected: 0:00 mail call acme\n  missing:    0:30 mail call acme (line 4)\n\
            1 of 2 cases hold\n";
        assert_eq!((status, said.as_str()), (1, expected));
    }

    #[test]
    fn cases_of_both_forms_are_run_also_those_in_folders_within() {
        let shifts = "[case]\ntitle = \"her day\"\n[[rotation]]\nname = \"press\"\ntime_zone = \"UTC\"\nlayer = [{ \
            shift = \"daily\", stretch = [{ from = \"2026-01-01 09:00\", members = [\"anna\"] }] }]\n[[expect]]\n\
            at = \"2026-01-02T00:00Z\"\non_call = [\"bela\"]\n";
        let people = "[config]\nperson = [{ name = \"anna\" }]\n";
        let within = [("oncall/standing.toml", people), ("oncall/a.toml", shifts)];
        let (status, said) = rehearsed(&[("standing.toml", CONFIG), ("z.toml", CASE), within[0], within[1]]);
        let expected = "oncall/a.toml\n  her day\n  differs:    press: on call at 2026-01-02T00:00Z is \"anna\", and \
            should be \"bela\" (line 7)\n1 of 2 cases hold\n";
        assert_eq!((status, said.as_str()), (1, expected));
    }

    #[test]
    fn a_case_that_cannot_be_read_says_why_and_stops_no_other() {
        let wrong = CASE.replace("acme opens", "acme sings");
        let (status, said) = rehearsed(&[("standing.toml", CONFIG), ("a.toml", &wrong), ("b.toml", CASE)]);
        assert_eq!(status, 1);
        assert!(
            said.contains("nobody knows what \"acme sings\" is") && said.ends_with("1 of 2 cases hold\n"),
            "{said}"
        );
    }
}
