//! The compiled form of a query: words are numbers, and it is evaluated against the words found in a text.

use std::ops::Range;

use super::fields::About;
use super::tree::{Field, Node, Words};
use crate::fold::Folded;

/// A place where words were found.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Hit {
    /// The number of the words.
    pub(super) leaf: u32,
    /// The first word's number in the text, from 1.
    pub(super) first: u32,
    /// The last word's number.
    pub(super) last: u32,
    /// In bytes of the original.
    pub(super) from: u32,
    pub(super) to: u32,
}

/// A query whose words are numbers.
#[derive(Debug)]
pub(super) enum Program {
    Leaf(u32),
    Field(Box<Field>),
    Not(Box<Program>),
    And(Box<[Program]>),
    Or(Box<[Program]>),
    /// Any of these words, as in a list of terms.
    AnyLeaf(Box<[u32]>),
    Near {
        distance: u32,
        ordered: bool,
        sides: Box<[Program; 2]>,
    },
}

/// A place in the text: in bytes of the original, and the numbers of its first and last word. A sign has the number of
/// the word that follows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    from: u32,
    to: u32,
    first: u32,
    last: u32,
}

/// A NEAR keeps all its places up to this number; texts that repeat the same words have many more pairs. If a NEAR
/// around it has no match with these, it is evaluated again with the nearest and the farthest partner of each word
/// only.
const MOST_PLACES: usize = 10_000;
/// The maximum number of places of a NEAR in such a text, 8 MB.
const MOST_IN_FLOOD: usize = 1 << 19;
/// The maximum number of places to search for one that ends before another begins: phrases may overlap.
const MOST_OVERLAPS: usize = 256;
/// The maximum number of ranges reported for one query in one text.
pub(super) const MOST_SPANS: usize = 1_000;

/// The text that a program is evaluated against.
pub(super) struct MatchContext<'a> {
    /// Sorted.
    pub(super) hits: &'a [Hit],
    pub(super) about: &'a About<'a>,
    pub(super) text: &'a str,
}

/// Reusable buffers.
#[derive(Debug, Default)]
pub(super) struct Workspace {
    places: Vec<Place>,
    folded: Folded,
    spans: Vec<Range<usize>>,
}

impl Workspace {
    /// Adds a range; merges when there are too many, so that the buffer stays bounded.
    fn mark(&mut self, span: Range<usize>) {
        if self.spans.len() >= 8 * MOST_SPANS {
            merge(&mut self.spans);
        }
        self.spans.push(span);
    }
}

impl MatchContext<'_> {
    fn of(&self, leaf: u32) -> &[Hit] {
        let start = self.hits.partition_point(|hit| hit.leaf < leaf);
        let length = self.hits[start..].partition_point(|hit| hit.leaf == leaf);
        &self.hits[start..start + length]
    }
}

impl Program {
    /// Compiles `node`; `number` assigns numbers to words.
    pub(super) fn of(node: &Node, number: &mut impl FnMut(&Words) -> u32) -> Program {
        match node {
            Node::Words(words) => Program::Leaf(number(words)),
            Node::Field(field) => Program::Field(Box::new(field.clone())),
            Node::Not(inner) => Program::Not(Box::new(Program::of(inner, number))),
            Node::And(nodes) => Program::And(nodes.iter().map(|node| Program::of(node, number)).collect()),
            Node::Or(nodes) => {
                let parts: Box<[Program]> = nodes.iter().map(|node| Program::of(node, number)).collect();
                let leaf = |part: &Program| if let Program::Leaf(leaf) = part { Some(*leaf) } else { None };
                match parts.iter().map(leaf).collect::<Option<Box<[u32]>>>() {
                    Some(leaves) => Program::AnyLeaf(leaves),
                    None => Program::Or(parts),
                }
            }
            Node::Near { distance, ordered, left, right } => {
                let sides = Box::new([Program::of(left, number), Program::of(right, number)]);
                Program::Near { distance: u32::from(*distance), ordered: *ordered, sides }
            }
        }
    }

