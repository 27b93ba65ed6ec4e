//! The home feed: the newest diaries of one's friends (rules.md, Diaries 5).
//!
//! Whose diaries are looked at says [`newest`]; who sees what is decided as everywhere, by what the
//! viewer is to the author when it is read, and in which of their groups.

use std::sync::Arc;

use entity::{diary, values::Audience};
use foldhash::{HashSet, HashSetExt};
use sea_orm::DbErr;
use uuid::Uuid;

use super::{confirm, grouped, grouping, store};
use crate::{
    app::App,
    cache::Key,
    database::Tx,
    error::Error,
    friendship::{
        group::store::{self as groups, GroupKey},
        newest::{self, EVERY, Sources},
    },
    loaders::Loaders,
    paging::{First, Page, Slice},
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
/// friends there are; where a replica answers a third, which confirms it at the primary. Two more for who
/// sees diaries for groups on it.
///
/// # Errors
/// The database's.
pub async fn page(
    loaders: &Loaders,
    me: Uuid,
    page: &Page<Uuid>,
) -> Result<Slice<Arc<diary::Model>>, Error> {
    // Whose friends one is decides who sees what, and a replica could know it otherwise.
    let primary = loaders.app.database.reader();
    let absent = loaders.absent();
    // The newest, without their bodies.
    let are_kept = loaders.cache().is_on() && page.is_first() && !page.texts;
    let db = if are_kept {
        loaders.source()
    } else {
        loaders.db()
    };
    let limit = usize::try_from(page.limit).unwrap_or_default();
    let mut slice = Slice::default();
    for turn in 0..TURNS {
        let Sources {
            authors,
            with_groups,
            floor,
        } = newest::sources(primary, me, page, absent.ids()).await?;
        let groups = groups_of(loaders, me, &with_groups).await?;
        slice = if turn > 0 {
            store::feed_page(primary, &authors, page, audiences())
                .await?
                .shared()
        } else if are_kept {
            kept_page(loaders, authors, page).await?
        } else {
            store::feed_page(&db, &authors, page, audiences())
                .await?
                .shared()
        };
        if !groups.is_empty() {
            let for_groups = match turn {
                0 => grouped::store::feed_page(&db, &groups, page).await?,
                _ => grouped::store::feed_page(primary, &groups, page).await?,
            };
            slice = grouped::merge(page, slice, vec![for_groups.shared()]);
        }
        let outdated = match turn {
            0 => confirm::outdated(loaders, &db, slice.rows.iter().map(Arc::as_ref)).await?,
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

/// The groups of `authors` that the viewer `me` is in, and for which there are diaries.
async fn groups_of(loaders: &Loaders, me: Uuid, authors: &[Uuid]) -> Result<Vec<GroupKey>, Error> {
    if authors.is_empty() {
        return Ok(Vec::new());
    }
    let found = groups::opened_to(loaders.app.database.reader(), me, authors).await?;
    let keys = found.into_iter().flat_map(|(author, groups)| {
        let groups = groups.into_iter();
        groups.map(move |group| [author, group.id])
    });
    Ok(keys.collect())
}

/// The first page of the diaries of `authors`, by what is kept: that is the same for all whose friends
/// they are.
async fn kept_page(
    loaders: &Loaders,
    mut authors: Vec<Uuid>,
    page: &Page<Uuid>,
) -> Result<Slice<Arc<diary::Model>>, Error> {
    authors.sort_unstable();
    let authors: Arc<[Uuid]> = authors.into();
    let key = Key::Feed(authors.clone(), page.limit);
    let kept = loaders.cache().get::<First<Arc<diary::Model>>>(&key);
    if let Some(slice) = kept.and_then(|first| first.page(page.limit)) {
        return Ok(slice);
    }
    let reading = loaders.cache().reading([key.clone()]);
    let found = store::feed_page(&loaders.source(), &authors, page, audiences()).await?;
    let slice = found.shared();
    reading.keep(&key, &Arc::new(First::of(&slice)));
    Ok(slice)
}

/// After the diaries of `author` changed, whose row is held, and with them those for the `groups`: tells
/// the friends' feeds which is the newest for them.
///
/// # Errors
/// The database's.
pub async fn tell(app: &App, tx: &Tx, author: Uuid, groups: &[Uuid]) -> Result<(), DbErr> {
    let row = users::by_id(&tx.sql, author).await?;
    let (friends, for_groups) = row.map_or((0, 0), |row| (row.friend_count, row.group_diaries));
    let newest = if friends > app.rules.friend_limit {
        Some(EVERY)
    } else {
        store::newest(&tx.sql, author, audiences()).await?
    };
    let told = newest::tell(&tx.sql, author, newest).await?;
    // Those in groups were told of less than they see, where that is newer.
    let all = told && for_groups > 0 && grouped::store::newest(&tx.sql, author).await? > newest;
    let groups = if all {
        groups::ids(&tx.sql, author).await?
    } else if newest == Some(EVERY) {
        groups::begun_or_ended(&tx.sql, author, groups).await?
    } else {
        groups.to_vec()
    };
    if groups.is_empty() {
        return Ok(());
    }
    let members = groups::members(&tx.sql, author, &groups).await?;
    grouping::tell(tx, author, &members, Some(newest)).await
}
