//! `[[escalation]]`: who is told in a step.

use std::collections::BTreeSet;

use super::entry::Entry;
use crate::diagnostics::{Report, quoted};

/// Nobody is told twice in one step.
pub(super) fn check(escalation: Entry<'_>, report: &mut Report<'_>) {
    for step in escalation.tables("step") {
        let mut told = BTreeSet::new();
        for (name, at) in step.texts("receivers").filter(|(name, _)| !told.insert(*name)) {
            report.error(
                at,
                format!("receiver {} is named twice in one step", quoted(name)),
                "leave one out".to_owned(),
            );
        }
    }
}
