//! Texts that go into a file, or to standard output.

use std::{
    io::{ErrorKind, Write},
    path::Path,
};

use anyhow::Context;

/// Writes `text`, which is called `what`, into `file`; to standard output where none is named.
pub(super) fn write(what: &str, text: &str, file: Option<&Path>) -> anyhow::Result<()> {
    let Some(file) = file else {
        return match std::io::stdout().write_all(text.as_bytes()) {
            // Whoever read it has read enough.
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
            written => written.with_context(|| format!("cannot write {what}")),
        };
    };
    std::fs::write(file, text).with_context(|| format!("cannot write {what} to {}", file.display()))
}
