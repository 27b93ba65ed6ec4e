//! Other processes that write to the same database: `ashiato admin` beside a running server, or
//! further servers.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use foldhash::{HashMap, HashMapExt};
use sea_orm::{ConnectionTrait, Statement};
use tokio_util::sync::CancellationToken;

use crate::{
    account::session, app::App, brand::store::by_ids as brands_of, database::in_time, error::Error,
    events::Event, notification::store::inboxes as inboxes_of, user::store::counters_of,
};

/// How soon what a neighbour wrote is noticed.
const EVERY: Duration = Duration::from_millis(500);
/// The same while a link carries events: it may still lose one.
const WHILE_LINKED: Duration = Duration::from_secs(5);
/// What is asked about at once: thousands would be a burst of rows, for which each connection that
/// ever read them keeps room.
const AT_ONCE: usize = 1_000;

/// Wakes feeds and sockets' watches when a neighbour has written, and reads anew who is absent, until
/// `stop`. On SQLite, where it
/// asks the connection that writes, it also notices, and logs, that the database file has gone.
pub async fn notice(app: Arc<App>, stop: CancellationToken) {
    let mut known = Known::default();
    let mut absences = app.events.watch(Event::AbsencesChanged);
    let noticing = async {
        loop {
            // A busy database is asked again in a moment.
            let looked = if app.database.is_postgres() {
                known.look_at_numbers(&app).await
            } else {
                known.look_at_version(&app).await
            };
            if let Err(error) = looked {
                tracing::debug!(detail = error.detail(), "cannot look for neighbours");
            }
            if let Err(error) = in_time(app.read_absences()).await {
                tracing::debug!(detail = error.detail(), "cannot read who is absent");
            }
            let pause = if app.events.is_linked() {
                WHILE_LINKED
            } else {
                EVERY
            };
            // Or until somebody tells.
            let _ = tokio::time::timeout(pause, absences.wait()).await;
        }
    };
    stop.run_until_cancelled(noticing).await;
}

/// What the last look found.
#[derive(Default)]
struct Known {
    version: Option<i64>,
    numbers: HashMap<Event, [i64; 2]>,
}

impl Known {
    /// SQLite has a number of the changes that others than the connection that writes here have
    /// made: when it grows, everybody looks.
    async fn look_at_version(&mut self, app: &App) -> Result<(), Error> {
        let read = app.database.write(|tx| {
            Box::pin(async move {
                let backend = tx.sql.get_database_backend();
                let pragma = Statement::from_string(backend, "PRAGMA data_version");
                let row = tx.sql.query_one_raw(pragma).await?;
                Ok(row.map(|row| row.try_get_by_index(0)).transpose()?)
            })
        });
        // Nothing is refused here; what fails is asked again.
        let version: Option<i64> = read.await.ok().flatten();
        if let Some(version) = version {
            if self.version.is_some_and(|known| known != version) {
                app.events.publish_all();
            }
            self.version = Some(version);
        }
        Ok(())
    }

    /// On PostgreSQL the numbers of those who are waited for are compared: four statements for each
    /// thousand that are waited for, and one more where there are replicas.
    async fn look_at_numbers(&mut self, app: &App) -> Result<(), Error> {
        let mut watched = app.events.watched();
        // Who is absent is read in any case.
        watched.retain(|(event, _)| *event != Event::AbsencesChanged);
        let mut numbers = HashMap::with_capacity(watched.len());
        for some in watched.chunks(AT_ONCE) {
            self.look_at_some(app, some, &mut numbers).await?;
        }
        self.numbers = numbers;
        Ok(())
    }

    async fn look_at_some(
        &self,
        app: &App,
        watched: &[(Event, u64)],
        numbers: &mut HashMap<Event, [i64; 2]>,
    ) -> Result<(), Error> {
        let users: BTreeSet<_> = watched
            .iter()
            .filter_map(|(event, _)| match event {
                Event::FootprintLeft(user)
                | Event::FriendRequestReceived(user)
                | Event::DiaryCommented(user)
                | Event::FollowsChanged(user) => Some(*user),
                Event::Notified(_)
                | Event::BrandPosted(_)
                | Event::SessionEnded(_)
                | Event::AbsencesChanged
                | Event::Changed(_) => None,
            })
            .collect();
        let told: Vec<_> = watched
            .iter()
            .filter_map(|(event, _)| match event {
                Event::Notified(user) => Some(*user),
                _ => None,
            })
            .collect();
        let brands: Vec<_> = watched
            .iter()
            .filter_map(|(event, _)| match event {
                Event::BrandPosted(brand) => Some(*brand),
                _ => None,
            })
            .collect();
        let members: Vec<_> = watched
            .iter()
            .filter_map(|(event, _)| match event {
                Event::SessionEnded(member) => Some(*member),
                _ => None,
            })
            .collect();
        let mut found = HashMap::new();
        if !users.is_empty() {
            let users: Vec<_> = users.into_iter().collect();
            found = counters_of(app.database.reader(), &users).await?;
        }
        let mut inboxes = HashMap::new();
        if !told.is_empty() {
            inboxes = inboxes_of(app.database.reader(), &told).await?;
        }
        let mut pages = HashMap::new();
        if !brands.is_empty() {
            pages = brands_of(app.database.reader(), &brands).await?;
        }
        let mut living = Default::default();
        if !members.is_empty() {
            living = session::living(app, &members).await?;
        }
        // What was found, and what was published before, is in the log before this.
        let lsn = app.database.lsn().await?;
        for (event, version) in watched.iter().copied() {
            app.events.locate(event, version, lsn);
            let now = match event {
                // What was taken back has no number of its own.
                Event::FootprintLeft(user) => found
                    .get(&user)
                    .map(|row| [row.visit_count, row.footprint_count]),
                Event::FriendRequestReceived(user) => found
                    .get(&user)
                    .map(|row| [row.request_number, row.incoming_request_count]),
                Event::DiaryCommented(user) => found.get(&user).map(|row| [row.comment_number, 0]),
                Event::Notified(user) => Some([inboxes.get(&user).map_or(0, |row| row.number), 0]),
                Event::FollowsChanged(user) => found.get(&user).map(|row| [row.follow_number, 0]),
                // One that is gone is no more than that.
                Event::BrandPosted(brand) => {
                    Some([pages.get(&brand).map_or(-1, |row| row.post_number), 0])
                }
                Event::SessionEnded(member) => living.contains(&member.session).then_some([0, 0]),
                Event::AbsencesChanged | Event::Changed(_) => None,
            };
            // Of whom nothing was known before, it is not known what was missed.
            if now.is_none() || self.numbers.get(&event) != now.as_ref() {
                app.events.wake(event, lsn);
            }
            if let Some(now) = now {
                numbers.insert(event, now);
            }
        }
        Ok(())
    }
}
