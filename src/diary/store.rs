//! The SQL of diaries and comments.

pub mod words;

use entity::{diary, diary_comment, user, user_counter, values::Audience};
use foldhash::HashMap;
use sea_orm::{
    ActiveEnum, ActiveModelTrait,
    ActiveValue::{Set, Unchanged},
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter,
    sea_query::{Expr, ExprTrait},
};
use uuid::Uuid;

use crate::{
    database::Source,
    friendship::group::store as groups,
    paging::{List, Narrow, Page, Slice, brief, by_keys, children, count_among, merged},
    sql::{self, row},
    user::store as users,
};

row! {
    diary::Model { author_id, id, title, body, audience, group_id, comment_count, photo_count, created_at, edited_at }
    diary_comment::Model { diary_author_id, diary_id, id, author_id, number, body, created_at }
}

/// An author's diaries.
const DIARIES: List<1> = List {
    table: "diaries",
    parent: ["author_id"],
    beside: ("users", ["id"]),
    order: "id",
    index: None,
    newest_first: true,
    brief: Some(|alias| brief::<diary::Model>(alias, "body")),
};

/// The comments under a diary.
const COMMENTS: List<2> = List {
    table: "diary_comments",
    parent: ["diary_author_id", "diary_id"],
    beside: ("diaries", ["author_id", "id"]),
    order: "id",
    index: None,
    newest_first: false,
    brief: Some(|alias| brief::<diary_comment::Model>(alias, "body")),
};

/// The comments on all diaries of an author, as they came.
const RECEIVED: List<1> = List {
    table: "diary_comments",
    parent: ["diary_author_id"],
    beside: ("users", ["id"]),
    order: "number",
    index: Some("idx_diary_comments_diary_author_id_number"),
    newest_first: false,
    brief: None,
};

/// What names a diary: its author and its own id.
pub type DiaryKey = [Uuid; 2];
/// What names a comment: its diary and its own id.
pub type CommentKey = [Uuid; 3];

fn of_audiences(audiences: &[Audience]) -> Narrow {
    Narrow::Segments(
        "audience",
        audiences.iter().map(ActiveEnum::to_value).collect(),
    )
}

/// `page` of the diaries of each of `authors` that are for one of `audiences`.
pub async fn diaries_page(
    db: &impl Source,
    authors: &[Uuid],
    page: &Page<Uuid>,
    audiences: &[Audience],
) -> Result<HashMap<Uuid, Slice<diary::Model>>, DbErr> {
    let parents: Vec<_> = authors.iter().map(|id| [*id]).collect();
    let narrow = of_audiences(audiences);
    let parent_of = |row: &diary::Model| [row.author_id];
    let found = children(db, &DIARIES, &parents, page, &narrow, parent_of).await?;
    Ok(found.into_iter().map(|([id], slice)| (id, slice)).collect())
}

/// `page` of the diaries of all `authors` together that are for one of `audiences`.
pub async fn feed_page(
    db: &impl ConnectionTrait,
    authors: &[Uuid],
    page: &Page<Uuid>,
    audiences: &[Audience],
) -> Result<Slice<diary::Model>, DbErr> {
    let parents: Vec<_> = authors.iter().map(|id| [*id]).collect();
    merged(db, &DIARIES, &parents, page, &of_audiences(audiences)).await
}

/// The newest diary of `author` that is for one of `audiences`.
pub async fn newest(
    db: &impl Source,
    author: Uuid,
    audiences: &[Audience],
) -> Result<Option<Uuid>, DbErr> {
    let page = Page {
        limit: 1,
        backwards: false,
        after: None,
        before: None,
        texts: false,
    };
    let mut found = diaries_page(db, &[author], &page, audiences).await?;
    let slice = found.remove(&author).unwrap_or_default();
    Ok(slice.rows.first().map(|row| row.id))
}

