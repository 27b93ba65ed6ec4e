//! The SQL of who runs a page: its owner stands in the page's row, its editors beside it, and with each of them
//! which pages they run.

use entity::{brand_editor, run_brand};
use foldhash::HashMap;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel,
    QueryFilter, QueryOrder,
};
use uuid::Uuid;

use crate::{
    database::Source,
    paging::{List, Narrow, Page, Slice, by_keys, children},
    sql::{Sql, row},
};

row! {
    brand_editor::Model { brand_id, user_id, id }
    run_brand::Model { user_id, brand_id, id, is_owner }
}

/// The most editors of a page, beside its owner (rules.md, Brands 1).
pub const MOST_EDITORS: i64 = 10;

/// The editors of a page, who has been one for the longest first.
const EDITORS: List<1> = List {
    table: "brand_editors",
    parent: ["brand_id"],
    beside: ("brands", ["id"]),
    order: "id",
    index: Some("idx_brand_editors_brand_id_id"),
    newest_first: false,
    brief: None,
};

/// The pages that somebody runs, the last first.
const RUN: List<1> = List {
    table: "run_brands",
    parent: ["user_id"],
    beside: ("users", ["id"]),
    order: "id",
    index: Some("idx_run_brands_user_id_id"),
    newest_first: true,
    brief: None,
};

/// All editors of each of `brands`, who has been one for the longest first.
pub async fn editors_of(
    db: &impl Source,
    brands: &[Uuid],
) -> Result<HashMap<Uuid, Vec<Uuid>>, DbErr> {
    let parents: Vec<_> = brands.iter().map(|id| [*id]).collect();
    let all = Page::<Uuid> {
        limit: i32::try_from(MOST_EDITORS).unwrap_or(i32::MAX),
        backwards: false,
        after: None,
        before: None,
        texts: true,
    };
    let parent_of = |row: &brand_editor::Model| [row.brand_id];
    let found = children(db, &EDITORS, &parents, &all, &Narrow::All, parent_of).await?;
    let found = found.into_iter();
    Ok(found
        .map(|([brand], slice)| (brand, slice.rows.iter().map(|row| row.user_id).collect()))
        .collect())
}

/// All editors of `brand`, in the same order, for a change.
pub async fn all_editors(db: &impl ConnectionTrait, brand: Uuid) -> Result<Vec<Uuid>, DbErr> {
    let rows = brand_editor::Entity::find()
        .filter(brand_editor::Column::BrandId.eq(brand))
        .order_by_asc(brand_editor::Column::Id)
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|row| row.user_id).collect())
}

/// Whether `user` is an editor of `brand`.
pub async fn is_editor(db: &impl ConnectionTrait, brand: Uuid, user: Uuid) -> Result<bool, DbErr> {
    let row = brand_editor::Entity::find_by_id((brand, user))
        .one(db)
        .await?;
    Ok(row.is_some())
}

/// What each of `brands` is to `user`, of those that they run.
pub async fn run_among(
    db: &impl Source,
    user: Uuid,
    brands: &[Uuid],
) -> Result<HashMap<Uuid, run_brand::Model>, DbErr> {
    let keys: Vec<_> = brands.iter().map(|brand| [user, *brand]).collect();
    let key_of = |row: &run_brand::Model| [row.user_id, row.brand_id];
    let found = by_keys(db, "run_brands", ["user_id", "brand_id"], &keys, key_of).await?;
    let found = found.into_iter();
    Ok(found.map(|([_, brand], row)| (brand, row)).collect())
}

/// `page` of the pages that `user` runs.
pub async fn run_page(
    db: &impl Source,
    user: Uuid,
    page: &Page<Uuid>,
) -> Result<Slice<run_brand::Model>, DbErr> {
    let parent_of = |row: &run_brand::Model| [row.user_id];
    let mut found = children(db, &RUN, &[[user]], page, &Narrow::All, parent_of).await?;
    Ok(found.remove(&[user]).unwrap_or_default())
}

/// How many pages `user` runs, up to `most`.
pub async fn run_count(db: &impl ConnectionTrait, user: Uuid, most: i64) -> Result<i64, DbErr> {
    let mut sql = Sql::of(db);
    let (user, most) = (sql.bind(user), sql.bind(most));
    let text = format!(
        "SELECT count(*) FROM (SELECT 1 FROM run_brands WHERE user_id = {user} LIMIT {most}) AS r"
    );
    let rows = sql.rows(db, text).await?;
    rows.first().map_or(Ok(0), |row| row.try_get_by_index(0))
}

