//! The SQL of photos. Who changes what stands in a row that counts holds the owner's counters first: of two
//! who remove the same photo at once, one gives its space back.

use chrono::{DateTime, Utc};
use entity::{photo, user, user_counter, values::PhotoState};
use foldhash::{HashMap, HashMapExt};
use sea_orm::{
    ActiveEnum, ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait,
    IntoActiveModel, QueryFilter, sea_query::Expr,
};
use uuid::Uuid;

use crate::{
    database::Source,
    paging::{Page, Position, Slice, by_keys, columns},
    sql::{self, Sql, is_of, row},
    user::store as users,
};

row! {
    photo::Model { owner_id, id, state, diary_id, place, format, width, height, bytes, created_at, due_at }
}

/// What names a photo: its owner and its own id.
pub type PhotoKey = [Uuid; 2];

/// The photos with `keys`.
pub async fn photos(
    db: &impl Source,
    keys: &[PhotoKey],
) -> Result<HashMap<PhotoKey, photo::Model>, DbErr> {
    let key_of = |row: &photo::Model| [row.owner_id, row.id];
    by_keys(db, "photos", ["owner_id", "id"], keys, key_of).await
}

/// Whether the photo `row` is there for somebody: its files are written, and it was not removed.
pub fn is_there(row: &photo::Model) -> bool {
    !matches!(row.state, PhotoState::Pending | PhotoState::Removed)
}

/// The photo with `key`, whatever has become of it.
pub async fn photo(
    db: &impl ConnectionTrait,
    [owner, id]: PhotoKey,
) -> Result<Option<photo::Model>, DbErr> {
    photo::Entity::find_by_id((owner, id)).one(db).await
}

/// The photos that stand in each of `diaries`, in their order.
pub async fn of_diaries(
    db: &impl ConnectionTrait,
    diaries: &[[Uuid; 2]],
) -> Result<HashMap<[Uuid; 2], Vec<photo::Model>>, DbErr> {
    let mut sql = Sql::of(db);
    let p = sql.keys("p", diaries);
    let on_shards = sql.on_shards(&["t.owner_id", "t.diary_id"], diaries);
    let read = columns::<photo::Model>("t");
    let text = format!(
        "SELECT {read} FROM {p} CROSS JOIN photos AS t \
         WHERE t.owner_id = p.k0 AND t.diary_id = p.k1{on_shards}"
    );
    let mut found: HashMap<_, Vec<photo::Model>> = HashMap::new();
    for row in sql.models::<photo::Model>(db, text).await? {
        if let Some(diary) = row.diary_id {
            found.entry([row.owner_id, diary]).or_default().push(row);
        }
    }
    for photos in found.values_mut() {
        photos.sort_unstable_by_key(|row| (row.place, row.id));
    }
    Ok(found)
}

/// `page` of the photos of `owner`, whatever has become of them, the first first.
pub async fn page(
    db: &impl ConnectionTrait,
    owner: Uuid,
    page: &Page<Uuid>,
) -> Result<Slice<photo::Model>, DbErr> {
    let mut sql = Sql::of(db);
    let (owner, after) = (
        sql.bind(owner),
        sql.bind(page.after.unwrap_or_else(Uuid::least)),
    );
    let limit = sql.bind(i64::from(page.limit + 1));
    let read = columns::<photo::Model>("t");
    let text = format!(
        "SELECT {read} FROM photos AS t WHERE t.owner_id = {owner} AND t.id > {after} \
         ORDER BY t.id LIMIT {limit}"
    );
    Ok(Slice::new(sql.models(db, text).await?, page))
}

/// Takes `bytes` of the space of `owner`, who has `quota` of it. Says whether there was room: whoever else
/// takes some waits for this, and finds what is left.
pub async fn reserve(
    db: &impl ConnectionTrait,
    owner: Uuid,
    bytes: i64,
    quota: i64,
) -> Result<bool, DbErr> {
    let mut sql = Sql::of(db);
    let (owner, bytes, quota) = (sql.bind(owner), sql.bind(bytes), sql.bind(quota));
    let text = format!(
        "UPDATE user_counters SET stored_bytes = stored_bytes + {bytes} \
         WHERE user_id = {owner} AND stored_bytes + {bytes} <= {quota}"
    );
    Ok(sql.run(db, text).await? == 1)
}

