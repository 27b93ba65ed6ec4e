//! What somebody does who has the database itself.

use ashiato::user::roles::make_tarento;

use super::{Person, World};
use crate::support::backend::is_postgres;

impl World {
    /// As `ashiato admin role` does.
    pub async fn make_administrator(&self, person: &Person<'_>) {
        use entity::{user, values::Role};
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

    /// As `ashiato admin tarento` does.
    pub async fn make_tarento(&self, person: &Person<'_>) {
        let id = person.viewer.id().unwrap();
        let app = self.app.clone();
        let done = self.app.database.write(move |tx| {
            let app = app.clone();
            Box::pin(async move { make_tarento(&app, tx, None, id, true).await })
        });
        done.await.unwrap();
    }

    /// Another program holds the database until the transaction ends.
    pub async fn lock(&self) -> sea_orm::DatabaseTransaction {
        use sea_orm::{
            ConnectionTrait, SqliteTransactionMode, TransactionOptions, TransactionTrait,
        };
        let other = sea_orm::Database::connect(&self.url).await.unwrap();
        if is_postgres() {
            let lock = other.begin().await.unwrap();
            lock.execute_unprepared("LOCK TABLE users, user_counters IN EXCLUSIVE MODE")
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
