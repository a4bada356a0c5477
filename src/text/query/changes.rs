//! The changes of one part of a query that make it match more.

use super::program::Program;
use super::tree::{How, Node, Words};

/// What is done to the part. The first is the least that can be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// `=Szó` becomes `Szó`.
    Spelling,
    /// `szó` becomes `szó*`.
    Ending,
    /// `a NEAR/3f b` becomes `a NEAR/3 b`.
    Order,
    /// `a NEAR/3 b` becomes `a NEAR/6 b`.
    Distance,
    /// `a NEAR/3 b` becomes `a AND b`.
    Anywhere,
    /// The part is left out.
    Dropped,
}

/// A query in which one part is changed.
#[derive(Clone, Debug)]
pub(super) struct Change {
    /// The whole query after the change.
    pub(super) query: Node,
    pub(super) kind: Kind,
    /// How deep in the query the part is: a deep one is the smaller part.
    pub(super) depth: u32,
    /// The part before the change.
    pub(super) part: Node,
    /// Whether a mention must have the part, or must not.
    pub(super) wanted: bool,
}

/// The maximum number of changes of a query …
const MOST: usize = 200;
/// … and of the parts of all changed queries together.
const MOST_PARTS: usize = 40_000;
/// Words with fewer letters begin too many other words.
const SHORTEST: usize = 3;
/// The maximum number of changes of a NEAR, without those of its sides.
const OF_NEAR: usize = 5;

/// The changes of `query`, the least ones first. Each can be written down as a query, and looks for some word.
pub(super) fn of(query: &Node) -> Vec<Change> {
    let mut left = MOST.min(MOST_PARTS / size(query));
    let mut changes = variants(query, true, 0, &mut left);
    changes.retain(|change| {
        let looks_for_words = change.kind != Kind::Dropped || !Program::of(&change.query, &mut |_| 0).needs_no_words();
        looks_for_words && super::parse::parse(&change.query.to_string()).is_ok_and(|read| read == change.query)
    });
    changes.sort_by_key(|change| (change.kind, std::cmp::Reverse(change.depth)));
    changes
}

fn size(node: &Node) -> usize {
    1 + match node {
        Node::Words(_) | Node::Field(_) => 0,
        Node::Not(inner) => size(inner),
        Node::And(nodes) | Node::Or(nodes) => nodes.iter().map(size).sum(),
        Node::Near { left, right, .. } => size(left) + size(right),
    }
}

/// The changes of a node that make more mentions match, or fewer if it is not `wanted`. `left` is how many more there
/// may be.
fn variants(node: &Node, wanted: bool, depth: u32, left: &mut usize) -> Vec<Change> {
    if *left == 0 {
        return Vec::new();
    }
    let all = match node {
        Node::Words(words) if wanted => of_words(words, depth),
        Node::Words(_) | Node::Field(_) => Vec::new(),
        Node::Not(inner) => {
            return within(variants(inner, !wanted, depth + 1, left), |query| Node::Not(Box::new(query)));
        }
        Node::And(nodes) | Node::Or(nodes) => return of_list(node, nodes, wanted, depth, left),
        Node::Near { distance, ordered, left: one, right: other } => {
            let near = |distance: u16, ordered: bool, one: &Node, other: &Node| {
                let (left, right) = (Box::new(one.clone()), Box::new(other.clone()));
                Node::Near { distance, ordered, left, right }
            };
            let mut all =
                within(variants(one, wanted, depth + 1, left), |query| near(*distance, *ordered, &query, other));
            all.extend(within(variants(other, wanted, depth + 1, left), |query| {
                near(*distance, *ordered, one, &query)
            }));
            if wanted && *left > 0 {
                let change = |kind, query, part: &Node| Change { query, kind, depth, part: part.clone(), wanted };
                if *ordered {
                    all.push(change(Kind::Order, near(*distance, false, one, other), node));
                }
                let farther = distance.saturating_mul(2).min(super::parse::MAX_DISTANCE);
                if farther > *distance {
                    all.push(change(Kind::Distance, near(farther, *ordered, one, other), node));
                }
                all.push(change(Kind::Anywhere, Node::and(vec![(**one).clone(), (**other).clone()]), node));
                all.push(change(Kind::Dropped, (**one).clone(), other));
                all.push(change(Kind::Dropped, (**other).clone(), one));
            }
            *left = left.saturating_sub(OF_NEAR);
            return all;
        }
    };
    *left -= all.len().min(*left);
    all
}

