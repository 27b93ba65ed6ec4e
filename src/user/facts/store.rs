//! The SQL of what users say about themselves.

use entity::user_fact;
use foldhash::HashMap;
use sea_orm::{ActiveModelTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel};
use uuid::Uuid;

use crate::{database::Source, paging::by_keys, sql::row};

row! {
    user_fact::Model { user_id, real_name, real_name_for, birthday_for, birth_year_for, sex, sex_for, home_region_for, hometown, hometown_for, occupation, occupation_for }
}

/// What each of `users` said, of those who said anything.
pub async fn of(
    db: &impl Source,
    users: &[Uuid],
) -> Result<HashMap<Uuid, user_fact::Model>, DbErr> {
    let keys: Vec<_> = users.iter().map(|id| [*id]).collect();
    let key_of = |row: &user_fact::Model| [row.user_id];
    let found = by_keys(db, "user_facts", ["user_id"], &keys, key_of).await?;
    Ok(found.into_iter().map(|([id], row)| (id, row)).collect())
}

/// What `user` said.
pub async fn one(db: &impl ConnectionTrait, user: Uuid) -> Result<user_fact::Model, DbErr> {
    let row = user_fact::Entity::find_by_id(user).one(db).await?;
    Ok(row.unwrap_or_else(|| user_fact::Model::unsaid(user)))
}

/// Writes `row` in the place of what its user said before. Who calls this holds the user.
pub async fn set(db: &impl ConnectionTrait, row: user_fact::Model) -> Result<(), DbErr> {
    user_fact::Entity::delete_by_id(row.user_id)
        .exec(db)
        .await?;
    user_fact::Entity::insert(row.into_active_model().reset_all())
        .exec_without_returning(db)
        .await?;
    Ok(())
}
