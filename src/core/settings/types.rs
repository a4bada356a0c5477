//! What `alerts.toml` can say. Every field is documented here; `orszem check --print-schema` prints it for editors.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::net::SocketAddr;

use super::secret::Secret;
pub use super::span::Span;

/// The whole of `alerts.toml`.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Where Kafka is, and which topics.
    #[serde(default)]
    pub kafka: Kafka,
    /// The topics that mentions are read from, and how.
    #[serde(default, rename = "input")]
    pub inputs: Vec<super::input::Input>,
    /// How mentions are read and counted.
    #[serde(default)]
    pub score: Score,
    /// What judges mentions beside the models that come with the program.
    #[serde(default)]
    pub sentiment: Sentiment,
    /// How anomalies are found.
    #[serde(default)]
    pub detect: Detect,
    /// Who is told when the feed brings nothing.
    #[serde(default)]
    pub feed: Feed,
    /// What counts towards the severity of an incident.
    #[serde(default)]
    pub severity: Severity,
    /// How notifications are sent.
    #[serde(default)]
    pub respond: Respond,
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
    /// Who is told when, until somebody acknowledges.
    #[serde(default, rename = "escalation")]
    pub escalations: Vec<Escalation>,
}

/// `[kafka]`. A change needs a restart.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Kafka {
    /// Bootstrap servers, `host:port`, separated by commas.
    #[schemars(extend("format" = "brokers"))]
    pub brokers: String,
    /// The topic that mentions are read from, as native records, when there is no `[[input]]`; also the topic that
    /// `orszem replay` and `orszem simulate` write to.
    #[schemars(extend("format" = "topic"))]
    pub mentions: String,
    /// The prefix of our topics (`<prefix>.tallies` …), consumer groups and transactional ids.
    #[schemars(extend("format" = "topic"), length(max = 100))]
    pub prefix: String,
    /// Partitions of the topics that orszem creates.
    #[schemars(range(min = 1, max = 10_000))]
    pub partitions: i32,
    /// Replicas of the topics that orszem creates.
    #[schemars(range(min = 1, max = 100))]
    pub replication: i32,
    /// How long a transaction collects before it commits. Shorter: pages sooner; longer: more throughput. 10 ms to 5 s.
    #[schemars(extend("x-shortest" = "10ms", "x-longest" = "5s"))]
    pub commit_interval: Span,
    /// Any option of librdkafka, for consumers, producers and admin alike: TLS, SASL, `group.protocol`. The names have
    /// dots in them and so need quotes: `"security.protocol" = "SASL_SSL"`.
    pub options: BTreeMap<String, OptionValue>,
}

impl Default for Kafka {
    fn default() -> Kafka {
        Kafka {
            brokers: "localhost:9092".into(),
            mentions: "mentions".into(),
            prefix: "orszem".into(),
            partitions: 4,
            replication: 1,
            commit_interval: Span::from_millis(100),
            options: BTreeMap::new(),
        }
    }
}

/// The value of an option of librdkafka: text, number or boolean, or a secret (`env:NAME`, `file:PATH`) for names that
/// end in `password`, `secret` or `key`.
#[derive(Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum OptionValue {
    /// `true` or `false`.
    Flag(bool),
    /// A whole number.
    Number(i64),
    /// Text, or where a secret is to be found.
    Text(String),
}

/// Shows no text: it may be a password.
impl std::fmt::Debug for OptionValue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            OptionValue::Flag(flag) => write!(f, "{flag}"),
            OptionValue::Number(number) => write!(f, "{number}"),
            OptionValue::Text(_) => f.write_str("(text)"),
        }
    }
}

/// `[score]`.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Score {
    /// How many threads read mentions, each a member of the consumer group. More than the topic has partitions are
    /// idle. Changed by a restart only.
    #[schemars(range(min = 1, max = 64))]
    pub threads: u32,
    /// How late a mention may come, against the latest of its partition, and still be in time for its slice.
    #[schemars(extend("x-longest" = "1d"))]
    pub lateness: Span,
    /// How far ahead of the broker's clock a mention's time may lie; beyond, the broker's time is taken.
    #[schemars(extend("x-longest" = "1d"))]
    pub future_tolerance: Span,
    /// An input partition that was read to its end and brings nothing for this long holds nobody up.
    #[schemars(extend("x-shortest" = "1s", "x-longest" = "1h"))]
    pub idle_after: Span,
    /// The largest mention that is read, in bytes; larger ones are dead letters.
    #[schemars(range(min = 1_024, max = 16_777_216))]
    pub max_mention_bytes: usize,
    /// A repeated id, or a copied text, is known as such within at least this many mentions of its partition.
    #[schemars(range(min = 1, max = 10_000_000))]
    pub repeat_window: u32,
}

