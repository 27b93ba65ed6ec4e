//! What only the signed-in user sees of their account.

use async_graphql::{Context, Object};
use uuid::Uuid;

use crate::{
    account::{
        leaving::{
            deletion::node::{AccountDeletion, deletion},
            export::{edges as export, node::DataExportConnection},
        },
        loader::{codes_left, has_two_factor},
        session::{edges as session, node::SessionConnection},
    },
    error::Error,
    graphql::{context::ContextExt, plain::Flat, scalar::Date},
    invitation::{edges as invitation, node::InvitationConnection},
    paging::PageArgs,
    phone::edges as phone,
    photo::space::{self, PhotoSpace},
    plan::{
        edges as plans,
        node::{OrderConnection, PlanInEffect},
    },
    usage::{edges as usage, node::UsageDay},
    user::{
        administration::Role,
        loader::{UserById, absent},
        node::{User, UserConnection},
    },
};

/// Of the account.
#[derive(Debug)]
pub(super) struct Account {
    /// The signed-in user.
    pub(super) id: Uuid,
}

#[Object]
impl Account {
    /// Where you are signed in, the newest sign-in first: 100 at most, by default. Where there would be more, the
    /// session that was used least lately ends.
    async fn sessions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many: 1-100, 20 if not given.")] first: Option<i32>,
        #[graphql(desc = "After this cursor.")] after: Option<String>,
    ) -> Result<Flat<SessionConnection>, Error> {
        session::sessions(ctx, PageArgs::forward(first, after)).await
    }

    /// Whether two-factor sign-in is on for you.
    async fn two_factor_enabled(&self, ctx: &Context<'_>) -> Result<bool, Error> {
        has_two_factor(ctx.loaders(), self.id).await
    }

    /// How many of your recovery codes were not used yet. Who has none makes new ones by
    /// `createRecoveryCodes`.
    async fn recovery_codes_left(&self, ctx: &Context<'_>) -> Result<i32, Error> {
        codes_left(ctx.loaders(), self.id).await
    }

    /// The invitations that you made, newest first. Those that ended without anybody go after a while.
    async fn invitations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many: 1-100, 20 if not given.")] first: Option<i32>,
        #[graphql(desc = "After this cursor.")] after: Option<String>,
    ) -> Result<Flat<InvitationConnection>, Error> {
        invitation::invitations(ctx, self.id, PageArgs::forward(first, after)).await
    }

    /// For how many people you can still make invitations; null where there is no limit, as for
    /// administrators. Places of open invitations are taken; those that nobody used come back.
    async fn invitation_places_left(&self, ctx: &Context<'_>) -> Result<Option<i32>, Error> {
        invitation::places_left(ctx, self.id).await
    }

    /// Who joined by your invitations, the last first. Only you see it.
    async fn invitees(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many: 1-100, 20 if not given.")] first: Option<i32>,
        #[graphql(desc = "After this cursor.")] after: Option<String>,
    ) -> Result<Flat<UserConnection>, Error> {
        invitation::invitees(ctx, self.id, PageArgs::forward(first, after)).await
    }

    /// By whose invitation you joined; null where it was nobody's, or somebody's whom you may not see.
    /// Only you see it.
    async fn inviter(&self, ctx: &Context<'_>) -> Result<Option<User>, Error> {
        invitation::inviter(ctx, self.id).await
    }

    /// Whether you have verified a mobile number: `verifyPhoneNumber`. Nobody is shown the number.
    async fn phone_number_verified(&self, ctx: &Context<'_>) -> Result<bool, Error> {
        phone::is_verified(ctx, self.id).await
    }

    /// The space that your photos take, and how much you have.
    async fn photo_space(&self, ctx: &Context<'_>) -> Result<PhotoSpace, Error> {
        space::of(ctx, self.id).await
    }

    /// What you did by day, in Japan: visits, writing and reading. The last day first, each day, also those on which
    /// you did nothing. Only you see it. After 400 days it is forgotten, unless the service is set otherwise.
    async fn usage(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 30, desc = "So many days: 1-100, 30 if not given.")] days: i32,
        #[graphql(desc = "Up to this day: today, if not given.")] until: Option<Date>,
    ) -> Result<Vec<UsageDay>, Error> {
        usage::usage(ctx, self.id, days, until).await
    }

    /// The plan that you have, for which you pay; null if you have none. Only you see it.
    async fn plan(&self, ctx: &Context<'_>) -> Option<Result<PlanInEffect, Error>> {
        plans::plan(ctx, self.id).await.transpose()
    }

    /// The plans that you ordered, the last first, whatever became of the orders. Only you see them.
    async fn orders(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many: 1-100, 20 if not given.")] first: Option<i32>,
        #[graphql(desc = "After this cursor.")] after: Option<String>,
    ) -> Result<Flat<OrderConnection>, Error> {
        plans::orders(ctx, self.id, PageArgs::forward(first, after)).await
    }

    /// Your copies of all that is yours, the last one first: `requestDataExport` asks for one. They stay in
    /// this list for 30 days.
    async fn data_exports(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many: 1-100, 20 if not given.")] first: Option<i32>,
        #[graphql(desc = "After this cursor.")] after: Option<String>,
    ) -> Result<Flat<DataExportConnection>, Error> {
        export::exports(ctx, self.id, PageArgs::forward(first, after)).await
    }

    /// When your account is to be deleted, where you have called `deleteAccount`: tell people so when they
    /// sign in, for until then `cancelAccountDeletion` keeps it. Null for everybody else.
    async fn deletion(&self, ctx: &Context<'_>) -> Option<Result<AccountDeletion, Error>> {
        deletion(ctx, self.id).await.transpose()
    }

    /// What you may do beyond what everybody may.
    async fn role(&self, ctx: &Context<'_>) -> Result<Role, Error> {
        let row = ctx.loaders().load(UserById(self.id)).await?;
        Ok(row.ok_or_else(|| absent(self.id))?.role.into())
    }
}
