//! The shell of respond: the ledger topic in and out, sends as tasks, the clock.

mod asks;
mod calendars;
mod canary;
mod drills;
mod late;
pub mod metrics;
mod quiet;
mod send;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use std::sync::mpsc;
use std::time::Duration;

use tokio::runtime::Handle;

use orszem_core::notification::{Occasion, Page};
use orszem_core::settings::Config;
use orszem_core::settings::Watch;
use orszem_core::stage::{Offset, Output, Partition, Place, Record, Stage, StageError, Start, StateReader, Topic};
use orszem_notify::Receiver;
use orszem_records::own_post::OwnPost;
use orszem_records::signal::Phase;
use orszem_records::team;
use orszem_records::time::Timestamp;
use orszem_runtime::clock;
use orszem_runtime::live_config::ConfigReader;

use asks::AskJob;
use calendars::Calendars;
pub use calendars::{BuildCalendars, Sources};
use canary::Canary;
pub use canary::{BuildEnds, Ends};
use drills::Drills;
use late::LateReports;
use orszem_core::respond::core::{AskDispatch, Core, Dispatch, Undelivered};
use orszem_core::respond::settings::{SEND_GRACE_MS, Settings};
use orszem_records::incident::Incident;
use orszem_records::ledger::{Action, Attempt, Entry, Event, IncidentId};
use quiet::QuietMessages;
use send::{Job, Report, Sender};

/// How long a partition that is handed back in order may wait for the outcomes of its sends: most answer within a
/// second, and the copy that is to have the partition waits as well.
const LEAVE: Duration = Duration::from_secs(3);

/// The receivers by name.
pub type Receivers = BTreeMap<String, Arc<dyn Receiver>>;

/// Makes the receivers of a configuration, or says why it cannot. The reason must hold no secret.
pub type Build = Box<dyn Fn(&Config) -> Result<Receivers, String> + Send>;

/// Makes the page of an incident for a receiver, with the receiver's own link in it. Called in a task of its own.
pub trait Pages: Send + Sync + 'static {
    /// The page.
    fn page(&self, incident: &Incident, watch: &Watch, receiver: &str, occasion: Occasion) -> Page;

    /// Where an administrator of an account says whether they could sign in there.
    fn access_link(&self, account: &str, person: &str) -> String {
        format!("/access/{account}/{person}")
    }
}

impl<F: Fn(&Incident, &Watch, &str, Occasion) -> Page + Send + Sync + 'static> Pages for F {
    fn page(&self, incident: &Incident, watch: &Watch, receiver: &str, occasion: Occasion) -> Page {
        self(incident, watch, receiver, occasion)
    }
}

