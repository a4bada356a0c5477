//! An incident as the core keeps it: where it stands, without its history.

use std::collections::BTreeMap;

use orszem_records::signal::{Phase, Signal};
use orszem_records::time::Timestamp;

use crate::notification::Occasion;
use crate::routing::group::Telling;
use crate::stage::{Offset, Partition};

use super::course::Course;
use super::escalate::timetable::Place;
use super::party::{Held, Party, Wishes};
use super::receiver_state::{ReceiverState, Said, Told, of_route};
use super::settings::Settings;
use orszem_records::incident::Incident;
use orszem_records::ledger::{Action, Attempt, Entry, Event, IncidentId, Restart, RestartReason, Shows, WishOf};

/// An incident where it is kept.
pub(super) type Key = (Partition, IncidentId);

/// How people act on an incident by acting on another one of its page, as the ledger says it.
pub(super) const GROUP: &str = "group";

/// An incident, its receivers, and what is new to each of them.
#[derive(Debug)]
pub(super) struct Tracked {
    /// The incident, without messages (`receivers` has them) and history.
    pub(super) incident: Incident,
    /// By receiver.
    pub(super) receivers: BTreeMap<String, ReceiverState>,
    /// What the ledger says of the steps of the escalation beside the calls.
    pub(super) course: Course,
    /// The severity at which it took its route.
    pub(super) routed_severity: Option<u8>,
    /// One of its signals was of a kind that pages. Stays: who was called hears how it ends.
    pub(super) pages: bool,
    /// The ledger says that it ended with nobody to tell.
    pub(super) nobody_notified: bool,
    /// Signals so far.
    pub(super) signals: u32,
    /// When the newest signal came, by the clock: its own time is event time.
    pub(super) signalled_at: Timestamp,
    /// The number of the newest signal that changed the figures.
    changed: u32,
    /// The number of the newest signal whose count rose by half since the one before that did, or raised the severity.
    grown: u32,
    /// What that one counted.
    height: u64,
    /// The number of the newest signal that raised the severity.
    risen: u32,
    /// Since when this process has wanted a step's calls that are not begun. Not in the ledger: only a step that waits
    /// for its turn behind other incidents is longer here than an instant.
    pub(super) waiting: BTreeMap<Place, Timestamp>,
    /// What it shares its pages with, where it is in groups: as it was when it was looked at last.
    pub(super) party: Option<Party>,
    /// The wishes for the next step that people had here since it took its route.
    pub(super) wishes: Wishes,
    /// How many of those of others on the page that it carries were taken over.
    pub(super) taken_over: BTreeMap<IncidentId, u32>,
    /// The newest sign of life that was given here, and not on another incident of its page.
    pub(super) own_sign: Option<Timestamp>,
    /// When somebody last took it, or it last was nobody's again.
    held_since: Timestamp,
    /// When it is to be looked at again.
    pub(super) wake: Option<Timestamp>,
    /// Where its partition has the signal that opened it; `None` where that is not known.
    pub(super) opened_at: Option<Offset>,
}

impl Tracked {
    /// The incident that `entry` begins; only a signal that opens one can. The head of the ledger is cut off in time:
    /// of an incident without its beginning the attempts may be gone too, and it would be told a second time.
    ///
    /// `now` is when it came, by the clock.
    pub(super) fn begin(entry: &Entry, now: Timestamp) -> Option<Tracked> {
        let Event::Signal(signal) = &entry.event else { return None };
        if signal.phase != Phase::Opened {
            return None;
        }
        let incident = Incident { history: Vec::new(), ..Incident::begin(entry)? };
        Some(Tracked {
            pages: signal.pages(),
            risen: 1,
            signals: 1,
            changed: 1,
            grown: 1,
            height: signal.observed,
            signalled_at: now,
            incident,
            receivers: BTreeMap::new(),
            course: Course::default(),
            routed_severity: None,
            nobody_notified: false,
            waiting: BTreeMap::new(),
            party: None,
            wishes: Wishes::default(),
            taken_over: BTreeMap::new(),
            own_sign: None,
            held_since: Timestamp(i64::MIN),
            wake: None,
            opened_at: None,
        })
    }

    /// Folds the next entry, which came at `now`. One that was folded before changes nothing.
    pub(super) fn apply(&mut self, entry: &Entry, now: Timestamp) {
        let was_had = self.incident.acknowledged.is_some();
        self.take_in(entry, now);
        if is_sign_of_life(&entry.event) {
            self.own_sign = self.own_sign.max(Some(entry.at));
        }
        if was_had != self.incident.acknowledged.is_some() {
            self.held_since = entry.at;
        }
    }

