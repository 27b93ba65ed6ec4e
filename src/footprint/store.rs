//! The SQL of footprints.

pub mod owners;
pub mod unlisted;
pub mod visitors;

use chrono::{DateTime, NaiveDate, Utc};
use entity::{footprint, user_counter};
use foldhash::{HashMap, HashMapExt};
use sea_orm::{
    ActiveEnum, ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait,
    IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder,
    sea_query::{Expr, ExprTrait, OnConflict},
};
use uuid::Uuid;

use crate::{
    database::Source,
    paging::{List, LookUp, Narrow, Page, Slice, by_keys, children, columns},
    sql::{Column, Sql, row},
};

row! {
    footprint::Model { owner_id, id, visitor_id, day, number, visited_at, origin }
    Count { all, new }
}

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
#[derive(Clone, Copy, Debug, Default)]
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
    let keys: Vec<_> = visitors.iter().map(|id| [*id]).collect();
    let p = sql.keys("p", &keys);
    let by = format!("f.owner_id = {owner} AND f.visitor_id = p.k0");
    let LookUp { from, condition } = LookUp::of(&sql, "footprints", "f", "f.number", &by);
    let text = format!(
        "SELECT count(*) AS \"all\", count(*) FILTER (WHERE f.number > {seen}) AS new \
         FROM {p} CROSS JOIN {from} WHERE {condition}"
    );
    Ok(sql.models(db, text).await?.pop().unwrap_or_default())
}

/// `page` of the footprints with `owner`, but for those by `without`.
pub async fn page(
    db: &impl Source,
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
    db: &impl Source,
    keys: &[[Uuid; 2]],
) -> Result<HashMap<[Uuid; 2], footprint::Model>, DbErr> {
    let key_of = |row: &footprint::Model| [row.owner_id, row.id];
    by_keys(db, "footprints", ["owner_id", "id"], keys, key_of).await
}

/// Whether users whom another transaction holds are waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Held {
    /// Until it ends, or the statement's time for locks is over.
    Await,
    /// Owners are; such a visitor is left out.
    AwaitOwners,
    /// Such a user is left out.
    PassBy,
}

/// What ends a statement that finds rows by `user_id`, so that they are held in order. Those that
/// another transaction holds are waited for, if told so.
fn hold_in_order(sql: &Sql, awaits: bool) -> &'static str {
    match awaits {
        _ if !sql.is_postgres() => "",
        true => " ORDER BY user_id FOR NO KEY UPDATE",
        false => " ORDER BY user_id FOR NO KEY UPDATE SKIP LOCKED",
    }
}

// Visits come one by one, and together. What is one is said without a list: that is quicker to plan,
// and names one shard.

/// `rows`, which are in the order of their users, in as many parts as need a statement each: on Citus
/// none holds or writes the rows of several users.
pub(super) fn by_user<'r, R>(
    db: &impl ConnectionTrait,
    rows: &'r [R],
    user_of: impl Fn(&R) -> Uuid,
) -> Vec<&'r [R]> {
    if Sql::of(db).is_citus() {
        let parts = rows.chunk_by(|one, next| user_of(one) == user_of(next));
        return parts.collect();
    }
    let parts = Some(rows).filter(|rows| !rows.is_empty());
    parts.into_iter().collect()
}

/// The footprints on `day` of `pairs` of an owner and a visitor, by pair.
pub async fn of_day(
    db: &impl ConnectionTrait,
    pairs: &[[Uuid; 2]],
    day: NaiveDate,
) -> Result<HashMap<[Uuid; 2], footprint::Model>, DbErr> {
    if pairs.is_empty() {
        return Ok(HashMap::new());
    }
    if let [pair @ [owner, visitor]] = pairs {
        let row = footprint::Entity::find()
            .filter(footprint::Column::OwnerId.eq(*owner))
            .filter(footprint::Column::VisitorId.eq(*visitor))
            .filter(footprint::Column::Day.eq(day));
        let row = row.one(db).await?;
        return Ok(row.map(|row| (*pair, row)).into_iter().collect());
    }
    let part = |of: fn(&[Uuid; 2]) -> Uuid| Column::Ids(pairs.iter().map(of).collect());
    // The day stands in each row: were it a value by itself, PostgreSQL would look the pairs up among
    // all footprints of the day, which it takes for few because it has not counted them yet.
    let days = pairs.iter().map(|_| day.to_string()).collect();
    let mut sql = Sql::of(db);
    let p = sql.table(
        "p",
        vec![
            ("owner_id", part(|[owner, _]| *owner)),
            ("visitor_id", part(|[_, visitor]| *visitor)),
            ("day", Column::Texts(days)),
        ],
    );
    let on_shards = sql.on_shards(&["t.owner_id", "t.visitor_id"], pairs);
    let read = columns::<footprint::Model>("t");
    let text = format!(
        "SELECT {read} FROM {p} CROSS JOIN footprints AS t WHERE t.owner_id = p.owner_id \
         AND t.visitor_id = p.visitor_id AND t.day = date(p.day){on_shards}"
    );
    let rows = sql.models::<footprint::Model>(db, text).await?;
    let by_pair = rows.into_iter();
    Ok(by_pair
        .map(|row| ([row.owner_id, row.visitor_id], row))
        .collect())
}

