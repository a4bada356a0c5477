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

    /// Works out which of the open incidents are kept quiet by others. Says for which that changed.
    pub(super) fn look<'i>(
        &mut self,
        open: impl Iterator<Item = &'i Incident>,
        settings: &Settings,
    ) -> BTreeSet<IncidentId> {
        if !std::mem::take(&mut self.changed) || (settings.inhibitions.is_empty() && self.inhibited.is_empty()) {
            return BTreeSet::new();
        }
        let open = open.map(|incident| (incident.id.clone(), settings.facts(incident))).collect();
        let before = std::mem::replace(&mut self.inhibited, settings.inhibitions.inhibited(&open));
        let ids = before.keys().chain(self.inhibited.keys());
        ids.filter(|id| before.contains_key(id) != self.inhibited.contains_key(id)).cloned().collect()
    }

    /// Why nobody is called for the incident at `now`; `None` where somebody is.
    pub(super) fn of(&self, tracked: &Tracked, settings: &Settings, now: Timestamp) -> Option<Quiet> {
        if !settings.has_routes() && self.inhibited.is_empty() && self.silences.iter().next().is_none() {
            return None;
        }
        let facts = settings.facts(&tracked.incident);
        let leaf = settings.leaf(&facts, now);
        let muted = leaf.as_ref().and_then(|leaf| leaf.muted.as_ref());
        quiet(&facts, muted, &self.silences, self.inhibited.get(&tracked.incident.id), now)
    }
}
