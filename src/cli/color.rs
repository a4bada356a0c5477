//! Colour on the terminal: by `--color`, otherwise by NO_COLOR and by whether it is a terminal.

use std::ffi::OsString;
use std::io;

use anstream::{AutoStream, ColorChoice};

/// When to use colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Color {
    /// On a terminal, unless NO_COLOR is set.
    #[default]
    Auto,
    /// Also where nobody looks: in a file, in a pipe.
    Always,
    /// Nowhere.
    Never,
}

impl Color {
    /// Applies to everything that this process writes from now on, help and logs included.
    pub(super) fn apply(self) {
        match self {
            Color::Auto => ColorChoice::Auto,
            Color::Always => ColorChoice::AlwaysAnsi,
            Color::Never => ColorChoice::Never,
        }
        .write_global();
    }

    /// What `words` ask for, before they are parsed: the help is written while they are.
    pub(super) fn asked(words: impl IntoIterator<Item = OsString>) -> Option<Color> {
        let mut words = words.into_iter().map(|word| word.to_string_lossy().into_owned());
        while let Some(word) = words.next() {
            let value = match word.as_str() {
                "--" => return None,
                "--color" => words.next(),
                other => other.strip_prefix("--color=").map(str::to_owned),
            };
            if let Some(value) = value {
                return <Color as clap::ValueEnum>::from_str(&value, false).ok();
            }
        }
        None
    }
}

/// Whether to write colour to standard output.
pub(super) fn on_stdout() -> bool {
    AutoStream::choice(&io::stdout()) != ColorChoice::Never
}

/// Whether to write colour to standard error.
pub(super) fn on_stderr() -> bool {
    AutoStream::choice(&io::stderr()) != ColorChoice::Never
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_option_is_found_wherever_it_is() {
        let asked = |line: &str| Color::asked(line.split(' ').map(OsString::from));
        assert_eq!(asked("orszem --color never run"), Some(Color::Never));
        assert_eq!(asked("orszem run --color=always --help"), Some(Color::Always));
        assert_eq!(asked("orszem run"), None);
        assert_eq!(asked("orszem watch try -- --color=always"), None);
        assert_eq!(asked("orszem --color red"), None);
    }
}
