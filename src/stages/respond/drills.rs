//! Drills in the shell: what the core does for them is written, and people are told before one begins.

use std::sync::Arc;

use tokio::runtime::Handle;

use orszem_core::notification::Notice;
use orszem_core::respond::drills::{DrillMessage, DrillWork};
use orszem_core::settings::Config;
use orszem_core::stage::{Output, Topic};
use orszem_records::ledger::Entry;
use orszem_records::team;
use orszem_runtime::clock;

use super::quiet::by_first_way;
use super::{Receivers, for_the_team};

/// The messages that are decided and not sent yet.
pub(super) struct Drills {
    handle: Handle,
    decided: Vec<DrillMessage>,
    /// What was handed over to be written, until it is committed: after an abort it is handed over again.
    records: Vec<team::Record>,
    entries: Vec<Entry>,
}

impl Drills {
    pub(super) fn new(handle: Handle) -> Drills {
        Drills { handle, decided: Vec::new(), records: Vec::new(), entries: Vec::new() }
    }

    /// This copy begins to decide, or ends: what was not committed is decided again.
    pub(super) fn restart(&mut self) {
        self.decided.clear();
        self.records.clear();
        self.entries.clear();
    }

    /// Hands over what is to be written. An entry goes to the partition of its watch, as those of detect and of people
    /// do.
    pub(super) fn flush(&mut self, work: DrillWork, out: &mut Vec<Output>) {
        self.records.extend(work.records);
        self.entries.extend(work.entries);
        out.extend(self.records.iter().map(for_the_team));
        for entry in &self.entries {
            tracing::info!(incident = entry.incident.0, "drill: a signal of its course");
            out.push(Output {
                topic: Topic::Ledger,
                partition: None,
                key: entry.watch.clone().into_bytes(),
                value: entry.to_json(),
                headers: Vec::new(),
            });
        }
        self.decided.extend(work.messages);
    }

    /// What was handed over is committed: people are told.
    pub(super) fn committed(&mut self, config: &Arc<Config>, receivers: &Receivers) {
        self.records.clear();
        self.entries.clear();
        for message in self.decided.drain(..) {
            let config = Arc::clone(config);
            let DrillMessage { told, watch, scenario, ways } = message;
            let found = ways.iter().filter_map(|way| Some((way.clone(), Arc::clone(receivers.get(way)?)))).collect();
            let respond = config.respond.clone();
            let notice = move |way: &str| {
                let configured = config.watch(&watch);
                let title = configured.as_ref().and_then(|watch| watch.title.as_deref()).unwrap_or(&watch);
                let words = config.words(Some(way), None);
                Notice::drill(way, (&told, &scenario, title), config.web.public_url.clone(), &words, clock::now())
            };
            self.handle.spawn(by_first_way(self.handle.clone(), respond, found, notice));
        }
    }
}
