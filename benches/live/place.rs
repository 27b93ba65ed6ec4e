//! The database: made by `ashiato demo`, with everybody signed in.

use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
};

use anyhow::{Context, Result, ensure};
use ashiato::clock::{Clock, SystemClock};
use chrono::TimeDelta;
use entity::{session, session_token, user, visitor};
use rand::{SeedableRng, seq::SliceRandom};
use rand_chacha::ChaCha8Rng;
use sea_orm::{
    ActiveValue::Set, ConnectionTrait, Database, DatabaseConnection, EntityTrait, QueryOrder,
    QuerySelect,
};
use sha2::{Digest, Sha256};
use tempfile::TempDir;
use uuid::Uuid;

use crate::{Args, Kind, bar};

/// Rows that are written at once.
const ROWS: usize = 1_000;

/// Somebody who is signed in.
#[derive(Clone, Debug)]
pub struct Member {
    pub username: String,
    pub token: String,
}

/// A database, while this value lives.
pub struct Place {
    pub kind: Kind,
    pub url: String,
    /// Everybody, in an order that is the same each time.
    pub members: Vec<Member>,
    /// Where the service's log goes.
    pub folder: TempDir,
    cluster: Option<Child>,
}

impl Place {
    /// Makes one with `users`.
    ///
    /// # Errors
    /// Where it cannot be started or filled.
    pub async fn make(kind: Kind, args: &Args, users: usize) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let mut place = Self {
            kind,
            url: format!("sqlite://{}", folder.path().join("ashiato.db").display()),
            members: Vec::new(),
            folder,
            cluster: None,
        };
        if kind == Kind::Postgres {
            place.start_cluster().await?;
        }
        let bar = bar(users, "a community")?;
        let done = Command::new(&args.binary)
            .args(["demo", "--profile", "2011", "--seed", "1"])
            .args(["--users", &users.to_string(), "--database-url", &place.url])
            .stdout(Stdio::null())
            .status()?;
        ensure!(done.success(), "the community could not be made");
        let db = Database::connect(&place.url).await?;
        // Every visit is to arrive: everybody is named.
        visitor::Entity::delete_many().exec(&db).await?;
        place.members = sign_in(&db).await?;
        if kind == Kind::Postgres {
            for text in ["VACUUM ANALYZE", "CHECKPOINT"] {
                db.execute_unprepared(text).await?;
            }
        }
        db.close().await?;
        bar.finish();
        Ok(place)
    }

    async fn start_cluster(&mut self) -> Result<()> {
        let mut cluster = Command::new("scripts/postgres")
            .args(["fsync=on", "full_page_writes=on", "jit=off"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("scripts/postgres cannot be started")?;
        let output = cluster.stdout.take().context("no output")?;
        self.cluster = Some(cluster);
        let mut server = String::new();
        BufReader::new(output).read_line(&mut server)?;
        let server = server.trim();
        ensure!(!server.is_empty(), "PostgreSQL could not be started");
        let db = Database::connect(format!("{server}/postgres")).await?;
        db.execute_unprepared("CREATE DATABASE ashiato").await?;
        db.close().await?;
        self.url = format!("{server}/ashiato");
        Ok(())
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Some(cluster) = &mut self.cluster {
            // The end of its input is what it waits for.
            drop(cluster.stdin.take());
            let _ = cluster.wait();
        }
    }
}

/// Signs everybody in.
async fn sign_in(db: &DatabaseConnection) -> Result<Vec<Member>> {
    let users: Vec<(Uuid, String)> = user::Entity::find()
        .select_only()
        .columns([user::Column::Id, user::Column::Username])
        .order_by_asc(user::Column::Username)
        .into_tuple()
        .all(db)
        .await?;
    let now = SystemClock.now();
    let expires_at = now + TimeDelta::days(1);
    let token = |username: &str| format!("benchmark-{username}");
    for some in users.chunks(ROWS) {
        let sessions = some.iter().map(|(id, _)| session::ActiveModel {
            user_id: Set(*id),
            id: Set(*id),
            created_at: Set(now),
            expires_at: Set(expires_at),
            device: Set(String::new()),
            last_used_at: Set(Some(now)),
        });
        session::Entity::insert_many(sessions)
            .exec_without_returning(db)
            .await?;
        let tokens = some
            .iter()
            .map(|(id, username)| session_token::ActiveModel {
                token_hash: Set(Sha256::digest(token(username)).to_vec()),
                user_id: Set(*id),
                session_id: Set(*id),
                number: Set(1),
                expires_at: Set(expires_at),
                last_write: Set(None),
                written_by: Set(None),
                written_at: Set(None),
                has_blocks: Set(false),
                sees_names: Set(true),
                has_rest: Set(false),
                used_at: Set(Some(now)),
            });
        session_token::Entity::insert_many(tokens)
            .exec_without_returning(db)
            .await?;
    }
    let mut members: Vec<_> = users
        .into_iter()
        .map(|(_, username)| Member {
            token: token(&username),
            username,
        })
        .collect();
    members.shuffle(&mut ChaCha8Rng::seed_from_u64(1));
    Ok(members)
}
