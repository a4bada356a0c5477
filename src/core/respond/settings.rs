//! What the core needs to know of the configuration.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::card;
use crate::notification::Capabilities;
use crate::oncall::{Roster, wall};
use crate::posting::asks::{self, Due};
use crate::routing::facts::Facts;
use crate::routing::inhibit::Inhibitions;
use crate::routing::tree::{Leaf, Target, Tree};
use crate::routing::window::Windows;
use crate::settings::Config;
use crate::settings::{Account, Escalation, Person, Respond, Watch};
use orszem_records::incident::Incident;
use orszem_records::signal::FEED;
use orszem_records::time::Timestamp;

/// The part of the configuration that decides who is told, when and how often.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// By the name that it is counted under, the escalation of each watch.
    watches: BTreeMap<String, Option<Arc<Escalation>>>,
    /// By that name and by its own, where the configuration has each watch.
    places: BTreeMap<String, usize>,
    escalations: BTreeMap<String, Arc<Escalation>>,
    /// Where incidents go, where that is more than the escalation of their watch.
    routes: Option<Arc<Tree>>,
    /// Which incidents keep others quiet.
    pub inhibitions: Arc<Inhibitions>,
    /// Of what the facts of an incident are taken.
    config: Arc<Config>,
    receivers: BTreeMap<String, Capabilities>,
    /// By name, the ways of each person, and how long after one the next is used, in ms.
    people: BTreeMap<String, (Vec<String>, i64)>,
    /// By the names of ways, the most calls in a time, in ms.
    call_limits: BTreeMap<String, (usize, i64)>,
    /// Who is on call.
    pub roster: Roster,
    /// The hours that have a name.
    pub windows: Arc<Windows>,
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
        let named = |escalation: &Escalation| (escalation.name.clone(), Arc::new(escalation.clone()));
        let escalations: BTreeMap<String, Arc<Escalation>> = config.escalations.iter().map(named).collect();
        let escalation = |name: &Option<String>| escalations.get(name.as_deref()?).cloned();
        let names = config.watches.iter().map(|watch| watch.key()).chain([FEED]);
        let watches = names.filter_map(|name| Some((name.to_owned(), escalation(&config.watch(name)?.escalation))));
        let watches = watches.collect();
        // Where one has the name that another is counted under, that other is meant.
        let watch_names = config.watches.iter().enumerate().rev().map(|(place, watch)| (watch.name.clone(), place));
        let keys = config.watches.iter().enumerate().rev().map(|(place, watch)| (watch.key().to_owned(), place));
        let places = watch_names.chain(keys).collect();
        let ways = |person: &Person| (person.way_names().collect(), person.next_way.millis());
        let people = config.people.iter().map(|person| (person.name.clone(), ways(person))).collect();
        let limits = config.people.iter().flat_map(|person| {
            person.ways.iter().filter_map(|way| Some((person.way_name(way), way.limit.or(person.limit)?)))
        });
        let most = |calls: u32| usize::try_from(calls).unwrap_or(usize::MAX);
        let call_limits = limits.map(|(way, limit)| (way, (most(limit.calls), limit.within.millis()))).collect();
        let (roster, respond) = (Roster::new(config), config.respond.clone());
        let routes = config.route.is_some().then(|| Arc::new(Tree::new(config)));
        Settings {
            watches,
            places,
            escalations,
            routes,
            inhibitions: Arc::new(Inhibitions::new(config)),
            config: Arc::new(config.clone()),
            receivers: capabilities,
            people,
            call_limits,
            roster,
            windows: Arc::new(Windows::new(config)),
            respond,
        }
    }

    /// Keeps what people changed of the rotations before.
    pub(super) fn keep_changes(&mut self, mut before: Roster) {
        before.configure(&self.config);
        self.roster = before;
    }

    /// Whether incidents are in the same rules of inhibition, and with the same facts, as by other settings.
    pub(super) fn inhibits_alike(&self, other: &Settings) -> bool {
        fn facts(watch: &Watch) -> (&str, &str, &BTreeMap<String, String>) {
            (&watch.name, watch.key(), &watch.labels)
        }
        let (one, other) = (&self.config, &other.config);
        one.inhibitions == other.inhibitions && one.watches.iter().map(facts).eq(other.watches.iter().map(facts))
    }

    /// Forgets what people changed of the rotations.
    pub(super) fn forget_changes(&mut self) {
        self.roster = Roster::new(&self.config);
    }

    /// The escalations that an incident follows, each with the number of its route: those of the routes which it took,
    /// as the ledger says, else that of its watch.
    pub fn escalations(&self, incident: &Incident) -> Vec<(u32, &Escalation)> {
        if incident.groups.is_empty() && self.routes.is_none() {
            let of_watch = self.watches.get(&incident.watch).and_then(Option::as_deref);
            return of_watch.map(|escalation| (0, escalation)).into_iter().collect();
        }
        let routes = incident.routes().into_iter();
        let named =
            routes.filter_map(|(route, joined)| Some((route, self.escalations.get(joined.escalation.as_ref()?)?)));
        named.map(|(route, escalation)| (route, escalation.as_ref())).collect()
    }

    /// The escalations that an incident would follow which opens at `at`.
    pub(super) fn would_follow(&self, incident: &Incident, at: Timestamp) -> Vec<&Escalation> {
        if self.routes.is_none() {
            return self.escalations(incident).into_iter().map(|(_, escalation)| escalation).collect();
        }
        let leaves = self.leaves(&self.facts(incident), at).into_iter();
        let named = leaves.filter_map(|leaf| match leaf.target {
            Target::Escalation(name) => self.escalations.get(&name),
            Target::Digest(_) | Target::Nobody => None,
        });
        named.map(Arc::as_ref).collect()
    }

    /// What routes, silences and other incidents go by.
    pub fn facts(&self, incident: &Incident) -> Facts {
        let Incident { watch, signal, severity, .. } = incident;
        match self.places.get(watch).and_then(|place| self.config.watches.get(*place)) {
            Some(configured) => Facts::of_watch(Some(configured), watch, signal, *severity),
            None => Facts::new(&self.config, watch, signal, *severity),
        }
    }

    /// Whether the configuration has routes.
    pub fn has_routes(&self) -> bool {
        self.routes.is_some()
    }

    /// Where an incident goes at `now`; nowhere, where the configuration has no routes.
    pub fn leaves(&self, facts: &Facts, now: Timestamp) -> Vec<Leaf> {
        self.routes.as_ref().map(|routes| routes.leaves(facts, now)).unwrap_or_default()
    }

    /// Whether there is such a watch.
    pub fn watches(&self, watch: &str) -> bool {
        self.watches.contains_key(watch)
    }

    /// The ways of a person in order, as attempts name them, and how long after one the next is used, in ms; `None`
    /// when there is no such person.
    pub fn ways(&self, person: &str) -> Option<(&[String], i64)> {
        self.people.get(person).map(|(ways, next)| (&ways[..], *next))
    }

    /// The most calls by the way of a person, in a time in ms. A service that calls people by itself has none: it
    /// cannot be told of several at once.
    pub fn call_limit(&self, way: &str) -> Option<(usize, i64)> {
        let able = self.capabilities(way).is_some_and(|able| !able.has_states());
        self.call_limits.get(way).copied().filter(|_| able)
    }

    /// Until when a person is not to be called for a severity; `None` where they may be called at this moment.
    pub fn quiet_until(&self, person: &str, severity: u8, at: Timestamp) -> Option<Timestamp> {
        let person = self.config.person(person).filter(|person| !person.quiet_hours.is_empty())?;
        let clock = wall::clock(person, self.config.web.time_zone.as_deref());
        wall::quiet_until(person, &clock, severity, at)
    }

    /// Whether there are playbooks, which may say what is due.
    pub(super) fn has_playbooks(&self) -> bool {
        !self.config.playbooks.is_empty()
    }

    /// What people are to be asked and told in an incident.
    pub(super) fn asks(&self, incident: &Incident, now: Timestamp) -> Due {
        asks::due(&self.config, &self.roster, incident, now)
    }

    /// Where the grab card is mailed to.
    pub(super) fn card_receivers(&self) -> &[String] {
        &self.config.card.mail_to
    }

    /// What the grab card is told apart by from others.
    pub(super) fn card(&self) -> String {
        card::fingerprint(&self.config)
    }

    /// The accounts of the organisation.
    pub(super) fn accounts(&self) -> impl Iterator<Item = &Account> {
        self.config.accounts.iter()
    }

    /// The ways of a person by which a word can be said that belongs to no call: a service that keeps incidents would
    /// take it for one.
    pub(super) fn quiet_ways(&self, person: &str) -> Vec<String> {
        let (ways, _) = self.ways(person).unwrap_or_default();
        let is_quiet = |way: &&String| self.capabilities(way).is_some_and(|able| !able.has_states());
        ways.iter().filter(is_quiet).cloned().collect()
    }

    /// The rotations whose people are told when a shift of theirs begins.
    pub fn told_of_shifts(&self) -> impl Iterator<Item = &str> {
        self.config.rotations.iter().filter(|rotation| rotation.shift_messages).map(|rotation| rotation.name.as_str())
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
