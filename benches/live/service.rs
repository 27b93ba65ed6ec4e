//! The service: a process of its own.

use std::{
    fs::File,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Result, bail, ensure};
use http_body_util::{BodyExt, Full};
use hyper::{body::Bytes, client::conn::http1::SendRequest};
use hyper_util::rt::TokioIo;
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use procfs::process::Process;
use tokio::{
    net::{TcpListener, TcpStream},
    time::sleep,
};

use crate::{Args, bar, place::Place};

/// How long a start may take before it is given up.
const PATIENCE: Duration = Duration::from_secs(60);
/// How often its memory is looked at, and how often in a row it has to be the same at rest.
const LOOK: Duration = Duration::from_secs(1);
const SAME: usize = 5;
/// How often it is looked at altogether.
const LOOKS: usize = 60;
/// What is the same: the memory of this part more or less.
const ABOUT: u64 = 200;

/// One connection to a service.
pub type Connection = SendRequest<Full<Bytes>>;

/// A service that runs while this value lives.
pub struct Service {
    /// Where it listens.
    pub address: String,
    /// From its start to its first 200.
    pub started: Duration,
    process: Process,
    child: Child,
}

/// What a service at rest has and does.
#[derive(Clone, Copy, Debug)]
pub struct Rest {
    /// Resident memory, in bytes.
    pub memory: u64,
    /// Processor seconds a second.
    pub load: f64,
}

impl Service {
    /// Starts one, and waits until it is ready.
    ///
    /// # Errors
    /// Where it does not come up.
    pub async fn start(args: &Args, place: &Place) -> Result<Self> {
        let port = TcpListener::bind("127.0.0.1:0").await?.local_addr()?.port();
        let address = format!("127.0.0.1:{port}");
        let log = place.folder.path().join("log");
        let began = Instant::now();
        let mut child = Command::new(&args.binary)
            .args(["serve", "--listen", &address, "--database-url", &place.url])
            .args([
                "--points-per-hour",
                "0",
                "--points-per-hour-per-address",
                "0",
            ])
            .args(["--max-sign-ins-per-minute", "0"])
            .args(["--max-connections-per-address", "0"])
            .stdout(Stdio::null())
            .stderr(File::create(&log)?)
            .spawn()?;
        let process = Process::new(i32::try_from(child.id())?)?;
        while !is_ready(&address).await {
            let ended = child.try_wait()?.is_some();
            if ended || began.elapsed() > PATIENCE {
                let _ = child.kill();
                let said = std::fs::read_to_string(&log).unwrap_or_default();
                bail!("the service did not start: {said}");
            }
            sleep(Duration::from_millis(1)).await;
        }
        Ok(Self {
            address,
            started: began.elapsed(),
            process,
            child,
        })
    }

    /// Stops it, as an operator does.
    ///
    /// # Errors
    /// Where it does not end well.
    pub fn stop(mut self) -> Result<()> {
        kill(Pid::from_raw(self.process.pid), Signal::SIGTERM)?;
        let ended = self.child.wait()?;
        ensure!(ended.success(), "the service ended with {ended}");
        Ok(())
    }

    /// Waits until its memory stays the same, and tells what it has and does then.
    ///
    /// # Errors
    /// Where it is not there any more.
    pub async fn rest(&self, name: &'static str) -> Result<Rest> {
        let bar = bar(SAME, name)?;
        let (mut before, mut same) = (self.memory()?, 0);
        let (mut began, mut used) = (Instant::now(), self.seconds()?);
        for _ in 0..LOOKS {
            sleep(LOOK).await;
            let now = self.memory()?;
            if now.abs_diff(before) > now / ABOUT {
                (before, same) = (now, 0);
                (began, used) = (Instant::now(), self.seconds()?);
            } else {
                same += 1;
            }
            bar.set_position(u64::try_from(same)?);
            if same == SAME {
                break;
            }
        }
        bar.finish();
        let load = (self.seconds()? - used) / began.elapsed().as_secs_f64();
        Ok(Rest {
            memory: self.memory()?,
            load,
        })
    }

    fn memory(&self) -> Result<u64> {
        Ok(self.process.statm()?.resident * procfs::page_size())
    }

    /// Processor time that it has used, in seconds.
    ///
    /// # Errors
    /// Where it is not there any more.
    pub fn seconds(&self) -> Result<f64> {
        let stat = self.process.stat()?;
        #[expect(clippy::cast_precision_loss, reason = "ticks of a benchmark are few")]
        let seconds = (stat.utime + stat.stime) as f64 / procfs::ticks_per_second() as f64;
        Ok(seconds)
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Connects.
///
/// # Errors
/// Where nobody answers.
pub async fn connect(address: &str) -> Result<Connection> {
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let (sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
    tokio::spawn(connection);
    Ok(sender)
}

async fn is_ready(address: &str) -> bool {
    let ask = async {
        let mut connection = connect(address).await?;
        let request = hyper::Request::get("/readyz").header("host", "localhost");
        let answer = connection.send_request(request.body(Full::default())?);
        anyhow::Ok(answer.await?.status() == 200)
    };
    ask.await.unwrap_or(false)
}

/// Sends an operation, and reads the answer.
///
/// # Errors
/// Where it is none, or not 200.
pub async fn post(connection: &mut Connection, token: &str, body: String) -> Result<Bytes> {
    let request = hyper::Request::post("/graphql")
        .header("host", "localhost")
        .header("content-type", "application/json")
        .header("authorization", format!("Bearer {token}"))
        .body(Full::new(Bytes::from(body)))?;
    connection.ready().await?;
    let answer = connection.send_request(request).await?;
    let status = answer.status();
    let body = answer.into_body().collect().await?.to_bytes();
    ensure!(status == 200, "{status}: {body:?}");
    Ok(body)
}
