//! The overrides and swaps that people made, as they stand: for lists of them.

use std::collections::BTreeMap;

use orszem_records::team::{Change, Kind, Record};
use orszem_records::time::Timestamp;

use super::roster::Roster;

/// An override, or the offer of a swap, and what became of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Made<'r> {
    /// The override or the offer.
    pub record: &'r Record,
    /// Who took the offer: the first of those who did while it stood.
    pub taken: Option<&'r Record>,
    /// Who took it back first.
    pub cancelled: Option<&'r Record>,
}

impl Made<'_> {
    /// The rotation.
    pub fn rotation(&self) -> &str {
        match &self.record.change {
            Change::Override(over) => &over.rotation,
            Change::SwapOffered(offer) => &offer.rotation,
            _ => "",
        }
    }

    /// From when to when it was made for.
    pub fn span(&self) -> (Timestamp, Timestamp) {
        match &self.record.change {
            Change::Override(over) => (over.from, over.to),
            Change::SwapOffered(offer) => (offer.from, offer.to),
            _ => (Timestamp::default(), Timestamp::default()),
        }
    }

    /// Whether it can still be taken back: it is not over, and nobody did.
    pub fn stands(&self, at: Timestamp) -> bool {
        self.cancelled.is_none() && at < self.span().1
    }

    /// Whether somebody can still take the offer.
    pub fn is_open(&self, at: Timestamp) -> bool {
        matches!(self.record.change, Change::SwapOffered(_)) && self.taken.is_none() && self.stands(at)
    }

    /// The names of all whom it is about.
    pub fn people(&self) -> Vec<&str> {
        let mut people: Vec<&str> = match &self.record.change {
            Change::Override(over) => match &over.kind {
                Kind::Add { people } | Kind::Remove { people } => people.iter().map(String::as_str).collect(),
                Kind::Replace { people, instead_of } => people.iter().chain(instead_of).map(String::as_str).collect(),
                Kind::Roster { shifts } => shifts.iter().flat_map(|it| &it.people).map(String::as_str).collect(),
            },
            Change::SwapOffered(offer) => vec![&offer.person],
            _ => Vec::new(),
        };
        if let Some(Change::SwapTaken(taken)) = self.taken.map(|record| &record.change) {
            people.push(&taken.person);
        }
        people
    }
}

impl Roster {
    /// Those that people made, the earliest span first. What the configuration holds is not among them.
    pub fn made(&self) -> Vec<Made<'_>> {
        let mut made: BTreeMap<(&str, &str), Made<'_>> = BTreeMap::new();
        for record in self.records() {
            let (kind, of) = match &record.change {
                Change::Override(_) | Change::SwapOffered(_) => {
                    let one = Made { record, taken: None, cancelled: None };
                    made.insert((record.change.name(), &record.id), one);
                    continue;
                }
                Change::OverrideCancelled(of) => ("override", &of.of),
                Change::SwapCancelled(of) => ("swap-offered", &of.of),
                Change::SwapTaken(taken) => ("swap-offered", &taken.of),
                _ => continue,
            };
            let Some(one) = made.get_mut(&(kind, of.as_str())).filter(|one| one.cancelled.is_none()) else { continue };
            match record.change {
                Change::SwapTaken(_) => one.taken = one.taken.or(Some(record)),
                _ => one.cancelled = Some(record),
            }
        }
        let mut made: Vec<Made<'_>> = made.into_values().collect();
        made.sort_by_key(|one| (one.span(), one.record.at));
        made
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use orszem_records::ledger::ByWhom;
    use orszem_records::team::{Of, SwapOffer, SwapTaken};

    fn record(id: &str, at: i64, change: Change) -> Record {
        Record { id: id.into(), at: Timestamp(at), by: ByWhom::new("anna", "page"), change }
    }

    fn offer(id: &str, from: i64) -> Record {
        let (rotation, person) = ("press".to_owned(), "anna".to_owned());
        record(id, 0, Change::SwapOffered(SwapOffer { rotation, person, from: Timestamp(from), to: Timestamp(100) }))
    }

    fn taken(id: &str, of: &str, person: &str) -> Record {
        record(id, 1, Change::SwapTaken(SwapTaken { of: of.into(), person: person.into() }))
    }

    #[test]
    fn the_first_who_takes_an_offer_has_it_and_what_is_cancelled_cannot_be_taken() {
        let mut roster = Roster::default();
        let cancelled = |id: &str, of: &str| record(id, 2, Change::SwapCancelled(Of { of: of.into() }));
        let records = [
            offer("1", 20),
            offer("2", 10),
            taken("3", "1", "bela"),
            taken("4", "1", "csilla"),
            cancelled("5", "2"),
            taken("6", "2", "bela"),
            cancelled("7", "none"),
        ];
        roster.record(&records);
        let made = roster.made();
        let ids: Vec<&str> = made.iter().map(|one| one.record.id.as_str()).collect();
        assert_eq!(ids, ["2", "1"], "by their spans");
        assert_eq!((made[1].taken.map(|it| it.id.as_str()), made[1].people()), (Some("3"), vec!["anna", "bela"]));
        assert_eq!((made[0].cancelled.map(|it| it.id.as_str()), made[0].taken), (Some("5"), None));
        let open = |at: i64| {
            made.iter().map(|one| (one.stands(Timestamp(at)), one.is_open(Timestamp(at)))).collect::<Vec<_>>()
        };
        assert_eq!(open(50), [(false, false), (true, false)]);
        assert_eq!(open(100), [(false, false), (false, false)], "at its end it is over");
    }
}
