//! Which occurrences are meant by times that stand in a calendar.

use std::collections::BTreeMap;

use orszem_records::time::Timestamp;

use super::super::local_clock::DAY;
use super::event::Moment;

/// Times that name occurrences, each with a number.
pub(super) struct Marks {
    instants: BTreeMap<Timestamp, usize>,
    /// A day names whatever begins on it.
    days: BTreeMap<i64, usize>,
    /// An occurrence of a whole day is named by any time of that day.
    all_by_day: BTreeMap<i64, usize>,
}

impl Marks {
    pub(super) fn of<'m>(moments: impl Iterator<Item = (&'m Moment, usize)>) -> Marks {
        let mut marks = Marks { instants: BTreeMap::new(), days: BTreeMap::new(), all_by_day: BTreeMap::new() };
        for (moment, number) in moments {
            let day = moment.local.div_euclid(DAY);
            marks.instants.insert(moment.at(), number);
            marks.all_by_day.insert(day, number);
            if moment.is_day {
                marks.days.insert(day, number);
            }
        }
        marks
    }

    pub(super) fn find(&self, occurrence: &Moment) -> Option<usize> {
        let day = occurrence.local.div_euclid(DAY);
        if occurrence.is_day {
            return self.all_by_day.get(&day).copied();
        }
        self.instants.get(&occurrence.at()).or_else(|| self.days.get(&day)).copied()
    }
}
