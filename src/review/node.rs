//! The review's own fields.

use std::sync::Arc;

use async_graphql::{Enum, SimpleObject};
use entity::review;

use super::store::ReviewKey;
use crate::{
    graphql::{id::NodeId, plain::Flat, scalar::DateTime, text::Text},
    ids::Kind,
    paging::{Slice, connection},
};

/// What a user thinks of a catalogue item: one review a user and item. Members see it.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(complex)]
pub struct Review {
    /// Names this review among all. A later one by the same user of the same item has the same id.
    pub id: NodeId,
    /// 1 (worst) to 5 (best).
    pub rating: i32,
    /// The text, up to 5,000 characters; empty if there is only the rating.
    pub body: Text<Arc<review::Model>>,
    /// When it was first written.
    pub created_at: DateTime,
    /// When it was last changed; null if never.
    pub edited_at: Option<DateTime>,
    /// What names it in the database.
    #[graphql(skip)]
    pub key: ReviewKey,
}

impl From<Arc<review::Model>> for Review {
    fn from(row: Arc<review::Model>) -> Self {
        let key = [row.author_id, row.item_id];
        Self {
            id: NodeId::new(Kind::Review, key),
            rating: row.rating,
            body: Text::new(&row, |row| &row.body),
            created_at: row.created_at.into(),
            edited_at: row.edited_at.map(Into::into),
            key,
        }
    }
}

/// Whose reviews of an item.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Enum)]
pub enum ReviewersFilter {
    /// Everybody's.
    #[default]
    All,
    /// Your friends'.
    Friends,
}

connection! {
    /// A page of reviews.
    ReviewConnection,
    /// A review in a list.
    ReviewEdge {},
    Review,
    /// How many reviews of the whole list you can see; null for your friends' reviews of an item,
    /// where counting would cost more than the page. (An item's `rating` counts everybody's.)
    Option<i32>
}

connection! {
    /// A page of the reviews that a search found.
    FoundReviewConnection {
        /// Whether the page is as full as it could be. False where very much was found in which the pieces of your
        /// words stand apart: then the search stopped before, and `pageInfo.endCursor` says where it goes on.
        is_complete: bool,
    },
    /// A review that a search found.
    FoundReviewEdge {},
    Review,
    /// Null: counting would cost more than the page.
    Option<i32>
}

impl FoundReviewConnection {
    /// `page` of a search which, where that is given, looked up to a cursor further on, and stopped there.
    pub fn of(page: Slice<FoundReviewEdge>, up_to: Option<String>) -> Flat<Self> {
        let Flat(page) = Self::new(page, None);
        Flat(Self {
            is_complete: up_to.is_none(),
            ..page.up_to(up_to)
        })
    }
}
