//! The topics: those that exist against what `orszem run` demands, those that are missing against what it would create.

use rdkafka::consumer::Consumer;
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use std::collections::BTreeMap;
use std::time::Duration;

use super::super::client::CALL;
use super::super::topic_rules::{Plan, differences, input_warnings, plans, several_teams, uneven};
use super::super::topics::{Difference, Names, Topics, TopicsError};
use super::cluster::{self, Cluster, Known};
use orszem_core::settings::Kafka;
use orszem_runtime::lifecycle::Shutdown;
use orszem_runtime::probe::Finding;
use orszem_runtime::startup::Startup;

/// Each topic, inputs first. Blocks.
pub(super) fn check(kafka: &Kafka, inputs: &[String], cluster: &Cluster, limit: Duration) -> Vec<Finding> {
    let (stop, startup) = (Shutdown::new(), Startup::default());
    let names = Names::new(kafka);
    let existing = cluster.counts();
    let topics = match Topics::new(kafka, &stop, &startup) {
        Ok(topics) => topics,
        Err(fault) => return vec![Finding::broken("all topics", fault.to_string(), "check [kafka.options]")],
    };
    // Calls that are repeated until they work give up then. Without this thread, the caller gives up.
    let watch = stop.clone();
    let giving_up = std::thread::Builder::new().spawn(move || {
        watch.wait(limit);
        watch.trigger();
    });
    drop(giving_up);
    let plans = plans(&names, inputs, kafka, &existing);
    let findings = plans.iter().map(|plan| match cluster.topics.get(plan.name) {
        Some(known) if plan.ours => {
            let mut counted = uneven(&names, &existing).into_iter().chain(several_teams(&names, &existing));
            let partitions = counted.find(|difference| difference.topic == plan.name);
            own(kafka, plan, known, topics.settings(plan), partitions)
        }
        Some(known) => health(plan.name, known)
            .or_else(|| input(plan.name, &topics.settings(plan).ok()?))
            .unwrap_or_else(|| Finding::works(plan.name, shape(known))),
        None => missing(kafka, plan, cluster, &topics),
    });
    let findings = findings.collect();
    stop.trigger();
    findings
}

/// `1 partition`, `4 partitions`.
fn count(number: usize, one: &str) -> String {
    format!("{number} {one}{}", if number == 1 { "" } else { "s" })
}

fn shape(known: &Known) -> String {
    let partitions = usize::try_from(known.partitions).unwrap_or(0);
    format!("{}, {}", count(partitions, "partition"), count(known.replicas, "replica"))
}

/// What brokers that are away do to a topic.
fn health(topic: &str, known: &Known) -> Option<Finding> {
    if known.leaderless > 0 {
        let detail = format!("{} of {} partitions have no leader", known.leaderless, known.partitions);
        return Some(Finding::broken(topic, detail, "start the brokers that hold them (kafka-topics.sh --describe)"));
    }
    (known.behind > 0).then(|| {
        let detail = format!("{} of {} partitions have replicas that are not in sync", known.behind, known.partitions);
        Finding::warning(topic, detail, "see whether a broker is down, or slow (kafka-topics.sh --describe)")
    })
}

/// What of an input's settings costs mentions.
fn input(topic: &str, settings: &BTreeMap<String, String>) -> Option<Finding> {
    let warnings = input_warnings(settings);
    let fix =
        "ask the owner of the topic to keep every record for a week (cleanup.policy=delete, retention.ms=604800000)";
    (!warnings.is_empty()).then(|| Finding::warning(topic, warnings.join("; "), fix))
}

