//! Plan: puts the steps together to say what one incident wants done now, and when it is to be looked at again.

use orszem_records::ask::Asked;
use orszem_records::ledger::{
    Action, Attempt, ByWhom, EmptyStep, EndReason, NextStep, Reopening, Restart, RestartReason,
};
use orszem_records::statement::Waiver;
use orszem_records::time::Timestamp;

use super::asks;
use super::dedup::{self, News};
use super::deliver::{self, Progress, recall};
use super::digest;
use super::escalate::timetable::Place;
use super::escalate::{self, Due, Turn};
use super::hold::{self, Wanted};
use super::keep_firing;
use super::mirror::{self, Mirrored};
use super::mute;
use super::quieting::Quiets;
use super::receiver_state::ReceiverState;
use super::reopen;
use super::route::{self, Taking, routes};
use super::settings::Settings;
use super::shift_news::{self, ShiftNews};
use super::tracked::Tracked;
use crate::routing::group::Telling;

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
    Join(Box<Taking>),
    /// A step found nobody whom it could call.
    NobodyOnCall(EmptyStep),
    /// The person who has it is to give another sign of life.
    Remind,
    /// The calls begin again.
    Restart(Restart),
    /// Somebody has it who has the page that it shares.
    Acknowledge(ByWhom),
    /// Somebody asked for the next step of another incident on its page.
    Escalate(NextStep),
    /// A person is asked or told something.
    Ask(Asked),
    /// A statement may go out without an approval.
    Waive(Waiver),
}

