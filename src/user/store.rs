//! The SQL of users.

pub mod asked;
pub mod tarento;

use chrono::NaiveDate;
use entity::{
    user, user_counter, user_gram, username,
    values::{Role, UserKind},
};
use foldhash::HashMap;
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IdenStatic, QueryFilter,
    sea_query::{Expr, ExprTrait, OnConflict},
};
use uuid::Uuid;

use crate::{
    database::Source,
    paging::by_keys,
    search,
    sql::{self, Column, Sql, row},
};

row! {
    user::Model { id, username, nickname, kind, role, bio, birth_date, home_region, joined_at, friend_count, block_count, public_diaries, members_diaries, friends_of_friends_diaries, friends_diaries, group_diaries, only_me_diaries, cd_reviews, movie_reviews, video_game_reviews, book_reviews, song_reviews, is_searchable, introduction_count, photo_id }
    user::Face { id, username, nickname, kind, joined_at, photo_id }
    user_counter::Model { user_id, visit_count, footprint_count, new_footprint_count, seen_number, incoming_request_count, outgoing_request_count, request_number, comment_number, follow_number, newest_diary_id, next_kiriban, stored_bytes }
}

/// `username` in the form that it is kept in, whether anybody can have it or not.
pub fn kept_form(username: &str) -> String {
    // PostgreSQL knows no text with a NUL; nor has any user one.
    username.trim().to_ascii_lowercase().replace('\0', " ")
}

/// The users with `ids`.
pub async fn by_ids(db: &impl Source, ids: &[Uuid]) -> Result<HashMap<Uuid, user::Model>, DbErr> {
    let keys: Vec<_> = ids.iter().map(|id| [*id]).collect();
    let found = by_keys(db, "users", ["id"], &keys, |user: &user::Model| [user.id]).await?;
    Ok(found.into_iter().map(|([id], user)| (id, user)).collect())
}

