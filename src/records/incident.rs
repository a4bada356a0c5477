//! An incident as the fold of its ledger entries.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::ask::Asks;
use crate::evidence::Evidence;
use crate::press::Presses;
use crate::promise::Promises;
use crate::signal::{LimitReached, Phase, Signal};
use crate::statement::Statements;
use crate::tally::Sample;
use crate::tick::Ticks;
use crate::time::Timestamp;

use super::acknowledgement::Acknowledgement;
use super::height::Height;
use super::ledger::{
    Action, Attempt, ByWhom, Delivery, EndReason, Entry, Event, Feedback, IncidentId, Joined, LookUp, Recipients,
    Reopening, Restart, STREAM,
};
use super::peak::Peak;

/// Where an incident stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Nobody has acknowledged it.
    Open,
    /// Somebody has it.
    Acknowledged,
    /// Over: the stream is back to normal, or a person said so.
    Resolved,
}

impl State {
    /// The name used in the API, metrics and pages.
    pub const fn name(self) -> &'static str {
        match self {
            State::Open => "open",
            State::Acknowledged => "acknowledged",
            State::Resolved => "resolved",
        }
    }
}

/// One episode of one watch, from the first signal to the all-clear: what the ledger says of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Incident {
    /// Its id.
    pub id: IncidentId,
    /// The watch.
    pub watch: String,
    /// The newest signal.
    pub signal: Signal,
    /// The highest severity so far (1 is the highest).
    pub severity: u8,
    /// The rarest observation so far, in expected false alarms a week: how rare the incident is, also at its all-clear.
    pub rarest: f64,
    /// The figures at its height.
    pub peak: Peak,
    /// The limit of the watch's settings that was reached, where one was.
    pub limit: Option<LimitReached>,
    /// The detector's all-clear has come.
    pub closed: bool,
    /// Who has it, and since when.
    pub acknowledged: Option<Stamp>,
    /// Whether all have acknowledged whom the newest step needs.
    pub acknowledgement: Acknowledgement,
    /// The severity at which it was acknowledged.
    pub acknowledged_severity: Option<u8>,
    /// How high it stood when the person who has it said that it is known: nobody is called until that doubles.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub known: Option<Height>,
    /// When the person who has it was last heard of.
    pub last_sign: Option<Timestamp>,
    /// When the person who has it was asked for another sign of life, until they give one.
    pub reminded: Option<Timestamp>,
    /// How often the calls began again, and why they last did.
    pub restarted: Option<Restart>,
    /// Who had it before, where somebody took it over or it was handed over.
    pub had_before: Option<String>,
    /// A person's resolve, where there was one and it still holds.
    pub resolved: Option<Stamp>,
    /// That resolve calls it a false alarm.
    pub false_alarm: bool,
    /// Who gave it back, or took back that it is over, and when: until somebody has it, or it is over.
    pub back: Option<Back>,
    /// The height up to which that resolve holds.
    pub height: Option<Height>,
    /// It rose above that and opened again: the newest time it did.
    pub reopened: Option<Reopening>,
    /// An hour after a person closed it the receivers were told that it still goes on.
    pub going_on: bool,
    /// It is over for another reason than the all-clear or a person: why, and when that was.
    pub ended: Option<(EndReason, Timestamp)>,
    /// Nobody else is called, because its watch names no escalation any more.
    pub calls_ended: bool,
    /// Every step of the escalation passed, and nobody acknowledged.
    pub exhausted: bool,
    /// The escalations of which every step passed. Where it follows several, [`exhausted`](Self::exhausted) is when all
    /// have.
    #[serde(skip)]
    pub exhausted_escalations: BTreeSet<String>,
    /// What people did of what playbooks say.
    #[serde(skip_serializing_if = "Ticks::is_empty")]
    pub ticks: Ticks,
    /// What is said in public, and who approved it.
    #[serde(skip_serializing_if = "Statements::is_empty")]
    pub statements: Statements,
    /// What single people were asked or told by message.
    #[serde(skip)]
    pub asks: Asks,
    /// Who looked up where the credential of which account is kept: for each of them the first time, at most 100.
    #[serde(skip)]
    pub look_ups: Vec<(LookUp, Timestamp)>,
    /// The buttons of playbooks that people pressed.
    #[serde(skip_serializing_if = "Presses::is_empty")]
    pub presses: Presses,
    /// What people promised for a time.
    #[serde(skip_serializing_if = "Promises::is_empty")]
    pub promises: Promises,
    /// The mentions that drove it, kept with its history.
    #[serde(skip)]
    pub evidence: Evidence,
    /// The groups that it joined, in order. More than one where several routes took it, or a rise led to another route.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<Joined>,
    /// The messages sent, in order of their first attempt.
    pub messages: Vec<Message>,
    /// What happened, in order, for people: at most [`HISTORY`], the oldest updates dropped first.
    pub history: Vec<Entry>,
}

