//! Asks: messages to single people while an incident goes on. Each is tried until a way takes it: several times by the
//! first, then by the next.

use orszem_records::ask::{Ask, AskKind, Asked, Asking};
use orszem_records::ledger::Delivery;
use orszem_records::statement::Waiver;
use orszem_records::time::Timestamp;

use super::deliver::retry;
use super::settings::Settings;
use super::tracked::Tracked;

/// The most tries by one way, where another one is left.
const TRIES: u32 = 3;

/// What is to be written now.
#[derive(Debug, Default)]
pub(super) struct Wanted {
    /// The tries to be made.
    pub(super) asked: Vec<Asked>,
    /// A statement may go out without an approval.
    pub(super) waiver: Option<Waiver>,
    /// When there will be more.
    pub(super) next: Option<Timestamp>,
}

/// Whom an incident has to ask or tell something at `now`. `is_quiet`: nobody is called for it now, because it is
/// silenced or the like; that somebody has it is no reason to remind nobody.
pub(super) fn wanted(tracked: &Tracked, settings: &Settings, is_quiet: bool, now: Timestamp) -> Wanted {
    let incident = &tracked.incident;
    // Who is called for nothing is reminded of nothing; whose page another incident carries is told there.
    let reminds = tracked.pages && !is_quiet && !tracked.is_over_itself() && incident.carrier().is_none();
    let is_idle = incident.statements.is_empty() && incident.look_ups.is_empty() && incident.promises.is_empty();
    if is_idle && !(reminds && settings.has_playbooks()) {
        return Wanted::default();
    }
    let mut due = settings.asks(incident, now);
    due.asks.retain(|ask| reminds || !ask.ask.is_reminder());
    // Once it is over, what was written before is asked of nobody any more.
    let written = incident.statements.newest().map(|newest| newest.at);
    if tracked.is_over_itself() && written.zip(incident.ended_at()).is_none_or(|(written, ended)| written < ended) {
        due.asks.retain(|ask| ask.ask == AskKind::LookedUp);
        (due.waiver, due.next) = (None, None);
    }
    due.asks.sort();
    due.asks.dedup();
    let mut wanted = Wanted { asked: Vec::new(), waiver: due.waiver, next: due.next };
    for ask in due.asks {
        let next = match incident.asks.of(&ask) {
            // A reminder that made room for others is not sent again.
            None if incident.asks.is_full() && ask.ask.is_reminder() => continue,
            None => first(ask, settings, incident.severity, now),
            Some(asking) => again(ask, asking, settings, now),
        };
        match next {
            Next::Now(asked) => wanted.asked.push(asked),
            Next::At(at) => wanted.next = wanted.next.into_iter().chain([at]).min(),
            Next::Never => {}
        }
    }
    wanted
}

/// What is next for one asking.
enum Next {
    Now(Asked),
    At(Timestamp),
    Never,
}

fn first(ask: Ask, settings: &Settings, severity: u8, now: Timestamp) -> Next {
    match settings.quiet_until(&ask.whose, severity, now) {
        Some(until) => Next::At(until),
        None => Next::Now(Asked { receiver: settings.quiet_ways(&ask.whose).first().cloned(), ask, try_number: 0 }),
    }
}

fn again(ask: Ask, asking: &Asking, settings: &Settings, now: Timestamp) -> Next {
    let Some(receiver) = &asking.receiver else { return Next::Never };
    let (failed, at) = match &asking.answer {
        Some((Delivery::Accepted { .. }, _)) => return Next::Never,
        Some((Delivery::Failed { .. }, at)) => (true, *at),
        Some((Delivery::Retry { after_ms, .. }, at)) => {
            // Reminders that went in one message are tried again together.
            let of = if ask.ask.is_reminder() { String::new() } else { ask.of.clone() };
            let alike = Ask { of, ..ask.clone() };
            let message = Asked { ask: alike, receiver: asking.receiver.clone(), try_number: 0 }.message("");
            let wait = retry::personal_wait_ms(&settings.respond, &message, asking.try_number, *after_ms);
            (false, at.plus(wait))
        }
        // The copy that was sending may have died.
        None => (false, asking.at.plus(settings.attempt_timeout_ms())),
    };
    let ways = settings.quiet_ways(&ask.whose);
    let after = ways.iter().position(|way| way == receiver).and_then(|place| ways.get(place + 1));
    let tries = asking.try_number.saturating_add(1);
    if asking.answer.is_none() && at > now {
        return Next::At(at);
    }
    let way = match after {
        Some(after) if failed || tries.is_multiple_of(TRIES) => after,
        _ if failed || tries >= settings.respond.retry_limit => return Next::Never,
        _ if at > now => return Next::At(at),
        _ => receiver,
    };
    // A way that is gone from the configuration takes nothing: the first of those that are there does.
    let way = if ways.contains(way) { Some(way) } else { ways.first() };
    match way {
        Some(way) => Next::Now(Asked { ask, receiver: Some(way.clone()), try_number: tries }),
        None => Next::Never,
    }
}

#[cfg(test)]
#[path = "asks_tests.rs"]
mod tests;
