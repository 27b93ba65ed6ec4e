//! Viewers unlike the others: one with 1,000 friends, and a tarento with 100,000 friends and footprints.
//! Their pages are asked for in turn with an ordinary member's, on one connection.

use std::time::Instant;

use anyhow::{Context, Result, ensure};
use hdrhistogram::Histogram;
use serde_json::{Value, json};
use tokio_postgres::Client;
use uuid::Uuid;

use crate::{
    operations::Request,
    server::{Connection, Server, send},
};

/// As many friends as a member can have.
const MANY: i64 = 1000;
/// As many friends, and footprints, as a tarento is given; fewer where there are fewer users.
const CROWD: i64 = 100_000;
/// How often each page is asked for.
const ASKED: usize = 1500;
/// Before that, for warmth.
const WARM: usize = 150;

const FEED: &str = "{ viewer { homeFeed(first: 20) { nodes { title createdAt commentCount \
     author { username nickname } } } } }";
const FRIENDS: &str = "query Friends($of: String!, $first: Int, $after: String) { \
     user(username: $of) { page: friends(first: $first, after: $after) \
     { nodes { username nickname } pageInfo { endCursor } } } }";
const FOOTPRINTS: &str = "query Footprints($first: Int, $after: String) { \
     viewer { page: footprints(first: $first, after: $after) \
     { nodes { visitedAt visitor { username nickname } } pageInfo { endCursor } } } }";

/// The special ones, and one to measure them by.
#[derive(Debug)]
pub struct Special {
    ordinary: String,
    popular: String,
    star: String,
    /// How many the tarento has.
    friends: i64,
    footprints: i64,
}

/// How long a page took, in microseconds.
pub struct Page {
    pub name: &'static str,
    pub latency: Histogram<u64>,
}

impl Special {
    /// Makes them out of members of the community.
    ///
    /// # Errors
    /// The database's.
    pub async fn make(db: &Client) -> Result<Self> {
        let one = "SELECT id, username, friend_count FROM users WHERE kind =";
        let popular = db
            .query_one(
                &format!("{one} 'MEMBER' ORDER BY friend_count DESC, id LIMIT 1"),
                &[],
            )
            .await?;
        befriend(db, popular.get(0), MANY - popular.get::<_, i64>(2)).await?;
        let star = db
            .query_one(
                &format!("{one} 'TARENTO' ORDER BY friend_count DESC, id LIMIT 1"),
                &[],
            )
            .await?;
        let users: i64 = db
            .query_one("SELECT count(*) FROM users", &[])
            .await?
            .get(0);
        let crowd = CROWD.min(users - 1);
        befriend(db, star.get(0), crowd - star.get::<_, i64>(2)).await?;
        visit(db, star.get(0), crowd).await?;
        // With as many friends as half of the members have, and full pages of everything.
        let ordinary = db
            .query_one(
                "SELECT username FROM users JOIN user_counters ON user_id = id \
                 WHERE kind = 'MEMBER' AND footprint_count >= 20 AND friend_count >= greatest(20, \
                 (SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY friend_count) FROM users)) \
                 ORDER BY friend_count, id LIMIT 1",
                &[],
            )
            .await?;
        let has = "SELECT friend_count, footprint_count FROM users \
             JOIN user_counters ON user_id = id WHERE id = $1";
        let has = db.query_one(has, &[&star.get::<_, Uuid>(0)]).await?;
        Ok(Self {
            friends: has.get(0),
            footprints: has.get(1),
            ordinary: ordinary.get(0),
            popular: popular.get(1),
            star: star.get(1),
        })
    }

    /// How long `server` takes for each page.
    ///
    /// # Errors
    /// Where it does not answer, or a page is not full.
    pub async fn measure(&self, server: &Server) -> Result<Vec<Page>> {
        let mut connection = server.connect().await?;
        let pages = self.pages(&mut connection).await?;
        let mut measured = Vec::new();
        for (name, request) in pages {
            let answer: Value = serde_json::from_slice(&send(&mut connection, &request).await?)?;
            let nodes = answer.to_string().matches("username").count();
            ensure!(nodes == 20, "{name}: {answer}");
            let latency = Histogram::new(3)?;
            measured.push((request, Page { name, latency }));
        }
        for turn in 0..WARM + ASKED {
            for (request, page) in &mut measured {
                let began = Instant::now();
                send(&mut connection, request).await?;
                if turn >= WARM {
                    let took = u64::try_from(began.elapsed().as_micros())?;
                    page.latency.record(took)?;
                }
            }
        }
        Ok(measured.into_iter().map(|(_, page)| page).collect())
    }

    /// Every page, with what it is called in the tables.
    async fn pages(&self, connection: &mut Connection) -> Result<Vec<(&'static str, Request)>> {
        let mut pages = vec![
            ("feed, median viewer", ask(&self.ordinary, FEED, json!({}))),
            ("feed, 1,000 friends", ask(&self.popular, FEED, json!({}))),
        ];
        for (document, names) in [
            (
                FRIENDS,
                [
                    "friends, member, first page",
                    "friends, tarento, first page",
                    "friends, tarento, middle",
                    "friends, tarento, last page",
                ],
            ),
            (
                FOOTPRINTS,
                [
                    "footprints, member, first page",
                    "footprints, tarento, first page",
                    "footprints, tarento, middle",
                    "footprints, tarento, last page",
                ],
            ),
        ] {
            let [middle, end] = self.cursors(connection, document).await?;
            let [member, first, in_the_middle, last] = names;
            // Whoever looks at friends is the ordinary one; footprints are their owner's.
            let viewer = if document == FRIENDS {
                &self.ordinary
            } else {
                &self.star
            };
            let ordinary = list(document, &self.ordinary, 20, &Value::Null);
            pages.push((member, ask(&self.ordinary, document, ordinary)));
            for (name, after) in [
                (first, &Value::Null),
                (in_the_middle, &middle),
                (last, &end),
            ] {
                pages.push((
                    name,
                    ask(viewer, document, list(document, &self.star, 20, after)),
                ));
            }
        }
        Ok(pages)
    }