/// The most entries an incident's history keeps.
pub const HISTORY: usize = 500;

/// The most look-ups of an incident that are kept.
const LOOK_UPS: usize = 100;

/// How an incident came back to people whom nobody has to call it new.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Back {
    /// Who and when.
    #[serde(flatten)]
    pub stamp: Stamp,
    /// The person took back that it is over; otherwise they gave it back.
    pub undone: bool,
}

/// A person's action and its time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Stamp {
    /// When, by the clock of the copy that took it.
    pub at: Timestamp,
    /// Who and how.
    #[serde(flatten)]
    pub by: ByWhom,
}

/// A message to a receiver and what came of its tries.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Message {
    /// The newest attempt of it.
    pub attempt: Attempt,
    /// When the first try was made.
    pub first_at: Timestamp,
    /// When the newest try was made.
    pub last_at: Timestamp,
    /// What came of the newest try; `None` while it is under way.
    pub outcome: Option<Delivery>,
    /// When that came.
    pub outcome_at: Option<Timestamp>,
    /// Of a receiver with several recipients: for whom it is settled.
    pub recipients: Recipients,
    /// What a person should know of it though it was accepted.
    pub note: Option<String>,
}

impl Message {
    /// Whether the receiver has it: its service took it, for one recipient at least.
    pub fn arrived(&self) -> bool {
        matches!(self.outcome, Some(Delivery::Accepted { .. })) || !self.recipients.reached.is_empty()
    }
}

impl Incident {
    /// The incident that `entry` begins; only a signal can.
    pub fn begin(entry: &Entry) -> Option<Incident> {
        let Event::Signal(signal) = &entry.event else { return None };
        let mut incident = Incident {
            id: entry.incident.clone(),
            watch: entry.watch.clone(),
            signal: (**signal).clone(),
            severity: signal.severity,
            rarest: signal.expected_per_week,
            peak: Peak::of(signal),
            limit: signal.limit,
            closed: false,
            acknowledged: None,
            acknowledgement: Acknowledgement::default(),
            known: None,
            acknowledged_severity: None,
            last_sign: None,
            reminded: None,
            restarted: None,
            had_before: None,
            resolved: None,
            false_alarm: false,
            back: None,
            height: None,
            reopened: None,
            going_on: false,
            ended: None,
            calls_ended: false,
            exhausted: false,
            exhausted_escalations: BTreeSet::new(),
            ticks: Ticks::default(),
            statements: Statements::default(),
            asks: Asks::default(),
            look_ups: Vec::new(),
            presses: Presses::default(),
            promises: Promises::default(),
            evidence: Evidence::default(),
            groups: Vec::new(),
            messages: Vec::new(),
            history: Vec::new(),
        };
        incident.apply(entry);
        Some(incident)
    }

    /// Takes in the next entry.
    pub fn apply(&mut self, entry: &Entry) {
        if let Event::Signal(signal) = &entry.event
            && !self.is_final()
        {
            self.evidence.fold(signal);
        }
        self.fold(entry);
        self.remember(entry);
    }

