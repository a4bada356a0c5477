//! Sends the messages that make no alarm: that a shift begins, whether one can sign in to an account, who looked up
//! where a credential is kept, the grab card. One try by each way until one takes it.

use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::Handle;

use orszem_core::card::Card;
use orszem_core::notification::Notice;
use orszem_core::oncall::Roster;
use orszem_core::respond::access_questions::AccessQuestion;
use orszem_core::respond::core::Core;
use orszem_core::respond::look_up_messages::LookUpMessage;
use orszem_core::respond::settings::SEND_GRACE_MS;
use orszem_core::respond::shift_messages::ShiftMessage;
use orszem_core::settings::{Config, Respond};
use orszem_core::stage::Output;
use orszem_core::words::Words;
use orszem_notify::Receiver;
use orszem_records::ledger::Delivery;
use orszem_records::team::Record;
use orszem_records::team::card_mailed::CardMailed;
use orszem_records::time::Timestamp;
use orszem_runtime::clock;

use super::send::in_time;
use super::{Pages, Receivers, for_the_team};

/// A message that makes no alarm.
#[derive(Clone)]
enum Message {
    /// That a shift begins.
    Shift(ShiftMessage),
    /// Whether one can sign in to an account.
    Access(AccessQuestion),
    /// Who looked up where the credential of an account is kept.
    LookUp(LookUpMessage),
    /// The grab card, which has changed; and its receiver.
    Card(CardMailed, [String; 1]),
}

impl Message {
    fn record(&self, now: Timestamp) -> Record {
        match self {
            Message::Shift(message) => message.told.clone().record(now),
            Message::Access(question) => question.asked.clone().record(now),
            Message::LookUp(message) => message.told.clone().record(now),
            Message::Card(mailed, _) => mailed.clone().record(now),
        }
    }

    fn ways(&self) -> &[String] {
        match self {
            Message::Shift(message) => &message.ways,
            Message::Access(question) => &question.ways,
            Message::LookUp(message) => &message.ways,
            Message::Card(_, receiver) => receiver,
        }
    }

    fn notice(&self, way: &str, words: &Words, (config, roster, pages): (&Config, &Roster, &dyn Pages)) -> Notice {
        match self {
            Message::Card(..) => {
                let now = clock::now();
                let card = Card::of(config, roster, now);
                Notice::card(way, (&card, config), format!("{}/card", config.web.public_url), words, now)
            }
            Message::Shift(ShiftMessage { told, ends, .. }) => {
                let rotation = config.rotations.iter().find(|rotation| rotation.name == told.rotation);
                let title = rotation.and_then(|rotation| rotation.title.as_deref()).unwrap_or(&told.rotation);
                let link = format!("{}/oncall", config.web.public_url);
                Notice::shift(way, (told, title, *ends), link, words, clock::now())
            }
            Message::Access(AccessQuestion { asked, .. }) => {
                let title = config.account(&asked.account).map_or(asked.account.as_str(), |account| account.shown());
                let link = pages.access_link(&asked.account, &asked.whose);
                Notice::access(way, (asked, title), link, words, clock::now())
            }
            Message::LookUp(LookUpMessage { told, look_up, .. }) => {
                let title = config.account_shown(&look_up.account);
                let link = format!("{}/accounts", config.web.public_url);
                Notice::look_up(way, (told, look_up, title), link, words, clock::now())
            }
        }
    }
}

/// The messages that are decided and not sent yet.
pub(super) struct QuietMessages {
    handle: Handle,
    decided: Vec<Message>,
}

impl QuietMessages {
    pub(super) fn new(handle: Handle) -> QuietMessages {
        QuietMessages { handle, decided: Vec::new() }
    }

    /// This copy begins to decide, or ends: what was not committed is decided again.
    pub(super) fn restart(&mut self) {
        self.decided.clear();
    }

    /// Hands over what is to be written of what was decided, until it is committed.
    pub(super) fn flush(&mut self, core: &mut Core, now: Timestamp, out: &mut Vec<Output>) {
        self.decided.extend(core.shift_messages().into_iter().map(Message::Shift));
        self.decided.extend(core.access_questions().into_iter().map(Message::Access));
        let (reached, alone): (Vec<_>, Vec<_>) =
            core.look_up_messages().into_iter().partition(|message| !message.ways.is_empty());
        for LookUpMessage { told, look_up, .. } in alone {
            let (account, owner, by) = (look_up.account, told.whose, look_up.by);
            tracing::warn!(account, owner, by, "credential looked up, and its owner has no way to be told");
        }
        self.decided.extend(reached.into_iter().map(Message::LookUp));
        let cards = core.card_mails().into_iter();
        self.decided.extend(cards.map(|mailed| Message::Card(mailed.clone(), [mailed.receiver])));
        out.extend(self.decided.iter().map(|message| for_the_team(&message.record(now))));
    }

    /// What was handed over is committed: it is sent.
    pub(super) fn committed(
        &mut self,
        config: &Arc<Config>,
        roster: &Roster,
        receivers: &Receivers,
        pages: &Arc<dyn Pages>,
    ) {
        for message in self.decided.drain(..) {
            let ways = message.ways().iter();
            let found = ways.filter_map(|way| Some((way.clone(), Arc::clone(receivers.get(way)?)))).collect();
            let (config, roster, pages) = (Arc::clone(config), roster.clone(), Arc::clone(pages));
            let respond = config.respond.clone();
            let notice =
                move |way: &str| message.notice(way, &config.words(Some(way), None), (&config, &roster, &*pages));
            self.handle.spawn(by_first_way(self.handle.clone(), respond, found, notice));
        }
    }
}

/// How long after a try that may work later the next one is made: a minute, a quarter of an hour, two hours.
const AGAIN: [Duration; 3] = [Duration::from_secs(60), Duration::from_secs(900), Duration::from_secs(7_200)];

/// Sends a message by the first of some ways that takes it. Where none does, and one may later, they are tried again.
pub(super) async fn by_first_way(
    handle: Handle,
    respond: Respond,
    ways: Vec<(String, Arc<dyn Receiver>)>,
    notice: impl Fn(&str) -> Notice,
) {
    let timeout = respond.timeout.0.saturating_add(Duration::from_millis(SEND_GRACE_MS));
    let mut waits = AGAIN.into_iter();
    loop {
        let mut may_later = false;
        for (way, receiver) in &ways {
            let notice = notice(way);
            let (message, receiver) = (notice.message.clone(), Arc::clone(receiver));
            let sending = async move { receiver.send(&notice).await };
            let reason = match in_time(&handle, timeout, (way, &message), sending).await.result {
                Delivery::Accepted { .. } => return,
                Delivery::Failed { reason } => reason,
                Delivery::Retry { reason, .. } => {
                    may_later = true;
                    reason
                }
            };
            tracing::warn!(receiver = way, message, reason, "message not sent by this way");
        }
        let Some(wait) = waits.next().filter(|_| may_later) else { return };
        tokio::time::sleep(wait).await;
    }
}
