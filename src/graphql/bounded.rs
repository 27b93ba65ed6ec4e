//! Writes an answer as JSON that is no longer than allowed.

use std::io::{self, Write};

use serde::Serialize;

/// `value` as JSON; nothing where that has more than `limit` bytes.
///
/// # Errors
/// Where `value` cannot be written as JSON at all.
pub fn json(value: &impl Serialize, limit: u32) -> serde_json::Result<Option<Vec<u8>>> {
    let mut bounded = Bounded {
        bytes: Vec::with_capacity(128),
        limit: usize::try_from(limit).unwrap_or(usize::MAX),
    };
    match serde_json::to_writer(&mut bounded, value) {
        Ok(()) => Ok(Some(bounded.bytes)),
        Err(error) if error.is_io() => Ok(None),
        Err(error) => Err(error),
    }
}

struct Bounded {
    bytes: Vec<u8>,
    limit: usize,
}

impl Write for Bounded {
    fn write(&mut self, more: &[u8]) -> io::Result<usize> {
        if self.bytes.len().saturating_add(more.len()) > self.limit {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.bytes.extend_from_slice(more);
        Ok(more.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_fits_to_the_byte() {
        assert_eq!(json(&"足", 5).unwrap().unwrap(), "\"足\"".as_bytes());
        assert_eq!(json(&"足", 4).unwrap(), None);
    }
}
