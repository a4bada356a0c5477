//! What one scorer counted for one watch in one slice: a delta that merges in any order to the same result.

use serde::{Deserialize, Serialize};
use std::cmp::{Ordering, Reverse};
use std::collections::BTreeMap;

use crate::class::Class;
use crate::counts::MentionCounts;
use crate::language_code::Code;
use crate::place::Place;
use crate::time::{Slice, Timestamp};

use super::authors::Authors;
use super::key_terms::{self, KeyTerms};

mod written;

/// The number of an input partition in its topic.
pub type InputPartition = i32;

/// An input partition among those of all topics. Written as its number where it is one of `[kafka] mentions`, as all
/// are without an `[[input]]`, else as `topic/number`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TopicPartition {
    /// The topic; empty for `[kafka] mentions`. No topic's name has a `/`.
    pub topic: String,
    /// The number in its topic.
    pub partition: InputPartition,
}

impl std::fmt::Display for TopicPartition {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.topic.as_str() {
            "" => write!(f, "{}", self.partition),
            topic => write!(f, "{topic}/{}", self.partition),
        }
    }
}

impl Serialize for TopicPartition {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.topic.as_str() {
            "" => serializer.serialize_i32(self.partition),
            _ => serializer.collect_str(self),
        }
    }
}

impl<'de> Deserialize<'de> for TopicPartition {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<TopicPartition, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Written {
            Number(InputPartition),
            Named(String),
        }
        match Written::deserialize(deserializer)? {
            Written::Number(partition) => Ok(TopicPartition { topic: String::new(), partition }),
            Written::Named(name) => {
                let partition = name.rsplit_once('/').and_then(|(topic, number)| Some((topic, number.parse().ok()?)));
                let (topic, partition) =
                    partition.ok_or_else(|| serde::de::Error::custom("no partition of a topic"))?;
                Ok(TopicPartition { topic: topic.to_owned(), partition })
            }
        }
    }
}

/// How many sample mentions a tally keeps.
pub const SAMPLES: usize = 4;
/// How many characters of a sample's text are kept.
pub const SAMPLE_CHARS: usize = 280;

/// A record of `orszem.tallies`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TallyRecord {
    /// Counts of one watch (the record's key) in one slice.
    Tally(Tally),
    /// How far event time has come in the input partitions of one scorer. Written to every partition of the topic,
    /// so that time passes for watches that nobody mentions.
    Watermark(Watermarks),
    /// The past of a watch, from history that was loaded: what it learnt elsewhere, in the form of a snapshot.
    Warm {
        /// The watch.
        watch: String,
        /// The snapshot, packed and in base64.
        snapshot: String,
    },
    /// A canary passed the scorer. Counted for nothing.
    Canary {
        /// Its token, as [`crate::canary`] has it.
        token: String,
    },
}

impl TallyRecord {
    /// Reads a record as it is on the topic.
    ///
    /// # Errors
    /// When the bytes are not a tally record.
    pub fn from_json(json: &[u8]) -> serde_json::Result<TallyRecord> {
        serde_json::from_slice(json)
    }

    /// The record as it is on the topic.
    pub fn to_json(&self) -> Vec<u8> {
        let mut json = Vec::new();
        self.write_json(&mut json);
        json
    }

    /// Writes the record as it is on the topic to the end of `json`.
    pub fn write_json(&self, json: &mut Vec<u8>) {
        serde_json::to_writer(json, self).unwrap_or_else(|fault| unreachable!("a tally is always JSON: {fault}"));
    }
}

/// Counts of one watch in one slice, as a delta.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tally {
    /// The name of the watch.
    pub watch: String,
    /// The slice of event time.
    pub slice: Slice,
    /// The mentions by what they are.
    pub counts: MentionCounts,
    /// Distinct authors.
    pub authors: Authors,
    /// Reposts and copies judged negative, out of the negatives.
    pub negative_repeats: u64,
    /// How much less the repeats of one text weigh than originals do.
    pub discount: Discount,
    /// Distinct authors of reposts and copies: what a handful of accounts repeat weighs as a handful.
    pub repeaters: Authors,
    /// A few mentions to show, at most [`SAMPLES`]: the order is their rank.
    pub samples: Vec<Sample>,
    /// What a fair sample of the mentions is about.
    pub key_terms: Vec<KeyTerms>,
    /// Reposts and copies by what they repeat.
    pub repeated: Repeated,
}

