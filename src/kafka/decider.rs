//! What it takes to decide for all partitions: on a thread beside the loop, which reads on meanwhile.
//!
//! Who owns the one partition of the team's topic in the group is the decider. All deciders have one transactional id:
//! a new one takes it over, which ends what the former one has left open and keeps that one from writing anything more.
//! Only then it is known what there is to read.

use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::producer::Producer;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::time::Duration;

use super::bounded::LeftBehind;
use super::client::{self, ClientEvents};
use super::reader::decided;
use super::session::{Fault, GroupContext};
use super::takeover::ASK;
use super::writer::{self, TransactionProducer, Writer};
use orszem_core::settings::Kafka;
use orszem_core::stage::Partition;

/// Whether this copy decides.
pub(super) enum Standing {
    /// Another copy decides, or nobody yet.
    StandsBy,
    /// The group has given us the partition of the team.
    Called,
    /// Takes over from the former decider.
    Prepares(Candidacy),
    /// It is the decider.
    Decides {
        /// The topic of the team was read to its end.
        team_read: bool,
    },
}

impl Standing {
    /// Whether it is the decider.
    pub(super) fn decides(&self) -> bool {
        matches!(self, Standing::Decides { .. })
    }
}

/// What a candidacy is for.
pub(super) struct Wanted {
    pub(super) kafka: Kafka,
    pub(super) stage: &'static str,
    /// The transactional id of the decider.
    pub(super) id: String,
    /// The topic that is decided for, and its partitions.
    pub(super) topic: String,
    pub(super) partitions: Vec<Partition>,
    /// The topic of the team.
    pub(super) team: String,
}

/// The clients that a candidacy asks.
pub(super) struct Clients {
    /// The member of the group.
    pub(super) member: Arc<BaseConsumer<GroupContext>>,
    /// Reads committed records only.
    pub(super) source: Arc<BaseConsumer<GroupContext>>,
    /// Sees uncommitted records as well.
    pub(super) looker: Arc<TransactionProducer>,
    pub(super) events: Arc<ClientEvents>,
    pub(super) left_behind: LeftBehind,
}

/// A takeover from the former decider that goes on. Dropped, it is given up.
pub(super) struct Candidacy {
    answer: mpsc::Receiver<Result<Writer, Fault>>,
    given_up: Arc<AtomicBool>,
}

impl Drop for Candidacy {
    fn drop(&mut self) {
        self.given_up.store(true, Ordering::Release);
    }
}

impl Candidacy {
    /// Begins one.
    pub(super) fn begin(wanted: Wanted, clients: Clients) -> Result<Candidacy, Fault> {
        let (tell, answer) = mpsc::channel();
        let given_up = Arc::new(AtomicBool::new(false));
        let stop = Arc::clone(&given_up);
        let thread = std::thread::Builder::new().name(format!("{} decider", wanted.stage)).spawn(move || {
            let taken = take_over(&wanted, &clients, &|| stop.load(Ordering::Acquire));
            // Of clients that the loop has dropped, this may be the last use: they close before it is told.
            drop(clients);
            let _ = tell.send(taken);
        });
        thread.map_err(|fault| Fault::Session(format!("thread for the decider: {fault}")))?;
        Ok(Candidacy { answer, given_up })
    }

    /// What the decider writes with, once everything that the former one wrote can be read.
    pub(super) fn ready(&self) -> Option<Result<Writer, Fault>> {
        match self.answer.try_recv() {
            Ok(writer) => Some(writer),
            Err(mpsc::TryRecvError::Empty) => None,
            Err(mpsc::TryRecvError::Disconnected) => Some(Err(Fault::Session("candidacy ended by itself".into()))),
        }
    }
}

fn take_over(wanted: &Wanted, clients: &Clients, is_given_up: &dyn Fn() -> bool) -> Result<Writer, Fault> {
    let fault = |fault: &dyn std::fmt::Display| Fault::Session(format!("taking over as the decider: {fault}"));
    wait_for_former_versions(wanted, clients, is_given_up);
    if is_given_up() {
        // The copy that decides now must not lose its transactional id to us.
        return Err(fault(&"given up"));
    }
    let producer = writer::producer(&wanted.kafka, &wanted.id, &clients.events).map_err(|error| fault(&error))?;
    let wait = || {
        pause(Duration::from_millis(20));
        is_given_up()
    };
    let begun = Writer::begin(producer, wanted.stage, &clients.left_behind, wait);
    let writer = begun.map_err(|error| fault(&error))?.ok_or_else(|| fault(&"given up"))?;
    let lookers = (clients.looker.client(), clients.source.client());
    let topics = wanted.partitions.iter().map(|partition| (&*wanted.topic, *partition));
    for partition in topics.chain([(&*wanted.team, 0)]) {
        // What a decider that died told people must be known before we tell them anything.
        decided(lookers, partition, wait).map_err(|error| fault(&error))?;
    }
    Ok(writer)
}

/// Waits while the group has members that read the topic itself: copies from before there was one decider, each of
/// which decides for the partitions that it has. They must not be joined by somebody who decides for all.
fn wait_for_former_versions(wanted: &Wanted, clients: &Clients, is_given_up: &dyn Fn() -> bool) {
    let group = client::group(&wanted.kafka, wanted.stage);
    let mut told = false;
    while !is_given_up() {
        // Groups of KIP-848 are not told in this way, nor is one whose user may not see it.
        let Ok(groups) = clients.member.fetch_group_list(Some(&group), ASK) else { return };
        let mut members = groups.groups().iter().flat_map(|group| group.members());
        if !members.any(|member| member.metadata().is_some_and(|sent| names(sent, &wanted.topic))) {
            return;
        }
        if !std::mem::replace(&mut told, true) {
            tracing::warn!(
                stage = wanted.stage,
                group,
                "copies of an older version still decide, each for its partitions: waiting until they are stopped"
            );
        }
        pause(ASK);
    }
}

/// Whether what a member of a group sent when it joined names the topic: as text that begins with its length.
fn names(sent: &[u8], topic: &str) -> bool {
    let Ok(length) = u16::try_from(topic.len()) else { return false };
    let name = [&length.to_be_bytes()[..], topic.as_bytes()].concat();
    sent.windows(name.len()).any(|window| window == name)
}

#[expect(clippy::disallowed_methods, reason = "this thread waits for nothing but Kafka")]
fn pause(time: Duration) {
    std::thread::sleep(time);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_member_subscribes_to_is_seen() {
        // Version 0, one topic, no user data: as librdkafka sends it.
        let subscribes = |topic: &str| {
            let length = u16::try_from(topic.len()).unwrap().to_be_bytes();
            [&[0, 0, 0, 0, 0, 1][..], &length, topic.as_bytes(), &[0, 0, 0, 0]].concat()
        };
        assert!(names(&subscribes("orszem.ledger"), "orszem.ledger"));
        assert!(!names(&subscribes("orszem.team"), "orszem.ledger"));
        assert!(!names(&subscribes("x.orszem.ledger"), "orszem.ledger"), "another topic that ends like it");
        assert!(!names(&subscribes("orszem.ledger2"), "orszem.ledger"));
        assert!(!names(&[], "orszem.ledger"));
    }
}
