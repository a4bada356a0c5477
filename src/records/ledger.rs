//! The ledger: everything that ever happened to incidents, in order.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::ask::{AskAnswered, Asked};
pub use crate::by_whom::{ByWhom, STREAM};
use crate::class::Class;
pub use crate::delivery::Delivery;
use crate::height::Height;
use crate::signal::Signal;
use crate::statement::{Approval, Draft, Post, Waiver};
use crate::time::Timestamp;

/// One entry of `orszem.ledger`. The key of its record is `watch`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// The watch it concerns.
    pub watch: String,
    /// The incident it concerns.
    pub incident: IncidentId,
    /// When it happened, by the clock of the one who wrote it; for a signal, event time.
    pub at: Timestamp,
    /// What happened.
    #[serde(flatten)]
    pub event: Event,
}

impl Entry {
    /// Reads an entry as it is on the topic.
    ///
    /// # Errors
    /// When the bytes are no entry.
    pub fn from_json(json: &[u8]) -> serde_json::Result<Entry> {
        serde_json::from_slice(json)
    }

    /// Reads an entry that the topic took in at `appended`, by the broker's clock; `None` where that is not known.
    ///
    /// What a copy writes happened before it was appended: a later time is that of a clock which is ahead, and would
    /// hold up everything that is counted from it. A signal's time is event time, and stays.
    ///
    /// # Errors
    /// When the bytes are no entry.
    pub fn from_record(json: &[u8], appended: Option<Timestamp>) -> serde_json::Result<Entry> {
        let mut entry = Entry::from_json(json)?;
        if let Some(appended) = appended
            && !matches!(entry.event, Event::Signal(_))
        {
            entry.at = entry.at.min(appended);
        }
        Ok(entry)
    }

    /// The entry as it is on the topic.
    pub fn to_json(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_else(|fault| unreachable!("an entry is always JSON: {fault}"))
    }
}

/// `<watch>.<n>`: the n-th incident of the watch, counted by detect. Also the dedup key of everything sent about it,
/// with `orszem:` before it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(transparent)]
pub struct IncidentId(pub String);

/// What stands in the ids of drills.
const DRILL: &str = "drill-";

impl IncidentId {
    /// The id of the `n`-th incident of `watch`.
    pub fn new(watch: &str, n: u64) -> IncidentId {
        IncidentId(format!("{watch}.{n}"))
    }

    /// The id of the incident of `watch` that is a run of a drill: never that of a real one, which ends in a number.
    pub fn of_drill(watch: &str, run: &str) -> IncidentId {
        IncidentId(format!("{watch}.{DRILL}{run}"))
    }

    /// Whether it is that of a drill.
    pub fn is_drill(&self) -> bool {
        self.0.rsplit_once('.').is_some_and(|(_, last)| last.starts_with(DRILL))
    }

    /// The dedup key that receivers know the incident by: the same over all its notifications, never used again.
    pub fn dedup_key(&self) -> String {
        format!("orszem:{}", self.0)
    }
}

