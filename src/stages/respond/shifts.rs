//! Sends the messages that tell people of their shifts: one try by each of their ways until one takes it.

use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::Handle;

use orszem_core::notification::Notice;
use orszem_core::respond::settings::SEND_GRACE_MS;
use orszem_core::respond::shift_messages::ShiftMessage;
use orszem_core::settings::{Config, Respond};
use orszem_core::stage::Output;
use orszem_notify::Receiver;
use orszem_records::ledger::Delivery;
use orszem_records::time::Timestamp;
use orszem_runtime::clock;

use super::send::in_time;
use super::{Receivers, for_the_team};

/// The messages that are decided and not sent yet.
pub(super) struct Shifts {
    handle: Handle,
    decided: Vec<ShiftMessage>,
}

impl Shifts {
    pub(super) fn new(handle: Handle) -> Shifts {
        Shifts { handle, decided: Vec::new() }
    }

    /// This copy begins to decide, or ends: what was not committed is decided again.
    pub(super) fn restart(&mut self) {
        self.decided.clear();
    }

    /// Hands over what is to be written of what was decided, until it is committed.
    pub(super) fn flush(&mut self, decided: Vec<ShiftMessage>, now: Timestamp, out: &mut Vec<Output>) {
        self.decided.extend(decided);
        out.extend(self.decided.iter().map(|message| for_the_team(&message.told.clone().record(now))));
    }

    /// What was handed over is committed: it is sent.
    pub(super) fn committed(&mut self, config: &Arc<Config>, receivers: &Receivers) {
        for message in self.decided.drain(..) {
            let config = Arc::clone(config);
            let ShiftMessage { told, ends, ways } = message;
            let found = ways.iter().filter_map(|way| Some((way.clone(), Arc::clone(receivers.get(way)?)))).collect();
            let (respond, whose) = (config.respond.clone(), told.whose.clone());
            let notice = move |way: &str| {
                let rotation = config.rotations.iter().find(|rotation| rotation.name == told.rotation);
                let title = rotation.and_then(|rotation| rotation.title.as_deref()).unwrap_or(&told.rotation);
                let link = format!("{}/oncall", config.web.public_url);
                Notice::shift(way, (&told, title, ends), link, &config.words(Some(way), None), clock::now())
            };
            self.handle.spawn(by_first_way(self.handle.clone(), respond, found, whose, notice));
        }
    }
}

/// Sends a message to a person by the first of their ways that takes it.
pub(super) async fn by_first_way(
    handle: Handle,
    respond: Respond,
    ways: Vec<(String, Arc<dyn Receiver>)>,
    person: String,
    notice: impl Fn(&str) -> Notice,
) {
    let timeout = respond.timeout.0.saturating_add(Duration::from_millis(SEND_GRACE_MS));
    for (way, receiver) in ways {
        let notice = notice(&way);
        let message = notice.message.clone();
        let sending = async move { receiver.send(&notice).await };
        let reason = match in_time(&handle, timeout, (&way, &message), sending).await.result {
            Delivery::Accepted { .. } => return,
            Delivery::Failed { reason } | Delivery::Retry { reason, .. } => reason,
        };
        tracing::warn!(receiver = way, person, message, reason, "message to a person not sent by this way");
    }
}
