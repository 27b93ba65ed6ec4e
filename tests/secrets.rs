//! The service's own keys: where they come from, and that nobody is shown one.

use std::{fs, os::unix::fs::PermissionsExt, process::Command};

use crate::support::backend::{Fresh, is_postgres};

/// 32 bytes in base64, and a word that is found again wherever they are shown.
const KEY: &str = "c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2U=";
const OTHER: &str = "b3RoZXJvdGhlcm90aGVyb3RoZXJvdGhlcm90aGVyb3Q=";

/// What `ashiato serve` says on the database at `url`, up to where it would listen.
fn start(url: &str, flags: &[&str], variables: &[(&str, &str)]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_ashiato"))
        .args(["serve", "--listen", "nowhere", "--database-url", url])
        .args(flags)
        .envs(variables.iter().copied())
        .env_remove("ASHIATO_LOG")
        .output()
        .unwrap();
    let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    assert!(!output.status.success(), "{said}");
    said
}

#[tokio::test]
async fn on_sqlite_the_first_start_makes_a_key_for_its_user_alone_and_the_next_keep_it() {
    let database = Fresh::empty().await;
    let file = database.folder.path().join("test.db-keys");
    let said = start(&database.url, &[], &[]);
    assert!(said.contains("made a secret key"), "{said}");
    assert!(said.contains(file.to_str().unwrap()), "{said}");
    let made = fs::read_to_string(&file).unwrap();
    let mode = fs::metadata(&file).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let key = made.lines().last().unwrap();
    assert!(!said.contains(key));
    let held = fs::read(database.file()).unwrap();
    assert!(!held.windows(16).any(|part| part == &key.as_bytes()[..16]));

    let said = start(&database.url, &[], &[]);
    assert!(!said.contains("secret key"), "{said}");
    assert_eq!(fs::read_to_string(&file).unwrap(), made);
    fs::set_permissions(&file, PermissionsExt::from_mode(0o644)).unwrap();
    let said = start(&database.url, &[], &[]);
    assert!(said.contains("chmod 600"), "{said}");
    // What is no key is never taken for none.
    fs::write(&file, "").unwrap();
    let said = start(&database.url, &[], &[]);
    assert!(said.contains("no secret key in it"), "{said}");
}

#[tokio::test]
async fn on_sqlite_of_two_that_start_at_once_one_makes_the_key() {
    let database = Fresh::empty().await;
    let said: Vec<_> = std::thread::scope(|scope| {
        let starts = [0; 4].map(|_| scope.spawn(|| start(&database.url, &[], &[])));
        starts.map(|start| start.join().unwrap()).into()
    });
    let made = said
        .iter()
        .filter(|said| said.contains("made a secret key"));
    assert_eq!(made.count(), 1, "{said:?}");
    for said in &said {
        assert!(said.contains("cannot listen"), "{said}");
    }
    // Nor does anything half made stay.
    let names = fs::read_dir(database.folder.path()).unwrap();
    for name in names.map(|entry| entry.unwrap().file_name()) {
        assert!(name.to_str().unwrap().starts_with("test.db"), "{name:?}");
    }
}

#[tokio::test]
async fn where_keys_are_given_no_file_is_made() {
    let database = Fresh::new().await;
    let path = database.folder.path().join("given");
    fs::write(&path, format!("{KEY}\n{OTHER}\n")).unwrap();
    let path = path.to_str().unwrap();
    for (flags, variables) in [
        (&["--secret-keys", KEY][..], &[][..]),
        (&["--secret-keys-file", path], &[]),
        (&[], &[("ASHIATO_SECRET_KEYS", KEY)]),
        // A variable that is there and empty is none.
        (
            &["--secret-keys-file", path],
            &[("ASHIATO_SECRET_KEYS", "")],
        ),
    ] {
        let said = start(&database.url, flags, variables);
        assert!(said.contains("cannot listen"), "{said}");
        assert!(!said.contains("secret key"), "{said}");
        assert!(!said.contains(&KEY[..12]), "{said}");
    }
    assert!(!database.folder.path().join("test.db-keys").exists());
}

#[tokio::test]
async fn what_is_no_key_is_refused_before_the_database_is_made_and_never_repeated() {
    let database = Fresh::empty().await;
    let twice = format!("{KEY},{KEY}");
    let missing = database.folder.path().join("missing");
    let missing = missing.to_str().unwrap();
    for (flags, said) in [
        (vec!["--secret-keys", "hunter2"], "no base64"),
        (vec!["--secret-keys", "aHVudGVyMg=="], "7 bytes"),
        (vec!["--secret-keys-file", missing], missing),
        (
            vec!["--secret-keys", KEY, "--secret-keys-file", missing],
            "leave one out",
        ),
    ] {
        let refused = start(&database.url, &flags, &[]);
        assert!(refused.contains(said), "{refused}");
        assert!(refused.contains("--secret-keys"), "{refused}");
        assert!(!refused.contains("hunter2") && !refused.contains(&KEY[..12]));
        assert!(is_postgres() || !database.file().exists());
    }
    let refused = start(&database.url, &["--secret-keys", &twice], &[]);
    assert!(refused.contains("given twice"), "{refused}");
}

#[tokio::test]
async fn on_postgres_who_gives_no_key_is_told_at_the_start_what_to_set() {
    let database = Fresh::new().await;
    let said = start(&database.url, &[], &[]);
    assert!(said.contains("no secret keys are given"), "{said}");
    assert!(said.contains("--secret-keys-file"), "{said}");
}

#[test]
fn the_help_shows_no_key() {
    let output = Command::new(env!("CARGO_BIN_EXE_ashiato"))
        .args(["serve", "--help"])
        .env("ASHIATO_SECRET_KEYS", KEY)
        .output()
        .unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(said.contains("ASHIATO_SECRET_KEYS"), "{said}");
    assert!(!said.contains(KEY));
}
