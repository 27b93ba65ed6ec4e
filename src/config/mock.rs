//! What makes the service as slow and as faulty as the world is, to see what a client makes of it.

use std::{str::FromStr, time::Duration};

use anyhow::ensure;
use clap::Args;

use super::limits::duration;

/// What goes wrong on purpose: nothing, where nothing is said.
#[derive(Args, Clone, Debug, Default)]
pub struct MockArgs {
    /// Have every operation, every event of a subscription and every photo come later by so much, to see what a
    /// client shows meanwhile: a time such as 200ms, or a range such as 100ms-2s
    #[arg(
        long,
        env = "ASHIATO_LATENCY",
        value_name = "TIME|FROM-TO",
        help_heading = "Mock"
    )]
    pub latency: Option<Latency>,
    /// Have so many of a hundred operations, of a subscription's events and of photos fail as they do when something
    /// is wrong, to see what a client makes of it: a number such as 1% or 0.5%
    #[arg(
        long,
        env = "ASHIATO_FAIL_RATE",
        value_name = "PERCENT",
        help_heading = "Mock"
    )]
    pub fail_rate: Option<FailRate>,
}

impl MockArgs {
    /// Whether anything is to go wrong.
    pub fn is_on(&self) -> bool {
        self.latency.is_some() || self.fail_rate.is_some()
    }

    /// Checks what a service in production must not be told.
    ///
    /// # Errors
    /// A sentence that says what to change.
    pub(super) fn check(&self) -> anyhow::Result<()> {
        ensure!(
            !self.is_on(),
            "--latency and --fail-rate are for development: leave them out, or people would wait, and lose what \
             they do, on purpose"
        );
        Ok(())
    }
}

/// How much later an answer comes: any time from the first to the second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Latency(pub Duration, pub Duration);

impl FromStr for Latency {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (from, to) = text.split_once('-').unwrap_or((text, text));
        let (from, to) = (duration(from)?, duration(to)?);
        match from <= to {
            true => Ok(Self(from, to)),
            false => Err("write the shorter time first, as 100ms-2s".to_owned()),
        }
    }
}

/// How often something fails: from 0, never, to 1, always.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FailRate(f64);

impl FailRate {
    /// It as a probability.
    pub fn probability(self) -> f64 {
        self.0
    }
}

impl FromStr for FailRate {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let number = text.strip_suffix('%').unwrap_or(text);
        let fits = number.parse::<f64>().ok();
        let fits = fits.filter(|it| (0.0..=100.0).contains(it));
        let percent = fits.ok_or("write a number from 0% to 100%, such as 1% or 0.5%")?;
        Ok(Self(percent / 100.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_latency_is_a_time_or_a_range() {
        let millis = Duration::from_millis;
        let of = |text: &str| text.parse::<Latency>();
        assert_eq!(of("200ms"), Ok(Latency(millis(200), millis(200))));
        assert_eq!(of("100ms-2s"), Ok(Latency(millis(100), millis(2_000))));
        for wrong in ["", "200", "2s-100ms", "-", "100ms-", "-2s", "0ms", "fast"] {
            assert!(of(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_rate_is_a_percentage() {
        let of = |text: &str| text.parse::<FailRate>().map(FailRate::probability);
        assert_eq!(of("1%"), Ok(0.01));
        assert_eq!(of("0.5"), Ok(0.005));
        assert_eq!(of("100%"), Ok(1.0));
        assert_eq!(of("0"), Ok(0.0));
        for wrong in ["", "%", "-1%", "101%", "nan", "inf", "one", "1%%"] {
            assert!(of(wrong).is_err(), "{wrong}");
        }
    }
}
