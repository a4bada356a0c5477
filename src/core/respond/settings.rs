//! What the core needs to know of the configuration.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::notification::Capabilities;
use crate::oncall::Roster;
use crate::settings::Config;
use crate::settings::{Escalation, Person, Respond};
use orszem_records::signal::FEED;

/// The part of the configuration that decides who is told, when and how often.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    watches: BTreeMap<String, Option<Arc<Escalation>>>,
    receivers: BTreeMap<String, Capabilities>,
    /// By name, the ways of each person, and how long after one the next is used, in ms.
    people: BTreeMap<String, (Vec<String>, i64)>,
    /// Who is on call.
    pub roster: Roster,
    /// Timeouts, retries, intervals.
    pub respond: Respond,
}

/// How much longer than `respond.timeout` an attempt may be without an outcome before it counts as lost, in
/// milliseconds. The owner before us may still be sending; its shell gives up [`SEND_GRACE_MS`] after the timeout.
pub const LOST_GRACE_MS: i64 = 5_000;

/// How much longer than `respond.timeout` the shell lets a send run, in milliseconds: the receiver's own timeout should
/// come first, since it can say what it waited for.
pub const SEND_GRACE_MS: u64 = 2_000;

impl Settings {
    /// From the configuration and what its receivers can do. A receiver that `capabilities` lacks cannot be sent to.
    pub fn new(config: &Config, capabilities: BTreeMap<String, Capabilities>) -> Settings {
        let escalations: BTreeMap<&str, Arc<Escalation>> = config
            .escalations
            .iter()
            .map(|escalation| (escalation.name.as_str(), Arc::new(escalation.clone())))
            .collect();
        let escalation = |name: &Option<String>| escalations.get(name.as_deref()?).cloned();
        let names = config.watches.iter().map(|watch| watch.key()).chain([FEED]);
        let watches = names.filter_map(|name| Some((name.to_owned(), escalation(&config.watch(name)?.escalation))));
        let watches = watches.collect();
        let ways = |person: &Person| (person.way_names().collect(), person.next_way.millis());
        let people = config.people.iter().map(|person| (person.name.clone(), ways(person))).collect();
        let (roster, respond) = (Roster::new(config), config.respond.clone());
        Settings { watches, receivers: capabilities, people, roster, respond }
    }

    /// The escalation that incidents of the watch follow, where it has one.
    pub fn escalation(&self, watch: &str) -> Option<&Escalation> {
        self.watches.get(watch)?.as_deref()
    }

    /// Whether there is such a watch.
    pub fn watches(&self, watch: &str) -> bool {
        self.watches.contains_key(watch)
    }

    /// The ways of a person in order, as attempts name them, and how long after one the next is used, in ms; `None` when
    /// there is no such person.
    pub fn ways(&self, person: &str) -> Option<(&[String], i64)> {
        self.people.get(person).map(|(ways, next)| (&ways[..], *next))
    }

    /// What the receiver can do; `None` when there is no such receiver.
    pub fn capabilities(&self, receiver: &str) -> Option<Capabilities> {
        self.receivers.get(receiver).copied()
    }

    /// The most tries to one receiver that may be under way at once.
    pub fn send_limit(&self) -> usize {
        usize::try_from(self.respond.send_limit).unwrap_or(usize::MAX)
    }

    /// How long an attempt may be without an outcome, in milliseconds.
    pub fn attempt_timeout_ms(&self) -> i64 {
        self.respond.timeout.millis().saturating_add(LOST_GRACE_MS)
    }
}
