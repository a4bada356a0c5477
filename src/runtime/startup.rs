//! What a program that just started still waits for: pages and `/-/ready` say so from the first moment.

use std::sync::{Arc, Mutex, PoisonError};

/// What is still missing before the work begins. Clones are the same board; the default has nothing missing.
#[derive(Clone, Debug, Default)]
pub struct Startup(Arc<Mutex<Missing>>);

#[derive(Debug, Default)]
struct Missing {
    topics: Option<String>,
    incidents: bool,
    team: bool,
}

impl Startup {
    /// Of a program that has not reached Kafka yet; `brokers` are the addresses that it tries.
    pub fn begin(brokers: &str) -> Startup {
        let topics = Some(format!("kafka: connecting to {brokers}"));
        Startup(Arc::new(Mutex::new(Missing { topics, incidents: true, team: true })))
    }

    /// The topics cannot be used yet, for this reason: shown to anybody who asks, so nothing secret.
    pub fn topics_wait(&self, why: String) {
        self.change(|missing| missing.topics = Some(why));
    }

    /// The topics are there and the stages run.
    pub fn topics_are_there(&self) {
        self.change(|missing| missing.topics = None);
    }

    /// Every incident was read from the ledger once.
    pub fn incidents_are_read(&self) {
        self.change(|missing| missing.incidents = false);
    }

    /// What people changed for the team was read once: who is on call, what is silenced, who was signed out.
    pub fn team_is_read(&self) {
        self.change(|missing| missing.team = false);
    }

    /// Whether pages can show everything.
    pub fn shows_pages(&self) -> bool {
        let missing = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        !missing.incidents && !missing.team
    }

    /// What is missing, for people; `None` when the program has started.
    pub fn missing(&self) -> Option<String> {
        let missing = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let incidents = || missing.incidents.then(|| "pages: the incidents are being read from the ledger".to_owned());
        let team = || missing.team.then(|| "pages: the topic of the team is being read".to_owned());
        missing.topics.clone().or_else(incidents).or_else(team)
    }

    fn change(&self, change: impl FnOnce(&mut Missing)) {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_has_started_when_the_topics_are_there_and_the_incidents_are_read() {
        let startup = Startup::begin("a:9092,b:9092");
        assert_eq!(startup.missing().as_deref(), Some("kafka: connecting to a:9092,b:9092"));
        startup.topics_wait("kafka: refused".into());
        assert_eq!(startup.clone().missing().as_deref(), Some("kafka: refused"));
        startup.topics_are_there();
        assert!(startup.missing().is_some_and(|missing| missing.contains("ledger")) && !startup.shows_pages());
        startup.incidents_are_read();
        assert!(startup.missing().is_some_and(|missing| missing.contains("team")) && !startup.shows_pages());
        startup.team_is_read();
        assert!(startup.missing().is_none() && startup.shows_pages());
        assert!(Startup::default().missing().is_none());
    }
}