/// Writes a photo, whose space was taken.
pub async fn insert(db: &impl ConnectionTrait, row: photo::Model) -> Result<(), DbErr> {
    photo::Entity::insert(row.into_active_model().reset_all())
        .exec_without_returning(db)
        .await?;
    Ok(())
}

/// Has the photo with `key` be as `state` says from now on, until `due` if somebody is to look after it, where
/// it was as `before` says. Says whether it was.
pub async fn turn(
    db: &impl ConnectionTrait,
    [owner, id]: PhotoKey,
    [before, state]: [PhotoState; 2],
    due: Option<DateTime<Utc>>,
) -> Result<bool, DbErr> {
    use photo::Column::{DueAt, Id, OwnerId, State};
    let turned = photo::Entity::update_many()
        .col_expr(State, Expr::value(state.to_value()))
        .col_expr(DueAt, Expr::value(due))
        .filter(OwnerId.eq(owner))
        .filter(Id.eq(id))
        .filter(State.eq(before))
        .exec(db)
        .await?;
    Ok(turned.rows_affected == 1)
}

/// Puts the photo with `key`, which is used nowhere, into `diary` at `place`. Says whether it was so.
pub async fn put_into(
    db: &impl ConnectionTrait,
    [owner, id]: PhotoKey,
    diary: Uuid,
    place: i64,
) -> Result<bool, DbErr> {
    use photo::Column::{DiaryId, DueAt, Id, OwnerId, Place, State};
    let put = photo::Entity::update_many()
        .col_expr(State, Expr::value(PhotoState::Diary.to_value()))
        .col_expr(DiaryId, Expr::value(Some(diary)))
        .col_expr(Place, Expr::value(place))
        .col_expr(DueAt, Expr::value(None::<DateTime<Utc>>))
        .filter(OwnerId.eq(owner))
        .filter(Id.eq(id))
        .filter(State.eq(PhotoState::Unused))
        .exec(db)
        .await?;
    Ok(put.rows_affected == 1)
}

/// Has the photo with `key`, which stands in a diary, stand there at `place`.
pub async fn place(
    db: &impl ConnectionTrait,
    [owner, id]: PhotoKey,
    place: i64,
) -> Result<(), DbErr> {
    use photo::Column::{Id, OwnerId, Place};
    photo::Entity::update_many()
        .col_expr(Place, Expr::value(place))
        .filter(OwnerId.eq(owner))
        .filter(Id.eq(id))
        .exec(db)
        .await?;
    Ok(())
}

/// Holds the diary with `key`, in which a photo stands, until the transaction ends: before what is counted of its
/// author, as who comments does.
pub async fn hold_diary(db: &impl ConnectionTrait, key: [Uuid; 2]) -> Result<(), DbErr> {
    sql::hold(db, "diaries", ["author_id", "id"], key).await
}

/// Adds `by` to the number of photos of the diary with `key`.
pub async fn count_in(
    db: &impl ConnectionTrait,
    [author, diary]: [Uuid; 2],
    by: i64,
) -> Result<(), DbErr> {
    let mut sql = Sql::of(db);
    let (by, author, diary) = (sql.bind(by), sql.bind(author), sql.bind(diary));
    let text = format!(
        "UPDATE diaries SET photo_count = photo_count + {by} \
         WHERE author_id = {author} AND id = {diary}"
    );
    sql.run(db, text).await?;
    Ok(())
}

/// Which photos of an owner.
#[derive(Clone, Copy, Debug)]
pub enum Which {
    /// This one.
    One(Uuid),
    /// Those in this diary.
    InDiary(Uuid),
    /// So many of those that are in this state.
    In(PhotoState, i64),
}

