//! Diaries in the API: the edges of diaries and comments, and the mutations.

mod comments;
pub mod search;

use async_graphql::{ComplexObject, Context, ID, InputObject, Object, SimpleObject};

use comments::{
    CommentOnDiaryInput, CommentOnDiaryPayload, DeleteDiaryCommentInput, DeleteDiaryCommentPayload,
    comment, delete_comment,
};

use super::{
    commented,
    loader::{comment_count, visible},
    node::{Audience, Diary, DiaryComment, DiaryCommentConnection},
    removing,
    service::{self, DiaryEdit, NewDiary},
};
use crate::{
    error::Error,
    friendship::{
        group::{edges as groups, node::FriendGroup, store::GroupKey},
        loader::{can_act_with, relation_for_acts},
    },
    graphql::{context::ContextExt, plain::Flat},
    ids::{GlobalId, Kind},
    paging::{PageArgs, int},
    photo::{edges as photos, node::Photo, store::PhotoKey},
    rejection::{UserError, answer},
    user::{edges::named, node::User},
    visibility::{may_reach, may_see},
};

#[ComplexObject]
impl Diary {
    /// Who wrote it.
    async fn author(&self, ctx: &Context<'_>) -> Result<User, Error> {
        let [author, _] = self.key;
        named(ctx, author).await
    }

    /// The photos in it, up to 4, in their order.
    async fn photos(&self, ctx: &Context<'_>) -> Result<Vec<Photo>, Error> {
        photos::of_diary(ctx, self).await
    }

    /// How many comments it has, but for those of users who are hidden from you: by a block, or because they are absent.
    async fn comment_count(&self, ctx: &Context<'_>) -> Result<i32, Error> {
        Ok(int(comment_count(ctx.loaders(), self).await?))
    }

    /// The comments under it, oldest first.
    async fn comments(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many: 1-100, 20 if neither is given.")] first: Option<i32>,
        #[graphql(desc = "After this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many: 1-100.")] last: Option<i32>,
        #[graphql(desc = "Before this cursor.")] before: Option<String>,
    ) -> Result<Flat<DiaryCommentConnection>, Error> {
        let args = PageArgs {
            first,
            after,
            last,
            before,
        };
        commented::comments(ctx, self, args).await
    }

    /// The group of yours that it is for; null where it is for no group, and for everybody but its author.
    async fn friend_group(&self, ctx: &Context<'_>) -> Option<Result<FriendGroup, Error>> {
        let [author, _] = self.key;
        let group = self
            .group_id
            .filter(|_| ctx.viewer().id() == Some(author))?;
        groups::group(ctx, [author, group]).await.transpose()
    }

    /// Whether `editDiary` and `deleteDiary` are yours to call: for its author, who has not called `deleteAccount`.
    async fn viewer_can_edit(&self, ctx: &Context<'_>) -> bool {
        let [author, _] = self.key;
        ctx.viewer().id() == Some(author) && !ctx.app().is_leaving(ctx.viewer())
    }

    /// Whether `commentOnDiary` would be accepted: for showing the form or not. It is so for every
    /// member who sees the diary, but between users under 18 and adults who are neither friends nor
    /// friends of friends, and for who has called `deleteAccount`.
    async fn viewer_can_comment(&self, ctx: &Context<'_>) -> Result<bool, Error> {
        let [author, _] = self.key;
        let relation = relation_for_acts(ctx.loaders(), author).await?;
        // Whoever sees one for a group is in that.
        Ok(may_see(self.audience.into(), relation, true) && may_reach(relation))
    }
}

#[ComplexObject]
impl DiaryComment {
    /// Who wrote it; null where that user has deleted their account.
    async fn author(&self, ctx: &Context<'_>) -> Option<Result<User, Error>> {
        match self.is_by_deleted_user {
            true => None,
            false => Some(named(ctx, self.author_id).await),
        }
    }

