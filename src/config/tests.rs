//! Golden cases: a configuration in, its faults out, word for word.

use super::*;
use std::path::Path;

/// A configuration in order, to which the cases add one thing.
const GOOD: &str = r#"
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

fn faults(text: &str) -> Vec<String> {
    check(text, Path::new("a.toml")).iter().map(ToString::to_string).collect()
}

/// `added` comes before the good configuration: its first line is line 1.
#[track_caller]
fn case(added: &str, expected: &[&str]) {
    assert_eq!(faults(&format!("{added}{GOOD}")), expected, "{added}");
}

/// A receiver that an escalation names, with these keys from line 2 on.
#[track_caller]
fn receiver(keys: &str, expected: &[&str]) {
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
            "a.toml:2:11: this is no TOML: string values must be quoted, expected literal string",
            "a.toml:4:1: this is no TOML: duplicate key",
            "a.toml:5:5: this is no TOML: unclosed table, expected `]`",
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
        assert!(faults[1].contains(": this is no TOML: "), "{faults:#?}");
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
    receiver("kind = \"console\"\nname = \"x\"\nspeed = 1\n", &["a.toml:4:1: unknown key \"speed\" in [[receiver]]"]);
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
            "a.toml:1:1: [[escalation]] lacks its \"step\"; say who is told with [[escalation.step]]",
        ],
    );
    receiver(
        "name = \"x\"\n",
        &[
            "a.toml:1:1: [[receiver]] lacks its \"kind\"; one of slack, email, pagerduty, alertmanager, webhook, console",
        ],
    );
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
            "a.toml:4:11: \"options\" in [kafka] is no table; write them as [kafka.options], one a line",
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
            "a.toml:1:1: warning: watch \"w\" has no escalation: its incidents are shown but told to nobody; add escalation = \"…\"",
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
            "a.toml:2:12: \"lateness\" in [score]: \"soon\" is no length of time; write a number and its unit: \"90s\", \"5m\" or \
         \"36h\"",
        ],
    );
    case("[respond]\nretry_first = \"2m\"\n", &["a.toml:2:15: \"retry_first\" is longer than \"retry_longest\""]);
    case(
        "[score]\nlateness = \"2h\"\n",
        &[
            "a.toml:2:12: warning: with so much \"lateness\" whatever waits for a slice to be complete comes that much later; 10m \
         is a lot already",
        ],
    );
    case(
        "[score]\nidle_after = \"30m\"\n",
        &[
            "a.toml:2:14: warning: with so long an \"idle_after\" one quiet partition holds up all others; 10s does for most",
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
fn names_have_a_form_and_are_given_once() {
    case(
        "[[watch]]\nname = \"Légi Őr\"\nterms = [\"aa\"]\nescalation = \"e\"\n",
        &[
            "a.toml:2:8: \"name\" in [[watch]]: \"Légi Őr\" is no name; small letters a–z, digits and \"-\" are allowed, at most 63, \
         the first no \"-\": \"legi-or\"",
        ],
    );
    let twice = GOOD.matches('\n').count() + 3;
    let text = format!("{GOOD}[[watch]]\n\nname = \"w\"\nterms = [\"bb\"]\nescalation = \"e\"\n");
    assert_eq!(
        faults(&text),
        [format!("a.toml:{twice}:8: the name \"w\" is taken by the watch in line 3; give it another")]
    );
}

#[test]
fn references_lead_somewhere_and_everything_is_used() {
    let text = r#"[[watch]]
name = "w"
terms = ["kellemes"]
escalation = "dutty"
[[escalation]]
name = "duty"
step = [{ receivers = ["pagr", "pager", "pager", "fax"], acknowledge_within = "0s" }, { receivers = [], acknowledge_within = "1m" }]
[[receiver]]
kind = "console"
name = "pager"
[[receiver]]
kind = "console"
name = "spare"
"#;
    assert_eq!(
        faults(text),
        [
            "a.toml:4:14: there is no escalation \"dutty\"; did you mean \"duty\"?",
            "a.toml:7:24: there is no receiver \"pagr\"; did you mean \"pager\"?",
            "a.toml:7:41: receiver \"pager\" is named twice in one step; leave one out",
            "a.toml:7:50: there is no receiver \"fax\"; known here: pager, spare",
            "a.toml:7:79: \"acknowledge_within\" in [[escalation.step]]: \"0s\" is too short; 1s to 7d are allowed",
            "a.toml:7:101: \"receivers\" in [[escalation.step]] is empty",
            "a.toml:13:8: warning: no step of an escalation names the receiver \"spare\"",
        ]
    );
    case(
        "[[escalation]]\nname = \"f\"\nstep = []\n",
        &[
            "a.toml:2:8: warning: no watch names the escalation \"f\"",
            "a.toml:3:8: \"step\" in [[escalation]] is empty",
        ],
    );
}

#[test]
fn a_query_is_read_and_its_faults_placed() {
    let watch = |line: &str| format!("[[watch]]\nname = \"v\"\nescalation = \"e\"\n{line}\n");
    case(&watch("query = '(telekom OR @telekomhu) AND NOT (deutsche NEAR/3 telekom) AND lang:hu'"), &[]);
    case(
        &watch("query = 'telekom AND (posta'"),
        &["a.toml:4:22: in the query: this bracket is never closed; add \")\" where it ends"],
    );
    case(
        &watch("query = 'posta'\nterms = [\"posta\"]"),
        &[
            "a.toml:4:9: this [[watch]] has both a \"query\" and \"terms\"; keep one: in a query a plain list of words is OR, and phrases stand in quotes",
        ],
    );
    case(
        &watch("query = '''\nposta\nAND lung:hu'''"),
        &[
            "a.toml:6:5: in the query: there is no field lung:; did you mean lang: ? A word with a colon stands in quotes",
        ],
    );
    case(
        &watch("query = 'foo:x OR a* OR is:x OR (b1'"),
        &[
            "a.toml:4:10: in the query: there is no field foo:; known are lang:, source:, author:, domain:, followers:, is:; a word with a colon stands in quotes",
            "a.toml:4:19: in the query: too little stands before the star; give at least two letters: te*",
            "a.toml:4:28: in the query: a mention is original, repost or reply, and never \"x\"; as in is:original",
            "a.toml:4:33: in the query: this bracket is never closed; add \")\" where it ends",
        ],
    );
    case(&watch("query = \"\""), &["a.toml:4:9: \"query\" in [[watch]] is empty"]);
    case(&watch("query = \" \""), &["a.toml:4:10: in the query: this query is empty; name what to look for"]);
}

/// Only queries of one line without escapes were shown once.
#[test]
fn the_place_in_a_query_is_shown_however_it_is_written() {
    let shown = |query: &str| {
        let text = format!("[[watch]]\nname = \"v\"\nescalation = \"e\"\nquery = {query}\n{GOOD}");
        let faults = check(&text, Path::new("a.toml"));
        let fault = faults.iter().find(|fault| fault.within_text).unwrap_or_else(|| panic!("{faults:#?}"));
        fault.with_excerpt().to_string().lines().skip(1).collect::<Vec<_>>().join("\n")
    };
    for (query, excerpt) in [
        ("'''\nposta\nAND lung:hu'''", "  6 | AND lung:hu'''\n    |     ^^^^"),
        ("\"\"\"\nposta\nAND lung:hu\n\"\"\"", "  6 | AND lung:hu\n    |     ^^^^"),
        ("\"\"\"\nposta AND\n\"\"\"", "  5 | posta AND\n    |          ^"),
        ("\"\"\"\nNOT posta\n\"\"\"", "  5 | NOT posta\n    | ^^^^^^^^^"),
        (
            "\"\\\"magyar posta\\\" AND (AND x)\"",
            "  4 | query = \"\\\"magyar posta\\\" AND (AND x)\"\n    |                                ^^^",
        ),
        ("\"\"\"posta \\\n  AND lung:hu\"\"\"", "  5 |   AND lung:hu\"\"\"\n    |       ^^^^"),
        ("'电信 AND lung:hu'", "  4 | query = '电信 AND lung:hu'\n    |                   ^^^^"),
    ] {
        assert_eq!(shown(query), excerpt, "{query}");
    }
    // A quote that was left open swallows what follows, and that may be secret.
    for swallowed in ["token = \"xoxb\"", "[[receiver]]", "  password = 'x' ", "token=\"x\""] {
        let swallowed = swallowed.replace('\'', "\"");
        assert_eq!(shown(&format!("'''\nposta AND lung:hu\n{swallowed}\n'''")), "", "{swallowed}");
    }
    let text = format!(
        "watch = [{{ query = '''\nlung:hu''', tokn = \"xoxb\" }}]\n{}",
        GOOD.split("[[escalation]]").nth(1).unwrap()
    );
    let faults = check(&text, Path::new("a.toml"));
    assert!(faults.iter().all(|fault| !fault.with_excerpt().to_string().contains("xoxb")), "{faults:#?}");
    assert!(shown("'''\nlung:hu OR =MOL\nOR =\"Magyar Posta\"'''").contains("^^^^"));
}

#[test]
fn terms_find_something_and_not_everything() {
    let terms = r#"["", " ", "ú", "@", "Kellemes", "KELLEMÉS", "☕", "é\u0301"]"#;
    case(
        &format!("[[watch]]\nname = \"v\"\nescalation = \"e\"\nterms = {terms}\n"),
        &[
            "a.toml:4:10: this term is empty; leave it out",
            "a.toml:4:14: this term is empty; leave it out",
            "a.toml:4:19: warning: the term \"ú\" is a single character and will match far too much; a name or a phrase finds what \
         is meant",
            "a.toml:4:24: nothing is left of the term \"@\" without case and accents; a term needs a letter, a digit or a sign",
            "a.toml:4:41: warning: the term \"KELLEMÉS\" finds the same as \"Kellemes\"; leave one out",
            "a.toml:4:58: warning: the term \"é\\u{301}\" is a single character and will match far too much; a name or a phrase finds \
         what is meant",
        ],
    );
    case("[[watch]]\nname = \"v\"\nescalation = \"e\"\nterms = []\n", &["a.toml:4:9: \"terms\" in [[watch]] is empty"]);
}

#[test]
fn slack_has_a_token_with_its_channel_or_a_webhook() {
    let slack = |keys: &str, expected: &[&str]| receiver(&format!("kind = \"slack\"\nname = \"x\"\n{keys}"), expected);
    let (token, hook) = ("token = \"file:/dev/null\"\n", "webhook = \"file:/dev/null\"\n");
    let empty = "warning: file:/dev/null is empty";
    slack(
        "",
        &[
            "a.toml:1:1: this Slack receiver has neither a \"token\" nor a \"webhook\"; add token and channel (the page is updated \
         in place), or webhook",
        ],
    );
    slack(
        &format!("{token}{hook}"),
        &[
            &format!("a.toml:4:9: {empty}"),
            "a.toml:5:11: this Slack receiver has both a \"token\" and a \"webhook\"; keep the token to have the page updated in place",
            &format!("a.toml:5:11: {empty}"),
        ],
    );
    slack(
        token,
        &[
            "a.toml:4:9: a \"token\" needs a \"channel\"; add channel = \"C…\": it stands at the end of the channel's details in Slack",
            &format!("a.toml:4:9: {empty}"),
        ],
    );
    slack(
        &format!("{hook}channel = \"#press\"\nbase_url = \"http://slack.example\"\n"),
        &[
            &format!("a.toml:4:11: {empty}"),
            "a.toml:5:11: a \"webhook\" has its channel built in; leave it out, or use a token",
            "a.toml:5:11: warning: \"channel\" is no channel's id: a page can only be updated in place by id; the id (\"C…\") stands \
         at the end of the channel's details in Slack",
            "a.toml:6:12: warning: the token is sent in the clear to \"base_url\"; use https",
        ],
    );
}

#[test]
fn mail_has_addresses_and_a_host() {
    let keys = "kind = \"email\"\nname = \"x\"\nhost = \"smtp.example.com:25\"\nport = 0\nfrom = \"orszem\"\nto = [\"a@b.example\", \
                \"a@\"]\nuser = \"u\"\nca_file = \"/nowhere/ca.pem\"\n";
    receiver(
        keys,
        &[
            "a.toml:4:8: \"host\" in [[receiver]]: \"smtp.example.com:25\" is no host; write its name or IP address alone; the port \
         has a key of its own",
            "a.toml:5:8: \"port\" is out of range: 0; at least 1 and at most 65535",
            "a.toml:6:8: \"from\" in [[receiver]]: \"orszem\" is no mail address; write \"name@example.com\" or \"Name \
         <name@example.com>\"",
            "a.toml:7:22: \"to\" in [[receiver]]: \"a@\" is no mail address; write \"name@example.com\" or \"Name <name@example.com>\"",
            "a.toml:8:8: a \"user\" needs a \"password\"",
            "a.toml:9:11: warning: the file \"/nowhere/ca.pem\" cannot be read: No such file or directory (os error 2)",
        ],
    );
    let plain = "kind = \"email\"\nname = \"x\"\nhost = \"h\"\nfrom = \"a@b.example\"\nto = [\"a@b.example\"]\nsecurity = \"none\"\n";
    let login = "user = \"u\"\npassword = \"env:ORSZEM_NOT_SET\"\n";
    receiver(
        &format!("{plain}{login}"),
        &[
            "a.toml:7:12: warning: the password is sent in the clear; use security = \"starttls\" or \"tls\"",
            "a.toml:9:12: warning: the environment variable ORSZEM_NOT_SET is not set",
        ],
    );
}

#[test]
fn addresses_are_whole_and_their_secrets_not_repeated() {
    receiver(
        "kind = \"alertmanager\"\nname = \"x\"\nurls = [\"am:9093\", \"alertmanager\", \"https://u:pw@am\", \"http://am:9093\"]\n",
        &[
            "a.toml:4:9: \"urls\" in [[receiver]]: neither http nor https; write it whole: \"https://host/path\"",
            "a.toml:4:20: \"urls\" in [[receiver]]: no address (relative URL without a base); write it whole: \"https://host/path\"",
            "a.toml:4:36: \"urls\" in [[receiver]]: a user or password in an address ends up in logs; let a proxy add it, or the \
             network decide",
        ],
    );
    let hook =
        |url: &str| format!("kind = \"webhook\"\nname = \"x\"\nurl = \"{url}\"\nsecrets = [\"file:/dev/null\"]\n");
    let empty = "a.toml:5:12: warning: file:/dev/null is empty";
    let private = "a.toml:4:7: \"url\" leads to this machine or a private network, which is refused; add allow_private = true if \
                   that is meant";
    for url in ["http://localhost:1/x", "https://10.1.2.3/", "http://[::1]/", "http://192.168.0.9/"] {
        receiver(&hook(url), &[private, empty]);
    }
    receiver(
        &hook("http://hooks.example.com"),
        &["a.toml:4:7: warning: pages are sent in the clear to \"url\"; use https", empty],
    );
    receiver(&format!("{}allow_private = true\n", hook("http://10.1.2.3/")), &[empty]);
}

#[test]
fn the_web_is_open_to_others_only_with_a_token() {
    case(
        "[web]\nlisten = \"localhost:80\"\npublic_url = \"https://orszem.example/\"\n",
        &[
            "a.toml:2:10: \"listen\" in [web]: \"localhost:80\" is no address and port; \"127.0.0.1:80\" is this machine alone",
            "a.toml:3:14: \"public_url\" in [web]: ends in \"/\"; leave that out: links begin with it",
            "a.toml:3:14: warning: without a \"link_secret\" links in pages end with a restart, and one copy refuses those of \
         another; add link_secret = \"env:NAME\"",
        ],
    );
    case(
        "[web]\nlisten = \"0.0.0.0:80\"\n",
        &[
            "a.toml:2:10: warning: others reach this address, but links in pages lead to this machine (http://localhost:8080 unless \
         given); set public_url to the address that people use",
            "a.toml:2:10: warning: whoever reaches this address reads the API: there is no \"api_token\"; add api_token = \
         \"env:NAME\"",
        ],
    );
    let short = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(short.path(), "fifteen letters").unwrap();
    let secret = short.path().display();
    case(
        &format!("[web]\npublic_url = \"http://orszem.example\"\nlink_secret = \"file:{secret}\"\n"),
        &[
            "a.toml:2:14: warning: links that let their bearer act are sent in the clear by \"public_url\"; put a proxy with https \
         before it",
            "a.toml:3:15: warning: the secret has fewer than 16 characters",
        ],
    );
}

#[test]
fn brokers_and_topics_have_their_form() {
    case(
        "[kafka]\nbrokers = \"a:9092,kafka\"\nmentions = \"the mentions\"\n",
        &[
            "a.toml:2:11: \"brokers\" in [kafka]: \"kafka\" is no broker; write host:port, more of them separated by commas: \
         \"kafka-1:9092,kafka-2:9092\"",
            "a.toml:3:12: \"mentions\" in [kafka]: \"the mentions\" is no name of a topic; Kafka allows letters a–z, digits, \".\", \"_\" \
         and \"-\", at most 249",
        ],
    );
    case(
        "[kafka]\nbrokers = \"[::1]:9092, SSL://kafka.example:9093\"\nmentions = \"orszem.ledger\"\n",
        &[
            "a.toml:3:12: \"orszem.ledger\" is a topic that orszem writes to itself; name the topic of the mentions, or change \
         \"prefix\"",
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
    let (elsewhere, here) = (examine(&text, path, Places::Elsewhere), examine(&text, path, Places::Here));
    assert!(elsewhere.0.is_some() && here.0.is_none());
    assert_eq!(here.1[0].to_string(), "a.toml:2:15: the environment variable ORSZEM_NOT_SET is not set");
}

#[test]
fn own_models_have_a_language_each_and_a_file() {
    let model = concat!(env!("CARGO_MANIFEST_DIR"), "/models/hu.model");
    let one = |lang: &str, file: &str| format!("[[sentiment.model]]\nlang = \"{lang}\"\nfile = \"{file}\"\n");
    case(&(one("hu", model) + &one("fi", model)), &[]);
    case(&(one("hu", model) + &one("hu", model)), &["a.toml:5:8: there is a model for \"hu\" already; leave one out"]);
    for lang in ["HU", "hun", "hu-HU", ""] {
        let expected = format!(
            "a.toml:2:8: \"lang\" in [[sentiment.model]]: \"{lang}\" is no language; two small letters, such as hu"
        );
        case(&one(lang, model), &[&expected]);
    }
    case(
        "[[sentiment.model]]\nlang = \"hu\"\n",
        &["a.toml:1:1: [[sentiment.model]] lacks its \"file\"; add file = \"…\""],
    );
    let text = one("hu", concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")) + GOOD;
    let (_, faults) = examine(&text, Path::new("a.toml"), Places::Here);
    assert!(faults[0].to_string().ends_with("README.md\" is no sentiment model of orszem"), "{}", faults[0]);
}

/// An input with these keys from line 2 on.
#[track_caller]
fn input(keys: &str, expected: &[&str]) {
    case(&format!("[[input]]\n{keys}"), expected);
}

#[test]
fn inputs_in_order_have_no_faults() {
    input("topic = \"t\"\n", &[]);
    input("topic = \"t\"\nformat = \"x-v2\"\nenvelope = \"cloudevents\"\n[input.map]\nsource = \"ce_source\"\n", &[]);
    input(
        "topic = \"t\"\nformat = \"map\"\nonly = { at = \"/kind\", is = [\"post\"] }\n[input.map]\nid = { template = \"f:{/id}\" }\n\
         text = { join = [\"/a\", [\"/b\", \"/c\"]], html = true }\npublished_at = { at = [\"/t\"], time = \"%Y.%m.%d %H:%M\", time_zone = \"UTC\" }\n\
         author.id = [\"/u/0\", \"/v\"]\nauthor = { name = \"/n\" }\n",
        &["a.toml:10:1: this is no TOML: duplicate key"],
    );
    input(
        "topic = \"t\"\nformat = \"map\"\n[input.map]\nid = \"/i\"\ntext = \"/x\"\npublished_at = \"/t\"\nauthor.id = \"/a\"\nauthor.followers = [\"/f\"]\n",
        &[],
    );
    input("topic = \"t\"\nenvelope = \"cloudevents\"\nformat = \"map\"\n[input.map]\ntext = \"/a\"\n", &[]);
    case("[kafka]\nmentions = \"t\"\n[[input]]\ntopic = \"t\"\n[[input]]\ntopic = \"u\"\n", &[]);
}

#[test]
fn faults_of_inputs_name_the_place_and_the_fix() {
    input(
        "topic = \"t\"\nformat = \"brandwach\"\nenvelope = \"soap\"\n",
        &[
            "a.toml:3:10: unknown format \"brandwach\" in [[input]]; did you mean \"brandwatch\"?",
            "a.toml:4:12: unknown envelope \"soap\" in [[input]]; known here: none, cloudevents",
        ],
    );
    input(
        "format = \"x-v2\"\n[input.mapp]\nid = \"/a\"\n",
        &[
            "a.toml:1:1: [[input]] lacks its \"topic\"; add topic = \"…\"",
            "a.toml:3:8: unknown key \"mapp\" in [[input]]; did you mean \"map\"?",
        ],
    );
    input(
        "topic = \"t\"\n[[input]]\ntopic = \"t\"\n[[input]]\ntopic = \"orszem.ledger\"\n",
        &[
            "a.toml:4:9: the topic \"t\" is read by the input in line 2 already; a topic is read in one way: name another, or leave one out",
            "a.toml:6:9: \"orszem.ledger\" is a topic that orszem writes to itself; name a topic with mentions",
        ],
    );
    case(
        "[kafka]\nmentions = \"m\"\n[[input]]\ntopic = \"t\"\n",
        &[
            "a.toml:2:12: warning: the topic \"m\" is not read: there is an [[input]], and none names it; add [[input]] with topic = \"m\" to have it read",
        ],
    );
    input(
        "topic = \"t\"\n[input.map]\ntext = \"/a\"\n",
        &[
            "a.toml:3:1: native records have no map; add format = \"map\", or the name of a ready format whose fields it replaces",
        ],
    );
    input(
        "topic = \"t\"\nformat = \"map\"\n",
        &[
            "a.toml:3:10: the format \"map\" needs a map; add [input.map] with id, text and published_at, each a JSON pointer: text = \"/data/text\"",
        ],
    );
    input(
        "topic = \"t\"\nformat = \"map\"\n[input.map]\nurl = \"/u\"\n",
        &[
            "a.toml:4:1: [input.map] lacks its \"id\"; add id = \"/…\": it tells a mention from one that is delivered again",
            "a.toml:4:1: [input.map] lacks its \"published_at\"; add published_at = \"/…\": when it was published",
            "a.toml:4:1: [input.map] lacks its \"text\"; add text = \"/…\": what the mention says",
        ],
    );
}

/// A map that is in order but for these fields, from line 5 on.
#[track_caller]
fn mapped(fields: &str, expected: &[&str]) {
    let needed = ["id = \"/i\"\n", "text = \"/x\"\n", "published_at = \"/t\"\n"];
    let has = |line: &str| fields.lines().any(|field| field.split(' ').next() == line.split(' ').next());
    let rest: String = needed.into_iter().filter(|line| !has(line)).collect();
    input(&format!("topic = \"t\"\nformat = \"map\"\n[input.map]\n{fields}{rest}"), expected);
}

#[test]
fn faults_of_maps_name_the_place_and_the_fix() {
    mapped(
        "text = \"data.text\"\nauthor.id = [\"/u\", \"$.v\"]\n",
        &[
            "a.toml:5:8: \"text\" in [input.map]: \"data.text\" does not begin with \"/\"; a JSON pointer does: \"/data/text\"",
            "a.toml:6:20: \"id\" in [input.map.author]: \"$.v\" does not begin with \"/\"; a JSON pointer does: \"/v\"",
        ],
    );
    mapped(
        "text = 7\nlang = { fixed = \"hu\" }\nurl = []\n",
        &[
            "a.toml:5:8: \"text\" in [input.map] must be a text, and is a whole number; write it in quotes",
            "a.toml:6:8: \"lang\" says not where it comes from; say where it is: { at = \"/…\" }, { template = \"…{/…}\" } or { const = \"…\" }",
            "a.toml:6:10: unknown key \"fixed\" in [input.map.lang]; known here: at, const, entities, html, join, template, time, time_zone",
            "a.toml:7:7: \"url\" in [input.map] is empty",
        ],
    );
    mapped(
        "source = { const = \"forum\", at = \"/s\" }\nid = { const = \"1\" }\npublished_at = { const = \"2026\" }\n",
        &[
            "a.toml:5:20: \"source\" has both \"at\" and \"const\"; keep one of them",
            "a.toml:6:16: \"id\" cannot be the same for all; with one id for all, the first mention is the only one that counts",
            "a.toml:7:26: \"published_at\" cannot be the same for all; every mention has a time of its own: name where it stands",
        ],
    );
    mapped(
        "id = { template = \"forum\" }\nurl = { template = \"https://x.example/{id}\" }\nsource = { template = [\"{/a\"] }\n",
        &[
            "a.toml:5:19: \"template\" in [input.map.id]: \"forum\" has no pointer in it; a text that is always the same is const",
            "a.toml:6:20: \"template\" in [input.map.url]: \"id\" does not begin with \"/\"; write pointers in braces: \"forum:{/id}\"; a brace itself is doubled",
            "a.toml:7:24: \"template\" in [input.map.source]: \"{/a\" has a brace that is not closed; write pointers in braces: \"forum:{/id}\"; a brace itself is doubled",
        ],
    );
    mapped(
        "published_at = { at = \"/t\", time = \"iso\", time_zone = \"Budapest\" }\nlang = { at = \"/l\", time = \"auto\" }\n",
        &[
            "a.toml:5:36: \"time\" in [input.map.published_at]: \"iso\" is no form of a time; one of auto, rfc3339, rfc2822, unix-s, unix-ms, unix-us, or a pattern as of strptime: \"%d/%m/%Y %H:%M\"",
            "a.toml:5:55: \"time_zone\" in [input.map.published_at]: \"Budapest\" is no time zone; write the name of the time zone database: \"Europe/Budapest\", \"UTC\"",
            "a.toml:6:28: \"time\" is of \"published_at\" alone; leave it out",
        ],
    );
    mapped(
        "published_at = { at = \"/t\", time = \"%d/%m/%Y\" }\n",
        &[
            "a.toml:5:36: times of this pattern do not say their time zone; add time_zone = \"Europe/Budapest\", or %z to the pattern where the times have an offset",
        ],
    );
    mapped(
        "id = \"ce_id\"\nurl = { template = \"https://x.example/{ce_subject}\" }\n",
        &[
            "a.toml:5:6: \"ce_id\" is taken from an envelope, and the input has none; add envelope = \"cloudevents\" to the input",
            "a.toml:6:20: \"https://x.example/{ce_subject}\" is taken from an envelope, and the input has none; add envelope = \"cloudevents\" to the input",
        ],
    );
    input(
        "topic = \"t\"\nonly = { at = \"/kind\", is = [\"post\"] }\n",
        &[
            "a.toml:3:15: native records are not looked into before they are read; use format = \"map\" for these, or an attribute of the envelope: at = \"ce_type\"",
        ],
    );
}

#[test]
fn the_place_in_a_map_is_marked() {
    let text = format!(
        "[[input]]\ntopic = \"t\"\nformat = \"map\"\n[input.map]\nid = \"/i\"\ntext = \"/x\"\npublished_at = \"@t\"\n{GOOD}"
    );
    let fault = check(&text, Path::new("a.toml")).remove(0);
    let shown = fault.with_excerpt().to_string();
    assert!(shown.contains("\n  7 | published_at = \"@t\"\n    |                ^^^^\n"), "{shown}");
}

#[test]
fn inputs_are_what_is_said_or_the_topic_of_mentions() {
    let topics = |text: &str| toml::from_str::<Config>(text).unwrap().topics();
    assert_eq!(topics("[kafka]\nmentions = \"m\"\n"), ["m"]);
    assert_eq!(topics("[kafka]\nmentions = \"m\"\n[[input]]\ntopic = \"a\"\n[[input]]\ntopic = \"b\"\n"), ["a", "b"]);
}
