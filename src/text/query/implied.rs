//! What follows from what: which parts of a query are there wherever another is.

use std::collections::HashMap;

use super::fields::is_under;
use super::pattern::{Pattern, is_word};
use super::tree::{Field, How, Node, Words};

/// The words of a query as they are looked for.
pub(super) struct Implied<'n> {
    read: HashMap<&'n Words, Vec<Pattern>>,
}

impl<'n> Implied<'n> {
    /// For these parts of a query.
    pub(super) fn new(parts: impl Iterator<Item = &'n Node>) -> Implied<'n> {
        let mut implied = Implied { read: HashMap::new() };
        parts.for_each(|part| implied.gather(part));
        implied
    }

    fn gather(&mut self, node: &'n Node) {
        match node {
            Node::Words(words) => {
                self.read.entry(words).or_insert_with(|| match words.how {
                    // As the others are read, with its marks apart, but in no other form.
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

    /// Whether `other` holds wherever `one` does; false where that is not known.
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

    /// Whether each place of one NEAR is a place of the other: the same on either side, and no farther apart.
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

    /// Whether each place of `one` is a place of `other`, from its first word to its last.
    fn is_there(&self, one: &Node, other: &Node) -> bool {
        match (one, other) {
            (Node::Or(nodes), _) => nodes.iter().all(|one| self.is_there(one, other)),
            (_, Node::Or(nodes)) => nodes.iter().any(|other| self.is_there(one, other)),
            (Node::Words(one), Node::Words(other)) => self.contains(one, other, true),
            _ => one == other,
        }
    }

    /// Whether the words `other` are in each place of the words `one`; and with `whole` are all of it.
    fn contains(&self, one: &Words, other: &Words, whole: bool) -> bool {
        if one == other {
            return true;
        }
        let patterns = |words| self.read.get(words).map(Vec::as_slice).unwrap_or_default();
        // One is there in any of its forms, the other is sure to be there in its own.
        let ([inner, ..], outer @ [_, ..]) = (patterns(other), patterns(one)) else { return false };
        outer.iter().enumerate().all(|(n, outer)| {
            let starts = outer.text.match_indices(&*inner.text).map(|(at, _)| at).filter(|at| !whole || *at == 0);
            let ends = |at: usize| at + inner.text.len();
            let mut starts = starts.filter(|at| inner.may_begin(&outer.text, *at));
            match other.how {
                How::Prefix => starts.any(|at| !whole || !outer.text[ends(at)..].contains(' ')),
                // What comes after the last word are endings of the first form, which is that of the others too.
                How::Inflected if n > 0 => true,
                How::Inflected => starts.any(|at| match &outer.text[ends(at)..] {
                    "" => one.how != How::Prefix,
                    rest => !whole && !rest.starts_with(is_word),
                }),
                How::Exact => one.how == How::Exact && !whole && stands_in(&one.text, &other.text),
            }
        })
    }
}

/// Whether exact words are among others, by case and accents, and without anything that could be an ending.
fn stands_in(outer: &str, inner: &str) -> bool {
    outer.match_indices(inner).any(|(at, _)| {
        let after = &outer[at + inner.len()..];
        (at == 0 || outer[..at].ends_with(' ')) && (after.is_empty() || after.starts_with(' '))
    })
}

/// Whether a mention with the one field has the other.
fn is_narrower(one: &Field, other: &Field) -> bool {
    match (one, other) {
        (Field::Source(one), Field::Source(other)) | (Field::Author(one), Field::Author(other)) => {
            other.prefix && one.text.starts_with(&other.text)
        }
        (Field::Domain(one), Field::Domain(other)) => is_under(one, other),
        _ => false,
    }
}
