//! How somebody comes: on what device, out of which session, through which door.

use uuid::Uuid;

use super::{
    attempts::from::Attempted,
    door::Entrance,
    session::device::{named, of_agent},
};
use crate::{
    error::Error,
    rejection::{Rejection, UserError, code::UserErrorCode},
    viewer::{Member, Viewer},
};

/// How somebody comes. By itself: out of nowhere, with nothing to say.
#[derive(Clone, Debug, Default)]
pub struct Arrival {
    /// What the client calls its device.
    pub device: Option<String>,
    /// What it calls itself to everybody.
    pub agent: Option<Vec<u8>>,
    /// Whose request it is so far.
    pub viewer: Option<Viewer>,
    /// The door; none for what is executed without a transport.
    pub entrance: Option<Entrance>,
}

impl Arrival {
    /// What the session is called that begins now.
    ///
    /// # Errors
    /// Where the client's own name for its device is against the rules.
    pub fn device(&self) -> Result<Option<String>, UserError> {
        match &self.device {
            Some(device) => named(device).map(Some),
            None => Ok(self.agent.as_deref().and_then(of_agent)),
        }
    }

    /// The session of `user` that they come out of: of whoever else it is, it is none of theirs.
    pub fn session_of(&self, user: Uuid) -> Option<Member> {
        let member = self.viewer?.member().ok()?;
        (member.id == user).then_some(member)
    }

    /// Lets somebody in as `username`, who counts as a guess until it has shown to be right.
    ///
    /// # Errors
    /// As [`Entrance::sign_in`].
    pub async fn at_door<T>(
        &self,
        username: &str,
        coming: impl Future<Output = Result<T, Rejection>>,
    ) -> Result<T, Rejection> {
        // Boxed, as all that is handed on from here: it is large, and each who holds it has room for it.
        let coming = Box::pin(coming);
        match &self.entrance {
            Some(entrance) => entrance.sign_in(username, coming).await,
            None => coming.await,
        }
    }

    /// The same for who has come in as `username` already, and proves it.
    ///
    /// # Errors
    /// As [`Entrance::prove`].
    pub async fn proving<T>(
        &self,
        username: &str,
        proving: impl Future<Output = Result<T, Rejection>>,
    ) -> Result<T, Rejection> {
        let proving = Box::pin(proving);
        match &self.entrance {
            Some(entrance) => entrance.prove(username, proving).await,
            None => proving.await,
        }
    }

    /// Counts `making` an account, before it begins: where it makes one, or tells that a name has one. Gives
    /// back with what it came to how it counts.
    pub async fn making<T>(
        &self,
        making: impl Future<Output = Result<T, Rejection>>,
    ) -> (Result<T, Rejection>, Option<Attempted>) {
        let making = Box::pin(making);
        let Some(entrance) = &self.entrance else {
            return (making.await, None);
        };
        let counted = match entrance.join().await {
            Ok(counted) => counted,
            Err(spent) => return (Err(spent), None),
        };
        let done = making.await;
        match counted {
            Some(counted) if !makes_or_tells(&done) => {
                counted.give_back().await;
                (done, None)
            }
            counted => (done, counted),
        }
    }

    /// Has a code of `user`'s app looked at, if one `is_given`.
    ///
    /// # Errors
    /// As [`Entrance::code`].
    pub async fn with_code<T>(
        &self,
        user: Uuid,
        is_given: bool,
        checking: impl Future<Output = Result<T, Rejection>>,
    ) -> Result<T, Rejection> {
        let checking = Box::pin(checking);
        match &self.entrance {
            Some(entrance) if is_given => entrance.code(user, checking).await,
            _ => checking.await,
        }
    }
}

/// Whether a sign-up made an account, or may have, or told that somebody has the name.
fn makes_or_tells<T>(done: &Result<T, Rejection>) -> bool {
    match done {
        Ok(_) | Err(Rejection::Failed(Error::OutcomeUnknown(_))) => true,
        Err(Rejection::Failed(_)) => false,
        Err(Rejection::Refused(reasons)) => {
            let mut codes = reasons.iter().map(|reason| reason.code);
            codes.any(|code| code == UserErrorCode::UsernameTaken)
        }
    }
}
