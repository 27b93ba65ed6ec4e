//! The SQL of groups of friends.

pub mod lists;

use entity::friend_group;
use foldhash::HashMap;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel,
    QueryFilter, QueryOrder,
    sea_query::{Expr, ExprTrait, OnConflict},
};
use uuid::Uuid;

use crate::{paging::LookUp, search, sql::Sql};

/// What names a group: its owner and its own id.
pub type GroupKey = [Uuid; 2];

/// The id of everybody's group of close friends.
pub const CLOSE_FRIENDS: Uuid = Uuid::nil();
/// Its name.
const CLOSE_FRIENDS_NAME: &str = "Close friends";

/// The group of close friends of `owner`, before anybody is in it.
pub fn close_friends(owner: Uuid) -> friend_group::Model {
    friend_group::Model {
        owner_id: owner,
        id: CLOSE_FRIENDS,
        name: CLOSE_FRIENDS_NAME.to_owned(),
        name_key: search::fold(CLOSE_FRIENDS_NAME),
        friend_count: 0,
        diary_count: 0,
    }
}

/// All groups of `owner`: the close friends, then the others by when they were made.
pub async fn all(
    db: &impl ConnectionTrait,
    owner: Uuid,
) -> Result<Vec<friend_group::Model>, DbErr> {
    let mut groups = friend_group::Entity::find()
        .filter(friend_group::Column::OwnerId.eq(owner))
        .order_by_asc(friend_group::Column::Id)
        .all(db)
        .await?;
    if groups.first().is_none_or(|first| first.id != CLOSE_FRIENDS) {
        groups.insert(0, close_friends(owner));
    }
    Ok(groups)
}

/// The group with `key`.
pub async fn one(
    db: &impl ConnectionTrait,
    [owner, id]: GroupKey,
) -> Result<Option<friend_group::Model>, DbErr> {
    let row = friend_group::Entity::find_by_id((owner, id))
        .one(db)
        .await?;
    let always = || (id == CLOSE_FRIENDS).then(|| close_friends(owner));
    Ok(row.or_else(always))
}

/// Writes a new group.
pub async fn insert(db: &impl ConnectionTrait, row: friend_group::Model) -> Result<(), DbErr> {
    friend_group::Entity::insert(row.into_active_model().reset_all())
        .exec_without_returning(db)
        .await?;
    Ok(())
}

/// Has the group of close friends of `owner` stand there, where it does not yet.
pub async fn insert_close_friends(db: &impl ConnectionTrait, owner: Uuid) -> Result<(), DbErr> {
    let row = close_friends(owner);
    friend_group::Entity::insert(row.into_active_model().reset_all())
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(db)
        .await?;
    Ok(())
}

/// Gives the group with `key` another name.
pub async fn rename(
    db: &impl ConnectionTrait,
    [owner, id]: GroupKey,
    name: &str,
    name_key: &str,
) -> Result<(), DbErr> {
    friend_group::Entity::update_many()
        .col_expr(friend_group::Column::Name, Expr::value(name))
        .col_expr(friend_group::Column::NameKey, Expr::value(name_key))
        .filter(friend_group::Column::OwnerId.eq(owner))
        .filter(friend_group::Column::Id.eq(id))
        .exec(db)
        .await?;
    Ok(())
}

/// Removes the group with `key`, which no diary is for; who is in it goes with it.
pub async fn delete(db: &impl ConnectionTrait, [owner, id]: GroupKey) -> Result<(), DbErr> {
    friend_group::Entity::delete_by_id((owner, id))
        .exec(db)
        .await?;
    Ok(())
}

