//! The log of all tests together: who looks into it looks for what is its own alone.

use std::{
    io::{Result, Write},
    sync::{Mutex, OnceLock},
};

struct Log;

static TEXT: Mutex<Vec<u8>> = Mutex::new(Vec::new());

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> Result<usize> {
        TEXT.lock().unwrap().extend_from_slice(bytes);
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
