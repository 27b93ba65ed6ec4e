//! The SQL of what becomes of groups when their owner, or who is in them, leaves.

use std::collections::BTreeMap;

use entity::friend_group;
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::store::{GroupKey, count};
use crate::sql::Sql;

/// Takes `user` and `friends` out of each other's groups.
pub async fn part(db: &impl ConnectionTrait, user: Uuid, friends: &[Uuid]) -> Result<(), DbErr> {
    let mut left = BTreeMap::<_, i64>::new();
    for (owners, members) in [(friends, &[user] as &[_]), (&[user], friends)] {
        let mut sql = Sql::of(db);
        let (of, with) = (
            sql.among("owner_id", owners),
            sql.among("friend_id", members),
        );
        let text = format!(
            "DELETE FROM friend_group_members WHERE {of} AND {with} RETURNING owner_id, group_id"
        );
        for row in sql.rows(db, text).await? {
            let key: GroupKey = [row.try_get_by_index(0)?, row.try_get_by_index(1)?];
            *left.entry(key).or_default() += 1;
        }
    }
    for (key, members) in left {
        count(db, key, friend_group::Column::FriendCount, -members).await?;
    }
    Ok(())
}

/// Removes the groups of `owner`, for which there are no diaries any more. Says how many there were.
pub async fn delete_all(db: &impl ConnectionTrait, owner: Uuid) -> Result<u64, DbErr> {
    let of_owner = friend_group::Column::OwnerId.eq(owner);
    let gone = friend_group::Entity::delete_many().filter(of_owner);
    Ok(gone.exec(db).await?.rows_affected)
}
