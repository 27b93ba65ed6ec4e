//! The SQL of blocks: two directed rows, written and removed together.

use chrono::{DateTime, Utc};
use entity::{block, user};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel,
    QueryFilter, sea_query::Expr,
};
use uuid::Uuid;

use crate::{
    database::{Answer, Question, Source, ask},
    paging::{List, Narrow, Page, Slice, children, columns},
    sql::{Sql, Told, in_order, row, tell_sessions},
};

row! {
    block::Model { user_id, other_id, made, since, received }
}

/// Whom a user blocks. Rows of those who block the user alone have no place in it.
const MADE: List<1> = List {
    table: "blocks",
    parent: ["user_id"],
    order: "made",
    index: Some("idx_blocks_user_id_made"),
    newest_first: true,
    brief: None,
    beside: ("users", ["id"]),
};

/// As many blocks as somebody may have who has any.
const USUAL: usize = 8;

/// With whom a user has a block, and whether the user made it.
#[derive(Clone)]
struct Blocks;

impl Question for Blocks {
    type Key = Uuid;
    type Found = Vec<(Uuid, bool)>;
    type Same = ();

    fn same(&self) {}

    fn rows_each(&self) -> usize {
        USUAL
    }

    async fn ask(&self, db: &impl ConnectionTrait, users: &[Uuid]) -> Result<Answer<Self>, DbErr> {
        let mut sql = Sql::of(db);
        let among = sql.among("user_id", users);
        let text = format!("SELECT user_id, other_id, made IS NOT NULL FROM blocks WHERE {among}");
        let mut found = Answer::<Self>::default();
        for row in sql.rows(db, text).await? {
            let block = (row.try_get_by_index(1)?, row.try_get_by_index(2)?);
            let user = row.try_get_by_index(0)?;
            found.entry(user).or_default().push(block);
        }
        Ok(found)
    }
}

/// With whom `user` has a block, and whether the user made it.
pub async fn of(db: &impl Source, user: Uuid) -> Result<Vec<(Uuid, bool)>, DbErr> {
    Ok(ask(db, Blocks, &[user])
        .await?
        .remove(&user)
        .unwrap_or_default())
}

/// `page` of those whom `user` blocks, but for those `without`.
pub async fn page(
    db: &impl Source,
    user: Uuid,
    page: &Page<Uuid>,
    without: &[Uuid],
) -> Result<Slice<block::Model>, DbErr> {
    let parent_of = |row: &block::Model| [row.user_id];
    let narrow = Narrow::All.without("other_id", without);
    let mut found = children(db, &MADE, &[[user]], page, &narrow, parent_of).await?;
    Ok(found.remove(&[user]).unwrap_or_default())
}

/// How many users `user` blocks, up to `most`.
pub async fn made_by(db: &impl ConnectionTrait, user: Uuid, most: i64) -> Result<i64, DbErr> {
    let mut sql = Sql::of(db);
    let (user, most) = (sql.bind(user), sql.bind(most));
    let text = format!(
        "SELECT count(*) FROM (SELECT 1 FROM blocks \
         WHERE user_id = {user} AND made IS NOT NULL LIMIT {most}) AS b"
    );
    let rows = sql.rows(db, text).await?;
    rows.first().map_or(Ok(0), |row| row.try_get_by_index(0))
}

/// What stands between `user` and `other`, as `user` has it.
pub async fn between(
    db: &impl ConnectionTrait,
    user: Uuid,
    other: Uuid,
) -> Result<Option<block::Model>, DbErr> {
    block::Entity::find_by_id((user, other)).one(db).await
}

/// Whether `user` has a block with any of `others`.
pub async fn are_any_blocked(
    db: &impl ConnectionTrait,
    user: Uuid,
    others: &[Uuid],
) -> Result<bool, DbErr> {
    let mut sql = Sql::of(db);
    let user = sql.bind(user);
    let among = sql.among("other_id", others);
    let text = format!("SELECT 1 FROM blocks WHERE user_id = {user} AND {among} LIMIT 1");
    Ok(!sql.rows(db, text).await?.is_empty())
}

/// That there is no block between `me` and the user whose id is in the column `owner`, the shard key
/// of the row that is looked for: it is answered on that user's shard.
pub fn unless_blocked(sql: &mut Sql, owner: &str, me: Uuid) -> String {
    let me = sql.bind(me);
    without_block(owner, &me)
}

/// That there is no block between the users whose ids are `owner` and `other`, the first a shard key.
pub fn without_block(owner: &str, other: &str) -> String {
    format!(
        "NOT EXISTS (SELECT 1 FROM blocks AS b WHERE b.user_id = {owner} AND b.other_id = {other})"
    )
}

