//! Diaries for groups of their authors', in the lists of who is in some of these.
//!
//! A list is two then: what the viewer sees by what they are to the author, which is the same for all who
//! are the same, and what the viewer sees by being in groups. Who is in none, or in none for which there
//! are diaries, asks for the first alone.

pub mod store;

use std::sync::Arc;

use entity::diary;
use foldhash::{HashMap, HashMapExt};
use uuid::Uuid;

use super::confirm;
use crate::{
    error::Error,
    friendship::{
        group::{loader::opened_by, store::GroupKey},
        loader::Standing,
    },
    loaders::{Access, Loaders, group_by, parts},
    paging::{Page, Slice},
    visibility,
};

/// A page of the diaries for a group that the viewer is in.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct DiariesFor {
    group: GroupKey,
    page: Page<Uuid>,
}

#[async_trait::async_trait]
impl Access for DiariesFor {
    type Value = Arc<Slice<Arc<diary::Model>>>;

    /// One statement for each distinct page; at a replica more, as for the other diaries of an author.
    async fn load(keys: &[Self], loaders: &Loaders) -> Result<HashMap<Self, Self::Value>, Error> {
        let mut found = HashMap::new();
        for (page, keys) in group_by(keys, |key| key.page.clone()) {
            for keys in parts(&keys, page.limit) {
                let groups: Vec<_> = keys.iter().map(|key| key.group).collect();
                let db = loaders.db();
                let mut pages = store::pages(&db, &groups, &page).await?;
                let rows = pages.values().flat_map(|slice| &slice.rows);
                loaders
                    .budget
                    .read(rows.clone().map(|row| row.body.len()))?;
                let outdated = confirm::outdated(loaders, &db, rows).await?;
                if !outdated.is_empty() {
                    let again = |[author, _]: &GroupKey| outdated.contains(author);
                    pages.retain(|group, _| !again(group));
                    let groups: Vec<_> = groups.into_iter().filter(again).collect();
                    let db = loaders.app.database.reader();
                    let read = store::pages(db, &groups, &page).await?;
                    let rows = read.values().flat_map(|slice| &slice.rows);
                    loaders.budget.read(rows.map(|row| row.body.len()))?;
                    pages.extend(read);
                }
                found.extend(keys.iter().map(|key| {
                    let slice = pages.remove(&key.group).unwrap_or_default();
                    (Self::clone(key), Arc::new(slice.shared()))
                }));
            }
        }
        Ok(found)
    }
}

/// `page` of the diaries of `author` for groups that the viewer, who has this `standing`, is in: a page of
/// each group. Two statements for all authors of a level, and none where there is nothing to see.
///
/// # Errors
/// The database's.
pub async fn pages(
    loaders: &Loaders,
    author: Uuid,
    page: &Page<Uuid>,
    standing: Standing,
) -> Result<Vec<Slice<Arc<diary::Model>>>, Error> {
    let groups = opened_by(loaders, author, standing).await?;
    if groups.is_empty() || !visibility::opens_groups(standing.relation) {
        return Ok(Vec::new());
    }
    let keys = groups.iter().map(|group| DiariesFor {
        group: [author, group.id],
        page: page.clone(),
    });
    let found = loaders.load_many(keys.collect()).await?;
    let slices = found.into_iter().flatten();
    Ok(slices.map(|slice| (*slice).clone()).collect())
}

/// How many diaries of `author` there are for groups that the viewer, who has this `standing`, is in.
///
/// # Errors
/// The database's.
pub async fn count(loaders: &Loaders, author: Uuid, standing: Standing) -> Result<i64, Error> {
    let groups = opened_by(loaders, author, standing).await?;
    Ok(groups.iter().map(|group| group.diaries).sum())
}

/// The same `page` of several lists as one of all their rows, newest first.
pub fn merge(
    page: &Page<Uuid>,
    first: Slice<Arc<diary::Model>>,
    others: Vec<Slice<Arc<diary::Model>>>,
) -> Slice<Arc<diary::Model>> {
    let others: Vec<_> = others
        .into_iter()
        .filter(|slice| !slice.rows.is_empty())
        .collect();
    if others.is_empty() {
        return first;
    }
    let mut all = first;
    for slice in others {
        all.rows.extend(slice.rows);
        all.has_previous |= slice.has_previous;
        all.has_next |= slice.has_next;
    }
    all.rows
        .sort_unstable_by_key(|row| std::cmp::Reverse(row.id));
    let limit = usize::try_from(page.limit).unwrap_or_default();
    let over = all.rows.len().saturating_sub(limit);
    if page.backwards {
        all.rows.drain(..over);
        all.has_previous |= over > 0;
    } else {
        all.rows.truncate(limit);
        all.has_next |= over > 0;
    }
    all
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use entity::values::Audience;

    use super::*;

    fn slice(ids: &[u128], page: &Page<Uuid>) -> Slice<Arc<diary::Model>> {
        let row = |id: &u128| diary::Model {
            author_id: Uuid::nil(),
            id: Uuid::from_u128(*id),
            title: String::new(),
            body: String::new(),
            audience: Audience::Group,
            group_id: None,
            comment_count: 0,
            photo_count: 0,
            created_at: DateTime::UNIX_EPOCH,
            edited_at: None,
        };
        // As a statement reads them.
        let mut rows: Vec<_> = ids.iter().map(row).collect();
        if page.backwards {
            rows.reverse();
        }
        rows.truncate(usize::try_from(page.limit).unwrap() + 1);
        Slice::new(rows, page).shared()
    }

    #[test]
    fn pages_of_two_lists_come_to_the_page_of_both() {
        let both = [9, 8, 7, 6, 5, 4, 3, 2, 1];
        for backwards in [false, true] {
            for limit in 1..=10 {
                let page = Page {
                    limit,
                    backwards,
                    after: None,
                    before: None,
                    texts: true,
                };
                let lists: [&[u128]; 3] = [&[9, 5, 4, 1], &[8, 7], &[6, 3, 2]];
                let [first, others @ ..] = lists.map(|ids| slice(ids, &page));
                let merged = merge(&page, first, others.to_vec());
                let whole = slice(&both, &page);
                let ids = |slice: &Slice<Arc<diary::Model>>| -> Vec<_> {
                    slice.rows.iter().map(|row| row.id).collect()
                };
                assert_eq!(ids(&merged), ids(&whole), "{limit} {backwards}");
                assert_eq!(merged.has_next, whole.has_next, "{limit} {backwards}");
                assert_eq!(
                    merged.has_previous, whole.has_previous,
                    "{limit} {backwards}"
                );
            }
        }
    }
}
