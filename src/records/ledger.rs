//! The ledger: everything that ever happened to incidents, in order. What entries are made of is in modules of its own.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::ask::{AskAnswered, Asked};
use crate::attempt::is_zero;
pub use crate::attempt::{Action, Attempt, CalledAlso, Outcome, Recipients, Shows, StepTerms, person_of};
pub use crate::by_whom::{ByWhom, STREAM};
use crate::class::Class;
pub use crate::delivery::Delivery;
use crate::height::Height;
pub use crate::press::{Press, PressAnswer, PressResult};
pub use crate::promise::Promise;
use crate::signal::Signal;
use crate::statement::{Approval, Draft, Post, Waiver};
pub use crate::tick::{ItemKind, Tick};
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

/// Somebody looked up where the credential of an account is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LookUp {
    /// Who.
    #[serde(flatten)]
    pub by: ByWhom,
    /// The account's name.
    pub account: String,
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
