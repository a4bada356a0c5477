//! The core of respond: entries in, entries and sends out. No clock, no I/O; the same ledger gives the same decisions.

mod admit;
mod asks;
mod grouping;
mod posts;
mod team;
mod turns;

pub use grouping::SharedPage;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::notification::Occasion;
use crate::oncall::Roster;
use crate::routing::group::Groups;
use crate::stage::{Offset, Partition};
use orszem_records::ask::Asked;
use orszem_records::incident::State;
use orszem_records::time::Timestamp;

use admit::is_limited;

use super::access_questions::AccessQuestions;
use super::apart::Apart;
use super::bundle::Limits;
use super::call_limits::CallLimits;
use super::card_mails::CardMails;
use super::deliver::in_flight::InFlight;
use super::drills::Drills;
use super::escalate::timetable::Place;
use super::look_up_messages::LookUpMessages;
use super::old_records::OldRecords;
use super::own_posts::OwnPosts;
use super::plan::{Command, plan};
use super::quieting::Quieting;
use super::route;
use super::settings::Settings;
use super::shift_messages::ShiftMessages;
use super::tracked::{Key, Tracked};
use orszem_records::incident::Incident;
use orszem_records::ledger::{Action, Attempt, Delivery, Entry, Event, IncidentId, Outcome, Recipients};

/// When something changes for many incidents, one `decide` looks at this number of them, the worst first: whatever is
/// due meanwhile does not wait for all the others.
const LOOKS: usize = 500;

/// Folds the ledger and decides whom to tell.
///
/// A partition is read with [`apply`](Core::apply) to its end, then [`ready`](Core::ready) lets it decide: what an
/// earlier owner wrote last must be known before anything is concluded. [`decide`](Core::decide) hands over the entries
/// to write and takes them in at once; [`committed`](Core::committed) then releases the sends. The entries come back
/// from the topic and change nothing the second time. After an abort the partition is forgotten and read again.
#[derive(Debug, Default)]
pub struct Core {
    settings: Settings,
    incidents: BTreeMap<Key, Tracked>,
    /// Where the incidents opened, as their `opened_at`.
    openings: BTreeSet<(Partition, Offset)>,
    /// The incidents that share pages, and the partition of each.
    groups: Groups,
    partitions: BTreeMap<IncidentId, Partition>,
    /// Those of them that are over, by when nothing opens their pages again.
    retiring: BTreeSet<(Partition, Timestamp, IncidentId)>,
    /// For which incidents nobody is called for now.
    quiet: Quieting,
    ready: BTreeSet<Partition>,
    /// When which incident is to be looked at: as their `wake`, for partitions that are ready.
    queue: BTreeSet<(Timestamp, Key)>,
    /// Something changed for all incidents.
    changed_for_all: bool,
    /// The incidents to be looked at again because something changed for many, by their severity.
    again: BTreeSet<(u8, Key)>,
    /// The tries under way, and the incidents that wait for one of them to end.
    in_flight: Apart<InFlight<Key>>,
    /// The receivers that allow no more messages for now.
    limits: Apart<Limits>,
    /// When people were called by which way.
    call_limits: Apart<CallLimits>,
    /// When people were called or reminded by which way.
    told: Apart<CallLimits>,
    /// The messages to single people that are under way.
    asks_under_way: Apart<InFlight<Key>>,
    /// What people were told of their shifts, and are to be.
    shift_messages: ShiftMessages,
    /// Who is asked whether they can sign in to accounts.
    access_questions: AccessQuestions,
    /// Who is told that somebody looked up where a credential is kept.
    look_up_messages: LookUpMessages,
    /// What was mailed of the grab card, and is to be.
    card_mails: CardMails,
    /// What our accounts published.
    own_posts: OwnPosts,
    /// The drills, and by run the incident that is it.
    drills: Drills,
    runs: BTreeMap<String, Key>,
    /// What people changed that may be over.
    old_records: OldRecords,
    /// By receiver, how many calls of each watch it was sent since it last had none under way.
    served: Apart<HashMap<String, HashMap<String, usize>>>,
    /// Attempts handed over by `decide` and not yet committed.
    pending: Vec<(Key, Attempt)>,
    /// Messages to single people that were handed over by `decide`, until they are sent.
    asked: Vec<(Key, Asked)>,
    /// Repetitions due, which need no commit.
    refresh: Vec<Dispatch>,
    /// The latest time that anything came or was decided.
    latest: Timestamp,
}

