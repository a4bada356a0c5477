//! Which incidents the list shows, as its address says it.

use serde::Deserialize;

use orszem_core::words::Words;
use orszem_records::desk::Desk;
use orszem_records::incident::State;
use orszem_records::time::Timestamp;

use crate::address::percent_encode;
use crate::view::Filter;

/// Days to choose from.
pub(super) const DAYS: [u16; 4] = [1, 7, 30, 365];

/// The fields of the form above the list; an empty one lets everything through.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct ListFilter {
    #[serde(default)]
    pub watch: String,
    #[serde(default)]
    pub desk: String,
    #[serde(default)]
    pub state: String,
    /// This severity or a worse one.
    #[serde(default)]
    pub severity: String,
    /// How many days back the oldest may have begun.
    #[serde(default)]
    pub days: String,
    /// A link that only reads.
    pub read: Option<String>,
}

impl ListFilter {
    /// What is looked for at `now`. A field that says nothing known lets everything through.
    pub(super) fn filter(&self, now: Timestamp, limit: usize) -> Filter {
        let days = self.days.parse::<u16>().ok();
        Filter {
            state: [State::Open, State::Acknowledged, State::Resolved].into_iter().find(|it| it.name() == self.state),
            watch: Some(self.watch.clone()).filter(|watch| !watch.is_empty()),
            desk: Desk::ALL.into_iter().find(|desk| desk.name() == self.desk),
            severity: self.severity.parse().ok().filter(|severity| (1..=4).contains(severity)),
            since: days.map(|days| now.plus(-i64::from(days) * 24 * 3_600_000)),
            ended: None,
            drill: None,
            limit: Some(limit),
        }
    }

    /// Whether anything is left out.
    pub(super) fn is_set(&self) -> bool {
        [&self.watch, &self.desk, &self.state, &self.severity, &self.days].iter().any(|field| !field.is_empty())
    }

    /// The same as a query, without the link that reads.
    pub(super) fn query(&self) -> String {
        let fields = [
            ("watch", &self.watch),
            ("desk", &self.desk),
            ("state", &self.state),
            ("severity", &self.severity),
            ("days", &self.days),
        ];
        let set = fields.iter().filter(|(_, value)| !value.is_empty());
        set.map(|(name, value)| format!("{name}={}", percent_encode(value))).collect::<Vec<_>>().join("&")
    }

    /// What is left out, in words: for the title of a file and of a page.
    pub(super) fn severity_words(severity: u8, words: &Words) -> String {
        match severity {
            1 => words.with("severity-short", [("n", severity.into())]),
            _ => words.with("severity-or-worse", [("n", severity.into())]),
        }
    }
}
