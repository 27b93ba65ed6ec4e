//! Whose names the viewer sees (rules.md, Footprints 7): of those visitors alone to whom the viewer
//! would be named.

use entity::values::FootprintPolicy;
use uuid::Uuid;

use super::loader::{VisitorWith, as_visitor};
use crate::{
    error::Error,
    friendship::loader::{RelationTo, relation_to},
    loaders::Loaders,
    visibility::{Relation, is_named},
};

/// What the viewer `me` has chosen: the session says so of nearly everybody, or one statement does.
///
/// # Errors
/// The database's.
pub(super) async fn chosen(loaders: &Loaders, me: Uuid) -> Result<FootprintPolicy, Error> {
    if loaders.sees_names() {
        return Ok(FootprintPolicy::Named);
    }
    Ok(as_visitor(loaders, me).await?.footprint_policy)
}

/// The same, where this request has found it already.
fn known_choice(loaders: &Loaders, me: Uuid) -> Option<FootprintPolicy> {
    if loaders.sees_names() {
        return Some(FootprintPolicy::Named);
    }
    Some(loaders.known(&VisitorWith(me))?.footprint_policy)
}

/// Of `visitors`, those whose names the viewer `me` sees, by what the viewer has chosen; where it depends on what they are to each other, that is asked of all at once.
///
/// # Errors
/// The database's.
pub(super) async fn named_to(
    loaders: &Loaders,
    me: Uuid,
    mut visitors: Vec<Uuid>,
) -> Result<Vec<Uuid>, Error> {
    let policy = chosen(loaders, me).await?;
    let relations = if policy == FootprintPolicy::Connections {
        let keys = visitors.iter().copied().map(RelationTo).collect();
        loaders.load_many(keys).await?
    } else {
        visitors.iter().map(|_| None).collect()
    };
    let mut relations = relations.into_iter();
    visitors.retain(|_| {
        let standing = relations.next().flatten();
        let relation = standing.map_or(Relation::Stranger, |standing| standing.relation);
        is_named(policy, relation)
    });
    Ok(visitors)
}

/// Whether the viewer `me` sees the name of `visitor`.
///
/// # Errors
/// The database's.
pub(super) async fn is_named_to(loaders: &Loaders, me: Uuid, visitor: Uuid) -> Result<bool, Error> {
    let policy = chosen(loaders, me).await?;
    let relation = if policy == FootprintPolicy::Connections {
        relation_to(loaders, visitor).await?
    } else {
        Relation::Stranger
    };
    Ok(is_named(policy, relation))
}

/// The same, where this request has found it already.
pub(super) fn is_known_to_be_named(loaders: &Loaders, visitor: Uuid) -> Option<bool> {
    let me = loaders.viewer.id()?;
    let policy = known_choice(loaders, me)?;
    let relation = if policy == FootprintPolicy::Connections {
        loaders.known(&RelationTo(visitor))?.relation
    } else {
        Relation::Stranger
    };
    Some(is_named(policy, relation))
}
