//! What may happen to an account: joining. (Coming back is in `sign_in`.)

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use entity::{
    user,
    values::{HomeRegion, Role, UserKind},
};
use sea_orm::ActiveValue::Set;
use serde::Serialize;
use uuid::Uuid;

use super::{
    arrival::Arrival,
    credential::{self, Checked},
    entry::{Entry, SignedIn},
    joining, password,
    recovery::{codes::Codes, service as recovery, store as recovery_codes},
    sign_in::{SignIn, come_in},
    two_factor::proof::SecondFactor,
    way,
};
use crate::{
    app::App,
    database::Tx,
    error::Error,
    idempotency::Slot,
    invitation::service as invitations,
    phone::service as phones,
    rejection::{Rejection, UserError},
    user::{loader::id_by_username, service as users, store},
};

/// Who wants to join, as they said it.
#[derive(Clone)]
pub struct SignUp {
    /// The wished user name.
    pub username: String,
    /// The wished nickname.
    pub nickname: String,
    /// The wished password.
    pub password: String,
    /// The day of birth.
    pub birth_date: NaiveDate,
    /// Where they are at home, if they like to say.
    pub home_region: Option<HomeRegion>,
    /// The code of an invitation, as it was written.
    pub invitation_code: Option<String>,
    /// A mobile number, and the code that was sent to it.
    pub phone: Option<(String, String)>,
    /// For a repetition.
    pub idempotency_key: Option<String>,
}

impl std::fmt::Debug for SignUp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SignUp")
            .field("username", &self.username)
            .finish_non_exhaustive()
    }
}

/// [`join`], of whom nothing else is known.
///
/// # Errors
/// As [`join`].
pub async fn sign_up(app: &Arc<App>, wish: SignUp) -> Result<SignedIn, Rejection> {
    join(app, wish, &Arrival::default()).await
}

/// Makes an account and signs it in.
///
/// A repetition with the same key, name and password signs in to the session of the first: the
/// account is made once, and the token is a further one, because the first is kept nowhere. So are
/// the recovery codes.
///
/// # Errors
/// Refuses what is against the rules of names, passwords and ages.
pub async fn join(app: &Arc<App>, wish: SignUp, arrival: &Arrival) -> Result<SignedIn, Rejection> {
    let mut errors = Vec::new();
    let username = users::check_username(&wish.username).and_then(users::check_choice);
    let username = collect(&mut errors, username);
    let nickname = collect(&mut errors, users::check_nickname(&wish.nickname));
    collect(
        &mut errors,
        password::check_choice(&wish.password, &[&wish.username, &wish.nickname]),
    );
    collect(
        &mut errors,
        joining::check_age(wish.birth_date, app.clock.now(), app.rules.minimum_age),
    );
    collect(&mut errors, arrival.device());
    let (Some(username), Some(nickname), true) = (username, nickname, errors.is_empty()) else {
        return Err(Rejection::Refused(errors));
    };
    let form = Form {
        username: &username,
        nickname: &nickname,
        birth_date: wish.birth_date,
        home_region: wish.home_region.map(|region| format!("{region:?}")),
        way: None,
    };
    let now = app.clock.now();
    let id = app.ids.at(now);
    let slot_of = |user| {
        let key = wish.idempotency_key.clone();
        key.map(|key| form.slot(app, user, key, &wish)).transpose()
    };
    let slot = slot_of(id)?;
    let new = NewUser {
        id,
        username: username.clone(),
        nickname: nickname.clone(),
        birth_date: wish.birth_date,
        home_region: wish.home_region,
        joined_at: now,
        password_hash: None,
    };
    let (done, counted) = arrival.making(write(app, &wish, new, slot, arrival)).await;
    match done {
        // The one who has the name may be who asks, for the second time. Only now is it looked
        // up: of those who ask at the same time, too, one has the name and the others find it. (The
        // place that they took of an invitation is taken, and so may be all of their address.)
        Err(why @ (Rejection::Refused(_) | Rejection::Failed(Error::TooManySignUps(_))))
            if wish.idempotency_key.is_some() =>
        {
            let user = id_by_username(app, &username).await?;
            let again = match credential::check(app, user, wish.password.clone()).await? {
                Some(checked) => {
                    let slot = slot_of(checked.user)?;
                    resume(app, checked, slot, arrival).await?
                }
                None => None,
            };
            if let (Some(_), Some(counted)) = (&again, counted) {
                counted.give_back().await;
            }
            again.ok_or(why)
        }
        done => done,
    }
}

