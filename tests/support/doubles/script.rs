//! The server that every double is, and what it can be told to answer instead of judging a request.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};

/// A scripted answer. Scripted answers are given to the next requests in order, one each; after them the double judges
/// for itself again. A request that is answered by script changes nothing in the double.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// No script for this request: judge it.
    Judge,
    /// This status with this body.
    Status(u16, String),
    /// 429 with `Retry-After: seconds`.
    TooMany(u64),
    /// 200 with `{"ok":false,"error":…}`: Slack's way of refusing. For an incoming webhook and PagerDuty as well, which
    /// never say this: anyone who takes any 200 for a success falls for it.
    NotOk(String),
    /// Takes the request and does not answer it (for an hour).
    Hang,
    /// Does what the request asks, and then does not answer: the case in which a repeated try is a second message.
    DoAndHang,
}

/// One request, as it came.
#[derive(Clone, Debug)]
pub struct Request {
    /// The path.
    pub path: String,
    /// The headers.
    pub headers: HeaderMap,
    /// The body; text that is no UTF-8 is made so.
    pub body: String,
    /// The status that was answered; 0 when nothing was.
    pub status: u16,
    /// What the double made of it: `ok`, the service's error, or `scripted …`.
    pub verdict: String,
    /// When it came.
    pub at: std::time::SystemTime,
}

/// A double's reply before it is put on the wire.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub body: String,
    /// `ok` or the service's error.
    pub verdict: String,
}

/// What a double does with a request: the state that is shared with the test.
pub trait Judge: Send + 'static {
    /// The path of the address that the configuration names.
    const PATH: &'static str;

    /// Answers a request.
    fn judge(&mut self, path: &str, headers: &HeaderMap, body: &[u8]) -> Reply;

    /// What was sent against the contract, each with why; not what was answered by script.
    fn faults(&self) -> Vec<String>;
}

/// A double: a server on a port of 127.0.0.1 that judges what it is sent. Stops when dropped.
pub struct Double<J> {
    address: SocketAddr,
    shared: Arc<Mutex<Shared<J>>>,
    task: tokio::task::JoinHandle<()>,
}

struct Shared<J> {
    judge: J,
    script: VecDeque<Answer>,
    requests: Vec<Request>,
}

impl<J: Judge + Default> Double<J> {
    /// Starts one.
    pub async fn start() -> Double<J> {
        Double::serve(J::default()).await
    }
}

impl<J: Judge> Double<J> {
    /// Starts one that begins with this state.
    pub async fn serve(judge: J) -> Double<J> {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("a bound listener has an address");
        let shared = Arc::new(Mutex::new(Shared { judge, script: VecDeque::new(), requests: Vec::new() }));
        let state = shared.clone();
        let answer = move |uri: Uri, headers: HeaderMap, body: Bytes| respond(state.clone(), uri, headers, body);
        // As much as is sent: that a request is too large is for the double to say.
        let app = Router::new().fallback(axum::routing::post(answer)).layer(DefaultBodyLimit::disable());
        let task = tokio::spawn(async move {
            axum::serve(listener, app).await.expect("the double serves");
        });
        Double { address, shared, task }
    }

    /// The address that the configuration names.
    pub fn url(&self) -> String {
        self.url_of(J::PATH)
    }

    /// The address of a path.
    pub fn url_of(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Gives the next requests these answers.
    pub fn script(&self, answers: Vec<Answer>) {
        self.lock().script.extend(answers);
    }

    /// Forgets the scripted answers that no request has had yet: it judges for itself again.
    pub fn unscript(&self) {
        self.lock().script.clear();
    }

    /// Scripted answers that no request has had yet.
    pub fn unused(&self) -> usize {
        self.lock().script.len()
    }

    /// Every request, scripted ones too.
    pub fn requests(&self) -> Vec<Request> {
        self.lock().requests.clone()
    }

    /// What was sent against the contract, each with why. Empty in a good run.
    pub fn faults(&self) -> Vec<String> {
        self.with(|state| state.faults())
    }

    /// Looks at the state, or changes it.
    pub fn with<T>(&self, look: impl FnOnce(&mut J) -> T) -> T {
        look(&mut self.lock().judge)
    }

    fn lock(&self) -> MutexGuard<'_, Shared<J>> {
        self.shared.lock().expect("no test panicked while it held the double")
    }
}

impl<J> Drop for Double<J> {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn respond<J: Judge>(shared: Arc<Mutex<Shared<J>>>, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    let (answer, reply) = {
        let mut shared = shared.lock().expect("no test panicked while it held the double");
        let answer = shared.script.pop_front().unwrap_or(Answer::Judge);
        let reply = match &answer {
            Answer::Judge | Answer::DoAndHang => shared.judge.judge(uri.path(), &headers, &body),
            Answer::Status(status, body) => scripted(*status, body.clone()),
            Answer::TooMany(_) => scripted(429, String::new()),
            Answer::NotOk(error) => scripted(200, serde_json::json!({ "ok": false, "error": error }).to_string()),
            Answer::Hang => scripted(0, String::new()),
        };
        #[allow(clippy::disallowed_methods, reason = "a double has a clock of its own")]
        let at = std::time::SystemTime::now();
        shared.requests.push(Request {
            path: uri.path().to_owned(),
            headers,
            body: String::from_utf8_lossy(&body).into_owned(),
            status: if answer == Answer::DoAndHang { 0 } else { reply.status },
            verdict: reply.verdict.clone(),
            at,
        });
        (answer, reply)
    };
    if matches!(answer, Answer::Hang | Answer::DoAndHang) {
        tokio::time::sleep(Duration::from_secs(3600)).await;
    }
    let status = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = (status, reply.body).into_response();
    if let Answer::TooMany(seconds) = answer {
        response.headers_mut().insert("retry-after", seconds.into());
    }
    response
}

fn scripted(status: u16, body: String) -> Reply {
    Reply { status, verdict: format!("scripted {status} {body}"), body }
}

/// Whether a request says that its body is JSON.
pub fn is_json(headers: &HeaderMap) -> bool {
    let said = headers.get("content-type").and_then(|value| value.to_str().ok()).unwrap_or_default();
    said.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
}

/// The length of a text in UTF-16 units: the careful reading of a service's "characters".
pub fn units(text: &str) -> usize {
    text.encode_utf16().count()
}
