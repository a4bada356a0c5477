//! `[route]`: where incidents go before anybody is called.

use schemars::JsonSchema;
use serde::Deserialize;

use orszem_records::matcher::Match;

use super::calendar::Clock;
use super::span::Span;

/// `[route]`, and `[[route.route]]` within it: which incidents go where. An incident goes to the first of the routes
/// within that takes it, and on to the next ones only where that says `continue`. What none of them takes goes where
/// the route itself leads. A route has from the one around it what it does not say itself, but for `match`, `name` and
/// `continue`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Route {
    /// Its name in the ledger and in `orszem route test`; what it matches, unless given.
    #[serde(default)]
    #[schemars(extend("format" = "name"))]
    pub name: Option<String>,
    /// The incidents that it takes; `[route]` itself takes all.
    #[serde(default, rename = "match")]
    pub matcher: Match,
    /// The escalation that its incidents follow; that of their watch, unless given. In `[route]` itself it is for
    /// watches that name none.
    #[serde(default)]
    pub escalation: Option<String>,
    /// Its incidents wake nobody: they are told once a day. In place of an escalation.
    #[serde(default)]
    pub digest: Option<Digest>,
    /// Nobody is told of its incidents: they are on the pages and in the ledger. In place of an escalation.
    #[serde(default)]
    pub nobody: bool,
    /// Whether the routes after it are asked too.
    #[serde(default, rename = "continue")]
    pub goes_on: bool,
    /// Incidents that have these in common share one page: `watch`, `desk`, `kind`, `language`, `source`, or names of
    /// labels. What has none of them is on its own; so is everything, unless given.
    #[serde(default)]
    pub group_by: Option<Vec<String>>,
    /// Whether `group_by` takes small letters and capitals as the same; not, unless given.
    #[serde(default)]
    pub ignore_case: Option<bool>,
    /// How long the first page of a group waits for others to join. Severities 1 and 2 never wait.
    #[serde(default)]
    #[schemars(extend("x-longest" = "1h"))]
    pub group_wait: Option<Span>,
    /// An incident that comes within this time after its group was over opens the page of that again.
    #[serde(default)]
    #[schemars(extend("x-longest" = "7d"))]
    pub reopen_within: Option<Span>,
    /// The names of `[[hours]]` in which nobody is called.
    #[serde(default)]
    pub mute: Option<Vec<String>>,
    /// The names of `[[hours]]` in which alone somebody is called.
    #[serde(default)]
    pub active: Option<Vec<String>>,
    /// The routes within it, in order.
    #[serde(default, rename = "route")]
    pub routes: Vec<Route>,
}

/// `digest`: what need not wake anybody, in one message a day.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Digest {
    /// The time of day at which it is told.
    pub at: Clock,
    /// The receivers that are told.
    #[schemars(length(min = 1))]
    pub receivers: Vec<String>,
    /// The time zone of its clock, by its IANA name; that of `[web]`, or else of `[detect]`, unless given.
    #[serde(default)]
    #[schemars(extend("format" = "time-zone"))]
    pub time_zone: Option<String>,
}
