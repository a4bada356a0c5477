use std::sync::Arc;
use std::time::Duration;

use orszem_core::receivers::alertmanager as settings;
use orszem_core::settings::Span;
use orszem_records::ledger::{Action, Delivery};
use orszem_runtime::probe::State as Found;
use serde_json::{Value, json};

use crate::fixture::{Reply, built, notice, serve};
use crate::{Probed, Receiver};

fn receiver(urls: &[&str]) -> Arc<dyn Receiver> {
    let config = settings::Alertmanager {
        name: "am".into(),
        urls: urls.iter().map(|url| (*url).to_owned()).collect(),
        resend: Span::from_secs(60),
        user: None,
        password: None,
        token: None,
        ca_file: None,
        language: None,
        time_zone: None,
    };
    built(orszem_core::settings::Receiver::Alertmanager(config), Duration::from_secs(2)).unwrap()
}

fn accepted() -> Delivery {
    Delivery::Accepted { reference: Some("error".into()) }
}

#[tokio::test]
async fn every_instance_is_told_and_one_is_enough() {
    let (a, b) = (serve(Reply::status(200)).await, serve(Reply::status(500)).await);
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let receiver = receiver(&[&a.url, &format!("http://{closed}"), &b.url]);
    assert_eq!(receiver.send(&notice(Action::Trigger)).await.result, accepted());
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
    assert_eq!(receiver(&[&url, &well.url]).send(&notice(Action::Trigger)).await.result, accepted());
}

#[tokio::test]
async fn without_any_instance_it_depends_on_what_they_said() {
    let bad = serve(Reply { body: "bad label".into(), ..Reply::status(400) }).await;
    let busy = serve(Reply { headers: vec![("retry-after", "9".into())], ..Reply::status(429) }).await;
    match receiver(&[&bad.url]).send(&notice(Action::Trigger)).await.result {
        Delivery::Failed { reason } => assert!(reason.ends_with("answered 400: bad label"), "{reason}"),
        other => panic!("{other:?}"),
    }
    let both = receiver(&[&bad.url, &busy.url]).send(&notice(Action::Trigger)).await.result;
    assert!(matches!(both, Delivery::Retry { after_ms: Some(9000), .. }), "{both:?}");
}

#[tokio::test]
async fn a_password_in_an_address_is_not_told() {
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let told = receiver(&[&format!("http://user:topsecret@{closed}/am")]).send(&notice(Action::Trigger)).await.result;
    assert!(!format!("{told:?}").contains("topsecret"), "{told:?}");
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
