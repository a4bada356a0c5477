//! Whether Kafka is as `orszem run` needs it: brokers, topics, permissions; or only whether it answers. Writes no
//! record, joins no group, makes no topic. A transaction is prepared under an id of its own, `<prefix>-doctor`, and
//! none is begun.

mod access;
mod address;
mod cluster;
mod contact;
mod listener;
mod topics;

use std::sync::Arc;
use std::time::Duration;

pub use contact::{ContactError, contact};

use super::topic_rules::plans;
use super::topics::Names;
use cluster::Cluster;
use orszem_core::settings::Kafka;
use orszem_runtime::probe::{Finding, State, at_once};

/// What was found, in three parts.
#[derive(Debug, Default)]
pub struct Report {
    /// Addresses and brokers.
    pub brokers: Vec<Finding>,
    /// The topics that are read and ours.
    pub topics: Vec<Finding>,
    /// What the user of this client may do.
    pub permissions: Vec<Finding>,
}

/// Looks at all of it. `inputs` are the topics that mentions are read from. Each step takes at most about `limit`, and
/// what does not depend on each other runs at the same time. Must be called in a tokio runtime.
pub async fn probe(kafka: &Kafka, inputs: &[String], limit: Duration) -> Report {
    let kafka = Arc::new(kafka.clone());
    let mut report = Report { brokers: address::bootstrap(&kafka, limit / 2).await, ..Report::default() };
    if report.brokers.iter().all(|finding| finding.state == State::Broken) {
        return unasked(report, "no broker can be reached");
    }
    // One of several is enough to begin with.
    for finding in &mut report.brokers {
        if finding.state == State::Broken {
            finding.state = State::Warning;
            finding.detail += "; another address works";
        }
    }
    let asked = Arc::clone(&kafka);
    let cluster = match in_time(limit, "cluster", move || Cluster::ask(&asked, limit)).await {
        Ok(Ok(cluster)) => Arc::new(cluster),
        Ok(Err(finding)) | Err(finding) => {
            report.brokers.push(finding);
            return unasked(report, "no broker answers");
        }
    };
    report.brokers.push(cluster.finding());
    let (advertised, topics, permissions) = tokio::join!(
        address::advertised(&cluster, limit / 2),
        all_topics(&kafka, inputs, &cluster, limit),
        all_permissions(&kafka, inputs, &cluster, limit),
    );
    report.brokers.extend(advertised);
    report.topics = topics;
    report.permissions = permissions;
    report
}

fn unasked(mut report: Report, reason: &str) -> Report {
    report.topics.push(Finding::skipped("all topics", format!("not checked: {reason}")));
    report.permissions.push(Finding::skipped("all permissions", format!("not checked: {reason}")));
    report
}

async fn all_topics(kafka: &Arc<Kafka>, inputs: &[String], cluster: &Arc<Cluster>, limit: Duration) -> Vec<Finding> {
    let (kafka, inputs, cluster) = (Arc::clone(kafka), inputs.to_vec(), Arc::clone(cluster));
    in_time(limit, "all topics", move || topics::check(&kafka, &inputs, &cluster, limit))
        .await
        .unwrap_or_else(|late| vec![late])
}

/// Reads, groups and transactions, each on a thread of its own; in the order of the flow.
async fn all_permissions(
    kafka: &Arc<Kafka>,
    inputs: &[String],
    cluster: &Arc<Cluster>,
    limit: Duration,
) -> Vec<Finding> {
    let names = Names::new(kafka);
    let mut steps: Vec<(String, Box<dyn FnOnce() -> Finding + Send>)> = Vec::new();
    for plan in plans(&names, inputs, kafka, &cluster.counts()) {
        // Dead letters are written only.
        let Some(partitions) = cluster.partitions(plan.name).filter(|_| plan.name != names.dead_letters) else {
            continue;
        };
        let (kafka, topic) = (Arc::clone(kafka), plan.name.to_owned());
        let name = access::reading(&topic);
        steps.push((name, Box::new(move || access::read(&kafka, &topic, partitions, limit))));
    }
    for (stage, topic) in [("score", &names.mentions), ("detect", &names.tallies), ("respond", &names.ledger)] {
        let topic = if stage == "score" { inputs.first().unwrap_or(topic).clone() } else { topic.clone() };
        // Of a topic that is not there yet, the broker knows that nothing was read.
        let partitions = cluster.partitions(&topic).unwrap_or(1);
        let kafka = Arc::clone(kafka);
        let name = access::group_of(&kafka, stage);
        steps.push((name, Box::new(move || access::group(&kafka, stage, (&topic, partitions), limit))));
    }
    let transacting = Arc::clone(kafka);
    steps.push((access::TRANSACTIONS.to_owned(), Box::new(move || access::transactions(&transacting, limit))));
    let steps = steps
        .into_iter()
        .map(|(name, step)| async move { in_time(limit, &name, step).await.unwrap_or_else(|late| late) });
    let mut findings = at_once(steps).await;
    findings.push(access::not_checked(kafka));
    findings
}

/// Runs what blocks; a step that outlasts its own limit is given up a little later, and left to itself.
async fn in_time<T: Send + 'static>(
    limit: Duration,
    name: &str,
    step: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Finding> {
    let fix = "see whether the brokers are overloaded or starting, and run this again";
    match tokio::time::timeout(limit + limit / 4, tokio::task::spawn_blocking(step)).await {
        Ok(Ok(done)) => Ok(done),
        Ok(Err(fault)) => Err(Finding::broken(name, format!("the check itself failed: {fault}"), fix)),
        Err(_) => Err(Finding::broken(name, format!("no answer within {limit:?}"), fix)),
    }
}
