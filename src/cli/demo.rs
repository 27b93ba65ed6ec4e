//! `ashiato demo`: fills an empty database with a community to try the service with.

use std::{str::FromStr, time::Duration};

use chrono::NaiveDate;
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};

use crate::{
    app::{App, Parts},
    clock::day_in_japan,
    config::{DatabaseArgs, PhotoArgs, Rules},
    demo::{self, Profile, Settings},
};

/// Fills an empty database with a made-up community
#[derive(Args, Clone, Debug)]
pub struct DemoArgs {
    /// How many users, from 20 to 1,000,000
    #[arg(
        long,
        env = "ASHIATO_DEMO_USERS",
        default_value_t = 1000,
        allow_negative_numbers = true, value_parser = whole::<usize>
    )]
    pub users: usize,
    /// What chance begins with: the same seed makes the same community
    #[arg(
        long,
        env = "ASHIATO_DEMO_SEED",
        default_value_t = 1,
        allow_negative_numbers = true, value_parser = whole::<u64>
    )]
    pub seed: u64,
    /// The year whose community it is like
    #[arg(long, env = "ASHIATO_DEMO_PROFILE", value_enum, default_value = "2006")]
    pub profile: Profile,
    /// The day at whose beginning the demo is set, from 2004-08-14 to 2100-12-31
    /// [default: today in Japan]
    #[arg(long, env = "ASHIATO_DEMO_AS_OF", value_name = "YYYY-MM-DD", value_parser = day)]
    pub as_of: Option<NaiveDate>,
    /// Where the database is.
    #[command(flatten)]
    pub database: DatabaseArgs,
    /// Where photos are kept.
    #[command(flatten)]
    pub photos: PhotoArgs,
    /// The domain's figures.
    #[command(flatten)]
    pub rules: Rules,
}

fn whole<T: FromStr>(text: &str) -> Result<T, String> {
    text.parse()
        .map_err(|_| "write a whole number, zero or more, of up to 19 digits".to_owned())
}

fn day(text: &str) -> Result<NaiveDate, String> {
    text.parse()
        .map_err(|_| "write a day as its year, month and day, for example 2006-05-01".to_owned())
}

/// Makes the demo, and says what it made.
///
/// # Errors
/// A sentence that says what stood against it.
pub async fn run(args: DemoArgs) -> anyhow::Result<()> {
    let parts = Parts {
        photos: args.photos.keeping(),
        ..Parts::new(args.database.place(), args.rules)
    };
    let settings = Settings {
        users: args.users,
        seed: args.seed,
        profile: args.profile,
        as_of: args
            .as_of
            .unwrap_or_else(|| day_in_japan(parts.clock.now())),
    };
    // Before a database is made for nothing.
    settings.check()?;
    let app = App::open(parts).await?;
    let bar = progress_bar()?;
    let done = demo::load(&app, &settings, &bar).await;
    bar.finish_and_clear();
    app.database.close().await;
    println!("{}", done?);
    println!(
        "Sign in as `{}` with the password `{}`; everybody here has the same.",
        demo::USERNAME,
        demo::PASSWORD
    );
    Ok(())
}

fn progress_bar() -> anyhow::Result<ProgressBar> {
    let style = ProgressStyle::with_template("{spinner} {msg}: {human_pos} ({per_sec})")?;
    let bar = ProgressBar::no_length().with_style(style);
    bar.enable_steady_tick(Duration::from_millis(100));
    Ok(bar)
}
