//! The own fields of diaries and comments.

use std::sync::Arc;

use async_graphql::{Enum, SimpleObject};
use entity::{diary, diary_comment, values};
use uuid::Uuid;

use super::store::{CommentKey, DiaryKey};
use crate::{
    graphql::{id::NodeId, plain::Flat, scalar::DateTime, text::Text},
    ids::Kind,
    paging::{Slice, connection},
};

/// A diary entry. One that is not for you does not exist for you: not by id, in no list, in no
/// count.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(complex)]
pub struct Diary {
    /// Names this diary among all, for ever.
    pub id: NodeId,
    /// The title, 1-100 characters.
    pub title: Text<Arc<diary::Model>>,
    /// The text, 1-10,000 characters; `\n` ends a line.
    pub body: Text<Arc<diary::Model>>,
    /// Who can see it.
    pub audience: Audience,
    /// When it was written.
    pub created_at: DateTime,
    /// When it was last changed; null if never.
    pub edited_at: Option<DateTime>,
    /// How many comments it has, whoever wrote them.
    #[graphql(skip)]
    pub comments_of_all: i64,
    /// How many photos stand in it.
    #[graphql(skip)]
    pub photo_count: i64,
    /// The group that it is for, where that is the audience.
    #[graphql(skip)]
    pub group_id: Option<Uuid>,
    /// What names it in the database.
    #[graphql(skip)]
    pub key: DiaryKey,
}

impl From<Arc<diary::Model>> for Diary {
    fn from(row: Arc<diary::Model>) -> Self {
        let key = [row.author_id, row.id];
        Self {
            id: NodeId::new(Kind::Diary, key),
            title: Text::new(&row, |row| &row.title),
            body: Text::new(&row, |row| &row.body),
            audience: row.audience.into(),
            created_at: row.created_at.into(),
            edited_at: row.edited_at.map(Into::into),
            comments_of_all: row.comment_count,
            photo_count: row.photo_count,
            group_id: row.group_id,
            key,
        }
    }
}

/// Who can see a diary, or what a user says about themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, serde::Serialize, serde::Deserialize)]
#[graphql(remote = "values::Audience")]
pub enum Audience {
    /// Everybody on the web, signed in or not.
    Public,
    /// Every member, but that users under 18 and adults do not see it of each other, unless they are
    /// friends or friends of friends.
    Members,
    /// The friends of whose it is, and their friends.
    FriendsOfFriends,
    /// The friends of whose it is.
    Friends,
    /// Some of the friends of whose it is: those in a group of theirs. For diaries alone.
    Group,
    /// Whose it is alone.
    OnlyMe,
}

/// A comment under a diary. Who sees the diary sees its comments.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(complex)]
pub struct DiaryComment {
    /// Names this comment among all, for ever.
    pub id: NodeId,
    /// The text, 1-2,000 characters; `\n` ends a line. Empty where the user who wrote it is gone.
    pub body: Text<Arc<diary_comment::Model>>,
    /// When it was written.
    pub created_at: DateTime,
    /// Whether who wrote it has deleted their account: show "deleted user" then. The comment keeps its
    /// place, and is counted; its words are gone.
    pub is_by_deleted_user: bool,
    /// Who wrote it; the nil id where they are gone.
    #[graphql(skip)]
    pub author_id: Uuid,
    /// What names it in the database.
    #[graphql(skip)]
    pub key: CommentKey,
}

impl From<Arc<diary_comment::Model>> for DiaryComment {
    fn from(row: Arc<diary_comment::Model>) -> Self {
        let key = [row.diary_author_id, row.diary_id, row.id];
        Self {
            id: NodeId::new(Kind::DiaryComment, key),
            body: Text::new(&row, |row| &row.body),
            created_at: row.created_at.into(),
            is_by_deleted_user: row.author_id.is_nil(),
            author_id: row.author_id,
            key,
        }
    }
}

connection! {
    /// A page of diaries.
    DiaryConnection,
    /// A diary in a list.
    DiaryEdge {},
    Diary,
    /// How many diaries of the whole list you can see; null for the home feed, where counting would
    /// cost more than the page.
    Option<i32>
}

connection! {
    /// A page of the diaries that a search found.
    FoundDiaryConnection {
        /// Whether the page is as full as it could be. False where very much was found in which the pieces of your
        /// words stand apart: then the search stopped before, and `pageInfo.endCursor` says where it goes on.
        is_complete: bool,
    },
    /// A diary that a search found.
    FoundDiaryEdge {},
    Diary,
    /// Null: counting would cost more than the page.
    Option<i32>
}

impl FoundDiaryConnection {
    /// `page` of a search which, where that is given, looked up to a cursor further on, and stopped there.
    pub fn of(page: Slice<FoundDiaryEdge>, up_to: Option<String>) -> Flat<Self> {
        let Flat(page) = Self::new(page, None);
        Flat(Self {
            is_complete: up_to.is_none(),
            ..page.up_to(up_to)
        })
    }
}

connection! {
    /// A page of comments, oldest first.
    DiaryCommentConnection,
    /// A comment in a list, or as it arrives.
    DiaryCommentEdge {
        /// Of an edge that arrives: how many came before it while you rested, and do not arrive one by one. 0 in a
        /// list.
        held: i32,
    },
    DiaryComment,
    /// How many comments the diary has, but for those of users who are hidden from you: by a block, or because they are absent.
    i32
}