fn of_words(words: &Words, depth: u32) -> Vec<Change> {
    let change = |kind, how| {
        let part = Node::Words(words.clone());
        Change { query: Node::Words(Words { text: words.text.clone(), how }), kind, depth, part, wanted: true }
    };
    let longer = || {
        let letters = words.text.chars().filter(|c| c.is_alphanumeric()).count();
        (letters >= SHORTEST).then(|| change(Kind::Ending, How::Prefix))
    };
    match words.how {
        How::Exact => [change(Kind::Spelling, How::Inflected)].into_iter().chain(longer()).collect(),
        How::Inflected => longer().into_iter().collect(),
        How::Prefix => Vec::new(),
    }
}

/// The changes of an AND or OR: those of each part, and leaving out one of which all are needed.
fn of_list(node: &Node, nodes: &[Node], wanted: bool, depth: u32, left: &mut usize) -> Vec<Change> {
    let is_and = matches!(node, Node::And(_));
    let join = if is_and { Node::and } else { Node::or };
    let mut all = Vec::new();
    for (at, part) in nodes.iter().enumerate() {
        all.extend(within(variants(part, wanted, depth + 1, left), |query| {
            let mut nodes = nodes.to_vec();
            nodes[at] = query;
            join(nodes)
        }));
        // Of NOT (a OR b) both must be absent.
        if is_and == wanted && *left > 0 {
            *left -= 1;
            let mut rest = nodes.to_vec();
            let part = rest.remove(at);
            all.push(Change { query: join(rest), kind: Kind::Dropped, depth, part, wanted });
        }
    }
    all
}

fn within(mut changes: Vec<Change>, whole: impl Fn(Node) -> Node) -> Vec<Change> {
    for change in &mut changes {
        let part = std::mem::replace(&mut change.query, Node::And(Vec::new()));
        change.query = whole(part);
    }
    changes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changed(query: &str) -> Vec<String> {
        of(&crate::query::parse(query).unwrap()).iter().map(|change| change.query.to_string()).collect()
    }

    #[test]
    fn each_changes_one_part() {
        assert_eq!(changed("posta"), ["posta*"]);
        assert_eq!(changed("=Posta"), ["Posta", "Posta*"]);
        assert_eq!(
            changed("posta AND (bank OR busz) AND NOT vonat"),
            [
                "posta AND (bank* OR busz) AND NOT vonat",
                "posta AND (bank OR busz*) AND NOT vonat",
                "posta* AND (bank OR busz) AND NOT vonat",
                "(bank OR busz) AND NOT vonat",
                "posta AND NOT vonat",
                "posta AND (bank OR busz)",
            ]
        );
        assert_eq!(
            changed("posta NEAR/3f bank"),
            [
                "posta* NEAR/3f bank",
                "posta NEAR/3f bank*",
                "posta NEAR/3 bank",
                "posta NEAR/6f bank",
                "posta AND bank",
                "posta",
                "bank"
            ]
        );
        assert_eq!(
            changed("posta AND NOT (bank OR busz)"),
            ["posta* AND NOT (bank OR busz)", "posta AND NOT busz", "posta AND NOT bank", "posta"]
        );
    }

    /// They would match almost everything.
    #[test]
    fn a_query_without_any_word_is_no_change() {
        assert_eq!(
            changed("posta AND lang:hu AND NOT bank"),
            ["posta* AND lang:hu AND NOT bank", "posta AND NOT bank", "posta AND lang:hu",]
        );
        // `b*` has too few letters, and the words beside NEAR cannot be joined by AND.
        assert_eq!(changed("b1"), [""; 0]);
        assert!(!changed("(posta NEAR/3 bank) NEAR/5 busz").contains(&"posta AND bank NEAR/5 busz".to_owned()));
    }

    #[test]
    fn long_queries_have_few_changes() {
        let terms: Vec<String> = (0..400).map(|n| format!("term{n}")).collect();
        let changes = of(&crate::query::parse(&terms.join(" OR ")).unwrap());
        assert_eq!(changes.len(), 40_000 / 401);
    }
}
