//! What is not there.

use serde::{Deserialize, Serialize};

use crate::message::Figure;

/// What is not there, or not for who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Thing {
    /// A user.
    User,
    /// A kiriban.
    Kiriban,
    /// An introduction.
    Introduction,
    /// A report.
    Report,
    /// A diary.
    Diary,
    /// A comment on a diary.
    Comment,
    /// A review.
    Review,
    /// An order.
    Order,
    /// A session.
    Session,
    /// An invitation.
    Invitation,
    /// A photo.
    Photo,
    /// An item of the catalogue.
    CatalogueItem,
    /// An artist.
    Artist,
    /// A footprint.
    Footprint,
}

impl From<&Thing> for Figure {
    fn from(thing: &Thing) -> Self {
        let (english, japanese) = match thing {
            Thing::User => ("user", "ユーザー"),
            Thing::Kiriban => ("kiriban", "キリ番"),
            Thing::Introduction => ("introduction", "紹介文"),
            Thing::Report => ("report", "通報"),
            Thing::Diary => ("diary", "日記"),
            Thing::Comment => ("comment", "コメント"),
            Thing::Review => ("review", "レビュー"),
            Thing::Order => ("order", "注文"),
            Thing::Session => ("session", "セッション"),
            Thing::Invitation => ("invitation", "招待"),
            Thing::Photo => ("photo", "写真"),
            Thing::CatalogueItem => ("catalogue item", "カタログの項目"),
            Thing::Artist => ("artist", "アーティスト"),
            Thing::Footprint => ("footprint", "足あと"),
        };
        Self::Word { english, japanese }
    }
}
