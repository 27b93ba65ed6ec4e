//! The log of all tests together: who looks into it looks for what is its own alone.

use std::{
    io::{Result, Write},
    sync::{Mutex, OnceLock},
};

use tokio::sync::Notify;

struct Log;

static TEXT: Mutex<Vec<u8>> = Mutex::new(Vec::new());
static WRITTEN: Notify = Notify::const_new();

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> Result<usize> {
        TEXT.lock().unwrap().extend_from_slice(bytes);
        WRITTEN.notify_waiters();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> Result<()> {
        Ok(())
    }
}

/// Begins to keep the log.
pub fn keep() {
    static KEPT: OnceLock<()> = OnceLock::new();
    KEPT.get_or_init(|| {
        let log = tracing_subscriber::fmt()
            .with_ansi(false)
            .with_writer(|| Log);
        log.init();
    });
}

/// What has been logged.
pub fn text() -> String {
    String::from_utf8_lossy(&TEXT.lock().unwrap()).into_owned()
}

/// Waits for a line that has both of these in it.
pub async fn line(one: &str, other: &str) {
    super::soon(async {
        loop {
            // First the watch, then the text: so nothing is missed between the two.
            let written = WRITTEN.notified();
            let is_there = |line: &str| line.contains(one) && line.contains(other);
            if text().lines().any(is_there) {
                return;
            }
            written.await;
        }
    })
    .await;
}
