//! Events and their repetitions, with what was moved, left out or called off: one shift for each that remains.

use std::collections::{BTreeMap, BTreeSet};

use orszem_records::team::RosterShift;
use orszem_records::team::shifts::FaultKind;
use orszem_records::time::Timestamp;

use super::super::local_clock::DAY;
use super::event::{Event, Length, Moment};
use super::marks::Marks;
use super::names::Names;
use super::{Found, Unreadable, rule};

/// How far a series is followed beyond the span, in seconds: all that comes later may be moved forward by so much.
const MOVED: i64 = 7 * DAY;

/// How far it is followed to an exception that is moved into the span.
const MOVED_BY_NAME: i64 = 731 * DAY;

/// A span of time.
type Span = (Timestamp, Timestamp);

/// The shifts of all events in a span.
pub(super) fn shifts(events: &[Event<'_>], names: &Names<'_>, span: Span, found: &mut Found) -> Result<(), Unreadable> {
    let mut by_uid: BTreeMap<(&str, usize), Vec<&Event<'_>>> = BTreeMap::new();
    for (number, event) in events.iter().enumerate() {
        // One without a name of its own is nothing but itself.
        let place = if event.uid.is_empty() { number + 1 } else { 0 };
        by_uid.entry((event.uid, place)).or_default().push(event);
    }
    for of_uid in by_uid.values() {
        let mut series = Series::of(of_uid, names, span, found);
        series.follow()?;
    }
    Ok(())
}

/// The events of one name.
struct Series<'s, 'c> {
    masters: Vec<&'s Event<'c>>,
    /// What takes the place of single occurrences, or of one and all later ones; the newest of each.
    exceptions: Vec<&'s Event<'c>>,
    /// Which occurrence each of them is about, and those that are about later ones, too.
    replaced: Marks,
    and_later: BTreeMap<Timestamp, usize>,
    used: BTreeSet<usize>,
    names: &'s Names<'s>,
    span: Span,
    found: &'s mut Found,
}

impl<'s, 'c> Series<'s, 'c> {
    fn of(events: &[&'s Event<'c>], names: &'s Names<'s>, span: Span, found: &'s mut Found) -> Series<'s, 'c> {
        let (exceptions, masters): (Vec<_>, Vec<_>) = events.iter().partition(|event| event.replaces.is_some());
        let exceptions = newest_of_each(exceptions);
        let replaced =
            || exceptions.iter().zip(0..).filter_map(|(event, number)| Some((event, event.replaces.as_ref()?, number)));
        Series {
            replaced: Marks::of(replaced().map(|(_, at, number)| (at, number))),
            and_later: replaced()
                .filter(|(event, ..)| event.and_later)
                .map(|(_, at, number)| (at.at(), number))
                .collect(),
            masters: newest(masters),
            exceptions,
            used: BTreeSet::new(),
            names,
            span,
            found,
        }
    }

    fn follow(&mut self) -> Result<(), Unreadable> {
        // With the series its exceptions are called off.
        if !self.masters.is_empty() && self.masters.iter().all(|master| master.is_cancelled) {
            return Ok(());
        }
        for master in self.masters.clone() {
            if !master.is_cancelled {
                self.repeat(master)?;
            }
        }
        // An exception of an occurrence that is not there stands for itself.
        for (number, event) in self.exceptions.clone().into_iter().enumerate() {
            if !event.is_cancelled && !self.used.contains(&number) {
                self.put(event, &event.start.clone(), event.length, &mut Told::default())?;
            }
        }
        Ok(())
    }

    fn repeat(&mut self, master: &'s Event<'c>) -> Result<(), Unreadable> {
        let start = &master.start;
        // What begins before the end of the span is of interest, and what is moved from there into it.
        let moved = self.exceptions.iter().filter_map(|it| it.replaces.as_ref()).map(|it| it.by(&start.clock)).max();
        let end = start.clock.local(self.span.1);
        let end = (end + MOVED).max(moved.unwrap_or(i64::MIN).min(end + MOVED_BY_NAME));
        let mut times: BTreeMap<i64, Option<Length>> = BTreeMap::from([(start.local, None)]);
        for rule in &master.rules {
            let Some(given) = rule::given(rule, start, end) else {
                self.found.fault(FaultKind::UnreadRule, master.summary, None);
                return Ok(());
            };
            self.found.follow(given.effort)?;
            times.extend(given.times.into_iter().map(|local| (local, None)));
        }
        times.extend(master.added.iter().map(|(at, length)| (at.by(&start.clock), *length)));
        let left_out = Marks::of(master.left_out.iter().zip(0..));
        let mut told = Told::default();
        for (local, length) in times {
            let occurrence = Moment { local, ..start.clone() };
            if left_out.find(&occurrence).is_some() {
                continue;
            }
            match self.exception(&occurrence) {
                None => self.put(master, &occurrence, length.unwrap_or(master.length), &mut told)?,
                Some(event) if event.is_cancelled => {}
                Some(event) => {
                    let from = event.replaces.as_ref().map_or(event.start.local, |it| it.by(&event.start.clock));
                    let local = occurrence.by(&event.start.clock) + event.start.local - from;
                    let moved = Moment { local, ..event.start.clone() };
                    self.put(event, &moved, event.length, &mut told)?;
                }
            }
        }
        Ok(())
    }

    /// What takes the place of an occurrence.
    fn exception(&mut self, occurrence: &Moment) -> Option<&'s Event<'c>> {
        let earlier = || self.and_later.range(..=occurrence.at()).next_back().map(|(_, number)| *number);
        let number = self.replaced.find(occurrence).or_else(earlier)?;
        self.used.insert(number);
        Some(self.exceptions[number])
    }

    /// Adds a shift, if a part of it lies in the span.
    fn put(&mut self, event: &Event<'_>, start: &Moment, length: Length, told: &mut Told) -> Result<(), Unreadable> {
        let (from, to) = (start.at(), length.end(start));
        if from >= self.span.1 || to <= self.span.0 || from >= to {
            return Ok(());
        }
        let meant = self.names.meant(&event.attendees, event.summary);
        if meant.is_doubtful && told.is_new(FaultKind::SeveralOfThatName, event.summary) {
            self.found.fault(FaultKind::SeveralOfThatName, event.summary, Some(from));
        }
        if meant.people.is_empty() && !meant.is_doubtful && told.is_new(FaultKind::UnknownPerson, event.summary) {
            self.found.fault(FaultKind::UnknownPerson, event.summary, Some(from));
        }
        let people = meant.people.into_iter().map(str::to_owned).collect();
        self.found.shift(RosterShift { from, to, people })
    }
}

/// What was said of a series is said once.
#[derive(Default)]
struct Told(BTreeSet<(FaultKind, String)>);

impl Told {
    fn is_new(&mut self, fault: FaultKind, event: &str) -> bool {
        self.0.insert((fault, event.to_owned()))
    }
}

/// Of several events of one name those that were changed last. Some programs give one name to events that have nothing
/// to do with one another: those that begin at different times are different events, unless one was changed more often.
fn newest<'s, 'c>(events: Vec<&'s Event<'c>>) -> Vec<&'s Event<'c>> {
    let highest = events.iter().map(|event| event.sequence).max();
    let mut by_start: BTreeMap<Timestamp, &'s Event<'c>> = BTreeMap::new();
    for event in events.into_iter().filter(|event| Some(event.sequence) == highest) {
        by_start.insert(event.start.at(), event);
    }
    by_start.into_values().collect()
}

/// The newest exception of each occurrence, in order of time.
fn newest_of_each<'s, 'c>(exceptions: Vec<&'s Event<'c>>) -> Vec<&'s Event<'c>> {
    let mut newest: BTreeMap<Option<Timestamp>, &'s Event<'c>> = BTreeMap::new();
    for event in exceptions {
        let at = event.replaces.as_ref().map(Moment::at);
        let known = newest.get(&at).map_or(i64::MIN, |known| known.sequence);
        if event.sequence >= known {
            newest.insert(at, event);
        }
    }
    newest.into_values().collect()
}
