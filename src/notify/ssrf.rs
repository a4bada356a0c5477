//! Keeps webhooks away from private networks: a configured address must not become a way into them (SSRF).
//!
//! The check is made where the connection is: the resolver hands out public addresses only, so a name that pointed
//! elsewhere a moment ago (DNS rebinding) gains nothing.

use std::net::SocketAddr;

use orszem_core::network::is_public;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

/// A host that is not on the public internet.
#[derive(Debug, thiserror::Error)]
#[error("the host is in a private network, which `allow_private` would permit")]
pub struct Refused;

/// Resolves names to their public addresses; a name that has none is [`Refused`].
#[derive(Debug, Clone, Copy)]
pub struct PublicOnly;

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            let public: Vec<SocketAddr> = found.iter().copied().filter(|address| is_public(address.ip())).collect();
            if public.is_empty() && !found.is_empty() {
                return Err(Refused.into());
            }
            Ok(Box::new(public.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_name_that_resolves_to_this_machine_has_no_address() {
        let refused = PublicOnly.resolve("localhost".parse().unwrap()).await;
        assert!(refused.err().is_some_and(|fault| fault.is::<Refused>()));
    }
}
