//! What administrators change of users, in the API.

use async_graphql::{Context, Enum, ID, InputObject, Object, SimpleObject};
use entity::values;

use super::{edges::written, node::User, roles};
use crate::{
    error::Error,
    graphql::context::ContextExt,
    ids::{GlobalId, Kind},
    rejection::{UserError, answer},
};

/// Whom to recognise as a tarento.
#[derive(Debug, InputObject)]
pub struct SetTarentoInput {
    /// The user.
    user_id: ID,
    /// Whether the user is a tarento from now on.
    tarento: bool,
    /// Any text of 1-100 characters of your own, kept for a day: repeating the call with it changes nothing more.
    idempotency_key: Option<String>,
}

/// What recognising a tarento came to.
#[derive(Debug, SimpleObject)]
pub struct SetTarentoPayload {
    /// The user, as changed.
    user: Option<User>,
    /// Why nothing was changed.
    user_errors: Vec<UserError>,
}

/// What a user may do beyond what everybody may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "values::Role")]
pub enum Role {
    /// Nothing.
    Member,
    /// Looks after what is reported.
    Moderator,
    /// Recognises tarento, gives roles, and reads the audit log, beside what moderators do.
    Administrator,
}

/// Whom to give which role.
#[derive(Debug, InputObject)]
pub struct SetRoleInput {
    /// The user: somebody else.
    user_id: ID,
    /// The role.
    role: Role,
    /// Any text of 1-100 characters of your own, kept for a day: repeating the call with it changes nothing more.
    idempotency_key: Option<String>,
}

/// What giving a role came to.
#[derive(Debug, SimpleObject)]
pub struct SetRolePayload {
    /// The user.
    user: Option<User>,
    /// Why nothing was changed.
    user_errors: Vec<UserError>,
}

/// Changing what users are.
#[derive(Debug, Default)]
pub struct AdministrationMutation;

#[Object]
impl AdministrationMutation {
    /// For administrators: recognises a user as a tarento, or ends that. Who loses the status keeps
    /// the friends, and can add none while over the limit.
    async fn set_tarento(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who, and whether.")] input: SetTarentoInput,
    ) -> Option<Result<SetTarentoPayload, Error>> {
        Some(set_tarento(ctx, input).await)
    }

    /// For administrators: gives a user a role. One's own is changed by another administrator, so that
    /// there is always one left.
    async fn set_role(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whom, and which.")] input: SetRoleInput,
    ) -> Option<Result<SetRolePayload, Error>> {
        Some(set_role(ctx, input).await)
    }
}

async fn set_tarento(
    ctx: &Context<'_>,
    input: SetTarentoInput,
) -> Result<SetTarentoPayload, Error> {
    let me = ctx.member()?.id;
    let [id] = GlobalId::expect(&input.user_id, Kind::User)?;
    let done = roles::set_tarento(ctx.app(), me, id, input.tarento, input.idempotency_key).await;
    Ok(match answer(done)? {
        Ok(()) => SetTarentoPayload {
            user: written(ctx, id).await?,
            user_errors: Vec::new(),
        },
        Err(user_errors) => SetTarentoPayload {
            user: None,
            user_errors,
        },
    })
}

async fn set_role(ctx: &Context<'_>, input: SetRoleInput) -> Result<SetRolePayload, Error> {
    let me = ctx.member()?.id;
    let [id] = GlobalId::expect(&input.user_id, Kind::User)?;
    let role = input.role.into();
    let done = roles::set_role(ctx.app(), me, id, role, input.idempotency_key).await;
    Ok(match answer(done)? {
        Ok(()) => SetRolePayload {
            user: written(ctx, id).await?,
            user_errors: Vec::new(),
        },
        Err(user_errors) => SetRolePayload {
            user: None,
            user_errors,
        },
    })
}
