//! The database's files, and whether they still stand where they were opened: the database itself
//! and the log beside it (`-wal`), which holds the newest writes until SQLite copies them over.
//!
//! SQLite goes on writing into a file that was deleted or renamed: every write would be answered,
//! and all of them lost when the service is killed.

use std::{
    fs::{self, Metadata},
    io::{self, ErrorKind},
    path::PathBuf,
    str::FromStr,
    sync::atomic::{AtomicBool, Ordering},
};

use sea_orm::{DbErr, RuntimeErr, sqlx::sqlite::SqliteConnectOptions};

use crate::error::Error;

/// The files that are open.
#[derive(Debug)]
pub(super) struct DatabaseFiles {
    database: OpenFile,
    log: OpenFile,
    /// Whether both were there at the last look: the service's log tells of a change once.
    in_place: AtomicBool,
}

impl DatabaseFiles {
    /// The files of the database at `url`. They stay the same as long as a connection that has
    /// read stays open: SQLite removes its log with the last one alone.
    pub(super) fn opened(url: &str) -> Result<Self, DbErr> {
        let failed = |error: String| DbErr::Conn(RuntimeErr::Internal(error));
        let options =
            SqliteConnectOptions::from_str(url).map_err(|error| failed(error.to_string()))?;
        let found = std::path::absolute(options.get_filename()).and_then(|path| {
            let mut log = path.clone().into_os_string();
            log.push("-wal");
            Ok((OpenFile::at(path)?, OpenFile::at(log.into())?))
        });
        let (database, log) = found.map_err(|error| failed(error.to_string()))?;
        Ok(Self {
            database,
            log,
            in_place: AtomicBool::new(true),
        })
    }

    /// Looks whether the open files are those that the paths name: a matter of microseconds.
    pub(super) fn check(&self) -> Result<(), Error> {
        let fault = |file: &OpenFile| {
            file.fault()
                .map(|fault| (file.path.display().to_string(), fault))
        };
        match fault(&self.database).or_else(|| fault(&self.log)) {
            None => {
                if !self.in_place.swap(true, Ordering::Relaxed) {
                    let path = self.database.path.display();
                    tracing::info!(%path, "the database file is back: writing goes on");
                }
                Ok(())
            }
            Some((path, fault)) => {
                if self.in_place.swap(false, Ordering::Relaxed) {
                    tracing::error!(
                        path,
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
}

#[derive(Debug)]
struct OpenFile {
    path: PathBuf,
    identity: Identity,
}

impl OpenFile {
    fn at(path: PathBuf) -> io::Result<Self> {
        let identity = identity(&fs::metadata(&path)?);
        Ok(Self { path, identity })
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
