//! What a visit does, and looking at who visited (rules.md, Footprints 1-3, 7 and 8).

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use futures_util::{StreamExt, stream};
use tokio::time::timeout;
use uuid::Uuid;

use super::{
    leave::leave_all,
    node,
    store::{self, Held},
    visit::{Done, PassedBy, Visit, Visited, Visiting},
};
use crate::{
    app::App,
    error::Error,
    idempotency::{Slot, once},
    rejection::{Rejection, answer},
    user::store as users,
};

/// How long a batch may take before its lane is left to others: longer than any wait for a row.
const PATIENCE: Duration = Duration::from_secs(5);
/// How many visits of a batch that failed are carried out alone at the same time.
const AT_ONCE: usize = 4;

/// Visits as `me`, coming from `origin`.
///
/// # Errors
/// `NOT_FOUND` where what is visited is hidden or absent; `VISIT_LIMIT_REACHED`. Such a visit leaves
/// nothing.
pub async fn visit(
    app: &Arc<App>,
    me: Uuid,
    visited: Visited,
    origin: Option<node::VisitOrigin>,
    idempotency_key: Option<String>,
) -> Result<Visit, Rejection> {
    let visiting = Visiting {
        visitor: me,
        visited,
        origin: origin.map(Into::into),
    };
    // SQLite's one writer commits in groups by itself.
    if idempotency_key.is_none() && app.database.is_postgres() {
        return visit_together(app, visiting).await;
    }
    let input = (visiting.visited.clone(), origin);
    let operation = match visiting.visited {
        Visited::Profile(_) | Visited::Named { .. } => "visitProfile",
        Visited::Diary(_) => "visitDiary",
    };
    let shared = (app.clone(), [visiting]);
    let shared = Arc::new(shared);
    let slot = Slot::of(app, me, idempotency_key, operation, &input)?;
    once(app, slot, move |_, tx| {
        let shared = shared.clone();
        Box::pin(async move {
            let (app, visits) = &*shared;
            let mut answers = leave_all(app, tx, visits, Held::Await).await?;
            let answer = answers.pop().ok_or_else(|| Error::internal("no answer"))?;
            answer.map_err(not_held)?.map_err(Rejection::Refused)
        })
    })
    .await
}

/// Visits in one transaction with those who come at the same time (design.md, section 6).
async fn visit_together(app: &Arc<App>, visiting: Visiting) -> Result<Visit, Rejection> {
    let (owner, visitor) = (visiting.visited.owner(), visiting.visitor);
    let lines = &app.visits;
    let run = |held| {
        let shared = app.clone();
        move |visits| together(shared.clone(), visits, held)
    };
    // On Citus a transaction over several users is one over several nodes, and dearer than one a
    // user. Who may see a diary is decided one by one: not while everybody waits.
    let is_diary = matches!(visiting.visited, Visited::Diary(_));
    let mut passed_by = PassedBy::Owner(owner);
    if !app.database.is_citus() && !is_diary {
        let run = run(Held::PassBy);
        match lines.to_all.put((), visiting.clone(), run).await? {
            Ok(done) => return done,
            Err(held) => passed_by = held,
        }
    }
    // Another transaction holds the owner, or the visitor. Who comes meanwhile waits in one line, with
    // one connection; and nobody waits there for who is held but has no part in it.
    if passed_by == PassedBy::Owner(owner) {
        let run = run(Held::AwaitOwners);
        if let Ok(done) = lines.to_one.put(owner, visiting.clone(), run).await? {
            return done;
        }
    }
    let done = lines.by_one.put(visitor, visiting, run(Held::Await));
    done.await?.map_err(not_held)?
}

/// Everybody has counters from the beginning, and gets a row as a visitor.
fn not_held(who: PassedBy) -> Error {
    Error::internal(format!("there is no row to hold: {who:?}"))
}

/// Carries out `visits` in one transaction; where that fails, each in one of its own, so that nobody
/// fails for somebody else's sake. Without an answer are those of whom somebody is passed by.
///
/// # Errors
/// [`Error::Unavailable`] where any other visit of the line would fail just so.
async fn together(app: Arc<App>, visits: Vec<Visiting>, held: Held) -> Result<Vec<Done>, Error> {
    let visits: Arc<[_]> = visits.into();
    let has_begun = Arc::new(AtomicBool::new(false));
    let together = transaction(&app, visits.clone(), held, has_begun.clone());
    let error = match timeout(PATIENCE, together).await {
        Ok(Ok(answers)) => return Ok(answers),
        Ok(Err(error)) => error,
        // A connection that is silent: others wait for the lane, and it may have been done.
        Err(_) => Error::OutcomeUnknown("the database is silent".into()),
    };
    let is_unavailable = matches!(error, Error::Unavailable(_));
    // There is no connection; or the one whose line it is was waited for in vain.
    if is_unavailable && (held != Held::PassBy || !has_begun.load(Ordering::Relaxed)) {
        return Err(error);
    }
    // What may have been done already is not done again.
    if visits.len() == 1 || matches!(error, Error::OutcomeUnknown(_)) {
        let failed = || Ok(Err(error.clone().into()));
        return Ok(visits.iter().map(|_| failed()).collect());
    }
    tracing::warn!(%error, detail = error.detail(), "visits are carried out one by one");
    // A few at a time: others want connections, too.
    let alone = stream::iter(visits.to_vec()).map(|visit| {
        let app = app.clone();
        async move {
            match transaction(&app, Arc::new([visit]), held, Arc::default()).await {
                Ok(mut answers) => match answers.pop() {
                    Some(answer) => answer,
                    None => Ok(Err(Error::internal("no answer").into())),
                },
                Err(error) => Ok(Err(error.into())),
            }
        }
    });
    Ok(alone.buffered(AT_ONCE).collect().await)
}

/// Carries out `visits` in one transaction. Notes in `has_begun` that there was a connection for it.
async fn transaction(
    app: &Arc<App>,
    visits: Arc<[Visiting]>,
    held: Held,
    has_begun: Arc<AtomicBool>,
) -> Result<Vec<Done>, Error> {
    let shared = app.clone();
    let done = app.database.write(move |tx| {
        has_begun.store(true, Ordering::Relaxed);
        let (app, visits) = (shared.clone(), visits.clone());
        Box::pin(async move { Ok(leave_all(&app, tx, &visits, held).await?) })
    });
    let answers = answer(done.await)?
        .map_err(|reasons| Error::internal(format!("refused as a whole: {reasons:?}")))?
        .into_iter();
    Ok(answers
        .map(|answer| answer.map(|answer| answer.map_err(Rejection::Refused)))
        .collect())
}

/// Marks the footprints of `me` as seen: those up to `number`, or all.
///
/// # Errors
/// The database's.
pub async fn mark_seen(
    app: &Arc<App>,
    me: Uuid,
    number: Option<i64>,
    idempotency_key: Option<String>,
) -> Result<(), Rejection> {
    let slot = Slot::of(app, me, idempotency_key, "markFootprintsSeen", &number)?;
    once(app, slot, move |_, tx| {
        Box::pin(async move {
            users::hold_counters(&tx.sql, me).await?;
            let last = users::counters(&tx.sql, me)
                .await?
                .map_or(0, |row| row.visit_count);
            let number = number.map_or(last, |number| number.min(last));
            Ok(store::mark_seen(&tx.sql, me, number).await?)
        })
    })
    .await
}