/// `[sentiment]`. A change needs a restart.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Sentiment {
    /// A service that judges the mentions of open and nearly open incidents once more, by `POST`: docs/sentiment.md has
    /// the contract. The built-in models judge the rest, and all of them while the service fails.
    #[schemars(extend("format" = "url"))]
    pub service: Option<String>,
    /// How long an answer may take; commits wait for it.
    #[schemars(extend("x-shortest" = "50ms", "x-longest" = "5s"))]
    pub timeout: Span,
    /// Models of your own.
    #[serde(rename = "model")]
    pub models: Vec<OwnModel>,
}

/// `[[sentiment.model]]`: a model of your own, in the place of the built-in one for its language or for a language that
/// has none. `orszem sentiment train` makes it.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OwnModel {
    /// The language, in two letters: `hu`.
    #[schemars(extend("format" = "language"))]
    pub lang: String,
    /// The file.
    #[schemars(extend("format" = "model"))]
    pub file: std::path::PathBuf,
}

impl Default for Sentiment {
    fn default() -> Sentiment {
        Sentiment { service: None, models: Vec::new(), timeout: Span::from_secs(1) }
    }
}

impl Default for Score {
    fn default() -> Score {
        Score {
            threads: 2,
            lateness: Span::from_secs(30),
            future_tolerance: Span::from_secs(120),
            idle_after: Span::from_secs(10),
            max_mention_bytes: 256 * 1024,
            repeat_window: 100_000,
        }
    }
}

/// `[detect]`.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Detect {
    /// How many false pages a week a watch may cost, unless it says otherwise: above 0, at most 100.
    #[schemars(extend("exclusiveMinimum" = 0, "maximum" = 100))]
    pub budget: f64,
    /// How long a watch learns before its own past counts.
    #[schemars(extend("x-longest" = "35d"))]
    pub learn_for: Span,
    /// Expect of an hour what its time of day and week had in the past: once there are four weeks of it, and only while
    /// that predicts better. On the series it was measured on it cost some bursts.
    pub rhythm: bool,
    /// The time zone whose clock the watches' days and weeks go by: `Europe/Budapest`.
    #[schemars(extend("format" = "time-zone"))]
    pub time_zone: String,
    /// How often the state of the watches is written to Kafka: what a restart must re-read at most.
    #[schemars(extend("x-shortest" = "1s", "x-longest" = "1h"))]
    pub snapshot_interval: Span,
}

impl Default for Detect {
    fn default() -> Detect {
        Detect {
            budget: 0.5,
            learn_for: Span::from_secs(3 * 24 * 3600),
            rhythm: false,
            time_zone: "UTC".into(),
            snapshot_interval: Span::from_secs(60),
        }
    }
}

/// `[feed]`: a source, a partition or the whole topic that brings nothing (kind `no-data`) concerns whoever runs the
/// program, and none of the desks.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Feed {
    /// The name of the escalation that is followed. Without it such incidents are shown but told to nobody.
    pub escalation: Option<String>,
    /// What to do first, for whoever is told.
    #[schemars(length(min = 1, max = 2_000))]
    pub advice: Option<String>,
}

/// `[severity]`: an incident gets a point for each of five things (unusual, extraordinary, far-reaching, lasting,
/// against us), and the points make its severity. A rise is told again to everybody.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Severity {
    /// Unusual: so many times rarer than the watch's budget of false pages allows.
    #[schemars(extend("minimum" = 1, "maximum" = 1_000_000))]
    pub unusual: f64,
    /// Extraordinary: so many times.
    #[schemars(extend("minimum" = 1, "maximum" = 1_000_000))]
    pub extraordinary: f64,
    /// Far-reaching: the authors have so many followers together.
    pub far_reaching: u64,
    /// Lasting: it still surprises after this time.
    #[schemars(extend("x-shortest" = "5m", "x-longest" = "7d"))]
    pub lasting: Span,
    /// So many points are severity 1. (Against us, the fifth point: negative mentions are up in number and share.)
    #[schemars(range(min = 1, max = 6))]
    pub critical: u32,
    /// So many points are severity 2.
    #[schemars(range(min = 1, max = 6))]
    pub high: u32,
    /// So many points are severity 3; fewer are 4.
    #[schemars(range(min = 1, max = 6))]
    pub moderate: u32,
}

