//! The introduction's own fields.

use std::sync::Arc;

use async_graphql::SimpleObject;
use entity::introduction;

use super::store::IntroductionKey;
use crate::{
    graphql::{id::NodeId, scalar::DateTime, text::Text},
    ids::Kind,
    paging::connection,
};

/// What somebody wrote to introduce a friend: one introduction an author and friend. Members read it on the
/// friend's profile, who can remove it. It goes when the two stop being friends.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(complex)]
pub struct Introduction {
    /// Names this introduction among all. A later one by the same author of the same friend has the same id.
    pub id: NodeId,
    /// The text, 1-1,000 characters, of which some can be line ends.
    pub body: Text<Arc<introduction::Model>>,
    /// When it was first written.
    pub created_at: DateTime,
    /// When it was last changed; null if never.
    pub edited_at: Option<DateTime>,
    /// What names it in the database.
    #[graphql(skip)]
    pub key: IntroductionKey,
}

impl From<Arc<introduction::Model>> for Introduction {
    fn from(row: Arc<introduction::Model>) -> Self {
        let key = [row.subject_id, row.author_id];
        Self {
            id: NodeId::new(Kind::Introduction, key),
            body: Text::new(&row, |row| &row.body),
            created_at: row.created_at.into(),
            edited_at: row.edited_at.map(Into::into),
            key,
        }
    }
}

connection! {
    /// A page of introductions.
    IntroductionConnection,
    /// An introduction in a list.
    IntroductionEdge {},
    Introduction,
    /// How many introductions of the user you can see; null for those that you wrote, where counting would
    /// cost more than the page.
    Option<i32>
}
