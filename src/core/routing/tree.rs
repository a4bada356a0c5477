//! The routing tree: where an incident goes, by which route, and why not by another.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use orszem_records::signal::FEED;
use orszem_records::time::Timestamp;

use crate::settings::{Config, Route};

use super::digest::Daily;
use super::facts::{Fact, Facts};
use super::matcher::{Matcher, Miss};
use super::window::{Window, Windows, next_turn};

/// The path of the root.
pub const ROOT: &str = "root";

/// The routes of a configuration.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    root: Node,
    /// The escalation of each watch, by the name in the configuration.
    watches: BTreeMap<String, Option<String>>,
    windows: Windows,
}

/// A route.
#[derive(Clone, Debug)]
pub(super) struct Node {
    /// Its number among those of each route around it.
    pub(super) place: Vec<usize>,
    path: String,
    pub(super) matcher: Matcher,
    pub(super) goes_on: bool,
    leads: Leads,
    pub(super) within: Vec<Node>,
}

/// Where a route leads, with what it has from those around it.
#[derive(Clone, Debug, Default)]
struct Leads {
    to: Option<Target>,
    /// Of the root, for watches that name no escalation.
    else_to: Option<String>,
    group_by: Option<Vec<Fact>>,
    ignore_case: bool,
    group_wait_ms: i64,
    reopen_within_ms: Option<i64>,
    mute: Vec<String>,
    active: Vec<String>,
}

impl Default for Node {
    /// The root of a configuration without routes.
    fn default() -> Node {
        let path = ROOT.to_owned();
        Node {
            place: Vec::new(),
            path,
            matcher: Matcher::default(),
            goes_on: false,
            leads: Leads::default(),
            within: Vec::new(),
        }
    }
}

/// Who is told.
#[derive(Clone, Debug, PartialEq)]
pub enum Target {
    /// The people and receivers of this escalation.
    Escalation(String),
    /// Receivers that are told once a day.
    Digest(Arc<Daily>),
    /// Nobody.
    Nobody,
}

/// Where an incident goes.
#[derive(Clone, Debug, PartialEq)]
pub struct Leaf {
    /// The path of the route: names, or what it matches, with `/` between.
    pub route: String,
    /// Who is told.
    pub target: Target,
    /// What it has in common with those that it shares a page with.
    pub key: BTreeMap<String, String>,
    /// Whether it may share its page with others: its route says how.
    pub shares: bool,
    /// How long the first page of its group waits, in milliseconds.
    pub wait_ms: i64,
    /// For how long after its end a group is opened again, in milliseconds; 0 is not at all.
    pub reopen_within_ms: i64,
    /// Why nobody is called at this moment, where hours say so.
    pub muted: Option<MutedBy>,
}

/// Nobody is called at this time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MutedBy {
    /// The windows that mute now, by their names.
    pub mute: Vec<String>,
    /// It is outside of all of these, in which alone somebody is called.
    pub outside: Vec<String>,
    /// When somebody is called again; `None` where that is not within weeks.
    pub until: Option<Timestamp>,
}

/// What became of a route, for an incident.
#[derive(Clone, Debug, PartialEq)]
pub struct Visit {
    /// The route's path.
    pub route: String,
    /// What became of it.
    pub came: Came,
}

/// What became of a route.
#[derive(Clone, Debug, PartialEq)]
pub enum Came {
    /// The incident goes where it leads.
    Taken(Box<Leaf>),
    /// It matches, and routes within it take the incident.
    Within,
    /// It does not match.
    Missed(Miss),
    /// It was not asked: the route of this path, before it, took the incident and does not go on.
    NotAsked(String),
}

impl Tree {
    /// The routes of a configuration that was checked. One whose matcher is wrong takes nothing.
    pub fn new(config: &Config) -> Tree {
        let route = config.route.clone().unwrap_or_default();
        let names = config.watches.iter().map(|watch| watch.name.as_str()).chain([FEED]);
        let escalation = |name: &str| config.watch(name).and_then(|watch| watch.escalation.clone());
        let watches = names.map(|name| (name.to_owned(), escalation(name))).collect();
        Tree { root: root(&route, config), watches, windows: Windows::new(config) }
    }