    /// Takes in the next entry without keeping it in the history or as evidence: for anyone who needs only
    /// where the incident stands.
    pub fn fold(&mut self, entry: &Entry) {
        match &entry.event {
            // The all-clear is final. Services open a second incident when a key that was resolved comes again.
            Event::Signal(_) if self.is_final() => {}
            Event::Signal(signal) => {
                self.severity = self.severity.min(signal.severity);
                self.rarest = self.rarest.min(signal.expected_per_week);
                self.peak = self.peak.or(signal);
                self.limit = signal.limit.or(self.limit);
                self.closed = signal.phase == Phase::Closed;
                self.signal = (**signal).clone();
            }
            Event::Attempt(attempt) => {
                self.note(attempt);
                self.attempted(attempt, entry.at);
            }
            Event::Outcome(outcome) => {
                if let Some(message) =
                    self.messages.iter_mut().find(|message| message.attempt.message == outcome.message)
                    && message.attempt.try_number == outcome.try_number
                {
                    message.outcome = Some(outcome.result.clone());
                    message.recipients.merge(&outcome.recipients);
                    message.note.clone_from(&outcome.note);
                    message.outcome_at = Some(entry.at);
                }
            }
            Event::Acknowledged(by) => {
                self.acknowledgement.given(by);
                if self.acknowledged.is_none() {
                    self.is_with(entry.at, by.clone());
                }
                self.heard_of(entry.at);
            }
            Event::Known(_) | Event::TakenOver(_) | Event::HandedOver(_) if self.state() == State::Resolved => {}
            Event::Known(known) => {
                self.acknowledgement.complete();
                self.is_with(entry.at, known.by.clone());
                self.heard_of(entry.at);
                self.known = Some(known.height);
            }
            Event::TakenOver(by) => {
                self.acknowledgement.complete();
                self.is_with(entry.at, by.clone());
                self.heard_of(entry.at);
            }
            Event::HandedOver(over) => {
                self.acknowledgement.complete();
                self.is_with(entry.at, ByWhom { by: over.to.clone(), person: None, ..over.by.clone() });
                self.heard_of(entry.at);
            }
            Event::GivenBack(by) => {
                if !self.is_final() && self.resolved.is_none() && self.acknowledged.take().is_some() {
                    self.came_back(entry.at, by, false);
                    self.known = None;
                    // The steps begin again.
                    self.steps_begin_again();
                    self.acknowledgement.restart();
                }
            }
            Event::Resolved(closing) => {
                if self.resolved.is_none() {
                    self.resolved = Some(Stamp { at: entry.at, by: closing.by.clone() });
                    self.false_alarm = closing.false_alarm;
                    self.height = closing.height.or_else(|| Some(Height::of(&self.signal)));
                }
            }
            Event::ClosingUndone(by) => {
                if !self.is_final() && self.resolved.take().is_some() {
                    self.came_back(entry.at, by, true);
                    if self.acknowledged.is_none() {
                        self.acknowledgement.restart();
                    }
                    (self.height, self.false_alarm, self.going_on) = (None, false, false);
                }
            }
            Event::Reopened(reopening) => self.reopen(reopening),
            Event::Ended { reason } => {
                self.ended.get_or_insert((*reason, entry.at));
            }
            Event::CallsEnded => self.calls_ended = true,
            Event::JoinedGroup(joined) => {
                if self.groups.iter().all(|known| known.group != joined.group) {
                    match joined.keeps.is_empty() {
                        true => self.steps_begin_again(),
                        false => self.exhausted = false,
                    }
                    self.groups.push(joined.clone());
                }
            }
            Event::EscalationExhausted { escalation } => {
                self.exhausted_escalations.insert(escalation.clone());
                let followed = self.routes().into_iter().filter_map(|(_, joined)| joined.escalation.as_ref());
                self.exhausted = followed.into_iter().all(|name| self.exhausted_escalations.contains(name));
            }
            Event::Noted(_) => self.heard_of(entry.at),
            Event::Ticked(tick) => {
                self.ticks.fold(tick, entry.at);
                self.heard_of(entry.at);
            }
            Event::Drafted(draft) => {
                self.statements.draft(draft, entry.at);
                self.heard_of(entry.at);
            }
            Event::Approved(approval) => {
                self.statements.approve(approval, entry.at);
                self.heard_of(entry.at);
            }
            Event::Posted(post) => {
                self.statements.post(post, entry.at);
                if post.by.via != STREAM {
                    self.heard_of(entry.at);
                }
            }
            Event::LookedUp(look_up) => {
                self.look_up(look_up, entry.at);
                self.heard_of(entry.at);
            }
            Event::ApprovalWaived(waiver) => self.statements.waive(waiver, entry.at),
            Event::Asked(asked) => self.asks.asked(asked, entry.at),
            Event::AskAnswered(answered) => self.asks.answered(answered, entry.at),
            Event::Pressed(press) => {
                self.presses.press(press, entry.at);
                self.heard_of(entry.at);
            }
            Event::Answered(answer) => self.presses.answer(answer, entry.at),
            Event::Promised(promise) => {
                self.promises.fold(promise, entry.at);
                self.heard_of(entry.at);
            }
            Event::Reminded => self.reminded = Some(entry.at),
            Event::CallsRestarted(restart) => self.restart(*restart),
            Event::Feedback(_)
            | Event::Escalated(_)
            | Event::NobodyOnCall(_)
            | Event::Withheld(_)
            | Event::NobodyNotified => {}
        }
    }

    fn look_up(&mut self, look_up: &LookUp, at: Timestamp) {
        let is_known =
            |(known, _): &(LookUp, Timestamp)| known.account == look_up.account && known.by.is_same_person(&look_up.by);
        if self.look_ups.len() < LOOK_UPS && !self.look_ups.iter().any(is_known) {
            self.look_ups.push((look_up.clone(), at));
        }
    }

