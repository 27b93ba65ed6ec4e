//! How long a start takes.

use std::time::Duration;

use anyhow::Result;

use crate::{Args, bar, place::Place, service::Service};

/// How often it is measured.
const TIMES: usize = 10;

/// From each start on `place` to the first answer that it is ready, the shortest first.
///
/// # Errors
/// Where one fails.
pub async fn measure(args: &Args, place: &Place) -> Result<Vec<Duration>> {
    let bar = bar(TIMES, "starts")?;
    let mut times = Vec::new();
    for _ in 0..TIMES {
        let service = Service::start(args, place).await?;
        times.push(service.started);
        service.stop()?;
        bar.inc(1);
    }
    bar.finish();
    times.sort_unstable();
    Ok(times)
}
