//! In flight: a limited number of tries to one receiver are under way at once; the others wait for a slot. A flood of
//! incidents must not use up the sockets, nor run into the service's rate limit at full tilt.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::Hash;

use orszem_records::time::Timestamp;

/// The tries under way, and who waits for one of them to end. `K` is an incident.
#[derive(Debug)]
pub(in crate::respond) struct InFlight<K> {
    /// By receiver, the tries under way and since when.
    tries: HashMap<String, HashMap<K, Timestamp>>,
    /// By receiver, the incidents that wait for a slot.
    waiting_for_slot: BTreeMap<String, BTreeSet<K>>,
}

impl<K> Default for InFlight<K> {
    fn default() -> Self {
        InFlight { tries: HashMap::new(), waiting_for_slot: BTreeMap::new() }
    }
}

impl<K: Clone + Eq + Hash + Ord> InFlight<K> {
    /// A try to the receiver is under way since the given time.
    pub(in crate::respond) fn begin(&mut self, receiver: &str, key: &K, since: Timestamp) {
        self.tries.entry(receiver.to_owned()).or_default().insert(key.clone(), since);
    }

    /// Whether one more try to the receiver would be too many, where `limit` may be under way. What is urgent has as
    /// many places of its own: it does not wait for receivers that hang.
    pub(in crate::respond) fn is_full(&self, receiver: &str, limit: usize, urgent: bool) -> bool {
        let limit = if urgent { 2 * limit } else { limit };
        self.count(receiver) >= limit
    }

    /// How many tries to the receiver are under way.
    pub(in crate::respond) fn count(&self, receiver: &str) -> usize {
        self.tries.get(receiver).map_or(0, HashMap::len)
    }

    /// Whether incidents wait for a slot of the receiver.
    pub(in crate::respond) fn is_awaited(&self, receiver: &str) -> bool {
        self.waiting_for_slot.contains_key(receiver)
    }

    /// The receivers that incidents wait for.
    pub(in crate::respond) fn awaited(&self) -> impl Iterator<Item = &String> {
        self.waiting_for_slot.keys()
    }

    /// The incidents that wait for the receiver need not wait any more.
    pub(in crate::respond) fn release_all(&mut self, receiver: &str) -> BTreeSet<K> {
        self.waiting_for_slot.remove(receiver).unwrap_or_default()
    }

    /// Lets the incident wait until a try to the receiver ends.
    pub(in crate::respond) fn wait_for_slot(&mut self, receiver: String, key: K) {
        self.waiting_for_slot.entry(receiver).or_default().insert(key);
    }

    /// The incident's try to the receiver, if one was under way, has ended: the incidents that waited for a slot.
    pub(in crate::respond) fn release_slot(&mut self, receiver: &str, key: &K) -> BTreeSet<K> {
        match self.tries.get_mut(receiver).and_then(|tries| tries.remove(key)) {
            Some(_) => self.waiting_for_slot.remove(receiver).unwrap_or_default(),
            None => BTreeSet::new(),
        }
    }

    /// Tries that are lost take up no slot: the incidents that waited for those.
    pub(in crate::respond) fn expire(&mut self, timeout_ms: i64, now: Timestamp) -> BTreeSet<K> {
        let mut released = BTreeSet::new();
        for (receiver, tries) in &mut self.tries {
            let before = tries.len();
            tries.retain(|_, since| since.plus(timeout_ms) > now);
            if tries.len() < before {
                released.extend(self.waiting_for_slot.remove(receiver).unwrap_or_default());
            }
        }
        released
    }

    /// When the first try that incidents wait for will be lost.
    pub(in crate::respond) fn next_loss(&self, timeout_ms: i64) -> Option<Timestamp> {
        let tries = self.waiting_for_slot.keys().filter_map(|receiver| self.tries.get(receiver));
        tries.flat_map(HashMap::values).min().map(|since| since.plus(timeout_ms))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: usize = 4;

    fn full() -> InFlight<usize> {
        let mut in_flight = InFlight::default();
        for n in 0..LIMIT {
            assert!(!in_flight.is_full("mail", LIMIT, false));
            in_flight.begin("mail", &n, Timestamp(1_000 * i64::try_from(n).unwrap()));
        }
        in_flight
    }

    #[test]
    fn one_receiver_that_is_full_holds_up_no_other() {
        let mut in_flight = full();
        assert!(in_flight.is_full("mail", LIMIT, false) && !in_flight.is_full("pager", LIMIT, false));
        assert!(!in_flight.is_full("mail", LIMIT, true), "what is urgent has places of its own");
        in_flight.begin("mail", &0, Timestamp(9_000));
        in_flight.release_slot("mail", &0);
        assert!(!in_flight.is_full("mail", LIMIT, false), "a try that is counted again is still one");
    }

    #[test]
    fn a_try_that_ends_lets_in_who_waits() {
        let mut in_flight = full();
        in_flight.wait_for_slot("mail".into(), 9);
        in_flight.wait_for_slot("mail".into(), 8);
        assert!(in_flight.release_slot("mail", &7).is_empty(), "it had none under way");
        assert!(in_flight.release_slot("pager", &1).is_empty());
        assert_eq!(in_flight.release_slot("mail", &1), BTreeSet::from([8, 9]));
        assert!(in_flight.release_slot("mail", &2).is_empty(), "nobody is waiting");
    }

    #[test]
    fn a_try_that_is_lost_lets_in_who_waits_too() {
        let mut in_flight = full();
        assert_eq!(in_flight.next_loss(10_000), None, "nobody waits");
        in_flight.wait_for_slot("mail".into(), 9);
        assert_eq!(in_flight.next_loss(10_000), Some(Timestamp(10_000)));
        assert!(in_flight.expire(10_000, Timestamp(9_999)).is_empty());
        assert_eq!(in_flight.expire(10_000, Timestamp(10_000)), BTreeSet::from([9]));
        assert!(!in_flight.is_full("mail", LIMIT, false));
    }
}
