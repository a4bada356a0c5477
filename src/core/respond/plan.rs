//! What one incident wants done now, and when it is to be looked at again. Pure: of incident, settings and time.

use std::collections::BTreeMap;

use crate::settings::types::Escalation;
use orszem_records::time::Timestamp;

use super::escalation::{Calls, Place, course};
use super::receiver_state::{Progress, ReceiverState, Told};
use super::settings::Settings;
use super::tracked::Tracked;
use orszem_records::ledger::{Action, Attempt};

/// How long a resolve is repeated to a receiver that must be kept firing (Alertmanager wants five minutes).
const RESOLVE_REPEAT_MS: i64 = 5 * 60 * 1000;

/// An alert is not repeated more often than this, whatever the receiver says.
const SHORTEST_REFRESH_MS: i64 = 1_000;

/// What an incident wants done now.
#[derive(Debug, Default)]
pub(super) struct Plan {
    /// The entries it wants written.
    pub(super) commands: Vec<Command>,
    /// The receivers to which the newest message is to be repeated, to keep it firing.
    pub(super) refresh: Vec<String>,
    /// The steps whose calls are wanted and not begun.
    pub(super) waiting: Vec<Place>,
    /// When there will be more to do; always after now.
    pub(super) wake: Option<Timestamp>,
}

/// An entry that an incident wants written.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Command {
    /// A try to send a message, wanted since a time.
    Try(Attempt, Timestamp),
    /// The named escalation is spent.
    Spent(String),
    /// It is over and there was nobody to tell.
    Untold,
}

impl Plan {
    /// Nothing is left to do, now or later.
    pub(super) fn done(&self) -> bool {
        self.commands.is_empty() && self.refresh.is_empty() && self.wake.is_none()
    }

    fn wake_at(&mut self, at: Timestamp) {
        self.wake = Some(self.wake.map_or(at, |wake| wake.min(at)));
    }
}

/// A call of the escalation: its place and since when it is due.
type Due = (Place, Timestamp);

/// What the incident wants done at `now`.
pub(super) fn plan(tracked: &Tracked, settings: &Settings, now: Timestamp) -> Plan {
    let mut plan = Plan::default();
    let escalation = settings.escalation(&tracked.incident.watch);
    let calls = match escalation {
        Some(escalation) if tracked.over() => last_calls(tracked, escalation, now),
        Some(escalation) => due_calls(tracked, escalation, settings, now, &mut plan),
        None => BTreeMap::new(),
    };

    for (receiver, (place, due)) in &calls {
        if !tracked.receivers.contains_key(*receiver) {
            plan.commands.push(Command::Try(first_call(tracked, receiver, *place), *due));
        }
    }
    for (receiver, state) in &tracked.receivers {
        let call = calls.get(receiver.as_str()).copied();
        Next { tracked, receiver, state, call, settings, now }.plan(&mut plan);
    }

    let nobody_to_tell = tracked.over() && tracked.pages && tracked.receivers.is_empty() && calls.is_empty();
    if nobody_to_tell && !tracked.taken() && !tracked.incident.spent && !tracked.untold {
        plan.commands.push(Command::Untold);
    }
    plan
}

/// The calls of an incident that is over: who should have been told first, and was not yet.
fn last_calls<'a>(tracked: &Tracked, escalation: &'a Escalation, now: Timestamp) -> BTreeMap<&'a str, Due> {
    if !tracked.pages || tracked.taken() || tracked.untold {
        return BTreeMap::new();
    }
    let first = escalation.steps.first().map_or(&[][..], |step| &step.receivers);
    let untold = first.iter().filter(|receiver| !tracked.receivers.contains_key(*receiver));
    untold.map(|receiver| (receiver.as_str(), (Place::default(), now))).collect()
}

/// The newest call of each receiver that is due and not met.
fn due_calls<'a>(
    tracked: &Tracked,
    escalation: &'a Escalation,
    settings: &Settings,
    now: Timestamp,
    plan: &mut Plan,
) -> BTreeMap<&'a str, Due> {
    let mut due_calls = BTreeMap::new();
    if !tracked.pages || tracked.taken() || tracked.incident.spent {
        return due_calls;
    }
    let waiting = |place: Place| tracked.waiting.get(&place).copied().unwrap_or(now);
    let start = tracked.first_begun().unwrap_or_else(|| waiting(Place::default()));
    let newest = tracked.receivers.values().filter_map(ReceiverState::newest_call).max();
    let receivers = |place: Place| {
        let step = usize::try_from(place.step).ok().and_then(|step| escalation.steps.get(step));
        step.map_or(&[][..], |step| &step.receivers)
    };

    let course = course(escalation, start, now, |place, due| {
        let receivers = || receivers(place).iter().map(|receiver| tracked.receivers.get(receiver));
        let callable = |state: Option<&ReceiverState>| {
            state.is_none_or(|state| {
                let free = match state.progress(settings, now) {
                    Progress::Idle => true,
                    Progress::UnderWay(_) => false,
                    Progress::Again(_) => state.attempt.action != Action::Trigger,
                };
                free && !state.met(place, due)
            })
        };
        let mut begun = receivers().flatten().filter_map(|state| state.begun(place)).min();
        // A step that was passed over, because its receivers were still being called for an earlier one, stays so.
        if begun.is_none() && newest < Some(place) && receivers().any(callable) {
            plan.waiting.push(place);
            begun = Some(waiting(place));
        }
        let mut failures = receivers().map(|state| state.and_then(|state| state.failed(place, settings, now)));
        let failed = failures.try_fold(due, |latest, failed| Some(latest.max(failed?)));
        Calls { begun, failed }
    });

    for (place, due) in course.due {
        for receiver in receivers(place) {
            if tracked.receivers.get(receiver).is_none_or(|state| !state.met(place, due)) {
                due_calls.insert(receiver.as_str(), (place, due));
            }
        }
    }
    if course.spent {
        plan.commands.push(Command::Spent(escalation.name.clone()));
    }
    if let Some(next) = course.next {
        plan.wake_at(next);
    }
    due_calls
}

