//! What the tests of receivers share: incidents and notices, and a plain server that records requests.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri};

use super::clean::tests::HOSTILE;
use super::page::{Notice, Page};
use crate::config::secret::Secret;
use crate::config::types::Watch;
use crate::detect::drivers::Driver;
use crate::detect::signal::{Counts, Kind, Phase, Signal};
use crate::respond::incident::Incident;
use crate::respond::ledger::{Action, ByWhom, Entry, Event, IncidentId};
use crate::score::gist::What;
use crate::score::tally::Sample;
use crate::sentiment::Class;
use crate::time::Timestamp;

/// 2014-08-01T16:30:00Z.
pub(crate) const OPENED: Timestamp = Timestamp(1_406_910_600_000);
/// The clock's time of every notice: 2026-01-01T00:00:05Z.
pub(crate) const NOW: Timestamp = Timestamp(1_767_225_605_000);
/// The signed link; its `&` must survive every form.
pub(crate) const LINK: &str = "https://orszem.example/incidents/acme.3?t=abc&s=def";

pub(crate) fn watch() -> Watch {
    Watch {
        name: "acme".into(),
        title: Some("Acme".into()),
        terms: vec!["acme".into()],
        advice: Some("Call the duty manager.\nPost nothing.".into()),
        ..Watch::default()
    }
}

pub(crate) fn sample() -> Sample {
    Sample {
        id: "m1".into(),
        published_at: OPENED,
        source: "twitter".into(),
        author: "anna".into(),
        followers: 1234,
        class: Class::Negative,
        text: "acme is down again".into(),
        url: Some("https://example.com/m1".into()),
        role: None,
    }
}

pub(crate) fn signal() -> Signal {
    Signal {
        phase: Phase::Opened,
        kind: Kind::Negativity,
        severity: 2,
        at: OPENED.plus(600_000),
        opened_at: OPENED,
        observed: 212,
        expected: 14.2,
        interval: (3.0, 31.4),
        window_s: 600,
        expected_per_week: 0.0213,
        budget: 0.5,
        learnt_hours: 700,
        learning: false,
        learning_left: 0,
        forecast: Vec::new(),
        drivers: Vec::new(),
        about: None,
        counts: Counts {
            mentions: 12_212,
            negatives: 212,
            positives: 3,
            originals: 31,
            reposts: 12_170,
            copies: 11,
            of_one_text: 12_000,
            authors: 180,
            reach: 1_234_567,
            ..Counts::default()
        },
        samples: vec![sample()],
        chart: Vec::new(),
    }
}

pub(crate) fn entry(event: Event) -> Entry {
    Entry { watch: "acme".into(), incident: IncidentId::new("acme", 3), at: NOW, event }
}

pub(crate) fn incident(signal: Signal) -> Incident {
    Incident::begin(&entry(Event::Signal(Box::new(signal)))).expect("a signal begins an incident")
}

pub(crate) fn by(name: &str) -> ByWhom {
    ByWhom { by: name.into(), via: "link".into() }
}

pub(crate) fn page() -> Page {
    Page::of(&incident(signal()), &watch(), LINK.into())
}

pub(crate) fn notice_of(page: Page, action: Action) -> Notice {
    Notice { message: "acme.3/desk/0".into(), action, revision: 0, reference: None, sent_at: NOW, page }
}

pub(crate) fn notice(action: Action) -> Notice {
    notice_of(page(), action)
}

/// Every text hostile, long and full of 4-byte emoji: more samples than are shown, a megabyte each.
pub(crate) fn hostile_notice(action: Action) -> Notice {
    let long = format!("{HOSTILE} {}", "😡<&>ő\u{202e}".repeat(100_000));
    let hostile = Sample {
        id: long.clone(),
        source: long.clone(),
        author: long.clone(),
        text: long.clone(),
        url: Some(format!("https://example.com/<!channel>|x\r\nBcc: a@b.example?{}", "&".repeat(40))),
        ..sample()
    };
    let mut signal = signal();
    signal.samples = vec![hostile; 8];
    signal.drivers = vec![Driver { kind: What::Author, text: long.clone(), share: 1.0, times: 1_000.0, z: 9.0 }; 8];
    let watch = Watch { title: Some(long.clone()), advice: Some(long.clone()), ..watch() };
    let mut incident = incident(signal);
    incident.apply(&entry(Event::Acknowledged(by(&long))));
    notice_of(Page::of(&incident, &watch, LINK.into()), action)
}

/// As [`hostile_notice`], with figures as large as they come: the longest page there can be.
pub(crate) fn largest_notice(action: Action) -> Notice {
    let mut notice = hostile_notice(action);
    for sample in &mut notice.page.samples {
        (sample.text, sample.author) = ("<".repeat(100_000), "&".repeat(100_000));
        sample.source = "😡".repeat(100_000);
    }
    let mut signal = signal();
    signal.learning = true;
    signal.counts.reach = u64::MAX;
    signal.counts.mentions = u64::MAX;
    let page = Page::of(&incident(signal), &watch(), LINK.into());
    notice.page.facts = page.facts;
    notice.page.advice = Some("&".repeat(100_000));
    notice
}

/// A secret in a file that lives as long as the returned folder.
pub(crate) fn secret(value: &str) -> (Secret, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("a scratch folder");
    let path = folder.path().join("secret");
    std::fs::write(&path, value).expect("a secret file");
    (Secret::parse(&format!("file:{}", path.display())).expect("the form of a secret"), folder)
}

/// What the plain server answers.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: String,
}

impl Reply {
    pub(crate) fn ok(body: &str) -> Reply {
        Reply { status: 200, headers: Vec::new(), body: body.to_owned() }
    }

    pub(crate) fn status(status: u16) -> Reply {
        Reply { status, ..Reply::ok("") }
    }
}

/// One recorded request.
#[derive(Clone, Debug)]
pub(crate) struct Recorded {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

/// A server that gives every request the same answer.
pub(crate) struct Plain {
    /// With `/` at the end.
    pub(crate) url: String,
    requests: Arc<Mutex<Vec<Recorded>>>,
}

impl Plain {
    pub(crate) fn requests(&self) -> Vec<Recorded> {
        self.requests.lock().expect("the record").clone()
    }
}

/// Starts a plain server; it ends with the test's runtime.
pub(crate) async fn serve(reply: Reply) -> Plain {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("http://{}/", listener.local_addr().expect("an address"));
    let requests = Arc::new(Mutex::new(Vec::new()));
    let record = requests.clone();
    let app = Router::new()
        .fallback(move |method: Method, uri: Uri, headers: HeaderMap, body: Bytes| async move {
            let (method, path) = (method.to_string(), uri.path().to_owned());
            record.lock().expect("the record").push(Recorded { method, path, headers, body: body.to_vec() });
            let mut headers = HeaderMap::new();
            for (name, value) in reply.headers {
                headers.insert(HeaderName::from_static(name), HeaderValue::from_str(&value).expect("a value"));
            }
            (StatusCode::from_u16(reply.status).expect("a status"), headers, reply.body)
        })
        .layer(DefaultBodyLimit::disable());
    tokio::spawn(async move { axum::serve(listener, app).await });
    Plain { url, requests }
}