/// A try to be made now.
#[derive(Clone, Debug, PartialEq)]
pub struct Dispatch {
    /// The partition of its incident.
    pub partition: Partition,
    /// The incident as it stands, without messages and history.
    pub incident: Incident,
    /// The message and its try.
    pub attempt: Attempt,
    /// What it tells that the receiver has not heard.
    pub occasion: Occasion,
    /// What the receiver's service last gave us to refer to its message of the incident.
    pub reference: Option<String>,
    /// Of a page that incidents share: what it shows.
    pub page: Option<SharedPage>,
    /// Other incidents that the message tells of too, the worst first: its outcome is theirs.
    pub others: Vec<Bundled>,
    /// Of a receiver with several recipients: for whom earlier tries of the message settled it.
    pub settled: Recipients,
    /// Only repeats the newest message to keep it firing: is not in the ledger, and its outcome is not written.
    pub refresh: bool,
}

/// A message to a person to be sent now: what they are asked or told while an incident goes on.
#[derive(Clone, Debug, PartialEq)]
pub struct AskDispatch {
    /// The partition of its incident.
    pub partition: Partition,
    /// The incident as it stands, without messages and history.
    pub incident: Incident,
    /// What is asked, and by which way.
    pub asked: Asked,
    /// Other reminders that the message tells of too: its answer is theirs.
    pub others: Vec<Asked>,
}

/// An incident that the message of another one tells of.
#[derive(Clone, Debug, PartialEq)]
pub struct Bundled {
    /// The partition of the incident.
    pub partition: Partition,
    /// The incident as it stands, without messages and history.
    pub incident: Incident,
    /// Its own attempt, which has the outcome of the message that tells of it.
    pub attempt: Attempt,
    /// What is told of it that the receiver has not heard.
    pub occasion: Occasion,
}

/// What is to be written of a message that was accepted and did not arrive after all.
#[derive(Clone, Debug, PartialEq)]
pub enum Undelivered {
    /// No incident has it as its newest message to the receiver, or it is written already.
    Unknown,
    /// Its try has not ended yet: this comes before the outcome.
    UnderWay,
    /// An outcome for each incident that it told of.
    Known(Vec<(Partition, Entry)>),
}

impl Core {
    /// A core that knows no incidents.
    pub fn new(settings: Settings) -> Core {
        Core { settings, ..Core::default() }
    }

    /// Goes over to a changed configuration: every incident is looked at again.
    pub fn configure(&mut self, settings: Settings) {
        if !self.settings.inhibits_alike(&settings) {
            self.quiet.reconfigured();
        }
        let before = std::mem::replace(&mut self.settings, settings);
        self.settings.keep_changes(before.roster);
        self.shift_messages.changed();
        self.access_questions.changed();
        self.look_up_messages.changed();
        self.card_mails.changed();
        self.drills.changed();
        self.changed_for_all = true;
    }

    /// As [`apply`](Core::apply), of the entry at `offset`: so that [`lowest_needed`](Core::lowest_needed) is known.
    pub fn read(&mut self, partition: Partition, offset: Offset, entry: &Entry, now: Timestamp) {
        let key = (partition, entry.incident.clone());
        let is_known = self.incidents.contains_key(&key);
        self.apply(partition, entry, now);
        if !is_known && let Some(tracked) = self.incidents.get_mut(&key) {
            tracked.opened_at = Some(offset);
            self.openings.insert((partition, offset));
        }
    }

