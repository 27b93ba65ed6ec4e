//! A zip in the making, of which as much is in memory as was not taken yet.

use std::{
    io::{Result, Write},
    sync::{Arc, Mutex, PoisonError},
};

use zip::{
    CompressionMethod, ZipWriter,
    write::{SimpleFileOptions, StreamWriter},
};

use crate::error::Error;

/// The bytes of a part.
pub(super) const PART: usize = 256 * 1024;

/// What was written and not taken.
#[derive(Clone, Debug, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> Result<usize> {
        let mut written = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        written.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> Result<()> {
        Ok(())
    }
}

impl Written {
    fn take(&self, all: bool) -> Vec<Vec<u8>> {
        let mut written = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let whole = written.len() - written.len() % PART;
        let rest = written.split_off(whole);
        let mut parts: Vec<_> = written.chunks(PART).map(<[u8]>::to_vec).collect();
        if all && !rest.is_empty() {
            parts.push(rest);
            written.clear();
        } else {
            *written = rest;
        }
        parts
    }
}

/// A zip in the making.
pub(super) struct Archive {
    zip: ZipWriter<StreamWriter<Written>>,
    written: Written,
}

impl Archive {
    /// An empty one.
    pub(super) fn new() -> Self {
        let written = Written::default();
        Self {
            zip: ZipWriter::new_stream(written.clone()),
            written,
        }
    }

    /// Begins the file `name`: what is written from now on stands in it.
    pub(super) fn begin(&mut self, name: &str) -> std::result::Result<(), Error> {
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
        self.zip.start_file(name, options).map_err(Error::internal)
    }

    /// Writes `text` into the file.
    pub(super) fn write(&mut self, text: &str) -> std::result::Result<(), Error> {
        self.write_bytes(text.as_bytes())
    }

    /// Writes `bytes` into the file.
    pub(super) fn write_bytes(&mut self, bytes: &[u8]) -> std::result::Result<(), Error> {
        self.zip.write_all(bytes).map_err(Error::internal)
    }

    /// Takes the parts that are full.
    pub(super) fn take(&self) -> Vec<Vec<u8>> {
        self.written.take(false)
    }

    /// Ends it. Gives what was not taken yet.
    pub(super) fn finish(self) -> std::result::Result<Vec<Vec<u8>>, Error> {
        self.zip.finish().map_err(Error::internal)?;
        Ok(self.written.take(true))
    }
}
