//! What incidents there can be: of the watches of a configuration, whatever the stream brings.

use std::collections::{BTreeMap, BTreeSet};

use orszem_records::matcher::{Match, Patterns};
use orszem_records::signal::{FEED, Kind};

use crate::settings::Config;

use super::facts::{Fact, Facts};
use super::matcher::Matcher;

/// The incidents that a configuration can have: a watch and a kind each, of severity 1 and without sources.
#[derive(Clone, Debug)]
pub struct Known {
    facts: Vec<Facts>,
}

/// A pattern that takes nothing that there can be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Idle {
    /// The fact.
    pub fact: Fact,
    /// Which of its patterns, from 0; `None` where no watch has the label at all.
    pub pattern: Option<usize>,
    /// What there is in its place.
    pub known: Vec<String>,
}

impl Known {
    /// Of the watches of a configuration, and the feed.
    pub fn new(config: &Config) -> Known {
        let watches = config.watches.iter().flat_map(|watch| {
            let kinds = Kind::ALL.into_iter().filter(|kind| *kind != Kind::NoData);
            kinds.map(|kind| Facts {
                watch: watch.name.clone(),
                former: watch.formerly.clone(),
                desk: watch.desk,
                kind,
                severity: 1,
                languages: watch.labels.get("language").into_iter().cloned().collect(),
                sources: watch.labels.get("source").into_iter().cloned().collect(),
                labels: watch.labels.clone(),
                drill: false,
            })
        });
        let feed = Facts {
            watch: FEED.to_owned(),
            former: None,
            desk: orszem_records::desk::Desk::default(),
            kind: Kind::NoData,
            severity: 1,
            languages: BTreeSet::new(),
            sources: BTreeSet::new(),
            labels: BTreeMap::new(),
            drill: false,
        };
        Known { facts: watches.chain([feed]).collect() }
    }

    /// One of each watch and kind.
    pub fn iter(&self) -> impl Iterator<Item = &Facts> {
        self.facts.iter()
    }

    /// The watches, by their names, that a matcher may mean an incident of.
    pub fn watches(&self, matcher: &Matcher) -> BTreeSet<&str> {
        self.iter().filter(|facts| matcher.may_match(facts)).map(|facts| facts.watch.as_str()).collect()
    }

    /// The patterns that take nothing that there can be. What is wrong in itself is not among them.
    pub fn idle(&self, written: &Match) -> Vec<Idle> {
        let mut idle = Vec::new();
        let facts = [("watch", &written.watch), ("desk", &written.desk), ("language", &written.language)];
        for (name, patterns) in facts {
            if let Some(patterns) = patterns {
                self.idle_of(&Fact::of(name), patterns, &mut idle);
            }
        }
        for (name, patterns) in &written.labels {
            let fact = Fact::Label(name.clone());
            if self.values(&fact).is_empty() {
                let known = self.iter().flat_map(|facts| facts.labels.keys().cloned()).collect::<BTreeSet<String>>();
                idle.push(Idle { fact, pattern: None, known: known.into_iter().collect() });
            } else {
                self.idle_of(&fact, patterns, &mut idle);
            }
        }
        idle
    }

    fn idle_of(&self, fact: &Fact, patterns: &Patterns, idle: &mut Vec<Idle>) {
        let known = self.values(fact);
        for pattern in Matcher::idle_patterns(fact, patterns, &known) {
            let known = known.iter().map(|value| (*value).to_owned()).collect();
            idle.push(Idle { fact: fact.clone(), pattern: Some(pattern), known });
        }
    }

    fn values(&self, fact: &Fact) -> BTreeSet<&str> {
        self.iter().flat_map(|facts| facts.values(fact)).collect()
    }
}
