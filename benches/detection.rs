//! What the detectors cost and find on simulated streams.
//!
//! `cargo bench --bench detection -- budget [YEARS]`: false pages a week on quiet streams against the budget asked for.
//! `cargo bench --bench detection -- power`: crises found and joys let pass, against their size.
//! `cargo bench --bench detection -- load`: what ten thousand watches cost.

#![allow(clippy::print_stdout, clippy::unwrap_used, missing_docs, reason = "a bench prints")]

#[path = "detection/budget.rs"]
mod budget;
#[path = "detection/load.rs"]
mod load;
#[path = "detection/power.rs"]
mod power;
#[path = "detection/stream.rs"]
mod stream;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    let all = !arguments.iter().any(|argument| argument.parse::<i64>().is_err());
    let runs = |name: &str| all || arguments.iter().any(|argument| argument == name);
    let years = arguments.iter().find_map(|argument| argument.parse().ok()).unwrap_or(2);
    if runs("budget") {
        budget::table(years);
    }
    if runs("load") {
        load::table();
    }
    if runs("power") {
        power::tables();
    }
}
