//! Inhibition: which open incidents keep which others quiet.

use std::collections::{BTreeMap, BTreeSet};

use orszem_records::ledger::IncidentId;

use crate::settings::Config;

use super::facts::{Fact, Facts};
use super::matcher::Matcher;

/// The rules of a configuration.
#[derive(Clone, Debug, Default)]
pub struct Inhibitions {
    rules: Vec<Rule>,
}

/// While one incident is open, nobody is called for another.
#[derive(Clone, Debug)]
struct Rule {
    when: Matcher,
    mute: Matcher,
    equal: Vec<Fact>,
    written: String,
}

/// Why nobody is called for an incident.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inhibited {
    /// The incident that is the reason: the first by id, where there are several.
    pub by: IncidentId,
    /// The rule, as it was written: `kind = "no-data" mutes kind = "silence"`.
    pub rule: String,
}

/// What an incident is in the rules that concern it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Roles {
    drill: bool,
    roles: Vec<Role>,
}

/// What an incident is in one rule.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Role {
    /// The place of the rule in the configuration.
    rule: usize,
    /// It keeps others quiet.
    mutes: bool,
    /// Others may keep it quiet.
    is_muted: bool,
    /// What both must have in common.
    common: Vec<Option<String>>,
}

/// What incidents must have in common, of one rule, and whether it is about drills.
type Shared<'i> = (usize, bool, &'i Vec<Option<String>>);

/// Two incidents that mute, which cannot reach one another: one of them may mute whatever the other may not.
type Muting<'i> = Vec<(usize, &'i IncidentId)>;

impl Roles {
    /// Whether it keeps others quiet by any rule.
    pub fn mutes(&self) -> bool {
        self.roles.iter().any(|role| role.mutes)
    }
}

impl Inhibitions {
    /// The rules of a configuration that was checked. One whose matcher is wrong mutes nothing.
    pub fn new(config: &Config) -> Inhibitions {
        let rules = config.inhibitions.iter().filter_map(|rule| {
            let (when, mute) = (Matcher::new(&rule.when).ok()?, Matcher::new(&rule.mute).ok()?);
            let equal = rule.equal.iter().map(|name| Fact::of(name)).collect();
            Some(Rule { when, mute, equal, written: format!("{} mutes {}", rule.when, rule.mute) })
        });
        Inhibitions { rules: rules.collect() }
    }

    /// Whether there is any rule.
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// What an incident is in the rules; `None` where it is nothing in any.
    pub fn roles(&self, facts: &Facts) -> Option<Roles> {
        let roles = self.rules.iter().enumerate().filter_map(|(rule, Rule { when, mute, equal, .. })| {
            let (mutes, is_muted) = (when.matches(facts), mute.matches(facts));
            let common = || equal.iter().map(|fact| facts.common(fact)).collect();
            (mutes || is_muted).then(|| Role { rule, mutes, is_muted, common: common() })
        });
        let roles: Vec<Role> = roles.collect();
        (!roles.is_empty()).then_some(Roles { drill: facts.drill, roles })
    }

    /// Which of the open incidents nobody is called for because of another that is open, told or not.
    ///
    /// Where incidents would mute one another, directly or in a circle, none of these does: else nobody would be told
    /// of any. So an incident never mutes itself. A drill mutes drills alone.
    pub fn inhibited(&self, open: &BTreeMap<IncidentId, Roles>) -> BTreeMap<IncidentId, Inhibited> {
        let mut inhibited = BTreeMap::new();
        let ids: Vec<&IncidentId> = open.keys().collect();
        // Incidents lead to what they have in common by a rule, and that to those it mutes: as many ways as there are
        // incidents, however many mute how many.
        let mut shared: BTreeMap<Shared<'_>, usize> = BTreeMap::new();
        let mut edges: Vec<Vec<usize>> = vec![Vec::new(); ids.len()];
        let mut muting: Vec<(usize, usize)> = Vec::new();
        let mut muted: Vec<(usize, usize, usize)> = Vec::new();
        for (place, Roles { drill, roles }) in open.values().enumerate() {
            for Role { rule, mutes, is_muted, common } in roles {
                let mut meeting = |drill: bool| {
                    let next = ids.len() + shared.len();
                    let meeting = *shared.entry((*rule, drill, common)).or_insert(next);
                    edges.resize(edges.len().max(meeting + 1), Vec::new());
                    meeting
                };
                let mine = meeting(*drill);
                let drills = (*mutes && !*drill).then(|| meeting(true));
                for meeting in std::iter::once(mine).chain(drills).filter(|_| *mutes) {
                    edges[place].push(meeting);
                    muting.push((meeting, place));
                }
                if *is_muted {
                    edges[mine].push(place);
                    muted.push((mine, place, *rule));
                }
            }
        }
        let circles = circles(&edges);
        let mut by: BTreeMap<usize, Muting<'_>> = BTreeMap::new();
        for (meeting, place) in muting {
            let known = by.entry(meeting).or_default();
            // Two of different circles: what is muted is in one of these at most.
            if known.len() < 2 && known.iter().all(|(other, _)| circles[*other] != circles[place]) {
                known.push((place, ids[place]));
            }
        }
        for (meeting, place, rule) in muted {
            let found = by.get(&meeting).into_iter().flatten().find(|(other, _)| circles[*other] != circles[place]);
            if let Some((_, by)) = found {
                let rule = || self.rules[rule].written.clone();
                inhibited.entry(ids[place].clone()).or_insert_with(|| Inhibited { by: (*by).clone(), rule: rule() });
            }
        }
        inhibited
    }
}

/// The number of the circle that each place is in: two places have the same where each is reached from the other. One
/// that is in none has a number of its own. After Tarjan (1972), with a stack of its own: a chain may be long.
fn circles(edges: &[Vec<usize>]) -> Vec<usize> {
    const NEW: usize = usize::MAX;
    let mut order = vec![NEW; edges.len()];
    let mut lowest = vec![0; edges.len()];
    let mut circle = vec![NEW; edges.len()];
    let (mut next, mut open) = (0, Vec::new());
    for root in 0..edges.len() {
        let mut path: Vec<(usize, usize)> = Vec::new();
        if order[root] == NEW {
            path.push((root, 0));
        }
        while let Some((place, edge)) = path.pop() {
            if edge == 0 {
                (order[place], lowest[place]) = (next, next);
                next += 1;
                open.push(place);
            }
            let to = edges[place].get(edge).copied();
            match to {
                Some(to) => {
                    path.push((place, edge + 1));
                    if order[to] == NEW {
                        path.push((to, 0));
                    } else if circle[to] == NEW {
                        lowest[place] = lowest[place].min(order[to]);
                    }
                }
                None => {
                    if lowest[place] == order[place] {
                        while let Some(member) = open.pop() {
                            circle[member] = place;
                            if member == place {
                                break;
                            }
                        }
                    }
                    if let Some((before, _)) = path.last() {
                        lowest[*before] = lowest[*before].min(lowest[place]);
                    }
                }
            }
        }
    }
    circle
}

/// What would change where an incident stands: those that it mutes now.
pub fn muted_by<'i>(inhibited: &'i BTreeMap<IncidentId, Inhibited>, by: &IncidentId) -> BTreeSet<&'i IncidentId> {
    inhibited.iter().filter(|(_, why)| why.by == *by).map(|(id, _)| id).collect()
}

#[cfg(test)]
#[path = "inhibit_tests.rs"]
mod tests;