    /// The cursors in the middle of the tarento's list, and 20 before its end.
    async fn cursors(&self, connection: &mut Connection, document: &str) -> Result<[Value; 2]> {
        let all = if document == FRIENDS {
            self.friends
        } else {
            self.footprints
        };
        let (mut passed, mut after, mut middle) = (0, Value::Null, Value::Null);
        while passed < all - 20 {
            let first = (all - 20 - passed).min(100);
            let variables = list(document, &self.star, first, &after);
            let request = ask(&self.star, document, variables);
            let answer: Value = serde_json::from_slice(&send(connection, &request).await?)?;
            let page = answer
                .pointer("/data/user/page")
                .or_else(|| answer.pointer("/data/viewer/page"));
            let cursor = page.and_then(|page| page.pointer("/pageInfo/endCursor"));
            after = cursor.with_context(|| answer.to_string())?.clone();
            passed += first;
            if passed <= all / 2 {
                middle = after.clone();
            }
        }
        Ok([middle, after])
    }
}

/// The variables of a page of a list of `of`.
fn list(document: &str, of: &str, first: i64, after: &Value) -> Value {
    if document == FRIENDS {
        json!({ "of": of, "first": first, "after": after })
    } else {
        json!({ "first": first, "after": after })
    }
}

fn ask(viewer: &str, document: &str, variables: Value) -> Request {
    Request {
        method: "POST",
        path: "/graphql".to_owned(),
        token: format!("benchmark-{viewer}"),
        body: json!({ "query": document, "variables": variables }).to_string(),
    }
}

/// An id of `time`, as version 7 of a UUID, with chance out of `of`.
fn id(time: &str, of: &str) -> String {
    format!(
        "(lpad(to_hex((extract(epoch FROM {time}) * 1000)::bigint), 12, '0') || '7' \
         || substr(md5({of}), 1, 3) || '8' || substr(md5({of}), 4, 15))::uuid"
    )
}

/// Gives `user` so many more friends.
async fn befriend(db: &Client, user: Uuid, more: i64) -> Result<()> {
    let time = "(now() - (row_number() OVER (ORDER BY u.id)) * interval '1 second')";
    let id = id("since", "username");
    db.batch_execute("DROP TABLE IF EXISTS more").await?;
    db.batch_execute("CREATE TEMP TABLE more (other uuid, id uuid, since timestamptz)")
        .await?;
    let text = format!(
        "INSERT INTO more SELECT other, {id}, since FROM (SELECT u.id AS other, username, \
         {time} AS since FROM users u WHERE u.id <> $1 AND kind = 'MEMBER' \
         AND friend_count < 999 AND NOT EXISTS (SELECT FROM friendships f \
         WHERE f.user_id = $1 AND f.friend_id = u.id) ORDER BY md5(username) LIMIT $2) AS chosen"
    );
    db.execute(&text, &[&user, &more.max(0)]).await?;
    for text in [
        "INSERT INTO friendships (user_id, friend_id, id, since, newest_diary_id) \
         SELECT $1, other, id, since, newest_diary_id FROM more \
         JOIN user_counters ON user_id = other",
        "INSERT INTO friendships (user_id, friend_id, id, since, newest_diary_id) \
         SELECT other, $1, id, since, newest_diary_id FROM more \
         JOIN user_counters ON user_id = $1",
        "UPDATE users SET friend_count = friend_count + CASE WHEN id = $1 \
         THEN (SELECT count(*) FROM more) ELSE 1 END \
         WHERE id = $1 OR id IN (SELECT other FROM more)",
    ] {
        db.execute(text, &[&user]).await?;
    }
    Ok(())
}

/// Leaves `owner` so many footprints, of as many visitors as there are.
async fn visit(db: &Client, owner: Uuid, footprints: i64) -> Result<()> {
    let id = id("visited_at", "username || visited_at");
    let text = format!(
        "INSERT INTO footprints (owner_id, id, visitor_id, day, number, visited_at) \
         SELECT $1, {id}, visitor, (visited_at AT TIME ZONE 'Asia/Tokyo')::date, \
         (SELECT visit_count FROM user_counters WHERE user_id = $1) + n, visited_at FROM \
         (SELECT u.id AS visitor, username, row_number() OVER (ORDER BY md5(username)) AS n, \
         now() - interval '40 days' - interval '1 second' \
         * ($2 - row_number() OVER (ORDER BY md5(username))) AS visited_at \
         FROM users u WHERE u.id <> $1 LIMIT $2) AS chosen"
    );
    let left = db.execute(&text, &[&owner, &footprints]).await?;
    let text = "UPDATE user_counters SET visit_count = visit_count + $2, \
         footprint_count = footprint_count + $2, new_footprint_count = new_footprint_count + $2 \
         WHERE user_id = $1";
    db.execute(text, &[&owner, &i64::try_from(left)?]).await?;
    Ok(())
}
