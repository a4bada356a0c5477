//! Old records: what people changed for the team is removed from its topic when it has long been over, so that neither
//! the topic nor what is kept of it grows with the years.

use std::collections::{BTreeMap, BTreeSet};

use orszem_records::team::Record;
use orszem_records::time::Timestamp;

/// How long a record is kept after what it says is over, in ms: 400 days. Who was on call can be asked for that long.
const KEPT_MS: i64 = 400 * 24 * 3_600_000;

/// How often records are looked for that are old, in ms: an hour.
const EVERY_MS: i64 = 3_600_000;

/// The most records that are removed at once.
const AT_ONCE: usize = 500;

/// The records of the topic that may be removed one day.
#[derive(Debug, Default)]
pub(super) struct OldRecords {
    /// By their keys.
    records: BTreeMap<String, Kept>,
    /// When they are looked through again.
    next: Option<Timestamp>,
}

#[derive(Debug)]
struct Kept {
    /// When what it says is over, where it says.
    over_at: Option<Timestamp>,
    /// When it was made.
    made_at: Timestamp,
    /// The key of the record that it is about: both are removed together.
    about: Option<String>,
}

impl OldRecords {
    /// A record was read. One of those that hold until there is a newer one is never old.
    pub(super) fn read(&mut self, record: &Record) {
        let (over_at, about) = (record.over_at(), record.about());
        if over_at.is_some() || about.is_some() {
            self.records.insert(record.key(), Kept { over_at, made_at: record.at, about });
        }
    }

    /// A record was removed.
    pub(super) fn removed(&mut self, key: &str) {
        self.records.remove(key);
    }

    /// The keys of those that are to be removed at `now`. Looks once an hour.
    pub(super) fn due(&mut self, now: Timestamp) -> Vec<String> {
        if self.next.is_some_and(|next| next > now) {
            return Vec::new();
        }
        self.next = Some(now.plus(EVERY_MS));
        let is_about_one = |record: &Kept| record.about.as_ref().is_some_and(|key| self.records.contains_key(key));
        let is_old = |record: &Kept| record.over_at.unwrap_or(record.made_at).max(record.made_at).plus(KEPT_MS) <= now;
        let alone = self.records.iter().filter(|(_, record)| !is_about_one(record) && is_old(record));
        let chosen: BTreeSet<&String> = alone.map(|(key, _)| key).take(AT_ONCE).collect();
        // What is about a record goes with it: an override that was taken back must not hold again.
        let with = |record: &Kept| record.about.as_ref().is_some_and(|key| chosen.contains(key));
        let more = self.records.iter().filter(|(_, record)| with(record)).map(|(key, _)| key);
        chosen.iter().copied().chain(more).cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use orszem_records::ledger::ByWhom;
    use orszem_records::team::sign_out::SignOut;
    use orszem_records::team::way::WayConfirmed;
    use orszem_records::team::{Change, Of, SwapOffer, SwapTaken};

    const DAY: i64 = 24 * 3_600_000;

    fn at(day: i64) -> Timestamp {
        Timestamp(day * DAY)
    }

    fn record(id: &str, day: i64, change: Change) -> Record {
        Record { id: id.into(), at: at(day), by: ByWhom::new("anna", "page"), change }
    }

    fn offer(from: i64, to: i64) -> Change {
        let (rotation, person) = ("press".into(), "anna".into());
        Change::SwapOffered(SwapOffer { rotation, person, from: at(from), to: at(to) })
    }

    #[test]
    fn what_was_over_400_days_ago_is_removed_with_all_that_is_about_it() {
        let mut old = OldRecords::default();
        for record in [
            record("1", 0, offer(10, 20)),
            record("2", 5, Change::SwapTaken(SwapTaken { of: "1".into(), person: "bela".into() })),
            record("3", 0, offer(10, 30)),
            record("4", 1, Change::OverrideCancelled(Of { of: "gone".into() })),
        ] {
            old.read(&record);
        }
        assert_eq!(old.due(at(400)), [""; 0]);
        assert_eq!(old.due(at(401)), ["override-cancelled/4"], "what it was about is gone");
        old.removed("override-cancelled/4");
        assert_eq!(old.due(at(420)), ["swap-offered/1", "swap-taken/2"]);
        assert_eq!(old.due(at(420)), [""; 0], "at most once an hour");
        assert_eq!(old.due(at(421)).len(), 2, "until they are gone");
        ["swap-offered/1", "swap-taken/2"].iter().for_each(|key| old.removed(key));
        assert_eq!(old.due(at(430)), ["swap-offered/3"]);
    }

    #[test]
    fn what_holds_until_there_is_something_newer_is_kept() {
        let mut old = OldRecords::default();
        let (whose, receiver) = ("anna".into(), "mail".into());
        let by = ByWhom::new("anna", "link");
        old.read(&WayConfirmed { whose, receiver, address: None }.record(at(0), by.clone()));
        // Whose key is used again: a newer one may be written at the moment of the removal.
        old.read(&SignOut::record("csilla", at(3), by));
        assert_eq!(old.due(at(10_000)), [""; 0]);
    }

    #[test]
    fn many_are_removed_in_parts() {
        let mut old = OldRecords::default();
        (0..1_200).for_each(|n| old.read(&record(&n.to_string(), 0, offer(0, 1))));
        let mut removed = Vec::new();
        for day in 500..510 {
            let due = old.due(at(day));
            due.iter().for_each(|key| old.removed(key));
            removed.push(due.len());
        }
        assert_eq!(removed[..4], [500, 500, 200, 0]);
    }
}
