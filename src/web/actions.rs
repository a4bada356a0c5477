//! What people do to an incident: one entry in the ledger, once.

use std::sync::Arc;
use std::time::Duration;

use orszem_records::class::Class;
use orszem_records::height::Height;
use orszem_records::incident::{Incident, State};
use orszem_records::ledger::{ByWhom, Closing, Entry, Event, Feedback};
use orszem_runtime::clock;

use crate::app::AppState;
use crate::ports::SinkError;

/// How long the ledger has to take an entry.
const APPEND: Duration = Duration::from_secs(5);
/// How long a person waits for the view to show what they did.
const SHOW: Duration = Duration::from_secs(2);

/// The last part of an address that something is done by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ActionName {
    Acknowledge,
    Resolve,
    Feedback,
}

impl ActionName {
    /// All of them.
    pub(crate) const ALL: [ActionName; 3] = [ActionName::Acknowledge, ActionName::Resolve, ActionName::Feedback];

    /// As in addresses and logs.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            ActionName::Acknowledge => "acknowledge",
            ActionName::Resolve => "resolve",
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
    /// Declare it over.
    Resolve {
        /// The height that the page showed; what it shows now, unless given.
        seen: Option<Height>,
    },
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
    /// It is written, and the view shows it.
    Now,
    /// It is written; the view does not show it yet.
    Soon,
    /// Somebody had done so before: nothing was written.
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
    /// The incident has no such mention among its examples.
    #[error("the incident does not show this mention")]
    NoMention,
    /// The ledger did not take it.
    #[error(transparent)]
    Sink(#[from] SinkError),
}

impl PersonAction {
    /// Its name.
    pub(crate) const fn name(&self) -> ActionName {
        match self {
            PersonAction::Acknowledge => ActionName::Acknowledge,
            PersonAction::Resolve { .. } => ActionName::Resolve,
            PersonAction::Feedback { .. } => ActionName::Feedback,
        }
    }

    /// What the ledger says of it.
    fn event(&self, incident: &Incident, by: ByWhom) -> Result<Event, ActionError> {
        Ok(match self {
            PersonAction::Acknowledge => Event::Acknowledged(by),
            PersonAction::Resolve { seen } => Event::Resolved(Closing { by, height: Some(height(incident, *seen)) }),
            PersonAction::Feedback { mention, class } => {
                let sample = incident.sample(mention).ok_or(ActionError::NoMention)?;
                let (mention, text) = (mention.clone(), sample.text.clone());
                Event::Feedback(Feedback { mention, judged: sample.class, corrected: *class, text, by })
            }
        })
    }

    /// What makes it needless.
    fn needless(&self, incident: &Incident) -> Option<Done> {
        match (self, incident.state()) {
            (PersonAction::Acknowledge, State::Resolved) => Some(Done::Over),
            (PersonAction::Feedback { .. }, _) => self.shows(incident).then_some(Done::Before),
            (PersonAction::Acknowledge, State::Acknowledged) | (PersonAction::Resolve { .. }, State::Resolved) => {
                Some(Done::Before)
            }
            (PersonAction::Acknowledge, State::Open)
            | (PersonAction::Resolve { .. }, State::Open | State::Acknowledged) => None,
        }
    }

    /// Whether it is seen in the incident.
    fn shows(&self, incident: &Incident) -> bool {
        match self {
            PersonAction::Acknowledge => incident.acknowledged.is_some(),
            PersonAction::Resolve { .. } => incident.resolved.is_some(),
            PersonAction::Feedback { mention, class } => {
                incident.feedback(mention).is_some_and(|feedback| feedback.corrected == *class)
            }
        }
    }
}

/// Up to where a person's word that it is over holds: what their page showed, and never more than there was.
fn height(incident: &Incident, seen: Option<Height>) -> Height {
    let now = Height::of(&incident.signal);
    seen.filter(|seen| seen.until <= now.until && seen.count <= incident.signal.counts.mentions.max(now.count))
        .unwrap_or(now)
}

/// Writes an action to the ledger, unless it is needless, and waits a moment until the view shows it. Two that press
/// the button at once are both written; the fold keeps the first.
pub(crate) async fn perform(
    app: &AppState,
    id: &str,
    action: &PersonAction,
    by: ByWhom,
) -> Result<(Arc<Incident>, Done), ActionError> {
    let incident = app.view.get(id).ok_or(ActionError::Unknown)?;
    let event = action.event(&incident, by.clone())?;
    if let Some(done) = action.needless(&incident) {
        return Ok((incident, done));
    }
    tracing::info!(incident = id, action = action.name().as_str(), by = by.by, via = by.via, "a person acts");
    if let Err(fault) = write(app, &incident, event).await {
        tracing::warn!(incident = id, %fault, "action not written to the ledger");
        return Err(fault.into());
    }
    shown(app, incident, |incident| action.shows(incident)).await
}

async fn write(app: &AppState, incident: &Incident, event: Event) -> Result<(), SinkError> {
    let entry = Entry { watch: incident.watch.clone(), incident: incident.id.clone(), at: clock::now(), event };
    let sink = app.sink.clone();
    // A task of its own: somebody who closes the page while it is written must not undo it.
    let append = tokio::spawn(async move { sink.append(entry).await });
    match tokio::time::timeout(APPEND, append).await {
        Ok(Ok(written)) => written,
        Ok(Err(_)) => Err(SinkError("the writer stopped".into())),
        Err(_) => Err(SinkError(format!("no answer within {} s", APPEND.as_secs()))),
    }
}

/// Waits a moment until the view shows it.
async fn shown(
    app: &AppState,
    incident: Arc<Incident>,
    shows: impl Fn(&Incident) -> bool,
) -> Result<(Arc<Incident>, Done), ActionError> {
    let id = &incident.id.0;
    let shown = app.view.wait_until(id, SHOW, shows).await;
    let incident = app.view.get(id).unwrap_or_else(|| incident.clone());
    Ok((incident, if shown { Done::Now } else { Done::Soon }))
}

#[cfg(test)]
#[path = "actions_tests.rs"]
mod tests;
