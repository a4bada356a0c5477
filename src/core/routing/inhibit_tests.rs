//! Cases 17 to 25, as far as inhibition decides them.

use orszem_records::signal::Kind;
use proptest::prelude::*;

use super::*;
use crate::cases_fixture::cases;
use crate::routing::fixture::{config, facts, id, inhibited, labelled};

fn rules(text: &str) -> Inhibitions {
    Inhibitions::new(&config(text))
}

const NO_DATA: &str =
    "[[inhibit]]\nwhen = { kind = \"no-data\" }\nmute = { kind = \"silence\" }\nequal = [\"source\"]\n";

fn of(kind: Kind, source: &str) -> Facts {
    let sources = Some(source.to_owned()).filter(|source| !source.is_empty()).into_iter().collect();
    Facts { kind, sources, ..facts() }
}

/// `muted by muting` of each.
fn found(rules: &Inhibitions, open: &[(&str, Facts)]) -> Vec<String> {
    let open = open.iter().map(|(name, facts)| (id(name), facts.clone())).collect();
    inhibited(rules, &open).iter().map(|(muted, why)| format!("{muted} by {}", why.by)).collect()
}

#[test]
fn case_17_18_and_24_no_data_mutes_silence_of_the_same_source_while_it_is_open() {
    let rules = rules(NO_DATA);
    let silence = ("acme.1", of(Kind::Silence, "bluesky"));
    let no_data = ("feed.1", of(Kind::NoData, "bluesky"));
    assert_eq!(found(&rules, std::slice::from_ref(&silence)), [""; 0]);
    assert_eq!(found(&rules, &[silence.clone(), no_data]), ["acme.1 by feed.1"]);
    assert_eq!(found(&rules, &[silence.clone(), ("feed.1", of(Kind::NoData, "reddit"))]), [""; 0]);
    assert_eq!(found(&self::rules(""), &[silence]), [""; 0]);
}

