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

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::posting::posting_fixture::{at, config, draft, entry};
    use crate::respond::settings::Settings;
    use orszem_records::signal::{Kind, Phase, Signal};

    #[test]
    fn a_post_that_was_read_before_the_partition_of_its_incident_is_ready_is_found_then() {
        let opened = at("2026-03-30T08:00:00Z");
        let text = "We are looking into what happened at the plant.";
        let mut core = Core::new(Settings::new(&config(), BTreeMap::new()));
        let signal = Event::Signal(Box::new(Signal::plain(Phase::Opened, Kind::Negativity, opened)));
        for event in [signal, draft("anna", text)] {
            core.apply(1, &entry(opened, event), opened);
        }
        let posts = |core: &mut Core, minutes: i64| {
            let mut out = Vec::new();
            core.decide(opened.plus(minutes * 60_000), &mut out);
            out.iter().filter(|(partition, entry)| *partition == 1 && matches!(entry.event, Event::Posted(_))).count()
        };
        core.ready(0);
        let (account, id, at) = ("facebook".into(), "1".into(), opened.plus(60_000));
        core.own_post(OwnPost { account, id, at, text: text.into(), url: None });
        assert_eq!(posts(&mut core, 2), 0, "nothing is decided for a partition that is not ready");
        core.ready(1);
        assert!(core.next_deadline().is_some_and(|at| at <= opened.plus(3 * 60_000)));
        assert_eq!((posts(&mut core, 3), posts(&mut core, 4)), (1, 0));
    }
}
