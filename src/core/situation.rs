//! What is known of an incident where something is chosen for it: a playbook, a statement, a mandate.

use orszem_records::incident::Incident;
use orszem_records::matcher::Match;
use orszem_text::fold::folded;

use crate::routing::facts::Facts;
use crate::routing::matcher::Matcher;
use crate::settings::Config;

/// What is known of an incident where something is chosen for it: its facts, and what drives it.
pub(crate) struct Situation {
    facts: Facts,
    driven_by: Vec<String>,
}

impl Situation {
    /// Of an incident as it stands.
    pub(crate) fn of(config: &Config, incident: &Incident) -> Situation {
        let facts = Facts::new(config, &incident.watch, &incident.signal, incident.severity);
        let driven_by = incident.signal.drivers.iter().map(|driver| folded(&driver.text)).collect();
        Situation { facts, driven_by }
    }

    /// Whether something is for it that is for some incidents.
    pub(crate) fn is_in(&self, matcher: &Match) -> bool {
        Matcher::new(matcher).is_ok_and(|matcher| matcher.matches(&self.facts))
    }

    /// Whether one of these words is among what drives it; so it is where no words are asked for.
    pub(crate) fn is_driven_by(&self, terms: &[String]) -> bool {
        let is_driven = |term: &String| {
            let term = folded(term);
            let is_it = |word: &str| word.trim_start_matches(['#', '@', '$']) == term;
            self.driven_by.iter().any(|driver| is_it(driver) || driver.split_whitespace().any(is_it))
        };
        terms.is_empty() || terms.iter().any(is_driven)
    }
}
