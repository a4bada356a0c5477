//! Counts for tests, also for those of the command line.

use std::fmt::Write;

/// Ten days of a few mentions every five minutes, and a crisis on the ninth.
pub(crate) fn crisis() -> String {
    let mut rows = String::from("timestamp,value\n");
    for row in 0..10 * 288 {
        let value = if (2400..2412).contains(&row) { 80 } else { 4 + row % 3 };
        let _ = writeln!(rows, "{},{value}", 1_425_000_000 + row * 300);
    }
    rows
}
