//! Quieting: for which incidents nobody is called for now, because of hours, silences, or another incident.
//!
//! Hours and silences are asked for at each look at an incident. Which incidents keep others quiet depends on all of
//! them, so it is worked out once whenever one has changed.

use std::collections::{BTreeMap, BTreeSet};

use orszem_records::incident::Incident;
use orszem_records::ledger::IncidentId;
use orszem_records::time::Timestamp;

use super::settings::Settings;
use super::tracked::Tracked;
use crate::routing::inhibit::Inhibited;
use crate::routing::quiet::{Quiet, quiet};
use crate::routing::silence::Silences;
use crate::routing::tree::Leaf;

/// Why nobody is called, by the numbers of the routes that nobody is called by.
pub(super) type Quiets = BTreeMap<u32, Quiet>;

/// What keeps incidents quiet.
#[derive(Debug, Default)]
pub(super) struct Quieting {
    /// What nobody is to be called for, as people said.
    pub(super) silences: Silences,
    /// The incidents that another one keeps quiet.
    inhibited: BTreeMap<IncidentId, Inhibited>,
    /// Something changed since that was worked out.
    changed: bool,
}

impl Quieting {
    /// An incident or the configuration changed.
    pub(super) fn changed(&mut self) {
        self.changed = true;
    }

    /// Works out which of the open incidents are kept quiet by others, and which of those that are over and that nobody
    /// was told of. Says for which that changed.
    pub(super) fn look<'i>(
        &mut self,
        open: impl Iterator<Item = &'i Incident>,
        ended: impl Iterator<Item = &'i Incident>,
        settings: &Settings,
    ) -> BTreeSet<IncidentId> {
        if !std::mem::take(&mut self.changed) || (settings.inhibitions.is_empty() && self.inhibited.is_empty()) {
            return BTreeSet::new();
        }
        let mut open = open.map(|incident| (incident.id.clone(), settings.facts(incident))).collect();
        let mut inhibited = settings.inhibitions.inhibited(&open);
        // What is over keeps no other quiet.
        for incident in ended {
            open.insert(incident.id.clone(), settings.facts(incident));
            inhibited.extend(settings.inhibitions.inhibited(&open).remove_entry(&incident.id));
            open.remove(&incident.id);
        }
        let before = std::mem::replace(&mut self.inhibited, inhibited);
        let ids = before.keys().chain(self.inhibited.keys());
        ids.filter(|id| before.contains_key(id) != self.inhibited.contains_key(id)).cloned().collect()
    }

    /// By the number of each route of the incident, why nobody is called by that at `now`; nothing of a route by which
    /// somebody is.
    pub(super) fn of(&self, tracked: &Tracked, settings: &Settings, now: Timestamp) -> Quiets {
        let mut quiets = Quiets::new();
        if !settings.has_routes() && self.inhibited.is_empty() && self.silences.iter().next().is_none() {
            return quiets;
        }
        let routes = tracked.incident.routes().into_iter().map(|(number, joined)| (number, Some(&*joined.route)));
        let mut routes: Vec<_> = routes.collect();
        if routes.is_empty() {
            routes.push((0, None));
        }
        for (number, route) in routes {
            quiets.extend(self.of_route(tracked, route, settings, now).map(|quiet| (number, quiet)));
        }
        quiets
    }

    /// Why nobody is called for an incident by the route of this path at `now`; `None` where somebody is.
    pub(super) fn of_route(
        &self,
        tracked: &Tracked,
        route: Option<&str>,
        settings: &Settings,
        now: Timestamp,
    ) -> Option<Quiet> {
        let incident = &tracked.incident;
        let facts = settings.facts(incident);
        let leaves = settings.leaves(&facts, now);
        // A route that it would no longer take has the hours of the one that it would.
        let is_taken = |leaf: &&Leaf| route == Some(&leaf.route);
        let leaf = leaves.iter().find(is_taken).or(leaves.first());
        let muted = leaf.and_then(|leaf| leaf.muted.as_ref());
        quiet(&facts, muted, &self.silences, self.inhibited.get(&incident.id), now)
    }
}
