//! What people do to an incident: one entry in the ledger, once.

use std::sync::Arc;
use std::time::Duration;

use orszem_core::playbook;
use orszem_core::posting::approval::{Refused, holds_until, may_approve};
use orszem_core::settings::Config;
use orszem_records::class::Class;
use orszem_records::height::Height;
use orszem_records::incident::{Incident, State};
use orszem_records::ledger::{
    Action, ByWhom, Closing, Entry, Event, Feedback, HandOver, ItemKind, Known, LookUp, Note, Promise, Tick,
};
use orszem_records::statement::{Approval, Draft, NotApproved, Post};
use orszem_records::time::Timestamp;
use orszem_runtime::clock;
use tokio::sync::oneshot;

use orszem_records::team::drill::DrillTaken;

use crate::app::AppState;
use crate::limits::Slot;
use crate::ports::SinkError;
use crate::presses;
use crate::team_changes;
use crate::view::{Effect, View};

/// How long the ledger has to take an entry.
const APPEND: Duration = Duration::from_secs(5);
/// How long a person waits for the view to show what they did.
const SHOW: Duration = Duration::from_secs(2);
/// How long what was written counts as under way where the view does not show it.
const UNSEEN: Duration = Duration::from_secs(60);

/// How long a person's word that it is over can be taken back: half an hour, in ms.
pub(crate) const UNDO_MS: i64 = 30 * 60_000;

/// The last part of an address that something is done by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ActionName {
    Acknowledge,
    Know,
    TakeOver,
    HandOver,
    GiveBack,
    Escalate,
    Note,
    Tick,
    Draft,
    Approve,
    Posted,
    LookUp,
    Press,
    Promise,
    Resolve,
    Undo,
    Feedback,
}

impl ActionName {
    /// All of them.
    pub(crate) const ALL: [ActionName; 17] = [
        ActionName::Acknowledge,
        ActionName::Know,
        ActionName::TakeOver,
        ActionName::HandOver,
        ActionName::GiveBack,
        ActionName::Escalate,
        ActionName::Note,
        ActionName::Tick,
        ActionName::Draft,
        ActionName::Approve,
        ActionName::Posted,
        ActionName::LookUp,
        ActionName::Press,
        ActionName::Promise,
        ActionName::Resolve,
        ActionName::Undo,
        ActionName::Feedback,
    ];

    /// As in addresses and logs.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            ActionName::Acknowledge => "acknowledge",
            ActionName::Know => "know",
            ActionName::TakeOver => "take-over",
            ActionName::HandOver => "hand-over",
            ActionName::GiveBack => "give-back",
            ActionName::Escalate => "escalate",
            ActionName::Note => "note",
            ActionName::Tick => "tick",
            ActionName::Draft => "draft",
            ActionName::Approve => "approve",
            ActionName::Posted => "posted",
            ActionName::LookUp => "look-up",
            ActionName::Press => "press",
            ActionName::Promise => "promise",
            ActionName::Resolve => "resolve",
            ActionName::Undo => "undo",
            ActionName::Feedback => "feedback",
        }
    }

    /// The action that is called so.
    pub(crate) fn parse(name: &str) -> Option<ActionName> {
        ActionName::ALL.into_iter().find(|action| action.as_str() == name)
    }
}

/// What a person can do to an incident.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum PersonAction {
    /// Take it on.
    Acknowledge,
    /// Take it on, knowing what it is: nobody is called unless it doubles.
    Know {
        /// The height that the page showed; what it shows now, unless given.
        seen: Option<Height>,
    },
    /// Take it on in place of the person who has it.
    TakeOver,
    /// Say who has it from now on.
    HandOver { to: String },
    /// Say that nobody has it any more.
    GiveBack,
    /// Ask for the next step of the escalation at once.
    Escalate,
    /// Write a note.
    Note { text: String },
    /// Say that something is done that a playbook says, or take that back.
    Tick {
        kind: ItemKind,
        /// The playbook's name; empty for a promise.
        playbook: String,
        /// What it says.
        item: String,
        /// Which one of what comes more than once.
        due: Option<Timestamp>,
        done: bool,
    },
    /// Write or change what is to be said in public.
    Draft {
        text: String,
        /// Its language, by two letters.
        language: String,
        /// The holding statement that it is made from.
        statement: Option<String>,
    },
    /// Approve a revision of that.
    Approve { revision: u32 },
    /// Say that a revision was posted.
    Posted { revision: u32, account: Option<String>, url: Option<String> },
    /// Look up where the credential of an account is kept.
    LookUp { account: String },
    /// Press a button of a playbook.
    Press {
        /// The playbook's name.
        playbook: String,
        button: String,
    },
    /// Promise something for a time.
    Promise { text: String, due: Timestamp },
    /// Declare it over.
    Resolve {
        /// The height that the page showed; what it shows now, unless given.
        seen: Option<Height>,
        /// It was none.
        false_alarm: bool,
    },
    /// Take back that it is over.
    Undo,
    /// Say how a mention is meant.
    Feedback {
        /// The mention's id.
        mention: String,
        class: Class,
    },
}

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Done {
    /// It is written, and was the first in the ledger to do so.
    Now,
    /// It is written; the view does not show yet what came of it.
    Soon,
    /// Somebody had done so before: nothing changed.
    Before,
    /// The incident is over already: nothing was written.
    Over,
}

