//! The database, the disk under it, and the clocks.

use std::{path::Path, time::Duration};

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use sea_orm::{DatabaseConnection, DbErr};
use tokio::time::timeout;

use super::Report;
use crate::{
    cache::Cache,
    clock::{APART, Clock, SystemClock, apart},
    database::{
        Database, Place,
        health::{self, Version},
        tables::Steps,
    },
    events::Events,
    secrets::Keyring,
};

/// How long the database may take for one answer.
const PATIENCE: Duration = Duration::from_secs(10);
/// What a disk should have free, and what it must, in bytes.
const SHOULD_BE_FREE: u64 = 1_000_000_000;
const MUST_BE_FREE: u64 = 50_000_000;
/// How much newer than now a row may be: another server's clock is not quite the same.
const AHEAD: TimeDelta = TimeDelta::minutes(2);
/// Connections of PostgreSQL that are its superuser's, and that a step of the tables takes.
const SPARE: i64 = 4;

pub(super) async fn look(place: &Place, keys: Option<&Keyring>, report: &mut Report) {
    let now = SystemClock.now();
    if let Err(error) = place.check() {
        return report.refuse("database", &error);
    }
    if let Some(file) = place.file() {
        let folder = file.parent().filter(|it| !it.as_os_str().is_empty());
        let folder = folder.unwrap_or(Path::new("."));
        disk("disk", folder, report);
        if !file.exists() {
            report.ok("clock", in_words(now));
            return none_yet(place, folder, report);
        }
    }
    let db = match timeout(PATIENCE, place.connect_to_migrate()).await {
        Ok(Ok(db)) => db,
        Ok(Err(error)) => return report.refuse("database", &error),
        Err(_) => return silent(place, report),
    };
    if timeout(PATIENCE, ask(&db, place, keys, report))
        .await
        .is_err()
    {
        silent(place, report);
    }
    let _ = timeout(PATIENCE, db.close()).await;
}

fn silent(place: &Place, report: &mut Report) {
    report.fail(
        "database",
        format!("{place} does not answer"),
        "look whether it runs, whether this machine reaches it, and whether something holds its tables",
    );
}

/// SQLite's file is made by who serves.
fn none_yet(place: &Place, folder: &Path, report: &mut Report) {
    let mend = "make the folder, and have it belong to the user that the service runs as";
    match tempfile::tempfile_in(folder) {
        Err(error) => {
            let said = format!("{place} cannot be made in {}: {error}", folder.display());
            report.fail("database", said, mend);
        }
        Ok(_) if place.migrate => {
            report.ok("database", format!("{place}: `ashiato serve` makes it"));
        }
        Ok(_) => report.fail(
            "database",
            format!("there is none at {place}"),
            "run `ashiato migrate up`, or leave out --no-migrate",
        ),
    }
}

async fn ask(db: &DatabaseConnection, place: &Place, keys: Option<&Keyring>, report: &mut Report) {
    match health::version(db).await {
        Ok(version) => reached(&version, place, report),
        Err(error) => return broken("database", &error, report),
    }
    let steps = match Steps::read(db).await {
        Ok(steps) => steps,
        Err(error) => return broken("tables", &error, report),
    };
    tables(&steps, place, report);
    match health::takes_writes(db, &steps).await {
        Ok(()) => report.ok("writing", "it takes writes"),
        Err(error) => report.fail(
            "writing",
            format!("it takes no writes: {error}"),
            "have its file, or its tables, belong to this user, and look whether another program holds it",
        ),
    }
    clock(db, &steps, report).await;
    if let Some(keys) = keys.filter(|_| steps.missing.is_empty()) {
        match health::sealed(db).await {
            Ok(sealed) => opens(keys, &sealed, report),
            Err(error) => broken("sealed", &error, report),
        }
    }
    if !place.replicas.is_empty() && steps.missing.is_empty() {
        replicas(place, report).await;
    }
}

fn broken(part: &'static str, error: &DbErr, report: &mut Report) {
    let mend = "look into the database's own log";
    report.fail(part, format!("it cannot be asked: {error}"), mend);
}

