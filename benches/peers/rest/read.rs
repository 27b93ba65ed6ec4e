//! What only reads. The answers have the shape of the GraphQL documents', so that they compare.

use anyhow::Context;
use axum::{
    Json,
    extract::{Path, State},
};
use chrono::{DateTime, Utc};
use serde::{Serialize, Serializer};
use tokio_postgres::{Client, Error, Row, Statement};
use uuid::Uuid;

use super::{Answer, Pool, Viewer};

const Q1: &str = "SELECT p.username, p.nickname, p.bio, p.friend_count, u.username, u.nickname
    FROM usernames n JOIN users p ON p.id = n.user_id
    LEFT JOIN LATERAL (SELECT friend_id, id FROM friendships WHERE user_id = p.id
        ORDER BY id DESC LIMIT 20) f ON true
    LEFT JOIN users u ON u.id = f.friend_id
    WHERE n.username = $1 ORDER BY f.id DESC";

const Q2: &str = "SELECT f.friend_id, u.username, u.nickname, d.id, d.title, d.created_at,
        c.body, a.username, a.nickname
    FROM (SELECT friend_id, id, sees_group_diaries FROM friendships
        WHERE user_id = $1 ORDER BY id DESC LIMIT 20) f
    JOIN users u ON u.id = f.friend_id
    LEFT JOIN LATERAL (SELECT id, title, created_at FROM diaries
        WHERE author_id = f.friend_id AND (audience NOT IN ('ONLY_ME', 'GROUP')
            OR audience = 'GROUP' AND f.sees_group_diaries AND EXISTS (
                SELECT FROM friend_group_members WHERE owner_id = f.friend_id
                AND friend_id = $1 AND group_id = diaries.group_id))
        ORDER BY id DESC LIMIT 3) d ON true
    LEFT JOIN LATERAL (SELECT id, body, author_id FROM diary_comments
        WHERE diary_author_id = f.friend_id AND diary_id = d.id ORDER BY id LIMIT 2) c ON true
    LEFT JOIN users a ON a.id = c.author_id
    ORDER BY f.id DESC, d.id DESC, c.id";

const Q3: &str = "SELECT d.title, d.created_at, d.comment_count, u.username, u.nickname
    FROM (SELECT d.* FROM friendships f CROSS JOIN LATERAL (
            SELECT id, author_id, title, created_at, comment_count FROM diaries
            WHERE author_id = f.friend_id AND (audience NOT IN ('ONLY_ME', 'GROUP')
                OR audience = 'GROUP' AND f.sees_group_diaries AND EXISTS (
                    SELECT FROM friend_group_members WHERE owner_id = f.friend_id
                    AND friend_id = $1 AND group_id = diaries.group_id))
            ORDER BY id DESC LIMIT 20) d
        WHERE f.user_id = $1 ORDER BY d.id DESC LIMIT 20) d
    JOIN users u ON u.id = d.author_id ORDER BY d.id DESC";

const Q4: &str = "SELECT u.username, u.nickname
    FROM (SELECT theirs.friend_id, theirs.id FROM usernames n
        JOIN friendships theirs ON theirs.user_id = n.user_id
        JOIN friendships mine ON mine.user_id = $2 AND mine.friend_id = theirs.friend_id
        WHERE n.username = $1 ORDER BY theirs.id DESC LIMIT 20) f
    JOIN users u ON u.id = f.friend_id ORDER BY f.id DESC";

const Q5: &str = "SELECT f.visited_at, u.username, u.nickname
    FROM (SELECT visited_at, visitor_id, number FROM footprints
        WHERE owner_id = $1 ORDER BY number DESC LIMIT 30) f
    JOIN users u ON u.id = f.visitor_id ORDER BY f.number DESC";

/// The prepared statements.
pub struct Statements {
    q1: Statement,
    q2: Statement,
    q3: Statement,
    q4: Statement,
    q5: Statement,
}

impl Statements {
    /// Prepares them.
    pub async fn prepare(client: &Client) -> Result<Self, Error> {
        Ok(Self {
            q1: client.prepare(Q1).await?,
            q2: client.prepare(Q2).await?,
            q3: client.prepare(Q3).await?,
            q4: client.prepare(Q4).await?,
            q5: client.prepare(Q5).await?,
        })
    }
}

#[derive(Serialize)]
pub struct Nodes<T> {
    nodes: Vec<T>,
}

/// As the others write it.
fn to_the_millisecond<S: Serializer>(time: &DateTime<Utc>, to: S) -> Result<S::Ok, S::Error> {
    to.collect_str(&time.format("%Y-%m-%dT%H:%M:%S%.3fZ"))
}

/// A field `user`.
#[derive(Serialize)]
pub struct User<T> {
    user: T,
}

/// A field `viewer`.
#[derive(Serialize)]
pub struct OfViewer<T> {
    viewer: T,
}

#[derive(Serialize)]
pub struct Person {
    username: String,
    nickname: String,
}