fn first_call(tracked: &Tracked, receiver: &str, place: Place) -> Attempt {
    Attempt {
        message: message(tracked, receiver, 0),
        receiver: receiver.to_owned(),
        action: Action::Trigger,
        revision: 0,
        try_number: 0,
        step: place.step,
        round: place.round,
        signals: tracked.signals,
    }
}

fn message(tracked: &Tracked, receiver: &str, revision: u32) -> String {
    format!("{}/{receiver}/{revision}", tracked.incident.id)
}

/// What is next for a receiver that was called before.
struct Next<'a> {
    tracked: &'a Tracked,
    receiver: &'a str,
    state: &'a ReceiverState,
    call: Option<Due>,
    settings: &'a Settings,
    now: Timestamp,
}

impl Next<'_> {
    fn plan(&self, plan: &mut Plan) {
        match self.state.progress(self.settings, self.now) {
            Progress::UnderWay(until) => plan.wake_at(until),
            Progress::Again(at) if !self.overtaken() => {
                if at <= self.now {
                    plan.commands.push(Command::Try(self.again(), at));
                } else {
                    plan.wake_at(at);
                }
            }
            Progress::Again(_) | Progress::Idle => self.next_message(plan),
        }
    }

    /// Whether the message that waits for its next try has nothing to say any more.
    fn overtaken(&self) -> bool {
        let over = self.tracked.over();
        match self.state.attempt.action {
            Action::Trigger => self.tracked.taken() || (over && self.state.told == Told::Yes),
            Action::Update => over || self.call.is_some() || self.wants_acknowledge(),
            Action::Acknowledge => over,
            Action::Resolve => false,
        }
    }

    fn next_message(&self, plan: &mut Plan) {
        if self.tracked.over() {
            let told = self.state.told_at(self.settings, self.now);
            if told >= Told::Maybe && self.state.resolved.is_none() {
                return plan.commands.push(Command::Try(self.message(Action::Resolve, None), self.now));
            }
            return self.keep_firing(plan);
        }
        if let Some((place, due)) = self.call {
            return plan.commands.push(Command::Try(self.message(Action::Trigger, Some(place)), due));
        }
        if self.wants_acknowledge() {
            return plan.commands.push(Command::Try(self.message(Action::Acknowledge, None), self.now));
        }
        match self.update_due() {
            Some(due) if due <= self.now => {
                return plan.commands.push(Command::Try(self.message(Action::Update, None), due));
            }
            Some(due) => plan.wake_at(due),
            None => {}
        }
        self.keep_firing(plan);
    }

    fn wants_acknowledge(&self) -> bool {
        let able = self.settings.capabilities(self.receiver).is_some_and(|able| able.acknowledges || able.updates);
        able && self.tracked.incident.acknowledged.is_some() && self.state.told == Told::Yes && !self.state.acknowledged
    }

    /// When the receiver is to hear of what is new since its newest message: a rise in severity and a spent escalation
    /// at once, newer figures at the interval.
    fn update_due(&self) -> Option<Timestamp> {
        let capabilities = self.settings.capabilities(self.receiver)?;
        if self.state.told != Told::Yes {
            return None;
        }
        let signals = self.state.attempt.signals;
        let spent = self.tracked.incident.spent && !self.state.says_spent;
        if self.tracked.risen_since(signals) || (capabilities.updates && spent) {
            return Some(self.now);
        }
        let news = capabilities.updates && self.tracked.news_since(signals);
        news.then(|| self.state.last_at().plus(self.settings.respond.update_interval.millis()))
    }

    /// An alert that must be repeated ends by itself when its watch is gone from the configuration.
    fn keep_firing(&self, plan: &mut Plan) {
        let interval = self.settings.capabilities(self.receiver).and_then(|able| able.keep_firing);
        let Some(interval) = interval else { return };
        if self.state.told != Told::Yes || !self.settings.watches(&self.tracked.incident.watch) {
            return;
        }
        let interval_ms = i64::try_from(interval.as_millis()).unwrap_or(i64::MAX).max(SHORTEST_REFRESH_MS);
        let last = self.state.refreshed.map_or(self.state.last_at(), |at| at.max(self.state.last_at()));
        let due = last.plus(interval_ms);
        if self.tracked.over() {
            let until = self.state.resolved.filter(|_| self.state.accepted()).map(|at| at.plus(RESOLVE_REPEAT_MS));
            if until.is_none_or(|until| due > until || self.now > until) {
                return;
            }
        }
        if due <= self.now {
            plan.refresh.push(self.receiver.to_owned());
        } else {
            plan.wake_at(due);
        }
    }

    /// The same message, tried once more. It says what is known now.
    fn again(&self) -> Attempt {
        let attempt = &self.state.attempt;
        Attempt { try_number: attempt.try_number + 1, signals: self.tracked.signals, ..attempt.clone() }
    }

    fn message(&self, action: Action, place: Option<Place>) -> Attempt {
        let revision = self.state.attempt.revision.saturating_add(1);
        let place = place.or(self.state.newest_call()).unwrap_or_default();
        Attempt {
            message: message(self.tracked, self.receiver, revision),
            receiver: self.receiver.to_owned(),
            action,
            revision,
            try_number: 0,
            step: place.step,
            round: place.round,
            signals: self.tracked.signals,
        }
    }
}
