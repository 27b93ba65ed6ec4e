//! The SQL of kiriban. Whoever names one, removes one, or reaches one holds the counters of its owner.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use entity::kiriban;
use foldhash::{HashMap, HashMapExt};
use sea_orm::{ActiveModelTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel};
use uuid::Uuid;

use crate::{
    database::Source,
    footprint::store::by_user,
    paging::{List, Narrow, Page, Slice, children, columns},
    sql::{Column, Sql, row},
};

row! {
    kiriban::Model { owner_id, number, named_at, reached_at, visitor_id, named_to_all }
}

/// The numbers that somebody has named.
fn kiribans(highest_first: bool) -> List<1> {
    List {
        table: "kiribans",
        parent: ["owner_id"],
        beside: ("users", ["id"]),
        order: "number",
        index: None,
        newest_first: highest_first,
        brief: None,
    }
}

/// An owner, and a number.
pub type KiribanKey = (Uuid, i64);

/// `page` of what each of `owners` has named.
pub async fn page(
    db: &impl Source,
    owners: &[Uuid],
    page: &Page<i64>,
    highest_first: bool,
) -> Result<HashMap<Uuid, Slice<kiriban::Model>>, DbErr> {
    let parents: Vec<_> = owners.iter().map(|id| [*id]).collect();
    let parent_of = |row: &kiriban::Model| [row.owner_id];
    let list = kiribans(highest_first);
    let found = children(db, &list, &parents, page, &Narrow::All, parent_of).await?;
    Ok(found.into_iter().map(|([id], slice)| (id, slice)).collect())
}

/// Those with `keys`.
pub async fn by_keys(
    db: &impl ConnectionTrait,
    keys: &[KiribanKey],
) -> Result<HashMap<KiribanKey, kiriban::Model>, DbErr> {
    let owners: Vec<_> = keys.iter().map(|(owner, _)| [*owner]).collect();
    let (ids, numbers) = keys.iter().copied().unzip();
    let mut sql = Sql::of(db);
    let p = sql.table(
        "p",
        vec![
            ("owner_id", Column::Ids(ids)),
            ("number", Column::Numbers(numbers)),
        ],
    );
    let on_shards = sql.on_shards(&["t.owner_id"], &owners);
    let read = columns::<kiriban::Model>("t");
    let text = format!(
        "SELECT {read} FROM {p} CROSS JOIN kiribans AS t WHERE t.owner_id = p.owner_id \
         AND t.number = p.number{on_shards}"
    );
    let rows = sql.models::<kiriban::Model>(db, text).await?;
    let rows = rows.into_iter();
    Ok(rows.map(|row| ((row.owner_id, row.number), row)).collect())
}

/// The one with `key`.
pub async fn kiriban(
    db: &impl ConnectionTrait,
    key: KiribanKey,
) -> Result<Option<kiriban::Model>, DbErr> {
    kiriban::Entity::find_by_id(key).one(db).await
}

/// What `owner` reached with others, and is named for there.
pub async fn by_visitor(
    db: &impl ConnectionTrait,
    visitor: Uuid,
) -> Result<Vec<kiriban::Model>, DbErr> {
    let mut sql = Sql::of(db);
    let visitor = sql.bind(visitor);
    let read = columns::<kiriban::Model>("t");
    let text = format!(
        "SELECT {read} FROM kiribans AS t WHERE t.visitor_id = {visitor} \
         ORDER BY t.owner_id, t.number"
    );
    sql.models(db, text).await
}

/// What is still to come for each of `owners`, who are in order, and of whom so many visits are counted.
pub async fn coming(
    db: &impl ConnectionTrait,
    owners: &[(Uuid, i64)],
) -> Result<HashMap<Uuid, BTreeSet<i64>>, DbErr> {
    let mut coming: HashMap<Uuid, BTreeSet<i64>> = HashMap::new();
    for owners in by_user(db, owners, |(id, _)| *id) {
        let mut sql = Sql::of(db);
        let text = if let [(id, count)] = owners {
            let (id, count) = (sql.bind(*id), sql.bind(*count));
            format!(
                "SELECT owner_id, number FROM kiribans WHERE owner_id = {id} AND number > {count}"
            )
        } else {
            let (ids, counts) = owners.iter().copied().unzip();
            let p = sql.table(
                "p",
                vec![
                    ("id", Column::Ids(ids)),
                    ("visits", Column::Numbers(counts)),
                ],
            );
            format!(
                "SELECT k.owner_id, k.number FROM {p} CROSS JOIN kiribans AS k \
                 WHERE k.owner_id = p.id AND k.number > p.visits"
            )
        };
        for row in sql.rows(db, text).await? {
            let owner = row.try_get_by_index(0)?;
            let numbers = coming.entry(owner).or_default();
            numbers.insert(row.try_get_by_index(1)?);
        }
    }
    Ok(coming)
}

/// Writes a number that was named.
pub async fn insert(db: &impl ConnectionTrait, row: kiriban::Model) -> Result<(), DbErr> {
    kiriban::Entity::insert(row.into_active_model().reset_all())
        .exec_without_returning(db)
        .await?;
    Ok(())
}

/// Removes the one with `key`.
pub async fn remove(db: &impl ConnectionTrait, key: KiribanKey) -> Result<(), DbErr> {
    kiriban::Entity::delete_by_id(key).exec(db).await?;
    Ok(())
}

