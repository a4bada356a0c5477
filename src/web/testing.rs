//! Invented incidents, and the router over a ledger of the test's own.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};

use axum::body::Body;
use axum::http::{Request, Response, StatusCode, header};
use orszem_runtime::live_config::ConfigReader;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::sync::Semaphore;
use tower::ServiceExt as _;

use orszem_core::range::{RangeQuery, Read};
use orszem_core::settings::Config;
use orszem_records::ledger::{Action, Attempt, Delivery, Entry, Event, Outcome};
use orszem_records::signal::Phase;
use orszem_runtime::clock;

use orszem_runtime::status::StatusBoard;

use super::{AppState, Health, LedgerSink, Links, Past, SinkError, View};

pub(crate) use super::fixture::*;

pub(crate) fn attempt(n: u64, receiver: &str, action: Action, (step, try_number): (u32, u32), seconds: i64) -> Entry {
    let message = format!("acme.{n}/{receiver}/{}", action.name());
    let receiver = receiver.to_owned();
    let attempt = Attempt { message, receiver, action, revision: 0, try_number, step, round: 0, signals: 1 };
    Entry { at: BEGAN.plus(seconds * 1000), ..entry("acme", n, Event::Attempt(attempt)) }
}

pub(crate) fn outcome(
    n: u64,
    receiver: &str,
    action: Action,
    try_number: u32,
    result: Delivery,
    seconds: i64,
) -> Entry {
    let message = format!("acme.{n}/{receiver}/{}", action.name());
    let outcome = Outcome { message, receiver: receiver.into(), try_number, result };
    Entry { at: BEGAN.plus(seconds * 1000), ..entry("acme", n, Event::Outcome(outcome)) }
}

/// How the ledger of a test takes entries.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sink {
    /// The view follows at once.
    Follows,
    /// The view never hears of them.
    Lags,
    /// Not at all.
    Refuses,
}

/// A ledger in memory.
pub(crate) struct Ledger {
    pub view: Arc<View>,
    pub written: Mutex<Vec<Entry>>,
    pub sink: Sink,
}

impl LedgerSink for Ledger {
    fn append<'a>(&'a self, entry: Entry) -> Pin<Box<dyn Future<Output = Result<(), SinkError>> + Send + 'a>> {
        Box::pin(async move {
            if self.sink == Sink::Refuses {
                return Err(SinkError("no broker".into()));
            }
            if self.sink == Sink::Follows {
                self.view.apply(&entry);
            }
            self.written.lock().unwrap().push(entry);
            Ok(())
        })
    }
}

struct Well;

impl Health for Well {
    fn healthy(&self) -> Result<(), String> {
        Ok(())
    }

    fn ready(&self) -> Result<(), String> {
        Err("score has no partition yet".into())
    }
}

/// A topic in memory: what `records` holds, whatever topic it is.
#[derive(Default)]
pub(crate) struct Topic {
    pub records: Mutex<Vec<Vec<u8>>>,
    /// What was asked for.
    pub asked: Mutex<Vec<(String, RangeQuery)>>,
    /// Nothing can be read.
    pub away: AtomicBool,
    /// Whoever reads waits while this is so.
    pub held: AtomicBool,
}

impl Past for Topic {
    fn read(&self, topic: &str, extent: RangeQuery, take: &mut dyn FnMut(&Read)) -> Result<bool, String> {
        self.asked.lock().unwrap().push((topic.to_owned(), extent));
        while self.held.load(Ordering::Relaxed) {
            std::thread::yield_now();
        }
        if self.away.load(Ordering::Relaxed) {
            return Err("no broker at <b>secret</b>:9092".into());
        }
        let records = self.records.lock().unwrap();
        let most = extent.newest.unwrap_or(usize::MAX);
        for value in records.iter().take(most) {
            take(&Read { partition: 0, value: value.clone(), headers: Vec::new() });
        }
        Ok(records.len() <= most)
    }
}

/// The router with all it stands on.
pub(crate) struct House {
    pub app: AppState,
    pub ledger: Arc<Ledger>,
    pub topic: Arc<Topic>,
}

/// A house whose configuration is `toml`, with one open incident, `acme.1`.
pub(crate) fn house(toml: &str) -> House {
    house_with(toml, Sink::Follows)
}

pub(crate) fn house_with(toml: &str, sink: Sink) -> House {
    let view = Arc::new(View::default());
    view.apply(&entry("acme", 1, Event::Signal(Box::new(signal(Phase::Opened)))));
    let ledger = Arc::new(Ledger { view: view.clone(), written: Mutex::default(), sink });
    let config: Config = toml::from_str(toml).unwrap();
    let topic = Arc::new(Topic::default());
    let config = ConfigReader::fixed(config);
    let app = AppState {
        view,
        sink: ledger.clone(),
        links: Arc::new(Links::new(config.clone()).unwrap()),
        board: StatusBoard::default(),
        config,
        health: Arc::new(Well),
        past: topic.clone(),
        trying: Arc::new(Semaphore::new(1)),
    };
    House { app, ledger, topic }
}

/// An answer, read whole.
pub(crate) struct Answer {
    pub status: StatusCode,
    pub headers: axum::http::HeaderMap,
    pub body: String,
}

impl Answer {
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|fault| panic!("{fault}: {}", self.body))
    }
}

impl House {
    /// The query of a link to `acme.1` given to `bearer`, that ends so many seconds from now.
    pub(crate) fn ticket(&self, bearer: &str, seconds: i64) -> String {
        let link = self.app.links.signer().link("", "acme.1", bearer, clock::now().plus(seconds * 1000));
        link.split_once('?').unwrap().1.to_owned()
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let answer: Response<Body> = super::router(self.app.clone()).oneshot(request).await.unwrap();
        let (parts, body) = answer.into_parts();
        let body = axum::body::to_bytes(body, 1 << 22).await.unwrap();
        Answer { status: parts.status, headers: parts.headers, body: String::from_utf8(body.to_vec()).unwrap() }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path).body(Body::empty()).unwrap()).await
    }

    pub(crate) async fn get_with(&self, path: &str, token: &str) -> Answer {
        let request = Request::get(path).header(header::AUTHORIZATION, format!("Bearer {token}"));
        self.send(request.body(Body::empty()).unwrap()).await
    }

    pub(crate) async fn form(&self, path: &str, form: &str) -> Answer {
        let request = Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request.body(Body::from(form.to_owned())).unwrap()).await
    }

    pub(crate) async fn json(&self, path: &str, token: &str, body: &str) -> Answer {
        let request = Request::post(path).header(header::AUTHORIZATION, format!("Bearer {token}"));
        self.send(request.body(Body::from(body.to_owned())).unwrap()).await
    }

    pub(crate) fn written(&self) -> usize {
        self.ledger.written.lock().unwrap().len()
    }
}
