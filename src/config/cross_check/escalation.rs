//! `[[escalation]]`: who is told in a step.

use super::entry::Entry;
use super::names;
use crate::diagnostics::{Report, nearest};

/// What tells somebody in a step.
const KEYS: [&str; 3] = ["receivers", "people", "rotations"];

/// Each step tells somebody, and nobody twice.
pub(super) fn check(escalation: Entry<'_>, report: &mut Report<'_>) {
    for step in escalation.tables("step") {
        let lists = [("receiver", KEYS[0]), ("person", KEYS[1]), ("rotation", KEYS[2])];
        for (kind, key) in lists {
            names::twice(kind, step.texts(key), "step", report);
        }
        // A misspelt key is told by itself.
        let is_misspelt = |name: &str| !KEYS.contains(&name) && nearest(name, KEYS).is_some();
        let misspelt = step.table.keys().any(|key| is_misspelt(key.get_ref()));
        if !misspelt && lists.iter().all(|(_, key)| step.texts_within(key).is_empty()) {
            report.error(step.header(), "this step tells nobody", "name receivers, people or rotations".to_owned());
        }
    }
}
