//! Golden cases: a configuration in, its faults out, word for word.

use super::*;
use orszem_core::settings::Receiver;
use std::path::Path;

/// A configuration in order, to which the cases add one thing.
pub(crate) const GOOD: &str = r#"
[[watch]]
name = "w"
terms = ["kellemes"]
escalation = "e"
[[escalation]]
name = "e"
step = [{ receivers = ["r"], acknowledge_within = "5m" }]
[[receiver]]
kind = "console"
name = "r"
"#;

pub(crate) fn faults(text: &str) -> Vec<String> {
    check(text, Path::new("a.toml")).iter().map(ToString::to_string).collect()
}

/// `added` comes before the good configuration: its first line is line 1.
#[track_caller]
pub(crate) fn case(added: &str, expected: &[&str]) {
    assert_eq!(faults(&format!("{added}{GOOD}")), expected, "{added}");
}

/// A receiver that an escalation names, with these keys from line 2 on.
#[track_caller]
pub(crate) fn receiver(keys: &str, expected: &[&str]) {
    let used = r#"
[[receiver]]
kind = "console"
name = "r"
[[watch]]
name = "w"
terms = ["kellemes"]
escalation = "e"
[[escalation]]
name = "e"
step = [{ receivers = ["r", "x"], acknowledge_within = "5m" }]
"#;
    assert_eq!(faults(&format!("[[receiver]]\n{keys}{used}")), expected, "{keys}");
}

#[test]
fn a_configuration_in_order_has_no_faults() {
    case("", &[]);
}

#[test]
fn every_syntax_error_is_told_once() {
    let text = "[kafka]\nbrokers = localhost\npartitions = 4\npartitions = 5\n[web\nlisten = \"127.0.0.1:1\"\n[log]\nformat = \"x\"\n";
    assert_eq!(
        faults(text),
        [
            "a.toml:2:11: invalid TOML: string values must be quoted, expected literal string",
            "a.toml:4:1: invalid TOML: duplicate key",
            "a.toml:5:5: invalid TOML: unclosed table, expected `]`",
            "a.toml:8:10: unknown format \"x\" in [log]; known here: text, json",
        ]
    );
}

#[test]
fn a_syntax_error_does_not_spread_and_invents_nothing() {
    for broken in ["terms = [\"aa\"", "terms = [\"aa", "terms = [\"aa, \"bb\"]", "terms = {", "terms = \"\"\"\nx\n"] {
        let text = format!(
            "[detect]\nbudget = 0\n[[watch]]\nname = \"w\"\n{broken}\ndesk = \"care\"\n[log]\nformat = \"x\"\n"
        );
        let faults = faults(&text);
        assert_eq!(faults[0], "a.toml:2:10: \"budget\" is out of range: 0; above 0 and at most 100");
        assert!(faults[1].contains(": invalid TOML: "), "{faults:#?}");
        // An open text swallows the rest; everything else ends where the next statement begins.
        let swallowed = broken.contains("\"\"\"");
        assert_eq!(faults.len(), if swallowed { 2 } else { 3 }, "{faults:#?}");
        assert!(swallowed || faults[2].contains("unknown format \"x\""), "{faults:#?}");
    }
}

#[test]
fn unknown_keys_come_with_the_nearest_known_one() {
    case("[kafka]\nbrokrs = \"a:1\"\n", &["a.toml:2:1: unknown key \"brokrs\" in [kafka]; did you mean \"brokers\"?"]);
    case("[kafak]\n", &["a.toml:1:2: unknown key \"kafak\" at the top level; did you mean \"kafka\"?"]);
    case("listen = \"a\"\n", &["a.toml:1:1: unknown key \"listen\" at the top level; it belongs in [web]"]);
    case(
        "[[escalation]]\nname = \"f\"\n  [[escalation.step]]\n  recievers = [\"r\"]\n  acknowledge_within = \"1m\"\n",
        &[
            "a.toml:2:8: warning: no watch names the escalation \"f\"",
            "a.toml:4:3: unknown key \"recievers\" in [[escalation.step]]; did you mean \"receivers\"?",
        ],
    );
    case("[log]\nzzz = 1\n", &["a.toml:2:1: unknown key \"zzz\" in [log]; known here: format"]);
    receiver(
        "kind = \"console\"\nname = \"x\"\nspeed = 1\n",
        &["a.toml:4:1: unknown key \"speed\" in [[receiver]]; known here: language, time_zone"],
    );
}