/// Why nothing came of it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ActionError {
    /// There is no such incident.
    #[error("no such incident")]
    Unknown,
    /// No playbook says so.
    #[error("no playbook of this name says so; it may have been changed a moment ago")]
    NoItem,
    /// The statement cannot be approved so.
    #[error("{}", why_refused(.refused))]
    NotApproved {
        /// Why.
        refused: Refused,
        /// The revision that was to be approved.
        revision: u32,
    },
    /// It may not be posted: it is not approved, or there is a newer revision.
    #[error("this revision may not be posted: it is not approved, or there is a newer one")]
    NotToPost,
    /// It is not known which person it is.
    #[error("it is not known who this is: use a link of your own, or sign in as a person of the configuration")]
    WhoIsIt,
    /// There is no account of this name.
    #[error("no account of this name is configured")]
    NoAccount,
    /// The incident has no such mention among its examples.
    #[error("the incident does not show this mention")]
    NoMention,
    /// As much was written through this link, or about this mention, as may be.
    #[error(
        "this link has written as much about the incident as one link may; act with the API, or ask who operates orszem"
    )]
    Enough,
    /// The ledger did not take it.
    #[error(transparent)]
    Sink(#[from] SinkError),
}

impl PersonAction {
    /// Its name.
    pub(crate) const fn name(&self) -> ActionName {
        match self {
            PersonAction::Acknowledge => ActionName::Acknowledge,
            PersonAction::Know { .. } => ActionName::Know,
            PersonAction::TakeOver => ActionName::TakeOver,
            PersonAction::HandOver { .. } => ActionName::HandOver,
            PersonAction::GiveBack => ActionName::GiveBack,
            PersonAction::Escalate => ActionName::Escalate,
            PersonAction::Note { .. } => ActionName::Note,
            PersonAction::Tick { .. } => ActionName::Tick,
            PersonAction::Draft { .. } => ActionName::Draft,
            PersonAction::Approve { .. } => ActionName::Approve,
            PersonAction::Posted { .. } => ActionName::Posted,
            PersonAction::LookUp { .. } => ActionName::LookUp,
            PersonAction::Press { .. } => ActionName::Press,
            PersonAction::Promise { .. } => ActionName::Promise,
            PersonAction::Resolve { .. } => ActionName::Resolve,
            PersonAction::Undo => ActionName::Undo,
            PersonAction::Feedback { .. } => ActionName::Feedback,
        }
    }

    /// What the ledger says of it.
    fn event(&self, incident: &Incident, config: &Config, by: ByWhom) -> Result<Event, ActionError> {
        Ok(match self {
            PersonAction::Acknowledge => Event::Acknowledged(by),
            PersonAction::Know { seen } => Event::Known(Known { by, height: height(incident, *seen) }),
            // Nobody has it: that is an acknowledgement.
            PersonAction::TakeOver if incident.acknowledged.is_none() => Event::Acknowledged(by),
            PersonAction::TakeOver => Event::TakenOver(by),
            PersonAction::HandOver { to } => Event::HandedOver(HandOver { by, to: to.clone() }),
            PersonAction::GiveBack => Event::GivenBack(by),
            PersonAction::Escalate => Event::Escalated(by.into()),
            PersonAction::Note { text } => Event::Noted(Note { by, text: text.clone() }),
            PersonAction::Tick { kind, playbook, item, due, done } => {
                let (playbook, item) = (playbook.clone(), item.clone());
                Event::Ticked(Tick { by, playbook, kind: *kind, item, due: *due, done: *done })
            }
            PersonAction::Draft { text, language, statement } => {
                let (text, language, statement) = (text.clone(), language.clone(), statement.clone());
                Event::Drafted(Draft { by, text, language, statement })
            }
            PersonAction::Approve { revision } => Event::Approved(Approval { by, revision: *revision }),
            PersonAction::Posted { revision, account, url } => {
                Event::Posted(Post { by, revision: *revision, account: account.clone(), url: url.clone() })
            }
            PersonAction::LookUp { account } => Event::LookedUp(LookUp { by, account: account.clone() }),
            PersonAction::Press { playbook, button } => Event::Pressed(presses::press(config, playbook, button, by)),
            PersonAction::Promise { text, due } => Event::Promised(Promise { by, text: text.clone(), due: *due }),
            PersonAction::Resolve { seen, false_alarm } => {
                let height = Some(height(incident, *seen));
                Event::Resolved(Closing { by, height, false_alarm: *false_alarm })
            }
            PersonAction::Undo => Event::ClosingUndone(by),
            PersonAction::Feedback { mention, class } => {
                // What is invented for a drill teaches nothing.
                let sample = incident.sample(mention).filter(|_| !incident.is_drill());
                let sample = sample.ok_or(ActionError::NoMention)?;
                let (mention, text) = (mention.clone(), sample.text.clone());
                Event::Feedback(Feedback { mention, judged: sample.class, corrected: *class, text, by })
            }
        })
    }

