//! The address that a connection comes from.

use std::net::SocketAddr;

/// The address that a connection comes from: the client's, or that of the proxy before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Peer(pub(crate) SocketAddr);
