//! What needs no server. The cores alone, on simulated streams: what comes out depends on the records, not on how they
//! came in. The command line, and the examples of configurations.

#![allow(clippy::unwrap_used, reason = "what goes wrong in here is the failure of the test")]

#[path = "cores/cases.rs"]
mod cases;
#[path = "cores/circles.rs"]
mod circles;
#[path = "cores/command_line.rs"]
mod command_line;
#[path = "cores/detection.rs"]
mod detection;
#[path = "cores/examples.rs"]
mod examples;
#[path = "cores/pictures.rs"]
mod pictures;
#[path = "cores/structure.rs"]
mod structure;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use orszem_config::SecretCheck;
use orszem_core::backtest::run::Source;
use orszem_core::backtest::{Bounds, Job, Outcome};
use orszem_core::detect;
use orszem_core::input::NoHeaders;
use orszem_core::replay::{Input as File, Merge};
use orszem_core::score::core::{CompiledWatches, Core, Input, Read, Settings};
use orszem_core::settings::Config;
use orszem_core::settings::Watch;
use orszem_core::simulate::{Company, Plan, Simulation};
use orszem_records::incident::Incident;
use orszem_records::ledger::Entry;
use orszem_records::signal::Kind;
use orszem_records::tally::{Tally, TallyRecord, Watermarks};
use orszem_records::time::{Slice, Timestamp};
use orszem_text::sentiment::corpus::{Apart, Example};
use orszem_text::sentiment::mask::Names;
use orszem_text::sentiment::texts;
use orszem_text::sentiment::train::train;
use orszem_text::sentiment::{Models, Sentiment};

const START: Timestamp = Timestamp(1_790_553_600_000);
const PARTITIONS: i32 = 3;

/// The records of a simulated fortnight with one event of each kind, and the configuration that watches it.
fn stream(seed: u64) -> (Config, Vec<Vec<u8>>) {
    let simulation = Simulation::new(Plan::demo(seed, START, 14).scaled(0.1)).unwrap();
    let (config, faults) =
        orszem_config::examine(&simulation.truth().watches_toml(), Path::new("a.toml"), SecretCheck::Required);
    let records = simulation.map(|(_, mention)| serde_json::to_vec(&mention).unwrap()).collect();
    (config.unwrap_or_else(|| panic!("{faults:?}")), records)
}

/// Score in batches of this many records: the records of the tallies as they would be written.
fn score(watches: &[Watch], records: &[Vec<u8>], partitions: i32, batch: usize) -> Vec<String> {
    let rules = CompiledWatches::new(watches, Arc::new(Models::shipped().unwrap())).unwrap();
    let mut core = Core::new(Settings::from(&orszem_core::settings::Score::default()), Arc::new(rules));
    (0..partitions).for_each(|partition| assert_eq!(core.assign(partition, 0), 0));
    let mut offsets = vec![0; usize::try_from(partitions).unwrap()];
    let mut written = Vec::new();
    for records in records.chunks(batch) {
        for value in records {
            let place = value.len() % offsets.len();
            let partition = i32::try_from(place).unwrap();
            let input = Input {
                partition,
                offset: offsets[place],
                timestamp: Timestamp(0),
                value,
                headers: &NoHeaders,
                replayed: false,
            };
            assert!(matches!(core.read(input), Read::Scored(_)));
            offsets[place] += 1;
        }
        written.extend(core.take().tallies.into_iter().map(TallyRecord::Tally));
        let heard = core.take_heard();
        written.push(TallyRecord::Watermark(Watermarks { heard, ..core.watermarks(&BTreeMap::new()) }));
    }
    written.iter().map(|record| serde_json::to_string(record).unwrap()).collect()
}

/// Detect over those records, with a death after every `life` of them: the ledger, byte for byte.
fn detect(config: &Config, tallies: &[String], life: usize) -> Vec<String> {
    let settings = detect::core::Settings::from(config);
    let mut core = detect::core::Core::new(settings.clone());
    let mut ledger: Vec<Entry> = Vec::new();
    for tallies in tallies.chunks(life) {
        for record in tallies {
            match serde_json::from_str(record).unwrap() {
                TallyRecord::Tally(tally) => core.tally(&tally, &mut ledger),
                TallyRecord::Watermark(watermarks) => core.watermarks(&watermarks, &mut ledger),
                TallyRecord::Warm { watch, .. } => panic!("score warms nobody: {watch}"),
                TallyRecord::Canary { token } => panic!("nobody sent a canary: {token}"),
            }
        }
        core.touch_all();
        let snapshots = core.snapshots().into_iter().collect();
        let mut next = detect::core::Core::new(settings.clone());
        assert_eq!(next.restore(core.clock().clone(), snapshots), Vec::<String>::new());
        core = next;
    }
    ledger.iter().map(|entry| serde_json::to_string(entry).unwrap()).collect()
}