    /// The calls begin again, and nobody has it.
    fn restart(&mut self, restart: Restart) {
        if self.restarted.is_some_and(|known| known.number >= restart.number) {
            return;
        }
        self.restarted = Some(restart);
        self.had_before = self.acknowledged.take().map(|stamp| stamp.by.by).or(self.had_before.take());
        self.acknowledgement.restart();
        (self.acknowledged_severity, self.last_sign, self.reminded) = (None, None, None);
        self.known = None;
        self.steps_begin_again();
    }

    /// Every step of every escalation is still to come.
    pub fn steps_begin_again(&mut self) {
        self.exhausted = false;
        self.exhausted_escalations.clear();
    }

    /// The person who has it does something.
    fn heard_of(&mut self, at: Timestamp) {
        if self.acknowledged.is_some() {
            self.last_sign = self.last_sign.max(Some(at));
            self.reminded = None;
        }
    }

    /// Whether nobody else needs to be called: all who are needed have it, or had it.
    pub fn is_handled(&self) -> bool {
        (self.acknowledged.is_some() && self.acknowledgement.is_complete()) || self.resolved.is_some()
    }

    /// Somebody has it from `at` on.
    fn is_with(&mut self, at: Timestamp, by: ByWhom) {
        let before = self.acknowledged.take().map(|stamp| stamp.by.by).filter(|before| *before != by.by);
        self.had_before = before.or(self.had_before.take());
        self.acknowledged = Some(Stamp { at, by });
        self.acknowledged_severity = Some(self.severity);
        self.back = None;
    }

    fn came_back(&mut self, at: Timestamp, by: &ByWhom, undone: bool) {
        self.back = Some(Back { stamp: Stamp { at, by: by.clone() }, undone });
        self.had_before = None;
    }

    /// What an attempt says of the incident, before its outcome is known.
    pub fn note(&mut self, attempt: &Attempt) {
        match attempt.action {
            // The one update after the end that there is.
            Action::Update if self.resolved.is_some() => self.going_on = true,
            Action::Trigger => {
                // Somebody is called again: the watch names an escalation again.
                self.calls_ended = false;
                self.acknowledgement.call(attempt);
            }
            _ => {}
        }
    }

    /// It opens again, as it was when it first did: nobody has it, and every step is still to come.
    fn reopen(&mut self, reopening: &Reopening) {
        if self.reopened.as_ref().is_some_and(|known| known.number >= reopening.number) {
            return;
        }
        self.reopened = Some(reopening.clone());
        self.resolved = None;
        self.height = None;
        self.false_alarm = false;
        self.acknowledged = None;
        self.acknowledgement.restart();
        (self.acknowledged_severity, self.last_sign, self.reminded) = (None, None, None);
        self.known = None;
        self.had_before = None;
        self.back = None;
        self.steps_begin_again();
        self.going_on = false;
    }

    /// The groups that it goes to now, each with the number of its route: those that it joined last, and those that it
    /// stayed in. Numbers count from 0 again where it left all that it was in.
    pub fn routes(&self) -> Vec<(u32, &Joined)> {
        let mut routes: Vec<(u32, &Joined)> = Vec::new();
        let mut next = 0;
        for joined in &self.groups {
            routes.retain(|(_, known)| joined.keeps.contains(&known.group));
            if routes.is_empty() {
                next = 0;
            }
            routes.push((next, joined));
            next += 1;
        }
        routes
    }

    /// Whether every step passed of the escalation of this name, which is one of those that it follows.
    pub fn has_exhausted(&self, escalation: &str) -> bool {
        self.exhausted || self.exhausted_escalations.contains(escalation)
    }

    /// The id of the group that it joined last, where it joined one.
    pub fn group(&self) -> Option<&str> {
        self.groups.last().map(|joined| joined.group.as_str())
    }

    /// Whether it is over for good: no signal changes it any more.
    pub fn is_final(&self) -> bool {
        self.closed || self.ended.is_some()
    }

    /// Whether the newest figures are above the height at which a person closed it: their word does not cover that.
    pub fn has_risen(&self) -> bool {
        !self.is_final() && self.resolved.is_some() && self.height.is_some_and(|height| height.is_below(&self.signal))
    }

    /// Whether it is twice as high as when somebody said that it is known.
    pub fn has_doubled(&self) -> bool {
        let twice = |height: Height| Height { count: height.count.saturating_mul(2).saturating_sub(1), ..height };
        self.known.is_some_and(|height| twice(height).is_below(&self.signal))
    }

    /// Whether the newest figures are clearly below its height.
    pub fn is_past_its_height(&self) -> bool {
        self.peak.is_past(&self.signal)
    }

