//! Who may see a diary, and who may answer it: for the checks inside of a transaction. (Reads ask
//! [`super::loader`].)

use sea_orm::DbErr;
use uuid::Uuid;

use super::{
    store::DiaryKey,
    versions::{Shown, shown_unless_blocked},
};
use crate::{
    app::App,
    database::Tx,
    friendship::{figures::Ties, reach::People, relations::relation},
    rejection::{Rejection, UserError, reason::thing::Thing},
    visibility::{self, Relation},
};

/// `key`, or one that no diary has in the place of that of who is absent: for `me`, who would do something
/// with it.
pub fn veiled(app: &App, me: Uuid, [author, id]: DiaryKey) -> DiaryKey {
    [app.absent_for_acts(me).veiled(author), id]
}

/// The same for `me` who looks at it: moderators and administrators do, whoever is absent.
pub fn veiled_to(app: &App, me: Uuid, [author, id]: DiaryKey) -> DiaryKey {
    [app.absent_for(Some(me)).veiled(author), id]
}

/// Whether the diary with `key` is there for `me`, who would do something with it. Its texts are not read
/// for that: a long hidden diary takes no longer than a short one, or none.
///
/// # Errors
/// `NOT_FOUND`, whether it is hidden or was never there.
pub async fn visible(app: &App, tx: &Tx, me: Uuid, key: DiaryKey) -> Result<(), Rejection> {
    is_there(app, tx, me, veiled(app, me, key), &app.ties_for_acts()).await
}

/// The same for `me` who looks at it.
///
/// # Errors
/// As [`visible`].
pub async fn readable(app: &App, tx: &Tx, me: Uuid, key: DiaryKey) -> Result<(), Rejection> {
    is_there(app, tx, me, veiled_to(app, me, key), &app.ties_for(me)).await
}

async fn is_there(
    app: &App,
    tx: &Tx,
    me: Uuid,
    key: DiaryKey,
    ties: &Ties,
) -> Result<(), Rejection> {
    let shown = shown_unless_blocked(&tx.sql, me, key, false).await?;
    may_see(app, tx, me, key, shown, ties).await
}

/// Whether `me` may see the diary with `key`, which is `shown` to whom; absent where there is none. By the
/// `ties` that there are for who looks at it, or for who would do something with it.
///
/// # Errors
/// `NOT_FOUND`.
pub async fn may_see(
    app: &App,
    tx: &Tx,
    me: Uuid,
    key: DiaryKey,
    shown: Option<Shown>,
    ties: &Ties,
) -> Result<(), Rejection> {
    // What the web may see needs no relation; what is absent takes as long as what is hidden.
    if is_for(shown, Relation::OutOfReach) {
        return Ok(());
    }
    let relation = relation_for(app, tx, me, key, shown, ties).await?;
    there_if(is_for(shown, relation))
}

/// The same, and whether what `me` writes may come to its author.
///
/// # Errors
/// `NOT_FOUND`.
pub async fn may_comment(
    app: &App,
    tx: &Tx,
    me: Uuid,
    key: DiaryKey,
    shown: Option<Shown>,
) -> Result<(), Rejection> {
    let relation = relation_for(app, tx, me, key, shown, &app.ties_for_acts()).await?;
    there_if(is_for(shown, relation) && visibility::may_reach(relation))
}

/// What `me` is to the author of the diary with `key`, or as much of it as what is `shown` takes.
async fn relation_for(
    app: &App,
    tx: &Tx,
    me: Uuid,
    [author, _]: DiaryKey,
    shown: Option<Shown>,
    ties: &Ties,
) -> Result<Relation, DbErr> {
    if me == author {
        return Ok(Relation::Myself);
    }
    let people = People::read(&tx.sql, &[me, author]).await?;
    let (majority, pair) = (app.majority(), [me, author]);
    if is_for(shown, Relation::Stranger) && !people.are_divided(majority, pair) {
        return Ok(Relation::Stranger);
    }
    relation(&tx.sql, majority, &people, pair, ties).await
}

fn is_for(shown: Option<Shown>, relation: Relation) -> bool {
    shown.is_some_and(|shown| visibility::may_see(shown.audience, relation, shown.in_group))
}

fn there_if(is_so: bool) -> Result<(), Rejection> {
    match is_so {
        true => Ok(()),
        false => Err(UserError::absent(Thing::Diary).into()),
    }
}
