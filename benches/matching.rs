//! What the matcher costs for each mention with 10, 1,000 and 10,000 watches, how long it takes to build, and its
//! memory.
//!
//! `cargo bench --bench matching [-- FOLDER]`: texts from `*.jsonl.gz` in FOLDER, by default of the real streams that
//! `ORSZEM_TEST_DATA` names, or simulated ones.
//! CPU time of this thread's process; the best of several rounds, so that other work on the machine counts little.

#![allow(
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::unwrap_used,
    missing_docs,
    reason = "a bench measures time and prints"
)]

mod texts;

use std::fs::File;
use std::path::{Path, PathBuf};

use orszem_core::replay::{Got, Input};
use orszem_records::mention;
use orszem_text::query::{About, Found, Matcher, Node, parse};

const ROUNDS: usize = 7;
/// The most texts.
const MOST: usize = 60_000;

fn main() {
    let folder = std::env::args().skip(1).find(|argument| !argument.starts_with('-'));
    let folder = folder.map(PathBuf::from).or_else(|| texts::real().map(|real| real.join("mentions")));
    let (texts, origin) = match folder {
        Some(folder) => (of_mentions(&folder), folder.display().to_string()),
        None => (texts::simulated(MOST / 2).into_values().flatten().collect(), "the simulation".into()),
    };
    let bytes: usize = texts.iter().map(String::len).sum();
    println!("{} texts from {origin}, {} bytes on average", texts.len(), bytes / texts.len().max(1));
    println!(
        "{:>8} {:>12} {:>12} {:>14} {:>12} {:>8}",
        "watches", "build ms", "memory MB", "ns a mention", "hits", "ratio"
    );
    let mut first = None;
    for count in [10, 1_000, 10_000] {
        let queries: Vec<Node> = (0..count).map(|number| parse(&query(number)).unwrap()).collect();
        let before = resident();
        let began = cpu_ns();
        let matcher = Matcher::new(queries.iter().map(Some));
        let build = cpu_ns() - began;
        let memory = resident().saturating_sub(before).max(matcher.bytes());
        let (mut best, mut hits) = (u64::MAX, 0);
        let mut found = Found::default();
        for _ in 0..ROUNDS {
            hits = 0;
            let began = cpu_ns();
            for text in &texts {
                matcher.find(text, &About::default(), &mut found);
                hits += found.watches().count();
            }
            best = best.min(cpu_ns() - began);
        }
        let each = best as f64 / texts.len() as f64;
        let ratio = each / *first.get_or_insert(each);
        let (build, memory) = (build as f64 / 1e6, memory as f64 / 1e6);
        println!("{count:>8} {build:>12.1} {memory:>12.1} {each:>14.0} {hits:>12} {ratio:>8.2}");
    }
    other_scripts();
}

/// Sentences in other scripts, each repeated to the length of a post; a mention costs more there than in Latin, since
/// each letter is looked up.
fn other_scripts() {
    let scripts = [
        ("Latin", "posta", "A Magyar Posta ma reggel óta nem kézbesít, senki sem tudja, miért."),
        ("Greek", "σκλαβενίτης", "Ο ΣΚΛΑΒΕΝΙΤΗΣ έκλεισε σήμερα το πρωί χωρίς καμία προειδοποίηση."),
        ("Cyrillic", "почта", "Почта с утра ничего не доставляет, и никто не знает, почему."),
        ("Arabic", "زين", "شبكة زيـــن توقفت منذ الصباح ولا أحد يعرف السبب."),
        ("Hindi", "जियो", "जियो का नेटवर्क सुबह से बंद है और किसी को पता नहीं क्यों।"),
        ("Japanese", "ソニー", "昨日ソニーストアで買った新製品が今朝から動かない。"),
        ("Korean", "삼성", "삼성에서는 오늘 아침부터 아무런 말이 없습니다."),
        ("Thai", "ทรู", "เน็ตทรูล่มตั้งแต่เช้าและไม่มีใครรู้ว่าทำไม"),
    ];
    println!("\n{:>8} {:>14} {:>12} {:>12}", "script", "ns a mention", "bytes", "ns a byte");
    for (script, name, sentence) in scripts {
        let text = sentence.repeat(3);
        let query = parse(name).unwrap();
        let (matcher, mut found) = (Matcher::new([Some(&query)]), Found::default());
        let mut best = u64::MAX;
        for _ in 0..ROUNDS {
            let began = cpu_ns();
            for _ in 0..MOST / 10 {
                matcher.find(&text, &About::default(), &mut found);
            }
            best = best.min(cpu_ns() - began);
        }
        assert!(!found.is_empty(), "{script}");
        let each = best as f64 / (MOST / 10) as f64;
        println!("{script:>8} {each:>14.0} {:>12} {:>12.2}", text.len(), each / text.len() as f64);
    }
}

/// Companies that the texts are about, and then invented ones of syllables that words are made of.
fn query(number: usize) -> String {
    let known = ["united", "spotify", "delta", "posta", "telekom", "facebook", "apple", "twitter", "jetblue", "google"];
    if let Some(name) = known.get(number) {
        return format!("({name} OR \"{name} support\" OR @{name}) AND NOT ({name} NEAR/3 job)");
    }
    let syllables =
        ["ka", "mer", "to", "lin", "sza", "ver", "an", "del", "or", "bi", "gyu", "tra", "pos", "ne", "tel", "un"];
    let random =
        (number as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(29).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let name: String = (0..4).map(|place| syllables[(random >> (place * 8 + 8)) as usize % syllables.len()]).collect();
    format!("({name} OR \"{name} zrt\" OR @{name}hu OR #{name}) AND NOT ({name} NEAR/3 állás)")
}

/// The texts of the mentions in every `*.jsonl.gz` of a folder.
fn of_mentions(folder: &Path) -> Vec<String> {
    let mut texts = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if !path.to_string_lossy().ends_with(".jsonl.gz") {
            continue;
        }
        let mut input = Input::new("texts", File::open(&path).unwrap()).unwrap();
        let mut line = Vec::new();
        while texts.len() < MOST && matches!(input.read(&mut line), Ok(Got::Line)) {
            if let Ok(mention) = mention::parse(&line, 1 << 20) {
                texts.push(mention.text.into_owned());
            }
        }
    }
    texts
}

/// CPU time of this process in ns.
fn cpu_ns() -> u64 {
    let time = std::fs::read_to_string("/proc/self/schedstat").unwrap();
    time.split_whitespace().next().unwrap().parse().unwrap()
}

/// Resident memory in bytes.
fn resident() -> usize {
    let pages = std::fs::read_to_string("/proc/self/statm").unwrap();
    pages.split_whitespace().nth(1).unwrap().parse::<usize>().unwrap() * 4096
}
