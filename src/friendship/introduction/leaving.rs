//! What of introductions somebody takes along: those of them, and those that they wrote. (They go with the
//! friendships.)

use entity::introduction;
use serde_json::{Value, json};
use uuid::Uuid;

use super::store;
use crate::{
    block::loader::hidden,
    error::Error,
    loaders::Loaders,
    paging::Page,
    user::{
        leaving::{Taken, named, with_users},
        loader::users,
        node::User,
    },
};

/// What is told of an introduction, in which `who` is the other.
fn told(row: &introduction::Model, who: &str, user: Value) -> Value {
    json!({
        who: user, "body": row.body, "createdAt": row.created_at, "editedAt": row.edited_at,
    })
}

/// `page` of what friends wrote of `me`, the last first.
///
/// # Errors
/// The database's.
pub async fn received(
    loaders: &Loaders,
    me: Uuid,
    page: &Page<Uuid>,
) -> Result<Taken<Uuid>, Error> {
    let hidden = hidden(loaders).await?;
    let mut found = store::of_subjects(&loaders.db(), &[me], page, hidden.ids()).await?;
    let slice = found.remove(&me).unwrap_or_default();
    let tell = |row: introduction::Model, user| (row.id, told(&row, "author", user));
    with_users(loaders, slice, |row| row.author_id, tell).await
}

/// `page` of what `me` wrote of friends, the last first.
///
/// # Errors
/// The database's.
pub async fn written(loaders: &Loaders, me: Uuid, page: &Page<Uuid>) -> Result<Taken<Uuid>, Error> {
    let hidden = hidden(loaders).await?;
    let db = &loaders.db();
    let slice = store::by_author(db, me, page, hidden.ids()).await?;
    let subjects = || slice.rows.iter().map(|row| row.subject_id);
    let keys: Vec<_> = subjects().map(|subject| [subject, me]).collect();
    let rows = store::introductions(db, &keys, true).await?;
    let seen = users(loaders, subjects(), false).await?;
    Ok(slice.filter_map(|listed| {
        let row = rows.get(&[listed.subject_id, me]);
        let subject: Option<&User> = seen.get(&listed.subject_id);
        let both = row.zip(subject);
        let told = both.map(|(row, user)| told(row, "subject", named(Some(user))));
        Some((listed.id, told))
    }))
}
