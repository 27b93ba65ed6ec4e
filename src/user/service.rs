//! What may happen to a user's profile.

use std::sync::Arc;

use entity::{user, values::HomeRegion};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, IntoActiveModel};
use serde::Serialize;
use uuid::Uuid;

use super::store;
use crate::{
    app::App,
    cache::Object,
    database::Tx,
    idempotency::{Slot, once},
    rejection::{
        Rejection, UserError,
        reason::{account::AccountReason, thing::Thing},
    },
    text,
};

const LONGEST_NICKNAME: usize = 32;
/// The most characters of a bio.
pub const LONGEST_BIO: usize = 1000;

/// Checks a user name and gives the form that it is kept in (rules.md, Users 1).
///
/// # Errors
/// `USERNAME_INVALID`.
pub fn check_username(username: &str) -> Result<String, UserError> {
    const MINIMUM: usize = 3;
    const LIMIT: usize = 20;
    let username = store::kept_form(username);
    let fits = (MINIMUM..=LIMIT).contains(&username.len())
        && username.starts_with(|c: char| c.is_ascii_lowercase())
        && username
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    if !fits {
        let (minimum, limit) = (MINIMUM, LIMIT);
        let reason = AccountReason::UsernameInvalid { minimum, limit };
        return Err(UserError::on("username", reason));
    }
    Ok(username)
}

/// Names that nobody can choose: who had one would pass for the service, or for nobody.
const RESERVED: [&str; 12] = [
    "admin",
    "administrator",
    "anonymous",
    "ashiato",
    "deleted",
    "mixi",
    "moderator",
    "null",
    "root",
    "support",
    "system",
    "undefined",
];

/// Whether a user name, in the form that it is kept in, may be chosen. (Who has it already keeps it.)
///
/// # Errors
/// `USERNAME_RESERVED`.
pub fn check_choice(username: String) -> Result<String, UserError> {
    if RESERVED.contains(&&*username) {
        return Err(UserError::on("username", AccountReason::UsernameReserved));
    }
    Ok(username)
}

/// Checks a nickname (rules.md, Users 1).
///
/// # Errors
/// As [`text::name`].
pub fn check_nickname(nickname: &str) -> Result<String, UserError> {
    text::name("nickname", nickname, LONGEST_NICKNAME)
}

/// Told to who wants a user name that another has.
pub fn username_taken() -> UserError {
    UserError::on("username", AccountReason::UsernameTaken)
}

/// What to change of a profile; what is `None` stays.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ProfileEdit {
    /// The new user name.
    pub username: Option<String>,
    /// The new nickname.
    pub nickname: Option<String>,
    /// The new bio.
    pub bio: Option<String>,
    /// Whether searches find the user from now on. (Left out of what a repeated call is known by, where it is
    /// not given: an older program knew none.)
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_searchable: Option<bool>,
    /// The new home region; `Some(None)` takes it away.
    #[serde(serialize_with = "region_word")]
    pub home_region: Option<Option<HomeRegion>>,
}

fn region_word<S: serde::Serializer>(
    region: &Option<Option<HomeRegion>>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    format!("{region:?}").serialize(serializer)
}

/// Changes the profile of `id`.
///
/// # Errors
/// Refuses texts against the rules and a user name that another has.
pub async fn edit_profile(
    app: &Arc<App>,
    id: Uuid,
    edit: ProfileEdit,
    idempotency_key: Option<String>,
) -> Result<(), Rejection> {
    let mut checked = edit.clone();
    let mut errors = Vec::new();
    let mut keep = |result: Result<String, UserError>, field: &mut Option<String>| match result {
        Ok(text) => *field = Some(text),
        Err(error) => errors.push(error),
    };
    if let Some(username) = &edit.username {
        keep(check_username(username), &mut checked.username);
    }
    if let Some(nickname) = &edit.nickname {
        keep(check_nickname(nickname), &mut checked.nickname);
    }
    if let Some(bio) = &edit.bio {
        keep(
            text::optional_body("bio", bio, LONGEST_BIO),
            &mut checked.bio,
        );
    }
    if !errors.is_empty() {
        return Err(Rejection::Refused(errors));
    }
    let slot = Slot::of(app, id, idempotency_key, "editProfile", &edit)?;
    once(app, slot, move |_, tx| {
        let edit = checked.clone();
        Box::pin(async move { write_profile(tx, id, edit).await })
    })
    .await
}

/// Changes the profile of `id`, whose `edit` is checked.
///
/// # Errors
/// `NOT_FOUND`, `USERNAME_TAKEN`, `USERNAME_RESERVED`.
pub async fn write_profile(tx: &Tx, id: Uuid, edit: ProfileEdit) -> Result<(), Rejection> {
    store::hold(&tx.sql, [id]).await?;
    let user = existing(tx, id).await?;
    let (old_username, old_nickname) = (user.username.clone(), user.nickname.clone());
    let username = edit.username.unwrap_or_else(|| old_username.clone());
    let nickname = edit.nickname.unwrap_or_else(|| old_nickname.clone());
    if username != old_username {
        check_choice(username.clone())?;
        if !store::take_username(&tx.sql, &username, id).await? {
            return Err(username_taken().into());
        }
        store::free_username(&tx.sql, &old_username).await?;
    }
    let is_named_otherwise = username != old_username || nickname != old_nickname;
    let is_searchable = edit.is_searchable.unwrap_or(user.is_searchable);
    if !is_searchable && (is_named_otherwise || edit.is_searchable.is_some()) {
        store::forget_grams(&tx.sql, id).await?;
    } else if is_searchable && (is_named_otherwise || !user.is_searchable) {
        store::index(&tx.sql, id, &username, &nickname).await?;
    }
    let mut row = user.into_active_model();
    row.username = Set(username);
    row.nickname = Set(nickname);
    if let Some(bio) = edit.bio {
        row.bio = Set(bio);
    }
    if let Some(is_searchable) = edit.is_searchable {
        row.is_searchable = Set(is_searchable);
    }
    if let Some(region) = edit.home_region {
        row.home_region = Set(region);
    }
    row.update(&tx.sql).await?;
    tx.changes(Object::User(id));
    Ok(())
}

/// The user with `id`, for a change.
///
/// # Errors
/// `NOT_FOUND` where there is none.
pub async fn existing(tx: &Tx, id: Uuid) -> Result<user::Model, Rejection> {
    store::by_id(&tx.sql, id)
        .await?
        .ok_or_else(|| no_such_user().into())
}

/// Told where an id names no user that the viewer may see.
pub fn no_such_user() -> UserError {
    UserError::absent(Thing::User)
}
