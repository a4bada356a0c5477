//! What people do with the page: the link acts by POST alone, for whom it was made and as long as it was made for, and
//! what they did stops the calls.

use orszem_records::ledger::{Action, Entry, Event};

use crate::support::doubles::{Pagerduty, Slack, Webhook};
use crate::support::setup::{LINK_SECRET, Setup, WATCH};
use crate::support::{http, kafka, wait};

use super::stream;

/// The fields of a link's query.
fn fields(query: &str) -> Vec<(&str, &str)> {
    query.split('&').filter_map(|pair| pair.split_once('=')).collect()
}

/// What people and the escalation did, in the ledger's order.
fn actions(prefix: &str) -> Vec<Event> {
    let records = kafka::shared().read(&format!("{prefix}.ledger"));
    let entries = records.iter().map(|record| serde_json::from_str::<Entry>(&record.text()).expect("an entry"));
    let action = |event: &Event| matches!(event, Event::Acknowledged(_) | Event::Resolved(_));
    entries.map(|entry| entry.event).filter(action).collect()
}

#[test]
fn an_acknowledgement_by_the_link_stops_the_calls_and_nothing_else_does() {
    let kafka = kafka::shared();
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let (slack, pager, hook) =
        runtime.block_on(async { (Slack::start().await, Pagerduty::start().await, Webhook::start().await) });
    // Long enough for what follows on a busy machine; the wait at the end goes beyond it.
    let setup = Setup::for_crisis("people")
        .slack("chat", &slack)
        .webhook("hook", &hook)
        .pagerduty("pager", &pager)
        .step(&["chat", "hook"], "45s")
        .step(&["pager"], "1h")
        .with("[respond]\nupdate_interval = \"1d\"\n");
    let (_home, mut orszem) = setup.start();
    setup.deliver_crisis(kafka, |_, _| {});
    let link = setup.link(&slack);
    let (page, query) = link.split_once('?').expect("a signed link");
    let good = fields(query);
    let id = page.rsplit('/').next().expect("an id");
    let api = format!("{}/api/v1/incidents/{id}", setup.url());
    let state = || http::get(&api).expect("an answer").json()["state"].as_str().map(str::to_owned);

    // A mail scanner follows every address it finds.
    assert_eq!(http::get(&link).expect("an answer").status, 200);
    for action in ["acknowledge", "resolve"] {
        let answer = http::get(&format!("{page}/{action}?{query}")).expect("an answer");
        assert!(answer.body.len() < 100_000 && ![200, 303].contains(&answer.status), "GET acted: {answer:?}");
    }
    // Somebody else's link, another's name, another time, none at all, one for another incident.
    let changed = |name: &str, value: &str| -> Vec<(String, String)> {
        good.iter().map(|(key, old)| ((*key).to_owned(), if *key == name { value } else { old }.to_owned())).collect()
    };
    let later = good.iter().find(|(key, _)| *key == "until").and_then(|(_, until)| until.parse::<u64>().ok());
    let forged = [
        changed("sig", &"A".repeat(43)),
        changed("sig", ""),
        changed("as", "pager"),
        changed("until", &(later.expect("a time") + 1).to_string()),
        changed("until", "1000000000"),
        Vec::new(),
    ];
    for fields in &forged {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
        for action in ["acknowledge", "resolve"] {
            let answer = http::post_form(&format!("{page}/{action}"), &fields).expect("an answer");
            assert_eq!(answer.status, 403, "{fields:?} {}", answer.body);
        }
    }
    // One that was good, and whose time is over: signed with the secret of the tests.
    let signer = orszem_web::Signer::new(LINK_SECRET.as_bytes());
    let expired = signer.link(&setup.url(), id, "chat", orszem_records::time::Timestamp(1_700_000_000_000));
    let expired = expired.split_once('?').expect("a signed link").1;
    let answer = http::post_form(&format!("{page}/acknowledge"), &fields(expired)).expect("an answer");
    assert_eq!(answer.status, 403, "{}", answer.body);
    assert_eq!((state().as_deref(), actions("people")), (Some("open"), vec![]));

    // The one that is good.
    let answer = http::post_form(&format!("{page}/acknowledge"), &good).expect("an answer");
    assert_eq!(answer.status, 303, "{}", answer.body);
    wait::holds("it is acknowledged", wait::LONG, || state().as_deref() == Some("acknowledged"));
    wait::holds("the channel shows it", wait::LONG, || {
        slack.pages().iter().all(|page| !page.earlier.is_empty() && page.visible().contains("chat has it since"))
    });
    wait::pause(std::time::Duration::from_secs(50));
    assert_eq!(pager.requests().len(), 0, "step 2 was called although somebody has it");

    // Done twice, it is done once; resolved, it is over for everybody.
    for action in ["acknowledge", "resolve", "resolve"] {
        let answer = http::post_form(&format!("{page}/{action}"), &good).expect("an answer");
        assert_eq!(answer.status, 303, "{}", answer.body);
    }
    wait::holds("it is resolved", wait::LONG, || state().as_deref() == Some("resolved"));
    let kinds = || hook.events().iter().map(|event| event.body["type"].clone()).collect::<Vec<_>>();
    wait::holds("the hook hears of all", wait::LONG, || kinds().len() >= 3);
    assert_eq!(kinds(), ["incident.triggered", "incident.acknowledged", "incident.resolved"]);
    wait::holds("the channel shows the end", wait::LONG, || {
        slack.pages()[0].visible().contains("Over: chat closed it.")
    });

    let actions = actions("people");
    assert!(
        matches!(&actions[..], [Event::Acknowledged(one), Event::Resolved(two)]
            if (one.by.as_str(), one.via.as_str(), two.by.by.as_str()) == ("chat", "link", "chat")),
        "{actions:?}"
    );
    let incidents = stream::incidents(kafka, "people");
    let messages = incidents.values().flat_map(|incident| &incident.messages);
    assert!(messages.clone().all(|message| message.attempt.receiver != "pager"));
    assert_eq!(messages.filter(|message| message.attempt.action == Action::Trigger).count(), 2);
    assert_eq!((slack.faults(), hook.faults(), pager.faults()), (vec![], vec![], vec![]));
    assert_eq!(slack.pages().len(), 1);
    assert!(orszem.terminate(wait::LONG).success());
}

