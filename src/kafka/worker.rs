//! The loop of a stage: poll, hand over, commit. One thread; the stage is called on it with borrowed records.

mod deciding;

use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::message::{BorrowedMessage, Headers as _, Message, Timestamp as Time};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::bounded::LeftBehind;
use super::client::{ClientEvents, group};
use super::decider::Standing;
use super::metrics;
use super::place::{Found, Kept};
use super::reader::{OPEN, PartitionReader, mark_of_message};
use super::session::{Change, Extent, Fault, Session, Starts};
use super::takeover::{self, ASK, Members, Takeover, Wanted};
use super::topics::Names;
use orszem_core::input::Headers;
use orszem_core::settings::Kafka;
use orszem_core::stage::{Offset, Output, Partition, Place, Record, Stage};
use orszem_records::time::Timestamp;
use orszem_runtime::clock;
use orszem_runtime::lifecycle::{EndGuard, Health, Heartbeat, Shutdown};

/// The longest wait for a record: outcomes of the stage's own tasks are looked for this often.
const IDLE: Duration = Duration::from_millis(20);
/// The clock is read, and changes of the group are looked for, at least once in this many records.
const BATCH: usize = 1024;
/// A stage is asked whether it is full once in this many records.
const FULL: usize = 64;
/// While there is more to read than the loop keeps up with, this number of commit intervals make one: nobody waits for
/// a single record then, and larger transactions cost less for each.
const BEHIND: u32 = 5;
/// Deadlines of the stage cause at most one flush in this time.
const DEADLINE_GAP: Duration = Duration::from_millis(5);
/// Records that wait behind an open transaction for this long are told of: one that a dead copy of ours left open has
/// ended by then.
const HELD_UP_MS: i64 = 30_000;
/// At most this number of clients is left behind in calls that have not returned: each keeps its memory and its
/// connections. With one more the stage gives up, and the process ends.
const LEFT_BEHIND: usize = 5;
/// The wait before new clients are made: doubles from the first to the second.
const BACKOFF: (Duration, Duration) = (Duration::from_millis(500), Duration::from_secs(10));

/// A partition, as metrics name it: its number, and of a further topic with its name.
pub fn label(topic: Option<&str>, partition: Partition) -> String {
    match topic {
        Some(topic) => format!("{topic}/{partition}"),
        None => partition.to_string(),
    }
}

/// What a stage's loop needs to know.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The stage's name: names its group, its metrics and its thread.
    pub stage: &'static str,
    /// Which of this process's threads of the stage it is, from 0: each is a member of the group of its own.
    pub thread: u32,
    /// Where Kafka is.
    pub kafka: Kafka,
    /// The topic it reads.
    pub topic: String,
    /// The topic whose one partition makes its owner in the group the decider: every copy then reads all partitions of
    /// `topic`, and the decider alone writes. `None`: copies share the partitions, and each writes.
    pub team: Option<String>,
    /// What the operator calls this copy, the same after a restart: it then replaces its dead self at once. `None`:
    /// a new copy each time, and others take over after the session timeout.
    pub instance: Option<String>,
}

impl Settings {
    /// The name of the thread: that of the stage, numbered from the second on, and of a further topic with its name.
    fn name(&self) -> String {
        let name = match self.thread {
            0 => self.stage.to_owned(),
            more => format!("{}-{}", self.stage, more + 1),
        };
        match self.further() {
            Some(topic) => format!("{name} {topic}"),
            None => name,
        }
    }

    /// What the operator calls this member of the group. The topic is part of it: after a restart with other topics a
    /// member must not be given the partitions that one of its name had of another.
    pub(super) fn member(&self) -> Option<String> {
        let instance = self.instance.as_ref()?;
        let member = match self.further() {
            Some(topic) => format!("{instance}.{topic}"),
            None => instance.clone(),
        };
        Some(match self.thread {
            0 => member,
            more => format!("{member}.{}", more + 1),
        })
    }

    /// The topic, where it is neither one of ours nor `[kafka] mentions`: the stage reads more than one.
    fn further(&self) -> Option<&str> {
        (self.topic != self.kafka.mentions && !self.is_ours()).then_some(&*self.topic)
    }