impl std::fmt::Display for IncidentId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum Event {
    /// A detector concluded something.
    Signal(Box<Signal>),
    /// A notification is about to be sent. Committed before it is.
    Attempt(Attempt),
    /// What came of an attempt.
    Outcome(Outcome),
    /// Somebody took it on.
    Acknowledged(ByWhom),
    /// Somebody has it and knows what it is: nobody is called unless it doubles.
    Known(Known),
    /// Somebody has it now in place of the one who had it.
    TakenOver(ByWhom),
    /// Somebody who had it named another, who has it now.
    HandedOver(HandOver),
    /// Somebody who had it gave it back: nobody has it, and people are called again.
    GivenBack(ByWhom),
    /// Somebody wrote a note.
    Noted(Note),
    /// Somebody did something that a playbook says, or took that back.
    Ticked(Tick),
    /// Somebody wrote or changed what is to be said in public.
    Drafted(Draft),
    /// Somebody approved a statement.
    Approved(Approval),
    /// Nobody approved a statement in time, and the playbook lets it go out then.
    ApprovalWaived(Waiver),
    /// A statement was posted.
    Posted(Post),
    /// Somebody looked up where the credential of an account is kept.
    LookedUp(LookUp),
    /// A person is about to be asked or told something by a message of their own.
    Asked(Asked),
    /// What came of that message.
    AskAnswered(AskAnswered),
    /// Somebody pressed a button of a playbook. Committed before its request is sent.
    Pressed(Press),
    /// What came of the request of a button.
    Answered(PressAnswer),
    /// Somebody promised something for a time.
    Promised(Promise),
    /// Somebody asked for the next step of the escalation at once.
    Escalated(NextStep),
    /// A step of the escalation found nobody whom it could call.
    NobodyOnCall(EmptyStep),
    /// A call to a person waits, because there were too many: it is told with others.
    Withheld(Withheld),
    /// The person who has it was asked for another sign of life.
    Reminded,
    /// The calls begin again from the first step on.
    CallsRestarted(Restart),
    /// Somebody declared it over.
    Resolved(Closing),
    /// Somebody took back their word that it is over.
    ClosingUndone(ByWhom),
    /// It rose above the height at which a person closed it.
    Reopened(Reopening),
    /// It is over, for a reason that is neither the all-clear nor a person.
    Ended {
        /// Why.
        reason: EndReason,
    },
    /// Nobody else is called: its watch names no escalation any more. It is still watched.
    CallsEnded,
    /// It joined a group: written once for each group, and never changed.
    JoinedGroup(Joined),
    /// Somebody said how a mention is meant.
    Feedback(Feedback),
    /// Every step of the escalation passed, as often as it repeats, and nobody acknowledged.
    #[serde(alias = "escalation-spent")]
    EscalationExhausted {
        /// The escalation's name.
        escalation: String,
    },
    /// It is over and nobody was notified: its watch had no receivers. Written so that a receiver that is added later
    /// does not get what is long past.
    #[serde(alias = "untold")]
    NobodyNotified,
}

impl Event {
    /// Who acted, where it is what a person did.
    pub fn person(&self) -> Option<&ByWhom> {
        match self {
            Event::Acknowledged(by) | Event::TakenOver(by) | Event::GivenBack(by) | Event::ClosingUndone(by) => {
                Some(by)
            }
            Event::Escalated(wish) => Some(&wish.by),
            Event::Known(known) => Some(&known.by),
            Event::HandedOver(over) => Some(&over.by),
            Event::Noted(note) => Some(&note.by),
            Event::Ticked(tick) => Some(&tick.by),
            Event::Drafted(draft) => Some(&draft.by),
            Event::Approved(approval) => Some(&approval.by),
            // Seen in the stream it is no person's action.
            Event::Posted(post) => Some(&post.by).filter(|by| by.via != STREAM),
            Event::LookedUp(look_up) => Some(&look_up.by),
            Event::Pressed(press) => Some(&press.by),
            Event::Promised(promise) => Some(&promise.by),
            Event::Resolved(closing) => Some(&closing.by),
            Event::Feedback(feedback) => Some(&feedback.by),
            Event::Signal(_)
            | Event::Attempt(_)
            | Event::Outcome(_)
            | Event::Answered(_)
            | Event::Reopened(_)
            | Event::Ended { .. }
            | Event::CallsEnded
            | Event::JoinedGroup(_)
            | Event::EscalationExhausted { .. }
            | Event::NobodyOnCall(_)
            | Event::Withheld(_)
            | Event::Reminded
            | Event::CallsRestarted(_)
            | Event::ApprovalWaived(_)
            | Event::Asked(_)
            | Event::AskAnswered(_)
            | Event::NobodyNotified => None,
        }
    }
}

/// A step of the escalation that found nobody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmptyStep {
    /// How often the calls had begun again before.
    pub restarts: u32,
    /// The route, as [`Attempt::route`].
    #[serde(default, skip_serializing_if = "is_zero")]
    pub route: u32,
    /// The round of the escalation, from 0.
    pub round: u32,
    /// The step, from 0.
    pub step: u32,
}

/// A call that waits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Withheld {
    /// The way of the person.
    pub receiver: String,
    /// How often the calls had begun again before.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub restarts: u32,
    /// The steps that it is the call of, with what each began with.
    pub steps: Vec<CalledAlso>,
}

