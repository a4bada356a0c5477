//! Random rotations, as an `alerts.toml` could have them, for properties and for the oracle.

use jiff::civil::DateTime;
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};

use crate::settings::Config;

/// People of the random rotations.
pub(super) const NAMES: [&str; 5] = ["anna", "bela", "csilla", "denes", "eva"];
const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

fn some<'n>(random: &mut ChaCha8Rng, names: &[&'n str], most: usize) -> Vec<&'n str> {
    let mut some: Vec<&str> = Vec::new();
    for _ in 0..random.random_range(1..=most) {
        let name = names[random.random_range(0..names.len())];
        if !some.contains(&name) {
            some.push(name);
        }
    }
    some
}

/// A time of day; often one at which clocks are turned.
fn clock(random: &mut ChaCha8Rng) -> String {
    let minute = match random.random_range(0..3) {
        0 => random.random_range(0..24 * 60),
        1 => 30 * random.random_range(0..8),
        _ => 60 * random.random_range(0..24),
    };
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

fn hours(random: &mut ChaCha8Rng) -> Vec<Value> {
    let hours = |random: &mut ChaCha8Rng| {
        let weekdays = if random.random_bool(0.5) { Vec::new() } else { some(random, &DAYS, 5) };
        let (from, to) = if random.random_bool(0.3) {
            ("00:00".to_owned(), "24:00".to_owned())
        } else {
            (clock(random), clock(random))
        };
        json!({ "weekdays": weekdays, "from": from, "to": to })
    };
    let number = if random.random_bool(0.5) { 0 } else { random.random_range(1..3) };
    (0..number).map(|_| hours(random)).collect()
}

fn layer(random: &mut ChaCha8Rng, near: DateTime) -> Value {
    let shift = ["daily", "daily", "weekly", "hours"][random.random_range(0..4)];
    let by = if shift == "hours" && random.random_bool(0.5) { "length" } else { "clock" };
    let every = match (shift, by) {
        ("hours", "clock") => [1, 2, 3, 4, 6, 8, 12, 24][random.random_range(0..8)],
        ("hours", _) => random.random_range(1..100),
        _ => random.random_range(1..4),
    };
    let mut from = near - jiff::SignedDuration::from_mins(random.random_range(0..60 * 24 * 60));
    let mut stretches = Vec::new();
    for number in 0..random.random_range(1..4) {
        let member = |random: &mut ChaCha8Rng| some(random, &NAMES, 2);
        let length = if number > 0 && random.random_bool(0.2) { 0 } else { random.random_range(1..5) };
        let members: Vec<_> = (0..length).map(|_| member(random)).collect();
        stretches.push(json!({ "from": from.strftime("%Y-%m-%d %H:%M").to_string(), "members": members }));
        from += jiff::SignedDuration::from_mins(random.random_range(1..30 * 24 * 60));
    }
    json!({
        "shift": shift, "every": every, "by": by, "handover": clock(random),
        "weekday": DAYS[random.random_range(0..7)], "active": hours(random),
        "count": if random.random_bool(0.5) { "active" } else { "all" }, "stretches": stretches,
    })
}

/// A rotation with overrides, and a moment to ask for it: most are near `near` by the clock of the zone.
pub(super) fn question(random: &mut ChaCha8Rng, zone: &str, near: jiff::Timestamp) -> Value {
    let local = near.to_zoned(jiff::tz::TimeZone::get(zone).expect("a zone")).datetime();
    let local = local.round(jiff::Unit::Minute).expect("a minute");
    let layers: Vec<Value> = (0..random.random_range(1..4)).map(|_| layer(random, local)).collect();
    let ask = near.as_millisecond() + random.random_range(-3 * 86_400_000..3 * 86_400_000);
    let at = if random.random_bool(0.5) { ask } else { ask.div_euclid(1_800_000) * 1_800_000 };
    let over = |random: &mut ChaCha8Rng| {
        let kind = ["add", "replace", "remove"][random.random_range(0..3)];
        let instead_of = if random.random_bool(0.2) { Vec::new() } else { some(random, &NAMES, 2) };
        let from = at + random.random_range(-86_400_000..86_400_000);
        json!({
            "kind": kind, "people": some(random, &NAMES, 2),
            "instead_of": if kind == "replace" { instead_of } else { Vec::new() },
            "from": from, "to": from + random.random_range(1..86_400_000),
        })
    };
    let number = if random.random_bool(0.5) { 0 } else { random.random_range(1..6) };
    let overrides: Vec<Value> = (0..number).map(|_| over(random)).collect();
    json!({ "zone": zone, "layers": layers, "overrides": overrides, "at": at })
}

/// The configuration that a question is about; its rotation is called `r`.
pub(super) fn config(question: &Value) -> Config {
    let written =
        |ms: &Value| jiff::Timestamp::from_millisecond(ms.as_i64().expect("ms")).expect("an instant").to_string();
    let mut layers = question["layers"].clone();
    for layer in layers.as_array_mut().expect("layers") {
        let layer = layer.as_object_mut().expect("a layer");
        let stretches = layer.remove("stretches").expect("stretches");
        layer.insert("stretch".into(), stretches);
    }
    let mut overrides = question["overrides"].clone();
    for over in overrides.as_array_mut().expect("overrides") {
        over["rotation"] = "r".into();
        for key in ["from", "to"] {
            over[key] = written(&over[key]).into();
        }
    }
    let people: Vec<Value> = NAMES.iter().map(|name| json!({ "name": name })).collect();
    let config = json!({
        "person": people, "override": overrides,
        "rotation": [{ "name": "r", "time_zone": question["zone"], "layer": layers }],
    });
    serde_json::from_value(config).unwrap_or_else(|fault| panic!("{fault}: {question}"))
}