    /// Whether what it is about is there: a playbook that says so, or a promise that somebody made. What is not done
    /// after all can be taken back whatever the playbook says by now.
    fn is_known(&self, config: &Config, incident: &Incident) -> bool {
        let named = |name: &str| config.playbooks.iter().find(|known| known.name == name);
        match self {
            PersonAction::Tick { kind: ItemKind::Promise, item, due: Some(due), .. } => {
                incident.promises.of(item, *due).is_some()
            }
            PersonAction::Tick { kind, playbook, item, due, done: true } => {
                named(playbook).is_some_and(|known| playbook::due::says(known, incident, *kind, item, *due))
            }
            PersonAction::Press { playbook, button } => {
                named(playbook).is_some_and(|known| known.button(button).is_some())
            }
            _ => true,
        }
    }

    /// What makes it needless at `now`. `carrier` carries the page of the incident.
    fn needless(
        &self,
        config: &Config,
        (incident, carrier): (&Incident, &Incident),
        by: &ByWhom,
        now: Timestamp,
    ) -> Option<Done> {
        let has = |name: &str| incident.acknowledged.as_ref().is_some_and(|stamp| stamp.by.by == name);
        match (self, incident.state()) {
            (PersonAction::Feedback { mention, class }, _) => {
                let stands = incident.opinion(mention, by).is_some_and(|feedback| feedback.corrected == *class);
                stands.then_some(Done::Before)
            }
            (PersonAction::Note { .. }, _) => None,
            (PersonAction::Tick { kind, playbook, item, due, done }, _) => {
                (incident.ticks.done(*kind, playbook, item, *due).is_some() == *done).then_some(Done::Before)
            }
            (PersonAction::Draft { text, language, .. }, _) => {
                if incident.is_final() {
                    return Some(Done::Over);
                }
                // The same text is another revision where the approval of the one before has run out, or where it is
                // not known who wrote that.
                let newest = incident.statements.newest().filter(|newest| {
                    let holds = holds_until(config, newest).is_none_or(|until| until > now);
                    holds && (newest.draft.by.person.is_some() || by.person.is_none())
                });
                let draft = newest.map(|newest| &newest.draft);
                draft.is_some_and(|draft| draft.text == *text && draft.language == *language).then_some(Done::Before)
            }
            (PersonAction::Approve { .. }, _) => None,
            (PersonAction::Posted { revision, account, .. }, _) => {
                incident.statements.has(account.as_deref(), *revision).then_some(Done::Before)
            }
            (PersonAction::LookUp { account }, _) => {
                let is_known =
                    |(known, _): &(LookUp, Timestamp)| known.account == *account && known.by.is_same_person(by);
                let is_known = incident.look_ups.iter().any(is_known).then_some(Done::Before);
                is_known.or_else(|| incident.is_final().then_some(Done::Over))
            }
            (PersonAction::Press { playbook, button }, _) => {
                incident.presses.first(playbook, button, now).map(|_| Done::Before)
            }
            (PersonAction::Promise { text, due }, _) => incident.promises.of(text, *due).map(|_| Done::Before),
            (PersonAction::Undo, _) => (!can_undo(incident, now)).then_some(Done::Over),
            (PersonAction::Resolve { .. }, State::Resolved) => Some(Done::Before),
            (_, State::Resolved) => Some(Done::Over),
            (PersonAction::Resolve { .. } | PersonAction::Acknowledge, State::Open) => None,
            (PersonAction::Know { .. }, _) => (has(&by.by) && incident.known.is_some()).then_some(Done::Before),
            (PersonAction::Resolve { .. }, State::Acknowledged) => None,
            (PersonAction::Acknowledge, State::Acknowledged) => {
                let waits = incident.waits_for_word_of(by) || carrier.waits_for_word_of(by);
                (!waits).then_some(Done::Before)
            }
            (PersonAction::Escalate, _) => (!can_escalate(incident, carrier)).then_some(Done::Before),
            (PersonAction::TakeOver, _) => has(&by.by).then_some(Done::Before),
            (PersonAction::HandOver { to }, _) => has(to).then_some(Done::Before),
            (PersonAction::GiveBack, State::Open) => Some(Done::Before),
            (PersonAction::GiveBack, State::Acknowledged) => None,
        }
    }
}

