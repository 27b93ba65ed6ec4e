//! Which database the tests run on, and a fresh one of it for each.
//!
//! `ASHIATO_TEST_DATABASE=postgres` runs the suite on a PostgreSQL that the suite starts and
//! removes itself, `citus` on a Citus cluster of three such (see [`super::citus`]); otherwise it
//! runs on SQLite. `make test` does SQLite and PostgreSQL, `make test-citus` the cluster.

use std::{
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    sync::{
        LazyLock,
        atomic::{AtomicUsize, Ordering},
    },
};

use ashiato::{
    database::{Database, Place},
    events::Events,
};
use sea_orm::ConnectionTrait;
use tempfile::TempDir;
use tokio::sync::OnceCell;

use super::citus;

/// What the tests run on.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Backend {
    Sqlite,
    Postgres,
    Citus,
}

fn backend() -> Backend {
    static BACKEND: LazyLock<Backend> =
        LazyLock::new(|| match std::env::var("ASHIATO_TEST_DATABASE").as_deref() {
            Err(_) | Ok("sqlite") => Backend::Sqlite,
            Ok("postgres") => Backend::Postgres,
            Ok("citus") => Backend::Citus,
            Ok(other) => {
                panic!("ASHIATO_TEST_DATABASE is sqlite, postgres or citus, not {other}")
            }
        });
    *BACKEND
}

/// Whether the tests run on PostgreSQL, with Citus or without.
pub fn is_postgres() -> bool {
    backend() != Backend::Sqlite
}

/// Whether the tests run on a Citus cluster.
pub fn is_citus() -> bool {
    backend() == Backend::Citus
}

/// A PostgreSQL server that goes with this value, or with this process, however it ends.
pub struct Cluster {
    pub url: String,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
    child: Child,
}

impl Cluster {
    /// Starts one with `settings` over those of `scripts/postgres`.
    pub fn start(settings: &[&str]) -> Self {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("scripts/postgres");
        let mut child = Command::new(script)
            .args(settings)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let mut line = || {
            let mut line = String::new();
            output.read_line(&mut line).unwrap();
            assert!(!line.is_empty(), "scripts/postgres could not start one");
            line.trim().to_owned()
        };
        Self {
            url: line(),
            input: child.stdin.take(),
            output,
            child,
        }
    }

    /// Starts a streaming replica of it.
    pub fn replica(&self) -> Self {
        Self::start(&["--replica-of", &self.url])
    }

    /// Stops it, as an operator does (`fast`) or as a crash does (`immediate`), and starts it again.
    pub fn restart(&mut self, how: &str) {
        writeln!(self.input.as_mut().unwrap(), "restart {how}").unwrap();
        let mut line = String::new();
        self.output.read_line(&mut line).unwrap();
        assert_eq!(line.trim(), "ready");
    }

    /// The URL of its database `name`.
    pub fn database(&self, name: &str) -> String {
        format!("{}/{name}", self.url)
    }

    /// Makes an empty database and gives its URL.
    pub async fn create(&self, name: &str) -> String {
        run(&self.url, &format!("CREATE DATABASE {name}")).await;
        self.database(name)
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // The end of its input is what it waits for.
        drop(self.input.take());
        let _ = self.child.wait();
    }
}

/// The servers that the tests share: one, or a Citus cluster, its coordinator first. They end with
/// this process.
async fn shared() -> &'static [Cluster] {
    static SHARED: OnceCell<Vec<Cluster>> = OnceCell::const_new();
    let start = async || {
        if is_citus() {
            citus::start().await
        } else {
            vec![Cluster::start(&[])]
        }
    };
    SHARED.get_or_init(start).await
}

/// Runs `sql` on each of `servers`, those that the first commands before it.
pub async fn run_on_all(servers: &[Cluster], sql: &str) {
    for server in servers.iter().rev() {
        run(&server.url, sql).await;
    }
}

/// The URL of the SQLite database in `file`.
pub fn sqlite(file: &Path) -> String {
    format!("sqlite://{}", file.display())
}

/// A database of a test's own, and a folder that goes with it.
pub struct Fresh {
    pub url: String,
    pub folder: TempDir,
    /// On PostgreSQL, its name there.
    name: Option<String>,
}

impl Fresh {
    /// One whose tables are made.
    pub async fn new() -> Self {
        static TEMPLATE: OnceCell<()> = OnceCell::const_new();
        if !is_postgres() {
            let fresh = Self::empty().await;
            std::fs::write(fresh.file(), made().await).unwrap();
            return fresh;
        }
        TEMPLATE
            .get_or_init(|| async {
                let servers = shared().await;
                run_on_all(
                    servers,
                    &format!("CREATE DATABASE made TEMPLATE {}", bare()),
                )
                .await;
                let place = Place::new(servers[0].database("made"));
                let database = Database::open(&place, Events::default(), None);
                database.await.unwrap().close().await;
                if is_citus() {
                    citus::distribute(servers, "made").await;
                }
            })
            .await;
        Self::from("made").await
    }

    /// One without tables.
    pub async fn empty() -> Self {
        if is_postgres() {
            return Self::from(bare()).await;
        }
        let folder = tempfile::tempdir().unwrap();
        Self {
            url: sqlite(&folder.path().join("test.db")),
            folder,
            name: None,
        }
    }

    async fn from(template: &str) -> Self {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let name = format!("test_{}", NEXT.fetch_add(1, Ordering::Relaxed));
        let servers = shared().await;
        run_on_all(
            servers,
            &format!("CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY"),
        )
        .await;
        if is_citus() {
            // What a template sets its copies do not have: see `shards::bound_waits`.
            let bound = format!("ALTER DATABASE {name} SET lock_timeout = '450ms'");
            run_on_all(servers, &bound).await;
        }
        Self {
            url: servers[0].database(&name),
            folder: tempfile::tempdir().unwrap(),
            name: Some(name),
        }
    }

    /// Its file, on SQLite.
    pub fn file(&self) -> PathBuf {
        self.folder.path().join("test.db")
    }

    /// Where it is, with as many connections as a test needs.
    pub fn place(&self) -> Place {
        Place {
            connections: 8,
            ..Place::new(&self.url)
        }
    }
}

impl Drop for Fresh {
    fn drop(&mut self) {
        let Some(name) = self.name.take() else {
            return;
        };
        // A thread, because a value that goes out of scope cannot wait. What is not dropped goes
        // with the server.
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap();
            runtime.block_on(async {
                // The coordinator's first: it connects to the others'.
                for server in shared().await {
                    run(&server.url, &format!("DROP DATABASE {name} WITH (FORCE)")).await;
                }
            });
        });
    }
}

/// An SQLite database whose tables are made, as a file has it: half of a test's time went into making them anew.
async fn made() -> &'static [u8] {
    static MADE: OnceCell<Vec<u8>> = OnceCell::const_new();
    let make = async || {
        let fresh = Fresh::empty().await;
        let place = fresh.place();
        let database = Database::open(&place, Events::default(), None);
        database.await.unwrap().close().await;
        std::fs::read(fresh.file()).unwrap()
    };
    MADE.get_or_init(make).await
}

/// The database without tables that others are made from.
fn bare() -> &'static str {
    if is_citus() { citus::BARE } else { "template0" }
}

/// Runs one statement on the server at `url`.
pub async fn run(url: &str, sql: &str) {
    let mut options = sea_orm::ConnectOptions::new(url);
    options.max_connections(1).sqlx_logging(false);
    let db = sea_orm::Database::connect(options).await.unwrap();
    db.execute_unprepared(sql).await.unwrap();
    db.close().await.unwrap();
}