    fn take_in(&mut self, entry: &Entry, now: Timestamp) {
        match &entry.event {
            Event::Signal(_) if self.ended() => {}
            Event::Signal(signal) => {
                self.signalled(signal);
                self.signalled_at = now;
                self.incident.fold(entry);
            }
            Event::Attempt(attempt) => {
                let said = self.said();
                match self.receivers.get_mut(&attempt.receiver) {
                    Some(state) => {
                        if !state.attempted(attempt, entry.at, said, self.grown) {
                            return;
                        }
                    }
                    None => {
                        self.receivers.insert(attempt.receiver.clone(), ReceiverState::begin(attempt, entry.at, said));
                    }
                }
                self.incident.note(attempt);
                // A call says who has it.
                let has = self.incident.acknowledged.is_some() && attempt.action == Action::Trigger;
                if let Some(state) = self.receivers.get_mut(&attempt.receiver).filter(|_| has) {
                    state.acknowledged = true;
                }
            }
            Event::Known(_) | Event::TakenOver(_) | Event::HandedOver(_) => {
                // Who has it now is news to all.
                self.receivers.values_mut().for_each(|state| state.acknowledged = false);
                self.incident.fold(entry);
            }
            Event::GivenBack(_) => {
                let was_had = self.incident.acknowledged.is_some();
                self.incident.fold(entry);
                if was_had && self.incident.acknowledged.is_none() {
                    self.restart(None);
                }
            }
            Event::ClosingUndone(_) => {
                let was_closed = self.incident.resolved.is_some();
                self.incident.fold(entry);
                if was_closed && self.incident.resolved.is_none() {
                    self.restart(None);
                }
            }
            Event::Reopened(reopening) => {
                if self.incident.reopened.as_ref().is_none_or(|known| known.number < reopening.number) {
                    self.restart(None);
                }
                self.incident.fold(entry);
            }
            Event::Outcome(outcome) => {
                if let Some(state) = self.receivers.get_mut(&outcome.receiver) {
                    state.answered(outcome, entry.at);
                }
            }
            Event::Acknowledged(by) => {
                if let Some(person) = &by.person {
                    self.course.answered.extend(self.newest_places().into_iter().map(|place| (place, person.clone())));
                }
                self.incident.fold(entry);
            }
            Event::Resolved(_) | Event::Ended { .. } | Event::CallsEnded | Event::EscalationExhausted { .. } => {
                self.incident.fold(entry)
            }
            Event::CallsRestarted(restart) => {
                if self.incident.restarted.is_none_or(|known| known.number < restart.number) {
                    // Who had it hears first that it got worse.
                    let had = self.incident.acknowledged.as_ref().and_then(|stamp| stamp.by.person.clone());
                    self.restart(
                        had.filter(|_| matches!(restart.reason, RestartReason::Worse | RestartReason::Doubled)),
                    );
                }
                self.incident.fold(entry);
            }
            Event::Escalated(wish) => {
                match &wish.of {
                    Some(WishOf { incident, number }) => {
                        let known = self.taken_over.entry(incident.clone()).or_default();
                        *known = (*number).max(*known);
                    }
                    None => self.wishes.add(&wish.by, entry.at),
                }
                self.course.hurry(&self.newest_places(), entry.at);
            }
            Event::NobodyOnCall(step) if step.restarts == self.course.restarts => {
                let place = Place { route: step.route, round: step.round, step: step.step };
                self.course.nobody.entry(place).or_insert(entry.at);
            }
            Event::JoinedGroup(joined) => {
                let known = self.incident.groups.len();
                self.incident.fold(entry);
                if self.incident.groups.len() > known {
                    self.routed_severity = Some(self.incident.severity);
                    if joined.keeps.is_empty() {
                        self.wishes = Wishes::default();
                    }
                    // Another escalation begins with its first step.
                    if known > 0 && joined.keeps.is_empty() {
                        self.restart(None);
                    }
                }
            }
            Event::Noted(_)
            | Event::Ticked(_)
            | Event::Drafted(_)
            | Event::Approved(_)
            | Event::ApprovalWaived(_)
            | Event::Posted(_)
            | Event::LookedUp(_)
            | Event::Asked(_)
            | Event::AskAnswered(_)
            | Event::Pressed(_)
            | Event::Answered(_)
            | Event::Promised(_)
            | Event::Reminded => self.incident.fold(entry),
            Event::Withheld(withheld) => self.course.withhold(withheld, entry.at),
            Event::NobodyOnCall(_) | Event::Feedback(_) => {}
            Event::NobodyNotified => self.nobody_notified = true,
        }
    }

    /// The calls begin again from the first step on.
    fn restart(&mut self, first: Option<String>) {
        self.receivers.values_mut().for_each(ReceiverState::reopen);
        self.waiting.clear();
        self.course.restart(first);
    }