    /// The offset of the first entry of the partition that an incident which is not done with still needs: all that
    /// comes before it may be left unread. `None` where there is no such incident.
    pub fn lowest_needed(&self, partition: Partition) -> Option<Offset> {
        let mut openings = self.openings.range((partition, Offset::MIN)..=(partition, Offset::MAX));
        openings.next().map(|(_, offset)| *offset)
    }

    /// Folds the next entry of the partition, which came at `now`: by the clock, or when the topic took it in. One that
    /// was folded before changes nothing; one of an incident whose beginning is not known, or that is done with, is
    /// skipped.
    pub fn apply(&mut self, partition: Partition, entry: &Entry, now: Timestamp) {
        let key = (partition, entry.incident.clone());
        let drill = key.1.is_drill();
        let answer = match &entry.event {
            Event::Outcome(outcome) if self.is_awaited(&key, outcome) => {
                Some((outcome, self.in_flight.of(drill).is_awaited(&outcome.receiver)))
            }
            _ => None,
        };
        if let Event::Attempt(attempt) = &entry.event
            && is_limited(attempt)
        {
            self.call_limits.of_mut(drill).called(&attempt.receiver, &attempt.message, entry.at);
            self.told.of_mut(drill).called(&attempt.receiver, &attempt.message, entry.at);
        }
        let groups = self.incidents.get(&key).map_or(0, |tracked| tracked.incident.groups.len());
        match self.incidents.get_mut(&key) {
            Some(tracked) => tracked.apply(entry, now),
            None => match Tracked::begin(entry, now) {
                Some(tracked) => {
                    if let Some(run) = &tracked.incident.signal.drill {
                        self.runs.insert(run.clone(), key.clone());
                    }
                    self.incidents.insert(key.clone(), tracked);
                }
                None => return,
            },
        }
        if drill {
            self.drills.changed();
        }
        let is_new = self.incidents.get(&key).is_some_and(|tracked| tracked.incident.groups.len() > groups);
        self.note_member(&key, entry, is_new);
        if let Event::Attempt(Attempt { receiver, .. }) | Event::Outcome(Outcome { receiver, .. }) = &entry.event {
            self.count(&key, receiver);
        }
        if let Some((outcome, waiting)) = answer {
            self.limits.of_mut(drill).answered(outcome, entry.at, waiting);
        }
        self.apply_ask(&key, entry);
        if matches!(entry.event, Event::Drafted(_)) {
            self.own_posts.changed();
        }
        // What keeps others quiet depends on what an incident is, and not on the messages about it.
        if !matches!(entry.event, Event::Attempt(_) | Event::Outcome(_)) {
            self.quiet.changed(&key);
        }
        // Entries that are read again came long ago, and what was to follow them is past.
        self.latest = self.latest.max(now);
        self.requeue(key.clone());
        self.retire(&key, entry.at);
    }

    /// The partition was read to its end: decide for it from now on.
    pub fn ready(&mut self, partition: Partition) {
        if self.ready.insert(partition) {
            let keys: Vec<Key> = self.incidents.keys().filter(|key| key.0 == partition).cloned().collect();
            keys.into_iter().for_each(|key| self.requeue(key));
            // A post that was read before may belong to a statement of this partition.
            self.own_posts.changed();
        }
    }

    /// Decide no more for the partition, and keep what is known of it.
    pub fn suspend(&mut self, partition: Partition) {
        self.ready.remove(&partition);
        self.queue.retain(|(_, key)| key.0 != partition);
        self.incidents.iter_mut().filter(|(key, _)| key.0 == partition).for_each(|(_, tracked)| tracked.wake = None);
    }

    /// Whether decisions are made for the partition.
    pub fn is_ready(&self, partition: Partition) -> bool {
        self.ready.contains(&partition)
    }

    /// Forgets everything of the partition.
    pub fn forget(&mut self, partition: Partition) {
        self.ready.remove(&partition);
        let keys: Vec<Key> = self.incidents.keys().filter(|key| key.0 == partition).cloned().collect();
        keys.iter().for_each(|key| self.remove(key));
        self.pending.retain(|(key, _)| key.0 != partition);
        self.asked.retain(|(key, _)| key.0 != partition);
        self.retiring.retain(|(known, ..)| *known != partition);
        self.refresh.retain(|dispatch| dispatch.partition != partition);
    }

