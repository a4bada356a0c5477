//! Warnings about queries that match everything or nothing.

use std::collections::HashMap;

use super::fault::QueryFault;
use super::fields::is_under;
use super::implied::Implied;
use super::parse::parse_placed;
use super::tree::{Comparison, Field, Kind, Node};

/// A query with more free choices than this is not checked for whether it can match.
const MOST_CHOICES: usize = 14;
/// Nor is one whose check needs more steps than this.
const MOST_WORK: usize = 10_000_000;

/// Parses a query, and returns warnings about it: operators in small letters, a list among ANDs, a query that matches
/// everything or nothing.
///
/// # Errors
/// The first twenty faults, in the order of the query; at least one.
pub fn examine(query: &str) -> Result<(Node, Vec<QueryFault>), Vec<QueryFault>> {
    let (node, mut warnings) = parse_placed(query)?;
    let whole = query.len() - query.trim_start().len()..query.trim_end().len();
    if let Some((message, help)) = pointless(&node) {
        warnings.push(QueryFault::new(whole, message, help));
    }
    Ok((node, warnings))
}

fn pointless(node: &Node) -> Option<(&'static str, &'static str)> {
    if holds_without_any(node) {
        let help = "NOT alone keeps everything else: say what to look for, and write AND NOT before what to exclude";
        return Some(("this query matches everything, or almost everything", help));
    }
    if always(node) {
        return Some(("this query matches everything", "remove the part that is true for every mention"));
    }
    if !can_hold(node) {
        return Some((
            "this query can never match",
            "its parts exclude each other: use OR instead of AND, or remove a part",
        ));
    }
    None
}

/// Whether it holds for a mention that contains none of its words.
fn holds_without_any(node: &Node) -> bool {
    match node {
        Node::Words(_) | Node::Near { .. } => false,
        Node::Field(field) => is_certain(field),
        Node::Not(inner) => !holds_without_any(inner),
        Node::And(nodes) => nodes.iter().all(holds_without_any),
        Node::Or(nodes) => nodes.iter().any(holds_without_any),
    }
}

fn always(node: &Node) -> bool {
    !can_hold(&Node::Not(Box::new(node.clone())))
}

/// Whether the field is true for every mention.
fn is_certain(field: &Field) -> bool {
    matches!(field, Field::Followers(Comparison::AtLeast, 0))
}

/// Whether any mention can match; also true if the check would take too long.
fn can_hold(node: &Node) -> bool {
    let mut parts = Parts::default();
    let shape = parts.shape(node, false);
    let follows = parts.follows();
    let fields: Vec<(usize, &Field)> = parts
        .known
        .iter()
        .enumerate()
        .filter_map(|(at, part)| if let Node::Field(field) = part.node { Some((at, field)) } else { None })
        .collect();
    // A part that is only wanted is set to true, and one that is only unwanted to false. Only parts that are both, or
    // that depend on other parts, need both values tried.
    let mut is_free: Vec<bool> = parts.known.iter().map(|part| part.wanted && part.unwanted).collect();
    follows.iter().for_each(|(one, other)| (is_free[*one], is_free[*other]) = (true, true));
    for (at, field) in &fields {
        is_free[*at] |= fields.iter().any(|(other, with)| other != at && is_bound(field, with))
            || matches!(field, Field::Followers(..));
    }
    let free: Vec<usize> = (0..is_free.len()).filter(|at| is_free[*at]).collect();
    let work = (follows.len() + parts.known.len() + parts.nodes) << free.len().min(MOST_CHOICES);
    if free.len() > MOST_CHOICES || work > MOST_WORK {
        return true;
    }
    let mut chosen: Vec<bool> = parts.known.iter().map(|part| part.wanted).collect();
    (0_u32..1 << free.len()).any(|choice| {
        free.iter().enumerate().for_each(|(bit, at)| chosen[*at] = choice >> bit & 1 == 1);
        follows.iter().all(|(one, other)| !chosen[*one] || chosen[*other])
            && possible(&fields.iter().map(|(at, field)| (*field, chosen[*at])).collect::<Vec<_>>())
            && shape.holds(&chosen)
    })
}

/// Whether the value of one field restricts the other.
fn is_bound(one: &Field, other: &Field) -> bool {
    excludes(one, other) || matches!((one, other), (Field::Is(_), Field::Is(_)))
}

