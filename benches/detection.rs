//! What the detectors cost and find on simulated streams.
//!
//! `cargo bench --bench detection -- budget [YEARS]`: false pages a week on quiet streams against the budget asked for.
//! `cargo bench --bench detection -- power [STREAMS]`: what is found of events, and what is let pass.
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
    let number: Option<i64> = arguments.iter().find_map(|argument| argument.parse().ok());
    if runs("budget") {
        budget::table(number.unwrap_or(1));
    }
    if runs("load") {
        load::table();
    }
    if runs("power") {
        power::tables(number.map_or(300, i64::unsigned_abs));
    }
}