/// The user with `id`, unless there is a block between the two of them: who is hidden takes as long
/// as who is absent.
pub async fn seen(
    db: &impl ConnectionTrait,
    me: Uuid,
    id: Uuid,
) -> Result<Option<user::Model>, DbErr> {
    let mut sql = Sql::of(db);
    let user = sql.bind(id);
    let unless_blocked = unless_blocked(&mut sql, "u.id", me);
    let read = columns::<user::Model>("u");
    let text = format!("SELECT {read} FROM users AS u WHERE u.id = {user} AND {unless_blocked}");
    Ok(sql.models(db, text).await?.pop())
}

/// Holds the rows of `me` and `other` in `users` until the transaction ends, in the order of the
/// ids, as everybody does. A hidden user's row is left alone: waiting for it would tell that it is
/// there. (SQLite has one writer.)
pub async fn hold(db: &impl ConnectionTrait, me: Uuid, other: Uuid) -> Result<(), DbErr> {
    if !Sql::of(db).is_postgres() {
        return Ok(());
    }
    for id in in_order([me, other]) {
        let mut sql = Sql::of(db);
        let user = sql.bind(id);
        // Nobody has a block with oneself.
        let unless_blocked = unless_blocked(&mut sql, "u.id", me);
        let text = format!(
            "SELECT 1 FROM users AS u WHERE u.id = {user} AND {unless_blocked} \
             FOR NO KEY UPDATE OF u"
        );
        sql.rows(db, text).await?;
    }
    Ok(())
}

/// Has `me`, between whom and `other` stands `row`, block `other`. Whoever calls holds both users'
/// rows.
pub async fn make(
    db: &impl ConnectionTrait,
    [me, other]: [Uuid; 2],
    row: Option<&block::Model>,
    id: Uuid,
    at: DateTime<Utc>,
) -> Result<(), DbErr> {
    let mine = block::Model {
        user_id: me,
        other_id: other,
        made: Some(id),
        since: Some(at),
        received: row.is_some_and(|row| row.received),
    };
    if row.is_some() {
        return write(db, mine).await;
    }
    let theirs = block::Model {
        user_id: other,
        other_id: me,
        made: None,
        since: None,
        received: true,
    };
    let rows = [mine, theirs].map(|row| row.into_active_model().reset_all());
    block::Entity::insert_many(rows)
        .exec_without_returning(db)
        .await?;
    count(db, [me, other], 1).await
}

/// Takes back the block that `me` made, as `row` has it. A block that the other made stays.
pub async fn unmake(db: &impl ConnectionTrait, row: block::Model) -> Result<(), DbErr> {
    let (me, other) = (row.user_id, row.other_id);
    if row.received {
        let mine = block::Model {
            made: None,
            since: None,
            ..row
        };
        return write(db, mine).await;
    }
    for key in [(me, other), (other, me)] {
        block::Entity::delete_by_id(key).exec(db).await?;
    }
    count(db, [me, other], -1).await
}

/// Removes what stands between two users, whoever made it. Says whether there was anything. Whoever calls
/// holds both users' rows.
pub async fn remove(db: &impl ConnectionTrait, [me, other]: [Uuid; 2]) -> Result<bool, DbErr> {
    let mut gone = 0;
    for key in [(me, other), (other, me)] {
        let removed = block::Entity::delete_by_id(key).exec(db).await?;
        gone += removed.rows_affected;
    }
    if gone > 0 {
        count(db, [me, other], -1).await?;
    }
    Ok(gone > 0)
}

/// Writes `row` over that of its key, and into the other row whether this one is made.
async fn write(db: &impl ConnectionTrait, row: block::Model) -> Result<(), DbErr> {
    let (me, other, made) = (row.user_id, row.other_id, row.made.is_some());
    row.into_active_model().reset_all().update(db).await?;
    block::Entity::update_many()
        .col_expr(block::Column::Received, Expr::value(made))
        .filter(block::Column::UserId.eq(other))
        .filter(block::Column::OtherId.eq(me))
        .exec(db)
        .await?;
    Ok(())
}

/// Adds `by` to the blocks of both of `pair`, and tells their sessions where there is a first one,
/// or none any more.
async fn count(db: &impl ConnectionTrait, pair: [Uuid; 2], by: i64) -> Result<(), DbErr> {
    for user in in_order(pair) {
        let mut sql = Sql::of(db);
        let (added, id) = (sql.bind(by), sql.bind(user));
        let text = format!(
            "UPDATE users SET block_count = block_count + {added} WHERE id = {id} \
             RETURNING block_count"
        );
        let rows = sql.rows(db, text).await?;
        let now: Option<i64> = rows
            .first()
            .map(|row| row.try_get_by_index(0))
            .transpose()?;
        match now {
            Some(now) if now == 0 || now == by => {
                tell_sessions(db, user, Told::HasBlocks, now > 0).await?
            }
            _ => {}
        }
    }
    Ok(())
}
