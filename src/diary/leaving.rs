//! What of somebody's diaries and comments they take along, and how those go: a diary with its comments;
//! of a comment under another's diary the words and who wrote them, so that the thread keeps its shape.

use std::collections::BTreeSet;

use entity::{diary, diary_comment, user_counter};
use sea_orm::{
    ActiveEnum, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait, LockType},
};
use serde_json::json;
use uuid::Uuid;

use super::store::{self, CommentKey, DiaryKey};
use crate::{
    app::App,
    cache::Object,
    database::Tx,
    error::Error,
    events::Event,
    friendship::{group::store as groups, newest},
    ids::Kind,
    loaders::Loaders,
    paging::{Page, Position, Slice, columns},
    photo::diaries as photos,
    rejection::Rejection,
    sql::{Sql, is_of},
    user::{
        leaving::{Taken, global},
        store as users,
    },
    visibility::{Relation, visible_audiences},
};

/// Diaries that go in one transaction.
const DIARIES: u64 = 20;
/// Comments that do, of those diaries.
const UNDER_DIARIES: u64 = 500;
/// Comments under others' diaries that do.
const COMMENTS: u64 = 50;

/// `page` of the diaries of `me`, the last first.
///
/// # Errors
/// The database's.
pub async fn diaries(loaders: &Loaders, me: Uuid, page: &Page<Uuid>) -> Result<Taken<Uuid>, Error> {
    let all = visible_audiences(Relation::Myself);
    let mut found = store::diaries_page(&loaders.db(), &[me], page, all).await?;
    let slice = found.remove(&me).unwrap_or_default();
    let groups = groups::all(loaders.app.database.reader(), me).await?;
    let name = |id| {
        groups
            .iter()
            .find(|group| Some(group.id) == id)
            .map(|group| &group.name)
    };
    Ok(slice.filter_map(|row| {
        let told = json!({
            "id": global(Kind::Diary, [me, row.id]), "title": row.title, "body": row.body,
            "audience": row.audience.to_value(), "friendGroup": name(row.group_id), "commentCount": row.comment_count,
            "photoCount": row.photo_count,
            "createdAt": row.created_at, "editedAt": row.edited_at,
        });
        Some((row.id, Some(told)))
    }))
}

/// `page` of the comments that `me` wrote, the first first, and where: it is said whoever is hidden from
/// them since, so that it tells nothing of that.
///
/// # Errors
/// The database's.
pub async fn comments(
    loaders: &Loaders,
    me: Uuid,
    page: &Page<Uuid>,
) -> Result<Taken<Uuid>, Error> {
    let db = &loaders.db();
    let mut sql = Sql::of(db);
    let (author, after) = (
        sql.bind(me),
        sql.bind(page.after.unwrap_or_else(Uuid::least)),
    );
    let limit = sql.bind(i64::from(page.limit + 1));
    let read = columns::<diary_comment::Model>("t");
    let text = format!(
        "SELECT {read} FROM diary_comments AS t WHERE t.author_id = {author} AND t.id > {after} \
         ORDER BY t.id LIMIT {limit}"
    );
    let slice = Slice::<diary_comment::Model>::new(sql.models(db, text).await?, page);
    Ok(slice.filter_map(|row| {
        let under = global(Kind::Diary, [row.diary_author_id, row.diary_id]);
        let told = json!({ "diaryId": under, "body": row.body, "createdAt": row.created_at });
        Some((row.id, Some(told)))
    }))
}

/// Removes some diaries of `user`, who has no friends any more, with their comments; of a long thread some
/// comments first. Says how many rows; none where there are no more.
///
/// As everybody does, it holds diaries before their comments, and both before what is counted of their
/// author: who comments, or takes comments away, waits for the diary.
///
/// # Errors
/// The database's.
pub async fn remove_diaries(app: &App, tx: &Tx, user: Uuid) -> Result<u64, Rejection> {
    let db = &tx.sql;
    users::hold(db, [user]).await?;
    let rows = diary::Entity::find()
        .filter(diary::Column::AuthorId.eq(user))
        .order_by_asc(diary::Column::Id)
        .limit(DIARIES)
        .lock(LockType::NoKeyUpdate)
        .all(db)
        .await?;
    if rows.is_empty() {
        return Ok(0);
    }
    let mut removed = 0;
    for row in rows {
        let key = [user, row.id];
        let most = UNDER_DIARIES.saturating_sub(removed);
        let comments = remove_comments(tx, key, most).await?;
        removed += comments;
        tx.changes(Object::Comments(key));
        if comments == most {
            uncount(tx, key, comments).await?;
            break;
        }
        // What comes meanwhile goes with it.
        store::delete(db, &row).await?;
        removed += 1;
        if row.photo_count > 0 {
            photos::remove_with(app, tx, key).await?;
        }
    }
    // Whatever goes, there is nobody to be told which is the newest now.
    newest::tell(db, user, Some(newest::EVERY)).await?;
    tx.changes(Object::Diaries(user));
    tx.changes(Object::User(user));
    tx.after_commit(Event::DiaryCommented(user));
    Ok(removed)
}

