//! Making an export: page by page, part by part, so that nobody waits for it. A server that falls silent
//! is replaced after a minute by another, which begins anew.

use std::sync::Arc;

use chrono::{SecondsFormat, TimeDelta};
use entity::{data_export, values::ExportState};
use serde_json::Value;
use uuid::Uuid;

use super::{
    archive::{Archive, PART},
    kinds::{KINDS, Read, ReadPage, readme},
    store::{self, ExportKey},
};
use crate::{
    app::App,
    error::Error,
    loaders::Loaders,
    lsn::Lsn,
    paging::{Page, Position},
    photo::leaving as photos,
    rejection::{Rejection, answer},
    user::store as users,
    viewer::{Caller, Member, Viewer},
};

/// How long a server has an export for itself without a word.
const HELD: TimeDelta = TimeDelta::seconds(60);
/// For how long it can be fetched.
const KEPT: TimeDelta = TimeDelta::days(7);
/// For how long it stands in the list.
const LISTED: TimeDelta = TimeDelta::days(30);
/// How often it is begun, at most, and how soon again.
const TRIES: i64 = 5;
const AGAIN: TimeDelta = TimeDelta::seconds(10);
/// Rows that are read at once.
const ROWS: i32 = 100;
/// Parts that are removed in one transaction.
const PARTS: i64 = 16;

/// Does what is due of the export `row`: makes it, removes what it held, or forgets it.
///
/// # Errors
/// The database's: it is tried again.
pub async fn see_to(app: &Arc<App>, row: &data_export::Model) -> Result<(), Error> {
    let key = [row.user_id, row.id];
    match row.state {
        ExportState::Queued | ExportState::Running => make(app, key).await.map(|_| ()),
        ExportState::Ready => end(app, key, ExportState::Ready, ExportState::Expired).await,
        ExportState::Fetched | ExportState::Failed | ExportState::Expired => {
            empty(app, key).await?;
            let removed = app
                .database
                .write(move |tx| Box::pin(async move { Ok(store::remove(&tx.sql, key).await?) }));
            unrefused(removed.await)
        }
    }
}

/// Makes the export with `key`, if nobody does. Says whether it is ready.
///
/// # Errors
/// What it was cut off by. It is begun anew later; after five times it has failed.
pub async fn make(app: &Arc<App>, key: ExportKey) -> Result<bool, Error> {
    let (server, now) = (app.server, app.clock.now());
    let claimed = app.database.write(move |tx| {
        let times = [now, now + HELD];
        Box::pin(async move { Ok(store::claim(&tx.sql, key, server, times).await?) })
    });
    let Some(row) = unrefused(claimed.await)? else {
        return Ok(false);
    };
    let made = match row.tries > TRIES {
        true => Err(Error::internal("a data export was begun too often")),
        false => Making::of(app, key).await?.make().await,
    };
    match made {
        Err(error) if row.tries >= TRIES => {
            tracing::error!(user = %row.user_id, %error, detail = error.detail(), "a data export failed");
            end(app, key, ExportState::Running, ExportState::Failed).await?;
            Ok(false)
        }
        Err(error) => {
            let turned = app.database.write(move |tx| {
                let states = [ExportState::Running, ExportState::Queued];
                Box::pin(async move { Ok(store::turn(&tx.sql, key, states, now + AGAIN).await?) })
            });
            unrefused(turned.await)?;
            Err(error)
        }
        made => made,
    }
}

/// Has the export be as `state` says, if it is as `before` does, and removes what it held.
///
/// # Errors
/// The database's.
pub async fn end(
    app: &App,
    key: ExportKey,
    before: ExportState,
    state: ExportState,
) -> Result<(), Error> {
    let next = app.clock.now() + LISTED;
    let turned = app.database.write(move |tx| {
        let states = [before, state];
        Box::pin(async move { Ok(store::turn(&tx.sql, key, states, next).await?) })
    });
    if unrefused(turned.await)? {
        empty(app, key).await?;
    }
    Ok(())
}

/// Removes the parts of an export, some at a time.
async fn empty(app: &App, key: ExportKey) -> Result<(), Error> {
    loop {
        let removed = app.database.write(move |tx| {
            Box::pin(async move { Ok(store::remove_parts(&tx.sql, key, PARTS).await?) })
        });
        if unrefused(removed.await)? == 0 {
            return Ok(());
        }
    }
}

fn unrefused<T>(done: Result<T, Rejection>) -> Result<T, Error> {
    answer(done)?.map_err(|reasons| Error::internal(format!("refused: {reasons:?}")))
}

/// An export in the making.
struct Making<'a> {
    app: &'a Arc<App>,
    key: ExportKey,
    archive: Archive,
    /// How many parts are written.
    parts: i64,
    size: i64,
    done: i64,
    total: i64,
}

/// Another server has it, or its user has gone.
struct Lost;

impl<'a> Making<'a> {
    async fn of(app: &'a Arc<App>, key: ExportKey) -> Result<Self, Error> {
        // What another had written of it.
        empty(app, key).await?;
        let [user, _] = key;
        let db = app.database.reader();
        let (row, counters) = (
            users::by_id(db, user).await?,
            users::counters(db, user).await?,
        );
        // About: what is counted of the user. Most rows are these.
        let total = row.map_or(0, |row| {
            row.friend_count
                + row.public_diaries
                + row.members_diaries
                + row.friends_of_friends_diaries
                + row.friends_diaries
                + row.group_diaries
                + row.only_me_diaries
        }) + counters.map_or(0, |row| row.footprint_count);
        Ok(Self {
            app,
            key,
            archive: Archive::new(),
            parts: 0,
            size: 0,
            done: 0,
            total,
        })
    }

