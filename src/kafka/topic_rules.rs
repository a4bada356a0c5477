//! What our topics must be like: how they are made, and which settings of existing ones would lose data. Asks nobody.

use rdkafka::admin::{NewTopic, TopicReplication};
use std::collections::BTreeMap;

use super::topics::Names;
use orszem_core::settings::Kafka;

/// A day in milliseconds.
const DAY_MS: i64 = 86_400_000;
/// The largest record of our topics in bytes: a broker's default, 1 MiB, is less than a large state may take.
const MAX_MESSAGE_BYTES: &str = "4194304";

/// A setting of an existing topic that would lose data.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("topic {topic}: {setting} is {is}, must be {must}")]
pub struct Difference {
    /// The topic.
    pub topic: String,
    /// The setting, as Kafka names it; `partitions` for their number.
    pub setting: &'static str,
    /// What it is.
    pub is: String,
    /// What it must be.
    pub must: String,
}

/// How long a topic keeps its records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Keeps {
    /// The newest record of each key, for ever.
    Newest,
    /// Every record, for this number of days.
    Days(i64),
}

/// A topic that is needed.
pub(super) struct Plan<'a> {
    pub(super) name: &'a str,
    pub(super) keeps: Keeps,
    /// Ours: its settings are checked.
    pub(super) ours: bool,
    pub(super) partitions: i32,
}

/// The topics that `orszem run` needs: inputs first, then ours in the order of the flow. `existing` has the number of
/// partitions of every topic that is there.
pub(super) fn plans<'a>(
    names: &'a Names,
    inputs: &'a [String],
    kafka: &Kafka,
    existing: &BTreeMap<String, i32>,
) -> Vec<Plan<'a>> {
    let has = |name: &str| existing.get(name).copied();
    // A watch's state lies in the partition with the number of that of its tallies.
    let tallies = has(&names.tallies).or(has(&names.state)).unwrap_or(kafka.partitions);
    let plan = |name: &'a str, keeps, ours, partitions| Plan { name, keeps, ours, partitions };
    let inputs = inputs.iter().map(|input| plan(input, Keeps::Days(14), false, kafka.partitions));
    let ours = [
        plan(&names.tallies, Keeps::Days(35), true, tallies),
        plan(&names.state, Keeps::Newest, true, tallies),
        plan(&names.ledger, Keeps::Days(400), true, kafka.partitions),
        plan(&names.dead_letters, Keeps::Days(14), true, kafka.partitions),
    ];
    inputs.chain(ours).collect()
}

impl<'a> Plan<'a> {
    /// The settings that it is made with.
    pub(super) fn settings(&self) -> Vec<(&'static str, String)> {
        let (policy, retention) = match self.keeps {
            Keeps::Newest => ("compact", "-1".to_owned()),
            Keeps::Days(days) => ("delete", (days * DAY_MS).to_string()),
        };
        vec![
            ("cleanup.policy", policy.to_owned()),
            ("retention.ms", retention),
            ("retention.bytes", "-1".to_owned()),
            // Retention goes by the record's time: a replayed mention of 2014 would be deleted at once.
            ("message.timestamp.type", "LogAppendTime".to_owned()),
            ("max.message.bytes", MAX_MESSAGE_BYTES.to_owned()),
        ]
    }

