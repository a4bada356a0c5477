//! Plan: puts the steps together to say what one incident wants done now, and when it is to be looked at again.

use orszem_records::ledger::{Action, Attempt, EmptyStep, EndReason, Joined, Reopening, Restart};
use orszem_records::time::Timestamp;

use super::dedup::{self, News};
use super::deliver::{self, Progress, recall};
use super::escalate::timetable::Place;
use super::escalate::{self, Due, Turn};
use super::hold::{self, Wanted};
use super::keep_firing;
use super::mute;
use super::receiver_state::ReceiverState;
use super::reopen;
use super::route::{self, route};
use super::settings::Settings;
use super::shift_news::{self, ShiftNews};
use super::tracked::Tracked;
use crate::routing::quiet::Quiet;

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
    /// The named escalation is exhausted.
    Exhausted(String),
    /// It is over and there was nobody to tell.
    NobodyNotified,
    /// It rose above the height at which a person closed it.
    Reopen(Reopening),
    /// It is over, and this is why.
    End(EndReason),
    /// Its watch names no escalation any more: nobody else is called.
    CallsEnded,
    /// It takes a route.
    Join(Joined),
    /// A step found nobody whom it could call.
    NobodyOnCall(EmptyStep),
    /// The person who has it is to give another sign of life.
    Remind,
    /// The calls begin again.
    Restart(Restart),
}

