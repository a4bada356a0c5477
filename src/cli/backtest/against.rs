//! The effect of another configuration, as text.

use comfy_table::{Cell, ContentArrangement, Table, presets::UTF8_FULL_CONDENSED};
use std::fmt::Write;

use super::table::figure;
use orszem_core::backtest::compare::{Change, Comparison, How};
use orszem_records::time::Timestamp;
use orszem_text::sanitize::line as visible;

/// The maximum number of listed changes.
const ROWS: usize = 60;

/// The pages that change, and the pages per week before and after.
pub(crate) fn describe(comparison: &Comparison) -> String {
    let mut text = String::new();
    if !comparison.changes.is_empty() {
        let _ = writeln!(text, "{}", changes(comparison.changes.iter()));
    }
    let counts = [How::Added, How::Dropped, How::Sooner, How::Later]
        .map(|how| format!("{} {}", comparison.count(how), how.name()));
    let (before, after) = (comparison.pages_a_week_before, comparison.pages_a_week_after);
    let by = before.zip(after).map(|(before, after)| format!(" ({:+.2})", after - before)).unwrap_or_default();
    let _ = writeln!(
        text,
        "pages: {}, {} unchanged; {} per week before, {} per week now{by}",
        counts.join(", "),
        comparison.same,
        figure(before),
        figure(after)
    );
    text
}

/// A table of changes.
pub(crate) fn changes<'a>(all: impl Iterator<Item = &'a Change>) -> String {
    let mut table = Table::new();
    table.load_preset(UTF8_FULL_CONDENSED).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_header(["page", "watch", "kind", "severity", "before", "after"]);
    let when = |at: Option<Timestamp>| at.map_or(String::new(), |at| at.to_string());
    let mut left = 0;
    for (change, number) in all.zip(0..) {
        if number >= ROWS {
            left += 1;
            continue;
        }
        table.add_row([
            Cell::new(change.how.name()),
            Cell::new(visible(&change.watch)),
            Cell::new(change.kind.name()),
            Cell::new(change.severity),
            Cell::new(when(change.before)),
            Cell::new(when(change.after)),
        ]);
    }
    if left > 0 { format!("{table}\n... and {left} more") } else { table.to_string() }
}
