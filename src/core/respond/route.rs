//! Route: an incident goes to the receivers that the escalation of its watch names, step by step.

use orszem_records::incident::Incident;
use orszem_records::ledger::Joined;
use orszem_records::time::Timestamp;

use crate::routing::tree::Target;
use crate::settings::{Escalation, Step};

use super::escalate::timetable::Place;
use super::settings::Settings;
use super::tracked::Tracked;

/// Where the incidents of a watch go.
#[derive(Clone, Copy, Debug)]
pub(super) struct Route<'a> {
    /// The escalation that they follow.
    pub(super) escalation: &'a Escalation,
}

/// Where an incident goes; `None` when its watch is gone or nobody is told.
pub(super) fn route<'a>(incident: &Incident, settings: &'a Settings) -> Option<Route<'a>> {
    settings.escalation(incident).map(|escalation| Route { escalation })
}

/// The route that an incident is to take, as it is to be written: when it first has to be told, and when it rises to
/// where another escalation is followed. It is never asked for a second time otherwise: a change of the configuration
/// moves no incident.
pub(super) fn wanted(tracked: &Tracked, settings: &Settings, now: Timestamp) -> Option<Joined> {
    let incident = &tracked.incident;
    let known = incident.groups.last();
    let risen = tracked.routed_severity.is_none_or(|then| incident.severity < then);
    if !tracked.pages || tracked.nobody_notified || !risen || (known.is_some() && tracked.over()) {
        return None;
    }
    let leaf = settings.leaf(&settings.facts(incident), now)?;
    let escalation = match leaf.target {
        Target::Escalation(name) => Some(name),
        Target::Digest(_) | Target::Nobody => None,
    };
    if known.is_some_and(|known| known.escalation == escalation) {
        return None;
    }
    let group = format!("{}/{}", incident.id, incident.groups.len() + 1);
    Some(Joined { group, route: leaf.route, escalation, key: leaf.key, tell_at: now })
}

/// Whether the configuration cuts off an incident that is not at its end: `true` where its watch is gone, `false` where
/// somebody else would be called and there is no escalation any more.
pub(super) fn cut_off(tracked: &Tracked, settings: &Settings) -> Option<bool> {
    let incident = &tracked.incident;
    if !settings.watches(&incident.watch) {
        return (!tracked.ended()).then_some(true);
    }
    let calls = tracked.pages && !tracked.is_handled() && !tracked.over() && !incident.exhausted;
    let was_called = !tracked.receivers.is_empty();
    (calls && was_called && route(incident, settings).is_none()).then_some(false)
}

/// Whether a receiver of this name is configured.
pub(super) fn exists(receiver: &str, settings: &Settings) -> bool {
    settings.capabilities(receiver).is_some()
}

impl<'a> Route<'a> {
    /// A step; `None` if the escalation has no such step, or no longer has it.
    pub(super) fn step(self, place: Place) -> Option<&'a Step> {
        usize::try_from(place.step).ok().and_then(|step| self.escalation.steps.get(step))
    }

    /// The receivers of a step; empty if the escalation has no such step, or no longer has it.
    pub(super) fn receivers(self, place: Place) -> &'a [String] {
        self.step(place).map_or(&[], |step| &step.receivers)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::respond::core_fixture::{capabilities, config, signalled, tracked};
    use orszem_records::signal::{Kind, Phase};

    #[test]
    fn the_watch_names_the_escalation_and_the_escalation_the_receivers() {
        let mut config = config(0, &[&["slack", "mail"], &["pager"]]);
        let settings = Settings::new(&config, capabilities());
        let opened = || tracked([signalled(Phase::Opened, Kind::Volume)]).incident;
        let acme = route(&opened(), &settings).unwrap();
        assert_eq!(acme.escalation.name, "crisis");
        assert_eq!(acme.receivers(Place { round: 3, step: 0 }), ["slack", "mail"]);
        assert_eq!(acme.receivers(Place { round: 0, step: 1 }), ["pager"]);
        assert!(acme.receivers(Place { round: 0, step: 2 }).is_empty(), "a step that was taken out");
        let other = orszem_records::incident::Incident { watch: "zeta".into(), ..opened() };
        assert!(route(&other, &settings).is_none(), "a watch that was taken out");

        config.watches[0].escalation = None;
        assert!(route(&opened(), &Settings::new(&config, capabilities())).is_none());
        assert!(exists("pager", &settings) && !exists("ghost", &settings));
    }
}