/// The user with `id`.
pub async fn by_id(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<user::Model>, DbErr> {
    user::Entity::find_by_id(id).one(db).await
}

/// Holds the rows of `ids` in `users` until the transaction ends.
pub async fn hold<const N: usize>(db: &impl ConnectionTrait, ids: [Uuid; N]) -> Result<(), DbErr> {
    for id in sql::in_order(ids) {
        sql::hold(db, "users", ["id"], [id]).await?;
    }
    Ok(())
}

/// Holds the row of `id` until the transaction ends. Says whether the user has a block, made or
/// received.
pub async fn held_with_blocks(db: &impl ConnectionTrait, id: Uuid) -> Result<bool, DbErr> {
    let mut sql = Sql::of(db);
    let id = sql.bind(id);
    let hold = if sql.is_postgres() {
        " FOR NO KEY UPDATE"
    } else {
        ""
    };
    let text = format!("SELECT block_count FROM users WHERE id = {id}{hold}");
    let rows = sql.rows(db, text).await?;
    let count: Option<i64> = rows
        .first()
        .map(|row| row.try_get_by_index(0))
        .transpose()?;
    Ok(count.is_some_and(|count| count > 0))
}

/// Holds the rows of `ids`, for a load. (An update, because it may cross shards; two loads that
/// meet are told so, and run again.)
pub async fn hold_many(db: &impl ConnectionTrait, ids: &[Uuid]) -> Result<(), DbErr> {
    let mut sql = Sql::of(db);
    if sql.is_postgres() {
        let among = sql.among("id", ids);
        let text = format!("UPDATE users SET friend_count = friend_count WHERE {among}");
        sql.run(db, text).await?;
    }
    Ok(())
}

/// Holds what is counted of `id` for `id` alone until the transaction ends.
pub async fn hold_counters(db: &impl ConnectionTrait, id: Uuid) -> Result<(), DbErr> {
    sql::hold(db, "user_counters", ["user_id"], [id]).await
}

/// Takes `username` for `id`. Says whether it was free.
pub async fn take_username(
    db: &impl ConnectionTrait,
    username: &str,
    id: Uuid,
) -> Result<bool, DbErr> {
    let row = username::ActiveModel {
        username: Set(username.to_owned()),
        user_id: Set(id),
    };
    let taken = username::Entity::insert(row)
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(db)
        .await?;
    Ok(taken == 1)
}

/// Gives `username` back.
pub async fn free_username(db: &impl ConnectionTrait, username: &str) -> Result<(), DbErr> {
    username::Entity::delete_by_id(username).exec(db).await?;
    Ok(())
}

/// Writes a new user with its counters.
pub async fn insert(db: &impl ConnectionTrait, user: user::ActiveModel) -> Result<(), DbErr> {
    let counters = user_counter::ActiveModel {
        user_id: user.id.clone(),
        ..Default::default()
    };
    user::Entity::insert(user)
        .exec_without_returning(db)
        .await?;
    user_counter::Entity::insert(counters)
        .exec_without_returning(db)
        .await?;
    Ok(())
}

/// What is counted of `id` for `id` alone.
pub async fn counters(
    db: &impl ConnectionTrait,
    id: Uuid,
) -> Result<Option<user_counter::Model>, DbErr> {
    user_counter::Entity::find_by_id(id).one(db).await
}

/// What is counted of each of `ids` for it alone.
pub async fn counters_of(
    db: &impl Source,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, user_counter::Model>, DbErr> {
    let keys: Vec<_> = ids.iter().map(|id| [*id]).collect();
    let key_of = |row: &user_counter::Model| [row.user_id];
    let found = by_keys(db, "user_counters", ["user_id"], &keys, key_of).await?;
    Ok(found.into_iter().map(|([id], row)| (id, row)).collect())
}

/// Makes `id` a member or a tarento.
pub async fn set_kind(db: &impl ConnectionTrait, id: Uuid, kind: UserKind) -> Result<(), DbErr> {
    user::Entity::update_many()
        .col_expr(user::Column::Kind, Expr::value(kind))
        .filter(user::Column::Id.eq(id))
        .exec(db)
        .await?;
    Ok(())
}

/// Makes `id` a member or an administrator.
pub async fn set_role(db: &impl ConnectionTrait, id: Uuid, role: Role) -> Result<(), DbErr> {
    user::Entity::update_many()
        .col_expr(user::Column::Role, Expr::value(role))
        .filter(user::Column::Id.eq(id))
        .exec(db)
        .await?;
    Ok(())
}

/// Adds `by` to the counter `column` of the user `id`.
pub async fn count(
    db: &impl ConnectionTrait,
    id: Uuid,
    column: user::Column,
    by: i64,
) -> Result<(), DbErr> {
    user::Entity::update_many()
        .col_expr(column, Expr::col(column).add(by))
        .filter(user::Column::Id.eq(id))
        .exec(db)
        .await?;
    Ok(())
}

/// Makes the user be found by `username` and `nickname`, and by no earlier ones.
pub async fn index(
    db: &impl ConnectionTrait,
    id: Uuid,
    username: &str,
    nickname: &str,
) -> Result<(), DbErr> {
    forget_grams(db, id).await?;
    let grams = grams(username, nickname).into_iter().collect();
    let mut sql = Sql::of(db);
    let (id, username) = (sql.bind(id), sql.bind(username));
    let p = sql.table("p", vec![("gram", Column::Texts(grams))]);
    let text = format!(
        "INSERT INTO user_grams (user_id, gram, username) SELECT {id}, p.gram, {username} FROM {p}"
    );
    sql.run(db, text).await?;
    Ok(())
}

/// Has nobody find the user any more.
pub async fn forget_grams(db: &impl ConnectionTrait, id: Uuid) -> Result<(), DbErr> {
    user_gram::Entity::delete_many()
        .filter(user_gram::Column::UserId.eq(id))
        .exec(db)
        .await?;
    Ok(())
}

/// What a user is found by.
pub fn grams(username: &str, nickname: &str) -> std::collections::BTreeSet<String> {
    let mut grams = search::grams_of(username);
    grams.append(&mut search::grams_of(&search::fold(nickname)));
    grams
}

/// Up to `limit` ids of the users that bear every one of `grams` and were born on `born_by` or before,
/// but for those of `without`, by user name, after `after`. (Everybody's day of birth is looked up, so
/// that who comes of age is found from that day on, and nobody need write it. So is whether they wish to be
/// found: a program from before that choice writes grams for everybody, while this one is rolled out.)
pub async fn search(
    db: &impl ConnectionTrait,
    grams: &[String],
    born_by: NaiveDate,
    without: &[Uuid],
    after: &(String, Uuid),
    limit: i64,
) -> Result<Vec<(String, Uuid)>, DbErr> {
    let index = search::Index {
        table: "user_grams",
        order: "username",
        id: "user_id",
    };
    let only = search::Only {
        without,
        beside: Some(search::Beside {
            table: "users",
            holds: "is_searchable",
            column: "birth_date",
            at_most: born_by.into(),
        }),
        ..Default::default()
    };
    index.find(db, grams, only, after, limit).await
}

/// Adds `by` to what is counted of `id` for `id` alone.
pub async fn tally(
    db: &impl ConnectionTrait,
    id: Uuid,
    column: user_counter::Column,
    by: i64,
) -> Result<(), DbErr> {
    user_counter::Entity::update_many()
        .col_expr(column, Expr::col(column).add(by))
        .filter(user_counter::Column::UserId.eq(id))
        .exec(db)
        .await?;
    Ok(())
}

/// Takes the next number of the sequence `column` of `id`. Who does so holds the row until the
/// transaction ends: the order of the numbers is the order of the commits.
pub async fn next_number(
    db: &impl ConnectionTrait,
    id: Uuid,
    column: user_counter::Column,
) -> Result<i64, DbErr> {
    let name = column.as_str();
    let mut sql = Sql::of(db);
    let id = sql.bind(id);
    let text = format!(
        "UPDATE user_counters SET {name} = {name} + 1 WHERE user_id = {id} RETURNING {name}"
    );
    sql.rows(db, text)
        .await?
        .first()
        .ok_or_else(|| DbErr::RecordNotFound("user_counters".to_owned()))?
        .try_get_by_index(0)
}
