//! What a connection takes up for as long as it is open.

use tokio::sync::OwnedSemaphorePermit;

use super::{
    peer::{Network, Site},
    quota::Held,
};

/// One of all places for connections, and one of its address's share, until this goes out of scope.
#[derive(Debug)]
pub struct Seat {
    /// Of all.
    _place: OwnedSemaphorePermit,
    /// Of its address's; none where that has no share of its own.
    _share: Option<Share>,
}

/// One of an address's connections, and of its site's.
#[derive(Debug)]
pub struct Share {
    _of_network: Held<Network>,
    _of_site: Option<Held<Site>>,
}

impl Share {
    /// Of both.
    pub fn new(of_network: Held<Network>, of_site: Option<Held<Site>>) -> Self {
        Self {
            _of_network: of_network,
            _of_site: of_site,
        }
    }
}

impl Seat {
    /// In that place, of that share.
    pub fn new(place: OwnedSemaphorePermit, share: Option<Share>) -> Self {
        Self {
            _place: place,
            _share: share,
        }
    }
}
