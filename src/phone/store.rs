//! The SQL of verified numbers, and of the codes that are sent to them.

use chrono::{DateTime, Utc};
use entity::{phone_code, phone_code_request, phone_number, user_phone};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait,
    QueryFilter, sea_query::OnConflict,
};
use uuid::Uuid;

use crate::sql::{Sql, is_ended};

/// A keyed hash.
pub type Hash = [u8; 32];

/// Has `code` be what was sent to `number` last, untried, until `expires_at`. Whoever does so holds the
/// number's row until the transaction ends.
pub async fn put_code(
    db: &impl ConnectionTrait,
    number: &Hash,
    code: &Hash,
    expires_at: DateTime<Utc>,
) -> Result<(), DbErr> {
    use phone_code::Column::{CodeHash, ExpiresAt, NumberHash, Tries};
    let over = OnConflict::column(NumberHash)
        .update_columns([CodeHash, Tries, ExpiresAt])
        .to_owned();
    phone_code::Entity::insert(phone_code::ActiveModel {
        number_hash: Set(number.to_vec()),
        code_hash: Set(code.to_vec()),
        tries: Set(0),
        expires_at: Set(expires_at),
    })
    .on_conflict(over)
    .exec_without_returning(db)
    .await?;
    Ok(())
}

/// How many codes were asked for `number` that still count at `now`.
pub async fn requests(
    db: &impl ConnectionTrait,
    number: &Hash,
    now: DateTime<Utc>,
) -> Result<u64, DbErr> {
    phone_code_request::Entity::find()
        .filter(phone_code_request::Column::NumberHash.eq(number.to_vec()))
        .filter(phone_code_request::Column::ExpiresAt.gt(now))
        .count(db)
        .await
}

/// Notes that a code was asked for `number`, which counts until `expires_at`.
pub async fn insert_request(
    db: &impl ConnectionTrait,
    number: &Hash,
    id: Uuid,
    expires_at: DateTime<Utc>,
) -> Result<(), DbErr> {
    phone_code_request::Entity::insert(phone_code_request::ActiveModel {
        number_hash: Set(number.to_vec()),
        id: Set(id),
        expires_at: Set(expires_at),
    })
    .exec_without_returning(db)
    .await?;
    Ok(())
}

/// Forgets the request `id` for `number`.
pub async fn delete_request(
    db: &impl ConnectionTrait,
    number: &Hash,
    id: Uuid,
) -> Result<(), DbErr> {
    phone_code_request::Entity::delete_by_id((number.to_vec(), id))
        .exec(db)
        .await?;
    Ok(())
}

/// Takes one of the `most` tries of the code that was sent to `number`, if it lives at `now`: gives the
/// code. Of those who try at the same time, too, no more get one.
pub async fn try_code(
    db: &impl ConnectionTrait,
    number: &Hash,
    most: i64,
    now: DateTime<Utc>,
) -> Result<Option<Vec<u8>>, DbErr> {
    let mut sql = Sql::of(db);
    let (number, most, now) = (sql.bind(number.to_vec()), sql.bind(most), sql.bind(now));
    let text = format!(
        "UPDATE phone_codes SET tries = tries + 1 \
         WHERE number_hash = {number} AND tries < {most} AND expires_at > {now} RETURNING code_hash"
    );
    let rows = sql.rows(db, text).await?;
    let code = rows.first().map(|row| row.try_get_by_index(0));
    code.transpose()
}

/// Gives back a try of `code`, which was right.
pub async fn give_back(db: &impl ConnectionTrait, number: &Hash, code: &Hash) -> Result<(), DbErr> {
    let mut sql = Sql::of(db);
    let (number, code) = (sql.bind(number.to_vec()), sql.bind(code.to_vec()));
    let text = format!(
        "UPDATE phone_codes SET tries = tries - 1 \
         WHERE number_hash = {number} AND code_hash = {code} AND tries > 0"
    );
    sql.run(db, text).await?;
    Ok(())
}

/// Uses up `code`. Says whether it was there.
pub async fn use_code(
    db: &impl ConnectionTrait,
    number: &Hash,
    code: &Hash,
) -> Result<bool, DbErr> {
    let gone = phone_code::Entity::delete_by_id(number.to_vec())
        .filter(phone_code::Column::CodeHash.eq(code.to_vec()))
        .exec(db)
        .await?;
    Ok(gone.rows_affected == 1)
}

/// Whose `number` is.
pub async fn owner(db: &impl ConnectionTrait, number: &Hash) -> Result<Option<Uuid>, DbErr> {
    let row = phone_number::Entity::find_by_id(number.to_vec());
    Ok(row.one(db).await?.map(|row| row.user_id))
}

/// Takes `number` for `user`. Says whether it was free.
pub async fn take(db: &impl ConnectionTrait, number: &Hash, user: Uuid) -> Result<bool, DbErr> {
    let row = phone_number::ActiveModel {
        number_hash: Set(number.to_vec()),
        user_id: Set(user),
    };
    let taken = phone_number::Entity::insert(row)
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(db)
        .await?;
    Ok(taken == 1)
}

/// The number that `user` has verified.
pub async fn of_user(
    db: &impl ConnectionTrait,
    user: Uuid,
) -> Result<Option<user_phone::Model>, DbErr> {
    user_phone::Entity::find_by_id(user).one(db).await
}

/// Has `number` be the one that `user` verified at `now`, in place of an earlier one, which is free then.
pub async fn set(
    db: &impl ConnectionTrait,
    user: Uuid,
    number: &Hash,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    if let Some(earlier) = of_user(db, user).await? {
        if earlier.number_hash != number {
            phone_number::Entity::delete_by_id(earlier.number_hash)
                .filter(phone_number::Column::UserId.eq(user))
                .exec(db)
                .await?;
        }
        user_phone::Entity::delete_by_id(user).exec(db).await?;
    }
    user_phone::Entity::insert(user_phone::ActiveModel {
        user_id: Set(user),
        number_hash: Set(number.to_vec()),
        verified_at: Set(now),
    })
    .exec_without_returning(db)
    .await?;
    Ok(())
}

/// Removes up to `limit` codes that expired before `now`. Says how many there were.
pub async fn purge_codes(
    db: &impl ConnectionTrait,
    now: DateTime<Utc>,
    limit: i64,
) -> Result<u64, DbErr> {
    let mut sql = Sql::of(db);
    let these = is_ended(
        &mut sql,
        "phone_codes",
        "number_hash",
        "expires_at",
        now,
        limit,
    );
    // Once more, of the row as it is then: another may have been sent since it was looked up.
    let now = sql.bind(now);
    let text = format!("DELETE FROM phone_codes WHERE {these} AND expires_at < {now}");
    sql.run(db, text).await
}

/// The same of requests that count no more.
pub async fn purge_requests(
    db: &impl ConnectionTrait,
    now: DateTime<Utc>,
    limit: i64,
) -> Result<u64, DbErr> {
    let mut sql = Sql::of(db);
    let (now, limit) = (sql.bind(now), sql.bind(limit));
    let text = format!(
        "DELETE FROM phone_code_requests WHERE (number_hash, id) IN (SELECT number_hash, id \
         FROM phone_code_requests WHERE expires_at < {now} ORDER BY expires_at LIMIT {limit})"
    );
    sql.run(db, text).await
}