#[test]
fn missing_keys_are_told_at_the_header() {
    case(
        "[[watch]]\nescalation = \"e\"\n",
        &[
            "a.toml:1:1: [[watch]] lacks its \"name\"; add name = \"…\"",
            "a.toml:1:1: [[watch]] lacks its \"terms\"; add terms = [\"…\"] or query = '…'",
        ],
    );
    case(
        "[[escalation]]\n",
        &[
            "a.toml:1:1: [[escalation]] lacks its \"name\"; add name = \"…\"",
            "a.toml:1:1: [[escalation]] lacks its \"step\"; say who is notified with [[escalation.step]]",
        ],
    );
    let kinds = Receiver::KINDS.join(", ");
    let expected = format!("a.toml:1:1: [[receiver]] lacks its \"kind\"; one of {kinds}");
    receiver("name = \"x\"\n", &[&expected]);
}

#[test]
fn wrong_types_say_what_was_found_and_how_to_write_it() {
    let text =
        "[kafka]\npartitions = \"4\"\nbrokers = 7\noptions = 1\n[score]\nlateness = 30\nmax_mention_bytes = 1.5\n";
    case(
        text,
        &[
            "a.toml:2:14: \"partitions\" in [kafka] must be a whole number, and is a text; write it without quotes",
            "a.toml:3:11: \"brokers\" in [kafka] must be a text, and is a whole number; write it in quotes",
            "a.toml:4:11: \"options\" in [kafka] is not a table; write them as [kafka.options], one a line",
            "a.toml:6:12: \"lateness\" in [score] must be a text, and is a whole number; write it with its unit and in \
         quotes: \"90s\", \"5m\" or \"36h\"",
            "a.toml:7:21: \"max_mention_bytes\" in [score] must be a whole number, and is a number with a fraction",
        ],
    );
    case(
        "[[kafka]]\n",
        &["a.toml:1:1: \"kafka\" at the top level must be a table, and is a list; write it once, as [kafka]"],
    );
    let one = "[watch]\nname = \"w\"\nterms = \"kellemes\"\n";
    assert_eq!(
        faults(one),
        [
            "a.toml:1:1: warning: watch \"w\" has no escalation: its incidents are shown, but nobody is notified; add escalation = \"…\"",
            "a.toml:1:2: there can be more than one [[watch]], and it is written as one; write [[watch]] with double brackets",
            "a.toml:3:9: \"terms\" in [[watch]] must be a list, and is a text; write it in brackets: terms = [\"…\"]",
        ]
    );
}

#[test]
fn words_and_kinds_come_with_the_nearest_known_one() {
    case("[log]\nformat = \"jsn\"\n", &["a.toml:2:10: unknown format \"jsn\" in [log]; did you mean \"json\"?"]);
    case("[log]\nformat = \"plain\"\n", &["a.toml:2:10: unknown format \"plain\" in [log]; known here: text, json"]);
    receiver(
        "kind = \"pagerdutty\"\nname = \"x\"\n",
        &[
            "a.toml:1:1: [[receiver]] lacks its \"routing_key\"; add routing_key = \"…\"",
            "a.toml:2:8: unknown kind \"pagerdutty\" in [[receiver]]; did you mean \"pagerduty\"?",
        ],
    );
}

#[test]
fn numbers_and_lengths_of_time_have_ranges() {
    case(
        "[kafka]\npartitions = 0\nreplication = 99999999999\ncommit_interval = \"1ms\"\n",
        &[
            "a.toml:2:14: \"partitions\" is out of range: 0; at least 1 and at most 10000",
            "a.toml:3:15: \"replication\" is out of range: 99999999999; at least 1 and at most 100",
            "a.toml:4:19: \"commit_interval\" in [kafka]: \"1ms\" is too short; 10ms to 5s are allowed",
        ],
    );
    for (budget, shown) in [("0", "0"), ("-1.5", "-1.5"), ("100.5", "100.5"), ("nan", "NaN"), ("inf", "inf")] {
        let expected = format!("a.toml:2:10: \"budget\" is out of range: {shown}; above 0 and at most 100");
        case(&format!("[detect]\nbudget = {budget}\n"), &[&expected]);
    }
    case("[detect]\nbudget = 1\n", &[]);
    case(
        "[score]\nlateness = \"soon\"\n",
        &[
            "a.toml:2:12: \"lateness\" in [score]: \"soon\" is not a duration; write a number and its unit: \"90s\", \"5m\" or \
         \"36h\"",
        ],
    );
}

