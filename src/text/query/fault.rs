//! Faults of queries and warnings about them, each with its place and the fix.

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
    /// How to fix it.
    pub help: Option<String>,
}

/// The maximum number of characters shown on each side of the mark.
const AROUND: usize = 60;

/// The maximum number of faults, and of warnings, reported for one query. Users with more fix these first.
const MOST: usize = 20;

/// The findings of the parser.
#[derive(Debug, Default)]
pub(super) struct Diagnostics {
    /// Why the query is invalid.
    pub(super) faults: Vec<QueryFault>,
    /// What the author probably did not intend.
    pub(super) warnings: Vec<QueryFault>,
}

impl Diagnostics {
    /// The first findings, in the order of the query; only one for each place.
    pub(super) fn in_order(mut found: Vec<QueryFault>) -> Vec<QueryFault> {
        let mut places = std::collections::BTreeSet::new();
        found.retain(|fault| places.len() < MOST && places.insert(fault.at.start));
        found.sort_by_key(|fault| fault.at.start);
        found
    }
}

impl QueryFault {
    pub(super) fn new(at: Range<usize>, message: impl Into<String>, help: impl Into<String>) -> QueryFault {
        QueryFault { at, message: message.into(), help: Some(help.into()) }
    }

    /// The fault, `query` with a caret at the place, and the fix; several lines, each with a line end.
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
        // The query is printed on a terminal: nothing in it may move the cursor.
        let shown = |text: &str| -> String {
            let plain = |c: char| if c.is_control() || crate::fold::is_invisible(c) { ' ' } else { c };
            text.chars().map(plain).collect()
        };
        let before: Vec<char> = shown(&self.query[..start]).chars().collect();
        let cut = before.len().saturating_sub(AROUND);
        let before: String = if cut > 0 { "…" } else { "" }.chars().chain(before[cut..].iter().copied()).collect();
        let after: String = shown(&self.query[start..]).chars().take(2 * AROUND).collect();
        // Columns, not characters: a combining mark takes no column, and a Chinese character takes two.
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