    /// Whether it can hold for a text without any of its words.
    pub(super) fn needs_no_words(&self) -> bool {
        self.without_words().0
    }

    /// Whether it can hold, and whether it can fail, without any of its words.
    fn without_words(&self) -> (bool, bool) {
        match self {
            Program::Leaf(_) | Program::AnyLeaf(_) | Program::Near { .. } => (false, true),
            Program::Field(_) => (true, true),
            Program::Not(inner) => {
                let (holds, fails) = inner.without_words();
                (fails, holds)
            }
            Program::And(parts) => parts
                .iter()
                .map(Program::without_words)
                .fold((true, false), |all, part| (all.0 && part.0, all.1 || part.1)),
            Program::Or(parts) => parts
                .iter()
                .map(Program::without_words)
                .fold((false, true), |any, part| (any.0 || part.0, any.1 && part.1)),
        }
    }

    pub(super) fn holds(&self, case: &MatchContext<'_>, workspace: &mut Workspace) -> bool {
        match self {
            Program::Leaf(leaf) => !case.of(*leaf).is_empty(),
            Program::AnyLeaf(leaves) => leaves.iter().any(|leaf| !case.of(*leaf).is_empty()),
            Program::Field(field) => field.holds(case.about, case.text, &mut workspace.folded),
            Program::Not(inner) => !inner.holds(case, workspace),
            Program::And(parts) => parts.iter().all(|part| part.holds(case, workspace)),
            Program::Or(parts) => parts.iter().any(|part| part.holds(case, workspace)),
            Program::Near { .. } => self.is_near(case, &mut workspace.places),
        }
    }

    /// Whether a NEAR has a match.
    fn is_near(&self, case: &MatchContext<'_>, places: &mut Vec<Place>) -> bool {
        let start = places.len();
        let mut flood = Flood::default();
        let mut near = |flood: &mut Flood| {
            self.pairs(case, places, 1, flood);
            let near = places.len() > start;
            places.truncate(start);
            near
        };
        near(&mut flood) || (flood.cut && near(&mut Flood { thorough: true, cut: false }))
    }

    /// Adds places of a NEAR, unordered and at most `most`.
    fn pairs(&self, case: &MatchContext<'_>, places: &mut Vec<Place>, most: usize, flood: &mut Flood) {
        let Program::Near { distance, ordered, sides } = self else { return };
        let start = places.len();
        sides[0].places(case, places, flood);
        let middle = places.len();
        if middle > start {
            sides[1].places(case, places, flood);
        }
        let end = places.len();
        join(places, start..middle, middle..end, *distance, *ordered, most);
        if most > 1 && places.len() - end >= most {
            flood.cut = true;
            if flood.thorough {
                places.truncate(end);
                join_nearest(places, start..middle, middle..end, *distance, *ordered);
                places.truncate(end + MOST_IN_FLOOD);
            }
        }
        places.drain(start..end);
    }

    /// Adds its places to `places`, sorted and without duplicates.
    fn places(&self, case: &MatchContext<'_>, places: &mut Vec<Place>, flood: &mut Flood) {
        let start = places.len();
        match self {
            Program::Leaf(leaf) => places.extend(case.of(*leaf).iter().map(Hit::place)),
            Program::AnyLeaf(leaves) => {
                for leaf in leaves {
                    places.extend(case.of(*leaf).iter().map(Hit::place));
                }
            }
            Program::Or(parts) => parts.iter().for_each(|part| part.places(case, places, flood)),
            Program::Near { .. } => self.pairs(case, places, MOST_PLACES, flood),
            // The parser allows nothing else next to NEAR.
            Program::Field(_) | Program::Not(_) | Program::And(_) => {}
        }
        places[start..].sort_unstable();
        let mut kept = start;
        for at in start..places.len() {
            if at == start || places[at] != places[kept - 1] {
                places[kept] = places[at];
                kept += 1;
            }
        }
        places.truncate(kept);
    }

