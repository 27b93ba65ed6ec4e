//! The audit log's pages, and whom its entries name.

use async_graphql::{ComplexObject, Context};
use entity::values::Role;
use uuid::Uuid;

use super::{
    node::{AuditEntry, AuditEntryConnection, AuditEntryEdge},
    store,
};
use crate::{
    error::Error,
    graphql::{context::ContextExt, plain::Flat},
    paging::{PageArgs, cursor},
    user::{
        loader::{user, users},
        node::User,
        store as people,
    },
};

const AUDIT_CURSOR: u8 = b'a';

/// `Query.auditLog`
pub(super) async fn entries(
    ctx: &Context<'_>,
    subject: Option<Uuid>,
    args: PageArgs,
) -> Result<Flat<AuditEntryConnection>, Error> {
    let me = ctx.member()?.id;
    let db = ctx.app().database.reader();
    // By what is true now, wherever else is read.
    let role = people::by_id(db, me).await?.map(|row| row.role);
    if role != Some(Role::Administrator) {
        return Err(Error::Forbidden);
    }
    let page = args.page(AUDIT_CURSOR)?;
    let slice = store::page(db, subject, &page).await?;
    let named = slice.rows.iter();
    let named: Vec<_> = named
        .flat_map(|row| [row.actor_id, row.subject_id])
        .flatten()
        .collect();
    users(ctx.loaders(), named, true).await?;
    let edges = slice.filter_map(|row| {
        Some(AuditEntryEdge {
            cursor: cursor(AUDIT_CURSOR, &row.id),
            node: AuditEntry::from(row),
        })
    });
    Ok(AuditEntryConnection::new(edges, None))
}

/// Whom an entry names.
#[ComplexObject]
impl AuditEntry {
    /// The administrator; null for who holds the service itself, and where you may not see the user.
    async fn actor(&self, ctx: &Context<'_>) -> Result<Option<User>, Error> {
        named(ctx, self.actor_id).await
    }

    /// To whom it was done; null where that was nobody, or somebody whom you may not see.
    async fn subject(&self, ctx: &Context<'_>) -> Result<Option<User>, Error> {
        named(ctx, self.subject_id).await
    }
}

async fn named(ctx: &Context<'_>, id: Option<Uuid>) -> Result<Option<User>, Error> {
    match id {
        Some(id) => user(ctx.loaders(), id, true).await,
        None => Ok(None),
    }
}
