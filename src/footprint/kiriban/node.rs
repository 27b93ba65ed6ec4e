//! The kiriban's own fields.

use async_graphql::SimpleObject;
use entity::kiriban;

use crate::{
    graphql::scalar::DateTime,
    paging::{connection, int},
};

/// A number of visits that a user has named (*kiriban*), such as the 10,000th: whoever makes that visit is
/// told so at once, and so is the user.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(complex)]
pub struct Kiriban {
    /// Which of all visits to the user it is, as `Viewer.visitCount` counts them.
    pub number: i32,
    /// When the user named it.
    pub named_at: DateTime,
    /// When that visit was made; null while it is still to come.
    pub reached_at: Option<DateTime>,
    /// What was read, for the edges.
    #[graphql(skip)]
    pub row: kiriban::Model,
}

impl From<kiriban::Model> for Kiriban {
    fn from(row: kiriban::Model) -> Self {
        Self {
            number: int(row.number),
            named_at: row.named_at.into(),
            reached_at: row.reached_at.map(Into::into),
            row,
        }
    }
}

connection! {
    /// A page of kiriban.
    KiribanConnection,
    /// A kiriban in a list.
    KiribanEdge {},
    Kiriban,
    /// How many the user has named; always null: counting would cost more than the page.
    Option<i32>
}
