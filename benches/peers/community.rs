//! The community that all servers are asked about: made by `ashiato demo` in a PostgreSQL of the
//! benchmark's own, with a token for each member who asks.

use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicUsize, Ordering},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use rand::{SeedableRng, seq::SliceRandom};
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, Zipf};
use tokio_postgres::{Client, NoTls};
use uuid::Uuid;

use crate::{server::Kind, sqlite::Twin};

/// How many members ask: enough that none is asked about twice in a row, few enough to sign all in.
const MEMBERS: usize = 2000;

/// Somebody who is signed in.
#[derive(Clone, Debug)]
pub struct Member {
    pub username: String,
    pub token: String,
    /// Somebody whose profile they look at: a friend's friend.
    pub looks_at: String,
    /// A diary of a friend: its author, its own id.
    pub diary: (Uuid, Uuid),
}

/// The database, while this value lives.
pub struct Community {
    pub url: String,
    pub db: Client,
    pub postmaster: i32,
    pub members: Vec<Member>,
    /// How long it took to generate and to load.
    pub made_in: Duration,
    /// The tarento with the most friends.
    star: String,
    twin: Option<Twin>,
    popularity: Zipf<f64>,
    cluster: Child,
    next: AtomicUsize,
}

impl Community {
    /// Starts a PostgreSQL, which is durable as in production, and makes `users` there.
    ///
    /// # Errors
    /// Where it cannot be started or filled.
    pub async fn make(users: usize) -> Result<Self> {
        let mut cluster = Command::new("scripts/postgres")
            .args([
                "fsync=on",
                "full_page_writes=on",
                "shared_buffers=2GB",
                "max_wal_size=8GB",
                "shared_preload_libraries=pg_stat_statements",
                "jit=off",
            ])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("scripts/postgres cannot be started")?;
        let output = cluster.stdout.take().context("no output")?;
        let mut server = String::new();
        BufReader::new(output).read_line(&mut server)?;
        let server = server.trim();
        ensure!(!server.is_empty(), "PostgreSQL could not be started");
        connect(server)
            .await?
            .batch_execute("CREATE DATABASE ashiato")
            .await?;
        let url = format!("{server}/ashiato");
        let began = Instant::now();
        fill(&url, users)?;
        let made_in = began.elapsed();
        let db = connect(&url).await?;
        let star = "SELECT username FROM users WHERE kind = 'TARENTO' \
             ORDER BY friend_count DESC, id LIMIT 1";
        let star = db.query_one(star, &[]).await?.get(0);
        let members = members(&db).await?;
        // One by one: each is a transaction, or cannot be in one.
        for text in [
            "CREATE EXTENSION pg_stat_statements",
            "VACUUM ANALYZE",
            "CHECKPOINT",
        ] {
            db.batch_execute(text).await?;
        }
        let folder: String = db.query_one("SHOW data_directory", &[]).await?.get(0);
        let pid = std::fs::read_to_string(format!("{folder}/postmaster.pid"))?;
        let postmaster = pid.lines().next().context("no process id")?.parse()?;
        #[expect(clippy::cast_precision_loss, reason = "members are few")]
        let popularity = Zipf::new(members.len() as f64, 0.99)?;
        Ok(Self {
            url,
            db,
            postmaster,
            popularity,
            star,
            made_in,
            twin: None,
            members,
            cluster,
            next: AtomicUsize::new(0),
        })
    }

