//! Which addresses are on the public internet: for what may be configured, and for what a receiver may connect to.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use url::Url;

/// Whether the host of `url`, where it is written as an address, is a public one. A name passes, but for `localhost`:
/// what it resolves to is seen when connecting.
pub fn host_is_public(url: &Url) -> bool {
    // Url has made `http://0x7f.1`, `http://2130706433` and the like the addresses that they are.
    let Some(host) = url.host_str() else { return false };
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    match bare.parse::<IpAddr>() {
        Ok(address) => is_public(address),
        Err(_) => {
            let name = host.trim_end_matches('.').to_ascii_lowercase();
            name != "localhost" && !name.ends_with(".localhost")
        }
    }
}

/// Whether a host is one that only a private network knows: a name without a dot, or below a name that is set aside for
/// such networks. Where it leads is seen when connecting; this is what can be said before.
pub fn is_private_name(url: &Url) -> bool {
    const SET_ASIDE: [&str; 6] = [".local", ".internal", ".home.arpa", ".localdomain", ".lan", ".intranet"];
    let Some(url::Host::Domain(name)) = url.host() else { return false };
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    !name.contains('.') || SET_ASIDE.iter().any(|end| name.ends_with(end))
}

/// Whether an address leads to this machine.
pub fn is_local(url: &Url) -> bool {
    match url.host_str() {
        Some("localhost") => true,
        Some(host) => host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok_and(|address| address.is_loopback()),
        None => false,
    }
}

/// Whether an address can be a host of the public internet: not one that IANA sets aside for other ends.
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    // RFC 6890 and its registry: "this network", private, shared, loopback, link-local, protocol assignments,
    // documentation, 6to4 relays, benchmarks, multicast, reserved.
    !matches!(
        address.octets(),
        [0 | 10 | 127, ..]
            | [100, 64..=127, ..]
            | [169, 254, ..]
            | [172, 16..=31, ..]
            | [192, 0, 0 | 2, _]
            | [192, 88, 99, _]
            | [192, 168, ..]
            | [198, 18 | 19, ..]
            | [198, 51, 100, _]
            | [203, 0, 113, _]
            | [224..=255, ..]
    )
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let embedded = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        is_public_v4(Ipv4Addr::new(a, b, c, d))
    };
    match address.segments() {
        // An IPv4 address in IPv6 clothes leads where the IPv4 address leads: mapped, NAT64, 6to4.
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => embedded(high, low),
        [0x2002, high, low, ..] => embedded(high, low),
        // Teredo and other protocol assignments, documentation.
        [0x2001, 0..=0x1ff, ..] | [0x2001, 0xdb8, ..] | [0x3fff, 0..=0xfff, ..] => false,
        // The rest of global unicast; loopback, unique-local, link-local, multicast and what is not given out lie
        // outside.
        [first, ..] => first & 0xe000 == 0x2000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_addresses_are_known_in_every_dress() {
        for private in [
            "0.0.0.0",
            "10.1.2.3",
            "100.64.0.1",
            "127.0.0.1",
            "127.9.9.9",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.1",
            "192.0.2.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.51.100.7",
            "203.0.113.7",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::127.0.0.1",
            "::ffff:127.0.0.1",
            "::ffff:a9fe:a9fe",
            "64:ff9b::10.0.0.1",
            "2002:7f00:1::",
            "2002:c0a8:101::1",
            "2001::1",
            "2001:db8::1",
            "fc00::1",
            "fd12::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
        ] {
            assert!(!is_public(private.parse().unwrap()), "{private}");
        }
        for public in [
            "8.8.8.8",
            "100.63.255.255",
            "100.128.0.1",
            "172.15.0.1",
            "172.32.0.1",
            "192.0.1.1",
            "2606:4700::1111",
            "2001:4860:4860::8888",
            "::ffff:8.8.8.8",
            "64:ff9b::8.8.8.8",
            "2002:808:808::1",
        ] {
            assert!(is_public(public.parse().unwrap()), "{public}");
        }
    }

    #[test]
    fn odd_spellings_of_a_private_host_are_seen_through() {
        for private in [
            "http://127.0.0.1/",
            "http://2130706433/",
            "http://0x7f.1/",
            "http://0177.0.0.1/",
            "http://[::1]/",
            "http://[::ffff:10.0.0.1]/",
            "http://localhost/",
            "http://LOCALHOST./",
            "http://a.localhost/",
            "http://127.1/",
            "http://１２７.0.0.1/",
        ] {
            assert!(!host_is_public(&Url::parse(private).unwrap()), "{private}");
        }
        assert!(host_is_public(&Url::parse("https://example.com/").unwrap()));
        assert!(host_is_public(&Url::parse("https://[2606:4700::1111]/").unwrap()));
    }

    #[test]
    fn names_that_only_a_private_network_knows_are_told_apart() {
        let of = |url: &str| is_private_name(&Url::parse(url).unwrap());
        for private in ["http://hook:8080/", "https://HOOKS.local/", "https://a.svc.internal./", "http://x.home.arpa/"]
        {
            assert!(of(private), "{private}");
        }
        for other in ["https://hooks.example/", "https://local.example/", "http://8.8.8.8/", "http://[::1]/"] {
            assert!(!of(other), "{other}");
        }
    }
}
