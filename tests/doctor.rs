//! `ashiato doctor` says whether `ashiato serve` could serve, and what to do where it could not.

mod data;
mod parts;

use std::{
    path::Path,
    process::{Command, Output},
};

use serde_json::Value;
use tempfile::TempDir;

/// The key of everybody's tests.
const KEY: &str = "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=";

/// A folder to run it in.
fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

/// `ashiato` with `args`, in `folder`, with no other variable than `variables`.
fn run(folder: &Path, args: &[&str], variables: &[(&str, &str)]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_ashiato"))
        .current_dir(folder)
        .env_clear()
        .envs(variables.iter().copied())
        .args(args)
        .output()
        .unwrap()
}

/// What it found.
struct Found {
    status: i32,
    findings: Vec<Value>,
    /// All that it printed.
    said: String,
}

impl Found {
    /// The states of the findings of `part`, and what was said of each.
    fn of(&self, part: &str) -> Vec<(&str, String)> {
        let found = self
            .findings
            .iter()
            .filter(|finding| finding["part"] == part);
        found
            .map(|finding| {
                let said = finding["said"].as_str().unwrap();
                let mend = finding["mend"].as_str().unwrap_or_default();
                (
                    finding["state"].as_str().unwrap(),
                    format!("{said}: {mend}"),
                )
            })
            .collect()
    }

    /// That there is one finding of `part`, in `state`, of which `words` are said.
    fn says(&self, part: &str, state: &str, words: &str) {
        let found = self.of(part);
        let [(of, said)] = found.as_slice() else {
            panic!("{part}: {}", self.said);
        };
        assert_eq!(*of, state, "{part}: {said}");
        assert!(said.contains(words), "{part}: {said}");
    }
}

/// Has it look with `args`.
fn doctor(folder: &Path, args: &[&str], variables: &[(&str, &str)]) -> Found {
    let mut all = vec!["doctor", "--json", "--listen", "127.0.0.1:0"];
    all.extend(args);
    let output = run(folder, &all, variables);
    let (out, err) = (
        String::from_utf8_lossy(&output.stdout).into_owned(),
        String::from_utf8_lossy(&output.stderr).into_owned(),
    );
    let report: Value = serde_json::from_str(&out).unwrap_or_else(|_| panic!("{out}{err}"));
    let findings = report["findings"].as_array().unwrap().clone();
    let failed = findings
        .iter()
        .filter(|finding| finding["state"] == "failed")
        .count();
    let status = output.status.code().unwrap();
    assert_eq!(status, i32::from(failed > 0), "{out}{err}");
    assert_eq!(err.is_empty(), failed == 0, "{err}");
    Found {
        status,
        findings,
        said: out + &err,
    }
}

#[test]
fn where_all_is_well_it_says_so_and_makes_nothing() {
    let folder = folder();
    let found = doctor(folder.path(), &[], &[]);
    assert_eq!(found.status, 0, "{}", found.said);
    let all: Vec<_> = found
        .findings
        .iter()
        .map(|finding| &finding["part"])
        .collect();
    for part in [
        "settings",
        "environment",
        "log",
        "listen",
        "sms",
        "payments",
        "keys",
        "disk",
        "database",
        "clock",
        "photos",
        "nats",
        "certificate",
    ] {
        assert!(all.contains(&&Value::from(part)), "{part}: {}", found.said);
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    // For people.
    let output = run(folder.path(), &["doctor", "--listen", "127.0.0.1:0"], &[]);
    let said = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(0));
    assert!(said.contains("ok       database"), "{said}");
    assert!(
        said.ends_with("All is well.\n") || said.contains("to look at."),
        "{said}"
    );
}

#[test]
fn what_it_cannot_read_is_refused_as_for_who_serves() {
    let folder = folder();
    let output = run(folder.path(), &["doctor", "--friend-limit", "0"], &[]);
    assert_eq!(output.status.code(), Some(2));
    let output = run(folder.path(), &["doctor", "--photos", "gs://a"], &[]);
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn no_secret_is_printed() {
    let folder = folder();
    let secrets = [
        "s3cret-of-database",
        "s3cret-of-nats",
        "s3cret-of-sms",
        KEY,
        "sk_live_s3cret",
        "whsec_s3cret",
    ];
    let [database, nats, sms, key, stripe, webhook] = secrets;
    for (name, text) in [("stripe", stripe), ("webhook", webhook)] {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let found = doctor(
        folder.path(),
        &[
            "--payments",
            "stripe",
            "--payments-return-url",
            "https://example.com/",
        ],
        &[
            (
                "ASHIATO_DATABASE_URL",
                &format!("postgres://a:{database}@127.0.0.1:1/b"),
            ),
            ("ASHIATO_NATS_URL", &format!("nats://a:{nats}@127.0.0.1:1")),
            ("ASHIATO_SMS", "http"),
            (
                "ASHIATO_SMS_URL",
                &format!("https://a:{sms}@127.0.0.1:1/send"),
            ),
            ("ASHIATO_SECRET_KEYS", key),
            ("ASHIATO_STRIPE_SECRET_KEY_FILE", "stripe"),
            ("ASHIATO_STRIPE_WEBHOOK_SECRET_FILE", "webhook"),
        ],
    );
    found.says("database", "failed", "postgres://a@127.0.0.1:1/b");
    found.says("nats", "failed", "127.0.0.1:1");
    found.says("sms", "ok", "127.0.0.1:1");
    found.says("payments", "ok", "api.stripe.com");
    for secret in secrets {
        assert!(!found.said.contains(secret), "{secret}: {}", found.said);
    }
}
