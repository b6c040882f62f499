//! Which addresses of the network a request to somebody's site may go to: whatever the whole world can reach, and nothing
//! that only this machine or its network can.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

/// How far requests may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// To what the whole world can reach.
    World,
    /// To this very machine by its number and nowhere else, not even to ask for a name: for the sandbox.
    Loopback,
}

impl Reach {
    /// Whether a request may go to this address.
    pub(super) fn lets(self, address: IpAddr) -> bool {
        match self {
            Self::World => is_public(address),
            Self::Loopback => address.is_loopback(),
        }
    }
}

/// Whether an address is one that the whole world can reach, by IANA's registries of special-purpose addresses. Of IPv6 only
/// what is given out for the world counts.
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    /// The network and how many of its bits count.
    const SPECIAL: [([u8; 4], u32); 15] = [
        ([0, 0, 0, 0], 8),
        ([10, 0, 0, 0], 8),
        ([100, 64, 0, 0], 10),
        ([127, 0, 0, 0], 8),
        ([169, 254, 0, 0], 16),
        ([172, 16, 0, 0], 12),
        ([192, 0, 0, 0], 24),
        ([192, 0, 2, 0], 24),
        ([192, 88, 99, 0], 24),
        ([192, 168, 0, 0], 16),
        ([198, 18, 0, 0], 15),
        ([198, 51, 100, 0], 24),
        ([203, 0, 113, 0], 24),
        ([224, 0, 0, 0], 4),
        ([240, 0, 0, 0], 4),
    ];
    let is_in = |(network, bits): &([u8; 4], u32)| {
        (u32::from(address) ^ u32::from(Ipv4Addr::from(*network))) >> (32 - bits) == 0
    };
    !SPECIAL.iter().any(is_in)
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    if let Some(within) = address.to_ipv4_mapped() {
        return is_public_v4(within);
    }
    match address.segments() {
        // What NAT64 makes of an address of version 4.
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => {
            is_public_v4(Ipv4Addr::from((u32::from(high) << 16) | u32::from(low)))
        }
        // Protocol assignments with Teredo, documentation, and 6to4, which carries any address of version 4.
        [0x2001, 0..=0x01ff, ..] | [0x2001, 0x0db8, ..] | [0x2002, ..] | [0x3fff, 0..=0x0fff, ..] => false,
        [first, ..] => first >> 13 == 1,
    }
}

/// A name leads where a request may not go.
#[derive(Debug, thiserror::Error)]
#[error("the name leads into a private network")]
pub(super) struct LeadsInside;

/// The names' resolver: a name that leads inside is refused whole, at the very moment of connecting, so that no second
/// answer can differ from one that was checked.
#[derive(Debug, Clone)]
pub(super) struct Guard {
    pub(super) reach: Reach,
    /// The hosts of proxies, which may well stand inside. They are never asked for as sites.
    pub(super) proxies: Vec<String>,
}

impl Guard {
    /// The addresses of a name, all of which a request may go to.
    pub(super) async fn addresses(
        &self,
        name: &str,
    ) -> Result<Vec<SocketAddr>, Box<dyn std::error::Error + Send + Sync>> {
        if self.reach == Reach::Loopback {
            return Err(LeadsInside.into());
        }
        let found: Vec<SocketAddr> = tokio::net::lookup_host((name, 0)).await?.collect();
        match found.iter().all(|address| self.reach.lets(address.ip())) {
            true => Ok(found),
            false => Err(LeadsInside.into()),
        }
    }
}

impl Resolve for Guard {
    fn resolve(&self, name: Name) -> Resolving {
        let guard = self.clone();
        Box::pin(async move {
            let found = if guard.proxies.iter().any(|proxy| proxy.eq_ignore_ascii_case(name.as_str())) {
                tokio::net::lookup_host((name.as_str(), 0)).await?.collect()
            } else {
                guard.addresses(name.as_str()).await?
            };
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_world_can_reach_is_public() {
        for (address, is_so) in [
            ("8.8.8.8", true),
            ("1.1.1.1", true),
            ("172.15.255.255", true),
            ("172.32.0.1", true),
            ("100.63.255.255", true),
            ("100.128.0.0", true),
            ("192.0.1.1", true),
            ("198.20.0.1", true),
            ("223.255.255.255", true),
            ("0.0.0.0", false),
            ("0.1.2.3", false),
            ("10.1.2.3", false),
            ("100.64.0.1", false),
            ("127.0.0.1", false),
            ("127.9.9.9", false),
            ("169.254.169.254", false),
            ("172.16.0.1", false),
            ("172.31.255.255", false),
            ("192.0.0.8", false),
            ("192.0.2.1", false),
            ("192.168.1.1", false),
            ("198.18.0.1", false),
            ("198.19.255.255", false),
            ("198.51.100.7", false),
            ("203.0.113.7", false),
            ("224.0.0.1", false),
            ("255.255.255.255", false),
            ("2606:4700:4700::1111", true),
            ("2a00:1450::1", true),
            ("64:ff9b::8.8.8.8", true),
            ("64:ff9b::10.0.0.1", false),
            ("::ffff:8.8.8.8", true),
            ("::ffff:127.0.0.1", false),
            ("::ffff:192.168.0.1", false),
            ("::", false),
            ("::1", false),
            ("::10.0.0.1", false),
            ("fe80::1", false),
            ("fec0::1", false),
            ("fc00::1", false),
            ("fd12:3456::1", false),
            ("ff02::1", false),
            ("2001:db8::1", false),
            ("2001::1", false),
            ("2001:200::1", true),
            ("2002:a00:1::1", false),
            ("3fff::1", false),
            ("64:ff9b:1::1", false),
            ("100::1", false),
        ] {
            assert_eq!(is_public(address.parse().unwrap()), is_so, "{address}");
        }
    }

    #[tokio::test]
    async fn a_name_that_leads_inside_is_refused_when_it_is_resolved_but_for_a_proxys() {
        let guard = |reach, proxies: &[&str]| Guard {
            reach,
            proxies: proxies.iter().map(ToString::to_string).collect(),
        };
        let resolve = |guard: Guard| async move { guard.resolve("localhost".parse().unwrap()).await.is_ok() };
        assert!(!resolve(guard(Reach::World, &[])).await);
        assert!(resolve(guard(Reach::World, &["LOCALHOST"])).await);
        assert!(
            !resolve(guard(Reach::Loopback, &[])).await,
            "the sandbox's pages have numbers, nobody is asked"
        );
    }
}