async fn remove_comments(tx: &Tx, [author, id]: DiaryKey, most: u64) -> Result<u64, Rejection> {
    let mut sql = Sql::of(&tx.sql);
    let (author, id) = (sql.bind(author), sql.bind(id));
    let most = sql.bind(i64::try_from(most).unwrap_or(i64::MAX));
    let of_diary = format!("diary_author_id = {author} AND diary_id = {id}");
    let first = format!("SELECT id FROM diary_comments WHERE {of_diary} ORDER BY id LIMIT {most}");
    let these = is_of(&sql, "id", &first);
    let text = format!("DELETE FROM diary_comments WHERE {of_diary} AND {these}");
    Ok(sql.run(&tx.sql, text).await?)
}

/// Takes `comments` off what is counted under the diary with `key`.
async fn uncount(tx: &Tx, [author, id]: DiaryKey, comments: u64) -> Result<(), Rejection> {
    let (column, by) = (
        diary::Column::CommentCount,
        i64::try_from(comments).unwrap_or(0),
    );
    diary::Entity::update_many()
        .col_expr(column, Expr::col(column).sub(by))
        .filter(diary::Column::AuthorId.eq(author))
        .filter(diary::Column::Id.eq(id))
        .exec(&tx.sql)
        .await?;
    let number = user_counter::Column::CommentNumber;
    users::next_number(&tx.sql, author, number).await?;
    Ok(())
}

/// Takes the words and the author out of some comments that `user` wrote under others' diaries. Says how
/// many; none where there are no more.
///
/// # Errors
/// The database's.
pub async fn empty_comments(tx: &Tx, user: Uuid) -> Result<u64, Rejection> {
    use diary_comment::Column::{AuthorId, Body, DiaryAuthorId, DiaryId, Id, Number};
    let keys: Vec<(Uuid, Uuid, Uuid)> = diary_comment::Entity::find()
        .select_only()
        .columns([DiaryAuthorId, DiaryId, Id])
        .filter(AuthorId.eq(user))
        .order_by_asc(Id)
        .limit(COMMENTS)
        .into_tuple()
        .all(&tx.sql)
        .await?;
    let mut keys: Vec<CommentKey> = keys.into_iter().map(|(a, b, c)| [a, b, c]).collect();
    if keys.is_empty() {
        return Ok(0);
    }
    keys.sort_unstable();
    let (mut emptied, mut authors) = (0_u64, BTreeSet::new());
    let mut held = None;
    for [author, diary, id] in keys {
        // As who comments does, before the counters; and the diary's author, who may be leaving, too, takes
        // its comments away where it is held.
        if held.replace([author, diary]) != Some([author, diary]) {
            store::hold(&tx.sql, [author, diary]).await?;
        }
        let gone = diary_comment::Entity::update_many()
            .col_expr(AuthorId, Expr::value(Uuid::nil()))
            .col_expr(Body, Expr::value(""))
            // It is in no feed any more.
            .col_expr(Number, Expr::value(0_i64))
            .filter(DiaryAuthorId.eq(author))
            .filter(DiaryId.eq(diary))
            .filter(Id.eq(id))
            .exec(&tx.sql)
            .await?;
        if gone.rows_affected == 1 {
            emptied += 1;
            authors.insert(author);
            tx.changes(Object::Comments([author, diary]));
        }
    }
    for author in authors {
        // So that other servers see that there is one less to be told of.
        let number = user_counter::Column::CommentNumber;
        users::next_number(&tx.sql, author, number).await?;
        tx.after_commit(Event::DiaryCommented(author));
    }
    Ok(Ord::max(emptied, 1))
}