    /// Where the incident goes at this moment: at least one place, in order of the configuration.
    pub fn leaves(&self, facts: &Facts, at: Timestamp) -> Vec<Leaf> {
        let mut leaves = Vec::new();
        self.walk(&self.root, facts, &mut |node, came| {
            if let Asked::Taken = came {
                leaves.push(self.leaf(node, facts, at));
            }
        });
        leaves
    }

    /// What became of every route, in order of the configuration; the root comes last.
    pub fn visits(&self, facts: &Facts, at: Timestamp) -> Vec<Visit> {
        let mut visits = Vec::new();
        self.walk(&self.root, facts, &mut |node, asked| {
            let came = match asked {
                Asked::Taken => Came::Taken(Box::new(self.leaf(node, facts, at))),
                Asked::Within => Came::Within,
                Asked::Missed(miss) => Came::Missed(miss),
                Asked::No(by) => Came::NotAsked(by.to_owned()),
            };
            visits.push(Visit { route: node.path.clone(), came });
        });
        visits
    }

    /// Whether the route takes the incident. Tells of every route that was asked, and of those that were not.
    fn walk<'t>(&'t self, node: &'t Node, facts: &Facts, tell: &mut impl FnMut(&'t Node, Asked<'t>)) -> bool {
        if let Some(miss) = node.matcher.miss(facts) {
            tell(node, Asked::Missed(miss));
            return false;
        }
        let (mut taken, mut ended_by) = (false, None);
        for route in &node.within {
            match ended_by {
                Some(by) => tell(route, Asked::No(by)),
                None if self.walk(route, facts, tell) => {
                    taken = true;
                    ended_by = (!route.goes_on).then_some(route.path.as_str());
                }
                None => {}
            }
        }
        tell(node, if taken { Asked::Within } else { Asked::Taken });
        true
    }

    fn leaf(&self, node: &Node, facts: &Facts, at: Timestamp) -> Leaf {
        let leads = &node.leads;
        Leaf {
            route: node.path.clone(),
            target: self.target(node, facts),
            key: key(leads, facts),
            shares: leads.group_by.is_some() || leads.group_wait_ms > 0 || leads.reopen_within_ms > Some(0),
            wait_ms: if facts.severity <= 2 { 0 } else { leads.group_wait_ms },
            reopen_within_ms: leads.reopen_within_ms.unwrap_or(0),
            muted: self.muted(leads, at),
        }
    }

    /// Who is told of an incident that goes where a route leads.
    pub(super) fn target(&self, node: &Node, facts: &Facts) -> Target {
        let of_watch = || self.watches.get(&facts.watch).cloned().flatten();
        let escalation = || of_watch().or_else(|| node.leads.else_to.clone());
        node.leads.to.clone().unwrap_or_else(|| escalation().map_or(Target::Nobody, Target::Escalation))
    }

    /// Whether the watch names an escalation itself.
    pub(super) fn has_escalation(&self, facts: &Facts) -> bool {
        self.watches.get(&facts.watch).is_some_and(Option::is_some)
    }

    /// The route around all others.
    pub(super) fn root(&self) -> &Node {
        &self.root
    }

    fn muted(&self, leads: &Leads, at: Timestamp) -> Option<MutedBy> {
        let named = |names: &'_ [String]| -> Vec<(String, &Window)> {
            names.iter().filter_map(|name| Some((name.clone(), self.windows.get(name)?))).collect()
        };
        let (mute, active) = (named(&leads.mute), named(&leads.active));
        let is_muted = |at: Timestamp| {
            mute.iter().any(|(_, window)| window.is_in(at))
                || (!active.is_empty() && active.iter().all(|(_, window)| !window.is_in(at)))
        };
        if !is_muted(at) {
            return None;
        }
        let inside = |(name, window): &(String, &Window)| window.is_in(at).then(|| name.clone());
        let outside = if active.iter().any(|(_, window)| window.is_in(at)) {
            Vec::new()
        } else {
            active.iter().map(|(name, _)| name.clone()).collect()
        };
        let windows: Vec<&Window> = mute.iter().chain(&active).map(|(_, window)| *window).collect();
        let until = next_turn(&windows, at, is_muted);
        Some(MutedBy { mute: mute.iter().filter_map(inside).collect(), outside, until })
    }
}

