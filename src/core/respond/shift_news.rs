//! Shift news: who comes on call while somebody has the incident hears once, quietly, that they have it. Nobody is
//! called for that. What was told stands in the ledger, so that no copy tells it again.

use orszem_records::ledger::{Attempt, person_of};
use orszem_records::time::Timestamp;

use super::deliver;
use super::escalate::timetable::Place;
use super::route::route;
use super::settings::Settings;
use super::tracked::Tracked;

/// What is to be told of a change of shift.
#[derive(Debug, Default)]
pub(super) struct ShiftNews {
    /// The messages.
    pub(super) messages: Vec<Attempt>,
    /// When there may be more.
    pub(super) next: Option<Timestamp>,
}

/// Who has come on call, in the steps that were made, since somebody took the incident.
pub(super) fn news(tracked: &Tracked, settings: &Settings, now: Timestamp) -> ShiftNews {
    let mut news = ShiftNews::default();
    let incident = &tracked.incident;
    let (Some(taken), Some(newest)) = (&incident.acknowledged, tracked.newest_place()) else { return news };
    let Some(route) = route(incident, settings).filter(|_| tracked.pages && !tracked.over()) else { return news };
    let steps = (0..=newest.step).filter_map(|step| route.step(Place { step, ..newest }));
    for rotation in steps.flat_map(|step| &step.rotations) {
        let before = settings.roster.on_call(rotation, taken.at);
        let mut next = settings.roster.next_change(rotation, now);
        for person in settings.roster.on_call(rotation, now) {
            let was_told = tracked.receivers.keys().any(|receiver| person_of(receiver) == Some(&person));
            if was_told || before.contains(&person) || taken.by.person.as_ref() == Some(&person) {
                continue;
            }
            let Some(way) = quiet_way(&person, settings) else { continue };
            match settings.quiet_until(&person, incident.severity, now) {
                Some(until) => next = next.into_iter().chain([until]).min(),
                None if news.messages.iter().all(|message| message.receiver != way) => {
                    news.messages.push(deliver::quiet(tracked, &way, newest));
                }
                None => {}
            }
        }
        news.next = news.next.into_iter().chain(next).min();
    }
    news
}

/// The first way of a person that can say that somebody has it, without calling.
fn quiet_way(person: &str, settings: &Settings) -> Option<String> {
    let (ways, _) = settings.ways(person)?;
    let able = |way: &&String| {
        let able = settings.capabilities(way);
        able.is_some_and(|able| (able.acknowledges || able.updates) && !able.calls_itself)
    };
    ways.iter().find(able).cloned()
}
