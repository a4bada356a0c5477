//! The way out to the provider of identities: that of the receivers, with its proxy and its authorities.

use std::sync::Arc;
use std::time::Duration;

use axum::http::{self, StatusCode, header};
use reqwest::Url;

use orszem_core::receivers::{Method, Request};
use orszem_notify::Outgoing;
use orszem_notify::http::Http;
use orszem_records::ledger::Delivery;
use orszem_runtime::live_config::{ConfigReader, Derived};
use orszem_web::{Answering, Outside};

/// How long a request may take: several are made while somebody waits for one page, which has ten seconds.
const LIMIT: Duration = Duration::from_secs(3);

/// The way out to the provider of identities.
pub struct ProviderWay(Derived<Arc<Http>>);

impl ProviderWay {
    /// By `[network]` of the configuration in force.
    pub fn new(config: ConfigReader) -> ProviderWay {
        ProviderWay(Derived::new(config))
    }

    async fn exchange(&self, request: http::Request<Vec<u8>>) -> Result<http::Response<Vec<u8>>, String> {
        let made = self.0.get(|config| {
            let outgoing = Outgoing::new(&config.network).map_err(|fault| fault.to_string())?;
            Http::through(&outgoing, LIMIT, Vec::new()).map(Arc::new).map_err(|fault| fault.to_string())
        });
        let http = made.map_err(|(fault, _)| fault)?;
        let answer = http.send(&outgoing(&request)?).await.map_err(|fault| match fault {
            Delivery::Retry { reason, .. } | Delivery::Failed { reason } => reason,
            Delivery::Accepted { .. } => "no answer".into(),
        })?;
        if let Some(why) = answer.cut_off {
            return Err(format!("the answer was cut off: {why}"));
        }
        let mut response = http::Response::new(answer.body.into_bytes());
        *response.status_mut() = StatusCode::from_u16(answer.status).map_err(|fault| fault.to_string())?;
        let kind = answer.headers.iter().find(|(name, _)| name == "content-type");
        let kind = kind.and_then(|(_, kind)| http::HeaderValue::try_from(kind).ok());
        response.headers_mut().extend(kind.map(|kind| (header::CONTENT_TYPE, kind)));
        Ok(response)
    }
}

/// A request as receivers send theirs.
fn outgoing(request: &http::Request<Vec<u8>>) -> Result<Request, String> {
    let url = Url::parse(&request.uri().to_string()).map_err(|fault| format!("no address: {fault}"))?;
    let method = match *request.method() {
        http::Method::GET => Method::Get,
        http::Method::POST => Method::Post,
        ref other => return Err(format!("{other} is not sent")),
    };
    let sent =
        [(header::ACCEPT, "accept"), (header::CONTENT_TYPE, "content-type"), (header::AUTHORIZATION, "authorization")];
    let headers = sent.into_iter().filter_map(|(name, text)| {
        let value = request.headers().get(name)?.to_str().ok()?;
        Some((text, value.to_owned()))
    });
    let headers = headers.collect();
    Ok(Request { headers, body: request.body().clone(), ..Request::new(method, &url) })
}

impl Outside for ProviderWay {
    fn send(&self, request: http::Request<Vec<u8>>) -> Answering<'_> {
        Box::pin(self.exchange(request))
    }
}
