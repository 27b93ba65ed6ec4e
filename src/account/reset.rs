//! A new password from the operator, for who has lost the old one.

use uuid::Uuid;

use super::{password, service::set_password, session::end_all};
use crate::{
    app::App,
    rejection::Rejection,
    user::{service::no_such_user, store},
};

/// Gives `user` the password `choice`, and ends all of the user's sessions. Says how many.
///
/// # Errors
/// The rule that the password breaks.
pub async fn reset_password(app: &App, user: Uuid, choice: String) -> Result<u64, Rejection> {
    let who = store::by_id(app.database.reader(), user)
        .await?
        .ok_or_else(no_such_user)?;
    password::check_choice(&choice, &[&who.username, &who.nickname])?;
    let hash = app.passwords.hash(choice, app.ids.secret()).await?;
    let now = app.clock.now();
    app.database
        .write(move |tx| {
            let hash = hash.clone();
            Box::pin(async move {
                set_password(tx, user, hash, now).await?;
                end_all(tx, user).await
            })
        })
        .await
}
