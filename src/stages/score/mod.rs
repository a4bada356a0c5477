//! The Kafka shell of score.

pub mod metrics;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Arc;

use orszem_core::input::{Fault, Reader};
use orszem_core::posting::own::OwnAuthors;
use orszem_core::settings::Config;
use orszem_core::settings::input::Envelope;
use orszem_core::stage::{Offset, Output, Partition, Place, Record, Stage, StageError, Start, StateReader, Topic};
use orszem_records::time::Timestamp;

use crate::canary as canary_metrics;
use crate::watches::{Compiled, CurrentWatches};
use orszem_core::score::core::{Core, Input, Read, Settings, Taken};
use orszem_core::score::second_opinion::SecondOpinion;
use orszem_records::canary;
use orszem_records::tally::{InputPartition, Tally, TallyRecord, TopicPartition, Watermark, Watermarks};

/// This many tallies are committed before the interval is over.
const FULL_TALLIES: usize = 20_000;
/// This many posts of ours are committed before the interval is over.
const FULL_POSTS: usize = 1_000;
/// This many bytes of dead letters are committed before the interval is over.
const FULL_LETTERS: usize = 4 << 20;
/// What is kept of a dead letter at most: below what a broker takes in one record (1 MiB, headers included).
const LETTER_BYTES: usize = 900_000;
/// Headers of an event in an envelope that go with it to the dead letters.
const KEPT_HEADERS: [&str; 6] = ["content-type", "ce_specversion", "ce_id", "ce_source", "ce_type", "ce_time"];
/// While partitions are idle their time is told this often.
const IDLE_NEWS_MS: i64 = 1_000;
/// How far all partitions are counted is told this often, so that it is always found near the end of the tallies.
const READ_NEWS_MS: i64 = 60_000;
/// How many of the last records of the tallies are searched for it: the second number if the first has not all.
const REMEMBERED: [i64; 2] = [100_000, 2_000_000];
/// The most canaries that are passed on with one commit: one is on its way at a time, and what else looks like one is
/// not of ours.
const CANARIES: usize = 16;
/// The key of records that say how far time has come.
const WATERMARK: &[u8] = b"@watermark";

/// Score as a stage.
pub struct Worker {
    core: Core,
    watches: CurrentWatches,
    /// The configuration that is followed.
    config: Arc<Config>,
    topic: String,
    /// The topic as [`TopicPartition`] has it: empty for `[kafka] mentions`.
    topic_name: String,
    /// The topics that all workers read, as [`TopicPartition`] has them.
    topics: Vec<String>,
    /// The partitions of them.
    partitions: Vec<TopicPartition>,
    enveloped: bool,
    tally_partitions: i32,
    arrivals: BTreeMap<Partition, Arrival>,
    told: Watermarks,
    told_at: Timestamp,
    walked: BTreeMap<InputPartition, i64>,
    /// When it was last told of all partitions how far they are counted.
    read_told_at: Timestamp,
    outputs: Vec<Output>,
    /// A buffer for records that are written.
    json: Vec<u8>,
    letter_bytes: usize,
    /// Records read since the last commit.
    counted: metrics::Read,
    /// Dead letters since then: partition, offset and reason.
    dead_letters: Vec<(Partition, Offset, &'static str)>,
    second_opinion: Option<Arc<dyn SecondOpinion>>,
    /// Canaries since the last commit.
    canaries: usize,
}

/// What a partition has brought.
struct Arrival {
    /// When it last brought something, by the clock of the tick that saw it.
    at: Option<Timestamp>,
    news: bool,
    /// How far it is counted.
    read: Option<Place>,
    /// That was not told yet.
    read_news: bool,
}

impl Worker {
    /// Score by these rules what an input topic brings; `tally_partitions` is the number of partitions of the topic of
    /// tallies.
    ///
    /// # Errors
    /// When the topic is no input, or its map is wrong; a configuration that was checked has no such fault.
    pub fn new(mut watches: CurrentWatches, topic: &str, tally_partitions: i32) -> Result<Worker, String> {
        let Compiled { config, rules } = watches.take();
        let topic_name = |topic: &str| if topic == config.kafka.mentions { String::new() } else { topic.to_owned() };
        let mut worker = Worker {
            core: Core::new(Settings::from(&config.score), rules),
            topic: topic.to_owned(),
            topic_name: topic_name(topic),
            topics: config.topics().iter().map(|topic| topic_name(topic)).collect(),
            partitions: Vec::new(),
            enveloped: false,
            watches,
            config,
            tally_partitions,
            arrivals: BTreeMap::new(),
            told: Watermarks::default(),
            told_at: Timestamp::default(),
            walked: BTreeMap::new(),
            read_told_at: Timestamp::default(),
            outputs: Vec::new(),
            json: Vec::new(),
            letter_bytes: 0,
            counted: metrics::Read::default(),
            dead_letters: Vec::new(),
            second_opinion: None,
            canaries: 0,
        };
        worker.core.publish_as(OwnAuthors::of(&worker.config));
        worker.read_by()?;
        Ok(worker)
    }

