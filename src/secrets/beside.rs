//! The file of keys beside SQLite's: so that who tries the service has to set nothing.

use std::{
    fs::{self, File, Metadata},
    io::{ErrorKind, Write},
    path::{Path, PathBuf},
};

use anyhow::{Context, anyhow};
use tempfile::NamedTempFile;

use super::key::{KEY_BYTES, read_keys, written};
use crate::ids::Ids;

const REMARK: &str = "\
# The keys of this Ashiato, the newest first. What they seal in the database beside this file opens
# with them alone, and they are in no backup of it: keep a copy, apart from the backups.
";

/// The keys beside `database`; a new one where there is no such file.
pub(super) fn read_or_make(database: &Path, ids: &Ids) -> anyhow::Result<Vec<[u8; KEY_BYTES]>> {
    let path = file_beside(database);
    let name = path.display();
    // Of two that start at once one makes it, and both read it.
    let found = match fs::read_to_string(&path) {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            make(&path, ids)
                .with_context(|| format!("cannot write the secret keys into {name}"))?;
            fs::read_to_string(&path)
        }
        found => found,
    };
    let text = found.with_context(|| format!("cannot read the secret keys in {name}"))?;
    if is_open_to_others(&fs::metadata(&path)?) {
        tracing::warn!(path = %name, "others can read the secret keys: chmod 600");
    }
    read_keys(&text).map_err(|error| anyhow!("{name}: {error:#}"))
}

/// The file of keys beside `database`.
pub fn file_beside(database: &Path) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push("-keys");
    name.into()
}

/// Makes the file, whole and for this user alone, unless another has made it meanwhile.
fn make(path: &Path, ids: &Ids) -> anyhow::Result<()> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    // It has the mode 0600 from its first moment.
    let mut file = NamedTempFile::new_in(folder)?;
    file.write_all(REMARK.as_bytes())?;
    writeln!(file, "{}", written(&ids.secret()))?;
    file.as_file().sync_all()?;
    match file.persist_noclobber(path) {
        Ok(_) => {
            File::open(folder)?.sync_all()?;
            tracing::info!(
                path = %path.display(),
                "made a secret key beside the database: keep a copy of this file apart from the \
                 backups, none of which holds it"
            );
            Ok(())
        }
        Err(error) if error.error.kind() == ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error.error.into()),
    }
}

#[cfg(unix)]
fn is_open_to_others(found: &Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    found.permissions().mode() & 0o077 != 0
}

#[cfg(not(unix))]
fn is_open_to_others(_: &Metadata) -> bool {
    false
}
