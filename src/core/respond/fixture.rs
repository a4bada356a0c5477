//! A configuration, signals and what ledger entries say, for tests. The tests of the shell include this file, so it
//! names crates and not `crate`.

use orszem_core::settings::Config;
use orszem_core::settings::span::Span;
use orszem_core::settings::{Escalation, Step, Watch};
use orszem_records::ledger::{Delivery, Entry, Event};
use orszem_records::signal::{Counts, Kind, Phase, Signal};
use orszem_records::time::Timestamp;

/// Five minutes a step.
pub(crate) fn config(repeat: u32, steps: &[&[&str]]) -> Config {
    let mut config: Config = toml::from_str("").unwrap();
    let step = |receivers: &&[&str]| Step {
        receivers: receivers.iter().map(|&name| name.to_owned()).collect(),
        acknowledge_within: Span::from_secs(300),
        ..Step::default()
    };
    config.escalations = vec![Escalation {
        name: "crisis".into(),
        repeat,
        steps: steps.iter().map(step).collect(),
        ..Escalation::default()
    }];
    config.watches = vec![watch("acme", Some("crisis"))];
    config
}

pub(crate) fn watch(name: &str, escalation: Option<&str>) -> Watch {
    let escalation = escalation.map(str::to_owned);
    Watch { name: name.into(), terms: vec![name.into()], escalation, ..Watch::default() }
}

pub(crate) fn signal(phase: Phase, kind: Kind, severity: u8, observed: u64) -> Signal {
    let counts = Counts { mentions: observed, ..Counts::default() };
    Signal { severity, observed, counts, ..Signal::plain(phase, kind, Timestamp(0)) }
}

pub(crate) fn describe(entry: &Entry) -> String {
    match &entry.event {
        Event::Signal(signal) => format!("{:?} {} {}", signal.phase, signal.severity, signal.observed),
        Event::Attempt(attempt) => {
            let again = if attempt.try_number == 0 { String::new() } else { format!(" try {}", attempt.try_number) };
            format!("{} {}/{}{again}", attempt.action.name(), attempt.receiver, attempt.revision)
        }
        Event::Outcome(outcome) => {
            let result = match &outcome.result {
                Delivery::Accepted { .. } => "accepted",
                Delivery::Retry { .. } => "retry",
                Delivery::Failed { .. } => "failed",
            };
            format!("{result} {}", outcome.message.trim_start_matches("acme.1/"))
        }
        Event::Acknowledged(by) => format!("acknowledged by {}", by.by),
        Event::TakenOver(by) => format!("taken over by {}", by.by),
        Event::HandedOver(over) => format!("handed over by {} to {}", over.by.by, over.to),
        Event::Known(known) => format!("known by {}", known.by.by),
        Event::GivenBack(by) => format!("given back by {}", by.by),
        Event::Noted(note) => format!("noted by {}", note.by.by),
        Event::Ticked(tick) => format!("ticked by {}: {}", tick.by.by, tick.item),
        Event::Drafted(draft) => format!("drafted by {}", draft.by.by),
        Event::Approved(approval) => format!("{} approved by {}", approval.revision, approval.by.by),
        Event::ApprovalWaived(waiver) => format!("{} may go out without approval", waiver.revision),
        Event::Posted(post) => format!("{} posted by {}", post.revision, post.by.by),
        Event::LookedUp(look_up) => format!("{} looked up by {}", look_up.account, look_up.by.by),
        Event::Asked(asked) => format!("{} asked: {}", asked.ask.whose, asked.ask.ask.name()),
        Event::AskAnswered(answered) => format!("{} answered", answered.receiver),
        Event::Pressed(press) => format!("pressed by {}: {}", press.by.by, press.button),
        Event::Answered(answer) => format!("answered {}: {}", answer.press, answer.result.name()),
        Event::Promised(promise) => format!("promised by {}: {}", promise.by.by, promise.text),
        Event::Escalated(wish) => format!("next step asked for by {}", wish.by.by),
        Event::NobodyOnCall(step) => format!("nobody on call in step {}/{}", step.round, step.step),
        Event::Withheld(withheld) => format!("withheld {}", withheld.receiver),
        Event::Reminded => "reminded".into(),
        Event::CallsRestarted(restart) => format!("calls restarted: {}", restart.reason.name()),
        Event::ClosingUndone(by) => format!("closing undone by {}", by.by),
        Event::Resolved(closing) => format!("resolved by {}", closing.by.by),
        Event::Reopened(reopening) => format!("reopened {} above {}", reopening.number, reopening.height.count),
        Event::Ended { reason } => format!("ended: {}", reason.name()),
        Event::CallsEnded => "calls ended".into(),
        Event::JoinedGroup(joined) => format!("joined {}", joined.group),
        Event::EscalationExhausted { .. } => "exhausted".into(),
        Event::Feedback(feedback) => format!("feedback by {}", feedback.by.by),
        Event::NobodyNotified => "nobody-notified".into(),
    }
}
