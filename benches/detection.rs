//! What the detectors cost and find on simulated streams.
//!
//! `cargo bench --bench detection -- budget [YEARS]`: false pages a week on quiet streams against the budget asked for.

#![allow(clippy::print_stdout, clippy::unwrap_used, missing_docs, reason = "a bench prints")]

#[path = "detection/budget.rs"]
mod budget;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    let runs = |name: &str| arguments.is_empty() || arguments.iter().any(|argument| argument == name);
    let years = arguments.iter().find_map(|argument| argument.parse().ok()).unwrap_or(2);
    if runs("budget") {
        budget::table(years);
    }
}
