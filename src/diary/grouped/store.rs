//! The SQL of diaries for groups.

use entity::{diary, values::Audience};
use foldhash::HashMap;
use sea_orm::{
    ActiveEnum, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, sea_query::Expr,
};
use uuid::Uuid;

use crate::{
    database::Source,
    diary::store as diaries,
    friendship::group::store::{GroupKey, Memberships, memberships},
    paging::{List, Narrow, Page, Slice, brief, children, merged},
    sql::Sql,
};

/// The diaries for a group of their author's.
const GROUPED: List<2> = List {
    table: "diaries",
    parent: ["author_id", "group_id"],
    beside: ("friend_groups", ["owner_id", "id"]),
    order: "id",
    index: Some("idx_diaries_author_id_group_id_id"),
    newest_first: true,
    brief: Some(|alias| brief::<diary::Model>(alias, "body")),
};

/// `page` of the diaries for each of `groups`.
pub async fn pages(
    db: &impl Source,
    groups: &[GroupKey],
    page: &Page<Uuid>,
) -> Result<HashMap<GroupKey, Slice<diary::Model>>, DbErr> {
    let parent_of = |row: &diary::Model| [row.author_id, row.group_id.unwrap_or_default()];
    children(db, &GROUPED, groups, page, &Narrow::All, parent_of).await
}

/// `page` of the diaries for all `groups` together.
pub async fn feed_page(
    db: &impl ConnectionTrait,
    groups: &[GroupKey],
    page: &Page<Uuid>,
) -> Result<Slice<diary::Model>, DbErr> {
    merged(db, &GROUPED, groups, page, &Narrow::All).await
}

/// The newest diary for any group of `author`.
pub async fn newest(db: &impl Source, author: Uuid) -> Result<Option<Uuid>, DbErr> {
    diaries::newest(db, author, &[Audience::Group]).await
}

/// The newest diary that each of `friends` sees of `author` in groups; of those who see one.
pub async fn newest_of_each(
    db: &impl ConnectionTrait,
    author: Uuid,
    friends: &[Uuid],
) -> Result<HashMap<Uuid, Uuid>, DbErr> {
    let mut sql = Sql::of(db);
    let author = sql.bind(author);
    let Memberships { from, condition } = memberships(&mut sql, &author, friends);
    // (A group's is looked for once for each who is in it. There is no greatest of uuids before
    // PostgreSQL 18.)
    let text = format!(
        "SELECT m.friend_id, (SELECT d.id FROM diaries AS d \
         WHERE d.author_id = {author} AND d.group_id = m.group_id \
         ORDER BY d.id DESC LIMIT 1) AS newest \
         FROM {from} WHERE {condition}"
    );
    let mut found: HashMap<Uuid, Uuid> = HashMap::default();
    for row in sql.rows(db, text).await? {
        let newest: Option<Uuid> = row.try_get_by_index(1)?;
        if let Some(newest) = newest {
            let kept = found.entry(row.try_get_by_index(0)?).or_insert(newest);
            *kept = newest.max(*kept);
        }
    }
    Ok(found)
}

/// Makes all diaries for the group with `key` for their author alone, with the author's counts.
pub async fn close(db: &impl ConnectionTrait, [author, group]: GroupKey) -> Result<(), DbErr> {
    let changed = diary::Entity::update_many()
        .col_expr(
            diary::Column::Audience,
            Expr::value(Audience::OnlyMe.to_value()),
        )
        .col_expr(diary::Column::GroupId, Expr::value(None::<Uuid>))
        .filter(diary::Column::AuthorId.eq(author))
        .filter(diary::Column::GroupId.eq(group))
        .exec(db)
        .await?;
    let changed = i64::try_from(changed.rows_affected).unwrap_or(i64::MAX);
    for (audience, by) in [(Audience::Group, -changed), (Audience::OnlyMe, changed)] {
        diaries::count(db, author, audience, by).await?;
    }
    Ok(())
}