    /// Decides at `now` what is to be written, each entry to its partition.
    pub fn decide(&mut self, now: Timestamp, out: &mut Vec<(Partition, Entry)>) {
        self.latest = self.latest.max(now);
        for drill in [false, true] {
            drop(self.asks_under_way.of_mut(drill).expire(self.settings.attempt_timeout_ms(), now));
            let in_flight = self.in_flight.of_mut(drill);
            let mut released = in_flight.expire(self.settings.attempt_timeout_ms(), now);
            for receiver in self.limits.of(drill).over(now) {
                if in_flight.count(receiver) == 0 {
                    released.extend(in_flight.release_all(receiver));
                }
            }
            released.into_iter().for_each(|key| self.requeue(key));
        }
        self.let_drills_in(now);
        let changed = self.quiet.look(&self.incidents, &self.settings);
        self.look_again(&changed);
        if !self.ready.is_empty() {
            self.shift_messages.look(&self.settings, now);
            self.access_questions.look(&self.settings, now);
            self.look_up_messages.look(&self.settings, now);
            self.card_mails.look(&self.settings, now);
            self.write_posts(now, out);
            let tracked = |run: &str| self.incidents.get(self.runs.get(run)?);
            self.drills.look(&self.settings, tracked, now);
        }
        loop {
            let mut commands = Vec::new();
            while let Some((at, key)) = self.queue.first().cloned()
                && at <= now
            {
                self.queue.remove(&(at, key.clone()));
                self.plan(&key, now, &mut commands);
            }
            if commands.is_empty() {
                return;
            }
            for (key, command) in self.take_turns(commands) {
                self.admit(key, command, now, out);
            }
        }
    }

    /// What `decide` handed over is committed: the sends that waited for it.
    pub fn committed(&mut self, now: Timestamp) -> Vec<Dispatch> {
        let pending = std::mem::take(&mut self.pending);
        let mut dispatches: Vec<Dispatch> = Vec::with_capacity(pending.len());
        for (key, attempt) in pending {
            if let Some(state) =
                self.incidents.get_mut(&key).and_then(|tracked| tracked.receivers.get_mut(&attempt.receiver))
            {
                state.sent(now);
            }
            self.count(&key, &attempt.receiver);
            let Some(tracked) = self.incidents.get(&key) else { continue };
            match attempt.within.clone() {
                None => {
                    let occasion = tracked.occasion(&attempt, now);
                    let page = self.shared_page(&key);
                    dispatches.push(Dispatch { page, ..dispatch(key.0, tracked, attempt, occasion, false) });
                }
                // The message that tells of it was decided before it, in the same transaction.
                Some(message) => {
                    if let Some(carrier) = dispatches.iter_mut().rfind(|carrier| carrier.attempt.message == message) {
                        let (partition, incident) = (key.0, tracked.incident.clone());
                        let occasion = tracked.occasion(&attempt, now);
                        carrier.others.push(Bundled { partition, incident, attempt, occasion });
                    }
                }
            }
        }
        dispatches
    }

    /// What is to be written of a message to `receiver` that was accepted, and of which it is known at `now` that it
    /// did not arrive.
    pub fn undelivered(&self, receiver: &str, message: &str, reason: &str, now: Timestamp) -> Undelivered {
        let mut outcomes = Vec::new();
        let mut under_way = false;
        for ((partition, _), tracked) in &self.incidents {
            let Some(state) = tracked.receivers.get(receiver) else { continue };
            let attempt = &state.attempt;
            if attempt.message != message && attempt.within.as_deref() != Some(message) {
                continue;
            }
            match &state.outcome {
                None => under_way = true,
                Some((Delivery::Accepted { .. }, _)) => {
                    let result = Delivery::Failed { reason: reason.to_owned() };
                    let (message, number) = (attempt.message.clone(), attempt.try_number);
                    let outcome = Outcome::new(message, receiver.to_owned(), number, result);
                    let (watch, incident) = (tracked.incident.watch.clone(), tracked.incident.id.clone());
                    outcomes.push((*partition, Entry { watch, incident, at: now, event: Event::Outcome(outcome) }));
                }
                Some(_) => {}
            }
        }
        match (outcomes.is_empty(), under_way) {
            (false, _) => Undelivered::Known(outcomes),
            (true, true) => Undelivered::UnderWay,
            (true, false) => Undelivered::Unknown,
        }
    }

