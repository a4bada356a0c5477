//! Compares two configurations over the same past: the pages that only one of them has.

use serde::Serialize;

use orszem_records::signal::Kind;
use orszem_records::time::{MINUTE_MS, Timestamp, rfc3339};

use super::incident::Incident;
use super::result::{Outcome, WatchResult};

/// Pages no farther apart than this count as simultaneous: a minute, the resolution of the detectors.
const SAME_MS: i64 = MINUTE_MS;

/// How a page changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum How {
    /// A new page.
    Added,
    /// A page that is no longer sent.
    Dropped,
    /// The same incident pages sooner.
    Sooner,
    /// The same incident pages later.
    Later,
}

impl How {
    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            How::Added => "added",
            How::Dropped => "dropped",
            How::Sooner => "sooner",
            How::Later => "later",
        }
    }
}

/// One page that changes.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Change {
    /// How.
    pub how: How,
    /// The watch.
    pub watch: String,
    /// The kind of the incident.
    pub kind: Kind,
    /// Its severity.
    pub severity: u8,
    /// When it paged before.
    #[serde(serialize_with = "rfc3339::option::serialize")]
    pub before: Option<Timestamp>,
    /// When it pages after.
    #[serde(serialize_with = "rfc3339::option::serialize")]
    pub after: Option<Timestamp>,
}

/// The comparison of the pages.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Comparison {
    /// The pages that change, by time.
    pub changes: Vec<Change>,
    /// Unchanged pages.
    pub same: usize,
    /// Pages per week before, of all watches together; `None` if the input has no length.
    pub pages_a_week_before: Option<f64>,
    /// Pages per week after.
    pub pages_a_week_after: Option<f64>,
}

impl Comparison {
    /// Compares two outcomes over the same past.
    pub fn of(before: &Outcome, after: &Outcome) -> Comparison {
        let mut comparison = Comparison {
            changes: Vec::new(),
            same: 0,
            pages_a_week_before: pages_a_week(before),
            pages_a_week_after: pages_a_week(after),
        };
        let mut taken = vec![false; before.incidents.len()];
        let paged = |incident: &Incident| incident.paged_at;
        for incident in after.incidents.iter().filter(|incident| incident.paged_at.is_some()) {
            let partner = before
                .incidents
                .iter()
                .zip(0..)
                .filter(|(other, place)| {
                    !taken[*place]
                        && other.watch == incident.watch
                        && paged(other).is_some()
                        && overlap(other, incident)
                })
                // Take the nearest: one configuration may split what is one incident for the other.
                .min_by_key(|(other, _)| paged(other).zip(paged(incident)).map(|(a, b)| a.since(b).abs()));
            let Some((other, place)) = partner else {
                comparison.changes.push(change(How::Added, incident, None, incident.paged_at));
                continue;
            };
            taken[place] = true;
            let moved = paged(incident).zip(paged(other)).map_or(0, |(after, before)| after.since(before));
            let how = match moved {
                moved if moved < -SAME_MS => How::Sooner,
                moved if moved > SAME_MS => How::Later,
                _ => {
                    comparison.same += 1;
                    continue;
                }
            };
            comparison.changes.push(change(how, incident, other.paged_at, incident.paged_at));
        }
        for (incident, taken) in before.incidents.iter().zip(taken) {
            if !taken && incident.paged_at.is_some() {
                comparison.changes.push(change(How::Dropped, incident, incident.paged_at, None));
            }
        }
        comparison.changes.sort_by(|a, b| (a.after.or(a.before), &a.watch).cmp(&(b.after.or(b.before), &b.watch)));
        comparison
    }

    /// The number of pages with this change.
    pub fn count(&self, how: How) -> usize {
        self.changes.iter().filter(|change| change.how == how).count()
    }
}

fn change(how: How, incident: &Incident, before: Option<Timestamp>, after: Option<Timestamp>) -> Change {
    Change { how, watch: incident.watch.clone(), kind: incident.kind, severity: incident.severity, before, after }
}

fn overlap(a: &Incident, b: &Incident) -> bool {
    let end = |incident: &Incident| incident.closed_at.unwrap_or(Timestamp::LATEST);
    a.opened_at <= end(b) && b.opened_at <= end(a)
}

/// All pages, per week of the longest input.
fn pages_a_week(outcome: &Outcome) -> Option<f64> {
    let weeks = outcome.watches.iter().map(WatchResult::weeks).fold(0.0, f64::max);
    let pages: usize = outcome.watches.iter().map(|watch| watch.pages.len()).sum();
    (weeks > 0.0).then(|| pages as f64 / weeks)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backtest::run::tests::{crisis, outcome};

    /// The incident of the crisis, moved by this many minutes.
    fn moved(minutes: &[i64]) -> Outcome {
        let mut outcome = outcome(&crisis());
        let first = outcome.incidents.remove(0);
        outcome.incidents = minutes
            .iter()
            .map(|minutes| {
                let by = |at: Timestamp| at.plus(minutes * MINUTE_MS);
                Incident {
                    opened_at: by(first.opened_at),
                    paged_at: first.paged_at.map(by),
                    closed_at: first.closed_at.map(by),
                    ..first.clone()
                }
            })
            .collect();
        outcome
    }

    #[test]
    fn pages_are_paired_by_the_incidents_that_overlap() {
        let hows = |before: &[i64], after: &[i64]| {
            let comparison = Comparison::of(&moved(before), &moved(after));
            (comparison.same, comparison.changes.iter().map(|change| change.how.name()).collect::<Vec<_>>())
        };
        assert_eq!(hows(&[0], &[0]), (1, vec![]));
        assert_eq!(hows(&[0], &[1]), (1, vec![]), "a minute is the grain");
        assert_eq!(hows(&[0], &[-20]), (0, vec!["sooner"]));
        assert_eq!(hows(&[0], &[20]), (0, vec!["later"]));
        assert_eq!(hows(&[0], &[6000]), (0, vec!["dropped", "added"]));
        assert_eq!(hows(&[0, 6000], &[]), (0, vec!["dropped", "dropped"]));
        assert_eq!(hows(&[0], &[0, 30]), (1, vec!["added"]), "one page stays the one it was");
    }
}
