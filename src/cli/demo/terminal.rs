//! What the demonstration shows as it happens.

#![expect(clippy::print_stdout, reason = "the demonstration is a show on the terminal")]

use std::sync::Mutex;

/// Several tasks speak; a piece stays whole.
static VOICE: Mutex<()> = Mutex::new(());

/// Says a sentence.
pub(super) fn say(sentence: &str) {
    let _voice = VOICE.lock();
    println!("{sentence}");
}

/// Shows a notification word for word.
pub(super) fn received(who: &str, lines: &[String]) {
    let _voice = VOICE.lock();
    println!("\n  ┌─ {who} got");
    for line in lines {
        println!("  │ {line}");
    }
    println!("  └─");
}
