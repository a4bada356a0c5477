//! Route: an incident goes to those whom an escalation names, step by step: that of its watch, or those of the routes
//! that take it.

use orszem_records::incident::Incident;
use orszem_records::ledger::{DigestTerms, Joined, Sharing};
use orszem_records::time::Timestamp;

use crate::routing::group::Groups;
use crate::routing::tree::{Leaf, Target};
use crate::settings::{Escalation, Step};

use super::escalate::timetable::Place;
use super::settings::Settings;
use super::tracked::Tracked;

/// A route that an incident takes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Route<'a> {
    /// Its number among those that the incident takes.
    pub(super) number: u32,
    /// The escalation that it leads to.
    pub(super) escalation: &'a Escalation,
}

/// Where an incident goes itself, and not with the page of another; nowhere when its watch is gone or nobody is told.
pub(super) fn routes<'a>(tracked: &Tracked, settings: &'a Settings) -> Vec<Route<'a>> {
    let escalations = settings.escalations(&tracked.incident).into_iter();
    let escalations = escalations.filter(|(number, _)| !tracked.follows(*number));
    escalations.map(|(number, escalation)| Route { number, escalation }).collect()
}

/// A route that an incident is to take.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Taking {
    /// The route.
    leaf: Leaf,
    /// Where all the routes lead that take it now: it stays where it is, of these.
    all: Vec<Goal>,
}

/// Where a route leads: to an escalation, or to the receivers of a digest, or to nobody.
type Goal = (Option<String>, Vec<String>);

/// The routes that an incident is to take: when it first has to be told, and when it rises to where another escalation
/// is followed. It is never asked for otherwise: a change of the configuration moves no incident.
pub(super) fn wanted(tracked: &Tracked, settings: &Settings, now: Timestamp) -> Vec<Taking> {
    let incident = &tracked.incident;
    let risen = tracked.routed_severity.is_none_or(|then| incident.severity < then);
    let is_known = !incident.groups.is_empty();
    // Of what is over somebody may still have to hear, unless people had it.
    let is_past = tracked.is_over_itself() && (is_known || incident.is_handled());
    if !tracked.pages || tracked.nobody_notified || !risen || is_past {
        return Vec::new();
    }
    let leaves = settings.leaves(&settings.facts(incident), now);
    let all: Vec<Goal> = leaves.iter().map(goal).collect();
    let mut known: Vec<Goal> = incident.routes().into_iter().map(|(_, joined)| goal_of(joined)).collect();
    let mut taking = Vec::new();
    for leaf in leaves {
        let goal = goal(&leaf);
        if !known.contains(&goal) {
            known.push(goal);
            taking.push(Taking { leaf, all: all.clone() });
        }
    }
    taking
}

impl Taking {
    /// What is written when the incident takes the route: it joins a group that is there, or begins one.
    pub(super) fn joined(self, incident: &Incident, groups: &Groups, now: Timestamp) -> Joined {
        let leaf = self.leaf;
        let stays = incident.routes().into_iter().filter(|(_, joined)| self.all.contains(&goal_of(joined)));
        let (escalation, _) = goal(&leaf);
        let digest = match &leaf.target {
            Target::Digest(daily) => daily.next(now).map(|at| DigestTerms { receivers: daily.receivers.clone(), at }),
            _ => None,
        };
        let shares = leaf.shares && escalation.is_some();
        let sharing = Sharing { severity: incident.severity, reopen_within_ms: leaf.reopen_within_ms };
        let known = groups.place(&leaf, now).filter(|_| shares).map(str::to_owned);
        Joined {
            group: known.unwrap_or_else(|| format!("{}/{}", incident.id, incident.groups.len() + 1)),
            keeps: stays.map(|(_, joined)| joined.group.clone()).collect(),
            escalation,
            digest,
            tell_at: if shares { now.plus(leaf.wait_ms) } else { now },
            sharing: shares.then_some(sharing),
            route: leaf.route,
            key: leaf.key,
        }
    }
}

fn goal(leaf: &Leaf) -> Goal {
    match &leaf.target {
        Target::Escalation(name) => (Some(name.clone()), Vec::new()),
        Target::Digest(daily) => (None, daily.receivers.clone()),
        Target::Nobody => (None, Vec::new()),
    }
}

fn goal_of(joined: &Joined) -> Goal {
    let receivers = joined.digest.as_ref().map(|digest| digest.receivers.clone());
    (joined.escalation.clone(), receivers.unwrap_or_default())
}

/// Whether the configuration cuts off an incident that is not at its end: `true` where its watch is gone, `false` where
/// somebody else would be called and there is no escalation any more.
pub(super) fn cut_off(tracked: &Tracked, settings: &Settings) -> Option<bool> {
    let incident = &tracked.incident;
    if !settings.watches(&incident.watch) {
        return (!tracked.ended()).then_some(true);
    }
    let calls = tracked.pages && !tracked.is_handled() && !tracked.over() && !incident.exhausted;
    let was_called = tracked.receivers.values().any(|state| !state.attempt.digest);
    (calls && was_called && routes(tracked, settings).is_empty()).then_some(false)
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
        let opened = || tracked([signalled(Phase::Opened, Kind::Volume)]);
        let route = |tracked: &Tracked| routes(tracked, &settings).pop();
        let acme = route(&opened()).unwrap();
        assert_eq!(acme.escalation.name, "crisis");
        assert_eq!(acme.receivers(Place { round: 3, ..Place::default() }), ["slack", "mail"]);
        assert_eq!(acme.receivers(Place { step: 1, ..Place::default() }), ["pager"]);
        assert!(acme.receivers(Place { step: 2, ..Place::default() }).is_empty(), "a step that was taken out");
        let mut other = opened();
        other.incident.watch = "zeta".into();
        assert!(route(&other).is_none(), "a watch that was taken out");

        config.watches[0].escalation = None;
        assert!(routes(&opened(), &Settings::new(&config, capabilities())).is_empty());
        assert!(exists("pager", &settings) && !exists("ghost", &settings));
    }
}