impl Default for Severity {
    fn default() -> Severity {
        Severity {
            unusual: 10.0,
            extraordinary: 100.0,
            far_reaching: 1_000_000,
            lasting: Span::from_secs(2 * 3600),
            critical: 4,
            high: 3,
            moderate: 1,
        }
    }
}

/// `[respond]`.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Respond {
    /// How long a receiver may take to answer.
    #[schemars(extend("x-shortest" = "100ms", "x-longest" = "5m"))]
    pub timeout: Span,
    /// The wait before the first retry; it doubles with each.
    #[schemars(extend("x-shortest" = "10ms", "x-longest" = "1h"))]
    pub retry_first: Span,
    /// The longest wait between two tries, unless the service asks for more.
    #[schemars(extend("x-shortest" = "10ms", "x-longest" = "1h"))]
    pub retry_longest: Span,
    /// The most tries of one message.
    #[schemars(range(min = 1, max = 1_000))]
    pub retry_limit: u32,
    /// The least time between two updates of a page.
    #[schemars(extend("x-shortest" = "1s", "x-longest" = "1d"))]
    pub update_interval: Span,
}

impl Default for Respond {
    fn default() -> Respond {
        Respond {
            timeout: Span::from_secs(10),
            retry_first: Span::from_secs(1),
            retry_longest: Span::from_secs(60),
            retry_limit: 20,
            update_interval: Span::from_secs(60),
        }
    }
}

/// `[web]`. A change of `listen` needs a restart.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Web {
    /// The address to listen on.
    #[schemars(extend("format" = "listen"))]
    pub listen: SocketAddr,
    /// The address under which people reach it: the start of every link in a page. No `/` at the end.
    #[schemars(extend("format" = "origin"))]
    pub public_url: String,
    /// What signs the links, at least 16 characters: `env:NAME` or `file:PATH`. Without it links last until a restart.
    #[schemars(extend("x-secret" = "16 characters"))]
    pub link_secret: Option<Secret>,
    /// How long a signed link lets its bearer act.
    #[schemars(extend("x-shortest" = "1m", "x-longest" = "90d"))]
    pub link_expires: Span,
    /// What API clients present as `Authorization: Bearer …`. Without it the API reads only, and acts only by link.
    pub api_token: Option<Secret>,
}

impl Default for Web {
    fn default() -> Web {
        Web {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            public_url: "http://localhost:8080".into(),
            link_secret: None,
            link_expires: Span::from_secs(7 * 24 * 3600),
            api_token: None,
        }
    }
}

/// `[log]`. A change needs a restart.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Log {
    /// Text for people or JSON for machines.
    pub format: LogFormat,
}

/// How a log line looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum LogFormat {
    /// One readable line an event.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

/// The team a watch belongs to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Desk {
    /// The crisis team.
    #[default]
    Crisis,
    /// Customer service.
    Care,
    /// Employer brand.
    Employer,
    /// The audience.
    Audience,
}