impl Person {
    /// From the columns `at` and the next.
    fn of(row: &Row, at: usize) -> Self {
        Self {
            username: row.get(at),
            nickname: row.get(at + 1),
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Profile {
    username: String,
    nickname: String,
    bio: String,
    friend_count: i64,
    friends: Nodes<Person>,
}

/// A profile with its 20 latest friends.
pub async fn q1(
    State(pool): State<Pool>,
    _: Viewer,
    Path(username): Path<String>,
) -> Answer<User<Profile>> {
    let prepared = pool.get()?;
    let rows = prepared
        .client
        .query(&prepared.reads.q1, &[&username])
        .await?;
    let first = rows.first().context("nobody has this name")?;
    let friend = |row: &Row| {
        row.get::<_, Option<&str>>(4)
            .is_some()
            .then(|| Person::of(row, 4))
    };
    let profile = Profile {
        username: first.get(0),
        nickname: first.get(1),
        bio: first.get(2),
        friend_count: first.get(3),
        friends: Nodes {
            nodes: rows.iter().filter_map(friend).collect(),
        },
    };
    Ok(Json(User { user: profile }))
}

/// A field `friends`.
#[derive(Serialize)]
pub struct Friends {
    friends: Nodes<Friend>,
}

#[derive(Serialize)]
pub struct Friend {
    #[serde(flatten)]
    person: Person,
    diaries: Nodes<Diary>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Diary {
    title: String,
    #[serde(serialize_with = "to_the_millisecond")]
    created_at: DateTime<Utc>,
    comments: Nodes<Comment>,
}

#[derive(Serialize)]
pub struct Comment {
    body: String,
    author: Person,
}

/// 20 friends, 3 diaries each, 2 comments each, their authors.
pub async fn q2(State(pool): State<Pool>, Viewer(me): Viewer) -> Answer<OfViewer<User<Friends>>> {
    let prepared = pool.get()?;
    let rows = prepared.client.query(&prepared.reads.q2, &[&me]).await?;
    let mut friends: Vec<Friend> = Vec::new();
    let (mut last_friend, mut last_diary): (Option<Uuid>, Option<Uuid>) = (None, None);
    for row in &rows {
        let friend: Uuid = row.get(0);
        if last_friend != Some(friend) {
            last_friend = Some(friend);
            last_diary = None;
            friends.push(Friend {
                person: Person::of(row, 1),
                diaries: Nodes { nodes: Vec::new() },
            });
        }
        let Some((friend, diary)) = friends.last_mut().zip(row.get::<_, Option<Uuid>>(3)) else {
            continue;
        };
        let diaries = &mut friend.diaries.nodes;
        if last_diary != Some(diary) {
            last_diary = Some(diary);
            diaries.push(Diary {
                title: row.get(4),
                created_at: row.get(5),
                comments: Nodes { nodes: Vec::new() },
            });
        }
        if let Some((diary, body)) = diaries.last_mut().zip(row.get::<_, Option<String>>(6)) {
            diary.comments.nodes.push(Comment {
                body,
                author: Person::of(row, 7),
            });
        }
    }
    let user = Friends {
        friends: Nodes { nodes: friends },
    };
    Ok(Json(OfViewer {
        viewer: User { user },
    }))
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FeedDiary {
    title: String,
    #[serde(serialize_with = "to_the_millisecond")]
    created_at: DateTime<Utc>,
    comment_count: i64,
    author: Person,
}

/// A field `homeFeed`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct HomeFeed {
    home_feed: Nodes<FeedDiary>,
}

/// The home feed.
pub async fn q3(State(pool): State<Pool>, Viewer(me): Viewer) -> Answer<OfViewer<HomeFeed>> {
    let prepared = pool.get()?;
    let rows = prepared.client.query(&prepared.reads.q3, &[&me]).await?;
    let diary = |row: &Row| FeedDiary {
        title: row.get(0),
        created_at: row.get(1),
        comment_count: row.get(2),
        author: Person::of(row, 3),
    };
    let nodes = rows.iter().map(diary).collect();
    Ok(Json(OfViewer {
        viewer: HomeFeed {
            home_feed: Nodes { nodes },
        },
    }))
}

/// A field `mutualFriends`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MutualFriends {
    mutual_friends: Nodes<Person>,
}

/// 20 mutual friends.
pub async fn q4(
    State(pool): State<Pool>,
    Viewer(me): Viewer,
    Path(username): Path<String>,
) -> Answer<User<MutualFriends>> {
    let prepared = pool.get()?;
    let rows = prepared
        .client
        .query(&prepared.reads.q4, &[&username, &me])
        .await?;
    let nodes = rows.iter().map(|row| Person::of(row, 0)).collect();
    Ok(Json(User {
        user: MutualFriends {
            mutual_friends: Nodes { nodes },
        },
    }))
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Footprint {
    #[serde(serialize_with = "to_the_millisecond")]
    visited_at: DateTime<Utc>,
    visitor: Person,
}

/// A field `footprints`.
#[derive(Serialize)]
pub struct Footprints {
    footprints: Nodes<Footprint>,
}

/// The 30 latest footprints with their visitors.
pub async fn q5(State(pool): State<Pool>, Viewer(me): Viewer) -> Answer<OfViewer<Footprints>> {
    let prepared = pool.get()?;
    let rows = prepared.client.query(&prepared.reads.q5, &[&me]).await?;
    let footprint = |row: &Row| Footprint {
        visited_at: row.get(0),
        visitor: Person::of(row, 1),
    };
    let nodes = rows.iter().map(footprint).collect();
    Ok(Json(OfViewer {
        viewer: Footprints {
            footprints: Nodes { nodes },
        },
    }))
}
