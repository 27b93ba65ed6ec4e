//! Own fields of brands' pages and their posts.

use std::sync::Arc;

use async_graphql::{Enum, SimpleObject, Union};
use entity::{brand, brand_post};

use crate::{
    diary::node::Diary,
    graphql::{
        id::NodeId,
        scalar::{Date, DateTime},
        text::Text,
    },
    ids::Kind,
    paging::{connection, int},
    visibility,
};

/// The page of a brand. Everybody on the web sees it, signed in or not; who runs it, nobody but those who do.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(complex)]
pub struct Brand {
    /// Names this page for ever.
    pub id: NodeId,
    /// What it is found by, 3-20 of `a-z0-9_`, starting with a letter: no other page has the same. (A user can have it
    /// as user name.)
    pub handle: Text<Arc<brand::Model>>,
    /// What it is called, 1-50 characters.
    pub name: Text<Arc<brand::Model>>,
    /// What it says of itself, up to 1,000 characters; `\n` ends a line.
    pub description: Text<Arc<brand::Model>>,
    /// Whether an administrator has verified that it is the brand's own: show a mark. It ends when the page is called
    /// otherwise.
    pub is_verified: bool,
    /// How many users follow it: there is no limit. Who they are is shown to nobody.
    pub follower_count: i32,
    /// When it was made.
    pub created_at: DateTime,
    /// What was read, for the edges.
    #[graphql(skip)]
    pub row: Arc<brand::Model>,
}

impl From<Arc<brand::Model>> for Brand {
    fn from(row: Arc<brand::Model>) -> Self {
        Self {
            id: NodeId::new(Kind::Brand, [row.id]),
            handle: Text::short(&row, |row| &row.handle),
            name: Text::short(&row, |row| &row.name),
            description: Text::new(&row, |row| &row.description),
            is_verified: row.is_verified,
            follower_count: int(row.follower_count),
            created_at: row.created_at.into(),
            row,
        }
    }
}

/// What you are to the page of a brand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "visibility::BrandRole")]
pub enum BrandRole {
    /// It is yours.
    Owner,
    /// You write for it.
    Editor,
}

/// Something that was published on the page of a brand. It is the page's: who wrote it is shown to those who run the
/// page alone.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(complex)]
pub struct BrandPost {
    /// Names this post for ever.
    pub id: NodeId,
    /// The text, 1-5,000 characters; `\n` ends a line.
    pub body: Text<Arc<brand_post::Model>>,
    /// When it was published.
    pub created_at: DateTime,
    /// When it was last changed; null if never.
    pub edited_at: Option<DateTime>,
    /// What was read, for the edges.
    #[graphql(skip)]
    pub row: Arc<brand_post::Model>,
}

impl From<Arc<brand_post::Model>> for BrandPost {
    fn from(row: Arc<brand_post::Model>) -> Self {
        Self {
            id: NodeId::new(Kind::BrandPost, [row.brand_id, row.id]),
            body: Text::new(&row, |row| &row.body),
            created_at: row.created_at.into(),
            edited_at: row.edited_at.map(Into::into),
            row,
        }
    }
}

/// What came to the page of a brand on a day, in Japan.
#[derive(Clone, Debug, SimpleObject)]
pub struct BrandDay {
    /// The day.
    pub day: Date,
    /// How often somebody began to follow the page; null where that was less than 10 times: so few are not shown apart.
    pub gained: Option<i32>,
    /// How often somebody ceased to follow it; null where that was less than 10 times.
    pub lost: Option<i32>,
    /// How many posts were published, those among them that were removed since.
    pub posts: i32,
}

connection! {
    /// A page of a list of brands' pages.
    BrandConnection,
    /// A brand's page in a list.
    BrandEdge {},
    Brand,
    /// Null: counting would cost more than the page.
    Option<i32>
}

connection! {
    /// A page of the brands' pages that you run.
    RunBrandConnection,
    /// A brand's page that you run.
    RunBrandEdge {
        /// What you are to it.
        role: BrandRole,
    },
    Brand,
    /// How many you run.
    i32
}

connection! {
    /// A page of the brands' pages that you follow.
    FollowedBrandConnection,
    /// A brand's page that you follow.
    FollowedBrandEdge {
        /// Since when.
        since: DateTime,
    },
    Brand,
    /// How many you follow.
    i32
}

connection! {
    /// A page of what was published on the page of a brand.
    BrandPostConnection,
    /// A post in a list, or as it arrives.
    BrandPostEdge {
        /// Of an edge that arrives: how many came before it while you rested, and do not arrive one by one. 0 in a
        /// list.
        held: i32,
    },
    BrandPost,
    /// How many posts the page has.
    i32
}

/// What stands in your feed.
#[derive(Clone, Debug, Union)]
pub enum FeedItem {
    /// A diary of a friend.
    Diary(Diary),
    /// A post of a brand's page that you follow.
    BrandPost(BrandPost),
}

connection! {
    /// A page of your feed.
    FeedConnection,
    /// A diary or a post in your feed.
    FeedEdge {},
    FeedItem,
    /// Null: counting would cost more than the page.
    Option<i32>
}
