//! `session_tokens`: the directory from a token to its session, sharded by the token.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "session_tokens")]
pub struct Model {
    /// SHA-256 of the bearer token: a dump of the table signs nobody in.
    #[sea_orm(primary_key, auto_increment = false)]
    pub token_hash: Vec<u8>,
    pub user_id: Uuid,
    pub session_id: Uuid,
    /// Its place among the session's, as they were given.
    pub number: i64,
    pub expires_at: DateTimeUtc,
    /// On a PostgreSQL that has replicas: where the primary's log stood after the last write of the
    /// session, as the number of a byte. Null where it wrote nothing.
    pub last_write: Option<i64>,
    /// Of several servers: which one the session last changed something through that another may
    /// have kept, and when.
    pub written_by: Option<Uuid>,
    pub written_at: Option<DateTimeUtc>,
    /// Whether the user's `block_count` is above 0: kept here so that who finds the session finds
    /// it, too.
    pub has_blocks: bool,
    /// Whether the user is NAMED by their own footprint policy, and so sees names: kept here so that
    /// who finds the session need not look for it. False where that is not known, too.
    pub sees_names: bool,
    /// Whether the user has a row of `rests`: kept here so that nobody looks for one where there is none.
    pub has_rest: bool,
    /// The session's `last_used_at`: kept here so that who finds the session finds whether it is to
    /// be written again.
    pub used_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
