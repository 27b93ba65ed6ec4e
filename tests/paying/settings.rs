//! What is refused at the start.

use std::{path::Path, process::Command};

fn refused(args: &[&str]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_ashiato"))
        .current_dir(&folder)
        .args(["serve", "--listen", "127.0.0.1:0"])
        .args(args)
        .output()
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(!output.status.success(), "{args:?}: {said}");
    assert!(!said.contains("panicked"), "{said}");
    said
}

fn file(folder: &Path, name: &str, text: &str) -> String {
    let path = folder.join(name);
    std::fs::write(&path, text).unwrap();
    path.display().to_string()
}

#[test]
fn plans_for_nothing_are_not_for_production_unless_it_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let keys = file(
        folder.path(),
        "keys",
        "QkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkI=",
    );
    let production = ["--profile", "production", "--secret-keys-file", &keys];
    let with = |more: &[&str]| {
        let args: Vec<_> = production.iter().chain(more).copied().collect();
        refused(&args)
    };
    let said = with(&["--payments", "development"]);
    assert!(
        said.contains("--payments development is for development"),
        "{said}"
    );
    assert!(said.contains("--free-plans"), "{said}");
    // Where it is said, something else stands against it.
    let elsewhere = "sqlite:///no/such/folder/a.db";
    for more in [
        &["--payments", "development", "--free-plans"][..],
        &["--payments", "off"],
        &[],
    ] {
        let args = [more, &["--database-url", elsewhere]].concat();
        let said = with(&args);
        assert!(said.contains("--database-url"), "{said}");
    }
}

#[test]
fn what_stripe_takes_is_asked_for_and_no_secret_is_repeated() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| file(folder.path(), name, text);
    let key = file("key", "sk_test_hidden1\n");
    let keys = file("keys", "sk_test_hidden1\nsk_test_hidden2\n");
    let odd = file("odd", "pk_test_hidden3\n");
    let empty = file("empty", "\n");
    let webhook = file("webhook", "whsec_hidden4\n\n whsec_hidden5\n");
    let stripe = ["--payments", "stripe"];
    let page = ["--payments-return-url", "https://example.com/plans"];
    let with_key = |path: &str| ["--stripe-secret-key-file", path].map(str::to_owned);
    let with_webhook = |path: &str| ["--stripe-webhook-secret-file", path].map(str::to_owned);
    let page = page.map(str::to_owned);
    for (args, said) in [
        (vec![], "--payments stripe needs --stripe-secret-key-file"),
        (
            vec![with_key("/no/such/key")],
            "cannot read --stripe-secret-key-file",
        ),
        (
            vec![with_key(&keys)],
            "--stripe-secret-key-file holds one key",
        ),
        (vec![with_key(&odd)], "--stripe-secret-key-file"),
        (
            vec![with_key(&empty)],
            "it must hold what begins with sk_ or rk_",
        ),
        (
            vec![with_key(&key)],
            "--payments stripe needs --payments-return-url",
        ),
        (
            vec![
                with_key(&key),
                ["--payments-return-url", "javascript:alert(1)"].map(str::to_owned),
            ],
            "--payments-return-url must be an address",
        ),
        (
            vec![with_key(&key), page.clone()],
            "--payments stripe needs --stripe-webhook-secret-file",
        ),
        (
            vec![with_key(&key), page.clone(), with_webhook(&key)],
            "it must hold what begins with whsec_",
        ),
        (
            vec![
                with_key(&key),
                page.clone(),
                with_webhook(&webhook),
                ["--stripe-url", "stripe"].map(str::to_owned),
            ],
            "--stripe-url must be an address",
        ),
        (
            vec![
                with_key(&key),
                page.clone(),
                with_webhook(&webhook),
                ["--database-url", "sqlite:///no/such/folder/a.db"].map(str::to_owned),
            ],
            "--database-url",
        ),
    ] {
        let args: Vec<_> = args.iter().flatten().map(String::as_str).collect();
        let answer = refused(&[&stripe[..], &args].concat());
        assert!(answer.contains(said), "{args:?}: {answer}");
        assert!(!answer.contains("hidden"), "{answer}");
    }
}

/// Whoever knows Stripe's test cards would have a plan for nothing; and a key is told to nobody on the way.
#[test]
fn production_takes_keys_that_are_paid_by_and_tells_them_to_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| file(folder.path(), name, text);
    let own = file("own", "QkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkI=");
    let webhook = file("webhook", "whsec_hidden");
    let [of_tests, restricted, live] = [
        ("test", "sk_test_hidden"),
        ("rtest", "rk_test_hidden"),
        ("live", "rk_live_hidden"),
    ]
    .map(|(name, key)| file(name, key));
    let with = |key: &str, more: &[&str]| {
        let production = ["--profile", "production", "--secret-keys-file", &own];
        let stripe = ["--payments", "stripe", "--stripe-secret-key-file", key];
        let rest = [
            "--stripe-webhook-secret-file",
            &webhook,
            "--payments-return-url",
            "https://example.com/plans",
            // What stands against it where nothing else does.
            "--database-url",
            "sqlite:///no/such/folder/a.db",
        ];
        let said = refused(&[&production[..], &stripe, &rest, more].concat());
        assert!(!said.contains("hidden"), "{said}");
        said
    };
    for key in [&of_tests, &restricted] {
        let said = with(key, &[]);
        assert!(said.contains("holds a key for tests"), "{said}");
        assert!(said.contains("--free-plans"), "{said}");
        let said = with(key, &["--free-plans"]);
        assert!(said.contains("--database-url"), "{said}");
    }
    let said = with(&live, &[]);
    assert!(said.contains("--database-url"), "{said}");
    let said = with(&live, &["--stripe-url", "http://stripe.example.com"]);
    assert!(
        said.contains("--stripe-url must begin with https://"),
        "{said}"
    );
    let said = with(&live, &["--stripe-url", "http://127.0.0.1:1"]);
    assert!(said.contains("--database-url"), "{said}");
}

#[test]
fn plans_that_cannot_be_are_refused() {
    for (plans, said) in [
        ("plus", "write a plan as NAME:MEGABYTES:YEN:FOOTPRINTS"),
        ("plus:1000:300:30,Huge:1:1:1", "write a plan as"),
        (
            "plus:1000:300:30,plus:2000:600:30",
            "--plans names plus twice",
        ),
    ] {
        let answer = refused(&["--plans", plans]);
        // (Long lines are broken.)
        let words = answer.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(words.contains(said), "{plans}: {words}");
    }
}
