//! What is wrong with a query, where in it, and what would be right.

use std::fmt;
use std::ops::Range;
use unicode_width::UnicodeWidthStr;

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

/// The most faults that are told of one query, and the most that is odd: who has more begins with these.
const MOST: usize = 20;

/// What is said of a query while it is read.
#[derive(Debug, Default)]
pub(super) struct Said {
    /// Why it cannot be read.
    pub(super) faults: Vec<QueryFault>,
    /// What is likely not meant.
    pub(super) odd: Vec<QueryFault>,
}

impl Said {
    /// The first that were said, in the order of the query; of those that begin at the same place only the first.
    pub(super) fn in_order(mut said: Vec<QueryFault>) -> Vec<QueryFault> {
        let mut places = std::collections::BTreeSet::new();
        said.retain(|fault| places.len() < MOST && places.insert(fault.at.start));
        said.sort_by_key(|fault| fault.at.start);
        said
    }
}

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
            let plain = |c: char| if c.is_control() || crate::fold::is_invisible(c) { ' ' } else { c };
            text.chars().map(plain).collect()
        };
        let before: Vec<char> = shown(&self.query[..start]).chars().collect();
        let cut = before.len().saturating_sub(AROUND);
        let before: String = if cut > 0 { "…" } else { "" }.chars().chain(before[cut..].iter().copied()).collect();
        let after: String = shown(&self.query[start..]).chars().take(2 * AROUND).collect();
        // Columns, not characters: a mark takes none of its own, and a Chinese letter two.
        let marked: String = shown(&self.query[start..end]).chars().take(2 * AROUND).collect();
        writeln!(f, "{message}")?;
        writeln!(f, "  {before}{}", after.trim_end())?;
        writeln!(f, "  {:width$}{}", "", "^".repeat(marked.width().max(1)), width = before.width())?;
        match help {
            Some(help) => writeln!(f, "  {help}"),
            None => Ok(()),
        }
    }
}
