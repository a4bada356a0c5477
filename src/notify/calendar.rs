//! Calendars that are read over HTTP: the way in for shifts that others keep.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use orszem_core::oncall::import::MOST_BYTES;
use orszem_core::oncall::import::source::Source;
use orszem_core::receivers::Secrets;
use orszem_core::settings::ShiftCalendar;

use super::Outgoing;
use super::fault::Fault;
use super::http::Http;

/// How long a calendar may take, connecting and reading included. Some services make it again for each reader.
const TIMEOUT: Duration = Duration::from_secs(30);

/// A calendar as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fetched {
    /// By which the service knows this version of it.
    pub tag: Option<String>,
    /// All of it.
    pub body: Arc<[u8]>,
}

/// A calendar somewhere. One per rotation that has one.
pub trait Calendar: Send + Sync {
    /// The calendar as it is now: `known` again where nothing changed. Never panics, never takes longer than a minute,
    /// never puts a secret into the reason.
    fn fetch<'a>(
        &'a self,
        known: Option<Fetched>,
    ) -> Pin<Box<dyn Future<Output = Result<Fetched, String>> + Send + 'a>>;
}

/// A calendar at an address.
pub struct HttpCalendar {
    http: Http,
    source: Source,
}

impl HttpCalendar {
    /// The calendar that settings name, reached on the way `outgoing`. Reads its secrets; connects to nothing.
    ///
    /// # Errors
    /// What is wrong with the settings.
    pub fn new(settings: &ShiftCalendar, outgoing: &Outgoing) -> Result<HttpCalendar, Fault> {
        let source = Source::new(settings, Secrets(&orszem_runtime::secret::reveal))?;
        let client = if source.public_only { Http::public_only } else { Http::through };
        Ok(HttpCalendar { http: client(outgoing, TIMEOUT, source.secrets.clone())?, source })
    }

    async fn read(&self, known: Option<Fetched>) -> Result<Fetched, String> {
        let tag = known.as_ref().and_then(|known| known.tag.as_deref());
        let document = self.http.download(&self.source.request(tag), MOST_BYTES).await?;
        match (document.status, known) {
            (200, _) => Ok(Fetched { tag: document.tag, body: document.body.into() }),
            (304, Some(known)) => Ok(known),
            (status @ (300..=303 | 305..=399), _) => {
                Err(format!("answered {status}: name the address that it leads to"))
            }
            (status, _) => Err(format!("answered {status}")),
        }
    }
}

impl Calendar for HttpCalendar {
    fn fetch<'a>(
        &'a self,
        known: Option<Fetched>,
    ) -> Pin<Box<dyn Future<Output = Result<Fetched, String>> + Send + 'a>> {
        Box::pin(self.read(known))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{Plain, Reply, secret, serve, serve_each};

    /// A calendar on this machine, whose address is a secret.
    fn calendar(server: &Plain, keys: &str) -> (Result<HttpCalendar, Fault>, tempfile::TempDir) {
        let (place, folder) = secret(&format!("{}private-topsecret/duty.ics", server.url));
        let mut settings: ShiftCalendar = toml::from_str(&format!("secret_url = \"env:NONE\"\n{keys}")).unwrap();
        settings.secret_url = Some(place);
        (HttpCalendar::new(&settings, &Outgoing::default()), folder)
    }

    #[tokio::test]
    async fn what_did_not_change_is_not_sent_again() {
        let tagged = Reply { headers: vec![("etag", "\"7\"".into())], ..Reply::ok("BEGIN:VCALENDAR") };
        let server = serve_each(vec![tagged, Reply::status(304), Reply::ok("BEGIN")]).await;
        let (calendar, _folder) = calendar(&server, "allow_private = true");
        let calendar = calendar.unwrap();
        let first = calendar.fetch(None).await.unwrap();
        assert_eq!((first.tag.as_deref(), &*first.body), (Some("\"7\""), b"BEGIN:VCALENDAR".as_slice()));
        let second = calendar.fetch(Some(first.clone())).await.unwrap();
        assert_eq!(second, first);
        assert_eq!(calendar.fetch(Some(second)).await.unwrap().tag, None, "another one");
        let asked = server.requests();
        assert_eq!(
            (asked[0].headers.get("if-none-match"), &asked[1].headers["if-none-match"]),
            (None, &"\"7\"".parse().unwrap())
        );
        assert_eq!(asked[0].path, "/private-topsecret/duty.ics");
    }

    #[tokio::test]
    async fn an_answer_that_is_none_is_told_without_the_address() {
        let much = "a".repeat(MOST_BYTES + 1);
        let server =
            serve_each(vec![Reply::status(404), Reply::status(302), Reply::ok(&much), Reply::status(304)]).await;
        let (calendar, _folder) = calendar(&server, "allow_private = true");
        let calendar = calendar.unwrap();
        for reason in [
            "answered 404",
            "answered 302: name the address that it leads to",
            "it has more than 4 MiB",
            "answered 304",
        ] {
            assert_eq!(calendar.fetch(None).await, Err(reason.to_owned()));
        }
    }

    #[tokio::test]
    async fn a_private_network_is_not_reached() {
        let server = serve(Reply::ok("BEGIN:VCALENDAR")).await;
        let (refused, _folder) = calendar(&server, "");
        assert!(refused.is_err(), "neither https nor a public address");
        let settings: ShiftCalendar = toml::from_str("url = \"https://localhost.example/\"").unwrap();
        let named = HttpCalendar::new(&settings, &Outgoing::default()).unwrap();
        assert!(named.fetch(None).await.is_err());
        assert_eq!(server.requests().len(), 0);
    }
}
