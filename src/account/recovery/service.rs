//! What recovery codes do, and how new ones are given.

use std::{
    fmt::{Debug, Formatter},
    sync::Arc,
};

use uuid::Uuid;

use super::{
    codes::{self, Codes},
    store::{self, Left},
};
use crate::{
    account::{
        arrival::Arrival,
        credential,
        entry::{Entry, SignedIn},
        password,
        proof::{Proof, Proved},
        reset::change,
        session::TOKENS,
        suspension::service as suspension,
        two_factor::proof::{SecondFactor, call},
    },
    app::App,
    code::Code,
    database::Tx,
    idempotency::Slot,
    rejection::{Rejection, UserError, UserErrorCode},
    user::{loader::id_by_username, store as users},
    viewer::Member,
};

const RECOVER: &str = "recoverAccount";
/// The name of what such a call comes with besides: the one code is no proof of both.
const RECOVER_SECOND: &str = "recoverAccount: second factor";

/// Who has lost the password, as they said it.
#[derive(Clone)]
pub struct Recovery {
    /// The user name.
    pub username: String,
    /// The recovery code.
    pub recovery_code: String,
    /// The wished password.
    pub new_password: String,
    /// The second factor, if one was given: another than that recovery code.
    pub second_factor: Option<String>,
    /// For a repetition.
    pub idempotency_key: Option<String>,
}

impl Debug for Recovery {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Recovery")
            .field("username", &self.username)
            .finish_non_exhaustive()
    }
}

/// Sets the password anew, uses the code up, ends all sessions and signs in. The code is in the place
/// of the password alone: whoever has a second factor gives it, too.
///
/// An absent user, a wrong code and a used one answer alike, after the same work.
///
/// # Errors
/// `RECOVERY_FAILED`, `ACCOUNT_SUSPENDED`, the rule that the password breaks, and what [`SecondFactor::check`] refuses.
pub async fn recover(
    app: &Arc<App>,
    wish: Recovery,
    arrival: &Arrival,
) -> Result<SignedIn, Rejection> {
    // What can be said whoever it is is said first.
    password::check_new(&wish.new_password, &[&wish.username])?;
    arrival.device()?;
    let user = id_by_username(app, &wish.username).await?;
    let who = user.unwrap_or_default();
    let code = Code::read(&wish.recovery_code);
    let hash = code.map(|code| codes::hash(&code, who)).unwrap_or_default();
    let key = wish.idempotency_key.as_deref();
    let slot = key.map(|key| Slot::new(app, who, key.to_owned(), RECOVER, &who));
    let way = Way {
        user: who,
        hash: hash.clone(),
        call: call(RECOVER, key),
        second: SecondFactor::new(wish.second_factor.clone(), RECOVER_SECOND, key),
    };
    let entry = Entry::new(app, who, slot.transpose()?, arrival)?;
    let found = store::find(app.database.reader(), who, hash).await?;
    let is_unused = found.as_ref().is_some_and(|code| code.used_at.is_none());
    let done = if is_unused {
        let regaining = regain(app, way.clone(), entry.clone(), wish.new_password.clone());
        arrival
            .with_code(who, way.second.is_code(), regaining)
            .await
    } else {
        Err(failed())
    };
    match done {
        // It may be the call that used the code up, for the second time: as after a sign-up, it goes
        // on where its password is the one that was set. Looked for also for who is absent.
        Err(Rejection::Refused(why)) if key.is_some() && is_failed(&why) => {
            let checked = credential::check(app, user, wish.new_password).await?;
            let checked = checked.filter(|_| found.is_some());
            let Some(checked) = checked else {
                return Err(Rejection::Refused(why));
            };
            let held = entry.clone();
            let resumed = app.database.write(move |tx| {
                let (entry, checked, second) = (held.clone(), checked.clone(), way.second.clone());
                Box::pin(async move { entry.resume_checked(tx, &checked, &second).await })
            });
            let resumed = resumed.await?;
            resumed.map_or(Err(Rejection::Refused(why)), |begun| {
                Ok(entry.signed_in(begun))
            })
        }
        done => done,
    }
}

