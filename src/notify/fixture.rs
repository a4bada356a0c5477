//! What the tests of receivers share: incidents and notices, and a plain server that records requests.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri};

use orszem_core::settings::{self, Secret, Span};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::{BuildError, Outgoing, Receiver};

#[path = "../core/notification/fixture.rs"]
#[allow(dead_code, reason = "shared with the tests of the content: not all of it is used here")]
mod notices;

pub(crate) use notices::*;

/// A secret in a file that lives as long as the returned folder.
pub(crate) fn secret(value: &str) -> (Secret, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("a scratch folder");
    let path = folder.path().join("secret");
    std::fs::write(&path, value).expect("a secret file");
    (Secret::parse(&format!("file:{}", path.display())).expect("the form of a secret"), folder)
}

/// The receiver of these settings; a send takes at most `wait`.
pub(crate) fn built(receiver: settings::Receiver, wait: Duration) -> Result<Arc<dyn Receiver>, BuildError> {
    let respond = settings::Respond { timeout: Span(wait), ..settings::Respond::default() };
    crate::build(&receiver, &respond, &Outgoing::default())
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

/// A server whose answers are known before.
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

/// How an answer goes on after its beginning.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Rest {
    /// Nothing more comes, and the connection stays open.
    Hangs,
    /// The connection is closed.
    BreaksOff,
    /// A space a second.
    Drips,
}

/// A server whose answers have this status and begin with `body`, and then never come to their end. The address, with
/// `/` at the end, and how many requests came.
pub(crate) async fn serve_half(status: u16, body: &'static str, rest: Rest) -> (String, Arc<AtomicUsize>) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("http://{}/", listener.local_addr().expect("an address"));
    let requests = Arc::new(AtomicUsize::new(0));
    let count = requests.clone();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            count.fetch_add(1, Ordering::Relaxed);
            tokio::spawn(async move {
                read_request(&mut stream).await;
                let head = format!("HTTP/1.1 {status} so it is\r\ncontent-length: 1000\r\n\r\n{body}");
                let _ = stream.write_all(head.as_bytes()).await;
                match rest {
                    Rest::BreaksOff => {}
                    Rest::Hangs => std::future::pending().await,
                    Rest::Drips => {
                        while stream.write_all(b" ").await.is_ok() {
                            tokio::time::sleep(Duration::from_secs(1)).await;
                        }
                    }
                }
            });
        }
    });
    (url, requests)
}

/// Reads a whole request: a connection that is closed before that is reset.
async fn read_request(stream: &mut tokio::net::TcpStream) {
    let mut came = Vec::new();
    loop {
        if stream.read_buf(&mut came).await.is_ok_and(|read| read == 0) {
            return;
        }
        let text = String::from_utf8_lossy(&came).to_ascii_lowercase();
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let length = head.split("content-length: ").nth(1).and_then(|rest| rest.split("\r\n").next());
        if body.len() >= length.and_then(|length| length.parse().ok()).unwrap_or(0) {
            return;
        }
    }
}

/// Starts a plain server; it ends with the test's runtime.
pub(crate) async fn serve(reply: Reply) -> Plain {
    serve_each(vec![reply]).await
}

/// The same with one answer after another; the last one stays.
pub(crate) async fn serve_each(replies: Vec<Reply>) -> Plain {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("http://{}/", listener.local_addr().expect("an address"));
    let requests = Arc::new(Mutex::new(Vec::new()));
    let record = requests.clone();
    let app = Router::new()
        .fallback(move |method: Method, uri: Uri, headers: HeaderMap, body: Bytes| async move {
            let (method, path) = (method.to_string(), uri.path().to_owned());
            let mut record = record.lock().expect("the record");
            let reply = replies[record.len().min(replies.len() - 1)].clone();
            record.push(Recorded { method, path, headers, body: body.to_vec() });
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
