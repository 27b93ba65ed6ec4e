//! Reads friendships, favourites and catalogues from files.
//!
//! Each file is read once, from front to back. What is taken is written in transactions that are
//! whole in themselves, and what is there already is left as it is: an import that was broken off
//! is completed by running it again, and running it twice changes nothing.

mod artists;
mod catalogue;
mod favourites;
mod friendships;
mod names;
mod pairs;
mod platform;
mod report;
mod sheet;
mod source;

use std::path::PathBuf;

use entity::values::CatalogueKind;
use indicatif::ProgressBar;

use crate::{app::App, bulk::room, rejection::Rejection};
use catalogue::Catalogue;
use favourites::Favourites;
use friendships::Friendships;
pub use report::{Report, Sort, Tally};

/// What is to be read, and how.
#[derive(Clone, Debug, Default)]
pub struct Import {
    /// A CSV of pairs who are friends.
    pub friendships: Option<PathBuf>,
    /// A JSON of what those people like.
    pub favourites: Option<PathBuf>,
    /// CSVs of items, and what kind of items they are.
    pub catalogues: Vec<(PathBuf, CatalogueKind)>,
    /// What user names begin with; the file's name, if not given.
    pub prefix: Option<String>,
    /// Whether who has more friends than a user can have becomes a tarento.
    pub tarento_over_cap: bool,
}

impl Import {
    /// Reads everything.
    ///
    /// # Errors
    /// A sentence, where a file is missing or is not what it should be. Where the first lines show
    /// it, nothing was written; else, what was written before is whole.
    pub async fn run(&self, app: &App, bar: &ProgressBar) -> anyhow::Result<Report> {
        // Every file is opened and its head is read before anything is written.
        let friendships = self
            .friendships
            .as_ref()
            .map(|path| friendships::open(path, self))
            .transpose()?;
        let favourites = self
            .favourites
            .as_ref()
            .map(|path| favourites::read(path, self))
            .transpose()?;
        let catalogues = self
            .catalogues
            .iter()
            .map(|(path, kind)| catalogue::open(path, *kind))
            .collect::<anyhow::Result<Vec<_>>>()?;

        room::make(app).await.map_err(failed)?;
        let done = Self::write(app, bar, friendships, favourites, catalogues).await;
        room::clear(app).await.map_err(failed)?;
        done
    }

    async fn write(
        app: &App,
        bar: &ProgressBar,
        friendships: Option<Friendships>,
        favourites: Option<Favourites>,
        catalogues: Vec<Catalogue>,
    ) -> anyhow::Result<Report> {
        let mut report = Report::default();
        if let Some(file) = friendships {
            report.tallies.push(file.run(app, bar).await?);
        }
        if let Some(file) = favourites {
            report.tallies.push(file.run(app, bar).await?);
        }
        for file in catalogues {
            report.tallies.push(file.run(app, bar).await?);
        }
        Ok(report)
    }
}

/// A write that failed, as a sentence.
fn failed(rejection: Rejection) -> anyhow::Error {
    anyhow::anyhow!(
        "cannot write to the database: {} What was read before is kept: run the same import again \
         to go on",
        rejection.in_words()
    )
}
