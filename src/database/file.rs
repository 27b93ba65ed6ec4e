//! The database's file, and whether it still stands where it was opened.
//!
//! SQLite goes on writing into a file that was deleted or renamed: every write would be answered,
//! and all of them lost when the service stops.

use std::{
    fs::{self, Metadata},
    io::{self, ErrorKind},
    path::PathBuf,
    str::FromStr,
    sync::atomic::{AtomicBool, Ordering},
};

use sea_orm::{DbErr, RuntimeErr, sqlx::sqlite::SqliteConnectOptions};

use crate::error::Error;

/// The file that is open.
#[derive(Debug)]
pub(super) struct DatabaseFile {
    path: PathBuf,
    identity: Identity,
    /// Whether it was there at the last look: the log tells of a change once.
    in_place: AtomicBool,
}

impl DatabaseFile {
    /// The file at `url`, which was opened a moment ago.
    pub(super) fn opened(url: &str) -> Result<Self, DbErr> {
        let failed = |error: String| DbErr::Conn(RuntimeErr::Internal(error));
        let options =
            SqliteConnectOptions::from_str(url).map_err(|error| failed(error.to_string()))?;
        let found = std::path::absolute(options.get_filename())
            .and_then(|path| Ok((identity(&fs::metadata(&path)?), path)));
        let (identity, path) = found.map_err(|error| failed(error.to_string()))?;
        Ok(Self {
            path,
            identity,
            in_place: AtomicBool::new(true),
        })
    }

    /// Looks whether the open file is the one that the path names: a matter of a microsecond.
    pub(super) fn check(&self) -> Result<(), Error> {
        let path = self.path.display();
        match self.fault() {
            None => {
                if !self.in_place.swap(true, Ordering::Relaxed) {
                    tracing::info!(%path, "the database file is back: writing goes on");
                }
                Ok(())
            }
            Some(fault) => {
                if self.in_place.swap(false, Ordering::Relaxed) {
                    tracing::error!(
                        %path,
                        fault,
                        "the database file is not where it was opened: nothing is written any \
                         more. Put that very file back, or stop the service and start it on the \
                         file that it is to use"
                    );
                }
                let detail = format!("the database file {path}: {fault}");
                Err(Error::Unavailable(detail.into()))
            }
        }
    }

    fn fault(&self) -> Option<String> {
        match fs::metadata(&self.path) {
            Ok(found) if identity(&found) == self.identity => None,
            Ok(_) => Some("another file stands in its place".to_owned()),
            Err(error) => Some(describe(&error)),
        }
    }
}

fn describe(error: &io::Error) -> String {
    if error.kind() == ErrorKind::NotFound {
        "it was deleted or renamed".to_owned()
    } else {
        error.to_string()
    }
}

/// The device and the file's number on it, which stay when a file is renamed.
#[cfg(unix)]
type Identity = (u64, u64);

#[cfg(unix)]
fn identity(file: &Metadata) -> Identity {
    use std::os::unix::fs::MetadataExt;
    (file.dev(), file.ino())
}

/// Elsewhere an open file cannot be renamed in the first place, or nothing tells one from another.
#[cfg(not(unix))]
type Identity = ();

#[cfg(not(unix))]
fn identity(_: &Metadata) -> Identity {}
