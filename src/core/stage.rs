//! What a stage is to the Kafka loop: a core with its shell's hands.

use crate::input::Headers;
pub use orszem_records::place::{Mark, Place};
use orszem_records::time::Timestamp;
use std::collections::BTreeMap;

/// The number of a partition.
pub type Partition = i32;
/// The position of a record in its partition.
pub type Offset = i64;

/// A record as a stage sees it: borrowed from the client's memory.
#[derive(Clone, Copy, Debug)]
pub struct Record<'a> {
    /// The partition it came from.
    pub partition: Partition,
    /// Its position there.
    pub offset: Offset,
    /// When it arrived: by the broker's clock where the topic says `LogAppendTime`, else by ours. Never by the
    /// producer's.
    pub timestamp: Timestamp,
    /// Tells it from another record at the same offset, should the topic be made again.
    pub mark: Mark,
    /// Its key.
    pub key: Option<&'a [u8]>,
    /// Its value; `None` is a tombstone.
    pub value: Option<&'a [u8]>,
    /// Its headers: looked into by those who need them, for it is not free.
    pub headers: &'a dyn Headers,
    /// It was consumed before a restart or takeover: rebuild the state from it, conclude nothing.
    pub replayed: bool,
}

/// A record to be written in the transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Output {
    /// The topic.
    pub topic: Topic,
    /// The partition; by the key's hash unless given.
    pub partition: Option<Partition>,
    /// The key.
    pub key: Vec<u8>,
    /// The value. On the topic of the team none is written where it is empty, so that compaction removes the key.
    pub value: Vec<u8>,
    /// Headers: name and value.
    pub headers: Vec<(&'static str, Vec<u8>)>,
}

/// The topics that stages write to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Topic {
    /// `<prefix>.tallies`
    Tallies,
    /// `<prefix>.state`
    State,
    /// `<prefix>.ledger`
    Ledger,
    /// `<prefix>.team`
    Team,
    /// `<prefix>.own`
    Own,
    /// `<prefix>.dead-letters`
    DeadLetters,
}

/// Where to begin with a partition that was just assigned.
#[derive(Clone, Debug, Default)]
pub struct Start {
    /// The offset to read from: at most the committed one. Records before the committed one come as `replayed`.
    /// `None`: from the committed offset, or the beginning where there is none. A stage with one decider: from what the
    /// last one said that it [needs](Stage::needs), or the beginning where that is not known.
    pub from: Option<Offset>,
}

/// One of the three stages. All calls come from the stage's own thread, one at a time.
///
/// Life of a partition: `assigned`, then its records in order, then `revoked`. Whatever the stage concluded since the
/// last `committed` is lost on a failure: the loop aborts, calls `revoked` and `assigned` for every partition again,
/// and the records come again from the last committed offset.
pub trait Stage {
    /// How far partitions were read, of which the group has no offset: they were never read, or the broker has
    /// forgotten it (`offsets.retention.minutes`). What the stage does not know is read from its beginning.
    fn remembered(
        &mut self,
        _partitions: &[Partition],
        _reader: &mut dyn StateReader,
    ) -> Result<BTreeMap<Partition, Place>, StageError> {
        Ok(BTreeMap::new())
    }

    /// A partition was assigned; `committed` is how far it is committed. `reader` reads other topics (state).
    fn assigned(
        &mut self,
        partition: Partition,
        committed: Option<Place>,
        reader: &mut dyn StateReader,
    ) -> Result<Start, StageError>;

    /// A partition was taken away (or must be rebuilt): forget everything of it that is not committed or in Kafka.
    fn revoked(&mut self, partition: Partition);

    /// The partitions are about to be handed back in order (another copy joins, or the program ends): begin nothing new
    /// for them and finish what is under way, within a few seconds. One more `tick` and `flush` follow, then `revoked`.
    fn leaving(&mut self, _partitions: &[Partition]) {}

    /// Whether this copy decides from now on. Only a stage with one decider is told: it has every partition assigned in
    /// each copy, and reads them all. In a copy that does not decide, `tick` names no partition at its end and `flush`
    /// is not called. What was decided before is committed by the time that it is told `false`, or comes again.
    fn lead(&mut self, _leads: bool) {}

    /// The first record of the partition that the state is still made of, as `flush` left it; `None`: none of those
    /// that were read. It is committed beside the offset, and who takes over reads from there. Asked of a stage with
    /// one decider alone.
    fn needs(&self, _partition: Partition) -> Option<Offset> {
        None
    }

    /// `<prefix>.team` is read from its beginning, for the first time or again: forget what was read of it. Only the
    /// decider is told, and brought its records; it is at no partition's end before it has read them all.
    fn team_begins(&mut self) {}

    /// Folds one record of `<prefix>.team`. Never fails.
    fn team(&mut self, _record: Record<'_>) {}

    /// Takes in one record. Never fails: what cannot be read is counted and set aside.
    fn record(&mut self, record: Record<'_>);

    /// Every partition was read to its end at `now`, or some were: `at_end` are those with nothing left to read.
    /// Called about every commit interval.
    fn tick(&mut self, now: Timestamp, at_end: &[Partition]);

    /// Hands over what is to be written with the next commit.
    fn flush(&mut self, now: Timestamp, out: &mut Vec<Output>);

    /// What `flush` handed over is committed: what was promised to happen after it may happen now.
    fn committed(&mut self, now: Timestamp);

    /// When the stage wants `flush` called though no record has come.
    fn next_deadline(&self) -> Option<Timestamp>;

    /// Whether enough has gathered to commit before the interval is over: bounds memory.
    fn is_full(&self) -> bool {
        false
    }
}

/// Reads a partition of a topic of ours from its beginning to its present end, committed records only.
pub trait StateReader {
    /// Calls `each` with key and value of every record, oldest first.
    #[expect(clippy::type_complexity, reason = "a name for the closure would say less than its arguments do")]
    fn read(
        &mut self,
        topic: Topic,
        partition: Partition,
        each: &mut dyn FnMut(&[u8], Option<&[u8]>),
    ) -> Result<(), StageError>;

    /// The same for the last `last` offsets (markers of transactions count), or for more. Says whether that was all.
    #[expect(clippy::type_complexity, reason = "a name for the closure would say less than its arguments do")]
    fn read_last(
        &mut self,
        topic: Topic,
        partition: Partition,
        _last: i64,
        each: &mut dyn FnMut(&[u8], Option<&[u8]>),
    ) -> Result<bool, StageError> {
        self.read(topic, partition, each).map(|()| true)
    }
}

/// Why a stage could not take over a partition; the loop waits and tries again.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct StageError(pub String);

/// The three stages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StageName {
    /// Mentions in, tallies out.
    Score,
    /// Tallies in, signals out.
    Detect,
    /// Ledger in, notifications out.
    Respond,
}

impl StageName {
    /// All of them, in the order of the flow.
    pub const ALL: [StageName; 3] = [StageName::Score, StageName::Detect, StageName::Respond];

    /// The name used on the command line, in groups, metrics and logs.
    pub const fn name(self) -> &'static str {
        match self {
            StageName::Score => "score",
            StageName::Detect => "detect",
            StageName::Respond => "respond",
        }
    }
}
