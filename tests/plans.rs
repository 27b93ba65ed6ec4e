//! How the databases carry out each statement of the service: none reads a table that grows with
//! the community, and none reads or sorts somebody's whole history where an index has its order.
//!
//! The statements are those of `tests/snapshots`, which every test holds what it puts to.

mod allowed;
mod bounds;
mod community;
mod groups;
mod pages;
mod steps;

use std::collections::BTreeSet;

use allowed::Allowed;
use ashiato::{database::Database, events::Events};
use sea_orm::{ConnectionTrait, DbBackend, Statement};

use crate::support::{backend::Fresh, sql::known::listed};
use community::Community;

/// A statement that is not carried out as it should be, and why.
#[derive(Debug)]
struct Fault {
    text: String,
    why: Vec<String>,
}

/// Panics where there are `faults` beside those that are `allowed`, or one of these is there no
/// more.
fn hold(faults: &[Fault], allowed: &[Allowed]) {
    let mut used = BTreeSet::new();
    let mut all = String::new();
    for Fault { text, why } in faults {
        let fits = |one: &Allowed| {
            text.contains(one.text) && why.iter().all(|said| said.contains(one.plan))
        };
        match allowed.iter().position(fits) {
            Some(place) if used.insert(place) || allowed[place].many => {}
            Some(place) => {
                all += &format!("\n\na second one as {:?}: {text}", allowed[place].text);
            }
            None => all += &format!("\n\n{text}\n  {}", why.join("\n  ")),
        }
    }
    for (place, one) in allowed.iter().enumerate() {
        if !used.contains(&place) {
            let Allowed {
                text, plan, reason, ..
            } = one;
            all += &format!("\n\nno statement needs this any more: {text} ({plan}: {reason})");
        }
    }
    assert!(
        all.is_empty(),
        "an index in the order of the list, or a reason in tests/plans/allowed.rs, is missing:{all}"
    );
}

#[tokio::test]
async fn on_postgres_every_statement_reads_what_an_index_has_in_order() {
    let community = Community::connect().await;
    let known = listed(DbBackend::Postgres);
    assert!(known.len() > 100, "{}", known.len());
    hold(
        &community.faults(&known).await,
        &allowed::on(DbBackend::Postgres),
    );
}

#[tokio::test]
async fn on_postgres_an_index_that_is_missing_is_named() {
    let community = Community::connect().await;
    let known = listed(DbBackend::Postgres);
    for (index, part, why) in [
        (
            "idx_friendships_user_id_id",
            "FROM friendships WHERE user_id = p.k0",
            "Sort of a whole history",
        ),
        (
            "idx_session_tokens_expires_at",
            "expires_at <",
            "Seq Scan of session_tokens",
        ),
    ] {
        let faults = community.faults_without(index, &known).await;
        let found = faults.iter().any(|fault| {
            fault.text.contains(part) && fault.why.iter().any(|said| said.contains(why))
        });
        assert!(found, "{index}: {faults:#?}");
    }
}

#[tokio::test]
async fn on_postgres_a_statement_without_an_index_is_named() {
    let community = Community::connect().await;
    for (text, why) in [
        (
            "SELECT id FROM users WHERE nickname = 'a'",
            "Seq Scan of users",
        ),
        (
            "SELECT id FROM diaries WHERE author_id = $1 ORDER BY title LIMIT 20",
            "Sort of a whole history",
        ),
        (
            "SELECT count(*) FROM footprints WHERE owner_id = $1",
            "Aggregate of a whole history",
        ),
        (
            "SELECT id FROM diaries WHERE author_id = $1",
            "a whole history is read",
        ),
        (
            "DELETE FROM footprints WHERE owner_id = $1",
            "a whole history is changed",
        ),
        (
            "SELECT id FROM footprints WHERE owner_id = $1 AND origin = $2 \
             ORDER BY number DESC LIMIT 20",
            "a whole history can be passed over, for a page of those with",
        ),
        (
            "SELECT id FROM users AS u WHERE id = $1 AND EXISTS \
             (SELECT 1 FROM diaries WHERE author_id = u.id AND title = $2 OFFSET 0)",
            "a whole history can be passed over, for a page of those with",
        ),
    ] {
        let faults = community.faults(&[community::statement(text)]).await;
        let said = faults.iter().flat_map(|fault| &fault.why);
        assert!(
            said.clone().any(|said| said.contains(why)),
            "{text}: {faults:?}"
        );
    }
    for text in [
        "SELECT id FROM footprints WHERE owner_id = $1 ORDER BY number DESC LIMIT 20",
        "SELECT count(*) FROM (SELECT 1 FROM footprints WHERE owner_id = $1 LIMIT 9) AS f",
        "SELECT id FROM diary_comments WHERE diary_author_id = $1 AND diary_id = $2 \
         AND author_id <> ALL($3) ORDER BY id LIMIT 20",
        "SELECT nickname FROM users WHERE id = ANY($1) ORDER BY nickname",
    ] {
        let faults = community.faults(&[community::statement(text)]).await;
        assert!(faults.is_empty(), "{faults:?}");
    }
}

/// SQLite plans by the schema alone: the service gives it no statistics.
async fn faults_on_sqlite(texts: impl IntoIterator<Item = String>) -> Vec<Fault> {
    let fresh = Fresh::new().await;
    let place = fresh.place();
    let database = Database::open(&place, Events::default(), None).await;
    let database = database.unwrap();
    let unique = steps::unique(database.reader()).await;
    let mut faults = Vec::new();
    for text in texts {
        let explain = format!("EXPLAIN QUERY PLAN {text}");
        let explain = Statement::from_string(DbBackend::Sqlite, explain);
        let rows = database.reader().query_all_raw(explain).await;
        let rows = rows.unwrap_or_else(|error| panic!("{text}: {error}"));
        let why = steps::faults(&text, &rows, &unique);
        if !why.is_empty() {
            faults.push(Fault { text, why });
        }
    }
    faults
}

#[tokio::test]
async fn on_sqlite_every_statement_reads_what_an_index_has_in_order() {
    let known = listed(DbBackend::Sqlite);
    assert!(known.len() > 100, "{}", known.len());
    let faults = faults_on_sqlite(known.into_iter().map(|known| known.text)).await;
    hold(&faults, &allowed::on(DbBackend::Sqlite));
}

#[tokio::test]
async fn on_sqlite_a_statement_without_an_index_is_named() {
    for (text, why) in [
        (
            "SELECT id FROM users WHERE nickname = 'a'",
            Some("SCAN users"),
        ),
        (
            "SELECT id FROM diaries WHERE author_id = ? ORDER BY title LIMIT 20",
            Some("TEMP B-TREE"),
        ),
        (
            "SELECT id FROM diaries WHERE author_id = ? AND title = ? ORDER BY id LIMIT 20",
            Some("a whole history can be passed over"),
        ),
        (
            "SELECT id FROM diaries WHERE author_id = ? ORDER BY id DESC LIMIT 20",
            None,
        ),
        (
            "SELECT nickname FROM users WHERE id IN (SELECT value FROM json_each(?)) ORDER BY nickname",
            None,
        ),
    ] {
        let faults = faults_on_sqlite([text.to_owned()]).await;
        let said = faults.iter().flat_map(|fault| &fault.why);
        let said: Vec<_> = said.collect();
        match why {
            Some(why) => assert!(
                said.iter().any(|said| said.contains(why)),
                "{text}: {said:?}"
            ),
            None => assert!(said.is_empty(), "{text}: {said:?}"),
        }
    }
}
