//! What `scripts/cluster` runs: a PostgreSQL, a NATS and two servers.

use std::{
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

use super::process::UNLIMITED;

const BINARY: &str = env!("CARGO_BIN_EXE_ashiato");

/// They end with this value, or with this process, however it ends.
pub struct Servers {
    /// Of each server, `http://HOST:PORT/graphql`.
    pub addresses: Vec<String>,
    /// The database's URL.
    pub database: String,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
    child: Child,
}

impl Servers {
    /// Starts them on free ports, and waits until they listen.
    pub fn start() -> Self {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("scripts/cluster");
        let mut child = Command::new(script)
            .args(["--port", "0"])
            .env("ASHIATO_BINARY", BINARY)
            .envs(UNLIMITED)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        let mut servers = Self {
            addresses: Vec::new(),
            database: String::new(),
            input: child.stdin.take(),
            output,
            child,
        };
        loop {
            let line = servers.line();
            match line.split_once(' ') {
                Some(("server", at)) => servers.addresses.push(format!("{at}/graphql")),
                Some(("database", url)) => url.clone_into(&mut servers.database),
                Some(_) => {}
                None => return servers,
            }
        }
    }

    /// Stops server 1 or 2 as an operator does, and starts it again.
    pub fn restart(&mut self, number: usize) {
        writeln!(self.input.as_mut().unwrap(), "restart {number}").unwrap();
        assert_eq!(self.line(), "ready");
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.output.read_line(&mut line).unwrap();
        assert!(!line.is_empty(), "scripts/cluster has ended");
        line.trim().to_owned()
    }
}

impl Drop for Servers {
    fn drop(&mut self) {
        // The end of its input is what it waits for.
        drop(self.input.take());
        let _ = self.child.wait();
    }
}
