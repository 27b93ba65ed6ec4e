//! Who steals the database, or a backup of it, has no way in by what stands there.

use std::collections::{BTreeSet, HashMap};

use ashiato::account::leaving::work::see_to_exports;
use base64::{
    Engine,
    engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD},
};
use sea_orm::{ConnectionTrait, QueryResult};
use serde_json::{Value, json};
use totp_rs::Secret;

use crate::support::{
    backend::is_postgres,
    sql,
    world::{
        Person, World,
        account::{PASSWORD, texts},
    },
};

const NEW: &str = "four tall mice";
const NEWER: &str = "five thin mice";
/// The bytes by which a secret is looked for.
const BEGINNING: usize = 6;

/// Every value of every column of every table, as bytes: texts, numbers and times as they are
/// written, and blobs as they are.
async fn dump(world: &World) -> Vec<(String, Vec<u8>)> {
    let db = world.app.database.reader();
    let rows = async |text: &str| db.query_all_raw(sql::own(db, text)).await.unwrap();
    let one = |row: &QueryResult| row.try_get_by_index::<String>(0).unwrap();
    let tables = if is_postgres() {
        "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'"
    } else {
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
    };
    let mut values = Vec::new();
    for table in rows(tables).await.iter().map(one) {
        let columns = if is_postgres() {
            format!(
                "SELECT column_name::text FROM information_schema.columns \
                 WHERE table_schema = 'public' AND table_name = '{table}'"
            )
        } else {
            format!("SELECT name FROM pragma_table_info('{table}')")
        };
        for column in rows(&columns).await.iter().map(one) {
            // In hexadecimal, whatever it is.
            let read = if is_postgres() {
                format!(
                    "SELECT CASE WHEN pg_typeof(\"{column}\") = 'bytea'::regtype \
                     THEN substr(\"{column}\"::text, 3) \
                     ELSE encode(convert_to(\"{column}\"::text, 'UTF8'), 'hex') END \
                     FROM {table} WHERE \"{column}\" IS NOT NULL"
                )
            } else {
                format!("SELECT hex(\"{column}\") FROM {table} WHERE \"{column}\" IS NOT NULL")
            };
            for value in rows(&read).await.iter().map(one) {
                values.push((format!("{table}.{column}"), unhex(&value)));
            }
        }
    }
    values
}