    /// The newest step of a route that was made.
    pub(super) fn newest_place(&self, route: u32) -> Option<Place> {
        let called = self.receivers.values().filter_map(|state| state.newest_call_of(route)).max();
        let nobody = self.course.nobody.range(of_route(route)).next_back().map(|(place, _)| *place);
        let withheld = self.course.withheld_of(route).map(|(place, _)| place).max();
        called.max(nobody).max(withheld)
    }

    /// The newest steps that were made, one of each route.
    fn newest_places(&self) -> Vec<Place> {
        let routes = self.incident.routes().into_iter().map(|(route, _)| route);
        let routes: Vec<u32> = if self.incident.groups.is_empty() { vec![0] } else { routes.collect() };
        routes.into_iter().filter_map(|route| self.newest_place(route)).collect()
    }

    /// Where the incident stands, of what a message says beside its figures.
    fn said(&self) -> Said {
        Said {
            exhausted: self.incident.exhausted,
            calls_ended: self.incident.calls_ended,
            after_closing: self.incident.resolved.is_some(),
            reopenings: self.incident.reopened.as_ref().map_or(0, |reopening| reopening.number),
            back: self.incident.back.as_ref().map(|back| back.stamp.at),
            restarts: self.incident.restarted.map_or(0, |restart| restart.number),
            reminded: self.incident.reminded,
        }
    }

    /// What a message to a receiver that is about to be sent tells that it has not heard.
    pub(super) fn occasion(&self, attempt: &Attempt, now: Timestamp) -> Occasion {
        let Some(state) = self.receivers.get(&attempt.receiver) else { return Occasion::First };
        let since = self.first_begun().unwrap_or(now);
        let (signals, before) = state.heard.unwrap_or((0, Said::default()));
        let said = state.said;
        let is_back = state.reopened_page && !self.over();
        match attempt.action {
            Action::Resolve => Occasion::Over,
            Action::Acknowledge => Occasion::Acknowledged,
            Action::Trigger if state.heard.is_none() => Occasion::First,
            Action::Trigger | Action::Update if said.reopenings > before.reopenings => Occasion::OpenAgain,
            Action::Trigger | Action::Update if said.back.is_some() && said.back != before.back => Occasion::Back,
            Action::Trigger | Action::Update if said.restarts > before.restarts => match self.incident.restarted {
                Some(Restart { reason: RestartReason::RanOut, .. }) => Occasion::NotHeardOf,
                Some(Restart { reason: RestartReason::Doubled, .. }) => Occasion::Doubled,
                Some(Restart { reason: RestartReason::PageGivenBack, .. }) => Occasion::CalledAgain { since },
                _ => Occasion::Worse,
            },
            Action::Trigger | Action::Update if is_back => Occasion::OpenAgain,
            Action::Trigger if state.told == Told::No => Occasion::First,
            Action::Trigger => Occasion::CalledAgain { since },
            Action::Update if self.over() => Occasion::GoesOn,
            Action::Update if said.reminded.is_some() && said.reminded != before.reminded => Occasion::StillYours,
            Action::Update if said.exhausted && !before.exhausted => Occasion::NobodyCame { since },
            Action::Update if said.calls_ended && !before.calls_ended => Occasion::CallsEnded,
            Action::Update if state.is_worse || (self.shared().is_none() && self.risen_since(signals)) => {
                Occasion::Worse
            }
            Action::Update => Occasion::Figures,
        }
    }

    fn signalled(&mut self, signal: &Signal) {
        let before = &self.incident.signal;
        let changed = (before.observed, before.counts, before.kind, before.severity)
            != (signal.observed, signal.counts, signal.kind, signal.severity);
        self.signals = self.signals.saturating_add(1);
        if changed {
            self.changed = self.signals;
        }
        let risen = signal.severity < self.incident.severity;
        if risen {
            self.risen = self.signals;
        }
        // Half as many again is a rise: fewer would be one at every look at an incident that goes on.
        if risen || signal.observed > self.height.saturating_add(self.height / 2) {
            self.grown = self.signals;
            self.height = signal.observed.max(self.height);
        }
        self.pages |= signal.pages();
    }

    /// It is over, and all that shares its page: the all-clear has come, or a person said so, or nobody sees any more
    /// how it goes on.
    pub(super) fn over(&self) -> bool {
        match self.shared() {
            Some(party) => party.is_over(),
            None => self.is_over_itself(),
        }
    }

    /// It is over, whatever becomes of others on its page.
    pub(super) fn is_over_itself(&self) -> bool {
        self.incident.resolved.is_some() || self.ended()
    }

    /// Where the page of a route stands that it carries, until it was told.
    pub(super) fn telling(&self, route: u32) -> Option<Telling> {
        let telling = *self.party.as_ref()?.telling.get(&route)?;
        self.route_begun(route).is_none().then_some(telling)
    }

