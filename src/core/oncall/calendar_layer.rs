//! The layer of a rotation that has its calendar elsewhere: who is on call as the calendar said when it was read last.

use orszem_records::team::shifts::CalendarShifts;
use orszem_records::time::Timestamp;

use super::people::{People, Person};

/// Shifts that do not overlap, in order of time: where two of the calendar do, their people are on call together.
#[derive(Clone, Debug, Default)]
pub(super) struct CalendarLayer {
    shifts: Vec<(Timestamp, Timestamp, Vec<Person>)>,
}

impl CalendarLayer {
    pub(super) fn of(read: &CalendarShifts, people: &People) -> CalendarLayer {
        let mut ends: Vec<Timestamp> = read.shifts.iter().flat_map(|shift| [shift.from, shift.to]).collect();
        ends.sort_unstable();
        ends.dedup();
        let mut begun = read.shifts.iter().peekable();
        let mut open: Vec<(Timestamp, Vec<Person>)> = Vec::new();
        let mut shifts = Vec::new();
        for pair in ends.windows(2) {
            let (from, to) = (pair[0], pair[1]);
            open.retain(|(end, _)| *end > from);
            // They come in order of their beginnings.
            while let Some(shift) = begun.next_if(|shift| shift.from <= from) {
                open.push((shift.to, people.numbers(&shift.people)));
            }
            let mut together: Vec<Person> = open.iter().flat_map(|(_, who)| who.iter().copied()).collect();
            together.sort_unstable();
            together.dedup();
            if !together.is_empty() {
                shifts.push((from, to, together));
            }
        }
        CalendarLayer { shifts }
    }

    /// Who has it at a moment, whether they are still called or not.
    pub(super) fn on_call(&self, at: Timestamp) -> &[Person] {
        self.shift(at).map_or(&[], |(_, _, who)| who)
    }

    /// When the shift began that a moment lies in.
    pub(super) fn begun(&self, at: Timestamp) -> Option<Timestamp> {
        self.shift(at).map(|(from, ..)| *from)
    }

    /// The first moment after `at` at which somebody else may have it.
    pub(super) fn next(&self, at: Timestamp) -> Option<Timestamp> {
        let next = self.shifts.get(self.after(at))?;
        Some(if next.0 > at { next.0 } else { next.1 })
    }

    fn shift(&self, at: Timestamp) -> Option<&(Timestamp, Timestamp, Vec<Person>)> {
        self.shifts.get(self.after(at)).filter(|(from, ..)| *from <= at)
    }

    /// The first shift that is not over at a moment.
    fn after(&self, at: Timestamp) -> usize {
        self.shifts.partition_point(|(_, to, _)| *to <= at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oncall::Roster;
    use crate::settings::Config;
    use orszem_records::ledger::ByWhom;
    use orszem_records::team::{Change, Kind, Override, Record, RosterShift};

    fn hour(hour: i64) -> Timestamp {
        Timestamp(1_780_272_000_000 + hour * 3_600_000)
    }

    fn config(rotation: &str) -> Config {
        let people = "[[person]]\nname = \"anna\"\n[[person]]\nname = \"bela\"\n[[person]]\nname = \"csilla\"\n";
        toml::from_str(&format!("{people}[[rotation]]\nname = \"r\"\ntime_zone = \"UTC\"\n{rotation}")).unwrap()
    }

    fn record(change: Change) -> Record {
        Record { id: "r".into(), at: hour(0), by: ByWhom::new("orszem", "calendar"), change }
    }

    fn read(shifts: &[(i64, i64, &[&str])]) -> Record {
        let shift = |&(from, to, people): &(i64, i64, &[&str])| RosterShift {
            from: hour(from),
            to: hour(to),
            people: people.iter().map(|name| (*name).to_owned()).collect(),
        };
        let shifts = shifts.iter().map(shift).collect();
        record(Change::CalendarShifts(CalendarShifts { rotation: "r".into(), shifts, ..CalendarShifts::default() }))
    }

    /// Who is on call from which hour on, within a day.
    fn shown(roster: &Roster) -> Vec<String> {
        let mut at = hour(0);
        let mut shown = Vec::new();
        loop {
            let hours = at.since(hour(0)) / 3_600_000;
            shown.push(format!("{hours} {}", roster.on_call("r", at).join("+")));
            match roster.next_change("r", at).filter(|next| *next < hour(24)) {
                Some(next) => at = next,
                None => return shown,
            }
        }
    }

    const CALENDAR: &str = "calendar = { url = \"https://a.example/\" }\n";
    const LAYER: &str =
        "[[rotation.layer]]\nshift = \"daily\"\nstretch = [{ from = \"2026-01-01 00:00\", members = [\"csilla\"] }]\n";

    #[test]
    fn shifts_of_a_calendar_are_who_is_on_call_and_overrides_cover_them() {
        let mut roster = Roster::new(&config(CALENDAR));
        assert_eq!(shown(&roster), ["0 "], "nothing was read yet");
        roster.record([&read(&[
            (2, 8, &["anna"]),
            (6, 12, &["bela"]),
            (12, 14, &[]),
            (14, 16, &["somebody"]),
            (16, 20, &["anna"]),
        ])]);
        let all = ["0 ", "2 anna", "6 anna+bela", "8 bela", "12 ", "16 anna", "20 "];
        assert_eq!(shown(&roster), all, "two at a time, and gaps");
        let kind = Kind::Replace { people: vec!["csilla".into()], instead_of: vec!["bela".into()] };
        let over = Override { rotation: "r".into(), from: hour(7), to: hour(10), kind, reason: None };
        roster.record([&record(Change::Override(over))]);
        let with = ["0 ", "2 anna", "6 anna+bela", "7 anna+csilla", "8 csilla", "10 bela", "12 ", "16 anna", "20 "];
        assert_eq!(shown(&roster), with);
        roster.forget("override/r");
        roster.record([&read(&[(2, 4, &["bela"])])]);
        assert_eq!(shown(&roster), ["0 ", "2 bela", "4 "], "what was read last holds");
        roster.configure(&config(&format!("{CALENDAR}{LAYER}")));
        assert_eq!(shown(&roster), ["0 csilla", "2 bela", "4 csilla"], "layers show where it has nobody");
        roster.configure(&config(LAYER));
        assert_eq!(shown(&roster), ["0 csilla"], "without the setting nothing is there");
        roster.configure(&config(CALENDAR));
        assert_eq!(shown(&roster), ["0 ", "2 bela", "4 "]);
        let events = crate::oncall::ical::events(&roster, "r", hour(0), hour(24));
        assert_eq!((events.len(), events[0].from, events[0].to), (1, hour(2), hour(4)));
    }
}
