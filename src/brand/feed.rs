//! The feed of the signed-in user: the diaries of the home feed, and what is published on the pages that they follow,
//! together. It is read when it is asked for: publishing writes nothing for anybody who follows.

use std::sync::Arc;

use entity::{brand_post, diary};
use futures_util::future::try_join;
use uuid::Uuid;

use super::{
    loader::brands,
    store::{followers, posts},
};
use crate::{
    diary::feed,
    error::Error,
    loaders::Loaders,
    paging::{Page, Slice},
};

/// What stands in it.
#[derive(Clone, Debug)]
pub enum Item {
    /// A diary.
    Diary(Arc<diary::Model>),
    /// A post.
    Post(Arc<brand_post::Model>),
}

impl Item {
    /// Its id, by which it is ordered: that of what was written later is greater.
    pub fn id(&self) -> Uuid {
        match self {
            Self::Diary(row) => row.id,
            Self::Post(row) => row.id,
        }
    }
}

/// `page` of the feed of the viewer `me`, which is read forwards: the statements of the home feed, and three more,
/// however many pages `me` follows.
///
/// # Errors
/// The database's.
pub async fn page(loaders: &Loaders, me: Uuid, page: &Page<Uuid>) -> Result<Slice<Item>, Error> {
    let diaries = feed::page(loaders, me, page);
    let (diaries, posts) = try_join(diaries, posts_page(loaders, me, page)).await?;
    let diaries = diaries.filter_map(|row| Some(Item::Diary(row)));
    let posts = posts.filter_map(|row| Some(Item::Post(Arc::new(row))));
    let slice = merge(page, diaries, posts);
    let named = slice.rows.iter().filter_map(|row| match row {
        Item::Diary(_) => None,
        Item::Post(row) => Some(row.brand_id),
    });
    // A page that was removed has posts for moments still. They are left out, and this one is short by them.
    let there = brands(loaders, named).await?;
    Ok(slice.filter_map(|row| match &row {
        Item::Post(post) if !there.contains_key(&post.brand_id) => None,
        _ => Some(row),
    }))
}

/// `page` of the posts of the pages that `me` follows.
async fn posts_page(
    loaders: &Loaders,
    me: Uuid,
    page: &Page<Uuid>,
) -> Result<Slice<brand_post::Model>, Error> {
    let db = &loaders.db();
    let most = loaders.app.rules.followed_brand_limit;
    let followed = followers::ids(db, me, most).await?;
    let slice = posts::feed_page(db, &followed, page).await?;
    let texts = slice.rows.iter().map(|row| row.body.len());
    loaders.budget.read(texts)?;
    Ok(slice)
}

/// The first of both, the newest first, as many as `page` has. Where one of the two goes on, nothing is told from
/// beyond where it was read to: something of it may come before.
fn merge(page: &Page<Uuid>, one: Slice<Item>, other: Slice<Item>) -> Slice<Item> {
    let end = |slice: &Slice<Item>| slice.rows.last().filter(|_| slice.has_next).map(Item::id);
    let read_to = end(&one).max(end(&other));
    let mut has_next = one.has_next || other.has_next;
    let mut rows = one.rows;
    rows.extend(other.rows);
    rows.sort_by_key(|row| std::cmp::Reverse(row.id()));
    if let Some(read_to) = read_to {
        rows.retain(|row| row.id() >= read_to);
    }
    let limit = usize::try_from(page.limit).unwrap_or(0);
    has_next |= rows.len() > limit;
    rows.truncate(limit);
    Slice {
        rows,
        has_previous: page.after.is_some(),
        has_next,
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    fn post(id: u128) -> Item {
        Item::Post(Arc::new(brand_post::Model {
            brand_id: Uuid::nil(),
            id: Uuid::from_u128(id),
            author_id: Uuid::nil(),
            number: 0,
            body: String::new(),
            created_at: DateTime::UNIX_EPOCH,
            edited_at: None,
        }))
    }

    fn slice(ids: &[u128], has_next: bool) -> Slice<Item> {
        Slice {
            rows: ids.iter().map(|id| post(*id)).collect(),
            has_previous: false,
            has_next,
        }
    }

    fn merged(limit: i32, one: Slice<Item>, other: Slice<Item>) -> (Vec<u128>, bool) {
        let page = Page {
            limit,
            backwards: false,
            after: None,
            before: None,
            texts: true,
        };
        let slice = merge(&page, one, other);
        let ids = slice.rows.iter().map(|row| row.id().as_u128());
        (ids.collect(), slice.has_next)
    }

    #[test]
    fn two_lists_are_one_and_nothing_is_told_from_beyond_where_one_was_read_to() {
        let all = merged(5, slice(&[9, 5], false), slice(&[8, 2], false));
        assert_eq!(all, (vec![9, 8, 5, 2], false));
        let full = merged(3, slice(&[9, 7, 5], true), slice(&[8, 6, 2], true));
        assert_eq!(full, (vec![9, 8, 7], true));
        // One page is short, and goes on all the same: what stands before 5 there is not known.
        let short = merged(3, slice(&[9, 5], true), slice(&[4, 3, 2], true));
        assert_eq!(short, (vec![9, 5], true));
        let none = merged(3, slice(&[], false), slice(&[4, 3, 2], true));
        assert_eq!(none, (vec![4, 3, 2], true));
        let exactly = merged(2, slice(&[9], false), slice(&[8], false));
        assert_eq!(exactly, (vec![9, 8], false));
        let more = merged(2, slice(&[9], false), slice(&[8, 7], false));
        assert_eq!(more, (vec![9, 8], true));
    }
}