/// The calls begin again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Restart {
    /// Counts the times that the calls of the incident began again, from 1.
    pub number: u32,
    /// Why.
    pub reason: RestartReason,
    /// Of a page that incidents share: the severity for which they begin again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub severity: Option<u8>,
}

/// Why the calls of an incident begin again that somebody has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RestartReason {
    /// It rose above the severity at which it was acknowledged.
    Worse,
    /// The acknowledgement ran out, and the reminder was not answered.
    RanOut,
    /// Somebody said that it is known, and it doubled.
    Doubled,
    /// It shares a page with others, and nobody has that any more.
    PageGivenBack,
}

impl RestartReason {
    /// The name used in the API.
    pub const fn name(self) -> &'static str {
        match self {
            RestartReason::Worse => "worse",
            RestartReason::RanOut => "ran-out",
            RestartReason::Doubled => "doubled",
            RestartReason::PageGivenBack => "page-given-back",
        }
    }
}

/// A person hands an incident over to another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandOver {
    /// Who had it.
    #[serde(flatten)]
    pub by: ByWhom,
    /// Who has it now.
    pub to: String,
}

/// The wish for the next step of the escalation at once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NextStep {
    /// Who.
    #[serde(flatten)]
    pub by: ByWhom,
    /// Where it was wished, if that was another incident on the page that this one carries.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<WishOf>,
}

/// A wish for the next step, on an incident that another one carries the page of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WishOf {
    /// The incident.
    pub incident: IncidentId,
    /// Which of the wishes there, from 1.
    pub number: u32,
}

impl From<ByWhom> for NextStep {
    fn from(by: ByWhom) -> NextStep {
        NextStep { by, of: None }
    }
}

/// What a person wrote about an incident.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// Who.
    #[serde(flatten)]
    pub by: ByWhom,
    /// The note, of several lines perhaps; at most [`Note::LONGEST`] characters.
    pub text: String,
}

impl Note {
    /// The most characters of a note.
    pub const LONGEST: usize = 2_000;
}

/// A thing that a playbook says, and that a person did or took back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tick {
    /// Who.
    #[serde(flatten)]
    pub by: ByWhom,
    /// The playbook's name.
    pub playbook: String,
    /// What kind of thing it is.
    #[serde(default, skip_serializing_if = "ItemKind::is_move")]
    pub kind: ItemKind,
    /// What is to be done, as the playbook says it: under another wording it is another thing.
    pub item: String,
    /// Of what comes more than once (a clock, a promise): the time it is due, which says which of them is meant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Timestamp>,
    /// It is done; `false` takes that back.
    pub done: bool,
}

/// Somebody looked up where the credential of an account is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LookUp {
    /// Who.
    #[serde(flatten)]
    pub by: ByWhom,
    /// The account's name.
    pub account: String,
}

/// The kinds of things that people tick.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum ItemKind {
    /// A move of a playbook.
    #[default]
    Move,
    /// Somebody who is to be told.
    Stakeholder,
    /// A mark of a clock of a playbook.
    Clock,
    /// Something that a person promised; it belongs to no playbook.
    Promise,
}

impl ItemKind {
    /// The name used in the API.
    pub const fn name(self) -> &'static str {
        match self {
            ItemKind::Move => "move",
            ItemKind::Stakeholder => "stakeholder",
            ItemKind::Clock => "clock",
            ItemKind::Promise => "promise",
        }
    }

    const fn is_move(&self) -> bool {
        matches!(self, ItemKind::Move)
    }
}

/// A person presses a button of a playbook.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Press {
    /// Who.
    #[serde(flatten)]
    pub by: ByWhom,
    /// An id of its own, by which its answer names it.
    pub press: String,
    /// The playbook's name.
    pub playbook: String,
    /// The button, as the playbook calls it.
    pub button: String,
    /// For how long it counts as under way where nothing is written of what came of it, in ms.
    pub within_ms: i64,
}

/// What came of the request of a button.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PressAnswer {
    /// The id of the press.
    pub press: String,
    /// What came of it.
    pub result: PressResult,
}

