//! What may happen to the catalogue.

use std::sync::Arc;

use entity::{artist, catalogue_item};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    artist::service::{self as artists, Wanted, Which},
    node::CatalogueKind,
    store,
};
use crate::{
    app::App,
    error::Error,
    idempotency::{Slot, once},
    rejection::{
        Rejection, UserError,
        reason::{catalogue::CatalogueReason, text::TextReason},
    },
    search, text,
};

/// The most characters of a title.
pub const LONGEST_TITLE: usize = 300;
/// The most characters of a platform's name.
pub const LONGEST_PLATFORM: usize = 100;
/// The most further titles.
const MOST_TITLES: usize = 10;
/// The years that something in the catalogue can be of.
const YEARS: std::ops::RangeInclusive<i32> = 1000..=2100;

/// An item that is to be added.
#[derive(Clone, Debug, Serialize)]
pub struct NewItem {
    /// What kind of thing it is.
    pub kind: CatalogueKind,
    /// The title.
    pub title: String,
    /// The titles in further scripts.
    pub other_titles: Vec<String>,
    /// The year.
    pub year: Option<i32>,
    /// What a game runs on.
    pub platform: Option<String>,
    /// Whose a CD or a song is. (Older programs hashed inputs that have none without it.)
    #[serde(skip_serializing_if = "Option::is_none")]
    pub artist: Option<Which>,
}

/// What adding came to.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub enum Added {
    /// The item is new.
    New(Uuid),
    /// There was one with this kind, title and edition already.
    Known(Uuid),
}

/// Adds an item that is missing, and its artist where that is missing, too.
///
/// # Errors
/// Texts and years against the rules, `ARTIST_NOT_ALLOWED`, `NOT_FOUND`.
pub async fn add(
    app: &Arc<App>,
    me: Uuid,
    new: NewItem,
    idempotency_key: Option<String>,
) -> Result<Added, Rejection> {
    let (row, titles, artist) = check(app, &new)?;
    let slot = Slot::of(app, me, idempotency_key, "addCatalogueItem", &new)?;
    once(app, slot, move |app, tx| {
        let (row, titles, artist) = (row.clone(), titles.clone(), artist.clone());
        Box::pin(async move {
            let row = match artist {
                Some(wanted) => by_artist(row, &artists::found_or_made(app, tx, &wanted).await?),
                None => row,
            };
            if let Some(twin) = store::twin(&tx.sql, &row).await? {
                return Ok(Added::Known(twin.id));
            }
            let id = row.id;
            if store::insert(&tx.sql, row.clone(), &titles).await? {
                return Ok(Added::New(id));
            }
            // Another added it in this moment.
            let twin = store::twin(&tx.sql, &row).await?;
            let twin = twin.ok_or_else(|| Error::internal("an item without its twin"))?;
            Ok(Added::Known(twin.id))
        })
    })
    .await
}

/// An item, its further titles, and whose it is.
type Checked = (catalogue_item::Model, Vec<String>, Option<Wanted>);

fn check(app: &App, new: &NewItem) -> Result<Checked, Rejection> {
    let title = text::line("title", &new.title, LONGEST_TITLE)?;
    if new.other_titles.len() > MOST_TITLES {
        let reason = TextReason::TooManyTitles { limit: MOST_TITLES };
        return Err(UserError::on("otherTitles", reason).into());
    }
    let titles = new
        .other_titles
        .iter()
        .map(|title| text::line("otherTitles", title, LONGEST_TITLE))
        .collect::<Result<Vec<_>, _>>()?;
    let platform = new
        .platform
        .as_deref()
        .map(|platform| text::line("platform", platform, LONGEST_PLATFORM))
        .transpose()?;
    if new.year.is_some_and(|year| !YEARS.contains(&year)) {
        let (minimum, limit) = YEARS.into_inner();
        let reason = CatalogueReason::YearInvalid { minimum, limit };
        return Err(UserError::on("year", reason).into());
    }
    let title_key = search::fold(&title);
    let edition = edition(platform.as_deref(), new.year);
    // Folding can make a text longer: ㍿ becomes four characters.
    for (field, folded, limit) in [
        ("title", &title_key, LONGEST_TITLE),
        ("platform", &edition, LONGEST_PLATFORM),
    ] {
        if folded.chars().count() > limit {
            let reason = TextReason::TooLongTakenApart { limit };
            return Err(UserError::on(field, reason).into());
        }
    }
    let now = app.clock.now();
    let row = catalogue_item::Model {
        id: app.ids.at(now),
        kind: new.kind.into(),
        title_key,
        title,
        edition,
        year: new.year,
        platform,
        artist_id: None,
        created_at: now,
    };
    let artist = new.artist.as_ref();
    let artist = artist.map(|which| artists::check(new.kind, which));
    Ok((row, titles, artist.transpose()?))
}

/// `row` as an item of `artist`, who tells it apart from others of its kind and title.
pub fn by_artist(row: catalogue_item::Model, artist: &artist::Model) -> catalogue_item::Model {
    catalogue_item::Model {
        edition: search::fold(&artist.name),
        artist_id: Some(artist.id),
        ..row
    }
}

/// What tells items of one kind and title apart that have no artist: the platform, or else the year.
pub fn edition(platform: Option<&str>, year: Option<i32>) -> String {
    match (platform, year) {
        (Some(platform), _) => search::fold(platform),
        (None, Some(year)) => year.to_string(),
        (None, None) => String::new(),
    }
}
