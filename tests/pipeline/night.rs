//! A night on a phone, in a real browser: the page comes by mail, somebody takes it, sees who may post, finds the
//! account, writes what is said, a second person approves it, it is posted, and the report says when. In both
//! languages.

use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::{Value, json};

use crate::support::children::{self, Child};
use crate::support::setup::{Setup, WATCH};
use crate::support::smtp::{self, Smtp};
use crate::support::{http, kafka, place, repository, scratch, wait};

/// What the pages say in a language.
struct Language {
    code: &'static str,
    may_post: &'static str,
    approve: &'static str,
    approved: &'static str,
    may_be_posted: &'static str,
    posted: &'static str,
    look_up: &'static str,
}

const ENGLISH: Language = Language {
    code: "en",
    may_post: "Who may post now",
    approve: "please approve the statement",
    approved: "the statement is approved",
    may_be_posted: "May be posted by Csilla (on duty) until",
    posted: "was posted by Facebook page: Csilla",
    look_up: "Show where the credential is kept",
};

const HUNGARIAN: Language = Language {
    code: "hu",
    may_post: "Ki posztolhat most",
    approve: "hagyja jóvá a közleményt",
    approved: "a közlemény jóvá van hagyva",
    may_be_posted: "Közzéteheti: Csilla (ügyeletes), eddig:",
    posted: "kint van itt: Facebook page. Csilla",
    look_up: "Mutasd, hol van a belépési adat",
};

fn team(language: &str) -> String {
    let person = |name: &str, title: &str| {
        format!(
            "[[person]]\nname = \"{name}\"\ntitle = \"{title}\"\nlanguage = \"{language}\"\n\
             way = [{{ receiver = \"mail\", to = \"{name}@example.com\" }}]\n"
        )
    };
    let people = [person("anna", "Anna"), person("bela", "Béla"), person("csilla", "Csilla")].concat();
    format!(
        r#"{people}
[[playbook]]
name = "scandal"
title = "A scandal breaks"
move = [{{ do = "Pause all scheduled posts and ads.", within = "15m" }}]

[posting]
on_duty = ["csilla"]
languages = ["{language}"]
approver = [{{ who = ["bela"] }}]

[[mandate]]
who = ["csilla"]
may = "Answers to single customers."

[[account]]
name = "facebook"
title = "Facebook page"
address = "https://facebook.example/acme"
owner = "csilla"
administrators = ["anna", "csilla"]
credential = "op://Communications/Facebook"
second_factor = "The key in the safe"
[account.how]
post = "1. Open the page.\n2. **Create post**."

[[account]]
name = "blue"
title = "Bluesky"
address = "https://bsky.example/acme"
authors = ["Acme Official"]
owner = "csilla"
administrators = ["anna", "csilla"]
credential = "op://Communications/Bluesky"

[[statement]]
name = "looking-into-it"
title = "We look into it"
must_not_say = ["nobody is affected"]
[[statement.text]]
language = "{language}"
says = "{{name}}: {{since}}."
approved_by = "bela"
until = "2999-12-31"
"#
    )
}

/// Opens a page on a phone and does what the steps say; gives the text of the page in the end.
fn phone(pictures: &Path, url: &str, steps: &Value) -> String {
    let folder = scratch::folder("phone");
    let out = folder.path().join("out");
    let mut command = children::command("/bin/sh");
    command.args(["-c", "exec \"$@\" >\"$0\""]).arg(&out).arg(place("NODE")).arg("--experimental-websocket");
    command.arg(repository("tests/support/phone.mjs")).arg(place("CHROMIUM"));
    command.arg(folder.path().join("profile")).arg(pictures).args([url, &steps.to_string()]);
    let mut browser = Child::start("phone", command, &folder.path().join("log"));
    let status = browser.wait(4 * wait::LONG);
    assert!(status.success(), "the phone ended with {status}: {}", browser.tail());
    std::fs::read_to_string(&out).expect("the text of the page")
}

/// The link of the newest mail to a person that says something.
fn link(smtp: &Smtp, person: &str, says: &str) -> String {
    wait::until(&format!("a mail to {person}: {says}"), 2 * wait::LONG, || {
        let to = format!("{person}@example.com");
        smtp.mails().iter().rev().find_map(|mail| {
            let (_, text) = smtp::parts(mail).into_iter().find(|(kind, _)| kind.starts_with("text/plain"))?;
            let is_it = mail.contains(&to) && text.contains(says);
            let at = text.find("http://127.0.0.1").filter(|_| is_it)?;
            text[at..].split_whitespace().next().map(str::to_owned)
        })
    })
}

