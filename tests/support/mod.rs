//! What the tests stand on.

pub mod backend;
pub mod chance;
pub mod citus;
pub mod clock;
pub mod crowd;
pub mod linked;
pub mod log;
pub mod nats;
pub mod outbox;
pub mod pair;
pub mod place;
pub mod process;
pub mod schema;
pub mod server;
pub mod servers;
pub mod socket;
pub mod spoilt;
pub mod sql;
pub mod stream;
pub mod till;
pub mod way;
pub mod world;

use std::{future::Future, time::Duration};

use ashiato::secrets::Keys;

/// Nothing that a test waits for takes this long.
pub const PATIENCE: Duration = Duration::from_secs(10);

/// The service's own keys: every service of a test has the same.
pub fn keys() -> Keys {
    Keys::Given(vec![[7; 32]])
}

/// `short`, or `long` in the soak (`make soak`).
pub fn times(short: usize, long: usize) -> usize {
    if std::env::var_os("ASHIATO_SOAK").is_some() {
        long
    } else {
        short
    }
}

/// Waits for `what`, and fails loudly where it does not come.
pub async fn soon<F: Future>(what: F) -> F::Output {
    tokio::time::timeout(PATIENCE, what)
        .await
        .expect("it did not happen in time")
}