    /// The diary that it stands under; null if you can no longer see that.
    async fn diary(&self, ctx: &Context<'_>) -> Option<Result<Diary, Error>> {
        let [author, diary, _] = self.key;
        visible(ctx.loaders(), [author, diary]).await.transpose()
    }

    /// Whether `deleteDiaryComment` is yours to call: as its author or as the diary's. (Not with who is absent, nor
    /// for who has called `deleteAccount`.)
    async fn viewer_can_delete(&self, ctx: &Context<'_>) -> bool {
        let [diary_author, _, _] = self.key;
        let both = [self.author_id, diary_author];
        let is_mine = ctx.viewer().id().is_some_and(|me| both.contains(&me));
        is_mine && both.iter().all(|it| can_act_with(ctx.loaders(), *it))
    }
}

/// A diary to write.
#[derive(Debug, InputObject)]
pub struct WriteDiaryInput {
    /// The title, 1-100 characters.
    title: String,
    /// The text, 1-10,000 characters.
    body: String,
    /// Who can see it.
    #[graphql(default_with = "Audience::Friends")]
    audience: Audience,
    /// With the audience GROUP: the group of yours that can see it, and no others.
    friend_group_id: Option<ID>,
    /// Photos of yours, of `uploadPhoto`, that are used nowhere yet: up to 4, in the order in which they are shown.
    #[graphql(default)]
    photo_ids: Vec<ID>,
    /// Any text of 1-100 characters of your own, kept for a day: repeating the call with it writes no second diary.
    idempotency_key: Option<String>,
}

/// What writing came to.
#[derive(Debug, Default, SimpleObject)]
pub struct WriteDiaryPayload {
    /// The new diary.
    diary: Option<Diary>,
    /// Why nothing was written.
    user_errors: Vec<UserError>,
}

/// What to change of a diary. What is left out stays.
#[derive(Debug, InputObject)]
pub struct EditDiaryInput {
    /// The diary: one of yours.
    diary_id: ID,
    /// The new title, 1-100 characters.
    title: Option<String>,
    /// The new text, 1-10,000 characters.
    body: Option<String>,
    /// Who can see it from now on.
    audience: Option<Audience>,
    /// With the audience GROUP: the group of yours that can see it from now on.
    friend_group_id: Option<ID>,
    /// All photos that it has from now on, in their order: those of its own that are left out go, and others that
    /// are used nowhere yet come. Left out itself, all stay.
    photo_ids: Option<Vec<ID>>,
    /// Any text of 1-100 characters of your own, kept for a day: repeating the call with it changes nothing more.
    idempotency_key: Option<String>,
}

/// What editing came to.
#[derive(Debug, Default, SimpleObject)]
pub struct EditDiaryPayload {
    /// The diary, as changed.
    diary: Option<Diary>,
    /// Why nothing was changed.
    user_errors: Vec<UserError>,
}

/// Which diary to remove.
#[derive(Debug, InputObject)]
pub struct DeleteDiaryInput {
    /// The diary: one of yours.
    diary_id: ID,
    /// Any text of 1-100 characters of your own, kept for a day: repeating the call with it changes nothing more.
    idempotency_key: Option<String>,
}

/// What removing came to.
#[derive(Debug, Default, SimpleObject)]
pub struct DeleteDiaryPayload {
    /// The id that names nothing now.
    deleted_diary_id: Option<ID>,
    /// Why nothing was removed.
    user_errors: Vec<UserError>,
}

/// Writing diaries and comments.
#[derive(Debug, Default)]
pub struct DiaryMutation;

#[Object]
impl DiaryMutation {
    /// Writes a diary.
    async fn write_diary(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The diary.")] input: WriteDiaryInput,
    ) -> Option<Result<WriteDiaryPayload, Error>> {
        Some(write(ctx, input).await)
    }

