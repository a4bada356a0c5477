//! What to do in an incident: which playbook it has, what is due when, and what a button of it sends.

pub mod due;
pub mod press;

pub use due::{Due, due};

use orszem_records::incident::Incident;

use crate::settings::{Config, Playbook};
use crate::situation::Situation;

/// The playbook of an incident as it stands: the first one that fits it.
pub fn of<'c>(config: &'c Config, incident: &Incident) -> Option<&'c Playbook> {
    if config.playbooks.is_empty() {
        return None;
    }
    let situation = Situation::of(config, incident);
    let fits = |playbook: &&Playbook| situation.is_in(&playbook.matcher) && situation.is_driven_by(&playbook.terms);
    config.playbooks.iter().find(fits)
}

#[cfg(test)]
mod tests {
    use super::*;
    use orszem_records::key_terms::TermKind;
    use orszem_records::ledger::{Entry, Event, IncidentId};
    use orszem_records::signal::{Driver, Kind, Phase, Signal};
    use orszem_records::time::Timestamp;

    #[test]
    fn the_first_that_fits_what_it_is_and_what_drives_it() {
        let config: Config = toml::from_str(
            "playbook = [\n\
             { name = \"leak\", match = { severity = \"<= 2\" }, terms = [\"Szivárgás\"], move = [{ do = \"a\" }] },\n\
             { name = \"bad\", match = { severity = \"<= 2\" }, move = [{ do = \"b\" }] },\n\
             { name = \"any\", move = [{ do = \"c\" }] },\n]\n",
        )
        .unwrap();
        let name = |severity, term: &str| {
            let (kind, share, times, z) = (TermKind::Phrase, 0.5, 9.0, 9.0);
            let drivers = vec![Driver { kind, text: term.to_owned(), share, times, z }];
            let at = Timestamp(0);
            let signal = Signal { drivers, severity, ..Signal::plain(Phase::Opened, Kind::Negativity, at) };
            let (watch, incident) = ("acme".to_owned(), IncidentId::new("acme", 0));
            let incident = Incident::begin(&Entry { watch, incident, at, event: Event::Signal(Box::new(signal)) });
            of(&config, &incident.unwrap()).unwrap().name.clone()
        };
        assert_eq!((name(1, "a SZIVARGAS oka"), name(2, "#szivárgás")), ("leak".into(), "leak".into()));
        assert_eq!((name(1, "szivárgások"), name(3, "szivárgás")), ("bad".into(), "any".into()));
    }
}
