//! What people do to an incident: one entry in the ledger, once.

use std::sync::Arc;
use std::time::Duration;

use orszem_records::class::Class;
use orszem_records::incident::Incident;
use orszem_records::incident::State;
use orszem_records::ledger::{ByWhom, Entry, Event, Feedback};
use orszem_runtime::clock;

use super::{AppState, SinkError};

/// How long the ledger has to take an entry.
const APPEND: Duration = Duration::from_secs(5);
/// How long a person waits for the view to show what they did.
const SHOW: Duration = Duration::from_secs(2);

/// What a person can do to an incident.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PersonAction {
    /// Take it on.
    Acknowledge,
    /// Declare it over.
    Resolve,
}

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Done {
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
pub(super) enum ActionError {
    /// There is no such incident.
    #[error("there is no such incident")]
    Unknown,
    /// The incident has no such mention among its examples.
    #[error("the incident shows no such mention")]
    NoMention,
    /// The ledger did not take it.
    #[error(transparent)]
    Sink(#[from] SinkError),
}

impl PersonAction {
    /// The name in addresses and logs.
    pub(super) const fn name(self) -> &'static str {
        match self {
            PersonAction::Acknowledge => "acknowledge",
            PersonAction::Resolve => "resolve",
        }
    }

    fn event(self, by: ByWhom) -> Event {
        match self {
            PersonAction::Acknowledge => Event::Acknowledged(by),
            PersonAction::Resolve => Event::Resolved(by),
        }
    }

    /// What makes it needless.
    fn needless(self, incident: &Incident) -> Option<Done> {
        match (self, incident.state()) {
            (PersonAction::Acknowledge, State::Resolved) => Some(Done::Over),
            (PersonAction::Acknowledge, State::Acknowledged) => Some(Done::Before),
            (PersonAction::Resolve, State::Resolved) => Some(Done::Before),
            (PersonAction::Acknowledge, State::Open) | (PersonAction::Resolve, State::Open | State::Acknowledged) => {
                None
            }
        }
    }

    fn shows(self, incident: &Incident) -> bool {
        match self {
            PersonAction::Acknowledge => incident.acknowledged.is_some(),
            PersonAction::Resolve => incident.resolved.is_some(),
        }
    }
}

/// Writes the deed to the ledger, unless it is needless, and waits a moment until the view shows it. Two that press the
/// button at once are both written; the fold keeps the first.
pub(super) async fn perform(
    app: &AppState,
    id: &str,
    deed: PersonAction,
    by: ByWhom,
) -> Result<(Arc<Incident>, Done), ActionError> {
    let incident = app.view.get(id).ok_or(ActionError::Unknown)?;
    if let Some(done) = deed.needless(&incident) {
        return Ok((incident, done));
    }
    tracing::info!(incident = id, deed = deed.name(), by = by.by, via = by.via, "a person acts");
    write(app, &incident, deed.event(by)).await?;
    shown(app, incident, |incident| deed.shows(incident)).await
}

/// Writes to the ledger how a mention is meant, unless that was said last.
pub(super) async fn tell(
    app: &AppState,
    id: &str,
    (mention, told): (&str, Class),
    by: ByWhom,
) -> Result<(Arc<Incident>, Done), ActionError> {
    let incident = app.view.get(id).ok_or(ActionError::Unknown)?;
    let sample = incident.sample(mention).ok_or(ActionError::NoMention)?;
    if incident.feedback(mention).is_some_and(|feedback| feedback.told == told) {
        return Ok((incident, Done::Before));
    }
    let feedback = Feedback { mention: mention.into(), judged: sample.class, told, text: sample.text.clone(), by };
    write(app, &incident, Event::Feedback(feedback)).await?;
    shown(app, incident, |incident| incident.feedback(mention).is_some_and(|feedback| feedback.told == told)).await
}

async fn write(app: &AppState, incident: &Incident, event: Event) -> Result<(), ActionError> {
    let entry = Entry { watch: incident.watch.clone(), incident: incident.id.clone(), at: clock::now(), event };
    let sink = app.sink.clone();
    // A task of its own: somebody who closes the page while it is written must not undo it.
    let append = tokio::spawn(async move { sink.append(entry).await });
    match tokio::time::timeout(APPEND, append).await {
        Ok(Ok(written)) => Ok(written?),
        Ok(Err(_)) => Err(SinkError("the writer stopped".into()).into()),
        Err(_) => Err(SinkError(format!("no answer within {} s", APPEND.as_secs())).into()),
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
