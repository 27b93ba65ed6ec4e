//! How pages, their posts and what the viewer is to them are found.

use std::sync::Arc;

use chrono::NaiveDate;
use entity::{brand, brand_day, brand_post};
use foldhash::{HashMap, HashMapExt};
use uuid::Uuid;

use super::store::{self, days, followers, people, posts};
use crate::{
    error::Error,
    loaders::{Access, Loaders, group_by, parts},
    paging::{Page, Slice},
    user::store::kept_form,
    visibility::BrandRole,
};

/// A page by id.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct BrandById(pub Uuid);

#[async_trait::async_trait]
impl Access for BrandById {
    type Value = Arc<brand::Model>;

    async fn load(keys: &[Self], loaders: &Loaders) -> Result<HashMap<Self, Self::Value>, Error> {
        let mut found = HashMap::new();
        for keys in parts(keys, 1) {
            let ids: Vec<_> = keys.iter().map(|key| key.0).collect();
            let rows = store::by_ids(&loaders.db(), &ids).await?;
            let texts = rows.values().map(|row| row.description.len());
            loaders.budget.read(texts)?;
            found.extend(rows.into_iter().map(|(id, row)| (Self(id), Arc::new(row))));
        }
        Ok(found)
    }
}

/// The pages with `ids`, of those that there are.
///
/// # Errors
/// The database's.
pub async fn brands(
    loaders: &Loaders,
    ids: impl IntoIterator<Item = Uuid>,
) -> Result<HashMap<Uuid, Arc<brand::Model>>, Error> {
    let keys = ids.into_iter().map(BrandById).collect();
    let rows = loaders.load_many(keys).await?.into_iter().flatten();
    Ok(rows.map(|row| (row.id, row)).collect())
}

/// The page with `handle`, in upper or lower case.
///
/// # Errors
/// The database's.
pub async fn by_handle(
    loaders: &Loaders,
    handle: &str,
) -> Result<Option<Arc<brand::Model>>, Error> {
    let handle = kept_form(handle);
    match store::id_by_handle(&loaders.db(), &handle).await? {
        Some(id) => loaders.load(BrandById(id)).await,
        None => Ok(None),
    }
}

/// What the viewer is to a page, where they run it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct RoleIn(Uuid);

#[async_trait::async_trait]
impl Access for RoleIn {
    type Value = BrandRole;

    async fn load(keys: &[Self], loaders: &Loaders) -> Result<HashMap<Self, Self::Value>, Error> {
        let mut found = HashMap::new();
        let Some(me) = loaders.viewer.id() else {
            return Ok(found);
        };
        for keys in parts(keys, 1) {
            let brands: Vec<_> = keys.iter().map(|key| key.0).collect();
            // It decides who sees what: a replica could still know one who runs it no more.
            let db = loaders.app.database.reader();
            let rows = people::run_among(db, me, &brands).await?.into_iter();
            found.extend(rows.map(|(brand, row)| (Self(brand), role_of(row.is_owner))));
        }
        Ok(found)
    }
}

/// What who runs a page is to it.
pub fn role_of(is_owner: bool) -> BrandRole {
    match is_owner {
        true => BrandRole::Owner,
        false => BrandRole::Editor,
    }
}

/// What the viewer is to the page `brand`, where they run it: no statement where nobody is signed in.
///
/// # Errors
/// The database's.
pub async fn role_in(loaders: &Loaders, brand: Uuid) -> Result<Option<BrandRole>, Error> {
    match loaders.viewer.id() {
        Some(_) => loaders.load(RoleIn(brand)).await,
        None => Ok(None),
    }
}

/// That the viewer follows a page.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Followed(Uuid);

#[async_trait::async_trait]
impl Access for Followed {
    type Value = ();

    async fn load(keys: &[Self], loaders: &Loaders) -> Result<HashMap<Self, Self::Value>, Error> {
        let mut found = HashMap::new();
        let Some(me) = loaders.viewer.id() else {
            return Ok(found);
        };
        for keys in parts(keys, 1) {
            let brands: Vec<_> = keys.iter().map(|key| key.0).collect();
            let those = followers::among(&loaders.db(), me, &brands).await?;
            found.extend(those.into_iter().map(|brand| (Self(brand), ())));
        }
        Ok(found)
    }
}

