//! The gram tables against the texts that they index: cutting a text up is not SQL's work.

use std::collections::{BTreeMap, BTreeSet};

use entity::{
    artist_gram, artist_name, brand, brand_gram, catalogue_gram, catalogue_item, catalogue_title,
    user, user_gram,
};
use sea_orm::{ConnectionTrait, DbErr, EntityTrait};
use uuid::Uuid;

use super::Difference;
use crate::{
    brand::store as pages, bulk::catalogue, catalogue::artist::store as artist_names, user::store,
};

/// What an owner of grams should be found by: (gram, order).
type Grams = BTreeMap<Uuid, BTreeSet<(String, String)>>;

pub(super) async fn users(db: &impl ConnectionTrait) -> Result<Vec<Difference>, DbErr> {
    let mut kept = Grams::new();
    for row in user_gram::Entity::find().all(db).await? {
        let of_user = kept.entry(row.user_id).or_default();
        of_user.insert((row.gram, row.username));
    }
    let mut right = Grams::new();
    for user in user::Entity::find().all(db).await? {
        let grams = store::grams(&user.username, &user.nickname);
        // Who does not wish to be found is found by nothing.
        let grams = grams.into_iter().filter(|_| user.is_searchable);
        let with_order = grams.map(|gram| (gram, user.username.clone()));
        right.insert(user.id, with_order.collect());
    }
    Ok(compare("user_grams", &kept, &right))
}

pub(super) async fn items(db: &impl ConnectionTrait) -> Result<Vec<Difference>, DbErr> {
    let mut kept = Grams::new();
    for row in catalogue_gram::Entity::find().all(db).await? {
        let of_item = kept.entry(row.item_id).or_default();
        of_item.insert((row.gram, row.title_key));
    }
    let mut titles: BTreeMap<Uuid, Vec<String>> = BTreeMap::new();
    for row in catalogue_title::Entity::find().all(db).await? {
        titles.entry(row.item_id).or_default().push(row.title);
    }
    let mut right = Grams::new();
    for item in catalogue_item::Entity::find().all(db).await? {
        let further = titles.remove(&item.id).unwrap_or_default();
        let grams = catalogue::grams(&item.title, &further);
        let with_order = grams.into_iter().map(|gram| (gram, item.title_key.clone()));
        right.insert(item.id, with_order.collect());
    }
    Ok(compare("catalogue_grams", &kept, &right))
}

pub(super) async fn artists(db: &impl ConnectionTrait) -> Result<Vec<Difference>, DbErr> {
    let mut kept = Grams::new();
    for row in artist_gram::Entity::find().all(db).await? {
        let of_artist = kept.entry(row.artist_id).or_default();
        of_artist.insert((row.gram, row.name_key));
    }
    let mut names: BTreeMap<Uuid, Vec<artist_name::Model>> = BTreeMap::new();
    for row in artist_name::Entity::find().all(db).await? {
        names.entry(row.artist_id).or_default().push(row);
    }
    let mut right = Grams::new();
    for (artist, names) in names {
        let main = names.iter().find(|name| name.position == 0);
        let order = main.map(|name| name.name_key.clone()).unwrap_or_default();
        let grams = artist_names::grams(names.iter().map(|name| name.name_key.as_str()));
        let with_order = grams.into_iter().map(|gram| (gram, order.clone()));
        right.insert(artist, with_order.collect());
    }
    Ok(compare("artist_grams", &kept, &right))
}

pub(super) async fn brands(db: &impl ConnectionTrait) -> Result<Vec<Difference>, DbErr> {
    let mut kept = Grams::new();
    for row in brand_gram::Entity::find().all(db).await? {
        let of_brand = kept.entry(row.brand_id).or_default();
        of_brand.insert((row.gram, row.handle));
    }
    let mut right = Grams::new();
    for row in brand::Entity::find().all(db).await? {
        let grams = pages::grams(&row.handle, &row.name).into_iter();
        let with_order = grams.map(|gram| (gram, row.handle.clone()));
        right.insert(row.id, with_order.collect());
    }
    Ok(compare("brand_grams", &kept, &right))
}

fn compare(check: &str, kept: &Grams, right: &Grams) -> Vec<Difference> {
    let none = BTreeSet::new();
    let owners: BTreeSet<_> = kept.keys().chain(right.keys()).collect();
    owners
        .into_iter()
        .filter_map(|owner| {
            let kept = kept.get(owner).unwrap_or(&none);
            let right = right.get(owner).unwrap_or(&none);
            (kept != right).then(|| Difference {
                check: check.to_owned(),
                key: owner.simple().to_string(),
                kept: count(kept),
                counted: count(right),
            })
        })
        .collect()
}

fn count<T>(set: &BTreeSet<T>) -> i64 {
    i64::try_from(set.len()).unwrap_or(i64::MAX)
}
