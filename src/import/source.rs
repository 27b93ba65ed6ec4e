//! A file, read within bounds: no line and no entry of it can fill the memory.

use std::{
    fs::File,
    io::{self, Read},
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use anyhow::{Context, bail};

/// The most bytes of one line of a CSV, or of one person's entry in a JSON: far above any that is
/// meant.
pub(super) const LONGEST: u64 = 1_000_000;

/// How far a file may be read, and how far it was.
#[derive(Clone, Debug, Default)]
pub(super) struct Allowance(Arc<Counts>);

#[derive(Debug, Default)]
struct Counts {
    bytes_left: AtomicU64,
    line_ends: AtomicU64,
}

impl Allowance {
    /// Allows the next line or entry.
    pub(super) fn renew(&self) {
        self.0.bytes_left.store(LONGEST, Ordering::Relaxed);
    }

    /// Whether all that was allowed is read.
    pub(super) fn is_used_up(&self) -> bool {
        self.left() == 0
    }

    /// The line, from 1, that was read last.
    pub(super) fn line(&self) -> u64 {
        self.0.line_ends.load(Ordering::Relaxed) + 1
    }

    fn left(&self) -> u64 {
        self.0.bytes_left.load(Ordering::Relaxed)
    }

    fn use_up(&self, bytes: &[u8]) {
        let line_ends = bytes.iter().filter(|byte| **byte == b'\n').count();
        self.0
            .line_ends
            .fetch_add(line_ends as u64, Ordering::Relaxed);
        self.0
            .bytes_left
            .fetch_sub(bytes.len() as u64, Ordering::Relaxed);
    }
}

/// A file that is read only as far as its allowance goes.
#[derive(Debug)]
pub(super) struct Source {
    file: File,
    allowance: Allowance,
}

impl Source {
    /// Opens the file at `path`. A pipe will do; what has no end, or no bytes, will not.
    ///
    /// # Errors
    /// A sentence that says what is wrong with `path`.
    pub(super) fn open(path: &Path) -> anyhow::Result<Self> {
        let cannot = || format!("cannot open {}", path.display());
        // Before it is opened: to open a device can already do something.
        let about = std::fs::metadata(path).with_context(cannot)?;
        if about.is_dir() {
            bail!("{} is a folder, not a file", path.display());
        }
        if !about.is_file() && !is_pipe(&about) {
            bail!(
                "{} is a device, not a file: name a file, or a pipe",
                path.display()
            );
        }
        let allowance = Allowance::default();
        allowance.renew();
        Ok(Self {
            file: File::open(path).with_context(cannot)?,
            allowance,
        })
    }

    /// How many bytes there are, where that is known; 0 where not.
    pub(super) fn bytes(&self) -> u64 {
        self.file.metadata().map_or(0, |about| about.len())
    }

    /// The handle on how far may be read.
    pub(super) fn allowance(&self) -> Allowance {
        self.allowance.clone()
    }
}

#[cfg(unix)]
fn is_pipe(about: &std::fs::Metadata) -> bool {
    std::os::unix::fs::FileTypeExt::is_fifo(&about.file_type())
}

#[cfg(not(unix))]
fn is_pipe(_: &std::fs::Metadata) -> bool {
    false
}

impl Read for Source {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.allowance.left()).unwrap_or(usize::MAX);
        let most = left.min(buffer.len());
        if most == 0 && !buffer.is_empty() {
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, "too long"));
        }
        let read = self.file.read(buffer.get_mut(..most).unwrap_or_default())?;
        self.allowance
            .use_up(buffer.get(..read).unwrap_or_default());
        Ok(read)
    }
}
