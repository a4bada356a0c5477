//! Silences, ready to be asked: which hold an incident, and for how long.

use std::collections::BTreeMap;

use orszem_records::team::silence::Silence;
use orszem_records::time::Timestamp;

use super::facts::Facts;
use super::matcher::Matcher;

/// The silences that people made, by their ids.
#[derive(Clone, Debug, Default)]
pub struct Silences {
    silences: BTreeMap<String, (Silence, Matcher)>,
}

impl Silences {
    /// Keeps the newest record of a silence. One whose matcher cannot be read (a later version wrote it) holds nothing:
    /// people are called rather than not.
    ///
    /// # Errors
    /// What is wrong with the matcher.
    pub fn put(&mut self, silence: Silence) -> Result<(), String> {
        match Matcher::new(&silence.terms.matcher) {
            Ok(matcher) => {
                self.silences.insert(silence.id.clone(), (silence, matcher));
                Ok(())
            }
            Err(faults) => {
                self.silences.remove(&silence.id);
                let faults: Vec<String> = faults.iter().map(ToString::to_string).collect();
                Err(format!("silence {}: {}", silence.id, faults.join("; ")))
            }
        }
    }

    /// The record was deleted.
    pub fn remove(&mut self, id: &str) {
        self.silences.remove(id);
    }

    /// Forgets what was over before this moment.
    pub fn forget(&mut self, before: Timestamp) {
        self.silences.retain(|_, (silence, _)| silence.over_at() >= before);
    }

    /// All of them, by their ids.
    pub fn iter(&self) -> impl Iterator<Item = &Silence> {
        self.silences.values().map(|(silence, _)| silence)
    }

    /// The silence of this id.
    pub fn get(&self, id: &str) -> Option<&Silence> {
        self.silences.get(id).map(|(silence, _)| silence)
    }

    /// The silences that hold the incident at this moment: the one that lasts longest first.
    pub fn holding(&self, facts: &Facts, at: Timestamp) -> Vec<&Silence> {
        let mut holding: Vec<&Silence> = self.meant(facts).filter(|silence| silence.is_active(at)).collect();
        holding.sort_by(|a, b| b.over_at().cmp(&a.over_at()).then_with(|| a.id.cmp(&b.id)));
        holding
    }

    /// The first moment from `at` on at which none holds the incident as it is: silences that overlap or follow one
    /// another without a gap count as one. `at` itself, where none does.
    pub fn free_at(&self, facts: &Facts, at: Timestamp) -> Timestamp {
        let meant: Vec<&Silence> = self.meant(facts).collect();
        let mut free = at;
        // Each is passed at most once: it ends at `free` or before.
        while let Some(until) = meant.iter().filter(|one| one.is_active(free)).map(|one| one.over_at()).max() {
            free = until;
        }
        free
    }

    /// The first instant after `after` at which some silence begins or ends: what is muted may change then.
    pub fn next_change(&self, after: Timestamp) -> Option<Timestamp> {
        let borders = self.iter().flat_map(|silence| [silence.terms.from, silence.over_at()]);
        borders.filter(|at| *at > after).min()
    }

    /// The silences that mean the incident, whenever they hold. Those of a drill mean drills alone, and the others what
    /// is real: a known problem must not leave a drill unheard.
    fn meant(&self, facts: &Facts) -> impl Iterator<Item = &Silence> {
        let meant = |silence: &Silence, matcher: &Matcher| facts.drill == silence.terms.drill && matcher.matches(facts);
        self.silences.values().filter(move |(silence, matcher)| meant(silence, matcher)).map(|(silence, _)| silence)
    }
}

#[cfg(test)]
#[path = "silence_tests.rs"]
mod tests;
