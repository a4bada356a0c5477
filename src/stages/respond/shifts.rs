//! Sends the messages that tell people of their shifts: one try by each of their ways until one takes it.

use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::Handle;

use orszem_core::notification::Notice;
use orszem_core::respond::settings::SEND_GRACE_MS;
use orszem_core::respond::shift_messages::ShiftMessage;
use orszem_core::settings::Config;
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
            let found = message.ways.iter().filter_map(|way| Some((way.clone(), Arc::clone(receivers.get(way)?))));
            self.handle.spawn(send(self.handle.clone(), message.clone(), found.collect(), Arc::clone(config)));
        }
    }
}

async fn send(handle: Handle, message: ShiftMessage, ways: Vec<(String, Arc<dyn Receiver>)>, config: Arc<Config>) {
    let ShiftMessage { told, ends, .. } = &message;
    let rotation = config.rotations.iter().find(|rotation| rotation.name == told.rotation);
    let title = rotation.and_then(|rotation| rotation.title.as_deref()).unwrap_or(&told.rotation);
    let timeout = config.respond.timeout.0.saturating_add(Duration::from_millis(SEND_GRACE_MS));
    for (way, receiver) in ways {
        let link = format!("{}/oncall", config.web.public_url);
        let words = config.words(Some(&way), None);
        let notice = Notice::shift(&way, (told, title, *ends), link, &words, clock::now());
        let message = notice.message.clone();
        let sending = async move { receiver.send(&notice).await };
        let reason = match in_time(&handle, timeout, (&way, &message), sending).await.result {
            Delivery::Accepted { .. } => return,
            Delivery::Failed { reason } | Delivery::Retry { reason, .. } => reason,
        };
        let (person, rotation) = (&told.whose, &told.rotation);
        tracing::warn!(receiver = way, person, rotation, reason, "message about a shift not sent by this way");
    }
}