/// Removes photos of `owner`, whose counters are held from here on, and gives their space back: nobody sees
/// them any more, and their files are removed from `now` on. Says how many there were.
pub async fn retire(
    db: &impl ConnectionTrait,
    owner: Uuid,
    which: Which,
    now: DateTime<Utc>,
) -> Result<u64, DbErr> {
    users::hold_counters(db, owner).await?;
    let mut sql = Sql::of(db);
    let (now, owner_is) = (sql.bind(now), sql.bind(owner));
    let these = match which {
        Which::One(id) => format!("id = {}", sql.bind(id)),
        Which::InDiary(diary) => format!("diary_id = {}", sql.bind(diary)),
        Which::In(state, limit) => {
            let (state, limit) = (sql.bind(state.to_value()), sql.bind(limit));
            let first = format!(
                "SELECT id FROM photos WHERE owner_id = {owner_is} AND state = {state} \
                 ORDER BY id LIMIT {limit}"
            );
            is_of(&sql, "id", &first)
        }
    };
    let text = format!(
        "UPDATE photos SET state = 'REMOVED', diary_id = NULL, due_at = {now} \
         WHERE owner_id = {owner_is} AND state <> 'REMOVED' AND {these} RETURNING bytes"
    );
    let rows = sql.rows(db, text).await?;
    let bytes: Vec<i64> = rows
        .iter()
        .map(|row| row.try_get_by_index(0))
        .collect::<Result<_, _>>()?;
    if !bytes.is_empty() {
        let freed: i64 = bytes.iter().sum();
        let column = user_counter::Column::StoredBytes;
        users::tally(db, owner, column, -freed).await?;
    }
    Ok(u64::try_from(bytes.len()).unwrap_or(u64::MAX))
}

/// Has `id` be the picture of the profile of `owner`; or none.
pub async fn show_on_profile(
    db: &impl ConnectionTrait,
    owner: Uuid,
    id: Option<Uuid>,
) -> Result<(), DbErr> {
    user::Entity::update_many()
        .col_expr(user::Column::PhotoId, Expr::value(id))
        .filter(user::Column::Id.eq(owner))
        .exec(db)
        .await?;
    Ok(())
}

/// Up to `limit` photos that somebody is to look after now.
pub async fn due(
    db: &impl ConnectionTrait,
    now: DateTime<Utc>,
    limit: i64,
) -> Result<Vec<photo::Model>, DbErr> {
    let mut sql = Sql::of(db);
    let (now, limit) = (sql.bind(now), sql.bind(limit));
    let read = columns::<photo::Model>("t");
    let text = format!(
        "SELECT {read} FROM photos AS t WHERE t.due_at <= {now} ORDER BY t.due_at LIMIT {limit}"
    );
    sql.models(db, text).await
}

/// Up to `limit` photos of `owner` whose files are to be removed.
pub async fn removed(
    db: &impl ConnectionTrait,
    owner: Uuid,
    limit: i64,
) -> Result<Vec<photo::Model>, DbErr> {
    let mut sql = Sql::of(db);
    let (owner, limit) = (sql.bind(owner), sql.bind(limit));
    let read = columns::<photo::Model>("t");
    let text = format!(
        "SELECT {read} FROM photos AS t WHERE t.owner_id = {owner} AND t.state = 'REMOVED' \
         ORDER BY t.id LIMIT {limit}"
    );
    sql.models(db, text).await
}

/// Whether `owner` has photos, but for those that are to be removed.
pub async fn has_photos(db: &impl ConnectionTrait, owner: Uuid) -> Result<bool, DbErr> {
    // Each takes some space.
    let counters = users::counters(db, owner).await?;
    Ok(counters.is_some_and(|row| row.stored_bytes > 0))
}

/// Forgets the photo with `key`, whose files were removed.
pub async fn forget(db: &impl ConnectionTrait, [owner, id]: PhotoKey) -> Result<(), DbErr> {
    photo::Entity::delete_by_id((owner, id))
        .filter(photo::Column::State.eq(PhotoState::Removed))
        .exec(db)
        .await?;
    Ok(())
}
