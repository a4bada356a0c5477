//! Reach: which routes no incident can come to, and which lead to nobody.

use std::collections::{BTreeMap, BTreeSet};

use crate::settings::Config;

use super::facts::Facts;
use super::known::Known;
use super::tree::{Node, Target, Tree};

/// What is odd about a route.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// No incident that there can be matches it, of those that come to the route around it.
    MatchesNothing,
    /// All that it matches was taken by routes before it, which do not go on. The last of these, by its place.
    TakenBefore(Vec<usize>),
    /// It is where incidents go that page, and nobody is told of those of these watches.
    ToNobody(BTreeSet<String>),
    /// It mutes incidents of severity 1 at some times.
    MutesTheWorst,
}

/// The place of a route: its number among those of each route around it, from 0. The root has none.
pub type Place = Vec<usize>;

/// What is odd about the routes of a configuration, in order; nothing where it has none.
pub fn findings(config: &Config) -> Vec<(Place, Finding)> {
    let mut findings = Vec::new();
    if config.route.is_none() {
        return findings;
    }
    let tree = Tree::new(config);
    let known = Known::new(config);
    let all = representatives(&tree, &known);
    look(&tree, tree.root(), &all, &mut findings);
    findings.sort_by(|(a, _), (b, _)| a.cmp(b));
    findings
}

/// An incident that stands for all watches which every route takes as it takes it.
struct Standing<'k> {
    facts: Facts,
    watches: Vec<&'k str>,
}

/// Of ten thousand watches a few are different to the routes.
fn representatives<'k>(tree: &Tree, known: &'k Known) -> Vec<Standing<'k>> {
    fn asked(node: &Node, facts: &Facts, taken: &mut Vec<bool>) {
        taken.push(node.matcher.may_match(facts));
        node.within.iter().for_each(|node| asked(node, facts, taken));
    }
    let mut alike: BTreeMap<_, Vec<&Facts>> = BTreeMap::new();
    for facts in known.iter() {
        let mut taken = Vec::new();
        asked(tree.root(), facts, &mut taken);
        alike.entry((taken, facts.kind.name(), tree.has_escalation(facts))).or_default().push(facts);
    }
    let standing = alike.into_values().flat_map(|alike| {
        (1..=4).filter_map(move |severity| {
            let watches = alike.iter().map(|facts| facts.watch.as_str()).collect();
            Some(Standing { facts: Facts { severity, ..(*alike.first()?).clone() }, watches })
        })
    });
    standing.collect()
}

/// Looks at a route to which these come and which takes them all.
fn look(tree: &Tree, node: &Node, come: &[Standing<'_>], findings: &mut Vec<(Place, Finding)>) {
    // Who is sure to be gone, by which route, and who is sure to be taken by one at least.
    let mut gone: Vec<Option<&Node>> = vec![None; come.len()];
    let mut within = vec![false; come.len()];
    for route in &node.within {
        let may = |at: usize| {
            let facts = &come[at].facts;
            route.matcher.may_match(facts) && route.matcher.admits_severity(facts.severity)
        };
        let matched: Vec<usize> = (0..come.len()).filter(|at| may(*at)).collect();
        let left: Vec<usize> = matched.iter().copied().filter(|at| gone[*at].is_none()).collect();
        if left.is_empty() {
            let by = matched.iter().filter_map(|at| gone[*at]).map(|node| node.place.clone()).max();
            findings.push((route.place.clone(), by.map_or(Finding::MatchesNothing, Finding::TakenBefore)));
            continue;
        }
        let come_here: Vec<Standing<'_>> = left
            .iter()
            .map(|at| Standing { facts: come[*at].facts.clone(), watches: come[*at].watches.clone() })
            .collect();
        look(tree, route, &come_here, findings);
        for at in left {
            // Where it asks for a source, another incident of the watch may still pass by.
            if !route.matcher.asks_for_source() {
                within[at] = true;
                gone[at] = (!route.goes_on).then_some(route);
            }
        }
    }
    let here = || (0..come.len()).filter(|at| !within[*at]).map(|at| &come[at]);
    let to_nobody = here().filter(|one| one.facts.kind.pages() && tree.target(node, &one.facts) == Target::Nobody);
    let watches: BTreeSet<String> = to_nobody.flat_map(|one| &one.watches).map(|watch| (*watch).to_owned()).collect();
    if !watches.is_empty() && !node.is_for_nobody() {
        findings.push((node.place.clone(), Finding::ToNobody(watches)));
    }
    let calls = |one: &Standing<'_>| matches!(tree.target(node, &one.facts), Target::Escalation(_));
    if node.mutes() && here().any(|one| one.facts.severity == 1 && one.facts.kind.pages() && calls(one)) {
        findings.push((node.place.clone(), Finding::MutesTheWorst));
    }
}

#[cfg(test)]
#[path = "reach_tests.rs"]
mod tests;