#[test]
fn the_reason_names_the_rule() {
    let open = [(id("a.1"), of(Kind::Silence, "x")), (id("feed.1"), of(Kind::NoData, "x"))].into_iter().collect();
    let inhibited = self::inhibited(&rules(NO_DATA), &open);
    assert_eq!(inhibited[&id("a.1")].rule, r#"kind = "no-data" mutes kind = "silence""#);
    assert_eq!(muted_by(&inhibited, &id("feed.1")).len(), 1);
}

#[test]
fn case_20_nothing_mutes_itself_and_two_that_would_mute_one_another_do_not() {
    let any = rules("[[inhibit]]\nwhen = { desk = \"crisis\" }\nmute = { severity = \">= 3\" }\n");
    assert_eq!(found(&any, &[("a.1", facts())]), [""; 0]);
    assert_eq!(found(&any, &[("a.1", facts()), ("b.1", facts())]), [""; 0]);
    let severe = ("c.1", Facts { severity: 1, ..facts() });
    assert_eq!(found(&any, &[("a.1", facts()), ("b.1", facts()), severe]), ["a.1 by c.1", "b.1 by c.1"]);
    let two = rules(
        "[[inhibit]]\nwhen = { kind = \"volume\" }\nmute = { kind = \"praise\" }\n[[inhibit]]\nwhen = { kind = \
         \"praise\" }\nmute = { kind = \"volume\" }\n",
    );
    assert_eq!(found(&two, &[("a.1", of(Kind::Volume, "")), ("b.1", of(Kind::Praise, ""))]), [""; 0], "by two rules");
}

#[test]
fn a_circle_of_three_mutes_nobody_and_what_hangs_on_it_is_muted() {
    let rule = |when: &str, mute: &str| {
        format!("[[inhibit]]\nwhen = {{ kind = \"{when}\" }}\nmute = {{ kind = \"{mute}\" }}\n")
    };
    let circle = [("volume", "praise"), ("praise", "silence"), ("silence", "volume"), ("silence", "slow-burn")];
    let rules = rules(&circle.map(|(when, mute)| rule(when, mute)).concat());
    let open = [("a.1", Kind::Volume), ("b.1", Kind::Praise), ("c.1", Kind::Silence), ("d.1", Kind::SlowBurn)];
    assert_eq!(found(&rules, &open.map(|(name, kind)| (name, of(kind, "")))), ["d.1 by c.1"]);
    assert_eq!(
        found(&rules, &[("a.1", of(Kind::Volume, "")), ("b.1", of(Kind::Praise, "")), ("d.1", of(Kind::SlowBurn, ""))]),
        ["b.1 by a.1"],
        "without its third they are no circle"
    );
}

#[test]
fn case_21_what_both_lack_is_equal_and_what_one_lacks_is_not() {
    let rules = rules("[[inhibit]]\nwhen = { severity = \"1\" }\nmute = { severity = \"3\" }\nequal = [\"story\"]\n");
    let severe = |facts: Facts| Facts { severity: 1, ..facts };
    let story = |text: &str| labelled(&[("story", text)]);
    assert_eq!(found(&rules, &[("a.1", severe(facts())), ("b.1", facts())]), ["b.1 by a.1"]);
    assert_eq!(found(&rules, &[("a.1", severe(facts())), ("b.1", story("x"))]), [""; 0]);
    assert_eq!(found(&rules, &[("a.1", severe(story("x"))), ("b.1", facts())]), [""; 0]);
    assert_eq!(found(&rules, &[("a.1", severe(story("x"))), ("b.1", story("x"))]), ["b.1 by a.1"]);
    assert_eq!(found(&rules, &[("a.1", severe(story("x"))), ("b.1", story("X"))]), [""; 0], "the exact text");
}

#[test]
fn case_25_a_drill_mutes_drills_alone() {
    let rules = rules("[[inhibit]]\nwhen = { severity = \"1\" }\nmute = { severity = \"3\" }\n");
    let of = |severity: u8, drill: bool| Facts { severity, drill, ..facts() };
    assert_eq!(found(&rules, &[("drill.1", of(1, true)), ("real.1", of(3, false))]), [""; 0]);
    assert_eq!(found(&rules, &[("real.1", of(1, false)), ("drill.1", of(3, true))]), ["drill.1 by real.1"]);
    assert_eq!(found(&rules, &[("drill.1", of(1, true)), ("drill.2", of(3, true))]), ["drill.2 by drill.1"]);
}

/// Which mute which, by looking at all pairs, and which of these are in a circle, by walking all ways.
fn by_pairs(rules: &Inhibitions, open: &BTreeMap<IncidentId, Facts>) -> BTreeSet<IncidentId> {
    let mutes = |a: &IncidentId, b: &IncidentId| {
        let (one, other) = (&open[a], &open[b]);
        let holds = |rule: &Rule| {
            let equal = rule.equal.iter().all(|fact| one.common(fact) == other.common(fact));
            rule.when.matches(one) && rule.mute.matches(other) && equal && (other.drill || !one.drill)
        };
        a != b && rules.rules.iter().any(holds)
    };
    let reaches = |from: &IncidentId, to: &IncidentId| {
        let (mut seen, mut open_ways) = (BTreeSet::new(), vec![from]);
        while let Some(here) = open_ways.pop() {
            if here == to {
                return true;
            }
            if seen.insert(here) {
                open_ways.extend(open.keys().filter(|next| mutes(here, next)));
            }
        }
        false
    };
    let is_muted = |b: &&IncidentId| open.keys().any(|a| mutes(a, b) && !reaches(b, a));
    open.keys().filter(is_muted).cloned().collect()
}

proptest! {
    #![proptest_config(cases(10_000))]
    #[test]
    fn it_is_what_all_pairs_say_and_one_that_nothing_mutes_is_left(
        ways in prop::collection::vec((0_usize..6, 0_usize..6, any::<bool>()), 1..6),
        incidents in prop::collection::vec((0_usize..6, 0_u8..3, any::<bool>()), 1..9),
    ) {
        let name = |n: usize| Kind::ALL[n].name();
        let text: String = ways.iter().map(|(when, mute, equal)| format!(
            "[[inhibit]]\nwhen = {{ kind = \"{}\" }}\nmute = {{ kind = \"{}\" }}\nequal = [{}]\n",
            name(*when), name(*mute), if *equal { "\"story\"" } else { "" },
        )).collect();
        let rules = rules(&text);
        let open: BTreeMap<IncidentId, Facts> = incidents.iter().enumerate().map(|(n, (kind, story, drill))| {
            let story = ["", "x", "y"][usize::from(*story)];
            let facts = if story.is_empty() { facts() } else { labelled(&[("story", story)]) };
            (id(&format!("i.{n}")), Facts { kind: Kind::ALL[*kind], drill: *drill, ..facts })
        }).collect();
        let inhibited = inhibited(&rules, &open);
        prop_assert_eq!(inhibited.keys().cloned().collect::<BTreeSet<_>>(), by_pairs(&rules, &open));
        prop_assert!(inhibited.len() < open.len(), "somebody is told of one of them");
        prop_assert!(inhibited.iter().all(|(muted, why)| *muted != why.by && (open[muted].drill || !open[&why.by].drill)));
    }
}