    /// Asks for a second opinion on the mentions of watches that matter.
    #[must_use]
    pub fn with_second_opinion(mut self, second_opinion: Option<Arc<dyn SecondOpinion>>) -> Worker {
        self.second_opinion = second_opinion;
        self
    }

    /// Lets time wait for these partitions of topics, whichever copy reads them.
    #[must_use]
    pub fn awaiting(mut self, partitions: impl IntoIterator<Item = (String, InputPartition)>) -> Worker {
        let topic_name = |topic: String| if topic == self.config.kafka.mentions { String::new() } else { topic };
        let partitions =
            partitions.into_iter().map(|(topic, partition)| TopicPartition { topic: topic_name(topic), partition });
        self.partitions = partitions.collect();
        self
    }

    /// Takes over how the configuration says that the topic is read.
    fn read_by(&mut self) -> Result<(), String> {
        let input =
            self.config.input(&self.topic).ok_or_else(|| format!("the topic {} is not an input", self.topic))?;
        self.core.read_by(Reader::new(&input)?);
        self.enveloped = input.envelope == Envelope::Cloudevents;
        Ok(())
    }

    /// Goes over to a changed configuration.
    fn reload(&mut self) {
        let Some(Compiled { config, rules }) = self.watches.changed() else { return };
        let taken = self.core.replace_rules(Settings::from(&config.score), rules);
        self.write_taken(taken);
        self.core.publish_as(OwnAuthors::of(&config));
        self.config = config;
        if let Err(fault) = self.read_by() {
            // `check` compiles the same, so this cannot be.
            tracing::error!(%fault, topic = self.topic, "new input not usable, keeping the current one");
        }
    }

    fn write(&mut self, partition: Option<i32>, key: Vec<u8>, record: &TallyRecord) {
        self.json.clear();
        record.write_json(&mut self.json);
        let value = self.json.clone();
        self.outputs.push(Output { topic: Topic::Tallies, partition, key, value, headers: Vec::new() });
    }

    fn write_taken(&mut self, taken: Taken) {
        metrics::from_the_future(taken.oddities.future);
        self.write_tallies(taken.tallies);
        let own = taken.own_posts.iter().map(|post| Output {
            topic: Topic::Own,
            partition: None,
            key: post.account.clone().into_bytes(),
            value: post.to_json(),
            headers: Vec::new(),
        });
        self.outputs.extend(own);
    }

    fn write_tallies(&mut self, tallies: Vec<Tally>) {
        for tally in tallies {
            metrics::watch_matched(&tally.watch, tally.counts.mentions);
            let key = tally.watch.clone().into_bytes();
            self.write(None, key, &TallyRecord::Tally(tally));
        }
    }

    /// Passes a canary on, if any are sent.
    fn pass_on(&mut self, token: String) {
        if self.config.canary.is_some() && self.canaries < CANARIES {
            self.canaries += 1;
            self.write(None, canary::key(&token).into_bytes(), &TallyRecord::Canary { token });
        }
    }

