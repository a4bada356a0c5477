//! The whole of `alerts.toml`, and finding things in it by name.

use schemars::JsonSchema;
use serde::Deserialize;
use std::borrow::Cow;

use orszem_records::signal::FEED;

use super::detect::Detect;
use super::escalation::Escalation;
use super::feed::Feed;
use super::input::Input;
use super::kafka::Kafka;
use super::log::Log;
use super::network::Network;
use super::person::Person;
use super::respond::Respond;
use super::rotation::{Override, Rotation};
use super::score::Score;
use super::sentiment::Sentiment;
use super::severity::Severity;
use super::watch::Watch;
use super::web::Web;
use crate::receivers::Receiver;
use crate::words::{Words, Zone};

/// The whole of `alerts.toml`.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Where Kafka is, and which topics.
    #[serde(default)]
    pub kafka: Kafka,
    /// The topics that mentions are read from, and how.
    #[serde(default, rename = "input")]
    pub inputs: Vec<Input>,
    /// How mentions are read and counted.
    #[serde(default)]
    pub score: Score,
    /// What judges mentions beside the models that come with the program.
    #[serde(default)]
    pub sentiment: Sentiment,
    /// How anomalies are found.
    #[serde(default)]
    pub detect: Detect,
    /// Who is notified when the feed delivers nothing.
    #[serde(default)]
    pub feed: Feed,
    /// What counts towards the severity of an incident.
    #[serde(default)]
    pub severity: Severity,
    /// How notifications are sent.
    #[serde(default)]
    pub respond: Respond,
    /// The way out: an HTTP proxy, a certificate authority.
    #[serde(default)]
    pub network: Network,
    /// The pages, the API and the metrics.
    #[serde(default)]
    pub web: Web,
    /// How the program logs.
    #[serde(default)]
    pub log: Log,
    /// What is watched.
    #[serde(default, rename = "watch")]
    pub watches: Vec<Watch>,
    /// Where notifications can go.
    #[serde(default, rename = "receiver")]
    pub receivers: Vec<Receiver>,
    /// Who is called, and by which ways.
    #[serde(default, rename = "person")]
    pub people: Vec<Person>,
    /// Who is on call when.
    #[serde(default, rename = "rotation")]
    pub rotations: Vec<Rotation>,
    /// What is otherwise in a rotation for a while.
    #[serde(default, rename = "override")]
    pub overrides: Vec<Override>,
    /// Who is notified when, until somebody acknowledges.
    #[serde(default, rename = "escalation")]
    pub escalations: Vec<Escalation>,
}

impl Config {
    /// The watch that has this name, or is counted under it; for that of the feed, what stands in `[feed]`.
    pub fn watch(&self, name: &str) -> Option<Cow<'_, Watch>> {
        if name == FEED {
            return Some(Cow::Owned(Watch {
                name: FEED.to_owned(),
                title: Some("The feed".to_owned()),
                escalation: self.feed.escalation.clone(),
                advice: self.feed.advice.clone(),
                ..Watch::default()
            }));
        }
        let of_name = || self.watches.iter().find(|watch| watch.name == name);
        self.watches.iter().find(|watch| watch.key() == name).or_else(of_name).map(Cow::Borrowed)
    }

    /// The escalation of this name.
    pub fn escalation(&self, name: &str) -> Option<&Escalation> {
        self.escalations.iter().find(|escalation| escalation.name == name)
    }

    /// The person of this name.
    pub fn person(&self, name: &str) -> Option<&Person> {
        self.people.iter().find(|person| person.name == name)
    }

    /// The rotation of this name.
    pub fn rotation(&self, name: &str) -> Option<&Rotation> {
        self.rotations.iter().find(|rotation| rotation.name == name)
    }

    /// The words of whoever reads at a receiver: its language and clock, else those of `[web]`, else the clock of the
    /// watch that the incident is of (`watch_zone`, by its IANA name).
    pub fn words(&self, receiver: Option<&str>, watch_zone: Option<&str>) -> Words {
        let reader = receiver.and_then(|name| self.receiver(name)).map(Receiver::reader).unwrap_or_default();
        let zone = reader.time_zone.or(self.web.time_zone.as_deref()).or(watch_zone);
        Words::new(reader.language.unwrap_or(self.web.language), Zone::named(zone))
    }

    /// The receiver of this name.
    pub fn receiver(&self, name: &str) -> Option<&Receiver> {
        self.receivers.iter().find(|receiver| receiver.name() == name)
    }
}