fn unhex(text: &str) -> Vec<u8> {
    let byte = |at| u8::from_str_radix(&text[at..at + 2], 16).unwrap();
    (0..text.len()).step_by(2).map(byte).collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The ways in which `bytes` could be written.
fn written(bytes: &[u8]) -> [Vec<u8>; 5] {
    let hex = hex(bytes);
    [
        bytes.to_vec(),
        STANDARD_NO_PAD.encode(bytes).into_bytes(),
        URL_SAFE_NO_PAD.encode(bytes).into_bytes(),
        hex.to_uppercase().into_bytes(),
        hex.into_bytes(),
    ]
}

/// Where in `dump` one of `secrets` stands, however it is written.
fn found(dump: &[(String, Vec<u8>)], secrets: &[(&str, Vec<u8>)]) -> BTreeSet<String> {
    // By how each begins, so that megabytes are looked through once.
    let mut by_beginning: HashMap<Vec<u8>, Vec<(&str, Vec<u8>)>> = HashMap::new();
    for (name, secret) in secrets {
        for part in written(secret) {
            let parts = by_beginning.entry(part[..BEGINNING].to_vec()).or_default();
            parts.push((name, part));
        }
    }
    let mut found = BTreeSet::new();
    for (place, value) in dump {
        for (at, beginning) in value.windows(BEGINNING).enumerate() {
            for (name, part) in by_beginning.get(beginning).into_iter().flatten() {
                if value[at..].starts_with(part) {
                    found.insert(format!("{name} in {place}"));
                }
            }
        }
    }
    found
}

/// Everything that an account has, used and repeated: what was given out.
async fn secrets_of(world: &World) -> Vec<(&'static str, Vec<u8>)> {
    let nobody = world.anonymous();
    let mut secrets: Vec<(&str, Vec<u8>)> = [PASSWORD, NEW, NEWER]
        .map(|password| ("a password", password.as_bytes().to_vec()))
        .into();
    let mut token = |payload: &Value| {
        let token = payload["token"].as_str().unwrap();
        secrets.push(("a token", token.as_bytes().to_vec()));
        secrets.push(("a token's bits", URL_SAFE_NO_PAD.decode(token).unwrap()));
        payload["token"].clone()
    };
    let join = json!({ "username": "hanako", "nickname": "…", "password": PASSWORD,
        "birthDate": "1986-04-01", "idempotencyKey": "join", "device": "phone" });
    let mut codes = Vec::new();
    let mut here = Value::Null;
    for _ in 0..2 {
        let joined = nobody
            .mutate("signUp", join.clone(), "token recoveryCodes")
            .await;
        codes.extend(texts(&joined["recoveryCodes"]));
        here = token(&joined);
    }
    let hanako = world.comes_with(&here).await.unwrap();
    let keyed = |mut input: Value, key: &str| {
        input["idempotencyKey"] = json!(key);
        input
    };
    let twice = async |who: &Person<'_>, name: &str, input: Value, fields: &str| {
        who.mutate(name, input.clone(), fields).await;
        who.mutate(name, input, fields).await
    };
    let input = keyed(json!({ "password": PASSWORD }), "new");
    for _ in 0..2 {
        let fields = "recoveryCodes";
        let made = hanako
            .mutate("createRecoveryCodes", input.clone(), fields)
            .await;
        codes.extend(texts(&made["recoveryCodes"]));
    }
    let begin = keyed(json!({ "password": PASSWORD }), "begin");
    let begun = twice(&hanako, "beginTwoFactor", begin, "secret uri").await;
    let secret = begun["secret"].as_str().unwrap();
    let code = world.code(secret);
    twice(
        &hanako,
        "confirmTwoFactor",
        keyed(json!({ "code": code }), "on"),
        "",
    )
    .await;
    let factor = world.next_code(secret);
    let input = keyed(
        json!({ "username": "hanako", "password": PASSWORD, "secondFactor": factor }),
        "in",
    );
    for _ in 0..2 {
        token(&nobody.mutate("signIn", input.clone(), "token").await);
    }
    let input =
        json!({ "currentPassword": PASSWORD, "newPassword": NEW, "secondFactor": codes[20] });
    twice(&hanako, "changePassword", keyed(input, "change"), "").await;
    let input = json!({ "username": "hanako", "recoveryCode": codes[21], "newPassword": NEWER,
        "secondFactor": codes[22] });
    for _ in 0..2 {
        here = token(
            &nobody
                .mutate("recoverAccount", keyed(input.clone(), "back"), "token")
                .await,
        );
    }
    // One that waits for its first code, beside one that is on.
    let hanako = world.comes_with(&here).await.unwrap();
    let on = hanako
        .run("{ viewer { twoFactorEnabled } }", json!({}))
        .await;
    assert_eq!(on["viewer"]["twoFactorEnabled"], true);
    let (taro, of_taro) = world.joined("taro").await;
    let waiting = json!({ "password": PASSWORD });
    let waiting = taro.mutate("beginTwoFactor", waiting, "secret").await;
    secrets.push(("a token", taro.token.clone().into_bytes()));
    for secret in [secret, waiting["secret"].as_str().unwrap()] {
        secrets.push(("a secret in base32", secret.as_bytes().to_vec()));
        let bits = Secret::try_from_base32(secret).unwrap();
        secrets.push(("a secret", bits.as_bytes().to_vec()));
    }
    for code in codes.iter().chain(&of_taro) {
        secrets.push(("a recovery code", code.as_bytes().to_vec()));
        secrets.push(("a recovery code", code.replace('-', "").into_bytes()));
        secrets.push((
            "a recovery code",
            code.replace('-', "").to_lowercase().into_bytes(),
        ));
    }
    // Of a number that nobody has, too, so much is kept.
    let input = json!({ "number": "090-1234-5678" });
    let asked = nobody
        .mutate("requestPhoneRecovery", input, "recovery")
        .await;
    let recovery = asked["recovery"].as_str().unwrap();
    secrets.push(("a recovery", recovery.as_bytes().to_vec()));
    secrets.push(("a recovery", URL_SAFE_NO_PAD.decode(recovery).unwrap()));
    secrets.push(("a number", b"9012345678".to_vec()));
    secrets.push(("the service's key", vec![7; 32]));
    secrets.extend(link(&taro).await);
    secrets
}

