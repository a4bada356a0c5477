//! The query of a watch, or its terms: one of them, and readable.

use std::ops::Range;

use super::entry::Entry;
use crate::diagnostics::{Report, nearest};
use crate::fault::Severity;
use crate::literal::Literal;

/// Either terms or a query, and the query readable and sensible.
pub(super) fn check(watch: Entry<'_>, report: &mut Report<'_>) {
    let Some((query, at)) = watch.text("query") else {
        let misspelt = |key: &str| key != "name" && nearest(key, ["terms", "query"]).is_some();
        if !watch.has("terms") && !watch.has("query") && !watch.table.keys().any(|key| misspelt(key.get_ref())) {
            let help = "add terms = [\"…\"] or query = '…'".to_owned();
            report.error(watch.header(), "[[watch]] lacks its \"terms\"", help);
        }
        return;
    };
    if watch.has("terms") {
        let help = "keep one: in a query a plain list of words is OR, and phrases stand in quotes".to_owned();
        report.error(at.clone(), "this [[watch]] has both a \"query\" and \"terms\"", help);
    }
    if query.is_empty() {
        // The form of a watch says so.
        return;
    }
    let literal = report.piece(at.clone()).and_then(|written| Literal::new(written, at.start, query));
    let place = |within: Range<usize>| literal.as_ref().map_or(at.clone(), |literal| literal.place(within));
    let (faults, severity) = match orszem_text::query::examine(query) {
        Ok((_, warnings)) => (warnings, Severity::Warning),
        Err(faults) => (faults, Severity::Error),
    };
    let swallows = query.lines().any(is_toml);
    for fault in faults {
        let place = place(fault.at);
        if !swallows {
            report.show_line(at.clone(), place.start);
        }
        report.add_within(severity, place, format!("in the query: {}", fault.message), fault.help);
    }
}

/// Whether a line of a query reads as one of this file: a quote that was left open has swallowed what follows, which
/// may be secret.
fn is_toml(line: &str) -> bool {
    let line = line.trim_start();
    if line.starts_with('[') {
        return true;
    }
    let name = line.len() - line.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || "_-.\"'".contains(c)).len();
    let (name, rest) = line.split_at(name);
    let spaced = rest.trim_start();
    // In a query =word has no space behind its sign, and an operator may stand before it.
    let operator = matches!(name, "" | "AND" | "OR" | "NOT") || name.starts_with("NEAR");
    let value = spaced.strip_prefix('=').is_some_and(|value| !value.starts_with(char::is_alphanumeric));
    !operator && value
}

#[cfg(test)]
#[path = "query_tests.rs"]
mod tests;