#[test]
fn secrets_are_named_never_written() {
    receiver(
        "kind = \"slack\"\nname = \"x\"\ntoken = \"xoxb-1\"\nchannel = \"C1\"\n",
        &["a.toml:4:9: \"token\" in [[receiver]] is a secret and must not be written here; name where it is kept: \
         \"env:NAME\" or \"file:PATH\""],
    );
    receiver(
        "kind = \"pagerduty\"\nname = \"x\"\nrouting_key = \"env:ORSZEM_NOT_SET\"\n",
        &["a.toml:4:15: warning: the environment variable ORSZEM_NOT_SET is not set"],
    );
    case(
        "[kafka.options]\n\"sasl.password\" = \"hunter2\"\n",
        &[
            "a.toml:2:1: \"sasl.password\" in [kafka.options] is a secret and must not be written here; name where it is kept: \
         \"env:NAME\" or \"file:PATH\"",
        ],
    );
}

#[test]
fn a_byte_order_mark_spoils_a_secret_and_not_the_configuration() {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), "\u{feff}sixteen letters and more").unwrap();
    let place = file.path().display();
    case(
        &format!("[web]\nlink_secret = \"file:{place}\"\n"),
        &[&format!("a.toml:2:15: file:{place} begins with a byte order mark; save it as UTF-8 without one")],
    );
    case("\u{feff}[log]\nformat = \"json\"\n", &[]);
}

#[test]
fn an_option_that_librdkafka_does_not_know_is_a_fault() {
    case(
        "[kafka.options]\n\"secutity.protocol\" = \"SASL_SSL\"\n\"sasl.pasword\" = \"env:HOME\"\n\"whatever.it.is\" = 1\n",
        &[
            "a.toml:2:1: librdkafka has no option \"secutity.protocol\" ([kafka.options]); did you mean \"security.protocol\"?",
            "a.toml:3:1: librdkafka has no option \"sasl.pasword\" ([kafka.options]); did you mean \"sasl.password\"?",
            "a.toml:4:1: librdkafka has no option \"whatever.it.is\" ([kafka.options])",
        ],
    );
    case(
        "[kafka.options]\n\"security.protocol\" = \"SASL\"\n\"linger.ms\" = 5\n\"socket.timeout.ms\" = 1\n\"debug\" = \"all\"\n",
        &[
            "a.toml:2:1: \"security.protocol\" in [kafka.options] has a value that librdkafka refuses; it takes one of \
             plaintext, ssl, sasl_plaintext, sasl_ssl",
            "a.toml:4:1: \"socket.timeout.ms\" in [kafka.options] has a value that librdkafka refuses; it takes a number \
             from 10 to 300000",
        ],
    );
}

#[test]
fn options_that_orszem_sets_itself_are_refused_with_the_reason() {
    case(
        "[kafka.options]\n\"isolation.level\" = \"read_uncommitted\"\n\"linger.ms\" = 5\n",
        &[
            "a.toml:2:1: \"isolation.level\" in [kafka.options] cannot be set: stages must not read what was never committed; \
         leave it out",
        ],
    );
    case(
        "[kafka.options]\nsecurity.protocol = \"SSL\"\n\"fetch.ratio\" = 0.5\n",
        &[
            "a.toml:2:1: \"security\" in [kafka.options] is a table, because of the dots in the name; put the whole name in \
         quotes: \"security.…\" = \"…\"",
            "a.toml:3:1: \"fetch.ratio\" in [kafka.options] must be a text, a whole number, true or false; put the value in quotes",
        ],
    );
}

#[test]
fn columns_count_characters_and_lines_may_end_in_cr_lf() {
    case(
        "\u{feff}[detect]\r\nbudget = 0 # ő\r\n",
        &["a.toml:2:10: \"budget\" is out of range: 0; above 0 and at most 100"],
    );
    let text = "web = { public_url = \"őű\", listn = 1 }\n";
    assert!(
        faults(text).iter().any(|fault| fault.starts_with("a.toml:1:28: unknown key \"listn\"")),
        "{:#?}",
        faults(text)
    );
}

#[test]
fn a_secret_that_is_missing_keeps_it_from_running_only_here() {
    let text = format!("[web]\nlink_secret = \"env:ORSZEM_NOT_SET\"\n{GOOD}");
    let path = Path::new("a.toml");
    let (elsewhere, here) = (examine(&text, path, SecretCheck::Optional), examine(&text, path, SecretCheck::Required));
    assert!(elsewhere.0.is_some() && here.0.is_none());
    assert_eq!(here.1[0].to_string(), "a.toml:2:15: the environment variable ORSZEM_NOT_SET is not set");
}
