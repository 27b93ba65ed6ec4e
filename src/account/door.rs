//! Where those who sign in or up come by: few from one address in a minute, and few wrong passwords
//! for a name from an address in an hour, so that nobody guesses, and nobody keeps others out.

use std::{sync::Arc, time::Duration};

use chrono::TimeDelta;
use uuid::Uuid;

use super::attempts::{
    Attempts, Limit,
    from::{self, Attempted},
};
use crate::{
    app::App,
    config::Limits,
    error::Error,
    graphql::{networks::Networks, peer::Network},
    rejection::{Rejection, UserError, code::UserErrorCode, reason::joining::JoiningReason},
    secrets::Purpose,
    user::store::kept_form,
};

/// The time in which as many sign-ins of an address come back as it has at once.
const SIGN_INS: Duration = Duration::from_secs(60);
/// For how long a wrong password counts, and a sign-up.
const HOUR: TimeDelta = TimeDelta::hours(1);
/// For how long a wrong code of an app counts, and a code that was sent.
const QUARTER: TimeDelta = TimeDelta::minutes(15);

/// One for all who come to this server. Where there is no limit there is none of each.
#[derive(Debug)]
pub struct Door {
    attempts: Arc<Attempts>,
    /// For whoever comes in from a network: in memory, for each has cost the work of a password.
    sign_ins: Option<Networks>,
    /// For a name from a network: who has the name comes in from another, whoever guesses here.
    wrong_passwords: Limit,
    /// For codes of a user's app, wherever they come from: who has got so far knows the password.
    wrong_codes: Limit,
    /// For a network.
    sign_ups: Limit,
    /// For codes that are sent for somebody in a network.
    sent_codes: Limit,
}

impl Door {
    /// The door of `app`.
    pub fn new(app: Arc<App>, limits: &Limits) -> Self {
        let clock = &app.clock;
        let limit = |name, most, within, spent: fn(u64) -> Rejection| Limit {
            purpose: Purpose::new(name),
            most,
            within,
            spent,
        };
        let (passwords, codes) = (limits.max_wrong_passwords, limits.max_wrong_codes);
        Self {
            sign_ins: Networks::new(clock.clone(), limits.max_sign_ins_per_minute, SIGN_INS),
            wrong_passwords: limit("wrong password", passwords, HOUR, |seconds| {
                Error::TooManyGuesses(seconds).into()
            }),
            wrong_codes: limit("wrong code", codes, QUARTER, |seconds| {
                Error::TooManyCodes(seconds).into()
            }),
            sign_ups: limit("sign-up", limits.max_sign_ups_per_hour, HOUR, |seconds| {
                Error::TooManySignUps(seconds).into()
            }),
            sent_codes: limit(
                "phone code for an address",
                limits.max_phone_codes_per_address,
                QUARTER,
                too_many_codes,
            ),
            attempts: Arc::new(Attempts::new(app)),
        }
    }

    /// The door as it is for who comes from `network`.
    pub fn entrance(self: &Arc<Self>, network: Network) -> Entrance {
        Entrance {
            door: self.clone(),
            network,
        }
    }
}

/// The door, and who stands before it.
#[derive(Clone, Debug)]
pub struct Entrance {
    door: Arc<Door>,
    network: Network,
}

impl Entrance {
    /// Lets a sign-up as `username` in. One that `repeats` another, by its key, is let in to the account
    /// that has the name if the password is right: whatever it is refused for, that counts as a wrong one.
    ///
    /// # Errors
    /// [`Error::TooManyGuesses`], and what the joining fails with.
    pub async fn sign_up<T>(
        &self,
        username: &str,
        repeats: bool,
        joining: impl Future<Output = Result<T, Rejection>>,
    ) -> Result<T, Rejection> {
        if repeats {
            self.guess(username, joining, None).await
        } else {
            joining.await
        }
    }

    /// Counts a sign-up, whose input can be one: it may make an account, or tell that a name has one.
    ///
    /// # Errors
    /// [`Error::TooManySignUps`], and the database's.
    pub async fn join(&self) -> Result<Option<Attempted>, Rejection> {
        from::take(&self.door.attempts, self.door.sign_ups, "", self.network).await
    }

    /// Lets somebody have a code sent: each costs who holds the service something.
    ///
    /// # Errors
    /// `TOO_MANY_CODES`, and the database's.
    pub async fn ask_for_code(&self) -> Result<(), Rejection> {
        from::take(&self.door.attempts, self.door.sent_codes, "", self.network).await?;
        Ok(())
    }

