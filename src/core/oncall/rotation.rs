//! One rotation with its layers and overrides.

use orszem_records::time::Timestamp;

use super::calendar_layer::CalendarLayer;
use super::cover::{ByCover, Cover, covered};
use super::layer::Layer;
use super::local_clock::LocalClock;
use super::people::{People, Person};
use crate::settings::{self, Config};

/// A rotation, ready to be asked.
#[derive(Clone, Debug)]
pub(super) struct Rotation {
    clock: LocalClock,
    /// What its calendar says, where it has one: over the layers.
    calendar: Option<CalendarLayer>,
    /// The highest first.
    layers: Vec<Layer>,
    /// Those of the file.
    written: Vec<Cover>,
    /// Those of the file, and after them what people changed.
    covers: Vec<Cover>,
}

/// Who is on call from one moment to another, where nothing changes.
#[derive(Clone, Debug)]
pub(super) struct Piece {
    pub(super) from: Timestamp,
    pub(super) to: Timestamp,
    pub(super) people: Vec<ByCover>,
}

/// A [`Piece`] with what put each of its people on call.
#[derive(Clone, Debug)]
pub(super) struct SlotPiece {
    pub(super) from: Timestamp,
    pub(super) people: Vec<(Person, Slot)>,
}

/// What put somebody on call.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Slot {
    /// The shift of a layer that began at this moment.
    Shift {
        /// The number of the layer, the highest first; 0 is the calendar.
        layer: usize,
        begun: Timestamp,
    },
    /// An override.
    Cover {
        /// Names it.
        id: String,
        begun: Timestamp,
    },
}

impl Slot {
    /// When it began, with any person.
    pub(super) fn begun(&self) -> Timestamp {
        match self {
            Slot::Shift { begun, .. } | Slot::Cover { begun, .. } => *begun,
        }
    }
}

impl Rotation {
    /// A rotation of a configuration, with the overrides that are written there.
    pub(super) fn of(rotation: &settings::Rotation, config: &Config, people: &People) -> Rotation {
        let clock = LocalClock::named(Some(&rotation.time_zone));
        let calendar = rotation.calendar.as_ref().map(|_| CalendarLayer::default());
        let layers = rotation.layers.iter().rev().map(|layer| Layer::of(layer, &clock, people)).collect();
        let own = config.overrides.iter().filter(|over| over.rotation == rotation.name);
        let written = own.map(|over| {
            let record = Cover::written(over, &clock);
            let id = format!("file/{}-{}", record.from.0, record.to.0);
            Cover::of(&id, record.from, &record, people)
        });
        let written: Vec<Cover> = written.collect();
        Rotation { clock, calendar, layers, covers: written.clone(), written }
    }

    /// Takes what its calendar says now. Without the setting it has none, whatever was read before.
    pub(super) fn read_calendar(&mut self, read: Option<CalendarLayer>) {
        if let (Some(calendar), Some(read)) = (&mut self.calendar, read) {
            *calendar = read;
        }
    }

    /// Takes these in place of what people changed before.
    pub(super) fn cover(&mut self, changed: Vec<Cover>) {
        self.covers.clone_from(&self.written);
        self.covers.extend(changed);
    }

    pub(super) fn clock(&self) -> &LocalClock {
        &self.clock
    }

    /// When the first of all shifts and overrides began that hold at a moment, whether they show or not.
    pub(super) fn begun(&self, at: Timestamp) -> Timestamp {
        let layers = (0..=self.layers.len()).filter_map(|tier| self.tier_begun(tier, at));
        let covers = self.covers.iter().filter(|cover| cover.holds(at)).map(|cover| cover.from);
        layers.chain(covers).min().unwrap_or(at)
    }

    /// How often something was changed in a span, or at its ends.
    pub(super) fn revisions(&self, from: Timestamp, to: Timestamp) -> u32 {
        self.covers.iter().map(|cover| cover.revisions(from, to)).sum()
    }

    /// Who is on call at a moment.
    pub(super) fn on_call(&self, people: &People, at: Timestamp) -> Vec<ByCover> {
        covered(&self.covers, by_layers(self.base(people, at)), people, at)
    }

    /// Goes through a span piece by piece.
    pub(super) fn walk(
        &self,
        people: &People,
        from: Timestamp,
        to: Timestamp,
        on_call: impl Fn(Timestamp) -> Vec<ByCover>,
    ) -> impl Iterator<Item = Piece> {
        let end = move |at: Timestamp| self.next(people, at).map_or(to, |next| next.min(to));
        let first = Some((from, end(from)));
        let pieces = std::iter::successors(first, move |(_, at)| (*at < to).then(|| (*at, end(*at))));
        pieces.map(move |(from, to)| Piece { from, to, people: on_call(from) })
    }

    /// Adds what put each of them on call.
    pub(super) fn with_slots(&self, people: &People, piece: Piece) -> SlotPiece {
        let Piece { from, people: on_call, .. } = piece;
        SlotPiece { from, people: on_call.into_iter().map(|by| (by.0, self.slot(people, by, from))).collect() }
    }

    /// The highest layer that has somebody, and who that is. The calendar is number 0.
    pub(super) fn base(&self, people: &People, at: Timestamp) -> Option<(usize, Vec<Person>)> {
        let of_tier = |tier: usize| -> Vec<Person> {
            let members = match tier.checked_sub(1) {
                None => self.calendar.as_ref().map_or(&[][..], |calendar| calendar.on_call(at)),
                Some(layer) => self.layers[layer].on_call(&self.clock, at),
            };
            members.iter().copied().filter(|person| people.is_there(*person, at)).collect()
        };
        (0..=self.layers.len()).map(|tier| (tier, of_tier(tier))).find(|(_, who)| !who.is_empty())
    }

    fn tier_begun(&self, tier: usize, at: Timestamp) -> Option<Timestamp> {
        match tier.checked_sub(1) {
            None => self.calendar.as_ref()?.begun(at),
            Some(layer) => self.layers[layer].begun(&self.clock, at),
        }
    }

    /// The first moment after `at` at which others may be on call. Nobody else is before.
    pub(super) fn next(&self, people: &People, at: Timestamp) -> Option<Timestamp> {
        // What is below the layer that has somebody shows only after that changes.
        let shown = self.base(people, at).map_or(self.layers.len(), |(tier, _)| tier);
        let calendar = self.calendar.as_ref().and_then(|calendar| calendar.next(at));
        let layers = self.layers.iter().take(shown).filter_map(|layer| layer.next(&self.clock, at));
        let covers = self.covers.iter().filter_map(|cover| cover.next(at));
        layers.chain(calendar).chain(covers).chain(people.next_end(at)).min()
    }

    fn slot(&self, people: &People, (_, by): ByCover, at: Timestamp) -> Slot {
        match (by, self.base(people, at)) {
            (Some(number), _) => {
                let cover = &self.covers[number];
                Slot::Cover { id: cover.id.clone(), begun: cover.from }
            }
            (None, Some((layer, _))) => Slot::Shift { layer, begun: self.tier_begun(layer, at).unwrap_or(at) },
            (None, None) => Slot::Shift { layer: 0, begun: at },
        }
    }
}

/// Those whom a layer puts on call.
pub(super) fn by_layers(base: Option<(usize, Vec<Person>)>) -> Vec<ByCover> {
    base.into_iter().flat_map(|(_, who)| who).map(|person| (person, None)).collect()
}
