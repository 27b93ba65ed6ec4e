//! Signing up, in and out.

use async_graphql::{Context, InputObject, Object, SimpleObject};

use super::{
    arrival::Arrival,
    door::Entrance,
    entry::SignedIn,
    service::{self, SignUp},
    session,
    sign_in::{SignIn, come_in},
    writes,
};
use crate::{
    error::Error,
    graphql::{context::ContextExt, peer::Peer, scalar::Date},
    loaders::Loaders,
    lsn::Lsn,
    phone::graphql::PhoneProof,
    rejection::{Rejection, UserError, answer},
    user::{
        loader::{absent, user},
        node::User,
        region::HomeRegion,
    },
    viewer::{Caller, Member, Viewer},
};

/// Who wants to join.
#[derive(Debug, InputObject)]
pub struct SignUpInput {
    /// The unique name: 3-20 of `a-z0-9_`, starting with a letter. Upper case becomes lower case.
    username: String,
    /// The name to show: 1-32 characters of any script. Not your real name.
    nickname: String,
    /// 8 characters or more, spaces and every script included. Those that are guessed first are refused: the
    /// common ones, one character repeated, your names and the service's.
    password: String,
    /// When you were born. Joining takes an age of 15; nobody is shown the date.
    birth_date: Date,
    /// The prefecture that you are at home in, or OVERSEAS, if you like to say.
    home_region: Option<HomeRegion>,
    /// The code of an invitation, whatever its case, spaces and hyphens. Who invited you becomes your first
    /// friend. `Query.joining` says whether joining takes one.
    invitation_code: Option<String>,
    /// Your mobile number, with the code that `requestPhoneCode` sent to it. It verifies one account.
    /// `Query.joining` says whether joining takes one.
    phone: Option<PhoneProof>,
    /// What to call the device in `Viewer.sessions`: 1-100 characters. Without it, that is made from the `User-Agent`.
    device: Option<String>,
    /// Any text of 1-100 characters of your own, kept for a day. The same key with the same input again makes no
    /// second account.
    idempotency_key: Option<String>,
}

/// What signing up came to.
#[derive(Debug, SimpleObject)]
pub struct SignUpPayload {
    /// The bearer token: send it as `Authorization: Bearer <token>`. It is shown once.
    token: Option<String>,
    /// The new user.
    user: Option<User>,
    /// Ten codes, each good for once: one of them lets you in again where the password is lost, or stands in for
    /// the second factor. They are to be kept on paper, and shown here alone: `createRecoveryCodes` gives others.
    /// A repeated call gives further ones, and the first go on, until one of either is used: the others end then.
    /// Null in a repeated call after that.
    recovery_codes: Option<Vec<String>>,
    /// Why there is no account.
    user_errors: Vec<UserError>,
}

/// Who wants to come in.
#[derive(Debug, InputObject)]
pub struct SignInInput {
    /// The user name, in upper or lower case.
    username: String,
    /// The password.
    password: String,
    /// Where two-factor sign-in is on: the code that your authenticator app shows, or a recovery code, which is
    /// used up. Without it, the answer to the right password is SECOND_FACTOR_REQUIRED then.
    second_factor: Option<String>,
    /// What to call the device in `Viewer.sessions`: 1-100 characters. Without it, that is made from the `User-Agent`.
    device: Option<String>,
    /// Any text of 1-100 characters of your own, kept for a day. The same key again is the same session, with a
    /// further token: the 20 newest go on until it ends.
    idempotency_key: Option<String>,
}

/// What signing in came to.
#[derive(Debug, SimpleObject)]
pub struct SignInPayload {
    /// The bearer token: send it as `Authorization: Bearer <token>`. It is shown once.
    token: Option<String>,
    /// The user who is now signed in.
    user: Option<User>,
    /// Why nobody is signed in. An absent user and a wrong password look the same.
    user_errors: Vec<UserError>,
}

/// What signing out came to.
#[derive(Debug, SimpleObject)]
pub struct SignOutPayload {
    /// Whether the session that the request came with has ended. Its sockets are closed within a
    /// second.
    signed_out: bool,
    /// Always empty: who is signed in can sign out.
    user_errors: Vec<UserError>,
}

/// Joining, coming in, leaving.
#[derive(Debug, Default)]
pub struct AccountMutation;