#[test]
fn what_people_say_of_mentions_becomes_texts_to_train_on() {
    let kafka = kafka::shared();
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let slack = runtime.block_on(Slack::start());
    let setup = Setup::for_crisis("lessons").slack("chat", &slack).step(&["chat"], "1h");
    let (home, mut orszem) = setup.start();
    setup.deliver_crisis(kafka, |_, _| {});
    let link = setup.link(&slack);
    let (page, query) = link.split_once('?').expect("a signed link");
    let id = page.rsplit('/').next().expect("an id");
    let incident = || http::get(&format!("{}/api/v1/incidents/{id}", setup.url())).expect("an answer").json();
    let samples = incident()["samples"].as_array().expect("samples").clone();
    let [one, two] = [0, 1].map(|n| samples[n].clone());
    let id_of = |sample: &serde_json::Value| sample["id"].as_str().expect("an id").to_owned();
    let shown = http::get(&link).expect("an answer").body;
    assert!(shown.contains("value=\"neutral\"") && shown.contains(&id_of(&one)), "the buttons: {shown}");

    let tell = |mention: &str, class: &str| {
        let told = [("mention", mention), ("class", class)];
        let fields: Vec<(&str, &str)> = fields(query).into_iter().chain(told).collect();
        http::post_form(&format!("{page}/feedback"), &fields).expect("an answer").status
    };
    // The last word counts; a mention that the incident does not show does not count.
    assert_eq!((tell(&id_of(&one), "positive"), tell(&id_of(&one), "neutral")), (303, 303));
    assert_eq!((tell(&id_of(&two), "negative"), tell("unknown", "neutral")), (303, 404));
    let forged = [("mention", "x"), ("class", "neutral"), ("as", "chat"), ("until", "9999999999"), ("sig", "x")];
    assert_eq!(http::post_form(&format!("{page}/feedback"), &forged).expect("an answer").status, 403);
    let before = incident()["counts"].clone();

    let out = home.path().join("ours.tsv");
    let out = out.to_str().expect("a path");
    let export = |further: &[&str]| {
        let ran = home.succeed(&[&["sentiment", "feedback", "-o", out], further].concat());
        let mut lines: Vec<String> =
            std::fs::read_to_string(out).expect("the texts").lines().map(str::to_owned).collect();
        lines.sort();
        (lines, String::from_utf8_lossy(&ran.stderr).into_owned())
    };
    let text = |sample: &serde_json::Value| sample["text"].as_str().expect("a text").to_owned();
    let mut expected = [format!("neu\t{}", text(&one)), format!("neg\t{}", text(&two))];
    expected.sort();
    let (lines, told) = export(&["--lang", "en"]);
    assert_eq!(lines, expected);
    assert!(told.contains("2 texts"), "{told}");
    assert!(export(&["--watch", "other"]).0.is_empty() && export(&["--lang", "hu"]).0.is_empty());
    assert_eq!(incident()["counts"], before, "the figures of the incident stay");

    // And they train.
    let (_, _) = export(&[]);
    let more = (0..60).map(|n| format!("pos\tvery good and lovely {n}\nneg\tawful {n}\n"));
    let many: String = std::iter::once(std::fs::read_to_string(out).expect("the texts")).chain(more).collect();
    std::fs::write(out, many).expect("written");
    let model = home.path().join("ours.model");
    home.succeed(&["sentiment", "train", out, "-o", model.to_str().expect("a path")]);
    assert!(model.exists());
    assert!(orszem.terminate(wait::LONG).success());
}