/// Some page that `user` runs; none where there is none.
pub async fn some_run(
    db: &impl ConnectionTrait,
    user: Uuid,
) -> Result<Option<run_brand::Model>, DbErr> {
    run_brand::Entity::find()
        .filter(run_brand::Column::UserId.eq(user))
        .one(db)
        .await
}

/// Has `user` run a page from now on.
pub async fn run(db: &impl ConnectionTrait, row: run_brand::Model) -> Result<(), DbErr> {
    run_brand::Entity::insert(row.into_active_model().reset_all())
        .exec_without_returning(db)
        .await?;
    Ok(())
}

/// Has none of `users` run `brand` any more, as it stands with them.
pub async fn run_no_more(
    db: &impl ConnectionTrait,
    users: &[Uuid],
    brand: Uuid,
) -> Result<(), DbErr> {
    let mut sql = Sql::of(db);
    let (among, brand) = (sql.among("user_id", users), sql.bind(brand));
    let text = format!("DELETE FROM run_brands WHERE {among} AND brand_id = {brand}");
    sql.run(db, text).await?;
    Ok(())
}

/// Makes the user of `row`, who runs no page of this id yet, an editor of it. Whoever calls holds the page.
pub async fn add(db: &impl ConnectionTrait, row: brand_editor::Model) -> Result<(), DbErr> {
    let run_row = run_brand::Model {
        user_id: row.user_id,
        brand_id: row.brand_id,
        id: row.id,
        is_owner: false,
    };
    add_row(db, row).await?;
    run(db, run_row).await
}

/// Has `user` be no editor of `brand` any more. Says whether they were. Whoever calls holds the page.
pub async fn remove(db: &impl ConnectionTrait, brand: Uuid, user: Uuid) -> Result<bool, DbErr> {
    let was = remove_row(db, brand, user).await?;
    if was {
        run_no_more(db, &[user], brand).await?;
    }
    Ok(was)
}

/// Has `brand`, which is held, be owned by `heir`, an editor of it; and `former`, the owner until then, be an
/// editor with the id `id`, where one is given, and else run it no more.
pub async fn pass_on(
    db: &impl ConnectionTrait,
    brand: Uuid,
    [former, heir]: [Uuid; 2],
    id: Option<Uuid>,
) -> Result<(), DbErr> {
    remove_row(db, brand, heir).await?;
    let mut sql = Sql::of(db);
    let (owner, of_brand) = (sql.bind(heir), sql.bind(brand));
    let text = format!("UPDATE brands SET owner_id = {owner} WHERE id = {of_brand}");
    sql.run(db, text).await?;
    own(db, heir, brand).await?;
    run_no_more(db, &[former], brand).await?;
    let Some(id) = id else {
        return Ok(());
    };
    let row = brand_editor::Model {
        brand_id: brand,
        user_id: former,
        id,
    };
    add(db, row).await
}

async fn own(db: &impl ConnectionTrait, user: Uuid, brand: Uuid) -> Result<(), DbErr> {
    let mut sql = Sql::of(db);
    let (user, brand) = (sql.bind(user), sql.bind(brand));
    let text = format!(
        "UPDATE run_brands SET is_owner = TRUE WHERE user_id = {user} AND brand_id = {brand}"
    );
    sql.run(db, text).await?;
    Ok(())
}

async fn add_row(db: &impl ConnectionTrait, row: brand_editor::Model) -> Result<(), DbErr> {
    let brand = row.brand_id;
    brand_editor::Entity::insert(row.into_active_model().reset_all())
        .exec_without_returning(db)
        .await?;
    count(db, brand, 1).await
}

async fn remove_row(db: &impl ConnectionTrait, brand: Uuid, user: Uuid) -> Result<bool, DbErr> {
    let gone = brand_editor::Entity::delete_by_id((brand, user))
        .exec(db)
        .await?;
    let was = gone.rows_affected == 1;
    if was {
        count(db, brand, -1).await?;
    }
    Ok(was)
}

async fn count(db: &impl ConnectionTrait, brand: Uuid, by: i64) -> Result<(), DbErr> {
    let mut sql = Sql::of(db);
    let (by, brand) = (sql.bind(by), sql.bind(brand));
    let text = format!("UPDATE brands SET editor_count = editor_count + {by} WHERE id = {brand}");
    sql.run(db, text).await?;
    Ok(())
}
