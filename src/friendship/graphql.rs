//! Friendships in the API: what a request leads to, and the mutations.

use async_graphql::{ComplexObject, Context, ID, InputObject, Object, SimpleObject};
use uuid::Uuid;

use super::{
    edges, ending,
    node::FriendRequest,
    service::{self, Asked},
};
use crate::{
    error::Error,
    graphql::context::ContextExt,
    ids::{GlobalId, Kind},
    rejection::{Rejection, UserError, answer},
    user::{
        edges::{named, written},
        node::User,
    },
};

#[ComplexObject]
impl FriendRequest {
    /// Who asks.
    async fn sender(&self, ctx: &Context<'_>) -> Result<User, Error> {
        named(ctx, self.sender_id).await
    }

    /// Who is asked.
    async fn recipient(&self, ctx: &Context<'_>) -> Result<User, Error> {
        named(ctx, self.recipient_id).await
    }
}

/// Whom to ask to become friends.
#[derive(Debug, InputObject)]
pub struct RequestFriendshipInput {
    /// The user to ask.
    user_id: ID,
    /// A message to go with the request, up to 500 characters.
    #[graphql(default)]
    message: String,
    /// Any text of 1-100 characters of your own, kept for a day: repeating the call with it changes nothing more.
    idempotency_key: Option<String>,
}

/// What asking came to.
#[derive(Debug, Default, SimpleObject)]
pub struct RequestFriendshipPayload {
    /// The request, while it waits for an answer; null if you are friends already now.
    friend_request: Option<FriendRequest>,
    /// Whom you asked.
    user: Option<User>,
    /// Whether you are friends now: your requests crossed, or the user is a tarento.
    became_friends: bool,
    /// Why the request was not sent.
    user_errors: Vec<UserError>,
}

/// Which request to accept.
#[derive(Debug, InputObject)]
pub struct AcceptFriendRequestInput {
    /// The request that you received.
    request_id: ID,
    /// Any text of 1-100 characters of your own, kept for a day: repeating the call with it changes nothing more.
    idempotency_key: Option<String>,
}

/// What accepting came to.
#[derive(Debug, Default, SimpleObject)]
pub struct AcceptFriendRequestPayload {
    /// Your new friend.
    friend: Option<User>,
    /// Why you are not friends.
    user_errors: Vec<UserError>,
}

/// Which request to refuse.
#[derive(Debug, InputObject)]
pub struct DeclineFriendRequestInput {
    /// The request that you received.
    request_id: ID,
    /// Any text of 1-100 characters of your own, kept for a day: repeating the call with it changes nothing more.
    idempotency_key: Option<String>,
}

/// What refusing came to.
#[derive(Debug, Default, SimpleObject)]
pub struct DeclineFriendRequestPayload {
    /// Who asked. They are not told: for them the request still waits.
    user: Option<User>,
    /// Why nothing was refused.
    user_errors: Vec<UserError>,
}

/// Which request to take back.
#[derive(Debug, InputObject)]
pub struct CancelFriendRequestInput {
    /// The request that you sent.
    request_id: ID,
    /// Any text of 1-100 characters of your own, kept for a day: repeating the call with it changes nothing more.
    idempotency_key: Option<String>,
}

/// What taking back came to.
#[derive(Debug, Default, SimpleObject)]
pub struct CancelFriendRequestPayload {
    /// Whom you had asked.
    user: Option<User>,
    /// Why nothing was taken back.
    user_errors: Vec<UserError>,
}

/// Whose friend to be no longer.
#[derive(Debug, InputObject)]
pub struct EndFriendshipInput {
    /// The friend.
    user_id: ID,
    /// Any text of 1-100 characters of your own, kept for a day: repeating the call with it changes nothing more.
    idempotency_key: Option<String>,
}

/// What ending the friendship came to.
#[derive(Debug, Default, SimpleObject)]
pub struct EndFriendshipPayload {
    /// Who was your friend.
    user: Option<User>,
    /// Why nothing was ended.
    user_errors: Vec<UserError>,
}

/// Changing friendships.
#[derive(Debug, Default)]
pub struct FriendshipMutation;

#[Object]
impl FriendshipMutation {
    /// Asks a user to become friends. Asking again changes nothing; if the user asked you, too, you
    /// are friends at once. The user sees the request in `Viewer.incomingFriendRequests`.
    async fn request_friendship(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whom to ask.")] input: RequestFriendshipInput,
    ) -> Option<Result<RequestFriendshipPayload, Error>> {
        Some(request(ctx, input).await)
    }