/// The way on which somebody comes back in.
#[derive(Clone)]
struct Way {
    user: Uuid,
    hash: Vec<u8>,
    call: Option<Vec<u8>>,
    second: SecondFactor,
}

async fn regain(
    app: &Arc<App>,
    way: Way,
    entry: Arc<Entry>,
    choice: String,
) -> Result<SignedIn, Rejection> {
    let row = users::by_id(app.database.reader(), way.user).await?;
    let row = row.ok_or_else(failed)?;
    password::check_new(&choice, &[&row.username, &row.nickname])?;
    let password_hash = app.passwords.hash(choice, app.ids.secret()).await?;
    let (shared, held) = (app.clone(), entry.clone());
    let begun = app
        .database
        .write(move |tx| {
            let (app, entry) = (shared.clone(), held.clone());
            let (way, password_hash) = (way.clone(), password_hash.clone());
            Box::pin(async move {
                let now = app.clock.now();
                users::hold(&tx.sql, [way.user]).await?;
                // Another may have used it meanwhile.
                let code = store::find(&tx.sql, way.user, way.hash).await?;
                let code = code.filter(|code| code.used_at.is_none());
                let code = code.ok_or_else(failed)?;
                store::use_up(&tx.sql, &code, now, way.call).await?;
                way.second.check(&app, tx, way.user).await?;
                suspension::check(&app, tx, way.user).await?;
                change(tx, way.user, password_hash, now).await?;
                entry.begin(tx, way.user).await
            })
        })
        .await?;
    Ok(entry.signed_in(begun))
}

/// The answer to an absent user, a wrong code and a used one.
fn failed() -> Rejection {
    let said = "User name or recovery code are wrong, or the code was used already.";
    UserError::new(UserErrorCode::RecoveryFailed, said).into()
}

fn is_failed(reasons: &[UserError]) -> bool {
    let failed = |reason: &UserError| reason.code == UserErrorCode::RecoveryFailed;
    reasons.iter().any(failed)
}

/// Gives `me` ten new codes in the place of the old. Repeated, it gives ten further ones, and the
/// first go on, for they may be on their way: until one of them is used, which is the sign that they
/// have arrived. None then.
///
/// # Errors
/// As [`Proof::then`].
pub async fn give_anew(
    app: &Arc<App>,
    me: Member,
    proof: Proof,
    arrival: &Arrival,
) -> Result<Option<Vec<String>>, Rejection> {
    let codes = Codes::draw(&app.ids);
    let (batch, hashes) = (app.ids.at(app.clock.now()), codes.hashes(me.id));
    let by = proof.call();
    let given = proof.then(app, me, arrival, move |tx, proved: Proved<bool>| {
        let (hashes, by) = (hashes.clone(), by.clone());
        Box::pin(async move {
            if proved.earlier.is_some() {
                return give_further(tx, me.id, batch, hashes).await;
            }
            store::remove(&tx.sql, me.id, by).await?;
            store::add(&tx.sql, me.id, batch, hashes).await?;
            Ok(true)
        })
    });
    Ok(given.await?.then(|| codes.shown()))
}

/// Gives `user` further codes, unless one of those that they have was used. Says whether it did. The
/// newest batches stay, as many as a session has tokens.
///
/// # Errors
/// The database's.
pub async fn give_further(
    tx: &Tx,
    user: Uuid,
    batch: Uuid,
    hashes: Vec<Vec<u8>>,
) -> Result<bool, Rejection> {
    let left = Left::of(&store::of(&tx.sql, user).await?);
    if left.is_in_use() {
        return Ok(false);
    }
    let others = usize::try_from(TOKENS).unwrap_or(1) - 1;
    if let Some(oldest) = left.oldest_of(others) {
        store::remove_older(&tx.sql, user, oldest).await?;
    }
    store::add(&tx.sql, user, batch, hashes).await?;
    Ok(true)
}
