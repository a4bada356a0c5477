//! `[[watch]]`: what is watched.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

pub use orszem_records::desk::Desk;

use super::severity::Severity;
use super::span::Span;

/// `[[watch]]`: a thing an organisation keeps an eye on.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Watch {
    /// Its name in metrics, links and topics: small letters, digits and `-`, at most 63.
    #[schemars(extend("format" = "name"))]
    pub name: String,
    /// The name that it had before, where it was renamed: its past and its open incidents go on under that one, in
    /// topics, in ids of incidents and as the label of metrics. Keep the first name it ever had, however often it is
    /// renamed.
    #[serde(default)]
    #[schemars(extend("format" = "name"))]
    pub formerly: Option<String>,
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
    /// The team it belongs to; the crisis team, unless given. Its incidents carry it, on pages, in the API and in
    /// metrics.
    #[serde(default)]
    pub desk: Desk,
    /// How many false pages a week it may cost, above 0 and at most 100; that of `[detect]`, unless given.
    #[serde(default)]
    #[schemars(extend("exclusiveMinimum" = 0, "maximum" = 100))]
    pub budget: Option<f64>,
    /// Whether its rhythm is used; that of `[detect]`, unless given.
    #[serde(default)]
    pub rhythm: Option<bool>,
    /// The time zone of its days and weeks, and of times that people see; that of `[detect]`, unless given.
    #[serde(default)]
    #[schemars(extend("format" = "time-zone"))]
    pub time_zone: Option<String>,
    /// The name of the escalation that its incidents follow. Without it incidents are shown, but nobody is notified.
    #[serde(default)]
    pub escalation: Option<String>,
    /// Who answers for it: a rotation or a person, by name.
    #[serde(default)]
    pub owner: Option<String>,
    /// What routes, groups and silences may go by, beside its name and its desk: `{ story = "merger" }`.
    #[serde(default)]
    pub labels: BTreeMap<String, String>,
    /// What is a crisis outright, whatever the past says: it pages even while the watch is learning.
    #[serde(default)]
    pub crisis: Option<Crisis>,
    /// What a rise in mentions does that is not one in negative mentions: `"page"` pages with a small part of the
    /// budget, since scandals are told in neutral words, too; `"note"` shows it and pages nobody.
    #[serde(default)]
    pub volume: Volume,
    /// Which part of the real mentions the feed brings, above 0 and at most 1: 0.1 where it is a tenth. The severity of
    /// an incident is judged by how many there would be.
    #[serde(default = "all")]
    #[schemars(extend("exclusiveMinimum" = 0, "maximum" = 1))]
    pub sampled: f64,
    /// What is severe for it; that of `[severity]`, unless given.
    #[serde(default)]
    pub severity: Option<Severity>,
    /// What to do first when it pages, for the person who is woken: shown on every page.
    #[serde(default)]
    #[schemars(length(min = 1, max = 2_000))]
    pub advice: Option<String>,
}

/// What a rise in mentions alone does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Volume {
    /// It pages.
    #[default]
    Page,
    /// It is shown, and pages nobody.
    Note,
}

fn all() -> f64 {
    1.0
}

impl Default for Watch {
    fn default() -> Watch {
        Watch {
            name: String::new(),
            formerly: None,
            title: None,
            query: None,
            terms: Vec::new(),
            desk: Desk::default(),
            budget: None,
            rhythm: None,
            time_zone: None,
            escalation: None,
            owner: None,
            labels: BTreeMap::new(),
            crisis: None,
            volume: Volume::default(),
            sampled: all(),
            severity: None,
            advice: None,
        }
    }
}

impl Watch {
    /// The name that it is counted under: the one it had first.
    pub fn key(&self) -> &str {
        self.formerly.as_deref().unwrap_or(&self.name)
    }
}

/// `crisis` of a watch: a number of mentions, or of negative ones, within a time.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Crisis {
    /// The number of mentions.
    #[serde(default)]
    #[schemars(range(min = 1))]
    pub mentions: Option<u32>,
    /// The number of negative mentions.
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
