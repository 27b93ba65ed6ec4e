//! Leaving, in the API.

use async_graphql::{Context, InputObject, Object, SimpleObject};

use super::{
    deletion::{
        node::{AccountDeletion, deletion},
        service as deleting,
    },
    export::{edges, node::DataExport, service as exporting},
};
use crate::{
    account::{graphql::arrival, proof::Proof},
    error::Error,
    graphql::context::ContextExt,
    paging::int,
    rejection::{UserError, answer},
};

/// Who wants a copy of their data.
#[derive(InputObject)]
pub struct RequestDataExportInput {
    /// Your password.
    password: String,
    /// Where two-factor sign-in is on: the code that your authenticator app shows, or a recovery code.
    second_factor: Option<String>,
    /// Any text of 1-100 characters of your own, kept for a day: repeating the call with it asks for no second copy.
    idempotency_key: Option<String>,
}

/// What asking for a copy came to.
#[derive(Debug, Default, SimpleObject)]
pub struct RequestDataExportPayload {
    /// The copy, which is made in the background: look at `Viewer.dataExports`, or at its `id`, until it is
    /// READY.
    data_export: Option<DataExport>,
    /// Why there will be none.
    user_errors: Vec<UserError>,
}

/// Who wants their account deleted.
#[derive(InputObject)]
pub struct DeleteAccountInput {
    /// Your password.
    password: String,
    /// Where two-factor sign-in is on: the code that your authenticator app shows, or a recovery code.
    second_factor: Option<String>,
    /// Any text of 1-100 characters of your own, kept for a day: repeating the call with it changes nothing more.
    idempotency_key: Option<String>,
}

/// What wishing the account away came to.
#[derive(Debug, Default, SimpleObject)]
pub struct DeleteAccountPayload {
    /// From when on it is being deleted.
    deletion: Option<AccountDeletion>,
    /// How many other sessions of yours have ended. This one goes on.
    ended_sessions: Option<i32>,
    /// Why the account stays.
    user_errors: Vec<UserError>,
}

/// Who thinks better of it.
#[derive(Debug, InputObject)]
pub struct CancelAccountDeletionInput {
    /// Any text of 1-100 characters of your own, kept for a day: repeating the call with it changes nothing more.
    idempotency_key: Option<String>,
}

/// What thinking better of it came to.
#[derive(Debug, Default, SimpleObject)]
pub struct CancelAccountDeletionPayload {
    /// Whether the account stays.
    canceled: bool,
    /// Why nothing was changed.
    user_errors: Vec<UserError>,
}

/// Leaving.
#[derive(Debug, Default)]
pub struct LeavingMutation;

#[Object]
impl LeavingMutation {
    /// Asks for a copy of all that is yours, which is made in the background: one at a time, and one in 24
    /// hours, unless the service is set otherwise. Asked for in another session, while there is one to be had, it
    /// makes no second: the link of the first is shown there, and no longer here.
    async fn request_data_export(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "That it is you.")] input: RequestDataExportInput,
    ) -> Option<Result<RequestDataExportPayload, Error>> {
        Some(Box::pin(request_export(ctx, input)).await)
    }

    /// Has your account be deleted after 7 days, unless the service is set otherwise: your diaries, reviews,
    /// friendships, footprints left and received, and whatever else is yours. Of your comments under others'
    /// diaries the words go. Your user name is given to nobody again. Others find nothing of you from now on.
    /// Until then you can sign in, look around, and `cancelAccountDeletion`: whatever would act with others
    /// answers `ACCOUNT_LEAVING`. Calling it again changes nothing. Take a copy first: `requestDataExport`.
    async fn delete_account(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "That it is you.")] input: DeleteAccountInput,
    ) -> Option<Result<DeleteAccountPayload, Error>> {
        Some(Box::pin(delete(ctx, input)).await)
    }

    /// Has your account stay, which was to be deleted.
    async fn cancel_account_deletion(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "For a repetition.")] input: CancelAccountDeletionInput,
    ) -> Option<Result<CancelAccountDeletionPayload, Error>> {
        Some(cancel(ctx, input).await)
    }
}

async fn request_export(
    ctx: &Context<'_>,
    input: RequestDataExportInput,
) -> Result<RequestDataExportPayload, Error> {
    let me = ctx.member()?;
    let proof = Proof::of("requestDataExport", input.password, input.idempotency_key)
        .with_second_factor(input.second_factor);
    let done = exporting::request(ctx.app(), me, proof, &arrival(ctx, None)).await;
    Ok(match answer(done)? {
        Ok(id) => {
            ctx.fresh();
            RequestDataExportPayload {
                data_export: edges::export(ctx, [me.id, id]).await?,
                user_errors: Vec::new(),
            }
        }
        Err(user_errors) => RequestDataExportPayload {
            data_export: None,
            user_errors,
        },
    })
}

async fn delete(
    ctx: &Context<'_>,
    input: DeleteAccountInput,
) -> Result<DeleteAccountPayload, Error> {
    let me = ctx.member()?;
    let proof = Proof::of("deleteAccount", input.password, input.idempotency_key)
        .with_second_factor(input.second_factor);
    let done = deleting::schedule(ctx.app(), me, proof, &arrival(ctx, None)).await;
    Ok(match answer(done)? {
        Ok(scheduled) => {
            ctx.fresh();
            DeleteAccountPayload {
                deletion: deletion(ctx, me.id).await?,
                ended_sessions: Some(int(scheduled.ended_sessions)),
                user_errors: Vec::new(),
            }
        }
        Err(user_errors) => DeleteAccountPayload {
            user_errors,
            ..Default::default()
        },
    })
}

async fn cancel(
    ctx: &Context<'_>,
    input: CancelAccountDeletionInput,
) -> Result<CancelAccountDeletionPayload, Error> {
    let me = ctx.member()?.id;
    let done = deleting::cancel(ctx.app(), me, input.idempotency_key).await;
    Ok(match answer(done)? {
        Ok(()) => {
            ctx.fresh();
            CancelAccountDeletionPayload {
                canceled: true,
                user_errors: Vec::new(),
            }
        }
        Err(user_errors) => CancelAccountDeletionPayload {
            canceled: false,
            user_errors,
        },
    })
}
