//! How many of all connections one address may have at once, and how many requests under way on those:
//! no other has to wait for it, nor do without memory.

use std::{
    net::IpAddr,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

use crate::{
    config::{Limits, Proxies},
    graphql::{
        peer::{Network, Site},
        quota::Quota,
        seat::Share,
    },
};

/// So long nothing more is said of addresses that have all of their shares.
const SAYS_NOTHING: Duration = Duration::from_secs(60);

/// Requests under way of an address, for each connection that it may have. (Over HTTP/2 one connection has up
/// to a hundred, each of which waits for a body for as long as it may, with some kilobytes.)
const REQUESTS_EACH: u32 = 4;

/// What each address has.
#[derive(Debug)]
pub struct Shares {
    connections: Counts,
    /// Over HTTP/2: over HTTP/1 a connection has one.
    requests: Counts,
    /// Theirs are everybody's.
    proxies: Proxies,
    /// When it was said last that an address has all of its share.
    warned: Mutex<Option<Instant>>,
}

/// How many of one kind each address has.
#[derive(Debug)]
struct Counts {
    /// Of one address; 0 for as many as there are.
    most: u32,
    /// Of one site: what networks have together, and half of all at the most.
    most_of_site: u32,
    networks: Quota<Network>,
    sites: Quota<Site>,
}

impl Counts {
    /// With `most` of one address, of `all` that there can be.
    fn new(most: u32, all: u32) -> Self {
        Self {
            most,
            most_of_site: Site::share_of(most, all.div_ceil(2)),
            networks: Quota::default(),
            sites: Quota::default(),
        }
    }

    fn take(&self, network: Network) -> Option<Share> {
        let of_network = self.networks.take(network, self.most)?;
        let of_site = match network.site() {
            Some(site) => Some(self.sites.take(site, self.most_of_site)?),
            None => None,
        };
        Some(Share::new(of_network, of_site))
    }
}

/// An address has as many as it may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Full;

impl Shares {
    /// As large as `limits` say, for all but `proxies`.
    pub fn new(limits: &Limits, proxies: Proxies) -> Self {
        let (most, all) = (limits.connections_per_address(), limits.max_connections);
        let requests = |connections: u32| connections.saturating_mul(REQUESTS_EACH);
        Self {
            connections: Counts::new(most, all),
            requests: Counts::new(requests(most), requests(all)),
            proxies,
            warned: Mutex::default(),
        }
    }

    /// Counts one more request under way from `address`. None where it is not counted.
    ///
    /// # Errors
    /// [`Full`].
    pub fn take_request(&self, address: IpAddr) -> Result<Option<Share>, Full> {
        if self.counts_not(address) {
            return Ok(None);
        }
        let share = self.requests.take(Network::of(Some(address)));
        share.map(Some).ok_or(Full)
    }

    fn counts_not(&self, address: IpAddr) -> bool {
        self.connections.most == 0 || self.proxies.are_at(address)
    }

    /// Counts one more connection from `address`. None where it is not counted.
    ///
    /// # Errors
    /// [`Full`].
    pub fn take(&self, address: IpAddr) -> Result<Option<Share>, Full> {
        if self.counts_not(address) {
            return Ok(None);
        }
        let network = Network::of(Some(address));
        let share = self.connections.take(network);
        if share.is_none() {
            tracing::debug!(%network, "a connection too many of one address");
            if self.is_to_warn(Instant::now()) {
                tracing::warn!(
                    most = self.connections.most,
                    "an address has as many connections as one may: more of its are closed. Where that is \
                     a proxy before this service, say so by --client-address-header"
                );
            }
        }
        share.map(Some).ok_or(Full)
    }

    /// Whether it was long ago that it was said, if ever: then it is said at `now`.
    fn is_to_warn(&self, now: Instant) -> bool {
        let mut warned = self.warned.lock().unwrap_or_else(PoisonError::into_inner);
        let is_to = warned.is_none_or(|last| now.duration_since(last) >= SAYS_NOTHING);
        if is_to {
            *warned = Some(now);
        }
        is_to
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Trusted;

    const NAME: &str = "x-forwarded-for";

    fn shares(most: u32, name: Option<&str>, trusted: Option<Trusted>) -> Shares {
        let limits = Limits {
            max_connections_per_address: Some(most),
            ..Limits::default()
        };
        let proxies = Proxies {
            client_address_header: name.map(|name| name.parse().unwrap()),
            trusted_proxies: trusted,
        };
        Shares::new(&limits, proxies)
    }

    /// How many of ten connections get in that stay open.
    fn let_in(shares: &Shares, address: &str) -> usize {
        let taken: Vec<_> = (0..10)
            .map(|_| shares.take(address.parse().unwrap()))
            .collect();
        taken.iter().filter(|taken| taken.is_ok()).count()
    }

    #[test]
    fn a_customer_s_addresses_have_one_share() {
        let shares = shares(2, None, None);
        let held = shares.take("2001:db8:1:2::1".parse().unwrap());
        assert_eq!(let_in(&shares, "2001:db8:1:2::2"), 1);
        assert_eq!(let_in(&shares, "2001:db8:1:3::1"), 2);
        drop(held);
        assert_eq!(let_in(&shares, "2001:db8:1:2::2"), 2);
        assert_eq!(let_in(&shares, "192.0.2.1"), 2);
    }

    #[test]
    fn the_networks_of_a_customer_have_half_of_all_at_the_most() {
        let limits = Limits {
            max_connections: 12,
            ..Limits::default()
        };
        let shares = Shares::new(&limits, Proxies::default());
        let held: Vec<_> = (0..3)
            .map(|_| shares.take("2001:db8:1:1::1".parse().unwrap()))
            .collect();
        assert_eq!(let_in(&shares, "2001:db8:1:1::1"), 0);
        let more = shares.take("2001:db8:1:2::1".parse().unwrap());
        assert_eq!(let_in(&shares, "2001:db8:1:3::1"), 2, "six of twelve");
        assert_eq!(let_in(&shares, "2001:db8:2:3::1"), 3);
        drop((held, more));
        assert_eq!(let_in(&shares, "2001:db8:1:1::1"), 3);
    }

    #[test]
    fn proxies_that_are_trusted_have_as_many_as_they_need() {
        let networks = || Some(Trusted::Networks(vec!["10.0.0.0/8".parse().unwrap()]));
        for (name, trusted, address, expected) in [
            (None, None, "10.0.0.1", 1),
            (Some(NAME), None, "10.0.0.1", 10),
            (Some(NAME), networks(), "10.0.0.1", 10),
            (Some(NAME), networks(), "::ffff:10.0.0.1", 10),
            // Who comes past them.
            (Some(NAME), networks(), "192.0.2.1", 1),
        ] {
            let shares = shares(1, name, trusted);
            assert_eq!(let_in(&shares, address), expected, "{name:?} {address}");
        }
    }

    #[test]
    fn it_is_said_anew_after_a_while() {
        let (shares, now) = (shares(1, None, None), Instant::now());
        let seconds = Duration::from_secs;
        let said = [0, 1, 59, 60, 61, 119, 200].map(|it| shares.is_to_warn(now + seconds(it)));
        assert_eq!(said, [true, false, false, true, false, false, true]);
    }

    #[test]
    fn a_share_of_nothing_is_no_limit() {
        assert_eq!(let_in(&shares(0, None, None), "192.0.2.1"), 10);
    }
}
