//! Questions about users that many requests ask at the same time, for one statement to answer.

use std::sync::Arc;

use entity::user;
use foldhash::{HashMap, HashMapExt};
use sea_orm::{ConnectionTrait, DbErr, QueryResult};
use uuid::Uuid;

use crate::{
    database::{Answer, Question, Source, ask},
    paging::{by_keys_as, columns},
    sql::Sql,
};

/// What lists show of the users with some ids.
#[derive(Clone)]
struct Faces;

impl Question for Faces {
    type Key = [Uuid; 1];
    type Found = Arc<user::Face>;
    type Same = ();

    fn same(&self) {}

    async fn ask(
        &self,
        db: &impl ConnectionTrait,
        ids: &[Self::Key],
    ) -> Result<Answer<Self>, DbErr> {
        let read = columns::<user::Face>("t");
        let id_of = |face: &user::Face| [face.id];
        let faces = by_keys_as(db, &read, "users", ["id"], ids, id_of).await?;
        let faces = faces.into_iter();
        Ok(faces.map(|(id, face)| (id, Arc::new(face))).collect())
    }
}

/// What lists show of the users with `ids`.
pub async fn faces(
    db: &impl Source,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, Arc<user::Face>>, DbErr> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let keys: Vec<_> = ids.iter().map(|id| [*id]).collect();
    let found = ask(db, Faces, &keys).await?;
    Ok(found.into_iter().map(|([id], face)| (id, face)).collect())
}

/// Whose a user name is.
#[derive(Clone)]
struct IdByUsername;

impl Question for IdByUsername {
    type Key = String;
    type Found = Uuid;
    type Same = ();

    fn same(&self) {}

    async fn ask(
        &self,
        db: &impl ConnectionTrait,
        names: &[String],
    ) -> Result<Answer<Self>, DbErr> {
        let mut sql = Sql::of(db);
        let among = sql.texts_among("username", names);
        let text = format!("SELECT username, user_id FROM usernames WHERE {among}");
        let found = sql.rows(db, text).await?;
        let by_name = |row: &QueryResult| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?));
        found.iter().map(by_name).collect()
    }
}

/// Whose `username` is. (A name that somebody had who is gone is nobody's, for good.)
pub async fn id_by_username(db: &impl Source, username: &str) -> Result<Option<Uuid>, DbErr> {
    let mut found = ask(db, IdByUsername, &[username.to_owned()]).await?;
    Ok(found.remove(username).filter(|id| !id.is_nil()))
}

/// Who has a user name: one statement, of which the directory's part is asked first.
#[derive(Clone)]
struct ByUsername;

impl Question for ByUsername {
    type Key = String;
    type Found = user::Model;
    type Same = ();

    fn same(&self) {}

    async fn ask(
        &self,
        db: &impl ConnectionTrait,
        names: &[String],
    ) -> Result<Answer<Self>, DbErr> {
        let mut sql = Sql::of(db);
        let among = sql.texts_among("username", names);
        let read = columns::<user::Model>("t");
        let ids = format!("SELECT user_id FROM usernames WHERE {among}");
        let of_ids = match sql.is_postgres() {
            true => format!("t.id = ANY(ARRAY({ids}))"),
            false => format!("t.id IN ({ids})"),
        };
        let text = format!("SELECT {read} FROM users AS t WHERE {of_ids}");
        let users: Vec<user::Model> = sql.models(db, text).await?;
        let by_name = |user: user::Model| (user.username.clone(), user);
        Ok(users.into_iter().map(by_name).collect())
    }
}

/// Who has `username`.
pub async fn by_username(db: &impl Source, username: &str) -> Result<Option<user::Model>, DbErr> {
    let mut found = ask(db, ByUsername, &[username.to_owned()]).await?;
    Ok(found.remove(username))
}