    /// Whether it came to the page of another by this route: that tells of it, also where nothing more is known of the
    /// other.
    pub(super) fn is_guest(&self, route: u32) -> bool {
        let joined = self.incident.routes().into_iter().find(|(number, _)| *number == route);
        joined.is_some_and(|(_, joined)| joined.sharing.is_some() && !joined.is_begun_by(&self.incident.id))
    }

    /// Whether another incident carries its page of this route.
    pub(super) fn follows(&self, route: u32) -> bool {
        self.party.as_ref().is_some_and(|party| party.followed.contains(&route))
    }

    /// The incidents that are on its page with it, where there are any.
    pub(super) fn shared(&self) -> Option<&Party> {
        self.party.as_ref().filter(|party| party.is_shared())
    }

    /// What its page shows of the members of its groups, where it carries one.
    pub(super) fn shows(&self) -> Option<Shows> {
        self.party.as_ref().map(|party| party.shows).filter(|shows| shows.members > 0)
    }

    /// The highest severity so far, of those on its page.
    pub(super) fn severity(&self) -> u8 {
        self.shared().map_or(self.incident.severity, |party| party.shows.worst)
    }

    /// The number of the newest signal that changed the figures.
    pub(super) fn newest_change(&self) -> u32 {
        self.changed
    }

    /// Who has it, and since when that is so.
    pub(super) fn held(&self) -> Held {
        let by = self.incident.acknowledged.as_ref().map(|stamp| stamp.by.clone());
        Held { since: self.held_since, by }
    }

    /// The highest severity that its messages told, or that its calls began again for.
    pub(super) fn told_worst(&self) -> Option<u8> {
        let told = self.receivers.values().filter_map(|state| state.told_worst);
        told.chain(self.incident.restarted.and_then(|restart| restart.severity)).min()
    }

    /// That the calls begin again, as it is to be written.
    pub(super) fn next_restart(&self, reason: RestartReason, severity: Option<u8>) -> Restart {
        let number = self.incident.restarted.map_or(0, |known| known.number).saturating_add(1);
        Restart { number, reason, severity }
    }

    /// It is over: nothing that comes opens it again.
    pub(super) fn ended(&self) -> bool {
        self.incident.is_final()
    }

    /// Whether nothing more can come of it. What a person closed may rise or go on, for as long as its watch is
    /// watched.
    pub(super) fn is_finished(&self, settings: &Settings) -> bool {
        self.ended() || (self.is_over_itself() && !(self.pages && settings.watches(&self.incident.watch)))
    }

    /// Whether people have it, or had it: nobody else needs to be called.
    pub(super) fn is_handled(&self) -> bool {
        let incident = &self.incident;
        match self.shared().filter(|party| !party.is_over()) {
            // That it is closed itself says nothing of the others.
            Some(_) => incident.acknowledged.is_some() && incident.acknowledgement.is_complete(),
            None => incident.is_handled(),
        }
    }

    /// Whether the figures changed after the signal with the given number.
    pub(super) fn news_since(&self, signals: u32) -> bool {
        self.changed > signals
    }

    /// Whether the count or the severity rose after the signal with the given number.
    pub(super) fn grown_since(&self, signals: u32) -> bool {
        self.grown > signals
    }

    /// Whether some receiver was told of it.
    pub(super) fn anybody_told(&self) -> bool {
        self.receivers.values().any(|state| state.told == Told::Yes)
    }

    /// Whether nobody was told of it, and the ledger does not say so yet.
    pub(super) fn is_untold(&self) -> bool {
        self.pages && self.receivers.is_empty() && !self.nobody_notified
    }

    /// Whether the severity rose after the signal with the given number.
    pub(super) fn risen_since(&self, signals: u32) -> bool {
        self.risen > signals
    }

    /// When the first step of a route was made: the first attempt, or that there was nobody.
    pub(super) fn route_begun(&self, route: u32) -> Option<Timestamp> {
        let calls = self.receivers.values().filter_map(|state| state.first_begun_of(route));
        let nobody = self.course.nobody.range(of_route(route)).map(|(_, at)| *at);
        calls.chain(nobody).chain(self.course.withheld_of(route).map(|(_, at)| at)).min()
    }

    /// When the first step was made: the first attempt, or that there was nobody.
    pub(super) fn first_begun(&self) -> Option<Timestamp> {
        let calls = self.receivers.values().filter_map(ReceiverState::first_begun);
        calls.chain(self.course.nobody.values().copied()).min()
    }
}

/// Whether a person who has an incident shows by this that they are there. What is written because of another incident
/// of its page is no sign.
fn is_sign_of_life(event: &Event) -> bool {
    let by_person = event.person().is_some_and(|by| by.via != GROUP);
    by_person && !matches!(event, Event::Escalated(_) | Event::Feedback(_) | Event::GivenBack(_))
}