    /// The request that makes it; `settings` are its own ([`Plan::settings`]).
    pub(super) fn new_topic(&'a self, settings: &'a [(&'static str, String)], replication: i32) -> NewTopic<'a> {
        let bare = NewTopic::new(self.name, self.partitions, TopicReplication::Fixed(replication));
        settings.iter().fold(bare, |topic, (name, value)| topic.set(name, value))
    }
}

/// That the state has not as many partitions as the tallies, where both are there.
pub(super) fn uneven(names: &Names, existing: &BTreeMap<String, i32>) -> Option<Difference> {
    let (tallies, state) = (existing.get(&names.tallies)?, existing.get(&names.state)?);
    (tallies != state).then(|| Difference {
        topic: names.state.clone(),
        setting: "partitions",
        is: state.to_string(),
        must: format!("{tallies}, as many as {} has", names.tallies),
    })
}

/// What of an existing topic's settings would lose data.
pub(super) fn differences(topic: &str, keeps: Keeps, settings: &BTreeMap<String, String>) -> Vec<Difference> {
    let mut found = Vec::new();
    let mut expect = |setting: &'static str, good: &dyn Fn(&str) -> bool, must: String| {
        let is = settings.get(setting).map_or("not set", String::as_str);
        if !good(is) {
            found.push(Difference { topic: topic.to_owned(), setting, is: is.to_owned(), must });
        }
    };
    match keeps {
        Keeps::Newest => expect("cleanup.policy", &|is| is == "compact", "compact".into()),
        Keeps::Days(days) => {
            expect("cleanup.policy", &|is| is == "delete", "delete".into());
            let least = days * DAY_MS;
            let enough = |is: &str| is.parse::<i64>().is_ok_and(|ms| ms == -1 || ms >= least);
            expect("retention.ms", &enough, format!("at least {least} ({days} days), or -1"));
            expect("retention.bytes", &|is| is == "-1", "-1 (no limit by size)".into());
        }
    }
    let must = "LogAppendTime (retention goes by it, and event time may lie years back)";
    expect("message.timestamp.type", &|is| is == "LogAppendTime", must.into());
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn what_we_create_is_what_we_accept() {
        let (kafka, inputs) = (Kafka::default(), []);
        let names = Names::new(&kafka);
        for plan in plans(&names, &inputs, &kafka, &BTreeMap::new()) {
            let made = plan.settings().into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
            assert_eq!(differences(plan.name, plan.keeps, &made), []);
        }
        let kept = (400 * DAY_MS).to_string();
        let good = settings(&[
            ("cleanup.policy", "delete"),
            ("retention.ms", &kept),
            ("retention.bytes", "-1"),
            ("message.timestamp.type", "LogAppendTime"),
        ]);
        assert_eq!(differences("orszem.ledger", Keeps::Days(400), &good), []);
        let forever = settings(&[
            ("cleanup.policy", "delete"),
            ("retention.ms", "-1"),
            ("retention.bytes", "-1"),
            ("message.timestamp.type", "LogAppendTime"),
        ]);
        assert_eq!(differences("orszem.ledger", Keeps::Days(400), &forever), []);
    }

    #[test]
    fn all_differences_come_at_once_and_are_named() {
        let bad = settings(&[
            ("cleanup.policy", "compact,delete"),
            ("retention.ms", "604800000"),
            ("retention.bytes", "1000000"),
            ("message.timestamp.type", "CreateTime"),
        ]);
        let found = differences("orszem.ledger", Keeps::Days(400), &bad);
        let named: Vec<&str> = found.iter().map(|difference| difference.setting).collect();
        assert_eq!(named, ["cleanup.policy", "retention.ms", "retention.bytes", "message.timestamp.type"]);
        let text = super::super::topics::TopicsError::Refused(found).to_string();
        assert!(text.contains("retention.ms is 604800000, must be at least 34560000000 (400 days), or -1"), "{text}");
    }

    #[test]
    fn a_state_that_is_deleted_by_time_is_refused() {
        let swept = settings(&[("cleanup.policy", "compact,delete"), ("message.timestamp.type", "LogAppendTime")]);
        assert_eq!(differences("orszem.state", Keeps::Newest, &swept).len(), 1);
        let good = settings(&[
            ("cleanup.policy", "compact"),
            // Means nothing to a compacted topic.
            ("retention.ms", "604800000"),
            ("message.timestamp.type", "LogAppendTime"),
        ]);
        assert_eq!(differences("orszem.state", Keeps::Newest, &good), []);
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
        assert_eq!(count(&[]), [4, 4, 4, 4, 4]);
        assert_eq!(count(&[("orszem.tallies", 12)]), [4, 12, 12, 4, 4]);
        assert_eq!(count(&[("orszem.state", 6)]), [4, 6, 6, 4, 4]);
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
}
