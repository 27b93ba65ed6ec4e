//! What changes something: one statement each, which is its own transaction.

use anyhow::Context;
use axum::{
    Json,
    extract::{Path, State},
};
use serde_json::{Value, json};
use tokio_postgres::{Client, Error, Statement};
use uuid::Uuid;

use super::{Answer, Pool, Viewer};

const W1: &str = "WITH owner AS (
        SELECT u.id, u.username, u.nickname FROM usernames n JOIN users u ON u.id = n.user_id
        WHERE n.username = $1
    ), today AS (
        SELECT f.number, f.visited_at FROM footprints f, owner
        WHERE f.owner_id = owner.id AND f.visitor_id = $2
        AND f.day = (now() AT TIME ZONE 'Asia/Tokyo')::date
    ), counted AS (
        UPDATE user_counters c SET visit_count = visit_count + 1,
            footprint_count = footprint_count + (NOT EXISTS (SELECT FROM today))::int,
            new_footprint_count = new_footprint_count
                + (NOT EXISTS (SELECT FROM today WHERE number > c.seen_number))::int
        FROM owner WHERE c.user_id = owner.id AND owner.id <> $2
        AND NOT EXISTS (SELECT FROM today WHERE visited_at > now() - {pause})
        RETURNING c.user_id, c.visit_count
    ), written AS (
        INSERT INTO footprints (owner_id, id, visitor_id, day, number, visited_at)
        SELECT user_id, $3, $2, (now() AT TIME ZONE 'Asia/Tokyo')::date, visit_count, now()
        FROM counted
        ON CONFLICT (owner_id, visitor_id, day)
        DO UPDATE SET number = excluded.number, visited_at = excluded.visited_at
    ) SELECT username, nickname FROM owner";

/// Within which a visit again changes nothing: set aside here as in our server, so that the visits of a
/// few thousand members to one tarento count.
const PAUSE: &str = "interval '0 minutes'";

const W2: &str = "WITH diary AS (
        UPDATE diaries SET comment_count = comment_count + 1
        WHERE author_id = $1 AND id = $2 AND audience = ANY (CASE
            WHEN author_id = $3 THEN '{PUBLIC,MEMBERS,FRIENDS_OF_FRIENDS,FRIENDS,ONLY_ME}'
            WHEN EXISTS (SELECT FROM friendships WHERE user_id = $3 AND friend_id = $1)
            THEN '{PUBLIC,MEMBERS,FRIENDS_OF_FRIENDS,FRIENDS}' ELSE '{PUBLIC,MEMBERS}' END::text[])
        RETURNING author_id, id
    ), counted AS (
        UPDATE user_counters SET comment_number = comment_number + 1
        FROM diary WHERE user_id = diary.author_id RETURNING comment_number
    ), written AS (
        INSERT INTO diary_comments (diary_author_id, diary_id, id, author_id, number, body, created_at)
        SELECT diary.author_id, diary.id, $4, $3, comment_number, $5, now() FROM diary, counted
        RETURNING body
    ) SELECT written.body, username, nickname FROM written, users WHERE users.id = $3";

/// The prepared statements.
pub struct Statements {
    w1: Statement,
    w2: Statement,
}

impl Statements {
    /// Prepares them.
    pub async fn prepare(client: &Client) -> Result<Self, Error> {
        Ok(Self {
            w1: client.prepare(&W1.replace("{pause}", PAUSE)).await?,
            w2: client.prepare(W2).await?,
        })
    }
}

fn new_id() -> Uuid {
    // The benchmark's own, not the service's.
    #[expect(
        clippy::disallowed_methods,
        reason = "there is no clock to pass in here"
    )]
    Uuid::now_v7()
}

/// Leaves a footprint.
pub async fn w1(
    State(pool): State<Pool>,
    Viewer(me): Viewer,
    Path(username): Path<String>,
) -> Answer<Value> {
    let prepared = pool.get()?;
    let row = prepared
        .client
        .query_opt(&prepared.writes.w1, &[&username, &me, &new_id()])
        .await?;
    let row = row.context("nobody has this name")?;
    let (username, nickname): (&str, &str) = (row.get(0), row.get(1));
    Ok(Json(
        json!({ "visitProfile": { "user": { "username": username, "nickname": nickname } } }),
    ))
}

/// Comments on a diary.
pub async fn w2(
    State(pool): State<Pool>,
    Viewer(me): Viewer,
    Path((author, diary)): Path<(Uuid, Uuid)>,
    body: String,
) -> Answer<Value> {
    let prepared = pool.get()?;
    let with: [&(dyn tokio_postgres::types::ToSql + Sync); 5] =
        [&author, &diary, &me, &new_id(), &body];
    let row = prepared
        .client
        .query_opt(&prepared.writes.w2, &with)
        .await?;
    let row = row.context("there is no such diary")?;
    let (body, username, nickname): (&str, &str, &str) = (row.get(0), row.get(1), row.get(2));
    let author = json!({ "username": username, "nickname": nickname });
    Ok(Json(
        json!({ "commentOnDiary": { "comment": { "body": body, "author": author } } }),
    ))
}
