//! What is kept in memory.

use std::time::Duration;

use clap::Args;

use super::limits::duration;
use crate::cache::Cache;

/// How much of what was read is kept, and for how long (see [`crate::cache`]).
#[derive(Args, Clone, Copy, Debug)]
pub struct CacheArgs {
    /// Megabytes of users and first pages that are kept in memory; 0 keeps none
    #[arg(long, env = "ASHIATO_CACHE_MEGABYTES", default_value_t = 64,
          value_parser = clap::value_parser!(u64).range(0..=1_048_576))]
    pub cache_megabytes: u64,
    /// The longest that anything is kept: how late a change can be seen that was made elsewhere and
    /// of which this server was not told
    #[arg(long, env = "ASHIATO_CACHE_LIFETIME", value_parser = duration, default_value = "10s")]
    pub cache_lifetime: Duration,
}

impl CacheArgs {
    /// An empty cache of that size.
    pub fn cache(&self) -> Cache {
        Cache::new(self.cache_megabytes, self.cache_lifetime)
    }
}