    /// The ranges of the words that make it hold, sorted and not overlapping, the first [`MOST_SPANS`]. Only meaningful
    /// if it holds.
    pub(super) fn spans<'d>(&self, case: &MatchContext<'_>, workspace: &'d mut Workspace) -> &'d [Range<usize>] {
        workspace.spans.clear();
        self.mark(true, case, workspace);
        merge(&mut workspace.spans);
        &workspace.spans
    }

    /// Marks the words that make it hold, or fail if `wanted` is false: NOT (NOT a OR NOT b) holds because of a and b.
    fn mark(&self, wanted: bool, case: &MatchContext<'_>, workspace: &mut Workspace) {
        let mut hits =
            |leaf: u32| case.of(leaf).iter().take(8 * MOST_SPANS).for_each(|hit| workspace.mark(hit.range()));
        match self {
            Program::Not(inner) => inner.mark(!wanted, case, workspace),
            Program::And(parts) | Program::Or(parts) => {
                for part in parts {
                    if part.holds(case, workspace) == wanted {
                        part.mark(wanted, case, workspace);
                    }
                }
            }
            // Missing words have no place.
            _ if !wanted => {}
            Program::Leaf(leaf) => hits(*leaf),
            Program::AnyLeaf(leaves) => leaves.iter().for_each(|leaf| hits(*leaf)),
            Program::Field(_) => {}
            Program::Near { .. } => {
                let mut places = std::mem::take(&mut workspace.places);
                // Only the first spans are reported, so the first places are enough unless they contain no match.
                for thorough in [false, true] {
                    if places.is_empty() {
                        self.pairs(case, &mut places, MOST_PLACES, &mut Flood { thorough, cut: false });
                    }
                }
                places.sort_unstable();
                // The farthest end so far, so that each hit needs one lookup: there can be ten thousand places.
                let mut reach = 0;
                for place in &mut places {
                    reach = place.to.max(reach);
                    place.to = reach;
                }
                self.leaves(&mut |leaf| {
                    for hit in case.of(leaf) {
                        let begun = places.partition_point(|near| near.from <= hit.from);
                        if begun > 0 && hit.to <= places[begun - 1].to {
                            workspace.mark(hit.range());
                        }
                    }
                });
                places.clear();
                workspace.places = places;
            }
        }
    }

    /// Calls `tell` for every number of words.
    pub(super) fn leaves(&self, tell: &mut impl FnMut(u32)) {
        match self {
            Program::Leaf(leaf) => tell(*leaf),
            Program::AnyLeaf(leaves) => leaves.iter().for_each(|leaf| tell(*leaf)),
            Program::Field(_) => {}
            Program::Not(inner) => inner.leaves(tell),
            Program::And(parts) | Program::Or(parts) => {
                for part in parts {
                    part.leaves(tell);
                }
            }
            Program::Near { sides, .. } => {
                for side in sides.iter() {
                    side.leaves(tell);
                }
            }
        }
    }
}

/// How to handle too many places.
#[derive(Default)]
struct Flood {
    /// If there are too many places, take representative ones instead of the first.
    thorough: bool,
    /// Whether there were too many.
    cut: bool,
}

impl Place {
    /// The smallest place that covers both.
    fn with(self, other: Place) -> Place {
        Place {
            from: self.from.min(other.from),
            to: self.to.max(other.to),
            first: self.first.min(other.first),
            last: self.last.max(other.last),
        }
    }
}

impl Hit {
    fn place(&self) -> Place {
        Place { from: self.from, to: self.to, first: self.first, last: self.last }
    }

    fn range(&self) -> Range<usize> {
        self.from as usize..self.to as usize
    }
}

/// Sorts ranges, merges overlapping ones, and keeps the first [`MOST_SPANS`].
fn merge(spans: &mut Vec<Range<usize>>) {
    spans.sort_unstable_by_key(|span| (span.start, span.end));
    spans.dedup_by(|next, kept| {
        let overlaps = next.start < kept.end;
        if overlaps {
            kept.end = kept.end.max(next.end);
        }
        overlaps
    });
    spans.truncate(MOST_SPANS);
}

