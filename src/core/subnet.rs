//! Networks of addresses: those that begin with the same bits.

use std::net::IpAddr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize, Serializer};

/// The addresses that have the same first bits: `10.0.0.0/8`, `2001:db8::/32`, or one address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Subnet {
    address: IpAddr,
    bits: u32,
}

/// Why a text is no network, and what would be right.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoSubnet {
    /// It has no form of a network.
    #[error("is neither an address nor a network; write \"192.0.2.7\" or \"10.0.0.0/8\"")]
    Form,
    /// It names an address inside of the network.
    #[error("has bits behind its length; write \"{0}\"")]
    Inside(String),
}

impl Subnet {
    /// Reads `10.0.0.0/8` or a single address.
    ///
    /// # Errors
    /// It is neither, or bits are set that do not belong to the network: which of the two was meant is not known.
    pub fn parse(text: &str) -> Result<Subnet, NoSubnet> {
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) if bits.bytes().all(|byte| byte.is_ascii_digit()) => (address, Some(bits)),
            Some(_) => return Err(NoSubnet::Form),
            None => (text, None),
        };
        let address: IpAddr = address.parse().map_err(|_| NoSubnet::Form)?;
        let length = length(address);
        let bits = bits.map_or(Ok(length), |bits| bits.parse::<u32>().map_err(|_| NoSubnet::Form))?;
        if bits > length {
            return Err(NoSubnet::Form);
        }
        let first = first_bits(address, bits);
        match first == address {
            true => Ok(Subnet { address, bits }),
            false => Err(NoSubnet::Inside(format!("{first}/{bits}"))),
        }
    }

    /// Whether an address is one of them. An IPv4 address counts as such also where a listener for IPv6 gives it.
    pub fn contains(&self, address: IpAddr) -> bool {
        same_beginning(address.to_canonical(), self.address, self.bits)
    }

    /// Whether every address is one of them.
    pub fn is_everything(&self) -> bool {
        self.bits == 0
    }
}

const fn length(address: IpAddr) -> u32 {
    match address {
        IpAddr::V4(_) => 32,
        IpAddr::V6(_) => 128,
    }
}

/// The address with zeros behind its first bits.
fn first_bits(address: IpAddr, bits: u32) -> IpAddr {
    match address {
        IpAddr::V4(address) => {
            let kept = u32::MAX.checked_shl(32 - bits).unwrap_or(0);
            IpAddr::V4((u32::from(address) & kept).into())
        }
        IpAddr::V6(address) => {
            let kept = u128::MAX.checked_shl(128 - bits).unwrap_or(0);
            IpAddr::V6((u128::from(address) & kept).into())
        }
    }
}

/// Whether two addresses of one family agree in their first bits; in all where there are fewer.
pub(crate) fn same_beginning(one: IpAddr, other: IpAddr, bits: u32) -> bool {
    let (one, other, length) = match (one, other) {
        (IpAddr::V4(one), IpAddr::V4(other)) => (u128::from(u32::from(one)), u128::from(u32::from(other)), 32),
        (IpAddr::V6(one), IpAddr::V6(other)) => (u128::from(one), u128::from(other), 128),
        _ => return false,
    };
    (one ^ other).checked_shr(length - bits.min(length)).unwrap_or(0) == 0
}

impl std::fmt::Display for Subnet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.address, self.bits)
    }
}

impl<'de> Deserialize<'de> for Subnet {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Subnet, D::Error> {
        let text = String::deserialize(deserializer)?;
        Subnet::parse(&text).map_err(serde::de::Error::custom)
    }
}

impl Serialize for Subnet {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl JsonSchema for Subnet {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Subnet".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string",
            "description": "A network of addresses, such as 10.0.0.0/8, or one address.",
            "format": "subnet"
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::net::{Ipv4Addr, Ipv6Addr};

    #[test]
    fn a_network_holds_its_addresses_in_both_spellings() {
        let network = Subnet::parse("10.0.0.0/8").unwrap();
        for (address, inside) in
            [("10.255.1.2", true), ("::ffff:10.1.1.1", true), ("11.0.0.0", false), ("::a00:1", false)]
        {
            assert_eq!(network.contains(address.parse().unwrap()), inside, "{address}");
        }
        assert!(Subnet::parse("::1").unwrap().contains("::1".parse().unwrap()));
        assert!(Subnet::parse("0.0.0.0/0").unwrap().is_everything());
    }

    #[test]
    fn what_is_no_network_says_what_would_be_right() {
        assert_eq!(Subnet::parse("10.1.2.3/8"), Err(NoSubnet::Inside("10.0.0.0/8".into())));
        for wrong in ["", "proxy", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/+8", "10.0.0/8", "::/129", "10.0.0.0/8/8"] {
            assert_eq!(Subnet::parse(wrong), Err(NoSubnet::Form), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn a_network_has_the_addresses_between_its_first_and_its_last(bits in 0_u32..=32, at: u32, other: u32) {
            let first = first_bits(Ipv4Addr::from(at).into(), bits);
            let network = Subnet::parse(&format!("{first}/{bits}")).unwrap();
            let IpAddr::V4(first) = first else { unreachable!() };
            let last = u64::from(u32::from(first)) + (1_u64 << (32 - bits)) - 1;
            let inside = (u64::from(u32::from(first))..=last).contains(&u64::from(other));
            prop_assert_eq!(network.contains(Ipv4Addr::from(other).into()), inside);
        }

        #[test]
        fn what_is_read_is_written_alike(bits in 0_u32..=128, at: u128) {
            let text = format!("{}/{bits}", first_bits(Ipv6Addr::from(at).into(), bits));
            prop_assert_eq!(Subnet::parse(&text).unwrap().to_string(), text);
        }
    }
}
