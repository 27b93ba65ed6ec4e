//! The SQL of introductions: the row that the profile lists, and the one that its author does.

use entity::{introduction, user, written_introduction};
use foldhash::HashMap;
use sea_orm::{ActiveModelTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel};
use uuid::Uuid;

use crate::{
    database::Source,
    paging::{List, Narrow, Page, Slice, brief, by_keys_as, children, count_among},
    sql::{Sql, row},
    user::store as users,
};

row! {
    introduction::Model { subject_id, author_id, id, body, created_at, edited_at }
    written_introduction::Model { author_id, subject_id, id }
}

/// What was written of a user.
const OF_SUBJECT: List<1> = List {
    table: "introductions",
    parent: ["subject_id"],
    beside: ("users", ["id"]),
    order: "id",
    index: Some("idx_introductions_subject_id_id"),
    newest_first: true,
    brief: Some(without_body),
};

fn without_body(alias: &str) -> String {
    brief::<introduction::Model>(alias, "body")
}

/// Whom an author has introduced.
const BY_AUTHOR: List<1> = List {
    table: "written_introductions",
    parent: ["author_id"],
    beside: ("users", ["id"]),
    order: "id",
    index: Some("idx_written_introductions_author_id_id"),
    newest_first: true,
    brief: None,
};

/// What names an introduction: whom it is of, and its author.
pub type IntroductionKey = [Uuid; 2];

/// `page` of what was written of each of `subjects`, but for what those of `without` wrote.
pub async fn of_subjects(
    db: &impl Source,
    subjects: &[Uuid],
    page: &Page<Uuid>,
    without: &[Uuid],
) -> Result<HashMap<Uuid, Slice<introduction::Model>>, DbErr> {
    let parents: Vec<_> = subjects.iter().map(|id| [*id]).collect();
    let narrow = Narrow::All.without("author_id", without);
    let parent_of = |row: &introduction::Model| [row.subject_id];
    let found = children(db, &OF_SUBJECT, &parents, page, &narrow, parent_of).await?;
    Ok(found.into_iter().map(|([id], slice)| (id, slice)).collect())
}

/// `page` of whom `author` has introduced, but for those of `without`.
pub async fn by_author(
    db: &impl Source,
    author: Uuid,
    page: &Page<Uuid>,
    without: &[Uuid],
) -> Result<Slice<written_introduction::Model>, DbErr> {
    let narrow = Narrow::All.without("subject_id", without);
    let parent_of = |row: &written_introduction::Model| [row.author_id];
    let mut found = children(db, &BY_AUTHOR, &[[author]], page, &narrow, parent_of).await?;
    Ok(found.remove(&[author]).unwrap_or_default())
}

/// How many introductions of each of `subjects` are by `authors`, where there are any.
pub async fn count_by_authors(
    db: &impl ConnectionTrait,
    subjects: &[Uuid],
    authors: &[Uuid],
) -> Result<HashMap<Uuid, i64>, DbErr> {
    let parents: Vec<_> = subjects.iter().map(|id| [*id]).collect();
    let List { table, parent, .. } = OF_SUBJECT;
    let found = count_among(db, table, parent, &parents, "author_id", authors).await?;
    Ok(found.into_iter().map(|([id], count)| (id, count)).collect())
}

/// The introductions with `keys`, with their `texts` or without.
pub async fn introductions(
    db: &impl ConnectionTrait,
    keys: &[IntroductionKey],
    texts: bool,
) -> Result<HashMap<IntroductionKey, introduction::Model>, DbErr> {
    let key_of = |row: &introduction::Model| [row.subject_id, row.author_id];
    let read = OF_SUBJECT.columns::<introduction::Model>("t", texts);
    let names = ["subject_id", "author_id"];
    by_keys_as(db, &read, OF_SUBJECT.table, names, keys, key_of).await
}

/// The introduction with `key`.
pub async fn introduction(
    db: &impl ConnectionTrait,
    [subject, author]: IntroductionKey,
) -> Result<Option<introduction::Model>, DbErr> {
    introduction::Entity::find_by_id((subject, author))
        .one(db)
        .await
}

/// Writes a new introduction with what lists and counts it. Whoever calls holds both users.
pub async fn insert(db: &impl ConnectionTrait, row: introduction::Model) -> Result<(), DbErr> {
    let written = written_introduction::Model {
        author_id: row.author_id,
        subject_id: row.subject_id,
        id: row.id,
    };
    written_introduction::Entity::insert(written.into_active_model().reset_all())
        .exec_without_returning(db)
        .await?;
    count(db, row.subject_id, 1).await?;
    introduction::Entity::insert(row.into_active_model().reset_all())
        .exec_without_returning(db)
        .await?;
    Ok(())
}

/// Writes `row` over the introduction of its key.
pub async fn update(db: &impl ConnectionTrait, row: introduction::Model) -> Result<(), DbErr> {
    row.into_active_model().reset_all().update(db).await?;
    Ok(())
}

/// Removes the introduction with `key` with what lists and counts it. Says whether there was one. Whoever
/// calls holds whom it is of.
pub async fn remove(
    db: &impl ConnectionTrait,
    [subject, author]: IntroductionKey,
) -> Result<bool, DbErr> {
    let gone = introduction::Entity::delete_by_id((subject, author))
        .exec(db)
        .await?;
    if gone.rows_affected == 0 {
        return Ok(false);
    }
    written_introduction::Entity::delete_by_id((author, subject))
        .exec(db)
        .await?;
    count(db, subject, -1).await?;
    Ok(true)
}

/// Takes what `user` and `friends` have written of each other off what counts it. Whoever calls holds them
/// all, and ends their friendships next: the rows go with those. (Of somebody of whom thousands wrote they
/// are looked up one by one so, and never all read.)
pub async fn part(db: &impl ConnectionTrait, user: Uuid, friends: &[Uuid]) -> Result<(), DbErr> {
    let given: Vec<_> = friends.iter().map(|friend| [*friend, user]).collect();
    let given = introductions(db, &given, false).await?;
    let subjects: Vec<_> = given.into_keys().map(|[subject, _]| subject).collect();
    if !subjects.is_empty() {
        let mut sql = Sql::of(db);
        let among = sql.among("id", &subjects);
        let text =
            format!("UPDATE users SET introduction_count = introduction_count - 1 WHERE {among}");
        sql.run(db, text).await?;
    }
    let received = count_by_authors(db, &[user], friends).await?;
    match received.get(&user) {
        Some(had) => count(db, user, -had).await,
        None => Ok(()),
    }
}

async fn count(db: &impl ConnectionTrait, subject: Uuid, by: i64) -> Result<(), DbErr> {
    users::count(db, subject, user::Column::IntroductionCount, by).await
}
