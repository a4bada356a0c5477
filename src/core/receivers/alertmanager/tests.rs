use std::time::Duration;

use orszem_records::incident::State;
use orszem_records::ledger::Action;
use serde_json::Value;

use super::payload::alert;
use super::*;
use crate::notification::Notice;
use crate::notification::fixture::{LINK, NOW, notice};
use crate::receivers::Receiver;
use crate::receivers::fixture::{faults, http, secret};
use crate::settings::Span;

fn config(urls: Vec<String>) -> Alertmanager {
    let (name, resend) = ("am".into(), Span::from_secs(60));
    Alertmanager {
        name,
        urls,
        resend,
        user: None,
        password: None,
        token: None,
        ca_file: None,
        language: None,
        time_zone: None,
    }
}

fn json(notice: &Notice) -> Value {
    let alerts: Value = serde_json::from_slice(&alert(notice, Duration::from_secs(60))).unwrap();
    assert_eq!(alerts.as_array().unwrap().len(), 1);
    alerts[0].clone()
}

#[test]
fn an_alert_is_as_the_api_wants_it() {
    let alert = json(&notice(Action::Trigger));
    assert_eq!(
        alert["labels"],
        serde_json::json!({ "alertname": "OrszemIncident", "incident": "acme.3", "watch": "acme", "severity": "error" })
    );
    assert_eq!(
        (alert["startsAt"].as_str(), alert["generatorURL"].as_str()),
        (Some("2014-08-01T16:30:00Z"), Some(LINK))
    );
    assert_eq!(alert["endsAt"], "2026-01-01T00:05:05Z", "five minutes after it was sent");
    assert_eq!(alert["annotations"]["summary"], "Acme: 212 negative mentions in 10 min (usual: 14)");
    assert!(alert["annotations"].as_object().unwrap().values().all(Value::is_string));
}

#[test]
fn what_changes_never_changes_the_labels() {
    let first = json(&notice(Action::Trigger))["labels"].clone();
    let mut later = notice(Action::Update);
    later.reference = Some("error".into());
    later.page.severity = 1;
    later.page.kind = orszem_records::signal::Kind::Volume;
    later.page.counts.mentions += 1000;
    later.page.headline = "something else".into();
    later.page.title = "Acme Inc".into();
    let update = json(&later);
    assert_eq!(update["labels"], first);
    assert_eq!(update["annotations"]["severity"], "critical");
    later.action = Action::Resolve;
    assert_eq!(json(&later)["labels"], first);
}

#[test]
fn the_end_is_by_the_clock_and_never_before_the_start() {
    let mut resolve = notice(Action::Resolve);
    assert_eq!(json(&resolve)["endsAt"], "2026-01-01T00:00:05Z");
    resolve.page.opened_at = NOW.plus(90_000);
    let alert = json(&resolve);
    assert_eq!(alert["startsAt"], alert["endsAt"]);
    // A repeat that was on its way while the incident ended must not light it again.
    let mut late = notice(Action::Update);
    late.page.state = State::Resolved;
    assert_eq!(json(&late)["endsAt"], "2026-01-01T00:00:05Z");
}

#[test]
fn no_words_of_a_mention_go_to_templates_that_do_not_escape() {
    let mut said = notice(Action::Acknowledge);
    said.page.by = Some("byher".into());
    let sample = &mut said.page.samples[0];
    (sample.text, sample.author, sample.source) = ("saidthis".into(), "byhim".into(), "onthere".into());
    sample.url = Some("https://there.example".into());
    said.page.driven_by = "author drivesit (×12)".into();
    let alert = json(&said).to_string();
    let found = ["saidthis", "byhim", "byher", "onthere", "there.example", "drivesit"]
        .iter()
        .find(|word| alert.contains(**word));
    assert_eq!(found, None, "{alert}");
}

#[test]
fn no_instance_and_no_address_are_refused() {
    for urls in [vec![], vec!["am.example:9093".to_owned()]] {
        let config = config(urls);
        assert!(http(&Receiver::Alertmanager(config)).is_err());
    }
}

#[test]
fn every_instance_gets_the_same_alert_and_a_password_is_not_told() {
    let urls = vec!["http://user:topsecret@a.example/am/".to_owned(), "https://b.example".into()];
    let config = config(urls);
    let cluster = http(&Receiver::Alertmanager(config)).unwrap();
    let requests = cluster.requests(&notice(Action::Trigger));
    let told: Vec<_> = requests.iter().map(|it| (it.instance.as_deref().unwrap(), it.url.path())).collect();
    assert_eq!(told, [("a.example:80", "/am/api/v2/alerts"), ("b.example:443", "/api/v2/alerts")]);
    assert_eq!(requests[0].body, requests[1].body);
    assert!(cluster.secrets().contains(&"topsecret".to_owned()));
}

#[test]
fn a_login_is_shown_to_every_instance_and_told_to_nobody() {
    let urls = vec!["https://a.example".to_owned(), "https://b.example".into()];
    let login = Alertmanager { user: Some("u".into()), password: Some(secret("topsecret")), ..config(urls.clone()) };
    let token = Alertmanager { token: Some(secret("topsecret")), ..config(urls) };
    for (config, shown) in [(login, "Basic dTp0b3BzZWNyZXQ="), (token, "Bearer topsecret")] {
        let cluster = http(&Receiver::Alertmanager(config)).unwrap();
        let requests = cluster.requests(&notice(Action::Trigger)).into_iter().chain(cluster.probes());
        for request in requests {
            assert!(request.headers.contains(&("authorization", shown.to_owned())), "{request:?}");
        }
        assert!(cluster.secrets().contains(&"topsecret".to_owned()));
    }
}

#[test]
fn credentials_that_do_not_go_together_are_named() {
    let keys = |keys: &str| faults(&format!("kind = \"alertmanager\"\n{keys}"));
    let login = "user = \"u\"\npassword = \"env:P\"\n";
    for (written, expected) in [
        ("user = \"u\"".to_owned(), vec!["user"]),
        (login.to_owned(), vec![]),
        (format!("{login}token = \"env:T\""), vec!["token"]),
        (format!("{login}urls = [\"https://a.example\", \"http://b.example\"]"), vec!["urls"]),
        ("token = \"env:T\"\nurls = [\"http://localhost:9093\"]".to_owned(), vec![]),
    ] {
        let found: Vec<_> = keys(&written).into_iter().map(|(key, _)| key).collect();
        assert_eq!(found, expected, "{written}");
    }
}

#[test]
fn a_drill_has_a_label_of_its_own() {
    let mut notice = notice(Action::Trigger);
    assert!(json(&notice)["labels"].get("drill").is_none());
    notice.page.drill = true;
    assert_eq!(json(&notice)["labels"]["drill"], "yes");
}
