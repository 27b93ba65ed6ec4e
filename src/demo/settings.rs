//! What a demo is made by, and what was made.

use std::{fmt, time::Duration};

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, Utc};
use clap::ValueEnum;

use super::people::opening;

/// The most people of a demo.
const MOST: usize = 1_000_000;
/// The fewest: below, there are no two for every thing that the demo shows.
const FEWEST: usize = 20;
/// The community must have been open for so long, each day whole.
const DAYS_OPEN: u64 = 181;
/// The last year that a demo can be set in: an obvious slip of the finger lies behind it.
const LAST_YEAR: i32 = 2100;

/// Which year's community it is like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Profile {
    /// Growing fast, 10 friends in the mean
    #[value(name = "2006")]
    Of2006,
    /// Grown up, 40 friends in the mean
    #[value(name = "2011")]
    Of2011,
}

impl Profile {
    /// How many friends people have in the mean.
    pub fn mean_friends(self) -> usize {
        match self {
            Self::Of2006 => 10,
            Self::Of2011 => 40,
        }
    }
}

/// What a demo is made by. The same settings make the same rows.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// How many people.
    pub users: usize,
    /// What chance begins with.
    pub seed: u64,
    /// Which year's community it is like.
    pub profile: Profile,
    /// The day, in Japan, at whose beginning the demo is set: all has happened before.
    pub as_of: NaiveDate,
}

impl Settings {
    /// The default demo on the day `as_of`.
    pub fn new(as_of: NaiveDate) -> Self {
        Self {
            users: 1000,
            seed: 1,
            profile: Profile::Of2006,
            as_of,
        }
    }

    /// When the demo's last day ended: the first moment of `as_of` in Japan.
    pub fn now(&self) -> DateTime<Utc> {
        const NINE_HOURS_BEFORE: (u32, u32, u32) = (15, 0, 0);
        let (hour, minute, second) = NINE_HOURS_BEFORE;
        let midnight = NaiveTime::from_hms_opt(hour, minute, second).unwrap_or_default();
        self.as_of
            .checked_sub_days(Days::new(1))
            .unwrap_or(self.as_of)
            .and_time(midnight)
            .and_utc()
    }

    /// Whether the settings fit together.
    ///
    /// # Errors
    /// A sentence that says what does not.
    pub fn check(&self) -> anyhow::Result<()> {
        if !(FEWEST..=MOST).contains(&self.users) {
            anyhow::bail!(
                "a demo has {FEWEST} to {MOST} users, not {}: change --users",
                self.users
            );
        }
        let opened = opening().date_naive();
        let earliest = opened.checked_add_days(Days::new(DAYS_OPEN));
        if earliest.is_none_or(|day| self.as_of < day) || self.as_of.year() > LAST_YEAR {
            anyhow::bail!(
                "the demo's community opened on {opened} and has half a year behind it: --as-of \
                 must be a day from {} to {LAST_YEAR}-12-31, not {}",
                earliest.unwrap_or_default(),
                self.as_of
            );
        }
        Ok(())
    }
}

/// What was made.
#[derive(Clone, Copy, Debug)]
pub struct Summary {
    /// Users.
    pub users: usize,
    /// Friendships, each counted once.
    pub friendships: usize,
    /// Friends of a user, in the mean.
    pub mean_friends: f64,
    /// Friends of the user who has the most.
    pub most_friends: usize,
    /// How often the friends of a user are friends of each other.
    pub clustering: f64,
    /// Pending friend requests.
    pub requests: usize,
    /// What friends wrote of each other.
    pub introductions: usize,
    /// Pictures of profiles and in diaries.
    pub photos: usize,
    /// Diaries.
    pub diaries: usize,
    /// Comments under them.
    pub comments: usize,
    /// Catalogue items.
    pub items: usize,
    /// Reviews of them.
    pub reviews: usize,
    /// What people listened to.
    pub listens: usize,
    /// Brands' pages.
    pub brands: usize,
    /// Posts on them.
    pub posts: usize,
    /// Footprints.
    pub footprints: usize,
    /// How long it took.
    pub elapsed: Duration,
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{} users with {} friendships: {:.1} friends in the mean, {} at the most, clustering \
             {:.3}; {} pending requests, {} introductions, {} photos",
            self.users,
            self.friendships,
            self.mean_friends,
            self.most_friends,
            self.clustering,
            self.requests,
            self.introductions,
            self.photos
        )?;
        write!(
            f,
            "{} diaries with {} comments, {} reviews of {} items, {} listens, {} brands with {} posts, \
             {} footprints, in {:.1} s",
            self.diaries,
            self.comments,
            self.reviews,
            self.items,
            self.listens,
            self.brands,
            self.posts,
            self.footprints,
            self.elapsed.as_secs_f64()
        )
    }
}
