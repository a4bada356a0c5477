//! Sends the messages that ask or tell one person something: a task for each, which ends in time and with an answer.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::Handle;

use orszem_core::notification::{Notice, Occasion};
use orszem_core::respond::core::AskDispatch;
use orszem_core::respond::settings::SEND_GRACE_MS;
use orszem_core::settings::Config;
use orszem_notify::Receiver;
use orszem_records::ask::{AskAnswered, Asked};
use orszem_records::ledger::{Delivery, Entry, Event};
use orszem_runtime::clock;

use super::send::{Report, in_time};
use super::{Pages, former_watch};

/// A message with everything that it needs.
pub(super) struct AskJob {
    /// What is sent, and about which incident.
    pub(super) dispatch: AskDispatch,
    /// Where it is sent; `None` where the receiver is gone from the configuration.
    pub(super) receiver: Option<Arc<dyn Receiver>>,
    pub(super) config: Arc<Config>,
    /// Makes the link in it.
    pub(super) pages: Arc<dyn Pages>,
}

impl AskJob {
    /// Sends it; what is to be written of it.
    pub(super) async fn run(self, handle: Handle) -> Report {
        let AskDispatch { partition, incident, asked, others } = self.dispatch;
        let Some(name) = asked.receiver.clone() else { return Report { outcomes: Vec::new() } };
        let answer = |result: Delivery| {
            let all = std::iter::once(&asked).chain(&others);
            let outcome = |asked| answer(&incident.watch, &incident.id, (asked, &name), result.clone());
            Report { outcomes: all.map(|asked| (partition, outcome(asked))).collect() }
        };
        let Some(receiver) = self.receiver else {
            return answer(Delivery::Failed { reason: "no receiver of this name is configured".into() });
        };
        let timeout = self.config.respond.timeout.0.saturating_add(Duration::from_millis(SEND_GRACE_MS));
        let message = asked.message(&incident.id.0);
        let sending = {
            let (incident, asked, others, name) = (incident.clone(), asked.clone(), others.clone(), name.clone());
            let (config, pages) = (Arc::clone(&self.config), Arc::clone(&self.pages));
            async move {
                let watch = config.watch(&incident.watch);
                let watch = watch.map_or_else(|| former_watch(&incident.watch), Cow::into_owned);
                let link = pages.page(&incident, &watch, &name, Occasion::Figures).link;
                let words = config.words(Some(&name), incident.signal.time_zone.as_deref());
                let notice = Notice::ask((&asked, &others), &incident, (&config, link), &words, clock::now());
                receiver.send(&notice).await
            }
        };
        answer(in_time(&handle, timeout, (&name, &message), sending).await.result)
    }
}

fn answer(
    watch: &str,
    incident: &orszem_records::ledger::IncidentId,
    (asked, receiver): (&Asked, &str),
    result: Delivery,
) -> Entry {
    let (ask, try_number, receiver) = (asked.ask.clone(), asked.try_number, receiver.to_owned());
    let event = Event::AskAnswered(AskAnswered { ask, receiver, try_number, result });
    Entry { watch: watch.to_owned(), incident: incident.clone(), at: clock::now(), event }
}