/// Puts `friends` of the owner's into the group with `key`, each with an id that orders them. Who is in it
/// stays as they are.
pub async fn add(
    db: &impl ConnectionTrait,
    [owner, group]: GroupKey,
    friends: &[[Uuid; 2]],
) -> Result<(), DbErr> {
    let mut sql = Sql::of(db);
    let (owner_id, group_id) = (sql.bind(owner), sql.bind(group));
    let p = sql.keys("p", friends);
    // SQLite would take ON CONFLICT for that of a join. Citus counts also those who were in it.
    let text = format!(
        "INSERT INTO friend_group_members (owner_id, group_id, friend_id, id) \
         SELECT {owner_id}, {group_id}, p.k0, p.k1 FROM {p} WHERE true ON CONFLICT DO NOTHING \
         RETURNING friend_id"
    );
    let added = sql.rows(db, text).await?.len();
    count(
        db,
        [owner, group],
        friend_group::Column::FriendCount,
        i64::try_from(added).unwrap_or(i64::MAX),
    )
    .await
}

/// Takes `friends` out of the group with `key`.
pub async fn take_out(
    db: &impl ConnectionTrait,
    [owner, group]: GroupKey,
    friends: &[Uuid],
) -> Result<(), DbErr> {
    let mut sql = Sql::of(db);
    let (owner_id, group_id) = (sql.bind(owner), sql.bind(group));
    let among = sql.among("friend_id", friends);
    let text = format!(
        "DELETE FROM friend_group_members \
         WHERE owner_id = {owner_id} AND group_id = {group_id} AND {among}"
    );
    let gone = sql.run(db, text).await?;
    count(
        db,
        [owner, group],
        friend_group::Column::FriendCount,
        -number(gone),
    )
    .await
}

/// Takes `friend` out of all groups of `owner`.
pub async fn leave_all(db: &impl ConnectionTrait, owner: Uuid, friend: Uuid) -> Result<(), DbErr> {
    let mut sql = Sql::of(db);
    let (owner_id, friend_id) = (sql.bind(owner), sql.bind(friend));
    let text = format!(
        "DELETE FROM friend_group_members WHERE owner_id = {owner_id} AND friend_id = {friend_id} \
         RETURNING group_id"
    );
    let left = sql.rows(db, text).await?;
    if left.is_empty() {
        return Ok(());
    }
    let left: Result<Vec<Uuid>, _> = left.iter().map(|row| row.try_get_by_index(0)).collect();
    let mut sql = Sql::of(db);
    let owner_id = sql.bind(owner);
    let among = sql.among("id", &left?);
    let text = format!(
        "UPDATE friend_groups SET friend_count = friend_count - 1 \
         WHERE owner_id = {owner_id} AND {among}"
    );
    sql.run(db, text).await?;
    Ok(())
}

/// Adds `by` to the number of diaries for the group with `key`.
pub async fn count_diaries(db: &impl ConnectionTrait, key: GroupKey, by: i64) -> Result<(), DbErr> {
    count(db, key, friend_group::Column::DiaryCount, by).await
}

pub(super) async fn count(
    db: &impl ConnectionTrait,
    [owner, id]: GroupKey,
    column: friend_group::Column,
    by: i64,
) -> Result<(), DbErr> {
    friend_group::Entity::update_many()
        .col_expr(column, Expr::col(column).add(by))
        .filter(friend_group::Column::OwnerId.eq(owner))
        .filter(friend_group::Column::Id.eq(id))
        .exec(db)
        .await?;
    Ok(())
}

fn number(rows: u64) -> i64 {
    i64::try_from(rows).unwrap_or(i64::MAX)
}

/// Who is in any of the `groups` of `owner`.
pub async fn members(
    db: &impl ConnectionTrait,
    owner: Uuid,
    groups: &[Uuid],
) -> Result<Vec<Uuid>, DbErr> {
    let mut sql = Sql::of(db);
    let owner = sql.bind(owner);
    let among = sql.among("group_id", groups);
    let text = format!(
        "SELECT DISTINCT friend_id FROM friend_group_members WHERE owner_id = {owner} AND {among}"
    );
    let rows = sql.rows(db, text).await?;
    rows.iter().map(|row| row.try_get_by_index(0)).collect()
}