fn folded(tallies: &[String]) -> BTreeMap<(String, Slice), Tally> {
    let mut sum: BTreeMap<(String, Slice), Tally> = BTreeMap::new();
    for record in tallies {
        if let TallyRecord::Tally(tally) = serde_json::from_str(record).unwrap() {
            let key = (tally.watch.clone(), tally.slice);
            sum.entry(key).and_modify(|sum| sum.merge(&tally)).or_insert(tally);
        }
    }
    sum
}

/// What the ledger says in the end of every incident that has ended.
fn ended(ledger: &[String]) -> BTreeMap<String, String> {
    let mut incidents: BTreeMap<String, Incident> = BTreeMap::new();
    for entry in ledger {
        let entry: Entry = serde_json::from_str(entry).unwrap();
        match incidents.get_mut(&entry.incident.0) {
            Some(incident) => incident.apply(&entry),
            None => drop(incidents.insert(entry.incident.0.clone(), Incident::begin(&entry).unwrap())),
        }
    }
    let ended = incidents.into_values().filter(|incident| incident.closed);
    ended.map(|incident| (incident.id.0, format!("{} {:?}", incident.severity, incident.signal))).collect()
}

#[test]
fn batches_and_deaths_change_nothing() {
    for seed in [1, 2, 3] {
        let (config, records) = stream(seed);
        let (small, large) =
            (score(&config.watches, &records, PARTITIONS, 97), score(&config.watches, &records, PARTITIONS, 2_000));
        assert_eq!(folded(&small), folded(&large), "seed {seed}");

        let ledger = detect(&config, &small, usize::MAX);
        assert_eq!(detect(&config, &small, 501), ledger, "seed {seed}: a death changed the ledger");
        assert!(!ended(&ledger).is_empty(), "seed {seed}: nothing was found");
        assert_eq!(ended(&detect(&config, &large, usize::MAX)), ended(&ledger), "seed {seed}");
    }
}

/// Mentions of a simulation as a backtest takes them: merged from files.
fn files(records: &[Vec<u8>], files: usize) -> Merge {
    let file = |file: usize| {
        let lines: Vec<&[u8]> = records.iter().skip(file).step_by(files).map(Vec::as_slice).collect();
        File::new(file.to_string(), std::io::Cursor::new(lines.join(&b'\n'))).unwrap()
    };
    Merge::new((0..files).map(file).collect()).unwrap()
}

fn backtest(config: &Config, mut mentions: Merge) -> Outcome {
    let mentions = Some(&mut mentions as &mut dyn Source);
    let sentiment = Arc::new(Models::shipped().unwrap());
    let (counts, bounds) = (Vec::new(), Bounds::default());
    Job { config, sentiment, mentions, counts, bounds, charts: true, labels: None }.run().unwrap()
}

#[test]
fn a_backtest_finds_what_the_cores_find_however_the_files_are_cut() {
    let (config, records) = stream(1);
    let outcome = backtest(&config, files(&records, 1));
    assert_eq!(outcome.input.mentions, records.len() as u64);

    let mut folded: BTreeMap<String, Incident> = BTreeMap::new();
    for entry in detect(&config, &score(&config.watches, &records, 1, 97), usize::MAX) {
        let entry: Entry = serde_json::from_str(&entry).unwrap();
        match folded.get_mut(&entry.incident.0) {
            Some(incident) => incident.apply(&entry),
            None => drop(folded.insert(entry.incident.0.clone(), Incident::begin(&entry).unwrap())),
        }
    }
    let told = |incident: &Incident| (incident.signal.opened_at, incident.signal.kind, incident.signal.counts);
    let ledger: BTreeMap<&str, _> = folded
        .iter()
        .filter(|(_, incident)| incident.closed)
        .map(|(id, incident)| (id.as_str(), told(incident)))
        .collect();
    let found: BTreeMap<&str, _> = outcome
        .incidents
        .iter()
        .filter(|incident| incident.closed_at.is_some())
        .map(|incident| (incident.id.0.as_str(), (incident.opened_at, incident.kind, incident.counts)))
        .collect();
    assert!(!found.is_empty());
    assert_eq!(found, ledger);
    for incident in &outcome.incidents {
        let paged = incident.paged_at.map(|at| at.since(incident.opened_at));
        assert_eq!(paged.is_some(), incident.kind.pages() && incident.kind != Kind::NoData, "{incident:?}");
        assert!(paged.is_none_or(|after| after > 0), "{incident:?}");
    }

    let cut = backtest(&config, files(&records, 4));
    assert_eq!(cut.incidents, outcome.incidents);
    assert_eq!(cut.summary().counted, outcome.summary().counted);
}