/// The diaries with `keys`.
pub async fn diaries(
    db: &impl Source,
    keys: &[DiaryKey],
) -> Result<HashMap<DiaryKey, diary::Model>, DbErr> {
    let key_of = |row: &diary::Model| [row.author_id, row.id];
    by_keys(db, "diaries", ["author_id", "id"], keys, key_of).await
}

/// Holds the diary with `key` until the transaction ends.
pub async fn hold(db: &impl ConnectionTrait, key: DiaryKey) -> Result<(), DbErr> {
    sql::hold(db, "diaries", ["author_id", "id"], key).await
}

/// The diary with `key`.
pub async fn diary(
    db: &impl ConnectionTrait,
    [author, id]: DiaryKey,
) -> Result<Option<diary::Model>, DbErr> {
    diary::Entity::find_by_id((author, id)).one(db).await
}

/// `page` of the comments under each of `diaries`, but for those `without`'s.
pub async fn comments_page(
    db: &impl Source,
    diaries: &[DiaryKey],
    page: &Page<Uuid>,
    without: &[Uuid],
) -> Result<HashMap<DiaryKey, Slice<diary_comment::Model>>, DbErr> {
    let narrow = Narrow::All.without("author_id", without);
    let parent_of = |row: &diary_comment::Model| [row.diary_author_id, row.diary_id];
    children(db, &COMMENTS, diaries, page, &narrow, parent_of).await
}

/// How many comments under each of `diaries` are by `authors`, where there are any.
pub async fn comments_of_authors(
    db: &impl ConnectionTrait,
    diaries: &[DiaryKey],
    authors: &[Uuid],
) -> Result<HashMap<DiaryKey, i64>, DbErr> {
    let List { table, parent, .. } = COMMENTS;
    count_among(db, table, parent, diaries, "author_id", authors).await
}

/// `page` of what others wrote under the diaries of `author`, as it came.
pub async fn comments_since(
    db: &impl Source,
    author: Uuid,
    page: &Page<i64>,
) -> Result<Vec<diary_comment::Model>, DbErr> {
    let parent_of = |row: &diary_comment::Model| [row.diary_author_id];
    let mut found = children(db, &RECEIVED, &[[author]], page, &Narrow::All, parent_of).await?;
    Ok(found.remove(&[author]).unwrap_or_default().rows)
}

/// The comment with `key`.
pub async fn comment(
    db: &impl ConnectionTrait,
    [author, diary, id]: CommentKey,
) -> Result<Option<diary_comment::Model>, DbErr> {
    diary_comment::Entity::find_by_id((author, diary, id))
        .one(db)
        .await
}

/// The comments with `keys`.
pub async fn comments(
    db: &impl Source,
    keys: &[CommentKey],
) -> Result<HashMap<CommentKey, diary_comment::Model>, DbErr> {
    let key_of = |row: &diary_comment::Model| [row.diary_author_id, row.diary_id, row.id];
    let columns = ["diary_author_id", "diary_id", "id"];
    by_keys(db, "diary_comments", columns, keys, key_of).await
}

/// Writes a diary with its count, and with what searches find it by.
pub async fn insert(db: &impl ConnectionTrait, row: diary::Model) -> Result<(), DbErr> {
    let (author, to) = (row.author_id, (row.audience, row.group_id));
    let text = words::text_of(&row);
    let row: diary::ActiveModel = row.into();
    diary::Entity::insert(row.reset_all())
        .exec_without_returning(db)
        .await?;
    words::TEXTS.write(db, &text).await?;
    count_to(db, author, to, 1).await
}

/// Writes `row` over the diary of its key, which was for `before`: an audience, and its group.
pub async fn update(
    db: &impl ConnectionTrait,
    row: diary::Model,
    before: (Audience, Option<Uuid>),
) -> Result<(), DbErr> {
    let to = (row.audience, row.group_id);
    if to != before {
        count_to(db, row.author_id, before, -1).await?;
        count_to(db, row.author_id, to, 1).await?;
    }
    words::TEXTS.write(db, &words::text_of(&row)).await?;
    diary::ActiveModel {
        author_id: Unchanged(row.author_id),
        id: Unchanged(row.id),
        title: Set(row.title),
        body: Set(row.body),
        audience: Set(row.audience),
        group_id: Set(row.group_id),
        edited_at: Set(row.edited_at),
        photo_count: Set(row.photo_count),
        // Who comments counts.
        ..Default::default()
    }
    .update(db)
    .await?;
    Ok(())
}

