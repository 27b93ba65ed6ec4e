//! Fetching an export: once. A download has it for itself while it goes on; with the last byte that was
//! handed over it is fetched, and removed. One that is cut off before that counts for nothing: the link is
//! good again.

use std::sync::Arc;

use chrono::TimeDelta;
use entity::values::ExportState;
use futures_util::{Stream, stream::try_unfold};
use uuid::Uuid;

use super::{
    link,
    make::{end, parts},
    store::{self, ExportKey},
};
use crate::{
    app::App,
    error::Error,
    rejection::{Rejection, answer},
};

/// How long a download has the export for itself without asking for more of it.
const HELD: TimeDelta = TimeDelta::seconds(60);

/// A download under way. It is over when it goes out of scope.
pub struct Download {
    app: Arc<App>,
    key: ExportKey,
    by: Uuid,
    next: i64,
    parts: i64,
    /// The bytes of all of it.
    pub size: i64,
    /// The day on which it was made.
    pub day: String,
}

impl std::fmt::Debug for Download {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Download").finish_non_exhaustive()
    }
}

/// Begins the download that `token` is a link to; none where it is no link, or not any more, or another
/// has the export, or had it. Nor is one a link any more whose session has ended, or is not the one that asked last.
///
/// # Errors
/// The database's.
pub async fn begin(app: &Arc<App>, token: &str) -> Result<Option<Download>, Error> {
    let Some((key, session)) = link::read(app, token)? else {
        return Ok(None);
    };
    let now = app.clock.now();
    let by = app.ids.at(now);
    let begun = app.database.write(move |tx| {
        let times = [now, now + HELD];
        Box::pin(
            async move { Ok(store::begin_fetching(&tx.sql, key, [session, by], times).await?) },
        )
    });
    let row = unrefused(begun.await)?;
    Ok(row.map(|row| Download {
        app: app.clone(),
        key,
        by,
        next: 0,
        parts: parts(row.size),
        size: row.size,
        day: row.requested_at.date_naive().to_string(),
    }))
}

impl Download {
    /// Its bytes, part by part.
    pub fn bytes(self) -> impl Stream<Item = Result<Vec<u8>, Error>> + Send {
        try_unfold(self, async |mut download| {
            let part = download.part().await?;
            Ok(part.map(|part| (part, download)))
        })
    }

    async fn part(&mut self) -> Result<Option<Vec<u8>>, Error> {
        if self.next >= self.parts {
            return Ok(None);
        }
        if !self.hold(Some(HELD)).await? {
            return Err(Error::internal(
                "a download took too long, and another began",
            ));
        }
        let db = self.app.database.reader();
        let part = store::part(db, self.key, self.next).await?;
        let part = part.ok_or_else(|| Error::internal("a part of a data export is missing"))?;
        self.next += 1;
        Ok(Some(part))
    }

    /// Has the export for as long again; or leaves it to others.
    async fn hold(&self, longer: Option<TimeDelta>) -> Result<bool, Error> {
        hold(&self.app, self.key, self.by, longer).await
    }
}

async fn hold(
    app: &App,
    key: ExportKey,
    by: Uuid,
    longer: Option<TimeDelta>,
) -> Result<bool, Error> {
    let until = longer.map(|longer| app.clock.now() + longer);
    let held = app.database.write(move |tx| {
        Box::pin(async move { Ok(store::go_on_fetching(&tx.sql, key, by, until).await?) })
    });
    unrefused(held.await)
}

impl Drop for Download {
    fn drop(&mut self) {
        let (app, key, by) = (self.app.clone(), self.key, self.by);
        let is_whole = self.next >= self.parts;
        tokio::spawn(async move {
            let ended = match is_whole {
                true => end(&app, key, ExportState::Ready, ExportState::Fetched).await,
                false => hold(&app, key, by, None).await.map(|_| ()),
            };
            if let Err(error) = ended {
                tracing::warn!(%error, detail = error.detail(), "the end of a download was not kept");
            }
        });
    }
}

fn unrefused<T>(done: Result<T, Rejection>) -> Result<T, Error> {
    answer(done)?.map_err(|reasons| Error::internal(format!("refused: {reasons:?}")))
}
