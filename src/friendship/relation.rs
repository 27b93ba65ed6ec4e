//! What one user is to another, for the checks inside of a transaction. (Reads ask
//! [`super::loader::relation_to`], for many at once.)

use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use super::store;
use crate::visibility::Relation;

/// What `me` is to `other`, as it stands now.
///
/// # Errors
/// The database's.
pub async fn relation(db: &impl ConnectionTrait, me: Uuid, other: Uuid) -> Result<Relation, DbErr> {
    if me == other {
        return Ok(Relation::Myself);
    }
    let tie = store::tie(db, me, other).await?;
    if tie.are_friends {
        return Ok(Relation::Friend);
    }
    let mine = store::friend_ids(db, me).await?;
    let tied = store::with_friend_among(db, &[other], &mine).await?;
    // Only now: it takes as long as with a stranger.
    Ok(if tie.is_blocked {
        Relation::Blocked
    } else if tied.is_empty() {
        Relation::Stranger
    } else {
        Relation::FriendOfFriend
    })
}
