//! What is wrong with a configuration, where, and what would be right.

use std::fmt;

/// Whether a fault keeps the program from running.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The configuration is refused.
    Error,
    /// The configuration is taken, but likely not what was meant.
    Warning,
}

/// A place in a file; both count from 1, the column in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// The line.
    pub line: usize,
    /// The character in it.
    pub column: usize,
}

/// One thing that is wrong. Holds nothing secret: neither in its words nor in its excerpt.
///
/// `Display` is one line: `alerts.toml:12:5: unknown key "recievers" in [[escalation.step]]; did you mean "receivers"?`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The file, as it was named by the one who asked.
    pub file: String,
    /// Where; `None` when the file as a whole cannot be read.
    pub position: Option<Position>,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong.
    pub message: String,
    /// What would be right.
    pub help: Option<String>,
    /// Whether it is about a place within a text (a query), so that it says little without its excerpt.
    pub within_text: bool,
    /// The source line, as far as it may be shown.
    pub(super) excerpt: Option<Excerpt>,
}

/// A line of the file without anything that could be secret, and what to underline in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Excerpt {
    pub(super) text: String,
    /// In columns of a terminal.
    pub(super) from: usize,
    /// In columns, at least 1.
    pub(super) length: usize,
}

impl Fault {
    /// The file as a whole cannot be read.
    pub(super) fn of_file(file: &str, message: String) -> Fault {
        let severity = Severity::Error;
        Fault {
            file: file.to_owned(),
            position: None,
            severity,
            message,
            help: None,
            within_text: false,
            excerpt: None,
        }
    }

    /// Whether it keeps the program from running.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }

    /// The fault with the line of the file under it and the place marked, for a terminal. Several lines, each ended.
    pub fn with_excerpt(&self) -> impl fmt::Display + '_ {
        WithExcerpt(self)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some(Position { line, column }) = self.position {
            write!(f, ":{line}:{column}")?;
        }
        f.write_str(if self.is_error() { ": " } else { ": warning: " })?;
        f.write_str(&self.message)?;
        match &self.help {
            Some(help) => write!(f, "; {help}"),
            None => Ok(()),
        }
    }
}

struct WithExcerpt<'a>(&'a Fault);

impl fmt::Display for WithExcerpt<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.0)?;
        if let (Some(position), Some(Excerpt { text, from, length })) = (self.0.position, &self.0.excerpt) {
            let line = position.line.to_string();
            let margin = line.len();
            writeln!(f, "  {line} | {text}")?;
            writeln!(f, "  {:margin$} | {:from$}{}", "", "", "^".repeat(*length))?;
        }
        Ok(())
    }
}

/// Every fault of a configuration that was refused, in the order of the file; warnings too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Faults(pub Vec<Fault>);

impl Faults {
    /// Whether the file itself could not be read.
    pub fn is_unreadable(&self) -> bool {
        self.0.iter().any(|fault| fault.position.is_none())
    }
}

/// One line a fault.
impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, fault) in self.0.iter().enumerate() {
            write!(f, "{}{fault}", if index == 0 { "" } else { "\n" })?;
        }
        Ok(())
    }
}

impl std::error::Error for Faults {}
