//! Checks every counter, and every row that is kept twice, against what it stands for.

mod checks;
mod searches;

use sea_orm::{ConnectionTrait, DbErr, Statement};

use checks::CHECKS;

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
    for (check, sql) in CHECKS {
        differences.extend(run(db, check, sql).await?);
    }
    for (column, audience) in [
        ("public_diaries", "PUBLIC"),
        ("members_diaries", "MEMBERS"),
        ("friends_of_friends_diaries", "FRIENDS_OF_FRIENDS"),
        ("friends_diaries", "FRIENDS"),
        ("only_me_diaries", "ONLY_ME"),
    ] {
        let rows = format!("diaries AS d WHERE d.author_id = u.id AND d.audience = '{audience}'");
        differences.extend(run(db, column, &of_users(column, &rows)).await?);
    }
    for (column, kind) in [
        ("cd_reviews", "CD"),
        ("movie_reviews", "MOVIE"),
        ("video_game_reviews", "VIDEO_GAME"),
        ("book_reviews", "BOOK"),
        ("song_reviews", "SONG"),
    ] {
        let rows = format!("reviews AS r WHERE r.author_id = u.id AND r.kind = '{kind}'");
        differences.extend(run(db, column, &of_users(column, &rows)).await?);
    }
    for stars in 1..=5 {
        let check = format!("item_ratings.stars_{stars}");
        let sql = format!(
            "SELECT hex(i.id), coalesce(t.stars_{stars}, 0) AS kept, (SELECT count(*) \
             FROM item_reviews AS l JOIN reviews AS r ON r.author_id = l.author_id \
             AND r.item_id = l.item_id WHERE l.item_id = i.id AND r.rating = {stars}) AS counted \
             FROM catalogue_items AS i LEFT JOIN item_ratings AS t ON t.item_id = i.id \
             WHERE kept <> counted"
        );
        differences.extend(run(db, &check, &sql).await?);
    }
    differences.extend(searches::users(db).await?);
    differences.extend(searches::items(db).await?);
    Ok(differences)
}

/// A counter of `users` against the number of `rows` of the user `u`.
fn of_users(column: &str, rows: &str) -> String {
    format!(
        "SELECT hex(u.id), u.{column} AS kept, (SELECT count(*) FROM {rows}) AS counted \
         FROM users AS u WHERE kept <> counted"
    )
}

/// Runs a statement whose rows are the differences: key, kept, counted.
async fn run(db: &impl ConnectionTrait, check: &str, sql: &str) -> Result<Vec<Difference>, DbErr> {
    let statement = Statement::from_sql_and_values(
        db.get_database_backend(),
        format!("{sql} LIMIT ?1"),
        [MOST.into()],
    );
    db.query_all_raw(statement)
        .await?
        .iter()
        .map(|row| {
            Ok(Difference {
                check: check.to_owned(),
                key: row.try_get_by_index(0)?,
                kept: row.try_get_by_index(1)?,
                counted: row.try_get_by_index(2)?,
            })
        })
        .collect()
}
