//! What every mutation has in common: its rejections, and its idempotency key.

use async_graphql::{Enum, SimpleObject};
use entity::idempotency_key;
use futures_util::future::BoxFuture;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, DbErr, EntityTrait, QueryFilter, sea_query::OnConflict,
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{app::App, database::Tx, error::Error};

/// Why a mutation did not do what was asked, for programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, Serialize, Deserialize)]
pub enum UserErrorCode {
    /// A text is empty, or holds nothing but spaces, where something must stand.
    TextRequired,
    /// A text is longer than its limit. The message says the limit in characters.
    TextTooLong,
    /// A text holds control characters, or others that no text may hold.
    TextNotAllowed,
    /// The user name is not 3-20 of `a-z0-9_`, starting with a letter.
    UsernameInvalid,
    /// Another user has this user name.
    UsernameTaken,
    /// The password has fewer than 8 characters.
    PasswordTooShort,
    /// The password has more than 1,024 bytes.
    PasswordTooLong,
    /// The password is among those that are guessed first.
    PasswordTooCommon,
    /// The date of birth lies in the future or more than 130 years ago.
    BirthDateInvalid,
    /// Joining takes an age of 15 or more.
    TooYoung,
    /// User name or password are wrong. Which of the two is not said.
    SignInFailed,
    /// What the id names does not exist, or not for you.
    NotFound,
    /// One cannot be one's own friend.
    CannotBefriendYourself,
    /// You are friends already.
    AlreadyFriends,
    /// You are not friends.
    NotFriends,
    /// You have as many friends as a user can have.
    FriendLimitReached,
    /// The other user cannot accept just now.
    OtherCannotAccept,
    /// There is no such request.
    NoSuchRequest,
    /// Only the author may do this.
    NotYours,
    /// The rating is not 1, 2, 3, 4 or 5.
    RatingInvalid,
    /// The catalogue has this item already; the payload bears it.
    ItemExists,
    /// The year is out of range.
    YearInvalid,
}

/// Why a mutation did not do what was asked, and which part of the input to mend.
#[derive(Clone, Debug, PartialEq, Eq, SimpleObject, Serialize, Deserialize)]
pub struct UserError {
    /// The reason, for programs.
    pub code: UserErrorCode,
    /// The reason, for people, in English.
    pub message: String,
    /// The path of the input field that is to be mended, from the input's top; null if no single
    /// field is at fault.
    pub field: Option<Vec<String>>,
}

impl UserError {
    /// A reason that no single field of the input is at fault for.
    pub fn new(code: UserErrorCode, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            field: None,
        }
    }

    /// A reason with the field of the input to mend.
    pub fn on(field: &str, code: UserErrorCode, message: impl Into<String>) -> Self {
        Self {
            field: Some(vec![field.to_owned()]),
            ..Self::new(code, message)
        }
    }
}

/// Why a mutation was not carried out.
#[derive(Clone, Debug)]
pub enum Rejection {
    /// Rules of the domain stood against it: `userErrors`.
    Refused(Vec<UserError>),
    /// Something else went wrong: top-level `errors`.
    Failed(Error),
}

impl From<UserError> for Rejection {
    fn from(error: UserError) -> Self {
        Self::Refused(vec![error])
    }
}

impl<E: Into<Error>> From<E> for Rejection {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

/// What a mutation came to: its outcome, or the reasons why there is none.
pub type Answer<T> = Result<T, Vec<UserError>>;

/// Turns refusals into the payload's `userErrors`, and lets other failures be errors.
///
/// # Errors
/// Whatever is not the domain's own refusal.
pub fn answer<T>(done: Result<T, Rejection>) -> Result<Answer<T>, Error> {
    match done {
        Ok(outcome) => Ok(Ok(outcome)),
        Err(Rejection::Refused(errors)) => Ok(Err(errors)),
        Err(Rejection::Failed(error)) => Err(error),
    }
}

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
    at: chrono::DateTime<chrono::Utc>,
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
