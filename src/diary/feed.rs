//! The home feed: the newest diaries of one's friends (rules.md, Diaries 5).
//!
//! Whose diaries are looked at says [`newest`]; who sees what is decided as everywhere, by what the
//! viewer is to the author when it is read.

use entity::{diary, values::Audience};
use foldhash::{HashSet, HashSetExt};
use sea_orm::DbErr;
use uuid::Uuid;

use super::{confirm, store};
use crate::{
    app::App,
    database::Tx,
    error::Error,
    friendship::newest::{self, EVERY, Sources},
    loaders::Loaders,
    paging::{Page, Slice},
    user::store as users,
    visibility::{self, Relation},
};

/// How often a page is read, at most, while its diaries change.
const TURNS: usize = 3;

/// What friends see.
fn audiences() -> &'static [Audience] {
    visibility::visible_audiences(Relation::Friend)
}

/// `page` of the home feed of the viewer `me`, which is read forwards: two statements, however many
/// friends there are; where a replica answers a third, which confirms it at the primary.
///
/// # Errors
/// The database's.
pub async fn page(
    loaders: &Loaders,
    me: Uuid,
    page: &Page<Uuid>,
) -> Result<Slice<diary::Model>, Error> {
    // Whose friends one is decides who sees what, and a replica could know it otherwise.
    let primary = loaders.app.database.reader();
    let db = loaders.db();
    let limit = usize::try_from(page.limit).unwrap_or_default();
    let mut slice = Slice::default();
    for turn in 0..TURNS {
        let Sources { authors, floor } = newest::sources(primary, me, page).await?;
        slice = if turn == 0 {
            store::feed_page(&db, &authors, page, audiences()).await?
        } else {
            store::feed_page(primary, &authors, page, audiences()).await?
        };
        let outdated = match turn {
            0 => confirm::outdated(loaders, &db, slice.rows.iter()).await?,
            _ => HashSet::new(),
        };
        if let Some(floor) = floor {
            slice.rows.retain(|row| row.id >= floor);
            slice.has_next = true;
        }
        // Above the floor there is a full page, unless something went between the statements, or a
        // replica has not heard of it all.
        if outdated.is_empty() && (floor.is_none() || slice.rows.len() == limit) {
            break;
        }
    }
    let rows = slice.rows.iter().map(|row| row.body.len());
    loaders.budget.read(rows)?;
    Ok(slice)
}

/// After the diaries of `author` changed: tells the friends' feeds which is the newest for them.
///
/// # Errors
/// The database's.
pub async fn tell(app: &App, tx: &Tx, author: Uuid) -> Result<(), DbErr> {
    let friends = users::by_id(&tx.sql, author).await?;
    let friends = friends.map_or(0, |author| author.friend_count);
    let newest = if friends > app.rules.friend_limit {
        Some(EVERY)
    } else {
        store::newest(&tx.sql, author, audiences()).await?
    };
    newest::tell(&tx.sql, author, newest).await
}