/// Writes the user, recovery codes, and a first session, if the way that `wish` takes is one to join by.
async fn write(
    app: &Arc<App>,
    wish: &SignUp,
    new: NewUser,
    slot: Option<Slot>,
    arrival: &Arrival,
) -> Result<SignedIn, Rejection> {
    let code = wish.invitation_code.clone();
    joining::check(&app.rules, code.is_some(), wish.phone.is_some()).map_err(Rejection::Refused)?;
    // Before the work of a password. Whether a place is left says the transaction.
    if let Some(code) = &code {
        let open = invitations::open_by(app, app.database.reader(), code).await?;
        open.ok_or_else(invitations::invalid)?;
    }
    let proof = match &wish.phone {
        Some((number, code)) => Some(phones::prove(app, number, code).await?),
        None => None,
    };
    let hash = app
        .passwords
        .hash(wish.password.clone(), app.ids.secret())
        .await?;
    let new = NewUser {
        password_hash: Some(hash),
        ..new
    };
    let entry = Entry::new(app, new.id, slot, arrival)?;
    let codes = Codes::draw(&app.ids);
    let written = (app.ids.at(new.joined_at), codes.hashes(new.id));
    let held = (
        app.clone(),
        entry.clone(),
        new,
        code,
        proof.clone(),
        written,
    );
    let held = Arc::new(held);
    let begun = app
        .database
        .write(move |tx| {
            let held = held.clone();
            Box::pin(async move {
                let (app, entry, new, code, proof, (batch, hashes)) = &*held;
                insert(tx, new.clone()).await?;
                recovery_codes::add(&tx.sql, new.id, *batch, hashes.clone()).await?;
                if let Some(code) = code {
                    invitations::join(app, tx, new.id, code).await?;
                }
                if let Some(proof) = proof {
                    phones::claim(app, tx, new.id, proof).await?;
                }
                entry.begin(tx, new.id).await
            })
        })
        .await;
    match (begun, proof) {
        // The code was right: another name can be tried with it.
        (Err(Rejection::Refused(reasons)), Some(proof)) => {
            phones::give_back(app, proof).await?;
            Err(Rejection::Refused(reasons))
        }
        (begun, _) => Ok(SignedIn {
            recovery_codes: Some(codes.shown()),
            ..entry.signed_in(begun?)
        }),
    }
}

/// Goes on with the session of a sign-up, if the key of `slot` made one and the password is still
/// the one that was `checked`. Who has set up a second factor since has got the first answer.
async fn resume(
    app: &Arc<App>,
    checked: Checked,
    slot: Option<Slot>,
    arrival: &Arrival,
) -> Result<Option<SignedIn>, Rejection> {
    let user = checked.user;
    let entry = Entry::new(app, user, slot, arrival)?;
    let (held, codes) = (entry.clone(), Codes::draw(&app.ids));
    let (batch, hashes) = (app.ids.at(app.clock.now()), codes.hashes(user));
    let begun = app
        .database
        .write(move |tx| {
            let (entry, checked, hashes) = (held.clone(), checked.clone(), hashes.clone());
            Box::pin(async move {
                let none = SecondFactor::default();
                let Some(begun) = entry.resume_checked(tx, &checked, &none).await? else {
                    return Ok(None);
                };
                let given = recovery::give_further(tx, user, batch, hashes).await?;
                Ok(Some((begun, given)))
            })
        })
        .await;
    let begun = match begun {
        Err(Rejection::Refused(_)) => None,
        begun => begun?,
    };
    Ok(begun.map(|(begun, given)| SignedIn {
        recovery_codes: given.then(|| codes.shown()),
        ..entry.signed_in(begun)
    }))
}