/// How much less mentions weigh because they repeat a text, in thousandths of a mention: the k-th repeat of a text
/// weighs 1 / (1 + k).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Discount {
    /// Of all mentions.
    pub mentions: u64,
    /// Of the negative ones.
    pub negatives: u64,
    /// Of the positive ones.
    pub positives: u64,
    /// Of those that were not judged.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub unjudged: u64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the form that serde asks for")]
fn is_zero(count: &u64) -> bool {
    *count == 0
}

impl Discount {
    /// Thousandths by which the `repeat`-th repeat of a text is lighter; 0 is the text itself.
    pub fn of_repeat(repeat: u32) -> u64 {
        1000 - 1000 / (1 + u64::from(repeat))
    }

    /// Makes a mention of this class lighter by `thousandths`; `None`: it was not judged.
    pub fn add(&mut self, thousandths: u64, class: Option<Class>) {
        self.mentions += thousandths;
        if let Some(of_class) = self.of_class(class) {
            *of_class += thousandths;
        }
    }

    /// A mention that is lighter by `thousandths` was judged differently, or for the first time.
    pub fn judge(&mut self, thousandths: u64, before: Option<Class>, after: Class) {
        if let Some(of_class) = self.of_class(before) {
            *of_class = of_class.saturating_sub(thousandths);
        }
        if let Some(of_class) = self.of_class(Some(after)) {
            *of_class += thousandths;
        }
    }

    /// Neutral mentions are not counted apart.
    fn of_class(&mut self, class: Option<Class>) -> Option<&mut u64> {
        match class {
            Some(Class::Negative) => Some(&mut self.negatives),
            Some(Class::Positive) => Some(&mut self.positives),
            Some(Class::Neutral) => None,
            None => Some(&mut self.unjudged),
        }
    }

    /// Adds another delta. Commutative and associative.
    pub fn merge(&mut self, other: &Discount) {
        self.mentions += other.mentions;
        self.negatives += other.negatives;
        self.positives += other.positives;
        self.unjudged += other.unjudged;
    }

    /// Nothing was repeated.
    pub fn is_empty(&self) -> bool {
        *self == Discount::default()
    }
}

/// One mention kept as an example.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Sample {
    /// The id of the mention.
    pub id: String,
    /// When it was published, ms since the epoch.
    pub published_at: Timestamp,
    /// Where it was published, as the feed names it.
    pub source: String,
    /// Its author, by name where known, else by id.
    pub author: String,
    /// Followers of the author; 0 when unknown.
    pub followers: u64,
    /// How it was judged.
    pub class: Class,
    /// The text, cut to [`SAMPLE_CHARS`] characters.
    pub text: String,
    /// The address of the mention, where the feed gave one that is http or https.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The language of its text, by two letters, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub language: Option<Code>,
    /// What it is an example of, in a signal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
}

/// What a sample is an example of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// The first of those that were kept.
    First,
    /// The one whose author has the most followers.
    Farthest,
    /// The one that says most of what drives the incident.
    Typical,
}

/// What decides which samples stay: negative before others, then reach, then a hash of the id, so that the choice
/// depends on the mentions alone and not on the order they came in.
#[derive(Clone, Copy)]
struct Rank<'a> {
    id: &'a str,
    class: Class,
    followers: u64,
}

impl Rank<'_> {
    fn cmp(self, other: Rank<'_>) -> Ordering {
        let first = |rank: Rank<'_>| (rank.class != Class::Negative, Reverse(rank.followers));
        // The hash only where it decides.
        let by_id = |id: &str| xxhash_rust::xxh3::xxh3_64(id.as_bytes());
        first(self)
            .cmp(&first(other))
            .then_with(|| by_id(self.id).cmp(&by_id(other.id)))
            .then_with(|| self.id.cmp(other.id))
    }
}

impl Sample {
    fn rank(&self) -> Rank<'_> {
        Rank { id: &self.id, class: self.class, followers: self.followers }
    }
}

/// Merges two lists of samples to the [`SAMPLES`] that rank first.
pub fn merge_samples(into: &mut Vec<Sample>, more: &[Sample]) {
    into.extend_from_slice(more);
    into.sort_by(|a, b| a.rank().cmp(b.rank()));
    into.dedup_by(|a, b| a.id == b.id);
    into.truncate(SAMPLES);
}

impl Tally {
    /// An empty tally for a watch and slice.
    pub fn new(watch: &str, slice: Slice) -> Tally {
        Tally { watch: watch.to_owned(), slice, ..Tally::default() }
    }

