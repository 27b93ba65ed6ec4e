//! The parts around the database.

use std::{fs, net::TcpListener, path::Path};

use ashiato::clock::{Clock, SystemClock};
use chrono::{Datelike, Days, NaiveDate};
use rcgen::{CertificateParams, KeyPair, date_time_ymd};
use rstest::rstest;

use super::{KEY, doctor, folder, run};
use crate::support::nats::Nats;

#[test]
fn settings_that_cannot_work_fail_with_what_to_change() {
    let folder = folder();
    let look = |args: &[&str]| doctor(folder.path(), args, &[]);
    let found = look(&["--phone-code-tries", "67", "--phone-codes-per-hour", "5"]);
    found.says("settings", "failed", "--phone-code-tries (67)");
    let found = look(&["--profile", "production"]);
    found.says("settings", "failed", "--secret-keys-file");
    found.says("origins", "warning", "--allowed-origins");
    look(&["--sms", "http"]).says("sms", "failed", "--sms-url");
    let found = look(&["--payments", "stripe"]);
    found.says("payments", "failed", "--stripe-secret-key-file");
    let found = look(&["--nats-url", "nats://127.0.0.1:1", "--nats-prefix", "a.b"]);
    found.says("nats", "failed", "--nats-prefix");
    let found = doctor(folder.path(), &[], &[("ASHIATO_LOG", "ashiato=loud")]);
    found.says("log", "failed", "ASHIATO_LOG");
}

#[test]
fn a_mistyped_variable_is_told_with_the_one_that_is_meant() {
    let folder = folder();
    let variables = [("ASHIATO_DATABSE_URL", "x"), ("ASHIATO_ZZZ", "x")];
    let found = doctor(folder.path(), &[], &variables);
    let said = found.of("environment");
    assert_eq!(said.len(), 2, "{}", found.said);
    assert!(said.iter().all(|(state, _)| *state == "warning"));
    let of = |name: &str| {
        let mut said = said.iter().map(|(_, said)| said.clone());
        said.find(|said| said.starts_with(name)).unwrap()
    };
    assert!(of("ASHIATO_DATABSE_URL").contains("ASHIATO_DATABASE_URL is"));
    assert!(of("ASHIATO_ZZZ").starts_with("ASHIATO_ZZZ is no setting: take"));
    assert_eq!(found.status, 0, "it serves all the same");
    let found = doctor(folder.path(), &[], &[("ASHIATO_FRIEND_LIMIT", "7")]);
    found.says("environment", "ok", "every");
}

#[test]
fn an_address_that_is_taken_is_told_and_one_that_cannot_be_fails() {
    let folder = folder();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let output = run(folder.path(), &["doctor", "--listen", &address], &[]);
    let said = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert!(said.contains("warning  listen"), "{said}");
    let output = run(folder.path(), &["doctor", "--listen", "nowhere"], &[]);
    let said = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("FAILED   listen"), "{said}");
}

#[rstest]
#[case::none("# nothing\n", "there is no secret key in it")]
#[case::nonsense("garbage!\n", "secret key 1 cannot be used")]
#[case::short("AAAA\n", "it has 3 bytes")]
fn keys_that_cannot_be_used_fail(#[case] text: &str, #[case] words: &str) {
    let folder = folder();
    fs::write(folder.path().join("keys"), text).unwrap();
    let found = doctor(folder.path(), &["--secret-keys-file", "keys"], &[]);
    found.says("keys", "failed", words);
    // The file beside the database, too.
    fs::write(folder.path().join("ashiato.db-keys"), text).unwrap();
    let found = doctor(folder.path(), &[], &[]);
    let (state, said) = found.of("keys").pop().unwrap();
    assert!(state == "failed" && said.contains(words), "{said}");
}

#[test]
fn a_key_twice_fails_and_others_are_counted() {
    let folder = folder();
    let other = format!("{}=", "A".repeat(43));
    let look = |keys: String| doctor(folder.path(), &[], &[("ASHIATO_SECRET_KEYS", &keys)]);
    look(format!("{KEY},{other}")).says("keys", "ok", "2 to open with");
    look(format!("{KEY},{KEY}")).says("keys", "failed", "given twice");
    // PostgreSQL has no file of keys beside it.
    let url = "postgres://127.0.0.1:1/ashiato";
    let found = doctor(folder.path(), &["--database-url", url], &[]);
    found.says("keys", "warning", "openssl rand -base64 32");
    let joining = ["--joining", "phone", "--sms", "log", "--database-url", url];
    doctor(folder.path(), &joining, &[]).says("keys", "failed", "--joining");
}

