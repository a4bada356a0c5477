//! An incident is never left alone: closed while it goes on, its watch removed or renamed, its receiver away.

use serde_json::{Value, json};

use crate::support::crisis::{CRISIS, QUIET, START, awful};
use crate::support::doubles::{Answer, Slack, Webhook};
use crate::support::kafka::{self, Kafka};
use crate::support::setup::{Setup, WATCH};
use crate::support::{http, wait};

use super::stream;

/// After the crisis of the stream, which lasts a quarter of an hour, another quarter of an hour that is `times` as bad.
fn second_wave(setup: &Setup, kafka: &Kafka, times: u64) {
    let mention = |number: u64| {
        let at = START + QUIET + CRISIS + number * 3 / times;
        let id = format!("{}:{}", setup.prefix(), 20_000 + number);
        let author = json!({ "id": format!("b{number}"), "name": format!("Author {number}"), "followers": 1 });
        json!({ "id": id, "published_at": at, "lang": "en", "source": "x", "text": awful(number), "author": author })
    };
    kafka.produce(setup.mentions(), (0..300 * times).map(|number| mention(number).to_string()));
}

/// What a webhook was told of this type.
fn told(hook: &Webhook, kind: &str) -> Vec<Value> {
    hook.events()
        .into_iter()
        .filter(|event| event.body["type"] == kind)
        .map(|event| event.body["data"].clone())
        .collect()
}

fn hooks() -> (tokio::runtime::Runtime, Webhook, Webhook) {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let (hook, boss) = runtime.block_on(async { (Webhook::start().await, Webhook::start().await) });
    (runtime, hook, boss)
}

#[test]
fn a_larger_wave_opens_again_what_a_person_closed() {
    let kafka = kafka::shared();
    let (runtime, hook, _) = hooks();
    let slack = runtime.block_on(Slack::start());
    let setup = Setup::for_crisis("closed").slack("chat", &slack).webhook("hook", &hook).step(&["chat", "hook"], "1h");
    let (_home, mut orszem) = setup.start();
    setup.deliver_crisis(kafka, |_, _| {});
    let link = setup.link(&slack);
    let (page, query) = link.split_once('?').expect("a signed link");
    let shown = http::get(&link).expect("an answer").body;
    assert!(shown.contains("The figures are still high") && shown.contains("name=\"seen\""), "{shown}");
    let fields: Vec<(&str, &str)> = query.split('&').filter_map(|pair| pair.split_once('=')).collect();
    assert_eq!(http::post_form(&format!("{page}/resolve"), &fields).expect("an answer").status, 303);
    wait::holds("the end is told", stream::THROUGH, || told(&hook, "incident.resolved").len() == 1);

    second_wave(&setup, kafka, 3);
    wait::holds("it is called again", stream::THROUGH, || told(&hook, "incident.triggered").len() == 2);
    let again = told(&hook, "incident.triggered").pop().expect("a call");
    let news = again["news"].as_str().expect("what is news");
    assert!(news.starts_with("Open again: it rose after chat closed it at "), "{news}");
    let incidents = stream::incidents(kafka, "closed");
    assert_eq!(incidents.len(), 1, "the same incident: {:?}", incidents.keys());
    let shown = http::get(&link).expect("an answer").body;
    assert!(shown.contains("and is open again") && shown.contains("Open again: it rose above"), "{shown}");
    assert!(orszem.terminate(wait::LONG).success());
}

