//! What reviews are found by: their words, and whose they are. (One that has none, but only a rating, is found
//! by nothing.)

use entity::review;
use uuid::Uuid;

use crate::search::{Scope, Text, Texts, terms};

/// The tables.
pub const TEXTS: Texts = Texts {
    table: "review_texts",
    words: "review_words",
    of: "reviews",
    id: "item_id",
};

/// All, for members.
pub fn for_members() -> Scope {
    Scope::of('m', &[])
}

/// Those of `author`.
pub fn of(author: Uuid) -> Scope {
    Scope::of('o', &[author])
}

/// What `row` is found by.
pub fn text_of(row: &review::Model) -> Text {
    Text {
        author: row.author_id,
        id: row.item_id,
        order: row.id,
        edited_at: row.edited_at,
        terms: terms("", &row.body, [for_members(), of(row.author_id)]),
    }
}