/// Removes a diary with its count; its comments, and what finds it, go with it, which takes a number of theirs.
pub async fn delete(db: &impl ConnectionTrait, row: &diary::Model) -> Result<(), DbErr> {
    diary::Entity::delete_by_id((row.author_id, row.id))
        .exec(db)
        .await?;
    next_number(db, row.author_id).await?;
    count_to(db, row.author_id, (row.audience, row.group_id), -1).await
}

/// Adds `by` to the number of diaries of `author` for an audience, and for a group.
async fn count_to(
    db: &impl ConnectionTrait,
    author: Uuid,
    (audience, group): (Audience, Option<Uuid>),
    by: i64,
) -> Result<(), DbErr> {
    if let Some(group) = group {
        groups::count_diaries(db, [author, group], by).await?;
    }
    count(db, author, audience, by).await
}

/// Adds `by` to the number of diaries of `author` for `audience`.
pub async fn count(
    db: &impl ConnectionTrait,
    author: Uuid,
    audience: Audience,
    by: i64,
) -> Result<(), DbErr> {
    users::count(db, author, counter(audience), by).await
}

fn counter(audience: Audience) -> user::Column {
    match audience {
        Audience::Public => user::Column::PublicDiaries,
        Audience::Members => user::Column::MembersDiaries,
        Audience::FriendsOfFriends => user::Column::FriendsOfFriendsDiaries,
        Audience::Friends => user::Column::FriendsDiaries,
        Audience::Group => user::Column::GroupDiaries,
        Audience::OnlyMe => user::Column::OnlyMeDiaries,
    }
}

/// Writes a comment with its count, under the next number of the diary's author.
pub async fn insert_comment(
    db: &impl ConnectionTrait,
    mut row: diary_comment::Model,
) -> Result<(), DbErr> {
    if row.author_id != row.diary_author_id {
        row.number = next_number(db, row.diary_author_id).await?;
    }
    count_comment(db, [row.diary_author_id, row.diary_id], 1).await?;
    diary_comment::Entity::insert(diary_comment::ActiveModel {
        diary_author_id: Set(row.diary_author_id),
        diary_id: Set(row.diary_id),
        id: Set(row.id),
        author_id: Set(row.author_id),
        number: Set(row.number),
        body: Set(row.body),
        created_at: Set(row.created_at),
    })
    .exec_without_returning(db)
    .await?;
    Ok(())
}

/// Removes a comment with its count. That takes a number, too.
pub async fn delete_comment(
    db: &impl ConnectionTrait,
    [author, diary, id]: CommentKey,
) -> Result<(), DbErr> {
    let gone = diary_comment::Entity::delete_by_id((author, diary, id))
        .exec(db)
        .await?;
    if gone.rows_affected == 1 {
        next_number(db, author).await?;
        count_comment(db, [author, diary], -1).await?;
    }
    Ok(())
}

/// The next number among the comments under the diaries of `author`. By it other servers see that
/// there is another comment, or one less.
async fn next_number(db: &impl ConnectionTrait, author: Uuid) -> Result<i64, DbErr> {
    users::next_number(db, author, user_counter::Column::CommentNumber).await
}

async fn count_comment(
    db: &impl ConnectionTrait,
    [author, id]: DiaryKey,
    by: i64,
) -> Result<(), DbErr> {
    let column = diary::Column::CommentCount;
    diary::Entity::update_many()
        .col_expr(column, Expr::col(column).add(by))
        .filter(diary::Column::AuthorId.eq(author))
        .filter(diary::Column::Id.eq(id))
        .exec(db)
        .await?;
    Ok(())
}
