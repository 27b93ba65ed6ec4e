//! The real binary, as a process of its own.

use std::{
    io::{BufRead, BufReader},
    net::SocketAddr,
    path::Path,
    process::{Child, Command, Stdio},
};

use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use serde_json::{Value, json};

const BINARY: &str = env!("CARGO_BIN_EXE_ashiato");
/// As [`super::server::unlimited`].
pub const UNLIMITED: [(&str, &str); 5] = [
    ("ASHIATO_POINTS_PER_HOUR", "0"),
    ("ASHIATO_POINTS_PER_HOUR_PER_ADDRESS", "0"),
    ("ASHIATO_MAX_SIGN_INS_PER_MINUTE", "0"),
    ("ASHIATO_MAX_SIGN_UPS_PER_HOUR", "0"),
    ("ASHIATO_MAX_CONNECTIONS_PER_ADDRESS", "0"),
];

/// A server in a process of its own. It is killed when it goes out of scope.
pub struct Process {
    child: Child,
    pub address: String,
    client: reqwest::Client,
}

impl Process {
    /// Starts `ashiato serve` on the database at `url` and waits until it listens.
    pub fn serve(url: &str) -> Self {
        Self::serve_with(url, &[])
    }

    /// The same with other settings.
    pub fn serve_with(url: &str, flags: &[&str]) -> Self {
        Self::start(&mut Command::new(BINARY), url, flags)
    }

    /// The same under `wrapper`, a program that becomes the one that it is given.
    pub fn serve_under(wrapper: &mut Command, url: &str) -> Self {
        Self::start(wrapper.arg(BINARY), url, &[])
    }

    /// Starts `ashiato serve --ephemeral`, with `folder` for temporary files.
    pub fn serve_ephemeral(folder: &Path, flags: &[&str]) -> Self {
        let mut command = Command::new(BINARY);
        command.env("TMPDIR", folder).arg("serve").args(flags);
        Self::begin(command.arg("--ephemeral"))
    }

    fn start(command: &mut Command, url: &str, flags: &[&str]) -> Self {
        let command = command.arg("serve").args(flags);
        Self::begin(command.args(["--database-url", url]))
    }

    fn begin(command: &mut Command) -> Self {
        let mut child = command
            .args(["--listen", "127.0.0.1:0", "--log-format", "json"])
            .env_remove("ASHIATO_LOG")
            .envs(UNLIMITED)
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut log = BufReader::new(child.stderr.take().unwrap()).lines();
        let address = loop {
            let line = log.next().expect("the server listens").unwrap();
            let line: Value = serde_json::from_str(&line).unwrap();
            if let Some(api) = line["api"].as_str() {
                break api.to_owned();
            }
        };
        // The log goes on being read, or the server would wait for a reader.
        std::thread::spawn(move || for _ in log.by_ref() {});
        Self {
            child,
            address,
            client: reqwest::Client::new(),
        }
    }

    /// A request without a retry: nothing where the connection broke before the answer was whole.
    pub async fn ask(
        &self,
        token: Option<&str>,
        document: &str,
        variables: Value,
    ) -> Option<Value> {
        let body = json!({ "query": document, "variables": variables });
        let mut request = self
            .client
            .post(&self.address)
            .header("content-type", "application/json")
            .body(body.to_string());
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        let text = request.send().await.ok()?.text().await.ok()?;
        serde_json::from_str(&text).ok()
    }

    /// Where it listens.
    pub fn socket_address(&self) -> SocketAddr {
        let rest = self.address.trim_start_matches("http://");
        rest.trim_end_matches("/graphql").parse().unwrap()
    }

    /// Signs `username` up: the token.
    pub async fn sign_up(&self, username: &str) -> String {
        const SIGN_UP: &str = "mutation($username: String!) { signUp(input: { username: $username,
            nickname: \"w\", password: \"a long enough one\", birthDate: \"1984-02-15\" }) { token } }";
        let joined = self.ask(None, SIGN_UP, json!({ "username": username }));
        let joined = joined.await.unwrap();
        let token = joined["data"]["signUp"]["token"].as_str();
        token.unwrap_or_else(|| panic!("{joined}")).to_owned()
    }

    /// Asks to write a diary, once where there is a `key`: as [`Self::ask`].
    pub async fn write_diary(
        &self,
        token: &str,
        title: &str,
        body: &str,
        key: Option<&str>,
    ) -> Option<Value> {
        const WRITE: &str = "mutation($title: String!, $body: String!, $key: String) {
            writeDiary(input: { title: $title, body: $body, idempotencyKey: $key }) {
                diary { id title } } }";
        let diary = json!({ "title": title, "body": body, "key": key });
        self.ask(Some(token), WRITE, diary).await
    }

    /// The process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// The most memory that it has had so far, in bytes (Linux tells).
    pub fn peak_memory(&self) -> u64 {
        self.memory_of("VmHWM:")
    }

    /// The memory that it has, in bytes.
    pub fn memory(&self) -> u64 {
        self.memory_of("VmRSS:")
    }

    fn memory_of(&self, which: &str) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let memory = status.lines().find_map(|line| line.strip_prefix(which));
        let kibibytes = memory.unwrap().trim().trim_end_matches(" kB");
        kibibytes.parse::<u64>().unwrap() * 1024
    }

    /// Ends it at once, in the middle of whatever it does.
    pub fn kill(&self) {
        self.signal(Signal::SIGKILL);
    }

    fn signal(&self, signal: Signal) {
        kill(Pid::from_raw(self.child.id().cast_signed()), signal).unwrap();
    }

    /// Sends `signal` and waits for the end; the exit code, where there is one.
    pub fn end(mut self, signal: Signal) -> Option<i32> {
        self.signal(signal);
        self.child.wait().unwrap().code()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