/// The respond stage.
///
/// Every copy reads the whole ledger and folds it into incidents, and one of them decides: the others have all that it
/// takes at hand when it is their turn. There is no other state, and of incidents that are done nothing is kept.
///
/// The decider decides once all partitions are read to their end, and no sooner: what stops a call may lie in another
/// partition than the incident.
pub struct Worker {
    core: Core,
    news: ConfigReader,
    /// The configuration that is followed: the last whose receivers could be made.
    config: Arc<Config>,
    build: Build,
    receivers: Receivers,
    build_calendars: BuildCalendars,
    calendars: Calendars,
    late: LateReports,
    quiet: QuietMessages,
    /// What our accounts published, as it is read beside the ledger.
    own_posts: Option<mpsc::Receiver<OwnPost>>,
    build_ends: BuildEnds,
    canary: Canary,
    drills: Drills,
    pages: Arc<dyn Pages>,
    sender: Sender,
    reports: mpsc::Receiver<Report>,
    /// By partition, tasks that have not reported yet. Repetitions are not among them: nobody waits for those.
    in_flight: HashMap<Partition, usize>,
    /// The partitions that are assigned.
    assigned: BTreeSet<Partition>,
    /// Whether this copy decides, once it has read what there is.
    leads: bool,
    /// The partitions that were read to their end since this copy decides, or since they were assigned.
    read: BTreeSet<Partition>,
    /// Those of them that are about to be handed back.
    leaving: BTreeSet<Partition>,
    /// Outcomes that are not committed yet. Kept over an abort: a send was made whatever became of the transaction.
    outcomes: Vec<(Partition, Entry)>,
    /// How many of `outcomes` were handed over by the last `flush`.
    flushed: usize,
    /// Exhausted escalations that were handed over by the last `flush`.
    exhausted: Vec<(Partition, String)>,
    /// When the signal that opened an incident came into the ledger, while its first page is awaited.
    signalled: HashMap<(Partition, IncidentId), Timestamp>,
    /// The labels of the gauge of open incidents.
    gauged: BTreeSet<(String, &'static str)>,
    /// The time as the loop last said it.
    now: Timestamp,
}

impl Worker {
    /// A worker that follows the configuration as it changes, makes receivers with `build` and sends on `handle`'s
    /// runtime.
    ///
    /// # Errors
    ///
    /// When the receivers of the present configuration cannot be made: the reason that `build` gave.
    pub fn new(mut news: ConfigReader, build: Build, pages: Arc<dyn Pages>, handle: Handle) -> Result<Worker, String> {
        let config = news.take();
        let receivers = build(&config)?;
        let (sender, reports) = Sender::new(handle.clone());
        Ok(Worker {
            core: Core::new(settings(&config, &receivers)),
            news,
            config,
            build,
            receivers,
            build_calendars: Box::new(|_| Ok(Sources::new())),
            calendars: Calendars::new(handle.clone()),
            late: LateReports::new(handle.clone()),
            quiet: QuietMessages::new(handle.clone()),
            build_ends: Box::new(|_| Ok(None)),
            canary: Canary::new(handle.clone()),
            own_posts: None,
            drills: Drills::new(handle),
            pages,
            sender,
            reports,
            in_flight: HashMap::new(),
            assigned: BTreeSet::new(),
            leads: false,
            read: BTreeSet::new(),
            leaving: BTreeSet::new(),
            outcomes: Vec::new(),
            flushed: 0,
            exhausted: Vec::new(),
            signalled: HashMap::new(),
            gauged: BTreeSet::new(),
            now: clock::now(),
        })
    }

    /// The same, which also reads the calendars that rotations have elsewhere.
    ///
    /// # Errors
    ///
    /// When those of the present configuration cannot be made: the reason that `build` gave.
    pub fn reading(mut self, build: BuildCalendars) -> Result<Worker, String> {
        let sources = build(&self.config)?;
        self.calendars.configure(&self.config, sources);
        self.build_calendars = build;
        Ok(self)
    }

    /// The same, which also hears what our accounts publish.
    #[must_use]
    pub fn hearing(mut self, own_posts: mpsc::Receiver<OwnPost>) -> Worker {
        self.own_posts = Some(own_posts);
        self
    }

    /// The same, which also sends canaries.
    ///
    /// # Errors
    ///
    /// When their ends cannot be made for the present configuration: the reason that `build` gave.
    pub fn proving(mut self, build: BuildEnds) -> Result<Worker, String> {
        let ends = build(&self.config)?;
        self.canary.configure(&self.config, ends);
        self.build_ends = build;
        Ok(self)
    }

    /// Waits until the sends for `partitions` have reported, for `limit` at most. What has not reported by then is
    /// tried again by the next owner.
    pub fn drain(&mut self, partitions: &[Partition], limit: Duration) {
        let end = clock::now().plus(i64::try_from(limit.as_millis()).unwrap_or(i64::MAX));
        while partitions.iter().any(|partition| self.in_flight.contains_key(partition)) {
            let left = u64::try_from(end.since(clock::now())).map(Duration::from_millis);
            match left.map(|left| self.reports.recv_timeout(left)) {
                Ok(Ok(report)) => self.reported(report),
                Ok(Err(_)) | Err(_) => break,
            }
        }
    }

    /// Goes over to a changed configuration as a whole, or stays with the one it has.
    fn follow(&mut self) {
        let Some(newest) = self.news.changed() else { return };
        let made = (self.build)(&newest)
            .and_then(|receivers| Ok((receivers, (self.build_calendars)(&newest)?, (self.build_ends)(&newest)?)));
        match made {
            Ok((receivers, sources, ends)) => {
                self.calendars.configure(&newest, sources);
                self.canary.configure(&newest, ends);
                self.core.configure(settings(&newest, &receivers));
                if self.leads {
                    metrics::cut_off(&self.core.cut_off());
                }
                self.receivers = receivers;
                self.late.stop();
                self.config = newest;
            }
            Err(reason) => tracing::error!(reason, "new configuration rejected, keeping the current one"),
        }
    }

