//! Buttons of playbooks: a press is in the ledger before its request is sent, and what came of it after.

use std::time::Duration;

use orszem_core::playbook::press::PressRequest;
use orszem_core::settings::Config;
use orszem_records::incident::Incident;
use orszem_records::ledger::{ByWhom, Entry, Event, Press, PressAnswer, PressResult};
use orszem_runtime::{clock, random};

use crate::app::AppState;
use crate::view::{Effect, View};

/// How long the view has to read a press back: before, nobody knows whether it was the first.
const READ_BACK: Duration = Duration::from_secs(20);
/// How long a person waits for what came of it. Together with the waits of every action less than an answer may take.
const SHOW: Duration = Duration::from_secs(2);
/// How often an answer is written where the ledger does not take it, and the wait between.
const TRIES: (u32, Duration) = (5, Duration::from_secs(2));

/// A press as the ledger has it.
pub(crate) fn press(config: &Config, playbook: &str, button: &str, by: ByWhom) -> Press {
    // Ten seconds to write the answer.
    let within = READ_BACK + config.respond.timeout.0 + Duration::from_secs(10);
    Press {
        by,
        press: random::id(),
        playbook: playbook.to_owned(),
        button: button.to_owned(),
        within_ms: i64::try_from(within.as_millis()).unwrap_or(i64::MAX),
    }
}

/// Sends the request of a press that is in the ledger at `offset`, if it was the first of its moment, and writes what
/// came of it. Goes on though the person closes the page.
pub(crate) fn follow(app: &AppState, incident: &Incident, press: &Press, offset: i64) {
    let (app, press) = (app.clone(), press.clone());
    let (id, watch) = (incident.id.clone(), incident.watch.clone());
    let request = PressRequest::of(incident, &press, clock::now());
    tokio::spawn(async move {
        let event = Event::Pressed(press);
        let effect = |view: &View| view.effect(&id.0, &event, offset);
        app.view.wait_until(READ_BACK, |view| effect(view) != Effect::NotShown).await;
        let result = match effect(&app.view) {
            Effect::Late => return,
            // What a button does to other systems is real: a drill stops before it.
            Effect::First if id.is_drill() => PressResult::Refused { reason: "not sent: this is a drill".to_owned() },
            Effect::First => app.buttons.press(&request).await,
            Effect::NotShown => PressResult::Refused {
                reason: format!("not sent: the ledger could not be read back within {} s", READ_BACK.as_secs()),
            },
        };
        let (playbook, button) = (&request.playbook, &request.button);
        match &result {
            PressResult::Accepted => tracing::info!(incident = %id, playbook, button, "button accepted"),
            PressResult::Refused { reason } | PressResult::Unknown { reason } => {
                tracing::warn!(incident = %id, playbook, button, reason, "button did not work");
            }
        }
        let answer = PressAnswer { press: request.press.clone(), result };
        let entry = Entry { watch, incident: id.clone(), at: clock::now(), event: Event::Answered(answer) };
        write(&app, &entry).await;
    });
}

async fn write(app: &AppState, entry: &Entry) {
    for _ in 0..TRIES.0 {
        match app.sink.append(entry.clone()).await {
            Ok(_) => return,
            Err(fault) => {
                tracing::warn!(incident = %entry.incident, %fault, "what came of a button was not written");
            }
        }
        tokio::time::sleep(TRIES.1).await;
    }
}

/// Waits a moment until the view shows what came of a press.
pub(crate) async fn answered(view: &View, id: &str, press: &Press) {
    let is_answered = |view: &View| {
        view.get(id)
            .is_some_and(|incident| incident.presses.of(&press.press).is_some_and(|pressed| pressed.answer.is_some()))
    };
    view.wait_until(SHOW, is_answered).await;
}

#[cfg(test)]
#[path = "presses_tests.rs"]
mod tests;
