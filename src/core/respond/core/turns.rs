//! Turns: in which order is carried out what is due at once.

use std::collections::HashMap;

use orszem_records::ledger::Action;

use super::super::plan::Command;
use super::super::tracked::Tracked;
use super::{Core, Key};

impl Core {
    /// Puts commands in their order: calls before news, the worst first. At each receiver the watches take turns with
    /// their calls, so that a flood of one does not keep another from its first. Then comes what has waited longest.
    pub(super) fn take_turns(&self, commands: &mut [(Key, Command)]) {
        let severity = |key: &Key| self.incidents.get(key).map_or(u8::MAX, Tracked::severity);
        commands.sort_by_cached_key(|(key, command)| (command.rank(severity(key)), key.clone()));
        let mut turns: HashMap<(&str, &str), usize> = HashMap::new();
        let mut ranks = Vec::with_capacity(commands.len());
        for (key, command) in &*commands {
            let (kind, severity, _) = command.rank(severity(key));
            let turn = match (command, self.incidents.get(key)) {
                (Command::Try(attempt, _), Some(tracked)) if attempt.action == Action::Trigger => {
                    let (receiver, watch) = (attempt.receiver.as_str(), tracked.incident.watch.as_str());
                    let turn = turns.entry((receiver, watch)).or_insert_with(|| self.under_way(receiver, watch));
                    *turn += 1;
                    *turn
                }
                _ => 0,
            };
            ranks.push((kind, severity, turn));
        }
        let mut ranks = ranks.into_iter();
        // Each is asked for its rank once, in order.
        commands.sort_by_cached_key(|_| ranks.next());
    }

    /// How many tries of a watch to a receiver are under way.
    fn under_way(&self, receiver: &str, watch: &str) -> usize {
        let is_of_it = |key: &&Key| self.incidents.get(*key).is_some_and(|tracked| tracked.incident.watch == watch);
        self.in_flight.under_way(receiver).filter(is_of_it).count()
    }
}
