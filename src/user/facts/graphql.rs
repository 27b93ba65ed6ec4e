//! Saying something about oneself, in the API.

use async_graphql::{Context, InputObject, MaybeUndefined, Object, SimpleObject};

use super::{
    edges,
    node::{FactAudiences, ProfileFacts, Sex},
    service::{self, FactsEdit},
};
use crate::{
    diary::node::Audience,
    error::Error,
    graphql::context::ContextExt,
    rejection::{UserError, answer},
    user::{edges::named, node::User},
};

/// What you say about yourself, and to whom. What is left out stays; null takes away what you said. The
/// date of birth is that of your sign-up, and the home region is changed by `editProfile`.
#[derive(Debug, InputObject)]
pub struct EditProfileFactsInput {
    /// Your real name, up to 50 characters.
    real_name: MaybeUndefined<String>,
    /// Who sees it.
    real_name_audience: Option<Audience>,
    /// Who sees the day of your birth, without the year.
    birthday_audience: Option<Audience>,
    /// Who sees the year of your birth.
    birth_year_audience: Option<Audience>,
    /// Your sex.
    sex: MaybeUndefined<Sex>,
    /// Who sees it.
    sex_audience: Option<Audience>,
    /// Who sees where you are at home.
    home_region_audience: Option<Audience>,
    /// Your hometown, up to 50 characters.
    hometown: MaybeUndefined<String>,
    /// Who sees it.
    hometown_audience: Option<Audience>,
    /// Your occupation, up to 50 characters.
    occupation: MaybeUndefined<String>,
    /// Who sees it.
    occupation_audience: Option<Audience>,
    /// Any text of 1-100 characters of your own, kept for a day: repeating the call with it changes nothing more.
    idempotency_key: Option<String>,
}

/// What saying something about yourself came to.
#[derive(Debug, Default, SimpleObject)]
pub struct EditProfileFactsPayload {
    /// All that you say now.
    facts: Option<ProfileFacts>,
    /// To whom.
    audiences: Option<FactAudiences>,
    /// Why nothing was changed.
    user_errors: Vec<UserError>,
}

/// Saying something about oneself.
#[derive(Debug, Default)]
pub struct FactsMutation;

#[Object]
impl FactsMutation {
    /// Changes what you say about yourself, and who sees it: `User.asSeenBy` shows what comes of it.
    async fn edit_profile_facts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What changes.")] input: EditProfileFactsInput,
    ) -> Option<Result<EditProfileFactsPayload, Error>> {
        Some(edit(ctx, input).await)
    }
}

fn said<T>(value: MaybeUndefined<T>) -> Option<Option<T>> {
    match value {
        MaybeUndefined::Undefined => None,
        MaybeUndefined::Null => Some(None),
        MaybeUndefined::Value(value) => Some(Some(value)),
    }
}

async fn edit(
    ctx: &Context<'_>,
    input: EditProfileFactsInput,
) -> Result<EditProfileFactsPayload, Error> {
    let me = ctx.member()?.id;
    let edit = FactsEdit {
        real_name: said(input.real_name),
        real_name_for: input.real_name_audience.map(Into::into),
        birthday_for: input.birthday_audience.map(Into::into),
        birth_year_for: input.birth_year_audience.map(Into::into),
        sex: said(input.sex.map_value(Into::into)),
        sex_for: input.sex_audience.map(Into::into),
        home_region_for: input.home_region_audience.map(Into::into),
        hometown: said(input.hometown),
        hometown_for: input.hometown_audience.map(Into::into),
        occupation: said(input.occupation),
        occupation_for: input.occupation_audience.map(Into::into),
    };
    let done = service::edit(ctx.app(), me, edit, input.idempotency_key).await;
    if let Err(user_errors) = answer(done)? {
        return Ok(EditProfileFactsPayload {
            user_errors,
            ..Default::default()
        });
    }
    ctx.fresh();
    let user: User = named(ctx, me).await?;
    Ok(EditProfileFactsPayload {
        facts: Some(edges::facts(ctx, &user).await?),
        audiences: Some(edges::audiences(ctx, me).await?),
        user_errors: Vec::new(),
    })
}
