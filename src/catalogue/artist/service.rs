//! How an artist is found who is to have a new CD or song, or made.

use entity::artist;
use serde::Serialize;
use uuid::Uuid;

use super::store::{self, Name};
use crate::{
    app::App,
    catalogue::node::CatalogueKind,
    database::Tx,
    error::Error,
    rejection::{
        Rejection, UserError,
        reason::{
            catalogue::CatalogueReason, people::PeopleReason, text::TextReason, thing::Thing,
        },
    },
    search, text,
};

/// The most characters of a name.
pub const LONGEST_NAME: usize = 100;
/// The most further names.
const MOST_NAMES: usize = 10;

/// Which artist is meant.
#[derive(Clone, Debug, Serialize)]
pub enum Which {
    /// The one with this id.
    Known(Uuid),
    /// The one of this name, who is added where there is none.
    Named {
        /// The name.
        name: String,
        /// The names in further scripts.
        other_names: Vec<String>,
    },
}

/// Which artist is meant, once that is checked.
#[derive(Clone, Debug)]
pub enum Wanted {
    /// The one with this id.
    Known(Uuid),
    /// The one to whom the first of these names leads.
    Named(Vec<Name>),
}

/// Checks `which` as the artist of an item of `kind`.
///
/// # Errors
/// `ARTIST_NOT_ALLOWED`, names against the rules.
pub fn check(kind: CatalogueKind, which: &Which) -> Result<Wanted, Rejection> {
    let (field, is_music) = match which {
        Which::Known(_) => ("artistId", has_artist(kind)),
        Which::Named { .. } => ("artist", has_artist(kind)),
    };
    if !is_music {
        return Err(UserError::on(field, CatalogueReason::ArtistNotAllowed).into());
    }
    match which {
        Which::Known(id) => Ok(Wanted::Known(*id)),
        Which::Named { name, other_names } => names(name, other_names).map(Wanted::Named),
    }
}

/// Whether items of `kind` have an artist.
fn has_artist(kind: CatalogueKind) -> bool {
    matches!(kind, CatalogueKind::Cd | CatalogueKind::Song)
}

fn names(main: &str, others: &[String]) -> Result<Vec<Name>, Rejection> {
    if others.len() > MOST_NAMES {
        let reason = TextReason::TooManyNames { limit: MOST_NAMES };
        return Err(too_long("otherNames", reason));
    }
    let mut names: Vec<Name> = Vec::with_capacity(others.len() + 1);
    let all = std::iter::once(("name", main));
    for (field, given) in all.chain(others.iter().map(|name| ("otherNames", name.as_str()))) {
        let name = text::line(field, given, LONGEST_NAME).map_err(within)?;
        let key = search::fold(&name);
        // Folding can make a text longer: ㍿ becomes four characters.
        if key.chars().count() > LONGEST_NAME {
            let limit = LONGEST_NAME;
            return Err(too_long(field, TextReason::TooLongTakenApart { limit }));
        }
        if !names.iter().any(|name| name.key == key) {
            names.push(Name { key, name });
        }
    }
    Ok(names)
}

fn too_long(field: &str, reason: TextReason) -> Rejection {
    within(UserError::on(field, reason)).into()
}

/// The field of an error in `artist` as it stands in the whole input.
fn within(error: UserError) -> UserError {
    error.within("artist")
}

/// Finds the artist who is `wanted`, or makes them: of all who do so for one name at the same time one makes
/// them.
///
/// # Errors
/// `NOT_FOUND`; the database's.
pub async fn found_or_made(
    app: &App,
    tx: &Tx,
    wanted: &Wanted,
) -> Result<artist::Model, Rejection> {
    let names = match wanted {
        Wanted::Known(id) => {
            let known = store::artist(&tx.sql, *id).await?;
            return known.ok_or_else(no_such_artist);
        }
        Wanted::Named(names) => names,
    };
    let main = names
        .first()
        .ok_or_else(|| Error::internal("an artist without a name"))?;
    if let Some(known) = store::named(&tx.sql, &main.key).await? {
        return Ok(known);
    }
    let now = app.clock.now();
    let row = artist::Model {
        id: app.ids.at(now),
        name: main.name.clone(),
        created_at: now,
    };
    if store::insert(&tx.sql, row.clone(), names).await? {
        return Ok(row);
    }
    // Another added them in this moment.
    let known = store::named(&tx.sql, &main.key).await?;
    known.ok_or_else(|| Error::internal("a name that leads to nobody").into())
}

fn no_such_artist() -> Rejection {
    let thing = Thing::Artist;
    UserError::on("artistId", PeopleReason::Absent { thing }).into()
}
