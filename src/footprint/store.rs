//! The SQL of footprints and of the counters that number them.

use std::collections::HashMap;

use chrono::NaiveDate;
use entity::{footprint, user_counter};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, FromQueryResult,
    IntoActiveModel, PaginatorTrait, QueryFilter,
    sea_query::{Expr, ExprTrait},
};
use uuid::Uuid;

use crate::{
    paging::{List, Narrow, Page, Slice, by_keys, children},
    sql::Sql,
};

/// An owner's footprints by the number of their latest visit.
fn footprints(newest_first: bool) -> List<1> {
    List {
        table: "footprints",
        parent: ["owner_id"],
        beside: ("users", ["id"]),
        order: "number",
        index: Some("idx_footprints_owner_id_number"),
        newest_first,
        brief: None,
    }
}

/// How many footprints there are.
#[derive(Clone, Copy, Debug, Default, FromQueryResult)]
pub struct Count {
    /// All of them.
    pub all: i64,
    /// Those that the owner has not looked at.
    pub new: i64,
}

/// How many of the footprints with `owner` are by `visitors`; those over the number `seen` are new.
pub async fn count_by_visitors(
    db: &impl ConnectionTrait,
    owner: Uuid,
    visitors: &[Uuid],
    seen: i64,
) -> Result<Count, DbErr> {
    let mut sql = Sql::of(db);
    let (owner, seen) = (sql.bind(owner), sql.bind(seen));
    let by = sql.among("visitor_id", visitors);
    let text = format!(
        "SELECT count(*) AS \"all\", count(*) FILTER (WHERE number > {seen}) AS new \
         FROM footprints WHERE owner_id = {owner} AND {by}"
    );
    Ok(sql.models(db, text).await?.pop().unwrap_or_default())
}

/// `page` of the footprints with `owner`, but for those by `without`.
pub async fn page(
    db: &impl ConnectionTrait,
    owner: Uuid,
    page: &Page<i64>,
    newest_first: bool,
    without: &[Uuid],
) -> Result<Slice<footprint::Model>, DbErr> {
    let parent_of = |row: &footprint::Model| [row.owner_id];
    let list = footprints(newest_first);
    let narrow = Narrow::All.without("visitor_id", without);
    let mut found = children(db, &list, &[[owner]], page, &narrow, parent_of).await?;
    Ok(found.remove(&[owner]).unwrap_or_default())
}

/// The footprints with `keys`: (owner, id).
pub async fn by_owners_and_ids(
    db: &impl ConnectionTrait,
    keys: &[[Uuid; 2]],
) -> Result<HashMap<[Uuid; 2], footprint::Model>, DbErr> {
    let key_of = |row: &footprint::Model| [row.owner_id, row.id];
    by_keys(db, "footprints", ["owner_id", "id"], keys, key_of).await
}

/// The footprint that `visitor` left with `owner` on `day`.
pub async fn of_day(
    db: &impl ConnectionTrait,
    owner: Uuid,
    visitor: Uuid,
    day: NaiveDate,
) -> Result<Option<footprint::Model>, DbErr> {
    footprint::Entity::find()
        .filter(footprint::Column::OwnerId.eq(owner))
        .filter(footprint::Column::VisitorId.eq(visitor))
        .filter(footprint::Column::Day.eq(day))
        .one(db)
        .await
}

/// What a counted visit finds in its owner's counters.
#[derive(Clone, Copy, Debug, FromQueryResult)]
pub struct Counted {
    /// The number of this visit.
    pub visit_count: i64,
    /// Up to where the owner has looked.
    pub seen_number: i64,
}

/// Counts a visit with `owner`, and holds the owner's row until the transaction ends: the order
/// of the numbers is the order of the commits.
pub async fn count_visit(db: &impl ConnectionTrait, owner: Uuid) -> Result<Counted, DbErr> {
    let mut sql = Sql::of(db);
    let owner = sql.bind(owner);
    let text = format!(
        "UPDATE user_counters SET visit_count = visit_count + 1 WHERE user_id = {owner} \
         RETURNING visit_count, seen_number"
    );
    sql.models(db, text)
        .await?
        .pop()
        .ok_or_else(|| DbErr::RecordNotFound("user_counters".to_owned()))
}

/// Writes a footprint.
pub async fn insert(db: &impl ConnectionTrait, row: footprint::Model) -> Result<(), DbErr> {
    footprint::Entity::insert(row.into_active_model().reset_all())
        .exec_without_returning(db)
        .await?;
    Ok(())
}

/// Writes `row` over the footprint of its key.
pub async fn update(db: &impl ConnectionTrait, row: footprint::Model) -> Result<(), DbErr> {
    row.into_active_model().reset_all().update(db).await?;
    Ok(())
}

/// Marks the footprints of `owner` up to `number` as seen. A lower number than before changes
/// nothing.
pub async fn mark_seen(db: &impl ConnectionTrait, owner: Uuid, number: i64) -> Result<(), DbErr> {
    let unseen = footprint::Entity::find()
        .filter(footprint::Column::OwnerId.eq(owner))
        .filter(footprint::Column::Number.gt(number))
        .count(db)
        .await?;
    let unseen = i64::try_from(unseen).unwrap_or(i64::MAX);
    user_counter::Entity::update_many()
        .col_expr(user_counter::Column::SeenNumber, Expr::value(number))
        .col_expr(user_counter::Column::NewFootprintCount, Expr::value(unseen))
        .filter(user_counter::Column::UserId.eq(owner))
        .filter(Expr::col(user_counter::Column::SeenNumber).lt(number))
        .exec(db)
        .await?;
    Ok(())
}
