//! Groups of friends. Who is in one is written with the friendship.

use std::collections::BTreeMap;

use entity::{friend_group, friend_group_member};
use sea_orm::DbErr;
use uuid::Uuid;

use super::{
    Batch,
    counters::change,
    kept::Change,
    target::{Target, insert},
    ties::Tie,
};

/// What is counted of a group.
pub(super) const GROUPS: &str = "friend_groups";

/// Groups in which nobody is counted yet.
impl Batch for friend_group::Model {
    const ROWS: usize = 5000;

    async fn write(to: Target<'_>, groups: &[Self]) -> Result<(), DbErr> {
        insert(to, groups).await
    }
}

/// That one of two friends is in a group of the other's.
#[derive(Clone, Copy, Debug)]
pub struct Membership {
    /// Whose the group is.
    pub owner: Uuid,
    /// The group's own id.
    pub group: Uuid,
    /// What orders the friends in it.
    pub id: Uuid,
    /// The newest diary that is for it.
    pub newest: Option<Uuid>,
}

/// Writes who is in which group by `ties`, with the groups' counts.
pub(super) async fn insert_members(to: Target<'_>, ties: &[Tie]) -> Result<(), DbErr> {
    let mut rows = Vec::new();
    let mut members: BTreeMap<[Uuid; 2], [i64; 1]> = BTreeMap::new();
    for tie in ties {
        for it in &tie.memberships {
            let [one, other] = tie.ends;
            rows.push(friend_group_member::Model {
                owner_id: it.owner,
                group_id: it.group,
                friend_id: if it.owner == one { other } else { one },
                id: it.id,
            });
            let [count] = members.entry([it.owner, it.group]).or_default();
            *count += 1;
        }
    }
    rows.sort_unstable_by_key(|row| (row.owner_id, row.group_id, row.friend_id));
    insert(to, &rows).await?;
    let count = [("friend_count", Change::Add)];
    change(to, GROUPS, ["owner_id", "id"], count, &members).await
}
