//! Checks every counter, and every row that is kept twice, against what it stands for.

mod brands;
mod checks;
mod groups;
mod introductions;
mod kiribans;
mod music;
mod notifications;
mod photos;
mod plans;
mod rests;
mod searches;
mod texts;

use sea_orm::{ConnectionTrait, DbErr, QueryResult};
use uuid::Uuid;

use crate::{friendship::newest, sql::Sql};
use checks::{CHECKS, DAY_IN_JAPAN, DIFFERS, EVERY, NOBODY};

/// The most differences told of one check: the first ones say what is wrong.
const MOST: i64 = 20;

/// Where a table disagrees with another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// What is checked.
    pub check: String,
    /// The key of the row, in hexadecimal.
    pub key: String,
    /// What stands there.
    pub kept: i64,
    /// What the rows come to.
    pub counted: i64,
}

/// Counts everything again. Reads whole tables: for tests and for an operator in doubt.
///
/// # Errors
/// The database's.
pub async fn recount(db: &impl ConnectionTrait) -> Result<Vec<Difference>, DbErr> {
    let mut differences = Vec::new();
    let checks = CHECKS.iter().chain(groups::CHECKS);
    let checks = checks.chain(introductions::CHECKS);
    let checks = checks.chain(kiribans::CHECKS);
    let checks = checks.chain(notifications::CHECKS);
    let checks = checks.chain(rests::CHECKS);
    let checks = checks.chain(music::CHECKS);
    let checks = checks.chain(texts::CHECKS);
    let checks = checks.chain(plans::CHECKS);
    let checks = checks.chain(brands::CHECKS);
    for (check, text, wrong) in checks.chain(photos::CHECKS) {
        differences.extend(run(db, check, text, wrong).await?);
    }
    for (column, audience) in [
        ("public_diaries", "PUBLIC"),
        ("members_diaries", "MEMBERS"),
        ("friends_of_friends_diaries", "FRIENDS_OF_FRIENDS"),
        ("friends_diaries", "FRIENDS"),
        ("group_diaries", "GROUP"),
        ("only_me_diaries", "ONLY_ME"),
    ] {
        let rows = format!("diaries AS d WHERE d.author_id = u.id AND d.audience = '{audience}'");
        differences.extend(run(db, column, &of_users(column, &rows), DIFFERS).await?);
    }
    for (column, kind) in [
        ("cd_reviews", "CD"),
        ("movie_reviews", "MOVIE"),
        ("video_game_reviews", "VIDEO_GAME"),
        ("book_reviews", "BOOK"),
        ("song_reviews", "SONG"),
    ] {
        let rows = format!("reviews AS r WHERE r.author_id = u.id AND r.kind = '{kind}'");
        differences.extend(run(db, column, &of_users(column, &rows), DIFFERS).await?);
    }
    for stars in 1..=5 {
        let check = format!("item_ratings.stars_{stars}");
        let text = format!(
            "WITH l AS MATERIALIZED (SELECT item_id, author_id FROM item_reviews), \
             r AS MATERIALIZED (SELECT r.item_id, count(*) AS rated FROM reviews AS r \
             JOIN l ON l.author_id = r.author_id AND l.item_id = r.item_id \
             WHERE r.rating = {stars} GROUP BY r.item_id), \
             t AS MATERIALIZED (SELECT item_id, stars_{stars} AS stars FROM item_ratings) \
             SELECT i.id, coalesce(t.stars, 0) AS kept, coalesce(r.rated, 0) AS counted \
             FROM catalogue_items AS i LEFT JOIN t ON t.item_id = i.id \
             LEFT JOIN r ON r.item_id = i.id"
        );
        differences.extend(run(db, &check, &text, DIFFERS).await?);
    }
    differences.extend(searches::users(db).await?);
    differences.extend(searches::items(db).await?);
    differences.extend(searches::artists(db).await?);
    differences.extend(searches::brands(db).await?);
    differences.extend(texts::diaries(db).await?);
    differences.extend(texts::reviews(db).await?);
    differences.extend(music::listens(db).await?);
    Ok(differences)
}

/// A counter of `users` against the number of `rows` of the user `u`.
fn of_users(column: &str, rows: &str) -> String {
    format!(
        "SELECT u.id, u.{column} AS kept, (SELECT count(*) FROM {rows}) AS counted \
         FROM users AS u"
    )
}

/// The rows of `text` that are `wrong`.
async fn run(
    db: &impl ConnectionTrait,
    check: &str,
    text: &str,
    wrong: &str,
) -> Result<Vec<Difference>, DbErr> {
    let mut sql = Sql::of(db);
    let day_in_japan = if sql.is_postgres() {
        "CAST(visited_at AT TIME ZONE 'Asia/Tokyo' AS date)"
    } else {
        "date(visited_at, '+9 hours')"
    };
    let id = |id: Uuid| match sql.is_postgres() {
        true => format!("CAST('{}' AS uuid)", id.simple()),
        false => format!("x'{}'", id.simple()),
    };
    let (every, nobody) = (id(newest::EVERY), id(Uuid::nil()));
    let most = sql.bind(MOST);
    let text = format!(
        "SELECT c.* FROM ({}) AS c WHERE kept {wrong} counted LIMIT {most}",
        text.replace(DAY_IN_JAPAN, day_in_japan)
            .replace(EVERY, &every)
            .replace(NOBODY, &nobody)
    );
    let rows = sql.rows(db, text).await?;
    rows.iter()
        .map(|row| {
            let mut key = String::new();
            for part in 0..row.column_names().len().saturating_sub(2) {
                let id: Uuid = row.try_get_by_index(part)?;
                key.push_str(&id.simple().to_string());
            }
            Ok(Difference {
                check: check.to_owned(),
                key,
                kept: number(row, "kept")?,
                counted: number(row, "counted")?,
            })
        })
        .collect()
}

/// A number, which PostgreSQL tells with 32 bits where it is written in the statement.
fn number(row: &QueryResult, column: &str) -> Result<i64, DbErr> {
    row.try_get("", column)
        .or_else(|_| row.try_get::<i32>("", column).map(Into::into))
}