    /// Tells every partition of the tallies how far time has come, when it has, or now and then while idle.
    fn write_watermarks(&mut self, now: Timestamp) {
        let mut marks = self.core.watermarks(&self.walked).in_topic(&self.topic_name);
        marks.topics.clone_from(&self.topics);
        marks.idle_after_ms = self.config.score.idle_after.millis();
        let mut heard = self.core.take_heard();
        if !self.topic_name.is_empty() {
            // Partitions of the same number in different topics are different things to miss.
            let named = |name: String| match name.starts_with("partition ") {
                true => format!("{name} of {}", self.topic_name),
                false => name,
            };
            heard = heard.into_iter().map(|(name, minutes)| (named(name), minutes)).collect();
        }
        let old = marks == self.told || (only_walked(&self.told, &marks) && now.since(self.told_at) < IDLE_NEWS_MS);
        if marks.is_empty() || (old && heard.is_empty() && !self.arrivals.values().any(|arrival| arrival.read_news)) {
            return;
        }
        let read = self.take_read(now);
        for (partition, mark) in &marks.partitions {
            metrics::watermark(&partition.to_string(), mark.at);
        }
        // Once is enough, whenever something was assigned again.
        let awaited = if self.told.is_empty() { self.partitions.clone() } else { Vec::new() };
        let record = TallyRecord::Watermark(Watermarks { heard, awaited, read, ..marks.clone() });
        for partition in 0..self.tally_partitions {
            self.write(Some(partition), WATERMARK.to_vec(), &record);
        }
        self.told = marks;
        self.told_at = now;
    }

    /// How far partitions are counted: those that have gone on, and now and then all of them.
    fn take_read(&mut self, now: Timestamp) -> BTreeMap<TopicPartition, Place> {
        let all = now.since(self.read_told_at) >= READ_NEWS_MS;
        if all {
            self.read_told_at = now;
        }
        let told = self.arrivals.iter_mut().filter_map(|(partition, arrival)| {
            let news = std::mem::take(&mut arrival.read_news);
            let place = arrival.read.filter(|_| all || news)?;
            Some((TopicPartition { topic: self.topic_name.clone(), partition: *partition }, place))
        });
        told.collect()
    }

    fn write_dead_letter(&mut self, record: &Record<'_>, fault: &Fault) {
        let value = record.value.unwrap_or_default();
        let kept = &value[..value.len().min(LETTER_BYTES)];
        self.letter_bytes += kept.len();
        let header = |text: String| text.into_bytes();
        let mut headers = vec![
            ("reason", header(fault.reason().into())),
            ("detail", header(fault.to_string().chars().take(300).collect())),
            ("topic", header(self.topic.clone())),
            ("partition", header(record.partition.to_string())),
            ("offset", header(record.offset.to_string())),
            ("timestamp", header(record.timestamp.0.to_string())),
        ];
        if kept.len() < value.len() {
            headers.push(("cut-from-bytes", header(value.len().to_string())));
        }
        if self.enveloped {
            // Of an event in binary mode they are the envelope.
            let found = KEPT_HEADERS.into_iter().filter_map(|name| Some((name, record.headers.find(name)?)));
            headers.extend(found.map(|(name, value)| (name, value[..value.len().min(1024)].to_vec())));
        }
        let key = record.key.unwrap_or_default();
        self.outputs.push(Output {
            topic: Topic::DeadLetters,
            partition: None,
            key: key[..key.len().min(1024)].to_vec(),
            value: kept.to_vec(),
            headers,
        });
        self.dead_letters.push((record.partition, record.offset, fault.reason()));
    }
}

/// Whether nothing has changed but the clock of partitions that are idle.
fn only_walked(before: &Watermarks, now: &Watermarks) -> bool {
    let still = |(before, now): ((&TopicPartition, &Watermark), (&TopicPartition, &Watermark))| {
        before.0 == now.0 && before.1.idle == now.1.idle && (now.1.idle || before.1 == now.1)
    };
    before.partitions.len() == now.partitions.len() && before.partitions.iter().zip(&now.partitions).all(still)
}

impl Stage for Worker {
    fn remembered(
        &mut self,
        partitions: &[Partition],
        reader: &mut dyn StateReader,
    ) -> Result<BTreeMap<Partition, Place>, StageError> {
        let mut found = BTreeMap::new();
        for last in REMEMBERED {
            let whole = reader.read_last(Topic::Tallies, 0, last, &mut |key, value| {
                if key == WATERMARK
                    && let Some(Ok(TallyRecord::Watermark(marks))) = value.map(TallyRecord::from_json)
                {
                    let ours = marks.read.into_iter().filter(|(place, _)| place.topic == self.topic_name);
                    found.extend(ours.map(|(TopicPartition { partition, .. }, place)| (partition, place)));
                }
            })?;
            if whole || partitions.iter().all(|partition| found.contains_key(partition)) {
                break;
            }
        }
        found.retain(|partition, _| partitions.contains(partition));
        Ok(found)
    }