#[test]
fn photos_are_tried_where_they_are_kept() {
    let folder = folder();
    let look = || doctor(folder.path(), &["--photos", "photos"], &[]);
    look().says("photos", "ok", "written, read and removed");
    let photos = folder.path().join("photos");
    assert!(!photos.exists(), "who serves makes it");
    fs::create_dir(&photos).unwrap();
    let found = look();
    found.says("photos", "ok", "photos");
    assert_eq!(found.of("photo disk").len(), 1);
    assert_eq!(fs::read_dir(photos).unwrap().count(), 0);
    // A file is no folder.
    fs::write(folder.path().join("file"), "").unwrap();
    let found = doctor(folder.path(), &["--photos", "file"], &[]);
    found.says("photos", "failed", "file");
    let found = doctor(
        folder.path(),
        &[
            "--photos",
            "s3://photos?endpoint=http://127.0.0.1:1&region=tokyo",
        ],
        &[
            ("AWS_ACCESS_KEY_ID", "id"),
            ("AWS_SECRET_ACCESS_KEY", "s3cret"),
        ],
    );
    found.says("photos", "failed", "s3://photos");
    assert!(!found.said.contains("s3cret"), "{}", found.said);
}

#[test]
fn nats_carries_a_message_or_is_told_to_be_away() {
    let folder = folder();
    let mut nats = Nats::start();
    let url = nats.url();
    let look = || doctor(folder.path(), &["--nats-url", &url], &[]);
    // It may take a moment to listen.
    assert!((0..50).any(|_| look().of("nats")[0].0 == "ok"));
    nats.stop();
    look().says("nats", "failed", "look whether a NATS server runs there");
}

/// Writes a certificate that is valid from one day to another, and its key.
fn certify(folder: &Path, from: NaiveDate, until: NaiveDate) {
    let time = |day: NaiveDate| {
        let [month, day_of_month] = [day.month(), day.day()].map(|it| it.try_into().unwrap());
        date_time_ymd(day.year(), month, day_of_month)
    };
    let mut params = CertificateParams::new(["example.com".to_owned()]).unwrap();
    (params.not_before, params.not_after) = (time(from), time(until));
    let key = KeyPair::generate().unwrap();
    let certificate = params.self_signed(&key).unwrap();
    fs::write(folder.join("certificate"), certificate.pem()).unwrap();
    fs::write(folder.join("key"), key.serialize_pem()).unwrap();
}

#[test]
fn a_certificate_has_its_time_and_its_key() {
    let folder = folder();
    let day = |text: &str| text.parse::<NaiveDate>().unwrap();
    let today = SystemClock.now().date_naive();
    let look = |from, until| {
        certify(folder.path(), from, until);
        let args = ["--tls-certificate", "certificate", "--tls-key", "key"];
        doctor(folder.path(), &args, &[])
    };
    let found = look(day("2020-01-01"), day("2100-01-01"));
    found.says("certificate", "ok", "of example.com: for");
    let found = look(day("2019-01-01"), day("2020-01-01"));
    found.says("certificate", "failed", "it ended at 2020-01-01");
    let found = look(day("2099-01-01"), day("2100-01-01"));
    found.says("certificate", "failed", "not valid before 2099-01-01");
    let found = look(day("2020-01-01"), today + Days::new(5));
    found.says("certificate", "warning", "it ends in 4 days");
    // Another's key, and what is none.
    let key = KeyPair::generate().unwrap().serialize_pem();
    let args = ["--tls-certificate", "certificate", "--tls-key", "key"];
    fs::write(folder.path().join("key"), key).unwrap();
    let found = doctor(folder.path(), &args, &[]);
    found.says("certificate", "failed", "is not the key of");
    fs::write(folder.path().join("certificate"), "nothing").unwrap();
    let found = doctor(folder.path(), &args, &[]);
    found.says("certificate", "failed", "has no certificate");
}

#[test]
fn in_production_plain_http_to_everybody_is_told() {
    let folder = folder();
    let look = |address: &str| {
        let args = ["doctor", "--profile", "production", "--listen", address];
        let output = run(folder.path(), &args, &[("ASHIATO_SECRET_KEYS", KEY)]);
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    let said = look("0.0.0.0:0");
    assert!(said.contains("warning  certificate"), "{said}");
    let said = look("127.0.0.1:0");
    assert!(said.contains("ok       certificate"), "{said}");
}
