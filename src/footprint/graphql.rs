//! Footprints in the API: visits, and marking as seen.

pub mod visitor;

use async_graphql::{ComplexObject, Context, ID, InputObject, Object, SimpleObject};
use uuid::Uuid;

use super::{
    edges,
    kiriban::{edges as kiriban, node::Kiriban},
    node::{Footprint, VisitOrigin},
    service,
    visit::{Visit, Visited},
};
use crate::{
    diary::{loader::visible, node::Diary},
    error::{Error, text::service::ServiceText},
    graphql::context::ContextExt,
    ids::{GlobalId, Kind},
    paging::position,
    rejection::{Answer, UserError, answer},
    user::{edges::written, loader::id_by_username, node::User},
};

#[ComplexObject]
impl Footprint {
    /// Who visited; null where you would not be named to them, for who is not named sees no names
    /// either. So while your own `footprintPolicy` is NAMED this is always there; while it is
    /// CONNECTIONS, where the visitor is a friend or a friend of a friend of yours; while it is
    /// ANONYMOUS, never.
    async fn visitor(&self, ctx: &Context<'_>) -> Option<Result<User, Error>> {
        edges::visitor(ctx, self).await.transpose()
    }
}

/// Whose profile to visit: give `userId` or `username`.
#[derive(Debug, InputObject)]
pub struct VisitProfileInput {
    /// The user, by id.
    user_id: Option<ID>,
    /// The user, by user name: what stands in a profile page's address.
    username: Option<String>,
    /// Where you came from.
    origin: Option<VisitOrigin>,
    /// Any text of 1-100 characters of your own, kept for a day: repeating the call with it counts no second visit.
    idempotency_key: Option<String>,
}

/// What the visit came to.
#[derive(Debug, Default, SimpleObject)]
pub struct VisitProfilePayload {
    /// Whom you visited, so that a profile page costs one request.
    user: Option<User>,
    /// Whether the visit was counted: not so for your own profile, nor within 5 minutes of your
    /// last visit to this user, nor while you rest. (Whether it also left a footprint that names you is by your
    /// `footprintPolicy`.)
    left_footprint: bool,
    /// The number that this visit is, where the user has named it: say so at once, for whoever makes that
    /// visit is asked to tell. Null for nearly all visits.
    kiriban: Option<Kiriban>,
    /// Why there was no visit.
    user_errors: Vec<UserError>,
}

/// Which diary to visit.
#[derive(Debug, InputObject)]
pub struct VisitDiaryInput {
    /// A diary that you can see.
    diary_id: ID,
    /// Where you came from.
    origin: Option<VisitOrigin>,
    /// Any text of 1-100 characters of your own, kept for a day: repeating the call with it counts no second visit.
    idempotency_key: Option<String>,
}

/// What the visit came to.
#[derive(Debug, Default, SimpleObject)]
pub struct VisitDiaryPayload {
    /// What you visited, so that a diary's page costs one request.
    diary: Option<Diary>,
    /// Whether the visit was counted, with the diary's author: not so for your own diary, nor within
    /// 5 minutes of your last visit to this author, nor while you rest. (Whether it also left a footprint that names you
    /// is by your `footprintPolicy`.)
    left_footprint: bool,
    /// The number that this visit is, where the diary's author has named it. Null for nearly all visits.
    kiriban: Option<Kiriban>,
    /// Why there was no visit.
    user_errors: Vec<UserError>,
}

/// Up to where you have looked.
#[derive(Debug, InputObject)]
pub struct MarkFootprintsSeenInput {
    /// The cursor of the newest footprint that you have seen; all of them if not given.
    up_to: Option<String>,
    /// Any text of 1-100 characters of your own, kept for a day: repeating the call with it changes nothing more.
    idempotency_key: Option<String>,
}

/// What marking came to.
#[derive(Debug, Default, SimpleObject)]
pub struct MarkFootprintsSeenPayload {
    /// How many footprints are still new.
    new_footprint_count: Option<i32>,
    /// Always empty: looking is always allowed.
    user_errors: Vec<UserError>,
}

/// Visiting, and looking at who visited.
#[derive(Debug, Default)]
pub struct FootprintMutation;

#[Object]
impl FootprintMutation {
    /// Opens a user's profile and leaves a footprint there. A query never leaves one. More than 300
    /// visits in an hour are refused.
    async fn visit_profile(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whom to visit.")] input: VisitProfileInput,
    ) -> Option<Result<VisitProfilePayload, Error>> {
        Some(visit_profile(ctx, input).await)
    }

