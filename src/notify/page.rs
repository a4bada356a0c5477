//! What is told: the same content for every receiver, before it takes the form of one.

use serde::{Deserialize, Serialize};

use crate::detect::signal::{Counts, Kind};
use crate::respond::ledger::{Action, IncidentId};
use crate::score::tally::Sample;
use crate::time::Timestamp;

/// One message to one receiver.
#[derive(Clone, Debug, PartialEq)]
pub struct Notice {
    /// The same over retries: `<incident>/<receiver>/<revision>`.
    pub message: String,
    /// What it is to do.
    pub action: Action,
    /// Counts the messages of this incident to this receiver, from 0.
    pub revision: u32,
    /// What the receiver answered to the first message of this incident, where later ones need it.
    pub reference: Option<String>,
    /// When this try is made, by the clock.
    pub sent_at: Timestamp,
    /// The content.
    pub page: Page,
}

/// What a person needs to know of an incident, in words and figures. Every text in it that came from a mention is
/// hostile: receivers escape it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Page {
    /// The incident.
    pub incident: IncidentId,
    /// The watch's name.
    pub watch: String,
    /// The watch's name for people.
    pub title: String,
    /// What kind of finding.
    pub kind: Kind,
    /// 1 (highest) to 4.
    pub severity: u8,
    /// Where the incident stands.
    pub state: State,
    /// Who acknowledged or resolved it.
    pub by: Option<String>,
    /// One sentence for a lock screen: what is seen against what was expected. Ours alone, at most 120 characters.
    pub headline: String,
    /// Observed, expected, interval, window, expected per week, learning: a few short lines. Ours alone.
    pub facts: Vec<Fact>,
    /// What to do first (from the configuration).
    pub advice: Option<String>,
    /// Mentions to show.
    pub samples: Vec<Sample>,
    /// Counts over the incident.
    pub counts: Counts,
    /// When it began, event time.
    pub opened_at: Timestamp,
    /// When it ended, event time.
    pub closed_at: Option<Timestamp>,
    /// The signed link to the incident.
    pub link: String,
}

/// A line of the page: a name and its value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    /// `Observed`, `Expected`, …
    pub name: String,
    /// The value with its unit.
    pub value: String,
}

/// Where an incident stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Nobody has acknowledged it.
    Open,
    /// Somebody has it.
    Acknowledged,
    /// Over: the stream is back to normal, or a person said so.
    Resolved,
}

impl State {
    /// The name used in the API, metrics and pages.
    pub const fn name(self) -> &'static str {
        match self {
            State::Open => "open",
            State::Acknowledged => "acknowledged",
            State::Resolved => "resolved",
        }
    }
}
