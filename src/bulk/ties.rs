//! Friendships and friend requests: both directed rows, and both ends' counters.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use entity::{friend_group_member, friend_request, friendship, values::RequestDirection};
use sea_orm::DbErr;
use uuid::Uuid;

use super::{
    Batch,
    counters::{COUNTERS, change},
    groups::GROUPS,
    kept::Change,
    target::{Target, insert},
};
use crate::friendship::newest;

/// A friendship that is to be written. Who writes one has looked after the cap.
#[derive(Clone, Debug)]
pub struct Tie {
    /// The friendship's id, in both rows.
    pub id: Uuid,
    /// The two friends.
    pub ends: [Uuid; 2],
    /// Since when.
    pub since: DateTime<Utc>,
    /// In which groups of one the other is.
    pub memberships: Vec<Membership>,
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

impl Batch for Tie {
    const ROWS: usize = 10_000;

    async fn write(to: Target<'_>, ties: &[Self]) -> Result<(), DbErr> {
        let mut rows = Vec::with_capacity(ties.len() * 2);
        let mut friends: BTreeMap<[Uuid; 1], [i64; 1]> = BTreeMap::new();
        let ends: BTreeSet<_> = ties.iter().flat_map(|tie| tie.ends).collect();
        let ends: Vec<_> = ends.into_iter().collect();
        let newest = match to {
            Target::Statements(tx) => newest::of(&tx.sql, &ends).await?.into_iter().collect(),
            Target::Whole(copying) => copying.count(COUNTERS, |kept| kept.ids_of(&ends))?,
        };
        for tie in ties {
            let [one, other] = tie.ends;
            for (user_id, friend_id) in [(one, other), (other, one)] {
                let [count] = friends.entry([user_id]).or_default();
                *count += 1;
                let newest = newest.get(&friend_id).copied();
                let of_friend = tie.memberships.iter();
                let of_friend = of_friend.filter(|it| it.owner == friend_id);
                let in_groups = of_friend.filter_map(|it| it.newest).max();
                rows.push(friendship::Model {
                    user_id,
                    friend_id,
                    id: tie.id,
                    since: tie.since,
                    newest_diary_id: newest.max(in_groups),
                    sees_group_diaries: in_groups.is_some(),
                });
            }
        }
        rows.sort_unstable_by_key(|row| (row.user_id, row.friend_id));
        insert(to, &rows).await?;
        insert_members(to, ties).await?;
        let columns = [("friend_count", Change::Add)];
        change(to, "users", ["id"], columns, &friends).await
    }
}

/// Writes who is in which group by `ties`, with the groups' counts.
async fn insert_members(to: Target<'_>, ties: &[Tie]) -> Result<(), DbErr> {
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

/// A pending friend request that is to be written, between two who are no friends.
#[derive(Clone, Debug)]
pub struct Asking {
    /// The request's id, in both rows.
    pub id: Uuid,
    /// Who asks.
    pub sender: Uuid,
    /// Who is asked.
    pub recipient: Uuid,
    /// The recipient's next number.
    pub number: i64,
    /// What the sender says.
    pub message: String,
    /// When it was sent.
    pub created_at: DateTime<Utc>,
}

impl Batch for Asking {
    const ROWS: usize = 5000;

    async fn write(to: Target<'_>, requests: &[Self]) -> Result<(), DbErr> {
        let mut rows = Vec::with_capacity(requests.len() * 2);
        let mut counters: BTreeMap<[Uuid; 1], [i64; 3]> = BTreeMap::new();
        for request in requests {
            let [incoming, _, number] = counters.entry([request.recipient]).or_default();
            *incoming += 1;
            *number = request.number.max(*number);
            let [_, outgoing, _] = counters.entry([request.sender]).or_default();
            *outgoing += 1;
            rows.push(request.row(RequestDirection::Incoming));
            rows.push(request.row(RequestDirection::Outgoing));
        }
        rows.sort_unstable_by_key(|row| (row.user_id, row.other_id));
        insert(to, &rows).await?;
        let columns = [
            ("incoming_request_count", Change::Add),
            ("outgoing_request_count", Change::Add),
            ("request_number", Change::AtLeast),
        ];
        change(to, COUNTERS, ["user_id"], columns, &counters).await
    }
}

impl Asking {
    fn row(&self, direction: RequestDirection) -> friend_request::Model {
        let (user_id, other_id, number) = match direction {
            RequestDirection::Incoming => (self.recipient, self.sender, self.number),
            RequestDirection::Outgoing => (self.sender, self.recipient, 0),
        };
        friend_request::Model {
            user_id,
            other_id,
            direction,
            id: self.id,
            number,
            message: self.message.clone(),
            created_at: self.created_at,
        }
    }
}
