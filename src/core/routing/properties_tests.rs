//! What must hold for any routes, silences and incidents.

use std::collections::{BTreeMap, BTreeSet};

use orszem_records::desk::Desk;
use orszem_records::ledger::{IncidentId, Joined, Sharing};
use orszem_records::matcher::{Match, Patterns};
use orszem_records::signal::Kind;
use orszem_records::time::Timestamp;
use proptest::prelude::*;

use super::facts::Facts;
use super::fixture::{at, facts, id, inhibited, leaf, silence};
use super::group::Groups;
use super::inhibit::Inhibitions;
use super::quiet::quiet;
use super::silence::Silences;
use super::tree::{Came, Leaf, Tree};
use crate::cases_fixture::cases;
use crate::settings::calendar::Clock;
use crate::settings::{Config, Inhibit, NamedHours, Route, Watch};

fn a_match() -> impl Strategy<Value = Match> {
    let desk = prop::option::of(prop::sample::select(vec!["care", "crisis", "!= care", "c*"]));
    let severity = prop::option::of(prop::sample::select(vec!["1", "<= 2", ">= 3", "!= 4"]));
    let kind = prop::option::of(prop::sample::select(vec!["volume", "negativity", "!= volume"]));
    (desk, severity, kind).prop_map(|(desk, severity, kind)| {
        let patterns = |text: Option<&str>| text.map(Patterns::from);
        Match { desk: patterns(desk), severity: patterns(severity), kind: patterns(kind), ..Match::default() }
    })
}

fn a_route() -> impl Strategy<Value = Route> {
    let own = || {
        (a_match(), prop::option::of(prop::sample::select(vec!["a", "b", "c"])), any::<bool>(), any::<bool>()).prop_map(
            |(matcher, escalation, goes_on, muted)| Route {
                matcher,
                escalation: escalation.map(str::to_owned),
                goes_on,
                mute: muted.then(|| vec!["night".to_owned()]),
                ..Route::default()
            },
        )
    };
    own().prop_recursive(3, 16, 4, move |within| {
        (own(), prop::collection::vec(within, 0..4)).prop_map(|(route, routes)| Route { routes, ..route })
    })
}

fn some_facts() -> impl Strategy<Value = Facts> {
    (0..Desk::ALL.len(), 0..Kind::ALL.len(), 1_u8..=4).prop_map(|(desk, kind, severity)| Facts {
        desk: Desk::ALL[desk],
        kind: Kind::ALL[kind],
        severity,
        ..facts()
    })
}

fn config(route: Route) -> Config {
    let night = NamedHours { name: "night".into(), from: None, to: Clock::parse("06:00"), ..NamedHours::default() };
    let watch = Watch { name: "acme".into(), escalation: Some("duty".into()), ..Watch::default() };
    Config { route: Some(route), hours: vec![night], watches: vec![watch], ..Config::default() }
}

/// All routes, by what they are taken for.
fn count(route: &Route) -> usize {
    1 + route.routes.iter().map(count).sum::<usize>()
}