/// Whether no mention can have both of these fields; they differ.
fn excludes(one: &Field, other: &Field) -> bool {
    match (one, other) {
        (Field::Lang(_), Field::Lang(_)) | (Field::Is(_), Field::Is(_)) => true,
        (Field::Source(one), Field::Source(other)) => match (one.prefix, other.prefix) {
            (false, false) => one.text != other.text,
            (true, false) => !other.text.starts_with(&one.text),
            (false, true) => !one.text.starts_with(&other.text),
            (true, true) => !one.text.starts_with(&other.text) && !other.text.starts_with(&one.text),
        },
        (Field::Domain(one), Field::Domain(other)) => !is_under(one, other) && !is_under(other, one),
        _ => false,
    }
}

/// A query whose parts are numbers.
enum Shape {
    Part(usize),
    Not(Box<Shape>),
    And(Vec<Shape>),
    Or(Vec<Shape>),
}

impl Shape {
    fn holds(&self, chosen: &[bool]) -> bool {
        match self {
            Shape::Part(part) => chosen[*part],
            Shape::Not(inner) => !inner.holds(chosen),
            Shape::And(shapes) => shapes.iter().all(|shape| shape.holds(chosen)),
            Shape::Or(shapes) => shapes.iter().any(|shape| shape.holds(chosen)),
        }
    }
}

/// The distinct parts of a query.
#[derive(Default)]
struct Parts<'n> {
    known: Vec<Part<'n>>,
    places: HashMap<&'n Node, usize>,
    nodes: usize,
}

struct Part<'n> {
    node: &'n Node,
    wanted: bool,
    unwanted: bool,
}

impl<'n> Parts<'n> {
    fn shape(&mut self, node: &'n Node, negated: bool) -> Shape {
        self.nodes += 1;
        match node {
            Node::Words(_) | Node::Field(_) | Node::Near { .. } => {
                let next = self.known.len();
                let place = *self.places.entry(node).or_insert(next);
                if place == next {
                    self.known.push(Part { node, wanted: false, unwanted: false });
                }
                self.known[place].wanted |= !negated;
                self.known[place].unwanted |= negated;
                Shape::Part(place)
            }
            Node::Not(inner) => Shape::Not(Box::new(self.shape(inner, !negated))),
            Node::And(nodes) => Shape::And(nodes.iter().map(|node| self.shape(node, negated)).collect()),
            Node::Or(nodes) => Shape::Or(nodes.iter().map(|node| self.shape(node, negated)).collect()),
        }
    }

    /// Pairs of parts in which the first implies the second. Only pairs that matter: the first is wanted and the second
    /// is unwanted.
    fn follows(&self) -> Vec<(usize, usize)> {
        let implied = Implied::new(self.known.iter().map(|part| part.node));
        let numbered = || self.known.iter().enumerate();
        let away: Vec<(usize, &Part<'_>)> = numbered().filter(|(_, part)| part.unwanted).collect();
        let mut pairs = Vec::new();
        for (one, part) in numbered().filter(|(_, part)| part.wanted) {
            let others = away.iter().filter(|(other, _)| *other != one);
            let follow = others.filter(|(_, other)| implied.follows(part.node, other.node));
            pairs.extend(follow.map(|(other, _)| (one, *other)));
        }
        pairs
    }
}

/// Whether one mention can have this combination of fields.
fn possible(fields: &[(&Field, bool)]) -> bool {
    let count = |wanted: bool, of: fn(&Field) -> bool| {
        fields.iter().filter(|(field, chosen)| *chosen == wanted && of(field)).count()
    };
    let mut there = fields.iter().enumerate().filter(|(_, (_, chosen))| *chosen);
    let apart = there.any(|(at, (one, _))| fields[..at].iter().any(|(other, chosen)| *chosen && excludes(one, other)));
    if apart || count(false, |field| matches!(field, Field::Is(_))) == Kind::NAMES.len() {
        return false;
    }
    let limits: Vec<(Comparison, u64, bool)> = fields
        .iter()
        .filter_map(|(field, chosen)| match field {
            Field::Followers(comparison, number) => Some((*comparison, *number, *chosen)),
            _ => None,
        })
        .collect();
    let candidates =
        limits.iter().flat_map(|(_, number, _)| [number.saturating_sub(1), *number, number.saturating_add(1)]);
    limits.is_empty()
        || candidates
            .chain([0])
            .any(|number| limits.iter().all(|(comparison, limit, wanted)| comparison.holds(number, *limit) == *wanted))
}

#[cfg(test)]
#[path = "lint_tests.rs"]
mod tests;