/// Whether somebody else can still be called for an incident, of which `carrier` carries the page.
pub(crate) fn can_escalate(incident: &Incident, carrier: &Incident) -> bool {
    let called = carrier.messages.iter().any(|message| message.attempt.action == Action::Trigger);
    called && !incident.is_handled() && !incident.is_final() && !carrier.exhausted && !carrier.calls_ended
}

/// Whether a person's word that it is over can be taken back at `now`.
pub(crate) fn can_undo(incident: &Incident, now: Timestamp) -> bool {
    let closed = incident.resolved.as_ref().filter(|_| !incident.is_final());
    closed.is_some_and(|stamp| now.since(stamp.at) < UNDO_MS)
}

/// Up to where a person's word that it is over holds: what their page showed, and never more than there was.
fn height(incident: &Incident, seen: Option<Height>) -> Height {
    let now = Height::of(&incident.signal);
    seen.filter(|seen| seen.until <= now.until && seen.count <= incident.signal.counts.mentions.max(now.count))
        .unwrap_or(now)
}

/// Writes an action to the ledger, unless it is needless, and waits a moment until the view shows it. Of several that
/// press the button at once all are written, at any copy of the program; the first in the ledger has done it.
pub(crate) async fn perform(
    app: &AppState,
    id: &str,
    action: &PersonAction,
    by: ByWhom,
) -> Result<(Arc<Incident>, Done), ActionError> {
    let incident = app.view.get(id).ok_or(ActionError::Unknown)?;
    let config = app.config.load();
    if !action.is_known(&config, &incident) {
        return Err(ActionError::NoItem);
    }
    let by = known_to(app, by);
    may(app, &incident, action, &by)?;
    let event = action.event(&incident, &config, by.clone())?;
    if let Some(done) =
        action.needless(&app.config.load(), (&incident, &app.view.carrier(&incident)), &by, clock::now())
    {
        return Ok((incident, done));
    }
    let name = action.name().as_str();
    let entry = Entry { watch: incident.watch.clone(), incident: incident.id.clone(), at: clock::now(), event };
    let written = app.view.written_by_link(id, by.through.as_deref().unwrap_or(&by.by));
    let Some(slot) = app.under_way.enter(&entry, written) else {
        tracing::warn!(incident = id, action = name, by = by.by, "refused: its link has written enough");
        return Err(ActionError::Enough);
    };
    tracing::info!(incident = id, action = name, by = by.by, via = by.via, "a person acts");
    let event = entry.event.clone();
    let offset = match write(app, entry, slot).await {
        Ok(offset) => offset,
        Err(fault) => {
            tracing::warn!(incident = id, %fault, "action not written to the ledger");
            return Err(fault.into());
        }
    };
    if let Event::Pressed(press) = &event {
        presses::follow(app, &incident, press, offset);
    }
    let effect = |view: &View| view.effect(id, &event, offset);
    app.view.wait_until(SHOW, |view| effect(view) != Effect::NotShown).await;
    let done = match effect(&app.view) {
        Effect::First => Done::Now,
        Effect::Late => Done::Before,
        Effect::NotShown => Done::Soon,
    };
    if let (Event::Pressed(press), Done::Now) = (&event, done) {
        presses::answered(&app.view, id, press).await;
    }
    let incident = app.view.get(id).unwrap_or(incident);
    // What came before it in the ledger may have changed the text.
    if let (PersonAction::Approve { revision }, Event::Approved(approval)) = (action, &event)
        && done != Done::Soon
        && !stands(&incident, approval)
    {
        let why = incident.statements.judge(&approval.by, *revision).err().unwrap_or(NotApproved::Changed);
        return Err(ActionError::NotApproved { refused: Refused::Revision(why), revision: *revision });
    }
    if incident.is_drill()
        && let Some(whose) = event.person().and_then(|by| by.person.clone())
    {
        takes_part(app, &incident, whose, by).await;
    }
    Ok((incident, done))
}

