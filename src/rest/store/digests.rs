//! The SQL of rests that are over, and of what came in a rest: in each of the sequences that number what comes to a
//! user.

use chrono::{DateTime, Utc};
use entity::{rest_digest, values::NotificationKind};
use foldhash::HashMap;
use sea_orm::{
    ActiveEnum, ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait,
    IntoActiveModel, QueryFilter, QueryOrder,
};
use uuid::Uuid;

use super::{came::Came, posts};
use crate::{
    database::Source,
    paging::{LookUp, by_keys, columns},
    sql::{Cells, Column, Sql, is_of, remove_before, row},
};

row! {
    rest_digest::Model {
        user_id, id, began_at, ended_at, is_told, first_footprint, last_footprint, first_request, last_request,
        first_comment, last_comment, first_notification, last_notification, first_post, last_post
    }
}

/// What comes to a user, in the order of numbers of the user's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sequence {
    /// Footprints.
    Footprints,
    /// Friend requests.
    Requests,
    /// Comments on the user's diaries.
    Comments,
    /// What the user is told of.
    Notifications,
    /// Posts of brands' pages that the user follows, whose numbers are everybody's: [`posts`] has their SQL.
    Posts,
}

/// A sequence's rows: their table, and the columns that say whose they are, when they came, and whose doing they
/// are.
struct Rows {
    table: &'static str,
    owner: &'static str,
    at: &'static str,
    by: &'static str,
    /// The last number of the sequence in a digest.
    last: &'static str,
}

impl Sequence {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Footprints,
        Self::Requests,
        Self::Comments,
        Self::Notifications,
        Self::Posts,
    ];

    fn rows(self) -> Rows {
        let [table, owner, at, by] = match self {
            Self::Footprints => ["footprints", "owner_id", "visited_at", "visitor_id"],
            Self::Requests => ["friend_requests", "user_id", "created_at", "other_id"],
            Self::Comments => [
                "diary_comments",
                "diary_author_id",
                "created_at",
                "author_id",
            ],
            Self::Notifications => ["notifications", "user_id", "at", "actor_id"],
            Self::Posts => ["brand_posts", "brand_id", "created_at", "author_id"],
        };
        let last = match self {
            Self::Footprints => "last_footprint",
            Self::Requests => "last_request",
            Self::Comments => "last_comment",
            Self::Notifications => "last_notification",
            Self::Posts => "last_post",
        };
        Rows {
            table,
            owner,
            at,
            by,
            last,
        }
    }

    /// That a row `t` is of the doing of none of `without`, and tells of no other rest.
    fn others(self, sql: &mut Sql, by: &str, without: &[Uuid]) -> String {
        let mut others = match without {
            [] => String::new(),
            ids => format!(" AND {}", sql.none_of(&format!("t.{by}"), ids)),
        };
        if self == Self::Notifications {
            let ended = sql.bind(NotificationKind::RestEnded.to_value());
            others += &format!(" AND t.kind <> {ended}");
        }
        others
    }

    /// The first and the last number of this sequence in `digest`.
    pub fn range(self, digest: &rest_digest::Model) -> [i64; 2] {
        match self {
            Self::Footprints => [digest.first_footprint, digest.last_footprint],
            Self::Requests => [digest.first_request, digest.last_request],
            Self::Comments => [digest.first_comment, digest.last_comment],
            Self::Notifications => [digest.first_notification, digest.last_notification],
            Self::Posts => [digest.first_post, digest.last_post],
        }
    }

    /// Has `digest` have this range of the sequence.
    pub fn set_range(self, digest: &mut rest_digest::Model, [first, last]: [i64; 2]) {
        let place = match self {
            Self::Footprints => (&mut digest.first_footprint, &mut digest.last_footprint),
            Self::Requests => (&mut digest.first_request, &mut digest.last_request),
            Self::Comments => (&mut digest.first_comment, &mut digest.last_comment),
            Self::Notifications => (
                &mut digest.first_notification,
                &mut digest.last_notification,
            ),
            Self::Posts => (&mut digest.first_post, &mut digest.last_post),
        };
        (*place.0, *place.1) = (first, last);
    }
}

/// What came to `user` in `sequence` from `since` to `until`, or to now, with numbers over `after`; but for what is
/// of the doing of `without`.
///
/// It is looked for from the newest back to the first of before, so that the rest of a long history is not read.
pub async fn came(
    db: &impl ConnectionTrait,
    user: Uuid,
    sequence: Sequence,
    after: i64,
    (since, until): (DateTime<Utc>, Option<DateTime<Utc>>),
    without: &[Uuid],
) -> Result<Came, DbErr> {
    if sequence == Sequence::Posts {
        return posts::came(db, user, after, (since, until)).await;
    }
    let Rows {
        table,
        owner,
        at,
        by,
        ..
    } = sequence.rows();
    let mut sql = Sql::of(db);
    let greatest = if sql.is_postgres() { "greatest" } else { "max" };
    let (user, after, since) = (sql.bind(user), sql.bind(after), sql.bind(since));
    let until = match until {
        Some(until) => format!(" AND t.{at} < {}", sql.bind(until)),
        None => String::new(),
    };
    let others = sequence.others(&mut sql, by, without);
    let before = format!(
        "SELECT b.number FROM {table} AS b WHERE b.{owner} = {user} AND b.{at} < {since} \
         ORDER BY b.number DESC LIMIT 1"
    );
    let text = format!(
        "SELECT count(*), coalesce(min(t.number), 0), coalesce(max(t.number), 0) FROM {table} AS t \
         WHERE t.{owner} = {user} AND t.number > {greatest}({after}, coalesce(({before}), 0)) \
         AND t.{at} >= {since}{until}{others}"
    );
    let rows = sql.rows(db, text).await?;
    rows.first().map_or(Ok(Came::default()), |row| {
        let mut cells = Cells::of(row);
        Ok(Came {
            count: cells.one()?,
            range: [cells.one()?, cells.one()?],
        })
    })
}