    /// Keeps a mention as an example if it ranks among the first; `make` is called only then.
    pub fn offer_sample(&mut self, id: &str, class: Class, followers: u64, make: impl FnOnce() -> Sample) {
        let offered = Rank { id, class, followers };
        let place = self.samples.iter().take_while(|sample| sample.rank().cmp(offered).is_lt()).count();
        if place >= SAMPLES || self.samples.get(place).is_some_and(|sample| sample.id == id) {
            return;
        }
        self.samples.insert(place, make());
        self.samples.truncate(SAMPLES);
    }

    /// An example was judged otherwise.
    pub fn judge_sample(&mut self, id: &str, class: Class) {
        if let Some(sample) = self.samples.iter_mut().find(|sample| sample.id == id) {
            sample.class = class;
            self.samples.sort_by(|a, b| a.rank().cmp(b.rank()));
        }
    }

    /// Adds another delta of the same watch and slice. Commutative and associative.
    pub fn merge(&mut self, other: &Tally) {
        self.counts.add(&other.counts);
        self.authors.merge(&other.authors);
        self.negative_repeats += other.negative_repeats;
        self.discount.merge(&other.discount);
        self.repeaters.merge(&other.repeaters);
        merge_samples(&mut self.samples, &other.samples);
        key_terms::merge(&mut self.key_terms, &other.key_terms);
        self.repeated.merge(&other.repeated);
    }
}

/// Counts of repeats by a hash of what they repeat. Texts that share a count are told as one: of many equally large
/// ones the largest count is too high, of one that is most of all it is right.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Repeated(BTreeMap<u8, u64>);

/// This many counts are kept.
const COUNTS: u64 = 32;

impl Repeated {
    /// Counts a repeat of what has this key.
    pub fn add(&mut self, key: u64) {
        *self.0.entry((key % COUNTS) as u8).or_default() += 1;
    }

    /// Adds others. Commutative and associative.
    pub fn merge(&mut self, other: &Repeated) {
        other.0.iter().for_each(|(place, count)| *self.0.entry(*place).or_default() += count);
    }

    /// Repeats of the text that is repeated most.
    pub fn most(&self) -> u64 {
        self.0.values().copied().max().unwrap_or(0)
    }

    /// Nothing was repeated.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// How far event time has come, by input partition.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Watermarks {
    /// Input partition to its mark.
    #[serde(with = "pairs")]
    pub partitions: BTreeMap<TopicPartition, Watermark>,
    /// The topics that are read, as [`TopicPartition::topic`] has them: partitions of others hold nobody up any more.
    /// Empty where it is not said.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub topics: Vec<String>,
    /// All partitions, whichever copy reads them: time waits for those of which nobody has told yet. Empty where it
    /// is not said.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub awaited: Vec<TopicPartition>,
    /// Minutes of event time (since the epoch) in which a source or a partition brought something, not told before.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub heard: BTreeMap<String, Vec<i64>>,
    /// How far the partitions are counted, where that has changed or was not told for a while. Written in the
    /// transaction that counts, so it is exact: what to go on from when the group's offsets are gone.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty", with = "pairs")]
    pub read: BTreeMap<TopicPartition, Place>,
    /// After how long a partition that brings nothing counts as idle, in ms. 0 where it is not said.
    #[serde(default, skip_serializing_if = "is_no_time")]
    pub idle_after_ms: i64,
}

impl From<BTreeMap<InputPartition, Watermark>> for Watermarks {
    fn from(partitions: BTreeMap<InputPartition, Watermark>) -> Watermarks {
        let named = |partition| TopicPartition { topic: String::new(), partition };
        let partitions = partitions.into_iter().map(|(partition, mark)| (named(partition), mark)).collect();
        Watermarks { partitions, ..Watermarks::default() }
    }
}

impl Watermarks {
    /// The same marks for partitions of this topic, named as [`TopicPartition::topic`] has it.
    #[must_use]
    pub fn in_topic(mut self, topic: &str) -> Watermarks {
        if !topic.is_empty() {
            let renamed = self
                .partitions
                .into_iter()
                .map(|(partition, mark)| (TopicPartition { topic: topic.to_owned(), ..partition }, mark));
            self.partitions = renamed.collect();
        }
        self
    }
}

/// Marks as a list of pairs: a number as the name of a JSON field is not read back inside a tagged record.
mod pairs {
    use super::{BTreeMap, TopicPartition};
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(super) fn serialize<T: Serialize, S: Serializer>(
        marks: &BTreeMap<TopicPartition, T>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(marks)
    }

