//! The live output of the demonstration: at most 80 columns, unless everything is shown.

#![expect(clippy::print_stdout, reason = "the demonstration prints to the terminal")]

use std::sync::{Mutex, OnceLock};

use indicatif::ProgressBar;
use unicode_width::UnicodeWidthStr;

/// How wide a terminal is at least.
pub(super) const WIDTH: usize = 80;

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

/// Breaks a text between words so that no line is wider than [`WIDTH`], where its words allow it.
fn wrapped(text: &str, first: &str, other: &str) -> String {
    let mut lines = vec![first.to_owned()];
    let mut is_empty = true;
    for word in text.split_whitespace() {
        let line = lines.last().map_or("", String::as_str);
        if !is_empty && line.width() + 1 + word.width() > WIDTH {
            lines.push(other.to_owned());
            is_empty = true;
        }
        if let Some(line) = lines.last_mut() {
            if !is_empty {
                line.push(' ');
            }
            line.push_str(word);
            is_empty = false;
        }
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_fit_a_terminal() {
        let text = "szó ".repeat(60);
        let lines = wrapped(&text, "12 Oct  ", "        ");
        assert!(lines.lines().count() > 3 && lines.lines().all(|line| line.width() <= WIDTH), "{lines}");
        assert!(
            lines.starts_with("12 Oct  szó szó") && lines.lines().skip(1).all(|line| line.starts_with("        szó"))
        );
        let long = "x".repeat(100);
        assert_eq!(wrapped(&long, "> ", "  "), format!("> {long}"), "an address stays whole");
    }
}