/// `[[watch]]`: a thing an organisation keeps an eye on.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Watch {
    /// Its name in metrics, links and topics: small letters, digits and `-`, at most 63.
    #[schemars(extend("format" = "name"))]
    pub name: String,
    /// Its name for people; the name, unless given.
    #[serde(default)]
    #[schemars(length(min = 1, max = 200))]
    pub title: Option<String>,
    /// What to look for, as a query: `'(telekom OR @telekomhu) AND NOT (deutsche NEAR/3 telekom) AND lang:hu'`. Either
    /// this or `terms`. docs/query.md has the language.
    #[serde(default)]
    #[schemars(length(min = 1, max = 16_384))]
    pub query: Option<String>,
    /// The short form of a query: words, phrases, @handles, #tags and $cashtags; any of them is enough. Case, accents
    /// and endings do not matter. Either this or `query`.
    #[serde(default)]
    #[schemars(length(min = 1))]
    pub terms: Vec<String>,
    /// The team it belongs to.
    #[serde(default)]
    pub desk: Desk,
    /// How many false pages a week it may cost, above 0 and at most 100; that of `[detect]`, unless given.
    #[serde(default)]
    #[schemars(extend("exclusiveMinimum" = 0, "maximum" = 100))]
    pub budget: Option<f64>,
    /// Whether its rhythm is used; that of `[detect]`, unless given.
    #[serde(default)]
    pub rhythm: Option<bool>,
    /// The time zone whose clock its days and weeks go by; that of `[detect]`, unless given.
    #[serde(default)]
    #[schemars(extend("format" = "time-zone"))]
    pub time_zone: Option<String>,
    /// The name of the escalation that its incidents follow. Without it incidents are shown but told to nobody.
    #[serde(default)]
    pub escalation: Option<String>,
    /// What is a crisis outright, whatever the past says: it pages even while the watch is learning.
    #[serde(default)]
    pub crisis: Option<Crisis>,
    /// What to do first when it pages, for whoever is woken: shown on every page.
    #[serde(default)]
    #[schemars(length(min = 1, max = 2_000))]
    pub advice: Option<String>,
}

/// `crisis` of a watch: so many mentions, or so many negative ones, within a time.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Crisis {
    /// So many mentions.
    #[serde(default)]
    #[schemars(range(min = 1))]
    pub mentions: Option<u32>,
    /// So many negative mentions.
    #[serde(default)]
    #[schemars(range(min = 1))]
    pub negatives: Option<u32>,
    /// Within this time.
    #[serde(default = "an_hour")]
    #[schemars(extend("x-shortest" = "5m", "x-longest" = "10h"))]
    pub within: Span,
}

fn an_hour() -> Span {
    Span::from_secs(3600)
}

/// `[[receiver]]`: a place a notification can go.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Receiver {
    /// A Slack channel.
    Slack(Slack),
    /// A mailbox.
    Email(Email),
    /// A PagerDuty service (Events API v2).
    Pagerduty(Pagerduty),
    /// Prometheus Alertmanager.
    Alertmanager(Alertmanager),
    /// Any HTTP endpoint, signed after Standard Webhooks 1.0.
    Webhook(Webhook),
    /// The terminal.
    Console(Console),
}

impl Receiver {
    /// The name by which escalations call it.
    pub fn name(&self) -> &str {
        match self {
            Receiver::Slack(receiver) => &receiver.name,
            Receiver::Email(receiver) => &receiver.name,
            Receiver::Pagerduty(receiver) => &receiver.name,
            Receiver::Alertmanager(receiver) => &receiver.name,
            Receiver::Webhook(receiver) => &receiver.name,
            Receiver::Console(receiver) => &receiver.name,
        }
    }
}

/// A Slack channel: by bot token (the page is updated in place), or by incoming webhook.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Slack {
    /// The name by which escalations call it: small letters, digits and `-`, at most 63.
    #[schemars(extend("format" = "name"))]
    pub name: String,
    /// The bot token (`xoxb-…`); needs `channel`.
    #[serde(default)]
    #[schemars(extend("x-secret" = "slack token"))]
    pub token: Option<Secret>,
    /// The channel's id (`C…`), with `token`.
    #[serde(default)]
    pub channel: Option<String>,
    /// The incoming webhook's address, instead of `token`. It is a secret.
    #[serde(default)]
    #[schemars(extend("x-secret" = "address"))]
    pub webhook: Option<Secret>,
    /// The address of Slack's Web API, for a proxy.
    #[serde(default = "slack_url")]
    #[schemars(extend("format" = "base-url"))]
    pub base_url: String,
}

fn slack_url() -> String {
    "https://slack.com/api".into()
}

