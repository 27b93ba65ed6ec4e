//! Reading the audit log, in the API.

use async_graphql::{Context, ID, Object};

use super::{edges, node::AuditEntryConnection};
use crate::{
    error::Error,
    graphql::plain::Flat,
    ids::{GlobalId, Kind},
    paging::PageArgs,
};

/// Reading the audit log.
#[derive(Debug, Default)]
pub struct AuditQuery;

#[Object]
impl AuditQuery {
    /// For administrators: what administrators, and who holds the service itself, did, the last first.
    async fn audit_log(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only what was done to this user.")] user_id: Option<ID>,
        #[graphql(desc = "The first so many: 1-100, 20 if not given.")] first: Option<i32>,
        #[graphql(desc = "After this cursor.")] after: Option<String>,
    ) -> Result<Flat<AuditEntryConnection>, Error> {
        let subject = match user_id {
            Some(id) => {
                let [user] = GlobalId::expect(&id, Kind::User)?;
                Some(user)
            }
            None => None,
        };
        edges::entries(ctx, subject, PageArgs::forward(first, after)).await
    }
}
