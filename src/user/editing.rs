//! Changing one's own profile.

use async_graphql::{Context, InputObject, Object, SimpleObject};

use super::{
    edges::written,
    node::User,
    region::HomeRegion,
    service::{self, ProfileEdit},
};
use crate::{
    error::Error,
    graphql::context::ContextExt,
    rejection::{UserError, answer},
};

/// What to change of your profile. What is left out stays.
#[derive(Debug, InputObject)]
pub struct EditProfileInput {
    /// The new user name: 3-20 of `a-z0-9_`, starting with a letter. The old one becomes free.
    username: Option<String>,
    /// The new nickname: 1-32 characters.
    nickname: Option<String>,
    /// The new bio: up to 1,000 characters; an empty text takes it away.
    bio: Option<String>,
    /// Whether `searchUsers` finds you from now on, and `suggestedFriends` shows you to others: at once, and under
    /// whichever names. Who knows your user name finds you still. (No search finds anybody under 18, whatever they chose.)
    is_searchable: Option<bool>,
    /// The new home region; null takes it away.
    home_region: async_graphql::MaybeUndefined<HomeRegion>,
    /// Any text of 1-100 characters of your own, kept for a day: repeating the call with it changes nothing more.
    idempotency_key: Option<String>,
}

/// What editing the profile came to.
#[derive(Debug, SimpleObject)]
pub struct EditProfilePayload {
    /// You, as changed.
    user: Option<User>,
    /// Why nothing was changed.
    user_errors: Vec<UserError>,
}

/// Changing users.
#[derive(Debug, Default)]
pub struct UserMutation;

#[Object]
impl UserMutation {
    /// Changes your profile: user name, nickname, bio, home region, and whether searches find you.
    async fn edit_profile(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What changes.")] input: EditProfileInput,
    ) -> Option<Result<EditProfilePayload, Error>> {
        Some(edit_profile(ctx, input).await)
    }
}

async fn edit_profile(
    ctx: &Context<'_>,
    input: EditProfileInput,
) -> Result<EditProfilePayload, Error> {
    let me = ctx.member()?.id;
    let edit = ProfileEdit {
        username: input.username,
        nickname: input.nickname,
        bio: input.bio,
        is_searchable: input.is_searchable,
        home_region: input
            .home_region
            .map_value(Into::into)
            .as_opt_ref()
            .map(|region| region.copied()),
    };
    let done = service::edit_profile(ctx.app(), me, edit, input.idempotency_key).await;
    Ok(match answer(done)? {
        Ok(()) => EditProfilePayload {
            user: written(ctx, me).await?,
            user_errors: Vec::new(),
        },
        Err(user_errors) => EditProfilePayload {
            user: None,
            user_errors,
        },
    })
}