/// Writes `rows`, all of one `day` and visited `at` one time, in the order of the owners: a new one, or
/// over that of the same owner and visitor, which keeps its id. Whoever calls holds the owners.
pub async fn leave(
    db: &impl ConnectionTrait,
    rows: &[&footprint::Model],
    day: NaiveDate,
    at: DateTime<Utc>,
) -> Result<(), DbErr> {
    for rows in by_user(db, rows, |row| row.owner_id) {
        leave_together(db, rows, day, at).await?;
    }
    Ok(())
}

async fn leave_together(
    db: &impl ConnectionTrait,
    rows: &[&footprint::Model],
    day: NaiveDate,
    at: DateTime<Utc>,
) -> Result<(), DbErr> {
    use footprint::Column::{Day, Number, Origin, OwnerId, VisitedAt, VisitorId};
    if let [row] = rows {
        let over = OnConflict::columns([OwnerId, VisitorId, Day])
            .update_columns([Number, VisitedAt, Origin])
            .to_owned();
        footprint::Entity::insert((*row).clone().into_active_model().reset_all())
            .on_conflict(over)
            .exec_without_returning(db)
            .await?;
        return Ok(());
    }
    let ids =
        |of: fn(&footprint::Model) -> Uuid| Column::Ids(rows.iter().map(|row| of(row)).collect());
    let numbers = rows.iter().map(|row| row.number).collect();
    // A list of texts has no null.
    let origins = rows
        .iter()
        .map(|row| {
            row.origin
                .map_or_else(String::new, |origin| origin.to_value())
        })
        .collect();
    let mut sql = Sql::of(db);
    let (day, at) = (sql.bind(day), sql.bind(at));
    let p = sql.table(
        "p",
        vec![
            ("owner_id", ids(|row| row.owner_id)),
            ("id", ids(|row| row.id)),
            ("visitor_id", ids(|row| row.visitor_id)),
            ("number", Column::Numbers(numbers)),
            ("origin", Column::Texts(origins)),
        ],
    );
    // SQLite would take ON CONFLICT for a join's condition, were there no WHERE.
    let text = format!(
        "INSERT INTO footprints (owner_id, id, visitor_id, day, number, visited_at, origin) \
         SELECT p.owner_id, p.id, p.visitor_id, {day}, p.number, {at}, nullif(p.origin, '') \
         FROM {p} WHERE true ON CONFLICT (owner_id, visitor_id, day) DO UPDATE \
         SET number = excluded.number, visited_at = excluded.visited_at, origin = excluded.origin"
    );
    sql.run(db, text).await?;
    Ok(())
}

/// The last footprint that `visitor` left with `owner`.
pub async fn latest(
    db: &impl ConnectionTrait,
    owner: Uuid,
    visitor: Uuid,
) -> Result<Option<footprint::Model>, DbErr> {
    footprint::Entity::find()
        .filter(footprint::Column::OwnerId.eq(owner))
        .filter(footprint::Column::VisitorId.eq(visitor))
        .order_by_desc(footprint::Column::Day)
        .one(db)
        .await
}

/// The last footprint that `visitor` left with each of `owners`, by owner.
pub async fn latest_with_each(
    db: &impl ConnectionTrait,
    owners: &[Uuid],
    visitor: Uuid,
) -> Result<HashMap<Uuid, footprint::Model>, DbErr> {
    let keys: Vec<_> = owners.iter().map(|owner| [*owner]).collect();
    let mut sql = Sql::of(db);
    let (p, visitor) = (sql.keys("p", &keys), sql.bind(visitor));
    let on_shards = sql.on_shards(&["t.owner_id"], &keys);
    // Citus has no subquery that looks at a list, which lies on no shard.
    let owner = if sql.is_citus() { "t.owner_id" } else { "p.k0" };
    let read = columns::<footprint::Model>("t");
    let last = format!(
        "t.owner_id = p.k0 AND t.visitor_id = {visitor} AND t.day = (SELECT max(l.day) \
         FROM footprints AS l WHERE l.owner_id = {owner} AND l.visitor_id = {visitor})"
    );
    // By the owner: PostgreSQL would rather read all that the visitor ever left.
    let LookUp { from, condition } = LookUp::of(&sql, "footprints", "t", &read, &last);
    let text = format!("SELECT {read} FROM {p} CROSS JOIN {from} WHERE {condition}{on_shards}");
    let rows = sql.models::<footprint::Model>(db, text).await?;
    Ok(rows.into_iter().map(|row| (row.owner_id, row)).collect())
}

/// Removes `footprint`. Whoever calls holds the owner.
pub async fn remove(db: &impl ConnectionTrait, footprint: &footprint::Model) -> Result<(), DbErr> {
    let key = (footprint.owner_id, footprint.id);
    footprint::Entity::delete_by_id(key).exec(db).await?;
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
