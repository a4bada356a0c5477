//! A secret in the configuration itself: refused where it stands, and never repeated.

use super::tests::{GOOD, faults};
use super::*;
use std::path::Path;
use std::time::{Duration, Instant};

/// A token, in pieces so that this file holds none.
fn token() -> String {
    ["ghp", "_x7Kq2Zm9Lw4Rt8Yv3Bn6Jc1Hd5Gf0Ps2Aa7e"].concat()
}

/// Everything that a check says of a text.
fn told(text: &str) -> String {
    let (config, faults) = examine(text, Path::new("a.toml"), SecretCheck::Optional);
    assert!(config.is_none(), "it is refused");
    faults.iter().map(|fault| format!("{fault:?}{fault}{}", fault.with_excerpt())).collect()
}

const FIX: &str = "keep it in a safe and write where it is kept, \"op://…\" or \"vault:…\"; in a setting that reads a \
                   secret: \"env:NAME\" or \"file:PATH\"; and replace it, because it stood in a file";

#[test]
fn a_secret_in_a_step_is_refused_at_its_place() {
    let step = "[[playbook]]\nname = \"p\"\n[[playbook.move]]\ndo = \"Lépj be. Jelszó: hunter2, majd posztolj.\"\n";
    let expected = format!("a.toml:4:24: \"do\" holds a password behind its name; {FIX}");
    assert_eq!(faults(&format!("{step}{GOOD}")), [expected]);
    let several = "[[playbook]]\nname = \"p\"\ntext = \"\"\"\nSign in.\n  password: hunter2\n\"\"\"\n[[playbook.move]]\ndo = \"x\"\n";
    let expected = format!("a.toml:5:13: \"text\" holds a password behind its name; {FIX}");
    assert_eq!(faults(&format!("{several}{GOOD}")), [expected]);
}

#[test]
fn a_token_is_refused_wherever_it_stands_and_no_fault_repeats_it() {
    let token = token();
    let places = [
        format!("{GOOD}[watch.labels]\nx = \"{token}\"\n"),
        GOOD.replace("\"kellemes\"", &format!("\"{token}\"")),
        GOOD.replace("\"console\"", &format!("\"{token}\"")),
        GOOD.replace("name = \"w\"", &format!("name = \"{token}\"")),
        GOOD.replace("\"5m\"", &format!("\"{token}\"")),
        format!("{GOOD}[web]\ntime_zone = '{token}'\n"),
        format!("{GOOD}[kafka]\nbrokers = \"{token}\"\n"),
        format!("{GOOD}[kafka.options]\n\"client.id\" = \"{token}\"\n"),
        format!("{GOOD}[nothing]\nx = [[{{ y = \"{token}\" }}]]\n"),
        format!("{GOOD}[detect]\nbudget = \"{token}\"\n"),
        format!("{GOOD}[web]\nlisten = \ntime_zone = \"{token}\"\n[[feed]]\nescalation = \"{token}\"\n"),
    ];
    for text in places {
        let told = told(&text);
        assert!(!told.contains("Kq2Zm9Lw4Rt8"), "{told}\n--- of ---\n{text}");
        assert!(told.contains("holds a token of GitHub"), "{told}");
    }
}

#[test]
fn a_secret_in_the_setting_of_a_secret_is_told_once() {
    let text = format!("[web]\nlink_secret = \"{}\"\n{GOOD}", token());
    let expected = "a.toml:2:15: \"link_secret\" in [web] is a secret and must not be written here; name where it is \
                    kept: \"env:NAME\" or \"file:PATH\"";
    assert_eq!(faults(&text), [expected]);
}

#[test]
fn a_secret_in_an_included_file_is_told_there() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.toml"), format!("include = [\"b.toml\"]\n{GOOD}")).unwrap();
    let other = format!("[[playbook]]\nname = \"p\"\n[[playbook.move]]\ndo = \"{}\"\n", token());
    std::fs::write(folder.path().join("b.toml"), other).unwrap();
    let refused = load(&folder.path().join("a.toml")).unwrap_err().to_string();
    assert!(refused.contains("b.toml:4:7: \"do\" holds a token of GitHub; keep it in a safe"), "{refused}");
}

#[test]
fn what_only_looks_random_is_a_warning_and_blocks_nothing() {
    let text = format!("{GOOD}[[playbook]]\nname = \"p\"\n[[playbook.move]]\ndo = \"Open q8Zk2LmX0pR7vT4wB9nY1c\"\n");
    let (config, faults) = examine(&text, Path::new("a.toml"), SecretCheck::Required);
    assert!(config.is_some(), "{faults:?}");
    let told = faults[0].to_string();
    let expected = "\"do\" may hold a secret: a long text that looks random; if it is a secret: keep it in a safe";
    assert!(told.starts_with("a.toml:15:12: warning: ") && told.contains(expected), "{told}");
    assert!(!faults[0].with_excerpt().to_string().contains("q8Zk2LmX0pR7"), "not even a warning repeats it");
}

#[test]
fn where_a_secret_is_kept_may_be_written_anywhere() {
    for place in ["op://Press/Facebook/password", "vault:secret/press#x", "the safe in room 12", "env:FACEBOOK"] {
        let text = format!("{GOOD}[[playbook]]\nname = \"p\"\n[[playbook.move]]\ndo = \"Password: {place}\"\n");
        assert_eq!(faults(&text), [""; 0], "{place}");
    }
}

#[test]
#[expect(clippy::disallowed_methods, reason = "it is about how long it takes")]
fn ten_thousand_watches_are_looked_through_in_time() {
    let watch = |n| {
        format!("[[watch]]\nname = \"w{n}\"\nterms = [\"kellemes{n}\", \"légitársaság {n}\"]\nescalation = \"e\"\n\n")
    };
    let text: String = (0..10_000).map(watch).collect::<String>() + GOOD;
    let (document, _) = toml::de::DeTable::parse_recoverable(&text);
    let began = Instant::now();
    assert!(secret_scan::scan(document.get_ref(), &text).is_empty());
    let took = began.elapsed();
    assert!(took < Duration::from_secs(5), "{took:?} without optimisation");
}