/// What came of the request of a button.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "result", rename_all = "kebab-case")]
pub enum PressResult {
    /// The other side took it.
    Accepted,
    /// The other side refused it, or it was not sent.
    Refused {
        /// Why, in words for a person. Never holds a secret.
        reason: String,
    },
    /// There was no answer: it may have worked.
    Unknown {
        /// Why, in words for a person. Never holds a secret.
        reason: String,
    },
}

impl PressResult {
    /// The name used in the API.
    pub const fn name(&self) -> &'static str {
        match self {
            PressResult::Accepted => "accepted",
            PressResult::Refused { .. } => "refused",
            PressResult::Unknown { .. } => "unknown",
        }
    }

    /// Why it was not accepted.
    pub fn reason(&self) -> Option<&str> {
        match self {
            PressResult::Accepted => None,
            PressResult::Refused { reason } | PressResult::Unknown { reason } => Some(reason),
        }
    }
}

/// What a person promised for a time: "the next update at 16:00".
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Promise {
    /// Who.
    #[serde(flatten)]
    pub by: ByWhom,
    /// What, one line of at most [`Promise::LONGEST`] characters.
    pub text: String,
    /// For when.
    pub due: Timestamp,
}

impl Promise {
    /// The most characters of a promise.
    pub const LONGEST: usize = 200;
}

/// A person's word that it is known: nobody is called until the height is twice this one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Known {
    /// Who says so.
    #[serde(flatten)]
    pub by: ByWhom,
    /// What they saw.
    pub height: Height,
}

/// A person's word that it is over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closing {
    /// Who says so.
    #[serde(flatten)]
    pub by: ByWhom,
    /// What they saw: their word holds up to this height. `None` in entries of versions before 0.1.0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub height: Option<Height>,
    /// It was none: a false alarm.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub false_alarm: bool,
}

/// An incident that a person closed is open again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reopening {
    /// Counts the reopenings of the incident, from 1.
    pub number: u32,
    /// Who had closed it.
    #[serde(flatten)]
    pub by: ByWhom,
    /// When they had.
    pub closed_at: Timestamp,
    /// The height at which they had.
    pub height: Height,
}

/// An incident joined a group, which shares one page. Where it goes was decided then, and stays so whatever becomes of
/// the configuration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Joined {
    /// The group's id: that of the incident that began it, and after a `/` what stands for the route.
    pub group: String,
    /// The path of the route that it took.
    #[serde(default)]
    pub route: String,
    /// The escalation that the route led to; `None` where it called nobody then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub escalation: Option<String>,
    /// Where the route tells once a day: whom, and when it tells of this incident.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<DigestTerms>,
    /// What the incidents of the group have in common, by the names of facts and labels.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub key: BTreeMap<String, String>,
    /// The earliest that the group is told because of this incident: when its group wait is over.
    #[serde(default)]
    pub tell_at: Timestamp,
    /// Of a group that others may join: what it begins with. `None` where the incident has a page of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sharing: Option<Sharing>,
    /// The groups that it joined before and stays in. It leaves all others.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub keeps: Vec<String>,
}

impl Joined {
    /// Whether the incident began the group, and did not come to one that was there.
    pub fn is_begun_by(&self, incident: &IncidentId) -> bool {
        self.group.strip_prefix(incident.0.as_str()).is_some_and(|rest| rest.starts_with('/'))
    }
}

/// Whom a digest tells of an incident, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DigestTerms {
    /// The receivers.
    pub receivers: Vec<String>,
    /// When.
    pub at: Timestamp,
}

/// What an incident that joins a group brings to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sharing {
    /// Its severity then.
    pub severity: u8,
    /// For how long after its end the group is opened again, in ms.
    #[serde(default)]
    pub reopen_within_ms: i64,
}

/// Why an incident is over that nobody closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum EndReason {
    /// Its watch is no longer in the configuration: nothing is counted for it.
    WatchRemoved,
}

impl EndReason {
    /// The name used in the API.
    pub const fn name(self) -> &'static str {
        match self {
            EndReason::WatchRemoved => "watch-removed",
        }
    }

    /// Why, for people.
    pub const fn meaning(self) -> &'static str {
        match self {
            EndReason::WatchRemoved => "the watch was removed from the configuration, so nobody sees how it goes on",
        }
    }
}

