//! One layer of a rotation: whose turn it is.

use orszem_records::time::Timestamp;

use super::handovers::Handovers;
use super::local_clock::{LocalClock, seconds};
use super::people::{People, Person};
use super::windows::Windows;
use crate::settings::rotation;

/// A layer, ready to be asked.
#[derive(Clone, Debug)]
pub(super) struct Layer {
    turns: Turns,
    windows: Windows,
    stretches: Vec<Stretch>,
}

#[derive(Clone, Debug)]
enum Turns {
    ByClock(Handovers),
    /// Always the same number of milliseconds.
    ByLength(i64),
}

#[derive(Clone, Debug)]
struct Stretch {
    from: Timestamp,
    /// Where its hand-overs begin to count.
    origin: i64,
    members: Vec<Vec<Person>>,
    /// All turns have the same people.
    is_same: bool,
}

impl Layer {
    pub(super) fn of(layer: &rotation::Layer, clock: &LocalClock, people: &People) -> Layer {
        const HOUR_MS: i64 = 3_600_000;
        let turns = Handovers::of(layer)
            .map_or_else(|| Turns::ByLength(HOUR_MS * i64::from(layer.every.max(1))), Turns::ByClock);
        let stretch = |stretch: &rotation::Stretch| {
            let from = seconds(stretch.from.0);
            let origin = match &turns {
                Turns::ByClock(handovers) => handovers.origin(from),
                Turns::ByLength(_) => 0,
            };
            let members: Vec<_> = stretch.members.iter().map(|member| people.numbers(member.names())).collect();
            let is_same = members.windows(2).all(|pair| pair[0] == pair[1]);
            Stretch { from: clock.place(from), origin, members, is_same }
        };
        let stretches = layer.stretches.iter().map(stretch).collect();
        Layer { turns, windows: Windows::of(&layer.active), stretches }
    }

    /// Who has it at a moment, whether they are still called or not.
    pub(super) fn on_call(&self, clock: &LocalClock, at: Timestamp) -> &[Person] {
        let Some(stretch) = self.stretch(at).filter(|stretch| !stretch.members.is_empty()) else { return &[] };
        if !self.windows.is_active(clock, at) {
            return &[];
        }
        let turns = i64::try_from(stretch.members.len()).unwrap_or(i64::MAX);
        let member = if stretch.is_same { 0 } else { self.turn(clock, stretch, at).rem_euclid(turns) };
        stretch.members.get(usize::try_from(member).unwrap_or(0)).map_or(&[], Vec::as_slice)
    }

    /// When the shift began that a moment lies in: its turn, or the active hours of that turn. Where all turns are of
    /// the same people, they are one.
    pub(super) fn begun(&self, clock: &LocalClock, at: Timestamp) -> Option<Timestamp> {
        let stretch = self.stretch(at)?;
        let turn = if stretch.is_same { 0 } else { self.turn(clock, stretch, at) };
        let turn = self.begin(clock, stretch, turn);
        self.windows.since(clock, at, turn)
    }

    /// The first moment after `at` at which somebody else may have it. Nobody else has it before.
    pub(super) fn next(&self, clock: &LocalClock, at: Timestamp) -> Option<Timestamp> {
        let stretch = self.stretch(at);
        let turn = stretch
            .filter(|stretch| !stretch.is_same)
            .map(|stretch| self.begin(clock, stretch, self.turn(clock, stretch, at) + 1));
        let window = stretch.filter(|it| !it.members.is_empty()).and_then(|_| self.windows.next(clock, at));
        let stretch = self.stretches.iter().map(|stretch| stretch.from).filter(|from| *from > at).min();
        [turn, window, stretch].into_iter().flatten().min()
    }

    fn stretch(&self, at: Timestamp) -> Option<&Stretch> {
        self.stretches.iter().rev().find(|stretch| stretch.from <= at)
    }

    fn turn(&self, clock: &LocalClock, stretch: &Stretch, at: Timestamp) -> i64 {
        match &self.turns {
            Turns::ByClock(handovers) => handovers.turn(clock, stretch.origin, at),
            Turns::ByLength(length) => at.since(stretch.from).div_euclid(*length),
        }
    }

    fn begin(&self, clock: &LocalClock, stretch: &Stretch, turn: i64) -> Timestamp {
        match &self.turns {
            _ if turn == 0 => stretch.from,
            Turns::ByClock(handovers) => handovers.begin(clock, stretch.origin, turn).max(stretch.from),
            Turns::ByLength(length) => stretch.from.plus(turn.saturating_mul(*length)),
        }
    }
}
