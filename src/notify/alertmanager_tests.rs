use super::*;
use crate::fixture::{LINK, NOW, Reply, notice, serve};
use orszem_core::settings::span::Span;
use serde_json::Value;

fn receiver(urls: &[&str]) -> Alertmanager {
    let config = types::Alertmanager {
        name: "am".into(),
        urls: urls.iter().map(|url| (*url).to_owned()).collect(),
        resend: Span::from_secs(60),
    };
    Alertmanager::new(&config, Duration::from_secs(2)).unwrap()
}

fn json(receiver: &Alertmanager, notice: &Notice) -> Value {
    let alerts: Value = serde_json::from_slice(&receiver.alert(notice).0).unwrap();
    assert_eq!(alerts.as_array().unwrap().len(), 1);
    alerts[0].clone()
}

fn accepted() -> Delivery {
    Delivery::Accepted { reference: Some("error".into()) }
}

#[test]
fn an_alert_is_as_the_api_wants_it() {
    let alert = json(&receiver(&["http://am.example:9093/"]), &notice(Action::Trigger));
    assert_eq!(
        alert["labels"],
        json!({ "alertname": "OrszemIncident", "incident": "acme.3", "watch": "acme", "severity": "error" })
    );
    assert_eq!(
        (alert["startsAt"].as_str(), alert["generatorURL"].as_str()),
        (Some("2014-08-01T16:30:00Z"), Some(LINK))
    );
    assert_eq!(alert["endsAt"], "2026-01-01T00:05:05Z", "five minutes after it was sent");
    assert_eq!(alert["annotations"]["summary"], "Acme: 212 negative mentions in 10 min, 14 expected");
    assert!(alert["annotations"].as_object().unwrap().values().all(Value::is_string));
}

#[test]
fn what_changes_never_changes_the_labels() {
    let receiver = receiver(&["http://am.example:9093"]);
    let first = json(&receiver, &notice(Action::Trigger))["labels"].clone();
    let mut later = notice(Action::Update);
    later.reference = Some("error".into());
    later.page.severity = 1;
    later.page.kind = orszem_records::signal::Kind::Volume;
    later.page.counts.mentions += 1000;
    later.page.headline = "something else".into();
    later.page.title = "Acme Inc".into();
    let update = json(&receiver, &later);
    assert_eq!(update["labels"], first);
    assert_eq!(update["annotations"]["severity"], "critical");
    later.action = Action::Resolve;
    assert_eq!(json(&receiver, &later)["labels"], first);
}

#[test]
fn the_end_is_by_the_clock_and_never_before_the_start() {
    let receiver = receiver(&["http://am.example:9093"]);
    let mut resolve = notice(Action::Resolve);
    assert_eq!(json(&receiver, &resolve)["endsAt"], "2026-01-01T00:00:05Z");
    resolve.page.opened_at = NOW.plus(90_000);
    let alert = json(&receiver, &resolve);
    assert_eq!(alert["startsAt"], alert["endsAt"]);
    // A repeat that was on its way while the incident ended must not light it again.
    let mut late = notice(Action::Update);
    late.page.state = State::Resolved;
    assert_eq!(json(&receiver, &late)["endsAt"], "2026-01-01T00:00:05Z");
}

#[test]
fn no_words_of_a_mention_go_to_templates_that_do_not_escape() {
    let mut said = notice(Action::Acknowledge);
    said.page.by = Some("byher".into());
    let sample = &mut said.page.samples[0];
    (sample.text, sample.author, sample.source) = ("saidthis".into(), "byhim".into(), "onthere".into());
    sample.url = Some("https://there.example".into());
    said.page.driven_by = "author drivesit (×12)".into();
    let alert = json(&receiver(&["http://am.example:9093"]), &said).to_string();
    let found = ["saidthis", "byhim", "byher", "onthere", "there.example", "drivesit"]
        .iter()
        .find(|word| alert.contains(**word));
    assert_eq!(found, None, "{alert}");
}

