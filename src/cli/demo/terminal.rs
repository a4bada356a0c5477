//! The live output of the demonstration.

#![expect(clippy::print_stdout, reason = "the demonstration prints to the terminal")]

use std::sync::Mutex;

/// Several tasks print; this keeps each text in one piece.
static OUTPUT: Mutex<()> = Mutex::new(());

/// Prints a line.
pub(super) fn say(sentence: &str) {
    let _guard = OUTPUT.lock();
    println!("{sentence}");
}

/// Prints a notification unchanged.
pub(super) fn received(who: &str, lines: &[String]) {
    let _guard = OUTPUT.lock();
    println!("\n  ┌─ {who} got");
    for line in lines {
        println!("  │ {line}");
    }
    println!("  └─");
}