/// Whether the viewer follows the page `brand`: no statement where nobody is signed in.
///
/// # Errors
/// The database's.
pub async fn follows(loaders: &Loaders, brand: Uuid) -> Result<bool, Error> {
    match loaders.viewer.id() {
        Some(_) => Ok(loaders.load(Followed(brand)).await?.is_some()),
        None => Ok(false),
    }
}

/// The editors of a page, who has been one for the longest first.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct EditorsOf(pub Uuid);

#[async_trait::async_trait]
impl Access for EditorsOf {
    type Value = Arc<[Uuid]>;

    async fn load(keys: &[Self], loaders: &Loaders) -> Result<HashMap<Self, Self::Value>, Error> {
        let most = i32::try_from(people::MOST_EDITORS).unwrap_or(i32::MAX);
        let mut found = HashMap::new();
        for keys in parts(keys, most) {
            let brands: Vec<_> = keys.iter().map(|key| key.0).collect();
            let rows = people::editors_of(loaders.app.database.reader(), &brands).await?;
            let rows = rows.into_iter();
            found.extend(rows.map(|(brand, users)| (Self(brand), users.into())));
        }
        Ok(found)
    }
}

/// A page of what was published on a brand's page.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PostsOf {
    /// On which.
    pub brand: Uuid,
    /// Which part.
    pub page: Page<Uuid>,
}

#[async_trait::async_trait]
impl Access for PostsOf {
    type Value = Arc<Slice<Arc<brand_post::Model>>>;

    /// One statement for each distinct page.
    async fn load(keys: &[Self], loaders: &Loaders) -> Result<HashMap<Self, Self::Value>, Error> {
        let mut found = HashMap::new();
        for (page, keys) in group_by(keys, |key| key.page.clone()) {
            for keys in parts(&keys, page.limit) {
                let brands: Vec<_> = keys.iter().map(|key| key.brand).collect();
                let pages = posts::of_brands(&loaders.db(), &brands, &page).await?;
                let pages = loaders.pages_of(keys, pages, |key| key.brand, |row| row.body.len())?;
                found.extend(pages.map(|(key, slice)| (key, Arc::new(slice.shared()))));
            }
        }
        Ok(found)
    }
}

/// A post by its key, whether its page is there still or not.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PostByKey(pub posts::PostKey);

#[async_trait::async_trait]
impl Access for PostByKey {
    type Value = Arc<brand_post::Model>;

    async fn load(keys: &[Self], loaders: &Loaders) -> Result<HashMap<Self, Self::Value>, Error> {
        let mut found = HashMap::new();
        for keys in parts(keys, 1) {
            let keys: Vec<_> = keys.iter().map(|key| key.0).collect();
            let rows = posts::by_posts(&loaders.db(), &keys).await?;
            loaders
                .budget
                .read(rows.values().map(|row| row.body.len()))?;
            let rows = rows.into_iter();
            found.extend(rows.map(|(key, row)| (Self(key), Arc::new(row))));
        }
        Ok(found)
    }
}

/// What came to a page on some days, the last first.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DaysOf {
    /// To which.
    pub brand: Uuid,
    /// The first day, and the last.
    pub days: [NaiveDate; 2],
}

#[async_trait::async_trait]
impl Access for DaysOf {
    type Value = Arc<[brand_day::Model]>;

    /// One statement for each distinct time.
    async fn load(keys: &[Self], loaders: &Loaders) -> Result<HashMap<Self, Self::Value>, Error> {
        let mut found = HashMap::new();
        for (days, keys) in group_by(keys, |key| key.days) {
            let [first, last] = days;
            let most = i32::try_from((last - first).num_days() + 1).unwrap_or(i32::MAX);
            for keys in parts(&keys, most) {
                let brands: Vec<_> = keys.iter().map(|key| key.brand).collect();
                let rows = days::of_brands(&loaders.db(), &brands, days).await?;
                loaders.budget.read(rows.values().flatten().map(|_| 0))?;
                let rows = rows.into_iter();
                found.extend(rows.map(|(brand, rows)| (Self { brand, days }, rows.into())));
            }
        }
        Ok(found)
    }
}
