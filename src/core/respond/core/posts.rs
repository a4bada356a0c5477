//! What our accounts published, held against the statements of incidents.

use orszem_records::ledger::{Entry, Event};
use orszem_records::own_post::OwnPost;
use orszem_records::time::Timestamp;

use super::super::tracked::Key;
use super::Core;
use crate::stage::Partition;

impl Core {
    /// One of our accounts published something.
    pub fn own_post(&mut self, post: OwnPost) {
        self.own_posts.add(post);
    }

    /// Writes which statements were posted, as far as the stream has shown it.
    pub(super) fn write_posts(&mut self, now: Timestamp, out: &mut Vec<(Partition, Entry)>) {
        if !self.own_posts.take_news(now) {
            return;
        }
        // In a drill nothing is posted: what is published belongs to what is real.
        let with_statement = self.incidents.iter().filter(|((partition, _), tracked)| {
            let incident = &tracked.incident;
            self.ready.contains(partition) && !incident.is_drill() && !incident.statements.is_empty()
        });
        let posted: Vec<(Key, Event)> = with_statement
            .flat_map(|(key, tracked)| {
                self.own_posts.of(&tracked.incident).into_iter().map(|event| (key.clone(), event))
            })
            .collect();
        for (key, event) in posted {
            self.write(&key, event, now, out);
        }
    }
}