    /// Accepts a request that you received: you are friends from then on.
    async fn accept_friend_request(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which request.")] input: AcceptFriendRequestInput,
    ) -> Option<Result<AcceptFriendRequestPayload, Error>> {
        Some(accept(ctx, input).await)
    }

    /// Refuses a request that you received, silently.
    async fn decline_friend_request(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which request.")] input: DeclineFriendRequestInput,
    ) -> Option<Result<DeclineFriendRequestPayload, Error>> {
        Some(decline(ctx, input).await)
    }

    /// Takes back a request that you sent.
    async fn cancel_friend_request(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which request.")] input: CancelFriendRequestInput,
    ) -> Option<Result<CancelFriendRequestPayload, Error>> {
        Some(cancel(ctx, input).await)
    }

    /// Ends a friendship, for both, and with it what either wrote to introduce the other.
    async fn end_friendship(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whose friend to be no longer.")] input: EndFriendshipInput,
    ) -> Option<Result<EndFriendshipPayload, Error>> {
        Some(end(ctx, input).await)
    }
}

async fn request(
    ctx: &Context<'_>,
    input: RequestFriendshipInput,
) -> Result<RequestFriendshipPayload, Error> {
    let me = ctx.member()?.id;
    let [other] = GlobalId::expect(&input.user_id, Kind::User)?;
    let done = service::request(ctx.app(), me, other, &input.message, input.idempotency_key).await;
    let asked = match answer(done)? {
        Ok(asked) => asked,
        Err(user_errors) => {
            return Ok(RequestFriendshipPayload {
                user_errors,
                ..Default::default()
            });
        }
    };
    let user = written(ctx, other).await?;
    Ok(RequestFriendshipPayload {
        friend_request: edges::request(ctx, me, other).await?,
        user,
        became_friends: asked == Asked::Friends,
        user_errors: Vec::new(),
    })
}

async fn accept(
    ctx: &Context<'_>,
    input: AcceptFriendRequestInput,
) -> Result<AcceptFriendRequestPayload, Error> {
    let (me, sender) = received(ctx, &input.request_id)?;
    let done = service::accept(ctx.app(), me, sender, input.idempotency_key).await;
    let (friend, user_errors) = settled(ctx, sender, done).await?;
    Ok(AcceptFriendRequestPayload {
        friend,
        user_errors,
    })
}

async fn decline(
    ctx: &Context<'_>,
    input: DeclineFriendRequestInput,
) -> Result<DeclineFriendRequestPayload, Error> {
    let (me, sender) = received(ctx, &input.request_id)?;
    let done = service::decline(ctx.app(), me, sender, input.idempotency_key).await;
    let (user, user_errors) = settled(ctx, sender, done).await?;
    Ok(DeclineFriendRequestPayload { user, user_errors })
}

async fn cancel(
    ctx: &Context<'_>,
    input: CancelFriendRequestInput,
) -> Result<CancelFriendRequestPayload, Error> {
    let me = ctx.member()?.id;
    let [sender, recipient] = GlobalId::expect(&input.request_id, Kind::FriendRequest)?;
    // Somebody else's request is answered like one that never was: nobody sent it from here.
    let recipient = if sender == me { recipient } else { me };
    let done = service::cancel(ctx.app(), me, recipient, input.idempotency_key).await;
    let (user, user_errors) = settled(ctx, recipient, done).await?;
    Ok(CancelFriendRequestPayload { user, user_errors })
}

async fn end(ctx: &Context<'_>, input: EndFriendshipInput) -> Result<EndFriendshipPayload, Error> {
    let me = ctx.member()?.id;
    let [other] = GlobalId::expect(&input.user_id, Kind::User)?;
    let done = ending::end(ctx.app(), me, other, input.idempotency_key).await;
    let (user, user_errors) = settled(ctx, other, done).await?;
    Ok(EndFriendshipPayload { user, user_errors })
}

/// The viewer and the sender of a request to the viewer. A request to somebody else is answered
/// like one that never was: nobody sends requests to oneself.
fn received(ctx: &Context<'_>, id: &ID) -> Result<(Uuid, Uuid), Error> {
    let me = ctx.member()?.id;
    let [sender, recipient] = GlobalId::expect(id, Kind::FriendRequest)?;
    Ok((me, if recipient == me { sender } else { me }))
}

/// The other user where the mutation was carried out, or the reasons why it was not.
async fn settled(
    ctx: &Context<'_>,
    other: Uuid,
    done: Result<(), Rejection>,
) -> Result<(Option<User>, Vec<UserError>), Error> {
    Ok(match answer(done)? {
        Ok(()) => (written(ctx, other).await?, Vec::new()),
        Err(errors) => (None, errors),
    })
}
