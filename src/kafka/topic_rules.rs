//! What our topics must be like: how they are made, and which settings of existing ones would lose data. Asks nobody.

use rdkafka::admin::{NewTopic, TopicReplication};
use std::collections::BTreeMap;

use super::topics::Names;
use orszem_core::settings::Kafka;

/// A day in milliseconds.
const DAY_MS: i64 = 86_400_000;
/// The largest record of our topics in bytes: a broker's default, 1 MiB, is less than a large state may take.
const MAX_MESSAGE_BYTES: i64 = 4_194_304;
/// The largest dead letter with its headers, in bytes: it is cut to fit a broker's default.
const DEAD_LETTER_BYTES: i64 = 1_000_000;
/// An input that keeps its records for less than a long weekend is worth a warning.
const INPUT_DAYS: i64 = 4;

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
    /// How many copies of each record Kafka must keep.
    pub(super) replication: i32,
    /// The largest record that is written to it, in bytes.
    largest: i64,
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
    let plan = |name: &'a str, keeps, ours, partitions| Plan {
        name,
        keeps,
        ours,
        partitions,
        replication: kafka.replication,
        largest: MAX_MESSAGE_BYTES,
    };
    let inputs = inputs.iter().map(|input| plan(input, Keeps::Days(14), false, kafka.partitions));
    let ours = [
        plan(&names.tallies, Keeps::Days(35), true, tallies),
        plan(&names.state, Keeps::Newest, true, tallies),
        plan(&names.ledger, Keeps::Days(400), true, kafka.partitions),
        plan(&names.team, Keeps::Newest, true, names.partitions(&names.team, kafka)),
        plan(&names.own, Keeps::Days(14), true, names.partitions(&names.own, kafka)),
        Plan { largest: DEAD_LETTER_BYTES, ..plan(&names.dead_letters, Keeps::Days(14), true, kafka.partitions) },
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
        let mut settings = vec![
            ("cleanup.policy", policy.to_owned()),
            ("retention.ms", retention),
            ("retention.bytes", "-1".to_owned()),
            // Retention goes by the record's time: a replayed mention of 2014 would be deleted at once.
            ("message.timestamp.type", "LogAppendTime".to_owned()),
            ("max.message.bytes", MAX_MESSAGE_BYTES.to_string()),
            // A replica that was not in sync lacks what others had acknowledged.
            ("unclean.leader.election.enable", "false".to_owned()),
        ];
        if self.in_sync() > 1 {
            settings.push(("min.insync.replicas", self.in_sync().to_string()));
        }
        settings
    }

    /// This number of replicas must have a record before it counts as written: with three, one broker may be lost and
    /// another be away. With two, nothing could be written while one is away.
    fn in_sync(&self) -> i64 {
        if self.replication >= 3 { 2 } else { 1 }
    }

    /// The request that makes it; `settings` are its own ([`Plan::settings`]).
    pub(super) fn new_topic(&'a self, settings: &'a [(&'static str, String)]) -> NewTopic<'a> {
        let bare = NewTopic::new(self.name, self.partitions, TopicReplication::Fixed(self.replication));
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

/// That the topic of the team has more than one partition: each would have an owner that decides for all.
pub(super) fn several_teams(names: &Names, existing: &BTreeMap<String, i32>) -> Option<Difference> {
    let partitions = *existing.get(&names.team)?;
    (partitions != 1).then(|| Difference {
        topic: names.team.clone(),
        setting: "partitions",
        is: partitions.to_string(),
        must:
            "1 (its one owner decides for all; stop every copy and delete this topic: orszem makes it again with one \
               partition, and without the silences, overrides and confirmations that were in it)"
                .to_owned(),
    })
}

/// That an existing topic has fewer replicas than are configured.
pub(super) fn too_few_replicas(plan: &Plan<'_>, replicas: i32) -> Option<Difference> {
    (replicas < plan.replication).then(|| Difference {
        topic: plan.name.to_owned(),
        setting: "replication factor",
        is: replicas.to_string(),
        must: format!("at least {}, as replication in [kafka] says", plan.replication),
    })
}

/// What of an existing topic's settings would lose data.
pub(super) fn differences(plan: &Plan<'_>, settings: &BTreeMap<String, String>) -> Vec<Difference> {
    let (topic, keeps) = (plan.name, plan.keeps);
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
    let at_least = |least: i64| move |is: &str| is.parse::<i64>().is_ok_and(|is| is >= least);
    let must = format!("at least {} (the largest record that is written)", plan.largest);
    expect("max.message.bytes", &at_least(plan.largest), must);
    let must = "false (a replica that was not in sync lacks records that others had)";
    expect("unclean.leader.election.enable", &|is| is == "false", must.into());
    let must = format!("at least {} with replication = {}", plan.in_sync(), plan.replication);
    expect("min.insync.replicas", &at_least(plan.in_sync()), must);
    found
}

/// What of an input's settings costs mentions: its owner's choice, so each is a warning.
pub(super) fn input_warnings(settings: &BTreeMap<String, String>) -> Vec<String> {
    let mut warnings = Vec::new();
    let setting = |name: &str| settings.get(name).map_or("", String::as_str);
    if setting("cleanup.policy").contains("compact") {
        warnings.push(
            "it is compacted (cleanup.policy): of mentions with the same key only the newest is kept, and what is \
             compacted before it is read is never counted"
                .to_owned(),
        );
    }
    let deletes = setting("cleanup.policy").contains("delete");
    if let Ok(ms @ 0..) = setting("retention.ms").parse::<i64>()
        && deletes
        && ms < INPUT_DAYS * DAY_MS
    {
        let minutes = ms / 60_000;
        warnings.push(format!(
            "it keeps records for {} h {} min (retention.ms): mentions that are not read within that time are lost, as \
             when this program is away for longer",
            minutes / 60,
            minutes % 60
        ));
    }
    if let Ok(bytes @ 0..) = setting("retention.bytes").parse::<i64>()
        && deletes
    {
        warnings.push(format!(
            "it keeps at most {bytes} bytes a partition (retention.bytes): mentions that do not fit before they are \
             read are lost, as in a storm"
        ));
    }
    warnings
}

#[cfg(test)]
#[path = "topic_rules_tests.rs"]
mod tests;
