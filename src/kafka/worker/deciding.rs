//! The loop of a stage with one decider: every copy reads all partitions of the topic, and the owner of the only
//! partition of the team's topic decides for all of them.

use rdkafka::consumer::Consumer;
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::message::{BorrowedMessage, Message};
use std::sync::Arc;
use std::time::Duration;

use super::super::decider::{Candidacy, Clients, Standing, Wanted};
use super::super::metrics;
use super::super::place::{Kept, mark_of};
use super::super::session::{Change, Fault, Starts};
use super::super::takeover::{self, ASK, Takeover};
use super::{BATCH, Heads, PartitionState, PollLoop, Settings, is_gone};
use orszem_core::stage::{Partition, Record, Stage};
use orszem_records::time::Timestamp;
use orszem_runtime::clock;

/// The decider commits once in this time, in ms, though nothing has moved. A group forgets what was committed of topics
/// that no member subscribes to (here: of the ledger) after `offsets.retention.minutes`, 7 days where nothing is said.
const COMMIT_AGAIN_MS: i64 = 3_600_000;
/// A topic that is not there is asked for again after this time.
const LOOK_AGAIN: Duration = Duration::from_millis(250);

impl Settings {
    /// The transactional id of the decider, the same in every copy; `None` for a stage without one.
    pub(in super::super) fn decider(&self) -> Option<String> {
        self.team.as_ref()?;
        Some(format!("{}-decider", super::group(&self.kafka, self.stage)))
    }
}

