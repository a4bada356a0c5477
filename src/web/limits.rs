//! How much may be written to the ledger through a link: enough for people, and not without end.
//!
//! A link is in messages that many people read and that services keep. The ledger is kept for a year, and every copy
//! reads all of it: somebody who holds a link must not be able to fill it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use orszem_records::ledger::{Entry, Event};

/// The most opinions on mentions that are written for one incident in the name of one bearer.
const OPINIONS: u32 = 100;
/// The most opinions on the same mention: who was wrong can say so, but not for ever.
const OF_ONE_MENTION: u32 = 5;
/// The most acknowledgements and resolves. Counted apart, so that opinions never use up the right to act.
const DECISIONS: u32 = 50;

/// The most things that are ticked, written, looked up, pressed or promised. Counted apart as well.
const WORKS: u32 = 500;

/// Whether it is work on an incident, and no decision about it.
fn is_work(event: &Event) -> bool {
    matches!(
        event,
        Event::Ticked(_)
            | Event::Drafted(_)
            | Event::Posted(_)
            | Event::LookedUp(_)
            | Event::Pressed(_)
            | Event::Promised(_)
    )
}

/// The way that entries come by a link.
pub(crate) const LINK: &str = "link";
/// The way that entries come from a page of somebody who is signed in.
pub(crate) const LIST: &str = "list";

/// What was written in the name of one bearer, for one incident.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Written {
    decisions: u32,
    works: u32,
    opinions: u32,
    by_mention: BTreeMap<String, u32>,
}

impl Written {
    /// Who wrote an entry by a link; `None` for all others.
    pub(crate) fn bearer(entry: &Entry) -> Option<&str> {
        let by = entry.event.person()?;
        (by.via == LINK).then_some(by.through.as_deref().unwrap_or(&by.by))
    }

    /// Counts one more.
    pub(crate) fn count(&mut self, event: &Event) {
        match event {
            Event::Feedback(feedback) => {
                self.opinions = self.opinions.saturating_add(1);
                let of_mention = self.by_mention.entry(feedback.mention.clone()).or_default();
                *of_mention = of_mention.saturating_add(1);
            }
            event if is_work(event) => self.works = self.works.saturating_add(1),
            _ => self.decisions = self.decisions.saturating_add(1),
        }
    }

    /// Whether this was the last that is allowed of its kind.
    fn is_full(&self, event: &Event) -> bool {
        match event {
            Event::Feedback(feedback) => {
                let of_mention = self.by_mention.get(&feedback.mention).copied().unwrap_or_default();
                self.opinions >= OPINIONS || of_mention >= OF_ONE_MENTION
            }
            event if is_work(event) => self.works >= WORKS,
            _ => self.decisions >= DECISIONS,
        }
    }
}

/// What is being written through links and does not show in the view yet. Clones are the same.
#[derive(Clone, Debug, Default)]
pub struct UnderWay(Arc<Mutex<Vec<(u64, Entry)>>>);

/// One entry that is being written, until it shows.
#[derive(Debug)]
pub(crate) struct Slot {
    number: u64,
    under_way: UnderWay,
}

impl UnderWay {
    /// Room for `entry` where `written` shows already; `None` when its bearer has written enough.
    pub(crate) fn enter(&self, entry: &Entry, written: Written) -> Option<Slot> {
        let mut under_way = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(bearer) = Written::bearer(entry) {
            let mut all = written;
            let mine =
                |other: &&(u64, Entry)| other.1.incident == entry.incident && Written::bearer(&other.1) == Some(bearer);
            for (_, other) in under_way.iter().filter(mine) {
                all.count(&other.event);
            }
            if all.is_full(&entry.event) {
                return None;
            }
        }
        let number = under_way.last().map_or(0, |(number, _)| number.wrapping_add(1));
        under_way.push((number, entry.clone()));
        Some(Slot { number, under_way: self.clone() })
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        let mut under_way = self.under_way.0.lock().unwrap_or_else(PoisonError::into_inner);
        under_way.retain(|(number, _)| *number != self.number);
    }
}
