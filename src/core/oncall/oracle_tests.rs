//! An oracle in Python, written apart, says the same of random rotations.

use std::io::Write;

use orszem_records::time::Timestamp;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::Roster;
use super::random_fixture::{config, question};

/// Zones of many kinds: whole and half hours, clocks that are turned by half an hour or in the middle of the night, on
/// both halves of the globe, and islands that changed the day.
const ZONES: [&str; 30] = [
    "Africa/Cairo",
    "Africa/Johannesburg",
    "America/Asuncion",
    "America/Caracas",
    "America/Halifax",
    "America/Havana",
    "America/Los_Angeles",
    "America/New_York",
    "America/Santiago",
    "America/Sao_Paulo",
    "America/St_Johns",
    "Antarctica/Troll",
    "Asia/Amman",
    "Asia/Beirut",
    "Asia/Gaza",
    "Asia/Kathmandu",
    "Asia/Kolkata",
    "Asia/Pyongyang",
    "Asia/Tehran",
    "Asia/Tokyo",
    "Atlantic/Azores",
    "Australia/Lord_Howe",
    "Australia/Sydney",
    "Europe/Budapest",
    "Europe/Dublin",
    "Europe/London",
    "Europe/Moscow",
    "Pacific/Apia",
    "Pacific/Chatham",
    "UTC",
];

/// How many rotations are compared.
const ROTATIONS: usize = 10_000;

/// A moment of the years 2005 to 2023, half of them near one at which the clock of the zone is turned: those years are
/// the same in all versions of the database that are in use.
fn moment(random: &mut ChaCha8Rng, zone: &str) -> jiff::Timestamp {
    let at = jiff::Timestamp::from_second(random.random_range(1_104_537_600..1_672_531_200)).expect("an instant");
    let zone = jiff::tz::TimeZone::get(zone).expect("a zone");
    let turned = zone.following(at).next().map(|turn| turn.timestamp());
    turned.filter(|turn| turn.as_second() < 1_672_531_200 && random.random_bool(0.5)).unwrap_or(at)
}

#[test]
#[expect(clippy::disallowed_types, reason = "a test, which asks Python")]
fn an_oracle_written_apart_says_the_same() {
    let seed = 20_260_329;
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut file = tempfile::NamedTempFile::new().unwrap();
    let mut questions = Vec::new();
    for number in 0..ROTATIONS {
        let zone = ZONES[number % ZONES.len()];
        let near = moment(&mut random, zone);
        let question = question(&mut random, zone, near);
        writeln!(file, "{question}").unwrap();
        questions.push(question);
    }
    let oracle = concat!(env!("CARGO_MANIFEST_DIR"), "/oncall/oracle.py");
    let output = std::process::Command::new("python3").arg(oracle).arg(file.path()).output();
    let output = output.unwrap_or_else(|fault| panic!("this test needs python3 (3.9 or later) on the path: {fault}"));
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "the oracle failed; it needs the zones of the system, or tzdata:\n{errors}");
    let answers = String::from_utf8(output.stdout).unwrap();
    assert_eq!(answers.lines().count(), questions.len());
    let mut somebody = 0;
    for (question, answer) in questions.iter().zip(answers.lines()) {
        let at = Timestamp(question["at"].as_i64().unwrap());
        let roster = Roster::new(&config(question));
        let on_call = roster.on_call("r", at).join(" ");
        assert_eq!(on_call, answer, "seed {seed}, at {at}: {question}");
        somebody += usize::from(!on_call.is_empty());
    }
    assert!(somebody > ROTATIONS / 4 && somebody < ROTATIONS, "{somebody} of {ROTATIONS} have somebody");
}
