//! What somebody does who has the database itself.

use ashiato::user::roles::{give_role, make_tarento};
use entity::values::Role;

use super::{Person, World};
use crate::support::backend::is_postgres;

impl World {
    /// As `ashiato admin role` does.
    pub async fn make_administrator(&self, person: &Person<'_>) {
        use entity::user;
        use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};
        let id = person.viewer.id().unwrap();
        self.app
            .database
            .write(move |tx| {
                Box::pin(async move {
                    user::Entity::update_many()
                        .col_expr(user::Column::Role, Expr::value(Role::Administrator))
                        .filter(user::Column::Id.eq(id))
                        .exec(&tx.sql)
                        .await?;
                    Ok(())
                })
            })
            .await
            .unwrap();
    }

    /// As `ashiato admin role` does, of which the service hears.
    pub async fn give_role(&self, person: &Person<'_>, role: Role) {
        let id = person.viewer.id().unwrap();
        let app = self.app.clone();
        let given = self.app.database.write(move |tx| {
            let app = app.clone();
            Box::pin(async move { give_role(&app, tx, None, id, role).await })
        });
        given.await.unwrap();
        self.app.settle_absences().await;
    }

    /// Somebody new who looks after what is reported.
    pub async fn moderator(&self, username: &str) -> Person<'_> {
        self.moderator_born(username, "1986-04-01").await
    }

    /// One who was born on this day.
    pub async fn moderator_born(&self, username: &str, birth_date: &str) -> Person<'_> {
        let person = self.person_born(username, birth_date).await;
        self.give_role(&person, Role::Moderator).await;
        person
    }

    /// As `ashiato admin tarento` does.
    pub async fn make_tarento(&self, person: &Person<'_>) {
        self.set_tarento(person, true).await;
    }

    /// As `ashiato admin tarento --off` does.
    pub async fn end_tarento(&self, person: &Person<'_>) {
        self.set_tarento(person, false).await;
    }

    async fn set_tarento(&self, person: &Person<'_>, is: bool) {
        let id = person.viewer.id().unwrap();
        let app = self.app.clone();
        let done = self.app.database.write(move |tx| {
            let app = app.clone();
            Box::pin(async move { make_tarento(&app, tx, None, id, is).await })
        });
        done.await.unwrap();
        self.app.settle_absences().await;
    }

    /// Another program holds the database until the transaction ends.
    pub async fn lock(&self) -> sea_orm::DatabaseTransaction {
        use sea_orm::{
            ConnectionTrait, SqliteTransactionMode, TransactionOptions, TransactionTrait,
        };
        let other = sea_orm::Database::connect(&self.url).await.unwrap();
        if is_postgres() {
            let lock = other.begin().await.unwrap();
            lock.execute_unprepared(
                "LOCK TABLE users, user_counters, sessions, session_tokens IN EXCLUSIVE MODE",
            )
            .await
            .unwrap();
            return lock;
        }
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        other.begin_with_options(options).await.unwrap()
    }
}
