//! The command line: every flag and its environment variable, and what is refused at the start.

mod manners;

use std::process::{Command, Output};

use ashiato::cli;

fn ashiato(args: &[&str]) -> Output {
    // Where no database is named, one is made in the folder.
    let folder = tempfile::tempdir().unwrap();
    Command::new(env!("CARGO_BIN_EXE_ashiato"))
        .current_dir(&folder)
        .args(args)
        .output()
        .unwrap()
}

fn flags(command: &clap::Command, found: &mut Vec<(String, Option<String>)>) {
    for arg in command.get_arguments() {
        let Some(flag) = arg.get_long() else { continue };
        if !["help", "version"].contains(&flag) {
            let variable = arg.get_env().map(|name| name.to_str().unwrap().to_owned());
            found.push((format!("{} --{flag}", command.get_name()), variable));
        }
    }
    for command in command.get_subcommands() {
        flags(command, found);
    }
}

#[test]
fn every_flag_has_an_environment_variable() {
    let mut found = Vec::new();
    flags(&cli::command(), &mut found);
    assert!(found.len() > 30, "{found:?}");
    for (flag, variable) in found {
        let variable = variable.unwrap_or_else(|| panic!("{flag} has no variable"));
        assert!(variable.starts_with("ASHIATO_"), "{flag}: {variable}");
    }
}

#[test]
fn every_subcommand_that_opens_the_database_takes_its_url_after_its_own_arguments() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", folder.path().join("a.db").display());
    let copy = folder.path().join("copy.db").display().to_string();
    for args in [
        vec!["migrate"],
        vec!["schema"],
        vec!["demo", "--users", "20"],
        vec!["admin", "role", "hanako", "ADMINISTRATOR"],
        vec!["admin", "tarento", "hanako", "--off"],
        vec!["admin", "disable-two-factor", "hanako"],
        vec!["admin", "remove-phone", "hanako"],
        vec!["import"],
        vec!["backup", &copy],
        vec!["restore", &copy],
    ] {
        let mut args = args;
        args.extend(["--database-url", &url]);
        let output = ashiato(&args);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(!said.contains("unexpected argument"), "{args:?}: {said}");
    }
}

#[test]
fn what_cannot_work_is_refused_with_a_sentence_and_no_backtrace() {
    for (args, advice) in [
        (vec!["serve", "--listen", "nonsense"], "--listen"),
        (
            vec!["serve", "--database-url", "mysql://a"],
            "must begin with",
        ),
        (
            vec![
                "serve",
                "--phone-code-tries",
                "67",
                "--phone-codes-per-hour",
                "5",
            ],
            "--phone-code-tries (67) times --phone-codes-per-hour (5)",
        ),
        (
            vec!["serve", "--invitations-per-member", "101"],
            "--invitation-codes-per-member (100) must be at least --invitations-per-member (101)",
        ),
        (
            vec!["serve", "--database-url", "sqlite:///no/such/folder/a.db"],
            "--database-url",
        ),
        (
            vec![
                "admin",
                "tarento",
                "nobody",
                "--database-url",
                "sqlite:///no/such/folder/a.db",
            ],
            "--database-url",
        ),
        (
            vec!["schema", "--output", "/no/such/folder/schema.graphql"],
            "schema.graphql",
        ),
    ] {
        let output = ashiato(&args);
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{args:?}: {said}");
        let sentence = said.lines().find_map(|line| line.strip_prefix("ashiato: "));
        assert!(
            sentence.is_some_and(|sentence| sentence.contains(advice)),
            "{args:?}: {said}"
        );
        assert!(
            !said.contains("panicked") && !said.contains("backtrace"),
            "{args:?}: {said}"
        );
    }
    // A flag that cannot be read is said by its name, before anything else is done.
    for (args, advice) in [
        (["demo", "--users", "-1"], "a whole number"),
        (["demo", "--users", "many"], "a whole number"),
        (["demo", "--seed", "-1"], "a whole number"),
        (["demo", "--seed", "18446744073709551616"], "a whole number"),
        (["demo", "--as-of", "tomorrow"], "for example 2006-05-01"),
        (["demo", "--as-of", "20041-01-01"], "for example 2006-05-01"),
        (["demo", "--profile", "1999"], "2006, 2011"),
        (["import", "--kind", "GAME"], "VIDEO_GAME"),
    ] {
        let output = ashiato(&args);
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{args:?}: {said}");
        assert!(
            said.contains(args[1]) && said.contains(advice),
            "{args:?}: {said}"
        );
    }
    // What is refused makes no database for nothing.
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.db");
    for (flag, value) in [("--users", "0"), ("--as-of", "9999-12-31")] {
        let url = format!("sqlite://{}", file.display());
        let output = ashiato(&["demo", flag, value, "--database-url", &url]);
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(
            said.starts_with("ashiato: ") && said.contains(flag),
            "{said}"
        );
        assert!(!file.exists());
    }
    let output = ashiato(&["serve", "--friend-limit", "0"]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        said.contains("--friend-limit") && said.contains("1.."),
        "{said}"
    );
}
