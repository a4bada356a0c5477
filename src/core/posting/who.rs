//! Who may post right now, and what may go out without asking.

use orszem_records::incident::Incident;
use orszem_records::time::Timestamp;

use crate::oncall::Roster;
use crate::settings::Config;
use crate::situation::Situation;

/// Who may post in an incident at a moment. People by their names in the configuration.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MayPost {
    /// Who posts.
    pub on_duty: Vec<String>,
    /// When that changes; `None` where it does not in the next 400 days.
    pub until: Option<Timestamp>,
    /// Who stands in for them.
    pub deputies: Vec<String>,
    /// Who approves what is said.
    pub approvers: Vec<String>,
    /// What may go out without asking.
    pub mandates: Vec<Mandated>,
}

/// A mandate that counts in an incident.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mandated {
    /// Who has it now.
    pub people: Vec<String>,
    /// What may go out.
    pub may: String,
}

/// The people whom names mean at a moment: of a rotation who is on call, of a person they themselves while they are
/// called. Each once, in order.
pub fn people(roster: &Roster, names: &[String], at: Timestamp) -> Vec<String> {
    let mut people: Vec<String> = Vec::new();
    for name in names {
        let found = match roster.clock(name) {
            Some(_) => roster.on_call(name, at),
            None => Some(name.clone()).filter(|name| roster.is_called(name, at)).into_iter().collect(),
        };
        for person in found {
            if !people.contains(&person) {
                people.push(person);
            }
        }
    }
    people
}

/// When the people whom names mean are others.
pub fn next_change(roster: &Roster, names: &[String], after: Timestamp) -> Option<Timestamp> {
    names.iter().filter_map(|name| roster.next_change(name, after)).min()
}

/// Who approves what is said in an incident, as the configuration names them: rotations and people.
pub fn approvers<'c>(config: &'c Config, incident: &Incident) -> &'c [String] {
    let approvers = &config.posting.approvers;
    if approvers.is_empty() {
        return &[];
    }
    let situation = Situation::of(config, incident);
    approvers.iter().find(|one| situation.is_in(&one.matcher)).map_or(&[], |one| &one.who)
}

/// What may go out in an incident without asking, and who has the mandate at a moment.
pub fn mandates(config: &Config, roster: &Roster, incident: &Incident, at: Timestamp) -> Vec<Mandated> {
    if config.mandates.is_empty() {
        return Vec::new();
    }
    let situation = Situation::of(config, incident);
    let fitting = config.mandates.iter().filter(|mandate| situation.is_in(&mandate.matcher));
    fitting.map(|mandate| Mandated { people: people(roster, &mandate.who, at), may: mandate.may.clone() }).collect()
}

/// Who may post in an incident at a moment.
pub fn may_post(config: &Config, roster: &Roster, incident: &Incident, at: Timestamp) -> MayPost {
    let posting = &config.posting;
    MayPost {
        on_duty: people(roster, &posting.on_duty, at),
        until: next_change(roster, &posting.on_duty, at),
        deputies: people(roster, &posting.deputies, at),
        approvers: people(roster, approvers(config, incident), at),
        mandates: mandates(config, roster, incident, at),
    }
}

#[cfg(test)]
mod tests {
    use super::super::posting_fixture::{at, config, incident};
    use super::*;
    use crate::settings::calendar::Day;

    #[test]
    fn who_may_post_is_who_is_on_duty_at_that_moment() {
        let config = config();
        let roster = Roster::new(&config);
        let who = |severity, time: &str| may_post(&config, &roster, &incident(severity), at(time));
        let monday = who(1, "2026-03-30T10:00:00Z");
        assert_eq!((monday.on_duty, monday.deputies), (vec!["csilla".to_owned()], vec!["denes".to_owned()]));
        assert_eq!(monday.until, Some(at("2026-03-31T07:00:00Z")));
        assert_eq!(who(1, "2026-03-31T07:00:00Z").on_duty, ["anna"]);
        assert_eq!(
            (monday.approvers, who(3, "2026-03-30T10:00:00Z").approvers),
            (vec!["bela".into()], vec!["denes".into()])
        );
    }

    #[test]
    fn a_mandate_is_for_its_incidents_and_of_who_has_it_now() {
        let config = config();
        let roster = Roster::new(&config);
        let may = |severity| {
            let now = at("2026-03-30T10:00:00Z");
            mandates(&config, &roster, &incident(severity), now)
        };
        assert_eq!(may(3).iter().map(|one| one.may.as_str()).collect::<Vec<_>>(), ["Answers to customers."]);
        assert_eq!(may(1).iter().flat_map(|one| &one.people).collect::<Vec<_>>(), ["csilla"]);
    }

    #[test]
    fn who_has_left_is_nobody() {
        let mut config = config();
        config.people.iter_mut().for_each(|person| person.until = "2026-01-01".parse().ok().map(Day));
        let roster = Roster::new(&config);
        assert_eq!(people(&roster, &["bela".into(), "press".into()], at("2026-03-30T10:00:00Z")), [""; 0]);
    }
}
