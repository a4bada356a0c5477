//! The people of the configuration, by number, and until when each of them is called.

use std::collections::BTreeMap;

use orszem_records::time::Timestamp;

use super::local_clock::{DAY, LocalClock, seconds};
use crate::settings::Config;

/// A person's place in the configuration.
pub(super) type Person = usize;

/// Everybody.
#[derive(Clone, Debug, Default)]
pub(super) struct People {
    names: Vec<String>,
    numbers: BTreeMap<String, Person>,
    /// The end of their last day, where they have one.
    ends: Vec<Option<Timestamp>>,
}

impl People {
    pub(super) fn of(config: &Config) -> People {
        let end = |person: &crate::settings::Person| {
            let zone = person.time_zone.as_deref().unwrap_or(config.time_zone());
            let last = seconds(person.until?.0.at(0, 0, 0, 0));
            Some(LocalClock::named(Some(zone)).place(last + DAY))
        };
        let names: Vec<String> = config.people.iter().map(|person| person.name.clone()).collect();
        let numbers = names.iter().cloned().zip(0..).collect();
        People { names, numbers, ends: config.people.iter().map(end).collect() }
    }

    pub(super) fn name(&self, person: Person) -> &str {
        &self.names[person]
    }

    /// The numbers of those who are in the configuration.
    pub(super) fn numbers<'n>(&self, names: impl IntoIterator<Item = &'n String>) -> Vec<Person> {
        names.into_iter().filter_map(|name| self.numbers.get(name).copied()).collect()
    }

    /// Whether they are still called at a moment.
    pub(super) fn is_there(&self, person: Person, at: Timestamp) -> bool {
        self.ends[person].is_none_or(|end| at < end)
    }

    /// The first moment after `at` at which somebody is called no longer.
    pub(super) fn next_end(&self, at: Timestamp) -> Option<Timestamp> {
        self.ends.iter().flatten().copied().filter(|end| *end > at).min()
    }
}
