//! Introductions in the API: whom they name, and the mutations.

use async_graphql::{ComplexObject, Context, ID, InputObject, Object, SimpleObject};

use super::{edges, node::Introduction, service};
use crate::{
    error::Error,
    friendship::loader::can_act_with,
    graphql::context::ContextExt,
    ids::{GlobalId, Kind},
    rejection::{UserError, answer},
    user::{
        edges::{named, written},
        node::User,
    },
};

#[ComplexObject]
impl Introduction {
    /// Whom it introduces.
    async fn subject(&self, ctx: &Context<'_>) -> Result<User, Error> {
        let [subject, _] = self.key;
        named(ctx, subject).await
    }

    /// The friend who wrote it.
    async fn author(&self, ctx: &Context<'_>) -> Result<User, Error> {
        let [_, author] = self.key;
        named(ctx, author).await
    }

    /// Whether `writeIntroduction` would change it for you: it is yours.
    async fn viewer_can_edit(&self, ctx: &Context<'_>) -> bool {
        let [subject, author] = self.key;
        ctx.viewer().id() == Some(author) && can_act_with(ctx.loaders(), subject)
    }

    /// Whether `deleteIntroduction` would remove it for you: it is yours, or it introduces you.
    async fn viewer_can_delete(&self, ctx: &Context<'_>) -> bool {
        let [subject, author] = self.key;
        let with = match ctx.viewer().id() {
            Some(me) if me == author => subject,
            Some(me) if me == subject => author,
            _ => return false,
        };
        can_act_with(ctx.loaders(), with)
    }
}

/// Whom to introduce, and how.
#[derive(Debug, InputObject)]
pub struct WriteIntroductionInput {
    /// The user: a friend of yours.
    user_id: ID,
    /// The text, 1-1,000 characters.
    body: String,
    /// Any text of 1-100 characters of your own, kept for a day: repeating the call with it changes nothing more.
    idempotency_key: Option<String>,
}

/// What introducing came to.
#[derive(Debug, Default, SimpleObject)]
pub struct WriteIntroductionPayload {
    /// Your introduction, as the friend's profile shows it.
    introduction: Option<Introduction>,
    /// The friend, with it among their `introductions`.
    user: Option<User>,
    /// Why nothing was written.
    user_errors: Vec<UserError>,
}

/// Which introduction to remove.
#[derive(Debug, InputObject)]
pub struct DeleteIntroductionInput {
    /// The introduction: one that you wrote, or one that introduces you.
    introduction_id: ID,
    /// Any text of 1-100 characters of your own, kept for a day: repeating the call with it changes nothing more.
    idempotency_key: Option<String>,
}

/// What removing came to.
#[derive(Debug, Default, SimpleObject)]
pub struct DeleteIntroductionPayload {
    /// The id that names nothing now.
    deleted_introduction_id: Option<ID>,
    /// Whom it introduced, without it.
    user: Option<User>,
    /// Why nothing was removed.
    user_errors: Vec<UserError>,
}

/// Introducing friends.
#[derive(Debug, Default)]
pub struct IntroductionMutation;

#[Object]
impl IntroductionMutation {
    /// Writes an introduction of a friend, for members to read on the friend's profile; changes yours where
    /// there is one, which stays in its place then. The friend can remove it. It goes when you stop being
    /// friends.
    async fn write_introduction(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of whom, and what.")] input: WriteIntroductionInput,
    ) -> Option<Result<WriteIntroductionPayload, Error>> {
        Some(write(ctx, input).await)
    }

    /// Removes an introduction, as its author, or as whom it introduces. Neither is told. (Its author can
    /// write another.)
    async fn delete_introduction(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which introduction.")] input: DeleteIntroductionInput,
    ) -> Option<Result<DeleteIntroductionPayload, Error>> {
        Some(delete(ctx, input).await)
    }
}

async fn write(
    ctx: &Context<'_>,
    input: WriteIntroductionInput,
) -> Result<WriteIntroductionPayload, Error> {
    let me = ctx.member()?.id;
    let [subject] = GlobalId::expect(&input.user_id, Kind::User)?;
    let done = service::write(ctx.app(), me, subject, &input.body, input.idempotency_key).await;
    Ok(match answer(done)? {
        Ok(()) => WriteIntroductionPayload {
            user: written(ctx, subject).await?,
            introduction: edges::introduction(ctx, [subject, me]).await?,
            user_errors: Vec::new(),
        },
        Err(user_errors) => WriteIntroductionPayload {
            user_errors,
            ..Default::default()
        },
    })
}

async fn delete(
    ctx: &Context<'_>,
    input: DeleteIntroductionInput,
) -> Result<DeleteIntroductionPayload, Error> {
    let me = ctx.member()?.id;
    let key = GlobalId::expect(&input.introduction_id, Kind::Introduction)?;
    let [subject, _] = key;
    let done = service::delete(ctx.app(), me, key, input.idempotency_key).await;
    Ok(match answer(done)? {
        Ok(()) => DeleteIntroductionPayload {
            deleted_introduction_id: Some(input.introduction_id),
            user: written(ctx, subject).await?,
            user_errors: Vec::new(),
        },
        Err(user_errors) => DeleteIntroductionPayload {
            user_errors,
            ..Default::default()
        },
    })
}
