//! What of brands' pages somebody takes along, and what becomes of the pages of who goes: a page is passed on to who
//! has been an editor of it for the longest, of those who are there; one without editors goes with its owner.

use serde_json::json;
use uuid::Uuid;

use super::{
    loader::brands,
    removing,
    running::role_in,
    store::{self, followers, people, posts},
};
use crate::{
    app::App,
    clock::day_in_japan,
    database::Tx,
    error::Error,
    ids::Kind,
    loaders::Loaders,
    paging::Page,
    rejection::Rejection,
    user::{
        leaving::{Taken, global, hold},
        store as users,
    },
    visibility::BrandRole,
};

/// Pages that are followed no more in one transaction.
const FOLLOWED: i64 = 20;
/// Posts whose author is forgotten in one.
const POSTS: i64 = 500;

/// `page` of the pages that `me` runs, the last first.
///
/// # Errors
/// The database's.
pub async fn run(loaders: &Loaders, me: Uuid, page: &Page<Uuid>) -> Result<Taken<Uuid>, Error> {
    let slice = people::run_page(&loaders.db(), me, page).await?;
    let found = brands(loaders, slice.rows.iter().map(|row| row.brand_id)).await?;
    Ok(slice.filter_map(|row| {
        let told = found.get(&row.brand_id).map(|brand| {
            json!({
                "id": global(Kind::Brand, [brand.id]), "handle": brand.handle, "name": brand.name,
                "description": brand.description, "isVerified": brand.is_verified,
                "role": if row.is_owner { "OWNER" } else { "EDITOR" },
                "followerCount": brand.follower_count, "postCount": brand.post_count,
                "createdAt": brand.created_at,
            })
        });
        Some((row.id, told))
    }))
}

/// `page` of what `me` wrote on pages, the last first.
///
/// # Errors
/// The database's.
pub async fn written(loaders: &Loaders, me: Uuid, page: &Page<Uuid>) -> Result<Taken<Uuid>, Error> {
    let slice = posts::by_author(&loaders.db(), me, page).await?;
    let found = brands(loaders, slice.rows.iter().map(|row| row.brand_id)).await?;
    Ok(slice.filter_map(|row| {
        let told = found.get(&row.brand_id).map(|brand| {
            json!({
                "id": global(Kind::BrandPost, [row.brand_id, row.id]), "brand": brand.handle,
                "body": row.body, "createdAt": row.created_at, "editedAt": row.edited_at,
            })
        });
        Some((row.id, told))
    }))
}

/// `page` of the pages that `me` follows, the last first.
///
/// # Errors
/// The database's.
pub async fn followed(
    loaders: &Loaders,
    me: Uuid,
    page: &Page<Uuid>,
) -> Result<Taken<Uuid>, Error> {
    let slice = followers::page(&loaders.db(), me, page).await?;
    let found = brands(loaders, slice.rows.iter().map(|row| row.brand_id)).await?;
    Ok(slice.filter_map(|row| {
        let told = found.get(&row.brand_id).map(|brand| {
            json!({
                "id": global(Kind::Brand, [brand.id]), "handle": brand.handle,
                "name": brand.name, "since": row.since,
            })
        });
        Some((row.id, told))
    }))
}

/// Whether `user` runs or follows a page still.
///
/// # Errors
/// The database's.
pub async fn has_pages(tx: &Tx, user: Uuid) -> Result<bool, Rejection> {
    let runs = people::run_count(&tx.sql, user, 1).await?;
    Ok(runs > 0 || followers::count(&tx.sql, user, 1).await? > 0)
}

/// Has `user` run a page less: it is passed on, or goes, where it is theirs. Says how many pages these were: one, or
/// none where there are no more.
///
/// # Errors
/// The database's.
pub async fn run_less(app: &App, tx: &Tx, user: Uuid) -> Result<u64, Rejection> {
    let db = &tx.sql;
    let Some(run) = people::some_run(db, user).await? else {
        return Ok(0);
    };
    let heir = heir(app, tx, run.brand_id).await?;
    hold(db, heir.into_iter().chain([user]).collect()).await?;
    let Some(row) = store::held(db, run.brand_id).await? else {
        // It is being removed: nobody runs it any more.
        people::run_no_more(db, &[user], run.brand_id).await?;
        return Ok(1);
    };
    match role_in(tx, &row, user).await? {
        Some(BrandRole::Editor) => {
            people::remove(db, row.id, user).await?;
        }
        None => people::run_no_more(db, &[user], row.id).await?,
        Some(BrandRole::Owner) => match heir {
            Some(heir) if people::is_editor(db, row.id, heir).await? => {
                people::pass_on(db, row.id, [user, heir], None).await?;
            }
            // The one who was found is none any more: it is looked again, in another transaction.
            Some(_) => {}
            None if row.editor_count > 0 => {}
            None => removing::remove(tx, &row).await?,
        },
    }
    Ok(1)
}

/// Who is to own `brand` after its owner: who has been an editor for the longest, of those who are not absent; where
/// all are, of all.
async fn heir(app: &App, tx: &Tx, brand: Uuid) -> Result<Option<Uuid>, Rejection> {
    let editors = people::all_editors(&tx.sql, brand).await?;
    let absent = app.absent_for(None);
    let there = editors.iter().find(|editor| !absent.contains(**editor));
    Ok(there.or(editors.first()).copied())
}

/// Has `user` follow some pages less. Says how many; none where there are no more.
///
/// # Errors
/// The database's.
pub async fn follow_less(app: &App, tx: &Tx, user: Uuid) -> Result<u64, Rejection> {
    let db = &tx.sql;
    users::hold(db, [user]).await?;
    let mut brands = followers::ids(db, user, FOLLOWED).await?;
    // As everybody who writes to several.
    brands.sort_unstable();
    let day = day_in_japan(app.clock.now());
    for brand in &brands {
        followers::remove(db, user, *brand, day).await?;
    }
    Ok(u64::try_from(brands.len()).unwrap_or(u64::MAX))
}

/// Has some posts that `user` wrote be by nobody: they are the page's. Says how many; none where there are no more.
///
/// # Errors
/// The database's.
pub async fn forget_author(tx: &Tx, user: Uuid) -> Result<u64, Rejection> {
    Ok(posts::forget_author(&tx.sql, user, POSTS).await?)
}
