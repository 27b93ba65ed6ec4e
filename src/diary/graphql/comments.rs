//! Comments in the API: writing and removing them.

use async_graphql::{Context, ID, InputObject, SimpleObject};

use crate::{
    diary::{
        edges,
        loader::visible,
        node::{Diary, DiaryComment},
        removing, service,
    },
    error::Error,
    graphql::context::ContextExt,
    ids::{GlobalId, Kind},
    rejection::{UserError, answer},
};

/// A comment to write.
#[derive(Debug, InputObject)]
pub struct CommentOnDiaryInput {
    /// A diary that you can see.
    diary_id: ID,
    /// The text, 1-2,000 characters.
    body: String,
    /// Any text of 1-100 characters of your own, kept for a day: repeating the call with it writes no second
    /// comment.
    idempotency_key: Option<String>,
}

/// What commenting came to.
#[derive(Debug, Default, SimpleObject)]
pub struct CommentOnDiaryPayload {
    /// The new comment.
    comment: Option<DiaryComment>,
    /// The diary, with the comment counted.
    diary: Option<Diary>,
    /// Why nothing was written.
    user_errors: Vec<UserError>,
}

/// Which comment to remove.
#[derive(Debug, InputObject)]
pub struct DeleteDiaryCommentInput {
    /// The comment: one of yours, or one under a diary of yours.
    comment_id: ID,
    /// Any text of 1-100 characters of your own, kept for a day: repeating the call with it changes nothing more.
    idempotency_key: Option<String>,
}

/// What removing came to.
#[derive(Debug, Default, SimpleObject)]
pub struct DeleteDiaryCommentPayload {
    /// The id that names nothing now.
    deleted_comment_id: Option<ID>,
    /// The diary, with the comment no longer counted; null if you can no longer see it.
    diary: Option<Diary>,
    /// Why nothing was removed.
    user_errors: Vec<UserError>,
}

pub(super) async fn comment(
    ctx: &Context<'_>,
    input: CommentOnDiaryInput,
) -> Result<CommentOnDiaryPayload, Error> {
    let me = ctx.member()?.id;
    let diary = GlobalId::expect(&input.diary_id, Kind::Diary)?;
    // What was written just now is there for who wrote it; what a key recalls may be hidden since.
    let is_new = input.idempotency_key.is_none();
    let done = service::comment(ctx.app(), me, diary, &input.body, input.idempotency_key).await;
    Ok(match answer(done)? {
        Ok(key) => {
            let loaders = ctx.fresh();
            let (mut written, mut under) = (None, None);
            if ctx.asks("comment") {
                written = match is_new {
                    true => edges::new_comment(ctx, key).await?,
                    false => edges::comment(ctx, key).await?,
                };
            }
            if ctx.asks("diary") {
                under = visible(loaders, diary).await?;
            }
            CommentOnDiaryPayload {
                diary: under,
                comment: written,
                user_errors: Vec::new(),
            }
        }
        Err(user_errors) => CommentOnDiaryPayload {
            user_errors,
            ..Default::default()
        },
    })
}

pub(super) async fn delete_comment(
    ctx: &Context<'_>,
    input: DeleteDiaryCommentInput,
) -> Result<DeleteDiaryCommentPayload, Error> {
    let me = ctx.member()?.id;
    let key = GlobalId::expect(&input.comment_id, Kind::DiaryComment)?;
    let [author, diary, _] = key;
    let done = removing::delete_comment(ctx.app(), me, key, input.idempotency_key).await;
    Ok(match answer(done)? {
        Ok(()) => DeleteDiaryCommentPayload {
            deleted_comment_id: Some(input.comment_id),
            diary: visible(ctx.fresh(), [author, diary]).await?,
            user_errors: Vec::new(),
        },
        Err(user_errors) => DeleteDiaryCommentPayload {
            user_errors,
            ..Default::default()
        },
    })
}