impl<S: Stage> PollLoop<'_, S> {
    /// Whether what the stage concludes is written: it has no decider, or this copy is it.
    pub(super) fn writes(&self) -> bool {
        self.settings.team.is_none() || self.standing.decides()
    }

    /// One round beside the reading: what the group says, what a candidacy has come to, partitions that are new.
    pub(super) fn attend(&mut self) -> Result<(), Fault> {
        let Some(team) = self.settings.team.clone() else { return Ok(()) };
        self.poll_member(&team)?;
        self.find_partitions()?;
        if let (Standing::Called, true) = (&self.standing, self.owns_any()) {
            self.stand_for_decider(&team)?;
        }
        let Standing::Prepares(candidacy) = &self.standing else { return Ok(()) };
        let Some(writer) = candidacy.ready() else { return Ok(()) };
        self.session.write_with(Some(writer?));
        // What was at its end may not be so any more: the former decider wrote until just now. Read on from the same
        // places, every partition tells again when its end is reached.
        for state in self.states.iter_mut().flatten() {
            state.at_end = false;
        }
        self.session.take(&Starts::new(), self.reads())?;
        self.team_from_beginning();
        self.session.take_team(&team, true)?;
        self.standing = Standing::Decides { team_read: false };
        self.stage.lead(true);
        tracing::info!(stage = self.settings.stage, "this copy decides from now on");
        self.tell_owned();
        Ok(())
    }

    fn team_from_beginning(&mut self) {
        self.stage.team_begins();
        if let Standing::Decides { team_read } = &mut self.standing {
            *team_read = false;
        }
    }

    /// Serves the member of the group, which brings the records of the team.
    fn poll_member(&mut self, team: &str) -> Result<(), Fault> {
        let session = self.session;
        // Nobody waits for what it tells; unheard, it would be kept.
        session.looker.poll(Duration::ZERO);
        for _ in 0..BATCH {
            match session.consumer.poll(Duration::ZERO) {
                None => break,
                Some(Ok(message)) => self.deliver_team(&message),
                Some(Err(KafkaError::PartitionEOF(_))) => {
                    if let Standing::Decides { team_read } = &mut self.standing {
                        *team_read = true;
                    }
                }
                Some(Err(KafkaError::MessageConsumptionFatal(code))) => {
                    return Err(Fault::Session(format!("consumer: {code}")));
                }
                Some(Err(KafkaError::MessageConsumption(code))) if is_gone(code) => {
                    metrics::topic_missing(self.settings.stage, team, true);
                    if self.standing.decides() {
                        return Err(Fault::Session(format!("topic {team}: {code}")));
                    }
                }
                // There is no record at the place: the log is another one. New clients read it from its beginning.
                Some(Err(KafkaError::MessageConsumption(code @ RDKafkaErrorCode::AutoOffsetReset))) => {
                    return Err(Fault::Session(format!("topic {team}: {code}")));
                }
                // Counted and logged by `ClientEvents`; the client goes on by itself.
                Some(Err(_)) => {}
            }
        }
        while let Some(change) = session.next_change() {
            self.on_office(team, change)?;
        }
        Ok(())
    }

    fn deliver_team(&mut self, message: &BorrowedMessage<'_>) {
        if !self.standing.decides() {
            return;
        }
        let (partition, offset, value) = (message.partition(), message.offset(), message.payload());
        let timestamp = self.timestamp(message);
        let timestamp_ms = message.timestamp().to_millis().unwrap_or(0);
        let mark = mark_of(offset, timestamp_ms, value.unwrap_or_default());
        let (key, headers) = (message.key(), &Heads(message));
        self.stage.team(Record { partition, offset, timestamp, mark, key, value, headers, replayed: false });
    }

    /// The group has given us the partition of the team, or taken it away.
    fn on_office(&mut self, team: &str, change: Change) -> Result<(), Fault> {
        match change {
            // A further partition of the team would make a second decider.
            Change::Assigned(given) if given.contains(&0) => {
                metrics::topic_missing(self.settings.stage, team, false);
                self.session.take_team(team, false)?;
                self.standing = Standing::Called;
                self.joined = true;
            }
            Change::Assigned(_) => {
                self.session.take_team(team, false)?;
                self.joined = true;
            }
            Change::Revoked(_) => self.stand_down(team)?,
        }
        self.tell_joined();
        Ok(())
    }

    /// The stage has joined once the group has answered and the topic is being read.
    pub(super) fn tell_joined(&self) {
        if self.joined && self.owns_any() {
            self.pulse.joined();
        }
    }

    fn stand_for_decider(&mut self, team: &str) -> Result<(), Fault> {
        let (settings, session) = (self.settings, self.session);
        let wanted = Wanted {
            kafka: settings.kafka.clone(),
            stage: settings.stage,
            id: settings.decider().unwrap_or_default(),
            topic: settings.topic.clone(),
            partitions: self.owned(),
            team: team.to_owned(),
        };
        let clients = Clients {
            member: Arc::clone(&session.consumer),
            source: Arc::clone(&session.source),
            looker: Arc::clone(&session.looker),
            events: Arc::clone(&session.events),
            left_behind: session.left_behind.clone(),
        };
        self.standing = Standing::Prepares(Candidacy::begin(wanted, clients)?);
        Ok(())
    }

    /// Commits what is in hand and reads on without deciding; only then another copy may decide.
    fn stand_down(&mut self, team: &str) -> Result<(), Fault> {
        let decided = self.standing.decides();
        let mut rebuild = false;
        if decided {
            // One that was lost may be somebody else's already: what is in hand is theirs to do again.
            if self.session.consumer.assignment_lost() {
                rebuild = true;
            } else {
                self.stage.leaving(&self.owned());
                match self.write(clock::now()) {
                    Ok(()) => {}
                    Err(Fault::Abort(reason)) => {
                        self.abort(&reason)?;
                        rebuild = true;
                    }
                    Err(fault) => return Err(fault),
                }
            }
        }
        self.leave_office();
        self.session.release_team(team, decided)?;
        if rebuild { self.rebuild() } else { Ok(()) }
    }

    /// This copy decides no longer.
    pub(super) fn leave_office(&mut self) {
        if std::mem::replace(&mut self.standing, Standing::StandsBy).decides() {
            self.stage.lead(false);
            self.session.write_with(None);
            tracing::info!(stage = self.settings.stage, "this copy stands by from now on");
            self.tell_owned();
            for partition in self.owned() {
                metrics::forget_lag(self.settings.stage, &self.settings.label(partition));
            }
        }
    }

    /// Reads partitions that are not read yet: all of them at first, later those that were added.
    fn find_partitions(&mut self) -> Result<(), Fault> {
        if self.takeover.is_some() {
            return Ok(());
        }
        let known = Partition::try_from(self.states.len()).unwrap_or(Partition::MAX);
        let there = if known > 0 {
            self.session.partitions()
        } else if let Some(there) = self.session.ask_partitions(ASK) {
            there
        } else {
            metrics::topic_missing(self.settings.stage, &self.settings.topic, true);
            self.shutdown.wait(LOOK_AGAIN);
            return Ok(());
        };
        if there <= known {
            return Ok(());
        }
        let wanted = takeover::Wanted {
            kafka: self.settings.kafka.clone(),
            stage: self.settings.stage,
            topic: self.settings.topic.clone(),
            // The copy that decides writes on. All of that is decided once the transactional id is ours.
            is_ours: false,
            partitions: (known..there).collect(),
            members: None,
        };
        let (consumer, producer) = (Arc::clone(&self.session.consumer), Arc::clone(&self.session.looker));
        self.takeover = Some(Takeover::begin(wanted, consumer, producer)?);
        Ok(())
    }

    /// What is to be committed of a partition.
    pub(super) fn kept(&self, partition: Partition, state: &PartitionState) -> Option<Kept> {
        let place = state.place?;
        let needed = if self.settings.team.is_none() {
            None
        } else if let Some(next) = state.next {
            // What is being read again brings more that is needed: none of it comes before the next record.
            let next = next.min(place.offset);
            Some(self.stage.needs(partition).map_or(next, |needed| needed.min(next)))
        } else {
            state.needed
        };
        Some(Kept { place, needed })
    }

    /// Whether what is committed must be committed again, so that the group does not forget it.
    pub(super) fn must_commit_again(&self, now: Timestamp) -> bool {
        self.settings.team.is_some() && now.since(self.committed_at) >= COMMIT_AGAIN_MS
    }

    /// The partitions that the stage may take for read to their end: none before the topic of the team is read.
    pub(super) fn at_end(&self) -> Vec<Partition> {
        if !matches!(self.standing, Standing::Decides { team_read: true }) && self.settings.team.is_some() {
            return Vec::new();
        }
        let states = (0..).zip(&self.states);
        states.filter(|(_, state)| state.as_ref().is_some_and(|state| state.at_end)).map(|(at, _)| at).collect()
    }
}
