//! Whether somebody sees an introduction, as it stands now: for the checks inside of a transaction. (Reads
//! ask [`super::edges`].)

use entity::{introduction, values::Audience};
use sea_orm::DbErr;
use uuid::Uuid;

use super::store::{self, IntroductionKey};
use crate::{
    app::App,
    block::store as blocks,
    database::Tx,
    friendship::{figures::Ties, reach::People, relations::relation},
    visibility::{self, Relation},
};

/// The introduction with `key`, if `me` sees it: by the `ties` that there are for who looks at it, or for
/// who would do something with it. What is hidden takes as long as what never was.
pub async fn seen(
    app: &App,
    tx: &Tx,
    me: Uuid,
    key: IntroductionKey,
    ties: &Ties,
) -> Result<Option<introduction::Model>, DbErr> {
    let [subject, author] = key;
    let relation = if me == subject {
        Relation::Myself
    } else {
        let people = People::read(&tx.sql, &[me, subject]).await?;
        relation(&tx.sql, app.majority(), &people, [me, subject], ties).await?
    };
    let is_blocked = blocks::are_any_blocked(&tx.sql, me, &[author]).await?;
    let row = store::introduction(&tx.sql, key).await?;
    let is_shown = visibility::may_see(Audience::Members, relation, false);
    Ok(row.filter(|_| is_shown && !is_blocked))
}
