//! A stream in which [`WATCH`] has a crisis, and the link in the page that it leads to.

use serde_json::{Value, json};

use super::doubles::Slack;
use super::kafka::Kafka;
use super::setup::{Setup, WATCH};
use super::{http, stream, wait};

/// When the stream begins: 2026-09-28T00:00:00Z, in seconds.
pub const START: u64 = 1_790_553_600;
/// How long it is quiet, in seconds: one mention in ten minutes.
pub const QUIET: u64 = 4 * 24 * 3600;

/// How long the crisis goes on, in seconds: 300 mentions.
pub const CRISIS: u64 = 900;
/// A minute is complete this long after its end, in seconds: `[score] lateness` where nothing is said.
const LATENESS: u64 = 30;

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
    /// them (by their number). The stream ends with it: nothing closes its incident.
    ///
    /// Waits until all of it is judged and our pages show that. From then on the figures stand still, so what a test
    /// does next depends on no clock: last in each partition comes a mention of nothing, which makes the minutes of the
    /// crisis complete before the feed counts as idle.
    pub fn deliver_crisis(&self, kafka: &Kafka, change: impl Fn(u64, &mut Value)) {
        let mention = |(number, at, text): (u64, u64, String)| {
            json!({
                "id": format!("{}:{number}", self.prefix()), "published_at": at, "lang": "en", "source": "x",
                "text": text,
                "author": { "id": format!("a{number}"), "name": format!("Author {number}"), "followers": number % 50 },
            })
        };
        let crisis = (0..CRISIS / 3).map(|number| {
            let mut mention = mention((10_000 + number, START + QUIET + number * 3, awful(number)));
            change(number, &mut mention);
            mention
        });
        let partitions = u64::try_from(kafka.partitions(self.mentions())).expect("a number of partitions");
        let end = START + QUIET + CRISIS + LATENESS;
        let nothing = (0..partitions).map(|number| mention((30_000 + number, end, format!("good morning {number}"))));
        let stream = quiet().map(mention).chain(crisis).chain(nothing);
        // Seen whole: a page that went out in the middle of it would be followed by what came on top.
        kafka.produce_whole(self.mentions(), stream.map(|mention| mention.to_string()));
        stream::wait_judged(kafka, self.prefix(), self.mentions());
        self.wait_shown(kafka);
    }

    /// Waits until our pages show the newest figures of every incident. Drills are listed apart.
    fn wait_shown(&self, kafka: &Kafka) {
        let incidents = stream::incidents(kafka, self.prefix());
        wait::holds("the newest figures are shown", wait::LONG, || {
            let Some(answer) = http::get(&format!("{}/api/v1/incidents", self.url())) else { return false };
            let answer = answer.json();
            let shown = answer["incidents"].as_array().expect("incidents");
            incidents.values().filter(|incident| !incident.is_drill()).all(|incident| {
                let (id, at) = (incident.id.0.as_str(), incident.signal.at.to_string());
                shown.iter().any(|shown| shown["id"] == id && shown["updated_at"] == at)
            })
        });
    }

    /// Waits for the signed link in the first page at Slack, and gives it back.
    pub fn link(&self, slack: &Slack) -> String {
        wait::until("the link in the page", wait::LONG, || {
            let links = slack.pages().first()?.links();
            links.into_iter().find(|link| link.starts_with(&self.url()) && link.contains("sig="))
        })
    }
}
