//! Writing the demo: what goes in, in which order.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use indicatif::ProgressBar;

use super::{Community, Summary, clustering, writing::Writing};
use crate::{
    app::App,
    bulk::{
        self, Batch, artists, brands::days_of, catalogue, music, reviews::rate_all, room,
        whole::Whole,
    },
    rejection::Rejection,
};

/// Fills the empty database with `community`.
///
/// # Errors
/// The database's.
pub(super) async fn fill(
    app: &Arc<App>,
    community: &Community,
    bar: &ProgressBar,
) -> anyhow::Result<Summary> {
    let begun = Whole::begin(&app.database).await;
    match begun.map_err(|error| named("first page", error.into()))? {
        Some(whole) => fill_whole(app, community, whole, bar).await,
        None => fill_by_parts(app, community, bar).await,
    }
}

async fn fill_by_parts(
    app: &Arc<App>,
    community: &Community,
    bar: &ProgressBar,
) -> anyhow::Result<Summary> {
    room::make(app)
        .await
        .map_err(|error| named("first page", error))?;
    let loader = Loader {
        app,
        bar,
        whole: None,
    };
    let summary = write(&loader, community).await;
    room::clear(app)
        .await
        .map_err(|error| named("last page", error))?;
    summary
}

/// All or nothing.
async fn fill_whole(
    app: &Arc<App>,
    community: &Community,
    whole: Whole,
    bar: &ProgressBar,
) -> anyhow::Result<Summary> {
    let loader = Loader {
        app,
        bar,
        whole: Some(&whole),
    };
    let summary = match write(&loader, community).await {
        Ok(summary) => summary,
        Err(error) => {
            // The rows went nowhere because of this.
            let reason = whole.give_up().await;
            return Err(reason.map_or(error, |reason| named("community", reason.into())));
        }
    };
    let building = |what: &str| {
        bar.set_message(format!("building {what}"));
        bar.set_position(0);
    };
    let finished = whole.finish(&building).await;
    finished.map_err(|error| named("indexes", error.into()))?;
    Ok(summary)
}

