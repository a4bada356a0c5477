//! The grab card: one page on paper that is of use when everything is down. Who is on call, how people are reached, who
//! can sign in to which account, and what can be said at once. Where credentials are kept is not on it: looking that up
//! is written down.

use orszem_records::time::Timestamp;
use xxhash_rust::xxh3::xxh3_64;

use crate::oncall::{Roster, Shift};
use crate::posting::who::people;
use crate::settings::{Account, Config, Person, Statement, StatementText};

/// How far ahead shifts are on it, in ms: two weeks.
pub const AHEAD_MS: i64 = 14 * 24 * 3_600_000;

/// The most shifts of a rotation on it.
const SHIFTS: usize = 14;

/// The ways to a person: the receiver of each, and the address where it has one.
pub type Ways<'c> = Vec<(&'c str, Option<&'c str>)>;

/// What stands on the card.
#[derive(Clone, Debug, PartialEq)]
pub struct Card<'c> {
    /// The rotations, with their names for people and their shifts of the next two weeks.
    pub rotations: Vec<(&'c str, Vec<Shift>)>,
    /// The people who are here, with their ways.
    pub people: Vec<(&'c Person, Ways<'c>)>,
    /// The accounts, with the administrators who are here.
    pub accounts: Vec<(&'c Account, Vec<String>)>,
    /// The statements, with their texts that may be used.
    pub statements: Vec<(&'c Statement, Vec<&'c StatementText>)>,
}

impl<'c> Card<'c> {
    /// The card at a moment.
    pub fn of(config: &'c Config, roster: &Roster, now: Timestamp) -> Card<'c> {
        let today = config.day(now);
        let shifts = |name: &str| {
            let mut shifts = roster.shifts(name, now, now.plus(AHEAD_MS));
            shifts.truncate(SHIFTS);
            shifts
        };
        let rotations = config
            .rotations
            .iter()
            .map(|rotation| (rotation.title.as_deref().unwrap_or(&rotation.name), shifts(&rotation.name)));
        let here = config.people.iter().filter(|person| roster.is_called(&person.name, now));
        let ways = |person: &'c Person| {
            (person, person.ways.iter().map(|way| (way.receiver.as_str(), way.to.as_deref())).collect())
        };
        let accounts = config.accounts.iter().map(|account| (account, people(roster, &account.administrators, now)));
        let valid = |statement: &'c Statement| {
            (statement, statement.texts.iter().filter(|text| text.until.0 >= today).collect())
        };
        Card {
            rotations: rotations.collect(),
            people: here.map(ways).collect(),
            accounts: accounts.collect(),
            statements: config.statements.iter().map(valid).collect(),
        }
    }
}

/// What the card of a configuration is told apart by from that of another: it changes with people, ways, rotations,
/// accounts and statements, and not with who has the shift.
pub fn fingerprint(config: &Config) -> String {
    let Config { people, rotations, accounts, statements, posting, .. } = config;
    format!("{:016x}", xxh3_64(format!("{people:?}{rotations:?}{accounts:?}{statements:?}{posting:?}").as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::posting::posting_fixture::{at, config};

    #[test]
    fn the_card_has_who_is_here_and_what_may_be_said() {
        let mut config = config();
        config.people[3].until = "2026-01-01".parse().ok().map(crate::settings::calendar::Day);
        let roster = Roster::new(&config);
        let card = Card::of(&config, &roster, at("2026-03-30T10:00:00Z"));
        assert_eq!((card.rotations[0].0, card.rotations[0].1[0].person.as_str()), ("press", "csilla"));
        assert_eq!(
            card.people.iter().map(|(person, _)| person.name.as_str()).collect::<Vec<_>>(),
            ["anna", "bela", "csilla"]
        );
        assert_eq!(card.accounts[0].1, ["anna", "bela"]);
        assert_eq!(card.statements[0].1.iter().map(|text| text.language.as_str()).collect::<Vec<_>>(), ["en"]);
    }

    #[test]
    fn another_way_is_another_card_and_another_watch_is_not() {
        let before = config();
        let mut after = before.clone();
        after.watches.clear();
        assert_eq!(fingerprint(&before), fingerprint(&after));
        after.people[0].ways.pop();
        assert_ne!(fingerprint(&before), fingerprint(&after));
    }
}