impl Node {
    /// Whether it says itself that nobody is told.
    pub(super) fn is_for_nobody(&self) -> bool {
        self.leads.to == Some(Target::Nobody)
    }

    /// Whether there are times at which nobody is called.
    pub(super) fn mutes(&self) -> bool {
        !self.leads.mute.is_empty() || !self.leads.active.is_empty()
    }
}

/// What became of a route that was asked, or was not.
enum Asked<'t> {
    Taken,
    Within,
    Missed(Miss),
    No(&'t str),
}

/// What the incident has in common with others of its group. Without `group_by`, and where it has nothing of that: its
/// own watch, and what it is about. A drill never shares the page of what is real.
fn key(leads: &Leads, facts: &Facts) -> BTreeMap<String, String> {
    let folded = |text: String| if leads.ignore_case { text.to_lowercase() } else { text };
    let common = |fact: &Fact| Some((fact.name().to_owned(), folded(facts.common(fact)?)));
    let mut key: BTreeMap<String, String> = leads.group_by.iter().flatten().filter_map(common).collect();
    if key.is_empty() {
        let own: &[Fact] = if facts.watch == FEED { &[Fact::Watch, Fact::Source] } else { &[Fact::Watch] };
        key = own.iter().filter_map(|fact| Some((fact.name().to_owned(), facts.common(fact)?))).collect();
    }
    if facts.drill {
        key.insert("drill".to_owned(), "yes".to_owned());
    }
    key
}

fn root(route: &Route, config: &Config) -> Node {
    // What the root names is for watches that name none themselves.
    let leads = Leads { to: None, ..leads(route, &Leads::default(), config) };
    let to = if route.digest.is_some() || route.nobody { target(route, config) } else { None };
    let leads = Leads { to, else_to: route.escalation.clone(), ..leads };
    let within = within(route, &leads, ("", &[]), config);
    Node { leads, within, ..Node::default() }
}

fn within(route: &Route, leads: &Leads, (prefix, around): (&str, &[usize]), config: &Config) -> Vec<Node> {
    let mut taken = BTreeSet::new();
    let mut free = |name: String| {
        let path = (2..).map(|n| format!("{name} #{n}"));
        let path = std::iter::once(name.clone()).chain(path).find(|path| taken.insert(path.clone()));
        path.unwrap_or(name)
    };
    let nodes = route.routes.iter().enumerate().filter_map(|(number, route)| {
        let place: Vec<usize> = around.iter().copied().chain([number]).collect();
        let name = route.name.clone().unwrap_or_else(|| match route.matcher.is_empty() {
            true => "everything".to_owned(),
            false => route.matcher.to_string(),
        });
        let path = format!("{prefix}{}", free(name));
        let matcher = Matcher::new(&route.matcher).ok()?;
        let leads = self::leads(route, leads, config);
        let within = within(route, &leads, (&format!("{path} / "), &place), config);
        Some(Node { place, path, matcher, goes_on: route.goes_on, leads, within })
    });
    nodes.collect()
}

fn leads(route: &Route, around: &Leads, config: &Config) -> Leads {
    let facts = |names: &Vec<String>| names.iter().map(|name| Fact::of(name)).collect();
    Leads {
        to: target(route, config).or_else(|| around.to.clone()),
        else_to: around.else_to.clone(),
        group_by: route.group_by.as_ref().map(facts).or_else(|| around.group_by.clone()),
        ignore_case: route.ignore_case.unwrap_or(around.ignore_case),
        group_wait_ms: route.group_wait.map_or(around.group_wait_ms, |wait| wait.millis()),
        reopen_within_ms: route.reopen_within.map(|within| within.millis()).or(around.reopen_within_ms),
        mute: route.mute.clone().unwrap_or_else(|| around.mute.clone()),
        active: route.active.clone().unwrap_or_else(|| around.active.clone()),
    }
}

fn target(route: &Route, config: &Config) -> Option<Target> {
    let digest = || route.digest.as_ref().map(|digest| Target::Digest(Arc::new(Daily::new(digest, config))));
    let nobody = || route.nobody.then_some(Target::Nobody);
    route.escalation.clone().map(Target::Escalation).or_else(digest).or_else(nobody)
}

#[cfg(test)]
#[path = "tree_tests.rs"]
mod tests;
