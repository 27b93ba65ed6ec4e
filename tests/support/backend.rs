//! Which database the tests run on, and a fresh one of it for each.
//!
//! `ASHIATO_TEST_DATABASE=postgres` runs the suite on a PostgreSQL that the suite starts and
//! removes itself; otherwise it runs on SQLite. `make test` does both.

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

/// Whether the tests run on PostgreSQL.
pub fn is_postgres() -> bool {
    static POSTGRES: LazyLock<bool> =
        LazyLock::new(|| match std::env::var("ASHIATO_TEST_DATABASE").as_deref() {
            Err(_) | Ok("sqlite") => false,
            Ok("postgres") => true,
            Ok(other) => panic!("ASHIATO_TEST_DATABASE is sqlite or postgres, not {other}"),
        });
    *POSTGRES
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

/// The server that the tests share. It ends with this process.
fn shared() -> &'static Cluster {
    static SHARED: LazyLock<Cluster> = LazyLock::new(|| Cluster::start(&[]));
    &SHARED
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
            return Self::empty().await;
        }
        TEMPLATE
            .get_or_init(|| async {
                let place = Place::new(shared().create("template").await);
                let database = Database::open(&place, Events::default(), None);
                database.await.unwrap().close().await;
            })
            .await;
        Self::from("template").await
    }

    /// One without tables.
    pub async fn empty() -> Self {
        if is_postgres() {
            return Self::from("template0").await;
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
        let sql = format!("CREATE DATABASE {name} TEMPLATE {template}");
        run(&shared().url, &sql).await;
        Self {
            url: shared().database(&name),
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
            runtime.block_on(run(
                &shared().url,
                &format!("DROP DATABASE {name} WITH (FORCE)"),
            ));
        });
    }
}

/// Runs one statement on the server at `url`.
pub async fn run(url: &str, sql: &str) {
    let mut options = sea_orm::ConnectOptions::new(url);
    options.max_connections(1).sqlx_logging(false);
    let db = sea_orm::Database::connect(options).await.unwrap();
    db.execute_unprepared(sql).await.unwrap();
    db.close().await.unwrap();
}