    /// Whether stages of ours write the topic.
    fn is_ours(&self) -> bool {
        Names::new(&self.kafka).is_ours(&self.topic)
    }

    /// A partition, as metrics name it.
    fn label(&self, partition: Partition) -> String {
        label(self.further(), partition)
    }
}

/// Starts the thread of a stage, which ends after `shutdown`: work in hand is then committed and the group left, within
/// 10 s. Kafka is waited for as long as it takes. `make` runs on the thread.
pub fn spawn<S: Stage>(
    settings: Settings,
    make: impl FnOnce() -> S + Send + 'static,
    shutdown: Shutdown,
    health: &Health,
) -> std::io::Result<JoinHandle<()>> {
    let name = settings.name();
    let pulse = health.register(&name);
    std::thread::Builder::new().name(name).spawn(move || {
        let _guard = EndGuard(Arc::clone(&pulse));
        run(&settings, make(), &shutdown, &pulse);
    })
}

fn run<S: Stage>(settings: &Settings, mut stage: S, shutdown: &Shutdown, pulse: &Heartbeat) {
    let events = Arc::new(ClientEvents::new(settings.stage));
    let (mut known, members) = (BTreeMap::new(), Members::default());
    let mut wait = BACKOFF.0;
    let left_behind = LeftBehind::default();
    while !shutdown.is_triggered() {
        // Without a name it is another copy each time: others may take the former one for dead, and end what it does.
        let id = format!("{}-{}", group(&settings.kafka, settings.stage), settings.member().unwrap_or_else(unique));
        match Session::open(settings, &id, (&events, &left_behind), pulse, shutdown) {
            Ok(None) => break,
            Ok(Some(session)) => {
                let memory = (&mut known, &members);
                let mut turn = PollLoop::new(settings, &session, &mut stage, shutdown, pulse, memory);
                let ended = turn.run();
                let worked = turn.commits > 0;
                turn.forget();
                session.close();
                match ended {
                    Ok(()) => break,
                    Err(fault) => {
                        if worked {
                            wait = BACKOFF.0;
                        }
                        tracing::warn!(stage = settings.stage, reason = fault.reason(), "creating new Kafka clients");
                    }
                }
            }
            Err(fault) => metrics::clients_not_created(settings.stage, &fault),
        }
        if left_behind.now() > LEFT_BEHIND {
            tracing::error!(stage = settings.stage, "too many calls to Kafka never returned, giving up");
            return pulse.give_up();
        }
        pulse.beat();
        shutdown.wait(wait);
        wait = (2 * wait).min(BACKOFF.1);
    }
    tracing::info!(stage = settings.stage, "stage stopped");
}

/// A name that no other copy has: random, since containers all count their processes from 1.
fn unique() -> String {
    format!("{}-{:016x}", std::process::id(), u64::from_ne_bytes(orszem_runtime::random::bytes()))
}

/// Whether an error says that the topic, or a partition of it, is not there.
fn is_gone(code: RDKafkaErrorCode) -> bool {
    use RDKafkaErrorCode::{UnknownPartition, UnknownTopic, UnknownTopicOrPartition};
    matches!(code, UnknownPartition | UnknownTopic | UnknownTopicOrPartition)
}

/// The headers of a message, which the client unpacks when they are first asked for.
struct Heads<'m>(&'m BorrowedMessage<'m>);

impl std::fmt::Debug for Heads<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Heads")
    }
}

impl Headers for Heads<'_> {
    fn find(&self, name: &str) -> Option<&[u8]> {
        self.0.headers()?.iter().find(|header| header.key == name)?.value
    }
}

/// Where we are in a partition that is ours.
#[derive(Debug)]
struct PartitionState {
    /// Records before this offset are replayed. 0 where nothing is committed.
    committed: Offset,
    /// The next record to read; `None` is the first that there is.
    next: Option<Offset>,
    /// The place to commit, once anything is known: after the last record, never before `committed`.
    place: Option<Place>,
    /// The offset that the group has.
    stored: Option<Offset>,
    /// What the group has of where the stage's state begins.
    needed: Option<Offset>,
    at_end: bool,
    /// Where an open transaction holds records up, and since when.
    held_up: Option<(Offset, Timestamp)>,
}

