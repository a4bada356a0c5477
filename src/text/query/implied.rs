//! Implications between parts of a query: which part always matches where another one does.

use std::collections::HashMap;

use super::fields::is_under;
use super::pattern::Pattern;
use super::tree::{Field, How, Node, Words};
use crate::scripts::is_word;

/// The patterns of the words of a query.
pub(super) struct Implied<'n> {
    read: HashMap<&'n Words, Vec<Pattern>>,
}

impl<'n> Implied<'n> {
    /// Prepares the words of these parts.
    pub(super) fn new(parts: impl Iterator<Item = &'n Node>) -> Implied<'n> {
        let mut implied = Implied { read: HashMap::new() };
        parts.for_each(|part| implied.gather(part));
        implied
    }

    fn gather(&mut self, node: &'n Node) {
        match node {
            Node::Words(words) => {
                self.read.entry(words).or_insert_with(|| match words.how {
                    // Split at marks like other words, but only in its own form.
                    How::Exact => {
                        let plain = Words { text: words.text.clone(), how: How::Inflected };
                        Pattern::of(&plain, 0).into_iter().take(1).collect()
                    }
                    _ => Pattern::of(words, 0),
                });
            }
            Node::Near { left, right, .. } => {
                self.gather(left);
                self.gather(right);
            }
            Node::Or(nodes) => nodes.iter().for_each(|node| self.gather(node)),
            Node::Field(_) | Node::Not(_) | Node::And(_) => {}
        }
    }

    /// Whether `other` holds wherever `one` does; false if unknown.
    pub(super) fn follows(&self, one: &Node, other: &Node) -> bool {
        match (one, other) {
            (Node::Or(nodes), _) => nodes.iter().all(|one| self.follows(one, other)),
            (Node::Words(one), Node::Words(other)) => self.contains(one, other, false),
            (Node::Near { left, right, .. }, Node::Words(_)) => self.follows(left, other) || self.follows(right, other),
            (Node::Near { .. }, Node::Near { .. }) => self.is_nearer(one, other),
            (Node::Field(one), Node::Field(other)) => is_narrower(one, other),
            _ => false,
        }
    }

    /// Whether each match of one NEAR is a match of the other: the same sides, and no farther apart.
    fn is_nearer(&self, one: &Node, other: &Node) -> bool {
        let (
            Node::Near { distance, ordered, left, right },
            Node::Near { distance: most, ordered: must_order, left: first, right: second },
        ) = (one, other)
        else {
            return false;
        };
        let straight = || self.is_there(left, first) && self.is_there(right, second);
        let crossed = || !must_order && self.is_there(left, second) && self.is_there(right, first);
        distance <= most && (*ordered || !must_order) && (straight() || crossed())
    }

    /// Whether each match of `one` is a match of `other` with the same first and last word.
    fn is_there(&self, one: &Node, other: &Node) -> bool {
        match (one, other) {
            (Node::Or(nodes), _) => nodes.iter().all(|one| self.is_there(one, other)),
            (_, Node::Or(nodes)) => nodes.iter().any(|other| self.is_there(one, other)),
            (Node::Words(one), Node::Words(other)) => self.contains(one, other, true),
            _ => one == other,
        }
    }

    /// Whether each match of the words `one` contains the words `other`; with `whole`, consists of them.
    fn contains(&self, one: &Words, other: &Words, whole: bool) -> bool {
        if one == other {
            return true;
        }
        let patterns = |words| self.read.get(words).map(Vec::as_slice).unwrap_or_default();
        // `one` may occur in any of its forms; only the basic form of `other` is certain.
        let ([inner, ..], outer @ [_, ..]) = (patterns(other), patterns(one)) else { return false };
        outer.iter().enumerate().all(|(n, outer)| {
            let starts = outer.text.match_indices(&*inner.text).map(|(at, _)| at).filter(|at| !whole || *at == 0);
            let ends = |at: usize| at + inner.text.len();
            let mut starts = starts.filter(|at| inner.may_begin(&outer.text, *at));
            match other.how {
                How::Prefix => starts.any(|at| !whole || !outer.text[ends(at)..].contains(' ')),
                // Other forms differ only in the endings after the last word.
                How::Inflected if n > 0 => true,
                How::Inflected => starts.any(|at| match &outer.text[ends(at)..] {
                    "" => one.how != How::Prefix,
                    rest => !whole && !rest.starts_with(is_word),
                }),
                How::Exact => one.how == How::Exact && !whole && is_part_of(&one.text, &other.text),
            }
        })
    }
}

/// Whether exact words are part of others, with the same case and accents and without anything like an ending.
fn is_part_of(outer: &str, inner: &str) -> bool {
    outer.match_indices(inner).any(|(at, _)| {
        let after = &outer[at + inner.len()..];
        (at == 0 || outer[..at].ends_with(' ')) && (after.is_empty() || after.starts_with(' '))
    })
}

/// Whether a mention with the first field always has the second.
fn is_narrower(one: &Field, other: &Field) -> bool {
    match (one, other) {
        (Field::Source(one), Field::Source(other)) | (Field::Author(one), Field::Author(other)) => {
            other.prefix && one.text.starts_with(&other.text)
        }
        (Field::Domain(one), Field::Domain(other)) => is_under(one, other),
        _ => false,
    }
}
