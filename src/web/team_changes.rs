//! What people change for the team: one record on its topic, and a moment's wait until this copy shows it.

use std::time::Duration;

use orszem_records::ledger::ByWhom;
use orszem_records::team::{Change, Record};
use orszem_runtime::{clock, random};
use tokio::sync::oneshot;

use crate::app::AppState;
use crate::ports::SinkError;

/// How long the topic has to take a record.
const APPEND: Duration = Duration::from_secs(5);
/// How long a person waits for the view to show what they did.
const SHOW: Duration = Duration::from_secs(2);

/// Writes a change with an id of its own; gives the id.
pub(crate) async fn change(app: &AppState, change: Change, by: ByWhom) -> Result<String, SinkError> {
    let record = Record { id: random::id(), at: clock::now(), by, change };
    let id = record.id.clone();
    write(app, record).await?;
    Ok(id)
}

/// Writes a record.
pub(crate) async fn write(app: &AppState, record: Record) -> Result<(), SinkError> {
    let key = record.key();
    tracing::info!(record = key, by = record.by.by, via = record.by.via, "a person changes something for the team");
    let sink = app.team_sink.clone();
    let (answer, appended) = oneshot::channel();
    // A task of its own: somebody who closes the page while it is written must not undo it.
    tokio::spawn(async move {
        // The client may have gone.
        let _ = answer.send(sink.append(record).await);
    });
    let written = match tokio::time::timeout(APPEND, appended).await {
        Ok(Ok(written)) => written,
        Ok(Err(_)) => Err(SinkError("the writer stopped".into())),
        Err(_) => Err(SinkError(format!("no answer within {} s", APPEND.as_secs()))),
    };
    match written {
        Ok(offset) => {
            app.team.wait_for(offset, SHOW).await;
            Ok(())
        }
        Err(fault) => {
            tracing::warn!(record = key, %fault, "not written to the topic of the team");
            Err(fault)
        }
    }
}