/// One session's worth of the loop.
struct PollLoop<'a, S> {
    settings: &'a Settings,
    session: &'a Session<'a>,
    stage: &'a mut S,
    reader: PartitionReader<'a>,
    shutdown: &'a Shutdown,
    pulse: &'a Heartbeat,
    /// Places that this process committed: what counts where the broker forgets them (the mock cluster does).
    known: &'a mut BTreeMap<Partition, Kept>,
    /// Who the members of the group are, as far as known.
    members: &'a Members,
    /// By number of partition.
    states: Vec<Option<PartitionState>>,
    /// What was ours before a rebalance, committed in order.
    given_back: Vec<Partition>,
    /// What will be ours, once it is known how far it was read.
    takeover: Option<Takeover>,
    /// Of a stage with one decider: whether this copy is it.
    standing: Standing,
    /// Of a stage with one decider: the group has answered.
    joined: bool,
    outputs: Vec<Output>,
    flushed: Instant,
    /// The clock, read once for many records.
    now: Timestamp,
    commits: u64,
    /// When it last committed, or began.
    committed_at: Timestamp,
    /// How many partitions the metric has of us.
    told_owned: i64,
}

impl<'a, S: Stage> PollLoop<'a, S> {
    #[expect(clippy::disallowed_methods, reason = "the commit interval; no record sees it")]
    fn new(
        settings: &'a Settings,
        session: &'a Session<'a>,
        stage: &'a mut S,
        shutdown: &'a Shutdown,
        pulse: &'a Heartbeat,
        (known, members): (&'a mut BTreeMap<Partition, Kept>, &'a Members),
    ) -> PollLoop<'a, S> {
        let reader = PartitionReader::new(&settings.kafka, settings.stage, &session.looker, shutdown, pulse);
        let (states, outputs) = (Vec::new(), Vec::new());
        let flushed = Instant::now();
        let (now, commits, told_owned) = (clock::now(), 0, 0);
        PollLoop {
            settings,
            session,
            stage,
            reader,
            shutdown,
            pulse,
            known,
            members,
            states,
            given_back: Vec::new(),
            takeover: None,
            standing: Standing::StandsBy,
            joined: false,
            outputs,
            flushed,
            now,
            commits,
            committed_at: now,
            told_owned,
        }
    }

    /// Until the shutdown, or until new clients are needed.
    #[expect(clippy::disallowed_methods, reason = "the commit interval; no record sees it")]
    fn run(&mut self) -> Result<(), Fault> {
        let mut wait = Duration::ZERO;
        loop {
            let drained = self.drain(wait)?;
            let now = clock::now();
            self.now = now;
            self.pulse.beat();
            self.attend()?;
            while let Some(change) = self.session.next_change() {
                self.on_rebalance(change)?;
            }
            self.finish_takeover()?;
            if drained {
                self.publish();
            }
            let since = Instant::now().duration_since(self.flushed);
            let stop = self.shutdown.is_triggered();
            let left = self.due(now, since, drained);
            if stop && self.writes() {
                self.stage.leaving(&self.owned());
            }
            if stop || left.is_zero() {
                self.flush(now)?;
            }
            if stop {
                return Ok(());
            }
            wait = if drained { left.min(IDLE) } else { Duration::ZERO };
        }
    }

    /// How long until the stage is to be flushed. `drained`: there was nothing more to read.
    fn due(&self, now: Timestamp, since: Duration, drained: bool) -> Duration {
        if self.stage.is_full() {
            return Duration::ZERO;
        }
        let intervals = if drained { 1 } else { BEHIND };
        let interval = (intervals * self.settings.kafka.commit_interval.0).saturating_sub(since);
        match self.stage.next_deadline().filter(|_| self.writes()) {
            None => interval,
            Some(at) => {
                let ahead = Duration::from_millis(u64::try_from(at.since(now)).unwrap_or(0));
                interval.min(ahead.max(DEADLINE_GAP.saturating_sub(since)))
            }
        }
    }

    /// Hands over records until there are none, or many were. Says whether there are none.
    fn drain(&mut self, wait: Duration) -> Result<bool, Fault> {
        let session = self.session;
        let mut wait = wait;
        for taken in 1..=BATCH {
            match session.source.poll(wait) {
                Some(Ok(message)) => self.deliver(&message),
                Some(Err(KafkaError::PartitionEOF(partition))) => {
                    if let Some(state) = self.state(partition) {
                        state.at_end = true;
                    }
                }
                Some(Err(KafkaError::MessageConsumptionFatal(code))) => {
                    return Err(Fault::Session(format!("consumer: {code}")));
                }
                // Deleted, or made again, under what we read: only new clients ask again what there is.
                Some(Err(KafkaError::MessageConsumption(code))) if is_gone(code) => {
                    metrics::topic_missing(self.settings.stage, &self.settings.topic, true);
                    if self.owns_any() {
                        return Err(Fault::Session(format!("topic {}: {code}", self.settings.topic)));
                    }
                }
                // There is no record at the place: it was deleted, or the log is another one.
                Some(Err(KafkaError::MessageConsumption(RDKafkaErrorCode::AutoOffsetReset))) => self.rebuild()?,
                // Counted and logged by `ClientEvents`; the client goes on by itself.
                Some(Err(_)) => {}
                None => return Ok(true),
            }
            wait = Duration::ZERO;
            if taken % FULL == 0 && self.stage.is_full() {
                break;
            }
        }
        Ok(false)
    }

    fn state(&mut self, partition: Partition) -> Option<&mut PartitionState> {
        self.states.get_mut(usize::try_from(partition).ok()?)?.as_mut()
    }

    fn deliver(&mut self, message: &BorrowedMessage<'_>) {
        let (partition, offset) = (message.partition(), message.offset());
        let Some(state) = self.state(partition) else { return };
        state.at_end = false;
        state.next = Some(offset + 1);
        let replayed = offset < state.committed;
        let mark = mark_of_message(message);
        if !replayed {
            state.place = Some(Place { offset: offset + 1, mark: Some(mark) });
        }
        let timestamp = self.timestamp(message);
        let (key, value) = (message.key(), message.payload());
        let headers = &Heads(message);
        self.stage.record(Record { partition, offset, timestamp, mark, key, value, headers, replayed });
    }

    /// When a record arrived.
    fn timestamp(&self, message: &BorrowedMessage<'_>) -> Timestamp {
        match message.timestamp() {
            Time::LogAppendTime(ms) => Timestamp(ms),
            // The producer's clock may be wrong by years, and is not asked.
            Time::CreateTime(_) | Time::NotAvailable => self.now,
        }
    }

    /// The partitions that are ours.
    fn owned(&self) -> Vec<Partition> {
        (0..).zip(&self.states).filter(|(_, state)| state.is_some()).map(|(partition, _)| partition).collect()
    }

    fn on_rebalance(&mut self, change: Change) -> Result<(), Fault> {
        match change {
            Change::Assigned(partitions) => self.on_assign(&partitions)?,
            Change::Revoked(partitions) => {
                self.on_revoke(&partitions)?;
                tracing::info!(stage = self.settings.stage, ?partitions, "partitions revoked");
            }
        }
        self.tell_owned();
        Ok(())
    }

    /// Reads on at once what was ours before and still is. What comes from another copy has to wait until that one's
    /// last transaction is over, and holds up nobody.
    fn on_assign(&mut self, partitions: &[Partition]) -> Result<(), Fault> {
        let given_back = std::mem::take(&mut self.given_back);
        let (mut kept, mut new): (Vec<Partition>, Vec<Partition>) =
            partitions.iter().partition(|partition| given_back.contains(partition));
        let mut places = BTreeMap::new();
        if !kept.is_empty() {
            match self.committed(&kept, ASK) {
                Ok(found) => places = found,
                // Somebody had them in between, and left a transaction open.
                Err(_) => new.append(&mut kept),
            }
        }
        let starts = self.begin(&kept, places)?;
        self.session.take(&starts, Starts::new())?;
        self.begun(&kept);
        if new.is_empty() {
            self.pulse.joined();
        }
        // Also without new ones: who the members are must be known when one of them is gone.
        let wanted = Wanted {
            kafka: self.settings.kafka.clone(),
            stage: self.settings.stage,
            topic: self.settings.topic.clone(),
            is_ours: self.settings.is_ours(),
            partitions: new,
            members: Some(self.members.clone()),
        };
        let (consumer, producer) = (Arc::clone(&self.session.consumer), Arc::clone(&self.session.looker));
        self.takeover = Some(Takeover::begin(wanted, consumer, producer)?);
        Ok(())
    }

    fn committed(&self, partitions: &[Partition], limit: Duration) -> Result<BTreeMap<Partition, Kept>, Fault> {
        let stop = || {
            self.pulse.beat();
            self.shutdown.is_triggered()
        };
        takeover::committed(&self.session.consumer, (&self.settings.topic, partitions), limit, stop)
    }

    /// Reads partitions of another copy from now on, once it is known how far that one came.
    fn finish_takeover(&mut self) -> Result<(), Fault> {
        let Some(places) = self.takeover.as_ref().and_then(Takeover::ready) else { return Ok(()) };
        let new = self.takeover.take().map(|takeover| takeover.partitions.clone()).unwrap_or_default();
        if new.is_empty() {
            return Ok(());
        }
        let reads = self.reads();
        let starts = self.begin(&new, places?)?;
        self.session.take(&starts, reads)?;
        self.begun(&new);
        if self.settings.team.is_some() {
            self.tell_joined();
        } else {
            self.pulse.joined();
        }
        self.tell_owned();
        Ok(())
    }

    /// Where we are in the partitions that we read.
    fn reads(&self) -> Starts {
        let states = (0..).zip(&self.states);
        states.filter_map(|(partition, state)| Some((partition, state.as_ref()?.next))).collect()
    }

    fn begun(&self, partitions: &[Partition]) {
        // A rebalance that gives us nothing new says so too.
        if !partitions.is_empty() && self.settings.team.is_none() {
            tracing::info!(stage = self.settings.stage, ?partitions, "partitions assigned");
        }
    }

    /// Commits what is in hand, forgets the partitions, and only then lets others have them.
    fn on_revoke(&mut self, partitions: &[Partition]) -> Result<(), Fault> {
        use rdkafka::consumer::Consumer;
        let mut rebuild = false;
        self.takeover = None;
        self.given_back.clear();
        // A lost partition may be somebody else's already: what is in hand of it is theirs to do again.
        if !self.session.consumer.assignment_lost() {
            self.stage.leaving(partitions);
            match self.write(clock::now()) {
                Ok(()) if self.session.is_eager() => self.given_back = self.owned(),
                Ok(()) => {}
                Err(Fault::Abort(reason)) => {
                    self.abort(&reason)?;
                    rebuild = true;
                }
                Err(fault) => return Err(fault),
            }
        }
        for partition in partitions {
            self.drop_lane(*partition);
        }
        self.session.release(partitions)?;
        if rebuild { self.rebuild() } else { Ok(()) }
    }

    fn drop_lane(&mut self, partition: Partition) {
        let state = usize::try_from(partition).ok().and_then(|number| self.states.get_mut(number));
        if state.and_then(Option::take).is_some() {
            self.stage.revoked(partition);
            metrics::forget_lag(self.settings.stage, &self.settings.label(partition));
        }
    }

    /// Asks the stage where to begin with partitions that it is to have.
    fn begin(&mut self, partitions: &[Partition], mut stored: BTreeMap<Partition, Kept>) -> Result<Starts, Fault> {
        let mut starts = Starts::new();
        if partitions.is_empty() {
            return Ok(starts);
        }
        metrics::topic_missing(self.settings.stage, &self.settings.topic, false);
        self.add_remembered(partitions, &mut stored)?;
        let offsets = self.reader.offsets(&self.settings.topic, partitions)?;
        let read = stored.iter().map(|(partition, kept)| (*partition, kept.place)).collect();
        let found = self.reader.find(&self.settings.topic, &read, &offsets)?;
        for &partition in partitions {
            let group_has = stored.get(&partition).map(|kept| kept.place.offset);
            let kept = stored.get(&partition).map(|kept| self.resume(partition, *kept, found.get(&partition)));
            let stored = kept.map(|kept| kept.place);
            let needed = kept.and_then(|kept| kept.needed);
            let start = self.stage.assigned(partition, stored, &mut self.reader);
            let start = start.map_err(|fault| Fault::Session(format!("partition {partition}: {fault}")))?;
            let from = match (start.from, stored) {
                (None, _) if self.settings.team.is_some() => needed,
                (Some(from), Some(stored)) => Some(from.min(stored.offset)),
                (from, stored) => from.or(stored.map(|stored| stored.offset)),
            };
            // A stage may ask for more than there is, or know of a log that is gone. And the beginning is committed as
            // well: a partition that brings nothing for long is known then.
            let from = match (from, offsets.get(&partition)) {
                (Some(from), Some(offsets)) if (offsets.start..=offsets.end).contains(&from) => Some(from),
                (_, Some(offsets)) => Some(offsets.start),
                (from, None) => from,
            };
            starts.push((partition, from));
            let state = PartitionState {
                committed: stored.map_or(0, |stored| stored.offset),
                next: from,
                place: stored.or(from.map(Place::from)),
                stored: group_has,
                needed,
                at_end: false,
                held_up: None,
            };
            let number = usize::try_from(partition).unwrap_or_default();
            if self.states.len() <= number {
                self.states.resize_with(number + 1, || None);
            }
            self.states[number] = Some(state);
            self.pulse.beat();
        }
        Ok(starts)
    }

    /// Adds the places of those that the group has none of, where this process or the stage knows them.
    fn add_remembered(
        &mut self,
        partitions: &[Partition],
        stored: &mut BTreeMap<Partition, Kept>,
    ) -> Result<(), Fault> {
        for partition in partitions {
            if let Some(known) = self.known.get(partition) {
                stored.entry(*partition).or_insert(*known);
            }
        }
        let unknown: Vec<_> = partitions.iter().copied().filter(|partition| !stored.contains_key(partition)).collect();
        if unknown.is_empty() {
            return Ok(());
        }
        let remembered = self.stage.remembered(&unknown, &mut self.reader);
        let remembered = remembered.map_err(|fault| Fault::Session(format!("offsets of the group: {fault}")))?;
        for (partition, place) in remembered {
            metrics::offset_gone(self.settings.stage, &self.settings.label(partition), place.offset);
            stored.insert(partition, Kept::from(place));
        }
        Ok(())
    }

    /// Where to go on in a partition that was read up to `place`.
    fn resume(&self, partition: Partition, kept: Kept, found: Option<&Found>) -> Kept {
        let (stage, label) = (self.settings.stage, self.settings.label(partition));
        match found {
            Some(Found::Deleted { lost, from }) => {
                metrics::records_lost(stage, &label, *lost, *from);
                Kept::from(Place::from(*from))
            }
            Some(Found::MadeAgain { from }) => {
                metrics::log_made_again(stage, &label, kept.place.offset, *from);
                Kept::from(Place::from(*from))
            }
            Some(Found::Same(_)) | None => kept,
        }
    }

    fn owns_any(&self) -> bool {
        self.states.iter().any(Option::is_some)
    }

    /// Everything again from what is committed: what the stage concluded since is lost with the transaction.
    fn rebuild(&mut self) -> Result<(), Fault> {
        let partitions = self.owned();
        if partitions.is_empty() {
            return Ok(());
        }
        for &partition in &partitions {
            self.stage.revoked(partition);
        }
        let stored = self.committed(&partitions, OPEN)?;
        let starts = self.begin(&partitions, stored)?;
        self.session.seek(&starts)
    }

    fn abort(&self, reason: &str) -> Result<(), Fault> {
        metrics::transaction_aborted(self.settings.stage, reason);
        self.pulse.away(self.session.away());
        self.session.abort()
    }

    /// Lets the stage conclude, and commits; after an abort everything is read again.
    #[expect(clippy::disallowed_methods, reason = "the commit interval; no record sees it")]
    fn flush(&mut self, now: Timestamp) -> Result<(), Fault> {
        let outcome = match self.write(now) {
            Err(Fault::Abort(reason)) => self.abort(&reason).and_then(|()| self.rebuild()),
            other => other,
        };
        self.flushed = Instant::now();
        outcome
    }

    #[expect(clippy::disallowed_methods, reason = "the duration of a commit, for the metric")]
    fn write(&mut self, now: Timestamp) -> Result<(), Fault> {
        if !self.owns_any() {
            return Ok(());
        }
        self.stage.tick(now, &self.at_end());
        if !self.writes() {
            return Ok(());
        }
        self.outputs.clear();
        self.stage.flush(now, &mut self.outputs);
        let states = || (0..).zip(&self.states).filter_map(|(partition, state)| Some((partition, state.as_ref()?)));
        // All of them, moved or not: so the group fences a copy that writes for a partition that is no longer its own.
        let places: Vec<(Partition, Kept)> =
            states().filter_map(|(partition, state)| Some((partition, self.kept(partition, state)?))).collect();
        let is_new = |(partition, kept): &(Partition, Kept)| {
            let state = usize::try_from(*partition).ok().and_then(|number| self.states.get(number)?.as_ref());
            state.is_some_and(|state| (state.stored, state.needed) != (Some(kept.place.offset), kept.needed))
        };
        if self.outputs.is_empty() && !places.iter().any(is_new) && !self.must_commit_again(now) {
            return Ok(());
        }
        let started = Instant::now();
        self.session.transact(&self.outputs, &places)?;
        let took = started.elapsed().as_secs_f64();
        self.outputs.clear();
        for (partition, kept) in places {
            if let Some(state) = self.state(partition) {
                (state.stored, state.needed) = (Some(kept.place.offset), kept.needed);
            }
            self.known.insert(partition, kept);
        }
        self.commits += 1;
        self.committed_at = now;
        metrics::transaction_committed(self.settings.stage, took);
        let now = clock::now();
        self.pulse.committed(now);
        self.stage.committed(now);
        Ok(())
    }

    /// Publishes what the statistics brought.
    fn publish(&mut self) {
        self.pulse.away(self.session.away());
        let now = self.now;
        let writes = self.writes();
        for (partition, Extent { low, stable, high }) in self.session.extents() {
            let Some(state) = self.state(partition) else { continue };
            let next = state.place.map_or(low, |place| place.offset);
            // The markers that end transactions count as records: at the end there is nothing more to read, but for
            // what waits behind a transaction that another producer left open.
            let lag = if state.at_end && high <= stable { 0 } else { (high - next).max(0) };
            let held_up = state.at_end && high > stable;
            state.held_up = match state.held_up {
                Some((at, since)) if held_up && at == stable => Some((at, since)),
                _ => held_up.then_some((stable, now)),
            };
            let waits = state.held_up.map_or(0, |(_, since)| now.since(since));
            if !writes {
                // The decider tells: it is one backlog, however many copies read it.
                continue;
            }
            let label = self.settings.label(partition);
            metrics::lag(self.settings.stage, &label, lag);
            metrics::held_up(self.settings.stage, &label, if waits >= HELD_UP_MS { high - stable } else { 0 });
        }
    }

    /// The stage has no partition any more.
    fn forget(mut self) {
        self.leave_office();
        for partition in self.owned() {
            self.drop_lane(partition);
        }
        self.tell_owned();
    }

    /// Tells how many partitions are ours; other threads of the stage add theirs.
    fn tell_owned(&mut self) {
        let owned = if self.writes() { i64::try_from(self.owned().len()).unwrap_or(i64::MAX) } else { 0 };
        metrics::partitions_changed(self.settings.stage, owned - self.told_owned);
        self.told_owned = owned;
    }
}
