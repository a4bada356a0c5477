//! Shift news: who comes on call while somebody has the incident hears once, quietly, that they have it. Nobody is
//! called for that. What was told stands in the ledger, so that no copy tells it again.

use orszem_records::ledger::{Attempt, person_of};
use orszem_records::time::Timestamp;

use super::deliver;
use super::escalate::timetable::Place;
use super::quieting::Quiets;
use super::route::{Route, routes};
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

/// Who has come on call, in the steps that were made, since somebody took the incident. Of a route for which nobody is
/// to be told anything nobody hears.
pub(super) fn news(tracked: &Tracked, settings: &Settings, quiets: &Quiets, now: Timestamp) -> ShiftNews {
    let mut news = ShiftNews::default();
    if !tracked.pages || tracked.over() {
        return news;
    }
    let told = routes(tracked, settings).into_iter().filter(|route| !quiets.contains_key(&route.number));
    for route in told {
        of_route(tracked, route, settings, now, &mut news);
    }
    news
}

fn of_route(tracked: &Tracked, route: Route<'_>, settings: &Settings, now: Timestamp, news: &mut ShiftNews) {
    let incident = &tracked.incident;
    let (Some(taken), Some(newest)) = (&incident.acknowledged, tracked.newest_place(route.number)) else { return };
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