impl Command {
    /// Where it stands among the commands of all incidents, for an incident of this severity: calls come before news,
    /// and these before reminders; within that the worst, and then what has waited longest.
    pub(super) fn rank(&self, severity: u8) -> (u8, u8, Timestamp) {
        match self {
            Command::Ask(asked) if asked.ask.ask.is_reminder() => (5, severity, Timestamp(i64::MIN)),
            Command::Exhausted(_)
            | Command::NobodyNotified
            | Command::Reopen(_)
            | Command::End(_)
            | Command::CallsEnded
            | Command::Join(_)
            | Command::NobodyOnCall(_)
            | Command::Remind
            | Command::Acknowledge(_)
            | Command::Escalate(_)
            | Command::Ask(_)
            | Command::Waive(_)
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
pub(super) fn plan(tracked: &Tracked, settings: &Settings, quiets: &Quiets, now: Timestamp) -> Plan {
    let mut plan = Plan { commands: turn_of_events(tracked, settings, now), ..Plan::default() };
    if !plan.commands.is_empty() {
        return plan;
    }
    let mut turn = Turn::default();
    for route in routes(tracked, settings) {
        if quiets.contains_key(&route.number) || (tracked.over() && tracked.is_guest(route.number)) {
            continue;
        }
        match tracked.telling(route.number) {
            Some(Telling::Waits(until)) => {
                plan.wake_at(until);
                continue;
            }
            Some(Telling::CameAndWent) => continue,
            Some(Telling::Due) | None => {}
        }
        if mute::is_exhausted(tracked, &route.escalation.name) {
            if mute::waits_for_anybody(tracked) {
                turn.join(escalate::fallback_turn(tracked, route, now));
            }
        } else if !mute::is_muted(tracked) {
            let wanted = escalate::turn(tracked, route, settings, now);
            if wanted.exhausted {
                plan.commands.push(Command::Exhausted(route.escalation.name.clone()));
            }
            turn.join(wanted);
        }
    }
    if let Some(at) = turn.next {
        plan.wake_at(at);
    }
    let members = tracked.shared().and_then(|party| party.ask_at);
    for at in quiets.values().filter_map(|quiet| quiet.ask_at).chain(members) {
        plan.wake_at(at.max(now.plus(1)));
    }
    if let Some(at) = hold::next(tracked, settings) {
        plan.wake_at(at);
    }
    let restarts = tracked.course.restarts;
    let empty = turn.nobody.iter().map(|place| EmptyStep {
        restarts,
        route: place.route,
        round: place.round,
        step: place.step,
    });
    plan.commands.extend(empty.map(Command::NobodyOnCall));

    for (receiver, due) in &turn.calls {
        if !tracked.receivers.contains_key(receiver) {
            let (terms, also) = (due.terms.clone(), due.called_also());
            let first = Attempt { terms, also, ..deliver::first(tracked, receiver, due.place) };
            plan.commands.push(Command::Try(first, due.since));
        }
    }
    let digest = digest::wanted(tracked, |route| quiets.contains_key(&route), now);
    let told = digest.due.into_iter().filter(|(attempt, _)| !turn.calls.contains_key(&attempt.receiver));
    plan.commands.extend(told.map(|(attempt, since)| Command::Try(attempt, since)));
    if let Some(at) = digest.next {
        plan.wake_at(at);
    }
    for (receiver, state) in &tracked.receivers {
        if state.attempt.digest && !turn.calls.contains_key(receiver) {
            match digest::again(tracked, state, settings, now) {
                Ok((attempt, since)) => plan.commands.push(Command::Try(attempt, since)),
                Err(at) => plan.wake = plan.wake.into_iter().chain(at).min(),
            }
            continue;
        }
        match is_quiet(tracked, state, quiets) {
            false => plan_next(tracked, state, turn.calls.get(receiver), (settings, now), &mut plan),
            true => plan_quiet(tracked, state, (settings, now), &mut plan),
        }
    }
    let all_quiet = !quiets.is_empty() && quiets.len() >= tracked.incident.routes().len().max(1);
    let asks = asks::wanted(tracked, settings, all_quiet, now);
    plan.commands.extend(asks.waiver.map(Command::Waive));
    plan.commands.extend(asks.asked.into_iter().map(Command::Ask));
    asks.next.into_iter().for_each(|at| plan.wake_at(at.max(now.plus(1))));
    let ShiftNews { messages, next } = shift_news::news(tracked, settings, quiets, now);
    plan.commands.extend(messages.into_iter().map(|message| Command::Try(message, now)));
    next.into_iter().for_each(|at| plan.wake_at(at));
    if mute::ended_unheard(tracked, turn.calls.len()) {
        plan.commands.push(Command::NobodyNotified);
    }
    if let Some(at) = reopen::reminder_at(tracked).filter(|at| *at > now) {
        plan.wake_at(at);
    }
    plan.waiting = turn.waiting;
    plan
}

/// Whether nothing is told to a receiver but who has it and that it is over: it was called by routes that are all
/// quiet.
fn is_quiet(tracked: &Tracked, state: &ReceiverState, quiets: &Quiets) -> bool {
    let called = state.called_routes();
    match called.is_empty() {
        true => !quiets.is_empty() && quiets.len() >= tracked.incident.routes().len(),
        false => called.iter().all(|route| quiets.contains_key(route)),
    }
}

/// What changes where the incident stands, before anything else is decided.
fn turn_of_events(tracked: &Tracked, settings: &Settings, now: Timestamp) -> Vec<Command> {
    if let Some(reopening) = reopen::wanted(tracked) {
        return vec![Command::Reopen(reopening)];
    }
    let taking = route::wanted(tracked, settings, now);
    if !taking.is_empty() {
        return taking.into_iter().map(|taking| Command::Join(Box::new(taking))).collect();
    }
    match mirror::mirrored(tracked).or_else(|| mirror::escalated(tracked)) {
        Some(Mirrored::Has(by)) => return vec![Command::Acknowledge(by)],
        Some(Mirrored::GivenBack(restart)) => return vec![Command::Restart(restart)],
        Some(Mirrored::Escalated(wish)) => return vec![Command::Escalate(wish)],
        None => {}
    }
    if let Some(severity) = mirror::got_worse(tracked) {
        return vec![Command::Restart(tracked.next_restart(RestartReason::Worse, Some(severity)))];
    }
    match hold::wanted(tracked, settings, now) {
        Some(Wanted::Restart(restart)) => return vec![Command::Restart(restart)],
        Some(Wanted::Reminder) => return vec![Command::Remind],
        None => {}
    }
    match route::cut_off(tracked, settings) {
        Some(true) => vec![Command::End(EndReason::WatchRemoved)],
        Some(false) if !tracked.incident.calls_ended => vec![Command::CallsEnded],
        _ => Vec::new(),
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
            let also = call.map(Due::called_also).unwrap_or_default();
            return plan.commands.push(Command::Try(Attempt { terms, also, ..next }, since));
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
        let plan = plan(&risen, &settings, &Quiets::new(), Timestamp(300_000));
        let mut commands: Vec<_> = plan.commands.iter().map(|command| (command.rank(2), command)).collect();
        commands.sort_by_key(|(rank, _)| *rank);
        let wanted = commands.iter().map(|(_, command)| match command {
            Command::Try(attempt, _) => format!("{} {}", attempt.action.name(), attempt.receiver),
            other => format!("{other:?}"),
        });
        assert_eq!(wanted.collect::<Vec<_>>(), ["trigger pager", "update slack"]);
        assert_eq!(plan.waiting, [Place { step: 1, ..Place::default() }]);
        assert_eq!(plan.wake, Some(Timestamp(600_000)), "when the second step has had its time");
        assert!(Command::Exhausted("crisis".into()).rank(4) < commands[0].0);
    }
}
