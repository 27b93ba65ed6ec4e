//! What hangs on a user and on the viewer: what they say about themselves.

use async_graphql::Context;
use entity::values::Audience;
use futures_util::future::{try_join, try_join3};
use uuid::Uuid;

use super::{
    loader::FactsOf,
    node::{AgeBand, FactAudiences, ProfileFacts},
};
use crate::{
    clock::day_in_japan,
    error::Error,
    friendship::loader::relation_to,
    graphql::context::ContextExt,
    user::{
        loader::{absent, whole},
        node::User,
    },
    visibility::{Relation, may_see},
};

/// `User.facts`
pub(crate) async fn facts(ctx: &Context<'_>, user: &User) -> Result<ProfileFacts, Error> {
    let id = user.person.id();
    // Together, so that each is one statement for all users of a level.
    let (relation, row, said) = try_join3(
        relation_to(ctx.loaders(), id),
        whole(ctx.loaders(), user),
        ctx.loaders().load(FactsOf(id)),
    )
    .await?;
    let said = said.ok_or_else(|| absent(id))?;
    Ok(ProfileFacts::seen(&row, &said, relation))
}

/// The same as somebody in `relation` to `user` sees it.
pub(super) async fn facts_for(
    ctx: &Context<'_>,
    user: &User,
    relation: Relation,
) -> Result<ProfileFacts, Error> {
    let id = user.person.id();
    let row = whole(ctx.loaders(), user).await?;
    let said = ctx.loaders().load(FactsOf(id)).await?;
    let said = said.ok_or_else(|| absent(id))?;
    Ok(ProfileFacts::seen(&row, &said, relation))
}

/// `User.ageBand`
pub(crate) async fn age_band(ctx: &Context<'_>, user: &User) -> Result<Option<AgeBand>, Error> {
    if ctx.viewer().id().is_none() {
        return Ok(None);
    }
    // For members, as what is written for them.
    let (relation, row) = try_join(
        relation_to(ctx.loaders(), user.person.id()),
        whole(ctx.loaders(), user),
    )
    .await?;
    if !may_see(Audience::Members, relation, false) {
        return Ok(None);
    }
    let today = day_in_japan(ctx.app().clock.now());
    Ok(Some(AgeBand::of(row.birth_date, today)))
}

/// `Viewer.factAudiences`
pub(crate) async fn audiences(ctx: &Context<'_>, me: Uuid) -> Result<FactAudiences, Error> {
    let said = ctx.loaders().load(FactsOf(me)).await?;
    said.map(|said| FactAudiences::from(&*said))
        .ok_or_else(|| absent(me))
}
