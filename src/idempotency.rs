//! Idempotency keys: a mutation that is sent twice is carried out once.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};
use entity::idempotency_key;
use futures_util::{TryFutureExt, future::BoxFuture};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};
use serde::{Serialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{
    app::App,
    database::Tx,
    error::{Error, text::service::ServiceText},
    rejection::{Answer, Rejection},
    sql::Sql,
};

/// Carries out `work` in one transaction, once for a `slot`, if there is one: what is asked again gets the
/// first answer, a refusal too (design.md, section 6).
///
/// What is refused before it comes here (a text too long) is refused alike every time, and not kept.
///
/// # Errors
/// What `work` refuses or fails with, and [`Error::IdempotencyKeyReused`].
pub async fn once<T, F>(app: &Arc<App>, slot: Option<Slot>, work: F) -> Result<T, Rejection>
where
    T: Serialize + DeserializeOwned + Send + Sync + 'static,
    F: for<'t> Fn(&'t Arc<App>, &'t Tx) -> BoxFuture<'t, Result<T, Rejection>>
        + Send
        + Sync
        + 'static,
{
    let work = Arc::new(Kept {
        app: app.clone(),
        work,
        came_to: Mutex::new(None),
    });
    let again: Arc<dyn Repeatable> = work.clone();
    let answer = app.database.write(move |tx| {
        let (slot, work) = (slot.clone(), Arc::clone(&again));
        Box::pin(async move { first_or_again(tx, slot.as_ref(), &*work).await })
    });
    match answer.await? {
        Ok(()) => work.take(),
        Err(refused) => Err(Rejection::Refused(refused)),
    }
}

/// The same for work of any type, which is built once.
async fn first_or_again(
    tx: &Tx,
    slot: Option<&Slot>,
    work: &dyn Repeatable,
) -> Result<Answer<()>, Rejection> {
    let Some(slot) = slot else {
        return work.run(tx).await.map(Ok);
    };
    if let Some(text) = slot.recall_text(tx).await? {
        return Ok(work.recall(&text)?);
    }
    let answer = tx.attempt(async |tx| work.run(tx).await).await?;
    let text = work.written(&answer)?;
    slot.keep_text(tx, text).await?;
    Ok(answer)
}

/// Work that leaves what it comes to in a place of its own.
trait Repeatable: Send + Sync {
    fn run<'t>(&'t self, tx: &'t Tx) -> BoxFuture<'t, Result<(), Rejection>>;
    /// What is kept of `answer`, whose outcome is in its place.
    fn written(&self, answer: &Answer<()>) -> Result<String, Error>;
    /// Puts the outcome that was kept as `text` in its place.
    fn recall(&self, text: &str) -> Result<Answer<()>, Error>;
}

struct Kept<T, F> {
    app: Arc<App>,
    work: F,
    came_to: Mutex<Option<T>>,
}

impl<T, F> Kept<T, F> {
    fn place(&self) -> MutexGuard<'_, Option<T>> {
        self.came_to.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take(&self) -> Result<T, Rejection> {
        let came_to = self.place().take();
        came_to.ok_or_else(|| Error::internal("a mutation came to nothing").into())
    }
}

impl<T, F> Repeatable for Kept<T, F>
where
    T: Serialize + DeserializeOwned + Send,
    F: for<'t> Fn(&'t Arc<App>, &'t Tx) -> BoxFuture<'t, Result<T, Rejection>> + Send + Sync,
{
    fn run<'t>(&'t self, tx: &'t Tx) -> BoxFuture<'t, Result<(), Rejection>> {
        Box::pin((self.work)(&self.app, tx).map_ok(|it| *self.place() = Some(it)))
    }

    fn written(&self, answer: &Answer<()>) -> Result<String, Error> {
        let place = self.place();
        let outcome = answer.as_ref().map(|()| &*place);
        serde_json::to_string(&outcome).map_err(Error::internal)
    }

    fn recall(&self, text: &str) -> Result<Answer<()>, Error> {
        let answer: Answer<T> = serde_json::from_str(text).map_err(Error::internal)?;
        Ok(answer.map(|it| *self.place() = Some(it)))
    }
}

/// Where the answer to one idempotency key is kept.
#[derive(Clone, Debug)]
pub struct Slot {
    user: Uuid,
    key: String,
    operation: &'static str,
    fingerprint: Vec<u8>,
    /// Those that the same input may have been kept by.
    others: Vec<Vec<u8>>,
    at: DateTime<Utc>,
}

impl Slot {
    /// The slot of `key`, if one was given, for `operation` with `input`: the same key with another is an
    /// error. `input` stands for what was asked, without its secrets; of it only a hash is kept.
    ///
    /// # Errors
    /// [`Error::InvalidArgument`] where the key cannot be one.
    pub fn of(
        app: &App,
        user: Uuid,
        key: Option<String>,
        operation: &'static str,
        input: &impl Serialize,
    ) -> Result<Option<Self>, Error> {
        key.map(|key| Self::new(app, user, key, operation, input))
            .transpose()
    }

    /// The slot of `key`, for `operation` with `input`.
    ///
    /// # Errors
    /// [`Error::InvalidArgument`] where the key cannot be one.
    pub fn new(
        app: &App,
        user: Uuid,
        key: String,
        operation: &'static str,
        input: &impl Serialize,
    ) -> Result<Self, Error> {
        let (minimum, limit) = (1, 100);
        let length = key.chars().count();
        if !(minimum..=limit).contains(&length) || key.chars().any(char::is_control) {
            let text = ServiceText::NoIdempotencyKey { minimum, limit };
            return Err(Error::InvalidArgument(text));
        }
        Ok(Self {
            user,
            key,
            operation,
            fingerprint: fingerprint(input)?,
            others: Vec::new(),
            at: app.clock.now(),
        })
    }

    /// The same, where what is kept may stand for `input` as well: for the same input under an older key of
    /// the service's own.
    ///
    /// # Errors
    /// [`Error::Internal`], in theory.
    pub fn or(mut self, input: &impl Serialize) -> Result<Self, Error> {
        self.others.push(fingerprint(input)?);
        Ok(self)
    }

    /// The answer that the key was given before.
    ///
    /// # Errors
    /// [`Error::IdempotencyKeyReused`] where it was given to something else.
    pub async fn recall<T: DeserializeOwned>(&self, tx: &Tx) -> Result<Option<Answer<T>>, Error> {
        let kept = self.recall_text(tx).await?;
        kept.map(|text| serde_json::from_str(&text).map_err(Error::internal))
            .transpose()
    }

    async fn recall_text(&self, tx: &Tx) -> Result<Option<String>, Error> {
        let kept = idempotency_key::Entity::find()
            .filter(idempotency_key::Column::UserId.eq(self.user))
            .filter(idempotency_key::Column::Key.eq(self.key.as_str()))
            .one(&tx.sql)
            .await?;
        let Some(kept) = kept else { return Ok(None) };
        let is_same =
            kept.fingerprint == self.fingerprint || self.others.contains(&kept.fingerprint);
        if kept.operation != self.operation || !is_same {
            return Err(Error::IdempotencyKeyReused);
        }
        Ok(Some(kept.answer))
    }

    /// Keeps the key's first answer.
    ///
    /// # Errors
    /// The database's.
    pub async fn keep<T: Serialize>(&self, tx: &Tx, answer: &Answer<T>) -> Result<(), Error> {
        let text = serde_json::to_string(answer).map_err(Error::internal)?;
        self.keep_text(tx, text).await
    }

    async fn keep_text(&self, tx: &Tx, answer: String) -> Result<(), Error> {
        let row = idempotency_key::ActiveModel {
            user_id: Set(self.user),
            key: Set(self.key.clone()),
            operation: Set(self.operation.to_owned()),
            fingerprint: Set(self.fingerprint.clone()),
            answer: Set(answer),
            created_at: Set(self.at),
        };
        idempotency_key::Entity::insert(row)
            .exec_without_returning(&tx.sql)
            .await?;
        Ok(())
    }

    /// Keeps another answer in place of the key's first.
    ///
    /// # Errors
    /// The database's.
    pub async fn amend<T: Serialize>(&self, tx: &Tx, answer: &Answer<T>) -> Result<(), Error> {
        let answer = serde_json::to_string(answer).map_err(Error::internal)?;
        idempotency_key::Entity::update_many()
            .col_expr(idempotency_key::Column::Answer, Expr::value(answer))
            .filter(idempotency_key::Column::UserId.eq(self.user))
            .filter(idempotency_key::Column::Key.eq(self.key.as_str()))
            .exec(&tx.sql)
            .await?;
        Ok(())
    }
}

fn fingerprint(input: &impl Serialize) -> Result<Vec<u8>, Error> {
    let input = serde_json::to_vec(input).map_err(Error::internal)?;
    Ok(Sha256::digest(input).to_vec())
}

/// Removes up to `limit` keys that were used before `before`. Says how many there were.
///
/// # Errors
/// The database's.
pub async fn purge(tx: &Tx, before: DateTime<Utc>, limit: i64) -> Result<u64, Rejection> {
    let mut sql = Sql::of(&tx.sql);
    let (before, limit) = (sql.bind(before), sql.bind(limit));
    let text = format!(
        "DELETE FROM idempotency_keys WHERE (user_id, key) IN (SELECT user_id, key \
         FROM idempotency_keys WHERE created_at < {before} ORDER BY created_at LIMIT {limit})"
    );
    Ok(sql.run(&tx.sql, text).await?)
}
