//! Each target fed by libFuzzer, which changes what it feeds by what an input reaches: for
//! `ASHIATO_FUZZ_SECONDS` each (10 by default). `scripts/fuzz` builds what runs here, instrumented.

use std::{
    env,
    fs::{self, File},
    path::{Path, PathBuf},
    process::Command,
};

use rstest::rstest;

/// Where a target keeps what it found (below `target/tmp/fuzz`), made where it is missing.
fn found(target: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("fuzz")
        .join(target);
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// The number that a line of libFuzzer's log says after these words.
fn figure(log: &str, words: &str) -> u64 {
    let rest = log.split_once(words).map(|(_, rest)| rest.trim_start());
    let rest = rest.unwrap_or_else(|| panic!("no {words:?} in {log}"));
    let end = rest.find(|letter: char| !letter.is_ascii_digit());
    rest[..end.unwrap_or(rest.len())].parse().unwrap()
}

#[rstest]
#[case::guard("guard", env!("CARGO_BIN_EXE_guard"))]
#[case::cursor("cursor", env!("CARGO_BIN_EXE_cursor"))]
#[case::global_id("global_id", env!("CARGO_BIN_EXE_global_id"))]
#[case::webhook("webhook", env!("CARGO_BIN_EXE_webhook"))]
fn nothing_is_found(#[case] target: &str, #[case] program: &str) {
    let seconds = env::var("ASHIATO_FUZZ_SECONDS").unwrap_or_else(|_| "10".to_owned());
    let found = found(target);
    let log = found.with_extension("log");
    let ended = Command::new(program)
        .arg(format!("-max_total_time={seconds}"))
        // So much memory, or so many seconds, for one input are as bad as a panic.
        .args(["-rss_limit_mb=2048", "-timeout=10", "-max_len=4096"])
        .arg(format!("-artifact_prefix={}-", found.display()))
        .arg("-print_final_stats=1")
        .arg(&found)
        .arg(
            Path::new(env!("CARGO_MANIFEST_DIR"))
                .join("seeds")
                .join(target),
        )
        .stderr(File::create(&log).unwrap())
        .status()
        .unwrap();
    let log = fs::read_to_string(log).unwrap();
    assert!(ended.success(), "{log}");

    let inputs = figure(&log, "stat::number_of_executed_units:");
    println!("{target}: {inputs} inputs");
    assert!(inputs > 1_000, "{log}");
    // What an input reaches is seen: else it would be fed blindly.
    assert!(
        figure(&log, "modules   (") > 500,
        "few places are counted: {log}"
    );
}
