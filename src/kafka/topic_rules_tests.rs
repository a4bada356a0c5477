//! Which settings of topics are refused, and which are warned of.

use super::*;

fn settings(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// The plan of a topic of ours, by the end of its name.
fn with_plan(replication: i32, name: &str, check: impl FnOnce(&Plan<'_>)) {
    let (kafka, inputs) = (Kafka { replication, ..Kafka::default() }, []);
    let names = Names::new(&kafka);
    let plans = plans(&names, &inputs, &kafka, &BTreeMap::new());
    check(plans.iter().find(|plan| plan.name.ends_with(name)).unwrap());
}

/// The settings of a topic that is as it must be, some of them changed.
fn made(plan: &Plan<'_>, changed: &[(&str, &str)]) -> BTreeMap<String, String> {
    let mut made = settings(&[("min.insync.replicas", "1")]);
    made.extend(plan.settings().into_iter().map(|(name, value)| (name.to_owned(), value)));
    made.extend(settings(changed));
    made
}

fn named(plan: &Plan<'_>, settings: &BTreeMap<String, String>) -> Vec<&'static str> {
    differences(plan, settings).iter().map(|difference| difference.setting).collect()
}

#[test]
fn what_we_create_is_what_we_accept() {
    for replication in [1, 2, 3, 5] {
        for topic in ["tallies", "state", "ledger", "team", "own", "dead-letters"] {
            with_plan(replication, topic, |plan| assert_eq!(differences(plan, &made(plan, &[])), [], "{topic}"));
        }
    }
    with_plan(1, "ledger", |plan| {
        assert_eq!(differences(plan, &made(plan, &[("retention.ms", "-1")])), [], "kept for ever");
    });
}

#[test]
fn all_differences_come_at_once_and_are_named() {
    with_plan(1, "ledger", |plan| {
        let bad = made(
            plan,
            &[
                ("cleanup.policy", "compact,delete"),
                ("retention.ms", "604800000"),
                ("retention.bytes", "1000000"),
                ("message.timestamp.type", "CreateTime"),
            ],
        );
        let expected = ["cleanup.policy", "retention.ms", "retention.bytes", "message.timestamp.type"];
        assert_eq!(named(plan, &bad), expected);
        let text = super::super::topics::TopicsError::Refused(differences(plan, &bad)).to_string();
        let long = "retention.ms is 604800000, must be at least 34560000000 (400 days), or -1";
        assert!(text.contains(long), "{text}");
    });
}

#[test]
fn a_state_that_is_deleted_by_time_is_refused() {
    for topic in ["state", "team"] {
        with_plan(1, topic, |plan| {
            assert_eq!(named(plan, &made(plan, &[("cleanup.policy", "compact,delete")])), ["cleanup.policy"]);
            // Means nothing to a compacted topic.
            assert_eq!(named(plan, &made(plan, &[("retention.ms", "604800000")])), [""; 0]);
        });
    }
}

#[test]
fn settings_that_lose_what_was_acknowledged_are_refused() {
    with_plan(3, "ledger", |plan| {
        for (setting, value) in [("unclean.leader.election.enable", "true"), ("min.insync.replicas", "1")] {
            assert_eq!(named(plan, &made(plan, &[(setting, value)])), [setting]);
        }
        assert_eq!(named(plan, &made(plan, &[("min.insync.replicas", "3")])), [""; 0]);
        assert_eq!(too_few_replicas(plan, 3), None);
        let few = too_few_replicas(plan, 1).unwrap().to_string();
        assert!(few.contains("replication factor is 1, must be at least 3"), "{few}");
    });
    with_plan(1, "ledger", |plan| assert_eq!(named(plan, &made(plan, &[("min.insync.replicas", "1")])), [""; 0]));
}

#[test]
fn a_topic_that_takes_no_large_record_is_refused() {
    with_plan(1, "state", |plan| {
        assert_eq!(named(plan, &made(plan, &[("max.message.bytes", "1048588")])), ["max.message.bytes"]);
    });
    with_plan(1, "dead-letters", |plan| {
        assert_eq!(named(plan, &made(plan, &[("max.message.bytes", "1048588")])), [""; 0], "they are cut to fit");
        assert_eq!(named(plan, &made(plan, &[("max.message.bytes", "20000")])), ["max.message.bytes"]);
    });
}

#[test]
fn an_input_that_loses_mentions_is_warned_of() {
    let warned = |pairs: &[(&str, &str)]| input_warnings(&settings(pairs)).join("\n");
    assert_eq!(warned(&[("cleanup.policy", "delete"), ("retention.ms", "604800000"), ("retention.bytes", "-1")]), "");
    assert_eq!(warned(&[("cleanup.policy", "delete"), ("retention.ms", "-1")]), "");
    assert!(warned(&[("cleanup.policy", "compact"), ("retention.ms", "1000")]).starts_with("it is compacted"));
    let short = warned(&[("cleanup.policy", "delete"), ("retention.ms", "5400000"), ("retention.bytes", "1000")]);
    assert!(short.contains("for 1 h 30 min") && short.contains("at most 1000 bytes a partition"), "{short}");
}

#[test]
fn state_gets_the_partitions_of_the_tallies() {
    let kafka = Kafka { partitions: 4, ..Kafka::default() };
    let names = Names::new(&kafka);
    let count = |existing: &[(&str, i32)]| {
        let existing = existing.iter().map(|(name, count)| ((*name).to_owned(), *count)).collect();
        let inputs = ["mentions".to_owned()];
        plans(&names, &inputs, &kafka, &existing).iter().map(|plan| plan.partitions).collect::<Vec<_>>()
    };
    assert_eq!(count(&[]), [4, 4, 4, 4, 1, 1, 4], "one of the team and of what is our own, whatever is configured");
    assert_eq!(count(&[("orszem.tallies", 12)]), [4, 12, 12, 4, 1, 1, 4]);
    assert_eq!(count(&[("orszem.state", 6)]), [4, 6, 6, 4, 1, 1, 4]);
}

#[test]
fn a_state_with_other_partitions_than_the_tallies_is_a_difference() {
    let names = Names::new(&Kafka::default());
    let existing = |counts: &[(&str, i32)]| -> BTreeMap<String, i32> {
        counts.iter().map(|(name, count)| ((*name).to_owned(), *count)).collect()
    };
    let found = uneven(&names, &existing(&[("orszem.tallies", 4), ("orszem.state", 6)])).unwrap();
    assert_eq!((found.topic.as_str(), found.setting, found.is.as_str()), ("orszem.state", "partitions", "6"));
    assert_eq!(uneven(&names, &existing(&[("orszem.tallies", 4), ("orszem.state", 4)])), None);
    assert_eq!(uneven(&names, &existing(&[("orszem.state", 6)])), None);
}

#[test]
fn a_team_of_several_partitions_is_refused_with_what_to_do() {
    let names = Names::new(&Kafka::default());
    let existing = |partitions| BTreeMap::from([("orszem.team".to_owned(), partitions)]);
    assert_eq!(several_teams(&names, &existing(1)), None);
    assert_eq!(several_teams(&names, &BTreeMap::new()), None, "it will be made");
    let told = several_teams(&names, &existing(3)).unwrap().to_string();
    assert!(told.starts_with("topic orszem.team: partitions is 3, must be 1 (") && told.contains("delete"), "{told}");
}
