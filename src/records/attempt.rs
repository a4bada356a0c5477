//! A message that is sent to a receiver, and what came of each try.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::delivery::Delivery;

/// What a notification is meant to do at the receiver.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// Tell of the incident, so that it is heard. With a revision above 0 it calls once more, for a later round or step
    /// of the escalation: the same incident, but it must make itself heard again.
    Trigger,
    /// Newer figures, in place of the old ones.
    Update,
    /// Somebody has it: stop calling others.
    Acknowledge,
    /// It is over.
    Resolve,
}

impl Action {
    /// All of them.
    pub const ALL: [Action; 4] = [Action::Trigger, Action::Update, Action::Acknowledge, Action::Resolve];

    /// The name used in metrics and logs.
    pub const fn name(self) -> &'static str {
        match self {
            Action::Trigger => "trigger",
            Action::Update => "update",
            Action::Acknowledge => "acknowledge",
            Action::Resolve => "resolve",
        }
    }
}

/// A notification that is about to be sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// `<incident>/<receiver>/<revision>`: the same over retries of the same message.
    pub message: String,
    /// The receiver's name.
    pub receiver: String,
    /// What it is to do.
    pub action: Action,
    /// Counts the messages of this incident to this receiver, from 0.
    pub revision: u32,
    /// Counts the tries of this message, from 0.
    pub try_number: u32,
    /// The step of the escalation, from 0, where it is part of one.
    pub step: u32,
    /// The round of the escalation, from 0.
    pub round: u32,
    /// How many signals of the incident it tells of; what comes after them is news to the receiver.
    #[serde(default)]
    pub signals: u32,
    /// The message of another incident that tells of this one too: the receiver allowed no message of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within: Option<String>,
    /// Of a call to a person: what the step began with, which no change of the configuration changes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub terms: Option<Box<StepTerms>>,
    /// The route that it belongs to, by its number, where the incident goes to several.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub route: u32,
    /// The steps of other routes that it is the call of too: they wanted the same receiver at the same time.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<CalledAlso>,
    /// Of a page that incidents share: what it shows of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shows: Option<Shows>,
    /// It is a part of a digest: it calls nobody.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub digest: bool,
}

impl Attempt {
    /// The person who is called, where it is a way of one: the receiver is then `person/receiver`.
    pub fn person(&self) -> Option<&str> {
        person_of(&self.receiver)
    }
}

/// What the page of a group shows of its members.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shows {
    /// How many there are.
    pub members: u32,
    /// How many of them are over.
    pub over: u32,
    /// The highest severity of those that it calls for.
    pub worst: u8,
    /// The sum of the numbers of their newest signals that changed the figures: another number is news.
    pub news: u64,
}

/// A step of another route that a call is made for too.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CalledAlso {
    /// The route, by its number.
    pub route: u32,
    /// The round of its escalation, from 0.
    pub round: u32,
    /// The step, from 0.
    pub step: u32,
    /// Of a call to a person: what that step began with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub terms: Option<Box<StepTerms>>,
}

/// Whether a number is the one that is not written.
pub(crate) fn is_zero(number: &u32) -> bool {
    *number == 0
}

/// What a step of the escalation, and the call of a person in it, began with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepTerms {
    /// Everybody whom the step calls.
    pub people: Vec<String>,
    /// Whether each of them has to acknowledge; otherwise one is enough.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub all: bool,
    /// The time in which somebody has to acknowledge before the next step, in ms.
    pub acknowledge_within_ms: i64,
    /// The ways of this person in order, as `person/receiver`.
    pub ways: Vec<String>,
    /// How long after a way the next one is used, in ms.
    pub next_way_ms: i64,
}

/// The person whose way it is: `anna` of `anna/mail`. `None` for a receiver of the configuration.
pub fn person_of(receiver: &str) -> Option<&str> {
    receiver.split_once('/').map(|(person, _)| person)
}

/// What came of an attempt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// The message of the attempt.
    pub message: String,
    /// The receiver's name.
    pub receiver: String,
    /// The try it answers.
    pub try_number: u32,
    /// The result.
    pub result: Delivery,
    /// Of a receiver with several recipients: who no longer needs this message. Counts the tries before this one as
    /// well.
    #[serde(default, skip_serializing_if = "Recipients::is_empty")]
    pub recipients: Recipients,
    /// What a person should know of a message that was accepted all the same. Never holds a secret.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl Outcome {
    /// The result of a try to a receiver that has one recipient.
    pub fn new(message: String, receiver: String, try_number: u32, result: Delivery) -> Outcome {
        Outcome { message, receiver, try_number, result, recipients: Recipients::default(), note: None }
    }
}

/// The recipients of a receiver that has several (the addresses of a mail) for whom a message is settled. Entries that
/// were written before there were any have none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recipients {
    /// Who has it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reached: Vec<String>,
    /// Who was refused for good, and why. No reason holds a secret.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub refused: BTreeMap<String, String>,
}

impl Recipients {
    /// Nobody is settled, or there is only one recipient.
    pub fn is_empty(&self) -> bool {
        self.reached.is_empty() && self.refused.is_empty()
    }

    /// Whether the message is settled for this recipient.
    pub fn has(&self, recipient: &str) -> bool {
        self.reached.iter().any(|known| known == recipient) || self.refused.contains_key(recipient)
    }

    /// Adds what another try settled.
    pub fn merge(&mut self, other: &Recipients) {
        for recipient in &other.reached {
            if !self.reached.contains(recipient) {
                self.reached.push(recipient.clone());
            }
        }
        self.refused.extend(other.refused.iter().map(|(recipient, reason)| (recipient.clone(), reason.clone())));
    }
}