/// The ids of the groups of `owner`.
pub async fn ids(db: &impl ConnectionTrait, owner: Uuid) -> Result<Vec<Uuid>, DbErr> {
    let groups = all(db, owner).await?;
    Ok(groups.into_iter().map(|group| group.id).collect())
}

/// Which of the `groups` of `owner` have one diary or none: for those who are in the others nothing
/// begins or ends with one.
pub async fn begun_or_ended(
    db: &impl ConnectionTrait,
    owner: Uuid,
    groups: &[Uuid],
) -> Result<Vec<Uuid>, DbErr> {
    if groups.is_empty() {
        return Ok(Vec::new());
    }
    let all = all(db, owner).await?.into_iter();
    let those = all.filter(|group| group.diary_count <= 1 && groups.contains(&group.id));
    Ok(those.map(|group| group.id).collect())
}

/// In which groups of `owner` each of `friends` is, of those who are in any.
pub async fn groups_with(
    db: &impl ConnectionTrait,
    owner: Uuid,
    friends: &[Uuid],
) -> Result<HashMap<Uuid, Vec<Uuid>>, DbErr> {
    let mut sql = Sql::of(db);
    let owner = sql.bind(owner);
    let Memberships { from, condition } = memberships(&mut sql, &owner, friends);
    let text = format!("SELECT m.friend_id, m.group_id FROM {from} WHERE {condition}");
    let mut found: HashMap<Uuid, Vec<Uuid>> = HashMap::default();
    for row in sql.rows(db, text).await? {
        let of = found.entry(row.try_get_by_index(0)?).or_default();
        of.push(row.try_get_by_index(1)?);
    }
    Ok(found)
}

/// What follows FROM and WHERE for the rows `m` of some friends in the groups of one owner.
#[derive(Debug)]
pub struct Memberships {
    /// The tables.
    pub from: String,
    /// What finds the rows.
    pub condition: String,
}

/// Those of `friends` in the groups of the `owner` that was bound, by a look-up for each friend: who is in
/// one can be many more.
pub fn memberships(sql: &mut Sql, owner: &str, friends: &[Uuid]) -> Memberships {
    let keys: Vec<_> = friends.iter().map(|friend| [*friend]).collect();
    let p = sql.keys("p", &keys);
    let by = format!("m.owner_id = {owner} AND m.friend_id = p.k0");
    let columns = "m.friend_id, m.group_id";
    let LookUp { from, condition } = LookUp::of(sql, "friend_group_members", "m", columns, &by);
    Memberships {
        from: format!("{p} CROSS JOIN {from}"),
        condition,
    }
}

/// A group that somebody is in, for which there are diaries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Opened {
    /// The group's own id.
    pub id: Uuid,
    /// How many diaries are for it.
    pub diaries: i64,
}

/// The groups of each of `owners` that `friend` is in and for which there are diaries, by the owner.
pub async fn opened_to(
    db: &impl ConnectionTrait,
    friend: Uuid,
    owners: &[Uuid],
) -> Result<HashMap<Uuid, Vec<Opened>>, DbErr> {
    let keys: Vec<_> = owners.iter().map(|owner| [*owner]).collect();
    let mut sql = Sql::of(db);
    let p = sql.keys("p", &keys);
    let friend = sql.bind(friend);
    let on_shards = sql.on_shards(&["m.owner_id"], &keys);
    let text = format!(
        "SELECT m.owner_id, m.group_id, g.diary_count FROM {p} \
         CROSS JOIN friend_group_members AS m CROSS JOIN friend_groups AS g \
         WHERE m.owner_id = p.k0 AND m.friend_id = {friend} \
         AND g.owner_id = m.owner_id AND g.id = m.group_id AND g.diary_count > 0{on_shards}"
    );
    let mut found: HashMap<Uuid, Vec<Opened>> = HashMap::default();
    for row in sql.rows(db, text).await? {
        let of = found.entry(row.try_get_by_index(0)?).or_default();
        of.push(Opened {
            id: row.try_get_by_index(1)?,
            diaries: row.try_get_by_index(2)?,
        });
    }
    Ok(found)
}