    /// Opens a diary and leaves a footprint with its author. More than 300 visits in an hour are
    /// refused.
    async fn visit_diary(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which diary.")] input: VisitDiaryInput,
    ) -> Option<Result<VisitDiaryPayload, Error>> {
        Some(visit_diary(ctx, input).await)
    }

    /// Says that you have looked at your footprints: `newFootprintCount` begins anew.
    async fn mark_footprints_seen(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Up to where you have looked.")] input: MarkFootprintsSeenInput,
    ) -> Option<Result<MarkFootprintsSeenPayload, Error>> {
        Some(mark_seen(ctx, input).await)
    }
}

async fn visit_profile(
    ctx: &Context<'_>,
    input: VisitProfileInput,
) -> Result<VisitProfilePayload, Error> {
    let me = ctx.member()?.id;
    let visited = match (&input.user_id, &input.username) {
        (Some(id), None) => {
            let [id] = GlobalId::expect(id, Kind::User)?;
            Visited::Profile(id)
        }
        // Nobody has the nil id: who is absent is looked for as long as who is hidden.
        (None, Some(username)) => {
            let id = id_by_username(ctx.app(), username).await?;
            Visited::Named {
                user: id.unwrap_or_default(),
                username: username.clone(),
            }
        }
        _ => {
            return Err(Error::InvalidArgument(ServiceText::UserIdOrUsername));
        }
    };
    let owner = visited.owner();
    let done = service::visit(ctx.app(), me, visited, input.origin, input.idempotency_key).await;
    Ok(match counted(ctx, answer(done)?) {
        Ok(visit) => VisitProfilePayload {
            user: written(ctx, owner).await?,
            left_footprint: visit.counted,
            kiriban: reached(ctx, owner, visit).await?,
            user_errors: Vec::new(),
        },
        Err(user_errors) => VisitProfilePayload {
            user_errors,
            ..Default::default()
        },
    })
}

async fn visit_diary(
    ctx: &Context<'_>,
    input: VisitDiaryInput,
) -> Result<VisitDiaryPayload, Error> {
    let me = ctx.member()?.id;
    let key @ [author, _] = GlobalId::expect(&input.diary_id, Kind::Diary)?;
    let done = service::visit(
        ctx.app(),
        me,
        Visited::Diary(key),
        input.origin,
        input.idempotency_key,
    )
    .await;
    Ok(match counted(ctx, answer(done)?) {
        Ok(visit) => VisitDiaryPayload {
            diary: visible(ctx.fresh(), key).await?,
            left_footprint: visit.counted,
            kiriban: reached(ctx, author, visit).await?,
            user_errors: Vec::new(),
        },
        Err(user_errors) => VisitDiaryPayload {
            user_errors,
            ..Default::default()
        },
    })
}

/// `done`, noted as the visitor's own use where it counts for the owner.
fn counted(ctx: &Context<'_>, done: Answer<Visit>) -> Answer<Visit> {
    if done.as_ref().is_ok_and(|visit| visit.counted) {
        ctx.visited();
    }
    done
}

/// The number that `visit` to `owner` is, where it is named. (Nothing is asked for where it is not.)
async fn reached(ctx: &Context<'_>, owner: Uuid, visit: Visit) -> Result<Option<Kiriban>, Error> {
    match visit.kiriban {
        Some(number) => kiriban::kiriban(ctx, (owner, number)).await,
        None => Ok(None),
    }
}

async fn mark_seen(
    ctx: &Context<'_>,
    input: MarkFootprintsSeenInput,
) -> Result<MarkFootprintsSeenPayload, Error> {
    let me = ctx.member()?.id;
    let number = input
        .up_to
        .map(|cursor| position(edges::FOOTPRINTS_CURSOR, &cursor))
        .transpose()?;
    let done = service::mark_seen(ctx.app(), me, number, input.idempotency_key).await;
    Ok(match answer(done)? {
        Ok(()) => {
            ctx.fresh();
            MarkFootprintsSeenPayload {
                new_footprint_count: Some(edges::new_count(ctx, me).await?),
                user_errors: Vec::new(),
            }
        }
        Err(user_errors) => MarkFootprintsSeenPayload {
            new_footprint_count: None,
            user_errors,
        },
    })
}