/// Writes that a person took part in a drill, once for each drill. What they did is written in any case.
async fn takes_part(app: &AppState, incident: &Incident, whose: String, by: ByWhom) {
    let known = app.team.proofs().took_part(&whose);
    if known.is_some_and(|at| at >= incident.signal.opened_at) {
        return;
    }
    let taken = DrillTaken { whose, incident: incident.id.clone() };
    // It is logged where it fails.
    drop(team_changes::write(app, taken.record(clock::now(), by)).await);
}

/// Whether an approval counts.
fn stands(incident: &Incident, approval: &Approval) -> bool {
    let revision = incident.statements.revision(approval.revision);
    let approved = revision.and_then(|revision| revision.approved.as_ref());
    approved.is_some_and(|approved| approved.by.is_same_person(&approval.by))
}

/// Who acts by the API is the person of the configuration who has that name there.
pub(crate) fn known_to(app: &AppState, by: ByWhom) -> ByWhom {
    if by.via != "api" || by.person.is_some() {
        return by;
    }
    let config = app.config.load();
    let person = config.people.iter().find(|person| person.name == by.by || person.shown() == by.by);
    ByWhom { person: person.map(|person| person.name.clone()), ..by }
}

/// Whether what is to be done about the statement or an account can be done.
fn may(app: &AppState, incident: &Incident, action: &PersonAction, by: &ByWhom) -> Result<(), ActionError> {
    let config = app.config.load();
    match action {
        PersonAction::Approve { revision } => {
            let roster = app.team.roster(&config);
            may_approve(&config, &roster, incident, (by, *revision), clock::now())
                .map_err(|refused| ActionError::NotApproved { refused, revision: *revision })
        }
        PersonAction::Posted { account: Some(account), .. } | PersonAction::LookUp { account }
            if config.account(account).is_none() =>
        {
            Err(ActionError::NoAccount)
        }
        PersonAction::LookUp { .. } if by.person.is_none() => Err(ActionError::WhoIsIt),
        PersonAction::Posted { revision, .. } => match incident.statements.usable() {
            Some(usable) if usable.number == *revision && holds_until(&config, usable) > Some(clock::now()) => Ok(()),
            _ => Err(ActionError::NotToPost),
        },
        _ => Ok(()),
    }
}

/// Why a statement cannot be approved so, in words.
fn why_refused(refused: &Refused) -> &'static str {
    match refused {
        Refused::WhoIsIt => {
            "it is not known who approves: whether it is a second person cannot be told. Use a link of your own, or sign in"
        }
        Refused::Revision(NotApproved::WhoIsIt) => {
            "it is not known who wrote it: a person has to save it again by a link of their own, or signed in"
        }
        Refused::NotTheirs => "this person is not among those who approve in this incident",
        Refused::Revision(NotApproved::OwnText) => "a second person has to approve: this one wrote it",
        Refused::Revision(NotApproved::Changed) => {
            "the text was changed since: read the newest revision, and approve that"
        }
        Refused::Revision(NotApproved::Unknown) => "there is no such revision",
        Refused::Revision(NotApproved::Before) => "it is approved already",
    }
}

/// Appends an entry; gives its offset. It counts as under way until the view shows it.
async fn write(app: &AppState, entry: Entry, slot: Slot) -> Result<i64, SinkError> {
    let (sink, view) = (app.sink.clone(), app.view.clone());
    let (answer, appended) = oneshot::channel();
    // A task of its own: somebody who closes the page while it is written must not undo it.
    tokio::spawn(async move {
        let (id, event) = (entry.incident.0.clone(), entry.event.clone());
        let offset = sink.append(entry).await;
        let shown = offset.as_ref().ok().copied();
        // The client may have gone.
        let _ = answer.send(offset);
        if let Some(offset) = shown {
            view.wait_until(UNSEEN, |view| view.effect(&id, &event, offset) != Effect::NotShown).await;
        }
        drop(slot);
    });
    match tokio::time::timeout(APPEND, appended).await {
        Ok(Ok(written)) => written,
        Ok(Err(_)) => Err(SinkError("the writer stopped".into())),
        Err(_) => Err(SinkError(format!("no answer within {} s", APPEND.as_secs()))),
    }
}

#[cfg(test)]
#[path = "actions_tests.rs"]
mod tests;