const SIGN_UP: &str = "signUp";

/// What tells one sign-up from another, without its secret.
#[derive(Clone, Serialize)]
struct Form<'a> {
    username: &'a str,
    nickname: &'a str,
    birth_date: NaiveDate,
    home_region: Option<String>,
    /// The invitation and the number, where either is given: a keyed hash.
    #[serde(skip_serializing_if = "Option::is_none")]
    way: Option<Vec<u8>>,
}

impl Form<'_> {
    /// The slot of `key`, for the sign-up of `user` that `wish` is. (An older program kept no way: repeated through
    /// the other while both serve, a call is an `IDEMPOTENCY_KEY_REUSED`. Otherwise a key would go on with another
    /// invitation or number; the account is there, and the password signs in.)
    fn slot(&self, app: &App, user: Uuid, key: String, wish: &SignUp) -> Result<Slot, Error> {
        let (invitation, number) = (wish.invitation_code.as_deref(), wish.phone.as_ref());
        let number = number.map(|(number, _)| number.as_str());
        let mut ways = way::marks(app, invitation, number)?.into_iter();
        let form = |way| Self {
            way,
            ..self.clone()
        };
        let slot = Slot::new(app, user, key, SIGN_UP, &form(ways.next()))?;
        ways.try_fold(slot, |slot, older| slot.or(&form(Some(older))))
    }
}

/// A user that is to be written.
#[derive(Clone, Debug)]
pub struct NewUser {
    /// The id.
    pub id: Uuid,
    /// The checked user name.
    pub username: String,
    /// The checked nickname.
    pub nickname: String,
    /// The day of birth.
    pub birth_date: NaiveDate,
    /// Where the user is at home.
    pub home_region: Option<HomeRegion>,
    /// When the user joined.
    pub joined_at: DateTime<Utc>,
    /// The PHC string; without one nobody can sign in.
    pub password_hash: Option<String>,
}

/// Writes a user with everything that belongs to one.
///
/// # Errors
/// `USERNAME_TAKEN`.
pub async fn insert(tx: &Tx, new: NewUser) -> Result<(), Rejection> {
    if !store::take_username(&tx.sql, &new.username, new.id).await? {
        return Err(users::username_taken().into());
    }
    let row = user::ActiveModel {
        id: Set(new.id),
        username: Set(new.username.clone()),
        nickname: Set(new.nickname.clone()),
        kind: Set(UserKind::Member),
        role: Set(Role::Member),
        bio: Set(String::new()),
        birth_date: Set(new.birth_date),
        home_region: Set(new.home_region),
        joined_at: Set(new.joined_at),
        ..Default::default()
    };
    store::insert(&tx.sql, row).await?;
    store::index(&tx.sql, new.id, &new.username, &new.nickname).await?;
    if let Some(password_hash) = new.password_hash {
        credential::set(tx, new.id, password_hash, new.joined_at).await?;
    }
    Ok(())
}

/// [`come_in`], without a second factor, of whom nothing else is known.
///
/// # Errors
/// As [`come_in`].
pub async fn sign_in(
    app: &Arc<App>,
    username: &str,
    password: String,
    idempotency_key: Option<String>,
) -> Result<SignedIn, Rejection> {
    let wish = SignIn {
        username: username.to_owned(),
        password,
        second_factor: None,
        idempotency_key,
    };
    come_in(app, wish, &Arrival::default()).await
}

fn collect<T>(errors: &mut Vec<UserError>, result: Result<T, UserError>) -> Option<T> {
    result.map_err(|error| errors.push(error)).ok()
}
