//! What the detectors cost and find on simulated streams.
//!
//! `cargo bench --bench detection -- budget [YEARS]`: false pages a week on quiet streams against the budget asked for.
//! `cargo bench --bench detection -- young [STREAMS]`: the same for the first weeks of a watch.
//! `cargo bench --bench detection -- power [STREAMS] [WORD]`: what is found of events, and what is let pass; of those
//! with the word in their name.
//! `cargo bench --bench detection -- load`: what ten thousand watches cost.
//! `cargo bench --bench detection -- dealt [TIMES]`: what chance costs on real streams, where `ORSZEM_TEST_DATA` names
//! them.

#![allow(clippy::print_stdout, clippy::unwrap_used, missing_docs, reason = "a bench prints")]

#[path = "detection/budget.rs"]
mod budget;
mod cpu;
#[path = "../tests/support/data.rs"]
mod data;
#[path = "detection/dealt.rs"]
mod dealt;
#[path = "detection/load.rs"]
mod load;
#[path = "detection/power.rs"]
mod power;
#[path = "detection/stream.rs"]
mod stream;
#[path = "detection/young.rs"]
mod young;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    let all = !arguments.iter().any(|argument| argument.parse::<i64>().is_err());
    let runs = |name: &str| all || arguments.iter().any(|argument| argument == name);
    let number: Option<i64> = arguments.iter().find_map(|argument| argument.parse().ok());
    if runs("budget") {
        budget::table(number.unwrap_or(1));
    }
    if runs("young") {
        young::table(number.map_or(100, i64::unsigned_abs));
    }
    if runs("load") {
        load::table();
    }
    if runs("power") {
        let named = |argument: &&String| argument.parse::<i64>().is_err() && *argument != "power";
        let word = arguments.iter().find(named).map_or("", String::as_str);
        power::tables(number.map_or(300, i64::unsigned_abs), word);
    }
    if runs("dealt") && std::env::var_os("ORSZEM_TEST_DATA").is_some() {
        dealt::table(number.map_or(20, i64::unsigned_abs));
    }
}
