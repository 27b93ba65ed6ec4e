//! The SQL of recovery codes.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use entity::recovery_code;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter, sea_query::Expr,
};
use uuid::Uuid;

use crate::sql::{Column, Sql};

/// All codes of `user`, used ones among them.
pub async fn of(db: &impl ConnectionTrait, user: Uuid) -> Result<Vec<recovery_code::Model>, DbErr> {
    recovery_code::Entity::find()
        .filter(recovery_code::Column::UserId.eq(user))
        .all(db)
        .await
}

/// What is left of a user's codes, batch by batch, the oldest first.
#[derive(Clone, Debug, Default)]
pub struct Left(BTreeMap<Uuid, Batch>);

#[derive(Clone, Copy, Debug, Default)]
struct Batch {
    unused: usize,
    used: usize,
}

impl Left {
    /// Of `codes`, which are all of a user's.
    pub fn of(codes: &[recovery_code::Model]) -> Self {
        let mut batches = BTreeMap::<Uuid, Batch>::new();
        for code in codes {
            let batch = batches.entry(code.batch).or_default();
            match code.used_at {
                None => batch.unused += 1,
                Some(_) => batch.used += 1,
            }
        }
        batches.retain(|_, batch| batch.unused > 0);
        Self(batches)
    }

    /// How many the user can count on: of several batches the first that is used stays alone.
    pub fn count(&self) -> usize {
        let unused = self.0.values().map(|batch| batch.unused);
        unused.max().unwrap_or(0)
    }

    /// Whether one of a batch was used, of which others are left: the user has that batch.
    pub fn is_in_use(&self) -> bool {
        self.0.values().any(|batch| batch.used > 0)
    }

    /// The oldest of the newest `most` batches.
    pub fn oldest_of(&self, most: usize) -> Option<Uuid> {
        let mut newest = self.0.keys().rev().take(most);
        newest.next_back().copied()
    }
}

/// The code with `hash` of `user`.
pub async fn find(
    db: &impl ConnectionTrait,
    user: Uuid,
    hash: Vec<u8>,
) -> Result<Option<recovery_code::Model>, DbErr> {
    let key = (user, hash);
    recovery_code::Entity::find_by_id(key).one(db).await
}

/// Gives `user` a further batch of codes.
pub async fn add(
    db: &impl ConnectionTrait,
    user: Uuid,
    batch: Uuid,
    hashes: Vec<Vec<u8>>,
) -> Result<(), DbErr> {
    let mut sql = Sql::of(db);
    let (user, batch) = (sql.bind(user), sql.bind(batch));
    let codes = sql.table("p", vec![("code_hash", Column::Bytes(hashes))]);
    let text = format!(
        "INSERT INTO recovery_codes (user_id, code_hash, batch) \
         SELECT {user}, p.code_hash, {batch} FROM {codes}"
    );
    sql.run(db, text).await?;
    Ok(())
}

/// Marks `code` as used at `at` by the call with the key `by`, and takes the other batches away:
/// this one is the one that the user has.
pub async fn use_up(
    db: &impl ConnectionTrait,
    code: &recovery_code::Model,
    at: DateTime<Utc>,
    by: Option<Vec<u8>>,
) -> Result<(), DbErr> {
    recovery_code::Entity::update_many()
        .col_expr(recovery_code::Column::UsedAt, Expr::value(Some(at)))
        .col_expr(recovery_code::Column::UsedBy, Expr::value(by))
        .filter(recovery_code::Column::UserId.eq(code.user_id))
        .filter(recovery_code::Column::CodeHash.eq(code.code_hash.clone()))
        .exec(db)
        .await?;
    recovery_code::Entity::delete_many()
        .filter(recovery_code::Column::UserId.eq(code.user_id))
        .filter(recovery_code::Column::Batch.ne(code.batch))
        .exec(db)
        .await?;
    Ok(())
}

/// Takes all codes of `user` away, but the one that the call with the key `by` has used.
pub async fn remove(
    db: &impl ConnectionTrait,
    user: Uuid,
    by: Option<Vec<u8>>,
) -> Result<(), DbErr> {
    let used_by = recovery_code::Column::UsedBy;
    recovery_code::Entity::delete_many()
        .filter(recovery_code::Column::UserId.eq(user))
        .filter(
            Condition::any()
                .add(used_by.is_null())
                .add(used_by.ne(by.unwrap_or_default())),
        )
        .exec(db)
        .await?;
    Ok(())
}

/// Takes the batches of `user` that are older than `oldest` away.
pub async fn remove_older(
    db: &impl ConnectionTrait,
    user: Uuid,
    oldest: Uuid,
) -> Result<(), DbErr> {
    recovery_code::Entity::delete_many()
        .filter(recovery_code::Column::UserId.eq(user))
        .filter(recovery_code::Column::Batch.lt(oldest))
        .exec(db)
        .await?;
    Ok(())
}