    /// The member who sends the `turn`th request that only reads: few of them send most, as where the
    /// most popular is asked about ten times as often as the tenth (Zipf, 0.99).
    pub fn reader(&self, turn: usize) -> Option<&Member> {
        let mut chance = ChaCha8Rng::seed_from_u64(u64::try_from(turn).ok()?);
        let rank = self.popularity.sample(&mut chance);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a rank is a whole number from 1"
        )]
        self.members.get((rank as usize).checked_sub(1)?)
    }

    /// Makes the same in SQLite.
    ///
    /// # Errors
    /// Where it cannot be filled.
    pub async fn twin(&mut self, users: usize) -> Result<()> {
        self.twin = Some(Twin::make(users, &self.members).await?);
        Ok(())
    }

    /// The database of servers of `kind`.
    ///
    /// # Errors
    /// Where it was not made.
    pub fn url_for(&self, kind: Kind) -> Result<&str> {
        match kind {
            Kind::Sqlite => Ok(&self.twin.as_ref().context("there is no SQLite")?.url),
            _ => Ok(&self.url),
        }
    }

    /// The tarento whom everybody visits.
    pub fn star(&self) -> &str {
        &self.star
    }

    /// A turn that nobody had.
    pub fn fresh_turn(&self) -> usize {
        self.next.fetch_add(1, Ordering::Relaxed)
    }

    /// The member who sends the `turn`th request, and another whom no earlier turn of theirs had, as
    /// long as there are others.
    pub fn turn(&self, turn: usize) -> Option<(&Member, &Member)> {
        let count = self.members.len().max(2);
        let (place, lap) = (turn % count, turn / count);
        // Neighbours in time visit people who are far apart.
        let other = (place + 1 + (place * 7919 + lap) % (count - 1)) % count;
        Some((self.members.get(place)?, self.members.get(other)?))
    }
}

impl Drop for Community {
    fn drop(&mut self) {
        // The end of its input is what it waits for.
        drop(self.cluster.stdin.take());
        let _ = self.cluster.wait();
    }
}

async fn connect(url: &str) -> Result<Client> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
    tokio::spawn(connection);
    Ok(client)
}

/// Makes `users` in the empty database at `url`.
///
/// # Errors
/// Where they could not be made.
pub fn fill(url: &str, users: usize) -> Result<()> {
    let began = Instant::now();
    let done = Command::new(env!("CARGO_BIN_EXE_ashiato"))
        .args(["demo", "--profile", "2011", "--seed", "1"])
        .args(["--users", &users.to_string(), "--database-url", url])
        .stdout(Stdio::null())
        .status()?;
    ensure!(done.success(), "the community could not be made");
    eprintln!(
        "a community of {users} in {} in {:.0} s",
        url.split(':').next().unwrap_or_default(),
        began.elapsed().as_secs_f64()
    );
    Ok(())
}

/// Signs everybody in, and chooses who asks and what they look at.
async fn members(db: &Client) -> Result<Vec<Member>> {
    // The other servers know of no choice: everybody is named, and sees names.
    db.batch_execute(
        "DELETE FROM visitors; \
         INSERT INTO sessions (user_id, id, created_at, expires_at) \
         SELECT id, id, now(), now() + '1 day' FROM users; \
         INSERT INTO session_tokens \
         (token_hash, user_id, session_id, number, expires_at, has_blocks, sees_names) \
         SELECT sha256(convert_to('benchmark-' || username, 'UTF8')), id, id, 1, \
         now() + '1 day', false, true FROM users",
    )
    .await?;
    let text = "SELECT u.id, u.username, \
         (SELECT v.username FROM friendships a \
          JOIN friendships b ON b.user_id = a.friend_id AND b.friend_id <> u.id \
          JOIN users v ON v.id = b.friend_id WHERE a.user_id = u.id ORDER BY a.id, b.id LIMIT 1), \
         d.author_id, d.id \
         FROM (SELECT id, username FROM users ORDER BY md5(username) LIMIT $1) u \
         JOIN LATERAL (SELECT d.author_id, d.id FROM friendships f \
          JOIN diaries d ON d.author_id = f.friend_id AND d.audience = 'FRIENDS' \
          WHERE f.user_id = u.id ORDER BY f.id, d.id LIMIT 1) d ON true";
    let limit = i64::try_from(MEMBERS)?;
    let mut members = Vec::new();
    for row in db.query(text, &[&limit]).await? {
        let username: String = row.get(1);
        let looks_at: Option<String> = row.get(2);
        members.push(Member {
            token: format!("benchmark-{username}"),
            looks_at: looks_at.unwrap_or_else(|| username.clone()),
            username,
            diary: (row.get(3), row.get(4)),
        });
    }
    ensure!(
        members.len() > MEMBERS / 2,
        "too few have friends who write"
    );
    members.shuffle(&mut ChaCha8Rng::seed_from_u64(1));
    Ok(members)
}
