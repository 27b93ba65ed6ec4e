//! How fast a client has to take what is written for it.

use std::time::Duration;

use tokio::time::Instant;

/// What waits to be taken is overdue after `patience` in which nothing of it was taken, or less
/// than `rate` on average. Every byte buys time, and nobody has more than `patience` in hand: what
/// was taken fast at first is no licence to dawdle.
#[derive(Clone, Copy, Debug)]
pub struct Tempo {
    /// For how long nothing may be taken.
    pub patience: Duration,
    /// Bytes a second.
    pub rate: u32,
}

impl Tempo {
    /// When that is overdue which begins to wait now.
    pub fn due(self) -> Instant {
        Instant::now() + self.patience
    }

    /// When that is overdue which was so at `due`, now that `bytes` of it were taken while it was
    /// one of `sharing` that the client takes at once.
    pub fn taken(self, due: Instant, bytes: usize, sharing: usize) -> Instant {
        let share = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
        let micros = share(bytes)
            .saturating_mul(share(sharing))
            .saturating_mul(1_000_000)
            / u64::from(self.rate.max(1));
        let bought = Duration::from_micros(micros).min(self.patience);
        (due + bought).min(self.due())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEMPO: Tempo = Tempo {
        patience: Duration::from_secs(30),
        rate: 4_000,
    };

    #[test]
    fn bytes_buy_time_and_nobody_hoards_it() {
        let began = Instant::now();
        let late = began + Duration::from_secs(10);
        let bought = TEMPO.taken(late, 8_000, 1) - late;
        assert_eq!(bought, Duration::from_secs(2));
        let bought = TEMPO.taken(late, 8_000, 3) - late;
        assert_eq!(bought, Duration::from_secs(6), "the rate is of all at once");
        let due = TEMPO.taken(late, 100_000_000, usize::MAX);
        assert!(due <= Instant::now() + TEMPO.patience);
        assert!(due >= began + TEMPO.patience);
    }
}
