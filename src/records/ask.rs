//! What single people are asked or told by message while an incident goes on: to approve a statement, that they may
//! post it, that something is due.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::delivery::Delivery;
use crate::time::Timestamp;

/// The most askings of an incident that are kept.
const MOST: usize = 500;

/// What somebody is asked or told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AskKind {
    /// To approve the statement.
    Approve,
    /// To approve it, because those who were asked first did not.
    ApproveAsDeputy,
    /// That nobody approved it in time, and that they may let it go out.
    MayGoOut,
    /// That it is approved, and that they may post it.
    MayPost,
    /// That something of the playbook is due.
    Due,
    /// That something of the playbook was not done in time by who has the incident.
    DueElsewhere,
    /// That somebody looked up where the credential of their account is kept.
    LookedUp,
}

impl AskKind {
    /// As it is written.
    pub const fn name(self) -> &'static str {
        match self {
            AskKind::Approve => "approve",
            AskKind::ApproveAsDeputy => "approve-as-deputy",
            AskKind::MayGoOut => "may-go-out",
            AskKind::MayPost => "may-post",
            AskKind::Due => "due",
            AskKind::DueElsewhere => "due-elsewhere",
            AskKind::LookedUp => "looked-up",
        }
    }

    /// Whether it reminds of something that is due.
    pub const fn is_reminder(self) -> bool {
        matches!(self, AskKind::Due | AskKind::DueElsewhere)
    }
}

/// What a person is asked, and of what.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Ask {
    /// What.
    pub ask: AskKind,
    /// Of what: the number of the revision, what the playbook says, the account.
    pub of: String,
    /// The person's name.
    pub whose: String,
}

/// A message that asks is about to be sent. Committed before it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// What, and whom.
    #[serde(flatten)]
    pub ask: Ask,
    /// The way to the person, as `person/receiver`; `None` where there is none, so that nothing is sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receiver: Option<String>,
    /// Counts the tries over all ways, from 0.
    pub try_number: u32,
}

impl Asked {
    /// The id of the message: the same over its tries by one way, and never that of another.
    pub fn message(&self, incident: &str) -> String {
        let Ask { ask, of, .. } = &self.ask;
        format!("{incident}/{}/{}/{of}", self.receiver.as_deref().unwrap_or(&self.ask.whose), ask.name())
    }
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskAnswered {
    /// What, and whom.
    #[serde(flatten)]
    pub ask: Ask,
    /// The way.
    pub receiver: String,
    /// The try that it answers.
    pub try_number: u32,
    /// The result.
    pub result: Delivery,
}

/// Where an asking stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Asking {
    /// When the newest try was made.
    pub at: Timestamp,
    /// When the first was.
    pub since: Timestamp,
    /// The way of the newest try.
    pub receiver: Option<String>,
    /// Its number.
    pub try_number: u32,
    /// What came of it, and when.
    pub answer: Option<(Delivery, Timestamp)>,
}

impl Asking {
    /// Whether the message was accepted.
    pub fn has_arrived(&self) -> bool {
        matches!(self.answer, Some((Delivery::Accepted { .. }, _)))
    }
}

/// The askings of an incident. At most 500 are kept: reminders that arrived make room for others.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Asks(BTreeMap<Ask, Asking>);

impl Asks {
    /// A try is made.
    pub(crate) fn asked(&mut self, asked: &Asked, at: Timestamp) {
        let (receiver, try_number) = (asked.receiver.clone(), asked.try_number);
        let has_room = self.0.contains_key(&asked.ask) || !self.is_full() || self.make_room();
        match self.0.get_mut(&asked.ask) {
            // What is read again changes nothing.
            Some(known) if known.try_number >= try_number => {}
            Some(known) => *known = Asking { at, since: known.since, receiver, try_number, answer: None },
            None if has_room => {
                self.0.insert(asked.ask.clone(), Asking { at, since: at, receiver, try_number, answer: None });
            }
            None => {}
        }
    }

    /// Reminders that arrived make room for what is asked: the oldest first. Whether there is room.
    fn make_room(&mut self) -> bool {
        let old = self.0.iter().filter(|(ask, asking)| ask.ask.is_reminder() && asking.has_arrived());
        let oldest = old.min_by_key(|(_, asking)| asking.at).map(|(ask, _)| ask.clone());
        oldest.is_some_and(|oldest| self.0.remove(&oldest).is_some())
    }

    /// What came of a try.
    pub(crate) fn answered(&mut self, answered: &AskAnswered, at: Timestamp) {
        if let Some(known) = self.0.get_mut(&answered.ask)
            && known.try_number == answered.try_number
        {
            known.answer = Some((answered.result.clone(), at));
        }
    }

    /// Where an asking stands; `None` where it was not begun.
    pub fn of(&self, ask: &Ask) -> Option<&Asking> {
        self.0.get(ask)
    }

    /// Whether there is no room for more than takes the place of an old reminder.
    pub fn is_full(&self) -> bool {
        self.0.len() >= MOST
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(of: &str) -> Ask {
        Ask { ask: AskKind::Approve, of: of.into(), whose: "bela".into() }
    }

    fn asked(of: &str, try_number: u32) -> Asked {
        Asked { ask: ask(of), receiver: Some("bela/mail".into()), try_number }
    }

    #[test]
    fn a_newer_try_takes_the_place_of_the_one_before_and_what_is_read_again_changes_nothing() {
        let mut asks = Asks::default();
        asks.asked(&asked("1", 0), Timestamp(1));
        let accepted = Delivery::Accepted { reference: None };
        let answered = AskAnswered { ask: ask("1"), receiver: "bela/mail".into(), try_number: 0, result: accepted };
        asks.answered(&answered, Timestamp(2));
        asks.asked(&asked("1", 0), Timestamp(9));
        assert!(asks.of(&ask("1")).is_some_and(|asking| asking.has_arrived() && asking.at == Timestamp(1)));
        asks.asked(&asked("1", 1), Timestamp(3));
        let asking = asks.of(&ask("1")).unwrap();
        assert!(!asking.has_arrived() && (asking.since, asking.at) == (Timestamp(1), Timestamp(3)));
        asks.answered(&answered, Timestamp(4));
        assert!(!asks.of(&ask("1")).unwrap().has_arrived(), "that was the answer to the try before");
    }

    #[test]
    fn what_is_kept_has_a_limit() {
        let mut asks = Asks::default();
        (0..1_000).for_each(|n| asks.asked(&asked(&n.to_string(), 0), Timestamp(n)));
        assert!(asks.is_full() && asks.of(&ask("499")).is_some() && asks.of(&ask("500")).is_none());
    }

    #[test]
    fn it_is_written_flat_and_its_message_has_an_id_of_its_own() {
        let json = serde_json::to_string(&asked("1", 0)).unwrap();
        assert_eq!(json, r#"{"ask":"approve","of":"1","whose":"bela","receiver":"bela/mail","try_number":0}"#);
        assert_eq!(serde_json::from_str::<Asked>(&json).unwrap(), asked("1", 0));
        assert_eq!(asked("1", 0).message("acme.1"), "acme.1/bela/mail/approve/1");
    }
}