    /// The repetitions that the last `decide` found due: the newest message of incidents that must be kept firing. They
    /// repeat what was committed, so they wait for no commit.
    pub fn refreshes(&mut self) -> Vec<Dispatch> {
        std::mem::take(&mut self.refresh)
    }

    /// When `decide` will have something to do.
    pub fn next_deadline(&self) -> Option<Timestamp> {
        let looked_at = self.queue.first().map(|(at, _)| *at);
        // Where incidents wait for others' tries to end, the loss of those is waited for too.
        let timeout_ms = self.settings.attempt_timeout_ms();
        let lost = [&self.in_flight.real, &self.in_flight.drill].into_iter().filter_map(|it| it.next_loss(timeout_ms));
        // A drill waits for the limits of what is real too.
        let awaited = |receiver: &str, drill: bool| self.in_flight.of(drill).is_awaited(receiver);
        let of_real = self.limits.real.next(self.latest, |it| awaited(it, false) || awaited(it, true));
        let allowed = of_real.into_iter().chain(self.limits.drill.next(self.latest, |it| awaited(it, true)));
        // Without a partition that is read to its end nothing else is decided.
        let mut next = looked_at.into_iter().chain(lost).chain(allowed).min();
        if !self.ready.is_empty() {
            let at_once = self.changed_for_all || !self.again.is_empty() || self.own_posts.has_news();
            let shifts = self.shift_messages.next(&self.settings);
            let questions = self.access_questions.next(&self.settings);
            let mails = self.card_mails.next(&self.settings);
            let look_ups = self.look_up_messages.next(self.latest);
            let drills = self.drills.next(self.latest);
            let others = at_once.then_some(self.latest).into_iter().chain(shifts).chain(questions).chain(look_ups);
            next = next.into_iter().chain(others).chain(mails).chain(drills).min();
        }
        next.map(|at| at.max(Timestamp(0)))
    }

    /// Whether the incident is known and not done with.
    pub fn knows(&self, partition: Partition, incident: &IncidentId) -> bool {
        self.incidents.contains_key(&(partition, incident.clone()))
    }

    /// The open incidents whose watch is gone from the configuration, or names no escalation any more although
    /// receivers were called: what a change of the configuration cuts off. With each, whether the watch is gone.
    pub fn cut_off(&self) -> Vec<(IncidentId, bool)> {
        let tracked = self.incidents.iter();
        tracked.filter_map(|((_, id), tracked)| Some((id.clone(), route::cut_off(tracked, &self.settings)?))).collect()
    }

    /// Who is on call, by the configuration and the records of the team that were read.
    pub fn roster(&self) -> &Roster {
        &self.settings.roster
    }

    /// How many incidents of each watch are open, and how many acknowledged. Drills do not count.
    pub fn open_incidents(&self) -> HashMap<(String, State), i64> {
        let mut open = HashMap::new();
        for tracked in self.incidents.values().filter(|tracked| !tracked.incident.is_drill()) {
            let state = tracked.incident.state();
            if state != State::Resolved {
                *open.entry((tracked.incident.watch.clone(), state)).or_default() += 1;
            }
        }
        open
    }

    /// How much is kept of incidents, for tests that there is a limit.
    #[cfg(test)]
    pub(super) fn kept(&self) -> usize {
        self.incidents.len() + self.partitions.len() + self.queue.len() + self.again.len() + self.quiet.kept()
    }

