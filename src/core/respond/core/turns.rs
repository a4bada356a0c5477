//! Turns: in which order is carried out what is due at once.

use std::collections::HashMap;

use orszem_records::ledger::Action;

use super::super::plan::Command;
use super::super::tracked::Tracked;
use super::{Core, Key};

impl Core {
    /// Puts commands in their order: what is real before drills, calls before news, the worst first. At each receiver
    /// the watches take turns with their calls, so that a flood of one does not keep another from its first. Then comes
    /// what has waited longest.
    pub(super) fn take_turns(&self, mut commands: Vec<(Key, Command)>) -> Vec<(Key, Command)> {
        let severity = |key: &Key| self.incidents.get(key).map_or(u8::MAX, Tracked::severity);
        commands.sort_by_cached_key(|(key, command)| (command.rank(severity(key)), key.clone()));
        let mut turns: HashMap<(bool, String, String), usize> = HashMap::new();
        let rank = |(key, command): (Key, Command)| {
            let (kind, severity, _) = command.rank(severity(&key));
            let drill = key.1.is_drill();
            let turn = match (&command, self.incidents.get(&key)) {
                (Command::Try(attempt, _), Some(tracked)) if attempt.action == Action::Trigger => {
                    let (receiver, watch) = (&attempt.receiver, &tracked.incident.watch);
                    let served = || self.served.of(drill).get(receiver)?.get(watch).copied();
                    let turn = turns.entry((drill, receiver.clone(), watch.clone()));
                    let turn = turn.or_insert_with(|| served().unwrap_or(0));
                    *turn += 1;
                    *turn
                }
                _ => 0,
            };
            ((drill, kind, severity, turn), (key, command))
        };
        let mut ranked: Vec<_> = commands.into_iter().map(rank).collect();
        ranked.sort_by_key(|(rank, _)| *rank);
        ranked.into_iter().map(|(_, command)| command).collect()
    }
}