    /// Changes a diary of yours: title, text, audience, photos.
    async fn edit_diary(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which diary, and what changes.")] input: EditDiaryInput,
    ) -> Option<Result<EditDiaryPayload, Error>> {
        Some(edit(ctx, input).await)
    }

    /// Removes a diary of yours with its comments and photos.
    async fn delete_diary(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which diary.")] input: DeleteDiaryInput,
    ) -> Option<Result<DeleteDiaryPayload, Error>> {
        Some(delete(ctx, input).await)
    }

    /// Writes a comment under a diary that you can see. Its author gets it live by
    /// `diaryCommented`. Where `Diary.viewerCanComment` is false it is refused as if there were no
    /// such diary.
    async fn comment_on_diary(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which diary, and the comment.")] input: CommentOnDiaryInput,
    ) -> Option<Result<CommentOnDiaryPayload, Error>> {
        Some(comment(ctx, input).await)
    }

    /// Removes a comment: one of yours, or one under a diary of yours.
    async fn delete_diary_comment(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which comment.")] input: DeleteDiaryCommentInput,
    ) -> Option<Result<DeleteDiaryCommentPayload, Error>> {
        Some(delete_comment(ctx, input).await)
    }
}

fn group_key(id: Option<&ID>) -> Result<Option<GroupKey>, Error> {
    id.map(|id| GlobalId::expect(id, Kind::FriendGroup))
        .transpose()
}

fn photo_keys(ids: &[ID]) -> Result<Vec<PhotoKey>, Error> {
    let keys = ids.iter().map(|id| GlobalId::expect(id, Kind::Photo));
    keys.collect()
}

async fn write(ctx: &Context<'_>, input: WriteDiaryInput) -> Result<WriteDiaryPayload, Error> {
    let me = ctx.member()?.id;
    let new = NewDiary {
        title: input.title,
        body: input.body,
        audience: input.audience,
        group: group_key(input.friend_group_id.as_ref())?,
        photos: photo_keys(&input.photo_ids)?,
    };
    let done = service::write(ctx.app(), me, new, input.idempotency_key).await;
    Ok(match answer(done)? {
        Ok(key) => WriteDiaryPayload {
            diary: visible(ctx.fresh(), key).await?,
            user_errors: Vec::new(),
        },
        Err(user_errors) => WriteDiaryPayload {
            diary: None,
            user_errors,
        },
    })
}

async fn edit(ctx: &Context<'_>, input: EditDiaryInput) -> Result<EditDiaryPayload, Error> {
    let me = ctx.member()?.id;
    let key = GlobalId::expect(&input.diary_id, Kind::Diary)?;
    let edit = DiaryEdit {
        title: input.title,
        body: input.body,
        audience: input.audience,
        group: group_key(input.friend_group_id.as_ref())?,
        photos: input.photo_ids.as_deref().map(photo_keys).transpose()?,
    };
    let done = service::edit(ctx.app(), me, key, edit, input.idempotency_key).await;
    Ok(match answer(done)? {
        Ok(()) => EditDiaryPayload {
            diary: visible(ctx.fresh(), key).await?,
            user_errors: Vec::new(),
        },
        Err(user_errors) => EditDiaryPayload {
            diary: None,
            user_errors,
        },
    })
}

async fn delete(ctx: &Context<'_>, input: DeleteDiaryInput) -> Result<DeleteDiaryPayload, Error> {
    let me = ctx.member()?.id;
    let key = GlobalId::expect(&input.diary_id, Kind::Diary)?;
    let done = removing::delete(ctx.app(), me, key, input.idempotency_key).await;
    Ok(match answer(done)? {
        Ok(()) => {
            ctx.fresh();
            DeleteDiaryPayload {
                deleted_diary_id: Some(input.diary_id),
                user_errors: Vec::new(),
            }
        }
        Err(user_errors) => DeleteDiaryPayload {
            deleted_diary_id: None,
            user_errors,
        },
    })
}
