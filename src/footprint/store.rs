//! The SQL of footprints and of the counters that number them.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use entity::{footprint, user_counter};
use foldhash::HashMap;
use sea_orm::{
    ActiveEnum, ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait,
    IntoActiveModel, PaginatorTrait, QueryFilter,
    sea_query::{Expr, ExprTrait, OnConflict},
};
use uuid::Uuid;

use crate::{
    database::Source,
    paging::{List, LookUp, Narrow, Page, Slice, by_keys, children, columns},
    sql::{Cells, Column, Sql, row},
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

/// Whether an owner whom another transaction holds is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Held {
    /// Until it ends, or the statement's time for locks is over.
    Await,
    /// Such an owner is left out.
    PassBy,
}

/// An owner's counters, as visits find and change them.
#[derive(Clone, Copy, Debug)]
pub struct Owner {
    /// Whose they are.
    pub user_id: Uuid,
    /// The number of the last visit.
    pub visit_count: i64,
    /// Up to where the owner has looked.
    pub seen_number: i64,
    /// How many footprints there are now besides those that were there.
    pub more_footprints: i64,
    /// The same for those that are new to the owner.
    pub more_new: i64,
}

// Visits come one by one, and together. What is one is said without a list: that is quicker to plan,
// and names one shard.

/// Holds the counters of `owners` until the transaction ends: the order of the numbers is the order of
/// the commits. Gives them as they are then.
///
/// What else is to be as it is then is read by a later statement: on PostgreSQL this one, where it had
/// to wait, would see the rows of other tables as they were before. (SQLite has one writer.)
pub async fn hold(
    db: &impl ConnectionTrait,
    owners: &[Uuid],
    held: Held,
) -> Result<BTreeMap<Uuid, Owner>, DbErr> {
    let mut sql = Sql::of(db);
    let of_owners = match owners {
        [owner] => format!("user_id = {}", sql.bind(*owner)),
        _ => sql.among("user_id", owners),
    };
    let hold = match held {
        _ if !sql.is_postgres() => "",
        Held::Await => " ORDER BY user_id FOR NO KEY UPDATE",
        Held::PassBy => " ORDER BY user_id FOR NO KEY UPDATE SKIP LOCKED",
    };
    let text = format!(
        "SELECT user_id, visit_count, seen_number FROM user_counters WHERE {of_owners}{hold}"
    );
    let rows = sql.rows(db, text).await?;
    let owner = |row| {
        let mut cells = Cells::of(row);
        let user_id = cells.one()?;
        let owner = Owner {
            user_id,
            visit_count: cells.one()?,
            seen_number: cells.one()?,
            more_footprints: 0,
            more_new: 0,
        };
        Ok((user_id, owner))
    };
    rows.iter().map(owner).collect()
}

/// The footprints on `day` of `pairs` of an owner and a visitor, by pair.
pub async fn of_day(
    db: &impl ConnectionTrait,
    pairs: &[[Uuid; 2]],
    day: NaiveDate,
) -> Result<HashMap<[Uuid; 2], footprint::Model>, DbErr> {
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

/// Writes `rows`, all of one `day` and visited `at` one time: a new one, or over that of the same
/// owner and visitor, which keeps its id. Whoever calls holds the owners.
pub async fn leave(
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

/// Writes the counters of `owners`, whom whoever calls holds; on Citus of one owner at a time.
pub async fn count(db: &impl ConnectionTrait, owners: &[&Owner]) -> Result<(), DbErr> {
    let mut sql = Sql::of(db);
    if let [owner] = owners {
        let (id, visits) = (sql.bind(owner.user_id), sql.bind(owner.visit_count));
        let (more, new) = (sql.bind(owner.more_footprints), sql.bind(owner.more_new));
        let text = format!(
            "UPDATE user_counters SET visit_count = {visits}, \
             footprint_count = footprint_count + {more}, \
             new_footprint_count = new_footprint_count + {new} WHERE user_id = {id}"
        );
        sql.run(db, text).await?;
        return Ok(());
    }
    let ids = owners.iter().map(|owner| owner.user_id).collect();
    let numbers =
        |of: fn(&Owner) -> i64| Column::Numbers(owners.iter().map(|owner| of(owner)).collect());
    let p = sql.table(
        "p",
        vec![
            ("owner_id", Column::Ids(ids)),
            ("visits", numbers(|owner| owner.visit_count)),
            ("more", numbers(|owner| owner.more_footprints)),
            ("more_new", numbers(|owner| owner.more_new)),
        ],
    );
    let text = format!(
        "UPDATE user_counters SET visit_count = p.visits, \
         footprint_count = footprint_count + p.more, \
         new_footprint_count = new_footprint_count + p.more_new \
         FROM {p} WHERE user_counters.user_id = p.owner_id"
    );
    sql.run(db, text).await?;
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
