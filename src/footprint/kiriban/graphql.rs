//! Kiriban in the API: whom they name, and the mutations.

use async_graphql::{ComplexObject, Context, InputObject, Object, SimpleObject};

use super::{edges, node::Kiriban, service};
use crate::{
    error::Error,
    graphql::context::ContextExt,
    rejection::{UserError, answer},
    user::{edges::named, node::User},
};

#[ComplexObject]
impl Kiriban {
    /// Who named it.
    async fn owner(&self, ctx: &Context<'_>) -> Result<User, Error> {
        named(ctx, self.row.owner_id).await
    }

    /// Who made that visit; null while it is still to come, and where the visitor is not named to you: by
    /// their `FootprintPolicy`, for others than its owner also where they are named to friends alone; by yours,
    /// for who is not named sees no names; or because they are hidden from you.
    async fn visitor(&self, ctx: &Context<'_>) -> Option<Result<User, Error>> {
        edges::visitor(ctx, &self.row).await.transpose()
    }
}

/// Which number to name.
#[derive(Debug, InputObject)]
pub struct NameKiribanInput {
    /// A number of visits that is still to come: over `Viewer.visitCount`, and up to 1,000,000,000.
    number: i32,
    /// Any text of 1-100 characters of your own, kept for a day: repeating the call with it changes nothing more.
    idempotency_key: Option<String>,
}

/// What naming came to.
#[derive(Debug, Default, SimpleObject)]
pub struct NameKiribanPayload {
    /// The number, as it stands in your `User.kiribans`.
    kiriban: Option<Kiriban>,
    /// Why nothing was named.
    user_errors: Vec<UserError>,
}

/// Which number to name no longer.
#[derive(Debug, InputObject)]
pub struct RemoveKiribanInput {
    /// A number that you named, and that nobody has reached.
    number: i32,
    /// Any text of 1-100 characters of your own, kept for a day: repeating the call with it changes nothing more.
    idempotency_key: Option<String>,
}

/// What removing came to.
#[derive(Debug, Default, SimpleObject)]
pub struct RemoveKiribanPayload {
    /// The number that is named no longer.
    removed_number: Option<i32>,
    /// Why nothing was removed.
    user_errors: Vec<UserError>,
}

/// Naming numbers of visits.
#[derive(Debug, Default)]
pub struct KiribanMutation;

#[Object]
impl KiribanMutation {
    /// Names a number of the visits to you (*kiriban*): members see it on your profile, and whoever makes that
    /// visit is told so at once, by the payload of the visit, and once. Up to 10 can be still to come.
    async fn name_kiriban(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which number.")] input: NameKiribanInput,
    ) -> Option<Result<NameKiribanPayload, Error>> {
        Some(name(ctx, input).await)
    }

    /// Takes a number back that you named, and that nobody has reached. One that was reached stays.
    async fn remove_kiriban(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which number.")] input: RemoveKiribanInput,
    ) -> Option<Result<RemoveKiribanPayload, Error>> {
        Some(remove(ctx, input).await)
    }
}

async fn name(ctx: &Context<'_>, input: NameKiribanInput) -> Result<NameKiribanPayload, Error> {
    let me = ctx.member()?.id;
    let done = service::name(ctx.app(), me, input.number, input.idempotency_key).await;
    Ok(match answer(done)? {
        Ok(()) => {
            ctx.fresh();
            NameKiribanPayload {
                kiriban: edges::kiriban(ctx, (me, input.number.into())).await?,
                user_errors: Vec::new(),
            }
        }
        Err(user_errors) => NameKiribanPayload {
            kiriban: None,
            user_errors,
        },
    })
}

async fn remove(
    ctx: &Context<'_>,
    input: RemoveKiribanInput,
) -> Result<RemoveKiribanPayload, Error> {
    let me = ctx.member()?.id;
    let done = service::remove(ctx.app(), me, input.number, input.idempotency_key).await;
    Ok(match answer(done)? {
        Ok(()) => {
            ctx.fresh();
            RemoveKiribanPayload {
                removed_number: Some(input.number),
                user_errors: Vec::new(),
            }
        }
        Err(user_errors) => RemoveKiribanPayload {
            removed_number: None,
            user_errors,
        },
    })
}