#[test]
fn the_configuration_of_the_readme_is_in_order() {
    let readme = std::fs::read_to_string("README.md").unwrap();
    let block = readme.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    assert_eq!(orszem_config::check(block, Path::new("README.md")), []);
}

#[test]
fn the_mention_is_documented_with_every_reason_to_refuse_one() {
    let document = std::fs::read_to_string("docs/mention.md").unwrap();
    let reasons = ["too-large", "empty", "not-utf8", "too-deep", "not-json", "field", "no-id", "no-text", "no-time"];
    assert!(reasons.iter().all(|reason| document.contains(&format!("`{reason}`"))));
}

/// A stream of a million texts must not be a million visits to the allocator.
#[test]
fn judging_allocates_nothing() {
    let models = Models::shipped().unwrap();
    let mut names = Names::new(["united", "Magyar Telekom"]);
    let texts = [
        "@united three hours on hold, this is ridiculous :( http://t.co/x",
        "A Magyar Telekomnál megint nem veszik fel, felháborító 😡 nincs rá szó",
        "Das ist wirklich eine ganz schlimme Katastrophe",
        "a\u{301}\u{200b}\u{0} \u{fffd} שלום",
        &"nagyon hosszú szöveg ".repeat(500),
    ];
    let mut judge_all = || {
        for text in texts {
            let masked = names.find(text);
            std::hint::black_box(models.judge(text, models.language(text, None), masked, &[]));
        }
    };
    // The first round makes tables and buffers.
    judge_all();
    let seen = allocation_counter::measure(judge_all);
    assert_eq!(seen.count_total, 0, "{seen:?}");
}

/// Labelled texts of a simulation make a model, and the same ones make the same model.
#[test]
fn training_gives_the_same_bytes() {
    let plan = Plan::demo(4, START, 2).scaled(0.3);
    let hungarian = plan.companies.iter().map(|company| Company { hungarian: 1.0, ..company.clone() }).collect();
    let simulation = Simulation::new(Plan { companies: hungarian, ..plan }).unwrap();
    let labelled = simulation.filter(|(_, mention)| mention.company.is_some() && mention.repost_of.is_none());
    let mut examples: Vec<Example> = labelled
        .map(|(_, mention)| Example { class: mention.class, text: mention.text, year: None })
        .take(3_000)
        .collect();
    assert_eq!(examples.len(), 3_000);
    let news = examples.split_off(1_500);
    let kinds = [("reviews", examples), ("news", news)];
    let kinds = kinds.map(|(name, examples)| texts::Kind { name: name.into(), examples });
    let bytes = || train(&kinds, Apart::default()).unwrap().model.to_bytes();
    assert_eq!(bytes(), bytes());
}

/// Every page of documentation, by its path.
fn pages() -> Vec<std::path::PathBuf> {
    let mut folders = vec![std::path::PathBuf::from("docs"), "models".into()];
    let mut pages: Vec<_> = ["README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md"].map(Into::into).into();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "md") {
                pages.push(path);
            }
        }
    }
    pages
}

#[test]
fn no_line_of_prose_is_longer_than_120_characters() {
    let mut long = Vec::new();
    for page in pages() {
        let text = std::fs::read_to_string(&page).unwrap();
        let mut in_block = false;
        for (line, number) in text.lines().zip(1..) {
            in_block ^= line.trim_start().starts_with("```");
            // Rows of tables cannot be broken, nor what is shown as it is typed.
            if !in_block && !line.starts_with(['|', '!']) && line.chars().count() > 120 {
                long.push(format!("{}:{number}", page.display()));
            }
        }
    }
    assert_eq!(long, Vec::<String>::new());
}

#[test]
fn every_link_of_the_documentation_leads_somewhere() {
    let mut broken = Vec::new();
    for page in pages() {
        let text = std::fs::read_to_string(&page).unwrap();
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let file = link.split('#').next().unwrap();
            if !file.is_empty() && !link.contains("://") && !page.parent().unwrap().join(file).exists() {
                broken.push(format!("{}: {link}", page.display()));
            }
        }
    }
    assert_eq!(broken, Vec::<String>::new());
}