/// What a person says of the judgement of a mention: `orszem sentiment feedback` makes labelled texts of these.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Feedback {
    /// The id of the mention.
    pub mention: String,
    /// What the classifier took it for.
    pub judged: Class,
    /// What it is, says the person.
    #[serde(alias = "told")]
    pub corrected: Class,
    /// Its text, as far as the incident kept it.
    pub text: String,
    /// Who says so.
    #[serde(flatten)]
    pub by: ByWhom,
}

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
    /// How many signals of the incident it takes in; what comes after them is news to the receiver.
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

fn is_zero(number: &u32) -> bool {
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

impl Attempt {
    /// The person who is called, where it is a way of one: the receiver is then `person/receiver`.
    pub fn person(&self) -> Option<&str> {
        person_of(&self.receiver)
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_clock_that_is_ahead_wrote_happened_when_it_was_appended_at_the_latest() {
        let read = |at: i64, appended| {
            let (watch, incident) = ("acme".to_owned(), IncidentId::new("acme", 1));
            let entry = Entry { watch, incident, at: Timestamp(at), event: Event::NobodyNotified };
            Entry::from_record(&entry.to_json(), appended).unwrap().at
        };
        assert_eq!(read(60_000, Some(Timestamp(1_000))), Timestamp(1_000));
        assert_eq!(read(500, Some(Timestamp(1_000))), Timestamp(500));
        assert_eq!(read(60_000, None), Timestamp(60_000));
    }

    #[test]
    fn an_entry_of_a_group_keeps_where_it_goes() {
        let joined = |group: &str| Joined {
            group: group.to_owned(),
            route: "stories".to_owned(),
            escalation: Some("duty".to_owned()),
            digest: Some(DigestTerms { receivers: vec!["mail".to_owned()], at: Timestamp(60_000) }),
            key: BTreeMap::from([("story".to_owned(), "merger".to_owned())]),
            tell_at: Timestamp(30_000),
            sharing: Some(Sharing { severity: 3, reopen_within_ms: 0 }),
            keeps: vec!["acme.1/1".to_owned()],
        };
        let (watch, incident) = ("acme".to_owned(), IncidentId::new("acme", 1));
        let event = Event::JoinedGroup(joined("acme.1/stories"));
        let entry = Entry { watch, incident: incident.clone(), at: Timestamp(0), event };
        assert_eq!(Entry::from_json(&entry.to_json()).unwrap(), entry);
        let bare = br#"{"watch":"acme","incident":"acme.1","at":0,"event":"joined-group","group":"acme.2/x"}"#;
        assert!(matches!(Entry::from_json(bare).unwrap().event, Event::JoinedGroup(one) if one.route.is_empty()));
        assert!(joined("acme.1/stories").is_begun_by(&incident) && !joined("acme.10/stories").is_begun_by(&incident));
    }

    #[test]
    fn an_outcome_from_before_there_were_recipients_is_read_and_written_as_it_was() {
        let old = r#"{"watch":"acme","incident":"acme.1","at":1767225600000,"event":"outcome","message":"acme.1/mail/0","receiver":"mail","try_number":0,"result":{"result":"retry","reason":"full"}}"#;
        let entry = Entry::from_json(old.as_bytes()).unwrap();
        let Event::Outcome(outcome) = &entry.event else { panic!("{entry:?}") };
        assert!(outcome.recipients.is_empty() && outcome.note.is_none());
        assert_eq!(String::from_utf8(entry.to_json()).unwrap(), old);
    }

    #[test]
    fn who_is_settled_comes_back_as_it_was_written() {
        let refused = BTreeMap::from([("gone@a.example".to_owned(), "550 no such mailbox".to_owned())]);
        let recipients = Recipients { reached: vec!["anna@a.example".into()], refused };
        let result = Delivery::Accepted { reference: None };
        let note = Some("gone@a.example refused".to_owned());
        let outcome = Outcome { recipients, note, ..Outcome::new("acme.1/mail/0".into(), "mail".into(), 1, result) };
        let (watch, incident) = ("acme".to_owned(), IncidentId::new("acme", 1));
        let entry = Entry { watch, incident, at: Timestamp(0), event: Event::Outcome(outcome) };
        assert_eq!(Entry::from_json(&entry.to_json()).unwrap(), entry);
    }
}
