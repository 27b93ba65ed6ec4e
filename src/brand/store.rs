//! The SQL of brands' pages: of the pages themselves here.

pub mod days;
pub mod followers;
pub mod people;
pub mod posts;
pub mod removal;

use std::collections::BTreeSet;

use entity::{brand, brand_editor, brand_gram, brand_handle};
use foldhash::HashMap;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel,
    QueryFilter,
    sea_query::{Expr, OnConflict},
};
use uuid::Uuid;

use crate::{
    database::Source,
    paging::by_keys,
    search,
    sql::{self, Column, Sql, row},
};

row! {
    brand::Model { id, handle, name, description, owner_id, is_verified, editor_count, follower_count, post_count, post_number, created_at }
}

/// The pages with `ids`.
pub async fn by_ids(db: &impl Source, ids: &[Uuid]) -> Result<HashMap<Uuid, brand::Model>, DbErr> {
    let keys: Vec<_> = ids.iter().map(|id| [*id]).collect();
    let key_of = |row: &brand::Model| [row.id];
    let found = by_keys(db, "brands", ["id"], &keys, key_of).await?;
    Ok(found.into_iter().map(|([id], row)| (id, row)).collect())
}

/// The page with `id`.
pub async fn find(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<brand::Model>, DbErr> {
    brand::Entity::find_by_id(id).one(db).await
}

/// The same, as it stays until the transaction ends. Whoever holds users, too, holds them before.
pub async fn held(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<brand::Model>, DbErr> {
    sql::hold(db, "brands", ["id"], [id]).await?;
    find(db, id).await
}

/// The page with `handle`, in the form that it is kept in; the nil id where that page is gone.
pub async fn id_by_handle(db: &impl ConnectionTrait, handle: &str) -> Result<Option<Uuid>, DbErr> {
    let row = brand_handle::Entity::find_by_id(handle).one(db).await?;
    Ok(row.map(|row| row.brand_id))
}

/// Takes `handle` for `id`. Says whether it was free.
pub async fn take_handle(db: &impl ConnectionTrait, handle: &str, id: Uuid) -> Result<bool, DbErr> {
    let row = brand_handle::Model {
        handle: handle.to_owned(),
        brand_id: id,
    };
    let taken = brand_handle::Entity::insert(row.into_active_model().reset_all())
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(db)
        .await?;
    Ok(taken == 1)
}

/// Gives `handle` back.
pub async fn free_handle(db: &impl ConnectionTrait, handle: &str) -> Result<(), DbErr> {
    brand_handle::Entity::delete_by_id(handle).exec(db).await?;
    Ok(())
}

/// Has `handle` be nobody's, and stay taken: nobody passes for the page that had it.
pub async fn retire_handle(db: &impl ConnectionTrait, handle: &str) -> Result<(), DbErr> {
    brand_handle::Entity::update_many()
        .col_expr(brand_handle::Column::BrandId, Uuid::nil().into())
        .filter(brand_handle::Column::Handle.eq(handle))
        .exec(db)
        .await?;
    Ok(())
}

/// Writes a new page.
pub async fn insert(db: &impl ConnectionTrait, row: brand::Model) -> Result<(), DbErr> {
    brand::Entity::insert(row.into_active_model().reset_all())
        .exec_without_returning(db)
        .await?;
    Ok(())
}

/// Writes what the held page `row` is called and says of itself, and whether it bears the mark.
pub async fn describe(db: &impl ConnectionTrait, row: &brand::Model) -> Result<(), DbErr> {
    brand::Entity::update_many()
        .col_expr(brand::Column::Handle, Expr::value(row.handle.as_str()))
        .col_expr(brand::Column::Name, Expr::value(row.name.as_str()))
        .col_expr(
            brand::Column::Description,
            Expr::value(row.description.as_str()),
        )
        .col_expr(brand::Column::IsVerified, Expr::value(row.is_verified))
        .filter(brand::Column::Id.eq(row.id))
        .exec(db)
        .await?;
    Ok(())
}

/// Removes the row of the page `id`, and those of its editors.
pub async fn delete(db: &impl ConnectionTrait, id: Uuid) -> Result<(), DbErr> {
    brand_editor::Entity::delete_many()
        .filter(brand_editor::Column::BrandId.eq(id))
        .exec(db)
        .await?;
    brand::Entity::delete_by_id(id).exec(db).await?;
    Ok(())
}

/// Has the page be found by `handle` and `name`, and by no earlier ones.
pub async fn index(
    db: &impl ConnectionTrait,
    id: Uuid,
    handle: &str,
    name: &str,
) -> Result<(), DbErr> {
    forget_grams(db, id).await?;
    let grams = grams(handle, name).into_iter().collect();
    let mut sql = Sql::of(db);
    let (id, handle) = (sql.bind(id), sql.bind(handle));
    let p = sql.table("p", vec![("gram", Column::Texts(grams))]);
    let text = format!(
        "INSERT INTO brand_grams (brand_id, gram, handle) SELECT {id}, p.gram, {handle} FROM {p}"
    );
    sql.run(db, text).await?;
    Ok(())
}

/// Has nobody find the page any more.
pub async fn forget_grams(db: &impl ConnectionTrait, id: Uuid) -> Result<(), DbErr> {
    brand_gram::Entity::delete_many()
        .filter(brand_gram::Column::BrandId.eq(id))
        .exec(db)
        .await?;
    Ok(())
}

/// What a page is found by.
pub fn grams(handle: &str, name: &str) -> BTreeSet<String> {
    let mut grams = search::grams_of(handle);
    grams.append(&mut search::grams_of(&search::fold(name)));
    grams
}

/// Up to `limit` ids of the pages that bear every one of `grams`, by handle, after `after`.
pub async fn search(
    db: &impl ConnectionTrait,
    grams: &[String],
    after: &(String, Uuid),
    limit: i64,
) -> Result<Vec<(String, Uuid)>, DbErr> {
    let index = search::Index {
        table: "brand_grams",
        order: "handle",
        id: "brand_id",
    };
    index
        .find(db, grams, search::Only::default(), after, limit)
        .await
}
