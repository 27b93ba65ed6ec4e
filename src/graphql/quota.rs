//! How many subscriptions each has under way, over all of their sockets.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
};

use uuid::Uuid;

use crate::{config::Limits, viewer::Viewer};

/// Who is counted as one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Holder {
    /// A signed-in user, wherever they connect from.
    Member(Uuid),
    /// All who connect from an address and are not signed in.
    Address(Option<IpAddr>),
}

impl Holder {
    /// Who `viewer` counts as, connected from `peer`.
    pub fn new(viewer: Viewer, peer: Option<IpAddr>) -> Self {
        match viewer {
            Viewer::Member(member) => Self::Member(member.id),
            Viewer::Anonymous => Self::Address(peer.map(network)),
        }
    }

    /// The most subscriptions of one like this.
    pub fn most(self, limits: &Limits) -> u32 {
        match self {
            Self::Member(_) => limits.max_subscriptions_per_member,
            Self::Address(_) => limits.max_subscriptions_per_address,
        }
    }
}

/// An IPv6 customer has 2^64 addresses: they count as one.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => IpAddr::V6((v6.to_bits() >> 64 << 64).into()),
        v4 @ IpAddr::V4(_) => v4,
    }
}

/// The subscriptions under way.
#[derive(Clone, Debug, Default)]
pub struct Quota(Arc<Mutex<HashMap<Holder, u32>>>);

impl Quota {
    /// Counts one more for `holder`, unless there are `most` already.
    pub fn take(&self, holder: Holder, most: u32) -> Option<Held> {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.get(&holder).copied().unwrap_or(0);
        (count < most).then(|| {
            counts.insert(holder, count + 1);
            Held {
                quota: self.clone(),
                holder,
            }
        })
    }
}

/// A subscription that is counted, until this goes out of scope.
#[derive(Debug)]
pub struct Held {
    quota: Quota,
    holder: Holder,
}

impl Drop for Held {
    fn drop(&mut self) {
        let mut counts = self.quota.0.lock().unwrap_or_else(PoisonError::into_inner);
        match counts.get_mut(&self.holder) {
            Some(count) if *count > 1 => *count -= 1,
            _ => {
                counts.remove(&self.holder);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_has_a_number_of_their_own_and_nothing_is_kept_of_who_has_none() {
        let address = |text: &str| {
            let peer = Some(text.parse().unwrap());
            Holder::new(Viewer::Anonymous, peer)
        };
        let quota = Quota::default();
        let one = quota.take(address("2001:db8:1:2::1"), 2).unwrap();
        let two = quota.take(address("2001:db8:1:2:ffff::"), 2).unwrap();
        assert!(quota.take(address("2001:db8:1:2::3"), 2).is_none());
        assert!(quota.take(address("2001:db8:1:3::1"), 2).is_some());
        let mapped = quota.take(address("::ffff:192.0.2.1"), 1).unwrap();
        assert!(quota.take(address("192.0.2.1"), 1).is_none());
        assert!(quota.take(address("192.0.2.2"), 1).is_some());
        drop(one);
        let three = quota.take(address("2001:db8:1:2::3"), 2).unwrap();
        drop((two, three, mapped));
        assert!(quota.0.lock().unwrap().is_empty());
    }
}
