//! Cases 6 to 13 and 16, as far as groups decide them.

use super::*;
use crate::routing::fixture::{id, leaf};

/// Seconds.
fn s(seconds: i64) -> Timestamp {
    Timestamp(seconds * 1000)
}

fn by_story() -> Leaf {
    let key = BTreeMap::from([("story".to_owned(), "merger".to_owned())]);
    Leaf { route: "stories".into(), key, wait_ms: 30_000, ..leaf() }
}

/// It joins as `place` says, at a severity; the group, and what that asks for.
fn joins(groups: &mut Groups, incident: &str, leaf: &Leaf, at: Timestamp, severity: u8) -> (String, Change) {
    let leaf = Leaf { wait_ms: if severity <= 2 { 0 } else { leaf.wait_ms }, ..leaf.clone() };
    let joined = groups.place(&id(incident), &leaf, at).expect("a group");
    assert_eq!(groups.place(&id(incident), &leaf, at).as_ref(), Some(&joined), "until it is written");
    let change = groups.joined(&id(incident), &joined, at, severity);
    assert_eq!(groups.place(&id(incident), &leaf, at), None, "once");
    (joined.group, change)
}

#[test]
fn case_6_those_of_one_story_are_on_one_page_after_the_wait() {
    let mut groups = Groups::default();
    let (first, _) = joins(&mut groups, "k1.1", &by_story(), s(0), 3);
    let (second, _) = joins(&mut groups, "k2.1", &by_story(), s(20), 3);
    assert_eq!((first.as_str(), &second), ("k1.1/stories", &first));
    let group = groups.get(&first).unwrap();
    assert_eq!(group.telling(s(29)), Telling::Waits(s(30)), "it does not begin again with the second");
    assert_eq!(group.telling(s(30)), Telling::Due);
    assert_eq!(group.members().len(), 2);
}

#[test]
fn case_7_who_joins_calls_again_only_where_it_is_worse_than_all() {
    let mut groups = Groups::default();
    let (_, first) = joins(&mut groups, "k1.1", &by_story(), s(0), 3);
    let (_, third) = joins(&mut groups, "k3.1", &by_story(), s(180), 3);
    let (group, fourth) = joins(&mut groups, "k4.1", &by_story(), s(240), 2);
    assert_eq!([first, third, fourth], [Change::Called, Change::Shown, Change::Called]);
    let names: Vec<_> = groups.get(&group).unwrap().members().into_iter().map(|(id, _)| id.0.as_str()).collect();
    assert_eq!(names, ["k4.1", "k1.1", "k3.1"], "the worst first");
    assert_eq!(
        groups.stands(&id("k1.1"), 2, None, s(300)),
        [(group.clone(), Change::Shown)],
        "no worse than the fourth"
    );
    assert_eq!(groups.stands(&id("k1.1"), 1, None, s(310)), [(group, Change::Called)]);
    assert_eq!(groups.stands(&id("k1.1"), 1, None, s(320)), []);
}

#[test]
fn case_8_and_9_what_came_and_went_within_the_wait_is_not_told_unless_it_is_severe() {
    for (severity, telling) in [(3, Telling::CameAndWent), (1, Telling::Due)] {
        let mut groups = Groups::default();
        let (group, _) = joins(&mut groups, "k1.1", &by_story(), s(0), severity);
        groups.stands(&id("k1.1"), severity, Some(s(20)), s(20));
        assert_eq!(groups.get(&group).unwrap().telling(s(30)), telling, "{severity}");
    }
}

#[test]
fn one_that_rises_within_the_wait_is_told_at_once() {
    let mut groups = Groups::default();
    let (group, _) = joins(&mut groups, "k1.1", &by_story(), s(0), 3);
    groups.stands(&id("k1.1"), 2, None, s(10));
    assert_eq!(groups.get(&group).unwrap().telling(s(10)), Telling::Due);
}

