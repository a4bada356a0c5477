//! Whether a query can be meant: one that holds for everything, or for nothing, is not.

use std::collections::BTreeMap;

use super::fault::QueryFault;
use super::parse::parse_placed;
use super::tree::{Comparison, Field, How, Kind, Node};

/// With more free choices than this a query is not searched for a case in which it holds.
const MOST_CHOICES: usize = 14;

/// Reads a query, and says what is odd about it: operators in small letters, a list among ANDs, a query that matches
/// everything or nothing.
///
/// # Errors
/// The fault for which it cannot be read.
pub fn examine(query: &str) -> Result<(Node, Vec<QueryFault>), QueryFault> {
    let (node, mut odd) = parse_placed(query)?;
    let whole = query.len() - query.trim_start().len()..query.trim_end().len();
    if let Some((message, help)) = senseless(&node) {
        odd.push(QueryFault::new(whole, message, help));
    }
    Ok((node, odd))
}

fn senseless(node: &Node) -> Option<(&'static str, &'static str)> {
    if holds_of_nothing_said(node) {
        let help = "NOT alone leaves all the rest: say what to look for, and AND NOT what to leave out";
        return Some(("this query matches everything, or everything but a few", help));
    }
    if always(node) {
        return Some(("this query matches everything", "leave out what is true of every mention"));
    }
    if !can_hold(node) {
        return Some((
            "this query can never match",
            "what it asks for excludes itself: OR instead of AND, or leave a part out",
        ));
    }
    None
}

/// Whether it holds for a mention in which nothing of it is found.
fn holds_of_nothing_said(node: &Node) -> bool {
    match node {
        Node::Words(_) | Node::Near { .. } => false,
        Node::Field(field) => is_certain(field),
        Node::Not(inner) => !holds_of_nothing_said(inner),
        Node::And(nodes) => nodes.iter().all(holds_of_nothing_said),
        Node::Or(nodes) => nodes.iter().any(holds_of_nothing_said),
    }
}

fn always(node: &Node) -> bool {
    !can_hold(&Node::Not(Box::new(node.clone())))
}

/// True of every mention.
fn is_certain(field: &Field) -> bool {
    matches!(field, Field::Followers(Comparison::AtLeast, 0))
}

/// Whether there can be a mention for which it holds; true when that is too much to find out.
fn can_hold(node: &Node) -> bool {
    // Each different part, and whether it is asked for (1), asked away (2), or both.
    let mut parts: BTreeMap<String, (u8, &Node)> = BTreeMap::new();
    gather(node, false, &mut parts);
    let fields: Vec<&Field> =
        parts.values().filter_map(|(_, node)| if let Node::Field(field) = node { Some(field) } else { None }).collect();
    // What is only asked for can as well be there, and the other way round; unless other parts follow from it.
    let free: Vec<&String> = parts
        .iter()
        .filter(|(_, (ways, part))| *ways == 3 || matches!(part, Node::Field(_)) || tied(part, &parts))
        .map(|(name, _)| name)
        .collect();
    if free.len() > MOST_CHOICES {
        return true;
    }
    (0_u32..1 << free.len()).any(|choice| {
        let chosen = |name: &String| {
            let place = free.iter().position(|free| *free == name);
            match (place, parts.get(name)) {
                (Some(place), _) => choice >> place & 1 == 1,
                (None, Some((ways, _))) => *ways == 1,
                (None, None) => false,
            }
        };
        let fits = |field: &&Field| chosen(&Node::Field((*field).clone()).to_string());
        possible(&fields, &fits) && follows(&parts, &chosen) && holds(node, &chosen)
    })
}

fn gather<'n>(node: &'n Node, negated: bool, parts: &mut BTreeMap<String, (u8, &'n Node)>) {
    match node {
        Node::Words(_) | Node::Field(_) | Node::Near { .. } => {
            parts.entry(node.to_string()).or_insert((0, node)).0 |= if negated { 2 } else { 1 };
        }
        Node::Not(inner) => gather(inner, !negated, parts),
        Node::And(nodes) | Node::Or(nodes) => nodes.iter().for_each(|node| gather(node, negated, parts)),
    }
}

/// Whether another part follows from `part`, or `part` from another.
fn tied(part: &Node, parts: &BTreeMap<String, (u8, &Node)>) -> bool {
    parts.values().any(|(_, other)| *other != part && (implies(part, other) || implies(other, part)))
}