    fn gather(&mut self) {
        if let Some(own_posts) = &self.own_posts {
            own_posts.try_iter().for_each(|post| self.core.own_post(post));
        }
        while let Ok(report) = self.reports.try_recv() {
            self.reported(report);
        }
    }

    /// What was accepted and did not arrive has failed: the next way of the person is used.
    fn gather_late(&mut self, now: Timestamp) {
        for told in self.late.take() {
            let report = &told.report;
            match self.core.undelivered(&told.name, &report.message, &report.reason, now) {
                Undelivered::Unknown => self.late.is_unknown(&told),
                Undelivered::UnderWay => self.late.is_early(told),
                Undelivered::Known(outcomes) => {
                    metrics::undelivered(&told.name, report);
                    self.outcomes.extend(outcomes);
                    self.late.is_known(told);
                }
            }
        }
    }

    fn reported(&mut self, report: Report) {
        self.sender.read();
        for (partition, entry) in report.outcomes {
            if let Some(number) = self.in_flight.get_mut(&partition) {
                *number -= 1;
                if *number == 0 {
                    self.in_flight.remove(&partition);
                }
            }
            self.outcomes.push((partition, entry));
        }
    }

    /// Whether this copy decides and has read what there is, the topic of the team as well.
    fn has_read_all(&self) -> bool {
        self.leads && !self.read.is_empty() && self.read == self.assigned && self.leaving.is_empty()
    }

    /// Whether outcomes of the partition may be written: its attempts were read.
    fn writes(&self, partition: Partition) -> bool {
        self.core.is_ready(partition) || self.leaving.contains(&partition)
    }

    fn start(&mut self, dispatch: Dispatch) {
        let Some(receiver) = self.receivers.get(&dispatch.attempt.receiver) else {
            // Gone since the attempt was decided; it will be found lost, and then refused by name.
            tracing::warn!(message = dispatch.attempt.message, "the receiver was removed from the configuration");
            return;
        };
        let watch = self.config.watch(&dispatch.incident.watch).map(Cow::into_owned);
        let Attempt { action, revision, digest, .. } = dispatch.attempt;
        let first = action == Action::Trigger && revision == 0 && !digest;
        let key = (dispatch.partition, dispatch.incident.id.clone());
        if !dispatch.refresh {
            let others = dispatch.others.iter().map(|other| other.partition);
            for partition in others.chain([dispatch.partition]) {
                *self.in_flight.entry(partition).or_default() += 1;
            }
        }
        let job = Job {
            receiver: Arc::clone(receiver),
            watch: watch.unwrap_or_else(|| former_watch(&dispatch.incident.watch)),
            config: Arc::clone(&self.config),
            pages: Arc::clone(&self.pages),
            timeout: self.config.respond.timeout.0.saturating_add(Duration::from_millis(SEND_GRACE_MS)),
            signalled_at: self.signalled.get(&key).copied().filter(|_| first && dispatch.attempt.step == 0),
            dispatch,
        };
        self.sender.start(job);
    }

