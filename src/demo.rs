//! A community to try the service with: made up, but for its shape.
//!
//! Its figures are those that Mixi published (see `regions` and `births`), its graph has the heavy
//! tail and the many triangles of the real one, and its people write as people did in 2006. The
//! same settings make the same rows, byte for byte, on every machine.

mod births;
mod brands;
mod circles;
mod clustering;
mod diaries;
mod draw;
mod filling;
mod footprints;
mod graph;
mod introductions;
mod kiribans;
mod music;
mod names;
mod notifications;
mod people;
mod photos;
mod plans;
mod regions;
mod rests;
mod reviews;
mod settings;
mod ties;
mod usage;
mod visitors;
mod writing;

use std::{sync::Arc, time::Instant};

use anyhow::Context;
use chrono::{DateTime, Utc};
use entity::{user, values::UserKind};
use indicatif::ProgressBar;
use sea_orm::{EntityTrait, PaginatorTrait};

use crate::{
    app::App,
    bulk::people::Person,
    clock::day_in_japan,
    error::Error,
    rejection::answer,
    statistics::{rolling::roll_up, store::put},
    visibility::Majority,
};
use draw::{Draw, Part};
use graph::{Graph, Shape};
pub use settings::{Profile, Settings, Summary};

/// The password of everybody in the demo.
pub const PASSWORD: &str = "footprints-2006";
/// The key of the advisory lock on PostgreSQL under which one process at a time loads a demo.
const LOADING: i64 = 0x6173_6869_6174_6f01;
/// The user name of the demo's first user.
pub const USERNAME: &str = "hanako";

/// The people and their ties: what everything else is drawn over.
#[derive(Debug)]
struct Community {
    seed: u64,
    /// When the demo's last day ended.
    now: DateTime<Utc>,
    people: Vec<Person>,
    graph: Graph,
    /// The age in years from which people are adults.
    adult_age: u32,
    /// Which year's community it is like.
    profile: Profile,
}

impl Community {
    /// Whether at `time` what one did could come to the other (rules.md, Users 5).
    fn are_in_reach(&self, one: usize, other: usize, time: DateTime<Utc>) -> bool {
        let (Some(a), Some(b)) = (self.people.get(one), self.people.get(other)) else {
            return false;
        };
        let majority = Majority::on(day_in_japan(time), self.adult_age);
        if !majority.divides(a.birth_date, b.birth_date) {
            return true;
        }
        // Whose friend everybody becomes who asks ties nobody here.
        let is_member = |friend: usize| {
            let friend = self.people.get(friend);
            friend.is_some_and(|friend| friend.kind == UserKind::Member)
        };
        self.are_connected_through(one, other, is_member)
    }

    /// Whether the two are friends, or have one in common.
    fn are_connected(&self, one: usize, other: usize) -> bool {
        self.are_connected_through(one, other, |_| true)
    }

    /// The same, where a friend in common counts of whom `counts` says so.
    fn are_connected_through(
        &self,
        one: usize,
        other: usize,
        counts: impl Fn(usize) -> bool,
    ) -> bool {
        let friends = self.graph.friends(one).iter();
        let mut friends = friends.map(|friend| *friend as usize);
        self.graph.are_friends(one, other)
            || friends.any(|friend| self.graph.are_friends(friend, other) && counts(friend))
    }

    fn days_ago(&self, days: i64) -> DateTime<Utc> {
        self.now - chrono::Duration::days(days)
    }
}

/// Fills the database with the default demo, unless somebody is in it. Who comes meanwhile waits, and
/// finds the people there.
///
/// # Errors
/// What stood against it.
pub async fn load_if_empty(app: &Arc<App>) -> anyhow::Result<Option<Summary>> {
    let loading = async {
        if people_there(app).await? > 0 {
            return Ok(None);
        }
        let settings = Settings::new(day_in_japan(app.clock.now()));
        let loaded = load_empty(app, &settings, &ProgressBar::hidden()).await;
        loaded.map(Some)
    };
    alone(app, loading).await
}

/// Does `loading` while no other process loads a demo.
async fn alone<T>(
    app: &App,
    loading: impl Future<Output = anyhow::Result<T>>,
) -> anyhow::Result<T> {
    let held = app.database.alone(LOADING).await?;
    let loaded = loading.await;
    if let Some(held) = held {
        held.rollback().await?;
    }
    loaded
}

async fn people_there(app: &App) -> anyhow::Result<u64> {
    Ok(user::Entity::find().count(app.database.reader()).await?)
}

/// Fills the database, which nobody is in yet, with the demo of `settings`.
///
/// # Errors
/// A sentence, where somebody is in it already or the settings do not fit together; and the
/// database's.
pub async fn load(
    app: &Arc<App>,
    settings: &Settings,
    bar: &ProgressBar,
) -> anyhow::Result<Summary> {
    settings.check()?;
    alone(app, load_empty(app, settings, bar)).await
}

async fn load_empty(
    app: &Arc<App>,
    settings: &Settings,
    bar: &ProgressBar,
) -> anyhow::Result<Summary> {
    let there = people_there(app).await?;
    if there > 0 {
        anyhow::bail!(
            "the database has {there} users already, and the demo is for an empty one. Nothing \
             was changed. Name another with --database-url, for example sqlite://demo.db"
        );
    }
    let began = Instant::now();
    bar.set_message("drawing the people and their ties");
    let community = draw_community(app, settings).await?;
    let summary = filling::fill(app, &community, bar).await?;
    bar.set_message("counting the figures");
    bar.set_position(0);
    let counted = count_figures(app, &community, bar).await;
    counted.context("the community is there, but its figures are not counted")?;
    Ok(Summary {
        elapsed: began.elapsed(),
        ..summary
    })
}

/// Has the figures of months past be there, and counts those of the last day, as the service does after midnight.
async fn count_figures(
    app: &Arc<App>,
    community: &Community,
    bar: &ProgressBar,
) -> Result<(), Error> {
    let past = Arc::new(community.past_figures(&community.access()));
    let written = app.database.write(move |tx| {
        let past = past.clone();
        Box::pin(async move { Ok(put(&tx.sql, &past).await?) })
    });
    let written = answer(written.await)?;
    written.map_err(|reasons| Error::internal(format!("refused: {reasons:?}")))?;
    roll_up(app, community.last_day(), |users| bar.inc(users)).await?;
    Ok(())
}

async fn draw_community(app: &App, settings: &Settings) -> anyhow::Result<Community> {
    let salt = Draw::new(settings.seed, Part::Password, 0).bytes();
    // One hash for all: a thousand would take half a minute.
    let hash = app.passwords.hash(PASSWORD.to_owned(), salt).await?.into();
    let limit = usize::try_from(app.rules.friend_limit)?;
    let most = |friends: usize| friends.min(limit).min(settings.users / 3);
    let fans = [(3000, 30), (1200, 12), (600, 6)]
        .map(|(most, percent)| most.min(settings.users * percent / 100));
    let shape = Shape {
        people: settings.users,
        mean: settings.profile.mean_friends(),
        limit,
        known: vec![(0, most(58)), (1, most(46))],
        tarento: people::tarento(settings.users)
            .into_iter()
            .zip(fans)
            .collect(),
    };
    Ok(Community {
        seed: settings.seed,
        now: settings.now(),
        people: people::people(settings, &app.rules, &hash),
        graph: Graph::draw(settings.seed, &shape),
        adult_age: app.rules.adult_age,
        profile: settings.profile,
    })
}
