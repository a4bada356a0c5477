//! How many connections are open, and which makes room for a new one.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::oneshot;

/// The most that are open at once on a listener.
const ALL: usize = 512;
/// The most that one address has open at once. A proxy in front of orszem is one address, and needs no more than it
/// has requests under way.
const OF_ONE_ADDRESS: usize = 128;

/// The open connections of a listener. Clones are the same.
///
/// A new connection always gets in: where there are too many, of its address or in all, another is closed. Idle ones
/// go first, the one that has been idle longest before all; then the one whose request has lasted longest, which a
/// client that sends a byte now and then keeps open on purpose.
#[derive(Clone, Debug)]
pub(crate) struct Connections {
    open: Arc<Mutex<Open>>,
    all: usize,
    of_one_address: usize,
}

#[derive(Debug, Default)]
struct Open {
    /// By number.
    kept: BTreeMap<u64, Kept>,
    /// Counts openings, requests and answers: their order.
    events: u64,
}

#[derive(Debug)]
struct Kept {
    client: IpAddr,
    /// Whether a request is under way, and since which event it is so.
    state: (bool, u64),
    /// Dropped when the connection has to close.
    _open: oneshot::Sender<()>,
}

/// A place among the open connections, until it is dropped.
#[derive(Debug)]
pub(crate) struct Place {
    number: u64,
    connections: Connections,
    /// Ends when the connection has to make room.
    pub(crate) closed: oneshot::Receiver<()>,
}

impl Default for Connections {
    fn default() -> Connections {
        Connections::new(ALL, OF_ONE_ADDRESS)
    }
}

impl Connections {
    /// At most `all` in all, and `of_one_address` of one client.
    pub(crate) fn new(all: usize, of_one_address: usize) -> Connections {
        Connections { open: Arc::default(), all, of_one_address }
    }

    /// A new connection of `client`. Where there is no room, another has to close.
    pub(crate) fn open(&self, client: IpAddr) -> Place {
        let client = network(client);
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let of_client = open.kept.values().filter(|kept| kept.client == client).count();
        if of_client >= self.of_one_address {
            open.make_room(|kept| kept.client == client);
        } else if open.kept.len() >= self.all {
            open.make_room(|_| true);
        }
        let number = open.next();
        let (sender, closed) = oneshot::channel();
        open.kept.insert(number, Kept { client, state: (false, number), _open: sender });
        drop(open);
        Place { number, connections: self.clone(), closed }
    }
}

impl Open {
    fn next(&mut self) -> u64 {
        self.events += 1;
        self.events
    }

    fn make_room(&mut self, among: impl Fn(&Kept) -> bool) {
        let candidates = self.kept.iter().filter(|(_, kept)| among(kept));
        if let Some((number, kept)) = candidates.min_by_key(|(_, kept)| kept.state) {
            let (number, client, busy) = (*number, kept.client, kept.state.0);
            tracing::debug!(%client, busy, "too many connections: closing one to make room");
            self.kept.remove(&number);
        }
    }
}

impl Place {
    /// A request begins, or its answer goes out.
    pub(crate) fn busy(&self, busy: bool) {
        let mut open = self.connections.open.lock().unwrap_or_else(PoisonError::into_inner);
        let event = open.next();
        if let Some(kept) = open.kept.get_mut(&self.number) {
            kept.state = (busy, event);
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.connections.open.lock().unwrap_or_else(PoisonError::into_inner).kept.remove(&self.number);
    }
}

/// What counts as one client: an address; of IPv6 the network of it, of which everybody has 2⁶⁴ addresses.
fn network(client: IpAddr) -> IpAddr {
    match client.to_canonical() {
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() >> 64 << 64).into(),
        address => address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use tokio::sync::oneshot::error::TryRecvError;

    fn is_open(place: &mut Place) -> bool {
        place.closed.try_recv() == Err(TryRecvError::Empty)
    }

    fn client(last: u8) -> IpAddr {
        IpAddr::from([192, 0, 2, last])
    }

    #[test]
    fn the_longest_idle_connection_makes_room() {
        let connections = Connections::new(3, 3);
        let mut places: Vec<Place> = (1..=3).map(|last| connections.open(client(last))).collect();
        places[0].busy(true);
        places[0].busy(false);
        let mut new = connections.open(client(4));
        assert_eq!(places.iter_mut().map(is_open).collect::<Vec<_>>(), [true, false, true]);
        assert!(is_open(&mut new));
        places[2].busy(true);
        let _newer = connections.open(client(5));
        assert_eq!(places.iter_mut().map(is_open).collect::<Vec<_>>(), [false, false, true]);
    }

    #[test]
    fn where_none_is_idle_the_longest_request_makes_room() {
        let connections = Connections::new(2, 2);
        let mut places: Vec<Place> = (1..=2).map(|last| connections.open(client(last))).collect();
        places[1].busy(true);
        places[0].busy(true);
        let _new = connections.open(client(3));
        assert_eq!(places.iter_mut().map(is_open).collect::<Vec<_>>(), [true, false]);
    }

    #[test]
    fn an_address_at_its_limit_closes_its_own_connections_and_no_other() {
        let connections = Connections::new(100, 2);
        let mut other = connections.open(client(1));
        let mut places: Vec<Place> = (0..5).map(|_| connections.open(client(2))).collect();
        assert_eq!(places.iter_mut().map(is_open).collect::<Vec<_>>(), [false, false, false, true, true]);
        assert!(is_open(&mut other));
    }

    #[test]
    fn a_network_of_ipv6_is_one_address_and_ipv4_is_the_same_in_both_spellings() {
        let network = |text: &str| network(text.parse().unwrap());
        assert_eq!(network("2001:db8::1"), network("2001:db8::ffff:1:2:3"));
        assert_ne!(network("2001:db8::1"), network("2001:db8:0:1::1"));
        assert_eq!(network("::ffff:192.0.2.1"), client(1));
    }

    #[test]
    fn a_closed_connection_leaves_its_place() {
        let connections = Connections::new(1, 1);
        for _ in 0..5 {
            let mut place = connections.open(client(1));
            assert!(is_open(&mut place));
        }
        assert!(connections.open.lock().unwrap().kept.is_empty());
    }
    proptest! {
        #[test]
        fn whoever_comes_gets_in_and_the_limits_hold(clients in proptest::collection::vec((0_u8..6, any::<bool>()), 1..80)) {
            let connections = Connections::new(8, 3);
            let mut places = Vec::new();
            for (last, busy) in clients {
                let mut place = connections.open(client(last));
                prop_assert!(is_open(&mut place));
                place.busy(busy);
                places.push((last, place));
                let mut open = places.iter_mut().filter_map(|(last, place)| is_open(place).then_some(*last)).collect::<Vec<_>>();
                prop_assert!(open.len() <= 8);
                open.sort_unstable();
                prop_assert!(open.chunk_by(|a, b| a == b).all(|of_one| of_one.len() <= 3));
            }
        }
    }
}