/// Whether `other` is there wherever `one` is.
fn implies(one: &Node, other: &Node) -> bool {
    match (one, other) {
        (Node::Words(one), Node::Words(other)) => {
            let (text, within) = (super::fold::folded(&one.text), super::fold::folded(&other.text));
            match (one.how, other.how) {
                (How::Exact, How::Inflected) | (How::Inflected, How::Inflected) => text == within,
                (_, How::Prefix) if !within.contains(' ') => {
                    text.split(' ').next_back().is_some_and(|last| last.starts_with(&within)) && one.how != How::Prefix
                        || (one.how == How::Prefix && text.starts_with(&within))
                }
                _ => false,
            }
        }
        (Node::Near { left, right, .. }, Node::Words(_)) => {
            let side = |side: &Node| side == other || implies(side, other);
            side(left) || side(right)
        }
        _ => false,
    }
}

fn follows(parts: &BTreeMap<String, (u8, &Node)>, chosen: &impl Fn(&String) -> bool) -> bool {
    parts.iter().filter(|(name, (_, part))| !matches!(part, Node::Field(_)) && chosen(name)).all(|(_, (_, part))| {
        parts.iter().all(|(name, (_, other))| other == part || !implies(part, other) || chosen(name))
    })
}

fn holds(node: &Node, chosen: &impl Fn(&String) -> bool) -> bool {
    match node {
        Node::Words(_) | Node::Field(_) | Node::Near { .. } => chosen(&node.to_string()),
        Node::Not(inner) => !holds(inner, chosen),
        Node::And(nodes) => nodes.iter().all(|node| holds(node, chosen)),
        Node::Or(nodes) => nodes.iter().any(|node| holds(node, chosen)),
    }
}

/// Whether one mention can have these fields as chosen.
fn possible(fields: &[&Field], chosen: &impl Fn(&&Field) -> bool) -> bool {
    let yes = || fields.iter().filter(|field| chosen(field));
    let langs = yes().filter(|field| matches!(field, Field::Lang(_))).count();
    let sources = yes().filter(|field| matches!(field, Field::Source(value) if !value.prefix)).count();
    let kinds =
        |wanted: bool| fields.iter().filter(|field| matches!(field, Field::Is(_)) && chosen(field) == wanted).count();
    if langs > 1 || sources > 1 || kinds(true) > 1 || kinds(false) == Kind::NAMES.len() {
        return false;
    }
    let limits: Vec<(Comparison, u64)> = fields
        .iter()
        .filter_map(
            |field| if let Field::Followers(comparison, number) = field { Some((*comparison, *number)) } else { None },
        )
        .collect();
    let wants: Vec<bool> = fields.iter().filter(|field| matches!(field, Field::Followers(..))).map(chosen).collect();
    let candidates =
        limits.iter().flat_map(|(_, number)| [number.saturating_sub(1), *number, number.saturating_add(1)]);
    limits.is_empty()
        || candidates.chain([0]).any(|number| {
            limits.iter().zip(&wants).all(|((comparison, limit), wanted)| comparison.holds(number, *limit) == *wanted)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(query: &str) -> Vec<String> {
        examine(query).unwrap().1.into_iter().map(|fault| fault.message).collect()
    }

    #[test]
    fn what_matches_everything_is_told() {
        for query in [
            "NOT posta",
            "posta OR NOT vas",
            "posta OR NOT posta",
            "followers:>=0",
            "NOT (a1 AND b1)",
            "is:original|reply|repost",
        ] {
            assert!(
                said(query).iter().any(|message| message.contains("matches everything")),
                "{query}: {:?}",
                said(query)
            );
        }
    }

    #[test]
    fn what_never_matches_is_told() {
        for query in [
            "posta AND NOT posta",
            "posta AND lang:hu AND lang:en",
            "posta AND followers:>10 AND followers:<10",
            "is:original AND is:reply",
            "posta AND NOT (posta OR vas)",
            "posta AND NOT pos*",
            "(magyar NEAR/3 posta) AND NOT posta",
            "followers:<0",
        ] {
            assert!(said(query).iter().any(|message| message.contains("never match")), "{query}: {:?}", said(query));
        }
    }

    #[test]
    fn what_makes_sense_is_not_told() {
        for query in [
            "posta",
            "(telekom OR \"magyar telekom\" OR @telekomhu) AND NOT (deutsche NEAR/3 telekom) AND lang:hu",
            "posta AND NOT \"magyar posta\"",
            "followers:>10 AND followers:<12 AND posta",
            "is:original",
            "pos* AND NOT posta",
            "a1 b1 c1 d1 e1 f1 g1 h1 i1 j1 k1 l1 m1 n1 o1 p1",
        ] {
            assert_eq!(said(query), Vec::<String>::new(), "{query}");
        }
        assert_eq!(said("posta and vas").len(), 1);
        assert_eq!(said("posta lang:hu").len(), 1);
        assert_eq!(said("posta vas AND lang:hu").len(), 1);
    }
}