#[Object]
impl AccountMutation {
    /// Makes an account and signs it in.
    async fn sign_up(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who joins.")] input: SignUpInput,
    ) -> Option<Result<SignUpPayload, Error>> {
        let wish = SignUp {
            username: input.username,
            nickname: input.nickname,
            password: input.password,
            birth_date: input.birth_date.0,
            home_region: input.home_region.map(Into::into),
            invitation_code: input.invitation_code,
            phone: input.phone.map(|phone| (phone.number, phone.code)),
            idempotency_key: input.idempotency_key,
        };
        let (username, repeats) = (wish.username.clone(), wish.idempotency_key.is_some());
        let arrival = arrival(ctx, input.device);
        let joining = Box::pin(service::join(ctx.app(), wish, &arrival));
        let done = match &arrival.entrance {
            Some(entrance) => entrance.sign_up(&username, repeats, joining).await,
            None => joining.await,
        };
        let signed_in = signed_in(ctx, done).await;
        Some(signed_in.map(|(signed_in, user, user_errors)| {
            let (token, recovery_codes) = signed_in
                .map(|signed_in| (signed_in.token, signed_in.recovery_codes))
                .unzip();
            SignUpPayload {
                token,
                user,
                recovery_codes: recovery_codes.flatten(),
                user_errors,
            }
        }))
    }

    /// Signs in: gives a bearer token for `Authorization: Bearer <token>` on HTTP and for
    /// `connection_init`'s payload on the socket. Where the request comes with a token of the same user
    /// already, that session ends. (So a call that was not answered is repeated without it.) Of somebody who has
    /// as many sessions as can be, the one that was used least lately ends, too.
    async fn sign_in(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who comes in.")] input: SignInInput,
    ) -> Option<Result<SignInPayload, Error>> {
        let (username, arrival) = (input.username.clone(), arrival(ctx, input.device));
        let wish = SignIn {
            username: input.username,
            password: input.password,
            second_factor: input.second_factor,
            idempotency_key: input.idempotency_key,
        };
        let coming = Box::pin(come_in(ctx.app(), wish, &arrival));
        let done = arrival.at_door(&username, coming).await;
        let signed_in = signed_in(ctx, done).await;
        Some(
            signed_in.map(|(signed_in, user, user_errors)| SignInPayload {
                token: signed_in.map(|signed_in| signed_in.token),
                user,
                user_errors,
            }),
        )
    }

    /// Signs out the session that the request comes with.
    async fn sign_out(&self, ctx: &Context<'_>) -> Option<Result<SignOutPayload, Error>> {
        Some(sign_out(ctx).await)
    }
}

async fn sign_out(ctx: &Context<'_>) -> Result<SignOutPayload, Error> {
    let ended = answer(session::end(ctx.app(), ctx.member()?).await)?;
    Ok(SignOutPayload {
        signed_out: ended.is_ok(),
        user_errors: ended.err().unwrap_or_default(),
    })
}

/// How whoever asks comes, on what they call `device`.
pub fn arrival(ctx: &Context<'_>, device: Option<String>) -> Arrival {
    let agent = ctx.data_opt::<Peer>().and_then(|peer| peer.agent.as_ref());
    Arrival {
        device,
        agent: agent.map(|agent| agent.as_bytes().to_vec()),
        viewer: Some(ctx.viewer()),
        // What is executed without a transport comes from no address.
        entrance: ctx.data_opt::<Entrance>().cloned(),
    }
}

/// The parts of the payload of whatever signs in. The user is read as by that user.
pub async fn signed_in(
    ctx: &Context<'_>,
    done: Result<SignedIn, Rejection>,
) -> Result<(Option<SignedIn>, Option<User>, Vec<UserError>), Error> {
    Ok(match answer(done)? {
        Ok(signed_in) => {
            ctx.fresh();
            let member = Member {
                id: signed_in.user,
                session: signed_in.session,
            };
            writes::note(ctx.app(), member).await;
            let caller = Caller {
                viewer: Viewer::Member(member),
                wrote: Lsn::NEWEST,
                reads_kept: true,
                // Nobody has a block with oneself.
                has_blocks: false,
                sees_names: false,
                has_rest: true,
            };
            let budget = ctx.loaders().budget.clone();
            let loaders = Loaders::within(ctx.app().clone(), caller, budget);
            let user = user(&loaders, signed_in.user, true).await?;
            let user = user.ok_or_else(|| absent(signed_in.user))?;
            (Some(signed_in), Some(user), Vec::new())
        }
        Err(errors) => (None, None, errors),
    })
}
