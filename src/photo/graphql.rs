//! Uploading and removing photos, in the API.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};

use super::{
    edges,
    node::Photo,
    service::{self, Purpose},
};
use crate::{
    error::Error,
    graphql::{context::ContextExt, upload::Upload},
    ids::{GlobalId, Kind},
    rejection::{UserError, answer},
    user::{edges::written, node::User},
};

/// A photo to upload.
#[derive(Debug, InputObject)]
pub struct UploadPhotoInput {
    /// The file: JPEG, PNG or WebP, of at most 10 MB and 40 million pixels, unless the service is set otherwise.
    file: Upload,
    /// Any text of 1-100 characters of your own, kept for a day: repeating the call with it uploads no second photo.
    idempotency_key: Option<String>,
}

/// What uploading came to.
#[derive(Debug, Default, SimpleObject)]
pub struct UploadPhotoPayload {
    /// The photo, which is used nowhere yet.
    photo: Option<Photo>,
    /// Why nothing was stored.
    user_errors: Vec<UserError>,
}

/// A picture for your profile.
#[derive(Debug, InputObject)]
pub struct SetProfilePhotoInput {
    /// The file, as for `uploadPhoto`: a picture of anything.
    file: Upload,
    /// Any text of 1-100 characters of your own, kept for a day: repeating the call with it changes nothing more.
    idempotency_key: Option<String>,
}

/// What that came to.
#[derive(Debug, Default, SimpleObject)]
pub struct SetProfilePhotoPayload {
    /// You, as changed.
    user: Option<User>,
    /// Why nothing was changed.
    user_errors: Vec<UserError>,
}

/// That your profile is to have no picture.
#[derive(Debug, InputObject)]
pub struct RemoveProfilePhotoInput {
    /// Any text of 1-100 characters of your own, kept for a day: repeating the call with it changes nothing more.
    idempotency_key: Option<String>,
}

/// What that came to.
#[derive(Debug, Default, SimpleObject)]
pub struct RemoveProfilePhotoPayload {
    /// You, as changed.
    user: Option<User>,
    /// Why nothing was changed.
    user_errors: Vec<UserError>,
}

/// Which photo to remove.
#[derive(Debug, InputObject)]
pub struct DeletePhotoInput {
    /// The photo: one of yours.
    photo_id: ID,
    /// Any text of 1-100 characters of your own, kept for a day: repeating the call with it changes nothing more.
    idempotency_key: Option<String>,
}

/// What removing came to.
#[derive(Debug, Default, SimpleObject)]
pub struct DeletePhotoPayload {
    /// The id that names nothing now.
    deleted_photo_id: Option<ID>,
    /// Why nothing was removed.
    user_errors: Vec<UserError>,
}

/// Photos.
#[derive(Debug, Default)]
pub struct PhotoMutation;

#[Object]
impl PhotoMutation {
    /// Uploads a photo, to put it into a diary afterwards: `writeDiary` and `editDiary` take its id. Until then
    /// only you see it; where it is used nowhere it goes after a day. It counts against your `Viewer.photoSpace`
    /// from now on. The request is `multipart/form-data`, with the header `GraphQL-Require-Preflight: 1`, after
    /// <https://github.com/jaydenseric/graphql-multipart-request-spec>: up to 4 files, each in one place.
    async fn upload_photo(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The file.")] input: UploadPhotoInput,
    ) -> Option<Result<UploadPhotoPayload, Error>> {
        Some(Box::pin(upload(ctx, input)).await)
    }

    /// Uploads a picture and puts it on your profile, in the place of the one that is there, which goes. The
    /// request is as for `uploadPhoto`. (There is to be room for both for a moment.)
    async fn set_profile_photo(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The file.")] input: SetProfilePhotoInput,
    ) -> Option<Result<SetProfilePhotoPayload, Error>> {
        Some(Box::pin(set(ctx, input)).await)
    }

    /// Removes the picture of your profile. Where there is none, nothing changes.
    async fn remove_profile_photo(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "For a repetition.")] input: RemoveProfilePhotoInput,
    ) -> Option<Result<RemoveProfilePhotoPayload, Error>> {
        Some(remove(ctx, input).await)
    }

    /// Removes a photo of yours: from your profile, from the diary that it stands in, for everybody who has a
    /// link to it. Its space is yours again at once.
    async fn delete_photo(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which photo.")] input: DeletePhotoInput,
    ) -> Option<Result<DeletePhotoPayload, Error>> {
        Some(delete(ctx, input).await)
    }
}

async fn upload(ctx: &Context<'_>, input: UploadPhotoInput) -> Result<UploadPhotoPayload, Error> {
    let me = ctx.member()?.id;
    let file = input.file.take(ctx)?;
    let key = input.idempotency_key;
    let done = service::upload(ctx.app(), me, file, Purpose::Later, key).await;
    Ok(match answer(done)? {
        Ok(key) => {
            ctx.fresh();
            UploadPhotoPayload {
                photo: edges::photo(ctx, key).await?,
                user_errors: Vec::new(),
            }
        }
        Err(user_errors) => UploadPhotoPayload {
            photo: None,
            user_errors,
        },
    })
}

async fn set(
    ctx: &Context<'_>,
    input: SetProfilePhotoInput,
) -> Result<SetProfilePhotoPayload, Error> {
    let me = ctx.member()?.id;
    let file = input.file.take(ctx)?;
    let key = input.idempotency_key;
    let done = service::upload(ctx.app(), me, file, Purpose::Profile, key).await;
    Ok(match answer(done)? {
        Ok(_) => SetProfilePhotoPayload {
            user: written(ctx, me).await?,
            user_errors: Vec::new(),
        },
        Err(user_errors) => SetProfilePhotoPayload {
            user: None,
            user_errors,
        },
    })
}

async fn remove(
    ctx: &Context<'_>,
    input: RemoveProfilePhotoInput,
) -> Result<RemoveProfilePhotoPayload, Error> {
    let me = ctx.member()?.id;
    let done = service::remove_profile_photo(ctx.app(), me, input.idempotency_key).await;
    Ok(match answer(done)? {
        Ok(()) => RemoveProfilePhotoPayload {
            user: written(ctx, me).await?,
            user_errors: Vec::new(),
        },
        Err(user_errors) => RemoveProfilePhotoPayload {
            user: None,
            user_errors,
        },
    })
}

async fn delete(ctx: &Context<'_>, input: DeletePhotoInput) -> Result<DeletePhotoPayload, Error> {
    let me = ctx.member()?.id;
    let key = GlobalId::expect(&input.photo_id, Kind::Photo)?;
    let done = service::delete(ctx.app(), me, key, input.idempotency_key).await;
    Ok(match answer(done)? {
        Ok(()) => {
            ctx.fresh();
            DeletePhotoPayload {
                deleted_photo_id: Some(input.photo_id),
                user_errors: Vec::new(),
            }
        }
        Err(user_errors) => DeletePhotoPayload {
            deleted_photo_id: None,
            user_errors,
        },
    })
}
