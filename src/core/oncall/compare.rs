//! What a change would change: who would be on call instead, and where nobody would be.

use orszem_records::team::Record;
use orszem_records::time::Timestamp;

use super::roster::Roster;
use super::rotation::Piece;
use super::shifts::{Gap, Shift};

/// A span of time in which two rosters say different people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// From when on.
    pub from: Timestamp,
    /// Until when.
    pub to: Timestamp,
    /// Who is on call in the first one, by name.
    pub before: Vec<String>,
    /// Who is on call in the second one.
    pub after: Vec<String>,
}

/// What a record would do, for the person who is about to write it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preview {
    /// The rotation.
    pub rotation: String,
    /// Who would be on call instead; nobody where it changes nothing.
    pub differences: Vec<Difference>,
    /// The shifts of its span as they would be.
    pub shifts: Vec<Shift>,
    /// Where nobody would be on call, and somebody is now.
    pub new_gaps: Vec<Gap>,
}

/// Where two rosters say different people of a rotation in a span.
pub fn differences(before: &Roster, after: &Roster, rotation: &str, from: Timestamp, to: Timestamp) -> Vec<Difference> {
    let (old, new) = (before.pieces(rotation, from, to), after.pieces(rotation, from, to));
    let mut borders: Vec<Timestamp> = old.iter().chain(&new).map(|piece| piece.from).chain([to]).collect();
    borders.sort();
    borders.dedup();
    let names = |roster: &Roster, pieces: &[Piece], at: Timestamp| -> Vec<String> {
        let piece = pieces.get(pieces.partition_point(|piece| piece.to <= at)).filter(|piece| piece.from <= at);
        let people = piece.map_or(&[][..], |piece| &piece.people);
        people.iter().map(|(person, _)| roster.person(*person).to_owned()).collect()
    };
    let is_same =
        |one: &[String], other: &[String]| one.len() == other.len() && one.iter().all(|it| other.contains(it));
    let mut differences: Vec<Difference> = Vec::new();
    for pair in borders.windows(2) {
        let (from, to) = (pair[0], pair[1]);
        let (before, after) = (names(before, &old, from), names(after, &new, from));
        if is_same(&before, &after) {
            continue;
        }
        let goes_on =
            |last: &&mut Difference| last.to == from && is_same(&last.before, &before) && is_same(&last.after, &after);
        match differences.last_mut().filter(goes_on) {
            Some(last) => last.to = to,
            None => differences.push(Difference { from, to, before, after }),
        }
    }
    differences
}

impl Roster {
    /// What a record would do; `None` where it is about nothing that is known.
    pub fn preview(&self, record: &Record) -> Option<Preview> {
        let mut after = self.clone();
        after.record([record]);
        let (rotation, from, to) = after.concerned(record)?;
        let differences = differences(self, &after, &rotation, from, to);
        let emptied = differences.iter().filter(|it| it.after.is_empty());
        let new_gaps = emptied.map(|it| Gap { from: it.from, to: it.to }).collect();
        Some(Preview { shifts: after.shifts(&rotation, from, to), rotation, differences, new_gaps })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use orszem_records::ledger::ByWhom;
    use orszem_records::team::{Change, Kind, Override};

    fn hour(hour: i64) -> Timestamp {
        Timestamp(1_780_358_400_000 + hour * 3_600_000)
    }

    fn roster(text: &str) -> Roster {
        let people = "[[person]]\nname = \"anna\"\n[[person]]\nname = \"bela\"\n";
        let rotation = "[[rotation]]\nname = \"r\"\ntime_zone = \"UTC\"\n[[rotation.layer]]\nshift = \"daily\"\n";
        Roster::new(&toml::from_str(&format!("{people}{rotation}{text}")).unwrap())
    }

    fn over(kind: Kind) -> Record {
        let over = Override { rotation: "r".into(), from: hour(10), to: hour(14), kind, reason: None };
        Record { id: "1".into(), at: hour(0), by: ByWhom::new("anna", "page"), change: Change::Override(over) }
    }

    #[test]
    fn a_preview_tells_what_changes_and_where_nobody_would_be() {
        let roster = roster("stretch = [{ from = \"2026-06-01 00:00\", members = [\"anna\"] }]\n");
        let preview = roster.preview(&over(Kind::Remove { people: vec!["anna".into()] })).unwrap();
        let gap = Gap { from: hour(10), to: hour(14) };
        assert_eq!((preview.new_gaps, preview.shifts), (vec![gap], vec![]));
        let instead_of = vec!["bela".to_owned()];
        let nothing = roster.preview(&over(Kind::Replace { people: vec!["anna".into()], instead_of })).unwrap();
        assert_eq!(nothing.differences, [], "Béla is not on call then");
        let cancelled = Change::OverrideCancelled(orszem_records::team::Of { of: "none".into() });
        let unknown = Record { change: cancelled, ..over(Kind::Add { people: Vec::new() }) };
        assert_eq!(roster.preview(&unknown), None);
        assert_eq!(roster.on_call("r", hour(12)), ["anna"], "a preview changes nothing");
    }

    #[test]
    fn an_edit_shows_the_shifts_that_change_hands() {
        let before = roster("stretch = [{ from = \"2026-06-01 09:00\", members = [\"anna\", \"bela\"] }]\n");
        let after = roster("stretch = [{ from = \"2026-06-01 09:00\", members = [\"bela\", \"anna\"] }]\n");
        let found = differences(&before, &after, "r", hour(0), hour(24));
        let of = |from, to, one: &str, other: &str| Difference {
            from: hour(from),
            to: hour(to),
            before: vec![one.into()],
            after: vec![other.into()],
        };
        assert_eq!(found, [of(0, 9, "anna", "bela"), of(9, 24, "bela", "anna")]);
        assert_eq!(differences(&before, &before, "r", hour(0), hour(24)), []);
        assert_eq!(differences(&before, &Roster::default(), "r", hour(0), hour(9))[0].after, [""; 0]);
    }
}
