//! The loop of a stage: poll, hand over, commit. One thread; the stage is called on it with borrowed records.

use rdkafka::error::KafkaError;
use rdkafka::message::{BorrowedMessage, Headers as _, Message, Timestamp as Time};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::client::{ClientError, ClientEvents};
use super::metrics;
use super::reader::PartitionReader;
use super::session::{Change, Fault, Session, Starts};
use super::topics::Names;
use orszem_core::input::Headers;
use orszem_core::settings::Kafka;
use orszem_core::stage::{Offset, Output, Partition, Record, Stage};
use orszem_records::time::Timestamp;
use orszem_runtime::clock;
use orszem_runtime::lifecycle::{Health, EndGuard, Heartbeat, Shutdown};

/// The longest wait for a record: outcomes of the stage's own tasks are looked for this often.
const IDLE: Duration = Duration::from_millis(20);
/// The clock is read, and changes of the group are looked for, at least once in so many records.
const BATCH: usize = 1024;
/// A stage is asked whether it is full once in so many records.
const FULL: usize = 64;
/// While there is more to read than the loop keeps up with, this number of commit intervals make one: nobody waits for
/// a single record then, and larger transactions cost less for each.
const BEHIND: u32 = 5;
/// Deadlines of the stage cause at most one flush in this time.
const DEADLINE_GAP: Duration = Duration::from_millis(5);
/// So many clients are left behind in calls that never return: each keeps its memory and its connections. With one more
/// the stage gives up, and the process ends.
const LEFT_BEHIND: u32 = 5;
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
    let instance = settings.member().unwrap_or_else(unique);
    let id = format!("{}-{}-{instance}", settings.kafka.prefix, settings.stage);
    let mut known = BTreeMap::new();
    let mut wait = BACKOFF.0;
    let mut left_behind = 0;
    while !shutdown.is_triggered() {
        match Session::open(settings, &id, &events, pulse, shutdown) {
            Ok(None) => break,
            Ok(Some(session)) => {
                let mut turn = PollLoop::new(settings, &session, &mut stage, shutdown, pulse, &mut known);
                let ended = turn.run();
                let worked = turn.commits > 0;
                turn.forget();
                left_behind += u32::from(session.is_stuck());
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
            Err(fault) => {
                left_behind += u32::from(matches!(fault, ClientError::NotReturned(_)));
                metrics::clients_not_created(settings.stage, &fault);
            }
        }
        if left_behind > LEFT_BEHIND {
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
    /// The offset to commit, once anything is known: after the last record, never before `committed`.
    position: Option<Offset>,
    /// What the group has.
    stored: Option<Offset>,
    at_end: bool,
}

/// One session's worth of the loop.
struct PollLoop<'a, S> {
    settings: &'a Settings,
    session: &'a Session<'a>,
    stage: &'a mut S,
    reader: PartitionReader<'a>,
    shutdown: &'a Shutdown,
    pulse: &'a Heartbeat,
    /// Offsets that this process committed: what counts where the broker forgets them (the mock cluster does).
    known: &'a mut BTreeMap<Partition, Offset>,
    /// By number of partition.
    states: Vec<Option<PartitionState>>,
    outputs: Vec<Output>,
    flushed: Instant,
    commits: u64,
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
        known: &'a mut BTreeMap<Partition, Offset>,
    ) -> PollLoop<'a, S> {
        let reader = PartitionReader::new(&settings.kafka, settings.stage, &session.producer, shutdown, pulse);
        let (states, outputs) = (Vec::new(), Vec::new());
        let flushed = Instant::now();
        let (commits, told_owned) = (0, 0);
        PollLoop {
            settings,
            session,
            stage,
            reader,
            shutdown,
            pulse,
            known,
            states,
            outputs,
            flushed,
            commits,
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
            self.pulse.beat();
            if drained {
                while let Some(change) = self.session.next_change() {
                    self.on_rebalance(change)?;
                }
                self.publish();
            }
            let since = Instant::now().duration_since(self.flushed);
            let stop = self.shutdown.is_triggered();
            let left = self.due(now, since, drained);
            if stop {
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
        match self.stage.next_deadline() {
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
            match session.consumer.poll(wait) {
                Some(Ok(message)) => self.deliver(&message),
                Some(Err(KafkaError::PartitionEOF(partition))) => {
                    if let Some(state) = self.state(partition) {
                        state.at_end = true;
                    }
                }
                Some(Err(KafkaError::MessageConsumptionFatal(code))) => {
                    return Err(Fault::Session(format!("consumer: {code}")));
                }
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
        let replayed = offset < state.committed;
        state.position = Some(state.committed.max(offset + 1));
        let timestamp = match message.timestamp() {
            Time::CreateTime(ms) | Time::LogAppendTime(ms) => Timestamp(ms),
            Time::NotAvailable => Timestamp::default(),
        };
        let (key, value) = (message.key(), message.payload());
        let headers = &Heads(message);
        self.stage.record(Record { partition, offset, timestamp, key, value, headers, replayed });
    }

    /// The partitions that are ours.
    fn owned(&self) -> Vec<Partition> {
        (0..).zip(&self.states).filter(|(_, state)| state.is_some()).map(|(partition, _)| partition).collect()
    }

    fn on_rebalance(&mut self, change: Change) -> Result<(), Fault> {
        match change {
            Change::Assigned(partitions) => {
                let starts = self.begin(&partitions)?;
                self.session.take(&starts)?;
                self.pulse.joined();
                // A rebalance that gives us nothing new says so too.
                if !partitions.is_empty() {
                    tracing::info!(stage = self.settings.stage, ?partitions, "partitions assigned");
                }
            }
            Change::Revoked(partitions) => {
                self.on_revoke(&partitions)?;
                tracing::info!(stage = self.settings.stage, ?partitions, "partitions revoked");
            }
        }
        self.tell_owned();
        Ok(())
    }

    /// Commits what is in hand, forgets the partitions, and only then lets others have them.
    fn on_revoke(&mut self, partitions: &[Partition]) -> Result<(), Fault> {
        use rdkafka::consumer::Consumer;
        let mut rebuild = false;
        // A lost partition may be somebody else's already: what is in hand of it is theirs to do again.
        if !self.session.consumer.assignment_lost() {
            self.stage.leaving(partitions);
            match self.write(clock::now()) {
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
    fn begin(&mut self, partitions: &[Partition]) -> Result<Starts, Fault> {
        let mut starts = Starts::new();
        if partitions.is_empty() {
            return Ok(starts);
        }
        let stored = self.session.committed(partitions)?;
        if self.settings.is_ours() {
            self.reader.settle(&self.settings.topic, partitions)?;
        }
        for &partition in partitions {
            let stored = stored.get(&partition).or_else(|| self.known.get(&partition)).copied();
            let start = self.stage.assigned(partition, stored, &mut self.reader);
            let start = start.map_err(|fault| Fault::Session(format!("partition {partition}: {fault}")))?;
            let from = match (start.from, stored) {
                (Some(from), Some(stored)) => Some(from.min(stored)),
                (from, stored) => from.or(stored),
            };
            starts.push((partition, from));
            let state =
                PartitionState { committed: stored.unwrap_or(0), position: stored.or(from), stored, at_end: false };
            let number = usize::try_from(partition).unwrap_or_default();
            if self.states.len() <= number {
                self.states.resize_with(number + 1, || None);
            }
            self.states[number] = Some(state);
            self.pulse.beat();
        }
        Ok(starts)
    }

    /// Everything anew from what is committed: what the stage concluded since is lost with the transaction.
    fn rebuild(&mut self) -> Result<(), Fault> {
        let partitions = self.owned();
        for &partition in &partitions {
            self.stage.revoked(partition);
        }
        let starts = self.begin(&partitions)?;
        if starts.is_empty() { Ok(()) } else { self.session.seek(&starts) }
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
        if self.states.iter().all(Option::is_none) {
            return Ok(());
        }
        let states = || (0..).zip(&self.states).filter_map(|(partition, state)| Some((partition, state.as_ref()?)));
        let at_end: Vec<Partition> =
            states().filter(|(_, state)| state.at_end).map(|(partition, _)| partition).collect();
        let moved = states().any(|(_, state)| state.position > state.stored);
        // All of them, moved or not: so the group fences whoever writes for a partition that is no longer theirs.
        let offsets: Vec<(Partition, Offset)> =
            states().filter_map(|(partition, state)| Some((partition, state.position?))).collect();
        self.stage.tick(now, &at_end);
        self.outputs.clear();
        self.stage.flush(now, &mut self.outputs);
        if self.outputs.is_empty() && !moved {
            return Ok(());
        }
        let started = Instant::now();
        self.session.transact(&self.outputs, &offsets)?;
        let took = started.elapsed().as_secs_f64();
        self.outputs.clear();
        for (partition, offset) in offsets {
            if let Some(state) = self.state(partition) {
                state.stored = Some(offset);
            }
            self.known.insert(partition, offset);
        }
        self.commits += 1;
        metrics::transaction_committed(self.settings.stage, took);
        let now = clock::now();
        self.pulse.committed(now);
        self.stage.committed(now);
        Ok(())
    }

    /// Publishes what the statistics brought.
    fn publish(&mut self) {
        self.pulse.away(self.session.away());
        for (partition, readable) in self.session.readable() {
            // The markers that end transactions count as records: at the end there is nothing more to read.
            if let Some(state) = self.state(partition) {
                let next = state.position.unwrap_or(readable.start);
                let lag = if state.at_end { 0 } else { (readable.end - next).max(0) };
                metrics::lag(self.settings.stage, &self.settings.label(partition), lag);
            }
        }
    }

    /// The stage has no partition any more.
    fn forget(&mut self) {
        for partition in self.owned() {
            self.drop_lane(partition);
        }
        self.tell_owned();
    }

    /// Tells how many partitions are ours; other threads of the stage add theirs.
    fn tell_owned(&mut self) {
        let owned = i64::try_from(self.owned().len()).unwrap_or(i64::MAX);
        metrics::partitions_changed(self.settings.stage, owned - self.told_owned);
        self.told_owned = owned;
    }
}
