//! A database that is gone with its process: to try things, and to show them.

use std::{
    fs::{self, File},
    path::Path,
};

use anyhow::Context;
use tempfile::TempDir;

use super::Place;

/// What the folders of such databases are called, before some letters of chance.
const PREFIX: &str = "ashiato-ephemeral-";
/// The file in each that its process holds locked.
const LOCK: &str = "lock";

/// A SQLite database in a folder of its own, which goes with this value. Where the process was killed, the next one
/// that makes such a folder removes it.
#[derive(Debug)]
pub struct Ephemeral {
    folder: TempDir,
    _lock: File,
}

impl Ephemeral {
    /// Makes an empty one among the system's temporary files.
    ///
    /// # Errors
    /// A sentence that says what to change.
    pub fn make() -> anyhow::Result<Self> {
        let parent = std::env::temp_dir();
        remove_left(&parent);
        Self::make_in(&parent).with_context(|| {
            let name = parent.display();
            format!("cannot make an ephemeral database in {name}: name another folder with TMPDIR")
        })
    }

    fn make_in(parent: &Path) -> anyhow::Result<Self> {
        let folder = tempfile::Builder::new().prefix(PREFIX).tempdir_in(parent)?;
        // It is locked before anybody finds it under its name: nobody takes it for one that was left.
        let made = folder.path().join("making");
        let lock = File::create_new(&made)?;
        lock.lock()?;
        fs::rename(made, folder.path().join(LOCK))?;
        Ok(Self {
            folder,
            _lock: lock,
        })
    }

    /// Where it is.
    pub fn place(&self) -> Place {
        let file = self.folder.path().join("ashiato.db");
        Place::new(format!("sqlite://{}", file.display()))
    }
}

/// Removes the folders in `parent` whose process was killed: it holds its lock no more. What cannot be removed, as
/// another user's, stays.
fn remove_left(parent: &Path) {
    for entry in fs::read_dir(parent).into_iter().flatten().flatten() {
        let is_ours = entry.file_name().to_string_lossy().starts_with(PREFIX);
        let is_folder = entry.file_type().is_ok_and(|file| file.is_dir());
        if !is_ours || !is_folder {
            continue;
        }
        let Ok(lock) = File::open(entry.path().join(LOCK)) else {
            continue;
        };
        if lock.try_lock().is_ok() && fs::remove_dir_all(entry.path()).is_ok() {
            tracing::info!(path = %entry.path().display(), "removed what a killed process left");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_goes_with_its_value_and_is_removed_where_that_was_killed() {
        let parent = tempfile::tempdir().unwrap();
        let one = Ephemeral::make_in(parent.path()).unwrap();
        let other = Ephemeral::make_in(parent.path()).unwrap();
        assert_ne!(one.place().url, other.place().url);
        let count = || fs::read_dir(parent.path()).unwrap().count();
        // Those that are in use stay.
        remove_left(parent.path());
        assert_eq!(count(), 2);
        drop(one);
        assert_eq!(count(), 1);
        // A killed process lets go of its lock, and removes nothing.
        let Ephemeral { folder, _lock } = other;
        let left = folder.keep();
        drop(_lock);
        assert!(left.exists());
        // What is called otherwise is nobody's of ours.
        fs::create_dir(parent.path().join("else")).unwrap();
        File::create(parent.path().join("else/lock")).unwrap();
        remove_left(parent.path());
        assert!(!left.exists());
        assert_eq!(count(), 1);
    }
}