    pub(super) fn deserialize<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<BTreeMap<TopicPartition, T>, D::Error> {
        Ok(Vec::deserialize(deserializer)?.into_iter().collect())
    }
}

/// How far event time has come in one input partition.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Watermark {
    /// The latest event time seen less the allowed lateness; `None` while nothing has been read from it.
    pub at: Option<Timestamp>,
    /// The partition was read to its end and has brought nothing for the idle time: it holds nobody up.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub idle: bool,
    /// How long it has brought nothing by then, in ms of its scorer's clock. 0 while it is not idle.
    #[serde(default, skip_serializing_if = "is_no_time")]
    pub quiet_ms: i64,
    /// Of marks that were merged: how long it had brought nothing when another partition ended the silence of all.
    /// Until it has for the idle time more, it counts as awake.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub woken_ms: Option<i64>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the form that serde asks for")]
fn is_no_time(ms: &i64) -> bool {
    *ms == 0
}

impl Watermark {
    /// Of a partition that brings something.
    pub fn awake(at: Timestamp) -> Watermark {
        Watermark { at: Some(at), ..Watermark::default() }
    }

    /// Of a partition that has brought nothing for `quiet_ms`.
    pub fn idle(at: Option<Timestamp>, quiet_ms: i64) -> Watermark {
        Watermark { at, idle: true, quiet_ms, woken_ms: None }
    }

    /// Takes what `later` says of the same partition, which is idle after `idle_after_ms`.
    fn merge(&mut self, later: Watermark, idle_after_ms: i64) {
        // Less than it was: it has brought something in between, and is idle again.
        let since_woken = |woken_ms: i64| later.quiet_ms.checked_sub(woken_ms).filter(|since| *since >= 0);
        let woken_ms = self
            .woken_ms
            .filter(|woken_ms| later.idle && since_woken(*woken_ms).is_some_and(|since| since < idle_after_ms));
        *self = Watermark { at: self.at.max(later.at), idle: later.idle && woken_ms.is_none(), woken_ms, ..later };
    }

    /// The silence of all is over: it counts as awake until it shows again that it is not.
    fn wake(&mut self) {
        self.woken_ms = Some(self.quiet_ms);
        self.idle = false;
    }
}

impl Watermarks {
    /// Nothing is known of any partition.
    pub fn is_empty(&self) -> bool {
        self.partitions.is_empty()
    }

    /// Takes what `other`, which was written later, knows. A mark never goes back; whether a partition is idle is what
    /// the later one says: it may wake with times before those that it walked to while it was idle.
    ///
    /// When all were idle and one wakes, the others count as awake until they have brought nothing for the idle time
    /// more: after a silence of the whole feed nobody knows which partition brings the oldest, and the scorer that is
    /// first must not run ahead of the others. What a scorer says right after that is not enough: it may not have come
    /// to look yet.
    ///
    /// Partitions of topics that are not among those which `other` says are read are forgotten: an input that was taken
    /// out of the configuration must not stop the time. While copies with different configurations run side by side,
    /// those of a topic that only one of them reads come and go with each word of the other, and time may pass them;
    /// what they bring late still counts.
    ///
    /// Partitions that `other` awaits hold time up until somebody tells of them: who is the first to read must not
    /// close minutes of which others have everything before them.
    pub fn merge(&mut self, other: &Watermarks) {
        if !other.topics.is_empty() {
            self.partitions.retain(|partition, _| other.topics.contains(&partition.topic));
        }
        if other.partitions.values().any(|mark| !mark.idle) && self.partitions.values().all(|mark| mark.idle) {
            self.partitions.values_mut().for_each(Watermark::wake);
        }
        for partition in &other.awaited {
            self.partitions.entry(partition.clone()).or_default();
        }
        for (partition, theirs) in &other.partitions {
            let ours = self.partitions.entry(partition.clone()).or_insert(*theirs);
            ours.merge(*theirs, other.idle_after_ms);
        }
    }

    /// The time up to which every slice is complete: the minimum over partitions that are not idle, or the maximum
    /// over all when all are idle. `None` while a partition that is not idle has brought nothing.
    pub fn low(&self) -> Option<Timestamp> {
        let active = self.partitions.values().filter(|mark| !mark.idle);
        match active.map(|mark| mark.at).min() {
            Some(low) => low,
            None => self.partitions.values().filter_map(|mark| mark.at).max(),
        }
    }
}

#[cfg(test)]
#[path = "tally_tests.rs"]
mod tests;
