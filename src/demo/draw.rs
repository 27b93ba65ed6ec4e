//! Chance, drawn from the demo's seed: the same seed draws the same for ever.

use chrono::{DateTime, Duration, Utc};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use uuid::{Builder, Uuid};

/// What is drawn for. Each has chances of its own, so that a change of one part of the demo
/// leaves the others as they were.
#[derive(Clone, Copy, Debug)]
pub(super) enum Part {
    Regions,
    Births,
    Names,
    People,
    Graph,
    Ties,
    Requests,
    Diaries,
    Texts,
    Comments,
    Catalogue,
    Reviews,
    Footprints,
    Password,
    Policies,
    Circles,
    Members,
    Recipients,
    Introductions,
    Kiribans,
    Notifications,
    Artists,
    Music,
    Photos,
    Usage,
    Access,
    Plans,
    Rests,
    Digests,
    Brands,
    Follows,
}

/// A source of chances.
#[derive(Debug)]
pub(super) struct Draw(ChaCha8Rng);

impl Draw {
    /// The chances of `part`, for its thing number `index`.
    pub(super) fn new(seed: u64, part: Part, index: usize) -> Self {
        let mut source = ChaCha8Rng::seed_from_u64(seed);
        source.set_stream(((part as u64) << 40) | index as u64);
        Self(source)
    }

    /// A number from 0 to `bound - 1`; 0 where `bound` is 0.
    pub(super) fn below(&mut self, bound: usize) -> usize {
        let wide = u128::from(self.0.next_u64()) * bound as u128;
        usize::try_from(wide >> 64).unwrap_or(0)
    }

    /// A number from `least` to `most`.
    pub(super) fn between(&mut self, least: usize, most: usize) -> usize {
        least + self.below(most.saturating_sub(least) + 1)
    }

    /// A number from 0 to `bound - 1`, the low ones oftener.
    pub(super) fn low_below(&mut self, bound: usize) -> usize {
        self.below(bound).min(self.below(bound))
    }

    /// Whether what happens `percent` times in a hundred happens.
    pub(super) fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// One of `from`.
    pub(super) fn pick<T: Copy>(&mut self, from: &[T]) -> Option<T> {
        from.get(self.below(from.len())).copied()
    }

    /// One of `from`, each as often as its weight.
    pub(super) fn weighted<T: Copy>(&mut self, from: &[(T, usize)]) -> Option<T> {
        let mut rest = self.below(from.iter().map(|(_, weight)| weight).sum());
        for (thing, weight) in from {
            match rest.checked_sub(*weight) {
                Some(left) => rest = left,
                None => return Some(*thing),
            }
        }
        None
    }

    /// Puts `things` in another order.
    pub(super) fn shuffle<T>(&mut self, things: &mut [T]) {
        for index in (1..things.len()).rev() {
            things.swap(index, self.below(index + 1));
        }
    }

    /// A time from `from` on and before `to`, to the millisecond; `from` where nothing lies
    /// between.
    pub(super) fn time(&mut self, from: DateTime<Utc>, to: DateTime<Utc>) -> DateTime<Utc> {
        let span = usize::try_from((to - from).num_milliseconds()).unwrap_or(0);
        from + Duration::milliseconds(i64::try_from(self.below(span)).unwrap_or(0))
    }

    /// A UUIDv7 of `time`.
    pub(super) fn id(&mut self, time: DateTime<Utc>) -> Uuid {
        let mut random = [0; 10];
        self.0.fill_bytes(&mut random);
        let millis = u64::try_from(time.timestamp_millis()).unwrap_or(0);
        Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
    }

    /// 32 bytes.
    pub(super) fn bytes(&mut self) -> [u8; 32] {
        let mut bytes = [0; 32];
        self.0.fill_bytes(&mut bytes);
        bytes
    }
}

/// Shares out `count` by `weights`, each within one of its exact share, none by chance.
pub(super) fn quotas(weights: &[usize], count: usize) -> Vec<usize> {
    let total: usize = weights.iter().sum::<usize>().max(1);
    let mut shares: Vec<_> = weights.iter().map(|w| w * count / total).collect();
    let mut by_remainder: Vec<_> = (0..weights.len()).collect();
    by_remainder.sort_by_key(|index| {
        let weight = weights.get(*index).copied().unwrap_or(0);
        (std::cmp::Reverse(weight * count % total), *index)
    });
    let left = count.saturating_sub(shares.iter().sum());
    for index in by_remainder.into_iter().take(left) {
        if let Some(share) = shares.get_mut(index) {
            *share += 1;
        }
    }
    shares
}
