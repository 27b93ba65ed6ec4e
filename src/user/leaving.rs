//! What of somebody's profile they take along, and what of it goes; and what the other rooms' parts of
//! leaving have in common: in each room `leaving` says what of a user's is exported, and what of a
//! user's goes. (`account::leaving` calls them.)

use entity::{user, username};
use sea_orm::{ActiveEnum, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{facts::store as facts, loader::users, node::User, store};
use crate::{
    cache::Object,
    database::Tx,
    error::Error,
    friendship::loader::friend_count,
    ids::{GlobalId, Kind},
    loaders::Loaders,
    paging::Slice,
    rejection::Rejection,
    sql::{self, Sql},
};

/// A page of rows that somebody takes along, each at its place in the list; nothing where the row is not
/// for them (any more).
pub type Taken<P> = Slice<(P, Option<Value>)>;

/// Another user, as far as whoever leaves sees them.
pub fn named(user: Option<&User>) -> Value {
    user.map_or(Value::Null, |user| {
        json!({
            "id": global(Kind::User, [user.person.id()]),
            "username": user.username.as_str(),
            "nickname": user.nickname.as_str(),
        })
    })
}

/// The id of an object as the API has it.
pub fn global<const N: usize>(kind: Kind, key: [Uuid; N]) -> Value {
    GlobalId::encode(kind, &key).0.into()
}

/// `slice` with what `tell` makes of each row, in which the user whom `who` gives is named: those whom
/// whoever leaves does not see are left out with their rows.
///
/// # Errors
/// The database's.
pub async fn with_users<R, P>(
    loaders: &Loaders,
    slice: Slice<R>,
    who: impl Fn(&R) -> Uuid,
    tell: impl Fn(R, Value) -> (P, Value),
) -> Result<Taken<P>, Error> {
    let seen = users(loaders, slice.rows.iter().map(&who), false).await?;
    Ok(slice.filter_map(|row| {
        let user = seen.get(&who(&row));
        let (place, told) = tell(row, named(user));
        Some((place, user.map(|_| told)))
    }))
}

/// The profile of `me`, the settings among it.
///
/// # Errors
/// The database's.
pub async fn profile(loaders: &Loaders, me: Uuid) -> Result<Vec<Value>, Error> {
    let db = loaders.app.database.reader();
    let (row, counters) = (store::by_id(db, me).await?, store::counters(db, me).await?);
    let friends = match &row {
        Some(row) => friend_count(loaders, row).await?,
        None => 0,
    };
    Ok(row
        .map(|row| {
            json!({
                "id": global(Kind::User, [me]),
                "username": row.username,
                "nickname": row.nickname,
                "kind": row.kind.to_value(),
                "role": row.role.to_value(),
                "bio": row.bio,
                "birthDate": row.birth_date,
                "homeRegion": row.home_region.map(|region| region.to_value()),
                "isSearchable": row.is_searchable,
                "joinedAt": row.joined_at,
                "friendCount": friends,
                "visitCount": counters.map(|row| row.visit_count),
            })
        })
        .into_iter()
        .collect())
}

/// What `me` says about themselves, and to whom.
///
/// # Errors
/// The database's.
pub async fn facts_of(loaders: &Loaders, me: Uuid) -> Result<Vec<Value>, Error> {
    let said = facts::one(loaders.app.database.reader(), me).await?;
    let fact = |value: Value, audience: entity::values::Audience| json!({ "value": value, "audience": audience.to_value() });
    Ok(vec![json!({
        "realName": fact(said.real_name.into(), said.real_name_for),
        "sex": fact(said.sex.map(|sex| sex.to_value()).into(), said.sex_for),
        "hometown": fact(said.hometown.into(), said.hometown_for),
        "occupation": fact(said.occupation.into(), said.occupation_for),
        "birthdayAudience": said.birthday_for.to_value(),
        "birthYearAudience": said.birth_year_for.to_value(),
        "homeRegionAudience": said.home_region_for.to_value(),
    })])
}

/// The first column of the rows of `text`, a list of ids.
///
/// # Errors
/// The database's.
pub async fn ids(db: &impl ConnectionTrait, sql: Sql, text: String) -> Result<Vec<Uuid>, DbErr> {
    let rows = sql.rows(db, text).await?;
    rows.iter().map(|row| row.try_get_by_index(0)).collect()
}

/// Holds the rows of `users` until the transaction ends, in the order in which everybody does.
///
/// # Errors
/// The database's.
pub async fn hold(db: &impl ConnectionTrait, users: Vec<Uuid>) -> Result<(), DbErr> {
    hold_rows(db, ("users", "id"), users).await
}

/// The same of what is counted of each for that user alone. Who holds both holds the users first.
///
/// # Errors
/// The database's.
pub async fn hold_counters(db: &impl ConnectionTrait, users: Vec<Uuid>) -> Result<(), DbErr> {
    hold_rows(db, ("user_counters", "user_id"), users).await
}

async fn hold_rows(
    db: &impl ConnectionTrait,
    (table, column): (&'static str, &'static str),
    mut users: Vec<Uuid>,
) -> Result<(), DbErr> {
    let mut sql = Sql::of(db);
    if !sql.is_postgres() {
        return Ok(());
    }
    users.sort_unstable();
    users.dedup();
    // None of several shards is held there by one statement.
    if sql.is_citus() {
        for user in users {
            sql::hold(db, table, [column], [user]).await?;
        }
        return Ok(());
    }
    let among = sql.among(column, &users);
    let text = format!("SELECT 1 FROM {table} WHERE {among} ORDER BY {column} FOR NO KEY UPDATE");
    sql.rows(db, text).await?;
    Ok(())
}

/// Removes `user`, with all that lies beside the row. The name stays taken, by nobody, so that nobody
/// passes for who had it. Whoever calls this has found nothing of the user's with others.
///
/// # Errors
/// The database's.
pub async fn remove(tx: &Tx, user: Uuid) -> Result<(), Rejection> {
    let Some(row) = store::by_id(&tx.sql, user).await? else {
        return Ok(());
    };
    username::Entity::update_many()
        .col_expr(username::Column::UserId, Uuid::nil().into())
        .filter(username::Column::Username.eq(row.username))
        .exec(&tx.sql)
        .await?;
    store::forget_grams(&tx.sql, user).await?;
    user::Entity::delete_by_id(user).exec(&tx.sql).await?;
    tx.changes(Object::User(user));
    tx.changes(Object::Friends(user));
    tx.changes(Object::Diaries(user));
    Ok(())
}
