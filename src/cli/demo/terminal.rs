//! The live output of the demonstration: at most 80 columns, unless everything is shown.

#![expect(clippy::print_stdout, reason = "the demonstration prints to the terminal")]

use std::sync::{Mutex, OnceLock};

use indicatif::ProgressBar;
use unicode_width::UnicodeWidthStr;

pub(super) use crate::cli::wrap::WIDTH;
use crate::cli::wrap::wrapped;

/// Several tasks print; this keeps each text in one piece.
static OUTPUT: Mutex<()> = Mutex::new(());
/// The bar that stands below what is printed.
static BAR: OnceLock<ProgressBar> = OnceLock::new();

/// From now on this bar is below everything.
pub(super) fn set_bar(bar: ProgressBar) -> ProgressBar {
    BAR.get_or_init(|| bar).clone()
}

fn print(text: &str) {
    let _guard = OUTPUT.lock();
    match BAR.get() {
        Some(bar) => bar.suspend(|| println!("{text}")),
        None => println!("{text}"),
    }
}

/// Prints a line.
pub(super) fn say(sentence: &str) {
    print(sentence);
}

/// Prints a paragraph, wrapped.
pub(super) fn say_wrapped(text: &str) {
    print(&wrapped(text, "", ""));
}

/// Prints what happened at a time of the story, wrapped.
pub(super) fn event(time: &str, text: &str) {
    let lead = format!("{time}  ");
    let indent = " ".repeat(lead.width());
    print(&wrapped(text, &lead, &indent));
}

/// Prints a notification unchanged.
pub(super) fn received(who: &str, lines: &[String]) {
    let body: String = lines.iter().map(|line| format!("  │ {line}\n")).collect();
    print(&format!("\n  ┌─ {who} got\n{body}  └─"));
}

/// Prints a notification, wrapped.
pub(super) fn received_wrapped(lines: &[String]) {
    let body: Vec<String> = lines.iter().map(|line| wrapped(line, "  │ ", "  │   ")).collect();
    print(&body.join("\n"));
}