/// A mailbox, reached through an SMTP server.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Email {
    /// The name by which escalations call it: small letters, digits and `-`, at most 63.
    #[schemars(extend("format" = "name"))]
    pub name: String,
    /// The SMTP server.
    #[schemars(extend("format" = "host"))]
    pub host: String,
    /// Its port; 587 for `starttls`, 465 for `tls`, 25 for `none`, unless given.
    #[serde(default)]
    #[schemars(range(min = 1))]
    pub port: Option<u16>,
    /// How the connection is protected.
    #[serde(default)]
    pub security: MailSecurity,
    /// A certificate authority to trust beside the system's: a PEM file, by its whole path or from the working
    /// directory.
    #[serde(default)]
    #[schemars(extend("format" = "file"))]
    pub ca_file: Option<std::path::PathBuf>,
    /// The user, where the server asks for one.
    #[serde(default)]
    pub user: Option<String>,
    /// The password.
    #[serde(default)]
    pub password: Option<Secret>,
    /// The sender: `Orszem <orszem@example.com>`.
    #[schemars(extend("format" = "mailbox"))]
    pub from: String,
    /// The recipients.
    #[schemars(length(min = 1), extend("items" = {"type": "string", "format": "mailbox"}))]
    pub to: Vec<String>,
}

/// How a mail connection is protected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum MailSecurity {
    /// Plain at first, then TLS; refused where the server does not offer it.
    #[default]
    Starttls,
    /// TLS from the first byte.
    Tls,
    /// None: for a relay on this machine.
    None,
}

/// A PagerDuty service.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Pagerduty {
    /// The name by which escalations call it: small letters, digits and `-`, at most 63.
    #[schemars(extend("format" = "name"))]
    pub name: String,
    /// The integration key, 32 characters.
    #[schemars(extend("x-secret" = "32 characters"))]
    pub routing_key: Secret,
    /// The address of the Events API, for a proxy or the EU service region.
    #[serde(default = "pagerduty_url")]
    #[schemars(extend("format" = "base-url"))]
    pub base_url: String,
}

fn pagerduty_url() -> String {
    "https://events.pagerduty.com".into()
}

/// Prometheus Alertmanager.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Alertmanager {
    /// The name by which escalations call it: small letters, digits and `-`, at most 63.
    #[schemars(extend("format" = "name"))]
    pub name: String,
    /// The addresses of every instance of the cluster (not of a balancer).
    #[schemars(length(min = 1), extend("items" = {"type": "string", "format": "base-url"}))]
    pub urls: Vec<String>,
    /// How often a firing alert is sent again; well below Alertmanager's `resolve_timeout` (5 m).
    #[serde(default = "resend")]
    #[schemars(extend("x-shortest" = "1s", "x-longest" = "4m"))]
    pub resend: Span,
}

fn resend() -> Span {
    Span::from_secs(60)
}

/// A signed webhook.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Webhook {
    /// The name by which escalations call it: small letters, digits and `-`, at most 63.
    #[schemars(extend("format" = "name"))]
    pub name: String,
    /// Where to POST.
    #[schemars(extend("format" = "url"))]
    pub url: String,
    /// The signing secrets, `whsec_` and base64 of 24–64 bytes; more than one while they are rotated.
    #[schemars(length(min = 1), extend("items" = {"$ref": "#/$defs/Secret", "x-secret": "whsec"}))]
    pub secrets: Vec<Secret>,
    /// Allow addresses of private networks (10.…, 192.168.…, localhost), which are refused otherwise.
    #[serde(default)]
    pub allow_private: bool,
}

/// The terminal.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Console {
    /// The name by which escalations call it: small letters, digits and `-`, at most 63.
    #[schemars(extend("format" = "name"))]
    pub name: String,
}

/// `[[escalation]]`: who is told when.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Escalation {
    /// The name by which watches call it: small letters, digits and `-`, at most 63.
    #[schemars(extend("format" = "name"))]
    pub name: String,
    /// How many times the steps are gone through again when nobody acknowledged.
    #[serde(default)]
    #[schemars(range(max = 100))]
    pub repeat: u32,
    /// The steps, in order.
    #[serde(rename = "step")]
    #[schemars(length(min = 1))]
    pub steps: Vec<Step>,
}

/// `[[escalation.step]]`.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// The receivers that are told, all at once.
    #[schemars(length(min = 1))]
    pub receivers: Vec<String>,
    /// The time in which somebody has to acknowledge before the next step.
    #[schemars(extend("x-shortest" = "1s", "x-longest" = "7d"))]
    pub acknowledge_within: Span,
}
