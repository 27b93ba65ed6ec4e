//! The proxies before the service.

use std::{net::IpAddr, num::NonZeroUsize};

use axum::http::HeaderName;
use clap::Args;
use ipnet::IpNet;

/// Which header tells a client's address, and whom it is believed from.
#[derive(Args, Clone, Debug, Default)]
pub struct Proxies {
    /// Behind a proxy, the header that tells a client's address: X-Forwarded-For, Forwarded, or one with
    /// the address alone, such as CF-Connecting-IP. No other is looked at, and without this flag none. Who
    /// comes without it, or with nonsense in it, has one address with all others who do
    #[arg(long, env = "ASHIATO_CLIENT_ADDRESS_HEADER", value_name = "NAME")]
    pub client_address_header: Option<HeaderName>,
    /// How many proxies add to that header, one after the other: the client is who the first of them
    /// names, counted from the right, 1 where nothing is said. Or their networks, separated by commas,
    /// such as 10.0.0.0/8: then the header is believed from those alone, and the client is the last
    /// address in it that is none of theirs
    #[arg(long, env = "ASHIATO_TRUSTED_PROXIES", value_parser = trusted)]
    pub trusted_proxies: Option<Trusted>,
}

/// Whom the header is believed from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trusted {
    /// So many proxies, one behind the other.
    Count(NonZeroUsize),
    /// Whoever is in these networks.
    Networks(Vec<IpNet>),
}

impl Proxies {
    /// Checks what no single flag can check alone.
    ///
    /// # Errors
    /// A sentence that says what to change.
    pub fn check(&self) -> anyhow::Result<()> {
        anyhow::ensure!(
            self.client_address_header.is_some() || self.trusted_proxies.is_none(),
            "--trusted-proxies needs --client-address-header: say which header they tell the \
             client's address in, for example X-Forwarded-For"
        );
        Ok(())
    }

    /// Whether who connects from `address` is one of them.
    pub fn are_at(&self, address: IpAddr) -> bool {
        match (&self.client_address_header, &self.trusted_proxies) {
            (None, _) => false,
            // Nobody reaches the service but through them.
            (Some(_), None | Some(Trusted::Count(_))) => true,
            (Some(_), Some(Trusted::Networks(networks))) => is_within(networks, address),
        }
    }
}

/// Whether `address` is in one of `networks`.
pub fn is_within(networks: &[IpNet], address: IpAddr) -> bool {
    let address = address.to_canonical();
    networks.iter().any(|network| network.contains(&address))
}

fn trusted(text: &str) -> Result<Trusted, String> {
    if let Ok(count) = text.trim().parse() {
        return Ok(Trusted::Count(count));
    }
    let network = |text: &str| {
        let text = text.trim();
        let network = text.parse::<IpNet>();
        network.or_else(|error| text.parse::<IpAddr>().map(IpNet::from).map_err(|_| error))
    };
    let networks: Result<Vec<_>, _> = text.split(',').map(network).collect();
    networks.map(Trusted::Networks).map_err(|_| {
        "write how many proxies there are, from 1 on, or their networks, separated by commas, for \
         example 10.0.0.0/8,2001:db8::/32"
            .to_owned()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn proxies_are_counted_or_named() {
        let count = |count| {
            NonZeroUsize::new(count)
                .map(Trusted::Count)
                .ok_or(String::new())
        };
        assert_eq!(trusted("1"), count(1));
        assert_eq!(trusted(" 3 "), count(3));
        let networks = ["10.0.0.0/8", "2001:db8::/32", "192.0.2.1/32"];
        let networks = networks.map(|network| network.parse().unwrap()).to_vec();
        let named = trusted("10.0.0.0/8, 2001:db8::/32,192.0.2.1");
        assert_eq!(named, Ok(Trusted::Networks(networks)));
        for wrong in ["", "0", "-1", "nginx", "10.0.0.0/33", "10.0.0.0/8,", "1,2"] {
            assert!(trusted(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn proxies_are_trusted_with_a_header_that_is_named() {
        let mut proxies = Proxies {
            trusted_proxies: trusted("1").ok(),
            ..Proxies::default()
        };
        assert!(proxies.check().is_err());
        proxies.client_address_header = Some(HeaderName::from_static("x-forwarded-for"));
        assert!(proxies.check().is_ok());
    }
}
