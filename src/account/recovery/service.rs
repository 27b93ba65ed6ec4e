//! What coming back in does, by a recovery code or by a code that was sent, and how new recovery codes are
//! given.

use std::{
    fmt::{Debug, Formatter},
    sync::Arc,
};

use uuid::Uuid;

use super::{
    codes::{self, Codes},
    phone::service as phone,
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
    rejection::{Rejection, UserError, code::UserErrorCode, reason::account::AccountReason},
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
    /// What is in the place of the password.
    pub shown: Shown,
    /// The wished password.
    pub new_password: String,
    /// The second factor, if one was given: another than that recovery code.
    pub second_factor: Option<String>,
    /// For a repetition.
    pub idempotency_key: Option<String>,
}

/// What somebody shows in the place of the password.
#[derive(Clone)]
pub enum Shown {
    /// A recovery code.
    OnPaper(String),
    /// A code that was sent to a verified number.
    ByPhone(phone::Given),
}

impl Debug for Shown {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::OnPaper(_) => "OnPaper",
            Self::ByPhone(_) => "ByPhone",
        })
    }
}

impl Debug for Recovery {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Recovery")
            .field("username", &self.username)
            .finish_non_exhaustive()
    }
}

/// Sets the password anew, uses the code up, ends all sessions and signs in. The code, whichever it is, is
/// in the place of the password alone: whoever has a second factor gives it, too.
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
    let key = wish.idempotency_key.as_deref();
    let slot = Slot::of(app, who, key.map(str::to_owned), RECOVER, &who)?;
    let entry = Entry::new(app, who, slot, arrival)?;
    let second = SecondFactor::new(wish.second_factor.clone(), RECOVER_SECOND, key);
    let found = look_for(app, who, &wish.shown).await?;
    let unused = found.clone().filter(|found| found.is_unused);
    let done = if let Some(Found { code, .. }) = unused {
        let way = Way {
            user: who,
            code,
            wrong: wish.shown.wrong(),
            call: call(RECOVER, key),
            second: second.clone(),
            second_call: call(RECOVER_SECOND, key),
        };
        let regaining = regain(app, way, entry.clone(), wish.new_password.clone());
        arrival.with_code(who, second.is_code(), regaining).await
    } else {
        Err(failed(wish.shown.wrong()))
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
                let (entry, checked, second) = (held.clone(), checked.clone(), second.clone());
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

/// A code that is right, used or not.
#[derive(Clone)]
struct Found {
    code: RightCode,
    is_unused: bool,
}

#[derive(Clone)]
enum RightCode {
    /// By its hash.
    OnPaper(Vec<u8>),
    ByPhone(phone::Right),
}

/// What was `shown` by `user`, who is nobody where that is the nil id.
async fn look_for(app: &App, user: Uuid, shown: &Shown) -> Result<Option<Found>, Rejection> {
    match shown {
        Shown::OnPaper(text) => {
            let code = Code::read(text).map(|code| codes::hash(&code, user));
            let hash = code.unwrap_or_default();
            let found = store::find(app.database.reader(), user, hash.clone()).await?;
            Ok(found.map(|code| Found {
                code: RightCode::OnPaper(hash),
                is_unused: code.used_at.is_none(),
            }))
        }
        Shown::ByPhone(given) => {
            let right = phone::check(app, user, given).await?;
            Ok(right.map(|right| Found {
                code: RightCode::ByPhone(right),
                is_unused: right.is_unused,
            }))
        }
    }
}

/// The way on which somebody comes back in.
#[derive(Clone)]
struct Way {
    user: Uuid,
    code: RightCode,
    /// Where it has shown not to be right any more.
    wrong: AccountReason,
    call: Option<Vec<u8>>,
    second: SecondFactor,
    second_call: Option<Vec<u8>>,
}

async fn regain(
    app: &Arc<App>,
    way: Way,
    entry: Arc<Entry>,
    choice: String,
) -> Result<SignedIn, Rejection> {
    let row = users::by_id(app.database.reader(), way.user).await?;
    let row = row.ok_or_else(|| way.failed())?;
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
                way.use_up(&app, tx).await?;
                way.second.check(&app, tx, way.user).await?;
                way.end_codes(tx).await?;
                suspension::check(&app, tx, way.user).await?;
                entry.check_key(tx).await?;
                change(tx, way.user, password_hash, now).await?;
                entry.begin(tx, way.user).await
            })
        })
        .await?;
    Ok(entry.signed_in(begun))
}

impl Way {
    /// Uses the code up, which another may have used meanwhile.
    async fn use_up(&self, app: &App, tx: &Tx) -> Result<(), Rejection> {
        match &self.code {
            RightCode::OnPaper(hash) => {
                let code = store::find(&tx.sql, self.user, hash.clone()).await?;
                let code = code.filter(|code| code.used_at.is_none());
                let code = code.ok_or_else(|| self.failed())?;
                Ok(store::use_up(&tx.sql, &code, app.clock.now(), self.call.clone()).await?)
            }
            RightCode::ByPhone(right) => match right.use_up(app, tx, self.user).await? {
                true => Ok(()),
                false => Err(self.failed()),
            },
        }
    }

    /// Ends the codes on paper where nobody showed that they have them: somebody else may have made them, as
    /// where the operator sets a password. What was the second factor stays used, for a repetition.
    async fn end_codes(&self, tx: &Tx) -> Result<(), Rejection> {
        match self.code {
            RightCode::OnPaper(_) => Ok(()),
            RightCode::ByPhone(_) => {
                Ok(store::remove(&tx.sql, self.user, self.second_call.clone()).await?)
            }
        }
    }

    fn failed(&self) -> Rejection {
        failed(self.wrong.clone())
    }
}

impl Shown {
    /// What is said where it is wrong.
    fn wrong(&self) -> AccountReason {
        match self {
            Self::OnPaper(_) => AccountReason::RecoveryCodeFailed,
            Self::ByPhone(_) => AccountReason::RecoveryByPhoneFailed,
        }
    }
}

/// The answer to an absent user, a wrong code and a used one.
fn failed(reason: AccountReason) -> Rejection {
    UserError::new(reason).into()
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
