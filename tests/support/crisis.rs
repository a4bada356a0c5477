//! A stream in which [`WATCH`] has a crisis, and the link in the page that it leads to.

use serde_json::{Value, json};

use super::doubles::Slack;
use super::kafka::Kafka;
use super::setup::{Setup, WATCH};
use super::wait;

/// When the stream begins: 2026-09-28T00:00:00Z, in seconds.
pub const START: u64 = 1_790_553_600;
/// How long it is quiet, in seconds: one mention in ten minutes.
pub const QUIET: u64 = 4 * 24 * 3600;

/// The quiet days: number, time in seconds and text of each mention.
pub fn quiet() -> impl Iterator<Item = (u64, u64, String)> {
    (0..QUIET / 600).map(|number| {
        let text = format!("I saw the {WATCH} shop in street {} at {}", number * 31 % 997, number * 17 % 89);
        // Not to the minute: a rhythm without any noise is one that no stream has.
        (number, START + number * 600 + number * 7919 % 577, text)
    })
}

/// The text of a mention in the crisis.
pub fn awful(number: u64) -> String {
    format!("{WATCH} is awful, terrible: my {} broke {} times", number * 37 % 991, number * 13 % 97)
}

impl Setup {
    /// Four quiet days, and then a quarter of an hour of a crisis, whose mentions `change` makes what the test wants of
    /// them (by their number). The stream ends in the crisis: nothing closes its incident.
    pub fn deliver_crisis(&self, kafka: &Kafka, change: impl Fn(u64, &mut Value)) {
        let mention = |(number, at, text): (u64, u64, String)| {
            json!({
                "id": format!("{}:{number}", self.prefix()), "published_at": at, "lang": "en", "source": "x",
                "text": text,
                "author": { "id": format!("a{number}"), "name": format!("Author {number}"), "followers": number % 50 },
            })
        };
        let crisis = (0..300).map(|number| {
            let mut mention = mention((10_000 + number, START + QUIET + number * 3, awful(number)));
            change(number, &mut mention);
            mention
        });
        kafka.produce(self.mentions(), quiet().map(mention).chain(crisis).map(|mention| mention.to_string()));
    }

    /// Waits for the signed link in the first page at Slack, and gives it back.
    pub fn link(&self, slack: &Slack) -> String {
        wait::until("the link in the page", wait::LONG, || {
            let links = slack.pages().first()?.links();
            links.into_iter().find(|link| link.starts_with(&self.url()) && link.contains("sig="))
        })
    }
}