    /// When it ended: of a person's word by the clock, else by the time of the mentions; `None` while it goes on.
    pub fn ended_at(&self) -> Option<Timestamp> {
        match (&self.resolved, self.closed) {
            (_, true) => Some(self.signal.at),
            (Some(stamp), false) => Some(stamp.at),
            (None, false) => self.ended.map(|(_, at)| at),
        }
    }

    /// Whether the newest figures are above what is usual.
    pub fn is_high(&self) -> bool {
        self.signal.observed as f64 > self.signal.interval.1
    }

    fn attempted(&mut self, attempt: &Attempt, at: Timestamp) {
        match self.messages.iter_mut().find(|message| message.attempt.message == attempt.message) {
            Some(message) => {
                message.attempt = attempt.clone();
                message.last_at = at;
                message.outcome = None;
                message.outcome_at = None;
                message.note = None;
            }
            None => self.messages.push(Message {
                attempt: attempt.clone(),
                first_at: at,
                last_at: at,
                outcome: None,
                outcome_at: None,
                recipients: Recipients::default(),
                note: None,
            }),
        }
    }

    fn remember(&mut self, entry: &Entry) {
        if self.history.len() == HISTORY {
            let expendable = |entry: &Entry| match &entry.event {
                Event::Signal(signal) => signal.phase == Phase::Updated,
                // Stays in the ledger, where it is exported from.
                Event::Feedback(_) => true,
                _ => false,
            };
            let oldest = self.history.iter().position(expendable).unwrap_or(1);
            self.history.remove(oldest);
        }
        self.history.push(entry.clone());
    }

    /// A mention that is or was shown as an example.
    pub fn sample(&self, mention: &str) -> Option<&Sample> {
        let past = self.history.iter().rev().filter_map(|entry| match &entry.event {
            Event::Signal(signal) => Some(&**signal),
            _ => None,
        });
        std::iter::once(&self.signal).chain(past).flat_map(|signal| &signal.samples).find(|sample| sample.id == mention)
    }

    /// What was last said of a mention.
    pub fn feedback(&self, mention: &str) -> Option<&Feedback> {
        self.history.iter().rev().find_map(|entry| match &entry.event {
            Event::Feedback(feedback) if feedback.mention == mention => Some(feedback),
            _ => None,
        })
    }

    /// What somebody said last of a mention: the opinion of theirs that stands.
    pub fn opinion(&self, mention: &str, by: &ByWhom) -> Option<&Feedback> {
        self.history.iter().rev().find_map(|entry| match &entry.event {
            Event::Feedback(feedback) if feedback.mention == mention && feedback.by == *by => Some(feedback),
            _ => None,
        })
    }

    /// The incident that carries its page, where that is another one: that which began the group it joined last.
    pub fn carrier(&self) -> Option<IncidentId> {
        let joined = self.groups.iter().rev().find(|joined| joined.sharing.is_some())?;
        let first = joined.group.split('/').next().filter(|_| !joined.is_begun_by(&self.id))?;
        Some(IncidentId(first.to_owned()))
    }

    /// Whether an acknowledgement by somebody counts though somebody has it: another whom the step waits for, or a sign
    /// of life of the one who has it and was asked for one.
    pub fn waits_for_word_of(&self, by: &ByWhom) -> bool {
        let is_missing = by.person.as_deref().is_some_and(|name| self.acknowledgement.missing().any(|it| it == name));
        let has_it = self.acknowledged.as_ref().is_some_and(|stamp| stamp.by.by == by.by);
        is_missing || (self.reminded.is_some() && has_it)
    }

    /// Whether it is a drill: nothing happened.
    pub fn is_drill(&self) -> bool {
        self.id.is_drill()
    }

    /// Where it stands.
    pub fn state(&self) -> State {
        if self.is_final() || self.resolved.is_some() {
            State::Resolved
        } else if self.acknowledged.is_some() {
            State::Acknowledged
        } else {
            State::Open
        }
    }

    /// What the receiver's service gave us last to refer to its message of this incident. The newest counts: a page
    /// that was deleted at the service is posted again and has a new reference.
    pub fn reference(&self, receiver: &str) -> Option<&str> {
        self.messages.iter().rev().filter(|message| message.attempt.receiver == receiver).find_map(|message| {
            match &message.outcome {
                Some(Delivery::Accepted { reference }) => reference.as_deref(),
                _ => None,
            }
        })
    }

    /// Whether the receiver was told of the incident and its service took it.
    pub fn told(&self, receiver: &str) -> bool {
        self.messages.iter().any(|message| {
            message.attempt.receiver == receiver && message.attempt.action == Action::Trigger && message.arrived()
        })
    }
}