    async fn make(mut self) -> Result<bool, Error> {
        match self.write_all().await? {
            Ok(()) => self.finish().await,
            Err(Lost) => Ok(false),
        }
    }

    async fn write_all(&mut self) -> Result<Result<(), Lost>, Error> {
        let [user, _] = self.key;
        let Some(row) = users::by_id(self.app.database.reader(), user).await? else {
            return Ok(Err(Lost));
        };
        let at = self.app.clock.now();
        let at = at.to_rfc3339_opts(SecondsFormat::Secs, true);
        self.archive.begin("README.txt")?;
        self.archive.write(&readme(&row.username, &at))?;
        for kind in KINDS {
            self.archive.begin(kind.file)?;
            let written = match kind.read {
                Read::Few(read) => {
                    let rows = read(&self.loaders(), user).await?;
                    self.write(rows.into_iter().map(Some)).await?
                }
                Read::ById(read) => self.write_pages(read).await?,
                Read::ByNumber(read) => self.write_pages(read).await?,
            };
            if written.is_err() {
                return Ok(Err(Lost));
            }
        }
        self.write_photos(user).await
    }

    /// Writes the files of the photos, one after the other.
    async fn write_photos(&mut self, user: Uuid) -> Result<Result<(), Lost>, Error> {
        let mut page = Page {
            limit: 1,
            backwards: false,
            after: None,
            before: None,
            texts: true,
        };
        loop {
            let slice = photos::files(self.app, user, &page).await?;
            page.after = slice.rows.last().map(|(id, _)| *id);
            for (name, bytes) in slice.rows.into_iter().filter_map(|(_, file)| file) {
                self.archive.begin(&name)?;
                self.archive.write_bytes(&bytes)?;
            }
            let parts = self.archive.take();
            if self.put(parts, false).await?.is_err() {
                return Ok(Err(Lost));
            }
            if !slice.has_next || page.after.is_none() {
                return Ok(Ok(()));
            }
        }
    }

    /// Those of a page of their own, with the eyes of the user: what is read for a page is forgotten then.
    fn loaders(&self) -> Arc<Loaders> {
        let [id, _] = self.key;
        let viewer = Viewer::Member(Member {
            id,
            session: Uuid::nil(),
        });
        let caller = Caller {
            viewer,
            wrote: Lsn::NEWEST,
            reads_kept: false,
            has_blocks: true,
            sees_names: false,
            has_rest: true,
        };
        Loaders::new(self.app.clone(), caller)
    }

    async fn write_pages<P: Position>(
        &mut self,
        read: ReadPage<P>,
    ) -> Result<Result<(), Lost>, Error> {
        let [user, _] = self.key;
        let mut page = Page {
            limit: ROWS,
            backwards: false,
            after: None,
            before: None,
            texts: true,
        };
        loop {
            let slice = read(&self.loaders(), user, &page).await?;
            let has_next = slice.has_next;
            page.after = slice.rows.last().map(|(place, _)| place.clone());
            let rows = slice.rows.into_iter().map(|(_, row)| row);
            if self.write(rows).await?.is_err() {
                return Ok(Err(Lost));
            }
            if !has_next || page.after.is_none() {
                return Ok(Ok(()));
            }
        }
    }

    /// Writes some rows, and the parts that are full then.
    async fn write(
        &mut self,
        rows: impl Iterator<Item = Option<Value>>,
    ) -> Result<Result<(), Lost>, Error> {
        for row in rows {
            self.done += 1;
            if let Some(row) = row {
                self.archive.write(&format!("{row}\n"))?;
            }
        }
        let parts = self.archive.take();
        self.put(parts, false).await
    }

    async fn finish(mut self) -> Result<bool, Error> {
        let archive = std::mem::replace(&mut self.archive, Archive::new());
        let parts = archive.finish()?;
        Ok(self.put(parts, true).await?.is_ok())
    }

    /// Writes `parts`, and says how far it is; that it is ready, where these are the last.
    async fn put(
        &mut self,
        parts: Vec<Vec<u8>>,
        are_last: bool,
    ) -> Result<Result<(), Lost>, Error> {
        let bytes: usize = parts.iter().map(Vec::len).sum();
        self.size += i64::try_from(bytes).unwrap_or(i64::MAX);
        self.total = self.total.max(self.done);
        let (key, server, now) = (self.key, self.app.server, self.app.clock.now());
        let (first, size, rows) = (self.parts, self.size, [self.done, self.total]);
        self.parts += i64::try_from(parts.len()).unwrap_or(i64::MAX);
        let parts = Arc::new(parts);
        let put = self.app.database.write(move |tx| {
            let parts = parts.clone();
            Box::pin(async move {
                if !store::go_on(&tx.sql, key, server, rows, now + HELD).await? {
                    return Ok(false);
                }
                for (number, part) in (first..).zip(parts.iter()) {
                    store::put_part(&tx.sql, key, number, part.clone()).await?;
                }
                if are_last {
                    store::ready(&tx.sql, key, size, [now, now + KEPT]).await?;
                }
                Ok(true)
            })
        });
        Ok(match unrefused(put.await)? {
            true => Ok(()),
            false => Err(Lost),
        })
    }
}

/// How many parts `size` bytes come in.
pub(super) fn parts(size: i64) -> i64 {
    let part = i64::try_from(PART).unwrap_or(i64::MAX);
    size / part + i64::from(size % part > 0)
}