    fn assigned(
        &mut self,
        partition: Partition,
        committed: Option<Place>,
        _: &mut dyn StateReader,
    ) -> Result<Start, StageError> {
        // Without partitions there are no ticks: the configuration may have changed since the last one.
        self.reload();
        let from = self.core.assign(partition, committed.map_or(0, |place| place.offset));
        self.arrivals.insert(partition, Arrival { at: None, news: false, read: committed, read_news: false });
        Ok(Start { from: committed.map(|_| from) })
    }

    fn revoked(&mut self, partition: Partition) {
        self.core.revoke(partition);
        self.arrivals.remove(&partition);
        self.walked.remove(&partition);
        // Nothing of the transaction that ends here is written, so nothing of it was told.
        self.outputs.clear();
        self.letter_bytes = 0;
        self.canaries = 0;
        self.counted = metrics::Read::default();
        self.dead_letters.clear();
        self.told = Watermarks::default();
        self.arrivals.values_mut().for_each(|arrival| arrival.read_news = false);
    }

    fn record(&mut self, record: Record<'_>) {
        let input = Input {
            partition: record.partition,
            offset: record.offset,
            timestamp: record.timestamp,
            value: record.value.unwrap_or_default(),
            headers: record.headers,
            replayed: record.replayed,
        };
        let read = self.core.read(input);
        if let Some(arrival) = self.arrivals.get_mut(&record.partition) {
            // What is skipped has no time: a partition that brings nothing else must not hold up the others.
            arrival.news |= !matches!(read, Read::Skipped | Read::Canary(_));
            if !record.replayed {
                arrival.read = Some(Place { offset: record.offset + 1, mark: Some(record.mark) });
                arrival.read_news = true;
            }
        }
        match read {
            Read::Scored(_) => self.counted.scored += 1,
            Read::Repeat => self.counted.repeats += 1,
            Read::Skipped => self.counted.skipped += 1,
            Read::Canary(token) => self.pass_on(token),
            Read::Replayed => {}
            Read::Rejected(fault) => self.write_dead_letter(&record, &fault),
        }
    }

    fn tick(&mut self, now: Timestamp, at_end: &[Partition]) {
        let idle_after = self.config.score.idle_after.millis();
        // After a silence of the whole feed nobody knows which partition brings the oldest: one that is first by hours
        // must not run ahead of the others, so each has to show again that it is idle.
        let all_idle = self.walked.len() == self.arrivals.len();
        if all_idle && self.arrivals.values().any(|arrival| arrival.news) {
            self.arrivals.values_mut().for_each(|arrival| arrival.news = true);
        }
        self.walked.clear();
        for (partition, arrival) in &mut self.arrivals {
            if std::mem::take(&mut arrival.news) || arrival.at.is_none() {
                arrival.at = Some(now);
            }
            let still = arrival.at.map_or(0, |at| now.since(at));
            if still >= idle_after && at_end.contains(partition) {
                self.walked.insert(*partition, still);
            }
        }
        self.reload();
    }

    fn flush(&mut self, now: Timestamp, out: &mut Vec<Output>) {
        if let Some(second_opinion) = &self.second_opinion {
            if !self.core.questions().is_empty() {
                let answers = second_opinion.ask(self.core.questions());
                self.core.revise(&answers);
            }
            self.core.ask_about(second_opinion.watches());
        }
        let taken = self.core.take();
        self.write_taken(taken);
        self.write_watermarks(now);
        out.append(&mut self.outputs);
        self.letter_bytes = 0;
    }

    fn committed(&mut self, _: Timestamp) {
        (0..std::mem::take(&mut self.canaries)).for_each(|_| canary_metrics::passed("score"));
        metrics::read(&std::mem::take(&mut self.counted));
        for (partition, offset, reason) in self.dead_letters.drain(..) {
            metrics::dead_letter(partition, offset, reason);
        }
    }

    fn next_deadline(&self) -> Option<Timestamp> {
        None
    }

    fn is_full(&self) -> bool {
        self.core.waiting() >= FULL_TALLIES
            || self.core.own_posts_waiting() >= FULL_POSTS
            || self.letter_bytes >= FULL_LETTERS
    }
}
