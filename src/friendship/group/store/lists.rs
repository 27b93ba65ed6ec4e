//! The SQL of who is in groups, for those who look.

use entity::friend_group_member;
use foldhash::HashMap;
use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use super::GroupKey;
use crate::{
    database::Source,
    paging::{List, Narrow, Page, Slice, children, count_among},
    sql::row,
};

row! {
    friend_group_member::Model { owner_id, group_id, friend_id, id }
}

/// The friends in a group by when they were put into it.
const MEMBERS: List<2> = List {
    table: "friend_group_members",
    parent: ["owner_id", "group_id"],
    beside: ("friend_groups", ["owner_id", "id"]),
    order: "id",
    index: Some("idx_friend_group_members_owner_id_group_id_id"),
    newest_first: true,
    brief: None,
};

/// `page` of the friends in each of the groups with `keys`, but for those `without`.
pub async fn members_page(
    db: &impl Source,
    keys: &[GroupKey],
    page: &Page<Uuid>,
    without: &[Uuid],
) -> Result<HashMap<GroupKey, Slice<friend_group_member::Model>>, DbErr> {
    let parent_of = |row: &friend_group_member::Model| [row.owner_id, row.group_id];
    let narrow = Narrow::All.without("friend_id", without);
    children(db, &MEMBERS, keys, page, &narrow, parent_of).await
}

/// How many of `friends` are in each of the groups with `keys`, where there are any.
pub async fn members_among(
    db: &impl ConnectionTrait,
    keys: &[GroupKey],
    friends: &[Uuid],
) -> Result<HashMap<GroupKey, i64>, DbErr> {
    let List { table, parent, .. } = MEMBERS;
    count_among(db, table, parent, keys, "friend_id", friends).await
}