proptest! {
    #![proptest_config(cases(10_000))]

    #[test]
    fn every_incident_goes_somewhere_and_every_route_has_one_answer(route in a_route(), facts in some_facts(), minute in 0_i64..3_000) {
        let tree = Tree::new(&config(route.clone()));
        let leaves = tree.leaves(&facts, at(minute));
        prop_assert!(!leaves.is_empty());
        let paths: BTreeSet<&str> = leaves.iter().map(|leaf| leaf.route.as_str()).collect();
        prop_assert_eq!(paths.len(), leaves.len(), "each leaf is one route");
        let visits = tree.visits(&facts, at(minute));
        let taken: Vec<&Leaf> = visits.iter().filter_map(|visit| match &visit.came {
            Came::Taken(leaf) => Some(&**leaf),
            _ => None,
        }).collect();
        prop_assert_eq!(taken, leaves.iter().collect::<Vec<_>>(), "what is explained is what is done");
        let told: BTreeSet<&str> = visits.iter().map(|visit| visit.route.as_str()).collect();
        prop_assert_eq!(told.len(), visits.len(), "no route is told of twice");
        prop_assert!(visits.len() <= count(&route));
        for leaf in &leaves {
            if let Some(until) = leaf.muted.as_ref().and_then(|muted| muted.until) {
                let again = tree.leaves(&facts, until);
                prop_assert!(until > at(minute) && again.iter().any(|one| one.route == leaf.route && one.muted.is_none()));
            }
        }
    }

    #[test]
    fn the_order_of_watches_windows_silences_and_inhibitions_does_not_matter(
        route in a_route(),
        matches in prop::collection::vec((a_match(), a_match()), 2..4),
        open in prop::collection::vec(some_facts(), 1..5),
    ) {
        let inhibitions: Vec<Inhibit> = matches.iter()
            .map(|(when, mute)| Inhibit { when: when.clone(), mute: mute.clone(), equal: Vec::new() }).collect();
        let mut one = Config { inhibitions, ..config(route) };
        one.watches.push(Watch { name: "other".into(), ..Watch::default() });
        one.hours.push(NamedHours { name: "always".into(), ..NamedHours::default() });
        let mut other = one.clone();
        other.inhibitions.reverse();
        other.watches.reverse();
        other.hours.reverse();
        let open: BTreeMap<IncidentId, Facts> =
            open.into_iter().enumerate().map(|(n, facts)| (id(&format!("i.{n}")), facts)).collect();
        let muted = |config: &Config| {
            inhibited(&Inhibitions::new(config), &open).into_keys().collect::<Vec<_>>()
        };
        prop_assert_eq!(muted(&one), muted(&other));
        let silences = |order: &[usize]| {
            let mut silences = Silences::default();
            for n in order {
                let mut made = silence(&n.to_string(), "", 0, 10);
                made.terms.matcher = matches[*n].0.clone();
                silences.put(made).unwrap();
            }
            silences
        };
        for facts in open.values() {
            prop_assert_eq!(Tree::new(&one).leaves(facts, at(5)), Tree::new(&other).leaves(facts, at(5)));
            let held = |order: &[usize]| quiet(facts, None, &silences(order), None, at(5));
            prop_assert_eq!(held(&[0, 1]), held(&[1, 0]));
        }
    }

    #[test]
    fn silences_leave_off_where_none_holds_and_nowhere_before(
        spans in prop::collection::vec((0_i64..60, 0_i64..60), 0..6),
        now in 0_i64..60,
    ) {
        let mut silences = Silences::default();
        for (n, (from, to)) in spans.iter().enumerate() {
            silences.put(silence(&n.to_string(), "", *from, *to)).unwrap();
        }
        let is_held = |minute: i64| !silences.holding(&facts(), at(minute)).is_empty();
        let free = (now..200).find(|minute| !is_held(*minute)).unwrap();
        prop_assert_eq!(silences.free_at(&facts(), at(now)), at(free));
        // Muted and unmuted n times: each end comes once, in order.
        let (mut moment, mut ends) = (at(-1), Vec::new());
        while let Some(next) = silences.next_change(moment) {
            prop_assert!(next > moment);
            ends.push(next);
            moment = next;
        }
        let borders: BTreeSet<Timestamp> = spans.iter().flat_map(|(from, to)| [at(*from), at(*to)]).collect();
        prop_assert_eq!(ends, borders.into_iter().collect::<Vec<_>>());
    }

    #[test]
    fn every_incident_is_in_one_group_of_a_route_and_an_open_group_is_joined(
        joins in prop::collection::vec((0_usize..6, 1_u8..=4, any::<bool>()), 1..30),
    ) {
        let mut groups = Groups::default();
        for (n, (incident, severity, over)) in joins.into_iter().enumerate() {
            let (incident, now) = (id(&format!("i.{incident}")), at(i64::try_from(n).unwrap()));
            if groups.of(&incident).next().is_some() {
                groups.stands(&incident, severity, over.then_some(now), now);
                continue;
            }
            let open = groups.iter().filter(|(_, group)| group.over_at().is_none());
            let newest = open.max_by_key(|(id, group)| (group.began, *id)).map(|(id, _)| id);
            let place = groups.place(&leaf(), now);
            prop_assert_eq!(place, newest);
            let group = place.map_or_else(|| format!("{incident}/{n}"), str::to_owned);
            let joined = Joined {
                group,
                route: leaf().route,
                escalation: Some("duty".into()),
                digest: None,
                key: leaf().key,
                tell_at: now,
                sharing: Some(Sharing { severity, reopen_within_ms: 0 }),
                keeps: Vec::new(),
            };
            groups.joined(&incident, &joined, now, severity);
        }
        for incident in (0..6).map(|n| id(&format!("i.{n}"))) {
            prop_assert!(groups.of(&incident).count() <= 1);
            let of = groups.iter().filter(|(_, group)| group.members().iter().any(|(member, _)| **member == incident));
            prop_assert!(of.count() <= 1);
        }
    }
}
