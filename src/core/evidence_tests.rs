use super::*;
use orszem_records::ledger::{ByWhom, Entry, Feedback, IncidentId};
use orszem_records::signal::{Kind, Phase, Signal};
use orszem_records::tally::Sample;

fn sample(id: &str, text: &str) -> Sample {
    Sample {
        id: id.into(),
        published_at: Timestamp(1_406_910_605_123),
        source: "bluesky".into(),
        author: "Kiss Anna".into(),
        followers: 12,
        class: Class::Negative,
        text: text.into(),
        url: Some("https://social.example/1".into()),
        role: None,
        language: None,
    }
}

fn entry(event: Event) -> Entry {
    Entry { watch: "acme".into(), incident: IncidentId::new("acme", 3), at: Timestamp(1_406_910_660_000), event }
}

fn incident(texts: &[&str]) -> Incident {
    let samples = texts.iter().zip(1..).map(|(text, id): (_, u32)| sample(&id.to_string(), text)).collect();
    let signal = Signal { samples, ..Signal::plain(Phase::Opened, Kind::Negativity, Timestamp(1_406_910_660_000)) };
    Incident::begin(&entry(Event::Signal(Box::new(signal)))).unwrap()
}

#[test]
fn a_hash_covers_the_canonical_json_of_a_mention() {
    let evidence = Evidence::of(&incident(&["Szivárgás \"itt\"\n😡"]));
    let [piece] = &evidence.mentions[..] else { panic!("{evidence:?}") };
    let canonical = r#"{"author":"Kiss Anna","followers":12,"id":"1","judged":"negative","published_at":"2014-08-01T16:30:05.123Z","seen_at":"2014-08-01T16:31:00Z","source":"bluesky","text":"Szivárgás \"itt\"\n😡","url":"https://social.example/1"}"#;
    assert_eq!(piece.mention.canonical(), canonical);
    // Computed with `sha256sum`.
    assert_eq!(piece.sha256, "402454c5d5f8207c80e080c567b931942d73b4d96061f90ae86d2a94dc1a9b80");
    assert_eq!(piece.chain, hash(format!("acme.3{}", piece.sha256).as_bytes()));
    assert_eq!(evidence.hash.as_ref(), Some(&piece.chain));
}

#[test]
fn the_names_stay_in_their_order_whatever_is_added() {
    let json: serde_json::Value = serde_json::from_str(&Mention::of(&kept()).canonical()).unwrap();
    let mut sorted: Vec<&String> = json.as_object().unwrap().keys().collect();
    sorted.sort();
    let text = Mention::of(&kept()).canonical();
    let places: Vec<usize> = sorted.iter().map(|name| text.find(&format!("\"{name}\":")).unwrap()).collect();
    assert!(places.is_sorted(), "{text}");
}

fn kept() -> Kept {
    Kept { mention: sample("1", "a"), seen_at: Timestamp(0) }
}

#[test]
fn the_hash_over_all_changes_with_any_of_them_with_their_order_and_with_the_incident() {
    let hash_of = |texts: &[&str]| Evidence::of(&incident(texts)).hash.unwrap();
    let all = hash_of(&["a", "b", "c"]);
    assert_eq!(all, hash_of(&["a", "b", "c"]));
    assert_ne!(all, hash_of(&["a", "b", "d"]));
    assert_ne!(all, hash_of(&["b", "a", "c"]));
    assert_ne!(all, hash_of(&["a", "b"]));
    let mut other = incident(&["a", "b", "c"]);
    other.id = IncidentId::new("acme", 4);
    assert_ne!(all, Evidence::of(&other).hash.unwrap());
    assert_eq!(Evidence::of(&incident(&[])).hash, None);
}

#[test]
fn what_people_said_of_a_judgement_stands_beside_it_and_changes_no_hash() {
    let mut incident = incident(&["a", "b"]);
    let before = Evidence::of(&incident);
    let by = ByWhom::new("anna", "link");
    let feedback =
        Feedback { mention: "2".into(), judged: Class::Negative, corrected: Class::Positive, text: "b".into(), by };
    incident.apply(&entry(Event::Feedback(feedback)));
    let after = Evidence::of(&incident);
    assert_eq!(after.hash, before.hash);
    assert_eq!(after.mentions[0].corrections, []);
    let [correction] = &after.mentions[1].corrections[..] else { panic!("{after:?}") };
    assert_eq!((correction.by.as_str(), correction.corrected), ("anna", Class::Positive));
}

#[test]
fn followers_beyond_what_json_keeps_are_the_largest_that_it_keeps() {
    let many = Kept { mention: Sample { followers: u64::MAX, ..sample("1", "a") }, seen_at: Timestamp(0) };
    assert!(Mention::of(&many).canonical().contains("\"followers\":9007199254740991,"));
}

/// The commands of docs/evidence.md, as they stand there, find what the file says.
#[test]
#[cfg(unix)]
#[expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "a test, which runs the commands of a document"
)]
fn the_commands_of_the_handbook_check_a_file_and_notice_a_change() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("evidence.json");
    let document = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/evidence.md")).unwrap();
    let commands: Vec<&str> = document.split("```sh\n").skip(1).map(|rest| rest.split("```").next().unwrap()).collect();
    assert_eq!(commands.len(), 2, "one for each mention, one for the chain");
    let run = |evidence: &Evidence, command: &str| {
        std::fs::write(&file, serde_json::to_string_pretty(evidence).unwrap()).unwrap();
        let ran = std::process::Command::new("bash").arg("-c").arg(command).current_dir(folder.path()).output();
        let ran = ran.unwrap();
        assert!(ran.status.success(), "{command}: {}", String::from_utf8_lossy(&ran.stderr));
        String::from_utf8(ran.stdout).unwrap().trim().to_owned()
    };
    let good = Evidence::of(&incident(&["Szivárgás \"itt\"\n😡 \u{2028}\\ </x>", "b\t\u{1}"]));
    assert_eq!(run(&good, commands[0]), "all hashes of mentions are right");
    assert_eq!(run(&good, commands[1]), *good.hash.as_ref().unwrap());
    let mut changed = good.clone();
    changed.mentions[1].mention.text.push('!');
    assert_eq!(run(&changed, commands[0]), "mention 2 was changed");
}
