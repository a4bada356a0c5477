//! The whole of `alerts.toml`, and finding things in it by name.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Deserialize;
use std::borrow::Cow;

use orszem_records::ledger::person_of;
use orszem_records::signal::FEED;
use orszem_records::time::{Timestamp, zone};

use super::account::Account;
use super::canary::Canary;
use super::card::Card;
use super::detect::Detect;
use super::elsewhere::Elsewhere;
use super::escalation::Escalation;
use super::feed::Feed;
use super::inhibit::Inhibit;
use super::input::Input;
use super::kafka::Kafka;
use super::log::Log;
use super::named_hours::NamedHours;
use super::network::Network;
use super::person::{Person, Way};
use super::playbook::Playbook;
use super::posting::{Mandate, Posting};
use super::respond::Respond;
use super::rotation::{Override, Rotation};
use super::route::Route;
use super::score::Score;
use super::sentiment::Sentiment;
use super::severity::Severity;
use super::sign_in::SignIn;
use super::statement::Statement;
use super::watch::Watch;
use super::web::Web;
use crate::receivers::{PersonalWay, Reader, Receiver};
use crate::words::{Words, Zone};

/// The whole of `alerts.toml`.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Other files of the configuration, as patterns from the folder of this one: `["team/*.toml"]`. All of them are
    /// one configuration. Only the main file includes others.
    #[serde(default)]
    pub include: Vec<String>,
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
    /// A mention that proves the whole way every few minutes, from Kafka to an answer. Without it none is sent.
    #[serde(default)]
    pub canary: Option<Canary>,
    /// The way out: an HTTP proxy, a certificate authority.
    #[serde(default)]
    pub network: Network,
    /// The pages, the API and the metrics.
    #[serde(default)]
    pub web: Web,
    /// How people sign in to the pages, and what they may do there.
    #[serde(default)]
    pub sign_in: SignIn,
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
    /// Which incidents go where. Without it each follows the escalation of its watch.
    #[serde(default)]
    pub route: Option<Route>,
    /// Times of the week that have a name.
    #[serde(default)]
    pub hours: Vec<NamedHours>,
    /// Incidents that keep others quiet.
    #[serde(default, rename = "inhibit")]
    pub inhibitions: Vec<Inhibit>,
    /// What to do in incidents of some kind.
    #[serde(default, rename = "playbook")]
    pub playbooks: Vec<Playbook>,
    /// Where the organisation speaks in public, and how.
    #[serde(default, rename = "account")]
    pub accounts: Vec<Account>,
    /// Who may post, and who approves.
    #[serde(default)]
    pub posting: Posting,
    /// The page that is printed, for when everything is down.
    #[serde(default)]
    pub card: Card,
    /// What may go out without asking.
    #[serde(default, rename = "mandate")]
    pub mandates: Vec<Mandate>,
    /// What is said first, before more is known.
    #[serde(default, rename = "statement")]
    pub statements: Vec<Statement>,
    /// What the file names and does not hold; known where it was read by `orszem_config`.
    #[serde(skip)]
    pub elsewhere: Vec<Elsewhere>,
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

    /// The person to whom an account belongs, as the proxy or the provider of identities names it.
    pub fn person_of(&self, account: &str) -> Option<&Person> {
        self.people.iter().find(|person| person.accounts.iter().any(|known| known == account))
    }

    /// The escalation of this name.
    pub fn escalation(&self, name: &str) -> Option<&Escalation> {
        self.escalations.iter().find(|escalation| escalation.name == name)
    }

    /// The rotation of this name.
    pub fn rotation(&self, name: &str) -> Option<&Rotation> {
        self.rotations.iter().find(|rotation| rotation.name == name)
    }

    /// The time zone of times that belong to no watch, by its IANA name: that of `[web]`, or else of `[detect]`.
    pub fn time_zone(&self) -> &str {
        self.web.time_zone.as_deref().unwrap_or(&self.detect.time_zone)
    }

    /// The day of the calendar at a moment, by the clock of the installation.
    pub fn day(&self, at: Timestamp) -> Date {
        let instant = jiff::Timestamp::from_millisecond(at.0).unwrap_or_default();
        instant.to_zoned(zone::named(Some(self.time_zone()))).date()
    }

    /// The words of those who read at a receiver: its language and clock, else those of `[web]`, else the clock of the
    /// watch that the incident is of (`watch_zone`, by its IANA name).
    pub fn words(&self, receiver: Option<&str>, watch_zone: Option<&str>) -> Words {
        let receiver = receiver.and_then(|name| self.receiver(name));
        let reader = receiver.as_deref().map(Receiver::reader).unwrap_or_default();
        let zone = reader.time_zone.or(self.web.time_zone.as_deref()).or(watch_zone);
        Words::new(reader.language.unwrap_or(self.web.language), Zone::named(zone))
    }

    /// The receiver of this name; the way to a person where it is `person/receiver`.
    pub fn receiver(&self, name: &str) -> Option<Cow<'_, Receiver>> {
        match person_of(name) {
            Some(person) => {
                let person = self.person(person)?;
                let way = person.ways.iter().find(|way| person.way_name(way) == name)?;
                self.way(person, way).map(Cow::Owned)
            }
            None => self.receivers.iter().find(|receiver| receiver.name() == name).map(Cow::Borrowed),
        }
    }

    /// The receivers, and the ways of all people, each under the name that attempts give to it.
    pub fn all_receivers(&self) -> impl Iterator<Item = Cow<'_, Receiver>> {
        let ways = self.people.iter().flat_map(|person| person.ways.iter().filter_map(|way| self.way(person, way)));
        self.receivers.iter().map(Cow::Borrowed).chain(ways.map(Cow::Owned))
    }

    fn way(&self, person: &Person, way: &Way) -> Option<Receiver> {
        let reader = Reader { language: person.reads(), time_zone: person.time_zone.as_deref() };
        let receiver = self.receivers.iter().find(|receiver| receiver.name() == way.receiver)?;
        Some(receiver.of_person(PersonalWay { name: person.way_name(way), to: way.to.as_deref(), reader }))
    }

    /// The account of this name.
    pub fn account(&self, name: &str) -> Option<&Account> {
        self.accounts.iter().find(|account| account.name == name)
    }

    /// The name of an account for people; its own name where the configuration has no such account.
    pub fn account_shown<'a>(&'a self, name: &'a str) -> &'a str {
        self.account(name).map_or(name, Account::shown)
    }

    /// The person of this name.
    pub fn person(&self, name: &str) -> Option<&Person> {
        self.people.iter().find(|person| person.name == name)
    }
}
