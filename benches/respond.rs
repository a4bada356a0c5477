//! What a decision of respond costs with 10,000 open incidents and 1,000 people: `cargo bench --bench respond`.
//!
//! A tick with nothing to do, one in which each incident calls somebody, and how long a change of one person's ways
//! takes. Prints figures and asserts none.

#![allow(
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::unwrap_used,
    missing_docs,
    reason = "a bench measures time and prints"
)]

use std::collections::BTreeMap;
use std::time::Instant;

use orszem_core::notification::Capabilities;
use orszem_core::respond::core::Core;
use orszem_core::respond::settings::Settings;
use orszem_core::settings::Config;
use orszem_records::ledger::{Delivery, Entry, Event, IncidentId, Outcome};
use orszem_records::signal::{Kind, Phase, Signal};
use orszem_records::time::Timestamp;

const INCIDENTS: u64 = 10_000;
const PEOPLE: usize = 1_000;
/// The first signal.
const START: Timestamp = Timestamp(1_772_445_600_000);

fn main() {
    let settings = settings(&config(120));
    let mut core = Core::new(settings);
    for number in 0..INCIDENTS {
        core.apply(0, &opened(number), START);
    }
    core.ready(0);
    let mut calls = Vec::new();
    let first = timed(|| core.decide(START, &mut calls));
    let sends = core.committed(START);
    for dispatch in &sends {
        let attempt = &dispatch.attempt;
        let result = Delivery::Accepted { reference: None };
        let outcome = Outcome::new(attempt.message.clone(), attempt.receiver.clone(), attempt.try_number, result);
        let watch = dispatch.incident.watch.clone();
        let (incident, event) = (dispatch.incident.id.clone(), Event::Outcome(outcome));
        core.apply(0, &Entry { watch, incident, at: START, event }, START);
    }
    let mut nothing = Vec::new();
    // Whatever the outcomes asked for is decided once; what follows has nothing to do.
    core.decide(START.plus(1), &mut nothing);
    let idle = timed(|| core.decide(START.plus(2), &mut nothing));
    core.apply(0, &updated(0), START.plus(3));
    let signal = timed(|| core.decide(START.plus(3), &mut nothing));
    let changed = settings_of_change();
    let configure = timed(|| core.configure(changed));
    let mut ticks = Vec::new();
    while core.next_deadline().is_some_and(|at| at <= START.plus(4)) {
        ticks.push(timed(|| core.decide(START.plus(4), &mut nothing)));
    }
    println!("{INCIDENTS} open incidents, {PEOPLE} people, {} calls", sends.len());
    println!("a tick in which each is looked at and called for: {first:.1} ms");
    println!("a tick with nothing to do: {idle:.3} ms");
    println!("a tick in which one of them changes, with a rule of inhibition: {signal:.3} ms");
    let (longest, all) = (ticks.iter().copied().fold(configure, f64::max), configure + ticks.iter().sum::<f64>());
    println!("a change of one person's ways: {} ticks, the longest {longest:.1} ms, all {all:.1} ms", ticks.len());
    println!("  {configure:.1} ms to take it over, then {:.1}, {:.1} …", ticks[0], ticks[1]);
    println!("memory of the process: {:.0} MB", memory_mb());
}

fn timed(work: impl FnOnce()) -> f64 {
    let began = Instant::now();
    work();
    began.elapsed().as_secs_f64() * 1_000.0
}

fn settings_of_change() -> Settings {
    settings(&config(60))
}

fn config(next_way_of_the_first: u32) -> Config {
    let mut text = String::from(
        "[[receiver]]\nkind = \"console\"\nname = \"push\"\n\
         [[inhibit]]\nwhen = { severity = \"1\" }\nmute = { severity = \">= 3\" }\nequal = [\"watch\"]\n",
    );
    for number in 0..PEOPLE {
        let next = if number == 0 { next_way_of_the_first } else { 120 };
        text += &format!(
            "[[person]]\nname = \"p{number}\"\nnext_way = \"{next}s\"\nway = [{{ receiver = \"push\" }}]\n\
             [[watch]]\nname = \"w{number}\"\nterms = [\"w{number}\"]\nescalation = \"e{number}\"\n\
             [[escalation]]\nname = \"e{number}\"\n\
             step = [{{ people = [\"p{number}\"], acknowledge_within = \"5m\" }}]\n"
        );
    }
    toml::from_str(&text).unwrap()
}

fn settings(config: &Config) -> Settings {
    let able = Capabilities { updates: true, acknowledges: true, keep_firing: None, calls_itself: false };
    let names = config.all_receivers().map(|receiver| (receiver.name().to_owned(), able));
    Settings::new(config, names.collect::<BTreeMap<_, _>>())
}

fn opened(number: u64) -> Entry {
    signalled(number, Phase::Opened, 50)
}

fn updated(number: u64) -> Entry {
    signalled(number, Phase::Updated, 60)
}

fn signalled(number: u64, phase: Phase, observed: u64) -> Entry {
    let watch = format!("w{}", number % PEOPLE as u64);
    let signal = Signal { observed, ..Signal::plain(phase, Kind::Negativity, START) };
    let incident = IncidentId::new(&watch, number);
    Entry { watch, incident, at: START, event: Event::Signal(Box::new(signal)) }
}

/// The resident memory of this process, in megabytes; 0 where the system does not say.
fn memory_mb() -> f64 {
    let pages = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let resident = pages.split(' ').nth(1).and_then(|pages| pages.parse::<f64>().ok()).unwrap_or(0.0);
    resident * 4096.0 / 1e6
}
