//! `orszem man`: the manual pages.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use clap::CommandFactory;

/// Prints the manual page of the program; with --output-dir, writes one file for each command.
///
/// To read the page directly: orszem man | man -l -
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    /// Write the pages of the program and of each command into this folder: orszem.1, orszem-run.1 and so on. The
    /// folder is created if it does not exist, and existing pages are replaced
    #[arg(long, value_name = "DIR")]
    output_dir: Option<PathBuf>,
}

impl Args {
    /// Runs the command.
    ///
    /// # Errors
    /// When the output cannot be written.
    pub fn run(&self) -> anyhow::Result<ExitCode> {
        let command = super::Arguments::command();
        if let Some(folder) = &self.output_dir {
            write_all(command, folder).with_context(|| format!("cannot write into {}", folder.display()))?;
            return Ok(ExitCode::SUCCESS);
        }
        let mut page = Vec::new();
        clap_mangen::Man::new(command).render(&mut page)?;
        super::ended(io::stdout().write_all(&page).map(|()| 0).map_err(Into::into))
    }
}

fn write_all(command: clap::Command, folder: &Path) -> io::Result<()> {
    std::fs::create_dir_all(folder)?;
    clap_mangen::generate_to(command, folder)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    /// Checks the page of a command and those below it; adds the names of their files to `seen`.
    fn check(command: &clap::Command, name: &str, folder: &Path, seen: &mut BTreeSet<String>) {
        let file = format!("{name}.1");
        let page = std::fs::read_to_string(folder.join(&file)).unwrap_or_else(|fault| panic!("{file}: {fault}"));
        assert!(page.contains(&format!("\n.TH {name} 1 ")), "{file} has no title: {page}");
        let page = page.replace("\\-", "-").replace("\\fR", "").replace("\\fB", "").replace("\\fI", "");
        for argument in command.get_arguments().filter(|argument| !argument.is_hide_set()) {
            let value =
                argument.get_value_names().and_then(<[_]>::first).map_or(argument.get_id().as_str(), |name| name);
            let shown = argument.get_long().map_or(value.to_owned(), |long| format!("--{long}"));
            assert!(page.contains(&shown), "{file} lacks {shown}");
        }
        for below in command.get_subcommands() {
            assert!(page.contains(&format!("{name}-{}(1)", below.get_name())), "{file} lacks {}", below.get_name());
            check(below, &format!("{name}-{}", below.get_name()), folder, seen);
        }
        seen.insert(file);
    }

    #[test]
    fn every_command_has_a_page_with_every_option() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("share/man1");
        write_all(super::super::Arguments::command(), &inner).unwrap();
        let mut seen = BTreeSet::new();
        check(&super::super::Arguments::command(), "orszem", &inner, &mut seen);
        assert!(seen.contains("orszem-watch-try.1"), "{seen:?}");
        let files = std::fs::read_dir(&inner).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap());
        assert_eq!(files.collect::<BTreeSet<_>>(), seen);
    }

    #[test]
    fn what_a_command_exits_with_is_on_its_page_and_in_its_help() {
        let folder = tempfile::tempdir().unwrap();
        let mut program = super::super::Arguments::command();
        write_all(program.clone(), folder.path()).unwrap();
        for words in [&["check"][..], &["init"], &["input", "try"], &["watch", "try"]] {
            let page = std::fs::read_to_string(folder.path().join(format!("orszem-{}.1", words.join("-")))).unwrap();
            let command = words.iter().fold(&mut program, |above, word| above.find_subcommand_mut(word).unwrap());
            let help = command.render_long_help().to_string();
            assert!(page.contains("Exit status: 0") && help.contains("Exit status: 0"), "{words:?}: {help}");
        }
    }
}