#[test]
fn a_watch_that_is_removed_ends_its_incident_and_says_why() {
    let kafka = kafka::shared();
    let (_runtime, hook, boss) = hooks();
    let setup = Setup::new("removed").learning("2d").webhook("hook", &hook).webhook("boss", &boss);
    let setup = setup.step(&["hook"], "1h").step(&["boss"], "1h");
    let before = setup.clone().watch(WATCH, &[WATCH]);
    let after = setup.watch("other", &["other"]);
    let (home, mut orszem) = before.start();
    before.deliver_crisis(kafka, |_, _| {});
    wait::holds("it is called for", stream::THROUGH, || told(&hook, "incident.triggered").len() == 1);
    let id = told(&hook, "incident.triggered")[0]["incident"].as_str().expect("an id").to_owned();

    std::fs::write(home.path().join("after.toml"), after.config()).expect("a file");
    let checked = home.run(&["check", "after.toml", "--against", "alerts.toml"], b"");
    let warned = String::from_utf8_lossy(&checked.stderr).into_owned();
    assert!(checked.status.success() && warned.contains(&format!("open now: {id}")), "{warned}");

    home.configure(&after.config());
    orszem.hang_up();
    wait::holds("the end is told", stream::THROUGH, || told(&hook, "incident.resolved").len() == 1);
    let news = told(&hook, "incident.resolved")[0]["news"].as_str().expect("what is news").to_owned();
    assert!(news.starts_with("Ended: the watch was removed"), "{news}");
    orszem.wait_log("watches removed while their incidents are open");
    assert!(orszem.log().contains(&id), "the log names the incident");
    let shown = http::get(&format!("{}/api/v1/incidents/{id}", before.url())).expect("an answer").json();
    assert_eq!((&shown["state"], &shown["ended"]), (&json!("resolved"), &json!("watch-removed")));
    assert_eq!(boss.events(), []);
    assert!(orszem.terminate(wait::LONG).success());
}

#[test]
fn the_incident_of_a_watch_that_is_renamed_goes_on() {
    let kafka = kafka::shared();
    let (_runtime, hook, boss) = hooks();
    let setup = Setup::new("renamed").learning("2d").webhook("hook", &hook).webhook("boss", &boss);
    let setup = setup.step(&["hook"], "45s").step(&["boss"], "1h");
    let before = setup.clone().watch(WATCH, &[WATCH]);
    let after =
        setup.watch_with("veltaro-hu", &format!("terms = [\"{WATCH}\"]\nformerly = \"{WATCH}\"\ndesk = \"care\""));
    let (home, mut orszem) = before.start();
    before.deliver_crisis(kafka, |_, _| {});
    wait::holds("it is called for", stream::THROUGH, || told(&hook, "incident.triggered").len() == 1);
    let id = told(&hook, "incident.triggered")[0]["incident"].clone();
    home.configure(&after.config());
    orszem.hang_up();
    orszem.wait_log("configuration reloaded");
    wait::holds("the next step is called", stream::THROUGH, || told(&boss, "incident.triggered").len() == 1);
    let call = told(&boss, "incident.triggered").remove(0);
    assert_eq!((&call["incident"], &call["watch"]), (&id, &json!("veltaro-hu")));
    second_wave(&before, kafka, 3);
    wait::holds("its figures go on", stream::THROUGH, || {
        let incidents = stream::incidents(kafka, "renamed");
        incidents.len() == 1 && incidents.values().all(|incident| incident.signal.counts.mentions > 600)
    });
    let listed =
        http::get(&format!("{}/api/v1/incidents?watch=veltaro-hu&desk=care", before.url())).expect("an answer");
    assert_eq!(listed.json()["incidents"][0]["id"], id);
    assert!(orszem.terminate(wait::LONG).success());
}

#[test]
fn a_receiver_that_comes_back_is_told_of_what_is_still_open() {
    let kafka = kafka::shared();
    let (_runtime, hook, boss) = hooks();
    hook.script(vec![Answer::Status(503, "away".into()); 6]);
    boss.script(vec![Answer::Status(503, "away".into()); 8]);
    let setup = Setup::for_crisis("away")
        .webhook("hook", &hook)
        .webhook("boss", &boss)
        .step(&["hook"], "1h")
        .step(&["boss"], "1h")
        .with("[respond]\nretry_first = \"100ms\"\nretry_longest = \"1s\"\nretry_limit = 3\n");
    let (_home, mut orszem) = setup.start();
    setup.deliver_crisis(kafka, |_, _| {});
    wait::holds("it is told when it is back", stream::THROUGH, || told(&hook, "incident.triggered").len() == 1);
    let incidents = stream::incidents(kafka, "away");
    let incident = incidents.values().next().expect("an incident");
    assert!(incident.exhausted, "the next step was called meanwhile, and all had failed");
    assert!(incident.told("hook"));
    assert!(orszem.terminate(wait::LONG).success());
}
