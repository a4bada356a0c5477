//! What must hold for any text: no panic, places inside the text, and no secret in any fault.

use super::*;
use orszem_core::settings::{Config, Receiver};
use proptest::prelude::*;
use std::path::Path;

const EXAMPLE: &str = include_str!("../../alerts.toml");
const MARKER: &str = "Zq7Hunter2";

/// The example with every block that is commented out taken in.
fn whole_example() -> String {
    let uncommented = |line: &str| {
        let bare = line.strip_prefix("# ")?;
        let key = bare.split_once(" = ").map(|(key, _)| key.trim_matches('"'));
        let is_key = key.is_some_and(|key| key.chars().all(|c| c.is_ascii_alphanumeric() || "._".contains(c)));
        (bare.starts_with('[') || is_key).then(|| bare.to_owned())
    };
    let lines = EXAMPLE.lines().map(|line| uncommented(line).unwrap_or_else(|| line.to_owned()) + "\n");
    // The block of options stands before other sections already; nothing else has to move.
    lines.collect()
}

/// The whole example with the marker written where secrets are named.
fn with_secrets() -> String {
    let places = ["env:KAFKA_PASSWORD", "env:ORSZEM_LINK_SECRET", "env:ORSZEM_API_TOKEN", "env:SLACK_TOKEN"];
    let more = ["file:/etc/orszem/slack-webhook", "env:SMTP_PASSWORD", "env:PAGERDUTY_ROUTING_KEY", "env:HOOK_SECRET"];
    let signing_in = ["env:ORSZEM_PROXY_SECRET", "env:OIDC_CLIENT_SECRET"];
    places.iter().chain(&more).chain(&signing_in).fold(whole_example(), |text, place| {
        assert_eq!(text.matches(place).count(), 1, "{place}");
        text.replace(place, MARKER)
    })
}

/// Everything that a fault can be made to show.
fn shown(text: &str) -> String {
    let (config, faults) = examine(text, Path::new("a.toml"), SecretCheck::Optional);
    let mut shown = format!("{:?}{faults:?}", config.map(|config| config.kafka.options));
    for fault in &faults {
        let position = fault.position.expect("a position");
        let line = text.split('\n').nth(position.line - 1).expect("the line is there");
        assert!(position.column <= line.chars().count() + 1, "{fault}");
        assert!(!fault.message.contains("cannot be read as part"), "the schema takes what serde refuses: {text}");
        shown += &format!("{fault}{}", fault.with_excerpt());
    }
    shown
}

#[track_caller]
fn hides_the_marker(text: &str) {
    let shown = shown(text);
    assert!(!shown.contains(MARKER), "{shown}\n--- of ---\n{text}");
}

#[test]
fn the_example_is_in_order() {
    assert_eq!(check(EXAMPLE, Path::new("alerts.toml")), []);
}

#[test]
fn the_example_is_in_order_with_everything_taken_in() {
    let text = whole_example();
    let faults = check(&text, Path::new("alerts.toml"));
    let other = |fault: &&Fault| fault.is_error() || !fault.message.contains("environment variable");
    // The example is for this machine, and has no file of a secret.
    let expected = ["slack-webhook", "over plain HTTP: good for trying it"];
    let other = faults.iter().filter(other).filter(|fault| !expected.iter().any(|it| fault.message.contains(it)));
    let other: Vec<_> = other.collect();
    assert!(other.is_empty(), "{other:#?}");
    let config: Config = toml::from_str(&text).unwrap();
    assert_eq!(config.receivers.len(), text.matches("\n[[receiver]]").count());
    for kind in Receiver::KINDS {
        assert!(config.receivers.iter().any(|receiver| receiver.kind() == *kind), "no {kind} in the example");
    }
    assert_eq!(config.escalations[0].steps.len(), 4);
    assert_eq!(config.kafka.options.len(), 4);
}

#[test]
fn the_schema_for_editors_is_the_one_in_docs() {
    let docs: serde_json::Value = serde_json::from_str(include_str!("../../docs/alerts.schema.json")).unwrap();
    assert!(docs == schema().to_value(), "write it again: orszem check --print-schema > docs/alerts.schema.json");
}

#[test]
fn a_secret_in_plain_is_never_shown() {
    hides_the_marker(&with_secrets());
    assert_eq!(check(&with_secrets(), Path::new("a.toml")).iter().filter(|fault| fault.is_error()).count(), 10);
}