    fn ask(&mut self, dispatch: AskDispatch) {
        *self.in_flight.entry(dispatch.partition).or_default() += 1 + dispatch.others.len();
        let receiver = dispatch.asked.receiver.as_ref().and_then(|name| self.receivers.get(name)).cloned();
        let (config, pages) = (Arc::clone(&self.config), Arc::clone(&self.pages));
        let job = AskJob { dispatch, receiver, config, pages };
        self.sender.run(|handle| job.run(handle));
    }
}

fn settings(config: &Config, receivers: &Receivers) -> Settings {
    let capabilities = receivers.iter().map(|(name, receiver)| (name.clone(), receiver.capabilities()));
    Settings::new(config, capabilities.collect())
}

/// What is to be written of a record of the team.
fn for_the_team(record: &team::Record) -> Output {
    of_team(record.key(), record.to_json())
}

/// Removes a record of the team from its topic.
fn removal(key: String) -> Output {
    of_team(key, Vec::new())
}

fn of_team(key: String, value: Vec<u8>) -> Output {
    Output { topic: Topic::Team, partition: Some(0), key: key.into_bytes(), value, headers: Vec::new() }
}

/// A watch that is gone from the configuration, for the last words about its incidents.
fn former_watch(name: &str) -> Watch {
    Watch { name: name.to_owned(), ..Watch::default() }
}

impl Stage for Worker {
    fn assigned(
        &mut self,
        partition: Partition,
        _committed: Option<Place>,
        _reader: &mut dyn StateReader,
    ) -> Result<Start, StageError> {
        self.core.forget(partition);
        self.leaving.remove(&partition);
        self.assigned.insert(partition);
        self.read.remove(&partition);
        // Nothing is decided before this one is read as well.
        self.assigned.iter().for_each(|other| self.core.suspend(*other));
        Ok(Start::default())
    }

    fn lead(&mut self, leads: bool) {
        self.leads = leads;
        self.calendars.restart();
        self.late.stop();
        self.quiet.restart();
        self.canary.restart();
        self.drills.restart();
        self.read.clear();
        self.leaving.clear();
        self.assigned.iter().for_each(|partition| self.core.suspend(*partition));
    }

    fn team_begins(&mut self) {
        self.core.forget_team();
        self.quiet.restart();
        self.drills.restart();
    }

    fn team(&mut self, record: Record<'_>) {
        let Some(value) = record.value else {
            let key = record.key.map(String::from_utf8_lossy).unwrap_or_default();
            return self.core.forget_record(&key);
        };
        let put = team::Record::from_json(value).map_err(|fault| fault.to_string());
        if let Err(fault) = put.and_then(|record| self.core.team(&record)) {
            tracing::warn!(offset = record.offset, fault, "record of the team not readable, skipped");
        }
    }

    fn needs(&self, partition: Partition) -> Option<Offset> {
        self.core.lowest_needed(partition)
    }

    fn revoked(&mut self, partition: Partition) {
        self.core.forget(partition);
        self.leaving.remove(&partition);
        self.assigned.remove(&partition);
        self.read.remove(&partition);
        self.signalled.retain(|(kept, _), _| *kept != partition);
        self.exhausted.retain(|(kept, _)| *kept != partition);
        // What was handed over and not committed is handed over again, should the partition come back at once.
        self.flushed = 0;
    }

    fn leaving(&mut self, partitions: &[Partition]) {
        // One that was not read to its end writes nothing in any case.
        let ready: Vec<Partition> = partitions.iter().copied().filter(|part| self.core.is_ready(*part)).collect();
        ready.iter().for_each(|partition| self.core.suspend(*partition));
        self.leaving.extend(&ready);
        self.drain(&ready, LEAVE);
    }

    fn record(&mut self, record: Record<'_>) {
        let Some(value) = record.value else { return };
        if orszem_records::canary::is_key(record.key) {
            return self.canary.read(record.partition, value, self.now.max(record.timestamp));
        }
        // Neither the clock of the copy that wrote it nor the broker's may put off what is counted from it.
        let appended = Some(record.timestamp).filter(|at| *at > Timestamp::default()).map(|at| at.min(clock::now()));
        let entry: Entry = match Entry::from_record(value, appended) {
            Ok(entry) => entry,
            Err(fault) => {
                let (partition, offset) = (record.partition, record.offset);
                tracing::warn!(partition, offset, %fault, "ledger entry not readable, skipped");
                return;
            }
        };
        if let Event::Signal(signal) = &entry.event
            && signal.phase == Phase::Opened
            && !record.replayed
            && !entry.incident.is_drill()
        {
            self.signalled.insert((record.partition, entry.incident.clone()), record.timestamp);
        }
        self.core.read(record.partition, record.offset, &entry, appended.unwrap_or(self.now));
    }

