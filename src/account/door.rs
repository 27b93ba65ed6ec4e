//! Where those who sign in or up wait: few at once from one address, so that nobody takes the places
//! of all others, and few wrong passwords.

use std::{net::IpAddr, sync::Arc};

use uuid::Uuid;

use super::guesses::{Allowance, Guessed};
use crate::{
    clock::Clock,
    config::Limits,
    error::Error,
    graphql::quota::Quota,
    rejection::Rejection,
    rejection::{UserError, UserErrorCode},
    user::store::kept_form,
};

/// The network that a client is in; none where that cannot be told: those all count as one.
type Network = Option<IpAddr>;

/// One for all who come to this server.
#[derive(Debug)]
pub struct Door {
    under_way: Quota<Network>,
    most: u32,
    /// For a name from a network.
    of_name: Allowance<(Guessed, Network)>,
    /// For all names from a network.
    of_network: Allowance<Network>,
    /// For codes that are sent for somebody in a network.
    codes: Allowance<Network>,
    /// For codes of a user's app, wherever they come from: who has got so far knows the password.
    of_user: Allowance<Uuid>,
}

impl Door {
    /// A door before which nobody waits.
    pub fn new(clock: Arc<dyn Clock>, limits: &Limits) -> Self {
        Self {
            under_way: Quota::default(),
            most: limits.max_sign_ins_per_address,
            of_name: Allowance::new(clock.clone(), limits.max_wrong_passwords),
            of_network: Allowance::new(clock.clone(), limits.max_wrong_passwords_per_address),
            codes: Allowance::new(clock.clone(), limits.max_phone_codes_per_address),
            of_user: Allowance::new(clock, limits.max_wrong_codes),
        }
    }

    /// The door as it is for who comes from `peer`.
    pub fn entrance(self: &Arc<Self>, peer: Option<IpAddr>) -> Entrance {
        Entrance {
            door: self.clone(),
            network: peer.map(network),
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
    /// As [`Self::sign_in`].
    pub async fn sign_up<T>(
        &self,
        username: &str,
        repeats: bool,
        joining: impl Future<Output = Result<T, Rejection>>,
    ) -> Result<T, Rejection> {
        if repeats {
            self.guess(username, joining, None).await
        } else {
            self.enter(joining).await
        }
    }

    /// Lets somebody have a code sent: each costs who holds the service something.
    ///
    /// # Errors
    /// `TOO_MANY_CODES`.
    pub fn ask_for_code(&self) -> Result<(), UserError> {
        self.door.codes.take(self.network).map_err(|seconds| {
            UserError::new(
                UserErrorCode::TooManyCodes,
                format!(
                    "Too many codes were asked for from your address. Try again in {seconds} seconds."
                ),
            )
        })
    }

    async fn enter<T>(
        &self,
        coming: impl Future<Output = Result<T, Rejection>>,
    ) -> Result<T, Rejection> {
        let held = self.door.under_way.take(self.network, self.door.most);
        let _held = held.ok_or(Error::TooManySignIns)?;
        coming.await
    }

    /// Lets a sign-in as `username` in, or whatever else tries a password or a code of theirs,
    /// whether there is such a user or not. It counts as a wrong one until it has shown to be right:
    /// one that is right gives back what it has taken itself, and no more.
    ///
    /// # Errors
    /// [`Error::TooManySignIns`], [`Error::TooManyGuesses`], and what the sign-in fails with.
    pub async fn sign_in<T>(
        &self,
        username: &str,
        coming: impl Future<Output = Result<T, Rejection>>,
    ) -> Result<T, Rejection> {
        self.guess(username, coming, Some(&WRONG)).await
    }

    /// What counts as wrong is refused for one of `codes`, or for anything.
    async fn guess<T>(
        &self,
        username: &str,
        coming: impl Future<Output = Result<T, Rejection>>,
        codes: Option<&[UserErrorCode]>,
    ) -> Result<T, Rejection> {
        let Door {
            of_name,
            of_network,
            ..
        } = &*self.door;
        self.enter(async {
            let name = (of_name.guessed(&kept_form(username)), self.network);
            of_network
                .take(self.network)
                .map_err(Error::TooManyGuesses)?;
            of_name.take(name).map_err(|seconds| {
                of_network.give_back(self.network);
                Error::TooManyGuesses(seconds)
            })?;
            let done = coming.await;
            if !is_refused_for(&done, codes) {
                of_network.give_back(self.network);
                of_name.give_back(name);
            }
            done
        })
        .await
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
        let of_user = &self.door.of_user;
        of_user.take(user).map_err(Error::TooManyCodes)?;
        let done = checking.await;
        if !is_refused_for(&done, Some(&[UserErrorCode::SecondFactorWrong])) {
            of_user.give_back(user);
        }
        done
    }
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

/// An IPv6 customer has 2^64 addresses: they count as one.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => IpAddr::V6((v6.to_bits() >> 64 << 64).into()),
        v4 @ IpAddr::V4(_) => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_addresses_of_one_customer_are_one_network() {
        let of = |text: &str| network(text.parse().unwrap());
        assert_eq!(of("2001:db8:1:2::1"), of("2001:db8:1:2:ffff::"));
        assert_ne!(of("2001:db8:1:2::1"), of("2001:db8:1:3::1"));
        assert_eq!(of("::ffff:192.0.2.1"), of("192.0.2.1"));
        assert_ne!(of("192.0.2.1"), of("192.0.2.2"));
    }
}