    fn plan(&mut self, key: &Key, now: Timestamp, commands: &mut Vec<(Key, Command)>) {
        let quiets = self.look(key, now);
        let Some(tracked) = self.incidents.get_mut(key) else { return };
        let mut plan = plan(tracked, &self.settings, &quiets, now);
        if !plan.refresh.is_empty() {
            let mut repeated: Vec<Dispatch> = Vec::new();
            for receiver in &plan.refresh {
                repeated.extend(repetition(key.0, tracked, receiver, now));
            }
            plan = super::plan::plan(tracked, &self.settings, &quiets, now);
            let page = self.shared_page(key);
            self.refresh.extend(repeated.into_iter().map(|dispatch| Dispatch { page: page.clone(), ..dispatch }));
        }
        let kept_until = self.closes_at(key).filter(|at| *at > now);
        let Some(tracked) = self.incidents.get_mut(key) else { return };
        let since = |place: &Place| (*place, tracked.waiting.get(place).copied().unwrap_or(now));
        tracked.waiting = plan.waiting.iter().map(since).collect();
        let is_finished = plan.done() && tracked.is_finished(&self.settings);
        let wake = plan.wake.or(kept_until.filter(|_| is_finished));
        tracked.wake = wake;
        if is_finished && self.dismiss(key, (now, now), |_| true) {
            return;
        }
        self.queue.extend(wake.map(|wake| (wake, key.clone())));
        commands.extend(plan.commands.into_iter().map(|command| (key.clone(), command)));
    }

    fn write(&mut self, key: &Key, event: Event, now: Timestamp, out: &mut Vec<(Partition, Entry)>) {
        let Some(tracked) = self.incidents.get(key) else { return };
        let entry = Entry { watch: tracked.incident.watch.clone(), incident: key.1.clone(), at: now, event };
        self.apply(key.0, &entry, now);
        if let Event::Attempt(attempt) = &entry.event {
            if let Some(state) =
                self.incidents.get_mut(key).and_then(|tracked| tracked.receivers.get_mut(&attempt.receiver))
            {
                state.ours = true;
            }
            self.count(key, &attempt.receiver);
            if attempt.action == Action::Trigger && attempt.within.is_none() {
                let of_receiver = self.served.of_mut(key.1.is_drill()).entry(attempt.receiver.clone()).or_default();
                *of_receiver.entry(entry.watch.clone()).or_default() += 1;
            }
        }
        out.push((key.0, entry));
    }

    /// The next of those that are to be looked at again come to the head of the queue. `changed`: some that are to be.
    fn look_again(&mut self, changed: &BTreeSet<IncidentId>) {
        let everyone = std::mem::take(&mut self.changed_for_all);
        if everyone || !changed.is_empty() {
            let concerned = self.incidents.iter().filter(|((_, id), _)| everyone || changed.contains(id));
            // Drills come last.
            let rank =
                |key: &Key, tracked: &Tracked| tracked.severity().saturating_add(if key.1.is_drill() { 4 } else { 0 });
            let found: BTreeSet<_> = concerned.map(|(key, tracked)| (rank(key, tracked), key.clone())).collect();
            self.again.extend(found);
        }
        for _ in 0..LOOKS {
            let Some((_, key)) = self.again.pop_first() else { break };
            self.requeue(key);
        }
    }

    /// Puts the incident at the head of the queue.
    fn requeue(&mut self, key: Key) {
        let Some(tracked) = self.incidents.get_mut(&key) else { return };
        if let Some(wake) = tracked.wake.take() {
            self.queue.remove(&(wake, key.clone()));
        }
        if self.ready.contains(&key.0) {
            let at_once = Timestamp(i64::MIN);
            tracked.wake = Some(at_once);
            self.queue.insert((at_once, key));
        }
    }