/// Adds to `places` each pair of a `left` and a `right` place that are at most `distance` words apart and share no
/// character, but at most `most` pairs. Both ranges are sorted.
fn join(places: &mut Vec<Place>, left: Range<usize>, right: Range<usize>, distance: u32, ordered: bool, most: usize) {
    let widest = places[right.clone()].iter().map(|place| place.last - place.first).max().unwrap_or(0);
    let start = places.len();
    for one in left {
        let one = places[one];
        let earliest = if ordered { one.last } else { one.first.saturating_sub(distance.saturating_add(widest)) };
        let from = right.start + places[right.clone()].partition_point(|place| place.first < earliest);
        for other in from..right.end {
            let place = places[other];
            if place.first > one.last.saturating_add(distance) {
                break;
            }
            let after = place.from >= one.to;
            let before = !ordered && place.to <= one.from && one.first - place.last.min(one.first) <= distance;
            if after || before {
                places.push(one.with(place));
                if places.len() - start >= most {
                    return;
                }
            }
        }
    }
}

/// Like [`join`], but pairs each place only with the nearest and the farthest on each side. These represent all pairs:
/// every begin and every end of a pair occurs in the shortest or the longest of them.
fn join_nearest(places: &mut Vec<Place>, left: Range<usize>, right: Range<usize>, distance: u32, ordered: bool) {
    for (ones, others, first) in [(left.clone(), right.clone(), true), (right, left, false)] {
        let widest = places[others.clone()].iter().map(|place| place.last - place.first).max().unwrap_or(0);
        for one in ones {
            let one = places[one];
            let mut found = [None; 4];
            let all = &places[others.clone()];
            if first || !ordered {
                let nearest = all.partition_point(|place| place.from < one.to);
                let end = all.partition_point(|place| place.first <= one.last.saturating_add(distance));
                if nearest < end {
                    // A place that begins later may end earlier.
                    let within = all[nearest..end].iter().take(MOST_OVERLAPS);
                    let within = within.take_while(|place| place.from < all[nearest].to);
                    (found[0], found[1]) = (within.min_by_key(|place| place.to).copied(), Some(all[end - 1]));
                }
            }
            if !first || !ordered {
                let is_before =
                    |place: &&Place| place.to <= one.from && one.first.saturating_sub(place.last) <= distance;
                let before = &all[..all.partition_point(|place| place.from < one.from)];
                let reach = one.first.saturating_sub(distance.saturating_add(widest));
                let within = &before[before.partition_point(|place| place.first < reach)..];
                found[2] = within.iter().rev().take(MOST_OVERLAPS).find(is_before).copied();
                found[3] = within.iter().take(MOST_OVERLAPS).find(is_before).copied();
            }
            places.extend(found.into_iter().flatten().map(|other| one.with(other)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn places() -> impl Strategy<Value = Vec<Place>> {
        let place = (0_u32..40, 0_u32..3).prop_map(|(at, more)| Place {
            from: 2 * at,
            to: 2 * (at + more) + 1,
            first: at + 1,
            last: at + more + 1,
        });
        proptest::collection::btree_set(place, 0..20).prop_map(|places| places.into_iter().collect())
    }

    proptest! {
        /// Everything that is near a dropped place is also near a kept one.
        #[test]
        fn the_nearest_places_represent_all(
            left in places(),
            right in places(),
            distance in 1_u32..12,
            ordered in any::<bool>(),
        ) {
            let both: Vec<Place> = left.iter().chain(&right).copied().collect();
            let sides = || (0..left.len(), left.len()..both.len());
            let (mut all, mut kept) = (both.clone(), both.clone());
            join(&mut all, sides().0, sides().1, distance, ordered, usize::MAX);
            join_nearest(&mut kept, sides().0, sides().1, distance, ordered);
            let (all, kept) = (&all[both.len()..], &kept[both.len()..]);
            prop_assert!(kept.iter().all(|place| all.contains(place)));
            for one in all {
                prop_assert!(kept.iter().any(|place| place.last >= one.last && place.to <= one.to && place.first >= one.first));
                prop_assert!(kept.iter().any(|place| place.first <= one.first && place.from >= one.from && place.last <= one.last));
            }
        }
    }
}
