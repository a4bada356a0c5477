//! Preview: what a silence would have muted, from the past that the ledger tells, and whether it is to be made at all.

use std::collections::BTreeMap;

use orszem_records::incident::Incident;
use orszem_records::ledger::{Entry, Event, IncidentId};
use orszem_records::time::Timestamp;

use crate::settings::Config;

use super::facts::Facts;
use super::known::Known;
use super::matcher::Matcher;

/// How far back people are shown what a silence would have muted, in milliseconds: a week.
pub const PAST_MS: i64 = 7 * 24 * 3_600_000;

/// What a matcher would have muted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Preview {
    /// The incidents that page, of that time.
    pub paging: usize,
    /// Of these, those of which nobody would have been told.
    pub muted: Vec<IncidentId>,
    /// Of these, those that it would have muted for a part of their time: before they rose above it, say.
    pub in_part: Vec<IncidentId>,
}

impl Preview {
    /// How many it would have muted, for all of their time or for a part.
    pub fn count(&self) -> usize {
        self.muted.len() + self.in_part.len()
    }
}

/// What the matcher would have muted of the signals from `from` to `to`, event time; drills are left out. The entries
/// of an incident come in the order of the ledger.
pub fn preview<'e>(
    matcher: &Matcher,
    config: &Config,
    entries: impl IntoIterator<Item = &'e Entry>,
    (from, to): (Timestamp, Timestamp),
) -> Preview {
    struct Course {
        severity: u8,
        pages: bool,
        muted: bool,
        told: bool,
    }
    let mut courses: BTreeMap<&IncidentId, Course> = BTreeMap::new();
    for entry in entries {
        let Event::Signal(signal) = &entry.event else { continue };
        if signal.drill.is_some() {
            continue;
        }
        let new = Course { severity: signal.severity, pages: false, muted: false, told: false };
        let course = courses.entry(&entry.incident).or_insert(new);
        course.severity = course.severity.min(signal.severity);
        if entry.at < from || entry.at >= to || !signal.pages() {
            continue;
        }
        course.pages = true;
        let facts = Facts::new(config, &entry.watch, signal, course.severity);
        match matcher.matches(&facts) {
            true => course.muted = true,
            false => course.told = true,
        }
    }
    let mut preview = Preview::default();
    for (id, course) in courses.into_iter().filter(|(_, course)| course.pages) {
        preview.paging += 1;
        match (course.muted, course.told) {
            (true, false) => preview.muted.push(id.clone()),
            (true, true) => preview.in_part.push(id.clone()),
            (false, _) => {}
        }
    }
    preview
}

/// What [`preview`] needs of incidents whose history is known.
pub fn entries<'i>(incidents: impl IntoIterator<Item = &'i Incident>) -> impl Iterator<Item = &'i Entry> {
    incidents.into_iter().flat_map(|incident| &incident.history)
}

/// What is to be done with a silence that somebody wants to make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is made.
    Made,
    /// It is made when they say so a second time, knowing what it would have muted.
    Ask(Breadth),
    /// It cannot mute anything: it is refused, and this is why.
    Refused(String),
}

/// Why somebody is asked a second time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Breadth {
    /// It means every incident of every watch.
    Everything,
    /// It means every watch, though not every incident.
    EveryWatch,
    /// It would have muted every incident that paged, and there were some.
    AllOfThePast,
}

/// What is to be done with a silence of this matcher, where `preview` is what it would have muted in the last week.
pub fn judge(matcher: &Matcher, config: &Config, preview: &Preview) -> Verdict {
    let known = Known::new(config);
    let watches = known.watches(matcher);
    if watches.is_empty() {
        return Verdict::Refused("no watch of the configuration can have an incident like this".to_owned());
    }
    if matcher.is_everything() {
        Verdict::Ask(Breadth::Everything)
    } else if config.watches.len() > 1 && config.watches.iter().all(|watch| watches.contains(watch.name.as_str())) {
        Verdict::Ask(Breadth::EveryWatch)
    } else if preview.paging > 1 && preview.count() == preview.paging {
        Verdict::Ask(Breadth::AllOfThePast)
    } else {
        Verdict::Made
    }
}

#[cfg(test)]
#[path = "preview_tests.rs"]
mod tests;
