//! Where a request comes from.

use std::{
    fmt::{Display, Formatter},
    net::{IpAddr, Ipv6Addr, SocketAddr},
    sync::atomic::{AtomicBool, Ordering},
};

use axum::{
    extract::ConnectInfo,
    http::{HeaderValue, header, request::Parts},
};
use entity::values::Device;

use super::forwarded;
use crate::{config::Proxies, language::Language, usage::device::Devices};

/// The most that is kept of what a socket's client calls itself.
const LONGEST_AGENT: usize = 256;

/// Who asks, as far as that can be told from outside.
#[derive(Clone, Debug)]
pub struct Peer {
    /// The address: that of the connection, or the one that a trusted proxy tells; none where it tells
    /// none.
    pub address: Option<IpAddr>,
    /// What the client calls itself. Whoever likes says what they like.
    pub agent: Option<HeaderValue>,
    /// What the client runs on, by that.
    pub device: Device,
    /// In which language it is told of errors.
    pub language: Language,
}

impl Peer {
    /// The same for as long as a socket: without the room of the other headers.
    pub fn for_long(self) -> Self {
        let agent = self.agent.and_then(|agent| {
            let kept = agent.as_bytes().iter().copied().take(LONGEST_AGENT);
            HeaderValue::from_bytes(&kept.collect::<Vec<_>>()).ok()
        });
        Self { agent, ..self }
    }

    /// The network that the client is in.
    pub fn network(&self) -> Network {
        Network::of(self.address)
    }
}

/// Tells who asks, behind whatever proxies there are.
#[derive(Debug)]
pub struct Peers {
    proxies: Proxies,
    /// Whether it was said that somebody comes through one that nobody named.
    warned: AtomicBool,
    devices: Devices,
}

impl Peers {
    /// All that come through `proxies`.
    pub fn new(proxies: Proxies) -> Self {
        let warned = AtomicBool::new(false);
        Self {
            proxies,
            warned,
            devices: Devices::default(),
        }
    }

    /// Who sent the request with `parts`.
    pub fn of(&self, parts: &Parts) -> Peer {
        let is_there = |name| parts.headers.contains_key(name);
        if self.proxies.client_address_header.is_none()
            && ["x-forwarded-for", "forwarded"].into_iter().any(is_there)
            && !self.warned.swap(true, Ordering::Relaxed)
        {
            tracing::warn!(
                "a request tells of a proxy, and no header is believed: all who come through one have \
                 its address, and its limits together, unless --client-address-header is given"
            );
        }
        let info = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        let connection = info.map(|ConnectInfo(address)| address.ip());
        let agent = parts.headers.get(header::USER_AGENT).cloned();
        Peer {
            address: forwarded::address(&self.proxies, &parts.headers, connection),
            device: self.devices.of(agent.as_ref().map(HeaderValue::as_bytes)),
            agent,
            language: Language::of_headers(&parts.headers),
        }
    }
}

/// The network that a client is in: an IPv6 customer has 2^64 addresses, which count as one. So do all
/// whose address cannot be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Network(Option<IpAddr>);

impl Network {
    /// The network of `address`.
    pub fn of(address: Option<IpAddr>) -> Self {
        Self(address.map(|address| match address.to_canonical() {
            IpAddr::V6(v6) => IpAddr::V6((v6.to_bits() >> 64 << 64).into()),
            v4 @ IpAddr::V4(_) => v4,
        }))
    }

    /// The site that it is part of, where there can be one.
    pub fn site(self) -> Option<Site> {
        match self.0 {
            Some(IpAddr::V6(v6)) => Some(Site((v6.to_bits() >> 80 << 80).into())),
            _ => None,
        }
    }
}

/// The /48 that a customer of IPv6 can have, with 65,536 networks in it: what counts by the network counts by
/// the site, too. Others' customers share one, so that it has more than a network has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Site(Ipv6Addr);

impl Site {
    /// As much as so many networks.
    pub const SHARES: u32 = 16;

    /// What a site has where a network has `most`: as much as so many of them, but no more than `cap`, and no
    /// less than one.
    pub fn share_of(most: u32, cap: u32) -> u32 {
        most.saturating_mul(Self::SHARES).min(cap.max(most))
    }
}

impl Display for Site {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/48", self.0)
    }
}

impl Display for Network {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        match self.0 {
            Some(address) => address.fmt(f),
            None => f.write_str("unknown"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_addresses_of_one_customer_are_one_network() {
        let of = |text: &str| Network::of(text.parse().ok());
        assert_eq!(of("2001:db8:1:2::1"), of("2001:db8:1:2:ffff::"));
        assert_ne!(of("2001:db8:1:2::1"), of("2001:db8:1:3::1"));
        assert_eq!(of("::ffff:192.0.2.1"), of("192.0.2.1"));
        assert_ne!(of("192.0.2.1"), of("192.0.2.2"));
        assert_ne!(of("nowhere"), of("192.0.2.2"));
    }

    #[test]
    fn the_networks_of_one_customer_are_one_site() {
        let of = |text: &str| Network::of(text.parse().ok()).site();
        assert_eq!(of("2001:db8:1:2::1"), of("2001:db8:1:ffff::1"));
        assert_ne!(of("2001:db8:1:2::1"), of("2001:db8:2:2::1"));
        assert_eq!(
            of("2001:db8:1:2::1").unwrap().to_string(),
            "2001:db8:1::/48"
        );
        for alone in ["192.0.2.1", "::ffff:192.0.2.1", "nowhere"] {
            assert_eq!(of(alone), None, "{alone}");
        }
    }

    #[test]
    fn a_site_has_sixteen_shares_up_to_a_cap_and_one_at_least() {
        for (most, cap, expected) in [
            (3, 1_000, 48),
            (62, 1_000, 992),
            (63, 1_000, 1_000),
            (1_000, 500, 1_000),
            (u32::MAX, u32::MAX, u32::MAX),
        ] {
            assert_eq!(Site::share_of(most, cap), expected, "{most} {cap}");
        }
    }
}
