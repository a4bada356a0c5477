//! `[[receiver]]`: each kind knows what is wrong with its keys; here it gets its place in the file.

use orszem_core::receivers::{self, KeyFault, Written};

use super::entry::Entry;
use crate::diagnostics::Report;
use crate::fault::Severity;

pub(super) fn check(receiver: Entry<'_>, report: &mut Report<'_>) {
    let Some((kind, _)) = receiver.text("kind") else { return };
    tell(receivers::check(kind, &receiver), receiver, report);
}

/// Gives faults of keys their places in the file.
pub(super) fn tell(faults: Vec<KeyFault>, entry: Entry<'_>, report: &mut Report<'_>) {
    for fault in faults {
        let at = fault.key.map_or(entry.header(), |key| entry.at(key));
        let severity = if fault.is_warning { Severity::Warning } else { Severity::Error };
        report.add(severity, at, fault.message, fault.help);
    }
}

impl Written for Entry<'_> {
    fn has(&self, key: &str) -> bool {
        Entry::has(*self, key)
    }

    fn text(&self, key: &str) -> Option<&str> {
        Some(Entry::text(*self, key)?.0)
    }

    fn texts(&self, key: &str) -> Vec<&str> {
        let one = Entry::text(*self, key).into_iter();
        one.chain(Entry::texts(*self, key)).map(|(text, _)| text).collect()
    }

    fn flag(&self, key: &str) -> Option<bool> {
        self.table.get(key)?.get_ref().as_bool()
    }
}

#[cfg(test)]
#[path = "receiver_tests.rs"]
mod tests;
