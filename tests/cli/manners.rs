//! Examples in every help, and what shells complete by.

use std::process::{Command, Stdio};

use ashiato::cli::{self, errors::page};
use rstest::rstest;

use super::ashiato;

/// The calls among the examples of a help: without remarks, and without what the shell does with them.
fn calls(help: &str) -> Vec<String> {
    let mut calls: Vec<String> = Vec::new();
    for line in help.lines() {
        if let Some(call) = line.strip_prefix("  ashiato ") {
            let call = call.split("  ").next().unwrap();
            let call = call.split(['>', '<']).next().unwrap();
            calls.push(format!("ashiato {}", call.trim()));
        } else if let Some(more) = line.strip_prefix("      --") {
            let call = calls.last_mut().unwrap();
            call.push_str(" --");
            call.push_str(more.split("  ").next().unwrap());
        }
    }
    calls
}

/// Each command with the words that lead to it.
fn commands(command: &clap::Command, path: &str, found: &mut Vec<(String, clap::Command)>) {
    let path = format!("{path}{} ", command.get_name());
    found.push((path.clone(), command.clone()));
    for command in command.get_subcommands() {
        commands(command, &path, found);
    }
}

#[test]
fn every_help_has_examples_of_itself_that_can_be_called() {
    let mut found = Vec::new();
    commands(&cli::command(), "", &mut found);
    assert!(found.len() > 25, "{found:?}");
    for (path, command) in found {
        let help = command.get_after_help().map(ToString::to_string);
        let help = help.unwrap_or_default();
        assert!(help.starts_with("Examples:\n"), "{path}has no examples");
        let longest = help.lines().map(|line| line.chars().count()).max();
        assert!(longest <= Some(100), "{path}wraps");
        let calls = calls(&help);
        assert!(!calls.is_empty(), "{path}has no example");
        for call in calls {
            let own = format!("{call} ").starts_with(&path);
            assert!(own, "`{call}` is no example of {path}");
            let words: Vec<_> = call.split_whitespace().collect();
            if let Err(error) = cli::command().try_get_matches_from(words) {
                panic!("{call}: {error}");
            }
        }
    }
}

#[test]
fn an_example_that_cannot_be_called_would_be_found() {
    let help =
        "Examples:\n  ashiato serve --no-such-flag < file      a remark\n      --listen x  y";
    assert_eq!(calls(help), ["ashiato serve --no-such-flag --listen x"]);
    let called = cli::command().try_get_matches_from(["ashiato", "serve", "--no-such-flag"]);
    assert!(called.is_err());
}

#[test]
fn the_help_shows_them() {
    for (args, example) in [
        (vec!["--help"], "ashiato doctor"),
        (vec!["serve", "--help"], "ashiato serve --demo --ephemeral"),
        (vec!["doctor", "-h"], "ashiato doctor --json"),
        (
            vec!["admin", "suspend", "--help"],
            "ashiato admin suspend taro",
        ),
        (vec!["help", "migrate", "down"], "ashiato migrate down"),
    ] {
        let output = ashiato(&args);
        let said = String::from_utf8_lossy(&output.stdout);
        assert_eq!(output.status.code(), Some(0), "{args:?}");
        assert!(
            said.contains("Examples:") && said.contains(example),
            "{args:?}: {said}"
        );
    }
}

#[rstest]
#[case::bash("bash")]
#[case::zsh("zsh")]
#[case::fish("fish")]
#[case::elvish("elvish")]
#[case::powershell("powershell")]
fn a_shell_completes_every_subcommand(#[case] shell: &str) {
    let output = ashiato(&["completions", shell]);
    let script = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let mut found = Vec::new();
    commands(&cli::command(), "", &mut found);
    for (path, command) in found {
        let name = command.get_name();
        assert!(script.contains(name), "{shell} does not know {path}");
    }
    assert!(script.contains("database-url"), "{shell}");
    // It is a script of that shell, so far as that is here to say so.
    if matches!(shell, "bash" | "zsh") {
        let checking = Command::new(shell).arg("-n").stdin(Stdio::piped()).spawn();
        if let Ok(mut checking) = checking {
            use std::io::Write;
            checking
                .stdin
                .take()
                .unwrap()
                .write_all(script.as_bytes())
                .unwrap();
            assert!(checking.wait().unwrap().success(), "{shell}");
        }
    }
}

#[test]
fn a_shell_that_nobody_knows_is_refused() {
    let output = ashiato(&["completions", "cmd"]);
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("bash") && said.contains("fish"), "{said}");
}

#[test]
fn the_page_of_errors_is_printed_or_written() {
    let printed = ashiato(&["errors"]);
    assert_eq!(String::from_utf8_lossy(&printed.stdout), page().unwrap());
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("errors.md").display().to_string();
    assert_eq!(
        ashiato(&["errors", "--output", &file]).status.code(),
        Some(0)
    );
    assert_eq!(std::fs::read_to_string(file).unwrap(), page().unwrap());
    let refused = ashiato(&["errors", "--output", "/no/such/folder/errors.md"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("errors.md"));
}
