//! What is wrong with a query, where in it, and what would be right.

use std::fmt;
use std::ops::Range;

/// A fault of a query, or a warning about it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}{}", help.as_ref().map(|help| format!("; {help}")).unwrap_or_default())]
pub struct QueryFault {
    /// The bytes of the query that it is about.
    pub at: Range<usize>,
    /// What is wrong.
    pub message: String,
    /// What would be right.
    pub help: Option<String>,
}

/// The most characters that are shown on either side of the mark.
const AROUND: usize = 60;

impl QueryFault {
    pub(super) fn new(at: Range<usize>, message: impl Into<String>, help: impl Into<String>) -> QueryFault {
        QueryFault { at, message: message.into(), help: Some(help.into()) }
    }

    /// The fault with `query` under it, the place marked by a caret, and the fix; several lines, each ended.
    pub fn with_caret<'a>(&'a self, query: &'a str) -> impl fmt::Display + 'a {
        WithCaret { fault: self, query }
    }
}

struct WithCaret<'a> {
    fault: &'a QueryFault,
    query: &'a str,
}

impl fmt::Display for WithCaret<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let QueryFault { at, message, help } = self.fault;
        let start = self.query.floor_char_boundary(at.start.min(self.query.len()));
        let end = self.query.floor_char_boundary(at.end.min(self.query.len())).max(start);
        // A query is shown on a terminal: nothing in it may move the cursor.
        let shown = |text: &str| -> String {
            let plain = |c: char| if c.is_control() || super::fold::is_invisible(c) { ' ' } else { c };
            text.chars().map(plain).collect()
        };
        let before: Vec<char> = shown(&self.query[..start]).chars().collect();
        let cut = before.len().saturating_sub(AROUND);
        let before: String = if cut > 0 { "…" } else { "" }.chars().chain(before[cut..].iter().copied()).collect();
        let after: String = shown(&self.query[start..]).chars().take(2 * AROUND).collect();
        let length = self.query[start..end].chars().count().clamp(1, 2 * AROUND);
        writeln!(f, "{message}")?;
        writeln!(f, "  {before}{}", after.trim_end())?;
        writeln!(f, "  {:width$}{}", "", "^".repeat(length), width = before.chars().count())?;
        match help {
            Some(help) => writeln!(f, "  {help}"),
            None => Ok(()),
        }
    }
}