#[tokio::test]
async fn every_instance_is_told_and_one_is_enough() {
    let (a, b) = (serve(Reply::status(200)).await, serve(Reply::status(500)).await);
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let receiver = receiver(&[&a.url, &format!("http://{closed}"), &b.url]);
    assert_eq!(receiver.send(&notice(Action::Trigger)).await, accepted());
    for server in [&a, &b] {
        let [request] = &server.requests()[..] else { panic!("one request") };
        assert_eq!(request.path, "/api/v2/alerts");
        assert!(request.headers["content-type"].to_str().unwrap().starts_with("application/json"));
        assert!(serde_json::from_slice::<Value>(&request.body).unwrap().is_array());
    }
    assert_eq!(receiver.capabilities().keep_firing, Some(Duration::from_secs(60)));
}

#[tokio::test]
async fn an_instance_that_hangs_spoils_nothing() {
    let hanging = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let well = serve(Reply::status(200)).await;
    let url = format!("http://{}", hanging.local_addr().unwrap());
    assert_eq!(receiver(&[&url, &well.url]).send(&notice(Action::Trigger)).await, accepted());
}

#[tokio::test]
async fn without_any_instance_it_depends_on_what_they_said() {
    let bad = serve(Reply { body: "bad label".into(), ..Reply::status(400) }).await;
    let busy = serve(Reply { headers: vec![("retry-after", "9".into())], ..Reply::status(429) }).await;
    match receiver(&[&bad.url]).send(&notice(Action::Trigger)).await {
        Delivery::Failed { reason } => assert!(reason.ends_with("answered 400: bad label"), "{reason}"),
        other => panic!("{other:?}"),
    }
    let both = receiver(&[&bad.url, &busy.url]).send(&notice(Action::Trigger)).await;
    assert!(matches!(both, Delivery::Retry { after_ms: Some(9000), .. }), "{both:?}");
}

#[tokio::test]
async fn a_password_in_an_address_is_not_told() {
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let told = receiver(&[&format!("http://user:topsecret@{closed}/am")]).send(&notice(Action::Trigger)).await;
    assert!(!format!("{told:?}").contains("topsecret"), "{told:?}");
}

#[test]
fn no_instance_and_no_address_are_refused() {
    for urls in [vec![], vec!["am.example:9093".to_owned()]] {
        let config = types::Alertmanager { name: "am".into(), urls, resend: Span::from_secs(60) };
        assert!(Alertmanager::new(&config, Duration::from_secs(2)).is_err());
    }
}

#[tokio::test]
async fn a_probe_tells_an_alertmanager_from_another_server() {
    let status = |cluster: &str| {
        Reply::ok(&json!({ "versionInfo": { "version": "0.27.0" }, "cluster": { "status": cluster } }).to_string())
    };
    for (reply, expected) in [
        (status("ready"), Found::Works),
        (status("disabled"), Found::Works),
        (status("settling"), Found::Warning),
        (Reply::ok("<html>"), Found::Broken),
        (Reply::status(404), Found::Broken),
    ] {
        let server = serve(reply.clone()).await;
        let [finding] = &receiver(&[&server.url]).probe().await.findings[..] else { panic!("one finding") };
        assert_eq!(finding.state, expected, "{reply:?}: {finding:?}");
        assert_eq!(server.requests()[0].path, "/api/v2/status");
    }
}

#[tokio::test]
async fn an_instance_that_is_away_is_a_warning_while_another_works() {
    let server = serve(Reply::ok(r#"{"versionInfo":{"version":"1"},"cluster":{"status":"ready"}}"#)).await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let away = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let states = |probed: Probed| probed.findings.iter().map(|finding| finding.state).collect::<Vec<_>>();
    assert_eq!(states(receiver(&[&away, &server.url]).probe().await), [Found::Warning, Found::Works]);
    assert_eq!(states(receiver(&[&away, &away]).probe().await), [Found::Broken, Found::Broken]);
}