    fn remove(&mut self, key: &Key) {
        let Some(tracked) = self.incidents.remove(key) else { return };
        self.quiet.gone(key);
        if let Some(run) = &tracked.incident.signal.drill {
            self.runs.remove(run);
        }
        let groups: Vec<String> = self.groups.of(&key.1).map(|(group, _)| group.to_owned()).collect();
        groups.iter().for_each(|group| self.groups.leave(&key.1, group));
        self.partitions.remove(&key.1);
        if let Some(offset) = tracked.opened_at {
            self.openings.remove(&(key.0, offset));
        }
        if let Some(wake) = tracked.wake {
            self.queue.remove(&(wake, key.clone()));
        }
        for receiver in tracked.receivers.keys() {
            self.release_slot(key, receiver);
        }
    }

    /// Counts the newest try to the receiver as under way, or not any more. Only tries of this process are counted:
    /// those that a dead copy left without an outcome take up no socket of ours, and nobody waits for them.
    fn count(&mut self, key: &Key, receiver: &str) {
        let state = self.incidents.get(key).and_then(|tracked| tracked.receivers.get(receiver));
        match state
            .filter(|state| state.ours && state.attempt.within.is_none())
            .and_then(|state| state.under_way_since())
        {
            Some(since) => self.in_flight.of_mut(key.1.is_drill()).begin(receiver, key, since),
            None => self.release_slot(key, receiver),
        }
    }

    fn release_slot(&mut self, key: &Key, receiver: &str) {
        let drill = key.1.is_drill();
        let in_flight = self.in_flight.of_mut(drill);
        let waiting = in_flight.release_slot(receiver, key);
        if waiting.is_empty() && in_flight.count(receiver) == 0 {
            self.served.of_mut(drill).remove(receiver);
        }
        waiting.into_iter().for_each(|key| self.requeue(key));
    }

    /// Drills that waited behind what is real are looked at again where nothing real waits at the receiver any more.
    fn let_drills_in(&mut self, now: Timestamp) {
        let Apart { real, drill } = &mut self.in_flight;
        let limits = &self.limits.real;
        let is_free = |receiver: &String| !real.is_awaited(receiver) && !limits.forbids(receiver, now);
        let free: Vec<String> = drill.awaited().filter(|receiver| is_free(receiver)).cloned().collect();
        let released: Vec<Key> = free.iter().flat_map(|receiver| drill.release_all(receiver)).collect();
        released.into_iter().for_each(|key| self.requeue(key));
    }
}

/// Whether the incident may be dropped though its partition may not be read to its end yet. The ledger of a year would
/// not fit into memory otherwise. Before the end only if its last word was already said: an entry that is still to come
/// may tell of an attempt that was made before its owner knew it to be over. One that has no page of its own has none.
fn has_ended(tracked: &Tracked) -> bool {
    let told = tracked.receivers.values().any(|state| state.resolved.is_some() || state.attempt.digest);
    let mut routes = tracked.incident.routes().into_iter();
    let was_carried = tracked.receivers.is_empty() && routes.any(|(route, _)| tracked.is_guest(route));
    told || was_carried || tracked.nobody_notified || (tracked.incident.closed && !tracked.pages)
}

fn dispatch(partition: Partition, tracked: &Tracked, attempt: Attempt, occasion: Occasion, refresh: bool) -> Dispatch {
    let state = tracked.receivers.get(&attempt.receiver);
    let reference = state.and_then(|state| state.reference.clone());
    let settled = state.map(|state| state.settled.clone()).unwrap_or_default();
    let incident = tracked.incident.clone();
    let (page, others) = (None, Vec::new());
    Dispatch { partition, incident, attempt, occasion, reference, settled, page, others, refresh }
}

fn repetition(partition: Partition, tracked: &mut Tracked, receiver: &str, now: Timestamp) -> Option<Dispatch> {
    let action = if tracked.over() { Action::Resolve } else { Action::Update };
    let state = tracked.receivers.get_mut(receiver)?;
    state.refreshed = Some(now);
    let attempt = Attempt { action, ..state.attempt.clone() };
    let occasion = if action == Action::Resolve { Occasion::Over } else { Occasion::Figures };
    Some(dispatch(partition, tracked, attempt, occasion, true))
}