/// The link to a copy of the data of `who`, and its signature.
async fn link(who: &Person<'_>) -> [(&'static str, Vec<u8>); 2] {
    let input = json!({ "password": PASSWORD });
    who.mutate("requestDataExport", input, "").await;
    see_to_exports(&who.world.app).await.unwrap();
    let url = "{ viewer { dataExports { nodes { url } } } }";
    let url = who.run(url, json!({})).await;
    let url = url["viewer"]["dataExports"]["nodes"][0]["url"].clone();
    let token = url.as_str().unwrap().strip_prefix("/exports/").unwrap();
    let bits = URL_SAFE_NO_PAD.decode(token).unwrap();
    let signature = bits[bits.len() - 32..].to_vec();
    [
        ("a link", token.as_bytes().to_vec()),
        ("a signature", signature),
    ]
}

#[tokio::test]
async fn the_whole_database_holds_no_token_code_secret_or_password() {
    let world = World::new().await;
    let secrets = secrets_of(&world).await;
    assert!(secrets.len() > 150, "{}", secrets.len());
    let dumped = dump(&world).await;
    let places: BTreeSet<_> = dumped.iter().map(|(place, _)| place.as_str()).collect();
    for place in [
        "recovery_codes.code_hash",
        "recovery_codes.used_by",
        "two_factors.secret",
        "session_tokens.token_hash",
        "credentials.password_hash",
        "idempotency_keys.answer",
        "sessions.device",
        "data_export_parts.bytes",
        "phone_recoveries.recovery_hash",
    ] {
        assert!(places.contains(place), "{place} holds nothing here");
    }
    assert_eq!(found(&dumped, &secrets), BTreeSet::new());
    // It would be found, had it been written down.
    let password = [("a password", PASSWORD.as_bytes().to_vec())];
    let token = [("a token's bits", vec![1; 32])];
    for (column, value, secret) in [
        (
            "bio",
            json!(format!("my password is {PASSWORD}")),
            &password,
        ),
        ("bio", json!(hex(&[1; 32])), &token),
        ("bio", json!(URL_SAFE_NO_PAD.encode([1; 32])), &token),
    ] {
        let me = world
            .person(&format!("spoilt{}", value.to_string().len()))
            .await;
        me.mutate("editProfile", json!({ column: value }), "").await;
        let places = found(&dump(&world).await, secret);
        assert_eq!(places.len(), 1, "{places:?}");
    }
}

/// Nor does what the service writes into SQLite's log beside the database.
#[tokio::test]
async fn on_sqlite_the_files_hold_none_either() {
    let world = World::new().await;
    let secrets = secrets_of(&world).await;
    let folder = std::fs::read_dir(world.database.folder.path()).unwrap();
    let mut files = Vec::new();
    for entry in folder {
        let path = entry.unwrap().path();
        files.push((path.display().to_string(), std::fs::read(path).unwrap()));
    }
    assert!(
        files
            .iter()
            .any(|(name, bytes)| name.ends_with("-wal") && !bytes.is_empty())
    );
    assert_eq!(found(&files, &secrets), BTreeSet::new());
}