async fn write(loader: &Loader<'_>, c: &Community) -> anyhow::Result<Summary> {
    let writing = Writing::new();
    let parts = loader.whole.is_none();
    // What is written by parts comes after what it refers to; what is written at once, whose counters
    // come with it, after what it counts.
    let (diaries, comments, friendships);
    let photos = c.photos(loader.app).await?;
    let photos = photos.into_iter();
    let pictures;
    if parts {
        loader.write("users", c.people.iter().cloned()).await?;
        loader.write("groups", c.groups()).await?;
        diaries = loader.write("diaries", c.diaries(&writing)).await?;
        friendships = loader.write("friendships", c.ties()).await?;
        comments = loader.write("comments", c.comments(&writing)).await?;
        pictures = loader.write("photos", photos).await?;
    } else {
        pictures = loader.write("photos", photos).await?;
        comments = loader.write("comments", c.comments(&writing)).await?;
        diaries = loader.write("diaries", c.diaries(&writing)).await?;
        friendships = loader.write("friendships", c.ties()).await?;
        loader.write("groups", c.groups()).await?;
    }
    let requests = c.requests();
    let told = c.notifications(&writing, &requests);
    let requests = loader.write("friend requests", requests).await?;
    let introductions = loader.write("introductions", c.introductions()).await?;
    let artists = c.artists();
    let names = artists.iter().flat_map(|artist| &artist.names);
    let names: Vec<_> = names.map(|name| name.key.clone()).collect();
    let there = artists::existing(loader.app.database.reader(), &names).await?;
    let (missing, artists) = artists::settle(artists, &there);
    loader.write_apart("artists", missing).await?;
    let items = c.catalogue(&artists);
    let there = catalogue::existing(loader.app.database.reader(), &items).await?;
    let (missing, items) = catalogue::settle(items, &there);
    loader.write_apart("catalogue items", missing).await?;
    let reviews = loader.write("reviews", c.reviews(&items)).await?;
    loader.write("favourite songs", c.listening(&items)).await?;
    let listens = c.listening(&items).map(|one| one.listens.len()).sum();
    loader.write("facts", c.facts()).await?;
    loader.write("days of use", c.usage()).await?;
    loader.write("access", c.access()).await?;
    loader.write("orders", c.orders()).await?;
    let brands = c.brands();
    loader
        .write("post numbers", c.post_numbers(&brands))
        .await?;
    if parts {
        loader
            .write("brands' pages", brands.iter().cloned())
            .await?;
        loader.write("follows", c.follows(&brands)).await?;
    } else {
        let days = days_of(&brands, c.follows(&brands));
        loader.write("follows", c.follows(&brands)).await?;
        loader
            .write("brands' pages", brands.iter().cloned())
            .await?;
        loader.write("days of brands' pages", days).await?;
    }
    loader.write("visitors' choices", c.visitors()).await?;
    loader.write("rests", c.rests()).await?;
    let seen = loader.write("footprints", c.seen_footprints()).await?;
    loader.write("looks at them", c.seen()).await?;
    let new = loader.write("new footprints", c.new_footprints()).await?;
    loader.write("kiriban", c.kiribans()).await?;
    loader.write("notifications", told.notifications).await?;
    loader.write("inboxes", told.inboxes).await?;
    loader.write("rests that are over", told.digests).await?;
    if let Some(whole) = loader.whole {
        loader.write("users", c.people.iter().cloned()).await?;
        let rated = rate_all(whole).await;
        rated.map_err(|error| named("ratings", error.into()))?;
        let charts = music::chart_of(c.listening(&items));
        loader.write("charts", charts).await?;
    }
    let people = c.people.len();
    let posts = brands.iter().map(|page| page.posts.len()).sum();
    Ok(Summary {
        users: people,
        friendships,
        mean_friends: friendships as f64 * 2.0 / people as f64,
        most_friends: (0..people)
            .map(|one| c.graph.friends(one).len())
            .max()
            .unwrap_or(0),
        clustering: clustering::clustering(&c.graph, people),
        requests,
        introductions,
        photos: pictures,
        diaries,
        comments,
        items: items.len(),
        reviews,
        listens,
        brands: brands.len(),
        posts,
        footprints: seen + new,
        elapsed: Duration::ZERO,
    })
}

/// Writes, and moves the bar.
struct Loader<'l> {
    app: &'l App,
    bar: &'l ProgressBar,
    /// Where everything goes at once.
    whole: Option<&'l Whole>,
}

impl Loader<'_> {
    /// Writes `rows`, which are called `what`. Says how many there were.
    async fn write<B: Batch>(
        &self,
        what: &'static str,
        rows: impl IntoIterator<Item = B, IntoIter: Send>,
    ) -> anyhow::Result<usize> {
        let Some(whole) = self.whole else {
            return self.write_apart(what, rows).await;
        };
        let written = self.begin(what);
        let passed = bulk::pass(whole, rows, &|rows| self.count(&written, rows)).await;
        passed.map_err(|error| named(what, error))?;
        Ok(written.into_inner())
    }

    /// As [`Self::write`], whether everything goes at once or not.
    async fn write_apart<B: Batch>(
        &self,
        what: &'static str,
        rows: impl IntoIterator<Item = B, IntoIter: Send>,
    ) -> anyhow::Result<usize> {
        let written = self.begin(what);
        let done = bulk::write(self.app, rows, &|rows| self.count(&written, rows)).await;
        done.map_err(|error| named(what, error))?;
        Ok(written.into_inner())
    }

    fn begin(&self, what: &'static str) -> AtomicUsize {
        self.bar.set_message(what);
        self.bar.set_position(0);
        AtomicUsize::new(0)
    }

    fn count(&self, written: &AtomicUsize, rows: usize) {
        written.fetch_add(rows, Ordering::Relaxed);
        self.bar.inc(rows as u64);
    }
}

fn named(what: &str, error: Rejection) -> anyhow::Error {
    anyhow::anyhow!("cannot write the {what}: {}", error.in_words())
}
