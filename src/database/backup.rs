//! A copy of the SQLite database as of one moment, made while the service runs, and the way back.
//! (PostgreSQL has tools of its own.)

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::{Context, bail, ensure};
use indicatif::ProgressBar;
use sea_orm::{DatabaseConnection, DbErr};

use super::{Place, sqlite, tables::Steps};
use crate::sql::Sql;

/// How often the bar moves.
const TICK: Duration = Duration::from_millis(100);

/// Copies the database at `place` into `target`, as it stands now, whoever writes meanwhile.
///
/// # Errors
/// A sentence that says what to change; `target` is whole or not there.
pub async fn backup(place: &Place, target: &Path, bar: &ProgressBar) -> anyhow::Result<()> {
    let file = existing(place)?;
    ensure!(
        !target.exists(),
        "{} is there already: name a file that is not",
        target.display()
    );
    let partial = partial(target);
    remove(&partial)?;
    bar.set_length(fs::metadata(file)?.len());
    let db = sqlite::reader(&place.url, None).await?;
    let mut sql = Sql::of(&db);
    let into = sql.bind(partial.display().to_string());
    let mut copying = std::pin::pin!(sql.run(&db, format!("VACUUM INTO {into}")));
    let copied = loop {
        tokio::select! {
            copied = &mut copying => break copied,
            () = tokio::time::sleep(TICK) => {
                bar.set_position(fs::metadata(&partial).map_or(0, |found| found.len()));
            }
        }
    };
    if let Err(error) = copied {
        remove(&partial)?;
        bail!("cannot write {}: {error}", target.display());
    }
    db.close_by_ref().await?;
    settle(&partial, target)?;
    bar.finish_and_clear();
    Ok(())
}

/// Puts the copy `source` in the place of the database at `place`; of one that is there already
/// only if told to `replace` it, and if no server has it open.
///
/// # Errors
/// A sentence that says what to change; the database is the old one or the new one.
pub async fn restore(place: &Place, source: &Path, replace: bool) -> anyhow::Result<()> {
    let Some(file) = place.file() else {
        bail!(USE_THE_USUAL_TOOLS);
    };
    check(source).await?;
    if file.exists() {
        ensure!(
            replace,
            "there is a database at `{place}` already: everything in it would be lost. Say \
             --replace if that is what you want"
        );
        let db = sqlite::writer(place.url.clone(), None, false).await;
        let held = "something has the database at `{place}` open: stop the service first";
        let db = db.with_context(|| held.replace("{place}", &place.to_string()))?;
        // Leaves the journal's mode only where nobody else has the file open; the journal's files
        // are gone then.
        let alone = one(&db, "PRAGMA journal_mode = delete").await;
        db.close().await?;
        ensure!(
            alone.is_ok_and(|mode| mode == "delete"),
            held.replace("{place}", &place.to_string())
        );
    }
    let partial = partial(file);
    fs::copy(source, &partial).with_context(|| format!("cannot write {}", partial.display()))?;
    settle(&partial, file)
}

const USE_THE_USUAL_TOOLS: &str = "this is for SQLite: back PostgreSQL up by pg_dump or pg_basebackup, and restore it by \
     pg_restore or from the base backup";

/// Refuses what is no whole database of Ashiato's that this program can read.
async fn check(source: &Path) -> anyhow::Result<()> {
    let name = source.display();
    ensure!(source.is_file(), "there is no file {name}");
    let refused = || format!("{name} is no backup of an Ashiato database");
    let db = sqlite::reader(&format!("sqlite://{name}"), None)
        .await
        .with_context(refused)?;
    let found = one(&db, "PRAGMA integrity_check").await;
    let steps = Steps::read(&db).await;
    db.close().await?;
    let found = found.with_context(refused)?;
    ensure!(found == "ok", "{name} is damaged: {found}");
    let steps = steps.with_context(refused)?;
    steps.refuse_newer()?;
    ensure!(!steps.taken.is_empty(), refused());
    Ok(())
}

async fn one(db: &DatabaseConnection, text: &str) -> Result<String, DbErr> {
    let rows = Sql::of(db).rows(db, text).await?;
    rows.first().map_or_else(
        || Err(DbErr::RecordNotFound(text.to_owned())),
        |row| row.try_get_by_index(0),
    )
}

fn existing(place: &Place) -> anyhow::Result<&Path> {
    match place.file() {
        None => bail!(USE_THE_USUAL_TOOLS),
        Some(file) if file.exists() => Ok(file),
        Some(_) => {
            bail!("there is no database at `{place}`: name the server's with --database-url")
        }
    }
}

/// Where a file is made before it bears its name.
fn partial(target: &Path) -> PathBuf {
    let mut name = target.as_os_str().to_owned();
    name.push(".partial");
    name.into()
}

fn remove(file: &Path) -> io::Result<()> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Gives `partial` its name once every byte of it is on disk.
fn settle(partial: &Path, target: &Path) -> anyhow::Result<()> {
    File::open(partial)?.sync_all()?;
    fs::rename(partial, target)?;
    let folder = target
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()?;
    Ok(())
}
