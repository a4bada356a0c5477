//! Whether a host and port can be reached: its name, then a TCP connection, which is closed again at once.

use std::io::ErrorKind;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;

/// Why a host cannot be reached. The texts are for an engineer, in plain words.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreached {
    /// The DNS does not know the name.
    #[error("the name {0} is unknown to the DNS of this machine")]
    UnknownName(String),
    /// The DNS did not answer.
    #[error("the DNS did not answer for the name {0}")]
    NoDns(String),
    /// It has addresses, and none of them may be connected to.
    #[error("{0} is in a private network")]
    Private(String),
    /// The host refused the connection.
    #[error("nothing listens at {0} (connection refused)")]
    Refused(String),
    /// No answer came.
    #[error("{0} did not answer within {1:?}")]
    Late(String, Duration),
    /// Something else.
    #[error("{0} cannot be connected to: {1}")]
    Other(String, String),
}

impl Unreached {
    /// What to do about it.
    pub fn fix(&self) -> &'static str {
        match self {
            Unreached::UnknownName(_) => "check the spelling of the host, and the DNS (/etc/resolv.conf, /etc/hosts)",
            Unreached::NoDns(_) => "check that this machine reaches its DNS server (/etc/resolv.conf)",
            Unreached::Private(_) => "add allow_private = true to this receiver if that is meant",
            Unreached::Refused(_) => "check that the server runs, and its port in the configuration",
            Unreached::Late(..) | Unreached::Other(..) => "check the address, the firewall and the route to it",
        }
    }
}

/// Connects to `host:port` and closes the connection. Only addresses that are `allowed` are connected to; the first
/// that answers is enough. The lookup and the connection take at most `limit` each.
///
/// # Errors
/// Why none could be connected to.
pub async fn reach(host: &str, port: u16, limit: Duration, allowed: fn(IpAddr) -> bool) -> Result<(), Unreached> {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let shown = if bare.contains(':') { format!("[{bare}]:{port}") } else { format!("{bare}:{port}") };
    let found = match timeout(limit, lookup_host((bare, port))).await {
        Err(_) => return Err(Unreached::NoDns(bare.to_owned())),
        // The resolver's own word for "try again later": it was not the name that was at fault.
        Ok(Err(fault)) if fault.to_string().contains("Temporary failure") => {
            return Err(Unreached::NoDns(bare.to_owned()));
        }
        Ok(Err(_)) => return Err(Unreached::UnknownName(bare.to_owned())),
        Ok(Ok(found)) => found.collect::<Vec<SocketAddr>>(),
    };
    let addresses: Vec<SocketAddr> = found.iter().copied().filter(|address| allowed(address.ip())).collect();
    if addresses.is_empty() {
        return Err(match found.is_empty() {
            true => Unreached::UnknownName(bare.to_owned()),
            false => Unreached::Private(bare.to_owned()),
        });
    }
    match timeout(limit, TcpStream::connect(addresses.as_slice())).await {
        Ok(Ok(_)) => Ok(()),
        Ok(Err(fault)) if fault.kind() == ErrorKind::ConnectionRefused => Err(Unreached::Refused(shown)),
        Ok(Err(fault)) => Err(Unreached::Other(shown, fault.to_string())),
        Err(_) => Err(Unreached::Late(shown, limit)),
    }
}

/// Every address may be connected to.
pub const fn anywhere(_: IpAddr) -> bool {
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: Duration = Duration::from_secs(10);

    #[tokio::test]
    async fn what_listens_is_reached_and_what_does_not_is_told_apart() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        assert_eq!(reach("127.0.0.1", port, LIMIT, anywhere).await, Ok(()));
        let private = reach("127.0.0.1", port, LIMIT, |address| !address.is_loopback()).await;
        assert_eq!(private, Err(Unreached::Private("127.0.0.1".into())), "it must not be connected to");
        drop(listener);
        let refused = reach("127.0.0.1", port, LIMIT, anywhere).await;
        assert_eq!(refused, Err(Unreached::Refused(format!("127.0.0.1:{port}"))));
        let unknown = reach("no-such-host.invalid", port, LIMIT, anywhere).await.unwrap_err();
        assert!(matches!(unknown, Unreached::UnknownName(_) | Unreached::NoDns(_)), "{unknown}");
    }

    #[tokio::test]
    async fn an_address_of_ipv6_may_stand_in_brackets() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        // Nothing listens there, or this machine has no IPv6: the address is read in any case.
        let fault = reach("[::1]", port, LIMIT, anywhere).await.unwrap_err();
        assert!(fault.to_string().contains(&format!("[::1]:{port}")), "{fault}");
    }
}