/// Made at one copy, it holds at the one that decides, and every copy shows it.
#[test]
fn a_silence_made_at_one_copy_keeps_people_uncalled_and_its_end_at_once_calls_them() {
    let kafka = kafka::shared();
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let hook = runtime.block_on(Webhook::start());
    let setup = Setup::for_crisis("silenced").webhook("hook", &hook).step(&["hook"], "1h").with(
        "[[person]]\nname = \"anna\"\n[[person]]\nname = \"bela\"\n[[rotation]]\nname = \"press\"\n\
         time_zone = \"UTC\"\n[[rotation.layer]]\nshift = \"daily\"\n\
         stretch = [{ from = \"2026-01-01 00:00\", members = [\"anna\"] }]\n",
    );
    let (_home, mut first) = setup.start();
    let other = setup.copy("silenced-b");
    let address = other.address();
    let other = other.web(&format!(
        "listen = \"{address}\"\npublic_url = \"http://{address}\"\nlink_secret = \"env:LINK_SECRET\"\n\
         api_token = \"env:LINK_SECRET\""
    ));
    let (_other_home, mut second) = other.start();
    let post = |path: &str, body: serde_json::Value| {
        let answer = http::post_json_with(&format!("{}/api/v1{path}", other.url()), LINK_SECRET, &body);
        let answer = answer.expect("an answer");
        assert!([201, 204].contains(&answer.status), "{path}: {answer:?}");
        answer
    };
    let get = |path: &str| http::get(&format!("{}/api/v1{path}", setup.url())).expect("an answer").json();

    // Somebody stands in: the other copy says so too.
    let until = orszem_runtime::clock::now().plus(24 * 3_600_000).to_string();
    let now = orszem_runtime::clock::now().to_string();
    post(
        "/overrides",
        serde_json::json!({
            "rotation": "press", "kind": "replace", "people": ["bela"], "instead_of": ["anna"], "from": now, "to": until,
            "by": "Anna",
        }),
    );
    wait::holds("the other copy knows who is on call", wait::LONG, || {
        get("/oncall?days=1")["rotations"][0]["on_call"][0] == "bela"
    });

    let silence = serde_json::json!({
        "match": format!("watch = \"{WATCH}\""), "reason": "a drill of the press office", "for": "2h", "by": "Anna",
        "sure": true,
    });
    let made = post("/silences", silence).json();
    wait::holds("the other copy shows it", wait::LONG, || get("/silences")["silences"][0]["state"] == "holds");
    setup.deliver_crisis(kafka, |_, _| {});
    wait::pause(std::time::Duration::from_secs(5));
    assert_eq!(hook.events().len(), 0, "somebody was called although it is silenced");
    post(&format!("/silences/{}/end", made["id"].as_str().expect("an id")), serde_json::json!({ "by": "Béla" }));
    wait::holds("people are called", wait::LONG, || hook.events().len() == 1);
    assert_eq!(hook.events()[0].body["type"], "incident.triggered");
    assert_eq!(hook.faults(), Vec::<String>::new());
    for copy in [&mut first, &mut second] {
        assert!(copy.terminate(wait::LONG).success());
    }
}