fn own(
    kafka: &Kafka,
    plan: &Plan<'_>,
    known: &Known,
    settings: Result<BTreeMap<String, String>, TopicsError>,
    partitions: Option<Difference>,
) -> Finding {
    let settings = match settings {
        Ok(settings) => settings,
        Err(TopicsError::Denied { doing, reason, .. }) => {
            return Finding::broken(
                plan.name,
                format!("{doing}: {reason}"),
                format!("grant the user of this client DescribeConfigs on the topic {}", plan.name),
            );
        }
        Err(fault) => return Finding::broken(plan.name, fault.to_string(), "run this again when Kafka is well"),
    };
    if let Some(difference) = partitions {
        let fix = if plan.name == Names::new(kafka).team {
            format!("stop every copy, then: kafka-topics.sh --delete --topic {}", plan.name)
        } else {
            "make both again with as many partitions (what the watches have learnt is lost with them), or name \
             another prefix in [kafka]"
                .to_owned()
        };
        return Finding::broken(plan.name, told(&difference), fix);
    }
    let differences = differences(plan, &settings);
    if !differences.is_empty() {
        let told: Vec<String> = differences.iter().map(told).collect();
        let wanted = plan.settings();
        let wanted = wanted.iter().filter(|(name, _)| differences.iter().any(|found| found.setting == *name));
        let wanted: Vec<String> = wanted.map(|(name, value)| format!("{name}={value}")).collect();
        let fix = format!(
            "kafka-configs.sh --alter --entity-type topics --entity-name {} --add-config {}",
            plan.name,
            wanted.join(",")
        );
        return Finding::broken(plan.name, format!("would lose data: {}", told.join("; ")), fix);
    }
    health(plan.name, known)
        .or_else(|| replication(kafka, plan.name, known.replicas, &settings))
        .unwrap_or_else(|| Finding::works(plan.name, format!("{}, settings as they must be", shape(known))))
}

fn told(difference: &Difference) -> String {
    format!("{} is {}, must be {}", difference.setting, difference.is, difference.must)
}

/// How many replicas there are, must be in sync, and are configured: what does not go together.
fn replication(kafka: &Kafka, topic: &str, replicas: usize, settings: &BTreeMap<String, String>) -> Option<Finding> {
    let in_sync: usize = settings.get("min.insync.replicas")?.parse().ok()?;
    let set = |value: usize| {
        format!(
            "kafka-configs.sh --alter --entity-type topics --entity-name {topic} --add-config min.insync.replicas={value}"
        )
    };
    if in_sync > replicas {
        let detail =
            format!("min.insync.replicas is {in_sync} and there are {replicas} replicas: nothing can be written");
        return Some(Finding::broken(topic, detail, set(replicas.saturating_sub(1).max(1))));
    }
    if usize::try_from(kafka.replication).is_ok_and(|wanted| replicas < wanted) {
        let detail = format!("it has {replicas} replicas, and replication = {} in [kafka]", kafka.replication);
        return Some(Finding::broken(topic, detail, "add replicas (kafka-reassign-partitions.sh), or set replication"));
    }
    if replicas > 1 && in_sync == replicas {
        let detail = format!("min.insync.replicas is {in_sync} of {replicas}: one broker away stops all writing");
        return Some(Finding::warning(topic, detail, set(replicas - 1)));
    }
    if replicas > 2 && in_sync == 1 {
        let detail = format!("min.insync.replicas is 1 of {replicas}: what is written may be on one broker alone");
        return Some(Finding::warning(topic, detail, set(2)));
    }
    None
}

