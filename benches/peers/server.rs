//! The servers: each a process of its own, on one core.

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
};

use anyhow::{Context, Result, bail, ensure};
use clap::ValueEnum;
use http_body_util::{BodyExt, Full};
use hyper::{body::Bytes, client::conn::http1::SendRequest};
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};

use crate::{community::Community, operations::Request};

/// Which server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Kind {
    /// Hand-written endpoints with one statement each: the limit.
    Rest,
    /// Ours, which keeps nothing beyond a request.
    Ashiato,
    /// Ours, with its object cache.
    Cached,
    /// Ours on SQLite, which keeps nothing beyond a request.
    Sqlite,
    /// Fastify, graphql-jit, hand-written loaders.
    Mercurius,
    /// PostGraphile 5.
    Postgraphile,
}

impl Kind {
    /// All of them.
    pub fn all() -> Vec<Self> {
        Self::value_variants().to_vec()
    }

    /// Whether it is ours.
    pub fn is_ours(self) -> bool {
        matches!(self, Self::Ashiato | Self::Cached | Self::Sqlite)
    }

    /// As in the table.
    pub fn name(self) -> &'static str {
        match self {
            Self::Rest => "REST",
            Self::Ashiato => "Ashiato",
            Self::Cached => "Ashiato, cache",
            Self::Sqlite => "Ashiato, SQLite",
            Self::Mercurius => "Mercurius",
            Self::Postgraphile => "PostGraphile",
        }
    }
}

/// A server that runs while this value lives.
pub struct Server {
    pub kind: Kind,
    pub process: i32,
    address: String,
    child: Child,
}

/// One connection to a server.
pub type Connection = SendRequest<Full<Bytes>>;

impl Server {
    /// Starts one on the community's database.
    ///
    /// # Errors
    /// Where it does not come up.
    pub async fn start(kind: Kind, community: &Community) -> Result<Self> {
        // A free port, which a server that cannot choose one itself is told.
        let port = TcpListener::bind("127.0.0.1:0").await?.local_addr()?.port();
        let address = format!("127.0.0.1:{port}");
        let mut command = Command::new("taskset");
        command.args(["-c", "0"]);
        match kind {
            Kind::Rest => {
                command.arg(std::env::current_exe()?).arg("--rest");
            }
            Kind::Ashiato | Kind::Cached | Kind::Sqlite => {
                let megabytes = if kind == Kind::Cached { "64" } else { "0" };
                command
                    .arg(env!("CARGO_BIN_EXE_ashiato"))
                    .args([
                        "serve",
                        "--listen",
                        &address,
                        "--database-url",
                        community.url_for(kind)?,
                    ])
                    .args(["--cache-megabytes", megabytes, "--visit-pause-minutes", "0"])
                    // A few thousand members visit more than people do: they are counted, and not refused.
                    .args(["--visits-per-hour", "1000000"])
                    .args([
                        "--points-per-hour",
                        "0",
                        "--points-per-hour-per-address",
                        "0",
                    ])
                    .args(["--max-sign-ins-per-minute", "0"])
                    // No line a request: the others write none either.
                    .env("ASHIATO_LOG", "warn,ashiato::cli=info");
            }
            Kind::Mercurius | Kind::Postgraphile => {
                let folder = Path::new("benches").join(kind.name().to_lowercase());
                npm(&folder)?;
                let node = folder.join("node_modules/.bin/node").canonicalize();
                command
                    .arg(node.unwrap_or_else(|_| "node".into()))
                    .arg("server.mjs")
                    .current_dir(folder);
            }
        }
        let mut child = command
            .env("PORT", port.to_string())
            .env("DATABASE_URL", &community.url)
            .env("NODE_ENV", "production")
            .stdout(if kind.is_ours() {
                Stdio::null()
            } else {
                Stdio::piped()
            })
            .stderr(if kind.is_ours() {
                Stdio::piped()
            } else {
                Stdio::inherit()
            })
            .spawn()?;
        let lines: Box<dyn BufRead + Send> = match (child.stdout.take(), child.stderr.take()) {
            (Some(output), _) => Box::new(BufReader::new(output)),
            (None, Some(log)) => Box::new(BufReader::new(log)),
            (None, None) => bail!("no output"),
        };
        let mut lines = lines.lines();
        loop {
            let line = lines.next().context("the server ended")??;
            if line.contains("ready") || line.contains("api=") {
                break;
            }
        }
        std::thread::spawn(move || for _ in lines.by_ref() {});
        // `taskset` becomes what it starts.
        let process = i32::try_from(child.id())?;
        Ok(Self {
            kind,
            process,
            address,
            child,
        })
    }

    /// Connects.
    ///
    /// # Errors
    /// Where it does not answer.
    pub async fn connect(&self) -> Result<Connection> {
        let stream = TcpStream::connect(&self.address).await?;
        stream.set_nodelay(true)?;
        let (sender, connection) =
            hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
        tokio::spawn(connection);
        Ok(sender)
    }

    /// What it answers, on a connection of its own.
    ///
    /// # Errors
    /// As [`send`].
    pub async fn once(&self, request: &Request) -> Result<Bytes> {
        send(&mut self.connect().await?, request).await
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Sends a request, and reads the answer.
///
/// # Errors
/// Where it is none, or not 200.
pub async fn send(connection: &mut Connection, request: &Request) -> Result<Bytes> {
    let message = hyper::Request::builder()
        .method(request.method)
        .uri(&request.path)
        .header("host", "localhost")
        .header("content-type", "application/json")
        .header("accept", "application/json")
        .header("authorization", format!("Bearer {}", request.token))
        .body(Full::new(Bytes::from(request.body.clone())))?;
    connection.ready().await?;
    let answer = connection.send_request(message).await?;
    let status = answer.status();
    let body = answer.into_body().collect().await?.to_bytes();
    ensure!(
        status == 200,
        "{status}: {}",
        String::from_utf8_lossy(&body)
    );
    Ok(body)
}

/// Installs what a server of the npm registry needs, where it is missing.
fn npm(folder: &Path) -> Result<()> {
    if folder.join("node_modules").exists() {
        return Ok(());
    }
    let done = Command::new("npm")
        .args(["ci", "--no-audit", "--no-fund", "--silent"])
        .current_dir(folder)
        .status()?;
    ensure!(
        done.success(),
        "npm could not install what {} needs",
        folder.display()
    );
    Ok(())
}
