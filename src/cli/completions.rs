//! `orszem completions`: the completion script for a shell.

use std::io::{self, Write};
use std::process::ExitCode;

use clap::CommandFactory;
use clap_complete::Shell;

/// Prints the script with which a shell completes commands, options and values.
///
/// bash: orszem completions bash > ~/.local/share/bash-completion/completions/orszem
///
/// zsh: orszem completions zsh > DIR/_orszem, where DIR is one of $fpath
///
/// fish: orszem completions fish > ~/.config/fish/completions/orszem.fish
#[derive(Clone, Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Args {
    /// The shell
    shell: Shell,
}

impl Args {
    /// Runs the command.
    ///
    /// # Errors
    /// When the output cannot be written.
    pub fn run(&self) -> anyhow::Result<ExitCode> {
        super::ended(io::stdout().write_all(&self.script()).map(|()| 0).map_err(Into::into))
    }

    fn script(&self) -> Vec<u8> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut super::Arguments::command(), "orszem", &mut script);
        script
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::ValueEnum;
    use std::process::Command;

    /// What bash completes of a line that ends where the cursor is.
    fn completed(script: &std::path::Path, words: &[&str]) -> Vec<String> {
        // As readline does: the function that `complete` names is called with the command, the word and the one before.
        let press = r#"
            source "$1" && shift
            COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMP_LINE="$*" COMP_POINT=${#COMP_LINE}
            function=$(complete -p orszem | sed -n 's/.* -F \([^ ]*\) .*/\1/p')
            "$function" orszem "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
            printf '%s\n' "${COMPREPLY[@]}""#;
        let output = Command::new("bash")
            .args(["--norc", "-c", press, "bash"])
            .arg(script)
            .args(words)
            .output()
            .expect("bash is installed");
        assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
        String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect()
    }

    #[test]
    fn bash_completes_commands_options_and_values() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), Args { shell: Shell::Bash }.script()).unwrap();
        let valid = Command::new("bash").arg("-n").arg(file.path()).output().expect("bash is installed");
        assert!(valid.status.success() && valid.stderr.is_empty(), "{valid:?}");
        assert_eq!(completed(file.path(), &["orszem", "che"]), ["check"]);
        assert_eq!(completed(file.path(), &["orszem", "watch", "t"]), ["try"]);
        assert_eq!(completed(file.path(), &["orszem", "run", "--inst"]), ["--instance"]);
        assert_eq!(completed(file.path(), &["orszem", "run", "--stage", "de"]), ["detect"]);
        assert_eq!(completed(file.path(), &["orszem", "completions", "z"]), ["zsh"]);
    }

    #[test]
    fn every_shell_knows_every_command() {
        for shell in Shell::value_variants() {
            let script = String::from_utf8(Args { shell: *shell }.script()).unwrap();
            for command in super::super::Arguments::command().get_subcommands() {
                assert!(script.contains(command.get_name()), "{shell} lacks {}", command.get_name());
            }
        }
    }
}