    /// Where those who try the same take turns.
    pub fn attempts(&self) -> &Attempts {
        &self.door.attempts
    }

    /// Where they come from, as one customer: of IPv6 the whole site, for who has one would be as many as they
    /// like.
    pub fn address(&self) -> String {
        match self.network.site() {
            Some(site) => site.to_string(),
            None => self.network.to_string(),
        }
    }

    /// Lets a sign-in as `username` in, or whoever else comes in by a code of theirs, whether there is
    /// such a user or not. It counts as a wrong one until it has shown to be right: one that is right
    /// gives back what it has taken of those itself, and no more.
    ///
    /// # Errors
    /// [`Error::TooManySignInsFrom`], [`Error::TooManyGuesses`], and what the sign-in fails with.
    pub async fn sign_in<T>(
        &self,
        username: &str,
        coming: impl Future<Output = Result<T, Rejection>>,
    ) -> Result<T, Rejection> {
        self.come()?;
        self.guess(username, coming, Some(&WRONG)).await
    }

    /// The same for `username`, who has come in already, and proves the password again: what is right
    /// is no sign-in.
    ///
    /// # Errors
    /// As [`Self::sign_in`].
    pub async fn prove<T>(
        &self,
        username: &str,
        proving: impl Future<Output = Result<T, Rejection>>,
    ) -> Result<T, Rejection> {
        self.come()?;
        let done = self.guess(username, proving, Some(&WRONG)).await;
        if let (Some(sign_ins), Ok(_)) = (&self.door.sign_ins, &done) {
            sign_ins.give_back(self.network);
        }
        done
    }

    fn come(&self) -> Result<(), Error> {
        match &self.door.sign_ins {
            Some(sign_ins) => sign_ins
                .take(self.network)
                .map_err(Error::TooManySignInsFrom),
            None => Ok(()),
        }
    }

    /// What counts as wrong is refused for one of `codes`, or for anything.
    async fn guess<T>(
        &self,
        username: &str,
        coming: impl Future<Output = Result<T, Rejection>>,
        codes: Option<&[UserErrorCode]>,
    ) -> Result<T, Rejection> {
        let Door {
            attempts,
            wrong_passwords,
            ..
        } = &*self.door;
        // A name has no zero byte, and the network none either.
        let guess = format!("{}\0", kept_form(username));
        let counted = from::take(attempts, *wrong_passwords, &guess, self.network).await?;
        attempt(counted, coming, codes).await
    }

    /// Has a code of the app of `user` looked at, after the password has shown to be right.
    ///
    /// # Errors
    /// [`Error::TooManyCodes`], and what the looking fails with.
    pub async fn code<T>(
        &self,
        user: Uuid,
        checking: impl Future<Output = Result<T, Rejection>>,
    ) -> Result<T, Rejection> {
        let wrong = [UserErrorCode::SecondFactorWrong];
        let Door {
            attempts,
            wrong_codes,
            ..
        } = &*self.door;
        let counted = attempts.take(*wrong_codes, user.as_bytes()).await?;
        attempt(counted.map(Attempted::from), checking, Some(&wrong)).await
    }
}

/// What is `counted` counts no more where it is not refused for one of `codes`, or for anything.
async fn attempt<T>(
    counted: Option<Attempted>,
    trying: impl Future<Output = Result<T, Rejection>>,
    codes: Option<&[UserErrorCode]>,
) -> Result<T, Rejection> {
    let done = trying.await;
    if let Some(counted) = counted
        && !is_refused_for(&done, codes)
    {
        counted.give_back().await;
    }
    done
}

fn too_many_codes(retry_after: u64) -> Rejection {
    UserError::new(JoiningReason::TooManyCodesFromAddress { retry_after }).into()
}

/// What counts as a guess.
const WRONG: [UserErrorCode; 4] = [
    UserErrorCode::SignInFailed,
    UserErrorCode::PasswordWrong,
    UserErrorCode::RecoveryFailed,
    UserErrorCode::SecondFactorWrong,
];

fn is_refused_for<T>(done: &Result<T, Rejection>, codes: Option<&[UserErrorCode]>) -> bool {
    let Err(Rejection::Refused(reasons)) = done else {
        return false;
    };
    codes.is_none_or(|codes| reasons.iter().any(|reason| codes.contains(&reason.code)))
}
