//! A small world for the tests: one watch, its ledger, a clock, and receivers that answer as told.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use crate::notification::Capabilities;
use crate::settings::Config;
use orszem_records::signal::{Kind, Phase};
use orszem_records::time::Timestamp;

use super::core::{Core, Dispatch};
pub(super) use super::fixture::{config, describe, signal};
use super::settings::Settings;
use super::tracked::Tracked;
use orszem_records::ledger::{Action, Attempt, ByWhom, Closing, Delivery, Entry, Event, IncidentId, Outcome};

/// A world of one watch, `acme`: its ledger, a clock, and receivers that answer as told.
pub(super) struct World {
    pub(super) core: Core,
    pub(super) settings: Settings,
    pub(super) now: Timestamp,
    pub(super) ledger: Vec<Entry>,
    pub(super) sent: Vec<Dispatch>,
    answers: BTreeMap<String, VecDeque<Option<Delivery>>>,
    pub(super) lines: Vec<String>,
}

const PLAIN: Capabilities =
    Capabilities { updates: false, acknowledges: false, keep_firing: None, calls_itself: false };

/// `slack` updates in place, `pager` acknowledges too, `mail` and `hook` can do neither, `alerts` is kept firing,
/// `duty` calls people by itself.
pub(super) fn capabilities() -> BTreeMap<String, Capabilities> {
    let able = |updates, acknowledges, keep_firing| Capabilities { updates, acknowledges, keep_firing, ..PLAIN };
    let duty = Capabilities { acknowledges: true, calls_itself: true, ..PLAIN };
    let ways = ["anna", "bela", "csilla"]
        .map(|person| [(format!("{person}/push"), able(true, true, None)), (format!("{person}/sms"), PLAIN)]);
    let receivers = BTreeMap::from([
        ("slack".into(), able(true, false, None)),
        ("pager".into(), able(true, true, None)),
        ("duty".into(), duty),
        ("mail".into(), PLAIN),
        ("hook".into(), PLAIN),
        ("alerts".into(), able(true, false, Some(Duration::from_secs(60)))),
    ]);
    receivers.into_iter().chain(ways.into_iter().flatten()).collect()
}

/// The incident that these events of one instant make; the first opens it.
pub(super) fn tracked(events: impl IntoIterator<Item = Event>) -> Tracked {
    let entry = |event| Entry { watch: "acme".into(), incident: IncidentId::new("acme", 1), at: Timestamp(0), event };
    let mut entries = events.into_iter().map(entry);
    let mut tracked = Tracked::begin(&entries.next().unwrap(), Timestamp(0)).unwrap();
    entries.for_each(|entry| tracked.apply(&entry, Timestamp(0)));
    tracked
}

pub(super) fn signalled(phase: Phase, kind: Kind) -> Event {
    Event::Signal(Box::new(signal(phase, kind, 2, 50)))
}

/// More mentions than before.
pub(super) fn grown() -> Event {
    Event::Signal(Box::new(signal(Phase::Updated, Kind::Volume, 2, 60)))
}

/// A higher severity than before.
pub(super) fn risen() -> Event {
    Event::Signal(Box::new(signal(Phase::Updated, Kind::Volume, 1, 400)))
}

pub(super) fn acknowledged() -> Event {
    Event::Acknowledged(ByWhom::new("anna", "link"))
}

pub(super) fn resolved() -> Event {
    let by = ByWhom::new("anna", "link");
    Event::Resolved(Closing { by, height: None, false_alarm: false })
}

/// A try of a message to the receiver, for the first step. It knows the signal that opened the incident.
pub(super) fn attempt(receiver: &str, action: Action, revision: u32, try_number: u32) -> Event {
    let message = format!("acme.1/{receiver}/{revision}");
    let (step, round, signals) = (0, 0, 1);
    let (receiver, within, terms, route, also) = (receiver.to_owned(), None, None, 0, Vec::new());
    Event::Attempt(Attempt {
        message,
        receiver,
        action,
        revision,
        try_number,
        step,
        round,
        signals,
        within,
        terms,
        route,
        also,
        shows: None,
        digest: false,
    })
}

pub(super) fn answered(receiver: &str, revision: u32, try_number: u32, result: Delivery) -> Event {
    let message = format!("acme.1/{receiver}/{revision}");
    Event::Outcome(Outcome::new(message, receiver.into(), try_number, result))
}

pub(super) fn accepted(receiver: &str, revision: u32, try_number: u32) -> Event {
    answered(receiver, revision, try_number, Delivery::Accepted { reference: None })
}

