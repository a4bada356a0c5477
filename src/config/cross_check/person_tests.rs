//! What is wrong with people, and where.

use crate::tests::faults;

/// People of these keys, whom a step calls; they stand in the first lines.
#[track_caller]
fn people(keys: &str, step: &str, expected: &[&str]) {
    let rest = format!(
        r#"[[watch]]
name = "w"
terms = ["kellemes"]
escalation = "e"
[[escalation]]
name = "e"
step = [{{ {step}, acknowledge_within = "5m" }}]
[[receiver]]
kind = "console"
name = "terminal"
[[receiver]]
kind = "email"
name = "mail"
from = "o@a.example"
to = ["duty@a.example"]
host = "127.0.0.1"
security = "none"
[[receiver]]
kind = "slack"
name = "bot"
token = "env:HOME"
channel = "C0123456789"
[[receiver]]
kind = "slack"
name = "hook"
webhook = "env:HOME"
"#
    );
    let told = faults(&format!("{keys}{rest}"));
    // The secrets of this test are none, and not every receiver is used.
    let other = |fault: &String| !fault.contains("names the receiver") && !fault.contains("the secret is");
    assert_eq!(told.into_iter().filter(other).collect::<Vec<_>>(), expected, "{keys}");
}

const ANNA: &str = "people = [\"anna\"]";

#[test]
fn to_is_for_receivers_that_send_to_one_person() {
    let ways = r#"[[person]]
name = "anna"
way = [
    { receiver = "mail", to = "anna.example" },
    { receiver = "bot", to = "@anna" },
    { receiver = "hook", to = "U0123456789" },
    { receiver = "terminal", to = "anna" },
    { receiver = "terminal" },
    { receiver = "fax", to = "1" },
]
"#;
    people(
        ways,
        ANNA,
        &[
            "a.toml:4:31: \"to\" in [[person.way]]: \"anna.example\" is not an e-mail address; write \"name@example.com\" or \
             \"Name <name@example.com>\"",
            "a.toml:5:30: \"@anna\" is not the id of a member of Slack; write the id of the member, as in their profile: \
             \"U0123456789\"",
            "a.toml:6:31: a webhook of Slack has its channel built in: it cannot send to a person; leave \"to\" out, or use a \
             receiver with a token",
            "a.toml:7:35: a receiver of the kind \"console\" cannot send to a person; leave \"to\" out: the message goes where \
             the receiver goes",
            "a.toml:8:18: receiver \"terminal\" is named twice in one person's ways; leave one out",
            "a.toml:9:18: there is no receiver \"fax\"; known here: bot, hook, mail, terminal",
        ],
    );
    let right = "[[person]]\nname = \"anna\"\nway = [{ receiver = \"mail\", to = \"Anna <anna@a.example>\" }, { receiver = \"bot\", \
                 to = \"U0123456789\" }, { receiver = \"terminal\" }]\n";
    people(right, ANNA, &[]);
}

#[test]
fn who_is_called_has_a_way_and_who_is_there_is_called() {
    let without = "[[person]]\nname = \"anna\"\n[[person]]\nname = \"bela\"\nway = [{ receiver = \"mail\" }]\n[[person]]\n\
                   name = \"chief\"\nroles = [\"admin\", \"approver\", \"admin\"]\n[[person]]\nname = \"bela\"\n";
    people(
        without,
        ANNA,
        &[
            "a.toml:2:8: warning: person \"anna\" has no way: nothing reaches them; add [[person.way]] with a receiver",
            "a.toml:4:8: warning: no step of an escalation and no rotation names the person \"bela\"",
            "a.toml:8:31: warning: the role \"admin\" is named twice; leave one out",
            "a.toml:10:8: the name \"bela\" is taken by the person in line 4; give it another",
            "a.toml:10:8: warning: no step of an escalation and no rotation names the person \"bela\"",
        ],
    );
}

#[test]
fn hours_days_and_languages_have_a_form() {
    let keys = r#"[[person]]
name = "anna"
way = [{ receiver = "mail" }]
languages = ["hu", "hun"]
until = "30.06.2026"
quiet_hours = [{ severities = [1, 3], from = "22:00", to = "7:00" }, { severities = [], from = "22:00", to = "22:00" }]
working_hours = [{ weekdays = ["mon"], to = "17:00" }]
[[person]]
name = "bela"
roles = ["viewer"]
quiet_hours = [{ severities = [4], from = "00:00", to = "24:00" }]
"#;
    people(
        keys,
        ANNA,
        &[
            "a.toml:4:20: \"languages\" in [[person]]: \"hun\" is not a language code; two small letters, such as hu",
            "a.toml:5:9: \"until\" in [[person]]: \"30.06.2026\" is not a day; write year, month and day: \"2026-06-30\"",
            "a.toml:6:32: \"severities\" is out of range: 1; at least 2 and at most 4",
            "a.toml:6:60: \"to\" in [[person.quiet_hours]]: \"7:00\" is not a time of day; write hours and minutes of two digits each: \"08:30\"",
            "a.toml:6:85: \"severities\" in [[person.quiet_hours]] is empty",
            "a.toml:6:110: hours from \"22:00\" to \"22:00\" may be none or a whole day; for a whole day write from = \"00:00\" \
             and to = \"24:00\"",
            "a.toml:7:32: unknown weekdays \"mon\" in [[person.working_hours]]; known here: monday, tuesday, wednesday, thursday, \
             friday, saturday, sunday",
            "a.toml:11:57: quiet hours without an end: nothing would ever call this person; give hours that end, or route \
             these severities elsewhere",
        ],
    );
}

#[test]
fn a_step_names_somebody_and_nobody_twice() {
    let anna = "[[person]]\nname = \"anna\"\nway = [{ receiver = \"mail\" }]\n";
    people(
        anna,
        "people = [\"anna\", \"anna\"]",
        &["a.toml:10:29: person \"anna\" is named twice in one step; leave one out"],
    );
    people(
        anna,
        "people = []",
        &[
            "a.toml:2:8: warning: no step of an escalation and no rotation names the person \"anna\"",
            "a.toml:10:9: this step tells nobody; name receivers, people or rotations",
        ],
    );
    people(
        anna,
        "rotations = [\"press\"], people = [\"ana\"]",
        &[
            "a.toml:10:24: there is no rotation \"press\"; add a [[rotation]] of that name",
            "a.toml:10:44: there is no person \"ana\"; did you mean \"anna\"?",
        ],
    );
}
