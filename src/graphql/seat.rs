//! What a connection takes up for as long as it is open.

use tokio::sync::OwnedSemaphorePermit;

use super::{peer::Network, quota::Held};

/// One of all places for connections, and one of its address's share, until this goes out of scope.
#[derive(Debug)]
pub struct Seat {
    /// Of all.
    _place: OwnedSemaphorePermit,
    /// Of its address's; none where that has no share of its own.
    _share: Option<Held<Network>>,
}

impl Seat {
    /// In that place, of that share.
    pub fn new(place: OwnedSemaphorePermit, share: Option<Held<Network>>) -> Self {
        Self {
            _place: place,
            _share: share,
        }
    }
}
