//! Receivers behind an HTTP proxy: requests go through it, and nothing is resolved here.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use orszem_core::proxies::Proxies;
use orszem_core::receivers::webhook;
use orszem_core::settings::{self, Span};
use orszem_records::ledger::{Action, Delivery};
use orszem_runtime::probe::State as Found;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};

use crate::fixture::{Reply, notice, secret, serve};
use crate::{Outgoing, Receiver};

/// A public webhook at this address, behind the proxy.
fn behind(proxies: Proxies, url: &str, allow_private: bool) -> Arc<dyn Receiver> {
    let (secret, _folder) = secret("whsec_QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo=");
    let (user, password, token, ca_file) = Default::default();
    let (name, url, secrets) = ("hook".into(), url.to_owned(), vec![secret]);
    let hook = webhook::Webhook {
        name,
        url,
        secrets,
        allow_private,
        user,
        password,
        token,
        ca_file,
        language: None,
        time_zone: None,
    };
    let respond = settings::Respond { timeout: Span(Duration::from_secs(5)), ..settings::Respond::default() };
    let outgoing = Outgoing { proxies, ..Outgoing::default() };
    crate::build(&settings::Receiver::Webhook(hook), &respond, &outgoing).unwrap()
}

fn one(proxy: &str) -> Proxies {
    Proxies::one(proxy, ["direct.example"]).unwrap()
}

#[tokio::test]
async fn a_webhook_whose_name_nobody_here_knows_is_told_through_the_proxy() {
    let proxy = serve(Reply::ok("ok")).await;
    let hook = behind(one(&proxy.url).with_login("u", "topsecret"), "http://hooks.x.invalid/ok/hook", false);
    assert_eq!(hook.send(&notice(Action::Trigger)).await.result, Delivery::Accepted { reference: None });
    let [request] = &proxy.requests()[..] else { panic!("one request") };
    assert_eq!((request.path.as_str(), &request.headers["host"]), ("/ok/hook", &"hooks.x.invalid".parse().unwrap()));
    assert_eq!(request.headers["proxy-authorization"], "Basic dTp0b3BzZWNyZXQ=");
    let [finding] = &hook.probe().await.findings[..] else { panic!("one finding") };
    assert_eq!(finding.state, Found::Works, "{finding:?}");
    assert!(finding.detail.contains("through the proxy 127.0.0.1:"), "{finding:?}");
    assert!(!format!("{finding:?}").contains("topsecret"));
}

/// A proxy that refuses every tunnel: its address, and what it was asked for.
async fn refusing() -> (SocketAddr, Arc<Mutex<Vec<String>>>) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let asked = Arc::new(Mutex::new(Vec::new()));
    let kept = asked.clone();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut line = String::new();
            let _ = BufReader::new(&mut stream).read_line(&mut line).await;
            kept.lock().unwrap().push(line.trim().to_owned());
            let _ = stream.write_all(b"HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n").await;
        }
    });
    (address, asked)
}

#[tokio::test]
async fn https_asks_the_proxy_for_a_tunnel() {
    let (address, asked) = refusing().await;
    let hook = behind(one(&address.to_string()), "https://hooks.x.invalid/hook", false);
    let told = hook.send(&notice(Action::Trigger)).await.result;
    assert!(matches!(told, Delivery::Retry { .. }), "{told:?}");
    assert_eq!(asked.lock().unwrap()[0], "CONNECT hooks.x.invalid:443 HTTP/1.1");
}

#[tokio::test]
async fn what_is_reached_without_the_proxy_is_still_kept_off_private_networks() {
    let proxy = serve(Reply::ok("ok")).await;
    let server = serve(Reply::ok("ok")).await;
    // This machine is never asked for at a proxy.
    let local = behind(one(&proxy.url), &server.url, true);
    assert_eq!(local.send(&notice(Action::Trigger)).await.result, Delivery::Accepted { reference: None });
    assert_eq!((server.requests().len(), proxy.requests().len()), (1, 0));
    // Nor is a host that is excepted; where its name leads is looked at here.
    let except = Proxies::one(&proxy.url, ["localhost.localdomain", "ip6-localhost"]).unwrap();
    for host in ["localhost.localdomain", "ip6-localhost"] {
        let url = server.url.replace("127.0.0.1", host);
        let told = behind(except.clone(), &url, false).send(&notice(Action::Trigger)).await.result;
        assert!(!matches!(told, Delivery::Accepted { .. }), "{told:?}");
    }
    assert_eq!((server.requests().len(), proxy.requests().len()), (1, 0));
}

#[tokio::test]
async fn a_proxy_that_is_away_is_told_as_that() {
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let hook = behind(one(&closed.to_string()), "http://hooks.x.invalid/hook", false);
    assert!(matches!(hook.send(&notice(Action::Trigger)).await.result, Delivery::Retry { .. }));
    let [finding] = &hook.probe().await.findings[..] else { panic!("one finding") };
    assert_eq!(finding.state, Found::Broken);
    assert!(finding.detail.contains(&closed.to_string()) && finding.detail.contains("proxy"), "{finding:?}");
}