/// A topic that is not there: whether `orszem run` could make it.
fn missing(kafka: &Kafka, plan: &Plan<'_>, cluster: &Cluster, topics: &Topics<'_>) -> Finding {
    use RDKafkaErrorCode::{
        ClusterAuthorizationFailed, InvalidReplicationFactor, TopicAlreadyExists, TopicAuthorizationFailed,
    };
    if hidden(kafka, plan.name) {
        let fix = format!("grant the user of this client Describe and Read on the topic {}", plan.name);
        return Finding::broken(plan.name, "the user of this client may not see it, if it is there", fix);
    }
    let partitions = count(usize::try_from(plan.partitions).unwrap_or(0), "partition");
    let will = format!("{partitions}, replication {}", kafka.replication);
    match topics.would_create(plan) {
        Ok(()) if plan.ours => Finding::works(plan.name, format!("will be created by `orszem run`: {will}")),
        Ok(()) => Finding::warning(
            plan.name,
            format!("this input does not exist; `orszem run` would create it, empty: {will}"),
            "check its name in the configuration, or ask the owner of the feed to create it",
        ),
        Err(KafkaError::AdminOp(TopicAlreadyExists)) => Finding::works(plan.name, "was created just now"),
        Err(KafkaError::AdminOp(TopicAuthorizationFailed | ClusterAuthorizationFailed)) => Finding::broken(
            plan.name,
            "does not exist, and the user of this client may not create it",
            format!("create it ({}), or grant the user Create on the topic", command(kafka, plan)),
        ),
        Err(KafkaError::AdminOp(InvalidReplicationFactor)) => Finding::broken(
            plan.name,
            format!(
                "cannot be created: replication = {} in [kafka], and the cluster has {} brokers",
                kafka.replication,
                cluster.brokers.len()
            ),
            "set replication in [kafka] to at most the number of brokers, or start the others",
        ),
        Err(KafkaError::AdminOp(code)) => Finding::broken(
            plan.name,
            format!("does not exist, and Kafka would not create it: {code}"),
            format!("create it by hand: {}", command(kafka, plan)),
        ),
        Err(fault) => Finding::broken(
            plan.name,
            format!("does not exist, and whether it can be created is not known: {fault}"),
            "run this again when Kafka is well",
        ),
    }
}

fn command(kafka: &Kafka, plan: &Plan<'_>) -> String {
    let settings: String = plan.settings().iter().map(|(name, value)| format!(" --config {name}={value}")).collect();
    format!(
        "kafka-topics.sh --create --topic {} --partitions {} --replication-factor {}{settings}",
        plan.name, plan.partitions, kafka.replication
    )
}

/// Whether a topic is kept from us. The list of all topics leaves out what one may not see; by its name one is told so.
fn hidden(kafka: &Kafka, topic: &str) -> bool {
    let Ok(client) = cluster::consumer(kafka) else { return false };
    let Ok(metadata) = client.fetch_metadata(Some(topic), CALL) else { return false };
    let denied = rdkafka::types::RDKafkaRespErr::RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED;
    metadata.topics().iter().any(|found| found.error() == Some(denied))
}

#[cfg(test)]
mod tests {
    use super::*;
    use orszem_runtime::probe::State;

    fn in_sync(value: &str) -> BTreeMap<String, String> {
        BTreeMap::from([("min.insync.replicas".to_owned(), value.to_owned())])
    }

    #[test]
    fn replicas_that_do_not_go_together_are_told() {
        let kafka = Kafka { replication: 3, ..Kafka::default() };
        let judged = |replicas, least: &str| {
            replication(&kafka, "t", replicas, &in_sync(least)).map(|found| (found.state, found.fix.unwrap()))
        };
        assert_eq!(judged(3, "2"), None);
        let (state, fix) = judged(3, "4").unwrap();
        assert!(state == State::Broken && fix.ends_with("min.insync.replicas=2"), "{fix}");
        assert_eq!(judged(1, "1").unwrap().0, State::Broken, "fewer than configured: `run` refuses it");
        assert!(judged(3, "3").unwrap().1.ends_with("min.insync.replicas=2"));
        assert!(judged(3, "1").unwrap().1.ends_with("min.insync.replicas=2"));
        let one = Kafka::default();
        assert_eq!(replication(&one, "t", 1, &in_sync("1")), None, "one replica is as configured");
    }

    #[test]
    fn a_partition_without_a_leader_is_worse_than_one_that_lags() {
        let known = Known { partitions: 4, replicas: 3, ..Known::default() };
        assert_eq!(health("t", &known), None);
        assert_eq!(health("t", &Known { behind: 2, ..known.clone() }).unwrap().state, State::Warning);
        let lost = health("t", &Known { behind: 2, leaderless: 1, ..known }).unwrap();
        assert!(lost.state == State::Broken && lost.detail.starts_with("1 of 4"), "{lost:?}");
    }
}
