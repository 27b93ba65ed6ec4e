//! What each network may take within a time, and each site of many networks, in the memory of this server.

use std::{num::NonZeroU32, sync::Arc, time::Duration};

use super::peer::{Network, Site};
use crate::{
    allowance::{Allowance, Left, Short},
    clock::Clock,
};

/// What each may take.
#[derive(Debug)]
pub struct Networks {
    networks: Allowance<Network>,
    sites: Allowance<Site>,
}

impl Networks {
    /// `most` of a network at once, and as many more `within` that time; none where there is no limit, for 0.
    /// A site has as much as so many networks.
    pub fn new(clock: Arc<dyn Clock>, most: u32, within: Duration) -> Option<Self> {
        let of_sites = Site::share_of(most, u32::MAX);
        Some(Self {
            networks: Allowance::new(clock.clone(), most, within)?,
            sites: Allowance::new(clock, of_sites, within)?,
        })
    }

    /// The most that there is of a network.
    pub fn most(&self) -> u32 {
        self.networks.most()
    }

    /// Takes one for `network`.
    ///
    /// # Errors
    /// In how many seconds one comes back, where all are taken.
    pub fn take(&self, network: Network) -> Result<(), u64> {
        self.networks.take(network)?;
        match network.site() {
            Some(site) => self.sites.take(site).inspect_err(|_| {
                self.networks.give_back(network, NonZeroU32::MIN);
            }),
            None => Ok(()),
        }
    }

    /// Takes `count` for `network`, all or none.
    ///
    /// # Errors
    /// Why there are not so many.
    pub fn take_many(&self, network: Network, count: NonZeroU32) -> Result<Left, Short> {
        let left = self.networks.take_many(network, count)?;
        let Some(site) = network.site() else {
            return Ok(left);
        };
        let of_site = self.sites.take_many(site, count).inspect_err(|_| {
            self.networks.give_back(network, count);
        })?;
        Ok(Left {
            remaining: left.remaining.min(of_site.remaining),
            whole_in: left.whole_in.max(of_site.whole_in),
        })
    }

    /// Gives back one that was taken for `network`.
    pub fn give_back(&self, network: Network) {
        self.networks.give_back(network, NonZeroU32::MIN);
        if let Some(site) = network.site() {
            self.sites.give_back(site, NonZeroU32::MIN);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::SystemClock;

    const DAY: Duration = Duration::from_secs(86_400);

    fn network(text: &str) -> Network {
        Network::of(text.parse().ok())
    }

    fn of_site(number: u32) -> Network {
        network(&format!("2001:db8:1:{number:x}::1"))
    }

    #[test]
    fn a_site_has_as_much_as_sixteen_networks() {
        let networks = Networks::new(Arc::new(SystemClock), 2, DAY).unwrap();
        for number in 0..Site::SHARES {
            let one = of_site(number);
            assert!(networks.take(one).is_ok() && networks.take(one).is_ok());
            assert!(networks.take(one).is_err());
        }
        let next = of_site(Site::SHARES);
        assert!(networks.take(next).is_err(), "the site has had all");
        // What was refused for the site was not taken from the network.
        networks.give_back(of_site(0));
        networks.give_back(of_site(1));
        assert!(networks.take(next).is_ok() && networks.take(next).is_ok());
        assert!(networks.take(next).is_err());
        for elsewhere in ["2001:db8:2::1", "192.0.2.1", "nowhere"] {
            assert!(networks.take(network(elsewhere)).is_ok(), "{elsewhere}");
        }
    }

    #[test]
    fn many_are_taken_of_both_or_of_none() {
        let networks = Networks::new(Arc::new(SystemClock), 10, DAY).unwrap();
        let many = |count| NonZeroU32::new(count).unwrap();
        let left = |number, count| {
            let taken = networks.take_many(of_site(number), many(count));
            taken.map(|left| left.remaining)
        };
        for number in 0..Site::SHARES - 1 {
            assert_eq!(left(number, 10), Ok(0));
        }
        assert_eq!(left(100, 4), Ok(6));
        // As much as the site has left.
        assert_eq!(left(101, 1), Ok(5));
        assert!(matches!(left(102, 6), Err(Short::For(_))));
        assert_eq!(left(102, 5), Ok(0));
        assert_eq!(left(102, 11), Err(Short::Always));
    }

    #[test]
    fn all_is_back_when_the_site_has_it_back_too() {
        let networks = Networks::new(Arc::new(SystemClock), 10, DAY).unwrap();
        let ten = NonZeroU32::new(10).unwrap();
        let whole_in = |network| networks.take_many(network, ten).map(|left| left.whole_in);
        let one_back = DAY / 10 / Site::SHARES;
        for number in 0..Site::SHARES - 1 {
            let left = whole_in(of_site(number)).unwrap();
            assert!(
                left <= DAY && left > DAY - one_back,
                "its own is longer: {left:?}"
            );
        }
        let one = NonZeroU32::MIN;
        let left = networks.take_many(of_site(100), one).unwrap();
        assert!(
            left.whole_in > DAY / Site::SHARES * (Site::SHARES - 1),
            "{left:?}"
        );
        let elsewhere = networks.take_many(network("2001:db8:2::1"), one).unwrap();
        assert!(elsewhere.whole_in <= DAY / 10, "{elsewhere:?}");
    }

    #[test]
    fn nothing_bounds_what_has_no_limit() {
        assert!(Networks::new(Arc::new(SystemClock), 0, DAY).is_none());
    }
}