    fn tick(&mut self, now: Timestamp, at_end: &[Partition]) {
        self.now = now;
        self.follow();
        self.read.extend(at_end.iter().filter(|partition| self.assigned.contains(partition)));
        if self.read == self.assigned {
            for partition in self.read.difference(&self.leaving) {
                self.core.ready(*partition);
            }
        }
        if self.has_read_all() {
            self.calendars.begin(&self.config, now);
            self.calendars.gather(self.core.roster(), now);
            self.late.listen(&self.receivers);
            self.gather_late(now);
            self.canary.gather(now);
            self.canary.begin(now);
        }
        self.gather();
        if self.leads {
            metrics::incidents_open(self.core.open_incidents(), &mut self.gauged);
        } else {
            // The decider tells of them, and begins with those that it has not paged yet.
            metrics::incidents_open([], &mut self.gauged);
            self.signalled.retain(|(partition, incident), _| self.core.knows(*partition, incident));
        }
    }

    fn flush(&mut self, now: Timestamp, out: &mut Vec<Output>) {
        self.now = now;
        self.gather();
        // Outcomes of partitions that went elsewhere are not ours to write: their new owner tries again.
        self.outcomes.retain(|(partition, _)| self.assigned.contains(partition));
        let mut entries = Vec::new();
        // Those of partitions that are not read to their end yet wait, lest they come before their attempt.
        let (written, kept) = std::mem::take(&mut self.outcomes).into_iter().partition(|(part, _)| self.writes(*part));
        self.outcomes = written;
        for (partition, entry) in &self.outcomes {
            self.core.apply(*partition, entry, now);
            entries.push((*partition, entry.clone()));
        }
        self.outcomes.extend::<Vec<_>>(kept);
        self.flushed = entries.len();
        self.calendars.flush(now, out);
        if self.has_read_all() {
            self.late.flushed();
            out.extend(self.core.old_records(now).into_iter().map(removal));
        }
        self.core.decide(now, &mut entries);
        self.quiet.flush(&mut self.core, now, out);
        self.canary.flush(now, out);
        self.drills.flush(self.core.drill_work(), out);

        for (partition, entry) in &entries {
            match &entry.event {
                Event::EscalationExhausted { .. } if entry.incident.is_drill() => {
                    tracing::info!(incident = entry.incident.0, "drill: nobody acknowledged");
                }
                Event::EscalationExhausted { escalation } => self.exhausted.push((*partition, escalation.clone())),
                Event::Reopened(reopening) => {
                    let (incident, by) = (&entry.incident.0, &reopening.by.by);
                    tracing::warn!(incident, by, "incident rose above what a person saw when closing it, open again");
                }
                Event::Ended { reason } => {
                    tracing::warn!(incident = entry.incident.0, reason = reason.name(), "incident ended");
                }
                _ => {}
            }
            out.push(Output {
                topic: Topic::Ledger,
                partition: Some(*partition),
                key: entry.watch.clone().into_bytes(),
                value: entry.to_json(),
                headers: Vec::new(),
            });
        }
        self.core.refreshes().into_iter().for_each(|dispatch| self.start(dispatch));
    }

    fn committed(&mut self, now: Timestamp) {
        self.now = now;
        self.calendars.committed();
        self.late.committed();
        self.quiet.committed(&self.config, self.core.roster(), &self.receivers, &self.pages);
        self.canary.committed(&self.config, &self.receivers);
        self.drills.committed(&self.config, &self.receivers);
        self.outcomes.drain(..std::mem::take(&mut self.flushed));
        for (_, escalation) in self.exhausted.drain(..) {
            metrics::escalation_exhausted(&escalation);
        }
        self.core.committed(now).into_iter().for_each(|dispatch| self.start(dispatch));
        self.core.asks().into_iter().for_each(|dispatch| self.ask(dispatch));
        self.signalled.retain(|(partition, incident), _| self.core.knows(*partition, incident));
    }

    fn next_deadline(&self) -> Option<Timestamp> {
        let outcome = self.outcomes.iter().any(|(partition, _)| self.writes(*partition)).then_some(self.now);
        // A slot may be free: the next in turn need not wait for the commit interval.
        let reported = (self.sender.has_reports() || self.late.is_told()).then_some(self.now);
        let calendars = self.calendars.next(self.now).filter(|_| self.has_read_all());
        let canary = self.canary.next(self.now).filter(|_| self.has_read_all());
        self.core.next_deadline().into_iter().chain(outcome).chain(reported).chain(calendars).chain(canary).min()
    }
}
