//! `attempts`: when something was tried that may be tried a few times within a time.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "attempts")]
pub struct Model {
    /// A keyed hash of what is tried, as whom, and from where: a dump of the table tells none of it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub attempt_hash: Vec<u8>,
    /// In milliseconds since 1970, with spaces between.
    pub times: String,
    /// From when on none of them counts any more.
    pub expires_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