/// A visit whose number its owner had named.
#[derive(Clone, Copy, Debug)]
pub struct Reached {
    /// Whose number it was.
    pub owner: Uuid,
    /// The number.
    pub number: i64,
    /// Who made the visit.
    pub visitor: Uuid,
    /// Whether the visitor is named to the owner.
    pub is_named: bool,
    /// Whether to everybody.
    pub is_named_to_all: bool,
}

impl Reached {
    /// Who is kept of it: nobody who is not named.
    pub fn kept(&self) -> Option<Uuid> {
        self.is_named.then_some(self.visitor)
    }
}

/// Writes who made the visits `reached`, which are in the order of their owners, `at` a time.
pub async fn reach(
    db: &impl ConnectionTrait,
    reached: &[Reached],
    at: DateTime<Utc>,
) -> Result<(), DbErr> {
    // On Citus one at a time: no list lies on a shard.
    let size = match Sql::of(db).is_citus() {
        true => 1,
        false => reached.len().max(1),
    };
    for reached in reached.chunks(size) {
        let mut sql = Sql::of(db);
        let at = sql.bind(at);
        let text = if let [one] = reached {
            let (visitor, to_all) = (sql.bind(one.kept()), sql.bind(one.is_named_to_all));
            let (owner, number) = (sql.bind(one.owner), sql.bind(one.number));
            format!(
                "UPDATE kiribans SET reached_at = {at}, visitor_id = {visitor}, \
                 named_to_all = {to_all} WHERE owner_id = {owner} AND number = {number}"
            )
        } else {
            let ids = |of: fn(&Reached) -> Uuid| Column::Ids(reached.iter().map(of).collect());
            let numbers =
                |of: fn(&Reached) -> i64| Column::Numbers(reached.iter().map(of).collect());
            // A list of ids has no null.
            let nobody = sql.bind(Uuid::nil());
            let p = sql.table(
                "p",
                vec![
                    ("owner_id", ids(|one| one.owner)),
                    ("number", numbers(|one| one.number)),
                    ("visitor_id", ids(|one| one.kept().unwrap_or_default())),
                    ("to_all", numbers(|one| one.is_named_to_all.into())),
                ],
            );
            format!(
                "UPDATE kiribans SET reached_at = {at}, visitor_id = nullif(p.visitor_id, {nobody}), \
                 named_to_all = (p.to_all = 1) FROM {p} WHERE kiribans.owner_id = p.owner_id \
                 AND kiribans.number = p.number"
            )
        };
        sql.run(db, text).await?;
    }
    Ok(())
}

/// Has the counters of `owners`, who are held, and in order, and whose visits are written, tell which number
/// is the next.
pub async fn settle(db: &impl ConnectionTrait, owners: &[Uuid]) -> Result<(), DbErr> {
    for owners in by_user(db, owners, |id| *id) {
        let mut sql = Sql::of(db);
        let of_owners = match owners {
            [owner] => format!("user_id = {}", sql.bind(*owner)),
            _ => sql.among("user_id", owners),
        };
        let text = format!(
            "UPDATE user_counters SET next_kiriban = coalesce((SELECT min(k.number) \
             FROM kiribans AS k WHERE k.owner_id = user_counters.user_id \
             AND k.number > user_counters.visit_count), 0) WHERE {of_owners}"
        );
        sql.run(db, text).await?;
    }
    Ok(())
}

/// Forgets that `visitor` made the visits to `owner` that were named, from `first` on and before `end`. Gives
/// their numbers.
pub async fn forget_between(
    db: &impl ConnectionTrait,
    owner: Uuid,
    visitor: Uuid,
    [first, end]: [DateTime<Utc>; 2],
) -> Result<Vec<i64>, DbErr> {
    let mut sql = Sql::of(db);
    let (owner, visitor) = (sql.bind(owner), sql.bind(visitor));
    let (first, end, no) = (sql.bind(first), sql.bind(end), sql.bind(false));
    let text = format!(
        "UPDATE kiribans SET visitor_id = NULL, named_to_all = {no} WHERE owner_id = {owner} \
         AND visitor_id = {visitor} AND reached_at >= {first} AND reached_at < {end} \
         RETURNING number"
    );
    let rows = sql.rows(db, text).await?;
    rows.iter().map(|row| row.try_get_by_index(0)).collect()
}

/// Removes up to `limit` of those of `owner`. Says how many.
pub async fn remove_some(db: &impl ConnectionTrait, owner: Uuid, limit: i64) -> Result<u64, DbErr> {
    let mut sql = Sql::of(db);
    let (owner, limit) = (sql.bind(owner), sql.bind(limit));
    let text = format!(
        "DELETE FROM kiribans WHERE owner_id = {owner} AND number IN (SELECT number FROM kiribans \
         WHERE owner_id = {owner} ORDER BY number LIMIT {limit})"
    );
    sql.run(db, text).await
}

/// Forgets of up to `limit` that `visitor` made the visit. Says of how many.
pub async fn forget_visitor(
    db: &impl ConnectionTrait,
    visitor: Uuid,
    limit: i64,
) -> Result<u64, DbErr> {
    let mut sql = Sql::of(db);
    let (visitor, limit) = (sql.bind(visitor), sql.bind(limit));
    let no = sql.bind(false);
    let text = format!(
        "UPDATE kiribans SET visitor_id = NULL, named_to_all = {no} WHERE (owner_id, number) IN \
         (SELECT owner_id, number FROM kiribans WHERE visitor_id = {visitor} \
         ORDER BY owner_id, number LIMIT {limit})"
    );
    sql.run(db, text).await
}
