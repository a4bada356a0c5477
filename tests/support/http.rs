//! HTTP requests of a test, also from inside a runtime.

use std::time::Duration;

/// What a server answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// Where it leads to, as the header says; empty without one.
    pub location: String,
    /// The body as text.
    pub body: String,
}

impl Answer {
    /// The body as JSON.
    ///
    /// # Panics
    /// When it is none.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|fault| panic!("no JSON ({fault}): {}", self.body))
    }
}

/// Fetches `url`; `None` when nobody answers.
pub fn get(url: &str) -> Option<Answer> {
    send(url, |client, url| client.get(url))
}

/// Posts JSON; `None` when nobody answers.
pub fn post_json(url: &str, body: &serde_json::Value) -> Option<Answer> {
    let body = body.to_string();
    send(url, move |client, url| client.post(url).header("content-type", "application/json").body(body))
}

/// Posts JSON with a token; `None` when nobody answers.
pub fn post_json_with(url: &str, token: &str, body: &serde_json::Value) -> Option<Answer> {
    let (body, token) = (body.to_string(), token.to_owned());
    send(url, move |client, url| {
        client.post(url).bearer_auth(token).header("content-type", "application/json").body(body)
    })
}

/// Posts a form; `None` when nobody answers.
pub fn post_form(url: &str, fields: &[(&str, &str)]) -> Option<Answer> {
    let fields: Vec<String> =
        fields.iter().map(|(name, value)| format!("{}={}", escape(name), escape(value))).collect();
    let body = fields.join("&");
    send(url, move |client, url| {
        client.post(url).header("content-type", "application/x-www-form-urlencoded").body(body)
    })
}

/// Percent-encodes all but letters, digits, `-`, `.`, `_` and `~`.
pub fn escape(text: &str) -> String {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._~".contains(byte);
    let code = |byte: u8| if plain(&byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    text.bytes().map(code).collect()
}

/// On a thread of its own: a test that runs in a runtime may not block in it.
fn send(url: &str, request: impl FnOnce(&reqwest::Client, &str) -> reqwest::RequestBuilder + Send) -> Option<Answer> {
    let exchange = || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            // Redirects are answers: a test wants to see them.
            let client = reqwest::Client::builder()
                .no_proxy()
                .timeout(Duration::from_secs(30))
                .redirect(reqwest::redirect::Policy::none())
                .build()
                .unwrap();
            let response = request(&client, url).send().await.ok()?;
            let status = response.status().as_u16();
            let location = response.headers().get("location").and_then(|location| location.to_str().ok());
            let location = location.unwrap_or_default().to_owned();
            Some(Answer { status, location, body: response.text().await.ok()? })
        })
    };
    std::thread::scope(|scope| scope.spawn(exchange).join().unwrap())
}