/// How much of `sequence` is there of each of `ranges` of numbers of `user`, by the first of each; but for what is of
/// the doing of `without`. Of what there is nothing of, there is no count.
pub async fn counts(
    db: &impl ConnectionTrait,
    user: Uuid,
    sequence: Sequence,
    ranges: &[[i64; 2]],
    without: &[Uuid],
) -> Result<HashMap<i64, i64>, DbErr> {
    if sequence == Sequence::Posts {
        return posts::counts(db, user, ranges).await;
    }
    let Rows {
        table, owner, by, ..
    } = sequence.rows();
    let (firsts, lasts) = ranges.iter().map(|[first, last]| (*first, *last)).unzip();
    let mut sql = Sql::of(db);
    let user = sql.bind(user);
    let p = sql.table(
        "p",
        vec![
            ("lowest", Column::Numbers(firsts)),
            ("highest", Column::Numbers(lasts)),
        ],
    );
    let others = sequence.others(&mut sql, by, without);
    let of_range =
        format!("t.{owner} = {user} AND t.number >= p.lowest AND t.number <= p.highest{others}");
    let LookUp { from, condition } = LookUp::of(&sql, table, "t", "t.number", &of_range);
    let text = format!(
        "SELECT p.lowest, count(*) FROM {p} CROSS JOIN {from} WHERE {condition} GROUP BY p.lowest"
    );
    let rows = sql.rows(db, text).await?;
    rows.iter()
        .map(|row| {
            let mut cells = Cells::of(row);
            Ok((cells.one()?, cells.one()?))
        })
        .collect()
}

/// The first rest of `user` in which something came in `sequence` that has `number`, or a higher one.
pub async fn holding(
    db: &impl ConnectionTrait,
    user: Uuid,
    sequence: Sequence,
    number: i64,
) -> Result<Option<rest_digest::Model>, DbErr> {
    let last = sequence.rows().last;
    let mut sql = Sql::of(db);
    let (user, number) = (sql.bind(user), sql.bind(number));
    let read = columns::<rest_digest::Model>("d");
    let text = format!(
        "SELECT {read} FROM rest_digests AS d WHERE d.user_id = {user} AND d.{last} >= {number} \
         ORDER BY d.{last} LIMIT 1"
    );
    Ok(sql.models(db, text).await?.pop())
}

/// All rests of `user` that are told of, the first first.
pub async fn of(db: &impl ConnectionTrait, user: Uuid) -> Result<Vec<rest_digest::Model>, DbErr> {
    rest_digest::Entity::find()
        .filter(rest_digest::Column::UserId.eq(user))
        .order_by_asc(rest_digest::Column::Id)
        .all(db)
        .await
}

/// The rests with `keys`: (user, id).
pub async fn by_users_and_ids(
    db: &impl Source,
    keys: &[[Uuid; 2]],
) -> Result<HashMap<[Uuid; 2], rest_digest::Model>, DbErr> {
    let key_of = |row: &rest_digest::Model| [row.user_id, row.id];
    by_keys(db, "rest_digests", ["user_id", "id"], keys, key_of).await
}

/// Writes that a rest is over.
pub async fn insert(db: &impl ConnectionTrait, row: rest_digest::Model) -> Result<(), DbErr> {
    rest_digest::Entity::insert(row.into_active_model().reset_all())
        .exec_without_returning(db)
        .await?;
    Ok(())
}

/// Removes up to `limit` rests of `user`. Says how many.
pub async fn remove(db: &impl ConnectionTrait, user: Uuid, limit: i64) -> Result<u64, DbErr> {
    let mut sql = Sql::of(db);
    let (user, limit) = (sql.bind(user), sql.bind(limit));
    let first =
        format!("SELECT id FROM rest_digests WHERE user_id = {user} ORDER BY id LIMIT {limit}");
    let these = is_of(&sql, "id", &first);
    let text = format!("DELETE FROM rest_digests WHERE user_id = {user} AND {these}");
    sql.run(db, text).await
}

/// Removes up to `limit` rests that were over before `before`. Says how many.
pub async fn purge(
    db: &impl ConnectionTrait,
    before: DateTime<Utc>,
    limit: i64,
) -> Result<u64, DbErr> {
    remove_before(db, "rest_digests", ["id", "ended_at"], before, limit).await
}
