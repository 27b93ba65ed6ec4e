//! Idempotency keys: a mutation that is sent twice is carried out once.

use chrono::{DateTime, Utc};
use entity::idempotency_key;
use futures_util::future::BoxFuture;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, Statement,
    sea_query::OnConflict,
};
use serde::{Serialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{
    app::App,
    database::Tx,
    error::Error,
    rejection::{Answer, Rejection, UserError},
};

/// Carries out `work` in one transaction, once a `key`: the same key and `input` again give the
/// first answer, another input is an error (design.md, section 6).
///
/// `input` stands for what was asked, without its secrets; of it only a hash is kept.
///
/// # Errors
/// What `work` refuses or fails with, and [`Error::IdempotencyKeyReused`].
pub async fn once<T, I, F>(
    app: &App,
    user: Uuid,
    key: Option<String>,
    operation: &'static str,
    input: &I,
    work: F,
) -> Result<T, Rejection>
where
    T: Serialize + DeserializeOwned + Send + 'static,
    I: Serialize,
    F: for<'t> Fn(&'t Tx) -> BoxFuture<'t, Result<T, Rejection>> + Send + Sync + 'static,
{
    let Some(key) = key else {
        return app.database.write(work).await;
    };
    let length = key.chars().count();
    if !(1..=100).contains(&length) || key.chars().any(char::is_control) {
        return Err(Error::InvalidArgument(
            "An idempotencyKey has 1 to 100 characters, none of them control characters.".into(),
        )
        .into());
    }
    let slot = Slot {
        user,
        key,
        operation,
        fingerprint: fingerprint(input)?,
        at: app.clock.now(),
    };
    let first = slot.clone();
    let done = app
        .database
        .write(move |tx| {
            let slot = first.clone();
            let work = work(tx);
            Box::pin(async move {
                match slot.recall(tx).await? {
                    Some(answer) => answer.map_err(Rejection::Refused),
                    None => {
                        let outcome = work.await?;
                        let kept = json::<T>(Ok(&outcome))?;
                        slot.keep(tx, kept).await?;
                        Ok(outcome)
                    }
                }
            })
        })
        .await;
    if let Err(Rejection::Refused(reasons)) = &done {
        // The refused work was rolled back, and its key with it.
        let kept = json::<T>(Err(reasons))?;
        app.database
            .write(move |tx| {
                let (slot, kept) = (slot.clone(), kept.clone());
                Box::pin(async move { Ok(slot.keep(tx, kept).await?) })
            })
            .await?;
    }
    done
}

fn fingerprint(input: &impl Serialize) -> Result<Vec<u8>, Error> {
    let json = serde_json::to_vec(input).map_err(Error::internal)?;
    Ok(Sha256::digest(json).to_vec())
}

/// Where the answer to one idempotency key is kept.
#[derive(Clone)]
struct Slot {
    user: Uuid,
    key: String,
    operation: &'static str,
    fingerprint: Vec<u8>,
    at: DateTime<Utc>,
}

impl Slot {
    async fn recall<T: DeserializeOwned>(&self, tx: &Tx) -> Result<Option<Answer<T>>, Error> {
        let kept = idempotency_key::Entity::find()
            .filter(idempotency_key::Column::UserId.eq(self.user))
            .filter(idempotency_key::Column::Key.eq(self.key.as_str()))
            .one(&tx.sql)
            .await?;
        let Some(kept) = kept else { return Ok(None) };
        if kept.operation != self.operation || kept.fingerprint != self.fingerprint {
            return Err(Error::IdempotencyKeyReused);
        }
        serde_json::from_str(&kept.answer)
            .map(Some)
            .map_err(Error::internal)
    }

    async fn keep(&self, tx: &Tx, answer: String) -> Result<(), DbErr> {
        let row = idempotency_key::ActiveModel {
            user_id: Set(self.user),
            key: Set(self.key.clone()),
            operation: Set(self.operation.to_owned()),
            fingerprint: Set(self.fingerprint.clone()),
            answer: Set(answer),
            created_at: Set(self.at),
        };
        idempotency_key::Entity::insert(row)
            .on_conflict(OnConflict::new().do_nothing().to_owned())
            .exec_without_returning(&tx.sql)
            .await?;
        Ok(())
    }
}

fn json<T: Serialize>(answer: Result<&T, &Vec<UserError>>) -> Result<String, Error> {
    serde_json::to_string(&answer).map_err(Error::internal)
}

/// Removes up to `limit` keys that were used before `before`. Says how many there were.
///
/// # Errors
/// The database's.
pub async fn purge(tx: &Tx, before: DateTime<Utc>, limit: i64) -> Result<u64, Rejection> {
    let statement = Statement::from_sql_and_values(
        tx.sql.get_database_backend(),
        "DELETE FROM idempotency_keys WHERE (user_id, key) IN (SELECT user_id, key \
         FROM idempotency_keys WHERE created_at < ?1 ORDER BY created_at LIMIT ?2)",
        [before.into(), limit.into()],
    );
    Ok(tx.sql.execute_raw(statement).await?.rows_affected())
}
