//! How many subscriptions each member has under way, over all of their sockets. (Who is not signed
//! in has none: every feed is a member's own.)

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use uuid::Uuid;

/// The subscriptions under way.
#[derive(Clone, Debug, Default)]
pub struct Quota(Arc<Mutex<HashMap<Uuid, u32>>>);

impl Quota {
    /// Counts one more for `member`, unless there are `most` already.
    pub fn take(&self, member: Uuid, most: u32) -> Option<Held> {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.get(&member).copied().unwrap_or(0);
        (count < most).then(|| {
            counts.insert(member, count + 1);
            Held {
                quota: self.clone(),
                member,
            }
        })
    }
}

/// A subscription that is counted, until this goes out of scope.
#[derive(Debug)]
pub struct Held {
    quota: Quota,
    member: Uuid,
}

impl Drop for Held {
    fn drop(&mut self) {
        let mut counts = self.quota.0.lock().unwrap_or_else(PoisonError::into_inner);
        match counts.get_mut(&self.member) {
            Some(count) if *count > 1 => *count -= 1,
            _ => {
                counts.remove(&self.member);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_has_a_number_of_their_own_and_nothing_is_kept_of_who_has_none() {
        let (one, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let quota = Quota::default();
        let first = quota.take(one, 2).unwrap();
        let second = quota.take(one, 2).unwrap();
        assert!(quota.take(one, 2).is_none());
        assert!(quota.take(other, 2).is_some());
        drop(first);
        let third = quota.take(one, 2).unwrap();
        drop((second, third));
        assert!(quota.0.lock().unwrap().is_empty());
    }
}
