//! Inviting, in the API.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};

use super::{
    edges,
    node::{Invitation, InvitationOffer},
    service::{self, Wish},
};
use crate::{
    error::Error,
    graphql::context::ContextExt,
    ids::{GlobalId, Kind},
    rejection::{UserError, answer},
    user::loader::user,
};

/// How many people an invitation is for, and how long.
#[derive(Debug, InputObject)]
pub struct CreateInvitationInput {
    /// How many people can join by it: 1-100.
    #[graphql(default = 1)]
    places: i32,
    /// How many days it lasts: 1-90.
    #[graphql(default = 14)]
    expires_in_days: i32,
    /// Any text of 1-100 characters of your own, kept for a day: repeating the call with it makes no second
    /// invitation, but gives a further code for the first, because codes are kept nowhere: up to 100 codes at once,
    /// by default, of all your invitations together.
    idempotency_key: Option<String>,
}

/// What inviting came to.
#[derive(Debug, Default, SimpleObject)]
pub struct CreateInvitationPayload {
    /// The invitation.
    invitation: Option<Invitation>,
    /// What to give to those whom you invite, for `SignUpInput.invitationCode`, as
    /// `7K4D-9QXM-2F8T-WB3E`. It is shown once.
    code: Option<String>,
    /// Why there is none.
    user_errors: Vec<UserError>,
}

/// Which invitation to end.
#[derive(Debug, InputObject)]
pub struct RevokeInvitationInput {
    /// One of `Viewer.invitations`.
    invitation_id: ID,
    /// Any text of 1-100 characters of your own, kept for a day: repeating the call with it changes nothing more.
    idempotency_key: Option<String>,
}

/// What ending an invitation came to.
#[derive(Debug, Default, SimpleObject)]
pub struct RevokeInvitationPayload {
    /// The invitation, as it is now; null where nobody had joined by it: then it is gone.
    invitation: Option<Invitation>,
    /// Why it was not ended.
    user_errors: Vec<UserError>,
}

/// Reading invitations.
#[derive(Debug, Default)]
pub struct InvitationQuery;

#[Object]
impl InvitationQuery {
    /// What somebody is offered who was given this code; null where nobody can join by it: it is
    /// mistyped, used up or expired.
    async fn invitation_offer(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The code, whatever its case, spaces and hyphens.")] code: String,
    ) -> Option<Result<InvitationOffer, Error>> {
        offer(ctx, &code).await.transpose()
    }
}

async fn offer(ctx: &Context<'_>, code: &str) -> Result<Option<InvitationOffer>, Error> {
    let app = ctx.app();
    let Some(row) = service::open_by(app, app.database.reader(), code).await? else {
        return Ok(None);
    };
    Ok(Some(InvitationOffer {
        inviter: user(ctx.loaders(), row.inviter_id, true).await?,
        expires_at: row.expires_at.into(),
    }))
}

/// Inviting.
#[derive(Debug, Default)]
pub struct InvitationMutation;

#[Object]
impl InvitationMutation {
    /// Makes an invitation. Who joins by it becomes your friend, and you are remembered as who brought
    /// them. `Viewer.invitationPlacesLeft` says for how many people you can still make one.
    async fn create_invitation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "For how many, and how long.")] input: CreateInvitationInput,
    ) -> Option<Result<CreateInvitationPayload, Error>> {
        Some(create(ctx, input).await)
    }

    /// Ends an invitation of yours: nobody joins by it any more, and its codes are gone. Its open places are yours
    /// again. One by which nobody joined is gone.
    async fn revoke_invitation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which.")] input: RevokeInvitationInput,
    ) -> Option<Result<RevokeInvitationPayload, Error>> {
        Some(revoke(ctx, input).await)
    }
}

async fn create(
    ctx: &Context<'_>,
    input: CreateInvitationInput,
) -> Result<CreateInvitationPayload, Error> {
    let me = ctx.member()?.id;
    let wish = Wish {
        places: input.places,
        days: input.expires_in_days,
    };
    let done = service::create(ctx.app(), me, wish, input.idempotency_key).await;
    Ok(match answer(done)? {
        Ok(([inviter, id], code)) => {
            ctx.fresh();
            CreateInvitationPayload {
                invitation: edges::invitation(ctx, inviter, id).await?,
                code: Some(code.write()),
                user_errors: Vec::new(),
            }
        }
        Err(user_errors) => CreateInvitationPayload {
            user_errors,
            ..Default::default()
        },
    })
}

async fn revoke(
    ctx: &Context<'_>,
    input: RevokeInvitationInput,
) -> Result<RevokeInvitationPayload, Error> {
    let me = ctx.member()?.id;
    let key @ [inviter, id] = GlobalId::expect(&input.invitation_id, Kind::Invitation)?;
    let done = service::revoke(ctx.app(), me, key, input.idempotency_key).await;
    Ok(match answer(done)? {
        Ok(()) => {
            ctx.fresh();
            RevokeInvitationPayload {
                invitation: edges::invitation(ctx, inviter, id).await?,
                user_errors: Vec::new(),
            }
        }
        Err(user_errors) => RevokeInvitationPayload {
            user_errors,
            ..Default::default()
        },
    })
}