fn a_night(language: &Language) {
    let kafka = kafka::shared();
    let smtp = Smtp::start();
    let setup = Setup::new(&format!("night-{}", language.code))
        .watch_with(WATCH, &format!("terms = [\"{WATCH}\"]\nescalation = \"crisis\""))
        .learning("2d")
        .signing_links()
        .mail("mail", &smtp)
        .with(&team(language.code))
        .with("[[escalation]]\nname = \"crisis\"\n[[escalation.step]]\npeople = [\"anna\"]\nacknowledge_within = \"1h\"\n");
    let (_home, mut orszem) = setup.start();
    setup.deliver_crisis(kafka, |_, _| {});
    let kept = std::env::var_os("ORSZEM_TEST_PICTURES").map(PathBuf::from);
    let scratch = scratch::folder("night");
    let pictures = kept.as_deref().unwrap_or(scratch.path());
    let picture = |name: &str| json!({ "picture": format!("night-{}-{name}", language.code) });

    let annas = link(&smtp, "anna", WATCH);
    let seen = phone(
        pictures,
        &annas,
        &json!([
            picture("1-page"),
            { "press": "form[action$=\"/acknowledge\"] button" },
            picture("2-acknowledged"),
            { "see": language.may_post },
            { "press": ".playbook button[name=item]" },
            { "open": ".account summary" },
            { "press": "form[action$=\"/look-up\"] button" },
            { "open": ".account summary" },
            { "see": "op://Communications/Facebook" },
            picture("3-account"),
            { "open": ".offer summary" },
            { "press": ".offer form button" },
            picture("4-draft"),
        ]),
    );
    assert!(seen.contains(language.may_post) && seen.contains("Csilla"), "{seen}");

    let belas = link(&smtp, "bela", language.approve);
    let seen = phone(
        pictures,
        &belas,
        &json!([
            { "press": "form[action$=\"/approve\"] button" },
            { "see": language.may_be_posted },
            picture("5-approved"),
            { "open": ".account summary" },
            { "see": language.look_up },
        ]),
    );
    // Anna looked up where the credential is kept: that shows it to her alone.
    assert!(!seen.contains("op://Communications/Facebook"), "{seen}");

    let csillas = link(&smtp, "csilla", language.approved);
    let seen = phone(
        pictures,
        &csillas,
        &json!([
            { "choose": "#posted-account", "value": "facebook" },
            { "type": "#posted-url", "text": "https://facebook.example/acme/posts/1" },
            { "press": "form[action$=\"/posted\"] button" },
            { "see": language.posted },
            picture("6-posted"),
        ]),
    );
    assert!(seen.contains(language.posted), "{seen}");

    let (page, query) = annas.split_once('?').expect("a signed link");
    let report = phone(pictures, &format!("{page}/report?{query}"), &json!([picture("7-report")]));
    for part in ["Anna", "Béla", "Csilla", "facebook"] {
        assert!(report.contains(part), "{part} is missing in {report}");
    }
    let api = format!("{}/api/v1/incidents/{}", setup.url(), page.rsplit('/').next().expect("an id"));
    let history = http::get(&api).expect("an answer").json()["history"].clone();
    let what: Vec<&str> =
        history.as_array().expect("a history").iter().filter_map(|one| one["what"].as_str()).collect();
    let deeds: Vec<&str> = what
        .into_iter()
        .filter(|what| ["acknowledged", "ticked", "looked-up", "drafted", "approved", "posted"].contains(what))
        .collect();
    assert_eq!(deeds, ["acknowledged", "ticked", "looked-up", "drafted", "approved", "posted"]);
    // The owner of the account hears of it.
    link(&smtp, "csilla", "Facebook page");
    // What another account publishes is seen in the stream.
    let of = |what: &str| {
        let history = http::get(&api).expect("an answer").json()["history"].clone();
        let found: Vec<Value> =
            history.as_array().expect("a history").iter().filter(|one| one["what"] == what).cloned().collect();
        found
    };
    let said = of("drafted")[0]["text"].as_str().expect("a text").to_owned();
    let now = orszem_runtime::clock::now().0 / 1000;
    let post = json!({
        "id": "own:1", "published_at": now, "lang": "en", "source": "bluesky", "text": format!("{said} https://a.example"),
        "author": { "id": "did:1", "name": "ACME official" }, "url": "https://bsky.example/acme/1",
    });
    kafka.produce_whole(setup.mentions(), std::iter::once(post.to_string()));
    wait::holds("the post is seen", 2 * wait::LONG, || {
        of("posted").iter().any(|one| one["account"] == "blue" && one["by"] == "orszem" && one["via"] == "stream")
    });
    assert!(orszem.terminate(wait::LONG + Duration::from_secs(10)).success());
}

#[test]
fn a_night_on_a_phone_in_english() {
    a_night(&ENGLISH);
}

#[test]
fn a_night_on_a_phone_in_hungarian() {
    a_night(&HUNGARIAN);
}
