//! Cases 6 to 12 and 16, as far as groups decide them; tests/cases has what is told then.

use orszem_records::ledger::Sharing;

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

/// It joins at a severity, as respond has it: the group that is there, or its own.
fn joins(groups: &mut Groups, incident: &str, leaf: &Leaf, at: Timestamp, severity: u8) -> String {
    let known = groups.place(leaf, at).map(str::to_owned);
    let group = known.unwrap_or_else(|| format!("{incident}/1"));
    let wait_ms = if severity <= 2 { 0 } else { leaf.wait_ms };
    let joined = Joined {
        group: group.clone(),
        route: leaf.route.clone(),
        escalation: Some("duty".into()),
        digest: None,
        key: leaf.key.clone(),
        tell_at: at.plus(wait_ms),
        sharing: Some(Sharing { severity, reopen_within_ms: leaf.reopen_within_ms }),
        keeps: Vec::new(),
    };
    groups.joined(&id(incident), &joined, at, severity);
    let before = groups.clone();
    groups.joined(&id(incident), &joined, at, severity);
    assert_eq!(*groups, before, "what is read again changes nothing");
    group
}

#[test]
fn case_6_those_of_one_story_are_on_one_page_after_the_wait() {
    let mut groups = Groups::default();
    let first = joins(&mut groups, "k1.1", &by_story(), s(0), 3);
    let second = joins(&mut groups, "k2.1", &by_story(), s(20), 3);
    assert_eq!((first.as_str(), &second), ("k1.1/1", &first));
    let group = groups.get(&first).unwrap();
    assert_eq!(group.telling(s(29)), Telling::Waits(s(30)), "it does not begin again with the second");
    assert_eq!(group.telling(s(30)), Telling::Due);
    assert_eq!((group.members().len(), group.carrier()), (2, Some(&id("k1.1"))));
}

#[test]
fn who_carries_the_page_does_not_depend_on_what_is_read_first() {
    let mut ledger = Groups::default();
    joins(&mut ledger, "k2.1", &by_story(), s(0), 3);
    joins(&mut ledger, "k1.1", &by_story(), s(0), 3);
    let joined = |incident: &str| Joined {
        group: "k2.1/1".into(),
        sharing: Some(Sharing { severity: 3, reopen_within_ms: 0 }),
        tell_at: s(30),
        route: "stories".into(),
        escalation: Some("duty".into()),
        key: by_story().key,
        keeps: Vec::new(),
        ..joined_by(incident)
    };
    let mut again = Groups::default();
    again.joined(&id("k1.1"), &joined("k1.1"), s(0), 3);
    again.joined(&id("k2.1"), &joined("k2.1"), s(0), 3);
    assert_eq!(again, ledger);
    assert_eq!(again.get("k2.1/1").unwrap().carrier(), Some(&id("k2.1")));
}

#[test]
fn case_8_and_9_what_came_and_went_within_the_wait_is_not_told_unless_it_is_severe() {
    for (severity, telling) in [(3, Telling::CameAndWent), (1, Telling::Due)] {
        let mut groups = Groups::default();
        let group = joins(&mut groups, "k1.1", &by_story(), s(0), severity);
        groups.stands(&id("k1.1"), severity, Some(s(20)), s(20));
        assert_eq!(groups.get(&group).unwrap().telling(s(30)), telling, "{severity}");
    }
}

#[test]
fn one_that_rises_within_the_wait_is_told_at_once() {
    let mut groups = Groups::default();
    let group = joins(&mut groups, "k1.1", &by_story(), s(0), 3);
    groups.stands(&id("k1.1"), 2, None, s(10));
    assert_eq!(groups.get(&group).unwrap().telling(s(10)), Telling::Due);
}

