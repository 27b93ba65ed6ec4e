//! `artist_names`: each name of each artist: a name leads to one of them.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "artist_names")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    /// The folded name.
    pub name_key: String,
    pub artist_id: Uuid,
    /// 0 is the main name; the others follow.
    pub position: i32,
    pub name: String,
}

impl ActiveModelBehavior for ActiveModel {}