#[test]
fn case_10_a_page_stays_open_until_the_last_is_over_and_the_next_has_its_own() {
    let mut groups = Groups::default();
    let (group, _) = joins(&mut groups, "k1.1", &by_story(), s(0), 2);
    joins(&mut groups, "k2.1", &by_story(), s(20), 3);
    assert_eq!(groups.stands(&id("k1.1"), 2, Some(s(600)), s(600)), [(group.clone(), Change::Shown)]);
    let open = groups.get(&group).unwrap();
    assert_eq!(open.over_at(), None);
    let members = open.members();
    assert_eq!((members[0].0.0.as_str(), members[1].1.over_at), ("k2.1", Some(s(600))), "what goes on comes first");
    groups.stands(&id("k2.1"), 3, Some(s(720)), s(720));
    assert_eq!(groups.get(&group).unwrap().over_at(), Some(s(720)));
    assert_eq!(joins(&mut groups, "k1.2", &by_story(), s(780), 3).0, "k1.2/stories");
    groups.forget(s(780), 0);
    assert_eq!(groups.iter().map(|(id, _)| id).collect::<Vec<_>>(), ["k1.2/stories"]);
    assert_eq!(groups.stands(&id("k1.1"), 1, None, s(790)), [], "what is forgotten is gone everywhere");
}

#[test]
fn case_11_a_watch_that_comes_and_goes_has_one_page_while_that_is_allowed() {
    for (within, pages) in [(900_000, 1), (0, 3)] {
        let mut groups = Groups::default();
        let own = Leaf { reopen_within_ms: within, ..leaf() };
        let mut calls = 0;
        for (n, opens) in [(1, 0), (2, 240), (3, 480)] {
            let incident = format!("acme.{n}");
            let (_, change) = joins(&mut groups, &incident, &own, s(opens), 3);
            calls += usize::from(change == Change::Called);
            groups.stands(&id(&incident), 3, Some(s(opens + 120)), s(opens + 120));
        }
        assert_eq!((groups.iter().count(), calls), (pages, pages), "{within}");
    }
    let mut groups = Groups::default();
    let own = Leaf { reopen_within_ms: 900_000, ..leaf() };
    let (first, _) = joins(&mut groups, "acme.1", &own, s(0), 3);
    groups.stands(&id("acme.1"), 3, Some(s(100)), s(100));
    assert_eq!(groups.place(&id("acme.2"), &own, s(999)).unwrap().group, first);
    assert_eq!(groups.place(&id("acme.2"), &own, s(1000)).unwrap().group, "acme.2/root", "half open");
}

#[test]
fn case_12_a_group_keeps_its_route_and_a_new_incident_takes_the_new_one() {
    let mut groups = Groups::default();
    let (group, _) = joins(&mut groups, "k1.1", &by_story(), s(0), 3);
    let renamed = Leaf { route: "renamed".into(), ..by_story() };
    assert_eq!(groups.place(&id("k1.1"), &renamed, s(60)), None, "it leads to the same people");
    assert_eq!(groups.place(&id("k2.1"), &renamed, s(60)).unwrap().group, "k2.1/renamed");
    assert_eq!(groups.get(&group).unwrap().route, "stories");
    let other = Leaf { target: Target::Escalation("board".into()), ..renamed };
    assert!(groups.place(&id("k1.1"), &other, s(60)).is_some(), "a rise may lead to others");
}

#[test]
fn an_id_is_short_and_the_same_for_the_same_route() {
    let groups = Groups::default();
    let of = |route: &str| groups.place(&id("k1.1"), &Leaf { route: route.into(), ..leaf() }, s(0)).unwrap().group;
    assert_eq!((of("worst").as_str(), of("root").as_str()), ("k1.1/worst", "k1.1/root"));
    let long = of("desk = \"care\"");
    assert_eq!((long.len(), &long), ("k1.1/".len() + 16, &of("desk = \"care\"")));
    assert_ne!(long, of("desk = \"crisis\""));
}

#[test]
fn case_13_what_was_read_again_changes_nothing() {
    let mut groups = Groups::default();
    let joined = groups.place(&id("k1.1"), &by_story(), s(0)).unwrap();
    assert_eq!(groups.joined(&id("k1.1"), &joined, s(0), 3), Change::Called);
    let before = groups.clone();
    for _ in 0..12 {
        assert_eq!(groups.joined(&id("k1.1"), &joined, s(120), 3), Change::None);
        assert_eq!(groups.stands(&id("k1.1"), 3, None, s(120)), []);
    }
    assert_eq!(groups, before);
}

#[test]
fn case_16_all_members_are_there_the_worst_first() {
    let mut groups = Groups::default();
    for n in 0..80_u8 {
        joins(&mut groups, &format!("k{n:02}.1"), &by_story(), s(i64::from(n)), 4 - n % 4);
    }
    let (_, group) = groups.iter().next().unwrap();
    let severities: Vec<u8> = group.members().iter().map(|(_, member)| member.severity).collect();
    assert_eq!((severities.len(), group.worst()), (80, 1));
    assert!(severities.is_sorted());
}