#[test]
fn a_secret_in_plain_is_never_shown_however_it_is_written() {
    let written = format!("\"{MARKER}\"");
    let ways = [
        format!("'{MARKER}'"),
        format!("\"\"\"\n{MARKER}\n\"\"\""),
        format!("\"\"\"\n{MARKER}\n"),
        format!("'''{MARKER}"),
        MARKER.to_owned(),
        format!("\"{MARKER}"),
        format!("{MARKER}\""),
        format!("\"env:{MARKER}-x\""),
        format!("\"{MARKER}\" {MARKER}"),
        format!("[\"{MARKER}\"]"),
        format!("[[\"{MARKER}\"]"),
        format!("{{ env = \"{MARKER}\" }}"),
        format!("{{ {MARKER} = 1, {MARKER} = 2 }}"),
        format!("{{ env = \"{MARKER}\""),
        format!("\n{MARKER}"),
        format!("\"{MARKER}\\q\""),
        format!("# {MARKER}"),
        format!("\"x\" # {MARKER}"),
    ];
    let text = with_secrets();
    for way in &ways {
        for (place, _) in text.match_indices(&written) {
            let (before, after) = (&text[..place], &text[place + written.len()..]);
            hides_the_marker(&format!("{before}{way}{after}"));
        }
    }
}

#[test]
fn a_secret_behind_a_misspelt_key_is_never_shown() {
    let text = with_secrets();
    for key in ["sasl.password", "link_secret", "api_token", "token", "webhook", "password", "routing_key", "secrets"] {
        for misspelt in [format!("{key}s"), "kind".to_owned(), format!("{key}.{key}"), "x".to_owned()] {
            hides_the_marker(&text.replace(key, &misspelt));
        }
    }
    for kind in ["slack", "email", "pagerduty", "webhook", "console"] {
        hides_the_marker(&text.replace(&format!("\"{kind}\""), "\"fax\""));
        hides_the_marker(&text.replace(&format!("\"{kind}\""), "\"console\""));
        hides_the_marker(&text.replace(&format!("kind = \"{kind}\""), ""));
    }
    hides_the_marker(&text.replace("[[receiver]]", "[receiver]"));
    hides_the_marker(&text.replace("[[receiver]]", "[[receiver.x]]"));
    hides_the_marker(&text.replace("[[receiver]]", "[[recv]]"));
    hides_the_marker(&text.replace("[kafka.options]", "[options]"));
}

/// One slip of the pen.
#[derive(Clone, Debug)]
enum Slip {
    Delete(usize, usize),
    Insert(usize, &'static str),
    Repeat(usize, usize),
}

fn slip() -> impl Strategy<Value = Slip> {
    let pieces =
        ["\"", "'", "[", "]", "{", "}", "=", ",", "\n", "#", "0", ".", "\u{202e}", "ő", "\"\"\"", "\\", "-1", "true"];
    prop_oneof![
        (any::<usize>(), 1..40usize).prop_map(|(at, length)| Slip::Delete(at, length)),
        (any::<usize>(), proptest::sample::select(pieces.to_vec())).prop_map(|(at, piece)| Slip::Insert(at, piece)),
        (any::<usize>(), 1..200usize).prop_map(|(at, length)| Slip::Repeat(at, length)),
    ]
}

/// Over line ends a slip can make a name out of a secret (`name = "` before it), and names are shown.
fn within_its_line(slip: Slip, text: &str) -> Slip {
    let cut = |at: usize, length: usize| {
        let at = at % (text.chars().count() + 1);
        text.chars().skip(at).take(length).take_while(|c| *c != '\n').count()
    };
    match slip {
        Slip::Delete(at, length) => Slip::Delete(at, cut(at, length)),
        Slip::Repeat(at, length) => Slip::Repeat(at, cut(at, length)),
        other => other,
    }
}

fn slipped(text: &str, slips: &[Slip]) -> String {
    let mut text: Vec<char> = text.chars().collect();
    for slip in slips {
        let at = |at: &usize| at % (text.len() + 1);
        match slip {
            Slip::Delete(from, length) => {
                let from = at(from);
                text.drain(from..(from + length).min(text.len()));
            }
            Slip::Insert(place, piece) => {
                let place = at(place);
                text.splice(place..place, piece.chars());
            }
            Slip::Repeat(from, length) => {
                let from = at(from);
                let piece = text[from..(from + length).min(text.len())].to_vec();
                text.splice(from..from, piece);
            }
        }
    }
    text.into_iter().collect()
}

proptest! {
    #[test]
    fn any_text_is_checked_without_panic(text in any::<String>()) {
        shown(&text);
    }

    #[test]
    fn any_text_like_toml_is_checked_without_panic(
        text in "(\\[\\[?(watch|receiver|kafka|escalation|kafka.options|web|x)\\]?\\]\n|(name|kind|terms|step|budget|a.b|listen|\"q\") ?= ?(1|-0x1|nan|\"\"|'slack'|\\[\\]|\\[1,\"\"\\]|\\{\\}|\\{name=1\\}|true|1979-05-27|\"\"\"\n)\n?){0,12}"
    ) {
        shown(&text);
    }

    #[test]
    fn the_example_with_slips_is_checked_without_panic(slips in proptest::collection::vec(slip(), 1..6)) {
        shown(&slipped(&whole_example(), &slips));
    }

    #[test]
    fn secrets_with_a_slip_beside_them_stay_hidden(slip in slip()) {
        let text = with_secrets();
        hides_the_marker(&slipped(&text, &[within_its_line(slip, &text)]));
    }
}
