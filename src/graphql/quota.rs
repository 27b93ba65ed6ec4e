//! How many of one kind each has under way: a member's subscriptions over all of their sockets (who
//! is not signed in has none: every feed is a member's own), an address's connections.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Arc, Mutex, PoisonError},
};

/// What is under way, by who has it.
#[derive(Clone, Debug)]
pub struct Quota<K: Copy + Eq + Hash>(Arc<Mutex<HashMap<K, u32>>>);

impl<K: Copy + Eq + Hash> Default for Quota<K> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<K: Copy + Eq + Hash> Quota<K> {
    /// Counts one more for `holder`, unless there are `most` already.
    pub fn take(&self, holder: K, most: u32) -> Option<Held<K>> {
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

/// One that is counted, until this goes out of scope.
#[derive(Debug)]
pub struct Held<K: Copy + Eq + Hash> {
    quota: Quota<K>,
    holder: K,
}

impl<K: Copy + Eq + Hash> Drop for Held<K> {
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
        let (one, other) = (1, 2);
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