impl World {
    pub(super) fn new(config: &Config) -> World {
        let settings = Settings::new(config, capabilities());
        let mut core = Core::new(settings.clone());
        core.ready(0);
        let (ledger, sent, answers, lines) = Default::default();
        World { core, settings, now: Timestamp(0), ledger, sent, answers, lines }
    }

    /// What the receiver answers to its next sends; `None`: nothing, and the outcome is never written. Afterwards it
    /// accepts everything.
    pub(super) fn answers(&mut self, receiver: &str, answers: impl IntoIterator<Item = Option<Delivery>>) {
        self.answers.entry(receiver.into()).or_default().extend(answers);
    }

    pub(super) fn read(&mut self, event: Event) {
        let entry = Entry { watch: "acme".into(), incident: IncidentId::new("acme", 1), at: self.now, event };
        self.take(entry);
    }

    pub(super) fn take(&mut self, entry: Entry) {
        let minutes = self.now.0 / 60_000;
        let seconds = self.now.0 % 60_000 / 1000;
        self.lines.push(format!("{minutes}:{seconds:02} {}", describe(&entry)));
        self.core.apply(0, &entry, self.now);
        self.ledger.push(entry);
    }

    pub(super) fn signals(&mut self, phase: Phase, kind: Kind, severity: u8, observed: u64) {
        self.read(Event::Signal(Box::new(signal(phase, kind, severity, observed))));
    }

    pub(super) fn opens(&mut self) {
        self.signals(Phase::Opened, Kind::Negativity, 2, 50);
    }

    pub(super) fn grows(&mut self, observed: u64) {
        self.signals(Phase::Updated, Kind::Negativity, 2, observed);
    }

    pub(super) fn closes(&mut self) {
        self.signals(Phase::Closed, Kind::Negativity, 2, 0);
    }

    pub(super) fn acknowledges(&mut self) {
        self.read(acknowledged());
    }

    pub(super) fn resolves(&mut self) {
        self.read(resolved());
    }

    /// Decides, commits, sends and reads the answers, until nothing is due now.
    pub(super) fn settle(&mut self) {
        loop {
            let mut entries = Vec::new();
            self.core.decide(self.now, &mut entries);
            let refreshes = self.core.refreshes();
            let sends = self.core.committed(self.now);
            for dispatch in refreshes {
                let attempt = &dispatch.attempt;
                self.lines.push(format!(
                    "{}:00 repeat {} {}",
                    self.now.0 / 60_000,
                    attempt.action.name(),
                    attempt.receiver
                ));
            }
            if entries.is_empty() {
                return;
            }
            for (partition, entry) in entries {
                assert_eq!(partition, 0);
                self.take(entry);
            }
            for dispatch in sends {
                let accepted = Delivery::Accepted { reference: Some(format!("ref {}", dispatch.attempt.message)) };
                let scripted = self.answers.get_mut(&dispatch.attempt.receiver).and_then(VecDeque::pop_front);
                if let Some(result) = scripted.unwrap_or(Some(accepted)) {
                    let attempt = &dispatch.attempt;
                    let (message, receiver) = (attempt.message.clone(), attempt.receiver.clone());
                    let event = Event::Outcome(Outcome::new(message, receiver, attempt.try_number, result));
                    let incident = dispatch.incident.id.clone();
                    self.take(Entry { watch: "acme".into(), incident, at: self.now, event });
                }
                self.sent.push(dispatch);
            }
        }
    }

    /// Lets time pass, whole as it comes.
    pub(super) fn until(&mut self, minutes: i64) {
        self.settle();
        let end = Timestamp(minutes * 60_000);
        while let Some(deadline) = self.core.next_deadline()
            && deadline <= end
        {
            assert!(deadline > self.now, "the deadline {deadline:?} is not after {:?}", self.now);
            self.now = deadline;
            self.settle();
        }
        self.now = end;
        self.settle();
    }

    /// Another copy takes over and reads the ledger so far.
    pub(super) fn taken_over(&mut self) {
        self.core = Core::new(self.settings.clone());
        for entry in &self.ledger {
            self.core.apply(0, entry, self.now);
        }
        self.core.ready(0);
    }

    /// What was written since the last call.
    #[track_caller]
    pub(super) fn says(&mut self, expected: &[&str]) {
        let lines = std::mem::take(&mut self.lines);
        assert_eq!(lines, expected, "\n{}", lines.join("\n"));
    }
}