#[test]
fn case_10_a_page_stays_open_until_the_last_is_over_and_the_next_has_its_own() {
    let mut groups = Groups::default();
    let group = joins(&mut groups, "k1.1", &by_story(), s(0), 2);
    joins(&mut groups, "k2.1", &by_story(), s(20), 3);
    groups.stands(&id("k1.1"), 2, Some(s(600)), s(600));
    let open = groups.get(&group).unwrap();
    assert_eq!(open.over_at(), None);
    let members = open.members();
    assert_eq!((members[0].0.0.as_str(), members[1].1.over_at), ("k2.1", Some(s(600))), "what goes on comes first");
    groups.stands(&id("k2.1"), 3, Some(s(720)), s(720));
    assert_eq!(groups.get(&group).unwrap().over_at(), Some(s(720)));
    assert_eq!(joins(&mut groups, "k1.2", &by_story(), s(780), 3), "k1.2/1");
    groups.leave(&id("k1.1"), &group);
    groups.leave(&id("k2.1"), &group);
    assert_eq!(groups.iter().map(|(id, _)| id).collect::<Vec<_>>(), ["k1.2/1"]);
    assert_eq!(groups.of(&id("k1.1")).count(), 0, "what is forgotten is gone everywhere");
}

#[test]
fn case_11_a_watch_that_comes_and_goes_has_one_page_while_that_is_allowed() {
    for (within, pages) in [(900_000, 1), (0, 3)] {
        let mut groups = Groups::default();
        let own = Leaf { reopen_within_ms: within, ..leaf() };
        for (n, opens) in [(1, 0), (2, 240), (3, 480)] {
            let incident = format!("acme.{n}");
            joins(&mut groups, &incident, &own, s(opens), 3);
            groups.stands(&id(&incident), 3, Some(s(opens + 120)), s(opens + 120));
        }
        assert_eq!(groups.iter().count(), pages, "{within}");
    }
    let mut groups = Groups::default();
    let own = Leaf { reopen_within_ms: 900_000, ..leaf() };
    let first = joins(&mut groups, "acme.1", &own, s(0), 3);
    groups.stands(&id("acme.1"), 3, Some(s(100)), s(100));
    assert_eq!(groups.place(&own, s(999)), Some(first.as_str()));
    assert_eq!(groups.place(&own, s(1000)), None, "half open");
    assert_eq!(groups.get(&first).unwrap().closes_at(), Some(s(1000)));
}

#[test]
fn case_12_a_group_keeps_its_route_and_a_new_incident_takes_the_new_one() {
    let mut groups = Groups::default();
    let group = joins(&mut groups, "k1.1", &by_story(), s(0), 3);
    for new in [
        Leaf { route: "renamed".into(), ..by_story() },
        Leaf { target: Target::Escalation("board".into()), ..by_story() },
        Leaf { key: leaf().key, ..by_story() },
    ] {
        assert_eq!(groups.place(&new, s(60)), None, "{new:?}");
    }
    assert_eq!(groups.place(&by_story(), s(60)), Some(group.as_str()));
}

#[test]
fn who_takes_another_route_leaves_the_group_and_another_carries_its_page() {
    let mut groups = Groups::default();
    let group = joins(&mut groups, "k1.1", &by_story(), s(0), 3);
    joins(&mut groups, "k2.1", &by_story(), s(20), 3);
    let other = |keeps: &[String]| Joined { group: "k1.1/2".into(), keeps: keeps.to_vec(), ..joined_by("k1.1") };
    let mut kept = groups.clone();
    kept.joined(&id("k1.1"), &other(std::slice::from_ref(&group)), s(60), 1);
    assert_eq!(kept.get(&group).unwrap().carrier(), Some(&id("k1.1")), "it goes there too");
    groups.joined(&id("k1.1"), &other(&[]), s(60), 1);
    assert_eq!(groups.get(&group).unwrap().carrier(), Some(&id("k2.1")));
}

/// That an incident takes a route on its own.
fn joined_by(incident: &str) -> Joined {
    Joined {
        group: format!("{incident}/1"),
        route: "worst".into(),
        escalation: Some("board".into()),
        digest: None,
        key: BTreeMap::new(),
        tell_at: s(0),
        sharing: None,
        keeps: Vec::new(),
    }
}

#[test]
fn case_16_all_members_are_there_the_worst_first() {
    let mut groups = Groups::default();
    for n in 0..80_u8 {
        joins(&mut groups, &format!("k{n:02}.1"), &by_story(), s(i64::from(n)), 4 - n % 4);
    }
    let (_, group) = groups.iter().next().unwrap();
    let severities: Vec<u8> = group.members().iter().map(|(_, member)| member.severity).collect();
    assert_eq!(severities.len(), 80);
    assert!(severities.is_sorted());
}
