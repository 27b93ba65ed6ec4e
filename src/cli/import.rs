//! `ashiato import`: reads friendships, favourites and catalogues from files.

use std::{path::PathBuf, time::Instant};

use anyhow::bail;
use clap::Args;
use entity::values::CatalogueKind;
use indicatif::{ProgressBar, ProgressStyle};
use sea_orm::ActiveEnum;

use crate::{
    app::{App, Parts},
    config::{DatabaseArgs, Rules},
    import::Import,
    photo::kept::Keeping,
};

/// Reads friendships, favourites and catalogues from files. Running it again changes nothing and
/// completes what was broken off
#[derive(Args, Clone, Debug)]
pub struct ImportArgs {
    /// A CSV of pairs who are friends, with the columns node_1,node_2 or id_1,id_2
    #[arg(long, env = "ASHIATO_IMPORT_FRIENDSHIPS", value_name = "CSV")]
    pub friendships: Option<PathBuf>,
    /// A JSON of the genres that those people like, such as {"0": ["Rock", "Jazz"]}: they become a
    /// line of an empty bio
    #[arg(long, env = "ASHIATO_IMPORT_FAVOURITES", value_name = "JSON")]
    pub favourites: Option<PathBuf>,
    /// A CSV of items with a column title, and year for movies or platform for games; for each give
    /// its --kind, in the same order
    #[arg(long, env = "ASHIATO_IMPORT_CATALOGUE", value_name = "CSV")]
    pub catalogue: Vec<PathBuf>,
    /// CD, MOVIE, VIDEO_GAME, BOOK or SONG. (A file of music with a column kind is read as CDs and
    /// songs, whichever of the two is given)
    #[arg(long, env = "ASHIATO_IMPORT_KIND", value_parser = kind)]
    pub kind: Vec<CatalogueKind>,
    /// What user names begin with: with `town`, person 0 is `town_0` [default: the file's name
    /// up to its last - or _]
    #[arg(long, env = "ASHIATO_IMPORT_PREFIX")]
    pub prefix: Option<String>,
    /// Make a tarento of whom the file gives more friends than a user can have, instead of
    /// refusing those that are too many
    #[arg(long, env = "ASHIATO_IMPORT_TARENTO_OVER_CAP")]
    pub tarento_over_cap: bool,
    /// Where the database is.
    #[command(flatten)]
    pub database: DatabaseArgs,
    /// The domain's figures.
    #[command(flatten)]
    pub rules: Rules,
}

fn kind(word: &str) -> Result<CatalogueKind, String> {
    CatalogueKind::try_from_value(&word.to_ascii_uppercase())
        .map_err(|_| "one of CD, MOVIE, VIDEO_GAME, BOOK, SONG".to_owned())
}

/// Reads the files, and says what it took and what it did not.
///
/// # Errors
/// A sentence that says what stood against it.
pub async fn run(args: ImportArgs) -> anyhow::Result<()> {
    if args.catalogue.len() != args.kind.len() {
        bail!(
            "give one --kind for each --catalogue, in the same order: there are {} and {}",
            args.kind.len(),
            args.catalogue.len()
        );
    }
    if args.friendships.is_none() && args.favourites.is_none() && args.catalogue.is_empty() {
        bail!("nothing to import: give --friendships, --favourites or --catalogue");
    }
    let import = Import {
        friendships: args.friendships,
        favourites: args.favourites,
        catalogues: args.catalogue.into_iter().zip(args.kind).collect(),
        prefix: args.prefix,
        tarento_over_cap: args.tarento_over_cap,
    };
    let began = Instant::now();
    let app = App::open(Parts {
        photos: Keeping::Elsewhere,
        ..Parts::new(args.database.place(), args.rules)
    })
    .await?;
    let bar = progress_bar()?;
    let done = import.run(&app, &bar).await;
    bar.finish_and_clear();
    app.database.close().await;
    print!("{}", done?);
    println!("in {:.1} s", began.elapsed().as_secs_f64());
    Ok(())
}

fn progress_bar() -> anyhow::Result<ProgressBar> {
    let style = ProgressStyle::with_template("{msg} [{bar:40}] {percent}% {eta}")?;
    Ok(ProgressBar::new(0).with_style(style))
}