fn reached(version: &Version, place: &Place, report: &mut Report) {
    let said = format!("{place}: {}", version.name);
    match version.is_too_old {
        true => report.warn(
            "database",
            said,
            "the service is for PostgreSQL 15 or later",
        ),
        false => report.ok("database", said),
    }
    let Some(most) = version.connections else {
        return;
    };
    let ours = i64::from(place.connections);
    if ours + SPARE > most {
        report.warn(
            "connections",
            format!("each server takes up to {ours}, and PostgreSQL has {most} for all"),
            "take fewer with --database-connections, or set its max_connections higher",
        );
    } else {
        report.ok("connections", format!("up to {ours} of {most}"));
    }
}

fn tables(steps: &Steps, place: &Place, report: &mut Report) {
    let (taken, missing) = (steps.taken.len(), steps.missing.len());
    let refused = match place.migrate {
        true => steps.refuse_newer(),
        false => steps.refuse_other(),
    };
    match refused {
        Err(error) => report.refuse("tables", &error),
        Ok(()) if missing == 0 => report.ok("tables", format!("up to date, after {taken} steps")),
        Ok(()) if taken == 0 => report.ok("tables", "none yet: `ashiato serve` makes them"),
        Ok(()) => report.warn(
            "tables",
            format!("{missing} steps are missing: `ashiato serve` takes them as it starts"),
            "make a backup first",
        ),
    }
}

async fn clock(db: &DatabaseConnection, steps: &Steps, report: &mut Report) {
    let before = SystemClock.now();
    let theirs = health::now(db).await;
    let now = SystemClock.now();
    let newest = match steps.missing.is_empty() {
        true => health::newest(db).await,
        false => Ok(None),
    };
    let (theirs, newest) = match (theirs, newest) {
        (Ok(theirs), Ok(newest)) => (theirs, newest),
        (Err(error), _) | (_, Err(error)) => return broken("clock", &error, report),
    };
    let mend = "have NTP set the clocks of every machine";
    let apart = theirs
        .map(|theirs| apart(before, theirs, now))
        .unwrap_or_default();
    if let Some(newest) = newest.filter(|newest| *newest > now + AHEAD) {
        let said = format!(
            "this machine's clock says {}, and there is a row of {}",
            in_words(now),
            in_words(newest)
        );
        report.fail("clock", said, mend);
    } else if apart > APART {
        let seconds = apart.num_seconds();
        let said = format!("this machine's clock and the database's are {seconds} s apart");
        report.warn("clock", said, mend);
    } else {
        report.ok("clock", in_words(now));
    }
}

fn opens(keys: &Keyring, sealed: &[Vec<u8>], report: &mut Report) {
    let lost = sealed
        .iter()
        .filter(|sealed| !keys.has_key_of(sealed))
        .count();
    if lost == 0 {
        return report.ok("sealed", "the keys open what is sealed");
    }
    report.fail(
        "sealed",
        format!(
            "{lost} of {} second factors were sealed with another key",
            sealed.len()
        ),
        "give the older key, too, behind the new one",
    );
}

async fn replicas(place: &Place, report: &mut Report) {
    let place = Place {
        migrate: false,
        ..place.clone()
    };
    match Database::open(&place, Events::with(Cache::default()), None).await {
        Ok(database) => {
            database.close().await;
            report.ok(
                "replicas",
                format!("{} of this database", place.replicas.len()),
            );
        }
        Err(error) => report.refuse("replicas", &error),
    }
}

/// What the disk of `folder` has free.
pub(super) fn disk(part: &'static str, folder: &Path, report: &mut Report) {
    let name = folder.display();
    let free = match rustix::fs::statvfs(folder) {
        Ok(disk) => disk.f_bavail.saturating_mul(disk.f_frsize),
        Err(error) => {
            let said = format!("the folder {name} cannot be looked at: {error}");
            let mend = "make the folder, or name another";
            return report.fail(part, said, mend);
        }
    };
    let said = format!("{} MB are free in {name}", free / 1_000_000);
    let mend = "make room: where there is none, nothing is written any more";
    match free {
        free if free < MUST_BE_FREE => report.fail(part, said, mend),
        free if free < SHOULD_BE_FREE => report.warn(part, said, mend),
        _ => report.ok(part, said),
    }
}

fn in_words(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Secs, true)
}