impl Command {
    /// Where it stands among the commands of all incidents, for an incident of this severity: calls come before news;
    /// within that the worst, and then what has waited longest.
    pub(super) fn rank(&self, severity: u8) -> (u8, u8, Timestamp) {
        match self {
            Command::Exhausted(_)
            | Command::NobodyNotified
            | Command::Reopen(_)
            | Command::End(_)
            | Command::CallsEnded
            | Command::Join(_)
            | Command::NobodyOnCall(_)
            | Command::Remind
            | Command::Restart(_) => (0, 0, Timestamp(i64::MIN)),
            Command::Try(attempt, since) => {
                let kind = match attempt.action {
                    Action::Trigger => 1,
                    Action::Resolve => 2,
                    Action::Acknowledge => 3,
                    Action::Update => 4,
                };
                (kind, severity, *since)
            }
        }
    }
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

/// What the incident wants done at `now`.
pub(super) fn plan(tracked: &Tracked, settings: &Settings, quiet: Option<&Quiet>, now: Timestamp) -> Plan {
    let mut plan = Plan::default();
    if let Some(command) = turn_of_events(tracked, settings, now) {
        plan.commands.push(command);
        return plan;
    }
    let turn = match route(&tracked.incident, settings).filter(|_| quiet.is_none()) {
        Some(route) if !mute::is_muted(tracked) => {
            let turn = escalate::turn(tracked, route, settings, now);
            if turn.exhausted {
                plan.commands.push(Command::Exhausted(route.escalation.name.clone()));
            }
            turn
        }
        Some(route) if mute::waits_for_anybody(tracked) => escalate::fallback_turn(tracked, route, now),
        _ => Turn::default(),
    };
    plan.wake = turn.next;
    if let Some(at) = quiet.and_then(|quiet| quiet.ask_at) {
        plan.wake_at(at.max(now.plus(1)));
    }
    if let Some(at) = hold::next(tracked, settings) {
        plan.wake_at(at);
    }
    let restarts = tracked.course.restarts;
    let empty = turn.nobody.iter().map(|place| EmptyStep { restarts, round: place.round, step: place.step });
    plan.commands.extend(empty.map(Command::NobodyOnCall));

    for (receiver, due) in &turn.calls {
        if !tracked.receivers.contains_key(receiver) {
            let first = Attempt { terms: due.terms.clone(), ..deliver::first(tracked, receiver, due.place) };
            plan.commands.push(Command::Try(first, due.since));
        }
    }
    for (receiver, state) in &tracked.receivers {
        match quiet {
            None => plan_next(tracked, state, turn.calls.get(receiver), (settings, now), &mut plan),
            Some(_) => plan_quiet(tracked, state, (settings, now), &mut plan),
        }
    }
    if quiet.is_none() {
        let ShiftNews { messages, next } = shift_news::news(tracked, settings, now);
        plan.commands.extend(messages.into_iter().map(|message| Command::Try(message, now)));
        next.into_iter().for_each(|at| plan.wake_at(at));
    }
    if mute::ended_unheard(tracked, turn.calls.len()) {
        plan.commands.push(Command::NobodyNotified);
    }
    if let Some(at) = reopen::reminder_at(tracked).filter(|at| *at > now) {
        plan.wake_at(at);
    }
    plan.waiting = turn.waiting;
    plan
}

/// What changes where the incident stands, before anything else is decided.
fn turn_of_events(tracked: &Tracked, settings: &Settings, now: Timestamp) -> Option<Command> {
    if let Some(reopening) = reopen::wanted(tracked) {
        return Some(Command::Reopen(reopening));
    }
    if let Some(joined) = route::wanted(tracked, settings, now) {
        return Some(Command::Join(joined));
    }
    match hold::wanted(tracked, settings, now) {
        Some(Wanted::Restart(restart)) => return Some(Command::Restart(restart)),
        Some(Wanted::Reminder) => return Some(Command::Remind),
        None => {}
    }
    match route::cut_off(tracked, settings)? {
        true => Some(Command::End(EndReason::WatchRemoved)),
        false => (!tracked.incident.calls_ended).then_some(Command::CallsEnded),
    }
}

/// What is next for a receiver that was called before, while nobody is to be called: that somebody has it, and that it
/// is over.
fn plan_quiet(tracked: &Tracked, state: &ReceiverState, (settings, now): (&Settings, Timestamp), plan: &mut Plan) {
    match deliver::progress(state, settings, now) {
        Progress::UnderWay(until) => return plan.wake_at(until),
        Progress::Again(at) if matches!(state.attempt.action, Action::Resolve | Action::Acknowledge) => {
            return match at <= now {
                true => plan.commands.push(Command::Try(deliver::again(tracked, state), at)),
                false => plan.wake_at(at),
            };
        }
        Progress::Again(_) | Progress::Idle => {}
    }
    if let News::Due(action @ (Action::Resolve | Action::Acknowledge), since) =
        dedup::news(tracked, state, None, settings, now)
    {
        plan.commands.push(Command::Try(deliver::next(tracked, state, action, None), since));
    }
}

/// What is next for a receiver that was called before.
fn plan_next(
    tracked: &Tracked,
    state: &ReceiverState,
    call: Option<&Due>,
    (settings, now): (&Settings, Timestamp),
    plan: &mut Plan,
) {
    match deliver::progress(state, settings, now) {
        Progress::UnderWay(until) => return plan.wake_at(until),
        Progress::Again(at) if !dedup::is_superseded(tracked, state, call.is_some(), settings) => {
            return match at <= now {
                true => plan.commands.push(Command::Try(deliver::again(tracked, state), at)),
                false => plan.wake_at(at),
            };
        }
        Progress::Again(_) | Progress::Idle => {}
    }
    match dedup::news(tracked, state, call.map(|due| due.since), settings, now) {
        News::Due(action, since) => {
            let call = call.filter(|_| action == Action::Trigger);
            let next = deliver::next(tracked, state, action, call.map(|due| due.place));
            let terms = call.and_then(|due| due.terms.clone());
            return plan.commands.push(Command::Try(Attempt { terms, ..next }, since));
        }
        News::Later(at) => plan.wake_at(at),
        News::None => {}
    }
    match recall::due(tracked, state, settings) {
        Some(at) if at <= now => {
            return plan.commands.push(Command::Try(deliver::next(tracked, state, Action::Trigger, None), at));
        }
        Some(at) => plan.wake_at(at),
        None => {}
    }
    match keep_firing::due(tracked, state, settings, now) {
        Some(at) if at <= now => plan.refresh.push(state.attempt.receiver.clone()),
        Some(at) => plan.wake_at(at),
        None => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::respond::core_fixture::{accepted, attempt, capabilities, config, risen, signalled, tracked};
    use orszem_records::signal::{Kind, Phase};

    #[test]
    fn calls_come_before_the_end_of_others_and_those_before_figures() {
        let settings = Settings::new(&config(0, &[&["slack"], &["pager"]]), capabilities());
        let call = [attempt("slack", Action::Trigger, 0, 0), accepted("slack", 0, 0)];
        let opened = [signalled(Phase::Opened, Kind::Volume)];
        let risen = tracked(opened.into_iter().chain(call).chain([risen()]));
        let plan = plan(&risen, &settings, None, Timestamp(300_000));
        let mut commands: Vec<_> = plan.commands.iter().map(|command| (command.rank(2), command)).collect();
        commands.sort_by_key(|(rank, _)| *rank);
        let wanted = commands.iter().map(|(_, command)| match command {
            Command::Try(attempt, _) => format!("{} {}", attempt.action.name(), attempt.receiver),
            other => format!("{other:?}"),
        });
        assert_eq!(wanted.collect::<Vec<_>>(), ["trigger pager", "update slack"]);
        assert_eq!(plan.waiting, [Place { round: 0, step: 1 }]);
        assert_eq!(plan.wake, Some(Timestamp(600_000)), "when the second step has had its time");
        assert!(Command::Exhausted("crisis".into()).rank(4) < commands[0].0);
    }
}
