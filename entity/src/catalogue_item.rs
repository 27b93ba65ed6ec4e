//! `catalogue_items`: CDs, films, games, books and songs; small, on every node.

use sea_orm::entity::prelude::*;

use crate::values::CatalogueKind;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "catalogue_items")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub kind: CatalogueKind,
    pub title: String,
    /// The folded title; unique with kind and edition.
    pub title_key: String,
    /// What tells equal titles apart: the artist of music, the platform of a game, the year of a film, or empty.
    pub edition: String,
    pub year: Option<i32>,
    pub platform: Option<String>,
    /// Whose it is, of CDs and songs, if known.
    pub artist_id: Option<Uuid>,
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
